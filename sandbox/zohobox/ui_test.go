package zohobox_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"crossbook/sandbox/ui"
	"crossbook/sandbox/zohobox"
)

// visitor is a person at the box's pages.
type visitor struct {
	t      *testing.T
	box    *zohobox.Box
	cookie *http.Cookie
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	box, err := zohobox.New(zohobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return &visitor{t: t, box: box}
}

func (c *visitor) send(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	w := httptest.NewRecorder()
	c.box.ServeHTTP(w, r)
	return w
}

func (c *visitor) get(path string, want int) string {
	c.t.Helper()
	w := c.send(http.MethodGet, path, "")
	if w.Code != want {
		c.t.Fatalf("GET %s: %d, want %d: %s", path, w.Code, want, shownText(w.Body.String()))
	}
	return w.Body.String()
}

// do fills in the form of an action; it returns where the answer leads to, or
// what the refusal says.
func (c *visitor) do(action, kind, id string, want int, fields ...string) string {
	c.t.Helper()
	c.get(ui.FormURL(action, kind, id), http.StatusOK)
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	w := c.send(http.MethodPost, ui.FormURL(action, kind, id), form.Encode())
	if w.Code != want {
		c.t.Fatalf("%s %s %s: %d, want %d: %s", action, kind, id, w.Code, want, shownText(w.Body.String()))
	}
	if w.Code == http.StatusSeeOther {
		return w.Header().Get("Location")
	}
	return shownText(w.Body.String())
}

// play chooses whom the visitor acts as.
func (c *visitor) play(name string) {
	for _, k := range c.send(http.MethodPost, ui.Root+"/person", url.Values{"person": {name}}.Encode()).Result().Cookies() {
		if strings.HasSuffix(k.Name, "_person") {
			c.cookie = k
		}
	}
}

func (c *visitor) make(kind string, fields ...string) string {
	c.t.Helper()
	at := c.do("create", kind, "", http.StatusSeeOther, fields...)
	return at[strings.LastIndexByte(at, '/')+1:]
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

func shownText(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(page, " "))), " ")
}

func (c *visitor) sees(path, text string) {
	c.t.Helper()
	if page := shownText(c.get(path, http.StatusOK)); !strings.Contains(page, text) {
		c.t.Errorf("%s does not show %q: %s", path, text, page)
	}
}

func (c *visitor) refused(said, text string) {
	c.t.Helper()
	if !strings.Contains(said, text) {
		c.t.Errorf("the refusal lacks %q: %s", text, said)
	}
}

