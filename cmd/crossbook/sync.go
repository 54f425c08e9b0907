package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// syncCmd brings both sides into step now.
type syncCmd struct {
	Name string `arg:"" optional:"" help:"The connection; not needed when there is only one."`
	Wait bool   `help:"Go on until nothing is due, then report."`
	// Approve is for a person who has seen the plan.
	Approve bool   `help:"You have seen crossbook plan and want it: stops are released and none is set by this sync."`
	Module  string `help:"Read only this module's changes." placeholder:"MODULE"`
}

// Run does it.
func (c *syncCmd) Run(ctx context.Context, a *app) error {
	module, err := moduleNamed(c.Module, true)
	if err != nil {
		return err
	}
	h, conn, err := a.at(ctx, c.Name, slog.LevelError)
	if err != nil {
		return err
	}
	defer h.close()
	s := &syncing{house: h, conn: conn, module: module, wait: c.Wait, approve: c.Approve, began: time.Now()}
	result, err := s.run(ctx)
	if err != nil {
		return err
	}
	if err := a.show(result, result.text); err != nil {
		return err
	}
	return s.verdict(result)
}

// syncing is one sync on its way.
type syncing struct {
	*house
	conn    crossbook.Connection
	module  crossbook.Module
	wait    bool
	approve bool
	began   time.Time
	counts  map[string]int64
	follow  bool
	blocked map[string]string
	brakes  []store.Brake
	done    bool
}

func (s *syncing) run(ctx context.Context) (*synced, error) {
	if err := s.freeDead(ctx); err != nil {
		return nil, err
	}
	if err := s.signedIn(ctx); err != nil {
		return nil, err
	}
	f, err := s.firstSync(ctx, s.conn.ID)
	if err != nil {
		return nil, err
	}
	first := f.Ended.IsZero()
	if f.Begun.IsZero() {
		if err := s.beginFirst(ctx, s.conn.ID, "sync"); err != nil {
			return nil, err
		}
	}
	before, err := s.callsSoFar(ctx)
	if err != nil {
		return nil, err
	}
	s.counts = map[string]int64{}
	stopTelling := s.tellProgress(ctx)
	err = s.turns(ctx)
	stopTelling()
	if err != nil {
		return nil, err
	}
	after, err := s.callsSoFar(ctx)
	if err != nil {
		return nil, err
	}
	out := &synced{
		Connection: s.conn.Name, First: first, Done: s.done, Seconds: time.Since(s.began).Round(time.Millisecond).Seconds(),
		Writes: map[string]int64{}, Calls: since(before, after), Blocked: s.blocked, Followed: s.follow,
	}
	out.RecordCalls = out.Calls.records()
	if err := s.tally(ctx, out); err != nil {
		return nil, err
	}
	for _, b := range s.brakes {
		out.Brakes = append(out.Brakes, viewBrake(b))
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if out.Problems, err = tx.CountProblems(ctx, s.conn.ID); err != nil {
			return err
		}
		out.Left, err = leftoverOf(ctx, tx, s.conn.ID)
		return err
	})
	return out, err
}

// How long --wait waits for rows that become due by themselves: long enough for
// a call without an answer to be settled, and never for ever.
const (
	waitAtMost  = 130 * time.Second
	waitInAll   = 10 * time.Minute
	followEvery = 100 * time.Millisecond
	shutTurns   = 3 // turns in a row without progress towards a side that does not answer
)

