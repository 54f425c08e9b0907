package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"crossbook/internal/testkit"
)

// refused wants a command to end with an exit code and to say certain things,
// among them what to do.
func (w *world) refused(code int, says []string, args ...string) {
	w.Helper()
	_, errs, got := w.run(args...)
	if got != code {
		w.Errorf("crossbook %s: exit code %d, not %d: %s", strings.Join(args, " "), got, code, errs)
	}
	for _, s := range says {
		if !strings.Contains(errs, s) {
			w.Errorf("crossbook %s does not say %q: %s", strings.Join(args, " "), s, errs)
		}
	}
	if strings.Contains(errs, "goroutine ") || strings.Contains(errs, "panic") {
		w.Errorf("crossbook %s breaks: %s", strings.Join(args, " "), errs)
	}
}

// writes counts what the program wrote in both sandboxes.
func (w *world) writes() (n int) {
	w.Helper()
	for _, url := range []string{w.zoho, w.books} {
		var state struct {
			Writes []struct{ Actor string } `json:"writes"`
		}
		w.get(url+"/_sandbox/state", &state)
		for _, wr := range state.Writes {
			if wr.Actor == "api" {
				n++
			}
		}
	}
	return n
}

// set changes a variable of the program's environment.
func (w *world) set(name, value string) {
	w.env = append(w.env[:len(w.env):len(w.env)], name+"="+value) // the last one counts
}

