package engine_test

import (
	"fmt"
	"testing"
	"time"
)

// crash is what a killed process looks like from inside.
type crash struct{ step string }

// killAt makes the n-th step of the engine the last one of its process.
func (w *world) killAt(n int) {
	w.step = func(name string) {
		n--
		if n == 0 {
			panic(crash{name})
		}
	}
}

// survive runs work that may be killed; it tells at which step it was.
func (w *world) survive(work func()) (step string) {
	defer func() {
		if p := recover(); p != nil {
			c, ok := p.(crash)
			if !ok {
				panic(p)
			}
			step = c.step
		}
	}()
	work()
	return ""
}

// reborn is a new process after a crash: the old one's lease has run out.
func (w *world) reborn() {
	w.step = func(string) {}
	w.clock.Advance(time.Minute)
	w.restart()
}

// settleDown syncs until nothing waits for a lost call's deadline or a retry.
func (w *world) settleDown() {
	w.t.Helper()
	w.sync()
	w.clock.Advance(5 * time.Minute)
	w.sync()
	w.clock.Advance(2 * time.Hour)
	w.sync()
}

func TestVendors_KilledAtEveryStep_NothingIsLostOrDoubled(t *testing.T) {
	scenario{
		before: func(w *world) {
			for i := range 3 {
				w.newBooks("Vendor", m{"DisplayName": fmt.Sprintf("Supplier %d", i)})
			}
			w.newCRM("Vendors", m{"Vendor_Name": "supplier 1", "Email": "one@supplier.example"})
		},
		acts: []func(*world){
			func(w *world) {
				w.newCRM("Vendors", m{"Vendor_Name": "New here", "Phone": "555-1"})
				w.editBooks("Vendor", w.booksID("Vendor", "DisplayName", "Supplier 0"), m{"PrimaryPhone": phone("555-0")})
			},
			func(w *world) {
				w.editCRM("Vendors", w.crmID("Vendors", "Vendor_Name", "New here"), m{"Phone": "555-2", "City": "Leeds"})
			},
		},
		check: func(t *testing.T, w *world) {
			crm, books := w.crmState(), w.booksState()
			if len(crm.Records["Vendors"]) != 4 || len(books.Records["Vendor"]) != 4 {
				t.Fatalf("%d CRM vendors and %d QuickBooks vendors, want 4 and 4", len(crm.Records["Vendors"]), len(books.Records["Vendor"]))
			}
			want(t, "phone edited in QuickBooks", crm.find(t, "Vendors", "Vendor_Name", "Supplier 0")["Phone"], "555-0")
			b := books.find(t, "Vendor", "DisplayName", "New here")
			want(t, "phone edited in the CRM", get(b, "PrimaryPhone", "FreeFormNumber"), "555-2")
			want(t, "city edited in the CRM", get(b, "BillAddr", "City"), "Leeds")
			one := books.find(t, "Vendor", "DisplayName", "Supplier 1")
			want(t, "e-mail filled at first contact", get(one, "PrimaryEmailAddr", "Address"), "one@supplier.example")
		},
	}.everyCrash(t)
}

func TestProducts_KilledAtEveryStep_NothingIsLostOrDoubled(t *testing.T) {
	scenario{
		before: func(w *world) {
			w.newBooks("Vendor", m{"DisplayName": "Tool House"})
			w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 12.5, "IncomeAccountRef": m{"value": w.income()}, "Sku": "SP-1"})
			w.newCRM("Products", m{"Product_Name": "A spade", "Product_Code": "sp-1", "Description": "Steel"})
		},
		acts: []func(*world){
			func(w *world) {
				w.newCRM("Products", m{"Product_Name": "Rake", "Unit_Price": 20})
				w.editBooks("Item", w.booksID("Item", "Name", "Spade"), m{"UnitPrice": 13})
			},
			func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Rake"), m{"Description": "Ten teeth", "Qty_in_Stock": 5})
			},
		},
		check: func(t *testing.T, w *world) {
			crm, books := w.crmState(), w.booksState()
			spade := crm.find(t, "Products", "Product_Code", "sp-1")
			want(t, "price edited in QuickBooks", spade["Unit_Price"], "13")
			want(t, "description filled at first contact", books.find(t, "Item", "Sku", "SP-1")["Description"], "Steel")
			rake := books.find(t, "Item", "Name", "Rake")
			want(t, "description edited in the CRM", rake["Description"], "Ten teeth")
			if rake["QtyOnHand"] != nil {
				t.Errorf("a quantity travelled: %v", rake["QtyOnHand"])
			}
		},
	}.everyCrash(t)
}

// income is an income account of the company, fit for services and products.
func (w *world) income() string {
	w.t.Helper()
	for _, a := range w.booksState().Records["Account"] {
		if a["AccountSubType"] == "SalesOfProductIncome" {
			return a["Id"].(string)
		}
	}
	w.t.Fatal("the company has no income account")
	return ""
}

