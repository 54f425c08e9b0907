package zohobox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Limits of a bulk write (section 12).
const (
	bulkRows    = 25_000
	bulkColumns = 200
)

// jobPart is one resource of a bulk write: a CSV and where its columns go.
type jobPart struct {
	Module      string       `json:"module"`
	FileID      string       `json:"file_id"`
	FileNames   []string     `json:"file_names"`
	FindBy      string       `json:"find_by"`
	IgnoreEmpty bool         `json:"ignore_empty"`
	Columns     []bulkColumn `json:"columns"`

	Sheet   string `json:"sheet"`
	Skipped bool   `json:"skip"` // the file could not be used at all
	Code    string `json:"code"`
	Added   int    `json:"added"`
	Updated int    `json:"updated"`
	Left    int    `json:"left"` // rows that were skipped
	Total   int    `json:"total"`
}

// bulkColumn maps a column of the CSV to a field.
type bulkColumn struct {
	Field   string `json:"field"`
	Index   int    `json:"index"`
	FindBy  string `json:"find_by"`
	Format  string `json:"format"`
	Default string `json:"default"`
	Parent  int    `json:"parent"` // column of the parents' CSV that holds the same key
}

// postBulkWrite answers POST /crm/bulk/v8/write. Its answers are flat.
func (b *Box) postBulkWrite(c *call) answer {
	op := text(c.body["operation"])
	if !slices.Contains([]string{"insert", "update", "upsert"}, op) {
		return invalidAt("operation", "$.operation", object{"supported_values": []any{"insert", "update", "upsert"}}).answer()
	}
	callback, f := readCallback(c.body)
	if f != nil {
		return f.answer()
	}
	rows := list(c.body["resource"])
	if len(rows) == 0 {
		return missing("resource", "$").answer()
	}
	j := &job{Kind: "write", User: c.user.ID, Callback: callback, Request: object{"operation": op, "character_encoding": c.body["character_encoding"]}}
	if j.Request["callback"] = c.body["callback"]; callback == "" {
		delete(j.Request, "callback")
	}
	for i, row := range rows {
		o, _ := row.(object)
		p, f := b.readPart(c, o, op, fmt.Sprintf("$.resource[%d]", i), c.body["ignore_empty"] == true)
		if f != nil {
			return f.answer()
		}
		j.Parts = append(j.Parts, p)
	}
	if f := b.checkFamily(j.Parts); f != nil {
		return f.answer()
	}
	j.Module = j.Parts[0].Module
	b.watch.base = c.base
	b.addJob(j)
	return answer{status: http.StatusCreated, body: object{"status": "success", "code": "SUCCESS", "message": "success", "details": object{"id": j.ID, "created_by": c.user.ref()}}}
}

// checkFamily: further resources are the rows of the first one's documents.
func (b *Box) checkFamily(parts []*jobPart) *failure {
	for i, p := range parts {
		m := b.module[p.Module]
		switch {
		case i == 0 && m.isLine() && !slices.ContainsFunc(p.Columns, func(col bulkColumn) bool { return col.Field == "Parent_Id" }),
			i > 0 && m.parent != parts[0].Module:
			return &failure{status: 400, code: "COEXISTENCE_NOT_ALLOWED", message: "these modules cannot be written together", details: object{"json_path": fmt.Sprintf("$.resource[%d].module", i)}}
		}
	}
	return nil
}

func (b *Box) readPart(c *call, o object, op, path string, ignoreEmpty bool) (*jobPart, *failure) {
	mo, _ := o["module"].(object)
	m := b.module[text(mo["api_name"])]
	switch {
	case mo == nil:
		return nil, missing("module", path)
	case m == nil:
		return nil, invalidAt("module", path+".module", nil)
	case !c.token.allows("ZohoCRM.modules." + m.scope + ".CREATE"):
		return nil, &failure{status: 401, code: "OAUTH_SCOPE_MISMATCH", message: "invalid oauth scope to access this URL"}
	case text(o["type"]) != "data":
		return nil, invalidAt("type", path+".type", object{"supported_values": []any{"data"}})
	}
	if o["ignore_empty"] == true {
		ignoreEmpty = true
	}
	p := &jobPart{Module: m.name, FileID: text(o["file_id"]), FindBy: text(o["find_by"]), IgnoreEmpty: ignoreEmpty}
	for _, n := range list(o["file_names"]) {
		p.FileNames = append(p.FileNames, text(n))
	}
	if u := b.jobs.uploads[p.FileID]; u == nil || u.User != c.user.ID {
		return nil, invalidAt("file_id", path+".file_id", nil)
	}
	if op != "insert" && p.FindBy == "" {
		return nil, &failure{status: 400, code: "MANDATORY_NOT_FOUND", message: "Required key find_by is not available", details: object{"api_name": "find_by", "json_path": path + ".find_by"}}
	}
	if f := findable(m, p.FindBy); p.FindBy != "" && f == nil {
		return nil, invalidAt("find_by", path+".find_by", nil)
	}
	f := b.readMappings(m, p, list(o["field_mappings"]), path)
	return p, f
}

