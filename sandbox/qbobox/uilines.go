package qbobox

import (
	"strconv"
	"strings"

	"crossbook/sandbox/ui"
)

// lineColumn is a column of a document's lines. Paths beginning with a dot lie
// in the detail of the line.
type lineColumn struct {
	name, label, kind string // kind: "text", "number", "choice", or the entity of a reference
	path              string
	options           []string
}

// lineSpec says how the lines of an entity are typed in.
type lineSpec struct {
	columns []lineColumn
	details []string // of a new line; the first whose own column is filled, else the first
	price   string   // the item's price that fills an empty rate
}

var saleLine = &lineSpec{
	details: []string{"SalesItemLineDetail"}, price: "UnitPrice",
	columns: []lineColumn{
		{name: "item", label: "Product or service", kind: "Item", path: ".ItemRef"},
		{name: "description", label: "Description", kind: "text", path: "Description"},
		{name: "qty", label: "Quantity", kind: "number", path: ".Qty"},
		{name: "rate", label: "Rate", kind: "number", path: ".UnitPrice"},
		{name: "amount", label: "Amount", kind: "number", path: "Amount"},
		{name: "tax", label: "Tax code", kind: "text", path: ".TaxCodeRef"},
	},
}

var purchaseLine = &lineSpec{
	details: []string{"ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"}, price: "PurchaseCost",
	columns: []lineColumn{
		{name: "item", label: "Product or service", kind: "Item", path: ".ItemRef"},
		{name: "account", label: "or account", kind: "Account", path: ".AccountRef"},
		{name: "description", label: "Description", kind: "text", path: "Description"},
		{name: "qty", label: "Quantity", kind: "number", path: ".Qty"},
		{name: "rate", label: "Rate", kind: "number", path: ".UnitPrice"},
		{name: "amount", label: "Amount", kind: "number", path: "Amount"},
	},
}

func paidLine(kinds ...string) *lineSpec {
	return &lineSpec{columns: []lineColumn{
		{name: "txn", label: "For", kind: "choice", path: "TxnType", options: kinds},
		{name: "txnid", label: "Its id", kind: "text", path: "TxnId"},
		{name: "amount", label: "Amount", kind: "number", path: "Amount"},
	}}
}

var lineSpecs = map[string]*lineSpec{
	"Estimate": saleLine, "Invoice": saleLine, "SalesReceipt": saleLine, "CreditMemo": saleLine, "RefundReceipt": saleLine,
	"PurchaseOrder": purchaseLine, "Bill": purchaseLine, "VendorCredit": purchaseLine, "Purchase": purchaseLine,
	"Payment": paidLine("Invoice", "CreditMemo"), "BillPayment": paidLine("Bill", "VendorCredit"),
	"Deposit": {details: []string{"DepositLineDetail"}, columns: []lineColumn{
		{name: "account", label: "From account", kind: "Account", path: ".AccountRef"},
		{name: "description", label: "Description", kind: "text", path: "Description"},
		{name: "amount", label: "Amount", kind: "number", path: "Amount"},
	}},
	"JournalEntry": {details: []string{"JournalEntryLineDetail"}, columns: []lineColumn{
		{name: "side", label: "Side", kind: "choice", path: ".PostingType", options: []string{"Debit", "Credit"}},
		{name: "account", label: "Account", kind: "Account", path: ".AccountRef"},
		{name: "amount", label: "Amount", kind: "number", path: "Amount"},
		{name: "description", label: "Description", kind: "text", path: "Description"},
		{name: "partykind", label: "Party is a", kind: "choice", path: ".Entity.Type", options: []string{"", "Customer", "Vendor", "Employee"}},
		{name: "party", label: "Party's id", kind: "text", path: ".Entity.EntityRef"},
	}},
	"InventoryAdjustment": {details: []string{"ItemAdjustmentLineDetail"}, columns: []lineColumn{
		{name: "item", label: "Product", kind: "Item", path: ".ItemRef"},
		{name: "qty", label: "Change of quantity", kind: "number", path: ".QtyDiff"},
	}},
}

// at is where a column's value lies in a line, "" when it has no such place.
func (c lineColumn) at(l object) string {
	switch c.path {
	case "TxnType", "TxnId":
		return c.path
	}
	if rest, inDetail := strings.CutPrefix(c.path, "."); inDetail {
		d := str(l, "DetailType")
		if d == "" {
			return ""
		}
		return d + "." + rest
	}
	return c.path
}

func (c lineColumn) read(l object) string {
	if c.path == "TxnType" || c.path == "TxnId" {
		links := list(l, "LinkedTxn")
		if len(links) == 0 {
			return ""
		}
		return str(links[0], c.path)
	}
	p := c.at(l)
	if p == "" {
		return ""
	}
	v := dig(l, p)
	if r, isRef := v.(object); isRef {
		if refTarget[c.kind] {
			return refText(r)
		}
		return str(r, "value")
	}
	return str(object{"v": v}, "v")
}

// refTarget are the kinds of columns that hold a reference.
var refTarget = map[string]bool{"Item": true, "Account": true}

