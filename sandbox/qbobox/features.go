package qbobox

import (
	"fmt"
	"slices"
	"strings"
)

// Features that a company can switch off in its preferences, by their place there.
const (
	prefClassOfTxn  = "AccountingInfoPrefs.ClassTrackingPerTxn"
	prefClassOfLine = "AccountingInfoPrefs.ClassTrackingPerTxnLine"
	prefLocations   = "AccountingInfoPrefs.TrackDepartments"
	prefShipping    = "SalesFormsPrefs.AllowShipping"
	prefDiscount    = "SalesFormsPrefs.AllowDiscount"
	prefQuantities  = "ProductAndServicesPrefs.QuantityOnHand"
)

// headFeatures are the properties of a document that belong to a feature;
// those of shipping stand on sales forms only (reference section 5.5).
var headFeatures = []struct {
	key, pref string
	sales     bool
}{
	{"ClassRef", prefClassOfTxn, false},
	{"DepartmentRef", prefLocations, false},
	{"ShipMethodRef", prefShipping, true},
	{"ShipDate", prefShipping, true},
	{"TrackingNum", prefShipping, true},
}

// allowed tells whether a feature may be used. A person or a loader who uses
// it has switched it on before; for a client it is there or not.
func (b *Box) allowed(by *actor, pref string) bool {
	if flag(b.preferences(), pref) {
		return true
	}
	if by.isAPI() {
		return false
	}
	next := cloneObject(b.preferences())
	group, key, _ := strings.Cut(pref, ".")
	inner(next, group)[key] = true
	b.singles["Preferences"] = next
	b.dirtyMeta = true
	return true
}

// settleFeatures refuses the properties of a feature that is switched off.
// What a document has from before may be sent back unchanged.
func (b *Box) settleFeatures(w *write) *fault {
	if w.ent.shape != document {
		return nil
	}
	for _, f := range headFeatures {
		_, isSale := numberedSale[w.ent.name]
		if !w.has(f.key) || !has(w.next, f.key) || f.sales && !isSale || b.allowed(w.by, f.pref) {
			continue
		}
		if !w.creating() && equalBut(object{"v": w.next[f.key]}, object{"v": w.before[f.key]}) {
			continue
		}
		if !b.opt.Dials.UnusedFeaturesAreDropped {
			return notSupported(f.key + " needs a feature that is switched off: " + f.pref)
		}
		delete(w.next, f.key)
		if v, ok := w.before[f.key]; ok {
			w.next[f.key] = clone(v)
		}
	}
	return nil
}

// numberedSale are the forms that can be shipped.
var numberedSale = map[string]bool{"Invoice": true, "Estimate": true, "CreditMemo": true, "SalesReceipt": true, "RefundReceipt": true}

// plans are what a company can subscribe to; the small ones have neither stock
// nor purchase orders (reference sections 4.12 and 5.6).
var plans = map[string]struct {
	sku   string
	stock bool
}{
	"simplestart": {"QuickBooks Online Simple Start", false},
	"essentials":  {"QuickBooks Online Essentials", false},
	"plus":        {"QuickBooks Online Plus", true},
	"advanced":    {"QuickBooks Online Advanced", true},
}

// Plans are the names that Options.Plan takes.
func Plans() []string { return []string{"simplestart", "essentials", "plus", "advanced"} }

// companyFact is one of the loose pairs of CompanyInfo.
func (b *Box) companyFact(name string) string {
	for _, nv := range list(b.company(), "NameValue") {
		if str(nv, "Name") == name {
			return str(nv, "Value")
		}
	}
	return ""
}

// hasStock tells whether the plan knows quantities and orders.
func (b *Box) hasStock() bool {
	sku := b.companyFact("OfferingSku")
	for _, p := range plans {
		if p.sku == sku {
			return p.stock
		}
	}
	return true
}

// mayTrack refuses what needs quantities on a small plan, or where the company
// does not count its goods.
func (b *Box) mayTrack(w *write) *fault {
	if !w.by.trusted && !b.hasStock() {
		return notSupported("quantities on hand need the plan Plus or Advanced")
	}
	if !b.allowed(w.by, prefQuantities) {
		return notSupported("quantities on hand are switched off: " + prefQuantities)
	}
	return nil
}

// mayOrder refuses purchase orders on a small plan, or where they are switched off.
func (b *Box) mayOrder(w *write) *fault {
	if w.by.trusted {
		return nil
	}
	if !b.hasStock() {
		return notSupported("purchase orders need the plan Plus or Advanced")
	}
	group, _ := b.preferences()["ProductAndServicesPrefs"].(object)
	if has(group, "InventoryAndPurchaseOrder") && !b.allowed(w.by, "ProductAndServicesPrefs.InventoryAndPurchaseOrder") {
		return notSupported("purchase orders are switched off: ProductAndServicesPrefs.InventoryAndPurchaseOrder")
	}
	return nil
}

// hasCategories: companies without them nest items in items (reference section 5.3).
func (b *Box) hasCategories() bool { return b.companyFact("ItemCategoriesFeature") != "false" }

// subscribe changes the company's plan. Quantities end with a small one.
func (b *Box) subscribe(plan string) (Result, error) {
	p, ok := plans[plan]
	if !ok {
		return Result{}, fmt.Errorf("unknown plan %q: use one of %v", plan, Plans())
	}
	next := cloneObject(b.company())
	pairs := slices.DeleteFunc(list(next, "NameValue"), func(nv object) bool { return str(nv, "Name") == "OfferingSku" })
	next["NameValue"] = anys(append(pairs, object{"Name": "OfferingSku", "Value": p.sku}))
	b.singles["CompanyInfo"] = next
	if !p.stock {
		prefs := cloneObject(b.preferences())
		inner(prefs, "ProductAndServicesPrefs")["QuantityOnHand"] = false
		b.singles["Preferences"] = prefs
	}
	b.dirtyMeta = true
	return Result{Type: "CompanyInfo", ID: "1", Record: cloneObject(next)}, nil
}
