// Package e2e tries the real binary, as a person or another program would: the
// contract of design section 8, messages, exit codes and the shapes of --json.
package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"crossbook/internal/testkit"
)

// bin is the folder that holds the binary under test.
var bin string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "crossbook-e2e")
	if err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "crossbook"), "crossbook/cmd/crossbook")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		bin = dir
		code = m.Run()
	}
	testkit.StopPostgres()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func TestCommandLine(t *testing.T) {
	params := scripts(nil)
	params.Dir = "testdata"
	testscript.Run(t, params)
}

// The same on PostgreSQL, where a server, a queue and a lease are shared.
func TestCommandLineOnPostgres(t *testing.T) {
	for _, name := range []string{"serve", "pause", "kills"} {
		t.Run(name, func(t *testing.T) {
			params := scripts(map[string]string{"CROSSBOOK_DB": testkit.Postgres(t)})
			params.Files = []string{filepath.Join("testdata", name+".txtar")}
			testscript.Run(t, params)
		})
	}
}

// scripts is how all scripts are run.
func scripts(env map[string]string) testscript.Params {
	return testscript.Params{
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("CROSSBOOK_DIR", filepath.Join(e.WorkDir, "data"))
			for k, v := range env {
				e.Setenv(k, v)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sandbox":     startSandbox,
			"serve":       startServe,
			"halt":        halt,
			"exits":       exits,
			"interrupted": interrupted,
			"jsonis":      jsonIs,
			"do":          act,
			"fault":       fault,
			"record":      record,
			"spoil":       spoil,
			"calls":       callsAre,
		},
	}
}

// process is a program of the script that runs beside it.
type process struct {
	cmd  *exec.Cmd
	done chan error
	log  *bytes.Buffer
}

var running = map[string]map[string]*process{} // by work folder and name

// start runs the binary beside the script until its end, and returns what it
// says up to the line that begins with READY.
func start(ts *testscript.TestScript, name string, args ...string) []string {
	cmd := exec.Command(filepath.Join(bin, "crossbook"), args...)
	cmd.Dir = ts.Getenv("WORK")
	for _, n := range []string{"PATH", "HOME", "CROSSBOOK_DIR", "CROSSBOOK_DB", "CROSSBOOK_CRASH_AT", "CROSSBOOK_WRITE_DEADLINE"} {
		if v := ts.Getenv(n); v != "" {
			cmd.Env = append(cmd.Env, n+"="+v)
		}
	}
	p := &process{cmd: cmd, done: make(chan error, 1), log: &bytes.Buffer{}}
	cmd.Stderr = p.log
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	lines := make(chan string)
	go func() {
		scan := bufio.NewScanner(out)
		for scan.Scan() {
			lines <- scan.Text()
		}
		close(lines)
		p.done <- cmd.Wait()
	}()
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		for range lines { // until the pipe is closed
			continue
		}
	})
	mu.Lock()
	if running[cmd.Dir] == nil {
		running[cmd.Dir] = map[string]*process{}
	}
	running[cmd.Dir][name] = p
	mu.Unlock()
	var said []string
	for {
		select {
		case l, ok := <-lines:
			if !ok {
				ts.Fatalf("%s ended: %s", name, p.log)
			}
			said = append(said, l)
			if strings.HasPrefix(l, "READY") {
				go func() {
					for range lines { // the pipe must not fill up
						continue
					}
				}()
				return said
			}
		case <-time.After(30 * time.Second):
			ts.Fatalf("%s is not ready: %s", name, p.log)
		}
	}
}

// startSandbox runs the sandboxes and sets what they print.
func startSandbox(ts *testscript.TestScript, _ bool, args []string) {
	args = append([]string{"sandbox", "--zoho-addr", "127.0.0.1:0", "--quickbooks-addr", "127.0.0.1:0"}, args...)
	for _, l := range start(ts, "sandbox", args...) {
		if name, value, ok := strings.Cut(l, "="); ok {
			ts.Setenv(name, value)
		}
	}
}

