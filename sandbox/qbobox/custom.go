package qbobox

import (
	"slices"
	"strings"
)

// customForms are the transactions with custom fields, and where the company's
// preferences define them (reference section 4.9).
var customForms = map[string]customForm{
	"Invoice": salesForm, "Estimate": salesForm, "CreditMemo": salesForm, "SalesReceipt": salesForm, "RefundReceipt": salesForm,
	"PurchaseOrder": {prefs: "VendorAndPurchasesPrefs", key: "POCustomField", use: "PurchasePrefs.UsePurchaseCustom", name: "PurchasePrefs.PurchaseCustomName"},
}

type customForm struct{ prefs, key, use, name string }

var salesForm = customForm{prefs: "SalesFormsPrefs", key: "CustomField", use: "SalesFormsPrefs.UseSalesCustom", name: "SalesFormsPrefs.SalesCustomName"}

// customNames are the enabled fields, by their number.
func (b *Box) customNames(f customForm) map[string]string {
	used, names := map[string]bool{}, map[string]string{}
	for _, group := range list(b.preferences(), f.prefs+"."+f.key) {
		for _, o := range list(group, "CustomField") {
			if n, ok := strings.CutPrefix(str(o, "Name"), f.use); ok {
				used[n] = flag(o, "BooleanValue")
			}
			if n, ok := strings.CutPrefix(str(o, "Name"), f.name); ok {
				names[n] = str(o, "StringValue")
			}
		}
	}
	out := map[string]string{}
	for _, n := range customNumbers {
		if used[n] {
			out[n] = names[n]
		}
	}
	return out
}

// customNumbers are all the fields a form can have.
var customNumbers = []string{"1", "2", "3"}

// settleCustomFields keeps the values of enabled fields under the names that
// the company gave them. A person who fills in another one sets it up first;
// for a client it is not there.
func (b *Box) settleCustomFields(w *write) *fault {
	if !w.has("CustomField") || w.ent.shape != document || w.ent.name == "Attachable" {
		return nil
	}
	f, has := customForms[w.ent.name]
	if !has {
		delete(w.next, "CustomField")
		return nil
	}
	names := b.customNames(f)
	kept := []any{}
	for _, o := range list(w.next, "CustomField") {
		n, value := str(o, "DefinitionId"), str(o, "StringValue")
		name, on := names[n]
		if !on && !w.by.isAPI() && slices.Contains(customNumbers, n) {
			name, on = str(o, "Name"), true
			b.defineCustomField(f, n, name)
		}
		switch {
		case !on && b.opt.Dials.UnknownCustomFieldIs3000:
			return validation("3000", "Invalid Custom Field", "Invalid custom field: DefinitionId "+n, "CustomField")
		case length(value) > 31:
			return badLength("CustomField.StringValue", 31, length(value))
		case !on || value == "":
		default:
			kept = append(kept, object{"DefinitionId": n, "Name": name, "Type": "StringType", "StringValue": value})
		}
	}
	w.next["CustomField"] = kept
	return nil
}

// defineCustomField enables a field as the preferences page does.
func (b *Box) defineCustomField(f customForm, n, name string) {
	next := cloneObject(b.preferences())
	groups, _ := dig(next, f.prefs+"."+f.key).([]any)
	for len(groups) < 2 {
		groups = append(groups, object{"CustomField": []any{}})
	}
	for i, field := range []object{
		{"Name": f.use + n, "Type": "BooleanType", "BooleanValue": true}, {"Name": f.name + n, "Type": "StringType", "StringValue": name},
	} {
		group, ok := groups[i].(object)
		if !ok {
			continue
		}
		fields := slices.DeleteFunc(list(group, "CustomField"), func(o object) bool { return o["Name"] == field["Name"] })
		group["CustomField"] = anys(append(fields, field))
	}
	inner(next, f.prefs)[f.key] = groups
	b.singles["Preferences"] = next
	b.dirtyMeta = true
}
