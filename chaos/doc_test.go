// Package chaos kills the real program, as power cuts and kill -9 do, while it
// works against the two sandboxes over sockets, and lets the judge (tools/judge),
// which knows nothing of the program, say whether anything was lost or doubled.
//
// Between the program and the sandboxes stand two gates (gate_test.go): they
// pass every call on and spring traps, so that a process dies at a chosen call:
// before it reaches the vendor, after it took effect and before the answer
// arrives, while it still may take effect later, or some time after. Beside that
// the program ends itself at each of its named points (CROSSBOOK_CRASH_AT).
//
// `go test ./chaos` runs a seeded selection in under a minute and a half;
// CROSSBOOK_CHAOS=full runs everything, in under ten minutes. CROSSBOOK_CHAOS_SEED
// plays another seed. Nothing here imports the engine; the program is a process.
package chaos

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"crossbook/internal/testkit"
)

// binaries is the folder with the program and the judge, built once.
var binaries string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "crossbook-chaos")
	if err != nil {
		panic(err)
	}
	code := 1
	if err := build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		binaries = dir
		// Most of these tests wait, for people, leases and deadlines.
		flag.Parse()
		if err := flag.Set("test.parallel", "4"); err != nil {
			panic(err)
		}
		code = m.Run()
	}
	testkit.StopPostgres()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func build(dir string) error {
	for name, path := range map[string]string{"crossbook": "../cmd/crossbook", "judge": judgeDir} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, name), ".")
		cmd.Dir = path
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", path, err, out)
		}
	}
	return nil
}

// judgeDir is where the judge lives: in a module of its own, which cannot see
// this one's packages.
const judgeDir = "../tools/judge"

// The judge has tests of its own, that each of its rules can be broken.
func TestJudge_IsSound(t *testing.T) {
	cmd := exec.Command("go", "test", ".")
	cmd.Dir = judgeDir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// full tells whether everything is to be tried, or a selection.
func full() bool { return os.Getenv("CROSSBOOK_CHAOS") == "full" }

// seed is what all chance follows from.
func seed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("CROSSBOOK_CHAOS_SEED")
	if text == "" {
		return 1
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("CROSSBOOK_CHAOS_SEED: %v", err)
	}
	return n
}
