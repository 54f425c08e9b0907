package zohobox

import (
	"strings"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// visibleField reports whether a field exists for a user: currency fields need
// multi-currency, others territories or privacy settings, and a profile may hide a field.
func (b *Box) visibleField(f *field, u *user) bool {
	switch {
	case f.Currency && !b.org.Multi, f.Needs == "territories" && !b.org.Territories, f.Needs == "privacy" && !b.org.Privacy:
		return false
	}
	return u == nil || f.Profiles[u.Profile] != "hidden"
}

// getFields describes the fields of a module (section 9.2).
func (b *Box) getFields(c *call) answer {
	if equalFold(c.param("module"), lockModule) {
		return b.listFields(c, b.lockFields())
	}
	m, f := b.moduleParam(c)
	if f != nil {
		return f.answer()
	}
	return b.listFields(c, m)
}

func (b *Box) listFields(c *call, m *module) answer {
	var out []any
	with := c.param("include")
	if with != "" && with != "allowed_permissions_to_update" && with != "skip_field_permissionz" {
		return badParam("include").answer()
	}
	use := c.paramOr("type", "all")
	if use != "all" && use != "used" && use != "unused" {
		return badParam("type").answer()
	}
	for i, fd := range m.fields {
		if !b.visibleField(fd, c.user) || fd.Type == "layout" && m.isLine() {
			continue
		}
		if len(c.path) > 2 && c.path[2] != fd.ID {
			continue
		}
		used := b.fieldUsed(m, fd)
		switch use {
		case "used":
			if !used {
				continue
			}
		case "unused":
			if used {
				continue
			}
		}
		o := b.renderField(m, fd, c.user, i)
		if with == "allowed_permissions_to_update" {
			o[with] = b.allowedRights(fd)
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		if len(c.path) > 2 {
			return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 2})
		}
		return noContent()
	}
	return ok(object{"fields": out})
}

func (b *Box) renderField(m *module, f *field, u *user, seq int) object {
	writable := !f.ReadOnly
	var decimals any
	if f.numeric() && f.Type != "integer" {
		decimals = f.Decimals
	}
	kind := "used"
	if !b.fieldUsed(m, f) {
		kind = "unused"
	}
	o := object{
		"id": f.ID, "api_name": f.Name, "field_label": f.Label, "display_label": f.Label, "data_type": f.dataType(), "json_type": f.jsonType(),
		"decimal_place": decimals, "system_mandatory": b.mandatory(m, f), "read_only": !writable || f.Profiles[u.Profile] == "read_only",
		"field_read_only": f.ReadOnly, "visible": true, "virtual_field": f.Name == "Full_Name", "custom_field": f.Custom, "type": kind,
		"unique": f.renderUnique(), "external": f.renderExternal(), "pick_list_values": b.renderPicks(m, f), "lookup": b.renderLookup(f),
		"formula": f.renderFormula(), "currency": f.renderCurrency(), "auto_number": f.renderAuto(), "operation_type": object{
			"api_create": writable, "api_update": writable, "web_create": writable, "web_update": writable,
		},
		"view_type": object{"view": true, "create": writable, "edit": writable, "quick_create": b.mandatory(m, f)}, "searchable": f.Type == "text" || f.Type == "email" || f.Type == "phone" || f.Type == "website",
		"sortable": f.Type != "textarea" && f.Type != "subform", "filterable": f.Type != "textarea" && f.Type != "subform", "mass_update": writable && !f.isUnique(),
		"layout_associations": b.layoutsOf(m, f), "profiles": b.renderFieldProfiles(f), "created_source": "default",
		"ui_type": f.uiType(), "display_type": -1, "display_field": f.Name == m.nameField, "subform": b.renderSubform(f), "associated_module": b.renderSubform(f),
		"crypt": nil, "tooltip": f.renderTooltip(), "history_tracking": nil, "history_tracking_enabled": false, "webhook": true, "separator": false,
		"businesscard_supported": true, "colour_code_enabled_by_system": false, "enable_colour_code": f.coloured(), "public": false, "blueprint_supported": true,
		"email_parser": object{"fields_update_supported": writable, "record_operations_supported": writable}, "multiselectlookup": b.renderMultiLookup(m, f), "multi_module_lookup": object{},
		"rollup_summary": b.renderRollup(m, f), "association_details": nil, "convert_mapping": object{"Contacts": nil, "Deals": nil, "Accounts": nil},
		"pick_list_values_sorted_lexically": false, "hipaa_compliance_enabled": false, "hipaa_compliance": nil, "private": nil, "range": nil,
		"global_picklist": nil, "created_time": nil, "modified_time": nil, "quick_sequence_number": formatID(int64(seq + 1)),
	}
	if f.Length > 0 {
		o["length"] = f.Length
	}
	if kind := f.textKind(); kind != "" {
		o["textarea"] = object{"type": kind}
	}
	return o
}

// allowedRights says which permission a profile can be given for a field: what
// the system fills cannot be written, what it demands cannot be hidden.
func (b *Box) allowedRights(f *field) object {
	return object{"read_write": !f.ReadOnly, "read_only": !f.Mandatory, "hidden": !f.Mandatory && f.Name != "id"}
}

func (f *field) renderUnique() object {
	if !f.isUnique() {
		return object{}
	}
	return object{"case_sensitive": f.CaseSens}
}

func (f *field) renderExternal() any {
	switch {
	case f.ExtLookup:
		return object{"type": externalLookup, "show": f.ExtShow}
	case f.External == "":
		return nil
	}
	return object{"type": f.External, "show": f.ExtShow}
}

func (f *field) renderTooltip() any {
	if f.Tooltip == "" {
		return nil
	}
	return object{"name": "info_icon", "value": f.Tooltip}
}

func (f *field) renderFormula() object {
	if f.Type != "formula" {
		return object{}
	}
	return object{"return_type": "currency", "dynamic": false}
}

func (f *field) renderCurrency() object {
	if f.Type != "currency" {
		return object{}
	}
	return object{"rounding_option": "normal", "precision": f.Decimals}
}

func (b *Box) renderLookup(f *field) object {
	if f.Type != "lookup" {
		return object{}
	}
	if f.Lookup == anyModule {
		return object{}
	}
	id := ""
	if m := b.module[f.Lookup]; m != nil {
		id = m.ID
	}
	return object{"api_name": f.Name, "display_label": f.LookupTo, "id": f.ID, "module": object{"api_name": f.Lookup, "id": id, "crypt": false}, "revalidate_filter_during_edit": false}
}

func (b *Box) renderSubform(f *field) any {
	if f.Type != "subform" {
		return nil
	}
	target := b.module[f.Lookup]
	if target == nil {
		return nil
	}
	return object{"module": target.name, "id": target.ID}
}

func (b *Box) renderFieldProfiles(f *field) []any {
	var out []any
	for _, p := range b.profiles {
		right := f.Profiles[p.ID]
		switch {
		case right != "":
		case f.ReadOnly:
			right = "read_only"
		default:
			right = "read_write"
		}
		out = append(out, object{"id": p.ID, "name": p.Name, "permission_type": right})
	}
	return out
}

func (b *Box) layoutsOf(m *module, f *field) []any {
	out := []any{}
	for _, l := range m.layouts {
		if l.has(f.Name) {
			out = append(out, object{"id": l.ID, "name": l.Name, "api_name": l.apiName()})
		}
	}
	return out
}

func (b *Box) fieldUsed(m *module, f *field) bool {
	if m.isLine() || !f.Custom {
		return true
	}
	for _, l := range m.layouts {
		if l.has(f.Name) {
			return true
		}
	}
	return false
}
