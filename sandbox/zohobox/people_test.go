package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 9.5: people are added, changed and deleted by who may
// manage users.
func TestUsers_AddChangeDelete(t *testing.T) {
	a := open(t, zohobox.Options{})
	role, profile := a.get("/settings/roles").str("roles.1.id"), a.get("/settings/profiles").str("profiles.1.id")
	one := obj{"first_name": "Ana", "last_name": "New", "email": "ana@sandbox.example", "role": ref(role), "profile": ref(profile)}
	a.as("Eva").call(http.MethodPost, "/users", obj{"users": []any{one}}).want(403, "code", "NO_PERMISSION", "details.permissions.0", "Crm_Implied_Manage_Users")
	id := a.call(http.MethodPost, "/users", obj{"users": []any{one}}).want(201, "users.0.message", "User added").str("users.0.details.id")
	a.call(http.MethodPost, "/users", obj{"users": []any{one}}).want(400, "users.0.code", "DUPLICATE_DATA")
	a.call(http.MethodPost, "/users", obj{"users": []any{obj{"last_name": "X"}}}).want(400, "users.0.code", "MANDATORY_NOT_FOUND")
	a.get("/users/"+id).want(200, "users.0.full_name", "Ana New", "users.0.role.id", role, "users.0.status", "active")
	ana := a.as("Ana")
	ana.get("/Vendors?fields=id").want(204)
	a.call(http.MethodPut, "/users/"+id, obj{"users": []any{obj{"status": "inactive"}}}).want(200)
	ana.get("/Vendors?fields=id").want(401)
	a.call(http.MethodPut, "/users", obj{"users": []any{obj{"id": id, "status": "inactive"}}}).want(400, "users.0.code", "ID_ALREADY_DEACTIVATED")
	a.get("/users?type=DeactiveUsers").want(200, "info.count", "2")
	a.call(http.MethodDelete, "/users/"+id, nil).want(200, "users.0.message", "User deleted")
	a.call(http.MethodDelete, "/users/"+id, nil).want(400, "users.0.code", "ID_ALREADY_DELETED")
	a.get("/users?type=DeletedUsers").want(200, "users.0.id", id)
	a.get("/users?type=AllUsers").want(200, "info.count", "6")
	super := a.get("/users?type=CurrentUser").str("users.0.id")
	a.call(http.MethodDelete, "/users/"+super, nil).want(400, "users.0.code", "NOT_ALLOWED")
	a.get("/users?type=NotConfirmedUsers").want(204)
}

// zoho-crm.md section 9.6 and the index of addresses: roles report to each other.
func TestRoles_ReportToEachOther(t *testing.T) {
	a := open(t, zohobox.Options{})
	ceo, manager := a.get("/settings/roles").str("roles.0.id"), a.get("/settings/roles").str("roles.1.id")
	add := func(o obj) reply { return a.call(http.MethodPost, "/settings/roles", obj{"roles": []any{o}}) }
	id := add(obj{"name": "Clerk", "reporting_to": ref(manager)}).want(201).str("roles.0.details.id")
	add(obj{"name": "clerk", "reporting_to": ref(manager)}).want(400, "roles.0.code", "DUPLICATE_DATA")
	add(obj{"name": "Lost"}).want(400, "code", "MANDATORY_PARAM_MISSING", "details.api_name", "reporting_to")
	a.call(http.MethodPut, "/settings/roles/"+manager, obj{"roles": []any{obj{"name": "Manager", "reporting_to": ref(id)}}}).want(400, "roles.0.code", "INVALID_DATA")
	a.call(http.MethodPut, "/settings/roles/"+id, obj{"roles": []any{obj{"name": "Book-keeper", "share_with_peers": true}}}).want(200)
	a.get("/settings/roles/"+id).want(200, "roles.0.name", "Book-keeper", "roles.0.reporting_to.id", manager, "roles.0.share_with_peers", "true")
	a.call(http.MethodDelete, "/settings/roles/"+manager, nil).want(400, "code", "REQUIRED_PARAM_MISSING")
	a.call(http.MethodDelete, "/settings/roles/"+manager+"?transfer_to_id="+id, nil).want(400, "details.role_status", "subordinate")
	a.call(http.MethodDelete, "/settings/roles/"+manager+"?transfer_to_id="+ceo, nil).want(200)
	a.get("/settings/roles/"+id).want(200, "roles.0.reporting_to.id", ceo)
	a.get("/settings/roles/" + manager).want(204)
}

