package chaos

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is one run of the program that goes on beside the test.
type process struct {
	name  string
	cmd   *exec.Cmd
	ready chan struct{} // closed when it says READY
	said  []string      // before it was ready
	done  chan struct{} // closed when it is gone
	ended time.Time     // set before done is closed
	err   error         // of Wait
	log   string
	stop  sync.Once
}

// launch starts the program; it is killed when the test ends at the latest.
func launch(t testing.TB, dir, name string, env []string, args ...string) *process {
	t.Helper()
	return launchAs(t, dir, name, env, append([]string{filepath.Join(binaries, "crossbook")}, args...)...)
}

// launchAs starts the program by a command that becomes it.
func launchAs(t testing.TB, dir, name string, env []string, argv ...string) *process {
	t.Helper()
	p := &process{name: name, ready: make(chan struct{}), done: make(chan struct{}), log: filepath.Join(dir, name+".log")}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Env, p.cmd.Dir, p.cmd.Stderr = env, dir, log
	fmt.Fprintf(log, "--- %s %s\n", time.Now().Format("15:04:05.000"), strings.Join(argv, " "))
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.follow(out)
	t.Cleanup(func() { p.kill() })
	return p
}

// follow reads what the process says until it is gone.
func (p *process) follow(out io.Reader) {
	scan := bufio.NewScanner(out)
	isReady := false
	for scan.Scan() {
		if !isReady {
			p.said = append(p.said, scan.Text())
			if isReady = strings.HasPrefix(scan.Text(), "READY"); isReady {
				close(p.ready)
			}
		}
	}
	p.err = p.cmd.Wait()
	p.ended = time.Now()
	close(p.done)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// kill ends it as kill -9 does, waits until it is gone and returns when it was
// told to go.
func (p *process) kill() time.Time {
	at := time.Now()
	p.stop.Do(func() { _ = p.cmd.Process.Kill() })
	<-p.done
	return at
}

// end asks it to end and waits until it has.
func (p *process) end(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
		if p.err != nil {
			t.Errorf("%s did not end well: %v\n%s", p.name, p.err, tail(p.log))
		}
	case <-time.After(40 * time.Second):
		t.Fatalf("%s does not end\n%s", p.name, tail(p.log))
	}
}

func (p *process) gone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// waitReady returns when it serves.
func (p *process) waitReady(t testing.TB) {
	t.Helper()
	select {
	case <-p.ready:
	case <-p.done:
		t.Fatalf("%s ended: %v\n%s", p.name, p.err, tail(p.log))
	case <-time.After(30 * time.Second):
		t.Fatalf("%s is not ready\n%s", p.name, tail(p.log))
	}
}

// up waits until it serves, or is gone already.
func (p *process) up() {
	select {
	case <-p.ready:
	case <-p.done:
	case <-time.After(30 * time.Second):
	}
}

// tail is the end of a log.
func tail(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return strings.Join(lines[max(0, len(lines)-25):], "\n")
}
