package qbobox_test

import (
	"context"
	"testing"

	"crossbook/sandbox/qbobox"
)

// prefer sets preferences as a client does.
func (c *client) prefer(group string, values m) {
	c.t.Helper()
	c.post("preferences", m{"SyncToken": c.get("preferences")["SyncToken"], "sparse": true, group: values})
}

// everyFeature switches on what a new company has switched off.
func (c *client) everyFeature() {
	c.t.Helper()
	c.prefer("AccountingInfoPrefs", m{"ClassTrackingPerTxn": true, "ClassTrackingPerTxnLine": true, "TrackDepartments": true})
	c.prefer("SalesFormsPrefs", m{"AllowShipping": true})
}

func (c *client) refuses(what, path string, body m, want string) {
	c.t.Helper()
	if status, code, detail, _ := c.fault("POST", path, body); status != 400 || code != want {
		c.t.Errorf("%s: %d %s %q, want %s", what, status, code, detail, want)
	}
}

// quickbooks-online.md section 5.5: classes, locations and shipping only while
// the company uses them; section 5.9: the preferences that say so. Section 12.2: 5030.
func TestFeatures_OfDocumentsAreSwitchedOn(t *testing.T) {
	c := open(t)
	cust, work := s(c.customer("Ann"), "Id"), s(c.service("Work"), "Id")
	class, shop := s(c.post("class", m{"Name": "East"}), "Id"), s(c.post("department", m{"Name": "Shop"}), "Id")
	body := func(more m) m {
		more["CustomerRef"], more["Line"] = v(cust), []any{saleLine(work, nil, nil, 100)}
		return more
	}
	classed := saleLine(work, nil, nil, 100)
	classed["SalesItemLineDetail"].(m)["ClassRef"] = v(class)
	heads := map[string]m{
		"a class": {"ClassRef": v(class)}, "a location": {"DepartmentRef": v(shop)}, "a carrier": {"ShipMethodRef": v("UPS")},
		"a day of shipping": {"ShipDate": "2026-05-06"}, "a tracking number": {"TrackingNum": "1Z9"},
	}
	for what, more := range heads {
		c.refuses(what, "invoice", body(more), "5030")
	}
	c.refuses("a class of a line", "invoice", m{"CustomerRef": v(cust), "Line": []any{classed}}, "5030")
	c.everyFeature()
	all := body(m{})
	for _, more := range heads {
		for k, val := range more {
			all[k] = val
		}
	}
	inv := c.post("invoice", all)
	check(t, inv, map[string]string{"ClassRef.name": "East", "DepartmentRef.name": "Shop", "ShipMethodRef.value": "UPS", "ShipDate": "2026-05-06", "TrackingNum": "1Z9"})
	check(t, c.post("invoice", m{"CustomerRef": v(cust), "Line": []any{classed}}), map[string]string{"Line.0.SalesItemLineDetail.ClassRef.name": "East"})

	c.prefer("AccountingInfoPrefs", m{"ClassTrackingPerTxn": false})
	same := m{"Id": inv["Id"], "SyncToken": "0", "sparse": true, "ClassRef": v(class), "PrivateNote": "n"}
	check(t, c.post("invoice", same), map[string]string{"ClassRef.name": "East", "PrivateNote": "n"}) // as it was
	other := s(c.post("class", m{"Name": "West"}), "Id")
	c.refuses("another class", "invoice", m{"Id": inv["Id"], "SyncToken": "1", "sparse": true, "ClassRef": v(other)}, "5030")
	c.do(qbobox.Action{Action: "update", Type: "Invoice", ID: s(inv, "Id"), Data: m{"ClassRef": v(other)}}) // a person switches it on first
	check(t, c.get("preferences"), map[string]string{"AccountingInfoPrefs.ClassTrackingPerTxn": "true"})
}

// quickbooks-online.md section 5.5, the other reading: what belongs to a feature that is off is left out
func TestFeatures_MayBeDroppedWithoutAWord(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.UnusedFeaturesAreDropped = true })
	cust, class := s(c.customer("Ann"), "Id"), s(c.post("class", m{"Name": "East"}), "Id")
	line := saleLine("1", nil, nil, 100)
	line["SalesItemLineDetail"].(m)["ClassRef"] = v(class)
	inv := c.post("invoice", m{"CustomerRef": v(cust), "ClassRef": v(class), "TrackingNum": "1Z9", "Line": []any{line}})
	check(t, inv, map[string]string{"ClassRef": "", "TrackingNum": "", "Line.0.SalesItemLineDetail.ClassRef": ""})
}

// quickbooks-online.md section 5.9: AllowShipping and AllowDiscount
func TestFeatures_LinesOfShippingAndDiscount(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	shipping := m{"DetailType": "SalesItemLineDetail", "Amount": 12.95, "SalesItemLineDetail": m{"ItemRef": v("SHIPPING_ITEM_ID")}}
	discount := m{"DetailType": "DiscountLineDetail", "Amount": 5, "DiscountLineDetail": m{"PercentBased": false}}
	body := func(more m) m { return m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 100), more}} }
	c.refuses("shipping", "invoice", body(shipping), "5030")
	c.prefer("SalesFormsPrefs", m{"AllowShipping": true, "AllowDiscount": false})
	check(t, c.post("invoice", body(shipping)), map[string]string{"TotalAmt": "112.95"})
	c.refuses("a discount", "invoice", body(discount), "5030")
	c.prefer("SalesFormsPrefs", m{"AllowDiscount": true})
	inv := c.post("invoice", body(discount))
	check(t, inv, map[string]string{"TotalAmt": "95"})
	c.prefer("SalesFormsPrefs", m{"AllowDiscount": false})
	inv["PrivateNote"] = "sent back as it was read"
	check(t, c.post("invoice", inv), map[string]string{"TotalAmt": "95", "SyncToken": "1"})
}

