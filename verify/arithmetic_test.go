package verify_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// The arithmetic of P18, judged from the two systems' own figures: the CRM's
// Grand Total is QuickBooks' total to the cent, each row comes to QuickBooks'
// amount, and the Adjustment holds shipping and at most a cent a row. Only a
// document that says so on its face may be off: a price the CRM cannot keep, a
// tax that found no row, a document that is gone.

var shownAs = map[string]struct{ module, rows string }{
	"Estimate":      {"Quotes", "Quoted_Items"},
	"Invoice":       {"Invoices", "Invoiced_Items"},
	"PurchaseOrder": {"Purchase_Orders", "Purchase_Items"},
}

const (
	marksPrice = "A price has more decimals than the CRM keeps"
	marksTax   = "The tax is in Adjustment"
)

// arithmetic counts the documents it has judged, by entity, and those that are
// marked, by their note.
func arithmetic(t *testing.T, w *world) (judged map[string]int, marked map[string]int) {
	t.Helper()
	crm, books := w.crmState(), w.booksState()
	judged, marked = map[string]int{}, map[string]int{}
	for _, entity := range slices.Sorted(maps.Keys(shownAs)) {
		of := shownAs[entity]
		shown := map[string]m{}
		for _, rec := range crm.Records[of.module] {
			shown[text(rec["QuickBooks_Id"])] = rec
		}
		for _, doc := range books.Records[entity] {
			if rec := shown[text(doc["Id"])]; rec != nil {
				judged[entity]++
				if note := text(rec["QuickBooks_Note"]); note != "" {
					marked[note]++
				}
				judge(t, entity+" "+text(doc["DocNumber"]), doc, rec, of.rows)
			}
		}
	}
	return judged, marked
}

func judge(t *testing.T, what string, doc, rec m, rows string) {
	t.Helper()
	shipping, want := decimal.Zero, []decimal.Decimal(nil)
	listed, subtotals := decimal.Zero, []decimal.Decimal(nil)
	for _, l := range inner(list(doc["Line"])) {
		detail, _ := l[text(l["DetailType"])].(m)
		switch item, _ := detail["ItemRef"].(m); {
		case strings.HasSuffix(text(item["value"]), "_ID"):
			shipping = shipping.Add(sum(l["Amount"]))
		case slices.Contains([]string{"SalesItemLineDetail", "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"}, text(l["DetailType"])):
			want = append(want, sum(l["Amount"]))
			listed = listed.Add(sum(l["Amount"]))
		case text(l["DetailType"]) == "SubTotalLineDetail":
			subtotals = append(subtotals, sum(l["Amount"]))
		}
	}
	if len(subtotals) == 1 && !subtotals[0].Equal(listed) && !subtotals[0].Equal(listed.Add(shipping)) {
		want = append(want, subtotals[0].Sub(listed)) // statement charges are counted and not listed
	}
	if total := sum(doc["TotalAmt"]); !sum(rec["Grand_Total"]).Equal(total) || !sum(rec["QuickBooks_Total"]).Equal(total) {
		t.Errorf("%s: Grand Total %s, QuickBooks Total %s, want %s", what, text(rec["Grand_Total"]), text(rec["QuickBooks_Total"]), total)
	}
	note := text(rec["QuickBooks_Note"])
	if strings.HasPrefix(text(rec["QuickBooks_Status"]), "Voided") || strings.Contains(note, marksTax) {
		return
	}
	got := list(rec[rows])
	slices.SortStableFunc(got, func(a, b m) int { return sum(a["Sequence_Number"]).Cmp(sum(b["Sequence_Number"])) })
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
		return
	}
	exact := true
	for i, row := range got {
		if !sum(row["Total"]).Equal(want[i]) {
			exact = false
			if !strings.Contains(note, marksPrice) {
				t.Errorf("%s: row %d comes to %s, want %s", what, i+1, text(row["Total"]), want[i])
			}
		}
	}
	if strings.Contains(note, marksPrice) {
		if exact {
			t.Errorf("%s is marked for its price, but every row comes to its amount", what)
		}
		return
	}
	rounding := sum(rec["Adjustment"]).Sub(shipping)
	if rounding.Abs().GreaterThan(decimal.New(int64(len(want)), -2)) {
		t.Errorf("%s: the Adjustment %s is more than shipping %s and a cent a row", what, text(rec["Adjustment"]), shipping)
	}
}

// inner expands bundles.
func inner(lines []m) []m {
	var out []m
	for _, l := range lines {
		if bundle, ok := l["GroupLineDetail"].(m); ok {
			out = append(out, inner(list(bundle["Line"]))...)
			continue
		}
		out = append(out, l)
	}
	return out
}

func list(v any) []m {
	var out []m
	all, _ := v.([]any)
	for _, e := range all {
		if o, ok := e.(m); ok {
			out = append(out, o)
		}
	}
	return out
}

func sum(v any) decimal.Decimal {
	switch v := v.(type) {
	case json.Number:
		return decimal.RequireFromString(v.String())
	case string:
		if d, err := decimal.NewFromString(v); err == nil {
			return d
		}
	}
	return decimal.Zero
}

// coolabah is the small Australian company, not connected yet.
func coolabah(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: testNow}}
	c, err := company.AU(company.Options{
		Now:  w.clock.Now,
		Zoho: zohobox.Options{ManualDelivery: true}, QuickBooks: qbobox.Options{ManualDelivery: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.crm, w.books = c.Zoho, c.QuickBooks
	return w.open()
}

// Prices that hold the tax: QuickBooks gives net amounts and the CRM adds the
// tax again, so that both come to the gross total.
func TestCoolabah_TaxInclusiveDocumentsComeToTheirTotals(t *testing.T) {
	w := coolabah(t).connect().firstSync()
	if p := w.problems(); len(p) > 0 {
		t.Errorf("problems: %+v", p)
	}
	judged, marked := arithmetic(t, w)
	if judged["Estimate"] != 5 || judged["Invoice"] != 21 || judged["PurchaseOrder"] != 4 {
		t.Errorf("documents %v", judged)
	}
	for note := range marked { // a net price may have more decimals than the CRM keeps
		if !strings.HasPrefix(note, marksPrice) {
			t.Errorf("marked %q", note)
		}
	}
	before := w.writes()
	w.sync()
	if n := w.writes() - before; n != 0 {
		t.Errorf("a second sync wrote %d times", n)
	}
	for _, f := range w.verify().Open() {
		t.Error(f.Sentence)
	}
}
