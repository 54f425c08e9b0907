package zohobox

import (
	"fmt"
	"slices"
	"sort"
)

// pipeline is a row of stages that deals of a layout go through (section 9.6).
// Its id is that of its value in the picklist Pipeline.
type pipeline struct {
	ID      string   `json:"id"`
	Layout  string   `json:"layout"` // id
	Name    string   `json:"name"`
	Default bool     `json:"default"`
	Stages  []string `json:"stages"` // in order
}

func (p *pipeline) has(stage string) bool { return slices.Contains(p.Stages, stage) }

// foundPipelines gives a layout of deals that has none its first one, with all
// stages.
func (b *Box) foundPipelines() {
	m := b.module["Deals"]
	for i, l := range m.layouts {
		if b.defaultPipeline(l.ID) != nil {
			continue
		}
		f := m.field("Pipeline")
		if i > 0 || len(f.Picks) == 0 {
			f.Picks = append(slices.Clone(f.Picks), pick{ID: b.ids.meta(), Value: "Standard (" + l.Name + ")"})
			b.saveModule(m)
		}
		v := f.Picks[len(f.Picks)-1]
		if i == 0 {
			v = f.Picks[0]
		}
		p := &pipeline{ID: v.ID, Layout: l.ID, Name: v.Value, Default: true}
		for _, s := range m.field("Stage").Picks {
			p.Stages = append(p.Stages, s.Value)
		}
		b.pipelines = append(b.pipelines, p)
		b.save("pipeline", p.ID, p)
	}
}

func (b *Box) pipelineOf(layout, name string) *pipeline {
	for _, p := range b.pipelines {
		if p.Layout == layout && p.Name == name {
			return p
		}
	}
	return nil
}

