package zohobox_test

import (
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 15: one active person more than is paid for is refused,
// over the API and in the screens; who leaves makes room.
func TestUsers_EndAtTheLicence(t *testing.T) {
	a := open(t, zohobox.Options{UserLicences: 6})
	a.get("/org").want(200, "org.0.license_details.users_license_purchased", "6")
	roles, profiles := a.get("/settings/roles"), a.get("/settings/profiles")
	invite := func(mail string) reply {
		return a.call(http.MethodPost, "/users", obj{"users": []any{obj{"last_name": "N", "email": mail, "role": ref(roles.str("roles.0.id")), "profile": ref(profiles.str("profiles.0.id"))}}})
	}
	invite("one@sandbox.example").want(201) // six of six
	invite("two@sandbox.example").want(400, "users.0.code", "LICENSE_LIMIT_EXCEEDED", "users.0.details.limit", "6")
	former := find(a.get("/users?type=DeactiveUsers"), "users", "first_name", "Former")["id"].(string)
	status := func(id, to string) reply {
		return a.call(http.MethodPut, "/users/"+id, obj{"users": []any{obj{"status": to}}})
	}
	status(former, "active").want(400, "users.0.code", "LICENSE_LIMIT_EXCEEDED")
	a.refused(zohobox.Action{Action: "reactivate", Type: "users", ID: former}, "LICENSE_LIMIT_EXCEEDED")
	a.refused(zohobox.Action{Action: "add_user", Data: obj{"last_name": "N", "email": "x@sandbox.example"}}, "LICENSE_LIMIT_EXCEEDED")
	status(find(a.get("/users?type=ActiveUsers"), "users", "first_name", "Max")["id"].(string), "inactive").want(200)
	status(former, "active").want(200)
	a.get("/__features/user_licenses").want(200, "__features.0.details.limits.total", "6", "__features.0.details.available_count.total", "0")
}

// zoho-crm.md section 15: features that are not on, and data that is not there.
func TestFeatures_NotEnabled(t *testing.T) {
	a := open(t, zohobox.Options{})
	me := a.get("/users?type=CurrentUser").str("users.0.id")
	put := func(o obj) reply {
		return a.call(http.MethodPut, "/users/"+me, obj{"users": []any{o}})
	}
	put(obj{"Reporting_To": ref(me)}).want(400, "users.0.code", "FEATURE_NOT_ENABLED", "users.0.details.json_path", "$.users[0].Reporting_To")
	put(obj{"next_shift": ref("5")}).want(400, "users.0.code", "REQUIRED_DATA_NOT_FOUND", "users.0.details.api_name", "next_shift")
	a.call(http.MethodPost, "/Accounts/actions/mass_update", obj{"data": []any{obj{"Phone": "1"}}, "territory": obj{"id": "5", "include_child": true}}).
		want(400, "data.0.code", "FEATURE_NOT_ENABLED", "data.0.details.api_name", "territory")
}

// zoho-crm.md section 6: mass updates of a territory are jobs; those below it
// count if that was asked for.
func TestMassUpdate_ByTerritory(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.do(zohobox.Action{Action: "enable_territories"})
	north := a.do(zohobox.Action{Action: "add_territory", Data: obj{"name": "North"}})
	leeds := a.do(zohobox.Action{Action: "add_territory", Data: obj{"name": "Leeds", "parent": "North"}})
	in := map[string]string{"north": a.make("Accounts", obj{"Account_Name": "A", "Territories": []any{ref(north)}}), "leeds": a.make("Accounts", obj{"Account_Name": "B", "Territories": []any{ref(leeds)}}), "none": a.make("Accounts", obj{"Account_Name": "C"})}
	send := func(o obj) reply {
		o["data"] = []any{obj{"Phone": o["phone"]}}
		delete(o, "phone")
		return a.call(http.MethodPost, "/Accounts/actions/mass_update", o)
	}
	see := func(want map[string]string) {
		t.Helper()
		for name, phone := range want {
			if got := (reply{t: t, body: a.read("Accounts", in[name])}).str("Phone"); got != phone {
				t.Errorf("%s has %q, want %q", name, got, phone)
			}
		}
	}
	finish := func(r reply, count string) {
		t.Helper()
		job := r.want(200, "data.0.code", "SCHEDULED").str("data.0.details.job_id")
		a.clock.step(time.Minute)
		a.get("/Accounts/actions/mass_update?job_id="+job).want(200, "data.0.Status", "COMPLETED", "data.0.Updated_Count", count)
	}
	finish(send(obj{"phone": "111", "territory": obj{"id": north}}), "1")
	see(map[string]string{"north": "111", "leeds": "", "none": ""})
	finish(send(obj{"phone": "222", "territory": obj{"id": north, "include_child": true}}), "2")
	see(map[string]string{"north": "222", "leeds": "222", "none": ""})
	send(obj{"phone": "3", "territory": obj{"id": "5"}}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.json_path", "$.territory.id")
	send(obj{"phone": "3", "territory": obj{}}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	send(obj{"phone": "3", "territory": obj{"id": north}, "ids": []any{in["none"]}}).want(400, "code", "AMBIGUITY_DURING_PROCESSING")
	a.call(http.MethodPost, "/Vendors/actions/mass_update", obj{"data": []any{obj{"Phone": "1"}}, "territory": obj{"id": north}}).want(400, "data.0.code", "INVALID_DATA")
}

// zoho-crm.md sections 3 and 15: a method that an address does not know is
// refused with 400 on most pages, with 403 on those of locks, with 405 elsewhere.
func TestMethods_AreRefusedByPage(t *testing.T) {
	a := open(t, zohobox.Options{})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	for path, status := range map[string]int{
		"/Vendors": 400, "/Vendors/" + v: 400, "/org": 400, "/coql": 400, "/settings/fields?module=Vendors": 400,
		"/Vendors/" + v + "/Locking_Information__s": 403, "/Vendors/" + v + "/Locking_Information__s/5": 403, "/settings/record_locking_configurations?module=Vendors": 403,
		"/settings/layouts?module=Vendors": 405,
	} {
		method := http.MethodPatch
		if path == "/settings/fields?module=Vendors" {
			method = http.MethodPut
		}
		a.call(method, path, obj{}).want(status, "code", "INVALID_REQUEST_METHOD")
	}
}

// zoho-crm.md section 14: notifications, search and attachments have another
// word for one call too many; the status is the same.
func TestLimits_HaveTwoWords(t *testing.T) {
	for _, dial := range []zohobox.Switch{zohobox.Default, zohobox.Off} {
		a := open(t, zohobox.Options{Limits: "real", Edition: "free", Dials: zohobox.Dials{RateLimitWord: dial}})
		a.http = &http.Client{Transport: a.box.Transport()} // the documents know one word each
		v := a.make("Vendors", obj{"Vendor_Name": "V"})
		for range 9 {
			a.call(http.MethodPost, "/crm/bulk/v8/write", obj{})
		}
		for a.get("/org").status == http.StatusOK {
			continue // until the credits are gone
		}
		word := "RATE_LIMIT_EXCEEDED"
		if dial == zohobox.Off {
			word = "TOO_MANY_REQUESTS"
		}
		for path, code := range map[string]string{"/org": "TOO_MANY_REQUESTS", "/Vendors?fields=id": "TOO_MANY_REQUESTS", "/actions/watch": word, "/Vendors/search?word=Vine": word, "/Vendors/" + v + "/Attachments?fields=id": word} {
			a.get(path).want(429, "code", code, "status", "error")
		}
	}
}
