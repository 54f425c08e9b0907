package zohobox

import (
	"fmt"
	"net/http"
	"time"
)

const writeMax = 100 // records a call (section 4.3)

// readBatch checks the envelope of a write. Over a hundred records, the whole
// call is refused.
func (b *Box) readBatch(c *call) ([]any, *answer) {
	v, given := c.body["data"]
	rows, isList := v.([]any)
	refusal := func(f *failure) ([]any, *answer) {
		return nil, &answer{status: http.StatusBadRequest, body: object{"data": []any{f.item()}}}
	}
	switch {
	case !given:
		return refusal(&failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": "data", "json_path": "$.data"}})
	case !isList || len(rows) == 0:
		return refusal(invalidAt("data", "$.data", object{"expected_data_type": "jsonarray"}))
	case len(rows) > writeMax:
		return refusal(&failure{code: "LIMIT_EXCEEDED", message: "the number of records has exceeded the limit", details: object{"maximum_length": writeMax, "api_name": "data"}})
	}
	if c.mod.isLine() {
		a := refuse(400, "NOT_SUPPORTED", "rows are written with their document", object{"resource_path_index": 0})
		return nil, &a
	}
	var f *failure
	if c.batch.exec, f = c.readExecution(); f != nil {
		return refusal(f)
	}
	c.batch.readTrigger(c.body)
	c.batch.requestID = c.r.Header.Get("X-Request-Id")
	return rows, nil
}

// readTrigger: omitted, all automation runs; an empty list stops all of it.
func (t *batch) readTrigger(body object) {
	v, sent := body["trigger"]
	if !sent {
		t.trigger = nil
		t.automation, t.workflow = true, true
		return
	}
	t.trigger = list(v)
	if t.trigger == nil {
		t.trigger = []any{}
	}
	for _, name := range t.trigger {
		switch name {
		case "workflow":
			t.workflow = true
			t.automation = true
		case "approval", "blueprint", "pathfinder", "orchestration":
			t.automation = true
		}
	}
}

// writeRows runs a change over the records of a call: one result each, in their
// order, and one notification a module and operation for all.
func (b *Box) writeRows(rows []any, good int, do func(path string, o object) (object, *failure)) answer {
	out := make([]any, 0, len(rows))
	status := 0
	for i, row := range rows {
		path := fmt.Sprintf("$.data[%d]", i)
		o, isObject := row.(object)
		if !isObject {
			out = append(out, (&failure{code: "INVALID_DATA", message: "invalid data", details: object{"expected_data_type": "jsonobject", "json_path": path}}).item())
			continue
		}
		item, f := do(path, o)
		if f != nil {
			item = f.item()
			if f.status != 0 {
				status = f.status
			}
		}
		out = append(out, item)
	}
	b.watch.close(b)
	if st := writeStatus(out, good, b.opt.Dials.MixedStatus); st != http.StatusBadRequest || status == 0 {
		status = st
	}
	return answer{status: status, body: object{"data": out}}
}

// insertRecords answers POST /{module}.
func (b *Box) insertRecords(c *call) answer {
	rows, refused := b.readBatch(c)
	if refused != nil {
		return *refused
	}
	return b.writeRows(rows, http.StatusCreated, func(path string, o object) (object, *failure) {
		r, f := b.insert(c, c.mod, o, path)
		if f != nil {
			return nil, f
		}
		return success(b.resultOf(c, r, o), "record added"), nil
	})
}

// resultOf is the details of a success; external fields that were sent are
// echoed (section 6).
func (b *Box) resultOf(c *call, r *record, o object) object {
	d := b.stampOf(r, c)
	for _, f := range c.mod.fields {
		if _, sent := o[f.Name]; sent && f.External != "" {
			d[f.Name] = r.vals[f.Name]
		}
	}
	return d
}

func (b *Box) insert(c *call, m *module, o object, path string) (*record, *failure) {
	d := b.check(c, m, nil, o, path)
	if f := d.fault(); f != nil {
		return nil, f
	}
	b.commit(d, "create")
	return d.rec, nil
}

// updateRecords answers PUT /{module} and PUT /{module}/{id}.
func (b *Box) updateRecords(c *call) answer {
	rows, refused := b.readBatch(c)
	if refused != nil {
		return *refused
	}
	since, f := unmodifiedSince(c)
	if f != nil {
		return f.answer()
	}
	single := len(c.path) > 1
	if single && len(rows) > 1 {
		rows = rows[:1]
	}
	return b.writeRows(rows, http.StatusOK, func(path string, o object) (object, *failure) {
		r, f := b.target(c, o, path, single)
		if f != nil {
			return nil, f
		}
		if r, f = b.update(c, c.mod, r, o, path, since); f != nil {
			return nil, f
		}
		return success(b.resultOf(c, r, o), "record updated"), nil
	})
}

// unmodifiedSince reads the header for optimistic locking (section 4.3).
func unmodifiedSince(c *call) (time.Time, *failure) {
	s := c.r.Header.Get("If-Unmodified-Since")
	if s == "" {
		return time.Time{}, nil
	}
	t, valid := parseMoment(s)
	if !valid {
		return time.Time{}, badParam("If-Unmodified-Since")
	}
	return t, nil
}

// target finds the record an update means: by the path, by its id, or by an
// external value.
func (b *Box) target(c *call, o object, path string, single bool) (*record, *failure) {
	unknown := &failure{code: "INVALID_DATA", message: "the id given seems to be invalid", details: object{"api_name": "id", "json_path": path + ".id"}}
	ext := b.externalHeader(c)
	if single {
		if r := b.byIDOrExternal(c, c.path[1]); r != nil {
			if _, sent := o[extName(ext)]; ext != nil && sent && text(o[ext.Name]) != c.path[1] {
				return nil, &failure{code: "NOT_ALLOWED", message: "the external field cannot be changed while the record is addressed by it", details: object{"api_name": ext.Name, "json_path": path + "." + ext.Name}}
			}
			return r, nil
		}
		return nil, unknown
	}
	if ext != nil && o["id"] == nil {
		if r := b.byExternal(c.mod, ext, text(o[ext.Name]), c.user); r != nil {
			return r, nil
		}
		return nil, invalidAt(ext.Name, path+"."+ext.Name, nil)
	}
	if o["id"] == nil {
		return nil, missing("id", path)
	}
	id, valid := parseID(text(o["id"]))
	if !valid {
		return nil, invalidAt("id", path+".id", object{"expected_data_type": "bigint"})
	}
	if r := c.mod.table.get(id); r != nil {
		return r, nil
	}
	return nil, unknown
}

func extName(f *field) string {
	if f == nil {
		return ""
	}
	return f.Name
}

func (b *Box) update(c *call, m *module, r *record, o object, path string, since time.Time) (*record, *failure) {
	if modifiedAfter(r, since) {
		return nil, b.alreadyModified(c, r)
	}
	if f := b.mayUpdate(c, m, r, o, path); f != nil {
		return nil, f
	}
	d := b.check(c, m, r, o, path)
	if f := d.fault(); f != nil {
		return nil, f
	}
	b.commit(d, "update")
	return d.rec, nil
}

// mayUpdate refuses a change of a record that waits, is locked, or was converted.
func (b *Box) mayUpdate(c *call, m *module, r *record, o object, path string) *failure {
	switch {
	case m.name == leadModule && r.vals[convertedKey] == true:
		return convertedRecord(r, path)
	case r.approval != "":
		return &failure{code: "NOT_APPROVED", message: "cannot update record that is not approved yet", details: object{"resource_path_index": 1}}
	case r.review:
		return notReviewed(object{})
	}
	return b.lockedAgainst(c, m, r, o, path)
}

func (b *Box) alreadyModified(c *call, r *record) *failure {
	d := b.stampOf(r, c)
	delete(d, "$approval_state")
	return &failure{status: http.StatusPreconditionFailed, code: "ALREADY_MODIFIED", message: "record updated time has already passed if-unmodified-since time", details: d}
}

// commit stores a checked version and lets everything follow that the vendor
// lets follow: rows, numbers, stock, locks by rule, automation, notifications.
func (b *Box) commit(d *draft, op string) {
	r, m := d.rec, d.m
	if d.old == nil {
		r.id = b.ids.record()
		b.assignNumber(m, r)
	}
	if m.lines != "" {
		b.commitRows(d)
	}
	b.autoLock(m, r)
	b.put(m, r)
	b.commitTies(d)
	b.commitSubforms(d)
	b.moveStock(d.c, m, d.old, r)
	b.logWrite(d.c, op, m.name, r.sid(), d.obj)
	b.history(d.c, m, d.old, r, op, d.changed)
	b.note(d.c, m, r, op, d.changed)
	b.runWorkflows(d.c, m, r, op, d.changed)
}

// put stores a record and marks it for the database.
func (b *Box) put(m *module, r *record) {
	old := m.table.get(r.id)
	m.table.put(r)
	if !m.isLine() {
		m.table.search.note(b.opt.Now(), r.id, r, b.opt.Dials.SearchLag)
	}
	b.saveRecord(m, r)
	b.rollUp(m, old, r)
}

func (b *Box) commitRows(d *draft) {
	lm := b.module[d.m.lines]
	d.rec.lines = d.rec.lines[:0:0]
	for _, row := range d.rows {
		if row.id == 0 {
			row.id = b.ids.record()
		}
		row.parent = d.rec.id
		if b.org.Multi {
			row.vals["Currency"], row.vals["Exchange_Rate"] = d.rec.vals["Currency"], d.rec.vals["Exchange_Rate"]
		}
		d.rec.lines = append(d.rec.lines, row.id)
		b.put(lm, row)
	}
	for _, id := range d.dropped {
		lm.table.remove(id)
		b.dropRecord(lm, id)
	}
	d.rec.stockRows = b.stockRowsOf(d.m, d.rec)
}

// assignNumber fills the automatic number of a document.
func (b *Box) assignNumber(m *module, r *record) {
	b.countOn(m, r)
	if m.number == "" || r.vals[m.number] != nil {
		return
	}
	m.numbers++
	n := formatID(b.ids.base + 500_000_000 + m.numbers)
	if f := m.field(m.number); f.Type == "bigint" && len(n) > f.Length {
		n = n[:f.Length-9] + n[len(n)-9:]
	}
	r.vals[m.number] = n
	b.save("number", m.name, m.numbers)
}
