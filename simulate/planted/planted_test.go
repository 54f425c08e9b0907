package planted

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// within is how many seeds a mistake may survive.
const within = 300

var only = flag.String("bug", "", "plant only this mistake")

// named are the mistakes that the seeds must be able to find.
var named = []string{
	"skip the intent", "cursor early", "no overlap", "base forgotten", "base = sent instead of returned", "SyncToken as filter",
	"upsert instead of insert", "tombstone ignored", "empty clears at first contact", "look-up cleared by a delete", "fence unchecked",
	"removed line kept", "sub-customer at the top", "move not asked", "move in QuickBooks not followed",
}

// Where a mistake is planted the source must still stand as it did: this shows
// at once who moved it, without building anything.
func TestPlantedBugs_HaveTheirPlaces(t *testing.T) {
	root := filepath.Join("..", "..")
	missing := slices.Clone(named)
	for _, b := range bugs {
		plant(t, root, b)
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == b.name })
	}
	if len(missing) > 0 {
		t.Errorf("not planted: %q", missing)
	}
}

func TestPlantedBugs_AreFoundByTheSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("builds Crossbook once a mistake")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bugs {
		if *only != "" && *only != b.name {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			player := build(t, root, b)
			begun := time.Now()
			found := play(t, root, player, b)
			t.Logf("found by %s in %s", found, time.Since(begun).Round(time.Second))
		})
	}
}

// plant returns a source file with the mistake in it.
func plant(t *testing.T, root string, b bug) (path, mutated string) {
	t.Helper()
	path = filepath.Join(root, filepath.FromSlash(b.file))
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), b.old); n != 1 {
		t.Fatalf("%s: the place of this mistake stands %d times in %s; it must be planted anew", b.name, n, b.file)
	}
	mutated = strings.Replace(string(source), b.old, b.new, 1)
	if _, err := parser.ParseFile(token.NewFileSet(), path, mutated, parser.SkipObjectResolution); err != nil {
		t.Fatalf("%s: the mistake is no Go: %v", b.name, err)
	}
	return path, mutated
}

// build makes the test program of package simulate with the mistake in it.
func build(t *testing.T, root string, b bug) string {
	t.Helper()
	path, source := plant(t, root, b)
	dir := t.TempDir()
	mutated := filepath.Join(dir, "mutated.go")
	if err := os.WriteFile(mutated, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	player := filepath.Join(dir, "simulate.test")
	cmd := exec.Command("go", "test", "-c", "-overlay", overlayFile, "-o", player, "./simulate")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build with the mistake: %v\n%s", err, out)
	}
	return player
}

var verdict = regexp.MustCompile(`seed (\d+) broke a promise: .*\n\s+(\S.*)`)

// play lets the seeds look for the mistake, those that found it before first.
func play(t *testing.T, root, player string, b bug) string {
	t.Helper()
	tries := make([][]string, 0, len(b.first)+1)
	for _, seed := range b.first {
		tries = append(tries, []string{fmt.Sprintf("-from=%d", seed), "-seeds=1"})
	}
	tries = append(tries, []string{"-from=1", fmt.Sprintf("-seeds=%d", within), "-stop"})
	for _, args := range tries {
		cmd := exec.Command(player, append([]string{"-test.run=^TestSeeds_", "-test.v", "-test.timeout=30m"}, args...)...)
		cmd.Dir = filepath.Join(root, "simulate")
		out, err := cmd.CombinedOutput()
		if m := verdict.FindStringSubmatch(string(out)); m != nil {
			return "seed " + m[1] + ": " + m[2]
		}
		if err != nil || !strings.Contains(string(out), " seeds in ") {
			t.Fatalf("the seeds did not play: %v\n%s", err, out)
		}
	}
	t.Errorf("no seed of %d finds this mistake", within)
	return "nobody"
}
