package verify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/merge"
	"crossbook/money"
	"crossbook/store"
)

// judge compares pairs on one state of what was read.
type judge struct {
	v    *verifier
	look *engine.Look
	rows map[string][]map[string]any // rows by CRM document
	err  error
}

// link judges one linked pair.
func (j *judge) link(ctx context.Context, l crossbook.Link) verdict {
	out := verdict{unit: unit{link: l, module: l.Module}}
	crm, books := j.look.Record(l.CRM()), j.look.Record(l.Books())
	var known crossbook.Record
	if books == nil && l.Module.Document() {
		known = j.remembered(ctx, l)
		if known.Deleted {
			books = &known // QuickBooks deleted it and the CRM was told (P21)
		}
	}
	switch {
	case crm == nil || books == nil:
		out.findings = []Finding{j.missing(l, crm, books)}
		if books == nil {
			j.v.touch(known.Data)
		}
	case l.Module.Document():
		out.findings = j.document(l, crm, books)
	default:
		out.findings = j.pair(l, crm, books)
	}
	out.weigh()
	return out
}

// remembered is the last state the engine saw of a QuickBooks document.
func (j *judge) remembered(ctx context.Context, l crossbook.Link) crossbook.Record {
	var rec crossbook.Record
	err := j.v.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.MirrorMany(ctx, j.v.conn.ID, []crossbook.Ref{l.Books()})
		rec = found[l.Books()].Record
		return err
	})
	if err != nil && j.err == nil {
		j.err = err
	}
	rec.Ref = l.Books()
	return rec
}

// missing is a linked record that is gone from a side.
func (j *judge) missing(l crossbook.Link, crm, books *crossbook.Record) Finding {
	f := Finding{Kind: Missing, Module: l.Module, CRM: l.CRM(), Books: l.Books(), CRMValue: "there", BooksValue: "there"}
	there, gone := crossbook.Books.String(), crossbook.CRM.String()
	switch {
	case crm == nil && books == nil:
		f.CRMValue, f.BooksValue, f.Name = "gone", "gone", l.CRMID
		f.Sentence = fmt.Sprintf("%s %s and %s are linked, and both are gone.", l.Module.Singular(), l.CRMID, l.Books())
		return f
	case crm == nil:
		f.CRMValue, f.Name = "gone", j.look.Name(books)
	default:
		f.BooksValue, f.Name = "gone", j.look.Name(crm)
		there, gone = gone, there
	}
	f.Sentence = fmt.Sprintf("%s is linked and stands in %s, but it is gone from %s.", title(l.Module, f.Name), there, gone)
	return f
}

// title names a record for a sentence.
func title(m crossbook.Module, name string) string { return fmt.Sprintf("%s %q", m.Singular(), name) }

// pair compares the fields of a two-way module.
func (j *judge) pair(l crossbook.Link, crm, books *crossbook.Record) []Finding {
	p := j.look.Pair(l, crm, books)
	var out []Finding
	if p.Currency != nil {
		out = append(out, Finding{
			Kind: Field, Field: "Currency", field: "Currency", CRMValue: plain(crm.Data["Currency"]), BooksValue: reference(books.Data, "CurrencyRef"),
		})
	}
	var figures []Finding
	for _, r := range p.Rules {
		a, b := p.CRM.Fields[r.Field], p.Books.Fields[r.Field]
		if a == b || !mustAgree(r, p.Merge) {
			continue
		}
		f := Finding{Kind: Field, Field: j.label(l.Module, r.Field), field: r.Field, CRMValue: j.shown(p, r.Field, a), BooksValue: j.shown(p, r.Field, b)}
		f.Why = j.policy(l, p, r, a, b)
		f.Explained = f.Why != ""
		if balances[r.Field] {
			figures = append(figures, f)
			continue
		}
		out = append(out, f)
	}
	if len(figures) > 0 {
		out = append(out, j.figures(l, figures))
	}
	for i := range out {
		f := &out[i]
		f.Module, f.CRM, f.Books, f.Name = l.Module, l.CRM(), l.Books(), p.Name
		f.Sentence = fmt.Sprintf("%s: %s is %s in Zoho CRM and %s in QuickBooks.", title(l.Module, p.Name), f.Field, quoted(f.CRMValue), quoted(f.BooksValue))
	}
	return out
}

// mustAgree tells whether a field has to be equal on both sides. What is
// written once, at creation, lives its own life afterwards; what only fills an
// empty field counts when a turn would still carry it over.
func mustAgree(r merge.Rule, now merge.Result) bool {
	switch {
	case r.Policy == merge.CreateOnly || r.Policy == merge.Never || r.Direction == crossbook.NoWay:
		return false
	case r.Policy == merge.FillOnly:
		return written(now.ToCRM, r.Field) || written(now.ToBooks, r.Field)
	default:
		return true
	}
}

func written(changes []crossbook.Change, field string) bool {
	return slices.ContainsFunc(changes, func(c crossbook.Change) bool { return c.Field == field })
}

