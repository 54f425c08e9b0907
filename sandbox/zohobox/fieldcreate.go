package zohobox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Limits of custom fields (section 9.2).
const (
	fieldsPerCall = 5
	uniquePer     = 2 // unique fields per module, in every edition
)

// fieldLengths are the lengths accepted at creation: the exact ones, or, for
// text, any up to 255.
var fieldLengths = map[string][]int{
	"textarea": {2000, 32000, 50000}, "email": {100}, "phone": {30}, "integer": {9}, "currency": {16}, "percent": {5},
	"bigint": {18}, "double": {18}, "website": {450}, "autonumber": {255},
}

var creatable = []string{
	"text", "textarea", "email", "phone", "website", "integer", "bigint", "currency", "double", "percent", "date", "datetime",
	"boolean", "picklist", "multiselectpicklist", "lookup", "autonumber", "userlookup", "fileupload", "imageupload", rollupType, multiLookup, multiUsers,
}

// postFields creates custom fields, up to five a call.
func (b *Box) postFields(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	rows := list(c.body["fields"])
	if len(rows) > fieldsPerCall {
		return refuse(400, "LIMIT_EXCEEDED", "the limit of fields in one call is exceeded", object{"limit": fieldsPerCall, "limit_due_to": []any{object{"api_name": "fields", "json_path": "$.fields"}}})
	}
	return c.each("fields", fieldsPerCall, http.StatusCreated, func(path string, o object) (object, *failure) {
		f, fail := b.createField(m, o, path)
		if fail != nil {
			return nil, fail
		}
		return success(object{"id": f.ID}, "field created"), nil
	})
}

// createField adds a custom field to a module and to its standard layout; other
// layouts do not get it (section 9.2).
func (b *Box) createField(m *module, o object, path string) (*field, *failure) {
	label := strings.TrimSpace(text(o["field_label"]))
	kind := text(o["data_type"])
	switch {
	case label == "":
		return nil, missing("field_label", path)
	case kind == "":
		return nil, missing("data_type", path)
	case !slices.Contains(creatable, kind):
		return nil, invalidAt("data_type", path+".data_type", nil)
	}
	if o["history_tracking"] != nil || o["history_tracking_enabled"] == true {
		return nil, &failure{code: "NOT_SUPPORTED", message: "fields are not followed by a module of their history here", details: object{"api_name": "history_tracking", "json_path": path + ".history_tracking"}}
	}
	for _, f := range m.fields {
		if equalFold(f.Label, label) {
			return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "field_label", "json_path": path + ".field_label"}}
		}
	}
	if limit := b.edition().fields; b.customFields(m) >= limit {
		return nil, &failure{code: "LIMIT_EXCEEDED", message: "the limit of custom fields is exceeded", details: object{"limit": limit, "limit_due_to": []any{object{"api_name": "fields", "json_path": "$.fields"}}}}
	}
	f := &field{Label: label, Type: kind, Custom: true, Length: defaultLengths[kind]}
	for _, step := range []func(*module, *field, object, string) *failure{b.readLength, b.readUnique, b.readPicksOf, b.readTarget, b.readRollup, b.readMultiLookup, b.readRights} {
		if fail := step(m, f, o, path); fail != nil {
			return nil, fail
		}
	}
	f.Name = m.freeName(label)
	f.ID = b.ids.meta()
	if tip, _ := o["tooltip"].(object); tip != nil {
		f.Tooltip = text(tip["value"])
	}
	if f.Type == multiLookup {
		b.foundLinking(b.superAdmin(), m, f)
	}
	m.addField(f)
	if l := m.standard(); l != nil {
		l.Sections[0].Fields = append(l.Sections[0].Fields, f.Name)
		l.Modified = b.now()
		b.save("layout", l.ID, l)
	}
	b.saveModule(m)
	if f.Rollup != nil {
		b.followRollups()
		b.summariseAll(m, f)
	}
	return f, nil
}

func (b *Box) customFields(m *module) int {
	n := 0
	for _, f := range m.fields {
		if f.Custom {
			n++
		}
	}
	return n
}

