package company

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

var testNow = time.Date(2026, time.November, 18, 18, 0, 0, 0, time.UTC)

func openLarkfield(t testing.TB, now time.Time) *Company {
	t.Helper()
	c, err := Larkfield(Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// readOnly is one company for all tests that only look at it.
var readOnly = sync.OnceValues(func() (*Company, error) {
	return Larkfield(Options{Now: func() time.Time { return testNow }})
})

func look(t testing.TB) *truth {
	t.Helper()
	c, err := readOnly()
	if err != nil {
		t.Fatal(err)
	}
	return truthOf(t, c, testNow)
}

// truth is the state of both sides, read once by HTTP.
type truth struct {
	t     testing.TB
	cal   calendar
	world World
	read  map[string][]object
}

func truthOf(t testing.TB, c *Company, now time.Time) *truth {
	t.Helper()
	cal, err := newCalendar(now, zoneName)
	if err != nil {
		t.Fatal(err)
	}
	return &truth{t: t, cal: cal, world: c.World(), read: map[string][]object{}}
}

func (s *truth) all(side Side, typ string) []object {
	s.t.Helper()
	key := string(side) + typ
	if s.read[key] == nil {
		all, err := records(context.Background(), s.world, side, typ)
		if err != nil {
			s.t.Fatal(err)
		}
		s.read[key] = all
	}
	return s.read[key]
}

func (s *truth) where(side Side, typ, path, value string) []object {
	s.t.Helper()
	var out []object
	for _, o := range s.all(side, typ) {
		if agrees(textAt(o, path), value) {
			out = append(out, o)
		}
	}
	return out
}

// one is the only record with a value at a path.
func (s *truth) one(side Side, typ, path, value string) object {
	s.t.Helper()
	found := s.where(side, typ, path, value)
	if len(found) != 1 {
		s.t.Fatalf("%s has %d records of %s with %s %q, want 1", side, len(found), typ, path, value)
	}
	return found[0]
}

func (s *truth) customer(name string) object { return s.one(Books, "Customer", "DisplayName", name) }
func (s *truth) vendor(name string) object   { return s.one(Books, "Vendor", "DisplayName", name) }
func (s *truth) item(full string) object     { return s.one(Books, "Item", "FullyQualifiedName", full) }
func (s *truth) invoice(no string) object    { return s.one(Books, "Invoice", "DocNumber", no) }
func (s *truth) account(name string) object  { return s.one(CRM, "Accounts", "Account_Name", name) }

// of lists the documents of a customer.
func (s *truth) of(typ, customer string) []object {
	return s.where(Books, typ, "CustomerRef", textAt(s.customer(customer), "Id"))
}

func (s *truth) contactsOf(account string) []object {
	return s.where(CRM, "Contacts", "Account_Name.id", textAt(s.account(account), "id"))
}

// want compares values at paths.
func (s *truth) want(o object, pairs ...string) {
	s.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := textAt(o, pairs[i]); !agrees(got, pairs[i+1]) {
			s.t.Errorf("%s is %q, want %q (record %s)", pairs[i], got, pairs[i+1], idOf(o))
		}
	}
}

func (s *truth) count(what string, got, want int) {
	s.t.Helper()
	if got != want {
		s.t.Errorf("%s: %d, want %d", what, got, want)
	}
}

func amount(o object, path string) decimal.Decimal {
	d, err := decimal.NewFromString(textAt(o, path))
	if err != nil {
		return decimal.Zero
	}
	return d
}

func linesOf(o object) []object {
	var out []object
	rows, _ := o["Line"].([]any)
	for _, r := range rows {
		out = append(out, r.(object))
	}
	return out
}

func TestLarkfield_HasTheOrdinaryRecords(t *testing.T) {
	s := look(t)
	for _, tc := range []struct {
		side Side
		typ  string
		want int
	}{
		{Books, "Customer", 300}, {Books, "Vendor", 40}, {Books, "Item", 120}, {Books, "Estimate", 150}, {Books, "Invoice", 500}, {Books, "PurchaseOrder", 80},
	} {
		s.count(tc.typ, len(s.all(tc.side, tc.typ)), tc.want)
	}
	types := map[string]int{}
	for _, it := range s.all(Books, "Item") {
		types[textAt(it, "Type")]++
	}
	for _, typ := range []string{"Inventory", "NonInventory", "Service", "Category", "Group"} {
		if types[typ] == 0 {
			t.Errorf("no item of type %s", typ)
		}
	}
	currencies := map[string]int{}
	jobs, projects := 0, 0
	for _, c := range s.all(Books, "Customer") {
		currencies[textAt(c, "CurrencyRef")]++
		if textAt(c, "IsProject") == "true" {
			projects++
		} else if textAt(c, "Job") == "true" {
			jobs++
		}
	}
	if currencies["EUR"] < 3 || currencies["CAD"] < 3 || jobs < 5 || projects < 3 {
		t.Errorf("currencies %v, jobs %d, projects %d", currencies, jobs, projects)
	}
}

func TestLarkfield_HasInvoicesInEveryState(t *testing.T) {
	for _, day := range []string{"2026-06-30", "2026-07-01", "2027-02-28"} {
		t.Run(day, func(t *testing.T) {
			now, _ := time.Parse(time.RFC3339, day+"T18:00:00Z")
			s := truthOf(t, openLarkfield(t, now), now)
			states := map[string]int{}
			for _, inv := range s.all(Books, "Invoice") {
				states[invoiceState(inv, s.cal.day(0))]++
			}
			for _, want := range []string{"voided", "no charge", "paid", "overdue", "overdue, partly paid", "partly paid", "open"} {
				if states[want] == 0 {
					t.Errorf("no invoice is %s: %v", want, states)
				}
			}
			expired := 0
			for _, est := range s.all(Books, "Estimate") {
				if d := textAt(est, "ExpirationDate"); d != "" && d < s.cal.day(0) && textAt(est, "TxnStatus") == "Pending" {
					expired++
				}
			}
			if expired == 0 {
				t.Error("no estimate has expired")
			}
			if prefs := s.all(Books, "Preferences")[0]; textAt(prefs, "AccountingInfoPrefs.BookCloseDate") >= s.cal.day(0) {
				t.Errorf("the books are closed to %s, today or later", textAt(prefs, "AccountingInfoPrefs.BookCloseDate"))
			}
		})
	}
}

func invoiceState(inv object, today string) string {
	total, open := amount(inv, "TotalAmt"), amount(inv, "Balance")
	late := textAt(inv, "DueDate") < today
	switch {
	case strings.HasPrefix(textAt(inv, "PrivateNote"), "Voided"):
		return "voided"
	case total.IsZero():
		return "no charge"
	case open.IsZero():
		return "paid"
	case late && open.LessThan(total):
		return "overdue, partly paid"
	case late:
		return "overdue"
	case open.LessThan(total):
		return "partly paid"
	}
	return "open"
}

// What customers owe is what their open documents come to, customer by customer.
func TestLarkfield_BalancesTie(t *testing.T) {
	s := look(t)
	tieBalances(t, s)
}

func tieBalances(t *testing.T, s *truth) {
	t.Helper()
	own := map[string]decimal.Decimal{}
	for typ, path := range map[string]string{"Invoice": "Balance", "CreditMemo": "Balance", "Payment": "UnappliedAmt"} {
		for _, o := range s.all(Books, typ) {
			id, sum := textAt(o, "CustomerRef"), amount(o, path)
			if sum.IsNegative() {
				t.Errorf("%s %s: %s is %s", typ, idOf(o), path, sum)
			}
			if typ != "Invoice" {
				sum = sum.Neg()
			}
			own[id] = own[id].Add(sum)
		}
	}
	jobs := map[string]decimal.Decimal{}
	for _, c := range s.all(Books, "Customer") {
		if p := textAt(c, "ParentRef"); p != "" {
			jobs[p] = jobs[p].Add(own[idOf(c)])
		}
	}
	for _, c := range s.all(Books, "Customer") {
		id := idOf(c)
		if got := amount(c, "Balance"); !got.Equal(own[id]) {
			t.Errorf("%s owes %s, its documents come to %s", textAt(c, "DisplayName"), got, own[id])
		}
		if got, want := amount(c, "BalanceWithJobs"), own[id].Add(jobs[id]); !got.Equal(want) {
			t.Errorf("%s owes %s with its jobs, the documents come to %s", textAt(c, "DisplayName"), got, want)
		}
	}
}

// The sums this package works out are those that the sandbox works out.
func TestLarkfield_TotalsAgreeWithTheSandbox(t *testing.T) {
	s := look(t)
	b := newBooks(s.cal, 1, func(string, []map[string]any) error { return nil })
	if err := b.larkfield(); err != nil {
		t.Fatal(err)
	}
	for _, set := range []map[string]*sold{b.invoices, b.estimates} {
		for key, mine := range set {
			found := s.where(Books, mine.entity, "Id", mine.id)
			if len(found) == 0 {
				continue // deleted by tidyUp
			}
			if got := amount(found[0], "TotalAmt"); !got.Equal(mine.total) {
				t.Errorf("%s %s comes to %s in the sandbox, to %s here", mine.entity, key, got, mine.total)
			}
			if got := amount(found[0], "TxnTaxDetail.TotalTax"); !got.Equal(mine.tax) {
				t.Errorf("%s %s is taxed %s in the sandbox, %s here", mine.entity, key, got, mine.tax)
			}
			if got := amount(found[0], "Balance"); mine.entity == "Invoice" && !got.Equal(mine.open) {
				t.Errorf("%s %s is open by %s in the sandbox, by %s here", mine.entity, key, got, mine.open)
			}
		}
	}
}

// dump is the whole state of a side, byte by byte.
func dump(t testing.TB, c *Company, side Side) []byte {
	t.Helper()
	var raw json.RawMessage
	if err := exchange(context.Background(), c.World(), side, http.MethodGet, "/_sandbox/state", nil, &raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestLarkfield_IsTheSameTwice(t *testing.T) {
	first, err := readOnly()
	if err != nil {
		t.Fatal(err)
	}
	second := openLarkfield(t, testNow)
	for _, side := range []Side{CRM, Books} {
		if !bytes.Equal(dump(t, first, side), dump(t, second, side)) {
			t.Errorf("the two states of %s differ", side)
		}
	}
	other, err := Larkfield(Options{Now: func() time.Time { return testNow }, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if bytes.Equal(dump(t, first, Books), dump(t, other, Books)) {
		t.Error("another seed gives the same company")
	}
}

func TestLarkfield_KnowsPartOfItsCustomersOnBothSides(t *testing.T) {
	s := look(t)
	folded := func(v string) string { return strings.ToLower(strings.Join(strings.Fields(v), " ")) }
	names := map[string]string{}
	for _, c := range s.all(Books, "Customer") {
		names[folded(textAt(c, "DisplayName"))] = textAt(c, "DisplayName")
	}
	same, respelt := 0, 0
	for _, a := range s.all(CRM, "Accounts") {
		name := textAt(a, "Account_Name")
		if theirs, known := names[folded(name)]; known {
			same++
			if theirs != name {
				respelt++
			}
		}
	}
	if same < 60 || respelt < 30 || same > 200 {
		t.Errorf("%d accounts are customers, %d of them spelt differently", same, respelt)
	}
	owners := map[string]bool{}
	for _, a := range s.all(CRM, "Accounts") {
		owners[textAt(a, "Owner.name")] = true
	}
	for _, rep := range []string{"Eva Brandt", "Tom Reyes", "Kim Osei"} {
		if !owners[rep] {
			t.Errorf("%s owns no account", rep)
		}
	}
	layouts := textAt(s.one(CRM, "Quotes", "Subject", quoteInApproval), "Layout.name")
	if layouts == "" || slices.Contains([]string{"QuickBooks"}, layouts) {
		t.Errorf("the CRM's own quote stands on layout %q", layouts)
	}
}
