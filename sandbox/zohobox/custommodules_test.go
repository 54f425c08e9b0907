package zohobox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// own makes a module Works with the label Work and gives the ids of all profiles.
func (a *app) own() (id string, profiles []any) {
	a.t.Helper()
	r := a.get("/settings/profiles")
	for i := range r.len("profiles") {
		profiles = append(profiles, ref(r.str(fmt.Sprintf("profiles.%d.id", i))))
	}
	m := a.module(obj{"singular_label": "Work", "plural_label": "Works", "api_name": "Works", "profiles": profiles}).want(201, "modules.0.message", "module created successfully")
	return m.str("modules.0.details.id"), profiles
}

func (a *app) module(o obj) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/settings/modules", obj{"modules": []any{o}})
}

// zoho-crm.md section 9.1: custom modules are made over the API, which costs 500
// credits, and changed.
func TestCustomModules_AreMadeAndChanged(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Users: []zohobox.User{{Last: "Admin", Email: "a@sandbox.example", SuperAdmin: true}, {First: "Eva", Last: "Sales", Email: "e@sandbox.example", Profile: "Standard"}}})
	op := a.get("/__apis?filters=ZohoCRM.settings.modules.CREATE").want(200, "__apis.0.operation_types.0.min_credits", "500")
	if op.len("__apis") != 1 {
		t.Errorf("operations: %s", op.raw)
	}
	id, profiles := a.own()
	a.get("/settings/modules/Works").want(200, "modules.0.id", id, "modules.0.generated_type", "custom", "modules.0.api_supported", "true", "modules.0.creatable", "true", "modules.0.plural_label", "Works", "modules.0.modified_by.name", "Admin", "modules.0.profile_count", fmt.Sprint(len(profiles)))
	send := func(change obj) reply {
		o := obj{"singular_label": "Job", "plural_label": "Jobs", "api_name": "Jobs", "profiles": profiles}
		for k, v := range change {
			if o[k] = v; v == nil {
				delete(o, k)
			}
		}
		return a.module(o)
	}
	for _, k := range []struct {
		change obj
		code   string
		at     string
	}{
		{obj{"api_name": nil}, "MANDATORY_NOT_FOUND", "api_name"},
		{obj{"plural_label": nil}, "MANDATORY_NOT_FOUND", "plural_label"},
		{obj{"profiles": nil}, "MANDATORY_NOT_FOUND", "profiles"},
		{obj{"profiles": []any{ref("1")}}, "INVALID_DATA", "profiles[0].id"},
		{obj{"plural_label": "A label of more than 25 letters"}, "INVALID_DATA", "plural_label"},
		{obj{"plural_label": "Jobs & more"}, "INVALID_DATA", "plural_label"},
		{obj{"api_name": "two words"}, "INVALID_DATA", "api_name"},
		{obj{"api_name": "Settings"}, "RESERVED_KEYWORD_NOT_ALLOWED", "api_name"},
		{obj{"api_name": "accounts"}, "DUPLICATE_DATA", "api_name"},
		{obj{"api_name": "Works"}, "DUPLICATE_DATA", "api_name"},
		{obj{"singular_label": "Work"}, "DUPLICATE_DATA", "singular_label"},
		{obj{"display_field": obj{"data_type": "number"}}, "INVALID_DATA", "display_field.data_type"},
		{obj{"display_field": obj{"data_type": "autonumber"}}, "DEPENDENT_FIELD_MISSING", "display_field.auto_number"},
	} {
		send(k.change).want(400, "modules.0.code", k.code, "modules.0.details.json_path", "$.modules[0]."+k.at)
	}
	a.as("Eva").module(obj{}).want(403, "code", "NO_PERMISSION")

	at := "/settings/modules/Works"
	whole := obj{"id": id, "singular_label": "Task of ours", "plural_label": "Tasks of ours", "profiles": profiles[:1]}
	a.call(http.MethodPut, at, obj{"modules": []any{obj{"plural_label": "Tasks of ours"}}}).want(400, "modules.0.code", "MANDATORY_NOT_FOUND")
	a.call(http.MethodPut, at, obj{"modules": []any{whole}}).want(200, "modules.0.details.id", id)
	a.get(at).want(200, "modules.0.singular_label", "Task of ours", "modules.0.actual_singular_label", "Work", "modules.0.profile_count", fmt.Sprint(len(profiles)))
	a.call(http.MethodPut, "/settings/modules/Nonsense", obj{"modules": []any{whole}}).want(400, "code", "INVALID_MODULE")
	put := func(rows ...any) reply { return a.call(http.MethodPut, "/settings/modules", obj{"modules": rows}) }
	put(obj{"id": id}).want(400, "modules.0.code", "EXPECTED_FIELD_MISSING")
	put(obj{"id": id, "plural_label": "Works"}, obj{"id": "1"}).want(207, "modules.0.code", "SUCCESS", "modules.1.code", "INVALID_DATA")
	var gone []any
	for _, p := range profiles {
		gone = append(gone, obj{"id": p.(obj)["id"], "_delete": nil})
	}
	put(obj{"id": id, "profiles": gone}).want(400, "modules.0.code", "NOT_ALLOWED")
	whole["profiles"] = gone
	a.call(http.MethodPut, at, obj{"modules": []any{whole}}).want(400, "modules.0.code", "MINIMUM_DATA_NOT_FOUND")
	put(obj{"id": id, "profiles": gone[1:]}).want(200)
	a.get(at).want(200, "modules.0.profile_count", "1")
	eva := a.as("Eva")
	eva.get("/Works?fields=Name").want(403, "code", "NO_PERMISSION", "details.permissions.0", "Crm_Implied_View_Works")
	eva.insert("Works", obj{"Name": "W"}).want(403, "details.permissions.0", "Crm_Implied_Create_Works")
}

