package zohobox

import (
	"slices"
	"strings"
	"time"
)

// User describes a person of the organisation in Options.
type User struct {
	First, Last, Email string
	Profile            string // "Administrator" (default), "Standard" or the name of a new profile with an administrator's rights
	Role               string // "CEO" or "Manager" (default)
	SuperAdmin         bool
	Inactive           bool
	TimeZone           string // default: the organisation's
	Type               string // one of userTypes, default "Regular User"
}

// userTypes are the kinds of users (section 9.5).
var userTypes = []string{"Regular User", "Sandbox Developer User", "Support User", "Client Portal User", "Lite User", "System User"}

// defaultUsers are named for what they do; they stand for nobody.
func defaultUsers() []User {
	return []User{
		{First: "Super", Last: "Admin", Email: "super.admin@sandbox.example", SuperAdmin: true, Role: "CEO"},
		{First: "Office", Last: "Admin", Email: "office.admin@sandbox.example"},
		{First: "Integration", Last: "User", Email: "integration@sandbox.example", Profile: "Integration"},
		{First: "Eva", Last: "Sales", Email: "eva@sandbox.example", Profile: "Standard"},
		{First: "Max", Last: "Sales", Email: "max@sandbox.example", Profile: "Standard"},
		{First: "Former", Last: "User", Email: "former@sandbox.example", Profile: "Standard", Inactive: true},
	}
}

type user struct {
	ID         string    `json:"id"`
	ZUID       string    `json:"zuid"`
	First      string    `json:"first"`
	Last       string    `json:"last"`
	Email      string    `json:"email"`
	Profile    string    `json:"profile"`
	Role       string    `json:"role"`
	Active     bool      `json:"active"`
	SuperAdmin bool      `json:"super_admin"`
	Deleted    bool      `json:"deleted"`
	Zone       string    `json:"zone"`
	Type       string    `json:"type,omitempty"`
	Created    time.Time `json:"created"`
	Modified   time.Time `json:"modified"`
	loc        *time.Location
}

// kind is what sort of user it is (type__s).
func (u *user) kind() string {
	if u.Type == "" {
		return userTypes[0]
	}
	return u.Type
}

func (u *user) name() string { return strings.TrimSpace(u.First + " " + u.Last) }

func (u *user) zone() *time.Location {
	if u == nil {
		return time.UTC
	}
	if u.loc == nil {
		u.loc = loadZone(u.Zone)
	}
	return u.loc
}

func (u *user) ref() object {
	if u == nil {
		return nil
	}
	return object{"id": u.ID, "name": u.name()}
}

// ownerRef is how owner-type look-ups print (section 3).
func (u *user) ownerRef() object {
	o := u.ref()
	if o != nil {
		o["email"] = u.Email
	}
	return o
}

// profile is a set of rights. Administrators may change the organisation.
type profile struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Admin       bool            `json:"admin"`
	Custom      bool            `json:"custom"`
	Description string          `json:"description"`
	Denied      map[string]bool `json:"denied"` // names of rights it lacks
	Created     time.Time       `json:"created"`
	Modified    time.Time       `json:"modified"`
}

func (p *profile) ref() object { return object{"id": p.ID, "name": p.Name} }

type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Above       string `json:"above"` // the role it reports to
	Peers       bool   `json:"peers"` // its people see each other's records
	Description string `json:"description"`
}

func (b *Box) foundUsers() {
	now := b.now()
	for _, p := range []profile{{Name: "Administrator", Admin: true}, {Name: "Standard"}} {
		p.ID, p.Created, p.Modified = b.ids.meta(), now, now
		b.profiles = append(b.profiles, &p)
	}
	for _, name := range []string{"CEO", "Manager"} {
		r := &role{ID: b.ids.meta(), Name: name}
		if len(b.roles) > 0 {
			r.Above = b.roles[0].ID
		}
		b.roles = append(b.roles, r)
	}
	people := b.opt.Users
	if people == nil {
		people = defaultUsers()
	}
	for _, u := range people {
		b.addUser(u)
	}
	for _, u := range b.users {
		if u.SuperAdmin {
			return
		}
	}
	if len(b.users) > 0 {
		b.users[0].SuperAdmin = true
	}
}

func (b *Box) addUser(u User) *user {
	now := b.now()
	if u.TimeZone == "" {
		u.TimeZone = b.opt.TimeZone
	}
	n := &user{
		ID: b.ids.meta(), First: u.First, Last: u.Last, Email: u.Email, Active: !u.Inactive, SuperAdmin: u.SuperAdmin,
		Zone: u.TimeZone, Type: u.Type, Created: now, Modified: now,
		Profile: b.profileNamed(u.Profile).ID, Role: b.roleNamed(u.Role).ID,
	}
	n.ZUID = digitsOf(b.ids.fixed("zuid " + n.ID)[:9])
	b.users = append(b.users, n)
	b.save("user", n.ID, n)
	return n
}

