package verify_test

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"crossbook"
	"crossbook/internal/testkit"
)

// recordedDir holds recorded exchanges with a real company; it is not part of
// the project.
const recordedDir = "../../shared/reference/quickbooks/recorded-json"

const thankYou = "Thank you for your business and have a great day!"

// vendorsNeeded are the vendors on purchase orders; no item prefers one (P13).
var vendorsNeeded = []string{"41", "46", "51", "56"}

// recordedWorld is the recorded company brought into an empty CRM.
func recordedWorld(t *testing.T, choose ...func(*crossbook.Settings)) *world {
	t.Helper()
	if _, err := os.Stat(recordedDir); err != nil {
		testkit.Missing(t, "reference", "the recorded exchanges are not here ("+recordedDir+")")
	}
	w := empty(t)
	if err := w.books.LoadRecorded(recordedDir); err != nil {
		t.Fatal(err)
	}
	w.connect(choose...).firstSync()
	// Creating invoices makes the CRM move the stock of products; the next look
	// at them puts QuickBooks' quantity back (P10).
	w.sync()
	return w
}

func everything(s *crossbook.Settings) {
	for m, ms := range s.Modules {
		ms.Everything = true
		s.Modules[m] = ms
	}
}

// The company as the defaults take it: 18 Accounts with 18 billing contacts, 12
// Contacts, nothing for 3 jobs; 4 vendors; all documents, because the old ones
// are open.
func TestRecordedCompany_WithDefaults_RecordByRecord(t *testing.T) {
	w := recordedWorld(t)
	checkRecorded(t, w, vendorsNeeded)
}

// With "everything" the other 31 vendors come too, and nothing else changes.
func TestRecordedCompany_WithEverything_RecordByRecord(t *testing.T) {
	w := recordedWorld(t, everything)
	checkRecorded(t, w, nil)
}

func checkRecorded(t *testing.T, w *world, vendors []string) {
	t.Helper()
	if p := w.problems(); len(p) > 0 {
		t.Errorf("problems: %+v", p)
	}
	r := readRecorded(t, w)
	t.Run("Accounts", r.accounts)
	t.Run("Contacts", r.contacts)
	t.Run("Vendors", func(t *testing.T) { r.vendors(t, vendors) })
	t.Run("Products", r.products)
	t.Run("Quotes", r.quotes)
	t.Run("Invoices", r.invoices)
	t.Run("Purchase Orders", r.orders)
	t.Run("Totals", r.totals)
	t.Run("Arithmetic", func(t *testing.T) {
		if judged, marked := arithmetic(t, w); judged["Estimate"] != 8 || judged["Invoice"] != 37 || judged["PurchaseOrder"] != 9 || len(marked) > 0 {
			t.Errorf("documents %v, marked %v", judged, marked)
		}
	})
	t.Run("Nothing was written to QuickBooks", r.untouched)
	t.Run("A second sync writes nothing", func(t *testing.T) {
		before := w.writes()
		w.sync()
		if n := w.writes() - before; n != 0 {
			t.Errorf("%d writes", n)
		}
	})
	t.Run("The proof agrees", func(t *testing.T) {
		rep := w.verify()
		for _, f := range rep.Open() {
			t.Error(f.Sentence)
		}
		left := 3 // jobs
		if vendors != nil {
			left += 31
		}
		if rep.LeftOut != left {
			t.Errorf("%d left out, want %d: %v", rep.LeftOut, left, rep.LeftOutFor)
		}
		b := rep.Bridge
		if len(b) != 1 || b[0].OpenInvoices.String() != "5881.52" || b[0].CreditsNotApplied.String() != "800" ||
			b[0].PaymentsNotApplied.String() != "400" || b[0].Receivables.String() != "4681.52" || !b[0].CustomerBalances.Equal(b[0].Receivables) {
			t.Errorf("the bridge: %+v", b)
		}
	})
}

