package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func (a *app) upsert(module string, checks []any, o obj) reply {
	a.t.Helper()
	b := data(o)
	if checks != nil {
		b["duplicate_check_fields"] = checks
	}
	return a.call(http.MethodPost, "/"+module+"/upsert", b)
}

// Section 4.4: the table of checks.
func TestUpsert_OrderOfChecks(t *testing.T) {
	type records struct{ email, u1, u2 string }
	setup := func(t *testing.T) (*app, string, string, records) {
		a := open(t, zohobox.Options{})
		u1 := a.externalID("Contacts")
		u2 := a.field("Contacts", obj{"field_label": "Member", "data_type": "text", "length": 20, "unique": obj{"case_sensitive": false}})
		return a, u1, u2, records{
			email: a.make("Contacts", obj{"Last_Name": "E", "Email": "e@x.example"}),
			u1:    a.make("Contacts", obj{"Last_Name": "U1", u1: "1"}),
			u2:    a.make("Contacts", obj{"Last_Name": "U2", u2: "2"}),
		}
	}
	for _, c := range []struct {
		name  string
		given func(u1, u2 string) []any
		sent  func(u1, u2 string) obj
		want  func(r records) string
		field func(u1, u2 string) string
	}{
		{"nothing given: e-mail first", func(_, _ string) []any { return nil }, func(_, _ string) obj { return obj{"Last_Name": "N", "Email": "e@x.example"} }, func(r records) string { return r.email }, func(_, _ string) string { return "Email" }},
		{"nothing given: then the first unique", func(_, _ string) []any { return nil }, func(u1, _ string) obj { return obj{"Last_Name": "N", u1: "1"} }, func(r records) string { return r.u1 }, func(u1, _ string) string { return u1 }},
		{"first unique given: the second follows", func(u1, _ string) []any { return []any{u1} }, func(_, u2 string) obj { return obj{"Last_Name": "N", u2: "2"} }, func(r records) string { return r.u2 }, func(_, u2 string) string { return u2 }},
		{"first unique given: e-mail is not checked", func(u1, _ string) []any { return []any{u1} }, func(_, _ string) obj { return obj{"Last_Name": "N", "Email": "e@x.example"} }, func(records) string { return "" }, nil},
		{"second unique given: it wins over the first", func(_, u2 string) []any { return []any{u2} }, func(_, u2 string) obj { return obj{"Last_Name": "N", u2: "2"} }, func(r records) string { return r.u2 }, func(_, u2 string) string { return u2 }},
		{"e-mail given: unique fields follow", func(_, _ string) []any { return []any{"Email"} }, func(_, u2 string) obj { return obj{"Last_Name": "N", u2: "2"} }, func(r records) string { return r.u2 }, func(_, u2 string) string { return u2 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, u1, u2, recs := setup(t)
			r := a.upsert("Contacts", c.given(u1, u2), c.sent(u1, u2))
			want := c.want(recs)
			if want == "" {
				r.want(200, "data.0.action", "insert", "data.0.duplicate_field", "", "data.0.message", "record added")
				return
			}
			r.want(200, "data.0.action", "update", "data.0.details.id", want, "data.0.duplicate_field", c.field(u1, u2), "data.0.message", "record updated")
		})
	}
}

// Section 4.4: other fields are not allowed as check fields.
func TestUpsert_RefusesOtherCheckFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.upsert("Contacts", []any{"Phone"}, obj{"Last_Name": "N"}).want(400, "code", "INVALID_DATA")
}

// Section 4.4, danger: documents are found by their subject, vendors by name.
func TestUpsert_OverwritesStrangersByName(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "Acme", "City": "Old"})
	a.upsert("Vendors", nil, obj{"Vendor_Name": "ACME", "City": "New"}).want(200, "data.0.details.id", id, "data.0.duplicate_field", "Vendor_Name")
	a.get("/Vendors/"+id).want(200, "data.0.City", "New")
}

// Section 4.4: unique fields are still checked after the named one.
func TestUpsert_StillChecksUniqueFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Vendors")
	a.make("Vendors", obj{"Vendor_Name": "One", f: "1"})
	a.make("Vendors", obj{"Vendor_Name": "Two"})
	a.upsert("Vendors", []any{"Vendor_Name"}, obj{"Vendor_Name": "Two", f: "1"}).want(400, "data.0.code", "DUPLICATE_DATA")
}

// Section 4.4: when two fields point at two records, the earlier check wins, and
// the other one's value is then a duplicate.
func TestUpsert_EarlierCheckWins(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Vendors")
	byName := a.make("Vendors", obj{"Vendor_Name": "Acme"})
	byID := a.make("Vendors", obj{"Vendor_Name": "Other", f: "1"})
	o := obj{"Vendor_Name": "Acme", f: "1"}
	a.upsert("Vendors", nil, o).want(400, "data.0.code", "DUPLICATE_DATA", "data.0.details.duplicate_record.id", byID)
	a.upsert("Vendors", []any{f}, o).want(200, "data.0.details.id", byID)
	if byName == byID {
		t.Error("one record twice")
	}
}
