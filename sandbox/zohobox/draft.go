package zohobox

import (
	"bytes"
	"strings"
	"time"
)

// draft is a write that is being checked: the version to be, the errors found,
// and what must happen when it is stored.
type draft struct {
	c        *call
	m        *module
	old      *record // nil: create
	rec      *record
	obj      object // as sent
	path     string // $.data[i]
	layout   *layout
	errs     []*failure
	rows     []*record // new state of the lines
	dropped  []int64   // lines that vanish
	ties     []tieChange
	subforms []rowChange
	changed  []string // fields whose value differs
}

// batch is what stands beside the records of a write (section 4.3).
type batch struct {
	trigger    []any
	automation bool   // something of what trigger names runs
	workflow   bool   // workflow rules run
	source     string // of the timeline; "" follows from person
	exec       execution
	person     string // name of who acts in the screens; "" is the API
	requestID  string
}

func (d *draft) fail(f *failure) {
	if f != nil {
		d.errs = append(d.errs, f)
	}
}

// fault sums up the errors of a record (section 4.6).
func (d *draft) fault() *failure {
	switch len(d.errs) {
	case 0:
		return nil
	case 1:
		return d.errs[0]
	}
	all := make([]any, 0, len(d.errs))
	for _, e := range d.errs {
		o := e.item()
		delete(o, "status")
		all = append(all, o)
	}
	return &failure{code: "MULTIPLE_OR_MULTI_ERRORS", message: "Multiple errors found in the record", details: object{"errors": all}}
}

// check builds and checks the next version of a record, without storing it.
func (b *Box) check(c *call, m *module, old *record, obj object, path string) *draft {
	d := &draft{c: c, m: m, old: old, obj: obj, path: path}
	now := b.now()
	if old == nil {
		d.rec = &record{vals: map[string]any{}, created: now, createdBy: c.user.ID, owner: c.user.ID}
	} else {
		d.rec = old.clone()
	}
	d.rec.modified, d.rec.modifiedBy = now, c.user.ID
	b.chooseLayout(d)
	b.readValues(d)
	if old == nil {
		b.fillDefaults(d)
	}
	b.demand(d)
	if m.lines != "" {
		b.readRows(d)
	}
	if m.name == priceBooks {
		b.readPricing(d)
	}
	b.readTies(d)
	b.readSubforms(d)
	b.checkCurrency(d)
	b.checkStage(d)
	if len(d.errs) == 0 {
		b.followRules(d)
	}
	if len(d.errs) == 0 {
		b.checkUnique(d)
		b.checkTie(d)
		b.checkLead(d)
	}
	if len(d.errs) == 0 {
		b.compute(d)
		b.startReview(d)
	}
	return d
}

// chooseLayout takes the layout a write carries. Only then are fields outside it
// ignored and its mandatory fields demanded; screens always work on one.
func (b *Box) chooseLayout(d *draft) {
	if v, given := d.obj["Layout"]; given && v != nil {
		o, _ := v.(object)
		id := text(o["id"])
		if s, isString := v.(string); isString {
			id = s
		}
		d.layout = d.m.layoutByID(id)
		if d.layout == nil || !d.layout.Active {
			d.layout = nil
			d.fail(invalidAt("Layout", d.path+".Layout", nil))
			return
		}
		d.rec.layout = d.layout.ID
	}
	if d.rec.layout == "" {
		if l := d.m.standard(); l != nil {
			d.rec.layout = l.ID
		}
	}
	if d.c.batch.person != "" && d.c.batch.person != automation && d.layout == nil {
		d.layout = d.m.layoutByID(d.rec.layout)
	}
}

// alwaysOpen are taken whatever the layout says.
var alwaysOpen = map[string]bool{"Owner": true, "Currency": true, "Exchange_Rate": true}

func (b *Box) readValues(d *draft) {
	rd := reader{b: b, c: d.c, m: d.m, obj: d.obj}
	for _, f := range d.m.fields {
		v, given := d.obj[f.Name]
		if !given || f.ReadOnly || f.isRows() || f.Type == "layout" || !b.visibleField(f, nil) {
			continue
		}
		if d.layout != nil && !alwaysOpen[f.Name] && !d.layout.has(f.Name) {
			if d.c.batch.person != "" && d.c.batch.person != automation {
				d.fail(&failure{code: "NOT_ALLOWED", message: "the field is not on the record's layout " + d.layout.Name, details: object{"api_name": f.Name, "json_path": d.path + "." + f.Name}})
			}
			continue
		}
		if right := f.Profiles[d.c.user.Profile]; right != "" && right != "read_write" {
			if d.c.batch.person != "" {
				d.fail(&failure{code: "NOT_ALLOWED", message: "the field is read-only", details: object{"api_name": f.Name, "json_path": d.path + "." + f.Name}})
			}
			continue
		}
		d.set(rd, f, v)
	}
	if v, given := d.obj["$line_tax"]; given && d.m.lines != "" {
		taxes, fail := b.readTaxes(v, d.path+".$line_tax")
		d.fail(fail)
		if fail == nil {
			d.rec.vals["$line_tax"] = taxes
		}
	}
}

