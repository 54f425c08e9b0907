package qbobox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// object is one entity as it stands on the wire. Numbers are json.Number.
type object = map[string]any

func decode(raw []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var o object
	if err := dec.Decode(&o); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one object")
	}
	return o, nil
}

func mustDecode(raw []byte) object {
	o, err := decode(raw)
	if err != nil {
		panic("qbobox: a stored record is not JSON: " + err.Error())
	}
	return o
}

func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("qbobox: cannot encode: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// clone copies an object deeply, so that nothing stored is shared with a caller.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	default:
		return v
	}
}

func cloneObject(o object) object {
	if o == nil {
		return nil
	}
	out, _ := clone(o).(object)
	return out
}

// inner is an object inside an object, made when it is missing.
func inner(o object, key string) object {
	in, ok := o[key].(object)
	if !ok {
		in = object{}
		o[key] = in
	}
	return in
}

// normal turns whatever a Go caller put into an object (ints, decimals,
// nested structs) into the types that decoding yields.
func normal(o object) object { return mustDecode(encode(o)) }

// dig walks nested objects by a dotted path.
func dig(o object, path string) any {
	var cur any = o
	for part := range strings.SplitSeq(path, ".") {
		m, ok := cur.(object)
		if !ok {
			return nil
		}
		cur = m[part]
	}
	return cur
}

func str(o object, path string) string {
	switch v := dig(o, path).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

func flag(o object, path string) bool {
	switch v := dig(o, path).(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	default:
		return false
	}
}

func has(o object, key string) bool { _, ok := o[key]; return ok }

func list(o object, path string) []object {
	raw, _ := dig(o, path).([]any)
	out := make([]object, 0, len(raw))
	for _, e := range raw {
		if m, ok := e.(object); ok {
			out = append(out, m)
		}
	}
	return out
}

func anys(objs []object) []any {
	out := make([]any, len(objs))
	for i, o := range objs {
		out[i] = o
	}
	return out
}

func num(o object, path string) decimal.Decimal {
	d, _ := toDecimal(dig(o, path))
	return d
}

func hasNum(o object, path string) bool {
	_, ok := toDecimal(dig(o, path))
	return ok
}

func toDecimal(v any) (decimal.Decimal, bool) {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimSpace(v)
	default:
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil
}

// number writes a decimal the way the vendor does: trailing zeros dropped.
func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// cents rounds money half up, away from zero.
func cents(d decimal.Decimal) decimal.Decimal { return d.Round(2) }

func sum[T any](in []T, f func(T) decimal.Decimal) decimal.Decimal {
	total := decimal.Zero
	for _, e := range in {
		total = total.Add(f(e))
	}
	return total
}

func ref(value, name string) object {
	if name == "" {
		return object{"value": value}
	}
	return object{"value": value, "name": name}
}

// equalBut compares two objects, leaving the named top-level keys out.
func equalBut(a, b object, skip ...string) bool {
	strip := func(o object) []byte {
		o = maps.Clone(o)
		maps.DeleteFunc(o, func(k string, _ any) bool { return slices.Contains(skip, k) })
		return encode(o)
	}
	return bytes.Equal(strip(a), strip(b))
}
