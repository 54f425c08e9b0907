package verify_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
	"crossbook/verify"
)

type m = map[string]any

func ref(id string) m { return m{"value": id} }

// village is a small company with something of everything, in step.
type village struct {
	*world
	customers, vendors, items, invoices, estimates, orders map[string]string // QuickBooks ids
}

// newVillage founds the company and brings it into an empty CRM.
func newVillage(t *testing.T) *village {
	t.Helper()
	v := &village{
		world: empty(t), customers: map[string]string{}, vendors: map[string]string{}, items: map[string]string{},
		invoices: map[string]string{}, estimates: map[string]string{}, orders: map[string]string{},
	}
	for _, c := range []m{
		{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Grace", "FamilyName": "Pariente", "PrimaryPhone": m{"FreeFormNumber": "555-0101"}},
		{"DisplayName": "Red Barn", "CompanyName": "Red Barn"},
		{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn", "PrimaryEmailAddr": m{"Address": "mike@dunn.example"}},
		{"DisplayName": "Orchard Park", "CompanyName": "Orchard Park"},
	} {
		v.customers[c["DisplayName"].(string)] = v.personBooks("create", "Customer", "", c)
	}
	for _, name := range []string{"Blue Ridge Stone", "Harvest Freight", "Acme Fasteners"} {
		v.vendors[name] = v.personBooks("create", "Vendor", "", m{"DisplayName": name, "PrimaryPhone": m{"FreeFormNumber": "555-0199"}})
	}
	for name, price := range map[string]int{"Weeding": 25, "Mowing": 40} {
		v.items[name] = v.personBooks("create", "Item", "", m{
			"Name": name, "Type": "Service", "UnitPrice": price, "IncomeAccountRef": ref(v.account("Services")), "ExpenseAccountRef": ref(v.account("Purchases")),
		})
	}
	for i, who := range []string{"Cool Cars", "Cool Cars", "Red Barn", "Orchard Park", "Mike Dunn"} {
		no := fmt.Sprint(1001 + i)
		v.invoices[no] = v.personBooks("create", "Invoice", "", m{"DocNumber": no, "CustomerRef": ref(v.customers[who]), "Line": []any{
			v.sold("Weeding", 2, 25, "Front yard"), v.sold("Mowing", 1, 40, "Back yard"),
		}})
	}
	for i, who := range []string{"Cool Cars", "Mike Dunn", "Red Barn"} {
		no := fmt.Sprint(2001 + i)
		v.estimates[no] = v.personBooks("create", "Estimate", "", m{"DocNumber": no, "CustomerRef": ref(v.customers[who]), "Line": []any{
			v.sold("Weeding", 4, 25, "All summer"), v.sold("Mowing", 4, 40, "Every week"),
		}})
	}
	v.orders["3001"] = v.personBooks("create", "PurchaseOrder", "", m{
		"DocNumber": "3001", "VendorRef": ref(v.vendors["Blue Ridge Stone"]), "ShipMethodRef": m{"value": "UPS", "name": "UPS"},
		"Line": []any{m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 60, "ItemBasedExpenseLineDetail": m{"ItemRef": ref(v.items["Weeding"]), "Qty": 3, "UnitPrice": 20}}},
	})
	v.connect(func(s *crossbook.Settings) {
		ms := s.Modules[crossbook.Vendors]
		ms.Everything = true
		s.Modules[crossbook.Vendors] = ms
	}).firstSync()
	v.sync()
	return v
}

func (w *world) account(name string) string {
	w.t.Helper()
	for _, a := range w.books.All("Account") {
		if a["Name"] == name {
			return a["Id"].(string)
		}
	}
	w.t.Fatalf("no account %q", name)
	return ""
}

func (v *village) sold(item string, qty int, price float64, text string) m {
	return m{"DetailType": "SalesItemLineDetail", "Amount": float64(qty) * price, "Description": text, "SalesItemLineDetail": m{
		"ItemRef": ref(v.items[item]), "Qty": qty, "UnitPrice": price,
	}}
}

// find is the CRM record of a module with a value.
func (w *world) find(module, field, value string) m {
	w.t.Helper()
	var found []m
	for _, r := range w.crmState().Records[module] {
		if fmt.Sprint(r[field]) == value {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		w.t.Fatalf("%d records of %s with %s %q, want 1", len(found), module, field, value)
	}
	return found[0]
}

func id(r m) string { return fmt.Sprint(r["id"]) }

// brief is a finding as the tests compare it.
func brief(f verify.Finding) string {
	return fmt.Sprintf("%s %s %q %s: %q | %q", f.Kind, f.Module, f.Name, f.Field, f.CRMValue, f.BooksValue)
}

func briefs(fs []verify.Finding) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = brief(f)
	}
	slices.Sort(out)
	return out
}

