package zohobox_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"crossbook/sandbox/ui"
	"crossbook/sandbox/ui/uitest"
	"crossbook/sandbox/zohobox"
)

// visitor is a person at the box's pages.
type visitor struct {
	*uitest.Visitor
	t   *testing.T
	box *zohobox.Box
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	box, err := zohobox.New(zohobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return &visitor{&uitest.Visitor{T: t, Box: box}, t, box}
}

func (c *visitor) refused(said, text string) {
	c.t.Helper()
	if !strings.Contains(said, text) {
		c.t.Errorf("the refusal lacks %q: %s", text, said)
	}
}

func TestVisitorWorksWithRecords(t *testing.T) {
	c := newVisitor(t)
	c.Play("Eva Sales")
	const odd = `Dove <script>alert(1)</script> 鳩`
	id := c.Make("Accounts", "f.Account_Name", odd, "f.Phone", "555 0100", "f.Annual_Revenue", "12.50", "f.Account_Type", "Customer")
	if page := c.Get(ui.RecordURL("Accounts", id), http.StatusOK); strings.Contains(page, "<script") || !strings.Contains(uitest.Shown(page), odd) {
		t.Error("the record's page trusts its name")
	}
	c.Sees(ui.RecordURL("Accounts", id), "Eva Sales added")
	c.refused(c.Do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Phone", "~~"), "Account Name is needed.")
	c.refused(c.Do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Account_Name", strings.Repeat("x", 201)), "Account Name takes at most 200 letters or digits. (INVALID_DATA)")
	c.refused(c.Do("create", "Accounts", "", http.StatusUnprocessableEntity, "f.Account_Name", "x", "f.Annual_Revenue", "much"), "Annual Revenue wants a value of the type double.")
	c.Do("update", "Accounts", id, http.StatusSeeOther, "f.Phone", "555 0199")
	c.Sees(ui.RecordURL("Accounts", id), "before: 555 0100 after: 555 0199")
	c.Do("lock", "Accounts", id, http.StatusSeeOther, "f.reason", "Year end")
	c.Sees(ui.RecordURL("Accounts", id), "Year end")
	c.refused(c.Do("update", "Accounts", id, http.StatusUnprocessableEntity, "f.Phone", "1"), "the record is locked")
	c.Do("unlock", "Accounts", id, http.StatusSeeOther)
	other := c.Make("Accounts", "f.Account_Name", "Wren")
	contact := c.Make("Contacts", "f.Last_Name", "Finch", "f.Account_Name", "Wren")
	c.Sees(ui.RecordURL("Accounts", other), "Finch")
	c.refused(c.Do("merge", "Accounts", other, http.StatusUnprocessableEntity, "f.into", "Nobody"), "There is no account “Nobody”")
	if at := c.Do("merge", "Accounts", other, http.StatusSeeOther, "f.into", id); at != ui.RecordURL("Accounts", id) {
		t.Errorf("a merge leads to %s", at)
	}
	c.Sees(ui.RecordURL("Contacts", contact), odd)
	for _, step := range [][2]string{{"hold", "release"}, {"check_image", "image_checked"}, {"submit", "approve"}} {
		c.Do(step[0], "Accounts", id, http.StatusSeeOther)
		c.Get(ui.FormURL(step[0], "Accounts", id), http.StatusNotFound)
		c.Do(step[1], "Accounts", id, http.StatusSeeOther)
	}
	c.Do("delete", "Accounts", id, http.StatusSeeOther)
	if page := c.Get(ui.RecordURL("Accounts", id), http.StatusNotFound); !strings.Contains(uitest.Shown(page), "lies in the recycle bin") {
		t.Error("a deleted record's page does not say where it is")
	}
	c.Sees(ui.ListURL("recycle_bin"), odd)
	c.Do("restore", "Accounts", id, http.StatusSeeOther)
	c.Get(ui.FormURL("restore", "Accounts", id), http.StatusNotFound)
	c.Sees(ui.Root+"/history", "Eva Sales restored account")
}

func TestVisitorWritesDocuments(t *testing.T) {
	c := newVisitor(t)
	c.Do("add_tax", "", "", http.StatusSeeOther, "f.name", "Vat", "f.value", "20")
	c.Make("Accounts", "f.Account_Name", "Wren")
	product := c.Make("Products", "f.Product_Name", "Rake", "f.Unit_Price", "12.50", "f.Product_Active", "true", "f.Tax", "Vat - 20.0 %")
	c.refused(c.Do("create", "Quotes", "", http.StatusUnprocessableEntity, "f.Subject", "Tools", "f.Account_Name", "Wren"), "Quoted Items is needed.")
	quote := c.Make("Quotes", "f.Subject", "Tools", "f.Account_Name", "Wren", "rows", "2", "line.0.Product_Name", "Rake", "line.0.Quantity", "4", "line.0.Line_Tax", "Vat - 20.0 %")
	c.Sees(ui.RecordURL("Quotes", quote), "Grand Total 60")
	form := c.Get(ui.FormURL("update", "Quotes", quote), http.StatusOK)
	row := regexp.MustCompile(`name="line.0.id" value="(\d+)"`).FindStringSubmatch(form)
	if row == nil {
		t.Fatal("the form has no row")
	}
	rake := "Rake [" + product + "]"
	c.Do("update", "Quotes", quote, http.StatusSeeOther, "rows", "2", "line.0.id", row[1], "line.0.Product_Name", rake, "line.0.Quantity", "2", "line.0.List_Price", "12.5", "line.0.Line_Tax", "",
		"line.1.Product_Name", rake, "line.1.Quantity", "1")
	c.Sees(ui.RecordURL("Quotes", quote), "Grand Total 37.5")
	c.Do("update", "Quotes", quote, http.StatusSeeOther, "rows", "1", "line.0.id", row[1], "line.0.Product_Name", rake, "line.0.Quantity", "2", "line.0.List_Price", "12.5", "line.0.drop", "true")
	c.Sees(ui.RecordURL("Quotes", quote), "Grand Total 12.5")
	c.refused(c.Do("update", "Quotes", quote, http.StatusUnprocessableEntity, "rows", "1", "line.0.Product_Name", "Spade", "line.0.Quantity", "1"), "There is no product “Spade”")
	c.Sees(ui.RecordURL("Products", product), "Quotes Name")
	c.Do("inactivate", "Products", product, http.StatusSeeOther)
	c.Sees(ui.RecordURL("Products", product), "Inactive")
	c.Do("reactivate", "Products", product, http.StatusSeeOther)
}

func TestVisitorSetsTheOrganisationUp(t *testing.T) {
	c := newVisitor(t)
	layout := regexp.MustCompile(`/record/layouts/(\d+)`).FindStringSubmatch(c.Get(ui.ListURL("layouts"), http.StatusOK))[1]
	c.Play("Eva Sales")
	c.refused(c.Do("clone_layout", "layouts", layout, http.StatusUnprocessableEntity, "f.name", "Mine"), "Permission denied. (NO_PERMISSION)")
	c.Play("Super Admin")
	at := c.Do("clone_layout", "layouts", layout, http.StatusSeeOther, "f.name", "Mine")
	clone := at[strings.LastIndexByte(at, '/')+1:]
	c.Sees(at, "Mine of Contacts")
	c.refused(c.Do("clone_layout", "layouts", layout, http.StatusUnprocessableEntity, "f.name", "Mine"), "Name a layout to clone and a new name.")
	c.Do("layout_field", "layouts", clone, http.StatusSeeOther, "f.field", "Phone", "f.on", "true", "f.required", "true")
	c.Sees(at, "Phone Phone phone needed")
	c.Do("create_field", "modules", "Accounts", http.StatusSeeOther, "f.field_label", "Colour", "f.data_type", "picklist", "f.values", "Red\nBlue")
	c.Sees(ui.RecordURL("modules", "Accounts"), "Colour Colour picklist")
	c.refused(c.Do("create_field", "modules", "Accounts", http.StatusUnprocessableEntity, "f.field_label", "Colour", "f.data_type", "text"), "(DUPLICATE_DATA)")
	c.Do("delete_field", "modules", "Accounts", http.StatusSeeOther, "f.field", "Colour")
	c.Do("field_access", "modules", "Accounts", http.StatusSeeOther, "f.field", "Phone", "f.profile", "Standard", "f.permission", "read_only")
	c.Do("add_view", "modules", "Accounts", http.StatusSeeOther, "f.name", "With a phone", "f.field", "Phone", "f.comparator", "equal", "f.value", "1")
	c.Sees(ui.RecordURL("modules", "Accounts"), "With a phone")
	c.Do("lock_config", "modules", "Accounts", http.StatusSeeOther, "f.lock_type", "both", "f.locked_for", "all_profiles", "f.rule", "Customers", "f.field", "Account_Type", "f.value", "Customer")
	id := c.Make("Accounts", "f.Account_Name", "Wren", "f.Account_Type", "Customer")
	c.Sees(ui.RecordURL("Accounts", id), "Automatic")
	c.Do("enable_currencies", "", "", http.StatusSeeOther)
	c.refused(c.Do("enable_currencies", "", "", http.StatusUnprocessableEntity), "(ALREADY_ENABLED)")
	c.Do("add_currency", "", "", http.StatusSeeOther, "f.iso_code", "EUR", "f.exchange_rate", "0.9")
	c.refused(c.Do("add_currency", "", "", http.StatusUnprocessableEntity, "f.iso_code", "EUR", "f.exchange_rate", "0.9"), "(DUPLICATE_DATA)")
	c.Do("set_currency", "currencies", "EUR", http.StatusSeeOther, "f.exchange_rate", "0.8", "f.is_active", "true")
	c.Sees(ui.ListURL("currencies"), "EUR 0.800000000 active")
	user := c.Do("add_user", "", "", http.StatusSeeOther, "f.last_name", "Lark", "f.email", "lark@sandbox.example")
	c.Do("inactivate", "users", user[strings.LastIndexByte(user, '/')+1:], http.StatusSeeOther)
	c.Sees(user, "Inactive")
	c.Do("set_organisation", "", "", http.StatusSeeOther, "f.company_name", "Sparrow Lane Bakery", "f.city", "Leeds", "f.country_code", "GB")
	c.Sees(ui.Root, "Sparrow Lane Bakery")
	c.refused(c.Do("set_organisation", "", "", http.StatusUnprocessableEntity, "f.company_name", "Sparrow Lane Bakery", "f.employee_count", "many"), "Employee_count is a number.")
	c.Do("create_module", "", "", http.StatusSeeOther, "f.singular_label", "Site", "f.plural_label", "Sites", "f.api_name", "Sites")
	c.refused(c.Do("create_module", "", "", http.StatusUnprocessableEntity, "f.singular_label", "Place", "f.plural_label", "Places", "f.api_name", "Sites"), "(DUPLICATE_DATA)")
	c.Sees(ui.RecordURL("Sites", c.Make("Sites", "f.Name", "Quay")), "Quay")
	c.Do("add_web_tab", "", "", http.StatusSeeOther, "f.name", "Prices", "f.link", "www.sparrow.example")
	c.Get(ui.FormURL("add_territory", "", ""), http.StatusNotFound)
	c.Do("enable_territories", "", "", http.StatusSeeOther)
	c.Do("add_territory", "", "", http.StatusSeeOther, "f.name", "North")
	c.Do("add_territory", "", "", http.StatusSeeOther, "f.name", "Leeds", "f.parent", "North")
	c.Do("set_privacy", "", "", http.StatusSeeOther, "f.on", "true")
	c.Do("add_workflow", "modules", "Sites", http.StatusSeeOther, "f.name", "Mail", "f.sets", "Email", "f.value", "site@sandbox.example")
	c.Sees(ui.RecordURL("Sites", c.Make("Sites", "f.Name", "Mill")), "site@sandbox.example")
	c.refused(c.Do("revoke", "", "", http.StatusUnprocessableEntity, "f.token", "none"), "There is no such token.")
	c.Do("revoke", "", "", http.StatusSeeOther)
}

// The pages for leads, reviews, rules and subforms; zoho-crm.md sections 4.3, 4.6
// and 4.7.
func TestVisitorConvertsReviewsAndMakesRules(t *testing.T) {
	c := newVisitor(t)
	lead := c.Make("Leads", "f.Last_Name", "Heron", "f.Company", "Reed Bank")
	c.Do("review", "Leads", lead, http.StatusSeeOther)
	c.Sees(ui.RecordURL("Leads", lead), "In review")
	c.refused(c.Do("convert", "Leads", lead, http.StatusUnprocessableEntity, "f.Stage", "Qualification"), "(NOT_REVIEWED)")
	c.Do("reviewed", "Leads", lead, http.StatusSeeOther)
	c.Do("convert", "Leads", lead, http.StatusSeeOther, "f.Deal_Name", "Reeds", "f.Stage", "Qualification", "f.Closing_Date", "2026-05-01")
	c.Sees(ui.RecordURL("Leads", lead), "Converted")
	c.Sees(ui.ListURL("Deals"), "Reeds")
	c.Do("layout_rule", "modules", "Vendors", http.StatusSeeOther, "f.name", "Paper", "f.field", "Category", "f.comparator", "equal", "f.value", "Paper", "f.required", "City")
	c.Do("validation_rule", "modules", "Vendors", http.StatusSeeOther, "f.name", "Ink", "f.field", "Category", "f.comparator", "equal", "f.value", "Ink", "f.shown", "Category", "f.message", "We buy no ink")
	c.Sees(ui.RecordURL("modules", "Vendors"), "demands fields")
	c.refused(c.Do("create", "Vendors", "", http.StatusUnprocessableEntity, "f.Vendor_Name", "V", "f.Category", "Paper"), "(MANDATORY_NOT_FOUND)")
	c.Do("create_subform", "modules", "Vendors", http.StatusSeeOther, "f.field_label", "Work Log", "f.columns", "Task\nHours: double")
	if err := c.box.Load("Vendors", []map[string]any{{"id": "77", "Vendor_Name": "V", "Work_Log": []any{map[string]any{"Task": "Dig", "Hours": 2}}}}); err != nil {
		t.Fatal(err)
	}
	c.Sees(ui.RecordURL("Vendors", "77"), "Work Log")
	c.Sees(ui.RecordURL("Vendors", "77"), "Dig")
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
	c.Sees(list, "1 to 50 of 700 in all")
	c.Sees(list+"?page=14", "651 to 700 of 700 in all")
	c.Sees(list+"?page=15", "The list ends before this page.")
	c.Sees(list+"?q=account+077", "Account 077")
	c.Sees(list+"?q=555+1118", "Account 118")
	c.Sees(list+"?q=ACC", "Found 1 to 50")
	shown := map[string]bool{}
	for page := 1; page <= 14; page++ {
		for _, m := range regexp.MustCompile(`/record/Accounts/(\d+)`).FindAllStringSubmatch(c.Get(fmt.Sprintf("%s?page=%d", list, page), http.StatusOK), -1) {
			shown[m[1]] = true
		}
	}
	if len(shown) != 700 {
		t.Errorf("the pages show %d of 700", len(shown))
	}
	for _, path := range []string{ui.RecordURL("Accounts", "99999"), ui.RecordURL("Accounts", "x"), ui.RecordURL("Nothing", "1"), ui.ListURL("Quoted_Items"), ui.FormURL("void", "Accounts", "1"), ui.FormURL("fly", "", ""), ui.RecordURL("users", "1"), ui.RecordURL("layouts", "1"), ui.RecordURL("modules", "Quoted_Items"), ui.FormURL("set_currency", "currencies", "XXX")} {
		c.Get(path, http.StatusNotFound)
	}
}

// Every page that is linked can be opened.
func TestVisitorOpensEveryPage(t *testing.T) {
	newVisitor(t).Crawl(80)
}