// zoho-crm.md section 9.1: how many modules there may be is the edition's affair.
func TestCustomModules_EditionLimits(t *testing.T) {
	small := open(t, zohobox.Options{Edition: "professional"})
	small.module(obj{}).want(400, "code", "LIMIT_EXCEEDED", "details.limit", "0")
	a := open(t, zohobox.Options{Dials: zohobox.Dials{CustomModules: 1}})
	_, profiles := a.own()
	a.module(obj{"singular_label": "Job", "plural_label": "Jobs", "api_name": "Jobs", "profiles": profiles}).want(400, "code", "LIMIT_EXCEEDED", "details.limit", "1")
	a.get("/__features/custom_module").want(200, "__features.0.details.limits.total", "1", "__features.0.details.available_count.total", "0")
}

// zoho-crm.md sections 4.4 and 2.5: records of custom modules are known by their
// Name, and one scope covers all of these modules. They work as any records do.
func TestCustomModules_HaveRecords(t *testing.T) {
	in := &inbox{}
	a := open(t, zohobox.Options{Deliver: in})
	module, _ := a.own()
	a.get("/settings/fields?module=Works").want(200)
	if f := find(a.get("/settings/fields?module=Works"), "fields", "api_name", "Name"); f["system_mandatory"] != true || f["display_field"] != true {
		t.Errorf("Name is %v", f)
	}
	unique := a.field("Works", obj{"field_label": "QBO Id", "data_type": "text", "length": 50, "external": obj{"type": "org", "show": false}})
	a.field("Works", obj{"field_label": "Customer", "data_type": "lookup", "lookup": obj{"module": obj{"api_name": "Accounts"}}})
	a.get("/settings/layouts?module=Works").want(200, "layouts.0.name", "Standard")
	account := a.make("Accounts", obj{"Account_Name": "Sparrow Lane Bakery"})
	a.insert("Works", obj{"Email": "w@sandbox.example"}).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Name")
	watch := obj{"watch": []any{obj{"channel_id": "9", "notify_url": "https://app.test/", "events": []any{"Works.all"}, "token": "t", "channel_expiry": a.clock.now().Add(time.Hour).Format(time.RFC3339)}}}
	a.call(http.MethodPost, "/actions/watch", watch).want(201)
	id := a.make("Works", obj{"Name": "Roof", unique: "q-1", "Customer": ref(account)})
	a.get("/Works/"+id).want(200, "data.0.Name", "Roof", "data.0.Customer.name", "Sparrow Lane Bakery", "data.0.Owner.name", "Super Admin")
	a.get("/Works?fields=Name").want(200, "data.0.id", id)
	a.call(http.MethodPost, "/Works/upsert", data(obj{"Name": "Roof", "Email": "r@sandbox.example"})).want(200, "data.0.action", "update", "data.0.duplicate_field", "Name")
	a.coql("select Name, Customer.Account_Name from Works where Name = 'Roof'").want(200, "data.0.Name", "Roof")
	a.clock.step(time.Hour / 2)
	a.get("/Works/search?criteria=(Name:equals:Roof)").want(200, "data.0.id", id)
	a.get("/Works/actions/count").want(200, "count", "1")
	a.get("/Accounts/"+account+"/Works?fields=Name").want(200, "data.0.id", id)
	a.get("/Works/" + id + "/__timeline").want(200)
	a.call(http.MethodPost, "/Works/"+id+"/Notes", data(obj{"Note_Title": "T", "Note_Content": "C"})).want(201)
	a.get("/Works/"+id+"/Notes?fields=Note_Title").want(200, "data.0.Note_Title", "T")
	a.configureLocks("Works", obj{"lock_type": "manual"})
	a.call(http.MethodPost, "/Works/"+id+"/Locking_Information__s", data(obj{"Locked_Reason__s": "r"})).want(201)
	a.put("Works", id, obj{"Name": "x"}).want(400, "data.0.code", "RECORD_LOCKED")
	a.do(zohobox.Action{Action: "unlock", Type: "Works", ID: id})
	a.call(http.MethodPost, "/crm/bulk/v8/read", obj{"query": obj{"module": obj{"api_name": "Works"}, "fields": []any{"Name"}}}, "Content-Type", "application/json").want(201)
	a.remove("Works", id)
	a.get("/Works/deleted").want(200, "data.0.id", id, "data.0.display_name", "Roof")
	a.do(zohobox.Action{Action: "restore", Type: "Works", ID: id})
	a.pump()
	if got := strings.Join(in.lines(), ", "); !strings.Contains(got, "Works insert ["+id) || !strings.Contains(got, "Works delete ["+id) {
		t.Errorf("notified: %s", got)
	}

	one := *a
	one.token = a.login(a.box.Grant("Super Admin", "ZohoCRM.modules.custom.READ"))
	one.get("/Works/"+id).want(200, "data.0.Name", "Roof")
	one.get("/Accounts/"+account).want(401, "code", "OAUTH_SCOPE_MISMATCH")
	one.insert("Works", obj{"Name": "W"}).want(401, "code", "OAUTH_SCOPE_MISMATCH")
	if r := a.get("/settings/modules"); find(r, "modules", "id", module) == nil {
		t.Error("the module is not among the modules")
	}
}

