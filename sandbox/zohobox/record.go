package zohobox

import (
	"encoding/json"
	"sort"
	"strings"
	"time"
)

// record is one row of a module. Its values are replaced as a whole on every
// change, never edited, so a rendered answer may outlive the lock.
//
// Look-ups are stored as the target's id; the name a client sees is read at the
// time of asking, as the vendor does.
type record struct {
	id         int64
	vals       map[string]any
	owner      string
	createdBy  string
	modifiedBy string
	created    time.Time
	modified   time.Time
	layout     string
	lines      []int64 // rows of a document, in order
	parent     int64   // document of a row
	approval   string  // "" is approved
	inMerge    bool
	imageCheck bool // its image is being validated
	review     bool // waits for a reviewer
	lock       *lock
	stockRows  []stockRow // what its lines mean for the stock
}

func (r *record) sid() string { return formatID(r.id) }

// held reports whether something passing keeps a record from being written: a
// merge under way, or the validation of its image (section 10).
func (r *record) held() bool { return r.inMerge || r.imageCheck }

// clone is the base of the next version of a record.
func (r *record) clone() *record {
	n := *r
	n.vals = make(map[string]any, len(r.vals)+4)
	for k, v := range r.vals {
		n.vals[k] = v
	}
	n.lines = append([]int64(nil), r.lines...)
	return &n
}

// table holds the live records of a module and the indexes that keep every
// look-up of the API away from a walk over all records.
type table struct {
	rows       map[int64]*record
	byID       sorted
	byModified sorted
	byCreated  sorted
	equal      map[string]postings // field -> folded value -> ids; built on first use
	search     searchIndex
	journal    *journal // of the composite request that runs
}

// postings lists, in ascending order, the records that hold a value.
type postings map[string][]int64

func newTable() *table {
	return &table{rows: map[int64]*record{}, equal: map[string]postings{}, search: searchIndex{docs: map[int64]*record{}}}
}

func (t *table) get(id int64) *record { return t.rows[id] }

// put stores a new version of a record in place of the old one.
func (t *table) put(r *record) {
	t.remember(r.id)
	old := t.rows[r.id]
	if old == nil {
		t.byID.insert(entry{r.id, r.id})
		t.byCreated.insert(entry{r.created.Unix(), r.id})
		t.byModified.insert(entry{r.modified.Unix(), r.id})
	} else {
		if !old.created.Equal(r.created) {
			t.byCreated.remove(entry{old.created.Unix(), r.id})
			t.byCreated.insert(entry{r.created.Unix(), r.id})
		}
		if !old.modified.Equal(r.modified) {
			t.byModified.remove(entry{old.modified.Unix(), r.id})
			t.byModified.insert(entry{r.modified.Unix(), r.id})
		}
	}
	t.rows[r.id] = r
	for name, p := range t.equal {
		was, is := "", indexKey(r.value(name))
		if old != nil {
			was = indexKey(old.value(name))
		}
		if was != is {
			p.remove(was, r.id)
			p.add(is, r.id)
		}
	}
}

func (t *table) remove(id int64) {
	r := t.rows[id]
	if r == nil {
		return
	}
	t.remember(id)
	delete(t.rows, id)
	t.byID.remove(entry{id, id})
	t.byCreated.remove(entry{r.created.Unix(), id})
	t.byModified.remove(entry{r.modified.Unix(), id})
	for name, p := range t.equal {
		p.remove(indexKey(r.value(name)), id)
	}
}

// holding finds the records whose field equals the value, letter case aside.
// The index of a field is built when somebody first asks for it.
func (t *table) holding(field string, value any) []int64 {
	p, built := t.equal[field]
	if !built {
		p = postings{}
		t.byID.ascend(entry{}, func(e entry) bool {
			p.add(indexKey(t.rows[e.id].value(field)), e.id)
			return true
		})
		t.equal[field] = p
	}
	key := indexKey(value)
	if key == "" {
		return nil
	}
	return p[key]
}

// value reads a stored field, wherever the record keeps it.
func (r *record) value(name string) any {
	switch name {
	case "id":
		return r.sid()
	case "Owner":
		return orNil(r.owner)
	case "Created_By":
		return orNil(r.createdBy)
	case "Modified_By":
		return orNil(r.modifiedBy)
	case "Parent_Id":
		if r.parent == 0 {
			return nil
		}
		return formatID(r.parent)
	case "Created_Time":
		return r.created
	case "Modified_Time", "Change_Log_Time__s", "Last_Activity_Time":
		return r.modified
	case "Layout":
		return orNil(r.layout)
	case "Converted__s":
		return isConverted(r)
	case "Full_Name":
		return orNil(fullName(r.vals))
	}
	return r.vals[name]
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func fullName(vals map[string]any) string {
	return strings.TrimSpace(text(vals["First_Name"]) + " " + text(vals["Last_Name"]))
}

// indexKey folds a value for equality; the vendor's unique fields ignore case
// unless told otherwise (section 9.2).
func indexKey(v any) string {
	switch v := v.(type) {
	case string:
		return strings.ToLower(v)
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

func (p postings) add(key string, id int64) {
	if key == "" {
		return
	}
	ids := p[key]
	i := sort.Search(len(ids), func(i int) bool { return ids[i] >= id })
	if i < len(ids) && ids[i] == id {
		return
	}
	ids = append(ids, 0)
	copy(ids[i+1:], ids[i:])
	ids[i] = id
	p[key] = ids
}

func (p postings) remove(key string, id int64) {
	ids := p[key]
	i := sort.Search(len(ids), func(i int) bool { return ids[i] >= id })
	if i >= len(ids) || ids[i] != id {
		return
	}
	if len(ids) == 1 {
		delete(p, key)
		return
	}
	p[key] = append(ids[:i], ids[i+1:]...)
}
