package zohobox

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// bulkRow is a row of an uploaded CSV on its way to a record.
type bulkRow struct {
	cells  []string
	obj    object
	status string
	id     string
	err    string
}

// partRun is a resource of a bulk write while it runs.
type partRun struct {
	p    *jobPart
	m    *module
	head []string
	rows []*bulkRow

	byParent map[string][]*bulkRow // rows of documents by the key of their document
	keyAt    int                   // column of the documents' CSV that holds it
}

// runBulkWrite works off a write job: documents with their rows, or records.
func (b *Box) runBulkWrite(c *call, j *job) {
	if !b.opt.Dials.BulkEcho.is(true) {
		defer func() { b.watch.open = nil }()
	}
	var runs []*partRun
	for i, p := range j.Parts {
		run := b.openPart(p, i)
		if p.Skipped {
			j.Failed = j.Failed || i == 0
			continue
		}
		runs = append(runs, run)
	}
	if j.Failed || len(runs) == 0 {
		j.Failed = true
		return
	}
	op := text(j.Request["operation"])
	main, children := runs[0], runs[1:]
	for _, child := range children {
		child.groupByParent()
	}
	switch {
	case main.m.isLine():
		b.writeLines(c, main)
	default:
		for _, row := range main.rows {
			b.adoptLines(c, main, row, children)
			b.writeRow(c, main, row, op)
			b.tellLines(row, children)
		}
	}
	for _, run := range runs {
		run.count()
	}
	j.Result = resultZip(j.ID, runs)
}

// openPart unpacks the CSV of a resource; one that breaks a limit is skipped.
func (b *Box) openPart(p *jobPart, i int) *partRun {
	run := &partRun{p: p, m: b.module[p.Module]}
	skip := func(code string) *partRun {
		p.Skipped, p.Code = true, code
		return run
	}
	u := b.jobs.uploads[p.FileID]
	if u == nil {
		return skip("FILE_NOT_FOUND")
	}
	sheets, err := unpack(u.Data)
	if err != nil {
		return skip("INVALID_FILE_FORMAT")
	}
	at := min(i, len(sheets)-1)
	if len(p.FileNames) > 0 {
		at = slices.IndexFunc(sheets, func(s sheet) bool { return slices.Contains(p.FileNames, s.name) })
	}
	if at < 0 {
		return skip("FILE_NOT_FOUND")
	}
	p.Sheet = sheets[at].name
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheets[at].data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	switch {
	case err != nil || len(all) == 0:
		return skip("INVALID_FILE_FORMAT")
	case len(all)-1 > bulkRows:
		return skip("ROW_LIMIT_EXCEEDED")
	case len(all[0]) > bulkColumns:
		return skip("COLUMN_LIMIT_EXCEEDED")
	}
	run.head = all[0]
	b.mapByHeader(run)
	for _, cells := range all[1:] {
		run.rows = append(run.rows, &bulkRow{cells: cells})
	}
	p.Total = len(run.rows)
	return run
}

// mapByHeader: without mappings, the header names the fields.
func (b *Box) mapByHeader(run *partRun) {
	if len(run.p.Columns) > 0 {
		return
	}
	for i, name := range run.head {
		if f := run.m.field(name); f != nil && (!f.ReadOnly && !unwritable[f.Type] || name == "id") {
			run.p.Columns = append(run.p.Columns, bulkColumn{Field: name, Index: i, Parent: -1})
		}
	}
}

func (r *bulkRow) cell(col bulkColumn) string {
	if col.Index >= 0 && col.Index < len(r.cells) {
		if s := strings.TrimSpace(r.cells[col.Index]); s != "" {
			return s
		}
	}
	return col.Default
}

// object makes the record a row stands for.
func (b *Box) bulkObject(c *call, run *partRun, row *bulkRow) (object, error) {
	o := object{}
	for _, col := range run.p.Columns {
		s := row.cell(col)
		if col.Field == "Parent_Id" || s == "" && run.p.IgnoreEmpty {
			continue
		}
		v, err := b.bulkValue(c, run.m.field(col.Field), col, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", col.Field, err)
		}
		o[col.Field] = v
	}
	return o, nil
}

