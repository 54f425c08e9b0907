package chaos

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// worker is one place in a team of servers; when its process dies another takes
// the place at once.
type worker struct {
	name string
	host string // a name of its own for the machine it believes to be on; empty is this one
	args []string
	proc *process
}

// team is several servers that share a database.
type team struct {
	*world
	mu      sync.Mutex
	workers []*worker
	seen    map[string]int // process by the address it calls from
	deaths  []death
	phase   string
	bound   time.Duration
}

// hostsOfTheirOwn tells whether processes can be made to believe that they run
// on different machines, as two workers do in life.
func hostsOfTheirOwn() bool {
	return exec.Command("unshare", "--uts", "sh", "-c", "echo probe > /proc/sys/kernel/hostname").Run() == nil
}

// as is the command that becomes the worker's program on its machine.
func (w *worker) as() []string {
	if w.host == "" {
		return nil
	}
	return []string{"unshare", "--uts", "sh", "-c", `echo "$0" > /proc/sys/kernel/hostname; exec "$@"`, w.host}
}

// start fills a place.
func (m *team) start(w *worker) {
	m.Helper()
	argv := append(append(w.as(), filepath.Join(binaries, "crossbook")), w.args...)
	proc := launchAs(m, m.dir, w.name, m.env, argv...)
	m.mu.Lock()
	defer m.mu.Unlock()
	w.proc = proc
}

// caller finds the worker that a call came from, nil when it was none of them.
func (m *team) caller(from string) *worker {
	m.mu.Lock()
	defer m.mu.Unlock()
	pid, known := m.seen[from]
	if !known {
		for _, w := range m.workers {
			if w.proc != nil && !w.proc.gone() && holdsPort(w.proc.pid(), from) {
				pid = w.proc.pid()
			}
		}
		m.seen[from] = pid
	}
	for _, w := range m.workers {
		if w.proc != nil && w.proc.pid() == pid {
			return w
		}
	}
	return nil
}

// holdsPort tells whether a process has a connection from a local address, by
// what Linux shows of it.
func holdsPort(pid int, from string) bool {
	_, text, err := net.SplitHostPort(from)
	if err != nil {
		return false
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return false
	}
	table, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", pid))
	if err != nil {
		return false
	}
	inode := ""
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) > 9 && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port)) {
			inode = f[9]
		}
	}
	folder := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(folder)
	if err != nil || inode == "" {
		return false
	}
	for _, e := range entries {
		if link, err := os.Readlink(filepath.Join(folder, e.Name())); err == nil && link == "socket:["+inode+"]" {
			return true
		}
	}
	return false
}

// struck is a kill, and who was killed.
type struck struct {
	worker *worker
	moment *moment
}

// arm sets a trap that kills whichever worker makes the call.
func (m *team) arm(mo *moment) *struck {
	s := &struck{moment: mo}
	t := mo.trap
	t.done = make(chan caught, 1)
	want := t.want
	t.want = func(c call) bool {
		w := m.caller(c.from)
		if w == nil || want != nil && !want(c) {
			return false
		}
		s.worker = w
		return true
	}
	t.catch = func(call) time.Time { return s.worker.proc.kill() }
	m.wire.set(t)
	return s
}

// strike waits for the kill, fills the place again at once, and measures how
// long it takes until anybody calls a vendor.
func (m *team) strike(s *struck, within time.Duration) bool {
	m.Helper()
	var c caught
	select {
	case c = <-s.moment.trap.done:
	case <-time.After(within):
		m.wire.set(nil)
		return false
	}
	dead := s.worker.proc
	next := m.wire.after(c.at, func(c call) bool {
		w := m.caller(c.from)
		return w != nil && w.proc != dead
	})
	m.start(s.worker)
	d := death{phase: m.phase, moment: s.worker.name + " " + s.moment.String()}
	select {
	case then := <-next:
		d.next = then.Sub(c.at)
	case <-time.After(m.bound):
		if st := m.status(); s.moment.trap.point != after || st.Left.Due > 0 || st.Unanswered > 0 {
			m.Errorf("%s: %s: no call in %s after the kill (%d due, %d unanswered)", d.phase, d.moment, m.bound, st.Left.Due, st.Unanswered)
		}
	}
	m.deaths = append(m.deaths, d)
	m.Logf("%s: kill %d: %s; next call after %d ms", d.phase, len(m.deaths), d.moment, d.next.Milliseconds())
	return true
}

// still stops the worker that makes the next write for a while, and lets the
// answer wait in its socket.
func (m *team) still() (stopped *worker, at time.Time, err error) {
	t := &trap{point: answered, hold: true, done: make(chan caught, 1)}
	t.want = func(c call) bool {
		w := m.caller(c.from)
		if w == nil || !c.write() {
			return false
		}
		stopped = w
		return true
	}
	t.catch = func(call) time.Time {
		err = stopped.proc.cmd.Process.Signal(syscall.SIGSTOP)
		return time.Now()
	}
	m.wire.set(t)
	select {
	case c := <-t.done:
		return stopped, c.at, err
	case <-time.After(30 * time.Second):
		m.wire.set(nil)
		return nil, at, errors.New("nobody writes")
	}
}