func (d *draft) set(rd reader, f *field, v any) {
	if f.Type == multiUsers {
		d.setMulti(rd, f, v)
		return
	}
	if f.holdsFiles() {
		rd.b.setFiles(d, f, v)
		return
	}
	stored, fail := rd.read(f, v, d.path+"."+f.Name)
	if fail != nil {
		d.fail(fail)
		return
	}
	if stored == nil && rd.b.mandatory(d.m, f) {
		d.fail(missing(f.Name, d.path))
		return
	}
	if f.Type == "multiselectpicklist" && d.appends(f) {
		stored = appended(d.rec.vals[f.Name], stored)
	}
	if f.Name == "Owner" {
		if s := text(stored); s != "" {
			d.note(f.Name, d.rec.owner != s)
			d.rec.owner = s
		}
		return
	}
	d.note(f.Name, indexKey(d.rec.vals[f.Name]) != indexKey(stored) || d.rec.vals[f.Name] == nil != (stored == nil))
	if text(stored) != text(d.rec.vals[f.Name]) || differ(stored, d.rec.vals[f.Name]) {
		d.note(f.Name, true)
	}
	d.rec.vals[f.Name] = stored
	if stored == nil {
		delete(d.rec.vals, f.Name)
	}
	if f.External == "user" {
		d.rec.vals[externalOwner(f)] = d.c.user.ID
	}
}

// differ compares lists and objects.
func differ(a, z any) bool {
	if list(a) == nil && asObject(a) == nil {
		return false
	}
	return !bytes.Equal(appendJSON(nil, a), appendJSON(nil, z))
}

func (d *draft) appends(f *field) bool {
	o, _ := d.obj["$append_values"].(object)
	return o[f.Name] == true
}

func appended(old, add any) any {
	out := append([]any(nil), list(old)...)
	for _, v := range list(add) {
		found := false
		for _, have := range out {
			found = found || have == v
		}
		if !found {
			out = append(out, v)
		}
	}
	return out
}

func (d *draft) note(name string, differs bool) {
	if !differs {
		return
	}
	for _, n := range d.changed {
		if n == name {
			return
		}
	}
	d.changed = append(d.changed, name)
}

func missing(name, path string) *failure {
	return &failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": name, "json_path": path + "." + name}}
}

// fillDefaults gives a new record the values of section 7.5 and 8.
func (b *Box) fillDefaults(d *draft) {
	for _, f := range d.m.fields {
		if _, given := d.obj[f.Name]; !given && f.Default != nil {
			d.rec.vals[f.Name] = f.Default
		}
	}
	if p := b.defaultPipeline(d.rec.layout); p != nil && d.m.name == "Deals" && d.rec.vals["Pipeline"] == nil && !b.pipelinesOn() {
		d.rec.vals["Pipeline"] = p.Name
	}
}

// demand looks for mandatory fields: the system's on every create, the layout's
// whenever the layout is sent (section 4.3).
func (b *Box) demand(d *draft) {
	failed := map[string]bool{}
	for _, e := range d.errs {
		failed[text(e.details["api_name"])] = true
		failed[fieldOf(text(e.details["json_path"]), d.path)] = true
	}
	for _, f := range d.m.fields {
		if f.isRows() || failed[f.Name] || d.rec.value(f.Name) != nil {
			continue
		}
		byLayout := d.layout != nil && d.layout.Required[f.Name]
		if d.old == nil && b.mandatory(d.m, f) || byLayout {
			d.fail(missing(f.Name, d.path))
		}
	}
}

// fieldOf cuts the field's name out of a JSON path below a record.
func fieldOf(path, record string) string {
	rest, inside := strings.CutPrefix(path, record+".")
	if !inside {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// checkCurrency: a record keeps the currency it was created with, and that one
// must be active then (section 7.6).
func (b *Box) checkCurrency(d *draft) {
	if !b.org.Multi || !d.m.currency {
		return
	}
	if d.old != nil && d.old.vals["Currency"] != nil {
		if d.rec.vals["Currency"] != d.old.vals["Currency"] {
			d.fail(&failure{code: "NOT_ALLOWED", message: "the currency of a record cannot be changed", details: object{"api_name": "Currency", "json_path": d.path + ".Currency"}})
		}
		return
	}
	iso := text(d.rec.vals["Currency"])
	if iso == "" {
		iso = b.org.Home
	}
	cur := b.currencyByISO(iso)
	if cur == nil || !cur.Active {
		d.fail(invalidAt("Currency", d.path+".Currency", nil))
		return
	}
	d.rec.vals["Currency"] = iso
	if d.rec.vals["Exchange_Rate"] == nil {
		d.rec.vals["Exchange_Rate"] = trimNumber(cur.Rate)
	}
}

// checkUnique looks up the unique fields of the write (section 4.3).
func (b *Box) checkUnique(d *draft) {
	for _, f := range d.m.fields {
		if !f.isUnique() {
			continue
		}
		v := d.rec.vals[f.Name]
		if v == nil {
			continue
		}
		if other := b.holderOf(d.m, f, v, d.rec.id, d.c.user); other != nil {
			d.fail(b.duplicate(d.m, f, other, d.path))
			return
		}
	}
}

// holderOf finds another record that holds a value of a unique field.
func (b *Box) holderOf(m *module, f *field, v any, self int64, u *user) *record {
	for _, id := range m.table.holding(f.Name, v) {
		r := m.table.get(id)
		if id == self || f.CaseSens && r.vals[f.Name] != v || b.outOfSight(m, r) {
			continue
		}
		if f.External == "user" && text(r.vals[externalOwner(f)]) != u.ID {
			continue
		}
		return r
	}
	return nil
}

func (b *Box) duplicate(m *module, f *field, other *record, path string) *failure {
	owner := object{}
	if u := b.userByID(other.owner); u != nil {
		owner = object{"id": u.ID, "name": u.name(), "zuid": u.ZUID}
	}
	return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{
		"api_name": f.Name, "json_path": path + "." + f.Name, "id": other.sid(), "more_records": false,
		"duplicate_record": object{"id": other.sid(), "Owner": owner, "module": object{"api_name": m.name, "id": m.ID}},
	}}
}

// modifiedBefore reports whether a record is newer than If-Unmodified-Since.
func modifiedAfter(r *record, t time.Time) bool { return !t.IsZero() && r.modified.After(t) }
