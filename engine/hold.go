package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"crossbook"
	"crossbook/plan"
	"crossbook/store"
)

// factHold keeps what happened to the connection that makes a person's look
// necessary before QuickBooks is written to again (P43).
const factHold = "hold"

// factMapping keeps the version of the mapping the last finished turn worked
// with.
const factMapping = "mapping/used"

// Why writes to QuickBooks are held.
const (
	// HeldReconnected: the connection was made again.
	HeldReconnected = "the connection was made again"
	// HeldRestored: the database was brought back from a backup.
	HeldRestored = "the database was restored from a backup"
	heldMapping  = "the field mapping was changed"
)

// hold stops the first writes to QuickBooks until one turn has read everything
// and found none, or a person lets them pass.
type hold struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	// Read are the feeds read since.
	Read []string `json:"read,omitempty"`
}

// Hold has the first writes to QuickBooks wait for a person, and every feed
// read. A connection that was never synced is let be: its first sync is
// approved anyway.
func Hold(ctx context.Context, tx *store.Tx, connectionID, reason string, now time.Time) error {
	var gone time.Time
	if err := readFact(ctx, tx, connectionID, factGo, &gone); err != nil || gone.IsZero() {
		return err
	}
	if err := writeFact(ctx, tx, connectionID, factHold, hold{Reason: reason, At: now}, now); err != nil {
		return err
	}
	return tx.MarkDirty(ctx, connectionID, Feeds(now))
}

// loadHold reads the hold; a mapping of another version than the last finished
// turn's makes one.
func (t *turn) loadHold(ctx context.Context, tx *store.Tx, mappingVersion int64) error {
	t.mappingVersion = mappingVersion
	if err := readFact(ctx, tx, t.conn.ID, factHold, &t.held); err != nil {
		return err
	}
	t.usedMapping = -1
	if err := readFact(ctx, tx, t.conn.ID, factMapping, &t.usedMapping); err != nil {
		return err
	}
	if t.held.Reason == "" && t.usedMapping >= 0 && t.usedMapping != mappingVersion && !t.facts.goAt.IsZero() {
		t.held = hold{Reason: heldMapping, At: t.now()}
	}
	return nil
}

// holdWrites sets a brake on every module of the stage that is about to be
// written to QuickBooks while a hold stands.
func (t *turn) holdWrites(ctx context.Context, order int, units []*unit) error {
	if t.held.Reason == "" {
		return nil
	}
	next := plan.Tally(allOps(units))
	for _, m := range stageModules(order) {
		n := next[m].CreatesBooks + next[m].UpdatesBooks
		if n == 0 || t.brakes[brakeKey{m, crossbook.Books}] {
			continue
		}
		reason := fmt.Sprintf("%s, so the first changes to QuickBooks need a person's word: %d %s would be written there", t.held.Reason, n, m.Label())
		err := t.update(ctx, func(tx *store.Tx) error {
			var released time.Time
			if err := readFact(ctx, tx, t.conn.ID, factReleased+string(m), &released); err != nil || released.After(t.held.At) {
				return err
			}
			t.brakes[brakeKey{m, crossbook.Books}] = true
			return tx.SetBrake(ctx, t.conn.ID, store.Brake{Module: m, Side: crossbook.Books, Reason: reason, Count: n, At: t.now()})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endHold ends a hold once every feed was read since it began and nothing is
// due any more; what was stopped meanwhile has brakes of its own. An approved
// turn ends it at once.
func (t *turn) endHold(ctx context.Context, done bool) error {
	if t.pretend != nil || t.held.Reason == "" && !done {
		return nil
	}
	for _, f := range Feeds(t.now()) {
		if t.fresh[f.Ref] && !slices.Contains(t.held.Read, f.Ref.String()) {
			t.held.Read = append(t.held.Read, f.Ref.String())
		}
	}
	over := t.ask.Approved || done && len(t.held.Read) == len(Feeds(t.now()))
	return t.update(ctx, func(tx *store.Tx) error {
		if t.held.Reason != "" && !over {
			return writeFact(ctx, tx, t.conn.ID, factHold, t.held, t.now())
		}
		if t.held.Reason != "" {
			if err := tx.DeleteFact(ctx, t.conn.ID, factHold); err != nil {
				return err
			}
		}
		if t.usedMapping == t.mappingVersion {
			return nil
		}
		return writeFact(ctx, tx, t.conn.ID, factMapping, t.mappingVersion, t.now())
	})
}

// Approve lets go of every stop: a person has seen what is about to be done and
// wants it. Paused modules stay paused. The turn that follows is asked for as
// approved ([Ask.Approved]).
func (e *Engine) Approve(ctx context.Context, connectionID string) ([]store.Brake, error) {
	var out Resumed
	err := e.o.Store.Update(ctx, func(tx *store.Tx) error {
		out = Resumed{}
		if err := tx.DeleteFact(ctx, connectionID, factHold); err != nil {
			return err
		}
		if err := releaseBrakes(ctx, tx, connectionID, "", e.o.Now(), &out); err != nil {
			return err
		}
		for _, b := range out.Released {
			modules := crossbook.Modules()
			if b.Module != "" {
				modules = []crossbook.Module{b.Module}
			}
			for _, m := range modules {
				if err := e.wake(ctx, tx, connectionID, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return out.Released, err
}
