package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/store"
)

// A Deal shows what was quoted, invoiced and paid on it (P33). Which documents
// are on a Deal says the CRM: people set it on the quote or the invoice, or
// Crossbook did once (P32). So the mirror keeps the CRM records of quotes and
// invoices with the few fields that are read of them, and their Deal is a key
// to find them by. News of it comes when a document is written and read back,
// by a notification that a document was edited, and by the daily pass, which
// reads what changed among them; "sync now" does not ask, so that a pass in
// which nothing changed stays as cheap as it can be (ADR 12).

// followedModules are the CRM modules that no sync reads, but whose records say
// where figures belong or show them.
func followedModules() []crossbook.Module {
	return []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.Deals}
}

// follows tells whether a module is read for the figures of Deals: it is on,
// and the CRM has the fields.
func (t *turn) follows(m crossbook.Module) bool {
	if !slices.Contains(followedModules(), m) || len(t.facts.dealFields()) == 0 {
		return false
	}
	return m == crossbook.Deals || t.settings.Modules[m].On
}

// dealFields are the figures the CRM has fields for on Deals.
func (f *facts) dealFields() []string {
	var out []string
	for _, name := range []string{
		mapping.FieldQuoted, mapping.FieldInvoiced, mapping.FieldPaid, mapping.FieldOpen,
		mapping.FieldLastInvoice, mapping.FieldByCurrency,
	} {
		if meta, ok := f.metadata.CRMFields[crossbook.Deals][name]; ok && meta.OnLayout {
			out = append(out, name)
		}
	}
	return out
}

// dealOf is the Deal a CRM document points at; zero when it has none.
func dealOf(r *crossbook.Record) crossbook.Ref {
	if r == nil || r.Data == nil {
		return crossbook.Ref{}
	}
	field := document.DealField(r.Module())
	if field == "" {
		return crossbook.Ref{}
	}
	id := lookupID(r.Data, field)
	if id == "" {
		return crossbook.Ref{}
	}
	return crossbook.CRMRef(crossbook.Deals, id)
}

// dealMoved has the Deal of a document reckoned anew.
func (d *decider) dealMoved(u *unit, l *crossbook.Link) {
	if l == nil || len(d.t.facts.dealFields()) == 0 {
		return
	}
	if deal := dealOf(d.w.record(l.CRM())); !deal.IsZero() {
		u.needs = append(u.needs, deal)
	}
}

// deal decides the figures of a Deal: they are written when they are not what
// the Deal shows. A Deal that was not found is not there any more.
func (d *decider) deal(u *unit) {
	rec := d.w.living(u.crm)
	fields := d.t.facts.dealFields()
	if rec == nil && d.w.record(u.crm) == nil {
		if _, blocked := d.t.isBlocked(crossbook.CRM); blocked {
			u.rereads = append(u.rereads, u.crm)
		}
		return
	}
	if rec == nil || len(fields) == 0 {
		return
	}
	want := d.dealFigures(rec)
	body := map[string]any{}
	var changes []crossbook.Change
	for _, f := range fields {
		have := dealValue(f, rec.Data[f])
		if have == want[f] {
			continue
		}
		changes = append(changes, crossbook.Change{Field: f, Old: have, New: want[f]})
		switch {
		case want[f] == "":
			body[f] = nil
		case textFigure(f):
			body[f] = want[f]
		default:
			body[f] = json.Number(want[f])
		}
	}
	if len(changes) == 0 {
		return
	}
	u.add(crossbook.Op{
		Kind: crossbook.Update, Side: crossbook.CRM, Module: crossbook.Deals, Note: true, Trigger: true,
		Link: crossbook.Link{Module: crossbook.Deals, CRMID: rec.ID}, Name: dealName(rec),
		Changes: changes, Body: body, Why: "the documents of the Deal say so",
	})
}

func dealName(rec *crossbook.Record) string {
	if name := text(rec.Data["Deal_Name"]); name != "" {
		return name
	}
	return rec.ID
}

func textFigure(field string) bool {
	return field == mapping.FieldLastInvoice || field == mapping.FieldByCurrency
}

// dealValue is what a Deal shows of a figure, as canonical text.
func dealValue(field string, v any) string {
	if textFigure(field) {
		return text(v)
	}
	return mapping.Number(v)
}

