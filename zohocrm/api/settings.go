package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"crossbook/transport"
)

// Module is a module of the organisation.
type Module struct {
	ID       string
	APIName  string
	Singular string
	Plural   string
	// Usable tells that the API may read and write it.
	Usable    bool
	Creatable bool
	Editable  bool
	Deletable bool
	// Generated is "default", "custom", "subform" and so on.
	Generated string
	// Status is "visible", "user_hidden", "system_hidden" or
	// "scheduled_for_deletion".
	Status string
}

// Modules reads the modules.
func (c *Client) Modules(ctx context.Context) ([]Module, error) {
	var w struct {
		Modules []struct {
			ID        loose `json:"id"`
			APIName   loose `json:"api_name"`
			Singular  loose `json:"singular_label"`
			Plural    loose `json:"plural_label"`
			API       bool  `json:"api_supported"`
			Creatable bool  `json:"creatable"`
			Editable  bool  `json:"editable"`
			Deletable bool  `json:"deletable"`
			Generated loose `json:"generated_type"`
			Status    loose `json:"status"`
		} `json:"modules"`
	}
	if _, err := c.get(ctx, metadata("/settings/modules", nil), &w); err != nil {
		return nil, err
	}
	var out []Module
	for _, m := range w.Modules {
		out = append(out, Module{
			ID: string(m.ID), APIName: string(m.APIName), Singular: string(m.Singular), Plural: string(m.Plural), Usable: m.API,
			Creatable: m.Creatable, Editable: m.Editable, Deletable: m.Deletable, Generated: string(m.Generated), Status: string(m.Status),
		})
	}
	return out, nil
}

// Field is a field of a module. What a layout makes mandatory stands in Layouts.
type Field struct {
	ID      string
	APIName string
	Label   string
	Type    string // data_type: "text", "currency", "lookup", ...
	// Length is the live limit: the only one to obey (reference section 8).
	Length  int
	Places  int
	Custom  bool
	Visible bool
	// Mandatory is system_mandatory; ReadOnly covers this user and everybody.
	Mandatory bool
	ReadOnly  bool
	// Creatable and Updatable say what the API may write.
	Creatable bool
	Updatable bool
	Unique    bool
	// External is "org" or "user" for an external id field, empty otherwise.
	External string
	PickList []PickValue
	// Lookup is the module a look-up points to, Subform the line module.
	Lookup  string
	Subform string
}

// PickValue is an entry of a picklist.
type PickValue struct {
	ID      string
	Display string
	Actual  string
	Unused  bool
}

type wireField struct {
	ID         loose           `json:"id"`
	APIName    loose           `json:"api_name"`
	Label      loose           `json:"field_label"`
	Type       loose           `json:"data_type"`
	Length     looseInt        `json:"length"`
	Places     looseInt        `json:"decimal_place"`
	Custom     bool            `json:"custom_field"`
	Visible    *bool           `json:"visible"`
	Mandatory  bool            `json:"system_mandatory"`
	Required   bool            `json:"required"`
	ReadOnly   bool            `json:"read_only"`
	AlwaysRO   bool            `json:"field_read_only"`
	Unique     map[string]any  `json:"unique"`
	External   *wireExternal   `json:"external"`
	PickList   []wirePickValue `json:"pick_list_values"`
	Operations *struct {
		Create *bool `json:"api_create"`
		Update *bool `json:"api_update"`
	} `json:"operation_type"`
	Lookup *struct {
		Module looseModule `json:"module"`
	} `json:"lookup"`
	Associated *struct {
		Module looseModule `json:"module"`
	} `json:"associated_module"`
}

type wireExternal struct {
	Type loose `json:"type"`
	Show bool  `json:"show"`
}

type wirePickValue struct {
	ID      loose `json:"id"`
	Display loose `json:"display_value"`
	Actual  loose `json:"actual_value"`
	Type    loose `json:"type"`
}

// looseModule reads a module given as its API name or as an object with one.
type looseModule string

// UnmarshalJSON never fails.
func (m *looseModule) UnmarshalJSON(data []byte) error {
	var obj struct {
		APIName loose `json:"api_name"`
	}
	if decode(data, &obj) == nil && obj.APIName != "" {
		*m = looseModule(obj.APIName)
		return nil
	}
	var plain loose
	_ = plain.UnmarshalJSON(data)
	*m = looseModule(plain)
	return nil
}

func (w wireField) field() Field {
	f := Field{
		ID: string(w.ID), APIName: string(w.APIName), Label: string(w.Label), Type: string(w.Type),
		Length: int(w.Length), Places: int(w.Places), Custom: w.Custom, Visible: w.Visible == nil || *w.Visible,
		Mandatory: w.Mandatory, ReadOnly: w.ReadOnly || w.AlwaysRO, Creatable: true, Updatable: true,
		Unique: len(w.Unique) > 0, // {} stands for "not unique"
	}
	if w.External != nil {
		f.External = string(w.External.Type)
	}
	if w.Operations != nil {
		f.Creatable = w.Operations.Create == nil || *w.Operations.Create
		f.Updatable = w.Operations.Update == nil || *w.Operations.Update
	}
	if w.Lookup != nil {
		f.Lookup = string(w.Lookup.Module)
	}
	if w.Associated != nil {
		f.Subform = string(w.Associated.Module)
	}
	for _, p := range w.PickList {
		f.PickList = append(f.PickList, PickValue{
			ID: string(p.ID), Display: string(p.Display), Actual: string(p.Actual), Unused: p.Type == "unused",
		})
	}
	return f
}

