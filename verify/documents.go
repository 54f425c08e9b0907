package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"crossbook"
	"crossbook/document"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/money"
)

// figuresOf are the header fields that hold sums, or follow from them: one
// changed cent moves many of them, and is one finding.
var figuresOf = map[string]bool{
	"Discount": true, "Adjustment": true, grandTotal: true,
	document.FieldNet: true, document.FieldTax: true, document.FieldTotal: true, document.FieldShipping: true,
	document.FieldBalanceDue: true, document.FieldAmountBefore: true, document.FieldInvoiced: true, document.FieldRemaining: true,
}

// fromBalance are the fields that follow from a document's balance.
var fromBalance = map[string]bool{
	document.FieldStatus: true, document.FieldPaidOn: true, document.FieldLastPayment: true, document.FieldPaidBy: true, document.FieldBills: true,
}

const grandTotal = "Grand_Total"

// document compares a document with what the CRM should show of it: header,
// every row, every sum.
func (j *judge) document(l crossbook.Link, crm, books *crossbook.Record) []Finding {
	d, err := j.look.Document(l, books)
	if err != nil {
		d.Waiting = err.Error()
	}
	if d.Name == "" {
		d.Name = j.look.Name(crm)
	}
	var out []Finding
	if d.Waiting != "" {
		out = []Finding{{Kind: Field, Field: "the document", Sentence: title(l.Module, d.Name) + " cannot be compared: " + d.Waiting + "."}}
	} else {
		c := &comparison{j: j, l: l, crm: crm, books: books, d: d}
		out = c.run()
	}
	for i := range out {
		f := &out[i]
		f.Module, f.CRM, f.Books, f.Name = l.Module, l.CRM(), l.Books(), d.Name
		if f.Sentence == "" {
			f.Sentence = fmt.Sprintf("%s: %s is %s in Zoho CRM and should be %s by QuickBooks.", title(l.Module, d.Name), f.Field, quoted(f.CRMValue), quoted(f.BooksValue))
		}
	}
	if slices.ContainsFunc(out, func(f Finding) bool { return f.Kind != Field && !f.Explained }) {
		j.v.touch(books.Data)
		j.v.touched[engine.DealOf(crm)] = true
	}
	return out
}

// comparison is one document on both sides.
type comparison struct {
	j     *judge
	l     crossbook.Link
	crm   *crossbook.Record
	books *crossbook.Record
	d     engine.DocumentLook
}

func (c *comparison) run() []Finding {
	var fields, sums, follow []Finding
	for _, name := range slices.Sorted(maps.Keys(c.d.Fields)) {
		have, same := same(c.crm.Data[name], c.d.Fields[name])
		if same {
			continue
		}
		f := Finding{Kind: Field, Field: c.label(name), field: name, CRMValue: c.shown(name, have), BooksValue: c.shown(name, c.d.Fields[name])}
		switch {
		case figuresOf[name]:
			sums = append(sums, f)
		case fromBalance[name]:
			follow = append(follow, f)
		default:
			f.Why = c.lost(name, have, c.d.Fields[name])
			f.Explained = f.Why != ""
			fields = append(fields, f)
		}
	}
	lines, moved := c.lines()
	return append(fields, c.figures(lines, moved, sums, follow)...)
}

// figures puts what differs in sums with its cause: rows explain as much of
// the total as they differ by themselves; what is left is a finding.
func (c *comparison) figures(lines []Finding, moved money.Decimal, sums, follow []Finding) []Finding {
	have, want := amount(c.crm.Data[grandTotal]), c.total()
	gap := have.Sub(want)
	if !gap.IsZero() {
		sums = slices.Insert(sums, 0, Finding{Kind: Total, Field: "Grand Total", field: grandTotal, CRMValue: have.StringFixed(2), BooksValue: want.StringFixed(2)})
	}
	if len(sums) == 0 {
		return append(lines, follow...)
	}
	also := names(sums, follow)
	if len(lines) > 0 && moved.Equal(gap) && c.sumsFollow(sums, moved) {
		lines[0].Also = append(lines[0].Also, also...)
		return lines
	}
	sums[0].Kind = Total
	sums[0].Also = also[1:]
	if sums[0].field == grandTotal {
		// Name the field a person can put right, if it is but one.
		for _, s := range sums[1:] {
			if s.field == "Adjustment" || s.field == "Discount" {
				sums[0].Field = s.Field
				sums[0].CRMValue, sums[0].BooksValue = s.CRMValue, s.BooksValue
				sums[0].Also = slices.DeleteFunc(append([]string{"Grand Total"}, sums[0].Also...), func(n string) bool { return n == s.Field })
				break
			}
		}
	}
	if c.l.Module == crossbook.Quotes && c.j.v.touched[c.l.Books()] && onlyInvoicing(sums) {
		sums[0].Explained, sums[0].Why = true, "follows from an invoice that is listed"
	}
	return append(lines, sums[0])
}

