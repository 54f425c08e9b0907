package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"crossbook"
	"crossbook/mapping"
	"crossbook/transport"
	"crossbook/zohocrm"
	crm "crossbook/zohocrm/api"
)

// quickBooksLayout is the layout synced documents carry (R113). The API cannot
// make layouts, so an administrator clones Standard once (spec section 10).
const quickBooksLayout = "QuickBooks"

// modules checks that the modules can be used (R11, R17) and finds the layouts.
func (s *run) modules(ctx context.Context) error {
	if err := s.loadSettings(ctx); err != nil {
		return err
	}
	list, err := s.CRM.Modules(ctx)
	if err != nil {
		return fmt.Errorf("read the CRM modules: %w", err)
	}
	there := map[string]crm.Module{}
	for _, m := range list {
		there[m.APIName] = m
	}
	s.layouts = map[crossbook.Module]string{}
	for _, m := range crossbook.Modules() {
		found, ok := there[string(m)]
		switch {
		case !ok:
			s.switchOff(m, "it is not in this edition of Zoho CRM")
			continue
		case found.Status != "" && found.Status != "visible":
			s.switchOff(m, "it is hidden in Zoho CRM")
			continue
		case !found.Usable:
			s.switchOff(m, "the signed-in user may not use it")
			continue
		}
		if m.Document() {
			if err := s.documentLayout(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *run) switchOff(m crossbook.Module, why string) {
	ms := s.settings.Modules[m]
	ms.On = false
	s.settings.Modules[m] = ms
	s.note("%s is off: %s.", m.Label(), why)
}

// documentLayout finds the QuickBooks layout of a document module.
func (s *run) documentLayout(ctx context.Context, m crossbook.Module) error {
	layouts, err := s.readLayouts(ctx, m)
	if err != nil {
		return err
	}
	for _, l := range layouts {
		if strings.EqualFold(l.Name, quickBooksLayout) && l.Active {
			s.layouts[m] = l.ID
			return nil
		}
	}
	s.switchOff(m, "it has no layout named QuickBooks; clone Standard under that name (Setup > Modules and Fields > "+m.Label()+" > Layouts) and connect again")
	return nil
}

// fields adds the fields Crossbook needs, puts them on the QuickBooks layout
// and learns the live metadata.
func (s *run) fields(ctx context.Context) error {
	s.meta = mapping.Metadata{
		CRMFields:     map[crossbook.Module]map[string]mapping.CRMField{},
		MultiCurrency: s.comp.MultiCurrency, HomeCurrency: s.comp.HomeCurrency, Country: s.comp.Country,
	}
	for _, m := range append(crossbook.Modules(), crossbook.Deals) {
		if m != crossbook.Deals && !s.settings.Modules[m].On {
			continue
		}
		fields, err := s.addFields(ctx, m)
		if err != nil {
			return err
		}
		if err := s.learn(ctx, m, fields); err != nil {
			return err
		}
	}
	_, issues := mapping.Compile(s.mapping, s.settings, s.meta)
	for _, i := range issues {
		if !i.Absent && s.settings.Modules[i.Module].On {
			s.note("%s: %s %s", i.Module.Label(), i.Text, i.Hint)
		}
	}
	return nil
}

// addFields creates the added fields a module lacks, in the order of P29, until
// the edition has no more room, and returns the fields there are then.
func (s *run) addFields(ctx context.Context, m crossbook.Module) ([]crm.Field, error) {
	fields, have, err := s.fieldNames(ctx, m)
	if err != nil {
		return nil, err
	}
	var missing []mapping.AddedField
	for _, f := range mapping.AddedFields(m) {
		if !have[f.APIName] && (!f.Off || s.switchedOn(m, f.APIName)) {
			missing = append(missing, f)
		}
	}
	if len(missing) == 0 {
		return fields, nil
	}
	for chunk := range slices.Chunk(missing, crm.MaxNewFields) {
		full, err := s.createFields(ctx, m, chunk)
		if err != nil {
			return nil, err
		}
		if full {
			break
		}
	}
	fields, have, err = s.fieldNames(ctx, m)
	if err != nil {
		return nil, err
	}
	for _, f := range missing {
		switch {
		case have[f.APIName]:
			s.result.Created = append(s.result.Created, string(m)+"."+f.Label)
		case f.Indispensable && m != crossbook.Deals:
			s.switchOff(m, "the field "+f.Label+" could not be created; it is indispensable")
		default:
			s.result.Dropped = append(s.result.Dropped, string(m)+"."+f.Label)
		}
	}
	return fields, nil
}

func (s *run) fieldNames(ctx context.Context, m crossbook.Module) ([]crm.Field, map[string]bool, error) {
	fields, err := s.CRM.Fields(ctx, string(m))
	if err != nil {
		return nil, nil, fmt.Errorf("read the fields of %s: %w", m.Label(), err)
	}
	have := map[string]bool{}
	for _, f := range fields {
		have[f.APIName] = true
	}
	return fields, have, nil
}

// switchedOn tells whether the mapping lets values of a field travel (P30).
func (s *run) switchedOn(m crossbook.Module, field string) bool {
	return slices.ContainsFunc(s.mapping.Modules[m], func(p mapping.Pair) bool {
		return p.Field == field && p.Policy != mapping.Never
	})
}

// createFields makes up to five fields; full tells that the edition's limit is
// reached. When no unique slot is left the id becomes plain text (P29).
func (s *run) createFields(ctx context.Context, m crossbook.Module, chunk []mapping.AddedField) (full bool, err error) {
	wish := make([]crm.NewField, len(chunk))
	for i, f := range chunk {
		wish[i] = crm.NewField{
			Label: f.Label, Type: f.DataType, Length: f.Length, Unique: f.Unique && !f.External,
			PickList: f.PickList, Lookup: string(f.Lookup),
		}
		if f.External {
			wish[i].External = "org"
		}
	}
	results, err := s.CRM.CreateFields(ctx, string(m), wish)
	if err != nil {
		if transport.FaultOf(err) == transport.FaultLimit {
			return s.createSingly(ctx, m, wish)
		}
		return false, fmt.Errorf("create fields in %s: %w", m.Label(), err)
	}
	for i, r := range results {
		if r.Err == nil {
			continue
		}
		if r.Err.Kind == transport.FaultLimit && (wish[i].External != "" || wish[i].Unique) {
			if err := s.plainID(ctx, m, wish[i]); err != nil {
				return false, err
			}
			continue
		}
		if r.Err.Kind == transport.FaultLimit {
			full = true
		}
	}
	return full, nil
}

// createSingly makes fields one by one where a whole call was refused for the
// limit: the first ones may still fit.
func (s *run) createSingly(ctx context.Context, m crossbook.Module, wish []crm.NewField) (full bool, err error) {
	for _, w := range wish {
		results, err := s.CRM.CreateFields(ctx, string(m), []crm.NewField{w})
		if err == nil && len(results) == 1 && results[0].Err == nil {
			continue
		}
		if w.External != "" || w.Unique {
			if err := s.plainID(ctx, m, w); err != nil {
				return false, err
			}
			continue
		}
		return true, nil
	}
	return false, nil
}

// plainID makes the id field a plain text field: it is then searched for
// before each create.
func (s *run) plainID(ctx context.Context, m crossbook.Module, w crm.NewField) error {
	w.External, w.Unique = "", false
	results, err := s.CRM.CreateFields(ctx, string(m), []crm.NewField{w})
	if err != nil {
		return fmt.Errorf("create %s in %s: %w", w.Label, m.Label(), err)
	}
	if results[0].Err == nil {
		s.note("%s: no unique field is left, so %s is kept as plain text and searched for before each create.", m.Label(), w.Label)
	}
	return nil
}

// learn remembers the live metadata of a module after the fields were added,
// and puts the added fields on the document layout: new fields land on Standard
// only, and Zoho drops what is not on the layout in use.
func (s *run) learn(ctx context.Context, m crossbook.Module, fields []crm.Field) error {
	layouts, err := s.readLayouts(ctx, m)
	if err != nil {
		return err
	}
	if id := s.layouts[m]; id != "" {
		placed, err := s.placeOnLayout(ctx, m, id, fields, layouts)
		if err != nil {
			return err
		}
		if placed {
			if layouts, err = s.readLayouts(ctx, m); err != nil {
				return err
			}
		}
	}
	chosen := s.layouts[m]
	if chosen == "" {
		chosen = s.settings.Modules[m].LayoutID
	}
	s.meta.CRMFields[m] = zohocrm.Describe(fields, layouts, chosen).Fields
	return nil
}

func (s *run) readLayouts(ctx context.Context, m crossbook.Module) ([]crm.Layout, error) {
	layouts, err := s.CRM.Layouts(ctx, string(m))
	if err != nil {
		return nil, fmt.Errorf("read the layouts of %s: %w", m.Label(), err)
	}
	return layouts, nil
}

// placeOnLayout adds our fields to the QuickBooks layout, five a call, and
// tells whether it did.
func (s *run) placeOnLayout(ctx context.Context, m crossbook.Module, layoutID string, fields []crm.Field, layouts []crm.Layout) (bool, error) {
	i := slices.IndexFunc(layouts, func(l crm.Layout) bool { return l.ID == layoutID })
	if i < 0 {
		return false, nil
	}
	ours := map[string]bool{}
	for _, f := range mapping.AddedFields(m) {
		ours[f.APIName] = true
	}
	var ids []string
	for _, f := range fields {
		if _, on := layouts[i].Field(f.APIName); ours[f.APIName] && !on {
			ids = append(ids, f.ID)
		}
	}
	section := ""
	if len(layouts[i].Sections) > 0 {
		section = layouts[i].Sections[0].ID
	}
	for chunk := range slices.Chunk(ids, maxLayoutFields) {
		if err := s.patchLayout(ctx, m, layoutID, section, chunk); err != nil {
			return false, err
		}
	}
	return len(ids) > 0, nil
}

// maxLayoutFields is how many fields one layout update may carry
// (reference/zoho-crm.md section 9.3).
const maxLayoutFields = 5

func (s *run) patchLayout(ctx context.Context, m crossbook.Module, layoutID, sectionID string, fieldIDs []string) error {
	list := make([]map[string]any, len(fieldIDs))
	for i, id := range fieldIDs {
		list[i] = map[string]any{"id": id}
	}
	body, err := json.Marshal(map[string]any{"layouts": []any{map[string]any{
		"sections": []any{map[string]any{"id": sectionID, "fields": list}},
	}}})
	if err != nil {
		return err
	}
	_, err = s.CRM.Do(ctx, crm.Call{
		Method: http.MethodPatch, Path: "/settings/layouts/" + layoutID,
		Query: url.Values{"module": {string(m)}}, Body: body, Kind: transport.Metadata,
	})
	if err != nil {
		return fmt.Errorf("put fields on the QuickBooks layout of %s: %w", m.Label(), err)
	}
	return nil
}
