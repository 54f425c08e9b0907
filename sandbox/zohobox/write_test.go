package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// Section 4.3, the result item.
func TestInsert_Result(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.insert("Vendors", obj{"Vendor_Name": "Acme"}).want(201, "data.0.code", "SUCCESS", "data.0.status", "success", "data.0.message", "record added",
		"data.0.details.Created_By.name", "Super Admin", "data.0.details.Modified_Time", "2026-03-01T01:15:00-08:00", "data.0.details.$approval_state", "approved")
	if id := r.str("data.0.details.id"); len(id) != 19 {
		t.Errorf("the id %q has not 19 digits", id)
	}
	if _, isText := r.at("data.0.details.id").(string); !isText {
		t.Error("the id is no string")
	}
}

// Section 4.3: one result per record, in order; 207 when mixed, 400 when none is good.
func TestWrite_StatusFollowsTheResults(t *testing.T) {
	a := open(t, zohobox.Options{})
	good, bad := obj{"Vendor_Name": "Acme"}, obj{"Email": "a@b.example"}
	a.insert("Vendors", good, bad, good).want(207, "data.0.code", "SUCCESS", "data.1.code", "MANDATORY_NOT_FOUND", "data.1.details.json_path", "$.data[1].Vendor_Name", "data.2.code", "SUCCESS")
	a.insert("Vendors", bad, bad).want(400, "data.1.details.api_name", "Vendor_Name", "data.1.message", "required field not found")
}

// Sections 4.3 and 4.6: envelopes that are refused as a whole.
func TestWrite_RefusesTheWholeCall(t *testing.T) {
	a := open(t, zohobox.Options{})
	rows := make([]obj, 101)
	for i := range rows {
		rows[i] = obj{"Vendor_Name": "V"}
	}
	a.insert("Vendors", rows...).want(400, "data.0.code", "LIMIT_EXCEEDED", "data.0.details.maximum_length", "100", "data.0.details.api_name", "data")
	a.get("/Vendors?fields=id").want(204)
	a.insert("Vendors", rows[:100]...).want(201)
	a.call(http.MethodPost, "/Vendors", "{not json").want(400, "code", "INVALID_DATA", "details.expected_data_type", "jsonobject")
	a.call(http.MethodPost, "/Vendors", "[]").want(400, "code", "INVALID_DATA")
	a.call(http.MethodPost, "/Vendors", obj{}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	a.call(http.MethodPost, "/Vendors", obj{"data": obj{}}).want(400, "data.0.code", "INVALID_DATA")
	a.call(http.MethodPatch, "/Vendors", data()).want(400, "code", "INVALID_REQUEST_METHOD")
}

// Sections 4.6 and 4.7: each type with its limit and its error.
func TestWrite_ValuesAreChecked(t *testing.T) {
	a := open(t, zohobox.Options{})
	long := strings.Repeat("é", 41)
	for _, c := range []struct {
		name, module, field string
		value               any
		detail, want        string
	}{
		{"text too long", "Contacts", "First_Name", long, "maximum_length", "40"},
		{"text that is a number", "Contacts", "First_Name", 5, "expected_data_type", "text"},
		{"e-mail without domain", "Contacts", "Email", "nobody", "expected_data_type", "email"},
		{"list of e-mails", "Contacts", "Email", "a@b.example, c@d.example", "expected_data_type", "email"},
		{"e-mail too long", "Contacts", "Email", strings.Repeat("a", 95) + "@b.example", "maximum_length", "100"},
		{"phone too long", "Contacts", "Phone", strings.Repeat("1", 31), "maximum_length", "30"},
		{"phone with other signs", "Contacts", "Phone", "12 / 34", "expected_data_type", "phone"},
		{"website that is no address", "Accounts", "Website", "none yet", "expected_data_type", "website"},
		{"integer as text", "Accounts", "Employees", "5", "expected_data_type", "integer"},
		{"integer with decimals", "Accounts", "Employees", 5.5, "expected_data_type", "integer"},
		{"integer too long", "Accounts", "Employees", 1234567890, "maximum_length", "9"},
		{"bigint as number", "Accounts", "Account_Number", 47, "expected_data_type", "bigint"},
		{"currency as text", "Products", "Unit_Price", "9.99", "expected_data_type", "double"},
		{"currency too long", "Products", "Unit_Price", 12345678901234567, "maximum_length", "16"},
		{"boolean as text", "Products", "Product_Active", "true", "expected_data_type", "boolean"},
		{"date with slashes", "Contacts", "Date_of_Birth", "2026/01/02", "expected_data_type", "date"},
		{"date that is none", "Contacts", "Date_of_Birth", "2026-02-30", "expected_data_type", "date"},
		{"look-up as text", "Contacts", "Account_Name", "Acme", "expected_data_type", "jsonobject"},
		{"picklist as number", "Contacts", "Salutation", 3, "expected_data_type", "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			o := obj{"Last_Name": "L", "Account_Name": "A", "Product_Name": "P"}
			if c.module == "Contacts" {
				delete(o, "Account_Name")
			}
			o[c.field] = c.value
			a.insert(c.module, o).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", c.field,
				"data.0.details.json_path", "$.data[0]."+c.field, "data.0.details."+c.detail, c.want)
		})
	}
}

