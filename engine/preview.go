package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// Preview is what a turn would do, and why. Nothing was written to a vendor.
type Preview struct {
	// Books opens every plan (P39): what happens to the books.
	Books BooksHeader `json:"books"`
	// CRM says what happens in the CRM.
	CRM CRMHeader `json:"crm"`
	// LeftOut counts records without a link by module and code.
	LeftOut map[string]int `json:"left_out"`
	// Ops are the operations in order.
	Ops []crossbook.Op `json:"ops"`
}

// BooksHeader counts what would happen in QuickBooks. Crossbook never writes
// transactions, so the first figure is 0 by construction; it is counted all
// the same.
type BooksHeader struct {
	Postings     int `json:"postings"`
	Customers    int `json:"customers"`
	Items        int `json:"items"`
	Vendors      int `json:"vendors"`
	Renamed      int `json:"renamed"`
	MadeInactive int `json:"made_inactive"`
	Updated      int `json:"updated"`
}

// CRMHeader counts what would happen in the CRM.
type CRMHeader struct {
	New     int `json:"new"`
	Filled  int `json:"filled"`
	Cleared int `json:"cleared"`
	Linked  int `json:"linked"`
}

// Sentence is the header of practice P39, word for word.
func (p Preview) Sentence() string {
	change := "no change"
	if p.Books.Postings > 0 {
		change = "CHANGED"
	}
	return fmt.Sprintf("Your books: %s invoices, bills, payments or journal entries will be created or changed. Balance sheet and profit: %s. "+
		"Customers %s, items %s, vendors %s, renamed %d, made inactive %d. In the CRM: %s new, %s filled, %s cleared.",
		group(p.Books.Postings), change, signed(p.Books.Customers), signed(p.Books.Items), signed(p.Books.Vendors), p.Books.Renamed, p.Books.MadeInactive,
		group(p.CRM.New), group(p.CRM.Filled), group(p.CRM.Cleared))
}

func signed(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}