// zoho-crm.md section 9.1: a module may name its records by numbers; pages of
// the web stand among the modules.
func TestCustomModules_NumbersAndWebTabs(t *testing.T) {
	a := open(t, zohobox.Options{})
	_, profiles := a.own()
	a.module(obj{"singular_label": "Visit", "plural_label": "Visits", "api_name": "Visits", "profiles": profiles, "display_field": obj{"field_label": "Visit No", "data_type": "autonumber", "auto_number": obj{"prefix": "V-", "start_number": "100", "suffix": "/26"}}}).want(201)
	f := reply{t: t, status: 200, body: find(a.get("/settings/fields?module=Visits"), "fields", "api_name", "Name")}
	f.want(200, "field_label", "Visit No", "data_type", "autonumber", "auto_number.prefix", "V-", "auto_number.start_number", "100", "field_read_only", "true")
	a.get("/Visits/"+a.make("Visits", obj{"Email": "a@sandbox.example", "Name": "mine"})).want(200, "data.0.Name", "V-100/26")
	a.get("/Visits/"+a.make("Visits", obj{})).want(200, "data.0.Name", "V-101/26")
	no := a.field("Vendors", obj{"field_label": "No", "data_type": "autonumber", "auto_number": obj{"prefix": "L", "start_number": "7", "suffix": ""}})
	a.get("/Vendors/"+a.make("Vendors", obj{"Vendor_Name": "V"})).want(200, "data.0."+no, "L7")
	a.fieldsCall("Accounts", obj{"field_label": "No", "data_type": "autonumber", "auto_number": obj{"start_number": "seven"}}).want(400, "fields.0.details.json_path", "$.fields[0].auto_number.start_number")

	a.do(zohobox.Action{Action: "add_web_tab", Data: obj{"name": "Price List", "link": "www.sparrow.example/prices"}})
	tab := find(a.get("/settings/modules"), "modules", "api_name", "Price_List")
	if tab["generated_type"] != "web" || tab["api_supported"] != false || tab["web_link"] != "www.sparrow.example/prices" {
		t.Errorf("the web tab is %v", tab)
	}
	a.get("/Price_List?fields=id").want(400, "code", "INVALID_MODULE")
	if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "add_web_tab", Data: obj{"name": "Works", "link": "www.sparrow.example"}}); err == nil {
		t.Error("a web tab has the name of a module")
	}
	a.do(zohobox.Action{Action: "create_module", Data: obj{"singular_label": "Site", "plural_label": "Sites", "api_name": "Sites", "profiles": profiles}})
	a.make("Sites", obj{"Name": "S"})
}

