package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// problemText returns the text of the problems, which must be one and the same
// (a cluster is listed under each of its records), or "" when there is none.
func (w *world) problemText() string {
	w.t.Helper()
	p := w.problems()
	for _, other := range p {
		if other.Problem.Text != p[0].Problem.Text {
			w.t.Fatalf("%d problems: %+v", len(p), p)
		}
	}
	if len(p) == 0 {
		return ""
	}
	if p[0].Problem.Cause == "" || p[0].Problem.Cure == "" {
		w.t.Errorf("%q has no cause or no cure: %+v", p[0].Problem.Text, p[0].Problem)
	}
	return p[0].Problem.Text
}

// Every entry of spec section 6 is provoked by what people do in the two
// systems, shows its text letter for letter, and clears itself once cured.
func TestErrors_EveryEntryAppearsAndClearsItself(t *testing.T) {
	type errorCase struct {
		no      int
		name    string
		options func(*qbobox.Options, *zohobox.Options)
		before  func(*world) // before the systems are connected
		tune    func(*crossbook.Settings)
		provoke func(*world)
		text    string
		cure    func(*world)
	}
	item := func(w *world, name string) string {
		return w.newBooks("Item", m{"Name": name, "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	}
	invoice := func(w *world, number, customer, product string) string {
		return w.newBooks("Invoice", m{"CustomerRef": m{"value": customer}, "DocNumber": number, "TxnDate": "2026-05-01", "Line": []any{
			m{"DetailType": "SalesItemLineDetail", "Amount": 10, "SalesItemLineDetail": m{"ItemRef": m{"value": product}, "Qty": 1, "UnitPrice": 10}},
		}})
	}
	stock := func(w *world, quantity int, start string) string {
		books := w.booksState()
		account := func(sub string) m {
			for _, a := range books.Records["Account"] {
				if a["AccountSubType"] == sub {
					return m{"value": a["Id"]}
				}
			}
			w.t.Fatalf("no account of the kind %s", sub)
			return nil
		}
		return w.newBooks("Item", m{
			"Name": "Pump 1/2 HP", "Type": "Inventory", "TrackQtyOnHand": true, "QtyOnHand": quantity, "InvStartDate": start,
			"IncomeAccountRef": account("SalesOfProductIncome"), "ExpenseAccountRef": account("SuppliesMaterialsCogs"), "AssetAccountRef": account("Inventory"),
		})
	}
	sendQuantity := func(s *crossbook.Settings) { s.SendQuantity = true }
	cases := []errorCase{
		{
			no: 1, name: "two Accounts of one name",
			before: func(w *world) {
				w.newCRM("Accounts", m{"Account_Name": "Acme"})
				w.newCRM("Accounts", m{"Account_Name": "ACME", "Phone": "555-2"})
				w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
			},
			text: "Duplicate records exist in system.",
			cure: func(w *world) {
				w.editCRM("Accounts", w.crmID("Accounts", "Phone", "555-2"), m{"Account_Name": "Acme West"})
			},
		},
		{
			no: 2, name: "a customer without last name, Contacts only",
			tune:    func(s *crossbook.Settings) { s.CustomerSource = crossbook.ContactsOnly },
			provoke: func(w *world) { w.newBooks("Customer", m{"DisplayName": "55 Twin Lane", "GivenName": "Amelia"}) },
			text:    "The following mandatory field(s) was left empty: Last Name",
			cure: func(w *world) {
				w.editBooks("Customer", w.booksID("Customer", "DisplayName", "55 Twin Lane"), m{"FamilyName": "Lane"})
			},
		},
		{
			no: 3, name: "a field made mandatory on the layout",
			provoke: func(w *world) {
				w.personCRM(zohobox.Action{Action: "layout_field", Type: "Invoices", Data: m{"layout": "QuickBooks", "field": "Excise_Duty", "required": true}})
				c := w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
				invoice(w, "1001", c, item(w, "Spade"))
			},
			text: "Mandatory not found.",
			cure: func(w *world) {
				w.personCRM(zohobox.Action{Action: "layout_field", Type: "Invoices", Data: m{"layout": "QuickBooks", "field": "Excise_Duty", "required": false}})
				w.clock.Advance(2 * time.Hour)
			},
		},
		{
			no: 4, name: "a line's product was deleted in the CRM",
			provoke: func(w *world) {
				spade := item(w, "Spade")
				c := w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
				w.sync()
				w.personCRM(zohobox.Action{Action: "delete", Type: "Products", ID: w.crmID("Products", "Product_Name", "Spade")})
				w.sync()
				invoice(w, "1001", c, spade)
			},
			text: "The product found in list is not present in CRM.",
			cure: func(w *world) { w.restoreCRM("Products") },
		},
		{
			no: 5, name: "a document's customer was deleted in the CRM",
			provoke: func(w *world) {
				c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
				spade := item(w, "Spade")
				w.sync()
				w.personCRM(zohobox.Action{Action: "delete", Type: "Accounts", ID: w.crmID("Accounts", "Account_Name", "Cool Cars")})
				w.sync()
				invoice(w, "1001", c, spade)
			},
			text: "The associated Account in the Invoice is not present in CRM.",
			cure: func(w *world) { w.restoreCRM("Accounts") },
		},
		{
			no: 6, name: "the CRM record is locked",
			provoke: func(w *world) {
				c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
				w.sync()
				w.personCRM(zohobox.Action{Action: "lock_config", Type: "Accounts", Data: m{"lock_type": "manual", "restricted_actions": []any{"update"}, "locked_for": "all_profiles"}})
				w.personCRM(zohobox.Action{Action: "lock", Type: "Accounts", ID: w.crmID("Accounts", "Account_Name", "Cool Cars"), Data: m{"reason": "paid"}})
				w.editBooks("Customer", c, m{"PrimaryPhone": phone("555-1")})
			},
			text: "Sorry, you cannot perform this operation as the record is locked.",
			cure: func(w *world) {
				w.personCRM(zohobox.Action{Action: "unlock", Type: "Accounts", ID: w.crmID("Accounts", "Account_Name", "Cool Cars")})
				w.clock.Advance(20 * time.Minute)
			},
		},
		{
			no: 7, name: "an Account named like a vendor",
			provoke: func(w *world) {
				w.newBooks("Vendor", m{"DisplayName": "Acme Fasteners"})
				w.newCRM("Accounts", m{"Account_Name": "Acme Fasteners"})
			},
			text: "The name supplied already exists.: Another customer, vendor or employee is already using this name. Please use a different name.",
			cure: func(w *world) {
				w.editCRM("Accounts", w.crmID("Accounts", "Account_Name", "Acme Fasteners"), m{"Account_Name": "Acme Fasteners Inc"})
			},
		},
		{
			no: 8, name: "a job title of 27 characters mapped to Title",
			provoke: func(w *world) {
				w.mapJobTitle()
				w.sync() // the first turn with a new mapping holds what goes to QuickBooks
				w.newCRM("Contacts", m{"First_Name": "Ida", "Last_Name": "Alder", "Title": "Regional Facilities Manager"})
			},
			text: "String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:27: Title",
			cure: func(w *world) {
				w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Alder"), m{"Title": "Manager"})
			},
		},
		{
			no: 9, name: "a stock product without As of Date",
			provoke: func(w *world) {
				w.newCRM("Products", m{"Product_Name": "Pump", "QuickBooks_type": "Inventory", "Qty_in_Stock": 40})
			},
			text: "Missing Mandatory: As of Date",
			cure: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Pump"), m{"As_of_Date": "2026-05-01"})
			},
		},
		{
			no: 10, name: "a product whose vendor is not sent",
			before: func(w *world) { w.newCRM("Vendors", m{"Vendor_Name": "Old Supplier"}) },
			provoke: func(w *world) {
				w.newCRM("Products", m{"Product_Name": "Rake", "Vendor_Name": m{"id": w.crmID("Vendors", "Vendor_Name", "Old Supplier")}})
			},
			text: "The associated Vendor is not present in QuickBooks.",
			cure: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Rake"), m{"Vendor_Name": nil})
			},
		},
		{
			no: 11, name: "a website without scheme",
			provoke: func(w *world) { w.newCRM("Vendors", m{"Vendor_Name": "Vendor 41", "Website": "www.vendor41.com"}) },
			text:    "Web Site URL does not have correct format. Supplied value: www.vendor41.com:WebAddr",
			cure: func(w *world) {
				w.editCRM("Vendors", w.crmID("Vendors", "Vendor_Name", "Vendor 41"), m{"Website": "https://www.vendor41.com"})
			},
		},
		{
			no: 12, name: "a quantity edit without date", tune: sendQuantity,
			before: func(w *world) { stock(w, 25, "2026-04-08") },
			provoke: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Pump 1/2 HP"), m{"Qty_in_Stock": 30})
			},
			text: "Value should be a valid date value: Supplied value: Select an as of date to track your quantity on hand.",
			cure: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Pump 1/2 HP"), m{"As_of_Date": "2026-05-01"})
			},
		},
		{
			no: 13, name: "a quantity edit before the start date", tune: sendQuantity,
			before: func(w *world) { stock(w, 25, "2026-04-08") },
			provoke: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Pump 1/2 HP"), m{"Qty_in_Stock": 30, "As_of_Date": "2026-03-31"})
			},
			text: "Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product.",
			cure: func(w *world) {
				w.editCRM("Products", w.crmID("Products", "Product_Name", "Pump 1/2 HP"), m{"As_of_Date": "2026-05-01"})
			},
		},
		{
			no: 14, name: "a paused module",
			provoke: func(w *world) {
				c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
				w.sync()
				if err := w.eng.Pause(w.t.Context(), w.conn.ID, crossbook.Accounts, "test"); err != nil {
					w.t.Fatal(err)
				}
				w.editBooks("Customer", c, m{"PrimaryPhone": phone("555-1")})
			},
			text: "Sync is paused for this module as of date 2026-05-04 02:00:",
			cure: func(w *world) {
				if _, err := w.eng.Resume(w.t.Context(), w.conn.ID, crossbook.Accounts, true, "test"); err != nil {
					w.t.Fatal(err)
				}
			},
		},
		{
			no: 15, name: "a currency the CRM does not have",
			options: func(q *qbobox.Options, z *zohobox.Options) { q.Currencies = []string{"EUR"}; z.MultiCurrency = true },
			provoke: func(w *world) {
				w.newBooks("Customer", m{"DisplayName": "Peña & Söhne", "CompanyName": "Peña & Söhne", "CurrencyRef": m{"value": "EUR"}})
			},
			text: "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks.",
			cure: func(w *world) {
				w.personCRM(zohobox.Action{Action: "add_currency", Data: m{"iso_code": "EUR", "exchange_rate": "0.9", "name": "Euro - EUR", "symbol": "€", "is_active": true}})
				w.reconnect()
				w.clock.Advance(2 * time.Hour)
			},
		},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%d %s", c.no, c.name), func(t *testing.T) {
			var change []func(*qbobox.Options, *zohobox.Options)
			if c.options != nil {
				change = append(change, c.options)
			}
			w := newWorld(t, change...)
			if c.before != nil {
				c.before(w)
			}
			w.connect()
			if c.tune != nil {
				w.settings(c.tune)
			}
			w.firstSync()
			if c.provoke != nil {
				c.provoke(w)
				w.sync()
			}
			if got := w.problemText(); !strings.HasPrefix(got, c.text) || got != c.text && c.no != 14 {
				t.Fatalf("text %q, want %q", got, c.text)
			}
			if p := w.problems()[0].Problem; p.Number != c.no {
				t.Errorf("number %d, want %d", p.Number, c.no)
			}
			c.cure(w)
			w.sync()
			if got := w.problemText(); got != "" {
				t.Errorf("the problem stands after its cure: %q (%s)", got, w.problems()[0].Problem.Detail)
			}
			w.nothingMore()
		})
	}
}