// recorded is the CRM after the sync, by module and QuickBooks id.
type recorded struct {
	w     *world
	byID  map[string]map[string]m
	all   map[string][]m
	names map[string]string // CRM id -> name
}

func readRecorded(t *testing.T, w *world) *recorded {
	t.Helper()
	r := &recorded{w: w, byID: map[string]map[string]m{}, all: map[string][]m{}, names: map[string]string{}}
	for module, records := range w.crmState().Records {
		r.byID[module] = map[string]m{}
		for _, rec := range records {
			r.all[module] = append(r.all[module], rec)
			key := text(rec["QuickBooks_Id"])
			if r.byID[module][key] != nil {
				t.Errorf("two %s for QuickBooks id %q", module, key)
			}
			r.byID[module][key] = rec
			for _, f := range []string{"Account_Name", "Vendor_Name", "Product_Name", "Full_Name"} {
				if name, ok := rec[f].(string); ok {
					r.names[text(rec["id"])] = name
				}
			}
		}
	}
	return r
}

// expect is a record's fields as they must be; numbers are compared as
// numbers, look-ups by the name of their record.
type expect map[string]string

func (r *recorded) check(t *testing.T, what string, rec m, want expect) {
	t.Helper()
	if rec == nil {
		t.Errorf("%s: no record", what)
		return
	}
	for _, field := range slices.Sorted(maps.Keys(want)) {
		if got := r.show(rec[field]); !equal(rec[field], got, want[field]) {
			t.Errorf("%s: %s is %q, want %q", what, field, got, want[field])
		}
	}
}

func (r *recorded) show(v any) string {
	if look, ok := v.(m); ok {
		if name := r.names[text(look["id"])]; name != "" {
			return name
		}
		return text(look["name"])
	}
	return text(v)
}

func equal(raw any, got, want string) bool {
	_, number := raw.(json.Number)
	if !number && raw != nil {
		return got == want
	}
	if want == "" || want == got {
		return got == want
	}
	a, errA := decimal.NewFromString(got)
	b, errB := decimal.NewFromString(want)
	return errB == nil && (errA == nil && a.Equal(b) || raw == nil && b.IsZero())
}