func wantOpen(t *testing.T, r verify.Report, want ...string) {
	t.Helper()
	slices.Sort(want)
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, briefs(r.Open())); diff != "" {
		t.Errorf("open findings (-want +got):\n%s", diff)
		for _, f := range r.Findings {
			t.Logf("[%s] %s | also %v | why %q", f.Kind, f.Sentence, f.Also, f.Why)
		}
	}
}

func TestVerify_EverythingAgreesAfterASync(t *testing.T) {
	v := newVillage(t)
	before := v.writes()
	r := v.verify()
	wantOpen(t, r)
	if len(r.Findings) > 0 || !r.Proven() {
		t.Errorf("findings: %+v", r.Findings)
	}
	// 4 customers make 3 Accounts, 1 billing contact and 1 Contact; 3 vendors; the
	// company's own 2 items and these 2; 3 quotes, 5 invoices, 1 order.
	zone, err := time.LoadLocation(v.conn.Zone)
	if err != nil {
		t.Fatal(err)
	}
	want := "21 of 21 agree as of " + r.AsOf.In(zone).Format("15:04") + "; 0 left out by your choices; 0 unexplained"
	if r.Sentence != want {
		t.Errorf("sentence: %s, want %s", r.Sentence, want)
	}
	for _, c := range r.Modules {
		if c.Agree != c.Records || c.Records == 0 {
			t.Errorf("%+v", c)
		}
	}
	if got := r.Totals[1]; got.Module != crossbook.Invoices || got.CRM.String() != "450" || !got.Agrees() || got.Documents != 5 || got.CRMBalance.String() != "450" {
		t.Errorf("totals: %+v", r.Totals)
	}
	if after := v.writes(); after != before {
		t.Errorf("the proof wrote %d times", after-before)
	}
}

// One field, one line, one cent, one deletion and one duplicate on each side,
// behind the engine's back: ten findings, and nothing else.
func TestVerify_NamesEveryChangeBehindTheEnginesBack(t *testing.T) {
	v := newVillage(t)

	v.personCRM("update", "Accounts", id(v.find("Accounts", "Account_Name", "Cool Cars")), m{"Phone": "555-7777"})
	line := v.find("Invoices", "QuickBooks_Number", "1001")
	row := line["Invoiced_Items"].([]any)[1].(m)
	v.personCRM("update", "Invoices", id(line), m{"Invoiced_Items": []any{m{"id": row["id"], "Description": "Side yard"}}})
	v.personCRM("update", "Invoices", id(v.find("Invoices", "QuickBooks_Number", "1003")), m{"Adjustment": 0.01})
	v.personCRM("delete", "Quotes", id(v.find("Quotes", "QuickBooks_Number", "2001")), nil)
	twin := v.personCRM("create", "Accounts", "", m{"Account_Name": "Red  barn"})

	v.personBooks("update", "Vendor", v.vendors["Harvest Freight"], m{"PrimaryPhone": m{"FreeFormNumber": "555-8888"}})
	v.personBooks("update", "Estimate", v.estimates["2002"], m{"Line": []any{
		v.sold("Weeding", 4, 25, "All summer"), v.sold("Mowing", 4, 40, "Every other week"),
	}})
	v.personBooks("update", "Invoice", v.invoices["1004"], m{"Line": []any{
		v.sold("Weeding", 2, 25, "Front yard"), v.sold("Mowing", 1, 40.01, "Back yard"),
	}})
	v.personBooks("delete", "Invoice", v.invoices["1005"], nil)
	second := v.personBooks("create", "Customer", "", m{"DisplayName": "Cool Cars (shop)", "CompanyName": "Cool Cars"})

	r := v.verify()
	wantOpen(t, r,
		`field Accounts "Cool Cars" Phone: "555-7777" | "555-0101"`,
		`line Invoices "1001 Cool Cars" line 2: Description: "Side yard" | "Back yard"`,
		`total Invoices "1003 Red Barn" Adjustment: "0.01" | "0"`,
		`missing Quotes "2001" : "gone" | "there"`,
		`duplicate Accounts "Red  barn" : "Red  barn" | "Red Barn"`,
		`field Vendors "Harvest Freight" Phone: "555-0199" | "555-8888"`,
		`line Quotes "2002 Mike Dunn" line 2: Description: "Every week" | "Every other week"`,
		`line Invoices "1004 Orchard Park" line 2: List Price: "40" | "40.01"`,
		`missing Invoices "1005 Mike Dunn" : "there" | "gone"`,
		`duplicate Accounts "Cool Cars (shop)" : "Cool Cars" | "Cool Cars (shop)"`,
	)
	if r.Unexplained != 10 || r.Proven() {
		t.Errorf("%d unexplained: %s", r.Unexplained, r.Sentence)
	}
	for _, f := range r.Open() {
		switch {
		case f.Name == "Red  barn" && f.CRM.ID != twin, f.Name == "Cool Cars (shop)" && f.Books.ID != second:
			t.Errorf("the duplicate is another record: %+v", f)
		case f.Sentence == "" || f.Explained:
			t.Errorf("%+v", f)
		}
	}
	// The figures of both customers moved with their invoices, and that is said.
	for _, f := range r.Findings[10:] {
		if f.Why != "follows from a document that is listed" {
			t.Errorf("explained by %q: %s", f.Why, f.Sentence)
		}
	}
	if got := r.Totals[1]; got.Agrees() || got.CRM.Sub(got.Books).String() != "90" {
		t.Errorf("the totals do not show the differences: %+v", got) // 0.01 more here, 0.01 more there, 90 gone there
	}
}

