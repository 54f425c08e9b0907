package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md sections 4.6 and 9.6: a stage that the deal's pipeline does not go
// through is a mismatch, whichever of the two is changed; mass updates call it
// by another name.
func TestDeals_StageBelongsToThePipeline(t *testing.T) {
	a := open(t, zohobox.Options{})
	layout := a.layout("Deals", "Standard")
	stages := a.get("/settings/pipeline?layout_id="+layout).want(200, "pipeline.0.maps.0.display_value", "Qualification")
	short := obj{"display_value": "Short", "maps": []any{obj{"id": stages.str("pipeline.0.maps.0.id")}, obj{"id": find(stages, "pipeline.0.maps", "display_value", "Closed Won")["id"]}}}
	a.call(http.MethodPost, "/settings/pipeline?layout_id="+layout, obj{"pipeline": []any{short}}).want(201)
	deal := func(stage, pipeline string) obj {
		return obj{"Deal_Name": "D", "Stage": stage, "Pipeline": pipeline}
	}
	const long = "Standard (Standard)"
	id := a.make("Deals", deal("Negotiation/Review", long))
	a.make("Deals", deal("Closed Won", "Short"))
	mismatch := []string{
		"data.0.code", "DEPENDENT_MISMATCH", "data.0.details.api_name", "Stage", "data.0.details.json_path", "$.data[0].Stage",
		"data.0.details.dependee.api_name", "Pipeline", "data.0.details.dependee.json_path", "$.data[0].Pipeline",
	}
	a.insert("Deals", deal("Negotiation/Review", "Short")).want(400, mismatch...)
	a.put("Deals", id, obj{"Pipeline": "Short"}).want(400, mismatch...)
	a.put("Deals", id, obj{"Pipeline": "Short", "Stage": "Closed Won"}).want(200)
	a.put("Deals", id, obj{"Stage": "Negotiation/Review"}).want(400, mismatch...)
	a.put("Deals", id, obj{"Amount": 5}).want(200)
	a.put("Deals", id, obj{"Pipeline": "Elsewhere"}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.supported_values.1", "Short")
	a.call(http.MethodPost, "/Deals/actions/mass_update", obj{"ids": []any{id}, "data": []any{obj{"Stage": "Negotiation/Review"}}}).
		want(400, "data.0.code", "MAPPING_MISMATCH", "data.0.details.mapped_field", "Pipeline", "data.0.details.api_name", "Stage")
	a.refused(zohobox.Action{Action: "update", Type: "Deals", ID: id, Data: obj{"Stage": "Negotiation/Review", "Closing_Date": "2026-05-01"}}, "DEPENDENT_MISMATCH")
}
