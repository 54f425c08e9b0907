package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"crossbook/sandbox/ui"
)

// demoCmd shows Crossbook at work on the sample company.
type demoCmd struct {
	Addr string `help:"Where the server of the demo listens." default:"127.0.0.1:0"`
	Once bool   `help:"Tell the story of one working day, prove that nothing was lost or doubled, and end."`
}

// Run starts both sandboxes in this process, and Crossbook itself as a program
// of its own beside it: what the demo does, a person can type.
func (c *demoCmd) Run(ctx context.Context, a *app) error {
	if _, err := hostOf(c.Addr); err != nil {
		return err
	}
	d := &demo{app: a, began: time.Now(), once: c.Once, addr: c.Addr}
	// A folder or database from the environment is where commands keep their
	// real data: a demo must not get at that by accident.
	if a.given("--dir") {
		d.dir = a.cli.Dir
	}
	if a.given("--db") {
		d.db = a.cli.DB
	}
	if err := d.place(); err != nil {
		return err
	}
	err := d.run(ctx)
	d.end(err == nil)
	if errors.Is(err, context.Canceled) && !c.Once {
		return nil // ended by the person who watched
	}
	return err
}

// demo is one performance.
type demo struct {
	*app
	once  bool
	addr  string
	began time.Time

	dir   string // of Crossbook's own data
	db    string // its database, when it is not in that folder
	ours  bool   // made for this demo, to be taken away afterwards
	world *sandboxes
	// stopWorld ends the sandboxes, after the server that calls them.
	stopWorld func()
	env       []string
	server    *child
	journal   time.Time // what was told of the history so far
}

func (d *demo) run(ctx context.Context) error {
	if err := d.stage(ctx); err != nil {
		return err
	}
	if err := d.overture(ctx); err != nil {
		return err
	}
	if d.once {
		return d.day(ctx)
	}
	return d.linger(ctx)
}

// place finds the folder of the demo: the one named, unless it holds anything
// but a demo, or one of its own that goes away with it.
func (d *demo) place() (err error) {
	if d.dir == "" {
		d.ours = true
		d.dir, err = os.MkdirTemp("", "crossbook-demo")
		return err
	}
	d.dir, err = filepath.Abs(d.dir)
	if err != nil {
		return err
	}
	_, data := os.Stat(filepath.Join(d.dir, "crossbook.db"))
	_, sandbox := os.Stat(filepath.Join(d.dir, "sandbox"))
	if data == nil && sandbox != nil {
		return usage("the folder "+d.dir+" holds the database of a real connection", "Name another folder for the demo, or none: then it makes one and takes it away.")
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return couldNot("Choose a folder this user may write to.", "there is no place for the demo: %v", err)
	}
	return nil
}

// stage opens the sandboxes with the sample company.
func (d *demo) stage(ctx context.Context) error {
	d.heading("Two imitated systems with a sample company")
	folder := ""
	if !d.ours {
		folder = filepath.Join(d.dir, "sandbox")
	}
	var err error
	d.world, err = openSandbox(ctx, sandboxOptions{
		zohoAddr: "127.0.0.1:0", quickAddr: "127.0.0.1:0", dir: folder, company: "sample", scale: 1, limits: "off", seed: 1,
	})
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := d.world.serve(serving); err != nil {
			d.say("the sandboxes ended: %v", err)
		}
	}()
	d.stopWorld = func() { stop(); <-ended }
	for _, nv := range os.Environ() {
		// Settings of this shell are none of the demo's.
		if !strings.HasPrefix(nv, "CROSSBOOK_") || strings.HasPrefix(nv, envWriteDeadline) {
			d.env = append(d.env, nv)
		}
	}
	for _, nv := range d.world.environment() {
		d.env = append(d.env, nv[0]+"="+nv[1])
	}
	d.env = append(d.env, "CROSSBOOK_DIR="+d.dir)
	if d.db != "" {
		d.env = append(d.env, "CROSSBOOK_DB="+d.db)
	}
	d.line("Zoho CRM is imitated at %s, QuickBooks Online at %s; look in and act by hand at %s of each.", d.world.zohoURL, d.world.quickURL, ui.Root)
	d.line("Larkfield Garden & Pool Supply: %d customers, %d vendors, %d items and %d invoices in QuickBooks.",
		len(d.world.quick.All("Customer")), len(d.world.quick.All("Vendor")), len(d.world.quick.All("Item")), len(d.world.quick.All("Invoice")))
	return nil
}

