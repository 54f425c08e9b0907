package zohobox

import (
	"fmt"
	"slices"
)

// followOwner are the modules whose records may change hands together with what
// they hang below.
var followOwner = []string{"Tasks", "Events", "Calls", "Contacts", "Deals"}

// changeOwner answers POST /{module}/{id}/actions/change_owner. It is no edit: a
// locked record is given away unless its lock restricts that (section 10).
func (b *Box) changeOwner(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	owner, with, f := b.newOwner(c)
	switch {
	case f != nil:
		return f.answer()
	case c.mod.isLine():
		return refuse(400, "NOT_SUPPORTED", "rows belong to the owner of their document", object{"resource_path_index": 0})
	case r.approval != "":
		return refuse(400, "NOT_APPROVED", "cannot update record that is not approved yet", object{"resource_path_index": 1})
	case r.held() || r.lock != nil && b.lockedFor(c.mod, r, c.user) && b.lockRestricts(c.mod, "change_owner"):
		return refuse(400, "RECORD_LOCKED", "you cannot perform this operation as the record is locked", object{"id": r.sid(), "action": "record_locking"})
	}
	c.batch.readTrigger(object{})
	b.hand(c, c.mod, r, owner)
	for _, rl := range b.relatedLists(c.mod) {
		if !slices.Contains(with, rl.module.name) {
			continue
		}
		for _, id := range slices.Clone(b.idsBelow(&rl, r)) {
			below := rl.module.table.get(id)
			if !b.lockedFor(rl.module, below, c.user) || !b.lockRestricts(rl.module, "change_owner") {
				b.hand(c, rl.module, below, owner)
			}
		}
	}
	b.watch.close(b)
	return ok(success(object{"id": r.sid()}, "owner updated successfully"))
}

// newOwner reads who gets the record and which related ones go along.
func (b *Box) newOwner(c *call) (owner *user, with []string, f *failure) {
	o, _ := c.body["owner"].(object)
	if text(o["id"]) == "" {
		return nil, nil, missing("owner", "$")
	}
	owner = b.userByID(text(o["id"]))
	if owner == nil || !owner.Active {
		return nil, nil, invalidAt("id", "$.owner.id", nil)
	}
	for i, row := range list(c.body["related_modules"]) {
		name := text(asObject(row)["api_name"])
		if !slices.Contains(followOwner, name) {
			return nil, nil, invalidAt("api_name", fmt.Sprintf("$.related_modules[%d].api_name", i), nil)
		}
		with = append(with, name)
	}
	return owner, with, nil
}

// hand gives a record to another owner.
func (b *Box) hand(c *call, m *module, r *record, to *user) {
	n := r.clone()
	n.owner, n.modified, n.modifiedBy = to.ID, b.now(), c.user.ID
	b.put(m, n)
	b.logWrite(c, "update", m.name, r.sid(), object{"Owner": object{"id": to.ID}})
	b.history(c, m, r, n, "update", []string{"Owner"})
	b.note(c, m, n, "update", []string{"Owner"})
	b.runWorkflows(c, m, n, "update", []string{"Owner"})
}
