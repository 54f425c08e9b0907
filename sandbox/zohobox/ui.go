package zohobox

import (
	"net/http"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/ui"
)

// screens are the organisation's pages for people: /_sandbox/ui. They read the
// tables under the box's lock and act through Do, so that no rule stands twice.
type screens struct {
	b     *Box
	trail *ui.Trail // which entries of the write log belong to which record; used under the box's lock
}

var _ ui.Box = screens{}

// kindGroups orders the modules as the vendor's menu would.
var kindGroups = []struct {
	title   string
	modules []string
}{
	{"Sales", []string{"Accounts", "Contacts", "Leads", "Deals"}},
	{"Inventory", []string{"Products", "Price_Books", "Vendors"}},
	{"Documents", []string{"Quotes", "Sales_Orders", "Purchase_Orders", "Invoices"}},
}

func (s screens) About() ui.About {
	b := s.b
	cred := b.Credentials()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := ui.About{
		Slug: "zoho", Product: "Zoho CRM sandbox", Title: b.org.Company,
		Lead:  "An organisation on the " + b.opt.Edition + " edition that answers as Zoho CRM v8 does. What you change here, programs see at once.",
		Pages: sandboxPages(),
		Facts: []ui.Fact{
			{Name: "ZOHO_ACCOUNTS_URL and ZOHO_API_URL", Value: b.watch.base, Hint: "in the place of the vendor's hosts"},
			{Name: "ZOHO_CLIENT_ID", Value: cred.ClientID},
			{Name: "ZOHO_CLIENT_SECRET", Value: cred.ClientSecret},
			{Name: "ZOHO_REFRESH_TOKEN", Value: cred.RefreshToken, Hint: "never rotates"},
			{Name: "Organisation", Value: b.org.ID},
			{Name: "Home currency", Value: b.org.Home},
		},
	}
	placed := map[string]bool{}
	kind := func(m *module) ui.Kind {
		placed[m.name] = true
		return ui.Kind{Name: m.name, Title: m.plural, Count: m.table.byID.len(), Gone: len(m.graves)}
	}
	for _, g := range kindGroups {
		group := ui.KindGroup{Title: g.title}
		for _, name := range g.modules {
			group.Kinds = append(group.Kinds, kind(b.module[name]))
		}
		a.Groups = append(a.Groups, group)
	}
	more := ui.KindGroup{Title: "More modules"}
	for _, m := range b.shownModules() {
		if !placed[m.name] {
			more.Kinds = append(more.Kinds, kind(m))
		}
	}
	if len(more.Kinds) > 0 {
		a.Groups = append(a.Groups, more)
	}
	a.Groups = append(a.Groups, b.setUpKinds())
	if !b.org.Multi {
		a.Tools = append(a.Tools, ui.Link{Text: "Switch several currencies on", Href: ui.FormURL("enable_currencies", "", "")})
	}
	a.Tools = append(a.Tools,
		ui.Link{Text: "Clone a layout", Href: ui.ListURL(kindLayouts)},
		ui.Link{Text: "Fields, views and record locking of a module", Href: ui.ListURL(kindModules)},
		ui.Link{Text: "Add a tax", Href: ui.FormURL("add_tax", "", "")},
		ui.Link{Text: "Add a user", Href: ui.FormURL("add_user", "", "")},
		ui.Link{Text: "Withdraw an app's consent", Href: ui.FormURL("revoke", "", "")},
	)
	a.Tools = append(a.Tools, b.organisationTools()...)
	kinds, _ := b.calls.snapshot()
	for _, k := range []struct{ kind, title string }{
		{kindRead, "Record reads"},
		{kindWrite, "Record writes"},
		{kindMeta, "Metadata"},
		{kindOAuth, "Sign-in"},
		{kindChannel, "Channels"},
		{kindOther, "Other"},
	} {
		n, _ := kinds[k.kind].(int)
		a.Calls = append(a.Calls, ui.Count{Title: k.title, N: n})
	}
	return a
}

func sandboxPages() []ui.Link {
	return []ui.Link{
		{Text: "State: every record, who wrote what", Href: "/_sandbox/state"},
		{Text: "Calls by kind and by route", Href: "/_sandbox/calls"},
		{Text: "Faults", Href: "/_sandbox/faults"},
	}
}

// People are the active users, the super administrator first.
func (s screens) People() ([]string, bool) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	out := []string{s.b.superAdmin().name()}
	for _, u := range s.b.users {
		if u.Active && !u.SuperAdmin {
			out = append(out, u.name())
		}
	}
	return out, false
}

func (s screens) Faults() *fault.Dial { return s.b.dial }

func (b *Box) uiRoutes(mux *http.ServeMux) {
	pages := ui.Handler(screens{b: b, trail: &ui.Trail{}})
	mux.Handle(ui.Root, pages)
	mux.Handle(ui.Root+"/", pages)
}
