package zohobox

import (
	"net/http"
	"slices"
	"time"
)

// note is a text on a record (section 6).
type note struct {
	ID       int64     `json:"id"`
	Module   string    `json:"module"`
	Parent   int64     `json:"parent"`
	Title    string    `json:"title"`
	Content  string    `json:"content"`
	By       string    `json:"by"`
	ModBy    string    `json:"mod_by"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
}

const (
	noteTitleMax   = 120
	noteContentMax = 32_000
)

// noteService holds what hangs on records: notes and attachments.
type noteService struct {
	notes  map[int64]*note
	notesO map[int64][]*note // by record, oldest first
	files  map[int64]*attachment
	filesO map[int64][]*attachment
}

func (s *noteService) init() {
	s.notes, s.notesO = map[int64]*note{}, map[int64][]*note{}
	s.files, s.filesO = map[int64]*attachment{}, map[int64][]*attachment{}
}

func (s *noteService) add(n *note) {
	s.notes[n.ID] = n
	s.notesO[n.Parent] = append(s.notesO[n.Parent], n)
}

func (s *noteService) attach(a *attachment) {
	s.files[a.ID] = a
	s.filesO[a.Parent] = append(s.filesO[a.Parent], a)
}

// forget drops what hung on a record that is gone for good.
func (s *noteService) forget(b *Box, id int64) {
	for _, n := range s.notesO[id] {
		delete(s.notes, n.ID)
		b.drop("note", formatID(n.ID))
	}
	for _, a := range s.filesO[id] {
		b.filled -= int64(len(a.Data))
		delete(s.files, a.ID)
		b.drop("attachment", formatID(a.ID))
	}
	delete(s.notesO, id)
	delete(s.filesO, id)
}

func noteScope(op string) []string { return []string{"ZohoCRM.modules.notes." + op} }

func (b *Box) findNotes(c *call) (route, answer) {
	if len(c.path) > 2 {
		return none(c)
	}
	by := map[string]route{
		http.MethodGet:    {run: b.getNotes, kind: kindRead, scopes: noteScope("READ")},
		http.MethodPut:    {run: b.putNotes, kind: kindWrite, scopes: noteScope("UPDATE"), body: true},
		http.MethodDelete: {run: b.deleteNotes, kind: kindWrite, scopes: noteScope("DELETE")},
	}
	if len(c.path) == 2 {
		return methods(c, "/Notes/{id}", by)
	}
	by[http.MethodPost] = route{run: b.postNotes, kind: kindWrite, scopes: noteScope("CREATE"), body: true}
	return methods(c, "/Notes", by)
}

func (b *Box) findNotesOf(c *call, pattern string) (route, answer) {
	return methods(c, pattern+"/{id}/Notes", map[string]route{
		http.MethodGet:  {run: b.getNotes, kind: kindRead, scopes: noteScope("READ")},
		http.MethodPost: {run: b.postNotes, kind: kindWrite, scopes: noteScope("CREATE"), body: true},
	})
}

// getNotes answers the notes of a record, one note, or all: the last is for
// administrators only (section 6).
func (b *Box) getNotes(c *call) answer {
	all := []*note{}
	switch {
	case c.mod != nil:
		r, f := b.addressed(c)
		if f != nil {
			return f.answer()
		}
		all = b.notes.notesO[r.id]
	case len(c.path) == 2:
		id, _ := parseID(c.path[1])
		if n := b.notes.notes[id]; n != nil {
			return ok(object{"data": []any{b.renderNote(c, n)}})
		}
		return noContent()
	default:
		if !b.isAdmin(c.user) {
			return refuse(403, "NOT_SUPPORTED", "Notes can be listed by administrators only", nil)
		}
		for _, n := range b.notes.notes {
			all = append(all, n)
		}
	}
	return b.listNotes(c, all)
}

// listNotes pages through notes as lists of records are paged.
func (b *Box) listNotes(c *call, all []*note) answer {
	if c.param("fields") == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "fields"})
	}
	l, f := readPaging(c)
	if f != nil {
		return f.answer()
	}
	only := splitFields(c.param("ids"))
	byID := map[int64]*note{}
	var places []entry
	for _, n := range all {
		if b.module[n.Module].table.get(n.Parent) != nil && (len(only) == 0 || slices.Contains(only, formatID(n.ID))) {
			byID[n.ID] = n
			places = append(places, l.place(n.ID, n.Created, n.Modified))
		}
	}
	shown, more, f := b.page(c, l, places)
	if f != nil {
		return f.answer()
	}
	if len(shown) == 0 {
		return noContent()
	}
	var out []any
	for _, e := range shown {
		out = append(out, b.renderNote(c, byID[e.id]))
	}
	without := []string{"call", "email"}
	if len(c.path) > 1 { // the notes of a record are a related list
		without = append(without, "sort_by", "sort_order")
	}
	return ok(object{"data": out, "info": less(b.listInfo(c, l, len(out), more, shown[len(shown)-1]), without...)})
}

func (b *Box) renderNote(c *call, n *note) object {
	m := b.module[n.Module]
	p := m.table.get(n.Parent)
	o := object{
		"id": formatID(n.ID), "Note_Title": orNil(n.Title), "Note_Content": n.Content, "Owner": b.personRef(n.By), "Created_By": b.personRef(n.By), "Modified_By": b.personRef(n.ModBy),
		"Created_Time": stamp(n.Created, c.zone()), "Modified_Time": stamp(n.Modified, c.zone()), "$attachments": nil, "$editable": true, "$is_shared_to_client": false,
		"$size": nil, "$voice_note": false, "$state": "save", "$sharing_permission": "full_access",
	}
	name := ""
	if p != nil {
		name = displayName(m, p)
	}
	o["Parent_Id"] = object{"id": formatID(n.Parent), "name": name, "module": object{"api_name": m.name, "id": m.ID}}
	return o
}

func (b *Box) noteStamp(c *call, n *note) object {
	return object{"id": formatID(n.ID), "Created_Time": stamp(n.Created, c.zone()), "Modified_Time": stamp(n.Modified, c.zone()), "Created_By": b.personRef(n.By), "Modified_By": b.personRef(n.ModBy)}
}

// noteRows is the list of a write of notes.
func (b *Box) noteRows(c *call) ([]any, *answer) {
	rows := list(c.body["data"])
	if len(rows) == 0 || len(rows) > writeMax {
		a := answer{status: http.StatusBadRequest, body: object{"data": []any{missing("data", "$").item()}}}
		return nil, &a
	}
	return rows, nil
}

// postNotes answers POST /Notes and POST /{module}/{id}/Notes.
func (b *Box) postNotes(c *call) answer {
	rows, refused := b.noteRows(c)
	if refused != nil {
		return *refused
	}
	var parent *record
	if c.mod != nil {
		r, f := b.addressed(c)
		if f != nil {
			return f.answer()
		}
		parent = r
	}
	return b.writeRows(rows, http.StatusCreated, func(path string, o object) (object, *failure) {
		m, r, f := b.noteParent(c, parent, o, path)
		if f != nil {
			return nil, f
		}
		n := &note{Module: m.name, Parent: r.id, By: c.user.ID, Created: b.now()}
		if f := n.read(o, path); f != nil {
			return nil, f
		}
		n.ID, n.Modified, n.ModBy = b.ids.record(), n.Created, c.user.ID
		b.notes.add(n)
		b.save("note", formatID(n.ID), n)
		return success(b.noteStamp(c, n), "record added"), nil
	})
}

func (b *Box) noteParent(c *call, parent *record, o object, path string) (*module, *record, *failure) {
	if parent != nil {
		return c.mod, parent, nil
	}
	p, isObject := o["Parent_Id"].(object)
	if !isObject {
		return nil, nil, missing("Parent_Id", path)
	}
	mo, _ := p["module"].(object)
	name := text(mo["api_name"])
	if name == "" {
		name = text(o["$se_module"])
	}
	m := b.module[name]
	if m == nil || m.isLine() {
		return nil, nil, invalidAt("api_name", path+".Parent_Id.module.api_name", nil)
	}
	id, _ := parseID(text(p["id"]))
	r := m.table.get(id)
	if r == nil {
		return nil, nil, invalidAt("id", path+".Parent_Id.id", nil)
	}
	return m, r, nil
}

// read takes title and content over; one of them must be there.
func (n *note) read(o object, path string) *failure {
	if v, given := o["Note_Title"]; given {
		n.Title = text(v)
	}
	if v, given := o["Note_Content"]; given {
		n.Content = text(v)
	}
	switch {
	case n.Title == "" && n.Content == "":
		return &failure{code: "EXPECTED_FIELD_MISSING", message: "should contain either content or title", details: object{"expected_fields": []any{
			object{"api_name": "Note_Title", "json_path": path + ".Note_Title"}, object{"api_name": "Note_Content", "json_path": path + ".Note_Content"},
		}}}
	case len([]rune(n.Title)) > noteTitleMax:
		return invalidAt("Note_Title", path+".Note_Title", object{"maximum_length": noteTitleMax})
	case len([]rune(n.Content)) > noteContentMax:
		return invalidAt("Note_Content", path+".Note_Content", object{"maximum_length": noteContentMax})
	}
	return nil
}

// putNotes answers PUT /Notes and PUT /Notes/{id}.
func (b *Box) putNotes(c *call) answer {
	rows, refused := b.noteRows(c)
	if refused != nil {
		return *refused
	}
	return b.writeRows(rows, http.StatusOK, func(path string, o object) (object, *failure) {
		sid := text(o["id"])
		if len(c.path) == 2 {
			sid = c.path[1]
		}
		if sid == "" {
			return nil, missing("id", path)
		}
		id, _ := parseID(sid)
		old := b.notes.notes[id]
		if old == nil {
			return nil, invalidAt("id", path+".id", nil)
		}
		n := *old
		if f := n.read(o, path); f != nil {
			return nil, f
		}
		n.Modified, n.ModBy = b.now(), c.user.ID
		*old = n
		b.save("note", sid, old)
		return success(b.noteStamp(c, old), "record updated"), nil
	})
}

// deleteNotes answers DELETE /Notes?ids= and DELETE /Notes/{id}.
func (b *Box) deleteNotes(c *call) answer {
	ids := splitFields(c.param("ids"))
	if len(c.path) == 2 {
		ids = []string{c.path[1]}
	}
	if len(ids) == 0 {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "ids"})
	}
	var out []any
	for _, s := range ids {
		id, _ := parseID(s)
		n := b.notes.notes[id]
		if n == nil {
			out = append(out, (&failure{code: "INVALID_DATA", message: "record not deleted", details: object{"id": s}}).item())
			continue
		}
		delete(b.notes.notes, id)
		b.notes.notesO[n.Parent] = slices.DeleteFunc(b.notes.notesO[n.Parent], func(x *note) bool { return x == n })
		b.drop("note", s)
		out = append(out, success(object{"id": s}, "record deleted"))
	}
	return answer{status: writeStatus(out, http.StatusOK, b.opt.Dials.MixedStatus), body: object{"data": out}}
}
