package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"crossbook"
	"crossbook/plan"
	"crossbook/store"
)

// Largest legal batches (design section 10) and the number of CRM updates a
// turn writes one by one under If-Unmodified-Since.
const (
	crmBatch      = 100
	booksBatch    = 30
	singleUpdates = 50
)

// apply carries out what was decided: first what needs no vendor, then the
// remote writes as the largest legal batches, wave by wave.
func (t *turn) apply(ctx context.Context, units []*unit) error {
	var remote []crossbook.Op
	pending := map[crossbook.Ref]*unit{}
	if err := t.applyLocal(ctx, units); err != nil {
		return err
	}
	for _, u := range units {
		for _, op := range u.ops {
			if until, ok := t.underWay(op); ok {
				if err := t.awaitAnswer(ctx, u, until); err != nil {
					return err
				}
				continue
			}
			if op.Kind.Remote() {
				remote = append(remote, op)
				pending[op.Source] = u
				pending[u.source()] = u
			}
		}
	}
	if len(remote) == 0 {
		return nil
	}
	if err := t.canary(ctx); err != nil {
		return err
	}
	if err := t.openRun(ctx); err != nil {
		return err
	}
	for _, wave := range plan.Order(remote) {
		wave, err := t.notThereYet(ctx, wave)
		if err != nil {
			return t.sideFailed(ctx, crossbook.CRM, err, nil)
		}
		if len(wave) == 0 {
			continue
		}
		sent, err := t.sendWave(ctx, wave, pending)
		if err != nil {
			return err
		}
		if wave[0].Module.Document() && !wave[0].Note {
			if err := t.readBack(ctx, wave[0].Module, totalsOf(wave), sent...); err != nil {
				return t.sideFailed(ctx, crossbook.CRM, err, nil)
			}
			if err := t.stockMoved(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// stockMoved has the products read again once the documents that are due were
// written: the CRM's own stock arithmetic moves Qty in Stock with each of them,
// and QuickBooks' figure is put back (P10).
func (t *turn) stockMoved(ctx context.Context) error {
	return t.update(ctx, func(tx *store.Tx) error {
		ref := crossbook.Ref{Side: crossbook.CRM, Type: string(crossbook.Products), ID: choreStock}
		return tx.MarkDirty(ctx, t.conn.ID, []store.Dirty{{Ref: ref, DueAt: t.now(), Reason: "stock was moved", Order: orderStock}})
	})
}

// awaitAnswer holds a unit whose write is already on its way: until its
// deadline has passed it may still take effect.
func (t *turn) awaitAnswer(ctx context.Context, u *unit, until time.Time) error {
	return t.update(ctx, func(tx *store.Tx) error {
		return t.postponeRows(ctx, tx, u.rows, until, "a call without an answer may still take effect")
	})
}

// sendWave sends one wave, many calls at a time, and returns the calls' ids.
func (t *turn) sendWave(ctx context.Context, wave plan.Wave, pending map[crossbook.Ref]*unit) ([]string, error) {
	calls, err := t.calls(ctx, wave)
	if err != nil {
		return nil, err
	}
	sent := make([]string, 0, len(calls))
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(t.e.o.Parallel)
	for _, c := range calls {
		sent = append(sent, c.request.ID)
		mu.Lock()
		why, blocked := t.isBlocked(c.request.Side)
		blocked = blocked || t.unresolved && t.oneAtATime(c.ops[0])
		mu.Unlock()
		switch {
		case blocked:
			err = t.setAside(ctx, c, why, pending)
		case t.e.o.Parallel == 1 || t.oneAtATime(c.ops[0]):
			err = t.call(ctx, c, &mu, pending)
		default:
			group.Go(func() error { return t.call(ctx, c, &mu, pending) })
		}
		if err != nil {
			break
		}
	}
	return sent, errors.Join(err, group.Wait())
}

// setAside lets the rows of a call wait until its side may be called again.
func (t *turn) setAside(ctx context.Context, c call, why string, pending map[crossbook.Ref]*unit) error {
	until := t.blocked[c.request.Side].until
	return t.update(ctx, func(tx *store.Tx) error {
		for _, op := range c.ops {
			if err := t.postponeRows(ctx, tx, rowsOf(pending[op.Source], op, t), until, why); err != nil {
				return err
			}
		}
		return nil
	})
}

// call is one vendor call with the operations it carries.
type call struct {
	request crossbook.Request
	ops     []crossbook.Op
}

// calls cuts a wave into calls: one side, one kind, largest legal batch. CRM
// updates go one by one under compare-and-set while they are few.
func (t *turn) calls(ctx context.Context, wave plan.Wave) ([]call, error) {
	groups := map[string][]crossbook.Op{}
	var order []string
	for _, op := range wave {
		k := strings.Join([]string{string(op.Side), string(op.Module), string(op.Kind), strconv.FormatBool(op.Trigger), strconv.FormatBool(op.Note)}, "/")
		if op.Side == crossbook.Books {
			k = string(op.Side)
			if t.alone[op.Source] {
				k += "/" + op.Source.String()
			}
		}
		if _, ok := groups[k]; !ok {
			order = append(order, k)
		}
		groups[k] = append(groups[k], op)
	}
	var out []call
	for _, k := range order {
		ops := groups[k]
		size := crmBatch
		switch {
		case ops[0].Note && ops[0].Module.TwoWay():
			size = 1 // each on the condition that nobody touched the record
		case ops[0].Side == crossbook.Books:
			size = booksBatch
		case t.oneAtATime(ops[0]):
			size = 1
		case ops[0].Kind == crossbook.Update && ops[0].Module.TwoWay() && t.fewUpdates(len(ops)):
			size = 1
		case ops[0].Kind == crossbook.Update && ops[0].Module.TwoWay():
			var err error
			if ops, err = t.unmoved(ctx, ops); err != nil {
				return nil, err
			}
		}
		for chunk := range slices.Chunk(ops, size) {
			c, err := t.prepare(chunk)
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// fewUpdates counts updates of two-way records and tells whether they go one by
// one. A read and a batch are two calls, and worth no less than two updates.
func (t *turn) fewUpdates(n int) bool {
	t.updates += n
	return t.updates <= singleUpdates || n <= 2
}

// unmoved drops updates whose record moved since it was read: large batches
// cannot carry a condition a record, so Modified_Time is read afresh right
// before (design section 5, compare-and-set). The dropped ones stay due.
func (t *turn) unmoved(ctx context.Context, ops []crossbook.Op) ([]crossbook.Op, error) {
	fresh := map[string]string{}
	for chunk := range slices.Chunk(ops, readChunk) {
		ids := make([]string, len(chunk))
		for i, op := range chunk {
			ids[i] = op.Link.CRMID
		}
		records, err := t.sides.CRM.Read(ctx, ops[0].Module, ids)
		if err != nil {
			return nil, t.sideFailed(ctx, crossbook.CRM, err, nil)
		}
		for _, r := range records {
			fresh[r.ID] = r.Revision
		}
		if err := t.absorb(ctx, records, nil, true); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(ops), func(op crossbook.Op) bool {
		return fresh[op.Link.CRMID] != op.Revision
	}), nil
}

// prepare turns operations into a call, to the byte.
func (t *turn) prepare(ops []crossbook.Op) (call, error) {
	id := t.e.o.NewID()
	writes := make([]crossbook.Write, len(ops))
	for i, op := range ops {
		writes[i] = crossbook.Write{
			Key: strconv.Itoa(i), Kind: op.Kind, Body: op.Body, Revision: op.Revision, Trigger: op.Trigger,
		}
		if op.Side == crossbook.CRM {
			writes[i].Ref = crossbook.CRMRef(op.Module, op.Link.CRMID)
		} else {
			writes[i].Ref = crossbook.BooksRef(op.Link.Entity, op.Link.BooksID)
		}
	}
	var r crossbook.Request
	var err error
	if ops[0].Side == crossbook.CRM {
		r, err = t.sides.CRM.Prepare(ops[0].Module, writes)
		r.ID = id
	} else {
		r, err = t.sides.Books.Prepare(id, writes)
	}
	if err != nil {
		return call{}, fmt.Errorf("prepare %d writes to %s: %w", len(ops), ops[0].Side, err)
	}
	return call{request: r, ops: ops}, nil
}

// call makes one call: intents are stored before it, results after it, both
// under the fence.
func (t *turn) call(ctx context.Context, c call, mu *sync.Mutex, pending map[crossbook.Ref]*unit) error {
	stored := t.now() // taken before: the process may stand still anywhere below
	if err := t.keepIntents(ctx, c); err != nil {
		return err
	}
	t.e.o.Step("intent stored")
	if held := t.now().Sub(stored); held > leaseTTL/2 {
		// Somebody else may have the lease by now, and recovers this request.
		return fmt.Errorf("the process stood still for %s: %w", held, store.ErrFenced)
	}
	t.e.o.Logger.Debug("send", "connection", t.conn.ID, "side", c.request.Side, "type", c.request.Type, "method", c.request.Method, "writes", len(c.ops))
	outcomes, err := t.send(ctx, c.request)
	t.e.o.Step("answer received")
	mu.Lock()
	defer mu.Unlock()
	return t.finish(ctx, c.request, c.ops, outcomes, err, pending)
}

func (t *turn) send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, t.e.o.WriteDeadline)
	defer cancel()
	if r.Side == crossbook.CRM {
		return t.sides.CRM.Send(ctx, r)
	}
	return t.sides.Books.Send(ctx, r)
}

// promise is what an intent must make true once its write has succeeded; it is
// stored with the intent, so that recovery can keep it.
type promise struct {
	Op   opRecord   `json:"op"`
	With []opRecord `json:"with,omitempty"`
}

// opRecord is an operation as an intent keeps it.
type opRecord struct {
	Kind      crossbook.OpKind   `json:"kind"`
	Side      crossbook.Side     `json:"side"`
	Module    crossbook.Module   `json:"module"`
	Link      crossbook.Link     `json:"link"`
	Name      string             `json:"name,omitempty"`
	Why       string             `json:"why,omitempty"`
	Changes   []crossbook.Change `json:"changes,omitempty"`
	BaseCRM   crossbook.Fields   `json:"base_crm,omitempty"`
	BaseBooks crossbook.Fields   `json:"base_books,omitempty"`
	Source    crossbook.Ref      `json:"source"`
	Trigger   bool               `json:"trigger,omitempty"`
	Body      map[string]any     `json:"body,omitempty"`
	Revision  string             `json:"revision,omitempty"`
	Note      bool               `json:"note,omitempty"`
}

func recordOp(op crossbook.Op) opRecord {
	return opRecord{
		Kind: op.Kind, Side: op.Side, Module: op.Module, Link: op.Link, Name: op.Name, Why: op.Why, Changes: op.Changes,
		BaseCRM: op.BaseCRM, BaseBooks: op.BaseBooks, Source: op.Source, Trigger: op.Trigger, Body: op.Body, Revision: op.Revision,
		Note: op.Note,
	}
}

func (r opRecord) op() crossbook.Op {
	return crossbook.Op{
		Kind: r.Kind, Side: r.Side, Module: r.Module, Link: r.Link, Name: r.Name, Why: r.Why, Changes: r.Changes,
		BaseCRM: r.BaseCRM, BaseBooks: r.BaseBooks, Source: r.Source, Trigger: r.Trigger, Body: r.Body, Revision: r.Revision,
		Note: r.Note,
	}
}

// keepIntents stores the request with its exact bytes and one intent a write.
func (t *turn) keepIntents(ctx context.Context, c call) error {
	r := c.request
	header := map[string]string{}
	for k, v := range r.Header {
		header[k] = v
	}
	intents := make([]store.Intent, len(c.ops))
	for i, op := range c.ops {
		p := promise{Op: recordOp(op)}
		for _, w := range op.With {
			p.With = append(p.With, recordOp(w))
		}
		data, err := json.Marshal(p)
		if err != nil {
			return err
		}
		intents[i] = store.Intent{
			RequestID: r.ID, Seq: i, Key: intentKey(op), OpKind: op.Kind,
			Ref: r.Writes[i].Ref, LinkID: op.Link.ID, Data: data,
		}
	}
	return t.update(ctx, func(tx *store.Tx) error {
		return tx.PutRequest(ctx, t.conn.ID, store.Request{
			ID: r.ID, Side: r.Side, Kind: r.Type, Method: r.Method, Path: r.Path, Query: r.Query.Encode(),
			Header: header, Body: r.Body, RequestID: r.Query.Get("requestid"), Fence: t.fence,
			State: store.RequestOpen, Deadline: t.now().Add(t.e.o.WriteDeadline), CreatedAt: t.now(), Turn: t.id, Run: t.run,
		}, intents)
	})
}

// intentKey names what an intent does, so that a second one for the same thing
// can be told: the pair's record and direction for a create, the link for an
// update, the record for a note.
func intentKey(op crossbook.Op) string {
	switch {
	case op.Note:
		return "note/" + string(op.Module) + "/" + op.Link.CRMID
	case op.Kind == crossbook.Create:
		return createKey(op.Side, op.Module, cmp.Or(op.Link.BooksID, op.Link.CRMID))
	}
	return "update/" + string(op.Side) + "/" + op.Link.ID
}

func createKey(side crossbook.Side, m crossbook.Module, id string) string {
	return "create/" + string(side) + "/" + string(m) + "/" + id
}

// isBlocked tells whether a side is not to be called for a while.
func (t *turn) isBlocked(s crossbook.Side) (why string, blocked bool) {
	b, ok := t.blocked[s]
	if !ok || !t.now().Before(b.until) {
		return "", false
	}
	return b.why, true
}

// block keeps a side from being called until a time.
func (t *turn) block(s crossbook.Side, until time.Time, why string) {
	if b, ok := t.blocked[s]; !ok || b.until.Before(until) {
		t.blocked[s] = blockage{until: until, why: why}
	}
}
