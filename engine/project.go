package engine

import (
	"context"
	"log/slog"
	"time"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/merge"
	"crossbook/store"
)

// Projector shows pairs the way a turn sees them to somebody who read both
// sides anew: a proof would be worth little if it had its own idea of what a
// record should look like in the CRM. It decides nothing and writes nothing.
type Projector struct {
	t *turn
}

// NewProjector loads the choices, the mapping and the vendor facts of a
// connection.
func NewProjector(ctx context.Context, tx *store.Tx, connectionID string, now time.Time) (*Projector, error) {
	e := &Engine{o: Options{
		Now: func() time.Time { return now }, NewID: func() string { return "" }, Logger: slog.New(slog.DiscardHandler),
	}}
	t := e.newTurn(Ask{})
	c, err := tx.Connection(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	t.conn = c
	return &Projector{t: t}, t.load(ctx, tx)
}

// Connection is the connection shown.
func (p *Projector) Connection() crossbook.Connection { return p.t.conn }

// Settings are the choices of the connection.
func (p *Projector) Settings() crossbook.Settings { return p.t.settings }

// Zone is the company's time zone.
func (p *Projector) Zone() *time.Location { return p.t.facts.zone }

// Placeholder is the CRM id of the product "QuickBooks line without product".
func (p *Projector) Placeholder() string { return p.t.facts.placeholder }

// ShowsDeals tells whether the CRM has fields for the figures of Deals.
func (p *Projector) ShowsDeals() bool { return len(p.t.facts.dealFields()) > 0 }

// On looks at one state of a database: links, and records as they were read.
// A look remembers what it read and serves for a few hundred records.
func (p *Projector) On(ctx context.Context, tx *store.Tx) *Look {
	return &Look{d: p.t.decider(newWorld(ctx, tx, p.t.conn.ID))}
}

// Look is a projector on one state of the records.
type Look struct {
	d *decider
}

// Err is the first query that failed; what was shown meanwhile is worthless.
func (l *Look) Err() error { return l.d.w.err }

// Load reads ahead what the links' pairs need.
func (l *Look) Load(links []crossbook.Link) {
	units := make([]*unit, 0, len(links))
	refs := make([]crossbook.Ref, 0, len(links))
	for _, k := range links {
		units = append(units, &unit{books: k.Books()})
		refs = append(refs, k.CRM())
	}
	l.d.prefetch(units)
	l.d.w.loadLinks(refs)
	l.d.w.loadRecords(refs)
}

// Record is a record as it was read; nil when it is not there.
func (l *Look) Record(r crossbook.Ref) *crossbook.Record { return l.d.w.living(r) }

// Links are all links of a record.
func (l *Look) Links(r crossbook.Ref) []crossbook.Link { return l.d.w.links(r) }

// ByKey finds the records of a type with a look-up key (mapping.Keys).
func (l *Look) ByKey(side crossbook.Side, typ, kind, value string) []crossbook.Ref {
	return l.d.w.byKey(side, typ, kind, value)
}

// Name is what people call a record.
func (l *Look) Name(r *crossbook.Record) string { return recordName(r) }

// Customers are the QuickBooks customers whose documents the link's CRM record
// shows in its figures (P6).
func (l *Look) Customers(k crossbook.Link) []string { return l.d.customersOf(k) }

// Label is a field as people read it.
func (l *Look) Label(m crossbook.Module, field string) string {
	if p, ok := l.d.t.mapping.Pair(m, field); ok {
		return p.Label
	}
	return ""
}

// PairLook is a linked pair of a two-way module, projected.
type PairLook struct {
	Name  string
	CRM   mapping.Projection
	Books mapping.Projection
	Rules []merge.Rule
	// Merge is what a turn would write now.
	Merge merge.Result
	// Target is the module a reference field points at.
	Target map[string]crossbook.Module
	// NeverSent are edits of the CRM that stand where they are: an e-mail list
	// in QuickBooks is not written over (P5).
	NeverSent map[string]bool
	// Currency says that the two records are in different currencies (R96).
	Currency *crossbook.Problem
}

// Pair projects both sides of a link.
func (l *Look) Pair(k crossbook.Link, crm, books *crossbook.Record) PairLook {
	p := l.d.pairOf(k, crm, books)
	out := PairLook{
		Name: p.name, CRM: p.fromCRM, Books: p.fromQB, Rules: p.rules, Merge: merge.Merge(p.input(l.d)),
		Target: map[string]crossbook.Module{}, NeverSent: map[string]bool{}, Currency: l.d.currencyOf(p),
	}
	for _, pr := range l.d.t.mapping.Pairs(k.Module, k.Part) {
		if pr.Target != "" {
			out.Target[pr.Field] = pr.Target
		}
		if pr.Kind == mapping.Email && pr.ToBooks() && !pr.MaySend(p.link.BaseBooks, p.fromQB.Fields) {
			out.NeverSent[pr.Field] = true
		}
	}
	return out
}

// DocumentLook is what the CRM should show of a document.
type DocumentLook struct {
	Name string
	// Waiting says why the document cannot be shown: its party or an item has
	// no record.
	Waiting string
	// Fields are the header values the CRM has fields for, without the owner,
	// whom people may change (P24).
	Fields crossbook.Fields
	Out    document.Output
}

// Document projects a linked document. A record that is Deleted needs no data:
// what was sent last is what stays (P21).
func (l *Look) Document(k crossbook.Link, rec *crossbook.Record) (DocumentLook, error) {
	out := DocumentLook{Name: recordName(rec)}
	in := document.Input{
		Entity: k.Entity, Before: k.BaseCRM.Clone(), Gone: document.Deleted, GoneOn: l.d.today,
		HomeCurrency: l.d.t.conn.HomeCurrency,
	}
	if !rec.Deleted {
		u := &unit{books: rec.Ref}
		if fault := l.d.documentCurrency(k.Module, rec, out.Name); fault != nil {
			out.Waiting = fault.Text
			return out, nil
		}
		party, ok := l.d.party(u, rec, k.Module, out.Name)
		if !ok {
			out.Waiting = "its customer or vendor has no CRM record"
			for _, op := range u.ops {
				out.Waiting = op.Why
			}
			return out, nil
		}
		in = l.d.input(u, rec, k.Module, &k, party)
	}
	projected, err := document.Project(in)
	if err != nil {
		return out, err
	}
	if len(projected.Missing) > 0 {
		out.Waiting = "a product on its lines has no CRM record"
		return out, nil
	}
	out.Out, out.Fields = projected, crossbook.Fields{}
	if s := projected.Fields["Subject"]; s != "" {
		out.Name = s
	}
	known := l.d.t.facts.metadata.CRMFields[k.Module]
	for f, v := range projected.Fields {
		meta, ok := known[f]
		if ok && (meta.OnLayout || f == "Currency" || f == "Exchange_Rate") && f != "Owner" && f != document.DealField(k.Module) {
			out.Fields[f] = v
		}
	}
	return out, nil
}

// DealLook is what a Deal should show and does.
type DealLook struct {
	Name string
	// Fields are the figures the CRM has fields for, in order.
	Fields     []string
	Have, Want crossbook.Fields
	// Documents are the CRM documents on the Deal.
	Documents []crossbook.Ref
}

// Deal reckons a Deal's figures from the linked documents on it (P33).
func (l *Look) Deal(rec *crossbook.Record) DealLook {
	out := DealLook{Name: dealName(rec), Fields: l.d.t.facts.dealFields(), Have: crossbook.Fields{}, Want: l.d.dealFigures(rec)}
	for _, f := range out.Fields {
		out.Have[f] = dealValue(f, rec.Data[f])
	}
	for _, m := range []crossbook.Module{crossbook.Quotes, crossbook.Invoices} {
		out.Documents = append(out.Documents, l.d.w.byKey(crossbook.CRM, string(m), mapping.KeyDeal, rec.ID)...)
	}
	return out
}

// DealOf is the Deal a CRM document is on; zero when it is on none.
func DealOf(rec *crossbook.Record) crossbook.Ref { return dealOf(rec) }

// State is what the field QuickBooks sync of a CRM record should tell by what
// the engine knows (P35); empty when there is nothing to say.
func (l *Look) State(r crossbook.Ref) string { return l.d.stateOf(r, l.d.w.home(r)) }

// NoteOf is the dirty row that has the state of a CRM record told.
func NoteOf(r crossbook.Ref) crossbook.Ref { return noteOf(r) }

// ProofFields are the fields of each CRM module a proof reads: those of
// [ReadFields], all header fields of documents, and the rows of documents,
// which the CRM keeps as modules of their own (reference/zoho-crm.md section 7.1).
func ProofFields(ctx context.Context, tx *store.Tx, c crossbook.Connection) (map[crossbook.Module][]string, error) {
	out, err := ReadFields(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	var f facts
	if err := f.load(ctx, tx, c); err != nil {
		return nil, err
	}
	for _, m := range crossbook.Modules() {
		if !m.Document() {
			continue
		}
		out[m] = f.readable(m, append(out[m], documentFields(m)...))
		out[crossbook.Module(document.Subform(m))] = []string{
			"Parent_Id", "Sequence_Number", "Product_Name", "Description", "Quantity", "List_Price", "Discount", "Total", "Tax", "Net_Total",
		}
	}
	return out, nil
}