// startServe runs the server; SERVER is its address afterwards.
func startServe(ts *testscript.TestScript, _ bool, args []string) {
	said := start(ts, "serve", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	_, address, _ := strings.Cut(said[len(said)-1], " ")
	ts.Setenv("SERVER", address)
}

// halt ends a program beside the script: halt [kill] NAME.
func halt(ts *testscript.TestScript, _ bool, args []string) {
	sig, name := syscall.SIGTERM, args[0]
	if name == "kill" {
		sig, name = syscall.SIGKILL, args[1]
	}
	mu.Lock()
	p := running[ts.Getenv("WORK")][name]
	mu.Unlock()
	ts.Check(p.cmd.Process.Signal(sig))
	select {
	case err := <-p.done:
		if sig == syscall.SIGTERM && err != nil {
			ts.Fatalf("%s did not end well: %v\n%s", name, err, p.log)
		}
	case <-time.After(30 * time.Second):
		ts.Fatalf("%s does not end: %s", name, p.log)
	}
}

// exits runs the binary and wants an exit code: exits CODE ARGS...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("crossbook", args[1:]...)
	code := 0
	if err != nil {
		var exit *exec.ExitError
		if !asExit(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
		if exit.Sys().(syscall.WaitStatus).Signaled() {
			code = 128 + int(exit.Sys().(syscall.WaitStatus).Signal())
		}
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("crossbook %s: exit code %d, not %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// interrupted runs the binary, presses Ctrl-C after a second, and wants it to
// say so with exit code 3: interrupted ARGS...
func interrupted(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(filepath.Join(bin, "crossbook"))
	ts.Check(err)
	ts.Check(ts.Exec("sh", append([]string{
		"-c", `"$0" "$@" & pid=$!; sleep 1; kill -INT $pid; wait $pid; test $? = 3`, path,
	}, args...)...))
}

// jsonIs wants a value in the last output: jsonis PATH VALUE, the path with
// slashes, a number for an element, # for a length.
func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	var v any
	ts.Check(dec.Decode(&v))
	if dec.Decode(&struct{}{}) != io.EOF {
		ts.Fatalf("more than one object on stdout")
	}
	got := text(at(v, args[0]))
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %s, not %s", args[0], got, args[1])
	}
}

func at(v any, path string) any {
	if path == "" {
		return v
	}
	for _, step := range strings.Split(path, "/") {
		switch x := v.(type) {
		case map[string]any:
			if step == "#" {
				return len(x)
			}
			v = x[step]
		case []any:
			var i int
			if step == "#" {
				return len(x)
			}
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return "none"
	case string:
		return x
	default:
		b, _ := json.Marshal(x)
		return string(b)
	}
}

// base is the address of one side's sandbox.
func base(ts *testscript.TestScript, side string) string {
	if side == "zoho" {
		return ts.Getenv("ZOHO_API_URL")
	}
	return ts.Getenv("QBO_API_URL")
}

// act lets a person act in a sandbox: do zoho|quickbooks JSON.
func act(ts *testscript.TestScript, neg bool, args []string) {
	res, err := http.Post(base(ts, args[0])+"/_sandbox/do", "application/json", strings.NewReader(args[1]))
	ts.Check(err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if (res.StatusCode == http.StatusOK) == neg {
		ts.Fatalf("do: %s %s", res.Status, body)
	}
	var out struct{ ID string }
	_ = json.Unmarshal(body, &out)
	ts.Setenv("ID", out.ID)
}

// fault turns a sandbox's fault dial: fault zoho|quickbooks JSON.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	res, err := http.Post(base(ts, args[0])+"/_sandbox/faults", "application/json", strings.NewReader(args[1]))
	ts.Check(err)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode/100 != 2 {
		ts.Fatalf("fault: %s", res.Status)
	}
}

// patience is how long a change may take to arrive: seconds on a busy machine.
const patience = 5 * time.Second

// record wants how many records of a type have a value, at once or soon:
// record zoho|quickbooks TYPE PATH VALUE COUNT. It sets ID to the last one's.
func record(ts *testscript.TestScript, _ bool, args []string) {
	side, typ, path, value, want := args[0], args[1], args[2], args[3], args[4]
	var found int
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		found = 0
		for _, r := range records(ts, side, typ) {
			if text(at(r, path)) == value {
				found++
				if id, ok := at(r, "id").(string); ok {
					ts.Setenv("ID", id)
				}
				if id, ok := at(r, "Id").(string); ok {
					ts.Setenv("ID", id)
				}
			}
		}
		if fmt.Sprint(found) == want {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%d %s in %s with %s %s, not %s", found, typ, side, path, value, want)
		}
	}
}

func records(ts *testscript.TestScript, side, typ string) []any {
	res, err := http.Get(base(ts, side) + "/_sandbox/state?type=" + typ)
	ts.Check(err)
	defer func() { _ = res.Body.Close() }()
	var state struct{ Records map[string][]any }
	ts.Check(json.NewDecoder(res.Body).Decode(&state))
	return state.Records[typ]
}

// callsAre wants how many calls of a kind a sandbox has counted, and begins
// anew: calls zoho|quickbooks KIND COUNT.
func callsAre(ts *testscript.TestScript, _ bool, args []string) {
	res, err := http.Get(base(ts, args[0]) + "/_sandbox/calls")
	ts.Check(err)
	defer func() { _ = res.Body.Close() }()
	var counted struct {
		ByKind map[string]int `json:"by_kind"`
	}
	ts.Check(json.NewDecoder(res.Body).Decode(&counted))
	if fmt.Sprint(counted.ByKind[args[1]]) != args[2] {
		ts.Fatalf("%d calls of %s, not %s", counted.ByKind[args[1]], args[1], args[2])
	}
}

// spoil writes garbage over the middle of a file.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	for i := range data {
		data[i] ^= 0x5a
	}
	ts.Check(os.WriteFile(path, data, 0o600))
}
