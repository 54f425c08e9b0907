package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// layoutWorld is a vendor and a customer in step, and a day later.
func layoutWorld(t *testing.T) *world {
	w := newWorld(t).connect().allVendors()
	w.newBooks("Vendor", m{"DisplayName": "Norton Lumber", "PrimaryPhone": phone("555-1"), "Fax": phone("A1"), "WebAddr": m{"URI": "https://norton.example"}})
	w.firstSync()
	return w
}

func (w *world) vendor() map[string]any {
	w.t.Helper()
	return w.crmState().find(w.t, "Vendors", "Vendor_Name", "Norton Lumber")
}

func (w *world) nextDay() {
	w.t.Helper()
	w.clock.Advance(25 * time.Hour)
	for range 3 {
		if _, err := w.eng.Turn(w.t.Context(), w.conn.ID, engine.Ask{}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) layoutField(typ, layout, field string, what m) {
	w.t.Helper()
	what["layout"], what["field"] = layout, field
	w.personCRM(zohobox.Action{Action: "layout_field", Type: typ, Data: what})
}

func TestLayouts_AFieldTakenOffStopsItsPairAlone_AndGoesOnOncePutBack(t *testing.T) {
	w := layoutWorld(t)
	w.layoutField("Vendors", "Standard", "Phone", m{"on": false})
	w.nextDay()
	if got := w.problemText(); got != "Not on the layout in Zoho CRM: Phone" || len(w.problems()) != 1 {
		t.Fatalf("problems: %+v", w.problems())
	}
	id := w.booksID("Vendor", "DisplayName", "Norton Lumber")
	w.editBooks("Vendor", id, m{"PrimaryPhone": phone("555-2"), "WebAddr": m{"URI": "https://lumber.example"}})
	w.sync()
	if v := w.vendor(); v["Phone"] != "555-1" || v["Website"] != "https://lumber.example" {
		t.Errorf("phone %v, website %v", v["Phone"], v["Website"])
	}
	w.layoutField("Vendors", "Standard", "Phone", m{"on": true})
	w.sync()
	if v := w.vendor(); v["Phone"] != "555-2" {
		t.Errorf("after it was put back: phone %v", v["Phone"])
	}
	if p := w.problems(); len(p) != 0 {
		t.Errorf("problems after the cure: %+v", p)
	}
}

// A field that was deleted has lost its values: that is nobody's edit, neither
// before the look nor after it was made anew.
func TestLayouts_ADeletedFieldClearsNothing(t *testing.T) {
	w := layoutWorld(t)
	field := w.ownField()
	w.personCRM(zohobox.Action{Action: "delete_field", Type: "Vendors", Data: m{"field": field}})
	w.editCRM("Vendors", w.vendor()["id"].(string), m{"Phone": "555-9"})
	w.sync() // reads the record without the field before anybody looked at the layouts
	w.nextDay()
	number := func() any {
		return get(w.booksState().find(t, "Vendor", "DisplayName", "Norton Lumber"), "Fax", "FreeFormNumber")
	}
	if p := w.problems(); len(p) != 1 || p[0].Problem.Text != "Not on the layout in Zoho CRM: Second Fax" {
		t.Fatalf("problems: %+v", p)
	}
	if got := number(); got != "A1" {
		t.Fatalf("cleared in QuickBooks: %v", got)
	}
	w.personCRM(zohobox.Action{Action: "create_field", Type: "Vendors", Data: m{"field_label": strings.ReplaceAll(field, "_", " "), "data_type": "text"}})
	w.nextDay()
	w.sync()
	if got := number(); got != "A1" {
		t.Errorf("cleared in QuickBooks after the field was made anew: %v", got)
	}
	if got := w.vendor()[field]; got != "A1" {
		t.Errorf("the new field holds %v", got)
	}
	if p := w.problems(); len(p) != 0 {
		t.Errorf("problems after the cure: %+v", p)
	}
}

// ownField maps the fax number to a field that the organisation added.
func (w *world) ownField() string {
	w.t.Helper()
	const field = "Second_Fax"
	w.personCRM(zohobox.Action{Action: "create_field", Type: "Vendors", Data: m{"field_label": "Second Fax", "data_type": "text"}})
	doc := mapping.Default(crossbook.DefaultSettings())
	doc.Modules[crossbook.Vendors] = append(doc.Modules[crossbook.Vendors], mapping.Pair{
		Field: field, Label: "Second Fax", Books: "Fax.FreeFormNumber", Kind: mapping.Text, Direction: crossbook.Both, Policy: mapping.Normal,
	})
	raw, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.store.Update(w.t.Context(), func(tx *store.Tx) error {
		_, err := tx.SaveMapping(w.t.Context(), w.conn.ID, raw, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.connect()
	w.editBooks("Vendor", w.booksID("Vendor", "DisplayName", "Norton Lumber"), m{"Notes": "x"})
	w.sync()
	if got := w.vendor()[field]; got != "A1" {
		w.t.Fatalf("the mapped field holds %v", got)
	}
	return field
}

func TestLayouts_WithoutTheIDFieldTheModuleStops_AndNothingIsMadeTwice(t *testing.T) {
	w := layoutWorld(t)
	w.layoutField("Vendors", "Standard", "QuickBooks_Id", m{"on": false})
	w.nextDay()
	w.newBooks("Vendor", m{"DisplayName": "Tim Philip Masonry"})
	w.editBooks("Vendor", w.booksID("Vendor", "DisplayName", "Norton Lumber"), m{"PrimaryPhone": phone("555-3")})
	w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
	w.sync()
	problems, waiting := 0, 0
	for _, p := range w.problems() {
		switch {
		case p.Problem.Waiting:
			waiting++
		case p.Problem.Text == "Vendors are stopped: the field QuickBooks Id is missing in Zoho CRM.":
			problems++
		default:
			t.Errorf("problem %+v", p)
		}
	}
	if problems != 1 || waiting != 2 {
		t.Errorf("%d problems and %d waits, want one and two", problems, waiting)
	}
	if n := len(w.crmState().Records["Vendors"]); n != 1 {
		t.Errorf("%d vendors while the module is stopped", n)
	}
	if n := len(w.crmState().Records["Contacts"]); n != 1 {
		t.Errorf("%d contacts: other modules must go on", n)
	}
	w.layoutField("Vendors", "Standard", "QuickBooks_Id", m{"on": true})
	w.sync()
	if n := len(w.crmState().Records["Vendors"]); n != 2 || w.vendor()["Phone"] != "555-3" {
		t.Errorf("%d vendors after the cure, phone %v", n, w.vendor()["Phone"])
	}
	if p := w.problems(); len(p) != 0 {
		t.Errorf("problems after the cure: %+v", p)
	}
}

func TestLayouts_AMandatoryFieldNobodyFillsIsReportedBeforeAnyRecordFails(t *testing.T) {
	w := layoutWorld(t)
	w.layoutField("Invoices", "QuickBooks", "Excise_Duty", m{"required": true})
	w.nextDay()
	if got := w.problemText(); got != "Mandatory not found." {
		t.Fatalf("problem %q", got)
	}
	if p := w.problems()[0]; p.Module != crossbook.Invoices || p.Problem.Number != 3 || !strings.Contains(p.Problem.Cause, "Excise Duty") {
		t.Errorf("%+v", p)
	}
	w.nextDay()
	if p := w.problems(); len(p) != 1 {
		t.Errorf("reported %d times", len(p))
	}
	w.layoutField("Invoices", "QuickBooks", "Excise_Duty", m{"required": false})
	w.sync()
	if p := w.problems(); len(p) != 0 {
		t.Errorf("problems after the cure: %+v", p)
	}
}

// A look reads metadata and no record, once a day or when it is asked for.
func TestLayouts_ADayWithoutChangesLooksOnceAndSaysNothing(t *testing.T) {
	w := layoutWorld(t)
	w.nextDay()
	before := w.crmState().Calls
	w.sync()
	for kind, n := range w.crmState().Calls {
		if strings.Contains(kind, "settings") && n != before[kind] {
			t.Errorf("%s: %d calls more right after the look", kind, n-before[kind])
		}
	}
	if p := w.problems(); len(p) != 0 {
		t.Errorf("problems: %+v", p)
	}
	reports, err := w.eng.Layouts(t.Context(), w.conn.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if len(r.Problems) != 0 || r.Module != crossbook.Deals && (!r.Unique || r.Fields == 0) {
			t.Errorf("%+v", r)
		}
	}
	err = w.store.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.DueDirty(t.Context(), w.conn.ID, w.clock.Now(), 10)
		if len(rows) != 0 {
			t.Errorf("due after a look that found nothing: %+v", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
