package chaos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/company"
)

// world is both sandboxes, the gates in front of them, and a folder in which
// the program lives.
type world struct {
	testing.TB
	dir         string
	wire        *wire
	zoho, books string   // the sandboxes themselves: people and the judge go there
	env         []string // of the program
	edits       []edit
}

// writeDeadline is for how long the program takes a call without an answer for
// one that may still take effect. Late calls of the gates stay well within.
const writeDeadline = 3 * time.Second

// open starts the sandboxes with a company in them.
func open(t *testing.T, sample, db string, more ...string) *world {
	t.Helper()
	w := &world{TB: t, dir: t.TempDir(), wire: &wire{}}
	box := launch(t, w.dir, "sandbox", os.Environ(), "sandbox", "--zoho-addr", "127.0.0.1:0", "--quickbooks-addr", "127.0.0.1:0", "--company", sample)
	box.waitReady(t)
	t.Cleanup(w.wire.close)
	w.noteCalls()
	told := map[string]string{}
	for _, line := range box.said {
		if name, value, ok := strings.Cut(line, "="); ok {
			told[name] = value
		}
	}
	w.zoho, w.books = told["ZOHO_API_URL"], told["QBO_API_URL"]
	zohoGate, booksGate := w.wire.gate("zoho", w.zoho), w.wire.gate("quickbooks", w.books)
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "CROSSBOOK_") {
			w.env = append(w.env, line)
		}
	}
	for name, value := range told {
		value = strings.ReplaceAll(strings.ReplaceAll(value, w.zoho, zohoGate), w.books, booksGate)
		w.env = append(w.env, name+"="+value)
	}
	w.env = append(w.env, "CROSSBOOK_DIR="+filepath.Join(w.dir, "data"), "CROSSBOOK_WRITE_DEADLINE="+writeDeadline.String())
	if db != "" {
		w.env = append(w.env, "CROSSBOOK_DB="+db)
	}
	w.env = append(w.env, more...)
	t.Cleanup(func() {
		if t.Failed() {
			w.keep()
		}
	})
	return w
}

// noteCalls writes down every call, for whoever has to find out what went wrong.
func (w *world) noteCalls() {
	f, err := os.Create(filepath.Join(w.dir, "calls.log"))
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = f.Close() })
	w.wire.watch = func(c call) { fmt.Fprintln(f, c.at.Format("15:04:05.000"), c.from, c) }
}

// keep saves what a failed run leaves behind.
func (w *world) keep() {
	to := os.Getenv("CROSSBOOK_CHAOS_KEEP")
	if to == "" {
		w.Log("set CROSSBOOK_CHAOS_KEEP to a folder to keep logs and databases of a failed run")
		return
	}
	to = filepath.Join(to, strings.ReplaceAll(w.Name(), "/", "_"))
	if err := os.CopyFS(to, os.DirFS(w.dir)); err != nil {
		w.Logf("keep what is left: %v", err)
	}
	for name, url := range map[string]string{"zoho.json": w.zoho, "quickbooks.json": w.books} {
		if data, err := w.fetch(url + "/_sandbox/state"); err == nil {
			_ = os.WriteFile(filepath.Join(to, name), data, 0o600)
		}
	}
	w.Logf("kept in %s", to)
}