// policy is the rule by which a difference may stand as it is; "" when none
// does.
func (j *judge) policy(l crossbook.Link, p engine.PairLook, r merge.Rule, a, b string) string {
	switch {
	case written(p.Merge.Held, r.Field):
		return "waiting for accounting"
	case p.NeverSent[r.Field] && written(p.Merge.ToBooks, r.Field):
		return "a list of addresses in QuickBooks is never written over (P5)"
	case leftOutValue(p.Books, r.Field):
		return "the CRM's pick list does not hold the value (R54)"
	case b == "" && l.BaseBooks[r.Field] == "" && a == l.BaseCRM[r.Field] && oneWay(r):
		return "QuickBooks never held a value, and nothing is cleared (P2)"
	case shortened(a, b):
		return "Zoho CRM keeps two decimals of it (P22)"
	case p.Target[r.Field] != "":
		return j.lostTarget(p.Target[r.Field], l.BaseCRM[r.Field])
	default:
		return ""
	}
}

// shortened tells whether the CRM holds a number of QuickBooks as well as it
// can: with two decimals.
func shortened(crm, books string) bool {
	b, err := money.Parse(books)
	if err != nil || b.Equal(money.Cents(b)) {
		return false
	}
	a := money.Zero
	if crm != "" {
		if a, err = money.Parse(crm); err != nil {
			return false
		}
	}
	return a.Equal(money.Cents(b))
}

func oneWay(r merge.Rule) bool {
	return r.Policy == merge.ReadOnly || r.Direction == crossbook.InToCRM
}

func leftOutValue(p mapping.Projection, field string) bool {
	return slices.ContainsFunc(p.LeftOut, func(o mapping.LeftOut) bool { return o.Field == field })
}

// lostTarget explains a reference whose record went missing in the CRM: that
// is a finding of its own, and the CRM emptied the reference with it.
func (j *judge) lostTarget(m crossbook.Module, booksID string) string {
	if booksID == "" {
		return ""
	}
	for _, t := range j.look.Links(crossbook.BooksRef(m.Entity(), booksID)) {
		if t.Module == m && t.State == crossbook.Linked && j.look.Record(t.CRM()) == nil {
			return "follows from the missing " + m.Singular()
		}
	}
	return ""
}

// balances are the figures that documents and payments move (P33).
var balances = map[string]bool{
	mapping.FieldBalance: true, mapping.FieldBalances: true, mapping.FieldOverdue: true, mapping.FieldOldestDays: true,
	mapping.FieldCredits: true, mapping.FieldLastPayment: true, "Qty_in_Stock": true,
}

// figures makes one finding of the figures of a record: one payment moves
// them all. Where a document of the record has a finding, they follow from it.
func (j *judge) figures(l crossbook.Link, all []Finding) Finding {
	f := all[0]
	f.Kind = Total
	for _, other := range all[1:] {
		f.Also = append(f.Also, other.Field)
	}
	moved := j.v.touched[l.Books()]
	if l.Entity == crossbook.Customer {
		for _, id := range j.look.Customers(l) {
			moved = moved || j.v.touched[crossbook.BooksRef(crossbook.Customer, id)]
		}
	}
	if moved {
		f.Explained, f.Why = true, "follows from a document that is listed"
	}
	return f
}

// touch notes what a document with findings moves: its customer's figures, the
// quantities of its items, the documents it is linked with.
func (v *verifier) touch(data map[string]any) {
	for key, e := range map[string]crossbook.Entity{"CustomerRef": crossbook.Customer, "VendorRef": crossbook.Vendor} {
		if id := reference(data, key); id != "" {
			v.touched[crossbook.BooksRef(e, id)] = true
		}
	}
	for _, m := range objects(data["LinkedTxn"]) {
		v.touched[crossbook.BooksRef(crossbook.Entity(plain(m["TxnType"])), plain(m["TxnId"]))] = true
	}
	for _, line := range objects(data["Line"]) {
		v.touchLine(line)
	}
}

func (v *verifier) touchLine(line map[string]any) {
	for _, m := range objects(line["LinkedTxn"]) {
		v.touched[crossbook.BooksRef(crossbook.Entity(plain(m["TxnType"])), plain(m["TxnId"]))] = true
	}
	for _, kind := range []string{"SalesItemLineDetail", "ItemBasedExpenseLineDetail"} {
		detail, _ := line[kind].(map[string]any)
		if id := reference(detail, "ItemRef"); id != "" {
			v.touched[crossbook.BooksRef(crossbook.Item, id)] = true
		}
	}
	group, _ := line["GroupLineDetail"].(map[string]any)
	for _, part := range objects(group["Line"]) {
		v.touchLine(part)
	}
}

// objects are the objects of a JSON list.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	out := make([]map[string]any, 0, len(list))
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// reference is the id in a QuickBooks reference.
func reference(data map[string]any, key string) string {
	m, _ := data[key].(map[string]any)
	return plain(m["value"])
}

// label is a field as people read it.
func (j *judge) label(m crossbook.Module, field string) string {
	if l := j.look.Label(m, field); l != "" {
		return l
	}
	return strings.ReplaceAll(field, "_", " ")
}

// shown is a value as people read it: a reference by the name of its record.
func (j *judge) shown(p engine.PairLook, field, value string) string {
	target := p.Target[field]
	if target == "" || value == "" {
		return value
	}
	if id, ok := strings.CutPrefix(value, "crm:"); ok {
		return j.nameOf(crossbook.CRMRef(target, id))
	}
	return j.nameOf(crossbook.BooksRef(target.Entity(), value))
}

func (j *judge) nameOf(r crossbook.Ref) string {
	if rec := j.look.Record(r); rec != nil {
		return j.look.Name(rec)
	}
	return r.ID
}

// quoted shows a value in a sentence.
func quoted(v string) string {
	if v == "" {
		return "empty"
	}
	return fmt.Sprintf("%q", v)
}
