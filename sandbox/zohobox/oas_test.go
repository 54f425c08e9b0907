package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
	"crossbook/sandbox/zohobox/oascheck"
)

// Answers have the shape of the vendor's own documents, apart from what is listed.
// TestMain looks at the answers of all other tests.
func TestAnswers_FitTheVendorsDocuments(t *testing.T) {
	if documents == nil {
		t.Skipf("SKIPPED: the vendor's OpenAPI documents are not at %s", oasDir)
	}
	a := open(t, zohobox.Options{MultiCurrency: true})
	a.externalID("Contacts")
	id := a.make("Contacts", obj{"Last_Name": "L"})
	gone := a.make("Contacts", obj{"Last_Name": "Gone"})
	a.remove("Contacts", gone)
	watch := obj{"watch": []any{obj{"channel_id": "1", "notify_url": "https://app.test/", "events": []any{"Contacts.all"}, "token": "t", "channel_expiry": a.clock.now().Add(time.Hour).Format(time.RFC3339)}}}
	a.configureLocks("Contacts", obj{"lock_type": "manual"})
	for _, c := range []struct {
		operation, status string
		reply             reply
	}{
		{"GET /users", "200", a.get("/users?type=AllUsers")},
		{"GET /org", "200", a.get("/org")},
		{"GET /settings/fields", "200", a.get("/settings/fields?module=Contacts")},
		{"GET /settings/fields", "200", a.get("/settings/fields?module=Quoted_Items")},
		{"POST /settings/fields", "201", a.call(http.MethodPost, "/settings/fields?module=Vendors", obj{"fields": []any{obj{"field_label": "X", "data_type": "text"}}})},
		{"GET /settings/layouts", "200", a.get("/settings/layouts?module=Quotes")},
		{"GET /settings/modules", "200", a.get("/settings/modules")},
		{"GET /settings/layouts", "200", a.get("/settings/layouts?module=Contacts")},
		{"GET /settings/roles", "200", a.get("/settings/roles")},
		{"GET /settings/recycle_bin/{recordId}", "200", a.get("/settings/recycle_bin/" + gone)},
		{"GET /settings/profiles", "200", a.get("/settings/profiles")},
		{"GET /settings/related_lists", "200", a.get("/settings/related_lists?module=Accounts")},
		{"GET /org/currencies", "200", a.get("/org/currencies")},
		{"GET /{module}", "200", a.get("/Contacts?fields=Owner,Created_Time,Modified_Time,Created_By,Modified_By")},
		{"GET /{module}/{recordID}", "200", a.get("/Contacts/" + id)},
		{"POST /{module}", "201", a.insert("Contacts", obj{"Last_Name": "N"})},
		{"PUT /{module}", "200", a.put("Contacts", id, obj{"Last_Name": "N"})},
		{"POST /{module}", "400", a.insert("Contacts", obj{"Email": "x"})},
		{"GET /{module}/deleted", "200", a.get("/Contacts/deleted")},
		{"POST /coql", "200", a.coql("select Last_Name from Contacts where id is not null")},
		{"POST /actions/watch", "201", a.call(http.MethodPost, "/actions/watch", watch)},
		{"GET /actions/watch", "200", a.get("/actions/watch")},
		{"GET /settings/recycle_bin", "200", a.get("/settings/recycle_bin")},
		{"GET /settings/record_locking_configurations", "200", a.get("/settings/record_locking_configurations?module=Contacts")},
	} {
		if fmt.Sprint(c.reply.status) != c.status {
			t.Errorf("%s: status %d, want %s: %s", c.operation, c.reply.status, c.status, c.reply.raw)
		}
	}
	for _, complaint := range documents.Unexplained(oascheck.Deviations()) {
		t.Error(complaint)
	}
}