// run runs a command of the program to its end and returns its output and exit
// code.
func (w *world) run(args ...string) (stdout, stderr string, code int) {
	w.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(filepath.Join(binaries, "crossbook"), args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = w.env, w.dir, &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that has to succeed; 1, problems remain, is allowed.
func (w *world) must(args ...string) string {
	w.Helper()
	out, errs, code := w.run(args...)
	if code > 1 || code < 0 {
		w.Fatalf("crossbook %s: exit code %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// ask runs a command that answers with one object.
func (w *world) ask(into any, args ...string) {
	w.Helper()
	out := w.must(append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		w.Fatalf("crossbook %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// status is what is asked of the program about itself.
type status struct {
	FirstSync  string `json:"first_sync"`
	Unanswered int    `json:"unanswered_calls"`
	Left       struct {
		Due     int            `json:"due"`
		Waiting int            `json:"waiting"`
		Reasons map[string]int `json:"reasons"`
	} `json:"left"`
	Working *struct {
		PID int `json:"pid"`
	} `json:"working"`
}

func (w *world) status() (s status) {
	w.Helper()
	w.ask(&s, "status")
	return s
}

// synced is what a sync reports.
type synced struct {
	Done     bool             `json:"done"`
	Written  int64            `json:"written"`
	Writes   map[string]int64 `json:"writes"`
	Problems int              `json:"problems"`
	Seconds  float64          `json:"seconds"`
}

// settle brings the program to rest, and proves that it rests: one more sync
// writes nothing.
func (w *world) settle() {
	w.Helper()
	began := time.Now()
	var s synced
	w.ask(&s, "sync", "--wait")
	if !s.Done {
		w.Errorf("the last sync ended before everything was done: %+v", s)
	}
	for range 2 { // the CRM's own arithmetic may leave one more round
		w.ask(&s, "sync", "--wait")
		if s.Written == 0 {
			break
		}
	}
	if s.Written != 0 {
		w.Errorf("writes go on when nothing changes: %+v", s)
	}
	if left := w.status(); left.Unanswered != 0 {
		w.Errorf("%d calls are still without an answer", left.Unanswered)
	}
	w.Logf("settled in %.1f s, %d problems", time.Since(began).Seconds(), s.Problems)
}

// judged is what the judge says.
type judged struct {
	Findings                          []struct{ Kind, What string }
	Edits, Windows, Conflicts, Linked int
	CreatedZoho                       int `json:"created_zoho"`
	CreatedQuickBooks                 int `json:"created_quickbooks"`
}

// judge lets the judge look; settled tells that everything must have arrived.
func (w *world) judge(settled bool) judged {
	w.Helper()
	args := []string{"--zoho", w.zoho, "--quickbooks", w.books, "--json"}
	if settled {
		edits, err := json.MarshalIndent(w.edits, "", " ")
		if err != nil {
			w.Fatal(err)
		}
		history, _, _ := w.run("--json", "history", "--limit", "100000")
		for name, data := range map[string][]byte{"edits": edits, "history": []byte(history)} {
			path := filepath.Join(w.dir, name+".json")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				w.Fatal(err)
			}
			args = append(args, "--"+name, path)
		}
		args = append(args, "--settled")
	}
	cmd := exec.Command(filepath.Join(binaries, "judge"), args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	var v judged
	if jerr := json.Unmarshal(out, &v); jerr != nil {
		w.Fatalf("the judge says nothing: %v, %v: %s", err, jerr, errs.String())
	}
	for i, f := range v.Findings {
		if i == 20 {
			w.Errorf("... and %d more", len(v.Findings)-i)
			break
		}
		w.Errorf("the judge: %s: %s", f.Kind, f.What)
	}
	return v
}

// complete wants every customer, item and document of the company to be in the
// CRM, and at the end of the story what the story led to.
func (w *world) complete(story bool) {
	w.Helper()
	if story { // a notification that a kill swallowed is made up for by the daily pass, or when somebody asks
		w.must("sync", "--wait", "--module", "Quotes")
		w.must("sync", "--wait", "--module", "Invoices")
	}
	for _, bad := range company.Check(w.Context(), company.At(w.zoho, w.books)) {
		// People beside the story create records too, which it did not ask for.
		if bad.Kind != company.Unasked && (story || bad.Step == "") {
			w.Errorf("the company: %s", bad)
		}
	}
}

// do lets a person act in a sandbox and returns the id of what was touched.
func (w *world) do(url, user, action, typ, id string, data map[string]any) (string, error) {
	body, err := json.Marshal(map[string]any{"user": user, "action": action, "type": typ, "id": id, "data": data})
	if err != nil {
		return "", err
	}
	res, err := http.Post(url+"/_sandbox/do", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	var got struct {
		ID string `json:"id"`
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s %s %s: %s %s", user, action, typ, res.Status, text.String())
	}
	return got.ID, json.Unmarshal(text.Bytes(), &got)
}

// fault turns the fault dial of a sandbox.
func (w *world) fault(url, rule string) {
	w.Helper()
	res, err := http.Post(url+"/_sandbox/faults", "application/json", strings.NewReader(rule))
	if err != nil {
		w.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode/100 != 2 {
		w.Fatalf("fault %s: %s", rule, res.Status)
	}
}

// clearFaults turns the fault dial of a sandbox back.
func (w *world) clearFaults(url string) {
	w.Helper()
	req, err := http.NewRequest(http.MethodDelete, url+"/_sandbox/faults", http.NoBody)
	if err != nil {
		w.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	_ = res.Body.Close()
}

// fetch reads what an address answers.
func (w *world) fetch(url string) ([]byte, error) {
	res, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	return io.ReadAll(res.Body)
}

// records reads all records of a type from the truth of a side.
func (w *world) records(url, typ string) []map[string]any {
	w.Helper()
	var got struct {
		Records map[string][]map[string]any `json:"records"`
	}
	w.get(url+"/_sandbox/state?type="+typ, &got)
	return got.Records[typ]
}
