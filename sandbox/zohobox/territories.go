package zohobox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// territory is a part of the customers that people share out among themselves.
// The organisation has them once an administrator switched them on (section 8).
type territory struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Above    string    `json:"above"` // id of the territory it lies in
	By       string    `json:"by"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
}

// Types of the fields that hold territories: several on accounts and contacts,
// one on deals.
const (
	manyTerritories = "territories"
	oneTerritory    = "territory"
)

// territoryFields are those that a territory narrows lists by.
var territoryFields = map[string]string{"Accounts": "Territories", "Contacts": "Territories", "Deals": "Territory"}

func territoriesOff(details object) *failure {
	return &failure{status: http.StatusBadRequest, code: "FEATURE_NOT_ENABLED", message: "territory management is not enabled", details: details}
}

func (b *Box) territoryAt(key string) *territory {
	for _, t := range b.territories {
		if t.ID == key || equalFold(t.Name, key) {
			return t
		}
	}
	return nil
}

func (t *territory) ref() object {
	if t == nil {
		return nil
	}
	return object{"id": t.ID, "name": t.Name}
}

// actOnTerritories is what an administrator does: switching them on, which
// cannot be undone here, and adding one.
func (b *Box) actOnTerritories(u *user, action string, data object) (string, error) {
	if !b.edition().advanced {
		return "", told(unsupported())
	}
	if action == "enable_territories" {
		b.org.Territories = true
		b.save("org", "org", b.org)
		return b.org.ID, nil
	}
	above := b.territoryAt(text(data["parent"]))
	switch name := text(data["name"]); {
	case !b.org.Territories:
		return "", told(territoriesOff(nil))
	case name == "" || b.territoryAt(name) != nil:
		return "", fmt.Errorf("a territory has a name of its own")
	case above == nil && text(data["parent"]) != "":
		return "", fmt.Errorf("there is no territory %q", text(data["parent"]))
	}
	t := &territory{ID: b.ids.meta(), Name: text(data["name"]), By: u.ID, Created: b.now(), Modified: b.now()}
	if above != nil {
		t.Above = above.ID
	}
	b.territories = append(b.territories, t)
	b.save("territory", t.ID, t)
	return t.ID, nil
}

// getTerritories answers GET /settings/territories[/{id}].
func (b *Box) getTerritories(c *call) answer {
	if !b.org.Territories {
		return territoriesOff(nil).answer()
	}
	var out []any
	for _, t := range b.territories {
		if len(c.path) < 3 || c.path[2] == t.ID {
			by := b.userByID(t.By).ref()
			out = append(out, object{
				"id": t.ID, "name": t.Name, "reporting_to": objectOrNil(b.territoryAt(t.Above).ref()), "manager": by, "permission_type": "read_only", "description": nil,
				"account_rule_criteria": nil, "deal_rule_criteria": nil, "created_by": by, "modified_by": by, "created_time": stamp(t.Created, c.zone()), "modified_time": stamp(t.Modified, c.zone()),
			})
		}
	}
	switch {
	case len(c.path) < 3:
		return c.pageOf("territories", out)
	case len(out) == 0:
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return ok(object{"territories": out})
}

// territoryMatch reads territory_id and include_child, which narrow lists of
// deals, contacts and accounts (section 4.1).
func (b *Box) territoryMatch(c *call) (func(*record) bool, *failure) {
	for _, name := range []string{"territory_id", "include_child"} {
		switch {
		case !c.query.Has(name):
		case territoryFields[c.mod.name] == "":
			return nil, badParam(name)
		case !b.org.Territories:
			return nil, territoriesOff(object{"param_name": name})
		}
	}
	id := c.param("territory_id")
	switch child := c.param("include_child"); {
	case child != "" && child != "true" && child != "false", child != "" && id == "":
		return nil, badParam("include_child")
	case id == "":
		return nil, nil
	}
	match := b.inTerritory(c.mod, id, c.param("include_child") == "true")
	if match == nil {
		return nil, badParam("territory_id")
	}
	return match, nil
}

// inTerritory tells the records of a territory, and of those below it if they
// count too; nil where there is no such territory.
func (b *Box) inTerritory(m *module, id string, children bool) func(*record) bool {
	t := b.territoryAt(id)
	if t == nil || t.ID != id {
		return nil
	}
	in := map[string]bool{t.ID: true}
	for i := 0; children && i < len(b.territories); i++ { // those made later lie below
		if x := b.territories[i]; in[x.Above] {
			in[x.ID] = true
		}
	}
	field := territoryFields[m.name]
	return func(r *record) bool {
		v := r.vals[field]
		return in[text(v)] || slices.ContainsFunc(list(v), func(one any) bool { return in[text(one)] })
	}
}

// readTerritory reads one territory, by its id or its name.
func (rd reader) readTerritory(v any, path string) (any, *failure) {
	o, isObject := v.(object)
	if !isObject {
		return nil, invalidAt(oneTerritory, path, object{"expected_data_type": "jsonobject"})
	}
	key := text(o["id"])
	if key == "" {
		key = text(o["name"])
	}
	if t := rd.b.territoryAt(key); t != nil {
		return t.ID, nil
	}
	return nil, invalidAt("id", path+".id", nil)
}

func (rd reader) readTerritories(f *field, v any, path string) (any, *failure) {
	rows, isList := v.([]any)
	if !isList {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "jsonarray"})
	}
	out := []any{}
	for i, row := range rows {
		id, fail := rd.readTerritory(row, fmt.Sprintf("%s[%d]", path, i))
		if fail != nil {
			return nil, fail
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// showTerritories is what a field of several territories shows.
func (b *Box) showTerritories(v any) []any {
	out := []any{}
	for _, id := range list(v) {
		if t := b.territoryAt(text(id)); t != nil {
			out = append(out, t.ref())
		}
	}
	return out
}
