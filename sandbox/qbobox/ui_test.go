package qbobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/ui"
	"crossbook/sandbox/ui/uitest"
)

// visitor is a person at the box's pages.
type visitor struct {
	*uitest.Visitor
	t   *testing.T
	box *qbobox.Box
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	box, err := qbobox.New(qbobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return &visitor{&uitest.Visitor{T: t, Box: box}, t, box}
}

func (c *visitor) field(kind, id, name string) string {
	c.t.Helper()
	return fmt.Sprint(c.box.Get(kind, id)[name])
}

func TestVisitorWorksWithNames(t *testing.T) {
	c := newVisitor(t)
	const odd = `Dove <script>alert(1)</script> 鳩`
	id := c.Make("Customer", "f.DisplayName", odd, "f.Active", "true", "f.PrimaryPhone", "555 0100", "f.BillAddr.Line1", "1 Lane", "f.BillAddr.City", "Ely")
	page := c.Get(ui.RecordURL("Customer", id), http.StatusOK)
	if strings.Contains(page, "<script") || !strings.Contains(uitest.Shown(page), "1 Lane Ely") {
		t.Errorf("the record's page: %s", uitest.Shown(page))
	}
	if said := c.Do("create", "Customer", "", http.StatusUnprocessableEntity, "f.DisplayName", odd, "f.Active", "true"); !strings.Contains(said, "The name supplied already exists.") || !strings.Contains(said, "(6240)") {
		t.Errorf("a name that is taken: %s", said)
	}
	c.Do("update", "Customer", id, http.StatusSeeOther, "seen", "0", "f.PrimaryPhone", "555 0199")
	if got := c.field("Customer", id, "BillAddr"); !strings.Contains(got, "Ely") || !strings.Contains(c.field("Customer", id, "PrimaryPhone"), "0199") {
		t.Errorf("after an edit of the phone the address is %s", got)
	}
	if said := c.Do("update", "Customer", id, http.StatusUnprocessableEntity, "seen", "0", "f.PrimaryPhone", "1"); !strings.Contains(said, "Somebody else changed this record") {
		t.Errorf("an edit that was overtaken: %s", said)
	}
	other := c.Make("Customer", "f.DisplayName", "Wren", "f.Active", "true")
	c.Do("inactivate", "Customer", id, http.StatusSeeOther)
	c.Sees(ui.RecordURL("Customer", id), "Inactive")
	c.Do("reactivate", "Customer", id, http.StatusSeeOther, "x", "1")
	if said := c.Do("merge", "Customer", other, http.StatusUnprocessableEntity, "f.into", "Nobody"); !strings.Contains(said, "There is no customer “Nobody”") {
		t.Errorf("a merge into nobody: %s", said)
	}
	if at := c.Do("merge", "Customer", other, http.StatusSeeOther, "f.into", id); at != ui.RecordURL("Customer", id) {
		t.Errorf("a merge leads to %s", at)
	}
	c.Get(ui.FormURL("update", "Customer", other), http.StatusNotFound) // what was merged away can never be changed
	c.Sees(ui.RecordURL("Customer", other), "Merged into "+id)
	c.Sees(ui.Root+"/history", "Sam Ledger merged this into")
	c.Do("bump_all", "Customer", "", http.StatusSeeOther, "f.Count", "1")
	c.Do("bump_all", "Customer", "", http.StatusUnprocessableEntity, "f.Count", "some")
}

func TestVisitorWritesDocuments(t *testing.T) {
	c := newVisitor(t)
	customer := c.Make("Customer", "f.DisplayName", "Wren", "f.Active", "true")
	vendor := c.Make("Vendor", "f.DisplayName", "Acorn Supply", "f.Active", "true")
	item := c.Make("Item", "f.Name", "Raking", "f.Type", "Service", "f.UnitPrice", "20", "f.IncomeAccountRef", "Services", "f.ExpenseAccountRef", "Advertising", "f.Active", "true")
	row := func(n, qty string) []string {
		return []string{"rows", "2", "line." + n + ".item", "Raking", "line." + n + ".qty", qty}
	}
	invoice := c.Make("Invoice", append(row("0", "3"), "f.CustomerRef", "Wren")...)
	if got := c.field("Invoice", invoice, "TotalAmt"); got != "60" {
		t.Errorf("three at 20 make %s", got)
	}
	c.Do("update", "Invoice", invoice, http.StatusSeeOther, "rows", "2", "line.0.id", "0", "line.0.item", "Raking ["+item+"]", "line.0.qty", "4", "line.0.rate", "20", "line.0.amount", "60", "line.0.tax", "NON", "line.1.item", item)
	if got := c.field("Invoice", invoice, "TotalAmt"); got != "100" {
		t.Errorf("four at 20 and one more make %s", got)
	}
	if said := c.Do("create", "Invoice", "", http.StatusUnprocessableEntity, "f.CustomerRef", "Wren", "rows", "1", "line.0.item", "Digging"); !strings.Contains(said, "There is no product or service “Digging”") {
		t.Errorf("a product that is none: %s", said)
	}
	payment := c.Do("receive_payment", "Customer", customer, http.StatusSeeOther, "f.TotalAmt", "30")
	if got := c.field("Invoice", invoice, "Balance"); got != "70" || !strings.Contains(payment, "/record/Payment/") {
		t.Errorf("after a payment of 30 the balance is %s (%s)", got, payment)
	}
	c.Sees(ui.RecordURL("Invoice", invoice), "Linked documents")
	c.Sees(ui.RecordURL("Customer", customer), "Invoices Name")
	c.Do("receive_payment", "Customer", customer, http.StatusUnprocessableEntity, "f.TotalAmt", "much")
	c.Do("send", "Invoice", invoice, http.StatusUnprocessableEntity)
	c.Do("send", "Invoice", invoice, http.StatusSeeOther, "f.to", "a@b.example")
	c.Do("void", "Invoice", invoice, http.StatusSeeOther)
	c.Sees(ui.RecordURL("Invoice", invoice), "Voided")
	if at := c.Do("delete", "Invoice", invoice, http.StatusSeeOther); at != ui.ListURL("Invoice") {
		t.Errorf("a deletion leads to %s", at)
	}
	c.Get(ui.RecordURL("Invoice", invoice), http.StatusNotFound)

	estimate := c.Make("Estimate", append(row("0", "2"), "f.CustomerRef", "Wren")...)
	if at := c.Do("invoice_estimate", "Estimate", estimate, http.StatusSeeOther, "f.Percent", "50"); !strings.Contains(at, "/record/Invoice/") {
		t.Errorf("the invoice of an estimate: %s", at)
	}
	order := c.Make("PurchaseOrder", append(row("0", "2"), "f.VendorRef", vendor, "line.0.rate", "5")...)
	if at := c.Do("bill_order", "PurchaseOrder", order, http.StatusSeeOther); !strings.Contains(at, "/record/Bill/") {
		t.Errorf("the bill of an order: %s", at)
	}
	entry := c.Make("JournalEntry", "rows", "2", "line.0.side", "Debit", "line.0.account", "Advertising", "line.0.amount", "5", "line.1.side", "Credit", "line.1.account", "Checking", "line.1.amount", "5")
	c.Sees(ui.RecordURL("JournalEntry", entry), "Advertising 5.00 Checking 5.00")
}

func TestVisitorKeepsStockAndBooks(t *testing.T) {
	c := newVisitor(t)
	item := c.Make("Item", "f.Name", "Rake", "f.Type", "Inventory", "f.TrackQtyOnHand", "true", "f.QtyOnHand", "5", "f.InvStartDate", "2026-01-01", "f.PurchaseCost", "2",
		"f.IncomeAccountRef", "Sales of Product Income", "f.ExpenseAccountRef", "Cost of Goods Sold", "f.AssetAccountRef", "Inventory Asset", "f.Active", "true")
	c.Do("adjust_quantity", "Item", item, http.StatusSeeOther, "f.QtyOnHand", "7", "f.InvStartDate", "2026-01-01")
	if got := c.field("Item", item, "QtyOnHand"); got != "7" {
		t.Errorf("%s on hand", got)
	}
	c.Do("close_books", "", "", http.StatusSeeOther, "f.BookCloseDate", "2026-01-31")
	c.Sees(ui.RecordURL("Preferences", "1"), "2026-01-31")
	c.Do("update", "CompanyInfo", "1", http.StatusSeeOther, "f.LegalName", "Wren & Co")
	c.Sees(ui.RecordURL("CompanyInfo", "1"), "Wren & Co")
	c.Sees(ui.Root, "QBO_REALM_ID")
}

// The company as a whole is changed on pages, too.
func TestVisitorChangesRolesAndStartsOver(t *testing.T) {
	c := newVisitor(t)
	c.Make("Customer", "f.DisplayName", "Amy")
	c.Sees(ui.FormURL("restrict", "", ""), "Reports only")
	c.Do("restrict", "", "", http.StatusSeeOther, "f.Role", "vendors")
	c.Do("restrict", "", "", http.StatusSeeOther, "f.Role", "")
	c.Sees(ui.FormURL("start_over", "", ""), "Delete everything")
	c.Do("start_over", "", "", http.StatusSeeOther)
	if n := len(c.box.All("Customer")); n != 0 {
		t.Errorf("%d customers are left", n)
	}
}

func TestVisitorFindsAndTurnsPages(t *testing.T) {
	c := newVisitor(t)
	var many []map[string]any
	for i := range 120 {
		many = append(many, map[string]any{"DisplayName": fmt.Sprintf("Customer %03d", i), "CompanyName": fmt.Sprintf("Firm %d", i)})
	}
	if err := c.box.Load("Customer", many); err != nil {
		t.Fatal(err)
	}
	list := ui.ListURL("Customer")
	c.Sees(list, "1 to 50 of 120 in all")
	c.Sees(list+"?page=3", "101 to 120 of 120 in all")
	c.Sees(list+"?page=9", "The list ends before this page.")
	c.Sees(list+"?q=customer+077", "Customer 077")
	c.Sees(list+"?q=firm+11", "Customer 118")
	c.Sees(list+"?q=CUSTOMER", "Found 1 to 50")
	c.Sees(list+"?q=CUSTOMER&page=3", "Found 101 to 120")
	for _, path := range []string{ui.RecordURL("Customer", "99999"), ui.RecordURL("Nothing", "1"), ui.ListURL("Nothing"), ui.FormURL("create", "TaxRate", ""), ui.FormURL("void", "Customer", "1"), ui.FormURL("fly", "", ""), ui.FormURL("create", "Preferences", "")} {
		c.Get(path, http.StatusNotFound)
	}
	for _, g := range []string{"Names", "Sales", "Purchases", "Money", "Lists", "Company"} {
		c.Sees(ui.Root, g)
	}
}

// Every kind in the contents has its list, and every record its pages.
func TestVisitorOpensEveryPage(t *testing.T) {
	newVisitor(t).Crawl(100)
}
