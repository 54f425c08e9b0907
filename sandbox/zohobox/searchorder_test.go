package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 5.1: results come in the order of a field of the module,
// newest first unless told otherwise.
func TestSearch_IsSorted(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	b, c := a.make("Accounts", obj{"Account_Name": "Bee"}), a.make("Accounts", obj{"Account_Name": "Ant"})
	for _, o := range []obj{
		{"Last_Name": "One Acme", "Account_Name": ref(b), "Date_of_Birth": "1990-01-01"},
		{"Last_Name": "Two Acme", "Account_Name": ref(c), "Date_of_Birth": "1970-01-01"},
		{"Last_Name": "Six Acme"},
	} {
		a.make("Contacts", o)
	}
	for query, want := range map[string]string{
		"":                                     "Six Acme|Two Acme|One Acme",
		"&sort_order=asc":                      "One Acme|Two Acme|Six Acme",
		"&sort_by=Last_Name":                   "Two Acme|Six Acme|One Acme",
		"&sort_by=Date_of_Birth":               "One Acme|Two Acme|Six Acme",
		"&sort_by=Account_Name":                "One Acme|Two Acme|Six Acme",
		"&sort_by=Account_Name&sort_order=asc": "Six Acme|Two Acme|One Acme",
		"&sort_by=Last_Name&sort_order=asc&per_page=2":        "One Acme|Six Acme",
		"&sort_by=Last_Name&sort_order=asc&per_page=2&page=2": "Two Acme",
	} {
		r := a.get("/Contacts/search?word=acme" + query).want(200)
		if got := names(r, "Last_Name"); got != want {
			t.Errorf("%q gives %s, want %s", query, got, want)
		}
	}
	a.get("/Contacts/search?word=acme&sort_by=Last_Name&sort_order=asc").want(200, "info.sort_by", "Last_Name", "info.sort_order", "asc")
	a.get("/Contacts/search?word=acme&sort_by=Nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "sort_by")
	a.get("/Contacts/search?word=acme&sort_order=up").want(400, "code", "INVALID_DATA", "details.param_name", "sort_order")
}

// zoho-crm.md section 5.1: a search is narrowed by what a record waits for.
func TestSearch_ByApprovalState(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	a.make("Accounts", obj{"Account_Name": "Acme free"})
	held := a.make("Accounts", obj{"Account_Name": "Acme held"})
	a.do(zohobox.Action{Action: "submit", Type: "Accounts", ID: held})
	find := "/Accounts/search?word=acme&sort_by=Account_Name&approval_state="
	for state, want := range map[string]string{"": "Acme held|Acme free", "approved": "Acme free", "approval_process_pending": "Acme held"} {
		if got := names(a.get(find+state).want(200), "Account_Name"); got != want {
			t.Errorf("%q finds %s, want %s", state, got, want)
		}
	}
	a.get(find + "merge_pending").want(204)
	for action, state := range map[string]string{"review": "review_process_pending", "check_image": "zia_vision_pending"} {
		id := a.make("Accounts", obj{"Account_Name": "Acme " + action})
		a.do(zohobox.Action{Action: action, Type: "Accounts", ID: id})
		a.get(find+state).want(200, "info.count", "1", "data.0.id", id)
		a.get("/Accounts/"+id).want(200, "data.0.$approval_state", state)
	}
	a.get(find+"nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "approval_state")
}

// zoho-crm.md sections 3, 4.1 and 5.1: what was converted says so; lists and
// searches are narrowed by it.
func TestConverted_NarrowsListsAndSearches(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	p := a.product(obj{})
	quote := func(subject string) string {
		return a.make("Quotes", obj{"Subject": subject, "Quoted_Items": []any{obj{"Product_Name": ref(p), "Quantity": 1}}})
	}
	first := quote("Acme first")
	quote("Acme other")
	a.get("/Quotes/"+first).want(200, "data.0.$converted", "false")
	a.call(http.MethodPost, "/Quotes/"+first+"/actions/convert", data(obj{"convert_to": []any{obj{"module": obj{"api_name": "Invoices"}}}})).want(200)
	a.get("/Quotes/"+first).want(200, "data.0.$converted", "true")
	for query, want := range map[string]string{
		"":                 "Acme other|Acme first",
		"&converted=both":  "Acme other|Acme first",
		"&converted=true":  "Acme first",
		"&converted=false": "Acme other",
	} {
		for _, path := range []string{"/Quotes?fields=Subject" + query, "/Quotes/search?word=acme" + query} {
			if got := names(a.get(path).want(200), "Subject"); got != want {
				t.Errorf("%s gives %s, want %s", path, got, want)
			}
		}
	}
	a.get("/Quotes?fields=Subject&converted=true&ids="+first).want(200, "info.count", "1")
	a.get("/Quotes?fields=Subject&converted=false&ids=" + first).want(204)
	a.get("/Quotes?fields=Subject&converted=maybe").want(400, "code", "INVALID_DATA", "details.param_name", "converted")
	a.get("/Quotes/search?word=acme&converted=maybe").want(400, "code", "INVALID_DATA", "details.param_name", "converted")
	a.get("/Accounts?fields=id&converted=true").want(204)
	lead := a.make("Leads", obj{"Last_Name": "Fresh", "Converted__s": true})
	a.get("/Leads/"+lead).want(200, "data.0.Converted__s", "false", "data.0.$converted", "false")
	a.get("/Leads?fields=Converted__s").want(200, "data.0.Converted__s", "false")
	a.get("/Leads?fields=id&converted=true").want(204)
	won := a.make("Leads", obj{"Last_Name": "Won", "Company": "Acme"})
	a.convert(won, obj{}).want(200)
	a.get("/Leads/"+won).want(200, "data.0.Converted__s", "true", "data.0.$converted", "true")
	for query, want := range map[string]string{"": "Fresh", "&converted=false": "Fresh", "&converted=true": "Won", "&converted=both": "Won|Fresh"} {
		for _, path := range []string{"/Leads?fields=Last_Name" + query, "/Leads/search?criteria=" + q("(Last_Name:not_equal:x)") + query} {
			if got := names(a.get(path).want(200), "Last_Name"); got != want {
				t.Errorf("%s gives %s, want %s", path, got, want)
			}
		}
	}
	if f := find(a.get("/settings/fields?module=Leads"), "fields", "api_name", "Converted__s"); f["field_read_only"] != true {
		t.Errorf("Converted__s is described as %v", f)
	}
}

// zoho-crm.md section 4.1: there are no territories, so lists cannot be narrowed
// by one, and nothing else than deals, contacts and accounts has them at all.
func TestList_TerritoriesAreOff(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, m := range []string{"Deals", "Contacts", "Accounts"} {
		a.get("/"+m+"?fields=id&territory_id=1").want(400, "code", "FEATURE_NOT_ENABLED", "details.param_name", "territory_id")
		a.get("/"+m+"?fields=id&include_child=true").want(400, "code", "FEATURE_NOT_ENABLED", "details.param_name", "include_child")
	}
	a.get("/Vendors?fields=id&territory_id=1").want(400, "code", "INVALID_DATA", "details.param_name", "territory_id")
}

// zoho-crm.md section 5.1: people are searched too, narrowed by their type.
func TestSearch_OverUsers(t *testing.T) {
	a := open(t, zohobox.Options{})
	find := "/Users/search?"
	a.get(find+"word=sales").want(200, "info.count", "2")
	a.get(find+"word=sales&sort_by=first_name&fields=first_name").want(200, "data.0.first_name", "Max", "data.1.first_name", "Eva")
	a.get(find+"email=eva@sandbox.example").want(200, "info.count", "1", "data.0.full_name", "Eva Sales")
	a.get(find+"criteria="+q("((last_name:equals:User)and(first_name:starts_with:Form))")).want(200, "info.count", "1", "data.0.status", "inactive")
	a.get(find + "word=former&type=ActiveUsers").want(204)
	a.get(find+"word=former&type=DeactiveUsers").want(200, "info.count", "1")
	a.get(find+"word=former&type=Nonsense").want(400, "code", "INVALID_DATA", "details.param_name", "type")
	a.get(find).want(400, "code", "EXPECTED_PARAM_MISSING")
	a.get("/Users?fields=id").want(400, "code", "INVALID_MODULE")
}
