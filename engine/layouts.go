package engine

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/problem"
	"crossbook/store"
)

// layoutCheck is what the last look at the fields and layouts of the CRM found.
// Zoho drops values of fields that are not on the layout, or not there at all,
// without a word: hence the look (design section 5).
type layoutCheck struct {
	At time.Time `json:"at"`
	// Gone are the fields that were there once, by module and API name.
	Gone map[crossbook.Module]map[string]goneField `json:"gone,omitempty"`
	// Stops are the modules that lack what they cannot do without, and what.
	Stops map[crossbook.Module]string `json:"stops,omitempty"`
	// Demands are labels of mandatory fields that nothing fills.
	Demands map[crossbook.Module][]string `json:"demands,omitempty"`
}

// goneField is a field that was there once. One that is only off the layout
// keeps its values in the CRM, one that was deleted has lost them.
type goneField struct {
	Label   string `json:"label"`
	Deleted bool   `json:"deleted,omitempty"`
}

// checkAgain is how old a look may be before "sync now" looks again.
const checkAgain = time.Hour

// stale tells whether the layouts should be looked at on request: when the last
// look was long ago, or found something that may be cured by now.
func (c layoutCheck) stale(now time.Time) bool {
	return len(c.Gone)+len(c.Stops)+len(c.Demands) > 0 || now.Sub(c.At) >= checkAgain
}

// usedField is a CRM field the engine writes or reads.
type usedField struct {
	label string
	// written fields must stand on the layout, the others only be there.
	written bool
}

// usedFields are the fields of a module that mapping, documents and figures
// work with, by API name.
func usedFields(doc mapping.Document, m crossbook.Module) map[string]usedField {
	out := map[string]usedField{}
	for _, p := range doc.Modules[m] {
		if p.Policy != mapping.Never {
			out[p.Field] = usedField{label: p.Label, written: p.ToCRM()}
		}
	}
	if m.Document() {
		for _, f := range documentFields(m) {
			out[f] = usedField{written: true}
		}
	}
	for _, f := range mapping.AddedFields(m) {
		if !f.Off {
			out[f.APIName] = usedField{label: f.Label, written: true}
		}
	}
	return out
}

// documentFields are the header fields of a document module: one without
// anything on it still names every field there is.
func documentFields(m crossbook.Module) []string {
	blank, err := document.Project(document.Input{
		Entity: m.Entity(), Placeholder: "1", OwnerID: "1",
		Data: map[string]any{"Id": "1", "TotalAmt": json.Number("0"), "ExchangeRate": json.Number("1")},
	})
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(blank.Fields))
}

// offLayout are fields the API takes whether or not they stand on the layout.
var offLayout = map[string]bool{"Currency": true, "Exchange_Rate": true, "Owner": true}

// finding is what a look at one module found.
type finding struct {
	schema  mapping.Schema
	stops   string
	gone    map[string]goneField
	back    []string // fields that are there again
	anew    []string // those of them that lost their values meanwhile
	demands []string
}

// examine compares a module as it is now with what was known of it.
func examine(m crossbook.Module, used map[string]usedField, known map[string]mapping.CRMField, was map[string]goneField, now mapping.Schema) finding {
	f := finding{schema: now, gone: map[string]goneField{}}
	serves := func(fields map[string]mapping.CRMField, name string) bool {
		got, ok := fields[name]
		return ok && (got.OnLayout || !used[name].written || offLayout[name])
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		lost, missed := was[name]
		label := labelOf(used[name].label, known[name].Label, now.Fields[name].Label, lost.Label, name)
		before := serves(known, name)
		there, exists := now.Fields[name]
		other := before && otherField(known[name], there)
		switch {
		case !serves(now.Fields, name) && name == mapping.FieldID && m != crossbook.Deals:
			f.stops = label
		case !serves(now.Fields, name) && (before || missed):
			f.gone[name] = goneField{Label: label, Deleted: lost.Deleted || !exists || other}
		case serves(now.Fields, name) && (missed || other):
			f.back = append(f.back, name)
			if lost.Deleted || other {
				f.anew = append(f.anew, name)
			}
		}
	}
	if now.Layout == "" && m.Document() {
		f.stops = layoutMissing
	}
	if m != crossbook.Deals {
		f.demands = demands(m, used, now)
	}
	return f
}

// layoutMissing stands among the stops for a layout that is gone.
const layoutMissing = "layout"

// otherField tells a field that was deleted and made anew under its old name:
// its values are gone, and that is nobody's edit.
func otherField(known, now mapping.CRMField) bool {
	return known.ID != "" && now.ID != "" && known.ID != now.ID
}

func labelOf(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}

// demands lists the mandatory fields of the layout that nothing fills (error
// 3), by their labels. The CRM fills owners, currencies and the layout itself.
func demands(m crossbook.Module, used map[string]usedField, now mapping.Schema) []string {
	var out []string
	for name, f := range now.Fields {
		_, filled := used[name]
		if f.Mandatory && f.OnLayout && !f.ReadOnly && !filled && !offLayout[name] && name != "Layout" && name != document.Subform(m) {
			out = append(out, labelOf(f.Label, name))
		}
	}
	slices.Sort(out)
	return out
}

