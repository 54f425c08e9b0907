package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/sandbox/company"
	"crossbook/verify"
)

// between is how long people take from one thing to the next. Zoho CRM dates
// changes by whole seconds, so that two in one second look like one.
const between = 1100 * time.Millisecond

// day tells the story of a working day and judges its end.
func (d *demo) day(ctx context.Context) error {
	d.heading("A working day at Larkfield")
	world := company.At(d.world.zohoURL, d.world.quickURL)
	first := true
	for _, step := range company.Story() {
		hour := fmt.Sprintf("%02d:%02d", int(step.At.Hours()), int(step.At.Minutes())%60)
		d.clear()
		fmt.Fprintf(d.out, "  %s  %s %s\n", hour, step.Who, step.What)
		var err error
		switch step.Kind {
		case company.Wait:
			if !first {
				err = d.settle(ctx)
			}
			first = false // the first sync was shown already
		case company.Kill:
			d.server.kill()
			d.line("       (process %d, by kill -9)", d.server.pid())
		case company.Restart:
			err = d.startServer(ctx)
		default:
			if err = step.Do(ctx, world); err == nil && step.Kind == company.Act {
				err = pauseFor(ctx, between)
			}
		}
		if err != nil {
			return fmt.Errorf("%s, %s %s: %w", hour, step.Who, step.What, err)
		}
		d.tellHistory(ctx)
	}
	return d.judge(ctx, world)
}

func pauseFor(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// settle waits until the program has nothing left to do.
func (d *demo) settle(ctx context.Context) error {
	var done synced
	err := d.ask(ctx, &done, "sync", "--wait")
	if isExit(err, exitProblems) {
		d.line("       %s", several(int64(done.Problems), "record needs a person", "records need a person"))
		err = nil
	}
	return err
}

// skipHistory begins to tell from here on.
func (d *demo) skipHistory(ctx context.Context) {
	var list historyList
	if d.ask(ctx, &list, "history", "--limit", "1") == nil && len(list.Rows) > 0 {
		d.journal = list.Rows[0].At
	}
}

// tellHistory prints what Crossbook did since the last time, in plain words.
func (d *demo) tellHistory(ctx context.Context) {
	var list historyList
	if d.ask(ctx, &list, "history", "--limit", "200") != nil {
		return
	}
	for _, r := range slices.Backward(list.Rows) {
		if !r.At.After(d.journal) {
			continue
		}
		d.journal = r.At
		d.clear()
		fmt.Fprintf(d.out, "         Crossbook: %s\n", plainWords(r))
	}
}

// plainWords says what one row of history did.
func plainWords(r historyView) string {
	what := strings.ReplaceAll(r.Type, "_", " ") + " " + nameOr(r.Name, r.ID)
	switch r.Op {
	case crossbook.Create:
		return fmt.Sprintf("creates %s in %s", what, r.Side)
	case crossbook.Update:
		return fmt.Sprintf("changes %s in %s (%s)", what, r.Side, shorter(r.Why))
	case crossbook.LinkUp:
		return fmt.Sprintf("links %s (%s)", what, r.Why)
	case crossbook.Unlink:
		return fmt.Sprintf("takes note of %s: %s", what, r.Why)
	default:
		return fmt.Sprintf("%s %s (%s)", r.Op, what, r.Why)
	}
}

// shorter keeps the first of many names in a sentence.
func shorter(why string) string {
	const most = 3
	parts := strings.Split(why, ", ")
	if len(parts) <= most+1 {
		return why
	}
	return fmt.Sprintf("%s and %d more", strings.Join(parts[:most], ", "), len(parts)-most)
}

// judge proves at the end of the day that nothing was lost or doubled: by the
// story's own expectations, and by verify.
func (d *demo) judge(ctx context.Context, world company.World) error {
	d.heading("The end of the day")
	violations := company.Check(ctx, world)
	for _, v := range violations {
		d.line("! %s", v)
	}
	if len(violations) == 0 {
		d.line("Everything that people did arrived where it belongs, and nothing else happened.")
	}
	d.line("$ crossbook verify")
	var report verify.Report
	err := d.ask(ctx, &report, "verify")
	if err != nil && !isExit(err, exitProblems) {
		return err
	}
	p := &page{}
	(&verifyCmd{most: 12}).text(p, report)
	for l := range strings.Lines(p.buf.String()) {
		d.line("%s", strings.TrimRight(l, "\n"))
	}
	if err := d.show(ctx, "problems"); err != nil && !isExit(err, exitProblems) {
		return err
	}
	d.line("")
	took := time.Since(d.began).Round(time.Second)
	if len(violations) > 0 || !report.Proven() {
		d.line("Not everything is as it must be (%s, %d unexplained). %s", several(int64(len(violations)), "violation", "violations"), report.Unexplained, took)
		return problemsRemain()
	}
	d.line("Nothing was lost, nothing was doubled. The demo took %s.", took)
	return nil
}