// turns runs turns until nothing is due, or one without --wait.
func (s *syncing) turns(ctx context.Context) error {
	ask := engine.Ask{By: "sync", Feeds: s.module == "", Approved: s.approve}
	if s.approve {
		if _, err := s.engine.Approve(ctx, s.conn.ID); err != nil {
			return err
		}
		ask.By = actor()
	}
	if s.module != "" {
		if err := s.callFeeds(ctx); err != nil {
			return err
		}
	}
	idle := 0
	for waited := time.Duration(0); ; {
		rep, err := s.turn(ctx, s.conn, ask)
		var held *engine.HeldError
		if errors.As(err, &held) {
			if err := s.followOther(ctx, held, &ask); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		ask.Feeds = false
		s.add(rep)
		if err := s.signedIn(ctx); err != nil {
			return err
		}
		if !s.wait {
			return nil
		}
		if idle++; len(rep.Counts) > 0 {
			idle = 0
		}
		if !rep.Done && len(rep.Blocked) == 0 {
			continue
		}
		if len(rep.Blocked) > 0 && (idle >= shutTurns || s.shut() != nil && idle > 0) {
			return nil
		}
		until, soon, err := s.nextSoon(ctx)
		if err != nil || !soon || waited > waitInAll {
			return err
		}
		pause := max(time.Until(until)+10*time.Millisecond, 0)
		waited += pause
		if err := s.pause(ctx, pause); err != nil {
			return err
		}
	}
}

// tellProgress says now and then how many records are left, while a person
// waits at a terminal.
func (s *syncing) tellProgress(ctx context.Context) (stop func()) {
	if !s.app.terminal {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(patience)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			left := 0
			err := s.store.View(ctx, func(tx *store.Tx) error {
				rows, err := tx.CountDirty(ctx, s.conn.ID, time.Now())
				for _, r := range rows {
					left += r.Due
				}
				return err
			})
			if err == nil && left > 0 {
				s.app.progress("%d records left to look at", left)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// add takes over what a turn reports.
func (s *syncing) add(rep engine.Report) {
	for k, n := range rep.Counts {
		s.counts[k] += n
	}
	s.done, s.blocked, s.brakes = rep.Done && len(rep.Blocked) == 0, rep.Blocked, rep.Stopped
}

// callFeeds makes the feeds of one module due now.
func (s *syncing) callFeeds(ctx context.Context) error {
	rows := engine.Feeds(time.Now())
	if s.module != "" {
		rows = slices.DeleteFunc(rows, func(d store.Dirty) bool {
			return d.Ref != engine.BooksFeed() && d.Ref != engine.CRMFeed(s.module)
		})
		rows = append(rows, engine.NewsOfDeals(s.module, time.Now())...)
	}
	q, err := s.queue(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = q.Stop(ctx) }()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.MarkDirty(ctx, s.conn.ID, rows); err != nil {
			return err
		}
		return q.Wake(ctx, tx, s.conn.ID)
	})
}

// followOther lets the process that holds the lease do the work: its feeds are
// made due, and we look until the lease is free.
func (s *syncing) followOther(ctx context.Context, held *engine.HeldError, ask *engine.Ask) error {
	if ask.Feeds {
		if err := s.callFeeds(ctx); err != nil {
			return err
		}
		ask.Feeds = false
	}
	s.follow = true
	s.app.progress("process %d on %s is at it", held.Holder.PID, held.Holder.Host)
	if err := s.freeDead(ctx); err != nil {
		return err
	}
	return s.sleep(ctx, followEvery)
}

func (s *syncing) sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// pause waits and says what for.
func (s *syncing) pause(ctx context.Context, d time.Duration) error {
	end := time.Now().Add(d)
	for {
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		s.app.progress("waiting %s for what becomes due", left.Round(time.Second))
		if err := s.sleep(ctx, min(left, time.Second)); err != nil {
			return err
		}
	}
}

// nextSoon is when the next row is due that is worth waiting for: a record, or
// a feed that was put off because its side did not answer. What records say
// about themselves follows later and keeps nobody waiting.
func (s *syncing) nextSoon(ctx context.Context) (at time.Time, soon bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		return walkDirty(ctx, tx, s.conn.ID, func(d store.Dirty) {
			if isChore(d) && len(s.blocked) == 0 || engine.IsNote(d.Ref) {
				return
			}
			if at.IsZero() || d.DueAt.Before(at) {
				at = d.DueAt
			}
		})
	})
	return at, err == nil && !at.IsZero() && time.Until(at) <= waitAtMost, err
}

// shut is why a blocked side could not even be dialled.
func (s *syncing) shut() error {
	for _, side := range []crossbook.Side{crossbook.CRM, crossbook.Books} {
		if _, blocked := s.blocked[side.String()]; blocked {
			if err := s.doors.closed(side); err != nil {
				return fmt.Errorf("call %s: %w", side, err)
			}
		}
	}
	return nil
}

// signedIn fails when a vendor refuses the connection's sign-in, with the
// vendor's own words.
func (s *syncing) signedIn(ctx context.Context) error {
	c, err := s.connection(ctx, s.conn.ID)
	if err != nil || c.State != crossbook.Reauthorise && c.State != crossbook.ReauthoriseCRM {
		return err
	}
	e, err := s.endsOf(ctx, c)
	if err != nil {
		return err
	}
	if _, err := e.zoho.Credential(ctx); err != nil {
		return err
	}
	if _, err := e.quick.Credential(ctx); err != nil {
		return err
	}
	return couldNot("Sign in to both again and run crossbook connect "+c.Name+" --from-env.", "a vendor refused the sign-in of the connection %s", c.Name)
}

// verdict is the exit code of what was reported.
func (s *syncing) verdict(out *synced) error {
	if len(out.Blocked) > 0 {
		if err := s.shut(); err != nil {
			return err
		}
		var why []string
		for side, w := range out.Blocked {
			why = append(why, side+": "+w)
		}
		return couldNot("Try again later: nothing is lost, and the next sync goes on from here.", "not everything could be done; %s", strings.Join(sorted(why), "; "))
	}
	if out.Problems > 0 || len(out.Brakes) > 0 || s.wait && !out.Done {
		return problemsRemain()
	}
	return nil
}
