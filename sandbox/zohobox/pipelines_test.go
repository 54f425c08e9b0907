package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// pipelines are those of the standard layout of deals, with its address.
func (a *app) pipelines() (reply, string) {
	at := "?layout_id=" + a.layout("Deals", "Standard")
	return a.get("/settings/pipeline" + at).want(200), at
}

// zoho-crm.md section 9.6: an administrator's app adds a pipeline of stages that
// deals have. Section 8: a new deal says then which one it is in.
func TestPipelines_AreAdded(t *testing.T) {
	a := open(t, zohobox.Options{})
	first, at := a.pipelines()
	stage := func(i string) obj { return obj{"id": first.str("pipeline.0.maps." + i + ".id")} }
	post := func(o obj) reply { return a.call(http.MethodPost, "/settings/pipeline"+at, obj{"pipeline": []any{o}}) }
	deal := obj{"Deal_Name": "D", "Stage": "Qualification"}
	a.insert("Deals", deal).want(201)
	if f := find(a.get("/settings/fields?module=Deals"), "fields", "api_name", "Pipeline"); f["system_mandatory"] != false {
		t.Error("one pipeline is mandatory")
	}
	post(obj{"maps": []any{stage("0")}}).want(400, "pipeline.0.code", "MANDATORY_NOT_FOUND", "pipeline.0.details.json_path", "$.pipeline[0].display_value")
	post(obj{"display_value": "Repairs"}).want(400, "pipeline.0.code", "MANDATORY_NOT_FOUND", "pipeline.0.details.json_path", "$.pipeline[0].maps")
	post(obj{"display_value": "Repairs", "maps": []any{obj{"id": "1"}}}).want(400, "pipeline.0.code", "INVALID_DATA", "pipeline.0.details.json_path", "$.pipeline[0].maps[0].id")
	post(obj{"display_value": "Standard (standard)", "maps": []any{stage("0")}}).want(400, "pipeline.0.code", "DUPLICATE_DATA")
	a.as("Eva").call(http.MethodPost, "/settings/pipeline"+at, obj{"pipeline": []any{obj{}}}).want(403, "code", "NO_PERMISSION")
	second, last := stage("1"), stage("6")
	last["sequence_number"] = 1
	id := post(obj{"display_value": "Repairs", "maps": []any{second, last}}).want(201, "pipeline.0.code", "SUCCESS").str("pipeline.0.details.id")
	a.get("/settings/pipeline/"+id+at).want(200, "pipeline.0.display_value", "Repairs", "pipeline.0.default", "false", "pipeline.0.maps.0.actual_value", "Closed Won", "pipeline.0.maps.0.forecast_type", "Closed Won", "pipeline.0.maps.1.actual_value", "Needs Analysis", "pipeline.0.maps.1.sequence_number", "2")

	a.insert("Deals", deal).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Pipeline")
	deal["Pipeline"], deal["Stage"] = "Repairs", "Needs Analysis"
	a.insert("Deals", deal).want(201)
	if f := find(a.get("/settings/fields?module=Deals"), "fields", "api_name", "Pipeline"); f["system_mandatory"] != true {
		t.Error("two pipelines are not mandatory")
	}
}