// Fields reads the fields of a module, line modules included.
func (c *Client) Fields(ctx context.Context, module string) ([]Field, error) {
	var w struct {
		Fields []wireField `json:"fields"`
	}
	if _, err := c.get(ctx, metadata("/settings/fields", url.Values{"module": {module}}), &w); err != nil {
		return nil, err
	}
	var out []Field
	for _, f := range w.Fields {
		out = append(out, f.field())
	}
	return out, nil
}

// MaxNewFields is the most fields of one creation.
const MaxNewFields = 5

// NewField describes a custom field to be made. The API name is derived from the
// label by the vendor: read it back.
type NewField struct {
	Label  string
	Type   string
	Length int
	Places int
	// External makes an external id field, "org" or "user". It cannot be made
	// later.
	External string
	Unique   bool
	PickList []string
	// Lookup is the module a look-up points to.
	Lookup  string
	Tooltip string
}

func (f NewField) wire() map[string]any {
	w := map[string]any{"field_label": f.Label, "data_type": f.Type}
	if f.Length > 0 {
		w["length"] = f.Length
	}
	if f.Places > 0 {
		w["decimal_place"] = f.Places
	}
	if f.External != "" {
		w["external"] = map[string]any{"type": f.External, "show": false}
	}
	if f.Unique {
		w["unique"] = map[string]any{"case_sensitive": false}
	}
	if f.Lookup != "" {
		w["lookup"] = map[string]any{"module": map[string]any{"api_name": f.Lookup}}
	}
	if f.Tooltip != "" {
		w["tooltip"] = map[string]any{"name": "info_icon", "value": f.Tooltip}
	}
	var picks []map[string]any
	for _, p := range f.PickList {
		picks = append(picks, map[string]any{"display_value": p, "actual_value": p})
	}
	if picks != nil {
		w["pick_list_values"] = picks
	}
	return w
}

// CreateFieldsCall prepares the creation of up to MaxNewFields fields. They land in
// the standard layout only (reference/zoho-crm.md section 9.2).
func CreateFieldsCall(module string, fields []NewField) (Call, error) {
	if len(fields) == 0 || len(fields) > MaxNewFields {
		return Call{}, fmt.Errorf("create fields of %s: 1 to %d, not %d", module, MaxNewFields, len(fields))
	}
	wire := make([]map[string]any, len(fields))
	for i, f := range fields {
		wire[i] = f.wire()
	}
	body, err := encode(map[string]any{"fields": wire})
	if err != nil {
		return Call{}, err
	}
	return Call{
		Method: http.MethodPost, Path: "/settings/fields", Query: url.Values{"module": {module}}, Body: body, Kind: transport.Metadata,
	}, nil
}

// CreateFields makes fields; the results come in input order, and a field whose
// label exists is FaultDuplicate.
func (c *Client) CreateFields(ctx context.Context, module string, fields []NewField) ([]Result, error) {
	call, err := CreateFieldsCall(module, fields)
	if err != nil {
		return nil, &Error{Kind: transport.FaultBug, Call: "POST /settings/fields", Err: err}
	}
	results, _, err := c.write(ctx, call, "fields", len(fields))
	return results, err
}

// Layout is a layout of a module: fields outside it are dropped silently when a
// record names it (reference/zoho-crm.md section 4.3).
type Layout struct {
	ID       string
	Name     string
	Active   bool
	Visible  bool
	Standard bool
	Sections []Section
	// Profiles are those the layout is for; nil when the caller may not see them.
	Profiles []Ref
}

// Section is a part of a layout.
type Section struct {
	ID     string
	Name   string
	Fields []LayoutField
}

// LayoutField is a field as a layout has it.
type LayoutField struct {
	Field
	// Required is mandatory on this layout.
	Required bool
}

// Field finds a field of the layout by its API name.
func (l Layout) Field(apiName string) (LayoutField, bool) {
	for _, s := range l.Sections {
		for _, f := range s.Fields {
			if f.APIName == apiName {
				return f, true
			}
		}
	}
	return LayoutField{}, false
}

// Layouts reads the layouts of a module with their fields.
func (c *Client) Layouts(ctx context.Context, module string) ([]Layout, error) {
	var w struct {
		Layouts []struct {
			ID        loose      `json:"id"`
			Name      loose      `json:"name"`
			Label     loose      `json:"display_label"`
			Status    loose      `json:"status"`
			Visible   *bool      `json:"visible"`
			Generated loose      `json:"generated_type"`
			Profiles  []*wireRef `json:"profiles"`
			Sections  []struct {
				ID     loose       `json:"id"`
				Name   loose       `json:"name"`
				Label  loose       `json:"display_label"`
				Fields []wireField `json:"fields"`
			} `json:"sections"`
		} `json:"layouts"`
	}
	if _, err := c.get(ctx, metadata("/settings/layouts", url.Values{"module": {module}}), &w); err != nil {
		return nil, err
	}
	var out []Layout
	for _, l := range w.Layouts {
		layout := Layout{
			ID: string(l.ID), Name: string(l.Name), Active: l.Status == "" || l.Status == "active",
			Visible: l.Visible == nil || *l.Visible, Standard: l.Generated == "system" || l.Generated == "default",
		}
		for _, p := range l.Profiles {
			layout.Profiles = append(layout.Profiles, p.ref())
		}
		for _, s := range l.Sections {
			section := Section{ID: string(s.ID), Name: string(s.Name)}
			for _, f := range s.Fields {
				section.Fields = append(section.Fields, LayoutField{Field: f.field(), Required: f.Required})
			}
			layout.Sections = append(layout.Sections, section)
		}
		out = append(out, layout)
	}
	return out, nil
}