func TestVisitorWorksWithRecords(t *testing.T) {
	c := newVisitor(t)
	c.play("Eva Sales")
	const odd = `Dove <script>alert(1)</script> 鳩`
	id := c.make("Accounts", "f.Account_Name", odd, "f.Phone", "555 0100", "f.Annual_Revenue", "12.50", "f.Account_Type", "Customer")
	if page := c.get(ui.RecordURL("Accounts", id), http.StatusOK); strings.Contains(page, "<script") || !strings.Contains(shownText(page), odd) {
		t.Error("the record's page trusts its name")
	}
	c.sees(ui.RecordURL("Accounts", id), "Eva Sales added")
	c.refused(c.do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Phone", "~~"), "Account Name is needed.")
	c.refused(c.do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Account_Name", strings.Repeat("x", 201)), "Account Name takes at most 200 letters or digits. (INVALID_DATA)")
	c.refused(c.do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Account_Name", "x", "f.Annual_Revenue", "much"), "Annual Revenue wants a value of the type double.")
	c.do("update", "Accounts", id, http.StatusSeeOther, "f.Phone", "555 0199")
	c.sees(ui.RecordURL("Accounts", id), "before: 555 0100 after: 555 0199")
	c.do("lock", "Accounts", id, http.StatusSeeOther, "f.reason", "Year end")
	c.sees(ui.RecordURL("Accounts", id), "Year end")
	c.refused(c.do("update", "Accounts", id, http.StatusUnprocessableEntity, "f.Phone", "1"), "the record is locked")
	c.do("unlock", "Accounts", id, http.StatusSeeOther)
	other := c.make("Accounts", "f.Account_Name", "Wren")
	contact := c.make("Contacts", "f.Last_Name", "Finch", "f.Account_Name", "Wren")
	c.sees(ui.RecordURL("Accounts", other), "Finch")
	c.refused(c.do("merge", "Accounts", other, http.StatusUnprocessableEntity, "f.into", "Nobody"), "There is no account “Nobody”")
	if at := c.do("merge", "Accounts", other, http.StatusSeeOther, "f.into", id); at != ui.RecordURL("Accounts", id) {
		t.Errorf("a merge leads to %s", at)
	}
	c.sees(ui.RecordURL("Contacts", contact), odd)
	for _, step := range [][2]string{{"hold", "release"}, {"submit", "approve"}} {
		c.do(step[0], "Accounts", id, http.StatusSeeOther)
		c.get(ui.FormURL(step[0], "Accounts", id), http.StatusNotFound)
		c.do(step[1], "Accounts", id, http.StatusSeeOther)
	}
	c.do("delete", "Accounts", id, http.StatusSeeOther)
	if page := c.get(ui.RecordURL("Accounts", id), http.StatusNotFound); !strings.Contains(shownText(page), "lies in the recycle bin") {
		t.Error("a deleted record's page does not say where it is")
	}
	c.sees(ui.ListURL("recycle_bin"), odd)
	c.do("restore", "Accounts", id, http.StatusSeeOther)
	c.get(ui.FormURL("restore", "Accounts", id), http.StatusNotFound)
	c.sees(ui.Root+"/history", "Eva Sales restored account")
}

func TestVisitorWritesDocuments(t *testing.T) {
	c := newVisitor(t)
	c.do("add_tax", "", "", http.StatusSeeOther, "f.name", "Vat", "f.value", "20")
	c.make("Accounts", "f.Account_Name", "Wren")
	product := c.make("Products", "f.Product_Name", "Rake", "f.Unit_Price", "12.50", "f.Product_Active", "true", "f.Tax", "Vat - 20.0 %")
	c.refused(c.do("create", "Quotes", "", http.StatusUnprocessableEntity, "f.Subject", "Tools", "f.Account_Name", "Wren"), "Quoted Items is needed.")
	quote := c.make("Quotes", "f.Subject", "Tools", "f.Account_Name", "Wren", "rows", "2", "line.0.Product_Name", "Rake", "line.0.Quantity", "4", "line.0.Line_Tax", "Vat - 20.0 %")
	c.sees(ui.RecordURL("Quotes", quote), "Grand Total 60")
	form := c.get(ui.FormURL("update", "Quotes", quote), http.StatusOK)
	row := regexp.MustCompile(`name="line.0.id" value="(\d+)"`).FindStringSubmatch(form)
	if row == nil {
		t.Fatal("the form has no row")
	}
	rake := "Rake [" + product + "]"
	c.do("update", "Quotes", quote, http.StatusSeeOther, "rows", "2", "line.0.id", row[1], "line.0.Product_Name", rake, "line.0.Quantity", "2", "line.0.List_Price", "12.5", "line.0.Line_Tax", "",
		"line.1.Product_Name", rake, "line.1.Quantity", "1")
	c.sees(ui.RecordURL("Quotes", quote), "Grand Total 37.5")
	c.do("update", "Quotes", quote, http.StatusSeeOther, "rows", "1", "line.0.id", row[1], "line.0.Product_Name", rake, "line.0.Quantity", "2", "line.0.List_Price", "12.5", "line.0.drop", "true")
	c.sees(ui.RecordURL("Quotes", quote), "Grand Total 12.5")
	c.refused(c.do("update", "Quotes", quote, http.StatusUnprocessableEntity, "rows", "1", "line.0.Product_Name", "Spade", "line.0.Quantity", "1"), "There is no product “Spade”")
	c.sees(ui.RecordURL("Products", product), "Quotes Name")
	c.do("inactivate", "Products", product, http.StatusSeeOther)
	c.sees(ui.RecordURL("Products", product), "Inactive")
	c.do("reactivate", "Products", product, http.StatusSeeOther)
}

func TestVisitorSetsTheOrganisationUp(t *testing.T) {
	c := newVisitor(t)
	layout := regexp.MustCompile(`/record/layouts/(\d+)`).FindStringSubmatch(c.get(ui.ListURL("layouts"), http.StatusOK))[1]
	c.play("Eva Sales")
	c.refused(c.do("clone_layout", "layouts", layout, http.StatusUnprocessableEntity, "f.name", "Mine"), "Permission denied. (NO_PERMISSION)")
	c.play("Super Admin")
	at := c.do("clone_layout", "layouts", layout, http.StatusSeeOther, "f.name", "Mine")
	clone := at[strings.LastIndexByte(at, '/')+1:]
	c.sees(at, "Mine of Contacts")
	c.refused(c.do("clone_layout", "layouts", layout, http.StatusUnprocessableEntity, "f.name", "Mine"), "Name a layout to clone and a new name.")
	c.do("layout_field", "layouts", clone, http.StatusSeeOther, "f.field", "Phone", "f.on", "true", "f.required", "true")
	c.sees(at, "Phone Phone phone needed")
	c.do("create_field", "modules", "Accounts", http.StatusSeeOther, "f.field_label", "Colour", "f.data_type", "picklist", "f.values", "Red\nBlue")
	c.sees(ui.RecordURL("modules", "Accounts"), "Colour Colour picklist")
	c.refused(c.do("create_field", "modules", "Accounts", http.StatusUnprocessableEntity, "f.field_label", "Colour", "f.data_type", "text"), "(DUPLICATE_DATA)")
	c.do("delete_field", "modules", "Accounts", http.StatusSeeOther, "f.field", "Colour")
	c.do("field_access", "modules", "Accounts", http.StatusSeeOther, "f.field", "Phone", "f.profile", "Standard", "f.permission", "read_only")
	c.do("add_view", "modules", "Accounts", http.StatusSeeOther, "f.name", "With a phone", "f.field", "Phone", "f.comparator", "equal", "f.value", "1")
	c.sees(ui.RecordURL("modules", "Accounts"), "With a phone")
	c.do("lock_config", "modules", "Accounts", http.StatusSeeOther, "f.lock_type", "both", "f.locked_for", "all_profiles", "f.rule", "Customers", "f.field", "Account_Type", "f.value", "Customer")
	id := c.make("Accounts", "f.Account_Name", "Wren", "f.Account_Type", "Customer")
	c.sees(ui.RecordURL("Accounts", id), "Automatic")
	c.do("enable_currencies", "", "", http.StatusSeeOther)
	c.refused(c.do("enable_currencies", "", "", http.StatusUnprocessableEntity), "(ALREADY_ENABLED)")
	c.do("add_currency", "", "", http.StatusSeeOther, "f.iso_code", "EUR", "f.exchange_rate", "0.9")
	c.refused(c.do("add_currency", "", "", http.StatusUnprocessableEntity, "f.iso_code", "EUR", "f.exchange_rate", "0.9"), "(DUPLICATE_DATA)")
	c.do("set_currency", "currencies", "EUR", http.StatusSeeOther, "f.exchange_rate", "0.8", "f.is_active", "true")
	c.sees(ui.ListURL("currencies"), "EUR 0.800000000 active")
	user := c.do("add_user", "", "", http.StatusSeeOther, "f.last_name", "Lark", "f.email", "lark@sandbox.example")
	c.do("inactivate", "users", user[strings.LastIndexByte(user, '/')+1:], http.StatusSeeOther)
	c.sees(user, "Inactive")
	c.refused(c.do("revoke", "", "", http.StatusUnprocessableEntity, "f.token", "none"), "There is no such token.")
	c.do("revoke", "", "", http.StatusSeeOther)
}

func TestVisitorFindsAndTurnsPages(t *testing.T) {
	c := newVisitor(t)
	var many []map[string]any
	for i := range 700 { // more than a chunk of the index
		many = append(many, map[string]any{"Account_Name": fmt.Sprintf("Account %03d", i), "Phone": fmt.Sprintf("555 1%03d", i)})
	}
	if err := c.box.Load("Accounts", many); err != nil {
		t.Fatal(err)
	}
	list := ui.ListURL("Accounts")
	c.sees(list, "1 to 50 of 700 in all")
	c.sees(list+"?page=14", "651 to 700 of 700 in all")
	c.sees(list+"?page=15", "The list ends before this page.")
	c.sees(list+"?q=account+077", "Account 077")
	c.sees(list+"?q=555+1118", "Account 118")
	c.sees(list+"?q=ACC", "Found 1 to 50")
	shown := map[string]bool{}
	for page := 1; page <= 14; page++ {
		for _, m := range regexp.MustCompile(`/record/Accounts/(\d+)`).FindAllStringSubmatch(c.get(fmt.Sprintf("%s?page=%d", list, page), http.StatusOK), -1) {
			shown[m[1]] = true
		}
	}
	if len(shown) != 700 {
		t.Errorf("the pages show %d of 700", len(shown))
	}
	for _, path := range []string{ui.RecordURL("Accounts", "99999"), ui.RecordURL("Accounts", "x"), ui.RecordURL("Nothing", "1"), ui.ListURL("Quoted_Items"), ui.FormURL("void", "Accounts", "1"), ui.FormURL("fly", "", ""), ui.RecordURL("users", "1"), ui.RecordURL("layouts", "1"), ui.RecordURL("modules", "Quoted_Items"), ui.FormURL("set_currency", "currencies", "XXX")} {
		c.get(path, http.StatusNotFound)
	}
}

// Every page that is linked can be opened.
func TestVisitorOpensEveryPage(t *testing.T) {
	c := newVisitor(t)
	link := regexp.MustCompile(`href="(` + ui.Root + `[^"#?]*)`)
	waiting, seen := []string{ui.Root}, map[string]bool{ui.Root: true}
	for ; len(waiting) > 0 && len(seen) < 400; waiting = waiting[1:] {
		page := c.get(waiting[0], http.StatusOK)
		if strings.Contains(page, "cannot be drawn") {
			t.Errorf("%s cannot be drawn", waiting[0])
		}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			at := html.UnescapeString(m[1])
			if !seen[at] && !strings.HasSuffix(at, ".css") && !strings.HasSuffix(at, ".svg") {
				seen[at] = true
				waiting = append(waiting, at)
			}
		}
	}
	if len(seen) < 80 {
		t.Errorf("only %d pages are linked", len(seen))
	}
}
