package chaos

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// A point that the program names and nobody kills it at proves nothing.
func TestEveryNamedPoint_IsAMomentToDie(t *testing.T) {
	names := regexp.MustCompile(`(?:\.Step\(|Step[A-Z]\w* += )"([^"]+)"`)
	found := 0
	for _, folder := range []string{"engine", "oauth"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if ok, _ := filepath.Match("*_test.go", filepath.Base(path)); ok {
				continue
			}
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range names.FindAllStringSubmatch(string(source), -1) {
				found++
				if !slices.Contains(intentPoints, m[1]) && !slices.Contains(tokenPoints, m[1]) {
					t.Errorf("%s names the point %q, at which nothing is killed", path, m[1])
				}
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d named points found in the source", found)
	}
}
