package qbobox

import "strings"

// lineRefs are what a line may point at beside its item or account, with the
// word for each list in a fault.
var lineRefs = map[string]string{"ClassRef": "Class", "CustomerRef": "Customer", "DepartmentRef": "Department"}

// lineFeatures are what the company must have on for a reference of a line.
var lineFeatures = map[string]string{"ClassRef": prefClassOfLine, "DepartmentRef": prefLocations}

// settleLineRefs gives the class, customer and location of a line their names
// and refuses those that are not there (reference section 3).
func (b *Box) settleLineRefs(w *write, d object) *fault {
	for _, k := range []string{"ClassRef", "CustomerRef", "DepartmentRef"} {
		if !has(d, k) {
			continue
		}
		id := str(d, k+".value")
		if k != "CustomerRef" && id != "" && !b.usedBefore(w, lineRefs[k], id) && !b.allowed(w.by, lineFeatures[k]) {
			if !b.opt.Dials.UnusedFeaturesAreDropped {
				return notSupported("Line." + k + " needs a feature that is switched off: " + lineFeatures[k])
			}
			id = ""
		}
		if id == "" {
			delete(d, k)
			continue
		}
		list := lineRefs[k]
		rec := b.find(list, id)
		switch {
		case rec == nil && w.by.trusted:
			continue
		case rec == nil:
			return badRef(b.entities[strings.ToLower(list)].words, id)
		case !rec.active && w.by.isAPI() && !b.usedBefore(w, list, id):
			return inactiveRef()
		}
		d[k] = ref(id, rec.title)
	}
	return nil
}