func (w *world) variable(name string) string {
	for i := len(w.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(w.env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// TestRefusal_AFullDiskInTheMidst runs out of room at several moments of a
// first sync, each time a little later. Each run says so; with room again the
// sync goes on, and nothing was lost or doubled by what could not be kept.
func TestRefusal_AFullDiskInTheMidst(t *testing.T) {
	t.Parallel()
	w := open(t, "sample", "", "CROSSBOOK_PACE=off")
	w.must("connect", "larkfield", "--from-env")
	const room = 1_500_000 // more than there is
	times, before := 0, 0
	for range 8 {
		var largest int64
		for _, name := range []string{"crossbook.db", "crossbook.db-wal"} {
			if info, err := os.Stat(filepath.Join(w.dir, "data", name)); err == nil {
				largest = max(largest, info.Size())
			}
		}
		cmd := exec.Command("sh", "-c", fmt.Sprintf("ulimit -f %d; exec %s sync --wait", (largest+room)/512, filepath.Join(binaries, "crossbook")))
		cmd.Env, cmd.Dir = w.env, w.dir
		out, err := cmd.CombinedOutput()
		if err == nil {
			break // there was room for all
		}
		times++
		if code := cmd.ProcessState.ExitCode(); code != 3 {
			t.Errorf("run %d: exit code %d: %s", times, code, out)
		}
		for _, want := range []string{"no room to write", "Make room"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("run %d does not say %q: %s", times, want, out)
			}
		}
		if strings.Contains(string(out), "goroutine ") {
			t.Errorf("run %d breaks: %s", times, out)
		}
		w.judge(false)
		before = w.writes()
	}
	if times < 3 || before < 100 {
		t.Errorf("the disk was full %d times, after %d writes: too early to prove anything", times, before)
	}
	w.settle()
	w.judge(true)
	t.Logf("the disk was full %d times; %d writes before there was room for all, %d after", times, before, w.writes()-before)
}

// TestRefusal_AServerOutlivesAFullDisk fills the disk under a running server:
// it says so, lives on, and goes on by itself when there is room again.
func TestRefusal_AServerOutlivesAFullDisk(t *testing.T) {
	t.Parallel()
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=48m"); err != nil {
		testkit.Missing(t, "mount", "a small disk of its own cannot be mounted here: "+err.Error())
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	w := open(t, "empty", "", "CROSSBOOK_PACE=off")
	w.set("CROSSBOOK_DIR", filepath.Join(disk, "data"))
	w.settings(`{"modules": {"Vendors": {"everything": true}}}`)
	w.must("connect", "larkfield", "--from-env", "--settings", "settings.json")
	w.must("sync", "--wait")
	time.Sleep(1100 * time.Millisecond)
	server := launch(t, w.dir, "serve", w.env, "serve", "--addr", "127.0.0.1:0")
	server.waitReady(t)

	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	p := &people{world: w}
	for i := range 5 {
		name, side, op := fmt.Sprintf("Vendor %d", i), "zoho", "Vendor_Name"
		typ := "Vendors"
		if i%2 == 1 {
			side, typ, op = "quickbooks", "Vendor", "DisplayName"
		}
		p.enter(side, map[string]string{"zoho": eva0, "quickbooks": priya}[side], "create", typ, "", map[string]any{op: name}, map[string]string{op: name})
	}
	time.Sleep(12 * time.Second) // River gives up writing down how a job ended after 7 s
	if server.gone() {
		t.Fatalf("the server ended: %v\n%s", server.err, tail(server.log))
	}
	if log := tail(server.log); !strings.Contains(log, "no room") && !strings.Contains(log, "full") {
		t.Errorf("the server does not say that the disk is full:\n%s", log)
	}
	w.judge(false)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	arrived := func() bool {
		return len(w.records(w.zoho, "Vendors")) == 5 && len(w.records(w.books, "Vendor")) == 5
	}
	since := time.Now()
	for !arrived() {
		if time.Since(since) > 75*time.Second {
			t.Fatalf("the server does not go on by itself\n%s", tail(server.log))
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("it went on %.1f s after there was room", time.Since(since).Seconds())
	w.settle()
	w.judge(true)
}

// eva0 is a user of the empty company.
const eva0 = "Eva"

// settings writes a settings file for connect.
func (w *world) settings(text string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "settings.json"), []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// fill writes a file until the disk takes no more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for size := 1 << 20; size > 0; size /= 16 {
		block := make([]byte, size)
		for {
			if _, err := f.Write(block); err != nil {
				break
			}
		}
	}
}

// TestRefusal_AnotherCompanyUnderTheSameName connects a name that stands for one
// company already with another: it is refused, and the first one still works.
func TestRefusal_AnotherCompanyUnderTheSameName(t *testing.T) {
	t.Parallel()
	w := open(t, "empty", "")
	p := &people{world: w}
	p.enter("quickbooks", priya, "create", "Vendor", "", map[string]any{"DisplayName": "Ridge Stone"}, nil)
	w.settings(`{"modules": {"Vendors": {"everything": true}}}`)
	w.must("connect", "larkfield", "--from-env", "--settings", "settings.json")
	w.must("sync", "--wait")

	other := open(t, "empty", "", "CROSSBOOK_DIR="+filepath.Join(w.dir, "data"))
	other.anew("--seed", "7")
	other.refused(3, []string{"larkfield"}, "connect", "larkfield", "--from-env")
	w.must("sync", "--wait")
	if n := other.writes(); n != 0 {
		t.Errorf("%d writes to a company that was refused", n)
	}
}

// anew replaces a world's sandboxes by those of another company.
func (w *world) anew(more ...string) {
	w.Helper()
	box := launch(w, w.dir, "sandbox-anew", os.Environ(), append([]string{"sandbox", "--zoho-addr", "127.0.0.1:0", "--quickbooks-addr", "127.0.0.1:0"}, more...)...)
	box.waitReady(w)
	for _, line := range box.said {
		if name, value, ok := strings.Cut(line, "="); ok {
			w.set(name, value)
		}
	}
	w.zoho, w.books = w.variable("ZOHO_API_URL"), w.variable("QBO_API_URL")
}

// TestRefusal_DamagedDatabase spoils single pages of the database, as a failing
// disk does; a command says that it is damaged and what to do, or does not
// touch the page.
func TestRefusal_DamagedDatabase(t *testing.T) {
	t.Parallel()
	w := open(t, "empty", "", "CROSSBOOK_PACE=off")
	p := &people{world: w}
	for i := range 40 {
		p.enter("quickbooks", priya, "create", "Vendor", "", map[string]any{"DisplayName": fmt.Sprintf("Vendor %d", i)}, nil)
	}
	w.settings(`{"modules": {"Vendors": {"everything": true}}}`)
	w.must("connect", "larkfield", "--from-env", "--settings", "settings.json")
	w.must("sync", "--wait")
	path := filepath.Join(w.dir, "data", "crossbook.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	told := 0
	for at := 0; at+page <= len(whole); at += page * max(1, len(whole)/page/12) {
		spoilt := append([]byte(nil), whole...)
		for i := at; i < at+page; i++ {
			spoilt[i] ^= 0x5a
		}
		for _, rest := range []string{"-wal", "-shm"} {
			_ = os.Remove(path + rest)
		}
		if err := os.WriteFile(path, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		before := w.writes()
		_, errs, code := w.run("sync", "--wait")
		switch {
		case code == 3 && strings.Contains(errs, "damaged") && strings.Contains(errs, "backup"):
			told++
		case code > 1 || strings.Contains(errs, "goroutine "):
			t.Errorf("page %d spoilt: exit code %d: %s", at/page, code, errs)
		}
		if n := w.writes() - before; n != 0 {
			t.Errorf("page %d spoilt: %d writes follow from a damaged database", at/page, n)
		}
	}
	if told == 0 {
		t.Error("no spoilt page was ever noticed")
	}
}

// TestRefusal_PostgreSQLIsNotThere names databases that do not answer, do not
// exist or belong to somebody else.
func TestRefusal_PostgreSQLIsNotThere(t *testing.T) {
	t.Parallel()
	good := testkit.Postgres(t)
	w := open(t, "empty", "")
	for _, c := range []struct {
		url  string
		says string
	}{
		{"postgres://nobody@127.0.0.1:1/crossbook", "cannot be reached"},
		{strings.Replace(good, "/test_", "/none_", 1), "none_"},
		{"mysql://root@localhost/crossbook", "mysql"},
	} {
		for _, command := range []string{"connect larkfield --from-env", "status", "serve --addr 127.0.0.1:0"} {
			code := 3
			if strings.HasPrefix(c.url, "mysql") {
				code = 2
			}
			w.refused(code, []string{c.says}, append([]string{"--db", c.url}, strings.Fields(command)...)...)
		}
	}
	if n := w.writes(); n != 0 {
		t.Errorf("%d writes without a database", n)
	}
}

// TestRefusal_AVendorComesBack takes QuickBooks' sandbox away under a running
// server and brings it back: people's work of the time between is carried over.
func TestRefusal_AVendorComesBack(t *testing.T) {
	t.Parallel()
	w := open(t, "empty", "", "CROSSBOOK_PACE=off")
	w.settings(`{"modules": {"Vendors": {"everything": true}}}`)
	w.must("connect", "larkfield", "--from-env", "--settings", "settings.json")
	w.must("sync", "--wait")
	time.Sleep(1100 * time.Millisecond)
	w.fault(w.books, `{"kind":"reset"}`)
	p := &people{world: w}
	p.enter("zoho", eva0, "create", "Vendors", "", map[string]any{"Vendor_Name": "Patient Nursery"}, map[string]string{"Vendor_Name": "Patient Nursery"})
	w.refused(3, []string{"QuickBooks", "nothing is lost"}, "sync", "--wait")
	var s status
	w.ask(&s, "status")
	if s.Left.Due+s.Left.Waiting == 0 {
		t.Errorf("nothing waits for QuickBooks: %+v", s)
	}
	w.clearFaults(w.books)
	w.settle()
	w.judge(true)
}

// get reads JSON.
func (w *world) get(url string, into any) {
	w.Helper()
	data, err := w.fetch(url)
	if err != nil {
		w.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		w.Fatal(err)
	}
}
