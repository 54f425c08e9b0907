package mapping

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crossbook"
)

// MissingRefError says that a body needs a record that is not linked yet.
type MissingRefError struct {
	Field, Label string
	Ref          crossbook.Ref
}

func (e *MissingRefError) Error() string {
	return fmt.Sprintf("%s refers to %s, which has no linked record", e.Label, e.Ref)
}

// CRMBody writes wanted canonical fields in Zoho's words: all fields of the
// part, or those named. On creation empty fields are left out; on update they
// are null, which clears (R60); numbers that know no empty value are 0. Values the CRM's picklists lack are left out
// (R54), so the body may come out empty: then there is nothing to write.
func (m *Mapping) CRMBody(
	mod crossbook.Module, part crossbook.Part, want crossbook.Fields, only []string, creating bool, refs Refs,
) (map[string]any, error) {
	body := map[string]any{}
	for _, p := range m.Pairs(mod, part) {
		v, ok := want[p.Field]
		if !ok || !p.ToCRM() || !chosen(p, only, creating) {
			continue
		}
		if (creating && v == "" && !p.Zero) || m.pickListMiss(mod, p, v) != "" {
			continue
		}
		raw, err := crmValue(p, v, refs)
		if err != nil {
			return nil, err
		}
		if raw == keep {
			continue
		}
		body[p.Field] = raw
	}
	return body, nil
}

// chosen tells whether a body holds the pair.
func chosen(p Pair, only []string, creating bool) bool {
	if p.Policy == CreateOnly && !creating {
		return false
	}
	return only == nil || slices.Contains(only, p.Field)
}

// keep marks a value that is not to be written.
var keep any = new(struct{ _ byte })

// crmValue is one canonical value in Zoho's words (reference/zoho-crm.md
// section 4.7).
func crmValue(p Pair, v string, refs Refs) (any, error) {
	if v == "" && p.Zero {
		v = "0"
	}
	if v == "" {
		return nil, nil
	}
	switch p.Kind {
	case Decimal, Money:
		return json.Number(v), nil
	case Bool:
		return v == "true", nil
	case Reference:
		if id, ok := strings.CutPrefix(v, unlinked); ok {
			return map[string]any{"id": id}, nil
		}
		id, ok := refs.CRMID(p.Target, v)
		if !ok {
			return nil, &MissingRefError{Field: p.Field, Label: p.Label, Ref: crossbook.BooksRef(p.Target.Entity(), v)}
		}
		return map[string]any{"id": id}, nil
	case Company:
		names, ok := refs.(AccountNames)
		if !ok {
			return keep, nil
		}
		id, ok := names.AccountNamed(v)
		if !ok {
			return keep, nil
		}
		return map[string]any{"id": id}, nil
	default:
		return v, nil
	}
}

// pickListMiss says why a value cannot stand in the CRM field, or nothing.
func (m *Mapping) pickListMiss(mod crossbook.Module, p Pair, v string) string {
	f, ok := m.meta.CRMFields[mod][p.Field]
	if v == "" || !ok || f.DataType != "picklist" || len(f.PickList) == 0 || p.Kind == Code {
		return ""
	}
	if slices.Contains(f.PickList, v) {
		return ""
	}
	return fmt.Sprintf("The picklist %s of the CRM has no value %q.", p.Label, v)
}

// MandatoryEmpty lists the labels of fields that must not be empty and are:
// required pairs and those the CRM's metadata calls mandatory. It is what error
// 2 names (R58).
func (m *Mapping) MandatoryEmpty(mod crossbook.Module, part crossbook.Part, want crossbook.Fields) []string {
	var out []string
	for _, p := range m.Pairs(mod, part) {
		f := m.meta.CRMFields[mod][p.Field]
		if (p.Required || f.Mandatory) && p.ToCRM() && p.Kind != Bool && want[p.Field] == "" {
			out = append(out, p.Label)
		}
	}
	return out
}
