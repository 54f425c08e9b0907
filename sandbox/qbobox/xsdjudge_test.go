package qbobox_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// judge holds what the box serves against the vendor's schemas, and against
// recorded exchanges where those show more than the schemas say.
type judge struct {
	xsd *xsdSchema
	// seen is what recordings hold: by type and property, the kinds of value,
	// and the words of texts.
	seen map[string]map[string]bool
	// found are the deviations, each with the first value that showed it.
	found map[string]any
	// served counts entities by name, so that a test can tell it saw them all.
	served map[string]int
	// learning: values are noted in seen instead of judged.
	learning bool
}

// recordedKinds learns from the recordings once.
var recordedKinds = sync.OnceValues(func() (map[string]map[string]bool, error) {
	xsd, err := schema()
	if err != nil || xsd == nil {
		return nil, err
	}
	j := &judge{xsd: xsd, seen: map[string]map[string]bool{}, found: map[string]any{}, served: map[string]int{}, learning: true}
	for _, folder := range []string{"recorded-json", "json-fixtures"} {
		files, err := filepath.Glob(filepath.Join(reference, folder, "*.json"))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			var o m
			dec := json.NewDecoder(bytes.NewReader(raw))
			dec.UseNumber()
			if err := dec.Decode(&o); err != nil {
				return nil, err
			}
			if r, ok := o["response"].(m); ok {
				o = r
			}
			j.answer(o)
		}
	}
	return j.seen, nil
})

// newJudge is nil where the reference is not there.
func newJudge(t testing.TB) *judge {
	t.Helper()
	xsd, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	if xsd == nil {
		return nil
	}
	seen, err := recordedKinds()
	if err != nil {
		t.Fatal(err)
	}
	return &judge{xsd: xsd, seen: seen, found: map[string]any{}, served: map[string]int{}}
}

// answer judges a whole answer, whatever it holds.
func (j *judge) answer(o m) {
	switch {
	case o["TaxRateDetails"] != nil:
		j.entity("TaxService", o)
		return
	case o["Header"] != nil && o["Columns"] != nil:
		j.object("Report", "Report", o)
		return
	}
	for k, v := range o {
		j.part(k, v)
	}
}

func (j *judge) part(k string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			o, ok := e.(m)
			switch {
			case !ok:
			case j.xsd.types[k] != nil && j.xsd.types[k].fields["SyncToken"].typ != "":
				j.entity(k, o)
			default:
				j.answer(o)
			}
		}
	case m:
		switch {
		case k == "QueryResponse":
			j.answer(v)
		case k == "Fault":
			j.object("Fault", "Fault", v)
		case j.xsd.types[k] != nil:
			j.entity(k, v)
		}
	}
}

func (j *judge) entity(name string, o m) {
	j.served[name]++
	o = cloneWithout(o, "time")
	j.object(name, name, o)
}

func cloneWithout(o m, key string) m {
	out := m{}
	for k, v := range o {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// object judges the properties of one object of a type; path names the place
// for people, typ the place in the schema.
func (j *judge) object(path, typ string, o m) {
	t := j.xsd.types[typ]
	for k, v := range o {
		at, key := path+"."+k, typ+"."+k
		f, known := xsdField{}, false
		if t != nil {
			f, known = t.fields[k]
		}
		if t != nil && t.open && !known {
			continue
		}
		elements, isList := v.([]any)
		if !isList {
			elements = []any{v}
		}
		if known && f.many != isList {
			j.note(at, key, "list: "+strconv.FormatBool(isList), v)
		}
		for _, e := range elements {
			j.value(at, key, f.typ, known, e)
		}
	}
}

func (j *judge) value(path, key, typ string, known bool, v any) {
	inner, isObject := v.(m)
	if isObject {
		if !known || j.xsd.types[typ] == nil {
			j.note(path, key, "object", v)
			typ = key
		}
		j.object(path, typ, inner)
		return
	}
	kind := kindOfValue(v)
	if !known || j.xsd.types[typ] != nil {
		j.note(path, key, kind, v)
		return
	}
	base, words := j.xsd.plain(typ)
	if !fits(base, v) {
		j.note(path, key, kind+" for "+base, v)
	} else if len(words) > 0 && !slices.Contains(words, v.(string)) {
		j.note(path, key, "word "+v.(string), v)
	}
}

// note keeps what the schema does not have: as learnt, or as a deviation
// unless it was learnt.
func (j *judge) note(path, key, what string, v any) {
	if j.learning {
		if j.seen[key] == nil {
			j.seen[key] = map[string]bool{}
		}
		j.seen[key][what] = true
		return
	}
	if name := path + ", " + what; !j.seen[key][what] && j.found[name] == nil {
		j.found[name] = v
	}
}

func kindOfValue(v any) string {
	switch v.(type) {
	case json.Number:
		return "number"
	case bool:
		return "flag"
	case string:
		return "text"
	case nil:
		return "null"
	default:
		return "object"
	}
}

var wholeNumber = regexp.MustCompile(`^-?\d+$`)

// fits tells whether a value has the form that a simple type asks for in JSON.
func fits(base string, v any) bool {
	switch x := v.(type) {
	case bool:
		return base == "boolean"
	case json.Number:
		switch base {
		case "decimal", "float", "double":
			return true
		case "int", "integer", "long", "short", "positiveInteger", "nonNegativeInteger":
			return wholeNumber.MatchString(x.String())
		}
		return false
	case string:
		switch base {
		case "string", "anyURI", "token", "normalizedString", "anyType":
			return true
		case "date":
			_, err := time.Parse("2006-01-02", x)
			return err == nil
		case "dateTime":
			_, err := time.Parse(time.RFC3339, x)
			return err == nil
		}
	}
	return false
}
