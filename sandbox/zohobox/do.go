package zohobox

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Action is something that a person does in the organisation's own screens.
//
//	action             type      id, data, into
//	create, update     module    data as API names; update: id
//	delete, restore    module    id
//	merge              module    id is the loser, into the winner; data: chosen values
//	convert            Leads     id: into an account, a contact and, with data.Deals, a deal
//	lock, unlock       module    id; data.reason
//	hold, release      module    id: a merge is under way, or over
//	check_image, image_checked   module    id: its image is being validated, or was
//	submit, approve    module    id: waits for approval, or got it
//	review, reviewed   module    id: waits for a reviewer, or was reviewed
//	review_process     module    data.on: whether writes can ask for a review
//	layout_rule        module    data.name, layout, criteria as of a view, required (fields demanded when they are met)
//	validation_rule    module    data.name, layout, criteria (what is refused), field, message
//	drop_rule          module    data.id
//	inactivate, reactivate       a user (type users) or a product
//	clone_layout       module    data.name, data.from (default Standard)
//	layout_field       module    data.layout, data.field, data.on, data.required
//	layout_value       module    data.layout, data.field, data.value, data.on: which values of a picklist a layout offers
//	create_module      data as for POST /settings/modules; add_web_tab: data.name, data.link
//	add_workflow       module    data.name, data.on (create, edit; empty: both), data.field, data.criteria, data.set: a rule that sets fields
//	create_field       module    data as for POST /settings/fields
//	create_subform     module    data.field_label, data.fields as for POST /settings/fields
//	delete_field       module    data.field: an added field, with its values
//	field_access       module    data.field, data.profile, data.permission (read_write, read_only, hidden)
//	lock_config        module    data as for POST /settings/record_locking_configurations
//	enable_currencies, add_currency (data.iso_code, data.exchange_rate), set_currency (data.iso_code, is_active, exchange_rate)
//	add_tax            data.name, data.value
//	add_view           module    data.name, data.criteria (field, comparator, value, or a group of them)
//	add_variable_group data.name, data.description
//	add_user           data.first_name, last_name, email, profile, type
//	enable_territories, add_territory (data.name, data.parent), set_privacy (data.on)
//	set_organisation   data: name, address and numbers as GET /org shows them
//	revoke             id: a refresh token; empty: all tokens of the acting user
type Action struct {
	User   string         `json:"user"`
	Action string         `json:"action"`
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Data   map[string]any `json:"data"`
	Into   string         `json:"into"`
	// Source is where the record's timeline says the change came from: one of Sources, crm_ui if empty.
	Source string `json:"source,omitempty"`
}

// Sources are the origins of a change that Action.Source takes, in the words of
// the timeline (section 4.3): qb is the vendor's own link to QuickBooks.
func Sources() []string {
	return []string{"crm_ui", "crm_mobile", "import", "qb", "webform", "zoho_finance"}
}

// Result says what an action made or touched.
type Result struct {
	ID string `json:"id"`
}