// quickbooks-online.md section 5.5: the terms of the customer, else those of the company
func TestFeatures_DefaultTerms(t *testing.T) {
	c := open(t)
	ann, bob := s(c.customer("Ann"), "Id"), s(c.customer("Bob", m{"SalesTermRef": v("2")}), "Id")
	check(t, c.invoice(ann, 5), map[string]string{"SalesTermRef": "", "DueDate": "2026-06-04"})
	c.prefer("SalesFormsPrefs", m{"DefaultTerms": v("5")})
	check(t, c.invoice(ann, 5), map[string]string{"SalesTermRef.value": "5", "SalesTermRef.name": "Net 10", "DueDate": "2026-05-15"})
	check(t, c.invoice(bob, 5), map[string]string{"SalesTermRef.value": "2", "SalesTermRef.name": "Net 15", "DueDate": "2026-05-20"})
	est := m{"CustomerRef": v(ann), "Line": []any{saleLine("1", nil, nil, 5)}}
	check(t, c.post("estimate", est), map[string]string{"SalesTermRef.value": "5"})
	check(t, c.post("creditmemo", est), map[string]string{"SalesTermRef": ""})
}

// quickbooks-online.md section 5.3: the parent is a category, or an item where categories are off
func TestFeatures_CategoriesSwitchedOff(t *testing.T) {
	c := open(t)
	work := s(c.service("Work"), "Id")
	part := m{"Name": "Part", "Type": "Service", "IncomeAccountRef": v(c.account("Services")), "SubItem": true, "ParentRef": v(work)}
	c.refuses("an item below an item", "item", part, "6000")
	shelf := s(c.post("item", m{"Name": "Shelf", "Type": "Category"}), "Id")
	c.do(qbobox.Action{Action: "update", Type: "CompanyInfo", Data: m{"NameValue": []any{m{"Name": "ItemCategoriesFeature", "Value": "false"}}}})
	check(t, c.post("item", part), map[string]string{"ParentRef.value": work, "SubItem": "true", "Level": "1", "FullyQualifiedName": "Work:Part"})
	c.refuses("a category", "item", m{"Name": "Other", "Type": "Category"}, "5030")
	part["Name"], part["ParentRef"] = "Part 2", v(shelf)
	c.refuses("an item in a category", "item", part, "5030")
}

// quickbooks-online.md section 4.12: stock needs Plus and QuantityOnHand; section
// 5.6: orders need Plus. Section 12.2: 5030 Feature Not Supported.
func TestPlans_TheSmallOnesHaveNeitherStockNorOrders(t *testing.T) {
	for _, plan := range []string{"simplestart", "essentials"} {
		c := open(t, func(o *qbobox.Options) { o.Plan = plan })
		vendor := s(c.vendor("V"), "Id")
		check(t, c.get("preferences"), map[string]string{"ProductAndServicesPrefs.QuantityOnHand": "false"})
		c.refuses("a stock item", "item", c.stockBody("Pump", 5, "2026-01-01"), "5030")
		order := m{"VendorRef": v(vendor), "Line": []any{accountLine(c.account("Travel"), 5)}}
		c.refuses("an order", "purchaseorder", order, "5030")
		c.post("bill", order)
		c.refuses("quantities on hand", "preferences", m{"SyncToken": "0", "sparse": true, "ProductAndServicesPrefs": m{"QuantityOnHand": true}}, "5030")
		if _, err := c.box.Do(context.Background(), qbobox.Action{Action: "create", Type: "Item", Data: c.stockBody("Pump", 5, "2026-01-01")}); err == nil {
			t.Errorf("%s: a person tracks stock", plan)
		}
		c.do(qbobox.Action{Action: "subscribe", Data: m{"Plan": "plus"}})
		c.post("purchaseorder", order)
		c.prefer("ProductAndServicesPrefs", m{"QuantityOnHand": true})
		c.post("item", c.stockBody("Pump", 5, "2026-01-01"))
	}
	c := open(t)
	check(t, c.get("companyinfo/1"), map[string]string{"NameValue.2.Value": "QuickBooks Online Plus"})
	pump := s(c.stockItem("Pump", 5, "2026-01-01"), "Id")
	c.prefer("ProductAndServicesPrefs", m{"QuantityOnHand": false})
	c.refuses("a stock item while quantities are off", "item", c.stockBody("Pump 2", 5, "2026-01-01"), "5030")
	c.refuses("an adjustment while quantities are off", "inventoryadjustment", m{
		"AdjustAccountRef": v(c.account("Cost of Goods Sold")), "Line": []any{m{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": m{"ItemRef": v(pump), "QtyDiff": 1}}},
	}, "5030")
	c.post("companyinfo", m{"SyncToken": "0", "sparse": true, "NameValue": []any{m{"Name": "OfferingSku", "Value": "QuickBooks Online Advanced"}}})
	check(t, c.get("companyinfo/1"), map[string]string{"NameValue.2.Value": "QuickBooks Online Plus"}) // not a client's to say
	if _, err := qbobox.New(qbobox.Options{Plan: "huge"}); err == nil {
		t.Error("there is a plan called huge")
	}
}
