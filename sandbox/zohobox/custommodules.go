package zohobox

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
)

// customFields are the columns of a module that people make; its records are
// known by their Name (section 4.4).
const customFields = `
Record_Image profileimage ro
Last_Activity_Time datetime ro
Email email:100
Secondary_Email email:100
Email_Opt_Out boolean
`

// moduleCredits is what it costs to make a module (section 9.1).
const moduleCredits = 500

var (
	moduleNamePattern  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	moduleLabelPattern = regexp.MustCompile(`^[A-Za-z0-9 ]+$`)
)

const (
	moduleNameMax  = 50
	moduleLabelMax = 25
)

// reservedNames begin addresses of the service, so that no module can be called
// so.
var reservedNames = []string{
	"settings", "org", "users", "coql", "actions", "upload", "files", "bulk", "Notes", "Attachments", "Emails", "Activities", "Home", "Reports", "Analytics", "Dashboards",
	"Forecasts", "Feeds", "Documents", "deleted", "search", "upsert",
}

func (b *Box) findModules(c *call, pattern string) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.settings.modules." + op} }
	by := map[string]route{
		http.MethodGet: {run: b.getModules, kind: kindMeta, scopes: scope("READ")},
		http.MethodPut: {run: b.putModules, kind: kindMeta, scopes: scope("UPDATE"), body: true, since: 8},
	}
	if len(c.path) == 2 {
		by[http.MethodPost] = route{run: b.postModules, kind: kindMeta, scopes: scope("CREATE"), body: true, since: 8, credits: func(*call) int { return moduleCredits }}
	}
	return methods(c, pattern, by)
}

// postModules makes a module of its own for the organisation (section 9.1).
func (b *Box) postModules(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	if limit := b.moduleLimit(); b.customModules() >= limit {
		return refuse(400, "LIMIT_EXCEEDED", "the limit of custom modules is reached", object{"limit": limit})
	}
	return c.each("modules", 1, http.StatusCreated, func(path string, o object) (object, *failure) {
		m, f := b.createModule(c, o, path)
		if f != nil {
			return nil, f
		}
		return success(object{"id": m.ID}, "module created successfully"), nil
	})
}

// moduleLimit is how many modules people may make; editions without layouts of
// their own have none.
func (b *Box) moduleLimit() int {
	if !b.edition().advanced {
		return 0
	}
	return b.opt.Dials.CustomModules
}

func (b *Box) customModules() (n int) {
	for _, m := range b.modules {
		if m.kind == "custom" {
			n++
		}
	}
	return n
}

func (b *Box) createModule(c *call, o object, path string) (*module, *failure) {
	spec := moduleSpec{name: text(o["api_name"]), kind: "custom", scope: "custom", nameField: "Name", duplicate: "Name", currency: true}
	for key, into := range inOrder(map[string]*string{"singular_label": &spec.singular, "plural_label": &spec.plural}) {
		label, f := b.readModuleLabel(o, key, nil, path)
		if f != nil {
			return nil, f
		}
		*into = label
	}
	switch {
	case spec.name == "":
		return nil, missing("api_name", path)
	case len(spec.name) > moduleNameMax:
		return nil, invalidAt("api_name", path+".api_name", object{"maximum_length": moduleNameMax})
	case !moduleNamePattern.MatchString(spec.name):
		return nil, invalidAt("api_name", path+".api_name", nil)
	case slices.ContainsFunc(reservedNames, func(n string) bool { return equalFold(n, spec.name) }):
		return nil, &failure{code: "RESERVED_KEYWORD_NOT_ALLOWED", message: "the name is reserved", details: object{"api_name": "api_name", "json_path": path + ".api_name"}}
	case b.nameTaken(spec.name):
		return nil, twice("api_name", path)
	}
	profiles, f := b.readModuleProfiles(nil, o, path)
	if f == nil && len(profiles) == 0 {
		f = missing("profiles", path)
	}
	if f != nil {
		return nil, f
	}
	display, auto, f := readDisplayField(o, path)
	if f != nil {
		return nil, f
	}
	kind := "Name text:120 *\n"
	if auto != nil {
		kind = "Name autonumber:255 ro\n"
	}
	spec.fields, spec.internal = kind+customFields, fmt.Sprint("CustomModule", len(b.modules)+1)
	m := b.newModule(spec)
	if m.field("Name").Auto = auto; display != "" {
		m.field("Name").Label = display
	}
	b.openModule(c.user, m, profiles)
	return m, nil
}