// overture connects, shows the plan and brings both sides into step.
func (d *demo) overture(ctx context.Context) error {
	d.heading("Connect")
	if err := d.show(ctx, "connect", "larkfield", "--from-env"); err != nil {
		return err
	}
	d.heading("What a first sync would do; nothing is written yet")
	var p planView
	if err := d.ask(ctx, &p, "plan"); err != nil {
		return err
	}
	d.line("%s", p.Header)
	d.line("%s in all; crossbook plan explains each.", several(int64(len(p.Ops)), "step", "steps"))
	d.heading("The first sync")
	d.journal = time.Now()
	began := time.Now()
	if err := d.show(ctx, "sync", "--wait"); err != nil && !isExit(err, exitProblems) {
		return err
	}
	d.line("In step after %.1f s.", time.Since(began).Seconds())
	d.skipHistory(ctx)
	return d.startServer(ctx)
}

// startServer runs crossbook serve beside this process.
func (d *demo) startServer(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(d.dir, "serve.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	d.server, err = startChild(ctx, d.env, log, "serve", "--addr", d.addr)
	if err != nil {
		return fmt.Errorf("start crossbook serve (see %s): %w", log.Name(), err)
	}
	if d.addr == "127.0.0.1:0" {
		// The same place again after a restart: vendors go on calling there.
		d.addr = strings.TrimPrefix(d.server.address, "http://")
	}
	d.line("Crossbook keeps both in step now (process %d, %s).", d.server.pid(), d.server.address)
	return nil
}

// linger keeps everything running for a person to play with.
func (d *demo) linger(ctx context.Context) error {
	d.heading("Play with it")
	d.line("Set these in another shell, and any crossbook command works on the demo:")
	d.line("  export CROSSBOOK_DIR=%s%s", d.dir, d.exportDB())
	d.line("  crossbook status; crossbook problems; crossbook why \"Cool Breeze HVAC\"; crossbook verify")
	d.line("Change a record as a person would, and see it travel:")
	d.line(`  curl -s %s/_sandbox/do -d '{"user":"Priya Nair","action":"create","type":"Customer","data":{"DisplayName":"Dove Cottage","CompanyName":"Dove Cottage"}}'`, d.world.quickURL)
	d.line(`  crossbook history --limit 5`)
	d.line("Ctrl-C ends the demo.")
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-d.server.done:
		return couldNot("Its log is "+filepath.Join(d.dir, "serve.log")+".", "crossbook serve ended: %v", err)
	}
}

func (d *demo) exportDB() string {
	if d.db == "" {
		return ""
	}
	return " CROSSBOOK_DB=" + d.db
}

// end takes down what the demo put up.
func (d *demo) end(well bool) {
	d.clear()
	if d.server != nil {
		d.server.stop()
	}
	if d.stopWorld != nil {
		d.stopWorld()
	}
	if d.ours && (well || !d.once) {
		_ = os.RemoveAll(d.dir)
	} else if d.ours {
		d.say("What the demo left behind is in %s.", d.dir)
	}
}

func (d *demo) heading(text string) {
	d.clear()
	fmt.Fprintf(d.out, "\n%s\n", text)
}

func (d *demo) line(format string, args ...any) {
	d.clear()
	fmt.Fprintf(d.out, "  "+format+"\n", args...)
}

// show runs a command of ours and prints what it says.
func (d *demo) show(ctx context.Context, args ...string) error {
	d.line("$ crossbook %s", strings.Join(args, " "))
	out, err := runChild(ctx, d.env, d.err, args...)
	for l := range strings.Lines(string(out)) {
		d.line("%s", strings.TrimRight(l, "\n"))
	}
	return err
}

// ask runs a command of ours and reads its object.
func (d *demo) ask(ctx context.Context, into any, args ...string) error {
	d.progress("crossbook %s", strings.Join(args, " "))
	out, err := runChild(ctx, d.env, d.err, append([]string{"--json"}, args...)...)
	if err != nil && !isExit(err, exitProblems) {
		return err
	}
	if uerr := json.Unmarshal(out, into); uerr != nil {
		return fmt.Errorf("crossbook %s answered %q: %w", args[0], out, uerr)
	}
	return err
}
