package mapping

import (
	"fmt"
	"slices"

	"crossbook"
)

// Mapping is a checked mapping, ready to project and to write.
type Mapping struct {
	settings crossbook.Settings
	meta     Metadata
	pairs    map[crossbook.Module][]Pair
	parts    map[crossbook.Module]map[crossbook.Part][]Pair
	stopped  map[crossbook.Module]bool
}

// Compile checks a mapping document against the settings and the live metadata
// (R53, R63). It always gives a mapping: pairs with an issue are left out of
// it, and a module with a fatal one is stopped. Added fields that the CRM does
// not have are issues too, marked Absent.
func Compile(d Document, s crossbook.Settings, meta Metadata) (*Mapping, []Issue) {
	m := &Mapping{
		settings: s, meta: meta,
		pairs:   map[crossbook.Module][]Pair{},
		parts:   map[crossbook.Module]map[crossbook.Part][]Pair{},
		stopped: map[crossbook.Module]bool{},
	}
	var issues []Issue
	for _, mod := range crossbook.Modules() {
		if !mod.TwoWay() {
			continue
		}
		c := compiler{module: mod, meta: meta}
		c.fields, c.known = meta.CRMFields[mod]
		m.pairs[mod] = c.pairs(slices.Concat(d.Modules[mod], treePairs(s, mod)), presetOf(s, mod))
		m.parts[mod] = byPart(m.pairs[mod])
		for _, i := range c.issues {
			if i.Fatal {
				m.stopped[mod] = true
			}
		}
		issues = append(issues, c.issues...)
	}
	sortIssues(issues)
	return m, issues
}

// presetOf is the preset of one module: it knows which pairs are required.
func presetOf(s crossbook.Settings, mod crossbook.Module) []Pair { return Default(s).Modules[mod] }

// Stopped tells whether a fatal issue stops the module.
func (m *Mapping) Stopped(mod crossbook.Module) bool { return m.stopped[mod] }

// Pairs lists the pairs of a link part in the order of the document. The list is
// the mapping's own: it must not be changed.
func (m *Mapping) Pairs(mod crossbook.Module, part crossbook.Part) []Pair { return m.parts[mod][part] }

func byPart(pairs []Pair) map[crossbook.Part][]Pair {
	out := map[crossbook.Part][]Pair{}
	for _, part := range []crossbook.Part{crossbook.Whole, crossbook.Company, crossbook.Person} {
		for _, p := range pairs {
			if p.In(part) {
				out[part] = append(out[part], p)
			}
		}
	}
	return out
}

// Pair finds one pair by its CRM field.
func (m *Mapping) Pair(mod crossbook.Module, field string) (Pair, bool) {
	for _, p := range m.pairs[mod] {
		if p.Field == field {
			return p, true
		}
	}
	return Pair{}, false
}

// compiler checks one module.
type compiler struct {
	module crossbook.Module
	meta   Metadata
	fields map[string]CRMField
	known  bool
	issues []Issue
}

func (c *compiler) pairs(pairs, preset []Pair) []Pair {
	c.required(pairs, preset)
	c.targets(pairs)
	var out []Pair
	for _, p := range pairs {
		if p.Policy == Never {
			continue
		}
		if p.Kind == Code && p.Policy == CreateOnly && !c.currency(p) {
			continue
		}
		if c.pair(p) {
			out = append(out, p)
		}
	}
	return out
}

// required reports required presets that a person removed (R63).
func (c *compiler) required(pairs, preset []Pair) {
	for _, want := range preset {
		if !want.Required && want.Field != FieldID {
			continue
		}
		if !slices.ContainsFunc(pairs, func(p Pair) bool { return p.Field == want.Field && p.Books == want.Books }) {
			c.fatal(want.Field, fmt.Sprintf("The required pair %s - %s is missing.", want.Label, want.Books),
				"Put the pair back, or reset the mapping of this module to its preset.")
		}
	}
}

// targets reports targets that two pairs would write (R63). Two pairs may read
// one source.
func (c *compiler) targets(pairs []Pair) {
	crm, books := map[string][]Pair{}, map[string]bool{}
	for _, p := range pairs {
		if p.Policy == Never {
			continue
		}
		if slices.ContainsFunc(crm[p.Field], p.meets) {
			c.fatal(p.Field, fmt.Sprintf("The CRM field %s is mapped twice.", p.Label), "Remove one of the two pairs.")
		}
		crm[p.Field] = append(crm[p.Field], p)
		if !p.ToBooks() || p.Books == "" {
			continue
		}
		if books[p.Books] {
			c.fatal(p.Field, fmt.Sprintf("Two CRM fields are mapped to the QuickBooks field %s.", p.Books),
				"Remove one of the two pairs, or let one of them come from QuickBooks only.")
		}
		books[p.Books] = true
	}
}

