package zohobox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 4.5: a hundred records go in one call, one more and nothing goes.
func TestDelete_AHundredAtOnce(t *testing.T) {
	a := open(t, zohobox.Options{})
	rows := make([]obj, 100)
	for i := range rows {
		rows[i] = obj{"Vendor_Name": fmt.Sprint("V ", i)}
	}
	r := a.insert("Vendors", rows...).want(201)
	var ids []string
	for i := range rows {
		ids = append(ids, r.str(fmt.Sprintf("data.%d.details.id", i)))
	}
	last := a.make("Vendors", obj{"Vendor_Name": "one too many"})
	remove := func(ids []string) reply {
		return a.call(http.MethodDelete, "/Vendors?ids="+strings.Join(ids, ","), nil)
	}
	remove(append(slices.Clone(ids), last)).want(400, "code", "LIMIT_EXCEEDED")
	a.get("/Vendors?fields=id&page=1&per_page=200").want(200, "info.count", "101")
	gone := remove(ids).want(200)
	for i, id := range ids {
		at := fmt.Sprintf("data.%d.", i)
		gone.want(200, at+"code", "SUCCESS", at+"details.id", id)
	}
	a.get("/Vendors?fields=id").want(200, "info.count", "1", "data.0.id", last)
}

// zoho-crm.md section 4.5: what is no id is refused in the path too.
func TestDelete_AMalformedIDInThePath(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.remove("Vendors", "abc").want(400, "code", "UNABLE_TO_PARSE_DATA_TYPE", "details.resource_path_index", "1")
}

// zoho-crm.md section 4.6: a locked record is not deleted, in other words than
// it is not changed.
func TestDelete_OfALockedRecord(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.configureLocks("Vendors", obj{"lock_type": "manual", "restricted_actions": []any{"update", "delete"}})
	a.do(zohobox.Action{Action: "lock", Type: "Vendors", ID: id, Data: obj{"reason": "closed"}})
	r := a.remove("Vendors", id).want(400, "data.0.code", "RECORD_LOCKED", "data.0.details.id", id, "data.0.details.action", "record_locking",
		"data.0.message", "you cannot perform this operation as the record is locked")
	if r.at("data.0.details.json_path") != nil {
		t.Errorf("a deletion has no body a path could point into: %s", r.raw)
	}
	a.get("/Vendors/" + id).want(200)
}

// zoho-crm.md section 4.6: a record that waits for approval is not deleted.
func TestDelete_OfARecordThatWaitsForApproval(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Accounts", obj{"Account_Name": "A"})
	a.do(zohobox.Action{Action: "submit", Type: "Accounts", ID: id})
	r := a.remove("Accounts", id).want(400, "data.0.code", "NOT_APPROVED", "data.0.details.resource_path_index", "1")
	if r.at("data.0.details.id") != nil {
		t.Errorf("the details name the place in the path alone: %s", r.raw)
	}
	a.do(zohobox.Action{Action: "approve", Type: "Accounts", ID: id})
	a.remove("Accounts", id).want(200)
}

// zoho-crm.md section 4.4, danger: without fields to check by, an upsert finds
// accounts, deals, products and price books by name and documents by subject.
func TestUpsert_OverwritesByNameOrSubject(t *testing.T) {
	a := open(t, zohobox.Options{})
	row := []any{obj{"Product_Name": ref(a.product(obj{})), "Quantity": 1}}
	vendor := ref(a.make("Vendors", obj{"Vendor_Name": "V"}))
	for _, m := range []struct {
		module, by string
		more       obj
	}{
		{"Accounts", "Account_Name", nil},
		{"Deals", "Deal_Name", obj{"Stage": "Qualification"}},
		{"Products", "Product_Name", nil},
		{"Price_Books", "Price_Book_Name", obj{"Pricing_Details": []any{obj{"from_range": 1, "to_range": 9, "discount": 5}}}},
		{"Quotes", "Subject", obj{"Quoted_Items": row}},
		{"Sales_Orders", "Subject", obj{"Ordered_Items": row}},
		{"Purchase_Orders", "Subject", obj{"Purchase_Items": row, "Vendor_Name": vendor}},
		{"Invoices", "Subject", obj{"Invoiced_Items": row}},
	} {
		t.Run(m.module, func(t *testing.T) {
			a := *a
			a.t = t
			first := obj{m.by: "March", "Description": "mine"}
			for k, v := range m.more {
				first[k] = v
			}
			id := a.make(m.module, first)
			a.upsert(m.module, nil, obj{m.by: "March", "Description": "a stranger's"}).
				want(200, "data.0.action", "update", "data.0.duplicate_field", m.by, "data.0.details.id", id)
			a.get("/"+m.module+"/"+id).want(200, "data.0.Description", "a stranger's")
		})
	}
}

