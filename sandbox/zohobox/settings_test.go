package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 9.6: variables, whose group is needed to read one by id.
func TestVariables_KeepValues(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := obj{"name": "Cursor", "api_name": "Cursor", "type": "integer", "value": 5, "variable_group": obj{"api_name": "General"}}
	id := a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{v}}).want(201, "variables.0.status", "success").str("variables.0.details.id")
	a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{v, obj{"name": "x"}}}).want(400, "variables.0.code", "DUPLICATE_DATA", "variables.1.code", "MANDATORY_NOT_FOUND")
	a.get("/settings/variables/"+id).want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "group")
	a.get("/settings/variables/"+id+"?group=General").want(200, "variables.0.value", "5", "variables.0.variable_group.api_name", "General")
	a.call(http.MethodPut, "/settings/variables/Cursor", obj{"variables": []any{obj{"value": "6"}}}).want(200)
	a.call(http.MethodPut, "/settings/variables", obj{"variables": []any{obj{"id": id, "value": "six"}}}).want(400, "variables.0.code", "INVALID_DATA")
	a.get("/settings/variables").want(200, "variables.0.value", "6")
	a.as("Eva").call(http.MethodPut, "/settings/variables", obj{"variables": []any{obj{"id": id, "value": "7"}}}).want(403, "code", "NO_PERMISSION")
	a.call(http.MethodDelete, "/settings/variables?ids="+id+",1", nil).want(207, "variables.0.code", "SUCCESS", "variables.1.code", "INVALID_DATA")
	a.get("/settings/variables").want(204)
}

// zoho-crm.md section 9.6: pipelines of a layout of deals with their stages.
func TestPipelines_HaveStages(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.get("/settings/pipeline?layout_id="+a.layout("Deals", "Standard")).want(200, "pipeline.0.actual_value", "Standard (Standard)", "pipeline.0.default", "true", "pipeline.0.maps.0.actual_value", "Qualification")
	a.get("/settings/pipeline/"+r.str("pipeline.0.id")+"?layout_id="+a.layout("Deals", "Standard")).want(200, "pipeline.0.id", r.str("pipeline.0.id"))
	a.get("/settings/pipeline").want(400, "code", "REQUIRED_PARAM_MISSING")
	a.get("/settings/pipeline?layout_id=1").want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 8: leads with the lengths the vendor prints, and section
// 4.4: their duplicate field is Email.
func TestLeads_AreAModule(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Leads", obj{"First_Name": "Ada", "Last_Name": "Okafor", "Company": "Acme", "Email": "ada@acme.test"})
	if l := a.read("Leads", id); l["Full_Name"] != "Ada Okafor" {
		t.Errorf("the lead is %v", l)
	}
	fields := a.get("/settings/fields?module=Leads")
	for name, want := range map[string]string{"Last_Name": "80", "Company": "200", "Designation": "100", "Website": "255", "Zip_Code": "30", "Description": "32000"} {
		f := find(fields, "fields", "api_name", name)
		if got := reply.str(reply{body: f}, "length"); got != want {
			t.Errorf("%s has the length %s, want %s", name, got, want)
		}
	}
	a.call(http.MethodPost, "/Leads/upsert", data(obj{"Last_Name": "Okafor", "Email": "ADA@acme.test"})).want(200, "data.0.action", "update", "data.0.duplicate_field", "Email", "data.0.details.id", id)
	a.insert("Leads", obj{"Company": "Acme"}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	a.coql("select Company from Leads where Company = 'Acme'").want(200, "info.count", "1")
}