// bulkValue reads a cell the way the field's type wants it.
func (b *Box) bulkValue(c *call, f *field, col bulkColumn, s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	switch f.Type {
	case "integer", "currency", "double", "percent":
		return json.Number(s), nil
	case "boolean":
		return strings.EqualFold(s, "true") || s == "1" || strings.EqualFold(s, "yes"), nil
	case "date":
		t, err := time.Parse(goLayout(col.Format, "01/02/2006"), s)
		if err != nil {
			return nil, fmt.Errorf("the date %q does not have the format", s)
		}
		return t.Format("2006-01-02"), nil
	case "datetime":
		if col.Format == "" {
			return s, nil
		}
		t, err := time.ParseInLocation(goLayout(col.Format, ""), s, c.zone())
		if err != nil {
			return nil, fmt.Errorf("the time %q does not have the format", s)
		}
		return t.Format(time.RFC3339), nil
	case "multiselectpicklist":
		out := []any{}
		for _, v := range strings.Split(s, ";") {
			out = append(out, strings.TrimSpace(v))
		}
		return out, nil
	case "ownerlookup", "userlookup":
		if u := b.findUser(s); u != nil {
			s = u.ID
		}
		return object{"id": s}, nil
	case "lookup":
		id, err := b.bulkLookup(f, col.FindBy, s)
		return object{"id": id}, err
	}
	return s, nil
}

// bulkLookup finds the target of a look-up by the field the mapping names.
func (b *Box) bulkLookup(f *field, by, s string) (string, error) {
	m := b.module[f.Lookup]
	if by == "" || by == "id" || m == nil {
		return s, nil
	}
	if findable(m, by) == nil {
		return "", fmt.Errorf("records of %s cannot be found by %s", m.name, by)
	}
	ids := m.table.holding(by, s)
	if len(ids) == 0 {
		return "", fmt.Errorf("there is no record of %s with this %s", m.name, by)
	}
	return formatID(ids[0]), nil
}

var datePatterns = strings.NewReplacer("yyyy", "2006", "MM", "01", "dd", "02", "HH", "15", "mm", "04", "ss", "05", "'T'", "T", "XXX", "Z07:00", "yy", "06")

// goLayout turns MM/dd/yyyy into the language's own notation.
func goLayout(format, def string) string {
	if format == "" {
		return def
	}
	return datePatterns.Replace(format)
}

// writeRow inserts, updates or skips one row.
func (b *Box) writeRow(c *call, run *partRun, row *bulkRow, op string) {
	o, err := b.bulkObject(c, run, row)
	if err != nil {
		row.skip(err.Error())
		return
	}
	if lines := row.obj; lines != nil {
		for k, v := range lines {
			o[k] = v
		}
	}
	old := b.bulkTarget(run, o)
	delete(o, "id")
	c.mod = run.m
	switch {
	case op == "insert" && old != nil || op == "update" && old == nil:
		reason := "NO_RECORD_FOUND"
		if old != nil {
			reason = "DUPLICATE_DATA:" + run.p.FindBy
		}
		row.skip(reason)
	case old == nil:
		r, f := b.insert(c, run.m, o, "$")
		row.tell(r, f, "ADDED")
	default:
		r, f := b.update(c, run.m, old, o, "$", time.Time{})
		row.tell(r, f, "UPDATED")
	}
}

func (b *Box) bulkTarget(run *partRun, o object) *record {
	switch by := run.p.FindBy; by {
	case "":
		return nil
	case "id":
		id, _ := parseID(text(o["id"]))
		return run.m.table.get(id)
	default:
		if ids := run.m.table.holding(by, o[by]); len(ids) > 0 {
			return run.m.table.get(ids[0])
		}
	}
	return nil
}

func (r *bulkRow) skip(reason string) { r.status, r.err = "SKIPPED", reason }

func (r *bulkRow) tell(rec *record, f *failure, status string) {
	if f != nil {
		r.skip(f.code + ":" + strings.TrimPrefix(text(f.details["json_path"]), "$."))
		return
	}
	r.status, r.id = status, rec.sid()
}

