package qbobox

import (
	"context"
	"net/http"

	faultdial "crossbook/sandbox/fault"
	"crossbook/sandbox/ui"
)

// screens are the company's pages for people: /_sandbox/ui. They read the
// tables under the box's lock and act through Do, so that no rule stands twice.
type screens struct{ b *Box }

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

// People are whoever wrote so far; the vendor's people are accounts elsewhere,
// so any name will do.
func (s screens) People() ([]string, bool) {
	return []string{s.b.opt.UserName}, true
}

func (s screens) Faults() *faultdial.Dial { return s.b.faults }

func (s screens) List(ui.Query) (ui.List, error)        { return ui.List{}, ui.ErrNotFound }
func (s screens) Record(_, _ string) (ui.Record, error) { return ui.Record{}, ui.ErrNotFound }
func (s screens) History(ui.Query) (ui.History, error)  { return ui.History{}, ui.ErrNotFound }
func (s screens) Form(ui.Ask) (ui.Form, error)          { return ui.Form{}, ui.ErrNotFound }
func (s screens) Do(context.Context, ui.Ask, ui.Given) (ui.Done, error) {
	return ui.Done{}, ui.ErrNotFound
}

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
	pages := ui.Handler(screens{b})
	mux.Handle(ui.Root, pages)
	mux.Handle(ui.Root+"/", pages)
}