// zoho-crm.md section 4.4: with the second unique field named, the first one is
// checked after it.
func TestUpsert_ChecksTheFirstUniqueAfterTheSecond(t *testing.T) {
	a := open(t, zohobox.Options{})
	u1 := a.externalID("Contacts")
	u2 := a.field("Contacts", obj{"field_label": "Member", "data_type": "text", "length": 20, "unique": obj{}})
	id := a.make("Contacts", obj{"Last_Name": "L", u1: "1"})
	a.upsert("Contacts", []any{u2}, obj{"Last_Name": "N", u1: "1", u2: "2"}).
		want(200, "data.0.action", "update", "data.0.details.id", id, "data.0.duplicate_field", u1)
	a.get("/Contacts/"+id).want(200, "data.0."+u2, "2")
}

// zoho-crm.md section 4.3: fields to check by mean nothing to a plain insert.
func TestInsert_KnowsNoFieldsToCheckBy(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Contacts", obj{"Last_Name": "One", "Email": "e@x.example"})
	body := data(obj{"Last_Name": "Two", "Email": "e@x.example"})
	body["duplicate_check_fields"] = []any{"Email"}
	r := a.call(http.MethodPost, "/Contacts", body).want(201, "data.0.message", "record added")
	if r.str("data.0.details.id") == id {
		t.Error("a plain insert found the record of the same address")
	}
	a.get("/Contacts/"+id).want(200, "data.0.Last_Name", "One")
}

// zoho-crm.md section 4.3: one If-Unmodified-Since counts for every record of a
// call, and the refusal says who made the record and when.
func TestUpdate_OneMomentForAllRecordsOfACall(t *testing.T) {
	a := open(t, zohobox.Options{})
	fresh := a.as("Eva").make("Vendors", obj{"Vendor_Name": "edited"})
	calm := a.make("Vendors", obj{"Vendor_Name": "calm"})
	a.later(time.Hour)
	a.put("Vendors", fresh, obj{"City": "Leeds"}).want(200)
	many := func(since string) reply {
		return a.call(http.MethodPut, "/Vendors", data(obj{"id": calm, "City": "York"}, obj{"id": fresh, "City": "York"}), "If-Unmodified-Since", since)
	}
	many("2026-03-01T09:30:00+00:00").want(207, "data.0.code", "SUCCESS", "data.1.code", "ALREADY_MODIFIED", "data.1.details.id", fresh,
		"data.1.details.Created_Time", "2026-03-01T01:15:00-08:00", "data.1.details.Created_By.name", "Eva Sales",
		"data.1.details.Modified_Time", "2026-03-01T02:15:00-08:00", "data.1.details.Modified_By.name", "Super Admin")
	a.clock.step(time.Minute)
	many("2026-03-01T09:00:00+00:00").want(412, "data.0.code", "ALREADY_MODIFIED", "data.1.code", "ALREADY_MODIFIED")
	many("2026-03-01T10:16:00+00:00").want(200, "data.0.code", "SUCCESS", "data.1.code", "SUCCESS")
}

