package zohobox

import (
	"fmt"
	"slices"
	"strings"
)

// A multi-select look-up ties records of two modules many to many. Each tie is a
// record of a module of its own, the linking module, which looks up to both ends
// (sections 4.6 and 9.1).
const multiLookup = "multiselectlookup"

// linkage says where the ties of a multi-select look-up are kept.
type linkage struct {
	Module string `json:"module"` // the linking module
	Own    string `json:"own"`    // its look-up to the module of the field
	Other  string `json:"other"`  // its look-up to the other end
}

// isRows reports whether the values of a field are records of another module:
// lists, queries and merges leave them out (section 4.1).
func (f *field) isRows() bool { return f.Type == "subform" || f.Type == multiLookup }

// readMultiLookup reads what a new multi-select look-up ties its module to.
func (b *Box) readMultiLookup(_ *module, f *field, o object, path string) *failure {
	if f.Type != multiLookup {
		return nil
	}
	path += "." + multiLookup
	v := asObject(o[multiLookup])
	other := b.module[text(asObject(asObject(v["connected_details"])["module"])["api_name"])]
	label := text(asObject(asObject(v["linking_details"])["module"])["plural_label"])
	switch {
	case o[multiLookup] == nil:
		return missing(multiLookup, strings.TrimSuffix(path, "."+multiLookup))
	case other == nil || other.isLine() || other.kind == "linking":
		return invalidAt("api_name", path+".connected_details.module.api_name", nil)
	case label == "":
		return missing("plural_label", path+".linking_details.module")
	case len(label) > moduleLabelMax || !moduleLabelPattern.MatchString(label):
		return invalidAt("plural_label", path+".linking_details.module.plural_label", nil)
	case b.nameTaken(strings.ReplaceAll(label, " ", "_")):
		return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "plural_label", "json_path": path + ".linking_details.module.plural_label"}}
	}
	f.Lookup, f.LookupTo = other.name, label
	return nil
}

// foundLinking makes the linking module of a new multi-select look-up.
func (b *Box) foundLinking(u *user, m *module, f *field) {
	other := b.module[f.Lookup]
	own, far := m.name, other.name
	if own == far {
		far += "1"
	}
	lm := b.newModule(moduleSpec{
		name: strings.ReplaceAll(f.LookupTo, " ", "_"), singular: f.LookupTo, plural: f.LookupTo, internal: fmt.Sprint("LinkingModule", len(b.modules)+1),
		kind: "linking", scope: "custom", nameField: "id", unlockable: true, fields: own + " lookup * >" + m.name + "\n" + far + " lookup * >" + other.name + "\n",
	})
	f.Links = &linkage{lm.name, own, far}
	var profiles []string
	for _, p := range b.profiles {
		profiles = append(profiles, p.ID)
	}
	b.openModule(u, lm, profiles)
}

func (b *Box) renderMultiLookup(m *module, f *field) object {
	if f.Links == nil {
		return object{}
	}
	lm, other := b.module[f.Links.Module], b.module[f.Lookup]
	look := func(name string) object {
		lf := lm.field(name)
		return object{"api_name": lf.Name, "field_label": lf.Label, "id": lf.ID}
	}
	return object{
		"linking_details":   object{"module": object{"api_name": lm.name, "plural_label": lm.plural, "id": lm.ID, "visibility": 1}, "lookup_field": look(f.Links.Own), "connected_lookup_field": look(f.Links.Other)},
		"connected_details": object{"module": object{"api_name": other.name, "plural_label": other.plural, "id": other.ID}, "field": look(f.Links.Other), "layouts": b.layoutsOf(other, other.fields[0])},
		"related_list":      object{"api_name": lm.name, "display_label": m.plural, "id": lm.ID},
	}
}

// tiesOf are the records of the linking module that belong to a record.
func (b *Box) tiesOf(f *field, r *record) []*record {
	t := b.module[f.Links.Module].table
	var out []*record
	for _, id := range t.holding(f.Links.Own, r.sid()) {
		out = append(out, t.get(id))
	}
	return out
}

// showTies is a multi-select look-up as a single read shows it.
func (b *Box) showTies(f *field, r *record) []any {
	out, far := []any{}, b.module[f.Links.Module].field(f.Links.Other)
	for _, tie := range b.tiesOf(f, r) {
		out = append(out, object{"id": tie.sid(), far.Name: objectOrNil(b.lookupRef(far, text(tie.vals[far.Name])))})
	}
	return out
}

// tieChange is a tie that a write makes or takes away.
type tieChange struct {
	f    *field
	to   string  // id of the other end of a new one
	gone *record // of one that goes
}