// A look-up that the CRM emptied because its record was deleted follows from
// the deletion: one finding, not four.
func TestVerify_ADeletedAccountIsOneFinding(t *testing.T) {
	v := newVillage(t)
	v.personCRM("delete", "Accounts", id(v.find("Accounts", "Account_Name", "Cool Cars")), nil)
	r := v.verify()
	wantOpen(t, r, `missing Accounts "Cool Cars" : "gone" | "there"`)
}

func TestVerify_SaysWhyWhatItCannotProveIsAsItIs(t *testing.T) {
	v := newVillage(t)
	acme := id(v.find("Vendors", "Vendor_Name", "Acme Fasteners"))

	// Paused: the change waits under error 14.
	if err := v.eng.Pause(t.Context(), v.conn.ID, crossbook.Vendors, "Ana"); err != nil {
		t.Fatal(err)
	}
	v.personCRM("update", "Vendors", acme, m{"Phone": "555-3333"})
	v.sync()
	// Locked: error 6.
	account := id(v.find("Accounts", "Account_Name", "Orchard Park"))
	v.personCRM("lock", "Accounts", account, m{"reason": "audit"})
	v.personBooks("update", "Customer", v.customers["Orchard Park"], m{"Fax": m{"FreeFormNumber": "555-4444"}})
	v.sync()
	// Made in the CRM: never sent. Left out on purpose: deleted, and noticed.
	v.personCRM("create", "Quotes", "", m{"Subject": "Ours", "Account_Name": m{"id": account}, "Quoted_Items": []any{m{
		"Product_Name": m{"id": id(v.find("Products", "Product_Name", "Mowing"))}, "Quantity": 1, "List_Price": 40,
	}}})
	v.personCRM("delete", "Products", id(v.find("Products", "QuickBooks_Id", "1")), nil)
	v.sync()

	r := v.verify()
	wantOpen(t, r)
	whys := map[string]string{}
	for _, f := range r.Findings {
		whys[f.Name+" "+f.Field] = f.Why
	}
	if diff := cmp.Diff(map[string]string{
		"Acme Fasteners Phone": "the module is paused",
		"Orchard Park Fax":     "Sorry, you cannot perform this operation as the record is locked.",
	}, whys); diff != "" {
		t.Error(diff)
	}
	if r.Explained != 2 || r.LeftOut != 2 || r.Unexplained != 0 || r.Agree+r.Explained+r.LeftOut != r.Records {
		t.Errorf("%s", r.Sentence)
	}
	if !strings.Contains(r.Sentence, "2 left out by your choices; 2 explained (waiting, to review, or a problem); 0 unexplained") {
		t.Error(r.Sentence)
	}
}

