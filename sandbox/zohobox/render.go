package zohobox

import (
	"encoding/json"
)

// wire is a field's value as a client sees it.
func (b *Box) wire(m *module, r *record, f *field, c *call) any {
	zone := c.zone()
	switch f.Name {
	case "id":
		return r.sid()
	case "Created_By", "Modified_By", "Owner":
		id, _ := r.value(f.Name).(string)
		return objectOrNil(b.userByID(id).ownerRef())
	case "Layout":
		if l := m.layoutByID(r.layout); l != nil {
			return object{"id": l.ID, "name": l.Name, "display_label": l.Name}
		}
		return nil
	case "Locked__s":
		return r.lock != nil
	case "Record_Status__s":
		return "Available"
	case "Tag":
		return b.tagsOf(r)
	case "Expected_Revenue":
		if f.ReadOnly { // of deals; campaigns have one that people fill
			return expectedRevenue(r)
		}
	}
	v := r.value(f.Name)
	switch f.Type {
	case "boolean":
		return v == true
	case "lookup":
		id, _ := v.(string)
		return objectOrNil(b.lookupRef(f, id))
	case "ownerlookup", "userlookup":
		id, _ := v.(string)
		return objectOrNil(b.userByID(id).ownerRef())
	case "datetime":
		if t, isTime := moment(v); isTime {
			return stamp(t, zone)
		}
		return nil
	case "fileupload", "imageupload":
		return b.wireFiles(f, r, c)
	case oneTerritory:
		return objectOrNil(b.territoryAt(text(v)).ref())
	case manyTerritories:
		return b.showTerritories(v)
	case consentLookup:
		return b.showConsent(r, v, zone)
	case multiUsers:
		return b.multiRows(f, v)
	case "multiselectpicklist", "linetax":
		if v == nil {
			return []any{}
		}
	}
	if f.External == "user" && text(r.vals[externalOwner(f)]) != c.user.ID {
		return nil // each user sees only what he set himself (section 6)
	}
	return v
}

// externalOwner is the hidden value that remembers who set a user-type external
// field.
func externalOwner(f *field) string { return "$external " + f.Name }

func objectOrNil(o object) any {
	if o == nil {
		return nil
	}
	return o
}

// lookupRef shows the target of a look-up under its present name. Products on
// lines also show their code and their currency (section 7.2).
func (b *Box) lookupRef(f *field, id string) object {
	if id == "" {
		return nil
	}
	m := b.holder(f, id)
	if m == nil {
		return nil
	}
	n, _ := parseID(id)
	t := m.table.get(n)
	if t == nil {
		t = m.bin[n] // a row keeps the name of a deleted product
	}
	if t == nil {
		return object{"id": id, "name": nil}
	}
	o := object{"id": id, "name": displayName(m, t)}
	if m.name == "Products" {
		if code := t.vals["Product_Code"]; code != nil {
			o["Product_Code"] = code
		}
		if b.org.Multi {
			o["Currency"] = t.vals["Currency"]
		}
	}
	return o
}

func displayName(m *module, r *record) string {
	if m.nameField == "" {
		return ""
	}
	return text(r.value(m.nameField))
}

func expectedRevenue(r *record) any {
	amount, probability := number(r.vals["Amount"]), number(r.vals["Probability"])
	if r.vals["Amount"] == nil {
		return nil
	}
	return json.Number(amount.Mul(probability).Shift(-2).Round(2).String())
}

// column is a requested field, possibly through a look-up (a COQL column).
type column struct {
	name string
	f    *field
}

const maxColumns = 50

// columns reads the mandatory fields parameter of a list (section 4.1). Names
// that do not exist are left out, as the vendor does.
func (b *Box) columns(c *call, m *module) ([]column, *failure) {
	names := splitFields(c.param("fields"))
	if len(names) == 0 {
		return nil, &failure{status: 400, code: "REQUIRED_PARAM_MISSING", message: "One of the expected parameter is missing", details: object{"param_name": "fields"}}
	}
	if len(names) > maxColumns {
		return nil, &failure{status: 400, code: "LIMIT_EXCEEDED", message: "The number of fields has exceeded the limit", details: object{"limit": maxColumns, "param_name": "fields"}}
	}
	cols := make([]column, 0, len(names))
	for _, n := range names {
		f := m.field(n)
		switch {
		case n == "$approval_state":
			cols = append(cols, column{name: n})
		case f != nil && f.inLists() && b.visibleField(f, c.user):
			cols = append(cols, column{name: n, f: f})
		}
	}
	return cols, nil
}

// project renders the asked-for columns; the id always comes back. Line items
// never do (section 4.1).
func (b *Box) project(m *module, r *record, cols []column, c *call) object {
	o := make(object, len(cols)+1)
	o["id"] = r.sid()
	for _, col := range cols {
		if col.f == nil {
			o[col.name] = approvalState(r)
			continue
		}
		o[col.name] = b.wire(m, r, col.f, c)
		if !c.full && col.f.textKind() == "rich_text" {
			o[col.name] = cut(o[col.name])
		}
	}
	return o
}

