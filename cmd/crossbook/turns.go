package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/jobs"
	"crossbook/store"
)

// first is what is remembered of a connection's first sync. Until a person
// asks for it nothing is written; while it is not over every turn counts as
// approved, whichever process runs it.
type first struct {
	Begun time.Time `json:"begun"`
	Ended time.Time `json:"ended,omitzero"`
	By    string    `json:"by,omitempty"`
}

const factFirst = "first-sync"

// firstSync reads it; a zero Begun means that it was never asked for.
func (h *house) firstSync(ctx context.Context, connectionID string) (first, error) {
	var f first
	_, err := h.fact(ctx, connectionID, factFirst, &f)
	return f, err
}

// beginFirst marks the moment of go, once.
func (h *house) beginFirst(ctx context.Context, connectionID, by string) error {
	now := time.Now().UTC()
	return h.store.Update(ctx, func(tx *store.Tx) error {
		if err := engine.Go(ctx, tx, connectionID, now); err != nil {
			return err
		}
		if err := putFact(ctx, tx, connectionID, factFirst, first{Begun: now, By: by}); err != nil {
			return err
		}
		return tx.SetConnectionState(ctx, connectionID, crossbook.Active)
	})
}

func (h *house) endFirst(ctx context.Context, connectionID string, f first) error {
	f.Ended = time.Now().UTC()
	return h.store.Update(ctx, func(tx *store.Tx) error {
		return putFact(ctx, tx, connectionID, factFirst, f)
	})
}

func putFact(ctx context.Context, tx *store.Tx, connectionID, key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.PutFact(ctx, connectionID, key, raw, time.Now())
}

// turn runs one turn and keeps the count of its calls.
func (h *house) turn(ctx context.Context, c crossbook.Connection, ask engine.Ask) (engine.Report, error) {
	f, err := h.firstSync(ctx, c.ID)
	if err != nil {
		return engine.Report{}, err
	}
	inFirst := !f.Begun.IsZero() && f.Ended.IsZero()
	ask.Approved = ask.Approved || inFirst
	rep, err := h.engine.Turn(ctx, c.ID, ask)
	h.mu.Lock()
	e := h.ends[c.ID]
	h.mu.Unlock()
	if e != nil {
		if ferr := e.meter.flush(context.WithoutCancel(ctx)); ferr != nil {
			h.log.Warn("keep the count of calls", "error", ferr)
		}
	}
	if err == nil && inFirst && rep.Done && len(rep.Blocked) == 0 {
		err = h.endFirst(ctx, c.ID, f)
	}
	return rep, err
}

// connection reads a connection as it stands.
func (h *house) connection(ctx context.Context, id string) (c crossbook.Connection, err error) {
	err = h.store.View(ctx, func(tx *store.Tx) error {
		c, err = tx.Connection(ctx, id)
		return err
	})
	return c, err
}

// freeDead releases what processes of this machine that are gone still hold.
func (h *house) freeDead(ctx context.Context) error {
	return h.store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.FreeDeadLeases(ctx, h.owner.Host, jobs.Alive)
		return err
	})
}

// How long the queue stays away after something that waiting may cure.
const (
	heldPause   = 500 * time.Millisecond
	brokenPause = 30 * time.Second
)

// pumped runs a turn for the job queue.
func (h *house) pumped(ctx context.Context, connectionID string) jobs.Outcome {
	log := h.log.With("connection", connectionID)
	c, err := h.connection(ctx, connectionID)
	if errors.Is(err, store.ErrNotFound) {
		return jobs.Outcome{Rest: true}
	}
	if err == nil {
		var f first
		if f, err = h.firstSync(ctx, connectionID); err == nil && f.Begun.IsZero() || c.State == crossbook.Reauthorise {
			return jobs.Outcome{Rest: true} // a person asks for the first sync, or signs in again
		}
	}
	if err != nil {
		log.Error("read the connection", "error", err)
		return jobs.Outcome{Snooze: brokenPause}
	}
	rep, err := h.turn(ctx, c, engine.Ask{})
	var held *engine.HeldError
	switch {
	case errors.As(err, &held):
		return jobs.Outcome{Snooze: heldPause}
	case errors.Is(err, store.ErrFenced):
		log.Warn("another process took over", "error", err)
		return jobs.Outcome{Snooze: heldPause}
	case err != nil && ctx.Err() == nil:
		log.Error("a turn failed", "error", err)
		return jobs.Outcome{Snooze: brokenPause}
	case err != nil:
		return jobs.Outcome{Rest: true} // this process is ending; the next one ticks
	}
	if len(rep.Counts) > 0 {
		log.Info("turn", "turn", rep.Turn, "counts", rep.Counts, "problems", rep.Problems)
	}
	for side, why := range rep.Blocked {
		log.Warn("a side is not called for a while", "side", side, "why", why)
	}
	return jobs.Outcome{}
}

// whenFree tries until no other process holds the connection's lease.
func (h *house) whenFree(ctx context.Context, do func() error) error {
	for {
		err := do()
		var held *engine.HeldError
		if !errors.As(err, &held) {
			return err
		}
		h.app.progress("process %d on %s is at it; waiting", held.Holder.PID, held.Holder.Host)
		if err := h.freeDead(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followEvery):
		}
	}
}
