package qbobox_test

import (
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// reference section 5.3 and recorded create-item
func TestItem_ServiceHasTheRecordedShape(t *testing.T) {
	c := open(t)
	got := c.post("item", m{"Name": "Test Service Item", "Type": "Service", "IncomeAccountRef": v(c.account("Sales of Product Income"))})
	check(t, got, map[string]string{
		"Active": "true", "FullyQualifiedName": "Test Service Item", "Taxable": "false", "UnitPrice": "0", "PurchaseCost": "0",
		"TrackQtyOnHand": "false", "DeferredRevenue": "false", "IncomeAccountRef.name": "Sales of Product Income", "SyncToken": "0", "QtyOnHand": "",
	})
	row := c.query("select * from Item where Name = 'Test Service Item'")
	check(t, row, map[string]string{"Item.0.DeferredRevenue": ""})
}

func TestItem_Faults(t *testing.T) {
	c := open(t)
	c.service("Taken")
	stock := func(more m) m {
		b := c.stockBody("Pump", 5, "2026-04-08")
		for k, x := range more {
			if x == nil {
				delete(b, k)
			} else {
				b[k] = x
			}
		}
		return b
	}
	income, bank := v(c.account("Services")), v(c.account("Checking"))
	cases := []struct {
		name                  string
		body                  m
		code, detail, element string
	}{
		{"no name", m{"Type": "Service", "IncomeAccountRef": income}, "2020", "Required parameter Name is missing in the request", "Name"},
		{"no type", m{"Name": "A", "IncomeAccountRef": income}, "2020", "Required parameter Type is missing in the request", "Type"},
		{"a type of the desktop", m{"Name": "A", "Type": "Assembly"}, "2170", "Invalid Enumeration : Assembly", "Type"},
		{
			"a name in use",
			m{"Name": "TAKEN", "Type": "Service", "IncomeAccountRef": income},
			"6240",
			"The name supplied already exists. : Another product or service is already using this name. Please use a different name.", "",
		},
		{"a colon", m{"Name": "a:b", "Type": "Service", "IncomeAccountRef": income}, "2040", "Element contains invalid characters. a:b", ""},
		{
			"a long name",
			m{"Name": strings.Repeat("x", 101), "Type": "Service", "IncomeAccountRef": income},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:100 supported. Supplied length:101", "Name",
		},
		{
			"a long description",
			m{"Name": "A", "Type": "Service", "IncomeAccountRef": income, "Description": strings.Repeat("x", 4006)},
			"2050",
			"String length specified does not match the supported length. Min:0 Max:4,000 supported. Supplied length:4,006", "Description",
		},
		{"a service without income account", m{"Name": "A", "Type": "Service"}, "2020", "Required parameter IncomeAccountRef is missing in the request", "IncomeAccountRef"},
		{"an account that is none", m{"Name": "A", "Type": "Service", "IncomeAccountRef": v("999")}, "2500", "Invalid Reference Id : Accounts element id 999 not found", ""},
		{
			"a bank as income account",
			m{"Name": "A", "Type": "Service", "IncomeAccountRef": bank},
			"6430",
			"Invalid account type: You need to select a different type of account for this transaction.", "",
		},
		{
			"stock on the wrong income account", stock(m{"IncomeAccountRef": income}), "6430",
			"Invalid account type: You need to select a different type of account for this transaction.", "",
		},
		{"stock without asset account", stock(m{"AssetAccountRef": nil}), "2020", "Required parameter AssetAccountRef is missing in the request", "AssetAccountRef"},
		{"stock without quantity", stock(m{"QtyOnHand": nil}), "2020", "Required parameter QtyOnHand is missing in the request", "QtyOnHand"},
		{"stock without date", stock(m{"InvStartDate": nil}), "6000", "Business Validation Error: As of date for initial quantity on hand is required", ""},
		{
			"stock not tracked", stock(m{"TrackQtyOnHand": false}), "6000",
			"Business Validation Error: When you create an item, if Track quantity on hand is turned off, the item cannot be of type Inventory.", "",
		},
		{"a bad date", stock(m{"InvStartDate": "yesterday"}), "2070", "Value should be a valid date value", "InvStartDate"},
		{"an unknown vendor", stock(m{"PrefVendorRef": v("77")}), "2500", "Invalid Reference Id : Names element id 77 not found", ""},
		{"a bundle", m{"Name": "Kit", "Type": "Group"}, "6000", "Business Validation Error: Bundles can only be created and changed in QuickBooks Online.", ""},
		{
			"a price beyond the limit",
			m{"Name": "A", "Type": "Service", "IncomeAccountRef": income, "UnitPrice": 100000000000},
			"2240",
			"Value should be within the valid range. Supplied value:100000000000", "UnitPrice",
		},
		{
			"a parent that is no category",
			m{"Name": "A", "Type": "Service", "IncomeAccountRef": income, "SubItem": true, "ParentRef": v("1")},
			"6000",
			"Business Validation Error: The parent of a product or service must be a category.", "",
		},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c.t = t
			_, code, detail, element := c.fault("POST", "item", k.body)
			if code != k.code || detail != k.detail || element != k.element {
				t.Errorf("got %s %q %q\nwant %s %q %q", code, detail, element, k.code, k.detail, k.element)
			}
		})
	}
}

