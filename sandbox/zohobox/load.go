package zohobox

import (
	"fmt"
	"time"
)

// Load puts many records in at once: the same checks and sums as an insert, but
// no write log, automation, stock movement or notification. An id may be given,
// and so may Created_Time, Modified_Time and Owner (as a user's name or id).
func (b *Box) Load(module string, records []map[string]any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.module[module]
	if m == nil || m.isLine() {
		return fmt.Errorf("load %s: there is no such module", module)
	}
	u := b.superAdmin()
	c := &call{b: b, user: u, mod: m, body: object{}, batch: batch{trigger: []any{}}}
	for i, rec := range records {
		o, err := normalise(rec)
		if err != nil {
			return fmt.Errorf("load %s: record %d: %w", module, i, err)
		}
		if err := b.loadOne(c, m, o); err != nil {
			return fmt.Errorf("load %s: record %d: %w", module, i, err)
		}
	}
	return b.flush()
}

func (b *Box) loadOne(c *call, m *module, o object) error {
	if who := text(o["Owner"]); who != "" {
		owner := b.findUser(who)
		if owner == nil {
			return fmt.Errorf("there is no user %q", who)
		}
		o["Owner"] = object{"id": owner.ID}
	}
	d := b.check(c, m, nil, o, "$")
	if f := d.fault(); f != nil {
		return told(f)
	}
	r := d.rec
	r.id, _ = parseID(text(o["id"]))
	switch {
	case r.id == 0:
		r.id = b.ids.record()
	case m.table.get(r.id) != nil:
		return fmt.Errorf("the id %d is taken", r.id)
	}
	for name, into := range map[string]*time.Time{"Created_Time": &r.created, "Modified_Time": &r.modified} {
		if t, valid := parseMoment(text(o[name])); valid {
			*into = t.Truncate(time.Second)
		}
	}
	b.assignNumber(m, r)
	if m.lines != "" {
		b.commitRows(d)
	}
	b.autoLock(m, r)
	b.put(m, r)
	b.commitTies(d)
	b.commitSubforms(d)
	m.table.search.docs[r.id] = r // the index knew it long ago
	return nil
}
