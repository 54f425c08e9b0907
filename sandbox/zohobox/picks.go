package zohobox

import (
	"fmt"
	"regexp"
	"slices"
)

var colourPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// picksOf are the values of a picklist; those of currencies and taxes follow
// the organisation.
func (b *Box) picksOf(f *field) []pick {
	picks := f.Picks
	if f.Name == "Currency" && f.Currency {
		picks = nil
		for _, cur := range b.currencies {
			if cur.Active {
				picks = append(picks, pick{ID: cur.ID, Value: cur.ISO})
			}
		}
	}
	if f.Name == "Tax" && f.Type == "multiselectpicklist" {
		for _, t := range b.taxes {
			picks = append(picks, pick{ID: t.ID, Value: taxLabel(t)})
		}
	}
	return picks
}

// renderPicks describes the values of a picklist on the page of fields. A value
// that every layout has put away is unused (section 9.2).
func (b *Box) renderPicks(m *module, f *field) []any {
	out := []any{}
	for i, p := range b.picksOf(f) {
		kind := "used"
		if m.putAway(f, p.Value) {
			kind = "unused"
		}
		out = append(out, p.render(i, kind))
	}
	return out
}

// shown is what people see of a value.
func (p pick) shown() string {
	if p.Display != "" {
		return p.Display
	}
	return p.Value
}

func (p pick) render(i int, kind string) object {
	o := object{"id": p.ID, "display_value": p.shown(), "actual_value": p.Value, "reference_value": p.Value, "sequence_number": i + 1, "type": kind}
	if p.Colour != "" {
		o["colour_code"] = p.Colour
	}
	return o
}

func (f *field) coloured() bool {
	return slices.ContainsFunc(f.Picks, func(p pick) bool { return p.Colour != "" })
}

// putAway reports whether no layout offers a value of a picklist.
func (m *module) putAway(f *field, value string) bool {
	away := false
	for _, l := range m.layouts {
		if !l.has(f.Name) {
			continue
		}
		if l.offers(f.Name, value) {
			return false
		}
		away = true
	}
	return away
}

func (l *layout) offers(field, value string) bool { return !slices.Contains(l.Away[field], value) }

// layoutPicks are the values of a picklist that a layout offers, each with the
// values of other fields that go with it: the stages of a pipeline (section
// 9.3).
func (b *Box) layoutPicks(m *module, l *layout, f *field) []any {
	out := []any{}
	for i, p := range b.picksOf(f) {
		if !l.offers(f.Name, p.Value) {
			continue
		}
		o := p.render(i, "used")
		o["maps"] = []any{}
		if m.name == "Deals" && !f.Custom {
			switch f.Name {
			case "Pipeline":
				pl := b.pipelineOf(l.ID, p.Value)
				if pl == nil {
					continue // of another layout
				}
				o["maps"] = []any{b.stagesOf(m, pl)}
			case "Stage":
				o["forecast_type"], o["forecast_category"] = forecastOf(p.Value), object{"id": p.ID, "name": forecastOf(p.Value)}
			}
		}
		out = append(out, o)
	}
	return out
}

// stagesOf says which stages go with a pipeline.
func (b *Box) stagesOf(m *module, pl *pipeline) object {
	stage, values := m.field("Stage"), []any{}
	for _, p := range stage.Picks {
		if pl.has(p.Value) {
			values = append(values, object{"id": p.ID, "display_value": p.shown(), "actual_value": p.Value, "colour_code": orNil(p.Colour)})
		}
	}
	return object{"id": stage.ID, "api_name": stage.Name, "pick_list_values": values}
}

// readPicksOf reads the values of a new picklist.
func (b *Box) readPicksOf(_ *module, f *field, o object, path string) *failure {
	if f.Type != "picklist" && f.Type != "multiselectpicklist" {
		return nil
	}
	rows := list(o["pick_list_values"])
	if len(rows) == 0 {
		return missing("pick_list_values", path)
	}
	for i, row := range rows {
		if fail := b.addPick(f, asObject(row), fmt.Sprintf("%s.pick_list_values[%d]", path, i)); fail != nil {
			return fail
		}
	}
	return nil
}

func (b *Box) addPick(f *field, v object, path string) *failure {
	name := text(v["display_value"])
	if name == "" {
		name = text(v["actual_value"])
	}
	if name == "" {
		return missing("display_value", path)
	}
	if slices.ContainsFunc(f.Picks, func(p pick) bool { return p.Value == name }) {
		return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "display_value", "json_path": path + ".display_value"}}
	}
	colour, fail := readColour(v, path)
	if fail == nil {
		f.Picks = append(f.Picks, pick{ID: b.ids.meta(), Value: name, Colour: colour})
	}
	return fail
}

func readColour(v object, path string) (string, *failure) {
	colour := text(v["colour_code"])
	if v["colour_code"] != nil && !colourPattern.MatchString(colour) {
		return "", invalidAt("colour_code", path+".colour_code", nil)
	}
	return colour, nil
}

// patchPicks relabels and colours values that are named by ids and adds those without
// one; values that are not named stay.
func (b *Box) patchPicks(f *field, o object, path string) *failure {
	if o["pick_list_values"] == nil {
		return nil
	}
	if f.Type != "picklist" && f.Type != "multiselectpicklist" {
		return invalidAt("pick_list_values", path+".pick_list_values", nil)
	}
	f.Picks = slices.Clone(f.Picks)
	for i, row := range list(o["pick_list_values"]) {
		at, v := fmt.Sprintf("%s.pick_list_values[%d]", path, i), asObject(row)
		if v["id"] == nil {
			if fail := b.addPick(f, v, at); fail != nil {
				return fail
			}
			continue
		}
		n := slices.IndexFunc(f.Picks, func(p pick) bool { return p.ID == text(v["id"]) })
		if n < 0 {
			return invalidAt("id", at+".id", nil)
		}
		colour, fail := readColour(v, at)
		if fail != nil {
			return fail
		}
		if _, sent := v["colour_code"]; sent {
			f.Picks[n].Colour = colour
		}
		if name := text(v["display_value"]); name != "" {
			f.Picks[n].Display = name
		}
	}
	return nil
}

// offerPick puts a value of a picklist on a layout or takes it off, as the
// layout's own page does.
func (b *Box) offerPick(m *module, data object) (string, error) {
	l, f := m.layoutNamed(text(data["layout"])), m.field(text(data["field"]))
	if l == nil || f == nil {
		return "", fmt.Errorf("there is no layout %q or no field %q", text(data["layout"]), text(data["field"]))
	}
	value := text(data["value"])
	if !slices.ContainsFunc(f.Picks, func(p pick) bool { return p.Value == value }) {
		return "", fmt.Errorf("%s has no value %q", f.Name, value)
	}
	away := map[string][]string{}
	for k, v := range l.Away {
		away[k] = slices.Clone(v)
	}
	away[f.Name] = slices.DeleteFunc(away[f.Name], func(v string) bool { return v == value })
	if data["on"] == false {
		away[f.Name] = append(away[f.Name], value)
	}
	l.Away, l.Modified = away, b.now()
	b.save("layout", l.ID, l)
	return l.ID, nil
}