// Section 4.7: what is kept is what was sent, up to the decimals of the field.
func TestWrite_ValuesAreKept(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Accounts", obj{"Account_Name": "株式会社山田製作所 🌱", "Account_Number": "00471", "Employees": 12, "Annual_Revenue": 1234567890123456.785, "Website": "HTTPS.example", "Phone": "+1 (555) 010-99 ext;4,#2", "Account_Type": "Made up by us"})
	r := a.get("/Accounts/"+id).want(200, "data.0.Account_Name", "株式会社山田製作所 🌱", "data.0.Account_Number", "00471", "data.0.Employees", "12", "data.0.Account_Type", "Made up by us")
	if _, isText := r.at("data.0.Account_Number").(string); !isText {
		t.Error("a bigint is no string")
	}
	p := a.make("Products", obj{"Product_Name": "P", "Unit_Price": 19.125, "Qty_in_Stock": 1.123456789})
	a.get("/Products/"+p).want(200, "data.0.Unit_Price", "19.13", "data.0.Qty_in_Stock", "1.123456789", "data.0.Product_Active", "true", "data.0.Taxable", "true")
}

// Section 4.3: unknown keys and computed fields are ignored, empty text is empty.
func TestWrite_IgnoresWhatItDoesNotKnow(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V", "Nonsense": 1, "Modified_Time": "2001-01-01T00:00:00+00:00", "Email": "", "$anything": true})
	a.get("/Vendors/"+id).want(200, "data.0.Modified_Time", "2026-03-01T01:15:00-08:00", "data.0.Email", "", "data.0.Nonsense", "")
}

// Section 4.6: several errors at once.
func TestWrite_MultipleErrors(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.insert("Contacts", obj{"First_Name": strings.Repeat("x", 41), "Email": "no"}).want(400, "data.0.code", "MULTIPLE_OR_MULTI_ERRORS",
		"data.0.details.errors.0.code", "INVALID_DATA", "data.0.details.errors.1.details.api_name", "Email", "data.0.details.errors.2.code", "MANDATORY_NOT_FOUND")
}

// Section 4.3: most picklists store anything; Deals.Stage is closed (section 4.6).
func TestPicklist_ClosedListNamesItsValues(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.insert("Deals", obj{"Deal_Name": "D", "Stage": "Dreaming"}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "Stage")
	if r.len("data.0.details.supported_values") != 9 {
		t.Errorf("supported values: %s", r.raw)
	}
	id := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Closed Won", "Amount": 200})
	a.get("/Deals/"+id).want(200, "data.0.Probability", "100", "data.0.Expected_Revenue", "200", "data.0.Pipeline", "Standard (Standard)")
}

