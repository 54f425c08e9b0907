package simulate

import (
	"fmt"
	"strings"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// spelling writes one name as the people of the other system might.
func (w *world) spelling(name string) string {
	switch w.rng.IntN(5) {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	case 2:
		return strings.ReplaceAll(name, "o", "ó")
	case 3:
		return name + " "
	default:
		return name
	}
}

// fillCRM and fillBooks add a few values to a new record.
func (w *world) fillCRM(data object, from []knob) object {
	for _, k := range from {
		if !k.keep && chance(w.rng, 35) {
			data[k.field] = k.value(w.next())
		}
	}
	return data
}

func (w *world) fillBooks(data object, from []knob) object {
	for _, k := range from {
		if !k.keep && chance(w.rng, 35) {
			w.put(data, "", "", k.path, k.value(w.next()))
		}
	}
	return data
}

// someVendors are on one side, on the other, or on both.
func (w *world) someVendors() {
	for i := range 1 + w.rng.IntN(3) {
		name := fmt.Sprintf("Supplier co %d", i)
		in := w.rng.IntN(3)
		if in != 0 {
			w.doBooks(qbobox.Action{Action: "create", Type: "Vendor", Data: w.fillBooks(object{"DisplayName": name}, vendorKnobs)})
		}
		if in != 1 {
			w.doCRM(zohobox.Action{Action: "create", Type: "Vendors", Data: w.fillCRM(object{"Vendor_Name": w.spelling(name)}, vendorKnobs)})
		}
	}
}

// actVendor is one thing somebody does to vendors.
func (w *world) actVendor() {
	if chance(w.rng, 50) {
		w.crmParty("Vendors", vendorKnobs, func() object {
			return object{"Vendor_Name": fmt.Sprintf("Supplier co %d", w.next())}
		})
		return
	}
	w.booksParty("Vendor", vendorKnobs, func() object {
		return object{"DisplayName": fmt.Sprintf("Supplier co %d", w.next())}
	})
}

// crmParty is one thing somebody does to the records of a CRM module.
func (w *world) crmParty(module string, from []knob, fresh func() object) {
	rows := w.crmRecords(module)
	if len(rows) == 0 || chance(w.rng, 18) {
		w.doCRM(zohobox.Action{Action: "create", Type: module, Data: w.fillCRM(fresh(), from)})
		return
	}
	id := fmt.Sprint(pick(w.rng, rows)["id"])
	if id == w.placeholder {
		return
	}
	switch n := w.rng.IntN(100); {
	case n < 60:
		w.turnCRM(module, id, pick(w.rng, from))
	case n < 75:
		data := object{}
		for range 2 + w.rng.IntN(3) {
			k := pick(w.rng, from)
			data[k.field] = k.value(w.next())
		}
		w.doCRM(zohobox.Action{Action: "update", Type: module, ID: id, Data: data})
	case n < 82:
		w.doCRM(zohobox.Action{Action: "delete", Type: module, ID: id})
	case n < 93:
		w.restoreOne(module)
	default:
		other := fmt.Sprint(pick(w.rng, rows)["id"])
		if other != id && other != w.placeholder {
			w.doCRM(zohobox.Action{Action: "merge", Type: module, ID: id, Into: other})
		}
	}
}

// restoreOne takes a record somebody deleted out of the recycle bin.
func (w *world) restoreOne(module string) {
	for _, o := range objects(part(w.crm.State(module), "deleted")[module]) {
		if o["permanent"] != true && chance(w.rng, 60) {
			w.doCRM(zohobox.Action{Action: "restore", Type: module, ID: fmt.Sprint(o["id"])})
			return
		}
	}
}

// booksParty is one thing somebody does to the records of a QuickBooks list.
func (w *world) booksParty(entity string, from []knob, fresh func() object) {
	rows := w.books.All(entity)
	if len(rows) == 0 || chance(w.rng, 18) {
		w.doBooks(qbobox.Action{Action: "create", Type: entity, Data: w.fillBooks(fresh(), from)})
		return
	}
	rec := pick(w.rng, rows)
	id := fmt.Sprint(rec["Id"])
	switch n := w.rng.IntN(100); {
	case n < 62:
		w.turnBooks(entity, id, pick(w.rng, from))
	case n < 78:
		data := object{}
		for range 2 + w.rng.IntN(3) {
			k := pick(w.rng, from)
			w.put(data, entity, id, k.path, k.value(w.next()))
		}
		w.doBooks(qbobox.Action{Action: "update", Type: entity, ID: id, Data: data})
	case n < 86:
		w.doBooks(qbobox.Action{Action: "inactivate", Type: entity, ID: id})
	case n < 94:
		for _, r := range rows {
			if r["Active"] == false && chance(w.rng, 60) {
				w.doBooks(qbobox.Action{Action: "reactivate", Type: entity, ID: fmt.Sprint(r["Id"])})
				return
			}
		}
	case n < 97:
		w.doBooks(qbobox.Action{Action: "bump_all", Type: entity, Data: object{"Count": 2}})
	default:
		other := pick(w.rng, rows)
		// QuickBooks merges records that stand under the same parent only.
		if into := fmt.Sprint(other["Id"]); into != id && parentOf(other) == parentOf(rec) {
			w.doBooks(qbobox.Action{Action: "merge", Type: entity, ID: id, Into: into})
		}
	}
}

func (w *world) bumpAll(entity string) {
	w.doBooks(qbobox.Action{Action: "bump_all", Type: entity, Data: object{"Count": 0}})
}

func parentOf(rec object) string {
	parent, _ := rec["ParentRef"].(object)
	return fmt.Sprint(parent["value"])
}
