package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// replayFor is how long a QuickBooks request id is trusted to be remembered:
// retention is not documented (reference quickbooks-online section 9). Later
// the company itself is asked.
const replayFor = time.Hour

// failNoEffect marks a recovered write that did not take effect: its record is
// decided again.
const failNoEffect crossbook.FailureKind = "no effect"

// recover resolves every open request before anything else is done: what was
// sent may have taken effect, and nothing is sent again before that is known
// (design section 5).
func (t *turn) recover(ctx context.Context) error {
	t.unresolved = false
	clear(t.inFlight)
	var open []store.Request
	err := t.view(ctx, func(tx *store.Tx) error {
		var err error
		open, err = tx.OpenRequests(ctx, t.conn.ID)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range open {
		if _, blocked := t.isBlocked(r.Side); blocked {
			if err := t.stayUnresolved(ctx, r); err != nil {
				return err
			}
			continue
		}
		t.e.o.Step("recovery begun")
		if err := t.recoverOne(ctx, r); err != nil {
			if err := t.sideFailed(ctx, r.Side, err, nil); err != nil {
				return err
			}
		}
		t.e.o.Step("recovery done")
	}
	return nil
}

// stayUnresolved keeps what a request was to do from being sent again while its
// side cannot be asked what became of it.
func (t *turn) stayUnresolved(ctx context.Context, r store.Request) error {
	ops, _, err := t.promisesOf(ctx, r)
	if err != nil {
		return err
	}
	until := r.Deadline
	if b := t.blocked[r.Side]; b.until.After(until) {
		until = b.until
	}
	for _, op := range ops {
		t.inFlight[intentKey(op)] = until
	}
	t.unresolved = true
	return nil
}

func (t *turn) recoverOne(ctx context.Context, r store.Request) error {
	ops, writes, err := t.promisesOf(ctx, r)
	if err != nil {
		return err
	}
	request := crossbook.Request{
		ID: r.ID, Side: r.Side, Type: r.Kind, Method: r.Method, Path: r.Path,
		Header: r.Header, Body: r.Body, Writes: writes,
	}
	request.Query, err = url.ParseQuery(r.Query)
	if err != nil {
		return err
	}
	if r.Side == crossbook.Books {
		if t.now().Sub(r.CreatedAt) < replayFor {
			return t.replay(ctx, request, ops)
		}
		return t.probeBooks(ctx, request, ops, &crossbook.Failure{Kind: failNoEffect})
	}
	return t.probeCRM(ctx, r, request, ops)
}

// promisesOf reads back what a request was to do.
func (t *turn) promisesOf(ctx context.Context, r store.Request) ([]crossbook.Op, []crossbook.Write, error) {
	var intents []store.Intent
	err := t.view(ctx, func(tx *store.Tx) error {
		var err error
		intents, err = tx.Intents(ctx, t.conn.ID, r.ID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	ops := make([]crossbook.Op, len(intents))
	writes := make([]crossbook.Write, len(intents))
	for i, in := range intents {
		var p promise
		dec := json.NewDecoder(bytes.NewReader(in.Data))
		dec.UseNumber() // amounts are compared with what the vendor shows
		if err := dec.Decode(&p); err != nil {
			return nil, nil, fmt.Errorf("read intent %d of request %s: %w", in.Seq, r.ID, err)
		}
		ops[i] = p.Op.op()
		for _, w := range p.With {
			ops[i].With = append(ops[i].With, w.op())
		}
		writes[i] = crossbook.Write{Key: strconv.Itoa(in.Seq), Kind: in.OpKind, Ref: in.Ref, Body: p.Op.Body, Trigger: p.Op.Trigger}
	}
	return ops, writes, nil
}

// replay sends the identical bytes again: under the same request id QuickBooks
// returns its first answer and writes nothing twice.
func (t *turn) replay(ctx context.Context, r crossbook.Request, ops []crossbook.Op) error {
	outcomes, err := t.send(ctx, r)
	t.e.o.Step("answer received")
	if f, ok := ownFault(err); ok {
		return t.replayFaulted(ctx, r, ops, f)
	}
	return t.finish(ctx, r, ops, outcomes, err, nil)
}

// probeBooks finds out what became of writes whose request id may have been
// forgotten. A created record of that name is ours only if every field we sent
// agrees; otherwise it is a stranger. An update took effect when the record
// shows what was sent. None is the failure of those that left no trace.
func (t *turn) probeBooks(ctx context.Context, r crossbook.Request, ops []crossbook.Op, none *crossbook.Failure) error {
	var outcomes []crossbook.Outcome
	for i, op := range ops {
		found, err := t.tookEffectInBooks(ctx, op)
		if err != nil {
			return err
		}
		o := crossbook.Outcome{Key: r.Writes[i].Key, Failure: none}
		if found != nil {
			o = crossbook.Outcome{Key: r.Writes[i].Key, Ref: found.Ref, Revision: found.Revision, Modified: found.Modified, Record: found, Found: true}
		}
		outcomes = append(outcomes, o)
	}
	return t.finish(ctx, r, ops, outcomes, nil, nil)
}

// tookEffectInBooks is the record a write made or changed; nil when it did not.
func (t *turn) tookEffectInBooks(ctx context.Context, op crossbook.Op) (*crossbook.Record, error) {
	if op.Kind == crossbook.Create {
		return t.ourBooksRecord(ctx, op)
	}
	rec, there, err := t.sides.Books.Read(ctx, op.Link.Entity, op.Link.BooksID)
	if err != nil || !there || !carries(rec.Data, op.Body) {
		return nil, err
	}
	return &rec, nil
}

func (t *turn) ourBooksRecord(ctx context.Context, op crossbook.Op) (*crossbook.Record, error) {
	name := text(op.Body["DisplayName"])
	if name == "" {
		name = text(op.Body["Name"])
	}
	found, err := t.sides.Books.FindByName(ctx, op.Link.Entity, name)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if carries(r.Data, op.Body) {
			return &r, nil
		}
	}
	return nil, nil
}

// carries tells whether a record holds every plain value that was sent.
func carries(data, sent map[string]any) bool {
	for k, v := range sent {
		switch v := v.(type) {
		case map[string]any:
			inner, ok := data[k].(map[string]any)
			if !ok || !carries(inner, v) {
				return false
			}
		case []any:
		default:
			if text(v) != "" && text(data[k]) != text(v) {
				return false
			}
		}
	}
	return true
}

// probeCRM finds out what became of a Zoho call. A create is looked for by our
// id field, exactly; an update by reading the record. What took effect is
// settled at once; the rest only when the call's deadline has passed, because
// until then it may still take effect.
func (t *turn) probeCRM(ctx context.Context, stored store.Request, r crossbook.Request, ops []crossbook.Op) error {
	outcomes, err := t.probe(ctx, r, ops)
	if err != nil {
		return err
	}
	open := slices.ContainsFunc(outcomes, func(o crossbook.Outcome) bool { return o.Failure != nil })
	if open && t.now().Before(stored.Deadline) {
		for _, op := range ops {
			t.inFlight[intentKey(op)] = stored.Deadline
		}
		return t.update(ctx, func(tx *store.Tx) error {
			for _, op := range ops {
				rows := t.rowsNow(ctx, tx, op.Source)
				if err := t.postponeRows(ctx, tx, rows, stored.Deadline, "a call without an answer may still take effect"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return t.finish(ctx, r, ops, outcomes, nil, nil)
}

// rowsNow are the dirty rows of a record as they stand.
func (t *turn) rowsNow(ctx context.Context, tx *store.Tx, ref crossbook.Ref) []store.Dirty {
	row, err := tx.DirtyRow(ctx, t.conn.ID, ref)
	if err != nil {
		return nil
	}
	return []store.Dirty{row}
}

func (t *turn) probe(ctx context.Context, r crossbook.Request, ops []crossbook.Op) ([]crossbook.Outcome, error) {
	m := crossbook.Module(r.Type)
	var values, ids []string
	for _, op := range ops {
		if op.Kind == crossbook.Create {
			values = append(values, op.Link.BooksID)
		} else {
			ids = append(ids, op.Link.CRMID)
		}
	}
	found := map[string]string{}
	if len(values) > 0 {
		var err error
		if found, err = t.sides.CRM.FindByOurID(ctx, m, values); err != nil {
			return nil, err
		}
		for _, id := range found {
			ids = append(ids, id)
		}
	}
	now := map[string]crossbook.Record{}
	for chunk := range slices.Chunk(ids, readChunk) {
		records, err := t.sides.CRM.Read(ctx, m, chunk)
		if err != nil {
			return nil, err
		}
		for _, rec := range records {
			now[rec.ID] = rec
		}
	}
	outcomes := make([]crossbook.Outcome, len(ops))
	for i, op := range ops {
		id := op.Link.CRMID
		if op.Kind == crossbook.Create {
			id = found[op.Link.BooksID]
		}
		rec, there := now[id]
		took := there && (op.Kind == crossbook.Create || t.tookEffect(op, rec))
		outcomes[i] = crossbook.Outcome{Key: r.Writes[i].Key, Failure: &crossbook.Failure{Kind: failNoEffect}}
		if took {
			outcomes[i] = crossbook.Outcome{Key: r.Writes[i].Key, Ref: rec.Ref, Found: true}
		}
	}
	return outcomes, nil
}

// tookEffect tells whether a CRM record shows what an update was to write. A
// document shows it by its total and by having been written since it was read.
func (t *turn) tookEffect(op crossbook.Op, rec crossbook.Record) bool {
	if op.Module.Document() && !op.Note {
		return rec.Revision != op.Revision && mapping.Number(rec.Data["Grand_Total"]) == mapping.Number(op.BaseCRM[keyTotal])
	}
	for k, v := range op.Body {
		switch v := v.(type) {
		case map[string]any:
			if lookupID(rec.Data, k) != text(v["id"]) {
				return false
			}
		case nil:
			if text(rec.Data[k]) != "" {
				return false
			}
		default:
			if text(rec.Data[k]) != text(v) {
				return false
			}
		}
	}
	return true
}