// checkedModules are the modules whose layouts matter: those that are on, and
// Deals for their figures.
func (t *turn) checkedModules() []crossbook.Module {
	var out []crossbook.Module
	for _, m := range crossbook.Modules() {
		if t.settings.Modules[m].On {
			out = append(out, m)
		}
	}
	return append(out, crossbook.Deals)
}

// look reads every module's schema and compares it.
func (t *turn) look(ctx context.Context) (map[crossbook.Module]finding, error) {
	doc, err := t.document(ctx)
	if err != nil {
		return nil, err
	}
	out := map[crossbook.Module]finding{}
	for _, m := range t.checkedModules() {
		layout := t.facts.layouts[m]
		if layout == "" {
			layout = t.settings.Modules[m].LayoutID
		}
		now, err := t.sides.CRM.Schema(ctx, m, layout)
		if err != nil {
			return nil, err
		}
		out[m] = examine(m, usedFields(doc, m), t.facts.metadata.CRMFields[m], t.facts.check.Gone[m], now)
	}
	return out, nil
}

func (t *turn) document(ctx context.Context) (doc mapping.Document, err error) {
	err = t.view(ctx, func(tx *store.Tx) error {
		doc, err = ReadMapping(ctx, tx, t.conn, t.settings)
		return err
	})
	return doc, err
}

// checkLayouts looks at the fields and layouts of all modules: a mapped field
// that is gone stops its pair, a missing id field or layout the module, each
// with a problem that stands once and clears itself when it is cured.
func (t *turn) checkLayouts(ctx context.Context) error {
	t.e.o.Progress(Progress{Stage: "read", What: "fields and layouts"})
	found, err := t.look(ctx)
	if err != nil {
		return err
	}
	for _, m := range slices.Sorted(maps.Keys(found)) {
		if len(found[m].back) > 0 {
			if err := t.meetAgain(ctx, m, found[m].anew); err != nil {
				return err
			}
		}
	}
	was := t.facts.check
	err = t.update(ctx, func(tx *store.Tx) error {
		check := layoutCheck{
			At: t.now(), Gone: map[crossbook.Module]map[string]goneField{},
			Stops: map[crossbook.Module]string{}, Demands: map[crossbook.Module][]string{},
		}
		for m, f := range found {
			t.facts.metadata.CRMFields[m] = f.schema.Fields
			if err := t.keepFinding(ctx, tx, &check, m, f); err != nil {
				return err
			}
			if was.Stops[m] != "" && f.stops == "" || len(was.Demands[m]) > len(f.demands) {
				if err := t.e.wake(ctx, tx, t.conn.ID, m); err != nil {
					return err
				}
			}
		}
		if err := writeFact(ctx, tx, t.conn.ID, factMetadata, t.facts.metadata, t.now()); err != nil {
			return err
		}
		return writeFact(ctx, tx, t.conn.ID, factLayoutCheck, check, t.now())
	})
	if err != nil {
		return err
	}
	return t.reload(ctx)
}