func (b *Box) readLength(m *module, f *field, o object, path string) *failure {
	exact, fixed := fieldLengths[f.Type]
	if kind, _ := o["textarea"].(object); kind != nil {
		length, known := textKinds[text(kind["type"])]
		if !known || f.Type != "textarea" {
			return invalidAt("type", path+".textarea.type", object{"supported_values": []any{"small", "large", "rich_text"}})
		}
		if o["length"] != nil && text(o["length"]) == "" && number(o["length"]).IntPart() != int64(length) {
			return &failure{code: "DEPENDENT_MISMATCH", message: "the length does not fit the kind of text", details: object{"api_name": "length", "json_path": path + ".length", "dependee": object{"api_name": "type", "json_path": path + ".textarea.type"}}}
		}
		f.Length = length
	}
	if n, isNumber := o["length"].(json.Number); isNumber {
		length, err := strconv.Atoi(n.String())
		bad := err != nil || length < 1 || length > 255 && f.Type == "text" || fixed && !slices.Contains(exact, length)
		if bad {
			return invalidAt("length", path+".length", object{"maximum_length": f.Length})
		}
		f.Length = length
	} else if fixed && !slices.Contains(exact, f.Length) {
		f.Length = exact[0]
	}
	if f.Type == "autonumber" && slices.ContainsFunc(m.fields, func(x *field) bool { return x.Type == "autonumber" }) {
		return &failure{code: "LIMIT_EXCEEDED", message: "the limit of auto-number fields is exceeded", details: object{"limit": 1}}
	}
	if f.Type == "autonumber" {
		auto, fail := readAuto(o["auto_number"], path)
		if fail != nil {
			return fail
		}
		f.Auto, f.ReadOnly = auto, true
	}
	switch f.Type {
	case "currency", "double", "percent":
		f.Decimals = 2
	}
	places := o["decimal_place"]
	if cur, _ := o["currency"].(object); cur != nil && cur["precision"] != nil {
		places = cur["precision"]
	}
	if n, isNumber := places.(json.Number); isNumber {
		d, err := strconv.Atoi(n.String())
		if err != nil || d < 0 || d > 9 {
			return invalidAt("decimal_place", path+".decimal_place", nil)
		}
		f.Decimals = d
	}
	return nil
}

// externalLookup marks a look-up whose targets are told by an external field of
// their module. It has no values of its own, so it is not unique (section 6).
const externalLookup = "external_lookup"

// readUnique reads unique and external; together they may be two per module.
func (b *Box) readUnique(m *module, f *field, o object, path string) *failure {
	if u, given := o["unique"].(object); given {
		f.Unique = true
		f.CaseSens = u["case_sensitive"] == true || text(u["casesensitive"]) == "true"
	}
	if ext, given := o["external"].(object); given && f.Type == "lookup" && ext["type"] == externalLookup {
		f.ExtLookup, f.ExtShow = true, ext["show"] == true
	} else if given {
		f.External = text(ext["type"])
		f.ExtShow = ext["show"] == true
		if f.External != "org" && f.External != "user" {
			return invalidAt("type", path+".external.type", object{"supported_values": []any{"org", "user"}})
		}
		if f.Type == "email" || f.Type == "textarea" || m.name == "Calls" {
			return &failure{code: "DEPENDENT_MISMATCH", message: "the data type cannot be external", details: object{"api_name": "external", "json_path": path + ".external", "dependee": object{"api_name": "data_type", "json_path": path + ".data_type"}}}
		}
	}
	if !f.isUnique() {
		return nil
	}
	if !slices.Contains([]string{"text", "email", "phone", "website", "integer", "bigint", "double", "currency"}, f.Type) {
		return &failure{code: "DEPENDENT_MISMATCH", message: "the data type cannot be unique", details: object{"api_name": "unique", "json_path": path + ".unique", "dependee": object{"api_name": "data_type", "json_path": path + ".data_type"}}}
	}
	taken := 0
	for _, x := range m.fields {
		if x.isUnique() {
			taken++
		}
	}
	if taken >= uniquePer {
		return &failure{code: "LIMIT_EXCEEDED", message: "the limit of unique fields is exceeded", details: object{"limit": uniquePer, "limit_due_to": []any{object{"api_name": "unique", "json_path": path + ".unique"}}}}
	}
	return nil
}

func (b *Box) readTarget(_ *module, f *field, o object, path string) *failure {
	if f.Type != "lookup" {
		return nil
	}
	look, _ := o["lookup"].(object)
	mod, _ := look["module"].(object)
	target := b.module[text(mod["api_name"])]
	if target == nil {
		return invalidAt("module", path+".lookup.module", nil)
	}
	f.Lookup, f.LookupTo = target.name, text(look["display_label"])
	if f.LookupTo == "" {
		f.LookupTo = target.plural
	}
	return nil
}