// openModule gives a new module its form, its views and its people.
func (b *Box) openModule(u *user, m *module, profiles []string) {
	m.madeBy, m.madeAt = u.ID, b.now()
	m.layouts = []*layout{b.standardLayout(m)}
	b.save("layout", m.layouts[0].ID, m.layouts[0])
	for _, v := range b.viewsOf(m) {
		b.views = append(b.views, v)
		b.save("view", v.ID, v)
	}
	b.letIn(m, profiles)
	b.saveModule(m)
}

func (b *Box) nameTaken(name string) bool {
	return slices.ContainsFunc(b.modules, func(m *module) bool { return equalFold(m.name, name) || equalFold(m.internal, name) }) ||
		slices.ContainsFunc(b.webTabs, func(w *webTab) bool { return equalFold(w.Name, name) })
}

func twice(key, path string) *failure {
	return &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": key, "json_path": path + "." + key}}
}

// readModuleLabel reads how a module is called; no two are called the same.
func (b *Box) readModuleLabel(o object, key string, self *module, path string) (string, *failure) {
	label, isText := o[key].(string)
	switch {
	case o[key] == nil || label == "" && isText:
		return "", missing(key, path)
	case !isText:
		return "", invalidAt(key, path+"."+key, object{"expected_data_type": "string"})
	case len(label) > moduleLabelMax:
		return "", invalidAt(key, path+"."+key, object{"maximum_length": moduleLabelMax})
	case !moduleLabelPattern.MatchString(label):
		return "", invalidAt(key, path+"."+key, nil)
	case slices.ContainsFunc(b.modules, func(m *module) bool {
		return m != self && (equalFold(m.plural, label) || equalFold(m.singular, label))
	}):
		return "", twice(key, path)
	}
	return label, nil
}

