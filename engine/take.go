package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// The lease of a turn (design section 5, take).
const (
	leaseTTL  = 30 * time.Second
	leaseBeat = 10 * time.Second
)

// take leases the connection and loads what the turn needs to know.
func (e *Engine) take(ctx context.Context, connectionID string, ask Ask) (*turn, error) {
	t := e.newTurn(ask)
	err := e.o.Store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, connectionID)
		if err != nil {
			return err
		}
		t.conn = c
		fence, ok, holder, err := tx.AcquireLease(ctx, c.ID, store.TurnLease, e.o.Owner, e.o.Now(), leaseTTL)
		if err != nil {
			return err
		}
		if !ok {
			return &HeldError{Holder: holder}
		}
		t.fence = fence
		if err := t.joinRun(ctx, tx); err != nil {
			return err
		}
		return t.load(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	t.sides, err = e.o.Connect(ctx, t.conn)
	if err != nil {
		t.release(ctx)
		return nil, err
	}
	t.beat(ctx)
	return t, nil
}

// newTurn makes an empty turn.
func (e *Engine) newTurn(ask Ask) *turn {
	return &turn{
		e: e, id: e.o.NewID(), ask: ask, started: e.o.Now(),
		counts: map[string]int64{}, wrote: map[crossbook.Module]int{}, rounds: map[crossbook.Ref]int{},
		blocked: map[crossbook.Side]blockage{}, guarded: map[int]bool{},
		brakes: map[brakeKey]bool{}, fresh: map[crossbook.Ref]bool{}, askedAt: map[crossbook.Ref]time.Time{}, edits: map[edited]time.Time{}, inFlight: map[string]time.Time{}, alone: map[crossbook.Ref]bool{},
		whole: map[crossbook.Ref]*crossbook.Record{}, heads: map[crossbook.Ref]*crossbook.Record{}, dealsBy: map[string][]string{}, limits: map[crossbook.Module]map[string]int{}, readAt: map[crossbook.Ref]time.Time{},
	}
}

// load reads settings, mapping, vendor facts and brakes.
func (t *turn) load(ctx context.Context, tx *store.Tx) error {
	settings, _, err := tx.Settings(ctx, t.conn.ID)
	if err != nil {
		return err
	}
	t.settings = settings
	if err := t.facts.load(ctx, tx, t.conn); err != nil {
		return err
	}
	doc, err := ReadMapping(ctx, tx, t.conn, settings)
	if err != nil {
		return err
	}
	_, version, err := tx.Mapping(ctx, t.conn.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := t.loadHold(ctx, tx, version); err != nil {
		return err
	}
	m, issues := mapping.Compile(doc, settings, t.facts.metadata)
	for _, i := range issues {
		if i.Fatal {
			t.e.o.Logger.Warn("mapping issue stops a module", "connection", t.conn.ID, "module", i.Module, "field", i.Field)
		}
	}
	t.mapping = m
	brakes, err := tx.Brakes(ctx, t.conn.ID)
	if err != nil {
		return err
	}
	for _, b := range brakes {
		t.brakes[brakeKey{b.Module, b.Side}] = true
	}
	return nil
}

// ReadMapping is the mapping a connection works with: the one a person saved,
// or the default of its settings.
func ReadMapping(ctx context.Context, tx *store.Tx, c crossbook.Connection, s crossbook.Settings) (mapping.Document, error) {
	doc := mapping.Default(s)
	raw, _, err := tx.Mapping(ctx, c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return doc, nil
	}
	if err != nil {
		return doc, err
	}
	doc = mapping.Document{}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return doc, fmt.Errorf("read the mapping of connection %s: %w", c.Name, err)
	}
	return doc, nil
}

// beat keeps the lease alive while the turn works.
func (t *turn) beat(ctx context.Context) {
	if t.e.o.Beat < 0 {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	t.stopBeat = cancel
	go func() {
		tick := time.NewTicker(t.e.o.Beat)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			err := t.e.o.Store.Update(ctx, func(tx *store.Tx) error {
				return tx.Heartbeat(ctx, t.conn.ID, store.TurnLease, t.fence, t.now(), leaseTTL)
			})
			if errors.Is(err, store.ErrFenced) {
				return
			}
		}
	}()
}

// release gives the lease back; a lease that was lost already is no trouble.
func (t *turn) release(ctx context.Context) {
	if t.stopBeat != nil {
		t.stopBeat()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := t.e.o.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.ReleaseLease(ctx, t.conn.ID, store.TurnLease, t.fence)
	})
	if err != nil {
		t.e.o.Logger.Warn("release the lease", "connection", t.conn.ID, "error", err)
	}
}
