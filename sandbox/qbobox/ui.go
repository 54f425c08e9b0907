package qbobox

import (
	"net/http"
	"slices"
	"strings"

	faultdial "crossbook/sandbox/fault"
	"crossbook/sandbox/ui"
)

// screens are the company's pages for people: /_sandbox/ui. They read the
// tables under the box's lock and act through Do, so that no rule stands twice.
type screens struct {
	b     *Box
	trail *ui.Trail // which entries of the write log belong to which record; used under the box's lock
}

var _ ui.Box = screens{}

// kindGroups orders the entities as a bookkeeper's menu would.
var kindGroups = []struct {
	title string
	kinds [][2]string
}{
	{"Names", [][2]string{{"Customer", "Customers"}, {"Vendor", "Vendors"}, {"Employee", "Employees"}}},
	{"Sales", [][2]string{
		{"Estimate", "Estimates"},
		{"Invoice", "Invoices"},
		{"SalesReceipt", "Sales receipts"},
		{"CreditMemo", "Credit memos"},
		{"RefundReceipt", "Refund receipts"},
		{"Payment", "Payments"},
	}},
	{"Purchases", [][2]string{
		{"PurchaseOrder", "Purchase orders"}, {"Bill", "Bills"}, {"VendorCredit", "Vendor credits"}, {"BillPayment", "Bill payments"}, {"Purchase", "Expenses"},
	}},
	{"Money", [][2]string{{"Deposit", "Deposits"}, {"Transfer", "Transfers"}, {"JournalEntry", "Journal entries"}, {"InventoryAdjustment", "Stock adjustments"}}},
	{"Lists", [][2]string{
		{"Item", "Products and services"},
		{"Account", "Chart of accounts"},
		{"Term", "Terms"},
		{"PaymentMethod", "Payment methods"},
		{"Class", "Classes"},
		{"Department", "Locations"},
		{"TaxCode", "Tax codes"},
		{"TaxRate", "Tax rates"},
		{"TaxAgency", "Tax agencies"},
		{"CompanyCurrency", "Currencies"},
		{"Attachable", "Attachments"},
	}},
	{"Company", [][2]string{{"CompanyInfo", "Company"}, {"Preferences", "Preferences"}}},
}

func (s screens) About() ui.About {
	b := s.b
	cred := b.Credentials()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := ui.About{
		Slug: "quickbooks", Product: "QuickBooks Online sandbox", Title: str(b.company(), "CompanyName"),
		Lead: "A company that answers as QuickBooks Online v3 does. What you change here, programs see at once.",
		Pages: []ui.Link{
			{Text: "State: every record, who wrote what", Href: "/_sandbox/state"},
			{Text: "Calls by kind and by route", Href: "/_sandbox/calls"},
			{Text: "Journal: every posting", Href: "/_sandbox/journal"},
			{Text: "Faults", Href: "/_sandbox/faults"},
		},
		Facts: []ui.Fact{
			{Name: "QBO_API_URL", Value: b.opt.BaseURL, Hint: "in the place of the vendor's hosts"},
			{Name: "QBO_TOKEN_URL", Value: b.opt.BaseURL + "/oauth2/v1/tokens/bearer"},
			{Name: "QBO_AUTHORIZE_URL", Value: b.opt.BaseURL + "/connect/oauth2"},
			{Name: "QBO_REALM_ID", Value: cred.RealmID},
			{Name: "QBO_CLIENT_ID", Value: cred.ClientID},
			{Name: "QBO_CLIENT_SECRET", Value: cred.ClientSecret},
			{Name: "QBO_REFRESH_TOKEN", Value: cred.RefreshToken, Hint: "the present one; it rotates"},
			{Name: "QBO_WEBHOOK_VERIFIER", Value: cred.WebhookVerifier},
		},
		Tools: []ui.Link{
			{Text: "Close the books", Href: ui.FormURL("close_books", "", "")},
			{Text: "Role of the connected user", Href: ui.FormURL("restrict", "", "")},
			{Text: "Start the company over", Href: ui.FormURL("start_over", "", "")},
			{Text: "Edit the company", Href: ui.FormURL("update", "CompanyInfo", "1")},
			{Text: "Edit the preferences", Href: ui.FormURL("update", "Preferences", "1")},
		},
	}
	for _, g := range kindGroups {
		group := ui.KindGroup{Title: g.title}
		for _, k := range g.kinds {
			if e := b.entityNamed(k[0]); e != nil {
				group.Kinds = append(group.Kinds, ui.Kind{Name: e.name, Title: k[1], Count: b.countOf(e), Gone: len(b.deleted[e.name])})
			}
		}
		a.Groups = append(a.Groups, group)
	}
	kinds, _ := b.calls.report()["by_kind"].(object)
	for _, k := range []struct{ kind, title string }{
		{kindRead, "Record reads"},
		{kindWrite, "Record writes"},
		{kindMetadata, "Metadata"},
		{kindOAuth, "Sign-in"},
		{kindOther, "Other"},
	} {
		n, _ := kinds[k.kind].(int)
		a.Calls = append(a.Calls, ui.Count{Title: k.title, N: n})
	}
	return a
}

