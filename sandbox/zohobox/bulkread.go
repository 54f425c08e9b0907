package zohobox

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strings"
)

// bulkPage is how many records a bulk read puts into a file (section 12).
const bulkPage = 200_000

// Kinds of files that a bulk read makes.
const (
	fileCSV = "csv"
	fileICS = "ics"
)

// perFile is how many records a file of a job holds.
func (j *job) perFile() int {
	if j.FileType == fileICS {
		return icsPage
	}
	return bulkPage
}

// fileType is the kind of file of a job; jobs of older databases do not say it.
func (j *job) fileType() string {
	if j.FileType == "" {
		return fileCSV
	}
	return j.FileType
}

func bulkRefusal(code, message string, details object) answer {
	return refuse(http.StatusBadRequest, code, message, details)
}

// postBulkRead answers POST /crm/bulk/v8/read.
func (b *Box) postBulkRead(c *call) answer {
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "MEDIA_TYPE_NOT_SUPPORTED", "Media type is not supported.", nil)
	}
	kind := text(c.body["file_type"])
	if kind == "" {
		kind = fileCSV
	}
	if kind != fileCSV && kind != fileICS {
		return bulkRefusal("INVALID_DATA", "the file type given seems to be invalid", object{"api_name": "file_type", "json_path": "$.file_type"})
	}
	q, isObject := c.body["query"].(object)
	if !isObject {
		return missing("query", "$").answer()
	}
	callback, f := readCallback(c.body)
	if f != nil {
		return f.answer()
	}
	j := &job{Kind: "read", User: c.user.ID, Request: q, Page: 1, Callback: callback, FileType: kind}
	if tok := text(q["page_token"]); tok != "" {
		f = b.continueRead(c, j, tok)
	} else {
		f = b.beginRead(c, j, q)
	}
	if f != nil {
		return f.answer()
	}
	if kind == fileICS && j.Module != "Events" {
		return bulkRefusal("INVALID_DATA", "calendars are made of meetings only", object{"api_name": "file_type", "json_path": "$.file_type"})
	}
	b.watch.base = c.base
	b.addJob(j)
	return answer{status: http.StatusCreated, body: object{"data": []any{object{
		"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.",
		"details": object{"id": j.ID, "operation": "read", "state": jobAdded, "created_by": c.user.ref(), "created_time": stamp(j.Created, c.zone())},
	}}, "info": object{}}}
}

func (b *Box) beginRead(c *call, j *job, q object) *failure {
	mo, _ := q["module"].(object)
	m := b.module[text(mo["api_name"])]
	switch {
	case mo == nil:
		return missing("module", "$.query")
	case m == nil:
		return &failure{status: 400, code: "INVALID_DATA", message: "the module given seems to be invalid", details: object{"api_name": "module", "json_path": "$.query.module"}}
	case !c.token.allows("ZohoCRM.modules." + m.scope + ".READ"):
		return &failure{status: 401, code: "OAUTH_SCOPE_MISMATCH", message: "invalid oauth scope to access this URL"}
	}
	j.Module = m.name
	if v, given := q["page"]; given && v != nil {
		n, valid := parseIndex(plain(v))
		if !valid || n < 1 {
			return invalidAt("page", "$.query.page", nil)
		}
		j.Page = n
	}
	if _, f := b.bulkColumns(c, m, q); f != nil {
		return f
	}
	_, f := b.bulkMatch(c, m, q)
	return f
}

// continueRead takes up the query of the job whose result gave the token.
func (b *Box) continueRead(c *call, j *job, tok string) *failure {
	for _, old := range b.jobs.byID {
		if old.Kind == "read" && old.User == c.user.ID && old.More && b.readToken(old) == tok {
			if b.now().After(old.Ended.Add(bulkKeep)) {
				return &failure{status: 400, code: "EXPIRED_VALUE", message: "Page token expired", details: object{"api_name": "page_token", "json_path": "$.query.page_token"}}
			}
			j.Module, j.Request, j.Page, j.After, j.FileType = old.Module, old.Request, old.Page+1, old.Last, old.FileType
			return nil
		}
	}
	return invalidAt("page_token", "$.query.page_token", nil)
}

func (b *Box) readToken(j *job) string { return b.ids.fixed("bulk read " + j.ID)[:48] }

