package qbobox

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"crossbook/sandbox/ui"
)

// searchWalk bounds how many records one page of a search looks at: finding by
// id or by a whole name needs none of them.
const searchWalk = 20_000

// listColumns are what a list shows beside the name, by entity.
var listColumns = map[string][]string{
	"Customer": {"CompanyName", "PrimaryEmailAddr", "PrimaryPhone", "Balance"}, "Vendor": {"CompanyName", "PrimaryEmailAddr", "PrimaryPhone", "Balance"},
	"Employee": {"PrimaryEmailAddr", "PrimaryPhone"}, "Item": {"Type", "Sku", "UnitPrice", "QtyOnHand"},
	"Account": {"AccountType", "AcctNum", "CurrentBalance"}, "Term": {"DueDays"}, "PaymentMethod": {"Type"}, "CompanyCurrency": {"Code"},
	"TaxCode": {"Description"}, "TaxRate": {"RateValue"}, "Attachable": {"Note", "ContentType"},
	"Estimate": {"CustomerRef", "TxnDate", "TxnStatus", "TotalAmt"}, "Invoice": {"CustomerRef", "TxnDate", "DueDate", "TotalAmt", "Balance"},
	"SalesReceipt": {"CustomerRef", "TxnDate", "TotalAmt"}, "CreditMemo": {"CustomerRef", "TxnDate", "TotalAmt", "Balance"},
	"RefundReceipt": {"CustomerRef", "TxnDate", "TotalAmt"}, "Payment": {"CustomerRef", "TxnDate", "TotalAmt", "UnappliedAmt"},
	"PurchaseOrder": {"VendorRef", "TxnDate", "POStatus", "TotalAmt"}, "Bill": {"VendorRef", "TxnDate", "DueDate", "TotalAmt", "Balance"},
	"VendorCredit": {"VendorRef", "TxnDate", "TotalAmt", "Balance"}, "BillPayment": {"VendorRef", "TxnDate", "TotalAmt"},
	"Purchase": {"EntityRef", "AccountRef", "TxnDate", "TotalAmt"}, "Deposit": {"DepositToAccountRef", "TxnDate", "TotalAmt"},
	"Transfer": {"FromAccountRef", "ToAccountRef", "TxnDate", "Amount"}, "JournalEntry": {"TxnDate", "PrivateNote", "TotalAmt"},
	"InventoryAdjustment": {"AdjustAccountRef", "TxnDate"}, "CompanyInfo": {"Country"}, "Preferences": {},
}

var moneyColumns = map[string]bool{
	"Balance": true, "UnitPrice": true, "QtyOnHand": true, "CurrentBalance": true, "TotalAmt": true, "UnappliedAmt": true, "Amount": true, "RateValue": true, "DueDays": true,
}

// List shows names in their own order and documents newest first, which are
// the orders that the box keeps anyway.
func (s screens) List(q ui.Query) (ui.List, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entityNamed(q.Kind)
	if e == nil {
		return ui.List{}, fmt.Errorf("there is no list %q: %w", q.Kind, ui.ErrNotFound)
	}
	many, one := kindTitle(e)
	l := ui.List{Title: many, One: one, Columns: []ui.Column{{Title: "Name"}}, Acts: listActs(e, one)}
	cols := listColumns[e.name]
	for _, c := range cols {
		l.Columns = append(l.Columns, ui.Column{Title: label(c), Numeric: moneyColumns[c]})
	}
	if e.shape == singleton {
		o := b.singles[e.name]
		l.Rows, l.Total = []ui.Row{listRow(e, "1", o, cols)}, 1
		return l, nil
	}
	t := b.tables[e.path()]
	all := t.normal.all()
	l.Total = len(all)
	var found []*record
	if q.Search == "" {
		from := min(q.First(), len(all))
		found = all[from:min(from+q.Per, len(all))]
		l.More = from+len(found) < len(all)
	} else {
		found, l.More, l.Looked = b.look(e, all, q)
		l.Total = len(found)
	}
	for _, r := range found {
		l.Rows = append(l.Rows, listRow(e, r.id, r.object(), cols))
	}
	return l, nil
}

