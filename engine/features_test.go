package engine_test

import (
	"fmt"
	"testing"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// usesFeatures gives the company a class, a location and sales-form fields.
func (w *world) usesFeatures(doc m) m {
	w.t.Helper()
	doc["ClassRef"] = m{"value": w.newBooks("Class", m{"Name": "Pools"})}
	doc["DepartmentRef"] = m{"value": w.newBooks("Department", m{"Name": "North"})}
	doc["CustomField"] = []any{m{"DefinitionId": "1", "Name": "Crew", "Type": "StringType", "StringValue": "Blue"}}
	doc["ShipDate"], doc["TrackingNum"] = "2026-05-06", "1Z9"
	return doc
}

// P31: class, location, ship date, tracking number and the sales-form custom
// fields are shown, follow a change and are emptied with it.
func TestDocument_FeaturesOfQuickBooksAreShown(t *testing.T) {
	w, customer, item := inStep(t)
	id := w.newBooks("Invoice", w.usesFeatures(m{
		"CustomerRef": m{"value": customer}, "DocNumber": "1001", "TxnDate": "2026-05-01", "Line": []any{soldLine(item, 1, 10, 10)},
	}))
	w.sync()
	shows := func(when string, values ...string) {
		t.Helper()
		rec := w.shown("1001")
		for i, f := range []string{"Class", "Location", "Ship_date", "Tracking_number", "Custom_fields"} {
			got := fmt.Sprint(rec["QuickBooks_"+f])
			if rec["QuickBooks_"+f] == nil {
				got = ""
			}
			if got != values[i] {
				t.Errorf("%s: %s = %q, want %q", when, f, got, values[i])
			}
		}
	}
	shows("at first", "Pools", "North", "2026-05-06", "1Z9", "Crew: Blue")
	w.editBooks("Invoice", id, m{"TrackingNum": "", "ClassRef": m{"value": w.newBooks("Class", m{"Name": "Garden"})}})
	w.sync()
	shows("after a change", "Garden", "North", "2026-05-06", "", "Crew: Blue")
	w.nothingMore()
}

// Where the edition has no room for them they are left out, and the document is
// shown all the same (P29).
func TestDocument_FeaturesWithoutRoom(t *testing.T) {
	w := newWorld(t, func(_ *qbobox.Options, z *zohobox.Options) { z.Edition = "standard" })
	customer := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars"})
	item := w.newBooks("Item", m{"Name": "Work", "Type": "Service", "IncomeAccountRef": m{"value": w.booksID("Account", "Name", "Services")}})
	w.newBooks("Invoice", w.usesFeatures(m{
		"CustomerRef": m{"value": customer}, "DocNumber": "1001", "TxnDate": "2026-05-01", "Line": []any{soldLine(item, 1, 10, 10)},
	}))
	w.connect().firstSync()
	rec := w.shown("1001")
	want(t, "total", rec["Grand_Total"], "10")
	if v, has := rec["QuickBooks_Class"]; has {
		t.Errorf("a class %v where there is no field for it", v)
	}
	w.nothingMore()
}
