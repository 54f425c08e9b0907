package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// user adds a user to the CRM and returns the id.
func (w *world) user(first, last string) string {
	w.t.Helper()
	return w.personCRM(zohobox.Action{Action: "add_user", Data: m{
		"first_name": first, "last_name": last, "email": strings.ToLower(first) + "@crm.example", "profile": "Administrator",
	}})
}

func (w *world) invoiceOwner(number string) string {
	w.t.Helper()
	return fmt.Sprint(get(w.crmState().find(w.t, "Invoices", "QuickBooks_Number", number), "Owner", "id"))
}

func (w *world) give(typ, id, user string) {
	w.t.Helper()
	w.editCRM(typ, id, m{"Owner": m{"id": user}})
}

// Documents belong to whoever owns their Account, follow it to another owner
// and nothing more, and stay with an owner that a person gave them (P24).
func TestOwners_DocumentsFollowTheirAccount(t *testing.T) {
	w := newWorld(t)
	customer, item, _ := w.oneInvoice()
	w.newInvoice("78", customer, item, 2)
	w.connect()
	w.firstSync()
	account := w.crmID("Accounts", "Account_Name", "Harbor Inn")
	boss := fmt.Sprint(get(w.crmState().find(t, "Accounts", "id", account), "Owner", "id"))
	want(t, "owner of an invoice of an Account we just made", w.invoiceOwner("77"), boss)
	w.clock.Advance(time.Hour)
	w.nothingMore() // the first sight of the Account's owner writes nothing
	eva, tom := w.user("Eva", "Berg"), w.user("Tom", "Reed")
	before := w.crmState().apiWrites()
	w.give("Accounts", account, eva)
	w.sync()
	want(t, "owner after the Account went to Eva", w.invoiceOwner("77"), eva)
	want(t, "owner of the other invoice", w.invoiceOwner("78"), eva)
	if n := w.crmState().apiWrites() - before; n != 2 {
		t.Errorf("%d writes, want one for each invoice", n)
	}
	w.nothingMore()
	// A person gives one to Tom: it stays his, whatever becomes of the Account.
	w.give("Invoices", w.crmID("Invoices", "QuickBooks_Number", "78"), tom)
	w.give("Accounts", account, boss)
	before = w.crmState().apiWrites()
	w.sync()
	want(t, "owner of the invoice that nobody touched", w.invoiceOwner("77"), boss)
	want(t, "owner of the invoice given to Tom by hand", w.invoiceOwner("78"), tom)
	if n := w.crmState().apiWrites() - before; n != 1 {
		t.Errorf("%d writes, want one", n)
	}
	w.editBooks("Invoice", w.booksID("Invoice", "DocNumber", "78"), m{"CustomerMemo": m{"value": "Thanks"}})
	w.sync()
	want(t, "memo", w.crmState().find(t, "Invoices", "QuickBooks_Number", "78")["Terms_and_Conditions"], "Thanks")
	want(t, "owner of the invoice given to Tom by hand, after a change in QuickBooks", w.invoiceOwner("78"), tom)
	w.nothingMore()
}

// Eva leaves: what is new for her Accounts goes to the fallback, a person is
// told, and when her Accounts go to Tom the documents follow and the line is
// gone (row 40 of the sample company).
func TestOwners_OwnerLeaves_FallbackAndALine(t *testing.T) {
	w := newWorld(t)
	customer, item, _ := w.oneInvoice()
	w.connect()
	w.firstSync()
	account := w.crmID("Accounts", "Account_Name", "Harbor Inn")
	boss := w.invoiceOwner("77")
	eva, tom := w.user("Eva", "Berg"), w.user("Tom", "Reed")
	w.give("Accounts", account, eva)
	w.sync()
	want(t, "owner while Eva is there", w.invoiceOwner("77"), eva)
	w.personCRM(zohobox.Action{Action: "inactivate", Type: "users", ID: eva})
	w.newInvoice("78", customer, item, 2)
	w.sync() // nobody has told that Eva left: the CRM refuses her
	want(t, "owner of a new invoice after she left", w.invoiceOwner("78"), boss)
	want(t, "owner of the old invoice, which nothing changed", w.invoiceOwner("77"), eva)
	p := w.problems()
	if len(p) != 1 || p[0].Problem.Text != "The owner is no longer active in Zoho CRM: Eva Berg" {
		t.Fatalf("problems %+v, want the line about Eva", p)
	}
	w.give("Accounts", account, tom)
	w.sync()
	w.clock.Advance(25 * time.Hour) // Tom came after the users were last looked at
	w.sync()
	want(t, "owner of the old invoice", w.invoiceOwner("77"), tom)
	want(t, "owner of the new invoice", w.invoiceOwner("78"), tom)
	w.nothingMore()
}

// A document of a vendor belongs to the vendor's owner.
func TestOwners_PurchaseOrdersFollowTheirVendor(t *testing.T) {
	w := newWorld(t)
	vendor := w.newBooks("Vendor", m{"DisplayName": "Supplier"})
	item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}, "ExpenseAccountRef": m{"value": w.cogs()}})
	w.newBooks("PurchaseOrder", m{"VendorRef": m{"value": vendor}, "DocNumber": "9", "TxnDate": "2026-05-01", "Line": []any{
		m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 10, "ItemBasedExpenseLineDetail": m{"ItemRef": m{"value": item}, "Qty": 1, "UnitPrice": 10}},
	}})
	w.connect().allVendors()
	w.firstSync()
	tom := w.user("Tom", "Reed")
	w.give("Vendors", w.crmID("Vendors", "Vendor_Name", "Supplier"), tom)
	w.sync()
	want(t, "owner", get(w.crmState().find(t, "Purchase_Orders", "QuickBooks_Number", "9"), "Owner", "id"), tom)
	w.nothingMore()
}

func (w *world) cogs() string {
	w.t.Helper()
	for _, a := range w.booksState().Records["Account"] {
		if a["AccountSubType"] == "SuppliesMaterialsCogs" {
			return a["Id"].(string)
		}
	}
	w.t.Fatal("the company has no account of costs")
	return ""
}