// countOf is how many records of a kind there are, inactive ones included.
func (b *Box) countOf(e *entity) int {
	if e.shape == singleton {
		return 1
	}
	return len(b.tables[e.path()].byID)
}

// People are whoever wrote lately; the vendor's people are accounts elsewhere,
// so any name will do.
func (s screens) People() ([]string, bool) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	out := []string{s.b.opt.UserName}
	for i := len(s.b.writes) - 1; i >= max(0, len(s.b.writes)-1000) && len(out) < 12; i-- {
		if who := s.b.writes[i].Actor; who != "api" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out, true
}

// kindTitle is what a list of a kind is called, and one of its records.
func kindTitle(e *entity) (many, one string) {
	for _, g := range kindGroups {
		for _, k := range g.kinds {
			if k[0] == e.name {
				many = k[1]
			}
		}
	}
	if many == "" {
		many = e.name
	}
	one = spaced(e.name)
	switch e.name {
	case "Item":
		one = "product or service"
	case "Purchase":
		one = "expense"
	case "Department":
		one = "location"
	case "CompanyCurrency":
		one = "currency"
	case "Attachable":
		one = "attachment"
	}
	return many, one
}

// spaced turns a name in capitals into words: SalesTermRef, sales term.
func spaced(s string) string {
	var out strings.Builder
	runes := []rune(strings.TrimSuffix(s, "Ref"))
	for i, r := range runes {
		upper := r >= 'A' && r <= 'Z'
		if i > 0 && upper && (runes[i-1] < 'A' || runes[i-1] > 'Z') {
			out.WriteByte(' ')
		}
		if upper && (i+1 == len(runes) || runes[i+1] < 'A' || runes[i+1] > 'Z') {
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

// label is a property's name for people.
func label(key string) string {
	if l := labels[key]; l != "" {
		return l
	}
	s := spaced(key)
	if s == "" {
		return key
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

var labels = map[string]string{
	"DisplayName": "Display name", "PrimaryEmailAddr": "E-mail", "PrimaryPhone": "Phone", "WebAddr": "Web site", "BillAddr": "Billing address",
	"ShipAddr": "Shipping address", "DocNumber": "Number", "TxnDate": "Date", "TotalAmt": "Total", "PrivateNote": "Note to ourselves",
	"CustomerMemo": "Message to the customer", "BillEmail": "Send to", "QtyOnHand": "Quantity on hand", "InvStartDate": "Stock counted since",
	"AcctNum": "Account number", "TxnTaxCodeRef": "Tax code", "TxnTaxDetail": "Tax", "ShipFromAddr": "Ship-from address", "APAccountRef": "Payables account", "ARAccountRef": "Receivables account", "Taxable": "Is taxed", "Sku": "SKU", "CurrencyRef": "Currency", "UnappliedAmt": "Not applied yet",
}

func (s screens) Faults() *faultdial.Dial { return s.b.faults }

// entityNamed finds an entity by its name as addresses have it, or nil.
func (b *Box) entityNamed(name string) *entity {
	for _, e := range b.entities {
		if e.name == name {
			return e
		}
	}
	return nil
}

func (b *Box) uiRoutes(mux *http.ServeMux) {
	pages := ui.Handler(screens{b: b, trail: &ui.Trail{}})
	mux.Handle(ui.Root, pages)
	mux.Handle(ui.Root+"/", pages)
}