// late is a QuickBooks side whose lists miss a record and hold an old state of
// another: what a company that is being worked on looks like to a reader.
type late struct {
	verify.Books
	missing, old string
}

func (l late) Window(ctx context.Context, e crossbook.Entity, from time.Time, page func([]crossbook.Record) error) (time.Time, error) {
	return l.Books.Window(ctx, e, from, func(records []crossbook.Record) error {
		var kept []crossbook.Record
		for _, r := range records {
			if e == crossbook.Invoice && r.ID == l.missing {
				continue
			}
			if e == crossbook.Vendor && r.ID == l.old {
				r.Data["DisplayName"] = "An older name"
			}
			kept = append(kept, r)
		}
		return page(kept)
	})
}

func TestVerify_LooksAgainBeforeItCallsAnythingAFinding(t *testing.T) {
	v := newVillage(t)
	r := v.verify(func(d *verify.Deps) {
		d.Books = late{d.Books, v.invoices["1002"], v.vendors["Acme Fasteners"]}
	})
	wantOpen(t, r)
	if r.Agree != r.Records {
		t.Error(r.Sentence)
	}
}

// listless is a CRM that does not list the rows of documents.
type listless struct{ verify.CRM }

func (l listless) All(ctx context.Context, mod crossbook.Module, page func([]crossbook.Record) error) (time.Time, error) {
	if strings.HasSuffix(string(mod), "_Items") {
		return time.Time{}, &crossbook.Failure{Kind: crossbook.FailInvalid, Err: errors.New("INVALID_QUERY")}
	}
	return l.CRM.All(ctx, mod, page)
}

func TestVerify_ReadsEachDocumentWhereRowsCannotBeListed(t *testing.T) {
	v := newVillage(t)
	line := v.find("Invoices", "QuickBooks_Number", "1001")
	row := line["Invoiced_Items"].([]any)[0].(m)
	v.personCRM("update", "Invoices", id(line), m{"Invoiced_Items": []any{m{"id": row["id"], "Quantity": 3}}})
	r := v.verify(func(d *verify.Deps) { d.CRM = listless{d.CRM} })
	wantOpen(t, r, `line Invoices "1001 Cool Cars" line 1: Quantity: "3" | "2"`)
}

func TestVerify_LeavesNothingBehind_AndRefusesAnotherCompany(t *testing.T) {
	v := newVillage(t)
	dir := t.TempDir()
	v.verify(func(d *verify.Deps) { d.Dir = dir })
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left in the temporary folder: %v", left)
	}
	err := v.store.Update(t.Context(), func(tx *store.Tx) error {
		c := v.conn
		c.RealmID = "123"
		return tx.PutConnection(t.Context(), c)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.tryVerify(); err == nil || !strings.Contains(err.Error(), "another QuickBooks company") {
		t.Errorf("err = %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left in the temporary folder: %v", left)
	}
}

func TestVerify_TellsHowFarItIs(t *testing.T) {
	v := newVillage(t)
	stages := map[string]int{}
	v.verify(func(d *verify.Deps) { d.Progress = func(p engine.Progress) { stages[p.Stage]++ } })
	if stages["read"] == 0 || stages["compare"] == 0 {
		t.Errorf("%v", stages)
	}
}

// The forty awkward records of the sample company and its hundreds of ordinary
// ones: whatever does not agree has its reason.
func TestVerify_ExplainsTheSampleCompany(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a whole company, in -short")
	}
	w := larkfield(t).connect().firstSync()
	w.sync() // the CRM moved its stock with the invoices; that is put back
	r := w.verify()
	for _, f := range r.Open() {
		t.Errorf("[%s] %s also %v", f.Kind, f.Sentence, f.Also)
	}
	for _, c := range r.Totals {
		if !c.Agrees() || c.Documents == 0 {
			t.Errorf("%+v", c)
		}
	}
	if len(r.Bridge) != 3 {
		t.Errorf("%d currencies in the bridge, want 3", len(r.Bridge))
	}
	for _, b := range r.Bridge {
		if !b.Other.IsZero() {
			t.Errorf("%+v", b)
		}
	}
	sum := 0
	for _, n := range r.LeftOutFor {
		sum += n
	}
	if sum != r.LeftOut || r.LeftOut == 0 || r.Agree+r.LeftOut+r.Explained+r.Unexplained != r.Records {
		t.Errorf("the counts do not add up: %+v", r.Modules)
	}
}