// Section 4.6: look-ups must exist, owners must be active.
func TestLookup_TargetMustLive(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.insert("Contacts", obj{"Last_Name": "L", "Account_Name": ref("4000000000000000001")}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", "id", "data.0.details.json_path", "$.data[0].Account_Name.id")
	a.insert("Contacts", obj{"Last_Name": "L", "Account_Name": ref("abc")}).want(400, "data.0.details.expected_data_type", "bigint")
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	id := a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
	a.get("/Contacts/"+id).want(200, "data.0.Account_Name.name", "A", "data.0.Account_Name.id", acc)
	a.put("Accounts", acc, obj{"Account_Name": "B"}).want(200)
	a.get("/Contacts/"+id).want(200, "data.0.Account_Name.name", "B")
	users := a.get("/users?type=AllUsers")
	for i := range users.len("users") {
		p := fmt.Sprintf("users.%d.", i)
		want := "SUCCESS"
		if users.str(p+"status") == "inactive" {
			want = "INVALID_DATA"
		}
		a.insert("Contacts", obj{"Last_Name": "L", "Owner": ref(users.str(p + "id"))}).want(map[string]int{"SUCCESS": 201, "INVALID_DATA": 400}[want], "data.0.code", want)
	}
}

// Section 4.3: update by path and by ids in the body.
func TestUpdate_ByPathAndByID(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V", "City": "Leeds"})
	a.clock.step(90 * time.Second)
	a.put("Vendors", id, obj{"Phone": "1234"}).want(200, "data.0.message", "record updated", "data.0.details.Modified_Time", "2026-03-01T01:16:30-08:00", "data.0.details.Created_Time", "2026-03-01T01:15:00-08:00")
	a.call(http.MethodPut, "/Vendors", data(obj{"id": id, "Email": "v@x.example"}, obj{"id": "4000000000000000001"}, obj{"Phone": "1"})).
		want(207, "data.0.code", "SUCCESS", "data.1.code", "INVALID_DATA", "data.1.details.api_name", "id", "data.2.code", "MANDATORY_NOT_FOUND", "data.2.details.api_name", "id")
	a.get("/Vendors/"+id).want(200, "data.0.City", "Leeds", "data.0.Phone", "1234", "data.0.Email", "v@x.example")
	a.put("Vendors", id, obj{"City": nil}).want(200)
	a.get("/Vendors/"+id).want(200, "data.0.City", "")
	a.put("Vendors", id, obj{"Vendor_Name": nil}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	a.put("Vendors", "4000000000000000001", obj{"City": "X"}).want(400, "data.0.code", "INVALID_DATA")
}

// Section 4.3: Modified_By is who wrote.
func TestUpdate_RemembersWho(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.as("Eva").put("Vendors", id, obj{"City": "X"}).want(200, "data.0.details.Modified_By.name", "Eva Sales", "data.0.details.Created_By.name", "Super Admin")
}

// Section 4.3: If-Unmodified-Since, to the second.
func TestUpdate_OptimisticLock(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	read := a.clock.now().Format(time.RFC3339)
	a.put("Vendors", id, obj{"City": "A"}, "If-Unmodified-Since", read).want(200) // the same second passes
	a.clock.step(time.Second)
	a.as("Eva").put("Vendors", id, obj{"City": "B"}).want(200)
	a.put("Vendors", id, obj{"City": "C"}, "If-Unmodified-Since", read).want(412, "data.0.code", "ALREADY_MODIFIED", "data.0.message", "record updated time has already passed if-unmodified-since time",
		"data.0.details.id", id, "data.0.details.Modified_Time", "2026-03-01T01:15:01-08:00", "data.0.details.Modified_By.name", "Eva Sales")
	a.get("/Vendors/"+id).want(200, "data.0.City", "B")
	a.call(http.MethodPost, "/Vendors/upsert", data(obj{"Vendor_Name": "V", "City": "D"}), "If-Unmodified-Since", read).want(412, "data.0.code", "ALREADY_MODIFIED")
}

// Section 4.3, $append_values.
func TestUpdate_AppendsToMultiSelect(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Vendors", obj{"field_label": "Kinds", "data_type": "multiselectpicklist", "pick_list_values": []any{obj{"display_value": "A"}, obj{"display_value": "B"}}})
	id := a.make("Vendors", obj{"Vendor_Name": "V", f: []any{"A"}})
	a.put("Vendors", id, obj{f: []any{"B"}, "$append_values": obj{f: true}}).want(200)
	a.get("/Vendors/"+id).want(200, "data.0."+f+".0", "A", "data.0."+f+".1", "B")
	a.put("Vendors", id, obj{f: []any{"B"}}).want(200)
	if got := a.get("/Vendors/" + id).len("data.0." + f); got != 1 {
		t.Errorf("%d values after replacing, want 1", got)
	}
}

// Section 4.3: trigger omitted runs automation, [] runs none.
func TestTrigger_DecidesWhetherAutomationRuns(t *testing.T) {
	a := open(t, zohobox.Options{Workflows: []zohobox.Workflow{{Name: "mark", Module: "Vendors", Field: "City", Set: map[string]any{"Category": "touched"}}}})
	body := func(trigger any) obj {
		b := data(obj{"Vendor_Name": "V"})
		if trigger != nil {
			b["trigger"] = trigger
		}
		return b
	}
	for _, c := range []struct {
		name    string
		trigger any
		want    string
	}{{"omitted", nil, "touched"}, {"empty", []any{}, ""}, {"workflow", []any{"workflow"}, "touched"}, {"blueprint only", []any{"blueprint"}, ""}} {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			id := a.call(http.MethodPost, "/Vendors", body(c.trigger)).want(201).str("data.0.details.id")
			a.get("/Vendors/"+id).want(200, "data.0.Category", c.want)
		})
	}
	writes, _ := a.box.State("Vendors")["writes"].([]any)
	if len(writes) != 6 { // four creates and two updates by the rule
		t.Errorf("%d entries in the write log, want 6", len(writes))
	}
}

