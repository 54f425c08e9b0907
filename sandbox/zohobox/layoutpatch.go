package zohobox

import (
	"fmt"
	"net/http"
)

// Limits of a layout change (section 9.3).
const (
	layoutFieldsPerCall   = 5
	layoutSectionsPerCall = 5
)

// patchLayout changes one layout: its name, its sections, and which fields
// stand on it. A field can be marked mandatory but not unmarked.
func (b *Box) patchLayout(c *call) answer {
	m, f := b.moduleParam(c)
	if f == nil {
		f = b.needAdmin(c.user)
	}
	if f != nil {
		return f.answer()
	}
	l := m.layoutByID(c.path[2])
	if l == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
	}
	return c.each("layouts", 1, http.StatusOK, func(path string, o object) (object, *failure) {
		if f := countLayoutWork(o, path); f != nil {
			return nil, f
		}
		next := l.copied()
		if name := text(o["name"]); name != "" && name != l.Name {
			if l.Standard || m.layoutNamed(name) != nil {
				return nil, &failure{code: "NOT_ALLOWED", message: "the layout cannot have this name", details: object{"api_name": "name", "json_path": path + ".name"}}
			}
			next.Name = name
		}
		for i, v := range list(o["sections"]) {
			so, _ := v.(object)
			if f := b.patchSection(m, next, so, fmt.Sprintf("%s.sections[%d]", path, i)); f != nil {
				return nil, f
			}
		}
		next.Modified = b.now()
		*l = *next
		b.save("layout", l.ID, l)
		return success(object{"id": l.ID}, "layout updated"), nil
	})
}

func countLayoutWork(o object, path string) *failure {
	sections := list(o["sections"])
	fields := 0
	for _, v := range sections {
		so, _ := v.(object)
		fields += len(list(so["fields"]))
	}
	if len(sections) > layoutSectionsPerCall || fields > layoutFieldsPerCall {
		return &failure{code: "LIMIT_EXCEEDED", message: "at most five sections and five fields can be changed in one call", details: object{"limit": layoutFieldsPerCall, "api_name": "sections", "json_path": path + ".sections"}}
	}
	return nil
}

func (l *layout) copied() *layout {
	n := *l
	n.Sections = nil
	for _, s := range l.Sections {
		c := *s
		c.Fields = append([]string(nil), s.Fields...)
		n.Sections = append(n.Sections, &c)
	}
	n.Required = map[string]bool{}
	for k := range l.Required {
		n.Required[k] = true
	}
	return &n
}

func (b *Box) patchSection(m *module, l *layout, o object, path string) *failure {
	var s *section
	for _, x := range l.Sections {
		if x.ID == text(o["id"]) {
			s = x
		}
	}
	if s == nil {
		if o["id"] != nil {
			return invalidAt("id", path+".id", nil)
		}
		name := text(o["name"])
		if name == "" {
			name = text(o["display_label"])
		}
		if name == "" {
			return missing("name", path)
		}
		s = &section{ID: b.ids.meta(), Name: name}
		l.Sections = append(l.Sections, s)
	}
	for i, v := range list(o["fields"]) {
		fo, _ := v.(object)
		if f := b.patchLayoutField(m, l, s, fo, fmt.Sprintf("%s.fields[%d]", path, i)); f != nil {
			return f
		}
	}
	return nil
}

func (b *Box) patchLayoutField(m *module, l *layout, s *section, o object, path string) *failure {
	f := m.fieldByID(text(o["id"]))
	if f == nil {
		return invalidAt("id", path+".id", nil)
	}
	if _, off := o["_delete"]; off {
		if f.Mandatory {
			return &failure{code: "NOT_ALLOWED", message: "a mandatory field stays on the layout", details: object{"api_name": "_delete", "json_path": path + "._delete"}}
		}
		l.take(f.Name)
		return nil
	}
	required := l.Required[f.Name]
	if !l.has(f.Name) || o["sequence_number"] != nil {
		l.take(f.Name)
		s.Fields = append(s.Fields, f.Name)
	}
	switch v, given := o["required"].(bool); {
	case given && !v && required:
		return &failure{code: "NOT_ALLOWED", message: "a mandatory mark cannot be taken off", details: object{"api_name": "required", "json_path": path + ".required"}}
	case required || v:
		l.Required[f.Name] = true
	}
	return nil
}
