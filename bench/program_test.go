package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program builds crossbook once for all benchmarks.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "crossbook-bench-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "crossbook")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", path, "crossbook/cmd/crossbook").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil && testing.Testing() {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// company is one connected pair of sandboxes, each in a process of its own.
type company struct {
	b         *testing.B
	path      string
	env       []string
	customers int
	quick     string // address of the QuickBooks sandbox
}

// connected starts sandboxes with n customers and connects them.
func connected(b *testing.B, n int) *company {
	b.Helper()
	path, err := program()
	if err != nil {
		b.Fatal(err)
	}
	c := &company{b: b, path: path, customers: n}
	cmd := exec.CommandContext(b.Context(), path, "sandbox", "--memory", "--company", "empty", "--customers", strconv.Itoa(n),
		"--limits", "off", "--zoho-addr", "127.0.0.1:0", "--quickbooks-addr", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	dir := b.TempDir()
	c.env = append(os.Environ(), "CROSSBOOK_DIR="+dir, "CROSSBOOK_DB=sqlite:"+filepath.Join(dir, "c.db"))
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "READY" {
		c.env = append(c.env, lines.Text())
		if v, ok := strings.CutPrefix(lines.Text(), "QBO_API_URL="); ok {
			c.quick = v
		}
	}
	c.run(nil, "connect", "bench", "--from-env")
	return c
}

// spent is what a command of the program used.
type spent struct {
	cpu      time.Duration
	resident float64 // MB at most
}

// run runs a command and reads its JSON.
func (c *company) run(into any, args ...string) spent {
	c.b.Helper()
	cmd := exec.CommandContext(c.b.Context(), c.path, append(args, "--json")...)
	cmd.Env = c.env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		c.b.Fatalf("crossbook %s: %v\n%s%s", strings.Join(args, " "), err, out, errs.String())
	}
	if into != nil {
		if err := json.Unmarshal(out, into); err != nil {
			c.b.Fatal(err)
		}
	}
	s := spent{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.resident = float64(use.Maxrss) / 1024
	}
	return s
}

// synced is what a sync reports.
type synced struct {
	Done        bool  `json:"done"`
	Written     int64 `json:"written"`
	RecordCalls int64 `json:"record_calls"`
}

// sync runs a sync to its end.
func (c *company) sync() (synced, spent) {
	c.b.Helper()
	var out synced
	s := c.run(&out, "sync", "--wait")
	if !out.Done {
		c.b.Fatalf("the sync did not come to its end: %+v", out)
	}
	return out, s
}

// bump raises LastUpdatedTime of every customer and changes nothing else.
func (c *company) bump() {
	c.b.Helper()
	req, err := http.NewRequestWithContext(c.b.Context(), http.MethodPost, c.quick+"/_sandbox/do", strings.NewReader(`{"action":"bump_all","type":"Customer"}`))
	if err != nil {
		c.b.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		c.b.Fatalf("bump: %s", res.Status)
	}
}
