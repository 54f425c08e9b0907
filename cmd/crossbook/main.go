// Command crossbook keeps Zoho CRM and QuickBooks Online in step. Each command
// is one file; everything they are made of is put together in wire.go.
//
// What other programs may rely on: results go to stdout (one JSON object with
// --json), progress and messages to stderr, and the exit code says 0 done,
// 1 problems remain, 2 wrong usage, 3 could not run (design section 8).
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// gcPercent trades a little processor time for memory: a large company is
// synced in a bounded amount of it, whatever the machine has.
const gcPercent = 60

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an orderly end; a second one ends at once.
	context.AfterFunc(ctx, stop)
	if os.Getenv(envParent) != "" {
		endWith(os.Stdin, stop)
	}
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