// currency tells whether a currency pair can serve: without a Currency field
// the CRM has one currency only, which is no issue (P9, R14).
func (c *compiler) currency(p Pair) bool {
	_, ok := c.fields[p.Field]
	return ok || !c.known
}

// pair checks one pair and tells whether it can serve.
func (c *compiler) pair(p Pair) bool {
	if !c.books(p) {
		return false
	}
	if !c.known {
		return true
	}
	f, ok := c.fields[p.Field]
	switch {
	case !ok && p.Field == FieldID:
		c.fatal(p.Field, "The CRM has no field QuickBooks Id in "+c.module.Label()+".",
			"Run the set-up again so that it adds the field, or add it by hand as a text field.")
		return false
	case !ok && p.Ours:
		c.absent(p)
		return false
	case !ok:
		c.stop(p, fmt.Sprintf("The CRM field %s no longer exists.", p.Label), "Map another field, or remove the pair.")
		return false
	}
	return c.crm(p, f)
}

// crm checks a pair against its CRM field.
func (c *compiler) crm(p Pair, f CRMField) bool {
	switch {
	case !f.OnLayout && p.Field == FieldID:
		c.fatal(p.Field, "The field QuickBooks Id is not on the layout in use.", "Put the field on the layout.")
		return false
	case !f.OnLayout && p.ToCRM():
		c.stop(p, fmt.Sprintf("The CRM field %s is not on the layout in use: Zoho CRM would drop its values.", p.Label),
			"Put the field on the layout, or remove the pair.")
		return false
	case !slices.Contains(crmTypes[p.Kind], f.DataType):
		c.stop(p, fmt.Sprintf("The CRM field %s is of type %s, which does not fit the QuickBooks field %s.", p.Label, f.DataType, p.Books),
			"Map fields of the same type.")
		return false
	case p.Kind == Reference && f.Lookup != "" && f.Lookup != p.Target:
		c.stop(p, fmt.Sprintf("The look-up %s points at %s, not at %s.", p.Label, f.Lookup.Label(), p.Target.Label()),
			"Map a look-up to "+p.Target.Label()+".")
		return false
	case f.ReadOnly && p.ToCRM() && p.Direction == crossbook.InToCRM && !p.Ours:
		c.stop(p, fmt.Sprintf("The CRM field %s is read-only for the connecting user.", p.Label),
			"Give the integration's profile the right to edit the field, or remove the pair.")
		return false
	}
	return true
}

// books checks a pair against the QuickBooks attribute it names.
func (c *compiler) books(p Pair) bool {
	if p.Books == "" {
		return true
	}
	a, ok := attributes(c.module.Entity())[p.Books]
	switch {
	case !ok:
		c.stop(p, fmt.Sprintf("QuickBooks has no field %s that may be mapped.", p.Books), "Choose another QuickBooks field.")
		return false
	case !a.carries(p.Kind):
		c.stop(p, fmt.Sprintf("The QuickBooks field %s does not fit the CRM field %s.", p.Books, p.Label), "Map fields of the same type.")
		return false
	case p.ToBooks() && !a.writable(p.Kind):
		c.stop(p, fmt.Sprintf("The QuickBooks field %s can only be read.", p.Books), "Let the pair go from QuickBooks to the CRM only.")
		return false
	}
	return true
}

func (c *compiler) stop(p Pair, text, hint string) {
	if p.Required {
		c.fatal(p.Field, text, hint)
		return
	}
	c.issues = append(c.issues, Issue{Module: c.module, Field: p.Field, Text: text, Hint: hint})
}

func (c *compiler) fatal(field, text, hint string) {
	c.issues = append(c.issues, Issue{Module: c.module, Field: field, Text: text, Hint: hint, Fatal: true})
}

func (c *compiler) absent(p Pair) {
	c.issues = append(c.issues, Issue{
		Module: c.module, Field: p.Field, Absent: true,
		Text: fmt.Sprintf("The field %s is not in the CRM and is left out.", p.Label),
		Hint: "Where the edition has room for more fields, the set-up adds it.",
	})
}
