package qbobox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 3: amounts have at most 15 digits, rates ten
// before the point and five behind it. Section 12.2: what is no number, no whole
// one, no boolean, too long or out of range has a code of its own.
func TestNumbers_AreOfAForm(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Currencies = []string{"EUR"} })
	cust := s(c.customer("Ann", m{"CurrencyRef": v("EUR")}), "Id")
	income := v(c.account("Services"))
	item := func(price any) m {
		return m{"Name": "Work", "Type": "Service", "IncomeAccountRef": income, "UnitPrice": price}
	}
	pay := func(more m) m {
		more["CustomerRef"], more["CurrencyRef"] = v(cust), v("EUR")
		if more["TotalAmt"] == nil {
			more["TotalAmt"] = 5
		}
		return more
	}
	rate := func(r any) m { return m{"SourceCurrencyCode": "EUR", "AsOfDate": "2026-05-01", "Rate": r} }
	for _, k := range []struct {
		path          string
		body          m
		code, element string
	}{
		{"item", item("ten"), "2100", "UnitPrice"},
		{"item", item(json.Number("1234567890123456")), "2110", "UnitPrice"},
		{"item", item(json.Number("1e300")), "2110", "UnitPrice"},
		{"item", item(json.Number("1e-500")), "2110", "UnitPrice"},
		{"item", item(99999999999.5), "2240", "UnitPrice"},
		{"item", m{"Name": "Work", "Type": "Service", "IncomeAccountRef": income, "Taxable": "perhaps"}, "2230", ""},
		{"item", m{"Name": "Work", "Type": "Service", "IncomeAccountRef": income, "Taxable": 3}, "2010", ""},
		{"term", m{"Name": "T", "DueDays": "soon"}, "2080", "DueDays"},
		{"term", m{"Name": "T", "DueDays": 7.5}, "2090", "DueDays"},
		{"term", m{"Name": "T", "DueDays": 1000}, "2240", "DueDays"},
		{"payment", pay(m{"TotalAmt": json.Number("1000000000000000")}), "2110", "TotalAmt"},
		{"payment", pay(m{"ExchangeRate": json.Number("12345678901")}), "2110", "ExchangeRate"},
		{"exchangerate", rate(json.Number("12345678901")), "2110", "Rate"},
		{"exchangerate", rate("much"), "2100", "Rate"},
	} {
		status, code, detail, element := c.fault("POST", k.path, k.body)
		if status != 400 || code != k.code || element != k.element || len(detail) > 200 {
			t.Errorf("%s %v: %d %s %q %q", k.path, k.body, status, code, detail, element)
		}
	}
	check(t, c.post("payment", pay(m{"TotalAmt": json.Number("123456789012345"), "ExchangeRate": 1.1234567})), map[string]string{
		"TotalAmt": "123456789012345", "ExchangeRate": "1.12346",
	})
	check(t, c.post("exchangerate", rate(json.Number("1234567890.123456"))), map[string]string{"Rate": "1234567890.12346"})
	check(t, c.post("item", item(json.Number("33.33333333333333333333"))), map[string]string{"UnitPrice": "33.3333333333333"})
}

// quickbooks-online.md section 5.9: names of the company, and that its two
// records know their properties as any other does
func TestCompany_IsCheckedAsAnyRecord(t *testing.T) {
	c := open(t)
	for _, k := range []struct {
		path          string
		more          m
		code, element string
	}{
		{"companyinfo", m{"CompanyName": strings.Repeat("x", 1025)}, "2050", "CompanyName"},
		{"companyinfo", m{"LegalName": strings.Repeat("x", 1025)}, "2050", "LegalName"},
		{"companyinfo", m{"CompanyAddr": m{"PostalCode": strings.Repeat("1", 31)}}, "2050", "CompanyAddr.PostalCode"},
		{"companyinfo", m{"Email": m{"Address": "nobody"}}, "2210", ""},
		{"companyinfo", m{"WebAddr": m{"URI": "example.com"}}, "2200", "WebAddr"},
		{"companyinfo", m{"FiscalYearStartMonth": "Sometime"}, "2170", "FiscalYearStartMonth"},
		{"companyinfo", m{"Colour": "red"}, "2010", ""},
		{"preferences", m{"SalesFormsPrefs": m{"Colour": "red"}}, "2010", ""},
		{"preferences", m{"SalesFormsPrefs": m{"AllowShipping": "perhaps"}}, "2230", ""},
		{"preferences", m{"AccountingInfoPrefs": m{"BookCloseDate": "yesterday"}}, "2070", "AccountingInfoPrefs.BookCloseDate"},
	} {
		k.more["SyncToken"], k.more["sparse"] = "0", true
		if status, code, _, element := c.fault("POST", k.path, k.more); status != 400 || code != k.code || element != k.element {
			t.Errorf("%v: %d %s %q", k.more, status, code, element)
		}
	}
	long := strings.Repeat("x", 1024)
	got := c.post("companyinfo", m{"SyncToken": "0", "sparse": true, "CompanyName": long, "LegalName": long, "CompanyAddr": m{"City": "Tucson"}})
	check(t, got, map[string]string{"CompanyName": long, "LegalName": long, "CompanyAddr.City": "Tucson", "CompanyAddr.Line1": "1 Main Street", "SyncToken": "1"})
	c.do(qbobox.Action{Action: "close_books", Data: m{"BookCloseDate": "2026-01-31"}})
	check(t, c.get("preferences"), map[string]string{"AccountingInfoPrefs.BookCloseDate": "2026-01-31"})
	c.do(qbobox.Action{Action: "close_books"})
	check(t, c.get("preferences"), map[string]string{"AccountingInfoPrefs.BookCloseDate": ""})
}

