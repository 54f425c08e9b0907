package qbobox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bodies in XML are read into the same objects as those in JSON (reference
// section 2). What an element becomes is said by the properties of its entity:
// a reference holds its id as text and its name as an attribute, a list repeats
// its element, numbers and flags are texts.

// tag is an element with what is inside.
type tag struct {
	name  string
	attrs map[string]string
	chars []byte // as they come, in as many pieces as somebody cut them
	text  string
	kids  []*tag
}

// deepest bounds how far elements may be nested.
const deepest = 64

func parseXML(raw []byte) (*tag, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	var root *tag
	var path []*tag
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if root == nil || len(path) > 0 {
				return nil, errors.New("no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := &tag{name: t.Name.Local}
			if len(t.Attr) > 0 {
				e.attrs = make(map[string]string, len(t.Attr))
			}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			if len(path) == 0 && root != nil || len(path) >= deepest {
				return nil, errors.New("more than one element, or too deep")
			}
			if len(path) == 0 {
				root = e
			} else {
				up := path[len(path)-1]
				up.kids = append(up.kids, e)
			}
			path = append(path, e)
		case xml.EndElement:
			last := len(path) - 1
			path[last].text, path[last].chars = string(path[last].chars), nil
			path = path[:last]
		case xml.CharData:
			if len(path) > 0 {
				e := path[len(path)-1]
				e.chars = append(e.chars, t...)
			}
		}
	}
}

// isXML tells whether a call's body is in the older format.
func isXML(kind string, raw []byte) bool {
	return strings.Contains(kind, "xml") || !strings.Contains(kind, "json") && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<"))
}

// unreadable stands for a body that is refused where it is read.
var unreadable = []byte("<")

// fromXML makes the JSON of a call's body. An element that is not of the entity
// in the address is as unreadable as what is no XML.
func (b *Box) fromXML(rq *request) []byte {
	root, err := parseXML(rq.body)
	if err != nil {
		return unreadable
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if root.name == "IntuitBatchRequest" {
		return encode(b.batchOf(root))
	}
	if e := b.entities[rq.parts[0]]; e != nil && e.name != root.name {
		return unreadable
	}
	return encode(b.entityOf(root))
}

// metadataOf makes the JSON of what is said of a file that comes along.
func (b *Box) metadataOf(raw []byte) []byte {
	root, err := parseXML(raw)
	if err != nil || root.name != "Attachable" {
		return unreadable
	}
	return encode(b.entityOf(root))
}

// batchOf reads the items of a batch: what they are called stands in
// attributes, what they do inside.
func (b *Box) batchOf(root *tag) object {
	items := []any{}
	for _, t := range root.kids {
		it := object{}
		for k, v := range t.attrs {
			it[k] = v
		}
		for _, k := range t.kids {
			switch k.name {
			case "Query":
				it["Query"] = strings.TrimSpace(k.text)
			case "CDCQuery":
				it["CDCQuery"] = generic(k)
			default:
				it[k.name] = b.entityOf(k)
			}
		}
		items = append(items, it)
	}
	return object{"BatchItemRequest": items}
}

func (b *Box) entityOf(t *tag) object {
	e := b.entities[strings.ToLower(t.name)]
	out := object{}
	for _, k := range []string{"domain", "sparse", "status"} {
		if v, ok := t.attrs[k]; ok {
			out[k] = v
			if k == "sparse" {
				out[k] = strings.EqualFold(v, "true")
			}
		}
	}
	for _, k := range t.kids {
		f, known := field{}, false
		if e != nil && e.name == t.name {
			f, known = e.fields[k.name]
		}
		switch {
		case k.attrs["nil"] == "true":
		case !known:
			put(out, k.name, generic(k), false)
		default:
			put(out, k.name, propertyOf(f, k), f.kind == kNest && f.of.many)
		}
	}
	return out
}

// put adds a value; a list takes further ones, so does a name that comes again.
func put(o object, name string, v any, many bool) {
	old, again := o[name]
	list, isList := old.([]any)
	switch {
	case isList:
		o[name] = append(list, v)
	case again:
		o[name] = []any{old, v}
	case many:
		o[name] = []any{v}
	default:
		o[name] = v
	}
}

// propertyOf reads one property in the form that its field has.
func propertyOf(f field, t *tag) any {
	switch f.kind {
	case kRef:
		return reference(t)
	case kMemo:
		return object{"value": t.text}
	case kBool:
		return truth(t.text)
	case kNumber:
		return numeral(t.text)
	case kNest:
		return insideOf(f.of, t)
	case kPhone, kEmail, kWeb, kAddress:
		return generic(t)
	}
	if len(t.kids) > 0 {
		return generic(t)
	}
	return t.text
}

func insideOf(in inside, t *tag) any {
	switch in.form {
	case "ref":
		return reference(t)
	case "flag":
		return truth(t.text)
	case "number":
		return numeral(t.text)
	}
	n, isNest := nests[in.form]
	if !isNest {
		return generic(t)
	}
	out := object{}
	for _, k := range t.kids {
		of, known := n[k.name]
		if !known {
			put(out, k.name, generic(k), false)
			continue
		}
		put(out, k.name, insideOf(of, k), of.many)
	}
	return out
}

func reference(t *tag) any {
	if len(t.kids) > 0 {
		return generic(t)
	}
	o := object{"value": strings.TrimSpace(t.text)}
	for _, k := range []string{"name", "type"} {
		if v := t.attrs[k]; v != "" {
			o[k] = v
		}
	}
	return o
}

// generic reads an element whose form nobody knows.
func generic(t *tag) any {
	if len(t.kids) == 0 {
		return t.text
	}
	out := object{}
	for _, k := range t.kids {
		put(out, k.name, generic(k), false)
	}
	return out
}

func truth(s string) any {
	switch strings.TrimSpace(s) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return s
}

func numeral(s string) any {
	s = strings.TrimSpace(s)
	if _, ok := toDecimal(s); ok && json.Valid([]byte(s)) {
		return jsonNumber(s)
	}
	return s
}
