package zohobox_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// kept opens an organisation in a file, and again after it was closed.
func kept(t *testing.T, opt zohobox.Options) (a *app, again func() *app, db *sql.DB) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "zoho.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	opt.DB = db
	a = open(t, opt)
	return a, func() *app {
		a.box.Close()
		opt.Now, opt.ManualDelivery = a.clock.now, true
		box, err := zohobox.New(opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(box.Close)
		return &app{t: t, box: box, clock: a.clock, http: &http.Client{Transport: box.Transport()}, token: a.token}
	}, db
}

// Whatever hangs on records is there after a restart: notes, attachments, tags,
// ties, ranges of price books, locks, timelines; zoho-crm.md sections 6, 9.6 and 10.
func TestStore_KeepsWhatHangsOnRecords(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	id := a.make("Contacts", obj{"Last_Name": "L"})
	at := "/Contacts/" + id
	note := a.call(http.MethodPost, at+"/Notes", data(obj{"Note_Title": "T", "Note_Content": "called"})).want(201).str("data.0.details.id")
	body, kind := form(t, "a.bin", []byte("\x00\xffbinary"))
	file := a.call(http.MethodPost, at+"/Attachments", body, "Content-Type", kind).want(200).str("data.0.details.id")
	a.call(http.MethodPost, "/settings/tags?module=Contacts", obj{"tags": []any{obj{"name": "big", "color_code": "#57B1FD"}}}).want(201)
	a.call(http.MethodPost, at+"/actions/add_tags", obj{"tags": []any{obj{"name": "big"}}}).want(200)
	product := a.product(obj{})
	a.call(http.MethodPut, at+"/Products/"+product, data(obj{})).want(200)
	book := a.make("Price_Books", obj{"Price_Book_Name": "B", "Pricing_Details": []any{obj{"from_range": 1, "to_range": 9, "discount": 2.5}}})
	a.configureLocks("Contacts", obj{"lock_type": "manual"})
	a.call(http.MethodPost, at+"/Locking_Information__s", data(obj{"Locked_Reason__s": "audit"})).want(201)
	events := a.get(at + "/__timeline").want(200).raw

	b := again()
	b.get("/Notes/"+note+"?fields=Note_Content").want(200, "data.0.Note_Content", "called")
	if got := b.get(at + "/Attachments/" + file); got.raw != "\x00\xffbinary" {
		t.Errorf("the file became %q", got.raw)
	}
	b.get(at).want(200, "data.0.Tag.0.name", "big", "data.0.Tag.0.color_code", "#57B1FD", "data.0.Locked__s", "true")
	b.get(at+"/Products?fields=id").want(200, "data.0.id", product)
	b.get("/Price_Books/"+book).want(200, "data.0.Pricing_Details.0.discount", "2.5")
	b.get(at+"/Locking_Information__s?fields=id").want(200, "data.0.Locked_Reason__s", "audit")
	b.put("Contacts", id, obj{"Phone": "1"}).want(400, "data.0.code", "RECORD_LOCKED")
	if got := b.get(at + "/__timeline").raw; got != events {
		t.Errorf("the timeline became\n%s\nwas\n%s", got, events)
	}
}

// What belongs to the organisation is there after a restart: views, variables
// and their groups, preferences, taxes, jobs; zoho-crm.md sections 9.6 and 12.
func TestStore_KeepsSettingsAndJobs(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{})
	a.make("Vendors", obj{"Vendor_Name": "V", "City": "Leeds"})
	view := a.do(zohobox.Action{Action: "add_view", Type: "Vendors", Data: obj{"name": "Leeds", "criteria": obj{"field": obj{"api_name": "City"}, "comparator": "equal", "value": "Leeds"}}})
	a.do(zohobox.Action{Action: "add_variable_group", Data: obj{"name": "Keys"}})
	a.call(http.MethodPost, "/settings/variables", obj{"variables": []any{obj{"name": "C", "api_name": "C", "type": "text", "value": "5", "variable_group": obj{"api_name": "Keys"}}}}).want(201)
	a.call(http.MethodPost, "/settings/duplicate_check_preference?module=Leads", obj{"duplicate_check_preference": obj{"type": "converted_records"}}).want(200)
	a.call(http.MethodPut, "/org/taxes", obj{"org_taxes": obj{"taxes": []any{obj{"name": "Vat", "value": 20}}}}).want(200)
	job := a.bulkRead(obj{"module": obj{"api_name": "Vendors"}, "fields": []any{"Vendor_Name"}})
	field := a.externalID("Vendors")

	b := again()
	b.get("/Vendors?fields=Vendor_Name&cvid="+view).want(200, "data.0.Vendor_Name", "V")
	b.get("/settings/variables/C?group=Keys").want(200, "variables.0.value", "5")
	b.get("/settings/duplicate_check_preference?module=Leads").want(200, "duplicate_check_preference.type", "converted_records")
	b.get("/org/taxes").want(200, "org_taxes.taxes.0.name", "Vat")
	b.get("/settings/fields?module=Vendors").want(200)
	b.make("Vendors", obj{"Vendor_Name": "W", field: "1"})
	b.get(bulkPath+"/read/"+job).want(200, "data.0.state", "ADDED")
	b.clock.step(time.Minute)
	b.get(bulkPath+"/read/"+job).want(200, "data.0.state", "COMPLETED")
	done := b.get(bulkPath + "/read/" + job + "/result").want(200).raw

	c := again()
	if got := c.get(bulkPath + "/read/" + job + "/result").want(200).raw; got != done {
		t.Error("the result of the job changed over a restart")
	}
}

// An organisation stored before a module or a field was known has it when it is
// opened again, and no id stands for two things.
func TestStore_GrowsWithTheModules(t *testing.T) {
	a, again, db := kept(t, zohobox.Options{})
	a.make("Accounts", obj{"Account_Name": "A"})
	for _, q := range []string{
		`DELETE FROM zohobox_state WHERE kind = 'module' AND id = 'Campaigns'`,
		`DELETE FROM zohobox_state WHERE kind IN ('layout', 'view') AND body LIKE '%"module":"Campaigns"%'`,
		`UPDATE zohobox_state SET body = replace(body, '"Phone"', '"Old_Phone"') WHERE kind = 'module' AND id = 'Accounts'`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	b := again()
	for range 2 {
		id := b.make("Campaigns", obj{"Campaign_Name": "C"})
		b.get("/Campaigns/"+id).want(200, "data.0.Campaign_Name", "C")
		b.get("/settings/layouts?module=Campaigns").want(200, "layouts.0.name", "Standard")
		b.get("/settings/custom_views?module=Campaigns").want(200, "info.count", "3")
		b.make("Accounts", obj{"Account_Name": "B", "Phone": "1"})
		b = again()
	}
	seen := map[string]string{}
	once := func(id, what string) {
		if other := seen[id]; other != "" {
			t.Errorf("%s is the id of %s and of %s", id, other, what)
		}
		seen[id] = what
	}
	for _, m := range []string{"Accounts", "Campaigns", "Contacts"} {
		once(b.get("/settings/modules/"+m).str("modules.0.id"), m)
		r := b.get("/settings/fields?module=" + m)
		for i := range r.len("fields") {
			once(r.str(fmt.Sprintf("fields.%d.id", i)), m+"."+r.str(fmt.Sprintf("fields.%d.api_name", i)))
		}
	}
}