// parentKey is what a row of a document names its document by.
func (run *partRun) parentKey(row *bulkRow) (key string, col bulkColumn) {
	for _, col := range run.p.Columns {
		if col.Field == "Parent_Id" {
			return row.cell(col), col
		}
	}
	return "", bulkColumn{Parent: -1}
}

// groupByParent sorts rows of documents by what they name their document by.
func (run *partRun) groupByParent() {
	run.byParent = map[string][]*bulkRow{}
	for _, row := range run.rows {
		key, col := run.parentKey(row)
		run.keyAt = max(col.Parent, 0)
		if key != "" {
			run.byParent[key] = append(run.byParent[key], row)
		}
	}
}

// linesOf are the rows of the document that a row of the main CSV makes.
func (run *partRun) linesOf(row *bulkRow) []*bulkRow {
	if run.keyAt >= len(row.cells) {
		return nil
	}
	return run.byParent[row.cells[run.keyAt]]
}

// adoptLines gives a document the rows that the children's CSV has for it.
func (b *Box) adoptLines(c *call, main *partRun, row *bulkRow, children []*partRun) {
	for _, child := range children {
		lines := []any{}
		for _, l := range child.linesOf(row) {
			o, err := b.bulkObject(c, child, l)
			if err != nil {
				l.skip(err.Error())
				continue
			}
			lines = append(lines, o)
		}
		if len(lines) > 0 {
			row.obj = object{main.m.lines: lines}
		}
	}
}

// tellLines passes the fate of a document on to its rows.
func (b *Box) tellLines(row *bulkRow, children []*partRun) {
	for _, child := range children {
		for _, l := range child.linesOf(row) {
			switch {
			case l.status != "":
			case row.status == "SKIPPED":
				l.skip("PARENT_SKIPPED:" + row.err)
			default:
				l.status = "ADDED"
			}
		}
	}
}

// writeLines adds rows to documents that exist, one change a document.
func (b *Box) writeLines(c *call, run *partRun) {
	parent := b.module[run.m.parent]
	c.mod = parent
	var order []int64
	byDoc := map[int64][]*bulkRow{}
	for _, row := range run.rows {
		key, col := run.parentKey(row)
		sid, err := b.bulkLookup(run.m.field("Parent_Id"), col.FindBy, key)
		id, _ := parseID(sid)
		if err == nil && parent.table.get(id) == nil {
			err = fmt.Errorf("there is no such document")
		}
		if err == nil {
			row.obj, err = b.bulkObject(c, run, row)
		}
		if err != nil {
			row.skip(err.Error())
			continue
		}
		if byDoc[id] == nil {
			order = append(order, id)
		}
		byDoc[id] = append(byDoc[id], row)
	}
	for _, id := range order {
		lines := []any{}
		for _, row := range byDoc[id] {
			lines = append(lines, row.obj)
		}
		r, f := b.update(c, parent, parent.table.get(id), object{run.m.name: lines}, "$", time.Time{})
		for _, row := range byDoc[id] {
			row.tell(r, f, "ADDED")
		}
	}
}

func (run *partRun) count() {
	for _, row := range run.rows {
		switch row.status {
		case "ADDED":
			run.p.Added++
		case "UPDATED":
			run.p.Updated++
		default:
			if row.status == "" {
				row.skip("NO_PARENT_FOUND")
			}
			run.p.Left++
		}
	}
}

// resultZip is the uploaded table with what became of each row.
func resultZip(id string, runs []*partRun) []byte {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i, run := range runs {
		name := id + ".csv"
		if i > 0 {
			name = id + "_" + run.p.Sheet
		}
		w, err := z.Create(name)
		if err != nil {
			return nil
		}
		out := csv.NewWriter(w)
		_ = out.Write(append(slices.Clone(run.head), "STATUS", "RECORD_ID", "ERRORS"))
		for _, row := range run.rows {
			cells := slices.Clone(row.cells)
			for len(cells) < len(run.head) {
				cells = append(cells, "")
			}
			_ = out.Write(append(cells, row.status, row.id, row.err))
		}
		out.Flush()
	}
	if z.Close() != nil {
		return nil
	}
	return buf.Bytes()
}
