package zohobox_test

import (
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 10: clients ask which fields a lock has.
func TestLock_FieldsCanBeAsked(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.get("/settings/fields?module=Locking_Information__s").want(200)
	if f := find(r, "fields", "api_name", "Locked_Reason__s"); f == nil || f["system_mandatory"] != true {
		t.Errorf("the reason of a lock: %v", f)
	}
}

// zoho-crm.md section 13 and its table of addresses: one record leaves the bin.
func TestBin_DeletesOneByItsAddress(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.remove("Vendors", id).want(200)
	a.call("DELETE", "/settings/recycle_bin/"+id, nil).want(200, "recycle_bin.0.code", "SUCCESS")
	a.get("/Vendors/deleted?type=permanent").want(200, "data.0.id", id)
	a.call("DELETE", "/settings/recycle_bin/"+id, nil).want(400)
}
