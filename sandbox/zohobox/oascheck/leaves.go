package oascheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// leaf is one thing that is wrong in one place.
type leaf struct {
	at   string
	what string
	path []string

	key     string // of the object at the place that is missing or too many
	lacking bool
}

// leaves takes an error of the validator apart. Of alternatives the one that
// fits best speaks: the vendor's documents describe a result as one of success
// and failures, and what is wrong with the other ones says nothing.
func leaves(err error) []leaf {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return nil
	}
	return together(apart(v))
}

// together makes one finding of all keys that an object lacks and has too many,
// and leaves out what no schema looked at because another part of it failed.
func together(all []leaf) []leaf {
	var out []leaf
	lacks, extra, paths := map[string][]string{}, map[string][]string{}, map[string][]string{}
	for _, l := range all {
		if l.key == "" {
			out = append(out, l)
			continue
		}
		paths[l.at] = l.path
		if l.lacking {
			lacks[l.at] = append(lacks[l.at], l.key)
		} else {
			extra[l.at] = append(extra[l.at], l.key)
		}
	}
	for at, path := range paths {
		var what []string
		for _, part := range []struct {
			verb string
			keys []string
		}{{"lacks ", lacks[at]}, {"has ", extra[at]}} {
			if slices.Sort(part.keys); len(part.keys) > 0 {
				what = append(what, part.verb+strings.Join(slices.Compact(part.keys), ", "))
			}
		}
		out = append(out, leaf{at: at, what: strings.Join(what, "; "), path: path})
	}
	if known := slices.DeleteFunc(slices.Clone(out), func(l leaf) bool { return l.what == unlooked }); len(known) > 0 {
		return known
	}
	return out
}

// unlooked is a key that no part of a schema speaks of.
const unlooked = "is in no part of the schema"

func apart(v *jsonschema.ValidationError) []leaf {
	switch k := v.ErrorKind.(type) {
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			return nil // two alternatives that overlap are the document's own flaw
		}
		return best(v)
	case *kind.AnyOf:
		return best(v)
	}
	if len(v.Causes) > 0 {
		var all []leaf
		for _, c := range v.Causes {
			all = append(all, apart(c)...)
		}
		return all
	}
	return named(v)
}

func best(v *jsonschema.ValidationError) []leaf {
	var least []leaf
	for i, c := range v.Causes {
		if try := apart(c); i == 0 || weight(try) < weight(least) {
			least = try
		}
	}
	return least
}

// weight counts: a wrong type, a missing key and another code count more, because
// they tell alternatives apart.
func weight(ls []leaf) int {
	n := 0
	for _, l := range ls {
		n++
		if l.lacking || strings.HasSuffix(l.at, ".code") || strings.HasPrefix(l.what, "is no ") && strings.Contains(l.what, " but ") {
			n += 2
		}
	}
	return n
}

func one(v *jsonschema.ValidationError, what string) []leaf {
	return []leaf{{at: place(v.InstanceLocation), what: what, path: v.InstanceLocation}}
}

func named(v *jsonschema.ValidationError) []leaf {
	switch k := v.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var all []leaf
		for _, p := range k.Properties {
			all = append(all, leaf{at: place(v.InstanceLocation), path: v.InstanceLocation, key: p})
		}
		return all
	case *kind.Required:
		var all []leaf
		for _, p := range k.Missing {
			all = append(all, leaf{at: place(v.InstanceLocation), path: v.InstanceLocation, key: p, lacking: true})
		}
		return all
	case *kind.FalseSchema:
		return one(v, unlooked)
	case *kind.Type:
		want := slices.Clone(k.Want)
		slices.Sort(want)
		return one(v, fmt.Sprintf("is no %s but %s", strings.Join(want, " or "), k.Got))
	case *kind.Enum:
		return one(v, "is not in the document's list")
	case *kind.Const:
		return one(v, fmt.Sprintf("is not %v", k.Want))
	case *kind.Format:
		return one(v, "is no "+k.Want)
	case *kind.Pattern:
		return one(v, "does not fit the pattern "+k.Want)
	case *kind.MaxLength:
		return one(v, fmt.Sprintf("is longer than %d", k.Want))
	case *kind.MinLength:
		return one(v, fmt.Sprintf("is shorter than %d", k.Want))
	case *kind.MaxItems:
		return one(v, fmt.Sprintf("has more than %d entries", k.Want))
	case *kind.MinItems:
		return one(v, fmt.Sprintf("has fewer than %d entries", k.Want))
	case *kind.MaxProperties, *kind.MinProperties:
		return one(v, "has another number of keys")
	case *kind.UniqueItems:
		return one(v, "has an entry twice")
	}
	return one(v, strings.Join(v.ErrorKind.KeywordPath(), "/"))
}

// place writes a path without the numbers of list entries.
func place(path []string) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, p := range path {
		if _, err := strconv.Atoi(p); err == nil {
			b.WriteString("[]")
			continue
		}
		b.WriteString("." + p)
	}
	return b.String()
}

// example is the value at the place.
func (l leaf) example(v any) string {
	for _, p := range l.path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			n, _ := strconv.Atoi(p)
			if n < len(x) {
				v = x[n]
			}
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
