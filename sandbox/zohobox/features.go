package zohobox

import (
	"net/http"
	"slices"
)

// feature is a part of the product with its limit and use (section 9.6).
type feature struct {
	name, label, parent string
	perModule           bool
	limit               func(b *Box) int
	used                func(b *Box, m *module) int
}

func inModule(keep func(*field) bool) func(*Box, *module) int {
	return func(_ *Box, m *module) (n int) {
		for _, f := range m.fields {
			if keep(f) {
				n++
			}
		}
		return n
	}
}

func (b *Box) currencyLimit() int {
	if !b.edition().advanced {
		return 0
	}
	return maxActiveCurrencies
}

var features = []feature{
	{"custom_field", "Custom Field", "fields", true, func(b *Box) int { return b.edition().fields }, inModule(func(f *field) bool { return f.Custom })},
	{"unique_field", "Unique Field", "fields", true, func(*Box) int { return uniquePer }, inModule((*field).isUnique)},
	{"external_field", "External Field", "fields", true, func(*Box) int { return uniquePer }, inModule(func(f *field) bool { return f.External != "" })},
	{"subform", "Subform", "fields", true, func(b *Box) int { return b.edition().subforms }, func(_ *Box, m *module) int { return customSubforms(m) }},
	{"custom_module", "Custom Module", "modules", false, (*Box).moduleLimit, func(b *Box, _ *module) int { return b.customModules() }},
	{"multi_currency", "Multi Currency", "organization", false, (*Box).currencyLimit, func(b *Box, _ *module) int { return b.activeCurrencies() }},
	{"user_licenses", "User Licenses", "users", false, (*Box).licences, func(b *Box, _ *module) int { return b.activeUsers() }},
}

func (b *Box) activeUsers() int {
	n := 0
	for _, u := range b.users {
		if u.Active {
			n++
		}
	}
	return n
}

const featuresPath = "__features"

func (b *Box) findFeatures(c *call) (route, answer) {
	rt := route{run: b.getFeatures, kind: kindMeta, scopes: []string{"ZohoCRM.features.READ"}}
	switch len(c.path) {
	case 1:
		return method(c, "/"+featuresPath, rt, http.MethodGet)
	case 2:
		return method(c, "/"+featuresPath+"/{feature}", rt, http.MethodGet)
	}
	return none(c)
}

// getFeatures answers GET /__features[/{feature}][?module=][&api_names=].
func (b *Box) getFeatures(c *call) answer {
	var m *module
	if name := c.param("module"); name != "" {
		if m = b.module[name]; m == nil {
			return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"param_name": "module"})
		}
	}
	wanted := splitFields(c.param("api_names"))
	if len(c.path) > 1 {
		wanted = c.path[1:]
	}
	var out []any
	for i := range features {
		f := &features[i]
		if len(wanted) > 0 && !slices.Contains(wanted, f.name) || m != nil && !f.perModule {
			continue
		}
		out = append(out, b.renderFeature(f, m))
	}
	switch {
	case len(out) == 0:
		return noContent()
	case len(c.path) > 1:
		return ok(object{featuresPath: out})
	}
	if c.param("per_page") == "" {
		c.query.Set("per_page", "10")
	}
	return c.pageOf(featuresPath, out)
}

// renderFeature shows the numbers of one module, or, where none is named, the
// module that used most of it: no other can refuse sooner.
func (b *Box) renderFeature(f *feature, m *module) object {
	limit, used := f.limit(b), 0
	parts := []any{}
	switch {
	case m != nil || !f.perModule:
		used = f.used(b, m)
	default:
		for _, one := range b.modules {
			n := f.used(b, one)
			used = max(used, n)
			if n > 0 {
				parts = append(parts, object{"api_name": one.name, "feature_label": one.plural, "module_supported": true, "details": object{
					"limits": object{"total": limit, "edition_limit": limit}, "used_count": object{"total": n},
				}})
			}
		}
	}
	return object{
		"api_name": f.name, "feature_label": f.label, "parent_feature": object{"api_name": f.parent}, "module_supported": f.perModule, "components": parts,
		"details": object{"limits": object{"total": limit, "edition_limit": limit}, "used_count": object{"total": used}, "available_count": object{"total": max(0, limit-used)}},
	}
}
