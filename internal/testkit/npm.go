package testkit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const npmTime = 8 * time.Minute

// NPM gives the folder in which the packages of the present folder's
// package-lock.json are installed, once for each lock file, outside the tree:
// Go would look for packages in it. Without node the test ends as Missing.
func NPM(t *testing.T, name string) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			Missing(t, "node", program+" is not installed")
		}
	}
	sum := sha256.New()
	for _, file := range []string{"package.json", "package-lock.json"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(raw)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	cache = filepath.Join(cache, "crossbook")
	folder := filepath.Join(cache, name+"-"+hex.EncodeToString(sum.Sum(nil))[:16])
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err == nil {
		return folder
	}
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := install(t.Context(), cache, folder); err != nil {
		Missing(t, "node", "the packages of "+name+" cannot be installed: "+err.Error())
	}
	return folder
}

// install lets npm work in a folder beside, so that a half installation is
// never taken for a whole one, nor two at once for each other's.
func install(ctx context.Context, cache, folder string) error {
	work, err := os.MkdirTemp(cache, "installing-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(work, name), raw, 0o600); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, npmTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(work, folder); err != nil {
		if _, there := os.Stat(folder); there == nil {
			return nil // somebody else was quicker
		}
		return err
	}
	return nil
}
