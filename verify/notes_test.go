package verify_test

import (
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/money"
	"crossbook/verify"
)

// Row 39: the won Deal of the sample company, with two quotes and an invoice.
// Its documents get their Deal from people, and its figures from Crossbook.
func TestVerify_SampleCompany_WonDealShowsItsDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a whole company, in -short")
	}
	w := larkfield(t).connect().firstSync()
	deal := w.find("Deals", "Deal_Name", "Terrace and pool")
	for _, no := range []string{"E-TP-1", "E-TP-2"} {
		w.personCRM("update", "Quotes", id(w.find("Quotes", "QuickBooks_Number", no)), m{"Deal_Name": m{"id": id(deal)}})
	}
	w.personCRM("update", "Invoices", id(w.find("Invoices", "QuickBooks_Number", "TP-1")), m{"Deal_Name__s": m{"id": id(deal)}})
	wantDeal(t, w.verify(), "QuickBooks Quoted", "the next notification or daily pass takes it in")
	w.clock.Advance(25 * time.Hour)
	w.sync()
	r := w.verify()
	for _, f := range r.Findings {
		if f.Module == crossbook.Deals {
			t.Errorf("[%s] %s also %v", f.Kind, f.Sentence, f.Also)
		}
	}
	for _, c := range r.Modules {
		if c.Module == crossbook.Deals && (c.Agree != 1 || c.Records != 1) {
			t.Errorf("%+v", c)
		}
	}
	deal = w.find("Deals", "Deal_Name", "Terrace and pool")
	one, two, inv := w.find("Quotes", "QuickBooks_Number", "E-TP-1"), w.find("Quotes", "QuickBooks_Number", "E-TP-2"), w.find("Invoices", "QuickBooks_Number", "TP-1")
	sum := cents(one["QuickBooks_Total"]) + cents(two["QuickBooks_Total"])
	if got := cents(deal["QuickBooks_Quoted"]); got != sum || sum == 0 {
		t.Errorf("quoted %v, the quotes come to %v", got, sum)
	}
	if got, total := cents(deal["QuickBooks_Invoiced"]), cents(inv["QuickBooks_Total"]); got != total || total == 0 {
		t.Errorf("invoiced %v, the invoice is %v", got, total)
	}
	if cents(deal["QuickBooks_Open"])+cents(deal["QuickBooks_Paid"]) != cents(inv["QuickBooks_Total"]) {
		t.Errorf("open %v and paid %v", deal["QuickBooks_Open"], deal["QuickBooks_Paid"])
	}
	w.personCRM("update", "Deals", id(deal), m{"QuickBooks_Open": 1})
	wantDeal(t, w.verify(), "QuickBooks Open", "")
}

// wantDeal wants one finding on Deals: open, or explained by a reason.
func wantDeal(t *testing.T, r verify.Report, field, why string) {
	t.Helper()
	var found []verify.Finding
	for _, f := range r.Findings {
		if f.Module == crossbook.Deals {
			found = append(found, f)
		}
	}
	if len(found) != 1 || found[0].Field != field || found[0].Explained != (why != "") || !strings.Contains(found[0].Why, why) {
		t.Errorf("findings on Deals: %+v", found)
	}
}

// A record that says the wrong thing about itself is named and is no difference.
func TestVerify_NamesAWrongState(t *testing.T) {
	v := newVillage(t)
	v.personCRM("update", "Accounts", id(v.find("Accounts", "Account_Name", "Cool Cars")), m{"QuickBooks_sync": "Left out (no idea)"})
	r := v.verify()
	if len(r.Findings) != 1 || r.Findings[0].Field != "QuickBooks sync" || r.Findings[0].BooksValue != "In step" || !r.Findings[0].Explained || !r.Proven() {
		t.Errorf("findings: %+v", r.Findings)
	}
}

// cents reads an amount of the CRM in cents.
func cents(v any) int64 {
	d, _, err := money.FromJSON(v)
	if err != nil {
		return -1
	}
	return d.Shift(2).IntPart()
}