// sumsFollow tells whether the sums differ because QuickBooks changed a row;
// a discount or an adjustment of its own does not come from there.
func (c *comparison) sumsFollow(sums []Finding, moved money.Decimal) bool {
	for _, s := range sums {
		if s.field != "Discount" && s.field != "Adjustment" {
			continue
		}
		if moved.IsZero() || c.crmOwn(s.field) {
			return false
		}
	}
	return true
}

// crmOwn tells whether the CRM's value of a field is another one than was sent:
// somebody edited it there.
func (c *comparison) crmOwn(field string) bool {
	_, as := same(c.crm.Data[field], c.l.BaseCRM[field])
	return !as
}

func onlyInvoicing(sums []Finding) bool {
	return !slices.ContainsFunc(sums, func(f Finding) bool {
		return f.field != document.FieldInvoiced && f.field != document.FieldRemaining
	})
}

func names(lists ...[]Finding) []string {
	var out []string
	for _, l := range lists {
		for _, f := range l {
			out = append(out, f.Field)
		}
	}
	return out
}

// total is what the CRM's Grand Total must be: QuickBooks' own word, or 0 for
// a document that is gone (P21).
func (c *comparison) total() money.Decimal {
	if c.books.Deleted || document.Gone(c.d.Fields[document.FieldStatus]) {
		return money.Zero
	}
	return amount(c.books.Data["TotalAmt"])
}

func (c *comparison) label(name string) string { return strings.ReplaceAll(name, "_", " ") }

// lookups are the header fields that point at other records.
var lookups = map[string]crossbook.Module{
	"Account_Name": crossbook.Accounts, "Contact_Name": crossbook.Contacts, "Vendor_Name": crossbook.Vendors,
	document.FieldSourceQuote: crossbook.Quotes,
}

func (c *comparison) shown(name, value string) string {
	m, ok := lookups[name]
	if !ok || value == "" {
		return value
	}
	return c.j.nameOf(crossbook.CRMRef(m, value))
}

// lost explains a look-up that the CRM emptied because its record is missing.
func (c *comparison) lost(name, have, want string) string {
	m, ok := lookups[name]
	if ok && have == "" && want != "" && c.j.look.Record(crossbook.CRMRef(m, want)) == nil {
		return "follows from the missing " + m.Singular()
	}
	return ""
}

// same compares a value as the CRM gives it with a canonical one, and returns
// the CRM's in canonical form.
func same(raw any, want string) (have string, equal bool) {
	switch v := raw.(type) {
	case map[string]any:
		have = plain(v["id"])
	case json.Number:
		have = mapping.Number(v)
		d, err := money.Parse(want)
		return have, err == nil && d.Equal(amount(v)) || want == "" && amount(v).IsZero()
	default:
		have = plain(raw)
	}
	if have == "" && want != "" {
		d, err := money.Parse(want)
		return have, err == nil && d.IsZero() && strings.Trim(want, "-.0") == ""
	}
	return have, tidy(have) == tidy(want)
}

// tidy takes away what the CRM may do to a text: blanks at the ends of lines,
// line ends of other systems.
func tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func amount(v any) money.Decimal {
	d, _, err := money.FromJSON(v)
	if err != nil {
		return money.Zero
	}
	return d
}

// column is one value of a row.
type column struct {
	label string
	of    func(i int, l document.Line, out document.Output) money.Decimal
}

// columns are the figures of a row as the CRM names them.
var columns = map[string]column{
	"Quantity":   {"Quantity", func(_ int, l document.Line, _ document.Output) money.Decimal { return l.Quantity }},
	"List_Price": {"List Price", func(_ int, l document.Line, _ document.Output) money.Decimal { return l.ListPrice }},
	"Discount":   {"Discount", func(_ int, l document.Line, _ document.Output) money.Decimal { return l.Discount }},
	"Total":      {"Total", func(i int, _ document.Line, o document.Output) money.Decimal { return o.Expect.Lines[i].Total }},
	"Tax":        {"Tax", func(i int, _ document.Line, o document.Output) money.Decimal { return o.Expect.Lines[i].Tax }},
	"Net_Total":  {"Net Total", func(i int, _ document.Line, o document.Output) money.Decimal { return o.Expect.Lines[i].Net }},
}

