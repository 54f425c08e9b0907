package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 13: a record is not restored without the one it belongs
// to, unless both come back together.
func TestRestore_NeedsTheParent(t *testing.T) {
	gone := func(dial zohobox.Switch) (a *app, account, contact string) {
		a = open(t, zohobox.Options{Dials: zohobox.Dials{RestoreNeedsParent: dial}})
		account = a.make("Accounts", obj{"Account_Name": "A"})
		contact = a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(account)})
		a.remove("Contacts", contact).want(200)
		a.remove("Accounts", account).want(200)
		return a, account, contact
	}
	restore := func(a *app, ids ...any) reply {
		return a.call(http.MethodPost, "/settings/recycle_bin/actions/restore", obj{"ids": ids})
	}
	a, account, contact := gone(zohobox.Default)
	restore(a, contact).want(400, "recycle_bin.0.code", "CANNOT_RESTORE_WITHOUT_PARENT", "recycle_bin.0.details.id", contact)
	a.call(http.MethodPost, "/settings/recycle_bin/"+contact+"/actions/restore", nil).want(400, "code", "CANNOT_RESTORE_WITHOUT_PARENT")
	a.get("/Contacts/" + contact).want(204)
	restore(a, contact, account).want(200)
	a.get("/Contacts/"+contact).want(200, "data.0.Account_Name.id", account)

	a, account, contact = gone(zohobox.Default)
	restore(a, account).want(200)
	restore(a, contact).want(200)
	a.get("/Contacts/"+contact).want(200, "data.0.Account_Name.id", account)

	a, _, contact = gone(zohobox.Off)
	restore(a, contact).want(200)
	if v := a.read("Contacts", contact)["Account_Name"]; v != nil {
		t.Errorf("the contact looks up to %v, which lies in the bin", v)
	}

	a, account, contact = gone(zohobox.Default)
	a.call(http.MethodDelete, "/settings/recycle_bin/"+account, nil).want(200)
	restore(a, contact).want(200) // the parent is gone for good
}

// zoho-crm.md section 6: a list that rests on a look-up is linked and unlinked
// by writing it, with the rules of any update.
func TestRelated_LinksThroughLookups(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	one, two := a.make("Contacts", obj{"Last_Name": "One"}), a.make("Contacts", obj{"Last_Name": "Two"})
	at := "/Accounts/" + acc + "/Contacts"
	a.call(http.MethodPut, at, data(obj{"id": one})).want(200, "data.0.code", "SUCCESS", "data.0.details.id", one)
	a.call(http.MethodPut, at+"/"+two, data(obj{})).want(200)
	a.get("/Contacts/"+one).want(200, "data.0.Account_Name.id", acc)
	a.get(at+"?fields=Last_Name").want(200, "info.count", "2")
	a.call(http.MethodPut, at, data(obj{"id": "1"})).want(400, "data.0.code", "INVALID_DATA")
	a.call(http.MethodDelete, at+"/"+one, nil).want(200, "data.0.message", "relation removed")
	a.call(http.MethodDelete, at+"?ids="+one, nil).want(400, "data.0.code", "INVALID_DATA")
	if v := a.read("Contacts", one)["Account_Name"]; v != nil {
		t.Errorf("unlinked, the contact looks up to %v", v)
	}
	a.configureLocks("Contacts", obj{})
	a.do(zohobox.Action{Action: "lock", Type: "Contacts", ID: two, Data: obj{"reason": "closed"}})
	a.call(http.MethodDelete, at+"/"+two, nil).want(400, "data.0.code", "RECORD_LOCKED")

	vendor := a.make("Vendors", obj{"Vendor_Name": "V"})
	order := a.make("Purchase_Orders", obj{"Subject": "S", "Vendor_Name": ref(vendor), "Purchase_Items": []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}})
	a.call(http.MethodDelete, "/Vendors/"+vendor+"/Purchase_Orders/"+order, nil).want(400, "data.0.code", "MANDATORY_NOT_FOUND")
}