// zoho-crm.md section 9.6: pipelines are renamed, get and lose stages, and end
// once no deal is in them.
func TestPipelines_AreChanged(t *testing.T) {
	a := open(t, zohobox.Options{})
	first, at := a.pipelines()
	stages := []any{obj{"id": first.str("pipeline.0.maps.0.id")}, obj{"id": first.str("pipeline.0.maps.1.id")}}
	id := a.call(http.MethodPost, "/settings/pipeline"+at, obj{"pipeline": []any{obj{"display_value": "Repairs", "maps": stages}}}).str("pipeline.0.details.id")
	standard := first.str("pipeline.0.id")
	patch := func(path string, o obj) reply {
		return a.call(http.MethodPatch, "/settings/pipeline"+path+at, obj{"pipeline": []any{o}})
	}
	deal := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Pipeline": "Repairs"})
	gone := func(i string) obj {
		return obj{"id": first.str("pipeline.0.maps." + i + ".id"), "_delete": obj{"permanent": nil}}
	}
	patch("/"+id, obj{"maps": []any{gone("0")}}).want(400, "pipeline.0.code", "CANNOT_DELETE")
	patch("/"+id, obj{"maps": []any{gone("5")}}).want(400, "pipeline.0.code", "INVALID_DATA")
	patch("/"+id, obj{"_delete": obj{"permanent": nil}}).want(400, "pipeline.0.code", "CANNOT_DELETE", "pipeline.0.details.id", id)
	patch("", obj{"display_value": "No id"}).want(400, "pipeline.0.code", "MANDATORY_NOT_FOUND")
	patch("/1", obj{"display_value": "No pipeline"}).want(400, "code", "INVALID_DATA", "details.resource_path_index", "2")
	patch("/"+id, obj{"display_value": "Standard (Standard)"}).want(400, "pipeline.0.code", "DUPLICATE_DATA")
	patch("/"+standard, obj{"default": false}).want(400, "pipeline.0.code", "INVALID_DATA")
	patch("", obj{"id": id, "display_value": "Repairs and parts", "default": true, "maps": []any{gone("1")}}).want(200, "pipeline.0.code", "SUCCESS")
	a.get("/Deals/"+deal).want(200, "data.0.Pipeline", "Repairs and parts", "data.0.Modified_Time", "2026-03-01T01:15:00-08:00")
	now := a.get("/settings/pipeline"+at).want(200, "pipeline.0.default", "false", "pipeline.1.default", "true", "pipeline.1.display_value", "Repairs and parts")
	if now.len("pipeline.1.maps") != 1 {
		t.Errorf("stages left: %v", now.at("pipeline.1.maps"))
	}
	a.call(http.MethodPut, "/settings/pipeline/"+standard+at, obj{"pipeline": []any{obj{"default": true}}}).want(200)

	move := func(pair obj, stages ...any) reply {
		return a.call(http.MethodPost, "/settings/pipeline/actions/transfer"+at, obj{"transfer_pipeline": []any{obj{"pipeline": pair, "stages": stages}}})
	}
	move(obj{"from": standard, "to": id}).want(400, "transfer_pipeline.0.code", "INVALID_DATA") // the default one stays
	move(obj{"from": id, "to": standard}, obj{"from": first.str("pipeline.0.maps.5.id"), "to": first.str("pipeline.0.maps.2.id")}).want(400, "transfer_pipeline.0.code", "INVALID_DATA")
	move(obj{"from": id, "to": standard}, obj{"from": first.str("pipeline.0.maps.0.id"), "to": first.str("pipeline.0.maps.2.id")}).want(200, "transfer_pipeline.0.code", "SUCCESS")
	a.get("/Deals/"+deal).want(200, "data.0.Pipeline", "Standard (Standard)", "data.0.Stage", "Value Proposition")
	if left, _ := a.pipelines(); left.len("pipeline") != 1 {
		t.Errorf("the empty pipeline is still there: %s", left.raw)
	}
	a.make("Deals", obj{"Deal_Name": "E", "Stage": "Qualification"}) // one is not mandatory
}

// zoho-crm.md section 9.3: a layout of deals shows its pipelines with their
// stages; a cloned one has its own.
func TestLayouts_PipelinesHaveMaps(t *testing.T) {
	a := open(t, zohobox.Options{})
	first, at := a.pipelines()
	a.call(http.MethodPost, "/settings/pipeline"+at, obj{"pipeline": []any{obj{"display_value": "Repairs", "maps": []any{obj{"id": first.str("pipeline.0.maps.1.id")}}}}}).want(201)
	own := a.do(zohobox.Action{Action: "clone_layout", Type: "Deals", Data: obj{"name": "Works"}})
	values := func(layout string) reply {
		r := a.get("/settings/layouts/" + layout + "?module=Deals").want(200)
		return reply{t: t, status: 200, body: find(r, "layouts.0.sections.0.fields", "api_name", "Pipeline"), raw: r.raw}
	}
	shown := values(a.layout("Deals", "Standard")).want(200, "required", "true", "pick_list_values.1.actual_value", "Repairs", "pick_list_values.1.maps.0.api_name", "Stage", "pick_list_values.1.maps.0.pick_list_values.0.actual_value", "Needs Analysis")
	if shown.len("pick_list_values") != 2 || shown.len("pick_list_values.0.maps.0.pick_list_values") != 9 || shown.len("pick_list_values.1.maps.0.pick_list_values") != 1 {
		t.Errorf("values and maps: %v", shown.at("pick_list_values"))
	}
	if shown = values(own); shown.len("pick_list_values") != 1 || shown.str("pick_list_values.0.display_value") != "Standard (Works)" {
		t.Errorf("pipelines of the clone: %v", shown.at("pick_list_values"))
	}
	id := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Pipeline": "Standard (Works)", "Closing_Date": "2026-04-01", "Layout": ref(own)})
	a.call(http.MethodDelete, "/settings/layouts/"+own+"?module=Deals&transfer_to="+a.layout("Deals", "Standard"), nil).want(200)
	a.get("/Deals/"+id).want(200, "data.0.Pipeline", "Standard (Standard)")
}