// restoreCRM brings back the only deleted record of a module.
func (w *world) restoreCRM(typ string) {
	w.t.Helper()
	deleted := w.crmState().Deleted[typ]
	if len(deleted) != 1 {
		w.t.Fatalf("%d deleted %s, want 1", len(deleted), typ)
	}
	w.personCRM(zohobox.Action{Action: "restore", Type: typ, ID: deleted[0].ID})
}

// reconnect runs set-up again, which learns what has changed.
func (w *world) reconnect() {
	w.t.Helper()
	w.connect()
}

// mapJobTitle edits the mapping as a person might: the job title goes to
// QuickBooks' Title instead of the salutation.
func (w *world) mapJobTitle() {
	w.t.Helper()
	doc := mapping.Default(crossbook.DefaultSettings())
	for i, p := range doc.Modules[crossbook.Contacts] {
		if p.Field == "Salutation" {
			doc.Modules[crossbook.Contacts][i].Field = "Title"
			doc.Modules[crossbook.Contacts][i].Label = "Title"
			doc.Modules[crossbook.Contacts][i].Kind = mapping.Text
		}
	}
	w.saveMapping(doc)
}

func (w *world) saveMapping(doc mapping.Document) {
	w.t.Helper()
	raw, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		_, err := tx.SaveMapping(w.t.Context(), w.conn.ID, raw, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