func listActs(e *entity, one string) []ui.Link {
	switch e.shape {
	case nameList, document:
		return []ui.Link{
			{Text: "Add " + article(one), Href: ui.FormURL("create", e.name, "")},
			{Text: "Touch", Href: ui.FormURL("bump_all", e.name, "")},
		}
	}
	return nil
}

func article(one string) string {
	if strings.ContainsAny(one[:1], "aeiou") {
		return "an " + one
	}
	return "a " + one
}

func listRow(e *entity, id string, o object, cols []string) ui.Row {
	row := ui.Row{Href: ui.RecordURL(e.name, id), Cells: []string{titleOf(e, id, o)}}
	for _, c := range cols {
		row.Cells = append(row.Cells, short(o[c]))
	}
	if has(o, "Active") && !flag(o, "Active") {
		row.Off = true
		row.Chips = append(row.Chips, ui.Chip{Text: "Inactive", Tone: "warn"})
	}
	return row
}

// titleOf is what a person calls a record.
func titleOf(e *entity, id string, o object) string {
	title, _, _ := describe(e, o)
	if e.shape == singleton {
		title = str(o, "CompanyName")
	}
	return cmp.Or(title, str(o, "DocNumber"), str(o, "PaymentRefNum"), str(o, "FileName"), e.name+" "+id)
}

// short is a value in a cell.
func short(v any) string {
	switch v := v.(type) {
	case object:
		for _, k := range []string{"name", "FreeFormNumber", "Address", "URI", "value"} {
			if s := str(v, k); s != "" {
				return s
			}
		}
		return ""
	case []any, nil:
		return ""
	case bool:
		if v {
			return "Yes"
		}
		return "No"
	}
	return str(object{"v": v}, "v")
}

// look finds by id and whole name through the indexes, then by part of a name,
// a number or a memo in the order of the list, as far as searchWalk goes.
func (b *Box) look(e *entity, all []*record, q ui.Query) (found []*record, more bool, looked string) {
	skip, seen := q.First(), map[*record]bool{}
	add := func(r *record) bool {
		if r == nil || r.ent != e || seen[r] {
			return true
		}
		seen[r] = true
		if skip > 0 {
			skip--
			return true
		}
		if len(found) == q.Per {
			more = true
			return false
		}
		found = append(found, r)
		return true
	}
	add(b.tables[e.path()].byID[q.Search])
	want := fold(q.Search)
	for _, r := range b.names[nameSpace(e, want)] {
		add(r)
	}
	for _, r := range b.names[ownSpace(e, want)] {
		add(r)
	}
	raw := bytes.ToLower(bytes.Trim(encode(q.Search), `"`))
	for i, r := range all {
		if i == searchWalk {
			return found, more, fmt.Sprintf("Looked at the first %s of %s for a part of a name; a whole name, number or id is found in all of them.", ui.Number(searchWalk), ui.Number(len(all)))
		}
		if r.mentions(want, raw) && !add(r) {
			break
		}
	}
	return found, more, ""
}

// mentions reports whether the search would be seen in a list or in the notes
// of a record. The raw bytes are asked first, because decoding takes longer.
func (r *record) mentions(want string, raw []byte) bool {
	if strings.Contains(fold(r.title), want) || strings.Contains(r.key, want) {
		return true
	}
	if !bytes.Contains(bytes.ToLower(r.raw), raw) {
		return false
	}
	o := r.object()
	for _, c := range append([]string{"DocNumber", "PaymentRefNum", "PrivateNote", "CompanyName", "PrimaryEmailAddr", "PrimaryPhone", "Sku", "CustomerMemo", "FileName"}, listColumns[r.ent.name]...) {
		if strings.Contains(fold(short(o[c])), want) {
			return true
		}
	}
	return false
}