func TestItem_CategoriesNestAndHoldItems(t *testing.T) {
	c := open(t)
	gloves := c.post("item", m{"Name": "Gloves", "Type": "Category"})
	check(t, gloves, map[string]string{"UnitPrice": "", "IncomeAccountRef": "", "Taxable": "", "Type": "Category"})
	hats := c.post("item", m{"Name": "Hats", "Type": "Category"})
	for _, parent := range []m{gloves, hats} { // one leaf name below two parents
		got := c.service("Small", m{"SubItem": true, "ParentRef": v(s(parent, "Id"))})
		check(t, got, map[string]string{"FullyQualifiedName": s(parent, "Name") + ":Small", "Level": "1", "ParentRef.name": s(parent, "Name")})
	}
	if got := c.props("Item", "FullyQualifiedName", "select * from Item where Name = 'Small'"); got != "Gloves:Small,Hats:Small" {
		t.Errorf("found %s", got)
	}
	c.post("item", m{"Id": s(hats, "Id"), "SyncToken": "0", "sparse": true, "Name": "Caps"})
	if got := c.props("Item", "FullyQualifiedName", "select * from Item where Name = 'Small'"); got != "Caps:Small,Gloves:Small" {
		t.Errorf("after the rename: %s", got)
	}
}

// reference section 4.12 and practice, errors 12 and 13
func TestItem_QuantityAdjustments(t *testing.T) {
	c := open(t)
	it := c.stockItem("Pump", 25, "2026-04-08")
	id := s(it, "Id")
	check(t, it, map[string]string{"QtyOnHand": "25", "InvStartDate": "2026-04-08", "TrackQtyOnHand": "true"})
	upd := func(more m) m {
		b := m{"Id": id, "SyncToken": s(c.get("item/"+id), "SyncToken"), "sparse": true}
		for k, x := range more {
			b[k] = x
		}
		return b
	}
	_, code, detail, element := c.fault("POST", "item", upd(m{"QtyOnHand": 30, "InvStartDate": "2026-03-31"}))
	if code != "6270" || element != "" || detail != "Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product" {
		t.Errorf("got %s %q", code, detail)
	}
	hint := "Value should be a valid date value : Supplied value: Select an as of date to track your quantity on hand."
	if _, code, detail, _ := c.fault("POST", "item", upd(m{"QtyOnHand": 30})); code != "2070" || detail != hint {
		t.Errorf("got %s %q", code, detail)
	}
	if _, code, detail, _ := c.fault("POST", "item", upd(m{"QtyOnHand": 30, "InvStartDate": ""})); code != "2070" || detail != hint {
		t.Errorf("got %s %q", code, detail)
	}
	check(t, c.post("item", upd(m{"QtyOnHand": 25})), map[string]string{"SyncToken": "0"})
	got := c.post("item", upd(m{"QtyOnHand": 30, "InvStartDate": "2026-05-01"}))
	check(t, got, map[string]string{"QtyOnHand": "30", "InvStartDate": "2026-04-08", "SyncToken": "1"})
	// asset: 25 pieces at 10, then 5 more
	check(t, c.get("account/"+c.account("Inventory Asset")), map[string]string{"CurrentBalance": "300"})
	if _, code, _, _ := c.fault("POST", "item", upd(m{"TrackQtyOnHand": false})); code != "6000" {
		t.Errorf("untracking gave %s", code)
	}
	if _, code, _, _ := c.fault("POST", "item", upd(m{"Type": "Service"})); code != "6000" {
		t.Errorf("changing the type gave %s", code)
	}
}