// readModuleProfiles reads whose module it is to be. On a change, profiles are
// added, and taken away with _delete.
func (b *Box) readModuleProfiles(m *module, o object, path string) ([]string, *failure) {
	rows := list(o["profiles"])
	if len(rows) == 0 {
		return nil, missing("profiles", path)
	}
	var ids []string
	if m != nil {
		for _, p := range b.profiles {
			if b.hasModule(p, m) {
				ids = append(ids, p.ID)
			}
		}
	}
	for i, v := range rows {
		id := text(asObject(v)["id"])
		if b.profileByID(id) == nil {
			return nil, invalidAt("id", fmt.Sprintf("%s.profiles[%d].id", path, i), nil)
		}
		ids = slices.DeleteFunc(ids, func(x string) bool { return x == id })
		if _, gone := asObject(v)["_delete"]; !gone {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// readDisplayField reads what the records of a new module are called by.
func readDisplayField(o object, path string) (label string, auto *autoNumber, f *failure) {
	d := asObject(o["display_field"])
	path += ".display_field"
	if label = text(d["field_label"]); len([]rune(label)) > moduleNameMax {
		return "", nil, invalidAt("field_label", path+".field_label", object{"maximum_length": moduleNameMax})
	}
	switch kind := text(d["data_type"]); {
	case d["data_type"] == nil || kind == "text":
		return label, nil, nil
	case kind != "autonumber":
		return "", nil, invalidAt("data_type", path+".data_type", nil)
	case asObject(d["auto_number"])["start_number"] == nil:
		return "", nil, &failure{code: "DEPENDENT_FIELD_MISSING", message: "dependent field missing", details: object{"api_name": "auto_number", "json_path": path + ".auto_number"}}
	}
	auto, f = readAuto(d["auto_number"], path)
	return label, auto, f
}

// hasModule reports whether a profile sees a module at all.
func (b *Box) hasModule(p *profile, m *module) bool { return !p.Denied["Crm_Implied_View_"+m.name] }

// letIn gives a module to the profiles named, and to no others.
func (b *Box) letIn(m *module, profiles []string) {
	for _, p := range b.profiles {
		in := slices.Contains(profiles, p.ID)
		if in == b.hasModule(p, m) {
			continue
		}
		denied := map[string]bool{}
		for k := range p.Denied {
			denied[k] = true
		}
		for _, verb := range []string{"View", "Create", "Edit", "Delete"} {
			if right := "Crm_Implied_" + verb + "_" + m.name; in {
				delete(denied, right)
			} else {
				denied[right] = true
			}
		}
		p.Denied = denied
		b.save("profile", p.ID, p)
	}
}

// putModules answers PUT /settings/modules[/{module}]: other labels and other
// profiles.
func (b *Box) putModules(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	var named *module
	most := 100
	if len(c.path) > 2 {
		if most, named = 1, b.moduleAt(c.path[2]); named == nil {
			return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"resource_path_index": 2})
		}
	}
	return c.each("modules", most, http.StatusOK, func(path string, o object) (object, *failure) {
		m := named
		if m == nil {
			if o["id"] == nil {
				return nil, missing("id", path)
			}
			if m = b.moduleAt(text(o["id"])); m == nil || m.name == o["id"] {
				return nil, invalidAt("id", path+".id", nil)
			}
		}
		if f := b.changeModule(m, o, named != nil, path); f != nil {
			return nil, f
		}
		return success(object{"id": m.ID}, "module updated successfully"), nil
	})
}

// moduleAt finds a module by its name or id.
func (b *Box) moduleAt(key string) *module {
	for _, m := range b.modules {
		if m.name == key || m.ID == key {
			return m
		}
	}
	return nil
}

// changeModule renames a module and says whose it is. Addressed by its path, it
// is sent in full.
func (b *Box) changeModule(m *module, o object, whole bool, path string) *failure {
	if m.isLine() {
		return &failure{code: "NOT_ALLOWED", message: "rows belong to their document", details: object{"api_name": "id", "json_path": path + ".id"}}
	}
	sent := 0
	singular, plural := m.singular, m.plural
	for key, into := range inOrder(map[string]*string{"singular_label": &singular, "plural_label": &plural}) {
		if _, given := o[key]; !given && !whole {
			continue
		}
		label, f := b.readModuleLabel(o, key, m, path)
		if f != nil {
			return f
		}
		*into = label
		sent++
	}
	if _, given := o["profiles"]; given || whole {
		profiles, f := b.readModuleProfiles(m, o, path)
		if f != nil {
			return f
		}
		if len(profiles) == 0 {
			code := "NOT_ALLOWED"
			if whole {
				code = "MINIMUM_DATA_NOT_FOUND"
			}
			return &failure{code: code, message: "a module has at least one profile", details: object{"api_name": "profiles", "json_path": path + ".profiles"}}
		}
		b.letIn(m, profiles)
		sent++
	}
	if sent == 0 {
		return &failure{code: "EXPECTED_FIELD_MISSING", message: "nothing is to be changed", details: object{"expected_fields": []any{object{"api_name": "plural_label", "json_path": path + ".plural_label"}}}}
	}
	m.singular, m.plural = singular, plural
	b.saveModule(m)
	return nil
}

// storedMade is what cannot be read from the table of modules.
type storedMade struct {
	Kind, Internal, NameField, Duplicate, Scope, Parent string
	Locks, Ended                                        bool
	By                                                  string
	At                                                  time.Time
}

// remade is a stored module that people made, as found in a database.
func (b *Box) remade(name string, v storedModule) *module {
	made := v.Made
	m := b.newModule(moduleSpec{name: name, kind: made.Kind, internal: made.Internal, nameField: made.NameField, duplicate: made.Duplicate, scope: made.Scope, parent: made.Parent, singular: v.Labels[2], plural: v.Labels[3], currency: made.Kind == "custom", unlockable: !made.Locks})
	m.madeBy, m.madeAt, m.ended = made.By, made.At, made.Ended
	return m
}

// inOrder puts the modules that people made behind the vendor's, oldest first.
func (b *Box) inOrder() {
	sort.SliceStable(b.modules, func(i, j int) bool {
		x, y := b.modules[i], b.modules[j]
		if x.kind == "" || y.kind == "" {
			return x.kind == "" && y.kind != ""
		}
		return x.ID < y.ID
	})
}

// webTab is a page of the web among the modules (generated_type web): it has no
// records and the API does not reach it.
type webTab struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Link string `json:"link"`
}

// addWebTab is what an administrator does; no API does it.
func (b *Box) addWebTab(data object) (string, error) {
	label, f := b.readModuleLabel(data, "name", nil, "$")
	if f != nil {
		return "", told(f)
	}
	name := strings.ReplaceAll(label, " ", "_")
	if b.nameTaken(name) || !websitePattern.MatchString(text(data["link"])) {
		return "", fmt.Errorf("a web tab has a name of its own and a link")
	}
	w := &webTab{ID: b.ids.meta(), Name: name, Link: text(data["link"])}
	b.webTabs = append(b.webTabs, w)
	b.save("webtab", w.ID, w)
	return w.ID, nil
}
