package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRequired(t *testing.T) {
	t.Setenv(RequireVar, "postgres, reference")
	for thing, want := range map[string]bool{"postgres": true, "reference": true, "post": false, "": false} {
		if Required(thing) != want {
			t.Errorf("%q required: %v", thing, !want)
		}
	}
	t.Setenv(RequireVar, "")
	if Required("postgres") {
		t.Error("nothing is required, and postgres is")
	}
}

func TestFirstDifference(t *testing.T) {
	line, got, want := firstDifference([]byte("a\nb"), []byte("a\nb\nc"))
	if line != 3 || string(got) != "(end of file)" || string(want) != "c" {
		t.Errorf("%d %q %q", line, got, want)
	}
}

func TestGoldenWritesAndCompares(t *testing.T) {
	t.Chdir(t.TempDir())
	*update = true
	defer func() { *update = false }()
	Golden(t, "plans/first.txt", []byte("hello\n"))
	*update = false
	Golden(t, "plans/first.txt", []byte("hello\n"))
	if b, err := os.ReadFile(filepath.Join("testdata", "plans", "first.txt")); err != nil || string(b) != "hello\n" {
		t.Errorf("%q %v", b, err)
	}
}