func TestItem_QuantityDialGivesTheOtherText(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.QuantityWithoutDateIs6000 = true })
	it := c.stockItem("Pump", 25, "2026-04-08")
	_, code, detail, _ := c.fault("POST", "item", m{"Id": s(it, "Id"), "SyncToken": "0", "sparse": true, "QtyOnHand": 3})
	if code != "6000" || !strings.Contains(detail, "(-10600) (-10600)") {
		t.Errorf("got %s %q", code, detail)
	}
}

func TestItem_ClosedBooksRefuseAdjustments(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.BookCloseDate = "2026-04-30" })
	if _, code, _, _ := c.fault("POST", "item", c.stockBody("Pump", 5, "2026-04-08")); code != "6200" {
		t.Errorf("got %s", code)
	}
	it := c.stockItem("Pump", 5, "2026-05-01")
	c.do(qbobox.Action{Action: "close_books", Data: m{"BookCloseDate": "2026-05-03"}})
	if _, code, _, _ := c.fault("POST", "item", m{"Id": s(it, "Id"), "SyncToken": "0", "sparse": true, "QtyOnHand": 3, "InvStartDate": "2026-05-02"}); code != "6200" {
		t.Errorf("got %s", code)
	}
}

func TestItem_InactiveLosesItsStock(t *testing.T) {
	c := open(t)
	it := c.stockItem("Pump", 5, "2026-04-08")
	got := c.post("item", m{"Id": s(it, "Id"), "SyncToken": "0", "sparse": true, "Active": false})
	check(t, got, map[string]string{"QtyOnHand": "0", "Name": "Pump (deleted)", "Active": "false"})
	check(t, c.get("account/"+c.account("Inventory Asset")), map[string]string{"CurrentBalance": "0"})
}

// reference section 4.1: stock moves the time, not the token; recorded: services do not move
func TestItem_DocumentsMoveStockAndTime(t *testing.T) {
	c := open(t)
	pump, svc := c.stockItem("Pump", 25, "2026-04-08"), c.service("Work")
	cu, ve := c.customer("A"), c.vendor("V")
	c.clock.move(1e11)
	inv := c.post("invoice", m{"CustomerRef": v(s(cu, "Id")), "Line": []any{
		saleLine(s(pump, "Id"), 3, 15, 45), saleLine(s(svc, "Id"), 1, 10, 10),
	}})
	got := c.get("item/" + s(pump, "Id"))
	check(t, got, map[string]string{"QtyOnHand": "22", "SyncToken": "0"})
	if s(got, "MetaData.LastUpdatedTime") == s(pump, "MetaData.LastUpdatedTime") {
		t.Error("the item's time did not move")
	}
	check(t, c.get("item/"+s(svc, "Id")), map[string]string{"MetaData.LastUpdatedTime": s(svc, "MetaData.LastUpdatedTime")})
	c.post("bill", m{"VendorRef": v(s(ve, "Id")), "Line": []any{m{
		"DetailType": "ItemBasedExpenseLineDetail", "Amount": 20, "ItemBasedExpenseLineDetail": m{"ItemRef": v(s(pump, "Id")), "Qty": 2, "UnitPrice": 10},
	}}})
	check(t, c.get("item/"+s(pump, "Id")), map[string]string{"QtyOnHand": "24", "SyncToken": "0"})
	c.post("invoice?operation=delete", m{"Id": s(inv, "Id"), "SyncToken": "0"})
	check(t, c.get("item/"+s(pump, "Id")), map[string]string{"QtyOnHand": "27"})
}
