package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crossbook"
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
		"Customers %+d, items %+d, vendors %s, renamed %d, made inactive %d. In the CRM: %s new, %s filled, %s cleared.",
		group(p.Books.Postings), change, p.Books.Customers, p.Books.Items, signed(p.Books.Vendors), p.Books.Renamed, p.Books.MadeInactive,
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
	n              int
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

// of are the links a record is pretended to have.
func (p *pretence) of(r crossbook.Ref) []crossbook.Link {
	if p == nil {
		return nil
	}
	if r.Side == crossbook.CRM {
		return p.byCRM[r]
	}
	return p.byBooks[r]
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
	t.pretend = &pretence{byCRM: map[crossbook.Ref][]crossbook.Link{}, byBooks: map[crossbook.Ref][]crossbook.Link{}}
	if err := t.readFeeds(ctx); err != nil {
		return p, err
	}
	var due []store.Dirty
	err = t.view(ctx, func(tx *store.Tx) error {
		due, err = tx.DueDirty(ctx, t.conn.ID, t.now(), 10_000_000)
		return err
	})
	if err != nil {
		return p, err
	}
	for _, order := range []int{orderVendors, orderCustomers, orderProducts, orderQuotes, orderInvoices, orderPOs} {
		rows := slices.DeleteFunc(slices.Clone(due), func(d store.Dirty) bool { return d.Order != order })
		for chunk := range slices.Chunk(rows, e.o.Batch) {
			if err := t.preview(ctx, chunk, &p); err != nil {
				return p, err
			}
		}
	}
	return p, nil
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

// preview decides a chunk of rows, pretends, and decides what follows.
func (t *turn) preview(ctx context.Context, rows []store.Dirty, p *Preview) error {
	if _, err := t.oldDocuments(ctx, rows); err != nil {
		return err
	}
	for range maxRounds {
		units, err := t.decide(ctx, rows)
		if err != nil {
			return err
		}
		rows = rows[:0:0]
		for _, u := range units {
			for _, op := range u.ops {
				p.count(op)
				t.pretend.add(op)
			}
			for _, lo := range u.leftOut {
				p.LeftOut[string(lo.Module)+" "+lo.Code]++
			}
			if u.again && slices.ContainsFunc(u.ops, func(op crossbook.Op) bool { return op.Kind == crossbook.Create || op.Kind == crossbook.LinkUp }) {
				rows = append(rows, u.rows...)
			}
		}
		if len(rows) == 0 {
			return nil
		}
	}
	return nil
}

// count adds an operation to the plan.
func (p *Preview) count(op crossbook.Op) {
	switch {
	case op.Kind == crossbook.Rebase || op.Kind == crossbook.Skip:
		return
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