func (c lineColumn) cell(l object) ui.Cell {
	if refTarget[c.kind] {
		r, _ := dig(l, c.at(l)).(object)
		if id := str(r, "value"); id != "" {
			return ui.Cell{Text: short(r), Href: ui.RecordURL(c.kind, id)}
		}
		return ui.Cell{}
	}
	return ui.Cell{Text: c.read(l)}
}

// editable reports whether a line is typed in, column by column; others
// (totals, discounts, groups) are kept as they are.
func (s *lineSpec) editable(l object) bool {
	d := str(l, "DetailType")
	if len(s.details) == 0 {
		return len(list(l, "LinkedTxn")) > 0
	}
	for _, known := range s.details {
		if d == known {
			return str(l, d+".ItemRef.value") != shippingItem
		}
	}
	return false
}

// rows are the lines as a form shows them; the place in the list names them.
func (s *lineSpec) rows(o object) []ui.LineRow {
	var out []ui.LineRow
	for i, l := range list(o, "Line") {
		if !s.editable(l) {
			continue
		}
		row := ui.LineRow{ID: strconv.Itoa(i), Values: map[string]string{}}
		for _, c := range s.columns {
			row.Values[c.name] = c.read(l)
		}
		out = append(out, row)
	}
	return out
}

// lines puts what was typed into the lines that were there and adds new ones.
func (b *Box) lines(s *lineSpec, o object, rows []ui.LineRow) ([]any, error) {
	typed := map[string]ui.LineRow{}
	for _, r := range rows {
		if r.ID != "" {
			typed[r.ID] = r
		}
	}
	var out []any
	for i, l := range list(o, "Line") {
		row, given := typed[strconv.Itoa(i)]
		switch {
		case given && row.Drop, str(l, "DetailType") == "SubTotalLineDetail":
			continue
		case given && s.editable(l):
			if err := b.typeLine(s, l, row.Values); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	for _, r := range rows {
		if r.ID != "" || r.Drop {
			continue
		}
		l := object{}
		if len(s.details) > 0 {
			d := s.details[0]
			if len(s.details) > 1 && r.Values["item"] == "" {
				d = s.details[1]
			}
			l["DetailType"], l[d] = d, object{}
		}
		if err := b.typeLine(s, l, r.Values); err != nil {
			return nil, err
		}
		b.fillLine(s, l)
		out = append(out, l)
	}
	return out, nil
}

// typeLine writes the changed cells into a line. An amount follows quantity and
// rate, unless it was typed itself.
func (b *Box) typeLine(s *lineSpec, l object, values map[string]string) error {
	priced, amount := false, false
	for _, c := range s.columns {
		v := strings.TrimSpace(values[c.name])
		if c.kind == "text" && c.name == "description" {
			v = values[c.name]
		}
		if v == c.read(l) {
			continue
		}
		priced = priced || c.name == "qty" || c.name == "rate"
		amount = amount || c.name == "amount"
		if err := b.typeCell(c, l, v); err != nil {
			return err
		}
	}
	if priced && !amount {
		d, _ := l[str(l, "DetailType")].(object)
		if hasNum(d, "Qty") && hasNum(d, "UnitPrice") {
			l["Amount"] = number(cents(num(d, "Qty").Mul(num(d, "UnitPrice"))))
		}
	}
	return nil
}

func (b *Box) typeCell(c lineColumn, l object, v string) error {
	if c.path == "TxnType" || c.path == "TxnId" {
		links := list(l, "LinkedTxn")
		if len(links) == 0 {
			links = []object{{}}
		}
		links[0][c.path] = v
		l["LinkedTxn"] = anys(links)
		return nil
	}
	path := c.at(l)
	if path == "" || v == "" && dig(l, path) == nil {
		return nil
	}
	into, key := l, path
	for {
		head, rest, deeper := strings.Cut(key, ".")
		if !deeper {
			break
		}
		into, key = inner(into, head), rest
	}
	switch {
	case v == "":
		delete(into, key)
	case refTarget[c.kind]:
		id, err := b.resolve(c.kind, v)
		if err != nil {
			return err
		}
		into[key] = ref(id, "")
	case strings.HasSuffix(key, "Ref"):
		into[key] = ref(v, "")
	default:
		into[key] = v
		if d, isNumber := toDecimal(v); c.kind == "number" && isNumber {
			into[key] = number(d)
		}
	}
	return nil
}

// fillLine does to a new line what the screens do once a product is chosen.
func (b *Box) fillLine(s *lineSpec, l object) {
	d, _ := l[str(l, "DetailType")].(object)
	item := b.find("Item", str(d, "ItemRef.value"))
	if item == nil || s.price == "" {
		return
	}
	o := item.object()
	if str(l, "Description") == "" && str(o, "Description") != "" {
		l["Description"] = str(o, "Description")
	}
	if hasNum(l, "Amount") && !hasNum(d, "Qty") && !hasNum(d, "UnitPrice") {
		return
	}
	if !hasNum(d, "Qty") {
		d["Qty"] = jsonInt(1)
	}
	if !hasNum(d, "UnitPrice") && hasNum(o, s.price) {
		d["UnitPrice"] = number(num(o, s.price))
	}
	if !hasNum(l, "Amount") {
		l["Amount"] = number(cents(num(d, "Qty").Mul(num(d, "UnitPrice"))))
	}
}
