package engine_test

import (
	"fmt"
	"testing"
	"time"

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

// Where there is no field for them they are left out, and the document is shown
// all the same (P29).
func TestDocument_FeaturesWithoutRoom(t *testing.T) {
	w, customer, item := inStep(t)
	for _, f := range []string{"QuickBooks_Class", "QuickBooks_Custom_fields"} {
		w.personCRM(zohobox.Action{Action: "delete_field", Type: "Invoices", Data: m{"field": f}})
	}
	w.clock.Advance(25 * time.Hour) // past the daily look at the layouts
	w.sync()
	w.newBooks("Invoice", w.usesFeatures(m{
		"CustomerRef": m{"value": customer}, "DocNumber": "1001", "TxnDate": "2026-05-05", "Line": []any{soldLine(item, 1, 10, 10)},
	}))
	w.sync()
	rec := w.shown("1001")
	want(t, "total", rec["Grand_Total"], "10")
	want(t, "location", rec["QuickBooks_Location"], "North")
	if v, has := rec["QuickBooks_Class"]; has {
		t.Errorf("a class %v where there is no field for it", v)
	}
}