// findable are the fields records can be found by: the id, the module's own
// duplicate field and unique ones.
func findable(m *module, name string) *field {
	f := m.field(name)
	if f == nil || name != "id" && name != m.duplicate && name != m.nameField && !f.isUnique() {
		return nil
	}
	return f
}

// unwritable are kinds of fields that a bulk write cannot fill.
var unwritable = map[string]bool{"formula": true, rollupType: true, "autonumber": true, "profileimage": true, "fileupload": true, "imageupload": true, "subform": true, "linetax": true, multiLookup: true, multiUsers: true}

func (b *Box) readMappings(m *module, p *jobPart, rows []any, path string) *failure {
	if len(rows) > bulkColumns {
		return invalidAt("field_mappings", path+".field_mappings", object{"maximum_length": bulkColumns})
	}
	for i, row := range rows {
		at := fmt.Sprintf("%s.field_mappings[%d]", path, i)
		o, _ := row.(object)
		f := m.field(text(o["api_name"]))
		named := text(o["api_name"]) == "id" || text(o["api_name"]) == "Parent_Id"
		if f == nil || !named && (unwritable[f.Type] || f.ReadOnly) {
			return invalidAt("api_name", at+".api_name", nil)
		}
		col := bulkColumn{Field: f.Name, Index: -1, FindBy: text(o["find_by"]), Format: text(o["format"]), Parent: -1}
		if d, is := o["default_value"].(object); is {
			col.Default = plain(d["value"])
		}
		for key, into := range inOrder(map[string]*int{"index": &col.Index, "parent_column_index": &col.Parent}) {
			if o[key] == nil {
				continue
			}
			n, valid := parseIndex(plain(o[key]))
			if !valid {
				return invalidAt(key, at+"."+key, nil)
			}
			*into = n
		}
		if f.Name == "Parent_Id" && col.FindBy == "" {
			return &failure{status: 400, code: "MANDATORY_NOT_FOUND", message: "Required key find_by is not available", details: object{"api_name": "find_by", "json_path": at + ".find_by"}}
		}
		p.Columns = append(p.Columns, col)
	}
	return nil
}

// getBulkWrite answers GET /crm/bulk/v8/write/{id}.
func (b *Box) getBulkWrite(c *call) answer {
	j := b.jobAt(c, "write")
	if j == nil {
		return noJob(c.path[1])
	}
	return ok(b.renderWrite(c, j))
}

// renderWrite is the status of a write job, and the body of its callback.
func (b *Box) renderWrite(c *call, j *job) object {
	state := strings.NewReplacer(jobRunning, "INPROGRESS", jobFailed, "FAILED").Replace(j.state(b.opt.Now()))
	resources := []any{}
	for _, p := range j.Parts {
		st := state
		if p.Skipped {
			st = "SKIPPED"
		}
		m := b.module[p.Module]
		maps := []any{}
		for _, col := range p.Columns {
			mp := object{"api_name": col.Field, "index": col.Index, "format": orNil(col.Format), "find_by": orNil(col.FindBy)}
			if col.Default != "" {
				mp["default_value"] = object{"value": col.Default}
			}
			if col.Parent >= 0 {
				mp["parent_column_index"] = col.Parent
			}
			maps = append(maps, mp)
		}
		o := object{
			"status": st, "type": "data", "module": object{"api_name": m.name, "id": m.ID}, "ignore_empty": p.IgnoreEmpty, "field_mappings": maps,
			"file": object{"status": st, "name": p.Sheet, "added_count": p.Added, "skipped_count": p.Left, "updated_count": p.Updated, "total_count": p.Total},
		}
		if p.Code != "" {
			o["code"] = p.Code
		}
		resources = append(resources, o)
	}
	o := object{
		"id": j.ID, "status": state, "operation": j.Request["operation"], "character_encoding": j.Request["character_encoding"],
		"resource": resources, "created_by": b.personRef(j.User), "created_time": stamp(j.Created, c.zone()),
	}
	if o["character_encoding"] == nil {
		o["character_encoding"] = "UTF-8"
	}
	if j.Request["callback"] != nil {
		o["callback"] = j.Request["callback"]
	}
	if len(j.Result) > 0 {
		o["result"] = object{"download_url": "/crm/bulk/v8/write/" + j.ID + "/result"}
	}
	return o
}