// bulkColumns reads the fields of a job; none means all.
func (b *Box) bulkColumns(c *call, m *module, q object) ([]access, *failure) {
	names := list(q["fields"])
	if len(names) == 0 {
		for _, col := range allColumns(m) {
			if b.visibleField(col.f, c.user) && col.f.Type != "tag" && !col.f.isRows() && !col.f.holdsFiles() && col.f.Type != "linetax" && col.f.Type != "profileimage" {
				names = append(names, col.name)
			}
		}
	}
	out := []access{{path: "id", steps: []step{{m, m.field("id")}}}}
	for i, v := range names {
		name := text(v)
		if name == "id" {
			continue
		}
		a, f := b.access(m, name, "fields", c.user)
		if f != nil {
			return nil, invalidAt("fields", fmt.Sprintf("$.query.fields[%d]", i), object{"value": name})
		}
		out = append(out, a)
	}
	return out, nil
}

// comparators of bulk criteria and what COQL calls them.
var bulkComparators = map[string]string{
	"equal": "=", "not_equal": "!=", "in": "in", "not_in": "not in", "less_than": "<", "less_equal": "<=", "greater_than": ">", "greater_equal": ">=",
	"contains": "like", "not_contains": "not like", "starts_with": "like", "ends_with": "like", "between": "between", "not_between": "not between",
}

// bulkMatch turns the criteria and the view of a job into a predicate.
func (b *Box) bulkMatch(c *call, m *module, q object) (func(*record) bool, *failure) {
	match := func(*record) bool { return true }
	if o, given := q["criteria"].(object); given {
		cond, f := bulkCondition(o)
		if f != nil {
			return nil, f
		}
		run := &coqlRun{b: b, c: c, m: m, home: true}
		match, f = run.compile(cond)
		if f != nil {
			return nil, &failure{status: 400, code: "FIELD_IN_CRITERIA_NOT_SUPPORTED", message: f.message, details: f.details}
		}
	}
	if cv := text(q["cvid"]); cv != "" {
		v := b.viewByID(m, cv)
		if v == nil {
			return nil, invalidAt("cvid", "$.query.cvid", nil)
		}
		inner, of := match, b.viewMatch(c, m, v)
		match = func(r *record) bool { return of(r) && inner(r) }
	}
	return match, nil
}

func bulkCondition(o object) (*condition, *failure) {
	if rows := list(o["group"]); rows != nil {
		op := strings.ToLower(text(o["group_operator"]))
		if op != "and" && op != "or" || len(rows) == 0 {
			return nil, invalidAt("group_operator", "$.query.criteria.group_operator", nil)
		}
		var out *condition
		for _, row := range rows {
			e, _ := row.(object)
			part, f := bulkCondition(e)
			if f != nil {
				return nil, f
			}
			if out == nil {
				out = part
				continue
			}
			out = &condition{op: op, left: out, right: part}
		}
		return out, nil
	}
	fo, _ := o["field"].(object)
	name := text(fo["api_name"])
	if name == "" {
		name = text(o["api_name"])
	}
	word := text(o["comparator"])
	op := bulkComparators[word]
	if name == "" || op == "" {
		return nil, &failure{status: 400, code: "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", message: "the comparator is not supported", details: object{"api_name": name, "comparator": word}}
	}
	var values []string
	if rows, isList := o["value"].([]any); isList {
		for _, v := range rows {
			values = append(values, criteriaValue(v))
		}
	} else {
		values = []string{criteriaValue(o["value"])}
	}
	return conditionOf(name, word, op, values)
}

func criteriaValue(v any) string {
	if o, is := v.(object); is {
		return text(o["id"])
	}
	return plain(v)
}