// Section 6, external ids.
func TestExternal_AddressesRecords(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Contacts")
	h := []string{"X-EXTERNAL", "Contacts." + f}
	r := a.insert("Contacts", obj{"Last_Name": "L", f: "77"}).want(201, "data.0.details."+f, "77")
	id := r.str("data.0.details.id")
	a.get("/Contacts/77", h...).want(200, "data.0.id", id)
	a.get("/Contacts/78", h...).want(204)
	a.get("/Contacts?fields=Last_Name&ids=77,78", h...).want(200, "data.0.id", id, "info.count", "1")
	a.put("Contacts", "77", obj{"Last_Name": "M"}, h...).want(200, "data.0.details.id", id)
	a.put("Contacts", "77", obj{f: "79"}, h...).want(400, "data.0.code", "NOT_ALLOWED")
	a.put("Contacts", "78", obj{"Last_Name": "M"}, h...).want(400, "data.0.code", "INVALID_DATA")
	a.call(http.MethodPut, "/Contacts", data(obj{f: "77", "Last_Name": "N"}), h...).want(200, "data.0.details.id", id)
	a.call(http.MethodDelete, "/Contacts/77", nil, h...).want(200, "data.0.details.id", id)
}

// Section 6: a look-up named by an external value.
func TestExternal_NamesLookups(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Accounts")
	acc := a.make("Accounts", obj{"Account_Name": "A", f: "77"})
	h := []string{"X-EXTERNAL", "Contacts.Account_Name." + f}
	id := a.call(http.MethodPost, "/Contacts", data(obj{"Last_Name": "L", "Account_Name": obj{f: "77"}}), h...).want(201).str("data.0.details.id")
	a.get("/Contacts/"+id).want(200, "data.0.Account_Name.id", acc)
	a.call(http.MethodPost, "/Contacts", data(obj{"Last_Name": "L", "Account_Name": obj{f: "78"}}), h...).want(400, "data.0.code", "INVALID_DATA")
	a.insert("Contacts", obj{"Last_Name": "L", "Account_Name": obj{f: "77"}}).want(400, "data.0.code", "INVALID_DATA")
}

// Section 6: org values are one space for all, user values are each one's own.
func TestExternal_OrgAndUserSpaces(t *testing.T) {
	a := open(t, zohobox.Options{})
	org := a.externalID("Vendors")
	own := a.field("Vendors", obj{"field_label": "My Id", "data_type": "text", "length": 50, "external": obj{"type": "user", "show": true}})
	id := a.make("Vendors", obj{"Vendor_Name": "V", org: "1", own: "x"})
	eva := a.as("Eva")
	eva.insert("Vendors", obj{"Vendor_Name": "W", org: "1"}).want(400, "data.0.code", "DUPLICATE_DATA")
	eva.get("/Vendors/"+id).want(200, "data.0."+org, "1", "data.0."+own, "")
	eva.insert("Vendors", obj{"Vendor_Name": "W", own: "x"}).want(201)
	a.insert("Vendors", obj{"Vendor_Name": "W", own: "x"}).want(400, "data.0.code", "DUPLICATE_DATA")
	a.get("/Vendors/x", "X-EXTERNAL", "Vendors."+own).want(200, "data.0.id", id)
	a.as("Max").get("/Vendors/x", "X-EXTERNAL", "Vendors."+own).want(204)
}

// Sections 4.3 and 4.6: unique fields, also inside one batch, without regard to case.
func TestUnique_NamesTheRecordThatHasIt(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Vendors")
	r := a.insert("Vendors", obj{"Vendor_Name": "V", f: "ab-1"}, obj{"Vendor_Name": "W", f: "AB-1"}).want(207, "data.1.code", "DUPLICATE_DATA", "data.1.message", "duplicate data",
		"data.1.details.api_name", f, "data.1.details.json_path", "$.data[1]."+f, "data.1.details.duplicate_record.module.api_name", "Vendors", "data.1.details.duplicate_record.Owner.name", "Super Admin", "data.1.details.more_records", "false")
	first := r.str("data.0.details.id")
	if r.str("data.1.details.duplicate_record.id") != first || r.str("data.1.details.id") != first {
		t.Errorf("the winner is not named: %s", r.raw)
	}
	a.put("Vendors", first, obj{f: "ab-1", "City": "X"}).want(200) // its own value
	other := a.make("Vendors", obj{"Vendor_Name": "W"})
	a.put("Vendors", other, obj{f: "ab-1"}).want(400, "data.0.code", "DUPLICATE_DATA")
	a.call(http.MethodDelete, "/Vendors/"+first, nil).want(200)
	a.put("Vendors", other, obj{f: "ab-1"}).want(200) // freed by the deletion
}
