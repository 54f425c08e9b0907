package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crossbook/internal/testkit"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

const walkTime = 8 * time.Minute

// chromium finds the browser that Debian and others install.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	testkit.Missing(t, "browser", "chromium is not installed")
	return ""
}

func TestZohoPagesByKeyboard(t *testing.T) {
	t.Parallel()
	box, err := zohobox.New(zohobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	t.Cleanup(func() { server.Close(); box.Close() })
	walk(t, "zoho", server.URL)
}

func TestQuickBooksPagesByKeyboard(t *testing.T) {
	t.Parallel()
	box, err := qbobox.New(qbobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	t.Cleanup(func() { server.Close(); box.Close() })
	walk(t, "quickbooks", server.URL)
}

// walk gives a file of steps to node; each step becomes a test of its own.
func walk(t *testing.T, name, url string, env ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a while; not in short mode")
	}
	exe := chromium(t)
	work := t.TempDir()
	if err := os.Symlink(filepath.Join(testkit.NPM(t, "sandbox-browser"), "node_modules"), filepath.Join(work, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(work, "walks"), os.DirFS("walks")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), walkTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", filepath.Join("walks", name+".mjs"))
	cmd.Dir = work
	cmd.Env = append(os.Environ(), "BOX="+url, "CHROMIUM="+exe, "TMPDIR="+work, "NODE_OPTIONS=", "NO_PROXY=127.0.0.1,localhost")
	cmd.Env = append(cmd.Env, env...)
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	steps := 0
	for line := range strings.Lines(out.String()) {
		var step struct {
			Name  string `json:"name"`
			Error string `json:"error"`
		}
		if json.Unmarshal([]byte(line), &step) != nil || step.Name == "" {
			diagnostics.WriteString(line)
			continue
		}
		steps++
		t.Run(step.Name, func(t *testing.T) {
			if step.Error != "" {
				t.Error(step.Error)
			}
		})
	}
	var exit *exec.ExitError
	if steps == 0 || (err != nil && !errors.As(err, &exit)) || (err != nil && !t.Failed()) {
		t.Errorf("%d steps: %v\n%s", steps, err, diagnostics.String())
	}
}
