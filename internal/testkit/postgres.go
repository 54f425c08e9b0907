package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
)

// cluster is the PostgreSQL server of this test process: started by the first
// test that wants it, stopped when the process ends, however it ends.
type cluster struct {
	socket string // the folder of its socket
	admin  *sql.DB
	stdin  io.Closer
	done   chan struct{}

	mu        sync.Mutex
	templates map[string]error // prepared so far, by name
	n         atomic.Int64
}

var (
	startOnce sync.Once
	running   *cluster
	startErr  error
)

// Main runs the tests of a package and stops the cluster before it exits. A
// package can do without it: then the cluster stops by itself a moment after
// the process.
func Main(m *testing.M) {
	code := m.Run()
	StopPostgres()
	os.Exit(code)
}

// StopPostgres stops the cluster if it runs and waits for its end.
func StopPostgres() {
	if running == nil {
		return
	}
	_ = running.admin.Close() // the server goes anyway
	_ = running.stdin.Close() // tells the server to go
	<-running.done
}

// Postgres gives the URL of a new, empty database of a temporary cluster; the
// database is dropped when the test ends.
func Postgres(tb testing.TB) string {
	tb.Helper()
	return PostgresFrom(tb, "", nil)
}

// PostgresFrom is Postgres with a database copied from a template, which
// prepare fills the first time the name is asked for in this process.
func PostgresFrom(tb testing.TB, template string, prepare func(url string) error) string {
	tb.Helper()
	startOnce.Do(func() { running, startErr = startCluster() })
	var missing missingError
	switch {
	case errors.As(startErr, &missing):
		Missing(tb, "postgres", startErr.Error())
	case startErr != nil:
		tb.Fatalf("start PostgreSQL: %v", startErr)
	}
	source := "template0"
	if template != "" {
		source = "template_" + template
		if err := running.template(source, prepare); err != nil {
			tb.Fatalf("prepare database template %s: %v", template, err)
		}
	}
	name := "test_" + strconv.FormatInt(running.n.Add(1), 10)
	running.exec(tb, "CREATE DATABASE "+name+" TEMPLATE "+source)
	tb.Cleanup(func() { running.exec(tb, "DROP DATABASE "+name+" WITH (FORCE)") })
	return running.url(name)
}

func (c *cluster) exec(tb testing.TB, query string) {
	tb.Helper()
	if _, err := c.admin.ExecContext(context.Background(), query); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
}

func (c *cluster) template(name string, prepare func(url string) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err, seen := c.templates[name]; seen {
		return err
	}
	_, err := c.admin.ExecContext(context.Background(), "CREATE DATABASE "+name)
	if err == nil {
		err = prepare(c.url(name))
	}
	c.templates[name] = err
	return err
}

func (c *cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?" + url.Values{"host": {c.socket}, "sslmode": {"disable"}}.Encode()
}

// missingError says that this machine cannot run a cluster.
type missingError string

func (e missingError) Error() string { return string(e) }

// postgresBin finds the newest server of the Debian packages, or one on PATH.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	for _, bin := range found {
		if _, err := os.Stat(filepath.Join(bin, "postgres")); err == nil {
			return bin, nil
		}
	}
	return "", missingError("no PostgreSQL server in /usr/lib/postgresql or on PATH (Debian: apt-get install postgresql)")
}

func majorVersion(bin string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}
	return n
}

// serverUser is who the server runs as: PostgreSQL refuses root, so root's
// tests run it as the user its packages make. nil is the user of the test.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, missingError("the tests run as root and there is no user postgres to run the server as")
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// guardian runs the server until its own input ends, which is when the test
// process closes it or is gone, and then takes the folder away.
const guardian = `trap '' INT TERM HUP
"$@" & server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$FOLDER"`

func startCluster() (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	as, err := serverUser()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("/tmp", "crossbook-pg-") // short: a socket's path has 107 characters
	if err != nil {
		return nil, err
	}
	if as != nil {
		if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(folder, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = folder, &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(folder))
	}
	return serve(bin, folder, data, as)
}

func serve(bin, folder, data string, as *syscall.Credential) (*cluster, error) {
	args := []string{"-c", guardian, "sh", filepath.Join(bin, "postgres"), "-D", data, "-k", folder}
	for _, setting := range []string{
		"listen_addresses=", "max_connections=200", "shared_buffers=64MB", "fsync=off", "synchronous_commit=off",
		"full_page_writes=off", "max_wal_size=4GB", "logging_collector=off",
	} {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command("sh", args...)
	cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Credential: as, Setpgid: true}
	cmd.Env = append(os.Environ(), "FOLDER="+folder)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := errors.Join(cmd.Start(), log.Close()); err != nil {
		return nil, err
	}
	c := &cluster{socket: folder, stdin: stdin, done: make(chan struct{}), templates: map[string]error{}}
	go func() {
		_ = cmd.Wait() // SIGQUIT is no success; nobody asks
		close(c.done)
	}()
	if c.admin, err = sql.Open("pgx", c.url("postgres")); err != nil {
		return nil, err
	}
	err = c.wait(filepath.Join(folder, "log"))
	return c, err
}

// wait returns when the server answers.
func (c *cluster) wait(log string) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := c.admin.PingContext(context.Background())
		if err == nil {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("the server ended at once: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log)
			return fmt.Errorf("the server did not answer: %w: %s", err, strings.TrimSpace(string(text)))
		}
	}
}
