package zohobox

import "strings"

// userColumns are what people can be searched and sorted by (section 5.1).
const userColumns = `
id bigint
first_name text
last_name text
full_name text
email email
alias text
status picklist
phone phone
mobile phone
fax text
website website
street text
city text
state text
zip text
country text
time_zone text
confirm boolean
created_time datetime
Modified_Time datetime
`

// searchUsers answers GET /Users/search: criteria, email, phone or word among
// the people of the organisation, narrowed by type.
func (b *Box) searchUsers(c *call) answer {
	keep, f := b.usersOfType(c)
	if f != nil {
		return f.answer()
	}
	c.mod = userModule()
	match, f := b.searchMatch(c)
	if f != nil {
		return f.answer()
	}
	l, by, f := b.searchOrder(c)
	if f != nil {
		return f.answer()
	}
	wanted := splitFields(c.param("fields"))
	shown := map[int64]object{}
	var ids []int64
	for _, u := range b.users {
		o := b.renderUser(u, c.zone())
		r := userRecord(c.mod, u, o)
		c.mod.table.search.docs[r.id] = r
		if keep(u) && match(r) {
			ids = append(ids, r.id)
			shown[r.id] = chosen(o, wanted)
		}
	}
	sortDesc(ids)
	b.ordered(c.mod, ids, l, by)
	var out []any
	for _, id := range ids {
		out = append(out, shown[id])
	}
	return c.pageOfRecords(l, out, "call", "email", "next_page_token", "previous_page_token", "page_token_expiry")
}

func userModule() *module {
	m := &module{moduleSpec: moduleSpec{name: "Users", nameField: "full_name"}, byName: map[string]*field{}, table: newTable()}
	for _, line := range strings.Split(strings.TrimSpace(userColumns), "\n") {
		name, kind, _ := strings.Cut(line, " ")
		m.addField(&field{Name: name, Type: kind})
	}
	return m
}

// userRecord is a person as a row to be searched.
func userRecord(m *module, u *user, o object) *record {
	id, _ := parseID(u.ID)
	r := &record{id: id, vals: map[string]any{}, modified: u.Modified}
	for _, f := range m.fields {
		if v := o[f.Name]; v != nil && f.Name != "id" {
			r.vals[f.Name] = v
		}
	}
	return r
}

// chosen keeps the asked-for keys and the id; nothing asked is everything.
func chosen(o object, keys []string) object {
	if len(keys) == 0 {
		return o
	}
	out := object{"id": o["id"]}
	for _, k := range keys {
		if v, has := o[k]; has {
			out[k] = v
		}
	}
	return out
}
