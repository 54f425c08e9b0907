package zohobox

// getPipelines answers GET /settings/pipeline[/{id}]?layout_id= (section 9.6):
// the pipelines of deals on a layout, with the stages each goes through.
func (b *Box) getPipelines(c *call) answer {
	m := b.module["Deals"]
	id := c.param("layout_id")
	if id == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "layout_id"})
	}
	if m.layoutByID(id) == nil {
		return badParam("layout_id").answer()
	}
	stages := []any{}
	for i, p := range m.field("Stage").Picks {
		stages = append(stages, object{
			"id": p.ID, "display_value": p.Value, "actual_value": p.Value, "sequence_number": i + 1,
			"forecast_type": forecastOf(p.Value), "forecast_category": object{"id": p.ID, "name": forecastOf(p.Value)},
		})
	}
	var out []any
	for i, p := range m.field("Pipeline").Picks {
		if len(c.path) < 3 || c.path[2] == p.ID {
			out = append(out, object{"id": p.ID, "display_value": p.Value, "actual_value": p.Value, "default": i == 0, "maps": stages})
		}
	}
	if len(out) == 0 {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return ok(object{"pipeline": out})
}

func forecastOf(stage string) string {
	switch stage {
	case "Closed Won":
		return "Closed Won"
	case "Closed Lost", "Closed Lost to Competition":
		return "Closed Lost"
	}
	return "Open"
}
