package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

func (a *app) convert(lead string, o obj) reply {
	a.t.Helper()
	return a.call(http.MethodPost, "/Leads/"+lead+"/actions/convert", data(o))
}

// zoho-crm.md sections 4.6, 6 and 14: a lead becomes an account, a contact and a
// deal that belong together; it is converted once and edited no more.
func TestLead_BecomesAccountContactAndDeal(t *testing.T) {
	a := open(t, zohobox.Options{})
	lead := a.make("Leads", obj{
		"Last_Name": "Okafor", "First_Name": "Ada", "Company": "Harbour Tools", "Designation": "Buyer", "Email": "ada@harbour.test", "Phone": "555 0100",
		"Street": "1 Quay", "City": "Leeds", "Zip_Code": "LS1", "No_of_Employees": 12, "Lead_Source": "Trade Show",
	})
	a.call(http.MethodPost, "/Leads/"+lead+"/actions/add_tags", obj{"tags": []any{obj{"name": "Fair"}}}).want(200)
	a.clock.step(time.Minute)
	r := a.convert(lead, obj{"carry_over_tags": true, "Deals": obj{"Deal_Name": "First order", "Stage": "Qualification", "Closing_Date": "2026-05-01"}})
	r.want(200, "data.0.code", "SUCCESS", "data.0.details.Accounts.name", "Harbour Tools", "data.0.details.Contacts.name", "Ada Okafor", "data.0.details.Deals.name", "First order")
	account, contact, deal := r.str("data.0.details.Accounts.id"), r.str("data.0.details.Contacts.id"), r.str("data.0.details.Deals.id")
	a.get("/Accounts/"+account).want(200, "data.0.Account_Name", "Harbour Tools", "data.0.Billing_City", "Leeds", "data.0.Billing_Code", "LS1", "data.0.Employees", "12", "data.0.Phone", "555 0100")
	a.get("/Contacts/"+contact).want(200, "data.0.Account_Name.id", account, "data.0.Title", "Buyer", "data.0.Mailing_Zip", "LS1", "data.0.Email", "ada@harbour.test", "data.0.Tag.0.name", "Fair")
	a.get("/Deals/"+deal).want(200, "data.0.Account_Name.id", account, "data.0.Contact_Name.id", contact, "data.0.Lead_Source", "Trade Show", "data.0.Tag.0.name", "Fair")
	a.get("/Leads/"+lead+"/__timeline").want(200, "__timeline.0.action", "converted")

	a.put("Leads", lead, obj{"Phone": "1"}).want(400, "data.0.code", "CONVERTED_RECORD", "data.0.details.id", lead)
	a.call(http.MethodPost, "/Leads/upsert", data(obj{"Last_Name": "Okafor", "Email": "ada@harbour.test"})).want(400, "data.0.code", "CONVERTED_RECORD")
	a.convert(lead, obj{}).want(400, "code", "ID_ALREADY_CONVERTED")
	a.refused(zohobox.Action{Action: "update", Type: "Leads", ID: lead, Data: obj{"Phone": "1"}}, "CONVERTED_RECORD")
}

// zoho-crm.md section 6: named records are used as they are, or overwritten if
// that was asked for; what is wrong in one part leaves all undone.
func TestLead_JoinsWhatExists(t *testing.T) {
	a := open(t, zohobox.Options{})
	account := a.make("Accounts", obj{"Account_Name": "Harbour", "Phone": "1"})
	contact := a.make("Contacts", obj{"Last_Name": "Okafor"})
	lead := func() string {
		return a.make("Leads", obj{"Last_Name": "Okafor", "Company": "Harbour Tools", "Phone": "2"})
	}
	first := lead()
	for _, c := range []struct {
		name string
		body obj
		code string
	}{
		{"an account that is not there", obj{"Accounts": ref("4000000000000000009")}, "INVALID_DATA"},
		{"an account without id", obj{"Accounts": obj{"name": "x"}}, "MANDATORY_NOT_FOUND"},
		{"a deal without stage", obj{"Deals": obj{"Deal_Name": "D"}}, "MANDATORY_NOT_FOUND"},
		{"a deal that is no object", obj{"Deals": "D"}, "INVALID_DATA"},
		{"an owner who is not there", obj{"assign_to": ref("5")}, "INVALID_DATA"},
	} {
		if r := a.convert(first, c.body); r.status != 400 || r.str("data.0.code") != c.code {
			t.Errorf("%s: %d %s, want %s", c.name, r.status, r.raw, c.code)
		}
	}
	a.get("/Deals?fields=id").want(204)
	a.get("/Accounts?fields=id").want(200, "info.count", "1")
	a.call(http.MethodPost, "/Leads/"+first+"/actions/convert", obj{}).want(400, "data.0.code", "MANDATORY_NOT_FOUND")

	r := a.convert(first, obj{"Accounts": ref(account), "Contacts": ref(contact), "Deals": obj{"Deal_Name": "D", "Stage": "Qualification"}})
	r.want(200, "data.0.details.Accounts.id", account, "data.0.details.Contacts.id", contact)
	a.get("/Accounts/"+account).want(200, "data.0.Phone", "1", "data.0.Account_Name", "Harbour")
	a.get("/Deals/"+r.str("data.0.details.Deals.id")).want(200, "data.0.Contact_Name.id", contact)

	eva := a.get("/users?type=ActiveUsers").str("users.3.id")
	r = a.convert(lead(), obj{"Accounts": ref(account), "overwrite": true, "assign_to": ref(eva)})
	a.get("/Accounts/"+account).want(200, "data.0.Phone", "2", "data.0.Account_Name", "Harbour Tools")
	a.get("/Contacts/"+r.str("data.0.details.Contacts.id")).want(200, "data.0.Owner.id", eva)

	none := a.make("Leads", obj{"Last_Name": "Alone"})
	if r := a.convert(none, obj{}).want(200); r.at("data.0.details.Accounts") != nil {
		t.Errorf("an account was made of nothing: %s", r.raw)
	}
	people := lead()
	a.do(zohobox.Action{User: "Eva", Action: "convert", Type: "Leads", ID: people, Data: obj{"Deals": obj{"Deal_Name": "By hand", "Stage": "Qualification", "Closing_Date": "2026-04-01"}}})
	a.refused(zohobox.Action{Action: "convert", Type: "Leads", ID: people}, "ID_ALREADY_CONVERTED")
	narrow := *a
	narrow.token = a.login(a.box.Grant("Super Admin", "ZohoCRM.modules.leads.ALL"))
	narrow.convert(lead(), obj{}).want(400, "data.0.code", "NO_PERMISSION")
}

// zoho-crm.md section 14: the conversion of a lead costs five credits, that of a
// document one.
func TestLead_ConversionCostsFiveCredits(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free"})
	lead := a.make("Leads", obj{"Last_Name": "L"})
	for range 2500 {
		a.get("/org")
	}
	left := func(r reply) (n int) { _, _ = fmt.Sscan(r.header.Get("X-API-CREDITS-REMAINING"), &n); return n }
	before := left(a.get("/org"))
	if cost := before - left(a.convert(lead, obj{}).want(200)); cost != 5 {
		t.Errorf("it cost %d credits, want 5", cost)
	}
}