func conditionOf(name, word, op string, values []string) (*condition, *failure) {
	if len(values) == 1 && values[0] == "${EMPTY}" {
		if op == "=" || op == "in" {
			return &condition{op: "is null", path: name}, nil
		}
		return &condition{op: "is not null", path: name}, nil
	}
	switch word {
	case "contains", "not_contains":
		values = []string{"%" + values[0] + "%"}
	case "starts_with":
		values = []string{values[0] + "%"}
	case "ends_with":
		values = []string{"%" + values[0]}
	case "between", "not_between":
		if len(values) != 2 {
			return nil, &failure{status: 400, code: "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message: "between needs two values", details: object{"api_name": name, "comparator": word}}
		}
	}
	return &condition{op: op, path: name, values: values}, nil
}

// runBulkRead writes the file of a read job: one zip with one file, in no
// promised order, which here is that of the ids.
func (b *Box) runBulkRead(c *call, j *job) {
	cols, f := b.bulkColumns(c, c.mod, j.Request)
	match, g := b.bulkMatch(c, c.mod, j.Request)
	if f != nil || g != nil { // a field went away meanwhile
		j.Failed = true
		return
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	w, err := z.Create(j.ID + "." + j.fileType())
	if err != nil {
		j.Failed = true
		return
	}
	if j.FileType == fileICS {
		cal := &icsDocument{w: w}
		cal.begin()
		b.eachOfJob(c.mod, j, match, cal.event)
		cal.end()
		err = cal.err
	} else {
		err = b.writeSheet(c, j, w, cols, match)
	}
	if err != nil || z.Close() != nil {
		j.Failed = true
		return
	}
	j.Result = buf.Bytes()
}

func (b *Box) writeSheet(c *call, j *job, w io.Writer, cols []access, match func(*record) bool) error {
	out := csv.NewWriter(w)
	row := make([]string, len(cols))
	for i, a := range cols {
		row[i] = a.path
	}
	_ = out.Write(row)
	b.eachOfJob(c.mod, j, match, func(r *record) {
		for i, a := range cols {
			row[i] = b.csvValue(a, r, c)
		}
		_ = out.Write(row)
	})
	out.Flush()
	return out.Error()
}

// eachOfJob yields the records of a job's file and notes where it ended.
func (b *Box) eachOfJob(m *module, j *job, match func(*record) bool, yield func(*record)) {
	skip := 0
	if j.After == 0 {
		skip = (j.Page - 1) * j.perFile()
	}
	m.table.byID.ascend(entry{j.After, math.MaxInt64}, func(e entry) bool {
		r := m.table.get(e.id)
		if e.id <= j.After || !match(r) {
			return true
		}
		if skip > 0 {
			skip--
			return true
		}
		if j.Count == j.perFile() {
			j.More = true
			return false
		}
		yield(r)
		j.Count++
		j.Last = e.id
		return true
	})
}

// csvValue prints a column: look-ups as ids, moments as ISO 8601, several values
// with semicolons between them.
func (b *Box) csvValue(a access, r *record, c *call) string {
	v := b.stored(a, r)
	if a.last().f.Type == "datetime" {
		if t, is := moment(v); is {
			return t.In(c.zone()).Format(timeLayout)
		}
	}
	if l, is := v.([]any); is {
		var parts []string
		for _, e := range l {
			if o, isObject := e.(object); isObject {
				e = o["value"]
			}
			parts = append(parts, plain(e))
		}
		return strings.Join(parts, ";")
	}
	return plain(v)
}

// getBulkRead answers GET /crm/bulk/v8/read/{id}.
func (b *Box) getBulkRead(c *call) answer {
	j := b.jobAt(c, "read")
	if j == nil {
		return noJob(c.path[1])
	}
	return ok(b.renderRead(c, j))
}

// renderRead is the status of a read job, and the body of its callback.
func (b *Box) renderRead(c *call, j *job) object {
	m := b.module[j.Module]
	q := object{"module": object{"api_name": m.name, "id": m.ID}, "page": j.Page}
	for _, k := range []string{"fields", "criteria", "cvid"} {
		if v := j.Request[k]; v != nil {
			q[k] = v
		}
	}
	o := object{
		"id": j.ID, "operation": "read", "state": j.state(b.opt.Now()), "query": q, "file_type": j.fileType(),
		"created_by": b.personRef(j.User), "created_time": stamp(j.Created, c.zone()),
	}
	if !j.Ended.IsZero() && !j.Failed {
		res := object{"page": j.Page, "per_page": j.perFile(), "count": j.Count, "download_url": "/crm/bulk/v8/read/" + j.ID + "/result", "more_records": j.More}
		if j.More {
			res["next_page_token"] = b.readToken(j)
		}
		o["result"] = res
	}
	return object{"data": []any{o}}
}
