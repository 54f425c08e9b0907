package oauth

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestSealer_OpensOnlyInItsPlace(t *testing.T) {
	s, err := OpenSealer(t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	in := Credential{AccessToken: "a", RefreshToken: "hush", RealmID: "9"}
	sealed, err := s.SealCredential(in, "w", "c", "books")
	if err != nil || bytes.Contains(sealed, []byte("hush")) {
		t.Fatalf("%q, %v", sealed, err)
	}
	out, err := s.OpenCredential(sealed, "w", "c", "books")
	if err != nil || out != in {
		t.Errorf("%#v, %v", out, err)
	}
	for _, place := range [][3]string{{"w2", "c", "books"}, {"w", "c2", "books"}, {"w", "c", "crm"}, {"wc", "", "books"}, {"w", "cb", "ooks"}} {
		if _, err := s.OpenCredential(sealed, place[0], place[1], place[2]); !errors.Is(err, ErrSealed) {
			t.Errorf("opened at %v: %v", place, err)
		}
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := s.OpenCredential(sealed, "w", "c", "books"); !errors.Is(err, ErrSealed) {
		t.Errorf("a damaged value was opened: %v", err)
	}
}

func TestOpenSealer_KeepsItsKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	s, err := OpenSealer(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := s.Seal([]byte("x"), "w", "c", "f")
	info, err := os.Stat(filepath.Join(dir, KeysetFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	again, err := OpenSealer(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := again.Open(sealed, "w", "c", "f"); string(out) != "x" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestOpenSealer_ManyProcessesAtFirstUseAgreeOnTheKeys(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	sealers := make([]*Sealer, 8)
	for i := range sealers {
		wg.Go(func() {
			s, err := OpenSealer(dir, true)
			if err != nil {
				t.Error(err)
			}
			sealers[i] = s
		})
	}
	wg.Wait()
	sealed, _ := sealers[0].Seal([]byte("x"), "w", "c", "f")
	for i, s := range sealers {
		if _, err := s.Open(sealed, "w", "c", "f"); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
}

func TestOpenSealer_SaysWhatToDo(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(dir string) error
		want    string
	}{
		"missing": {func(string) error { return nil }, "restore it from a backup"},
		"damaged": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, KeysetFile), []byte(`{"primaryKeyId":`), 0o600)
		}, "damaged"},
		"empty":        {func(dir string) error { return os.WriteFile(filepath.Join(dir, KeysetFile), nil, 0o600) }, "damaged"},
		"open to all":  {func(dir string) error { return os.WriteFile(filepath.Join(dir, KeysetFile), []byte(`{}`), 0o644) }, "chmod 600"},
		"not readable": {func(dir string) error { return os.Mkdir(filepath.Join(dir, KeysetFile), 0o700) }, "keys file"},
	} {
		dir := t.TempDir()
		if err := tc.prepare(dir); err != nil {
			t.Fatal(err)
		}
		_, err := OpenSealer(dir, false)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