// group writes a number with thousands separated.
func group(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// pretence is what a preview pretends to have written already, so that what
// follows from it shows too: the Contact of an Account, the invoice of a
// customer.
type pretence struct {
	byCRM, byBooks map[crossbook.Ref][]crossbook.Link
	replaced       map[string]bool // ids of links that are pretended to be otherwise
	n              int
	// ops are the operations in the order they were first planned. A unit that is
	// looked at again says anew what is to be written: its last word counts.
	ops     []crossbook.Op
	at      map[string]int
	leftOut map[leftOutKey]string
}

type leftOutKey struct {
	ref    crossbook.Ref
	module crossbook.Module
}

// plan takes an operation into the plan and pretends that it was carried out.
func (p *pretence) plan(op crossbook.Op) {
	p.add(op)
	if op.Kind == crossbook.Rebase || op.Kind == crossbook.Skip {
		return
	}
	key := strings.Join([]string{string(op.Kind), string(op.Module), op.Source.String(), op.Name}, "/")
	if op.Kind.Remote() {
		key = intentKey(op)
	}
	if i, ok := p.at[key]; ok {
		p.ops[i] = op
		return
	}
	p.at[key] = len(p.ops)
	p.ops = append(p.ops, op)
}

// into counts what was planned.
func (p *pretence) into(out *Preview) {
	for _, op := range p.ops {
		out.count(op)
	}
	for k, code := range p.leftOut {
		out.LeftOut[string(k.module)+" "+code]++
	}
}

func newPretence() *pretence {
	return &pretence{
		byCRM: map[crossbook.Ref][]crossbook.Link{}, byBooks: map[crossbook.Ref][]crossbook.Link{}, replaced: map[string]bool{},
		at: map[string]int{}, leftOut: map[leftOutKey]string{},
	}
}

const planned = "planned:"

func isPlanned(id string) bool { return strings.HasPrefix(id, planned) }

// add pretends that an operation was carried out.
func (p *pretence) add(op crossbook.Op) {
	for _, o := range append([]crossbook.Op{op}, op.With...) {
		if o.Kind != crossbook.Create && o.Kind != crossbook.LinkUp {
			continue
		}
		l := o.Link
		l.Kind, l.State = crossbook.Home, crossbook.Linked
		p.replaced[l.ID] = true
		p.n++
		if l.CRMID == "" {
			l.CRMID = fmt.Sprint(planned, p.n)
		}
		if l.BooksID == "" {
			l.BooksID = fmt.Sprint(planned, p.n)
		}
		p.byCRM[l.CRM()] = append(p.byCRM[l.CRM()], l)
		p.byBooks[l.Books()] = append(p.byBooks[l.Books()], l)
	}
}

// over are the links a record is pretended to have: those stored, and those
// pretended, which stand for stored ones of their id.
func (p *pretence) over(r crossbook.Ref, stored []crossbook.Link) []crossbook.Link {
	if p == nil {
		return slices.Clone(stored)
	}
	more := p.byBooks[r]
	if r.Side == crossbook.CRM {
		more = p.byCRM[r]
	}
	kept := slices.DeleteFunc(slices.Clone(stored), func(l crossbook.Link) bool { return p.replaced[l.ID] })
	return append(kept, more...)
}

// Plan reads both feeds and says what the next turns would do, without writing
// to a vendor. It needs the lease, because it reads.
func (e *Engine) Plan(ctx context.Context, connectionID string, ask Ask) (Preview, error) {
	p := Preview{LeftOut: map[string]int{}}
	t, err := e.take(ctx, connectionID, ask)
	if err != nil {
		return p, err
	}
	defer t.release(ctx)
	t.pretend = newPretence()
	if err := t.readFeeds(ctx); err != nil {
		return p, err
	}
	var due []store.Dirty
	err = t.view(ctx, func(tx *store.Tx) error {
		if due, err = tx.DueDirty(ctx, t.conn.ID, t.now(), 10_000_000); err != nil || ask.Settings == nil {
			return err
		}
		due, err = t.supposing(ctx, tx, *ask.Settings, due)
		return err
	})
	if err != nil {
		return p, err
	}
	for _, order := range []int{orderVendors, orderCustomers, orderProducts, orderQuotes, orderInvoices, orderPOs, orderDeals} {
		rows := slices.DeleteFunc(slices.Clone(due), func(d store.Dirty) bool { return d.Order != order })
		if err := t.preview(ctx, rows); err != nil {
			return p, err
		}
	}
	t.pretend.into(&p)
	return p, nil
}

// supposing takes other choices than those stored, and has everything looked at
// that is left out so far: that is what other choices would take in.
func (t *turn) supposing(ctx context.Context, tx *store.Tx, s crossbook.Settings, due []store.Dirty) ([]store.Dirty, error) {
	doc, err := ReadMapping(ctx, tx, t.conn, s)
	if err != nil {
		return nil, err
	}
	if s.CustomerSource != t.settings.CustomerSource {
		doc = mapping.Default(s) // as it would be stored with them
	}
	t.settings = s
	t.mapping, _ = mapping.Compile(doc, s, t.facts.metadata)
	seen := map[crossbook.Ref]bool{}
	for _, d := range due {
		seen[d.Ref] = true
	}
	out, err := leftOutRefs(ctx, tx, t.conn.ID)
	for _, d := range dirtyRowsAt(out, reasonResync, t.now()) {
		if !seen[d.Ref] {
			due = append(due, d)
		}
	}
	return due, err
}

// Reconsider has every record looked at again that is left out: other choices
// may take it in. What people left out on purpose stays out.
func Reconsider(ctx context.Context, tx *store.Tx, connectionID string, now time.Time) error {
	refs, err := leftOutRefs(ctx, tx, connectionID)
	if err != nil {
		return err
	}
	return tx.MarkDirty(ctx, connectionID, dirtyRowsAt(refs, reasonResync, now))
}

func leftOutRefs(ctx context.Context, tx *store.Tx, connectionID string) ([]crossbook.Ref, error) {
	var out []crossbook.Ref
	var f store.LeftOutFilter
	for {
		page, err := tx.WalkLeftOut(ctx, connectionID, f)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, lo := range page {
			out = append(out, lo.Ref)
		}
		f.After = page[len(page)-1].Ref
	}
}

// readFeeds does the feeds that are due, or all when they are asked for.
func (t *turn) readFeeds(ctx context.Context) error {
	if t.ask.Feeds {
		if err := t.callFeeds(ctx); err != nil {
			return err
		}
	}
	rows, err := t.due(ctx)
	if err != nil || len(rows) == 0 || rows[0].Order != orderChores {
		return err
	}
	return t.chores(ctx, rows)
}

// preview decides the rows of a stage, pretends, and decides what follows, in
// the order of the real turn: what must be looked at again keeps its place, what
// waits for a record of the plan comes up behind the others once that is
// pretended to be there.
func (t *turn) preview(ctx context.Context, rows []store.Dirty) error {
	var waiting []*unit
	rounds, made := map[crossbook.Ref]int{}, false
	for len(rows) > 0 {
		chunk := rows[:min(t.e.o.Batch, len(rows))]
		if _, err := t.oldDocuments(ctx, chunk); err != nil {
			return err
		}
		units, err := t.decide(ctx, chunk)
		if err != nil {
			return err
		}
		again := map[crossbook.Ref]bool{}
		for _, u := range units {
			if u.waits() {
				waiting = append(waiting, u)
				continue
			}
			joins := t.previewed(u)
			made = made || joins
			rounds[u.source()]++
			if u.again && (joins || len(u.ops) == 0) && rounds[u.source()] < maxRounds {
				for _, r := range u.rows {
					again[r.Ref] = true
				}
			}
		}
		kept := slices.DeleteFunc(slices.Clone(chunk), func(r store.Dirty) bool { return !again[r.Ref] })
		rows = append(kept, rows[len(chunk):]...)
		if len(rows) == 0 && made {
			for _, u := range waiting {
				rows = append(rows, u.rows...)
			}
			waiting, made = nil, false
		}
	}
	for _, u := range waiting {
		t.previewed(u)
	}
	return nil
}

// waits tells whether all that is to be done for a unit is to wait for records
// of ours.
func (u *unit) waits() bool {
	return len(u.ops) > 0 && !slices.ContainsFunc(u.ops, func(op crossbook.Op) bool {
		return op.Kind != crossbook.Wait || op.Problem != nil || len(op.WaitFor) == 0
	})
}

// previewed adds a unit to the plan and pretends it was carried out. It tells
// whether that made a pair.
func (t *turn) previewed(u *unit) (joins bool) {
	for _, op := range u.ops {
		t.pretend.plan(op)
		joins = joins || op.Kind == crossbook.Create || op.Kind == crossbook.LinkUp
	}
	for _, lo := range u.leftOut {
		t.pretend.leftOut[leftOutKey{lo.Ref, lo.Module}] = lo.Code
	}
	return joins
}

// count adds an operation to the plan.
func (p *Preview) count(op crossbook.Op) {
	switch {
	case op.Kind == crossbook.Create && op.Side == crossbook.CRM:
		p.CRM.New++
	case op.Kind == crossbook.Update && op.Side == crossbook.CRM:
		p.CRM.Filled++
		for _, c := range op.Changes {
			if c.New == "" && c.Old != "" {
				p.CRM.Cleared++
			}
		}
	case op.Kind == crossbook.LinkUp:
		p.CRM.Linked++
	case op.Side == crossbook.Books:
		p.countBooks(op)
	}
	p.Ops = append(p.Ops, op)
}

func (p *Preview) countBooks(op crossbook.Op) {
	switch op.Link.Entity {
	case crossbook.Customer, crossbook.Vendor, crossbook.Item:
	default:
		p.Books.Postings++
		return
	}
	if op.Kind == crossbook.Update {
		p.Books.Updated++
		for _, c := range op.Changes {
			if c.Field == "Account_Name" || c.Field == "Vendor_Name" && op.Module == crossbook.Vendors || c.Field == "Product_Name" {
				p.Books.Renamed++
			}
		}
		if op.Body["Active"] == false {
			p.Books.MadeInactive++
		}
		return
	}
	switch op.Link.Entity {
	case crossbook.Customer:
		p.Books.Customers++
	case crossbook.Vendor:
		p.Books.Vendors++
	default:
		p.Books.Items++
	}
}