// readRights reads what profiles may do with the field.
func (b *Box) readRights(_ *module, f *field, o object, path string) *failure {
	for i, row := range list(o["profiles"]) {
		v, _ := row.(object)
		right := text(v["permission_type"])
		if b.profileByID(text(v["id"])) == nil || !slices.Contains([]string{"read_write", "read_only", "hidden"}, right) {
			return invalidAt("profiles", fmt.Sprintf("%s.profiles[%d]", path, i), nil)
		}
		if f.Profiles == nil {
			f.Profiles = map[string]string{}
		}
		f.Profiles[text(v["id"])] = right
	}
	return nil
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// freeName makes the API name of a label: blanks become underscores; a name
// that is taken gets a number. Clients must read it back (section 9.2).
func (m *module) freeName(label string) string {
	base := strings.Trim(notInNames.ReplaceAllString(label, "_"), "_")
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = "Custom_" + base
	}
	name := base
	for n := 1; m.byName[name] != nil; n++ {
		name = base + strconv.Itoa(n)
	}
	return name
}

// patchFields changes labels, tooltips and rights of custom fields.
func (b *Box) patchFields(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	return c.each("fields", fieldsPerCall, http.StatusOK, func(path string, o object) (object, *failure) {
		id := text(o["id"])
		if len(c.path) > 2 {
			id = c.path[2]
		}
		f := m.fieldByID(id)
		if f == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		if _, sent := o["external"]; sent && f.External == "" {
			return nil, &failure{code: "NOT_ALLOWED", message: "a field cannot become external later", details: object{"api_name": "external", "json_path": path + ".external"}}
		}
		next := *f
		next.Profiles = map[string]string{}
		for k, v := range f.Profiles {
			next.Profiles[k] = v
		}
		if fail := b.readRights(m, &next, o, path); fail != nil {
			return nil, fail
		}
		if fail := b.patchPicks(&next, o, path); fail != nil {
			return nil, fail
		}
		if label := text(o["field_label"]); label != "" && f.Custom {
			next.Label = label
		}
		if tip, _ := o["tooltip"].(object); tip != nil {
			next.Tooltip = text(tip["value"])
		}
		*f = next
		b.saveModule(m)
		return success(object{"id": f.ID}, "field updated"), nil
	})
}

func (m *module) fieldByID(id string) *field {
	for _, f := range m.fields {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// deleteField removes a custom field with its values.
func (b *Box) deleteField(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	fd := m.fieldByID(c.path[2])
	if fd == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	if f := b.removeField(m, fd); f != nil {
		return f.answer()
	}
	return ok(object{"fields": []any{success(object{"id": fd.ID}, "field deleted")}})
}

// removeField takes a field off its module, its layouts and every record. Only
// added fields that nothing uses can go (section 9.2).
func (b *Box) removeField(m *module, fd *field) *failure {
	if !fd.Custom || b.usedByWorkflow(m, fd) || b.usedByRollup(m, fd) {
		return &failure{status: 400, code: "NOT_ALLOWED", message: "the field cannot be deleted", details: object{"resource_path_index": 2}}
	}
	if fd.isCustomSubform() {
		b.endSubform(fd)
	}
	if fd.Links != nil { // its ties go with it
		lm := b.module[fd.Links.Module]
		for _, id := range b.idsOf(lm) {
			b.untie(lm, lm.table.get(id))
		}
		b.endModule(lm)
	}
	m.fields = slices.DeleteFunc(m.fields, func(x *field) bool { return x == fd })
	delete(m.byName, fd.Name)
	delete(m.table.equal, fd.Name)
	for _, l := range m.layouts {
		if l.take(fd.Name) {
			b.save("layout", l.ID, l)
		}
	}
	for _, id := range b.idsOf(m) {
		if r := m.table.get(id); r.vals[fd.Name] != nil {
			n := r.clone()
			delete(n.vals, fd.Name)
			b.put(m, n)
		}
	}
	b.saveModule(m)
	b.followRollups()
	return nil
}

func (b *Box) usedByWorkflow(m *module, f *field) bool {
	return slices.ContainsFunc(b.flows, func(w *flow) bool {
		sets := slices.ContainsFunc(w.Conditions, func(k flowCondition) bool {
			_, sets := k.Set[f.Name]
			return sets || namesField(k.Criteria, f.Name)
		})
		return w.Module == m.name && (sets || w.Field == f.Name)
	})
}

// namesField reports whether criteria are about a field.
func namesField(criteria object, name string) bool {
	return asObject(criteria["field"])["api_name"] == name || slices.ContainsFunc(list(criteria["group"]), func(v any) bool { return namesField(asObject(v), name) })
}
