package zohobox

import (
	"fmt"
	"slices"
)

// convertsTo lists what a document may become, and the field of the new one that
// looks back at it (section 6).
var convertsTo = map[string]map[string]string{
	"Quotes":       {"Sales_Orders": "Quote_Name", "Invoices": ""},
	"Sales_Orders": {"Invoices": "Sales_Order"},
}

// convertedKey remembers on a document that it was converted.
const convertedKey = "$converted"

const leadModule = "Leads"

// convertCredits: one, and five for a lead (section 14).
func convertCredits(c *call) int {
	if c.mod.name == leadModule {
		return leadCredits
	}
	return 1
}

// convertRecord answers POST /{Quotes|Sales_Orders|Leads}/{id}/actions/convert.
func (b *Box) convertRecord(c *call) answer {
	targets := convertsTo[c.mod.name]
	if targets == nil && c.mod.name != leadModule {
		return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"resource_path_index": 0})
	}
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	if f := b.mayConvert(c, r); f != nil {
		return f.answer()
	}
	if c.mod.name == leadModule {
		return b.convertLead(c, r)
	}
	wanted, tagged, f := b.conversion(c, targets)
	if f != nil {
		return answer{status: 400, body: object{"data": []any{f.item()}}}
	}
	c.batch.readTrigger(c.body)
	var drafts []*draft
	for _, name := range wanted {
		d := b.check(c, b.module[name], nil, b.convertedObject(c.mod, r, b.module[name], targets[name]), "$.data[0]")
		if f := d.fault(); f != nil {
			return answer{status: 400, body: object{"data": []any{f.item()}}}
		}
		drafts = append(drafts, d)
	}
	details := object{}
	for _, d := range drafts {
		if tagged[d.m.name] {
			b.carryTags(c, r, d)
		}
		b.commit(d, "create")
		details[d.m.name] = object{"id": d.rec.sid(), "name": displayName(d.m, d.rec)}
	}
	n := c.mod.table.get(r.id).clone()
	n.vals[convertedKey] = true
	n.modified, n.modifiedBy = b.now(), c.user.ID
	b.put(c.mod, n)
	b.history(c, c.mod, r, n, "convert", nil)
	b.note(c, c.mod, n, "update", nil)
	b.watch.close(b)
	return ok(object{"data": []any{success(details, "The record has been converted successfully")}})
}

func (b *Box) mayConvert(c *call, r *record) *failure {
	at := object{"resource_path_index": 1}
	switch {
	case r.vals[convertedKey] == true:
		return &failure{status: 400, code: "ID_ALREADY_CONVERTED", message: "the record is already converted", details: at}
	case r.approval != "":
		return &failure{status: 400, code: "NOT_APPROVED", message: "cannot convert record that is not approved yet", details: at}
	case r.review:
		return notReviewed(at).with(400)
	case r.held() || r.lock != nil && b.lockedFor(c.mod, r, c.user) && b.lockRestricts(c.mod, "convert"):
		return &failure{status: 400, code: "RECORD_LOCKED", message: "you cannot perform this operation as the record is locked", details: object{"id": r.sid(), "action": "record_locking"}}
	}
	return nil
}

// conversion reads which documents are wanted.
func (b *Box) conversion(c *call, targets map[string]string) (wanted []string, tagged map[string]bool, f *failure) {
	rows := list(c.body["data"])
	tagged = map[string]bool{}
	if len(rows) != 1 {
		return nil, nil, missing("data", "$")
	}
	o, _ := rows[0].(object)
	to := list(o["convert_to"])
	if len(to) == 0 {
		return nil, nil, missing("convert_to", "$.data[0]")
	}
	for i, v := range to {
		path := fmt.Sprintf("$.data[0].convert_to[%d].module", i)
		e, _ := v.(object)
		mo, _ := e["module"].(object)
		name := text(mo["api_name"])
		if name == "" {
			return nil, nil, missing("api_name", path)
		}
		if _, allowed := targets[name]; !allowed {
			return nil, nil, invalidAt("api_name", path+".api_name", nil)
		}
		if id := text(mo["id"]); id != "" && id != b.module[name].ID {
			return nil, nil, invalidAt("id", path+".id", nil)
		}
		if slices.Contains(wanted, name) {
			return nil, nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "api_name", "json_path": path + ".api_name"}}
		}
		if !c.token.allows("ZohoCRM.modules." + b.module[name].scope + ".CREATE") {
			return nil, nil, noPermission("Crm_Implied_Create_" + name)
		}
		wanted = append(wanted, name)
		tagged[name] = e["carry_over_tags"] == true
	}
	return wanted, tagged, nil
}

// carryTags puts the tags of a document on the one made of it; tags belong to a
// module, so that they may have to be made there first.
func (b *Box) carryTags(c *call, from *record, d *draft) {
	var ids []any
	for _, id := range list(from.vals[tagsKey]) {
		old := b.tagByID(text(id))
		if old == nil {
			continue
		}
		t := b.tagNamed(d.m, old.Name)
		if t == nil {
			t = b.addTag(c, d.m, old.Name, old.Colour)
		}
		ids = append(ids, t.ID)
	}
	if len(ids) > 0 {
		d.rec.vals[tagsKey] = ids
	}
}

// convertedObject carries over what both documents have.
func (b *Box) convertedObject(from *module, r *record, to *module, back string) object {
	copied := b.copyOf(from, r)
	o := object{}
	for k, v := range copied {
		f, own := to.field(k), from.field(k)
		if f != nil && own != nil && f.Type == own.Type && f.Lookup == own.Lookup && k != "Status" {
			o[k] = v
		}
	}
	if v := copied["Deal_Name"]; v != nil && to.field("Deal_Name__s") != nil {
		o["Deal_Name__s"] = v
	}
	o["$line_tax"] = copied["$line_tax"]
	o[to.lines] = copied[from.lines]
	if back != "" {
		o[back] = object{"id": r.sid()}
	}
	return o
}