func TestCustomers_KilledAtEveryStep_NothingIsLostOrDoubled(t *testing.T) {
	scenario{
		before: func(w *world) {
			w.newBooks("Customer", m{"DisplayName": "Cool Breeze HVAC", "CompanyName": "Cool Breeze HVAC", "GivenName": "Dana", "FamilyName": "Ruiz"})
			w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn", "PrimaryEmailAddr": m{"Address": "mike@dunn.example"}})
			w.newCRM("Contacts", m{"First_Name": "Michael", "Last_Name": "Dunn", "Email": "mike@dunn.example"})
		},
		acts: []func(*world){
			func(w *world) {
				acc := w.newCRM("Accounts", m{"Account_Name": "Alder Court", "Phone": "555-7"})
				w.newCRM("Contacts", m{"First_Name": "Ida", "Last_Name": "Alder", "Account_Name": m{"id": acc}})
			},
			func(w *world) { // both parts of one customer and the other side at once
				w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Cool Breeze HVAC"), m{"Phone": "555-8"})
				w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Ruiz"), m{"First_Name": "Diana"})
				w.editBooks("Customer", w.booksID("Customer", "DisplayName", "Cool Breeze HVAC"), m{"Fax": phone("555-9")})
			},
		},
		check: func(t *testing.T, w *world) {
			crm, books := w.crmState(), w.booksState()
			if len(crm.Records["Accounts"]) != 2 || len(crm.Records["Contacts"]) != 3 || len(books.Records["Customer"]) != 3 {
				t.Fatalf("%d accounts, %d contacts, %d customers, want 2, 3, 3", len(crm.Records["Accounts"]), len(crm.Records["Contacts"]), len(books.Records["Customer"]))
			}
			breeze := books.find(t, "Customer", "DisplayName", "Cool Breeze HVAC")
			want(t, "phone edited on the Account", get(breeze, "PrimaryPhone", "FreeFormNumber"), "555-8")
			want(t, "first name edited on the Contact", breeze["GivenName"], "Diana")
			want(t, "fax edited in QuickBooks", crm.find(t, "Accounts", "Account_Name", "Cool Breeze HVAC")["Fax"], "555-9")
			alder := books.find(t, "Customer", "DisplayName", "Alder Court")
			want(t, "the billing contact's last name", alder["FamilyName"], "Alder")
			dunn := crm.find(t, "Contacts", "Email", "mike@dunn.example")
			want(t, "first name that differed at first contact", dunn["First_Name"], "Michael")
		},
	}.everyCrash(t)
}

func TestDocuments_KilledAtEveryStep_NothingIsLostOrDoubled(t *testing.T) {
	line := func(item string, qty int, price float64, amount float64, text string) m {
		return m{"DetailType": "SalesItemLineDetail", "Amount": amount, "Description": text, "SalesItemLineDetail": m{"ItemRef": m{"value": item}, "Qty": qty, "UnitPrice": price}}
	}
	scenario{
		before: func(w *world) {
			c := w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
			job := w.newBooks("Customer", m{"DisplayName": "Dunn kitchen", "Job": true, "ParentRef": m{"value": c}})
			item := w.newBooks("Item", m{"Name": "Spade", "Type": "Service", "UnitPrice": 12.5, "IncomeAccountRef": m{"value": w.income()}})
			w.newBooks("Invoice", m{"CustomerRef": m{"value": c}, "DocNumber": "1001", "TxnDate": "2026-05-01", "Line": []any{line(item, 2, 12.5, 25, "two"), line(item, 1, 12.5, 12.5, "one")}})
			w.newBooks("Invoice", m{"CustomerRef": m{"value": job}, "DocNumber": "1002", "TxnDate": "2026-05-02", "Line": []any{line(item, 4, 12.5, 50, "four")}})
			w.newBooks("Estimate", m{"CustomerRef": m{"value": c}, "DocNumber": "2001", "TxnDate": "2026-05-02", "Line": []any{line(item, 1, 12.5, 12.5, "offer")}})
		},
		acts: []func(*world){
			func(w *world) {
				inv := w.booksState().find(w.t, "Invoice", "DocNumber", "1001")
				lines := inv["Line"].([]any)
				w.editBooks("Invoice", inv["Id"].(string), m{"Line": []any{lines[0]}})
				w.newBooks("Payment", m{"CustomerRef": get(inv, "CustomerRef"), "TotalAmt": 25, "TxnDate": "2026-05-04", "Line": []any{m{"Amount": 25, "LinkedTxn": []any{m{"TxnId": inv["Id"], "TxnType": "Invoice"}}}}})
			},
		},
		check: func(t *testing.T, w *world) {
			crm := w.crmState()
			if len(crm.Records["Invoices"]) != 2 || len(crm.Records["Quotes"]) != 1 {
				t.Fatalf("%d invoices and %d quotes, want 2 and 1", len(crm.Records["Invoices"]), len(crm.Records["Quotes"]))
			}
			inv := crm.find(t, "Invoices", "QuickBooks_Number", "1001")
			want(t, "Grand Total after a line was removed", inv["Grand_Total"], "25")
			want(t, "status after a payment", inv["QuickBooks_Status"], "Paid")
			want(t, "paid on", inv["QuickBooks_Paid_on"], "2026-05-04")
			if rows := inv["Invoiced_Items"].([]any); len(rows) != 1 {
				t.Errorf("%d rows, want 1", len(rows))
			}
			want(t, "job", crm.find(t, "Invoices", "QuickBooks_Number", "1002")["QuickBooks_Job_or_project"], "Dunn kitchen")
			for _, wr := range w.booksState().Writes {
				if wr.Actor == "api" && (wr.Type == "Invoice" || wr.Type == "Estimate") {
					t.Errorf("we wrote to the books: %+v", wr)
				}
			}
		},
	}.everyCrash(t)
}
