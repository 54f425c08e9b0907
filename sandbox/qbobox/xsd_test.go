package qbobox_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// The vendor's schemas, read where they lie; they are not part of this
// repository.
const reference = "../../../shared/reference/quickbooks"

// xsdField is one property of a type: an element or, in JSON just the same, an
// attribute.
type xsdField struct {
	typ  string
	many bool
}

// xsdType is a type with properties, those of its base types included. A text
// with attributes (a reference, a memo) has its text as the property "value".
type xsdType struct {
	base   string
	fields map[string]xsdField
	open   bool // anything may stand inside
}

// xsdSimple is a text with a form: what it is built on, and its closed list.
type xsdSimple struct {
	base   string
	values []string
}

// xsdSchema is what all schema files say together.
type xsdSchema struct {
	types  map[string]*xsdType
	simple map[string]xsdSimple
	groups map[string]xsdNode
}

type xsdNode struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []xsdNode  `xml:",any"`
}

func (n xsdNode) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n xsdNode) kids(name string) (out []xsdNode) {
	for _, k := range n.Nodes {
		if k.XMLName.Local == name {
			out = append(out, k)
		}
	}
	return out
}

// schema is read once for all tests; nil without the reference.
var schema = sync.OnceValues(readSchema)

func readSchema() (*xsdSchema, error) {
	files, err := filepath.Glob(filepath.Join(reference, "xsd", "*.xsd"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	s := &xsdSchema{types: map[string]*xsdType{}, simple: map[string]xsdSimple{}, groups: map[string]xsdNode{}}
	var roots []xsdNode
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var root xsdNode
		if err := xml.Unmarshal(raw, &root); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		for _, g := range root.kids("group") {
			s.groups[g.attr("name")] = g
		}
		roots = append(roots, root)
	}
	for _, root := range roots {
		for _, n := range root.kids("simpleType") {
			s.simple[n.attr("name")] = simpleOf(n)
		}
		for _, n := range root.kids("complexType") {
			s.types[n.attr("name")] = s.typeOf(n.attr("name"), n)
		}
	}
	for _, t := range s.types {
		s.inherit(t)
	}
	return s, nil
}

func simpleOf(n xsdNode) xsdSimple {
	var out xsdSimple
	for _, r := range n.kids("restriction") {
		out.base = r.attr("base")
		for _, e := range r.kids("enumeration") {
			out.values = append(out.values, e.attr("value"))
		}
	}
	return out
}

// typeOf reads one type; what it holds without a name of its own becomes a
// type named after its place.
func (s *xsdSchema) typeOf(name string, n xsdNode) *xsdType {
	t := &xsdType{fields: map[string]xsdField{}}
	s.fill(t, name, n, false)
	return t
}

func (s *xsdSchema) fill(t *xsdType, place string, n xsdNode, many bool) {
	for _, k := range n.Nodes {
		all := many || k.attr("maxOccurs") == "unbounded"
		switch k.XMLName.Local {
		case "sequence", "choice", "complexContent":
			s.fill(t, place, k, all)
		case "simpleContent":
			for _, e := range k.kids("extension") {
				t.fields["value"] = xsdField{typ: e.attr("base")}
				s.fill(t, place, e, false)
			}
		case "extension":
			t.base = k.attr("base")
			s.fill(t, place, k, many)
		case "group":
			s.fill(t, place, s.groups[k.attr("ref")], all)
		case "any":
			t.open = true
		case "element", "attribute":
			s.field(t, place, k, all)
		}
	}
}

func (s *xsdSchema) field(t *xsdType, place string, k xsdNode, many bool) {
	name, typ := k.attr("name"), k.attr("type")
	if name == "" { // ref: any entity, under its own name
		t.open = true
		return
	}
	inner := place + "." + name
	for _, c := range k.kids("complexType") {
		s.types[inner], typ = s.typeOf(inner, c), inner
	}
	for _, c := range k.kids("simpleType") {
		s.simple[inner], typ = simpleOf(c), inner
	}
	t.fields[name] = xsdField{typ: typ, many: many}
}

func (s *xsdSchema) inherit(t *xsdType) {
	up := s.types[t.base]
	if up == nil {
		return
	}
	t.base = ""
	s.inherit(up)
	for k, f := range up.fields {
		if _, own := t.fields[k]; !own {
			t.fields[k] = f
		}
	}
	t.open = t.open || up.open
}

// plain follows a simple type down to what it is built on, with the innermost
// closed list.
func (s *xsdSchema) plain(typ string) (base string, values []string) {
	for {
		t, ok := s.simple[typ]
		if !ok {
			return strings.TrimPrefix(typ, "xs:"), values
		}
		if len(values) == 0 {
			values = slices.Clone(t.values)
		}
		typ = t.base
	}
}
