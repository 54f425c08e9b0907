package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 10: a locked record is given to another owner unless the
// lock restricts just that.
func TestLock_ChangeOfOwner(t *testing.T) {
	for _, restricted := range []bool{false, true} {
		a := open(t, zohobox.Options{})
		eva := find(a.get("/users"), "users", "first_name", "Eva")["id"]
		id := a.make("Accounts", obj{"Account_Name": "A"})
		deal := a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Account_Name": ref(id)})
		give := func() reply {
			return a.call(http.MethodPost, "/Accounts/"+id+"/actions/change_owner", obj{"owner": obj{"id": eva}, "related_modules": []any{obj{"api_name": "Deals"}}})
		}
		config := obj{"lock_type": "manual"}
		if restricted {
			config["restricted_actions"] = []any{"update", "change_owner"}
		}
		a.configureLocks("Accounts", config)
		a.do(zohobox.Action{Action: "lock", Type: "Accounts", ID: id, Data: obj{"reason": "closed"}})
		a.put("Accounts", id, obj{"Owner": obj{"id": eva}}).want(400, "data.0.code", "RECORD_LOCKED")
		if restricted {
			give().want(400, "code", "RECORD_LOCKED")
			a.get("/Deals/"+deal).want(200, "data.0.Owner.name", "Super Admin")
			a.do(zohobox.Action{Action: "unlock", Type: "Accounts", ID: id})
		}
		a.clock.step(1e9)
		give().want(200, "code", "SUCCESS", "details.id", id)
		a.get("/Accounts/"+id).want(200, "data.0.Owner.name", "Eva Sales", "data.0.Modified_Time", "2026-03-01T01:15:01-08:00")
		a.get("/Deals/"+deal).want(200, "data.0.Owner.name", "Eva Sales")
	}
}

// zoho-crm.md section 10: a change of owner needs one, who is there and active.
func TestChangeOwner_Refusals(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Accounts", obj{"Account_Name": "A"})
	at := "/Accounts/" + id + "/actions/change_owner"
	gone := find(a.get("/users"), "users", "first_name", "Former")["id"]
	a.call(http.MethodPost, at, obj{}).want(400, "code", "MANDATORY_NOT_FOUND", "details.api_name", "owner")
	a.call(http.MethodPost, at, obj{"owner": obj{"id": gone}}).want(400, "code", "INVALID_DATA", "details.json_path", "$.owner.id")
	eva := find(a.get("/users"), "users", "first_name", "Eva")["id"]
	a.call(http.MethodPost, at, obj{"owner": obj{"id": eva}, "related_modules": []any{obj{"api_name": "Vendors"}}}).want(400, "code", "INVALID_DATA", "details.json_path", "$.related_modules[0].api_name")
	a.with("ZohoCRM.modules.ALL").call(http.MethodPost, at, obj{"owner": obj{"id": eva}}).want(401, "code", "OAUTH_SCOPE_MISMATCH")
}

// zoho-crm.md section 10: mails, buttons and portals of a configuration are kept
// as they were sent.
func TestLockConfig_KeepsWhatWasSent(t *testing.T) {
	a := open(t, zohobox.Options{})
	at := "/settings/record_locking_configurations?module=Vendors"
	send := func(verb string, o obj) reply {
		return a.call(verb, at, obj{"record_locking_configurations": []any{o}})
	}
	send(http.MethodPost, obj{"lock_type": "manual", "restricted_communications": []any{"send_mail"}, "restricted_custom_buttons": []any{obj{"id": "4876000000000123"}}, "lock_for_portal_users": false}).want(201)
	const c = "record_locking_configurations.0."
	id := a.get(at).want(200, c+"restricted_communications.0", "send_mail", c+"restricted_custom_buttons.0.id", "4876000000000123", c+"lock_for_portal_users", "false").str(c + "id")
	send(http.MethodPut, obj{"id": id, "lock_for_portal_users": true}).want(200)
	a.get(at).want(200, c+"restricted_communications.0", "send_mail", c+"lock_for_portal_users", "true")
	send(http.MethodPut, obj{"id": id, "restricted_communications": []any{}}).want(200)
	if n := a.get(at).len(c + "restricted_communications"); n != 0 {
		t.Errorf("%d restricted communications are left", n)
	}
	for key, bad := range map[string]any{
		"restricted_communications": []any{"call"}, "restricted_actions": []any{"paint"}, "restricted_custom_buttons": []any{obj{"id": "x"}},
		"lock_for_portal_users": "yes", "feature_type": "other",
	} {
		send(http.MethodPut, obj{"id": id, key: bad}).want(400, c+"code", "INVALID_DATA")
	}
}

// zoho-crm.md section 6: a timeline is filtered by the module of its record.
func TestTimeline_ByModule(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	at := "/Vendors/" + id + "/__timeline?filter="
	filter := func(name string) string {
		return q(`{"field":{"api_name":"record.module.api_name"},"comparator":"equal","value":"` + name + `"}`)
	}
	a.get(at+filter("Vendors")).want(200, "__timeline.0.record.module.api_name", "Vendors")
	a.get(at + filter("Notes")).want(204)
}