// zoho-crm.md section 4.3: every word that names an automation lets it run.
func TestWrite_TriggersOfEveryKind(t *testing.T) {
	a := open(t, zohobox.Options{})
	words := []string{"workflow", "approval", "blueprint", "pathfinder", "orchestration", "nothing of the kind"}
	for _, word := range words {
		body := data(obj{"Vendor_Name": word})
		body["trigger"] = []any{word}
		a.call(http.MethodPost, "/Vendors", body).want(201)
	}
	log := a.get("/_sandbox/state?type=Vendors").want(200)
	for i, word := range words {
		log.want(200, fmt.Sprintf("writes.%d.automation", i), fmt.Sprint(i < 5))
		if t.Failed() {
			t.Fatalf("with the trigger %q", word)
		}
	}
}

// zoho-crm.md sections 4.1 and 4.3: a module that does not exist is refused flat,
// whether it is read or written.
func TestWrite_ToAnUnknownModule(t *testing.T) {
	a := open(t, zohobox.Options{})
	r := a.insert("Nonsense", obj{"Name": "N"}).want(400, "code", "INVALID_MODULE", "details.resource_path_index", "0", "status", "error")
	if r.at("data") != nil {
		t.Errorf("the refusal is wrapped: %s", r.raw)
	}
	a.put("Nonsense", "1", obj{"Name": "N"}).want(400, "code", "INVALID_MODULE")
}

// zoho-crm.md section 4.6: the words for a wrong type.
func TestWrite_AWrongTypeIsInvalidData(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.insert("Deals", obj{"Deal_Name": "D", "Stage": "Qualification", "Amount": "much"}).
		want(400, "data.0.code", "INVALID_DATA", "data.0.message", "invalid data", "data.0.details.expected_data_type", "double", "data.0.details.api_name", "Amount", "data.0.details.json_path", "$.data[0].Amount")
}

// zoho-crm.md section 4.6: a duplicate names its holder, the holder's owner and
// module, all by id.
func TestDuplicate_NamesOwnerAndModule(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.externalID("Vendors")
	id := a.as("Eva").make("Vendors", obj{"Vendor_Name": "One", f: "1"})
	eva := find(a.get("/users?type=AllUsers"), "users", "first_name", "Eva")
	module := find(a.get("/settings/modules"), "modules", "api_name", "Vendors")
	at := "data.0.details.duplicate_record."
	r := a.insert("Vendors", obj{"Vendor_Name": "Two", f: "1"}).want(400, "data.0.code", "DUPLICATE_DATA", at+"id", id,
		at+"Owner.id", fmt.Sprint(eva["id"]), at+"Owner.zuid", fmt.Sprint(eva["zuid"]), at+"module.api_name", "Vendors", at+"module.id", fmt.Sprint(module["id"]))
	if r.str(at+"Owner.zuid") == "" {
		t.Error("the owner has no zuid")
	}
}

// zoho-crm.md section 3: what a record says about its approval and its layout.
func TestRecord_ItsApprovalAndLayout(t *testing.T) {
	a := open(t, zohobox.Options{})
	id := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.get("/Vendors/"+id).want(200, "data.0.$approval.approve", "false", "data.0.$approval.reject", "false",
		"data.0.$layout_id.id", a.layout("Vendors", "Standard"), "data.0.$layout_id.display_label", "Standard")
}

// zoho-crm.md section 4.1: the keys of info, and a state of approval that comes
// only when it is asked for.
func TestList_InfoAndApprovalState(t *testing.T) {
	a := withVendors(t, 3)
	r := a.get("/Vendors?fields=Vendor_Name&per_page=2").want(200, "info.email", "false", "info.call", "false")
	info, _ := r.at("info").(obj)
	row, _ := r.at("data.0").(obj)
	if !has(info, "previous_page_token") {
		t.Errorf("info has no previous_page_token: %s", r.raw)
	}
	if has(row, "$approval_state") {
		t.Errorf("nobody asked for the state of approval: %s", r.raw)
	}
	a.get("/Vendors?fields=Vendor_Name,$approval_state").want(200, "data.0.$approval_state", "approved")
}

