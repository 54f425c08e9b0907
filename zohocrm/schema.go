package zohocrm

import (
	"context"

	"crossbook"
	"crossbook/mapping"
	"crossbook/zohocrm/api"
)

// Schema reads what the organisation says about a module now: its fields, as
// the layout with this id has them; an empty id means the standard one. Both
// calls read metadata, not records.
func (s *Side) Schema(ctx context.Context, m crossbook.Module, layoutID string) (mapping.Schema, error) {
	fields, err := s.client.Fields(ctx, string(m))
	if err != nil {
		return mapping.Schema{}, failure(err)
	}
	layouts, err := s.client.Layouts(ctx, string(m))
	if err != nil {
		return mapping.Schema{}, failure(err)
	}
	return Describe(fields, layouts, layoutID), nil
}

// Describe puts together what fields and layouts say: only layouts know which
// fields a form holds and which of them must be filled (reference/zoho-crm.md
// sections 9.2 and 9.3).
func Describe(fields []api.Field, layouts []api.Layout, layoutID string) mapping.Schema {
	layout, chosen := layoutInUse(layouts, layoutID)
	out := mapping.Schema{Fields: map[string]mapping.CRMField{}}
	if chosen {
		out.Layout = layout.Name
	}
	for _, f := range fields {
		known := mapping.CRMField{
			ID: f.ID, Label: f.Label, DataType: f.Type, Length: f.Length, Places: f.Places, ReadOnly: f.ReadOnly,
			Mandatory: f.Mandatory, OnLayout: true, Lookup: crossbook.Module(f.Lookup), Unique: f.Unique || f.External != "",
		}
		if layout != nil {
			on, ok := layout.Field(f.APIName)
			known.OnLayout = ok
			known.Mandatory = known.Mandatory || ok && on.Required
		}
		for _, v := range f.PickList {
			known.PickList = append(known.PickList, v.Actual)
		}
		out.Fields[f.APIName] = known
	}
	return out
}

// layoutInUse finds the chosen layout, or the standard one where none was
// chosen; false when it is not there or switched off, and another one serves
// for the description.
func layoutInUse(layouts []api.Layout, id string) (*api.Layout, bool) {
	for i, l := range layouts {
		if l.ID == id && l.Active || id == "" && l.Standard {
			return &layouts[i], true
		}
	}
	if len(layouts) == 0 {
		return nil, id == ""
	}
	return &layouts[0], id == ""
}
