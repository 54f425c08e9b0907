package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// command prepares this very program, as a process of its own.
func command(ctx context.Context, env []string, stderr io.Writer, args ...string) (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // this very program, with arguments of ours
	cmd.Env, cmd.Stderr = env, stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopWithin
	return cmd, nil
}

// runChild runs a command of ours and returns what it printed.
func runChild(ctx context.Context, env []string, stderr io.Writer, args ...string) ([]byte, error) {
	cmd, err := command(ctx, env, stderr, args...)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	err = cmd.Run()
	if ctx.Err() != nil {
		return out.Bytes(), ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.Bytes(), &failure{code: exit.ExitCode(), what: "crossbook " + strings.Join(args, " ") + " failed", err: err}
	}
	return out.Bytes(), err
}

// isExit tells whether a child ended with this exit code.
func isExit(err error, code int) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == code
}

// envParent tells a child that its stdin is held open by the process that
// started it, and by nobody else.
const envParent = "CROSSBOOK_CHILD"

// endWith ends this process in order once its parent is gone, however it went:
// a demo that was killed, or whose output nobody reads any more, leaves no server
// behind.
func endWith(parent io.Reader, stop func()) {
	go func() {
		_, _ = io.Copy(io.Discard, parent)
		stop()
	}()
}

// child is a server of ours that runs beside this process.
type child struct {
	cmd     *exec.Cmd
	address string
	done    chan error
}

// startTime is how long a server may take until it serves.
const startTime = 30 * time.Second

// startChild starts a server and waits until it says that it serves. It ends
// with stop or kill, not with ctx.
func startChild(ctx context.Context, env []string, stderr io.Writer, args ...string) (*child, error) {
	cmd, err := command(context.WithoutCancel(ctx), env, stderr, args...)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(slices.Clip(cmd.Env), envParent+"=yes")
	// Nothing is written to it: it closes when this process ends.
	if _, err := cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, done: make(chan error, 1)}
	ready := make(chan string, 1)
	go func() {
		scan := bufio.NewScanner(out)
		for scan.Scan() {
			if address, ok := strings.CutPrefix(scan.Text(), "READY "); ok {
				ready <- address
			}
		}
		c.done <- cmd.Wait()
	}()
	select {
	case c.address = <-ready:
		return c, nil
	case err := <-c.done:
		c.done <- err
		return nil, fmt.Errorf("it ended at once: %w", err)
	case <-ctx.Done():
		c.kill()
		return nil, ctx.Err()
	case <-time.After(startTime):
		c.kill()
		return nil, errors.New("it does not begin to serve")
	}
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// kill ends the server as kill -9 does: at once, without a word.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	c.done <- <-c.done
}

// stop asks the server to end, and insists after a while.
func (c *child) stop() {
	_ = c.cmd.Process.Signal(os.Interrupt)
	select {
	case err := <-c.done:
		c.done <- err
	case <-time.After(stopWithin):
		c.kill()
	}
}