// keepFinding stores what a look found of a module: one problem a cause.
func (t *turn) keepFinding(ctx context.Context, tx *store.Tx, check *layoutCheck, m crossbook.Module, f finding) error {
	if len(f.gone) > 0 {
		check.Gone[m] = f.gone
	}
	if f.stops != "" {
		check.Stops[m] = f.stops
	}
	if len(f.demands) > 0 {
		check.Demands[m] = f.demands
	}
	standing := f.problems(m)
	for _, cause := range layoutCauses {
		key := layoutKey(m, cause)
		p, stands := standing[cause]
		if !stands {
			if _, err := tx.ClearProblem(ctx, t.conn.ID, key); err != nil {
				return err
			}
			continue
		}
		err := tx.PutProblem(ctx, t.conn.ID, store.ProblemRow{
			Key: key, Ref: LayoutOf(m), Module: m, Name: "fields and layout", Problem: p, LastAt: t.now(), NextTry: t.nextMidnight(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// The causes a look at a layout may find.
const (
	causeGone    = "gone"
	causeStops   = "stops"
	causeDemands = "demands"
)

var layoutCauses = []string{causeGone, causeStops, causeDemands}

func layoutKey(m crossbook.Module, cause string) string { return "layout/" + string(m) + "/" + cause }

// LayoutOf is what problems of a module's layout are about.
func LayoutOf(m crossbook.Module) crossbook.Ref {
	return crossbook.Ref{Side: crossbook.CRM, Type: string(m), ID: choreCheck}
}

// problems are what a person has to know of a finding.
func (f finding) problems(m crossbook.Module) map[string]crossbook.Problem {
	out := map[string]crossbook.Problem{}
	about := problem.Context{Module: m, Entity: m.Entity()}
	switch f.stops {
	case "":
	case layoutMissing:
		out[causeStops] = problem.LayoutGone("QuickBooks", about)
	default:
		out[causeStops] = problem.IDFieldGone(f.stops, about)
	}
	if len(f.gone) > 0 {
		var labels []string
		for _, g := range f.gone {
			labels = append(labels, g.Label)
		}
		slices.Sort(labels)
		out[causeGone] = problem.FieldGone(labels, about)
	}
	if len(f.demands) > 0 {
		out[causeDemands] = problem.MandatoryMissing(f.demands, about)
	}
	return out
}

// meetAgain has every pair of a module looked at, because fields of it are there
// again. Those made anew meet as for the first time: what the bases say of them
// is forgotten, so that nothing is cleared because a field lost its values.
func (t *turn) meetAgain(ctx context.Context, m crossbook.Module, anew []string) error {
	for after := ""; ; {
		last := after
		err := t.update(ctx, func(tx *store.Tx) error {
			last = after
			links, err := tx.WalkLinks(ctx, t.conn.ID, m, after, 1000)
			if err != nil || len(links) == 0 {
				return err
			}
			var refs []crossbook.Ref
			for i, l := range links {
				links[i].BaseCRM, links[i].BaseBooks = without(l.BaseCRM, anew), without(l.BaseBooks, anew)
				if l.State == crossbook.Linked && l.Kind == crossbook.Home {
					refs = append(refs, l.Books())
				}
			}
			last = links[len(links)-1].ID
			if err := tx.PutLink(ctx, t.conn.ID, links...); err != nil {
				return err
			}
			return tx.MarkDirty(ctx, t.conn.ID, dirtyRows(refs, reasonResync, t))
		})
		if err != nil {
			return err
		}
		if last == after {
			return nil
		}
		after = last
	}
}

func without(base crossbook.Fields, fields []string) crossbook.Fields {
	if base == nil {
		return nil
	}
	out := base.Clone()
	for _, f := range fields {
		delete(out, f)
	}
	return out
}

// reload takes what was learned into the turn under way: the mapping, and which
// fields are asked for.
func (t *turn) reload(ctx context.Context) error {
	err := t.view(ctx, func(tx *store.Tx) error { return t.load(ctx, tx) })
	if err != nil {
		return err
	}
	t.limits = map[crossbook.Module]map[string]int{}
	t.sides, err = t.e.o.Connect(ctx, t.conn)
	return err
}

// suspectLayouts has the layouts looked at soon after Zoho CRM refused to read
// something: a field that was deleted fails every query that names it.
func (t *turn) suspectLayouts(ctx context.Context) error {
	return t.update(ctx, func(tx *store.Tx) error {
		row, err := tx.DirtyRow(ctx, t.conn.ID, LayoutCheck())
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil && !row.DueAt.After(t.now().Add(time.Hour)) || t.now().Sub(t.facts.check.At) < time.Hour {
			return nil // looked at just now, or about to be
		}
		return tx.MarkDirty(ctx, t.conn.ID, []store.Dirty{{Ref: LayoutCheck(), DueAt: t.now(), Reason: "a look at the layouts", Order: orderChores}})
	})
}

// LayoutReport is what a look at one module's fields and layout says.
type LayoutReport struct {
	Module   crossbook.Module
	Fields   int  // that Crossbook works with
	Unique   bool // of the id field: no create can double
	Problems []crossbook.Problem
}

// Layouts looks at the fields and layouts as they are now, without keeping what
// it finds. Where that differs from the last look, the next turn looks too.
func (e *Engine) Layouts(ctx context.Context, connectionID string) ([]LayoutReport, error) {
	t, err := e.look(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	if t.sides, err = e.o.Connect(ctx, t.conn); err != nil {
		return nil, err
	}
	found, err := t.look(ctx)
	if err != nil {
		return nil, err
	}
	var out []LayoutReport
	differs := false
	for _, m := range t.checkedModules() {
		f, was := found[m], t.facts.check
		differs = differs || f.stops != was.Stops[m] || len(f.back) > 0 || !maps.Equal(f.gone, was.Gone[m]) || !slices.Equal(f.demands, was.Demands[m])
		r := LayoutReport{Module: m, Unique: f.schema.Fields[mapping.FieldID].Unique}
		for name := range f.schema.Fields {
			if slices.Contains(wanted(t.mapping, m), name) {
				r.Fields++
			}
		}
		for _, cause := range layoutCauses {
			if p, stands := f.problems(m)[cause]; stands {
				r.Problems = append(r.Problems, p)
			}
		}
		out = append(out, r)
	}
	if !differs {
		return out, nil
	}
	return out, e.o.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.MarkDirty(ctx, t.conn.ID, []store.Dirty{{Ref: LayoutCheck(), DueAt: t.now(), Reason: "a look at the layouts", Order: orderChores}})
	})
}