// quickbooks-online.md section 3: the references of a line come back with
// their names, and one to nothing is refused
func TestLines_RefsAreNamedAndKnown(t *testing.T) {
	c := open(t)
	c.everyFeature()
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	class := s(c.post("class", m{"Name": "East"}), "Id")
	travel, work := c.account("Travel"), s(c.service("Work"), "Id")
	account := func(key, id string) []any {
		return []any{m{"DetailType": "AccountBasedExpenseLineDetail", "Amount": 5, "AccountBasedExpenseLineDetail": m{"AccountRef": v(travel), key: v(id)}}}
	}
	bought := func(key, id string) []any {
		return []any{m{"DetailType": "ItemBasedExpenseLineDetail", "Amount": 5, "ItemBasedExpenseLineDetail": m{"ItemRef": v(work), key: v(id)}}}
	}
	sold := func(key, id string) []any {
		return []any{m{"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": m{"ItemRef": v(work), key: v(id)}}}
	}
	entry := func(key, id string) []any {
		l := journalLine("Debit", travel, 5, nil)
		l["JournalEntryLineDetail"].(m)[key] = v(id)
		return []any{l, journalLine("Credit", c.account("Checking"), 5, nil)}
	}
	for _, k := range []struct {
		path, key, id, name, word string
		head                      m
		lines                     func(key, id string) []any
	}{
		{"bill", "ClassRef", class, "East", "Klasses", m{"VendorRef": v(vendor)}, account},
		{"bill", "CustomerRef", cust, "Ann", "Names", m{"VendorRef": v(vendor)}, bought},
		{"purchaseorder", "ClassRef", class, "East", "Klasses", m{"VendorRef": v(vendor)}, bought},
		{"purchase", "CustomerRef", cust, "Ann", "Names", m{"PaymentType": "Cash", "AccountRef": v(c.account("Checking"))}, account},
		{"invoice", "ClassRef", class, "East", "Klasses", m{"CustomerRef": v(cust)}, sold},
		{"journalentry", "ClassRef", class, "East", "Klasses", m{}, entry},
	} {
		k.head["Line"] = k.lines(k.key, "999")
		if status, code, detail, _ := c.fault("POST", k.path, k.head); status != 400 || code != "2500" || detail != "Invalid Reference Id : "+k.word+" element id 999 not found" {
			t.Errorf("%s with an unknown %s: %d %s %q", k.path, k.key, status, code, detail)
		}
		k.head["Line"] = k.lines(k.key, k.id)
		got := c.post(k.path, k.head)
		at := "Line.0." + s(got, "Line.0.DetailType") + "." + k.key
		check(t, got, map[string]string{at + ".value": k.id, at + ".name": k.name})
	}
	c.do(qbobox.Action{Action: "inactivate", Type: "Class", ID: class})
	body := m{"VendorRef": v(vendor), "Line": account("ClassRef", class)}
	if _, code, _, _ := c.fault("POST", "bill", body); code != "2500" {
		t.Errorf("a class that is inactive: %s", code)
	}
}

// quickbooks-online.md section 2: at most 10000 links and attachments a transaction
func TestSizes_LinksAndAttachments(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Ann"), "Id")
	many := make([]any, 10001)
	for i := range many {
		many[i] = m{"TxnId": "1", "TxnType": "Estimate"}
	}
	body := m{"CustomerRef": v(cust), "Line": []any{saleLine("1", nil, nil, 5)}, "LinkedTxn": many}
	if status, code, _, _ := c.fault("POST", "invoice", body); status != 400 || code != "10100" {
		t.Errorf("too many links: %d %s", status, code)
	}
	inv := s(c.invoice(cust, 5), "Id")
	to := []any{m{"EntityRef": m{"type": "Invoice", "value": inv}}}
	notes := make([]m, 10000)
	for i := range notes {
		notes[i] = m{"Note": "n", "AttachableRef": to}
	}
	if err := c.box.Load("Attachable", notes); err != nil {
		t.Fatal(err)
	}
	if status, code, _, _ := c.fault("POST", "attachable", m{"Note": "one more", "AttachableRef": to}); status != 400 || code != "10100" {
		t.Errorf("too many attachments: %d %s", status, code)
	}
	other := s(c.invoice(cust, 5), "Id")
	c.post("attachable", m{"Note": "here is room", "AttachableRef": []any{m{"EntityRef": m{"type": "Invoice", "value": other}}}})
}