func (b *Box) pipelineByID(id string) *pipeline {
	for _, p := range b.pipelines {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (b *Box) defaultPipeline(layout string) *pipeline {
	for _, p := range b.pipelines {
		if p.Layout == layout && p.Default {
			return p
		}
	}
	return nil
}

// pipelinesOn reports whether deals go through more than one pipeline: a new
// deal must say then which (section 8).
func (b *Box) pipelinesOn() bool {
	n := map[string]int{}
	for _, p := range b.pipelines {
		if n[p.Layout]++; n[p.Layout] > 1 {
			return true
		}
	}
	return false
}

// mandatory reports whether a new record needs a field. Pipelines are needed
// once there are several.
func (b *Box) mandatory(m *module, f *field) bool {
	return f.Mandatory || m.name == "Deals" && f.Name == "Pipeline" && b.pipelinesOn()
}

// layoutParam reads ?layout_id=, which every page of pipelines demands.
func (b *Box) layoutParam(c *call) (*layout, *failure) {
	id := c.param("layout_id")
	if id == "" {
		return nil, &failure{status: 400, code: "REQUIRED_PARAM_MISSING", message: "One of the expected parameter is missing", details: object{"param_name": "layout_id"}}
	}
	if l := b.module["Deals"].layoutByID(id); l != nil {
		return l, nil
	}
	return nil, badParam("layout_id")
}

// getPipelines answers GET /settings/pipeline[/{id}]?layout_id=: the pipelines
// of a layout, with the stages each goes through.
func (b *Box) getPipelines(c *call) answer {
	l, f := b.layoutParam(c)
	if f != nil {
		return f.answer()
	}
	var out []any
	for _, p := range b.pipelines {
		if p.Layout == l.ID && (len(c.path) < 3 || c.path[2] == p.ID) {
			out = append(out, b.renderPipeline(p))
		}
	}
	if len(out) == 0 {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return ok(object{"pipeline": out})
}

func (b *Box) renderPipeline(p *pipeline) object {
	stages, picks := []any{}, b.module["Deals"].field("Stage").Picks
	for i, name := range p.Stages {
		n := slices.IndexFunc(picks, func(v pick) bool { return v.Value == name })
		if n < 0 {
			continue
		}
		o := object{
			"id": picks[n].ID, "display_value": picks[n].shown(), "actual_value": name, "sequence_number": i + 1,
			"forecast_type": forecastOf(name), "forecast_category": object{"id": picks[n].ID, "name": forecastOf(name)},
		}
		if picks[n].Colour != "" {
			o["colour_code"] = picks[n].Colour
		}
		stages = append(stages, o)
	}
	return object{"id": p.ID, "display_value": p.Name, "actual_value": p.Name, "default": p.Default, "maps": stages}
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

// postPipeline adds a pipeline to a layout. Its stages are some of those that
// deals have.
func (b *Box) postPipeline(c *call) answer {
	l, f := b.layoutParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	return c.each("pipeline", 1, 201, func(path string, o object) (object, *failure) {
		p := &pipeline{Layout: l.ID}
		if text(o["display_value"]) == "" {
			return nil, missing("display_value", path)
		}
		if len(list(o["maps"])) == 0 {
			return nil, missing("maps", path)
		}
		if f := b.readPipeline(p, o, path); f != nil {
			return nil, f
		}
		m := b.module["Deals"]
		p.ID = b.ids.meta()
		field := m.field("Pipeline")
		field.Picks = append(slices.Clone(field.Picks), pick{ID: p.ID, Value: p.Name})
		b.saveModule(m)
		b.pipelines = append(b.pipelines, p)
		b.keepPipeline(p, o["default"] == true)
		return success(object{"id": p.ID}, "pipeline added"), nil
	})
}

// keepPipeline stores a pipeline; a new default takes the place of the old one.
func (b *Box) keepPipeline(p *pipeline, first bool) {
	if old := b.defaultPipeline(p.Layout); first && old != nil && old != p {
		old.Default, p.Default = false, true
		b.save("pipeline", old.ID, old)
	}
	b.save("pipeline", p.ID, p)
}

// readPipeline reads a name and stages into a pipeline.
func (b *Box) readPipeline(p *pipeline, o object, path string) *failure {
	m := b.module["Deals"]
	if name := text(o["display_value"]); name != "" && name != p.Name {
		if slices.ContainsFunc(m.field("Pipeline").Picks, func(v pick) bool { return equalFold(v.Value, name) }) {
			return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "display_value", "json_path": path + ".display_value"}}
		}
		p.Name = name
	}
	at := map[string]int64{} // where a stage wants to stand; a new one before an old one
	for i, s := range p.Stages {
		at[s] = 2 * int64(i+1)
	}
	for i, v := range list(o["maps"]) {
		row, where := asObject(v), fmt.Sprintf("%s.maps[%d]", path, i)
		stage := m.field("Stage").pickByID(text(row["id"]))
		if stage == "" {
			return invalidAt("id", where+".id", nil)
		}
		if row["_delete"] != nil {
			if p.ID == "" || !p.has(stage) {
				return invalidAt("id", where+".id", nil)
			}
			if b.dealsIn(p, stage) {
				return cannotDelete(object{"api_name": "id", "json_path": where + ".id"})
			}
			p.Stages = slices.DeleteFunc(slices.Clone(p.Stages), func(s string) bool { return s == stage })
			continue
		}
		if !p.has(stage) {
			p.Stages = append(slices.Clone(p.Stages), stage)
			at[stage] = 2 * int64(len(p.Stages))
		}
		if row["sequence_number"] != nil {
			at[stage] = 2*number(row["sequence_number"]).IntPart() - 1
		}
	}
	if len(p.Stages) == 0 {
		return missing("maps", path)
	}
	p.Stages = slices.Clone(p.Stages)
	sort.SliceStable(p.Stages, func(i, j int) bool { return at[p.Stages[i]] < at[p.Stages[j]] })
	return nil
}

func cannotDelete(details object) *failure {
	return &failure{code: "CANNOT_DELETE", message: "there are deals there; transfer them first", details: details}
}

// pickByID is the value with an id; empty where there is none.
func (f *field) pickByID(id string) string {
	for _, p := range f.Picks {
		if p.ID == id {
			return p.Value
		}
	}
	return ""
}

// dealsIn reports whether deals are in a pipeline, or in one of its stages.
func (b *Box) dealsIn(p *pipeline, stage string) bool {
	m := b.module["Deals"]
	return slices.ContainsFunc(m.table.holding("Pipeline", p.Name), func(id int64) bool {
		r := m.table.get(id)
		return r.layout == p.Layout && (stage == "" || r.vals["Stage"] == stage)
	})
}

// putPipeline answers PUT and PATCH /settings/pipeline[/{id}]: a new name, other
// stages, another default, or the end of a pipeline.
func (b *Box) putPipeline(c *call) answer {
	l, f := b.layoutParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	if len(c.path) > 2 && (b.pipelineByID(c.path[2]) == nil || b.pipelineByID(c.path[2]).Layout != l.ID) {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return c.each("pipeline", 1, 200, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		p := b.pipelineByID(id)
		switch {
		case id == "":
			return nil, missing("id", path)
		case p == nil || p.Layout != l.ID:
			return nil, invalidAt("id", path+".id", nil)
		case o["_delete"] != nil:
			if f := b.dropPipeline(p); f != nil {
				return nil, f
			}
			return success(object{"id": p.ID}, "pipeline deleted"), nil
		case o["default"] == false && p.Default:
			return nil, invalidAt("default", path+".default", nil) // another one must become it
		}
		next := *p
		if f := b.readPipeline(&next, o, path); f != nil {
			return nil, f
		}
		b.renamePipeline(p, next.Name)
		*p = next
		b.keepPipeline(p, o["default"] == true)
		return success(object{"id": p.ID}, "pipeline updated"), nil
	})
}

// dropPipeline ends a pipeline that is not the default one and holds no deals.
func (b *Box) dropPipeline(p *pipeline) *failure {
	if p.Default || b.dealsIn(p, "") {
		return cannotDelete(object{"id": p.ID})
	}
	b.forgetPipeline(p)
	return nil
}

func (b *Box) forgetPipeline(p *pipeline) {
	m := b.module["Deals"]
	f := m.field("Pipeline")
	f.Picks = slices.DeleteFunc(slices.Clone(f.Picks), func(v pick) bool { return v.ID == p.ID })
	b.saveModule(m)
	b.pipelines = slices.DeleteFunc(b.pipelines, func(x *pipeline) bool { return x == p })
	b.drop("pipeline", p.ID)
}

// renamePipeline lets the deals of a pipeline carry its new name; nobody
// modified them.
func (b *Box) renamePipeline(p *pipeline, name string) {
	if name == p.Name {
		return
	}
	m := b.module["Deals"]
	f := m.field("Pipeline")
	f.Picks = slices.Clone(f.Picks)
	for i := range f.Picks {
		if f.Picks[i].ID == p.ID {
			f.Picks[i].Value = name
		}
	}
	b.saveModule(m)
	b.moveDeals(p, func(n *record) { n.vals["Pipeline"] = name })
}

func (b *Box) moveDeals(p *pipeline, change func(*record)) {
	m := b.module["Deals"]
	for _, id := range slices.Clone(m.table.holding("Pipeline", p.Name)) {
		if r := m.table.get(id); r.layout == p.Layout {
			n := r.clone()
			change(n)
			b.put(m, n)
		}
	}
}

// transferPipeline answers POST /settings/pipeline/actions/transfer: the deals of
// a pipeline go over to another, stage by stage, and the first one ends.
func (b *Box) transferPipeline(c *call) answer {
	l, f := b.layoutParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	return c.each("transfer_pipeline", 1, 200, func(path string, o object) (object, *failure) {
		pair := asObject(o["pipeline"])
		from, to := b.pipelineByID(text(pair["from"])), b.pipelineByID(text(pair["to"]))
		switch {
		case o["pipeline"] == nil:
			return nil, missing("pipeline", path)
		case from == nil || from.Layout != l.ID || from.Default:
			return nil, invalidAt("from", path+".pipeline.from", nil)
		case to == nil || to.Layout != l.ID || to == from:
			return nil, invalidAt("to", path+".pipeline.to", nil)
		}
		stages, f := b.readTransfer(from, to, o, path)
		if f != nil {
			return nil, f
		}
		b.moveDeals(from, func(n *record) {
			n.vals["Pipeline"] = to.Name
			if s := stages[text(n.vals["Stage"])]; s != "" {
				n.vals["Stage"] = s
			}
		})
		b.forgetPipeline(from)
		return success(object{"job_id": b.ids.meta()}, "transfer scheduled"), nil
	})
}

// readTransfer reads which stage takes the place of which. Those that hold deals
// and that the other pipeline lacks must be named.
func (b *Box) readTransfer(from, to *pipeline, o object, path string) (map[string]string, *failure) {
	stages, field := map[string]string{}, b.module["Deals"].field("Stage")
	for i, v := range list(o["stages"]) {
		at, row := fmt.Sprintf("%s.stages[%d]", path, i), asObject(v)
		was, is := field.pickByID(text(row["from"])), field.pickByID(text(row["to"]))
		if !from.has(was) {
			return nil, invalidAt("from", at+".from", nil)
		}
		if !to.has(is) {
			return nil, invalidAt("to", at+".to", nil)
		}
		stages[was] = is
	}
	for _, s := range from.Stages {
		if stages[s] == "" && !to.has(s) && b.dealsIn(from, s) {
			return nil, missing("stages", path)
		}
	}
	return stages, nil
}