// lines compares the rows, and returns by how much they move the total.
func (c *comparison) lines() (out []Finding, moved money.Decimal) {
	want, have := c.d.Out.Lines, c.j.rows[c.l.CRMID]
	at := c.pairRows(want, have)
	used := map[int]bool{}
	ordered := true
	last := -1
	for i := range want {
		k := at[i]
		if k < 0 {
			net := c.d.Out.Expect.Lines[i].Net
			moved = moved.Sub(net)
			out = append(out, c.line(i+1, "", "missing", c.describe(want[i])))
			continue
		}
		used[k] = true
		ordered = ordered && k > last
		last = k
		moved = moved.Add(amount(have[k]["Net_Total"]).Sub(c.d.Out.Expect.Lines[i].Net))
		if f, differs := c.row(i, want[i], have[k]); differs {
			out = append(out, f)
		}
	}
	for k, row := range have {
		if !used[k] {
			moved = moved.Add(amount(row["Net_Total"]))
			out = append(out, c.line(k+1, "", c.describeRow(row), "no such line"))
		}
	}
	if !ordered && len(out) == 0 {
		out = append(out, c.line(1, "order", "another order", "as in QuickBooks"))
	}
	return out, moved
}

// row compares one line with its row: one finding, whatever differs.
func (c *comparison) row(i int, want document.Line, have map[string]any) (Finding, bool) {
	type cell struct{ label, crm, books string }
	var cells []cell
	if id := lookup(have["Product_Name"]); id != want.ProductID {
		cells = append(cells, cell{"Product", c.product(id), c.product(want.ProductID)})
	}
	if text := plain(have["Description"]); tidy(text) != tidy(want.Description) {
		cells = append(cells, cell{"Description", text, want.Description})
	}
	for _, name := range []string{"Quantity", "List_Price", "Discount", "Total", "Tax", "Net_Total"} {
		w := columns[name].of(i, want, c.d.Out)
		if h := amount(have[name]); !h.Equal(w) {
			cells = append(cells, cell{columns[name].label, h.String(), w.String()})
		}
	}
	if len(cells) == 0 {
		return Finding{}, false
	}
	f := c.line(i+1, cells[0].label, cells[0].crm, cells[0].books)
	for _, also := range cells[1:] {
		f.Also = append(f.Also, also.label)
	}
	return f, true
}

// line is a finding on the nth line.
func (c *comparison) line(n int, what, crm, books string) Finding {
	field := "line " + strconv.Itoa(n)
	if what != "" {
		field += ": " + what
	}
	return Finding{Kind: Line, Field: field, field: document.FieldLines, CRMValue: crm, BooksValue: books}
}

func (c *comparison) product(id string) string {
	return c.j.nameOf(crossbook.CRMRef(crossbook.Products, id))
}

func (c *comparison) describe(l document.Line) string {
	return fmt.Sprintf("%s x %s at %s", l.Quantity, c.product(l.ProductID), l.ListPrice)
}

func (c *comparison) describeRow(row map[string]any) string {
	return fmt.Sprintf("%s x %s at %s", plain(row["Quantity"]), c.product(lookup(row["Product_Name"])), plain(row["List_Price"]))
}

// pairRows finds the row of each line: first rows that say the same, in order,
// then rows of the same product, then whatever stands in the same place. -1 is
// a line without a row.
func (c *comparison) pairRows(want []document.Line, have []map[string]any) []int {
	at := make([]int, len(want))
	for i := range at {
		at[i] = -1
	}
	used := map[int]bool{}
	equal := func(i, k int) bool {
		_, differs := c.row(i, want[i], have[k])
		return !differs
	}
	product := func(i, k int) bool { return lookup(have[k]["Product_Name"]) == want[i].ProductID }
	place := func(i, k int) bool { return i == k }
	for _, fits := range []func(i, k int) bool{
		func(i, k int) bool { return place(i, k) && equal(i, k) }, equal,
		func(i, k int) bool { return place(i, k) && product(i, k) }, product, place,
	} {
		for i := range want {
			for k := range have {
				if at[i] < 0 && !used[k] && fits(i, k) {
					at[i], used[k] = k, true
				}
			}
		}
	}
	return at
}