func text(v any) string {
	switch v := v.(type) {
	case nil, m, []any:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// table reads a table: one row a line, columns between bars, "-" for nothing.
func table(t *testing.T, s string, columns int) [][]string {
	t.Helper()
	var out [][]string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != columns {
			t.Fatalf("%d columns, want %d: %s", len(cells), columns, line)
		}
		for i, c := range cells {
			switch c {
			case "-":
				cells[i] = ""
			case "thanks":
				cells[i] = thankYou
			case "yes", "no":
				cells[i] = strconv.FormatBool(c == "yes")
			}
		}
		out = append(out, cells)
	}
	return out
}

// put adds the five fields of an address.
func (e expect) put(address string, fields ...string) expect {
	parts := strings.Split(address, "; ")
	parts[0] = strings.ReplaceAll(parts[0], "/", "\n")
	for i, f := range fields {
		e[f] = ""
		if i < len(parts) {
			e[f] = parts[i]
		}
	}
	return e
}

func street(prefix string) []string {
	return []string{prefix + "_Street", prefix + "_City", prefix + "_State", prefix + "_Code", prefix + "_Country"}
}

func page(kind, id string) string {
	key := map[string]string{"customerdetail": "nameId", "vendordetail": "nameId", "items": "itemId"}[kind]
	if key == "" {
		key = "txnId"
	}
	return "https://app.qbo.intuit.com/app/" + kind + "?" + key + "=" + id
}

func (r *recorded) accounts(t *testing.T) {
	rows := table(t, recordedAccounts, 14)
	if len(rows) != 18 || len(r.all["Accounts"]) != 18 {
		t.Fatalf("%d Accounts, the table has %d, want 18", len(r.all["Accounts"]), len(rows))
	}
	for _, c := range rows {
		want := expect{
			"Account_Name": c[1], "Phone": c[2], "Fax": c[3], "Website": c[4], "QuickBooks_Invoice_Email": c[5], "QuickBooks_Taxable": c[8],
			"QuickBooks_Balance": c[9], "QuickBooks_Overdue": c[10], "QuickBooks_Oldest_days": c[11], "QuickBooks_Credits_not_applied": c[12],
			"QuickBooks_Last_payment": c[13], "QuickBooks_Status": "Active", "QuickBooks_Link": page("customerdetail", c[0]), "QuickBooks_Terms": "",
			"QuickBooks_Resale_Number": "", "QuickBooks_Customer_Type": "", "Parent_Account": "", "QuickBooks_Balances": "",
		}
		want.put(c[6], street("Billing")...).put(c[7], street("Shipping")...)
		r.check(t, "Account "+c[1], r.byID["Accounts"][c[0]], want)
	}
}

func (r *recorded) contacts(t *testing.T) {
	billing, private := table(t, recordedBilling, 5), table(t, recordedContacts, 10)
	if len(billing) != 18 || len(private) != 12 || len(r.all["Contacts"]) != 30 {
		t.Fatalf("%d Contacts; the tables have %d and %d, want 18 and 12", len(r.all["Contacts"]), len(billing), len(private))
	}
	for _, c := range billing {
		want := expect{
			"First_Name": c[1], "Last_Name": c[2], "Email": c[3], "QuickBooks_Invoice_Email": c[3], "Account_Name": c[4], "Salutation": "",
			"Phone": "", "Mobile": "", "Fax": "", "QuickBooks_Status": "Active", "QuickBooks_Link": page("customerdetail", c[0]),
		}
		want.put("", street("Mailing")...).put("", street("Other")...)
		delete(want, "Mailing_Code")
		delete(want, "Other_Code")
		r.check(t, "billing contact of "+c[4], r.byID["Contacts"][c[0]], want)
	}
	for _, c := range private {
		want := expect{
			"First_Name": c[1], "Last_Name": c[2], "Email": c[3], "QuickBooks_Invoice_Email": c[3], "Phone": c[4], "Mobile": c[5], "Fax": c[6],
			"Account_Name": "", "Salutation": "", "QuickBooks_Balance": c[9], "QuickBooks_Status": "Active", "QuickBooks_Link": page("customerdetail", c[0]),
		}
		want.put(c[7], "Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country")
		want.put(c[8], "Other_Street", "Other_City", "Other_State", "Other_Zip", "Other_Country")
		r.check(t, "Contact "+c[1]+" "+c[2], r.byID["Contacts"][c[0]], want)
	}
	for _, job := range []string{"8", "9", "23"} { // 0969 Ocean View Road, 55 Twin Lane, Barnett Design
		if r.byID["Accounts"][job] != nil || r.byID["Contacts"][job] != nil {
			t.Errorf("job %s has a record of its own", job)
		}
	}
}

func (r *recorded) vendors(t *testing.T, only []string) {
	rows := table(t, recordedVendors, 7)
	n := len(rows)
	if only != nil {
		n = len(only)
	}
	if len(rows) != 35 || len(r.all["Vendors"]) != n {
		t.Fatalf("%d Vendors, want %d; the table has %d", len(r.all["Vendors"]), n, len(rows))
	}
	for _, c := range rows {
		if only != nil && !slices.Contains(only, c[0]) {
			continue
		}
		want := expect{
			"Vendor_Name": c[1], "Phone": c[2], "Email": c[3], "Website": c[4], "QuickBooks_Balance": c[6],
			"QuickBooks_Currency": "USD", "QuickBooks_Status": "Active", "QuickBooks_Link": page("vendordetail", c[0]),
		}
		want.put(c[5], "Street", "City", "State", "Zip_Code", "Country")
		r.check(t, "Vendor "+c[1], r.byID["Vendors"][c[0]], want)
	}
}

func (r *recorded) products(t *testing.T) {
	rows := table(t, recordedItems, 8)
	if len(rows) != 23 || len(r.all["Products"]) != 24 { // and the placeholder (P19)
		t.Fatalf("%d Products, the table has %d, want 24 and 23", len(r.all["Products"]), len(rows))
	}
	for _, c := range rows {
		want := expect{
			"Product_Name": c[1], "QuickBooks_type": c[2], "Unit_Price": c[3], "Description": c[4], "Taxable": c[5], "Qty_in_Stock": c[6],
			"QuickBooks_Start_Date": c[7], "As_of_Date": "", "Product_Active": "true", "Product_Code": "", "Vendor_Name": "", "Reorder_Level": "",
			"QuickBooks_Link": page("items", c[0]),
		}
		if c[2] != "Inventory" {
			delete(want, "Qty_in_Stock") // no pair: the CRM's own stock arithmetic is left alone (R59)
		}
		r.check(t, "Product "+c[1], r.byID["Products"][c[0]], want)
	}
	placeholder := r.byID["Products"][""]
	r.check(t, "the placeholder", placeholder, expect{"Product_Name": "QuickBooks line without product", "QuickBooks_Id": ""})
}

func (r *recorded) totals(t *testing.T) {
	sum := func(module, field string) string {
		total := decimal.Zero
		for _, rec := range r.all[module] {
			if n, ok := rec[field].(json.Number); ok {
				total = total.Add(decimal.RequireFromString(n.String()))
			}
		}
		return total.StringFixed(2)
	}
	for _, c := range []struct{ module, field, want string }{
		{"Invoices", "Grand_Total", "10734.14"},
		{"Invoices", "QuickBooks_Total", "10734.14"},
		{"Invoices", "QuickBooks_Balance_Due", "5881.52"},
		{"Quotes", "Grand_Total", "2419.57"},
		{"Purchase_Orders", "Grand_Total", "1458.75"},
		{"Accounts", "QuickBooks_Credits_not_applied", "1200.00"}, // 800 of credit memos and 400 of payments
	} {
		if got := sum(c.module, c.field); got != c.want {
			t.Errorf("%s %s comes to %s, want %s", c.module, c.field, got, c.want)
		}
	}
	// 5,881.52 - 800 - 400 = 4,681.52. The 274.50 of Barnett Design, a job of the
	// private customer Shara Barnett, stand on no record's balance: a Contact
	// shows QuickBooks' own Balance of its customer (spec section 3.1).
	a, b := decimal.RequireFromString(sum("Accounts", "QuickBooks_Balance")), decimal.Zero
	for _, c := range table(t, recordedContacts, 10) {
		if n, ok := r.byID["Contacts"][c[0]]["QuickBooks_Balance"].(json.Number); ok {
			b = b.Add(decimal.RequireFromString(n.String()))
		}
	}
	if got := a.Add(b).Add(decimal.RequireFromString("274.5")).StringFixed(2); got != "4681.52" {
		t.Errorf("customers owe %s, want 4681.52 (Accounts %s, Contacts %s)", got, a, b)
	}
}

func (r *recorded) untouched(t *testing.T) {
	for _, x := range r.w.booksState().Writes {
		if x.Actor == "api" {
			t.Errorf("a write to a %s", x.Type)
		}
	}
}

// What this file expects must not come from the program it judges.
func TestRecordedCompany_IsJudgedFromOutside(t *testing.T) {
	for _, file := range []string{"recorded_test.go", "recorded_lines_test.go", "recorded_parties_test.go", "recorded_documents_test.go", "recorded_trees_test.go", "sample_test.go", "arithmetic_test.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			for _, banned := range []string{"mapping", "merge", "plan", "document", "engine"} {
				if path, _ := strconv.Unquote(i.Path.Value); path == "crossbook/"+banned {
					t.Errorf("%s imports %s", file, path)
				}
			}
		}
	}
}
