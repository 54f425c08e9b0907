package zohobox_test

import (
	"fmt"
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 2.5 names the modules; section 9.1 lists them, sections 4.1
// to 4.5, 5.1 to 5.3 and 13 hold for each.
func TestModules_AllAreServed(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{SearchLag: -1}})
	book := []any{obj{"from_range": 1, "to_range": 9, "discount": 5}}
	for module, o := range map[string]obj{
		"Leads": {"Last_Name": "N"}, "Contacts": {"Last_Name": "N"}, "Accounts": {"Account_Name": "N"}, "Vendors": {"Vendor_Name": "N"},
		"Products": {"Product_Name": "N"}, "Price_Books": {"Price_Book_Name": "N", "Pricing_Details": book}, "Deals": {"Deal_Name": "N", "Stage": "Qualification"},
		"Campaigns": {"Campaign_Name": "N"}, "Tasks": {"Subject": "N"}, "Cases": {"Subject": "N", "Status": "New", "Case_Origin": "Web"}, "Solutions": {"Solution_Title": "N"},
		"Events": {"Event_Title": "N", "Start_DateTime": "2026-03-01T10:00:00+00:00", "End_DateTime": "2026-03-01T11:00:00+00:00"},
		"Calls":  {"Subject": "N", "Call_Type": "Inbound", "Call_Start_Time": "2026-03-01T10:00:00+00:00"},
	} {
		t.Run(module, func(t *testing.T) {
			a := *a
			a.t = t
			one := a.get("/settings/modules/"+module).want(200, "modules.0.api_name", module, "modules.0.creatable", "true", "modules.0.api_supported", "true")
			if one.str("modules.0.id") == "" {
				t.Error("the module has no id")
			}
			a.get("/settings/layouts?module="+module).want(200, "layouts.0.name", "Standard")
			a.get("/settings/custom_views?module="+module).want(200, "custom_views.0.system_name", "ALLVIEWS")
			a.get("/settings/tags?module=" + module).want(200)
			name := nameField(module)
			id := a.make(module, o)
			a.insert(module, obj{}).want(400)
			a.put(module, id, obj{name: "Renamed"}).want(200, "data.0.message", "record updated")
			a.get("/"+module+"?fields="+name).want(200, "info.count", "1", "data.0."+name, "Renamed")
			a.coql(fmt.Sprintf("select %s from %s where %s = 'Renamed'", name, module, name)).want(200, "data.0.id", id)
			a.get("/"+module+"/search?criteria="+q("("+name+":equals:Renamed)")).want(200, "data.0.id", id)
			a.get("/"+module+"/actions/count").want(200, "count", "1")
			a.call(http.MethodPost, "/"+module+"/upsert", data(o)).want(200, "data.0.action", "insert")
			a.remove(module, id)
			a.get("/"+module+"/deleted").want(200, "data.0.id", id)
			a.get("/" + module + "/" + id).want(204)
		})
	}
}

func nameField(module string) string {
	return map[string]string{
		"Leads": "Last_Name", "Contacts": "Last_Name", "Accounts": "Account_Name", "Vendors": "Vendor_Name", "Products": "Product_Name",
		"Price_Books": "Price_Book_Name", "Deals": "Deal_Name", "Campaigns": "Campaign_Name", "Tasks": "Subject", "Cases": "Subject",
		"Solutions": "Solution_Title", "Events": "Event_Title", "Calls": "Subject",
	}[module]
}

// zoho-crm.md section 4.6: a look-up that may mean any module must say which.
func TestActivities_AreAboutAnyRecord(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "A"})
	ven := a.make("Vendors", obj{"Vendor_Name": "V"})
	a.insert("Tasks", obj{"Subject": "Call", "What_Id": ref(acc)}).want(400, "data.0.code", "DEPENDENT_FIELD_MISSING", "data.0.details.api_name", "$se_module", "data.0.details.dependee.api_name", "What_Id")
	a.insert("Tasks", obj{"Subject": "Call", "What_Id": ref(acc), "$se_module": "Vendors"}).want(400, "data.0.code", "INVALID_DATA")
	id := a.make("Tasks", obj{"Subject": "Call", "What_Id": ref(acc), "$se_module": "Accounts"})
	a.make("Tasks", obj{"Subject": "Pay", "What_Id": ref(ven), "$se_module": "Vendors"})
	a.get("/Tasks/"+id).want(200, "data.0.What_Id.name", "A", "data.0.$se_module", "Accounts", "data.0.Closed_Time", "")
	a.get("/Accounts/"+acc+"/Tasks?fields=Subject").want(200, "info.count", "1", "data.0.id", id)
	a.put("Tasks", id, obj{"Status": "Completed"}).want(200)
	if at := a.read("Tasks", id)["Closed_Time"]; at == nil {
		t.Error("a completed task does not say when")
	}
	a.remove("Accounts", acc)
	a.get("/Tasks/"+id).want(200, "data.0.What_Id", "", "data.0.$se_module", "")
}

// zoho-crm.md sections 6 and 8: the ranges of a price book are rows; section 7.2:
// a line takes its discount from the book.
func TestPriceBooks_HaveRangesAndPriceLines(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.insert("Price_Books", obj{"Price_Book_Name": "B"}).want(400, "data.0.code", "MANDATORY_NOT_FOUND", "data.0.details.api_name", "Pricing_Details")
	a.insert("Price_Books", obj{"Price_Book_Name": "B", "Pricing_Details": []any{obj{"from_range": "1"}}}).want(400, "data.0.code", "MULTIPLE_OR_MULTI_ERRORS")
	ranges := []any{obj{"from_range": 1, "to_range": 10, "discount": 0}, obj{"from_range": 11, "to_range": 100, "discount": 5}}
	flat := a.make("Price_Books", obj{"Price_Book_Name": "Flat", "Pricing_Model": "Flat", "Pricing_Details": ranges})
	steps := a.make("Price_Books", obj{"Price_Book_Name": "Steps", "Pricing_Model": "Differential", "Pricing_Details": ranges})
	first := a.get("/Price_Books/"+flat).want(200, "data.0.Pricing_Details.1.discount", "5").str("data.0.Pricing_Details.0.id")
	p := a.product(obj{"Unit_Price": 10})
	for book, want := range map[string]string{flat: "10", steps: "5"} {
		id := a.invoice(obj{"Invoiced_Items": []any{obj{"Product_Name": ref(p), "Quantity": 20, "Price_Book_Name": ref(book)}}})
		a.get("/Invoices/"+id).want(200, "data.0.Invoiced_Items.0.Discount", want)
	}
	a.put("Price_Books", flat, obj{"Pricing_Details": []any{obj{"id": first, "_delete": nil}, obj{"from_range": 101, "to_range": 200, "discount": 7.5}}}).want(200)
	a.get("/Price_Books/"+flat).want(200, "data.0.Pricing_Details.0.discount", "5", "data.0.Pricing_Details.1.discount", "7.5")
	a.put("Price_Books", flat, obj{"Pricing_Details": []any{obj{"id": "1", "discount": 1}}}).want(400, "data.0.code", "INVALID_DATA")
	a.get("/Price_Books?fields=Price_Book_Name,Pricing_Details").want(200)
}