// zoho-crm.md sections 2.4, 4.1 and 9.6: a profile is cloned, loses rights, and
// its people are refused with the right's name.
func TestProfiles_RightsAreKept(t *testing.T) {
	a := open(t, zohobox.Options{})
	standard := a.get("/settings/profiles").str("profiles.1.id")
	id := a.call(http.MethodPost, "/settings/profiles/"+standard+"/actions/clone", obj{"profiles": []any{obj{"name": "Reader"}}}).want(201).str("profiles.0.details.id")
	a.call(http.MethodPost, "/settings/profiles/"+standard+"/actions/clone", obj{"profiles": []any{obj{"name": "Reader"}}}).want(400, "profiles.0.code", "DUPLICATE_DATA")
	rights := a.get("/settings/profiles/"+id).want(200, "profiles.0.custom", "true")
	deny := func(names ...string) obj {
		var out []any
		for _, name := range names {
			p := find(rights, "profiles.0.permissions_details", "name", name)
			if p == nil {
				t.Fatalf("there is no right %s", name)
			}
			out = append(out, obj{"id": p["id"], "enabled": false})
		}
		return obj{"profiles": []any{obj{"permissions_details": out}}}
	}
	a.call(http.MethodPut, "/settings/profiles/"+id, deny("Crm_Implied_View_Invoices", "Crm_Implied_Create_Vendors", "Crm_Implied_Edit_Vendors", "Crm_Implied_Delete_Vendors")).want(200)
	eva := a.get("/users?type=ActiveUsers")
	for i := range eva.len("users") {
		if eva.str(fmt.Sprintf("users.%d.first_name", i)) == "Eva" {
			a.call(http.MethodPut, "/users/"+eva.str(fmt.Sprintf("users.%d.id", i)), obj{"users": []any{obj{"profile": ref(id)}}}).want(200)
		}
	}
	e := a.as("Eva")
	vendor := a.make("Vendors", obj{"Vendor_Name": "V"})
	refused := func(r reply, right string) {
		t.Helper()
		r.want(403, "code", "NO_PERMISSION", "details.permissions.0", right)
	}
	refused(e.get("/Invoices?fields=id"), "Crm_Implied_View_Invoices")
	refused(e.get("/Invoiced_Items?fields=id"), "Crm_Implied_View_Invoices")
	refused(e.coql("select Subject from Invoices where id is not null"), "Crm_Implied_View_Invoices")
	refused(e.insert("Vendors", obj{"Vendor_Name": "W"}), "Crm_Implied_Create_Vendors")
	refused(e.put("Vendors", vendor, obj{"City": "X"}), "Crm_Implied_Edit_Vendors")
	refused(e.remove("Vendors", vendor), "Crm_Implied_Delete_Vendors")
	e.get("/Vendors/" + vendor).want(200)
	admin := a.get("/settings/profiles").str("profiles.0.id")
	a.call(http.MethodPut, "/settings/profiles/"+admin, obj{"profiles": []any{obj{"name": "Boss"}}}).want(400, "code", "NOT_ALLOWED", "details.resource_path_index", "2")
	a.call(http.MethodDelete, "/settings/profiles/"+standard+"?transfer_to_id="+admin, nil).want(400, "code", "NOT_ALLOWED")
	a.call(http.MethodDelete, "/settings/profiles/"+id, nil).want(400, "code", "MANDATORY_NOT_FOUND")
	a.call(http.MethodDelete, "/settings/profiles/"+id+"?transfer_to_id="+standard, nil).want(200)
	e.get("/Invoices?fields=id").want(204)
}

// zoho-crm.md section 9.3: a layout is switched off and on and deleted; its
// records go to another.
func TestLayouts_AreSwitchedAndDeleted(t *testing.T) {
	a := open(t, zohobox.Options{})
	own, standard := a.layout("Invoices", zohobox.QuickBooksLayoutName), a.layout("Invoices", "Standard")
	id := a.invoice(obj{"Layout": ref(own)})
	at := "/settings/layouts/" + own
	a.call(http.MethodDelete, at+"/actions/activate?module=Invoices", nil).want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "transfer_to")
	a.call(http.MethodDelete, "/settings/layouts/"+standard+"/actions/activate?module=Invoices&transfer_to="+own, nil).want(400, "code", "NOT_ALLOWED")
	a.call(http.MethodDelete, at+"/actions/activate?module=Invoices&transfer_to="+standard, nil).want(200, "layouts.0.code", "SUCCESS")
	a.get(at+"?module=Invoices").want(200, "layouts.0.status", "inactive")
	a.get("/Invoices/"+id).want(200, "data.0.Layout.id", standard, "data.0.Modified_Time", "2026-03-01T01:15:00-08:00")
	a.insert("Invoices", obj{"Subject": "S", "Layout": ref(own)}).want(400)
	a.call(http.MethodPost, at+"/actions/activate?module=Invoices", obj{"layouts": []any{obj{"profiles": []any{obj{"id": "1"}}}}}).want(400)
	a.call(http.MethodPost, at+"/actions/activate?module=Invoices", obj{"layouts": []any{obj{}}}).want(400, "layouts.0.code", "NOT_ALLOWED", "layouts.0.details.action", "set_layout_permissions")
	admin := obj{"layouts": []any{obj{"profiles": []any{obj{"id": a.get("/settings/profiles").str("profiles.0.id")}}}}}
	a.call(http.MethodPost, at+"/actions/activate?module=Invoices", admin).want(200)
	a.call(http.MethodPost, at+"/actions/activate?module=Invoices", admin).want(400, "code", "ALREADY_ACTIVATED")
	a.as("Eva").call(http.MethodDelete, at+"?module=Invoices&transfer_to="+standard, nil).want(403)
	a.call(http.MethodDelete, at+"?module=Invoices&transfer_to="+standard, nil).want(200)
	if a.layout("Invoices", zohobox.QuickBooksLayoutName) != "" {
		t.Error("the layout is still there")
	}
}