// dealFigures reckons what a Deal should show, in its own currency; what other
// currencies have stands beside it and is never added. A Deal without any
// document shows nothing at all.
func (d *decider) dealFigures(deal *crossbook.Record) crossbook.Fields {
	in := document.DealInput{
		Today: d.today, HomeCurrency: d.t.conn.HomeCurrency,
		Estimates: d.documentsOn(deal.Ref, crossbook.Quotes), Invoices: d.documentsOn(deal.Ref, crossbook.Invoices),
	}
	if len(in.Estimates)+len(in.Invoices) == 0 {
		return crossbook.Fields{}
	}
	own := text(deal.Data["Currency"])
	if own == "" {
		own = d.t.conn.HomeCurrency
	}
	mine := document.DealFigures{Currency: own}
	var each []string
	foreign := false
	for _, f := range document.Deal(in) {
		if f.Currency == own {
			mine = f
		} else {
			foreign = true
		}
		each = append(each, f.Currency+": quoted "+f.Quoted.StringFixed(2)+", invoiced "+f.Invoiced.StringFixed(2)+
			", paid "+f.Paid.StringFixed(2)+", open "+f.Open.StringFixed(2))
	}
	out := crossbook.Fields{
		mapping.FieldQuoted: mapping.Number(mine.Quoted.String()), mapping.FieldInvoiced: mapping.Number(mine.Invoiced.String()),
		mapping.FieldPaid: mapping.Number(mine.Paid.String()), mapping.FieldOpen: mapping.Number(mine.Open.String()),
		mapping.FieldLastInvoice: document.LastInvoiceStatus(in.Invoices, d.today),
	}
	if foreign {
		out[mapping.FieldByCurrency] = cut(strings.Join(each, "; "), figureText)
	}
	return out
}

// figureText is how long a text of figures may be.
const figureText = 255

// documentsOn are the QuickBooks documents whose linked CRM records point at a
// Deal now.
func (d *decider) documentsOn(deal crossbook.Ref, m crossbook.Module) []map[string]any {
	refs := d.w.byKey(crossbook.CRM, string(m), mapping.KeyDeal, deal.ID)
	d.w.loadRecords(refs)
	d.w.loadLinks(refs)
	var out []map[string]any
	for _, r := range refs {
		if d.w.living(r) == nil {
			continue
		}
		for _, l := range d.w.links(r) {
			if l.Kind != crossbook.Home || l.State != crossbook.Linked {
				continue
			}
			if rec := d.w.living(l.Books()); rec != nil {
				out = append(out, rec.Data)
			}
		}
	}
	return out
}

// OnDeals tells whether people put records of a document module on Deals.
func OnDeals(m crossbook.Module) bool { return document.DealField(m) != "" }

// dealFeeds have the modules read for news about Deals.
func dealFeeds(at time.Time, modules ...crossbook.Module) []store.Dirty {
	rows := make([]store.Dirty, 0, len(modules))
	for _, m := range modules {
		rows = append(rows, store.Dirty{
			Ref: crossbook.Ref{Side: crossbook.CRM, Type: string(m), ID: choreDeals}, DueAt: at, Reason: "news of Deals", Order: orderChores,
		})
	}
	return rows
}

// NewsOfDeals are the rows that have a document module read for the Deals its
// records are on; nil where there are none.
func NewsOfDeals(m crossbook.Module, at time.Time) []store.Dirty {
	if !OnDeals(m) {
		return nil
	}
	return dealFeeds(at, m)
}

// followDeals reads what changed in a module since it was last read for the
// sake of Deals: the documents that people may have put on another Deal, or the
// Deals whose figures somebody may have written over.
func (t *turn) followDeals(ctx context.Context, m crossbook.Module) error {
	if !t.follows(m) {
		return nil
	}
	cursor := "crm/deals/" + string(m)
	since, known, err := t.cursor(ctx, cursor)
	if err != nil {
		return err
	}
	take := func(records []crossbook.Record) error { return t.absorb(ctx, records, nil, known) }
	if m == crossbook.Deals {
		take = t.onlyKnown(ctx, take)
		if !known {
			since, known = t.now().Add(-24*time.Hour), true // none shows a figure of ours yet
		}
	}
	var asOf time.Time
	if known {
		asOf, err = t.sides.CRM.Changed(ctx, m, since, false, take)
	} else {
		asOf, err = t.sides.CRM.All(ctx, m, take)
	}
	if err != nil {
		return err
	}
	return t.moveCursor(ctx, cursor, asOf)
}

// onlyKnown takes the records in that were seen before: of Deals only those
// that show our figures are of concern.
func (t *turn) onlyKnown(ctx context.Context, take func([]crossbook.Record) error) func([]crossbook.Record) error {
	return func(records []crossbook.Record) error {
		refs := make([]crossbook.Ref, len(records))
		for i, r := range records {
			refs[i] = r.Ref
		}
		var known map[crossbook.Ref]store.MirrorRow
		err := t.view(ctx, func(tx *store.Tx) error {
			var err error
			known, err = tx.MirrorMany(ctx, t.conn.ID, refs)
			return err
		})
		if err != nil {
			return err
		}
		return take(slices.DeleteFunc(records, func(r crossbook.Record) bool {
			_, ours := known[r.Ref]
			return !ours
		}))
	}
}

// missingDeals notes which Deals were asked for and did not come: their
// documents point at nothing any more. A Deal that is restored changes, and is
// seen again.
func (t *turn) missingDeals(ctx context.Context, asked []string, came []crossbook.Record) error {
	there := map[string]bool{}
	for _, r := range came {
		there[r.ID] = true
	}
	var gone []crossbook.Ref
	for _, id := range asked {
		if !there[id] {
			gone = append(gone, crossbook.CRMRef(crossbook.Deals, id))
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return t.update(ctx, func(tx *store.Tx) error { return tx.MarkMirrorDeleted(ctx, t.conn.ID, gone, t.now()) })
}