// zoho-crm.md section 4.1: the two parameters that exclude each other are named.
func TestList_NamesTheParametersThatClash(t *testing.T) {
	a := withVendors(t, 3)
	token := a.get("/Vendors?fields=id&per_page=2").str("info.next_page_token")
	for query, want := range map[string][2]string{
		"cvid=1&sort_by=id":                     {"cvid", "sort_by"},
		"per_page=2&page=2&page_token=" + token: {"page", "page_token"},
	} {
		a.get("/Vendors?fields=id&"+query).want(400, "code", "AMBIGUITY_DURING_PROCESSING",
			"details.ambiguity_due_to.0.param_name", want[0], "details.ambiguity_due_to.1.param_name", want[1])
	}
}

// zoho-crm.md sections 4.7 and 9.2: textareas of 50,000 characters.
func TestValues_LongTexts(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Vendors", obj{"field_label": "Story", "data_type": "textarea", "length": 50000})
	long := strings.Repeat("ä", 50000)
	id := a.make("Vendors", obj{"Vendor_Name": "V", f: long})
	if got := a.read("Vendors", id)[f]; got != long {
		t.Error("50,000 characters did not come back whole")
	}
	a.insert("Vendors", obj{"Vendor_Name": "V", f: long + "x"}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", f, "data.0.details.maximum_length", "50000")
}

// zoho-crm.md section 4.7: addresses in letters of any script.
func TestValues_AddressesOfAnyScript(t *testing.T) {
	a := open(t, zohobox.Options{})
	for _, mail := range []string{"jürgen@müller.example", "иван@почта.рф", "用户@例子.公司"} {
		id := a.make("Contacts", obj{"Last_Name": "L", "Email": mail})
		a.get("/Contacts/"+id).want(200, "data.0.Email", mail)
	}
	a.insert("Contacts", obj{"Last_Name": "L", "Email": "jürgen@müller"}).want(400, "data.0.code", "INVALID_DATA")
}

// zoho-crm.md section 4.7: numbers with 16 digits before the point and nine after it.
func TestValues_DigitsOfNumbers(t *testing.T) {
	a := open(t, zohobox.Options{})
	f := a.field("Vendors", obj{"field_label": "Weight", "data_type": "double", "decimal_place": 9})
	id := a.call(http.MethodPost, "/Vendors", `{"data":[{"Vendor_Name":"V","`+f+`":1234567890123456.123456789}]}`).want(201).str("data.0.details.id")
	a.get("/Vendors/"+id).want(200, "data.0."+f, "1234567890123456.123456789")
	a.call(http.MethodPost, "/Vendors", `{"data":[{"Vendor_Name":"V","`+f+`":12345678901234567}]}`).
		want(400, "data.0.code", "INVALID_DATA", "data.0.details.api_name", f, "data.0.details.maximum_length", "16")
}

// zoho-crm.md section 4.7: a person is written as an object with an id; what the
// vendor numbers is not written at all.
func TestValues_PeopleAndNumbersOfTheVendor(t *testing.T) {
	a := open(t, zohobox.Options{})
	eva := a.userID("Eva")
	who := a.field("Vendors", obj{"field_label": "Buyer", "data_type": "userlookup"})
	no := a.field("Vendors", obj{"field_label": "No", "data_type": "autonumber"})
	id := a.make("Vendors", obj{"Vendor_Name": "V", who: ref(eva), no: "77"})
	r := a.get("/Vendors/"+id).want(200, "data.0."+who+".id", eva, "data.0."+who+".name", "Eva Sales")
	if r.str("data.0."+no) == "77" {
		t.Error("an automatic number was written")
	}
	a.insert("Vendors", obj{"Vendor_Name": "V", who: eva}).want(400, "data.0.code", "INVALID_DATA", "data.0.details.expected_data_type", "jsonobject")
}