// zoho-crm.md section 9.1: modules outlive the program, with all that is in them.
func TestCustomModules_AreStored(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	_, profiles := a.own()
	a.field("Works", obj{"field_label": "Grade", "data_type": "picklist", "pick_list_values": []any{obj{"display_value": "A", "colour_code": "#00ff00"}}})
	id := a.make("Works", obj{"Name": "Roof", "Grade": "A"})
	a.module(obj{"singular_label": "Visit", "plural_label": "Visits", "api_name": "Visits", "profiles": profiles[:1], "display_field": obj{"data_type": "autonumber", "auto_number": obj{"start_number": "1"}}}).want(201)
	a.make("Visits", obj{})
	a.call(http.MethodPut, "/settings/modules/Accounts", obj{"modules": []any{obj{"id": a.get("/settings/modules/Accounts").str("modules.0.id"), "singular_label": "Customer", "plural_label": "Customers", "profiles": profiles}}}).want(200)
	_, at := a.pipelines()
	stage := a.get("/settings/pipeline" + at).str("pipeline.0.maps.0.id")
	a.call(http.MethodPost, "/settings/pipeline"+at, obj{"pipeline": []any{obj{"display_value": "Repairs", "maps": []any{ref(stage)}}}}).want(201)
	a.do(zohobox.Action{Action: "add_web_tab", Data: obj{"name": "Prices", "link": "www.sparrow.example"}})
	before := a.get("/settings/modules").want(200).raw
	b := again()
	if after := b.get("/settings/modules").raw; after != before {
		t.Errorf("modules were\n%s\nand are\n%s", before, after)
	}
	b.get("/Works/"+id).want(200, "data.0.Name", "Roof", "data.0.Grade", "A")
	b.get("/Works/search?word=Roof").want(200, "data.0.id", id)
	b.get("/Visits/"+b.make("Visits", obj{})).want(200, "data.0.Name", "2")
	b.get("/settings/pipeline"+at).want(200, "pipeline.1.display_value", "Repairs")
	if views := b.get("/settings/custom_views?module=Works").want(200); views.len("custom_views") != 3 {
		t.Errorf("%d views", views.len("custom_views"))
	}
}
