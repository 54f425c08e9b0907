package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

// hinted checks the kind of an error and that its hint helps a person.
func hinted(t *testing.T, err, kind error, says string) {
	t.Helper()
	var e *store.Error
	if !errors.Is(err, kind) || !errors.As(err, &e) {
		t.Fatalf("got %v, want %v", err, kind)
	}
	if !strings.Contains(e.Hint(), says) {
		t.Errorf("hint %q does not say %q", e.Hint(), says)
	}
}

func TestOpenExplainsItself(t *testing.T) {
	dir := t.TempDir()
	open := func(url string) error {
		t.Helper()
		st, err := store.Open(ctx, url)
		if err == nil {
			t.Error("opened ", url, st.Close())
		}
		return err
	}
	hinted(t, open("mysql://root:secret@host/x"), store.ErrUnavailable, "sqlite:PATH")
	hinted(t, open("sqlite:"), store.ErrUnavailable, "")
	hinted(t, open("sqlite:x?synchronous=maybe"), store.ErrUnavailable, "")

	err := open("postgres://u:secret@127.0.0.1:1/x?connect_timeout=2")
	hinted(t, err, store.ErrUnavailable, "server runs")
	var e *store.Error
	if errors.As(err, &e) && strings.Contains(e.Hint()+err.Error(), "secret") {
		t.Errorf("a password in %v: %s", err, e.Hint())
	}

	damaged := filepath.Join(dir, "damaged.db")
	if err := os.WriteFile(damaged, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	hinted(t, open("sqlite:"+damaged), store.ErrDamaged, "backup")

	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	hinted(t, open("sqlite:"+filepath.Join(dir, "file", "x.db")), store.ErrReadOnly, "write")
	hinted(t, open("sqlite:"+dir), store.ErrReadOnly, "write")
}

func TestDamageInTheMiddleIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crossbook.db")
	st, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Check(ctx); err != nil {
		t.Errorf("a sound database: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8 << 10; i < 64<<10; i++ { // leave the schema, spoil the tables
		raw[i] = 0xaa
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err = store.Open(ctx, "sqlite:"+path)
	if err == nil {
		err = errors.Join(st.Check(ctx), st.Close())
	}
	hinted(t, err, store.ErrDamaged, "backup")
}

// A disk may spoil the text of a document and leave the pages in order.
func TestSpoiltDocumentsAreDamage(t *testing.T) {
	st := storetest.SQLite(t)
	update(t, st, func(tx *store.Tx) error {
		_, err := tx.SaveSettings(ctx, conn, crossbook.DefaultSettings(), "test")
		_, err2 := tx.SaveMapping(ctx, conn, []byte(`{}`), "test")
		return errors.Join(err, err2, tx.PutFact(ctx, conn, "k", []byte(`{}`), time.Now()))
	})
	for table, read := range map[string]func(*store.Tx) error{
		"setting":    func(tx *store.Tx) error { _, _, err := tx.Settings(ctx, conn); return err },
		"mapping":    func(tx *store.Tx) error { _, _, err := tx.Mapping(ctx, conn); return err },
		"fact":       func(tx *store.Tx) error { _, _, err := tx.Fact(ctx, conn, "k"); return err },
		"connection": func(tx *store.Tx) error { _, err := tx.Connection(ctx, conn); return err },
	} {
		if _, err := st.Writer().ExecContext(ctx, `UPDATE `+table+` SET document = '{"a'||char(14)||'":1}'`); err != nil {
			t.Fatal(table, err)
		}
		hinted(t, st.View(ctx, read), store.ErrDamaged, "backup")
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		if _, err := st.Writer().ExecContext(ctx, `INSERT INTO crossbook_schema (version_id, is_applied) VALUES (9999, `+trueOf(st)+`)`); err != nil {
			t.Fatal(err)
		}
		again, err := store.Open(ctx, st.URL())
		if err == nil {
			t.Fatal("opened", again.Close())
		}
		hinted(t, err, store.ErrNewer, "newer version")
	})
}

func trueOf(st *store.Store) string {
	if st.Dialect() == store.Postgres {
		return "true"
	}
	return "1"
}

// The migrations of both databases have the same numbers and names.
func TestMigrationsRunInParallel(t *testing.T) {
	names := func(dialect string) (out []string) {
		files, err := filepath.Glob(filepath.Join("migrations", dialect, "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no migrations of %s: %v", dialect, err)
		}
		for _, f := range files {
			out = append(out, filepath.Base(f))
		}
		return out
	}
	same(t, "names", names("postgres"), names("sqlite"))
}

func TestManyOpenANewDatabaseAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			st, err := store.Open(ctx, "sqlite:"+path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestFullDiskIsNamed(t *testing.T) {
	st := storetest.SQLite(t)
	if _, err := st.Writer().ExecContext(ctx, `PRAGMA max_page_count = 1`); err != nil { // SQLite's own way to run out of room
		t.Fatal(err)
	}
	err := st.Update(ctx, func(tx *store.Tx) error {
		for i := range 1000 {
			if err := tx.PutFact(ctx, conn, fmt.Sprint(i), bytes.Repeat([]byte("1"), 10_000), noon); err != nil {
				return err
			}
		}
		return nil
	})
	hinted(t, err, store.ErrFull, "Make room")
	if _, err := st.Writer().ExecContext(ctx, `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	update(t, st, func(tx *store.Tx) error { // nothing was half-written, and it goes on
		if _, _, err := tx.Fact(ctx, conn, "0"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("half of it is there: %v", err)
		}
		return tx.PutFact(ctx, conn, "0", []byte(`1`), noon)
	})
}

// What Update returned from is there after kill -9. The test runs itself as a
// second process, kills it without warning and opens what it left.
func TestCommitsSurviveKill(t *testing.T) {
	if path := os.Getenv("STORE_TEST_KILL"); path != "" {
		st, err := store.Open(ctx, "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			if err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutFact(ctx, conn, fmt.Sprint(i), []byte(`1`), noon) }); err != nil {
				t.Fatal(err)
			}
			fmt.Printf("kept %d\n", i)
		}
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	cmd := exec.Command(os.Args[0], "-test.run=^TestCommitsSurviveKill$")
	cmd.Env = append(os.Environ(), "STORE_TEST_KILL="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	for buf := make([]byte, 64); last < 50; {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		last += bytes.Count(buf[:n], []byte("kept"))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed: no success

	st, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range last + 1 {
		if err := st.View(ctx, func(tx *store.Tx) error { _, _, err := tx.Fact(ctx, conn, fmt.Sprint(i)); return err }); err != nil {
			t.Fatalf("commit %d of %d is lost: %v", i, last, err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestBackupIsACompleteCopy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		update(t, st, func(tx *store.Tx) error {
			for _, err := range []error{
				tx.PutMirror(ctx, conn, []store.MirrorRow{account(crm1, "Acme", "1250.10")}),
				tx.PutLink(ctx, conn, home("l1", crm1, book1, crossbook.Whole)),
				tx.PutRequest(ctx, conn, store.Request{ID: "q", Body: []byte{0, 0xff}, CreatedAt: noon}, []store.Intent{{Key: "k"}}),
				tx.AppendJournal(ctx, conn, entry(noon, crm1, true, "2")),
				tx.PutProblem(ctx, conn, problem("k", crm1, noon, "taken")),
			} {
				if err != nil {
					return err
				}
			}
			_, err := tx.SaveCredential(ctx, conn, "zoho", []byte{1, 0, 2}, 0)
			return err
		})
		path := filepath.Join(t.TempDir(), "backup", "copy.db")
		if err := st.Backup(ctx, path); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy can be read by others: %v %v", info, err)
		}
		if err := st.Backup(ctx, path); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a backup over a file: %v", err)
		}
		copied, err := store.Open(ctx, "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = copied.Close() }()
		for _, table := range tablesOf(t, copied) {
			var was, is int
			count := `SELECT count(*) FROM ` + table
			if err := errors.Join(st.Writer().QueryRowContext(ctx, count).Scan(&was), copied.Writer().QueryRowContext(ctx, count).Scan(&is)); err != nil {
				t.Fatal(err)
			}
			if was != is {
				t.Errorf("%s: %d rows of %d", table, is, was)
			}
		}
		same(t, "mirror", get(t, copied, func(tx *store.Tx) (store.MirrorRow, error) { return tx.Mirror(ctx, conn, crm1) }).Record.Data["Total"], any(number("1250.10")))
		same(t, "chain", chainOf(t, copied, "2026-05"), store.ChainReport{Segment: "2026-05", Rows: 1})
		same(t, "body", get(t, copied, func(tx *store.Tx) (store.Request, error) { return tx.Request(ctx, conn, "q") }).Body, []byte{0, 0xff})
	})
}

// tablesOf lists the tables of ours, from the database itself, so that a table
// forgotten in the list of Backup shows.
func tablesOf(t *testing.T, st *store.Store) (names []string) {
	t.Helper()
	rows, err := st.Writer().QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'crossbook_schema'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if !slices.Contains(names, "mirror") || rows.Err() != nil {
		t.Fatalf("tables: %v %v", names, rows.Err())
	}
	return names
}

func TestStoreIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "down", "crossbook #1%20?.db")
	st, err := store.Open(ctx, "sqlite:"+strings.TrimSuffix(path, "?.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(strings.TrimSuffix(path, "?.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestOpenFileIsAPlainDatabase(t *testing.T) {
	db, err := store.OpenFile(ctx, filepath.Join(t.TempDir(), "box.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d tables, %v", n, err)
	}
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal mode %s %v", mode, err)
	}
}

func TestUpdateGivesUpInTime(t *testing.T) {
	st := storetest.SQLite(t)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	hold := make(chan struct{})
	begun := make(chan struct{})
	done := make(chan error)
	go func() {
		done <- st.Update(ctx, func(*store.Tx) error { close(begun); <-hold; return nil })
	}()
	<-begun
	if err := st.Update(short, func(*store.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an update behind a stuck one: %v", err)
	}
	close(hold)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	st, err := store.Open(ctx, "sqlite:data/here.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("data/here.db"); err != nil {
		t.Error(err)
	}
}