// profileNamed finds a profile or founds one with an administrator's rights:
// an integration is given its own, so that locks and field permissions can
// except it.
func (b *Box) profileNamed(name string) *profile {
	if name == "" {
		name = "Administrator"
	}
	for _, p := range b.profiles {
		if strings.EqualFold(p.Name, name) || p.ID == name {
			return p
		}
	}
	now := b.now()
	p := &profile{ID: b.ids.meta(), Name: name, Admin: true, Custom: true, Created: now, Modified: now}
	b.profiles = append(b.profiles, p)
	b.save("profile", p.ID, p)
	return p
}

func (b *Box) roleNamed(name string) *role {
	for _, r := range b.roles {
		if strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return b.roles[len(b.roles)-1]
}

func (b *Box) profileByID(id string) *profile {
	for _, p := range b.profiles {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (b *Box) userByID(id string) *user {
	for _, u := range b.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// findUser reads a person as people are named in actions: by id, e-mail, full
// name or first name.
func (b *Box) findUser(who string) *user {
	for _, u := range b.users {
		if u.ID == who || strings.EqualFold(u.Email, who) || strings.EqualFold(u.name(), who) {
			return u
		}
	}
	for _, u := range b.users {
		if strings.EqualFold(u.First, who) {
			return u
		}
	}
	return nil
}

func (b *Box) superAdmin() *user {
	for _, u := range b.users {
		if u.SuperAdmin {
			return u
		}
	}
	return nil
}

func (b *Box) isAdmin(u *user) bool {
	p := b.profileByID(u.Profile)
	return p != nil && p.Admin
}

func (b *Box) renderUser(u *user, zone *time.Location) object {
	status := "active"
	switch {
	case u.Deleted:
		status = "deleted"
	case !u.Active:
		status = "inactive"
	}
	var roleRef object
	for _, r := range b.roles {
		if r.ID == u.Role {
			roleRef = object{"id": r.ID, "name": r.Name}
		}
	}
	creator := b.superAdmin().ref()
	return object{
		"id": u.ID, "zuid": u.ZUID, "full_name": u.name(), "first_name": u.First, "last_name": u.Last, "email": u.Email,
		"profile": b.profileByID(u.Profile).ref(), "role": roleRef, "status": status, "confirm": true,
		"time_zone": u.Zone, "locale": "en_US", "country_locale": "en_US", "language": "en_US", "date_format": "MM/dd/yyyy", "time_format": "hh:mm a",
		"decimal_separator": "Period", "number_separator": "Comma", "name_format__s": "Salutation,First Name,Last Name",
		"type__s": u.kind(), "personal_account": false, "Currency": b.org.Home, "Reporting_To": nil,
		"created_time": stamp(u.Created, zone), "Modified_Time": stamp(u.Modified, zone), "created_by": creator, "Modified_By": creator,
		"alias": nil, "phone": nil, "mobile": nil, "fax": nil, "website": nil, "dob": nil,
		"street": nil, "city": nil, "state": nil, "zip": nil, "country": nil,
		"microsoft": false, "sandboxDeveloper": u.kind() == userTypes[1], "offset": offsetMillis(u.zone(), b.now()), "sort_order_preference__s": "First Name,Last Name",
	}
}

func offsetMillis(z *time.Location, at time.Time) int {
	_, secs := at.In(z).Zone()
	return secs * 1000
}

// usersOfType reads which people a list or a search is about (section 9.5).
func (b *Box) usersOfType(c *call) (func(*user) bool, *failure) {
	keep, known := map[string]func(*user) bool{
		"AllUsers":              func(u *user) bool { return !u.Deleted },
		"ActiveUsers":           func(u *user) bool { return u.Active },
		"DeactiveUsers":         func(u *user) bool { return !u.Active && !u.Deleted },
		"ConfirmedUsers":        func(u *user) bool { return !u.Deleted },
		"NotConfirmedUsers":     func(*user) bool { return false },
		"DeletedUsers":          func(u *user) bool { return u.Deleted },
		"ActiveConfirmedUsers":  func(u *user) bool { return u.Active },
		"AdminUsers":            func(u *user) bool { return !u.Deleted && b.isAdmin(u) },
		"ActiveConfirmedAdmins": func(u *user) bool { return u.Active && b.isAdmin(u) },
		"CurrentUser":           func(u *user) bool { return u == c.user },
	}[c.paramOr("type", "AllUsers")]
	if !known {
		return nil, badParam("type")
	}
	return keep, nil
}

// getUsers lists users by type.
func (b *Box) getUsers(c *call) answer {
	keep, f := b.usersOfType(c)
	if f != nil {
		return f.answer()
	}
	kind := c.param("type__s")
	if kind != "" && !slices.Contains(userTypes, kind) {
		return badParam("type__s").answer()
	}
	var all []any
	for _, u := range b.users {
		if keep(u) && (kind == "" || u.kind() == kind) {
			all = append(all, b.renderUser(u, c.zone()))
		}
	}
	return c.pageOf("users", all)
}

func (b *Box) getUser(c *call) answer {
	u := b.userByID(c.path[1])
	if u == nil {
		return noContent()
	}
	return ok(object{"users": []any{b.renderUser(u, c.zone())}})
}