// cut shortens a rich text to what lists show of it (section 4.1).
func cut(v any) any {
	if s := []rune(text(v)); len(s) > richListMax {
		return string(s[:richListMax])
	}
	return v
}

// approvalState names in the vendor's word what a record waits for.
func approvalState(r *record) string {
	switch {
	case r.approval == "submitted":
		return "approval_process_pending"
	case r.approval != "":
		return r.approval
	case r.review:
		return "review_process_pending"
	case r.imageCheck:
		return "zia_vision_pending"
	}
	return "approved"
}

// whole renders everything a user may see of a record, with its rows and the
// system properties (section 4.2).
func (b *Box) whole(m *module, r *record, c *call) object {
	o := make(object, len(m.fields)+20)
	for _, f := range m.fields {
		if b.visibleField(f, c.user) && f.Type != "subform" {
			o[f.Name] = b.wire(m, r, f, c)
		}
		if f.Links != nil {
			o[f.Name] = b.showTies(f, r)
		}
	}
	locked := r.lock != nil && b.lockedFor(m, r, c.user)
	o["$approved"] = r.approval == ""
	o["$approval_state"] = approvalState(r)
	o["$approval"] = object{"delegate": false, "approve": false, "reject": false, "resubmit": false}
	o["$editable"] = !locked
	o["$locked_for_me"] = locked
	o["$in_merge"] = r.inMerge
	o["$converted"] = isConverted(r)
	o["$field_states"] = nil
	o["$process_flow"] = false
	o["$orchestration"] = false
	o["$pathfinder"] = false
	o["$review"] = nil
	o["$review_process"] = object{"approve": r.review, "reject": r.review, "resubmit": false}
	o["$state"] = "save"
	o["$zia_visions"] = nil
	o["$sharing_permission"] = "full_access"
	o["$currency_symbol"] = b.symbolOf(r)
	if l := m.layoutByID(r.layout); l != nil {
		o["$layout_id"] = object{"id": l.ID, "name": l.Name, "display_label": l.Name}
	}
	if about, has := b.aboutModule(m, r); has {
		o[anyModule] = about
	}
	if m.name == priceBooks {
		o["$has_more"], o[pricingDetails] = object{pricingDetails: false}, listOrEmpty(r.vals[pricingDetails])
	}
	if m.lines != "" {
		o["$has_more"] = object{m.lines: false}
		o["$line_tax"] = listOrEmpty(r.vals["$line_tax"])
		o[m.lines] = b.rows(m, r, c)
	}
	b.showSubforms(m, r, c, o)
	return o
}

func listOrEmpty(v any) any {
	if v == nil {
		return []any{}
	}
	return v
}

func (b *Box) symbolOf(r *record) string {
	iso := text(r.vals["Currency"])
	if iso == "" {
		iso = b.org.Home
	}
	if s := currencySymbols[iso]; s != "" {
		return s
	}
	return iso
}

// firstPage leaves a record with as many rows as come with it over the API; the
// others are read from the line module (section 4.2).
func (b *Box) firstPage(o object) object {
	more, has := o["$has_more"].(object)
	if !has {
		return o
	}
	shown := object{}
	for _, name := range sortedKeys(more) {
		rows, _ := o[name].([]any)
		if shown[name] = len(rows) > b.opt.Dials.RowsShown; shown[name] == true {
			o[name] = rows[:b.opt.Dials.RowsShown]
		}
	}
	o["$has_more"] = shown
	return o
}

// rows renders the lines of a document in their order.
func (b *Box) rows(m *module, r *record, c *call) []any {
	lm := b.module[m.lines]
	out := make([]any, 0, len(r.lines))
	for _, id := range r.lines {
		row := lm.table.get(id)
		if row == nil {
			row = lm.bin[id]
		}
		if row == nil {
			continue
		}
		o := make(object, len(lm.fields))
		for _, f := range lm.fields {
			if b.visibleField(f, c.user) {
				o[f.Name] = b.wire(lm, row, f, c)
			}
		}
		o["$has_more"] = object{}
		out = append(out, o)
	}
	return out
}

// personRef is the short form of a user in results.
func (b *Box) personRef(id string) any {
	return objectOrNil(b.userByID(id).ref())
}

// stampOf is the part of a result that says who did what when (section 4.3).
func (b *Box) stampOf(r *record, c *call) object {
	return object{
		"id": r.sid(), "Created_Time": stamp(r.created, c.zone()), "Modified_Time": stamp(r.modified, c.zone()),
		"Created_By": b.personRef(r.createdBy), "Modified_By": b.personRef(r.modifiedBy), "$approval_state": approvalState(r),
	}
}
