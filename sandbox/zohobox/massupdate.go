package zohobox

import "fmt"

// massSource is how the timeline calls a mass update by view.
const massSource = "mass_update"

// Limits of mass updates (section 6).
const (
	massByIDs  = 500
	massByView = 50_000
)

// massUpdate answers POST /{module}/actions/mass_update: records named by id are
// changed at once, those of a view or a territory by a job.
func (b *Box) massUpdate(c *call) answer {
	rows := list(c.body["data"])
	if len(rows) != 1 {
		return answer{status: 400, body: object{"data": []any{missing("data", "$").item()}}}
	}
	o, isObject := rows[0].(object)
	if !isObject || c.mod.isLine() {
		return answer{status: 400, body: object{"data": []any{invalidAt("data", "$.data[0]", object{"expected_data_type": "jsonobject"}).item()}}}
	}
	c.batch.readTrigger(c.body)
	if c.body["cvid"] != nil || c.body["territory"] != nil {
		return b.massUpdateJob(c, o)
	}
	ids := list(c.body["ids"])
	switch {
	case len(ids) == 0:
		return answer{status: 400, body: object{"data": []any{missing("ids", "$").item()}}}
	case len(ids) > massByIDs:
		return answer{status: 400, body: object{"data": []any{invalidAt("ids", "$.ids", object{"limit": massByIDs}).item()}}}
	}
	return b.writeRows(ids2rows(ids), 200, func(_ string, row object) (object, *failure) {
		i, _ := row["index"].(int)
		n, _ := parseID(text(row["id"]))
		r := c.mod.table.get(n)
		if r == nil {
			return nil, invalidAt("ids", fmt.Sprintf("$.ids[%d]", i), object{"id": row["id"]})
		}
		r, f := b.update(c, c.mod, r, o, "$.data[0]", r.modified)
		if f != nil {
			return nil, f
		}
		return success(b.resultOf(c, r, o), "record updated"), nil
	})
}

func ids2rows(ids []any) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = object{"index": i, "id": id}
	}
	return out
}

// massUpdateJob changes the records of a view or of a territory as a job.
func (b *Box) massUpdateJob(c *call, o object) answer {
	j := &job{Kind: massSource, User: c.user.ID, Module: c.mod.name, Request: object{"data": o, "trigger": c.body["trigger"]}}
	for _, key := range []string{"cvid", "territory"} {
		v := c.body[key]
		if v == nil {
			continue
		}
		if c.body["ids"] != nil {
			return ambiguous(key, "ids").answer()
		}
		if j.Request["cvid"] != nil {
			return ambiguous(key, "cvid").answer()
		}
		j.Request[key] = v
	}
	if _, f := b.massMatch(c, j); f != nil {
		return answer{status: 400, body: object{"data": []any{f.item()}}}
	}
	b.addJob(j)
	return ok(object{"data": []any{object{"code": "SCHEDULED", "details": object{"job_id": j.ID}, "message": "mass update scheduled successfully", "status": "success"}}})
}

// massMatch tells the records that a job changes: those that its view shows now,
// or that are in its territory.
func (b *Box) massMatch(c *call, j *job) (func(*record) bool, *failure) {
	if v, given := j.Request["territory"]; given {
		o, at := asObject(v), "$.territory"
		switch {
		case territoryFields[c.mod.name] == "":
			return nil, invalidAt("territory", at, nil)
		case !b.org.Territories:
			return nil, territoriesOff(object{"api_name": "territory", "json_path": at})
		case o["id"] == nil:
			return nil, missing("id", at)
		}
		match := b.inTerritory(c.mod, text(o["id"]), o["include_child"] == true)
		if match == nil {
			return nil, invalidAt("id", at+".id", nil)
		}
		return match, nil
	}
	v := b.viewByID(c.mod, text(j.Request["cvid"]))
	if v == nil {
		return nil, invalidAt("cvid", "$.cvid", nil)
	}
	return b.viewMatch(c, c.mod, v), nil
}

// runMassUpdate works a job off.
func (b *Box) runMassUpdate(c *call, j *job) {
	match, f := b.massMatch(c, j)
	o, _ := j.Request["data"].(object)
	if f != nil { // the view went away
		j.Failed = true
		return
	}
	c.batch = batch{source: massSource}
	if t := j.Request["trigger"]; t != nil {
		c.batch.readTrigger(object{"trigger": t})
	} else {
		c.batch.readTrigger(object{})
	}
	var ids []int64
	c.mod.table.byID.ascend(entry{}, func(e entry) bool {
		if match(c.mod.table.get(e.id)) {
			ids = append(ids, e.id)
		}
		return len(ids) < massByView
	})
	part := &jobPart{Module: c.mod.name, Total: len(ids)}
	for _, id := range ids {
		r := c.mod.table.get(id)
		if _, f := b.update(c, c.mod, r, o, "$.data[0]", r.modified); f != nil {
			part.Left++
			continue
		}
		part.Updated++
	}
	j.Parts = []*jobPart{part}
}

// getMassUpdate answers GET /{module}/actions/mass_update?job_id=.
func (b *Box) getMassUpdate(c *call) answer {
	id := c.param("job_id")
	if id == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "job_id"})
	}
	j := b.jobs.byID[id]
	if j == nil || j.Kind != massSource || j.Module != c.mod.name {
		return badParam("job_id").answer()
	}
	state := map[string]string{jobAdded: "SCHEDULED", jobRunning: "RUNNING", jobDone: "COMPLETED", jobFailed: "FAILED"}[j.state(b.opt.Now())]
	o := object{"Status": state, "Failed_Count": 0, "Updated_Count": 0, "Not_Updated_Count": 0, "Total_Count": 0}
	for _, p := range j.Parts {
		o["Updated_Count"], o["Not_Updated_Count"], o["Total_Count"] = p.Updated, p.Left, p.Total
	}
	return ok(object{"data": []any{o}})
}
