package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

func (a *app) configureLocks(module string, o obj) {
	a.t.Helper()
	a.call(http.MethodPost, "/settings/record_locking_configurations?module="+module, obj{"record_locking_configurations": []any{o}}).want(201, "record_locking_configurations.0.code", "SUCCESS")
}

// Section 10: configuration, lock, read, refuse, unlock.
func TestLock_ByHand(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	at := "/Vendors/" + id + "/Locking_Information__s"
	reason := data(obj{"Locked_Reason__s": "under review"})
	a.get("/settings/record_locking_configurations?module=Vendors").want(204)
	a.call(http.MethodPost, at, reason).want(400, "code", "NOT_ALLOWED", "message", "Required Record Locking Configuration is not present")
	a.configureLocks("Vendors", obj{"lock_type": "manual", "restricted_actions": []any{"update", "delete"}})
	a.get("/settings/record_locking_configurations?module=Vendors").want(200, "record_locking_configurations.0.locked_for", "all_profiles", "record_locking_configurations.0.lock_type", "manual")
	a.get(at + "?fields=id").want(204)
	a.call(http.MethodPost, at, data(obj{})).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
	lock := a.call(http.MethodPost, at, reason).want(201, "data.0.message", "record added").str("data.0.details.id")
	a.call(http.MethodPost, at, reason).want(403, "code", "NOT_ALLOWED")
	a.get(at).want(400, "code", "REQUIRED_PARAM_MISSING")
	a.get(at+"?fields=id").want(200, "data.0.Locked_Reason__s", "under review", "data.0.Lock_Source__s", "Manual", "data.0.Locked_By__s.name", "Super Admin", "data.0.Locked_For__s.name", "V")
	a.get("/Vendors/"+id).want(200, "data.0.Locked__s", "true", "data.0.$locked_for_me", "true", "data.0.Modified_Time", "2026-03-01T01:15:00-08:00")
	a.put("Vendors", id, obj{"City": "X"}).want(400, "data.0.code", "RECORD_LOCKED", "data.0.message", "Sorry, you cannot perform this operation as the record is locked.",
		"data.0.details.api_name", "id", "data.0.details.action", "record_locking", "data.0.details.json_path", "$.data[0].id")
	a.remove("Vendors", id).want(400, "data.0.code", "RECORD_LOCKED", "data.0.details.id", id)
	a.call(http.MethodDelete, at+"/"+lock, nil).want(200, "data.0.message", "relation removed")
	a.put("Vendors", id, obj{"City": "X"}).want(200)
}

// Section 10: who and what is excepted.
func TestLock_Exceptions(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Invoices", obj{"Subject": "S", "Invoiced_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
	profile := find(a.get("/settings/profiles"), "profiles", "name", "Integration")["id"]
	a.configureLocks("Invoices", obj{"locked_for": "all_profiles_except_excluded_profiles", "lock_excluded_profiles": []any{obj{"id": profile}}, "excluded_fields": []any{obj{"api_name": "Description"}}})
	a.do(zohobox.Action{Action: "lock", Type: "Invoices", ID: id, Data: obj{"reason": "month closed"}})
	a.put("Invoices", id, obj{"Due_Date": "2026-04-01"}).want(400, "data.0.code", "RECORD_LOCKED")
	a.put("Invoices", id, obj{"Description": "only this"}).want(200)
	a.put("Invoices", id, obj{"Description": "this", "Due_Date": "2026-04-01"}).want(400, "data.0.code", "RECORD_LOCKED")
	robot := a.as("Integration")
	robot.get("/Invoices/"+id).want(200, "data.0.Locked__s", "true", "data.0.$locked_for_me", "false")
	robot.put("Invoices", id, obj{"Due_Date": "2026-04-01"}).want(200)
}

// Section 10: a rule locks by itself and cannot be lifted by hand.
func TestLock_ByRule(t *testing.T) {
	a := open(t, zohobox.Options{})
	won := a.make("Deals", obj{"Deal_Name": "old", "Stage": "Closed Won"})
	a.configureLocks("Deals", obj{"lock_type": "automatic", "locking_rules": []any{obj{"name": "won", "lock_existing_records": true, "criteria": obj{"comparator": "equal", "field": obj{"api_name": "Stage"}, "value": "Closed Won"}}}})
	a.put("Deals", won, obj{"Next_Step": "x"}).want(400, "data.0.code", "RECORD_LOCKED")
	id := a.make("Deals", obj{"Deal_Name": "new", "Stage": "Qualification"})
	a.put("Deals", id, obj{"Next_Step": "x"}).want(200)
	a.put("Deals", id, obj{"Stage": "Closed Won"}).want(200)
	a.put("Deals", id, obj{"Next_Step": "y"}).want(400, "data.0.code", "RECORD_LOCKED")
	lock := a.get("/Deals/"+id+"/Locking_Information__s?fields=id").want(200, "data.0.Lock_Source__s", "Automatic").str("data.0.id")
	a.call(http.MethodDelete, "/Deals/"+id+"/Locking_Information__s/"+lock, nil).want(403, "code", "NOT_ALLOWED")
}

func TestLock_ProductsCannotBeLocked(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/settings/record_locking_configurations?module=Products", obj{"record_locking_configurations": []any{obj{}}}).want(400, "code", "NOT_SUPPORTED")
}

// Sections 4.6 and 10: transient locks and approval.
func TestLock_MergeAndApproval(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Accounts", obj{"Account_Name": "A"})
	a.do(zohobox.Action{Action: "hold", Type: "Accounts", ID: id})
	a.get("/Accounts/"+id).want(200, "data.0.$in_merge", "true")
	a.put("Accounts", id, obj{"Phone": "12345"}).want(400, "data.0.code", "RECORD_LOCKED")
	a.do(zohobox.Action{Action: "release", Type: "Accounts", ID: id})
	a.put("Accounts", id, obj{"Phone": "12345"}).want(200)
	a.do(zohobox.Action{Action: "submit", Type: "Accounts", ID: id})
	a.put("Accounts", id, obj{"Phone": "12346"}).want(400, "data.0.code", "NOT_APPROVED", "data.0.details.resource_path_index", "1")
	a.get("/Accounts?fields=$approval_state").want(200, "data.0.$approval_state", "approval_process_pending")
	a.do(zohobox.Action{Action: "approve", Type: "Accounts", ID: id})
	a.put("Accounts", id, obj{"Phone": "12346"}).want(200)
}

// zoho-crm.md section 10: while its image is validated a record is locked with
// the code of locks.
func TestLock_WhileAnImageIsValidated(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Products", obj{"Product_Name": "P"})
	a.do(zohobox.Action{Action: "check_image", Type: "Products", ID: id})
	a.put("Products", id, obj{"Product_Code": "X"}).want(400, "data.0.code", "RECORD_LOCKED", "data.0.details.api_name", "id")
	a.remove("Products", id).want(400, "data.0.code", "RECORD_LOCKED")
	a.get("/Products/"+id).want(200, "data.0.Locked__s", "false", "data.0.$in_merge", "false")
	a.do(zohobox.Action{Action: "image_checked", Type: "Products", ID: id})
	a.put("Products", id, obj{"Product_Code": "X"}).want(200)
	a.refused(zohobox.Action{Action: "check_image", Type: "Deals", ID: a.make("Deals", obj{"Deal_Name": "D", "Stage": "Qualification"})}, "no image")
}