// readTies reads the rows sent for multi-select look-ups: a new row names the
// other end, one with an id and _delete goes, all others stay.
func (b *Box) readTies(d *draft) {
	for _, f := range d.m.fields {
		v, sent := d.obj[f.Name]
		if f.Links == nil || !sent || d.layout != nil && !d.layout.has(f.Name) {
			continue
		}
		path := d.path + "." + f.Name
		rows, isList := v.([]any)
		if !isList {
			d.fail(invalidAt(f.Name, path, object{"expected_data_type": "jsonarray"}))
			continue
		}
		for i, row := range rows {
			d.fail(b.readTie(d, f, row, fmt.Sprintf("%s[%d]", path, i)))
		}
	}
}

func (b *Box) readTie(d *draft, f *field, row any, path string) *failure {
	o, isObject := row.(object)
	if !isObject {
		return invalidAt(f.Name, path, object{"expected_data_type": "jsonobject"})
	}
	lm := b.module[f.Links.Module]
	if o["id"] != nil {
		id, _ := parseID(text(o["id"]))
		tie := lm.table.get(id)
		if tie == nil || d.old == nil || tie.vals[f.Links.Own] != d.old.sid() {
			return invalidAt("id", path+".id", nil)
		}
		if _, gone := o["_delete"]; gone {
			d.ties = append(d.ties, tieChange{f: f, gone: tie})
			d.note(f.Name, true)
		}
		return nil
	}
	far := lm.field(f.Links.Other)
	if o[far.Name] == nil {
		return missing(far.Name, path)
	}
	to, fail := (reader{b: b, c: d.c, m: lm, obj: o}).read(far, o[far.Name], path+"."+far.Name)
	if fail != nil {
		return fail
	}
	if d.old != nil {
		if other := b.tieBetween(lm, f.Links.Own, d.old.sid(), far.Name, text(to), 0); other != nil {
			return b.tiedAlready(lm, other)
		}
	}
	if slices.ContainsFunc(d.ties, func(x tieChange) bool { return x.f == f && x.to == to }) {
		return b.tiedAlready(lm, nil)
	}
	d.ties = append(d.ties, tieChange{f: f, to: text(to)})
	d.note(f.Name, true)
	return nil
}

// tieBetween finds another tie of the same two records.
func (b *Box) tieBetween(lm *module, own, a, far, z string, self int64) *record {
	for _, id := range lm.table.holding(own, a) {
		if r := lm.table.get(id); id != self && r.vals[far] == z {
			return r
		}
	}
	return nil
}

func (b *Box) tiedAlready(lm *module, other *record) *failure {
	fields := []any{}
	for _, f := range lm.ends() {
		fields = append(fields, f.Name)
	}
	d := object{"linking_fields": fields}
	if other != nil {
		d["id"] = other.sid()
	}
	return &failure{code: "DUPLICATE_LINKING_DATA", message: "duplicate linking data", details: d}
}

// ends are the two look-ups of a linking module.
func (m *module) ends() []*field {
	var out []*field
	for _, f := range m.fields {
		if f.Type == "lookup" && f.Mandatory {
			out = append(out, f)
		}
	}
	return out
}

// checkTie refuses a second record of a linking module for the same two ends.
func (b *Box) checkTie(d *draft) {
	if d.m.kind != "linking" {
		return
	}
	ends := d.m.ends()
	a, z := text(d.rec.vals[ends[0].Name]), text(d.rec.vals[ends[1].Name])
	if other := b.tieBetween(d.m, ends[0].Name, a, ends[1].Name, z, d.rec.id); other != nil {
		d.fail(b.tiedAlready(d.m, other))
	}
}

// commitTies stores what readTies found.
func (b *Box) commitTies(d *draft) {
	for _, x := range d.ties {
		lm := b.module[x.f.Links.Module]
		if x.gone != nil {
			b.untie(lm, x.gone)
			continue
		}
		r := &record{id: b.ids.record(), vals: map[string]any{x.f.Links.Own: d.rec.sid(), x.f.Links.Other: x.to}, owner: d.c.user.ID, createdBy: d.c.user.ID, modifiedBy: d.c.user.ID, created: d.rec.modified, modified: d.rec.modified, layout: lm.standard().ID}
		b.put(lm, r)
	}
}

// endModule lets a linking module go the way of its look-up: it waits for its
// deletion, and the API does not reach it any more.
func (b *Box) endModule(lm *module) {
	lm.ended = true
	b.saveModule(lm)
}

// untie takes a tie away for good.
func (b *Box) untie(lm *module, tie *record) {
	lm.table.remove(tie.id)
	lm.table.search.note(b.opt.Now(), tie.id, nil, b.opt.Dials.SearchLag)
	b.dropRecord(lm, tie.id)
}