// Do plays a person. The same rules hold as in the screens: the layout's
// mandatory fields, read-only fields, locks; automation runs, notifications go
// out, and Modified_By is the person.
func (b *Box) Do(ctx context.Context, a Action) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	data, err := normalise(a.Data)
	if err != nil {
		return Result{}, fmt.Errorf("%s %s: %w", a.Action, a.Type, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runJobs()
	u := b.superAdmin()
	if a.User != "" {
		if u = b.findUser(a.User); u == nil {
			return Result{}, fmt.Errorf("there is no user %q", a.User)
		}
	}
	if a.Source != "" && !slices.Contains(Sources(), a.Source) {
		return Result{}, fmt.Errorf("the source %q is unknown: use one of %s", a.Source, strings.Join(Sources(), ", "))
	}
	c := &call{b: b, user: u, base: b.watch.base, mod: b.module[a.Type], body: object{}, batch: batch{source: a.Source, person: u.name(), automation: true, workflow: true}}
	id, err := b.act(c, a, data)
	if err != nil {
		return Result{}, fmt.Errorf("%s %s %s: %w", a.Action, a.Type, a.ID, err)
	}
	b.watch.close(b)
	return Result{ID: id}, b.flush()
}

// normalise turns Go values into those a decoded request would hold.
func normalise(data map[string]any) (object, error) {
	if data == nil {
		return object{}, nil
	}
	return decodeObject(appendJSON(nil, data))
}

func (b *Box) act(c *call, a Action, data object) (string, error) {
	if onOrganisation[a.Action] || a.Type == "users" {
		return b.actOnOrganisation(c, a, data)
	}
	if c.mod == nil {
		return "", fmt.Errorf("there is no module %q", a.Type)
	}
	if onModule[a.Action] {
		return b.actOnModule(c, a, data)
	}
	return b.actOnRecord(c, a, data)
}

func (b *Box) actOnRecord(c *call, a Action, data object) (string, error) {
	m := c.mod
	if a.Action == "create" {
		r, f := b.insert(c, m, data, "$.data[0]")
		if f != nil {
			return "", told(f)
		}
		return r.sid(), nil
	}
	if a.Action == "restore" {
		gm, g := b.inBin(a.ID)
		if g == nil {
			return "", fmt.Errorf("it is not in the recycle bin")
		}
		b.restore(c, gm, g)
		return a.ID, nil
	}
	id, _ := parseID(a.ID)
	r := m.table.get(id)
	if r == nil {
		return "", fmt.Errorf("there is no such record")
	}
	return a.ID, b.change(c, m, r, a, data)
}

// change does to a living record what a person can do to it.
func (b *Box) change(c *call, m *module, r *record, a Action, data object) error {
	switch a.Action {
	case "update":
		_, f := b.update(c, m, r, data, "$.data[0]", r.modified)
		return told(f)
	case "delete":
		_, f := b.remove(c, r.sid())
		return told(f)
	case "inactivate", "reactivate":
		if m.field("Product_Active") == nil {
			return fmt.Errorf("records of %s have no active switch", m.name)
		}
		_, f := b.update(c, m, r, object{"Product_Active": a.Action == "reactivate"}, "$.data[0]", r.modified)
		return told(f)
	case "merge":
		into, _ := parseID(a.Into)
		w := m.table.get(into)
		if w == nil || w.id == r.id {
			return fmt.Errorf("there is no record %q to merge into", a.Into)
		}
		b.merge(c, m, w, r, data)
		return nil
	case "convert":
		if m.name != leadModule {
			return fmt.Errorf("records of %s are converted over the API", m.name)
		}
		if f := b.mayConvert(c, r); f != nil {
			return told(f)
		}
		_, f := b.makeOfLead(c, r, data)
		return told(f)
	case "lock":
		if r.lock != nil {
			return fmt.Errorf("the record is already locked")
		}
		b.lockRecord(c, m, r, text(data["reason"]))
		return nil
	case "unlock":
		if r.lock == nil || r.lock.Source == "Automatic" {
			return fmt.Errorf("the record is not locked by hand")
		}
		b.unlockRecord(c, m, r)
		return nil
	}
	n := r.clone()
	switch a.Action {
	case "hold":
		n.inMerge = true
	case "release":
		n.inMerge = false
	case "check_image", "image_checked":
		if m.field("Record_Image") == nil {
			return fmt.Errorf("records of %s have no image", m.name)
		}
		n.imageCheck = a.Action == "check_image"
	case "submit":
		n.approval = "submitted"
	case "approve":
		n.approval = ""
	case "review", "reviewed":
		n.review = a.Action == "review"
	default:
		return fmt.Errorf("the action is unknown: see the documentation of Action")
	}
	b.put(m, n)
	b.logWrite(c, a.Action, m.name, r.sid(), nil)
	return nil
}

// told makes an error of a refusal, with the field it is about.
func told(f *failure) error {
	if f == nil {
		return nil
	}
	return refused{f}
}

// refused is a refusal as a person is told of it.
type refused struct{ f *failure }

func (r refused) Error() string {
	return fmt.Sprintf("%s: %s %s", r.f.code, r.f.message, strings.TrimSpace(string(appendJSON(nil, r.f.details))))
}
