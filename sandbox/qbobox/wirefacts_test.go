package qbobox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
)

// pdfText reads a PDF the way a reader finds its way through it: from the end
// to the table of its parts, each at the place the table says.
func pdfText(t *testing.T, raw string) string {
	t.Helper()
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindStringSubmatch(raw)
	if !strings.HasPrefix(raw, "%PDF-1.") || m == nil {
		t.Fatalf("no PDF: %.80q", raw)
	}
	at, err := strconv.Atoi(m[1])
	if err != nil || !strings.HasPrefix(raw[at:], "xref\n0 ") {
		t.Fatalf("no table at %s", m[1])
	}
	parts := regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllStringSubmatch(raw[at:], -1)
	for i, p := range parts {
		n, err := strconv.Atoi(p[1])
		if err != nil || !strings.HasPrefix(raw[n:], fmt.Sprintf("%d 0 obj\n", i+1)) {
			t.Errorf("part %d is not at %s", i+1, p[1])
		}
	}
	var text strings.Builder
	for _, s := range regexp.MustCompile(`(?s)/Length (\d+) >>\nstream\n(.*?)\nendstream`).FindAllStringSubmatch(raw, -1) {
		if strconv.Itoa(len(s[2])) != s[1] {
			t.Errorf("a stream of %d is said to have %s", len(s[2]), s[1])
		}
		for _, l := range regexp.MustCompile(`\((.*)\) Tj`).FindAllStringSubmatch(s[2], -1) {
			text.WriteString(strings.Join(strings.Fields(l[1]), " ") + "\n")
		}
	}
	return text.String()
}

// quickbooks-online.md section 2: GET /{document}/{id}/pdf with Accept application/pdf
func TestPDF_OfADocument(t *testing.T) {
	c := open(t)
	cust := s(c.customer("Zoë (Café) \\ 株", m{"BillAddr": m{"Line1": "12 Ocean Dr.", "City": "Half Moon Bay", "PostalCode": "94213"}}), "Id")
	long := saleLine("1", nil, nil, 1200.5)
	long["Description"] = strings.Repeat("a long description ", 6)
	id := s(c.post("invoice", m{"CustomerRef": v(cust), "DocNumber": "1037", "TxnDate": "2026-05-05", "CustomerMemo": m{"value": "Thank you"}, "Line": []any{saleLine("2", 3, 12.5, 37.5), long}}), "Id")
	paper := http.Header{"Accept": {"application/pdf"}}
	status, out, h := c.callWith("GET", "invoice/"+id+"/pdf", nil, paper)
	if status != 200 || h.Get("Content-Type") != "application/pdf" || h.Get("intuit_tid") == "" {
		t.Fatalf("%d %v", status, h)
	}
	text := pdfText(t, s(out, "raw"))
	for _, want := range []string{
		"Sandbox Company", "INVOICE 1037", "Date: 2026-05-05", "Due: 2026-06-04", "Zo\xeb \\(Caf\xe9\\) \\\\ ?", "12 Ocean Dr.", "Half Moon Bay 94213",
		"Hours 3 12.5 37.50", "Services: a long description a long", "1,200.50", "Subtotal 1,238.00", "Total USD 1,238.00", "Balance due USD 1,238.00", "Thank you",
	} {
		if !strings.Contains(text, want+"\n") && !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	many := make([]any, 150)
	for i := range many {
		many[i] = saleLine("1", nil, nil, 1)
	}
	_, out, _ = c.callWith("GET", "estimate/"+s(c.post("estimate", m{"CustomerRef": v(cust), "Line": many}), "Id")+"/pdf", nil, paper)
	if raw := s(out, "raw"); strings.Count(pdfText(t, raw), "Services 1.00\n") != 150 || strings.Count(raw, "/Type /Page /Parent") < 3 {
		t.Error("150 lines are not on the pages")
	}
	order := s(c.post("purchaseorder", m{"VendorRef": v(s(c.vendor("Norton"), "Id")), "Line": []any{accountLine(c.account("Travel"), 80)}}), "Id")
	_, out, _ = c.callWith("GET", "purchaseorder/"+order+"/pdf", nil, paper)
	if text := pdfText(t, s(out, "raw")); !strings.Contains(text, "Norton\n") || !strings.Contains(text, "Travel 80.00\n") {
		t.Errorf("the order says\n%s", text)
	}
	for path, code := range map[string]string{"invoice/999/pdf": "610", "customer/" + cust + "/pdf": "500"} {
		_, out, _ := c.callWith("GET", path, nil, http.Header{"Accept": {"application/pdf, application/json"}})
		if got := s(out, "Fault.Error.0.code"); got != code {
			t.Errorf("%s: %v", path, out)
		}
	}
	if _, code, _, _ := c.fault("GET", "invoice/"+id+"/pdf", nil); code != "500" {
		t.Errorf("a PDF as JSON: %s", code)
	}
}

const inXML = `<?xml version="1.0" encoding="UTF-8"?><%[1]s xmlns="http://schema.intuit.com/finance/v3">%[2]s</%[1]s>`

// quickbooks-online.md section 2: bodies in XML are read into the same objects
func TestWire_BodiesInXML(t *testing.T) {
	c, j := open(t), open(t)
	send := func(path, entity, body string) m {
		t.Helper()
		_, out, _ := c.callWith("POST", path, fmt.Sprintf(inXML, entity, body), http.Header{"Accept": {"application/json"}, "Content-Type": {"application/xml"}})
		return out
	}
	same := func(what string, got, want m) {
		t.Helper()
		if d := differences(want, got); len(d) > 0 {
			t.Errorf("%s: %v", what, d)
		}
	}
	ann := send("customer", "Customer", `<DisplayName>Ann &amp; Co</DisplayName><Taxable>false</Taxable><PrimaryPhone><FreeFormNumber>555</FreeFormNumber></PrimaryPhone>
		<BillAddr><Line1>1 Main</Line1><City>Mesa</City></BillAddr><SalesTermRef name="whatever">3</SalesTermRef><Notes>x</Notes>`)
	same("a customer", ann["Customer"].(m), j.post("customer", m{
		"DisplayName": "Ann & Co", "Taxable": false, "PrimaryPhone": m{"FreeFormNumber": "555"}, "BillAddr": m{"Line1": "1 Main", "City": "Mesa"}, "SalesTermRef": v("3"), "Notes": "x",
	}))
	one := send("invoice", "Invoice", `<DocNumber>77</DocNumber><TxnDate>2026-05-01</TxnDate><Line><Amount>50.00</Amount><DetailType>SalesItemLineDetail</DetailType>
		<SalesItemLineDetail><ItemRef>1</ItemRef><Qty>2</Qty><UnitPrice>25</UnitPrice></SalesItemLineDetail></Line><CustomerRef>1</CustomerRef><CustomerMemo>Hello</CustomerMemo>`)
	same("an invoice of one line", one["Invoice"].(m), j.post("invoice", m{
		"DocNumber": "77", "TxnDate": "2026-05-01", "CustomerRef": v("1"), "CustomerMemo": m{"value": "Hello"}, "Line": []any{saleLine("1", 2, 25, 50)},
	}))
	id := s(one, "Invoice.Id")
	sparse := func(entity, attrs, body string) m {
		t.Helper()
		raw := strings.Replace(fmt.Sprintf(inXML, entity, body), "<"+entity+" ", "<"+entity+" "+attrs+" ", 1)
		_, out, _ := c.callWith("POST", strings.ToLower(entity), raw, http.Header{"Accept": {"application/json"}}) // and no Content-Type
		return out
	}
	check(t, sparse("Invoice", `domain="QBO" sparse="true"`, `<Id>`+id+`</Id><SyncToken>0</SyncToken><PrivateNote>n</PrivateNote>`), map[string]string{
		"Invoice.PrivateNote": "n", "Invoice.Line.0.SalesItemLineDetail.Qty": "2", "Invoice.SyncToken": "1",
	})
	check(t, sparse("Invoice", ``, `<Id>`+id+`</Id><SyncToken>1</SyncToken><CustomerRef>1</CustomerRef>`+strings.Repeat(`<Line><Amount>5</Amount><DetailType>SalesItemLineDetail</DetailType><SalesItemLineDetail><ItemRef>1</ItemRef></SalesItemLineDetail></Line>`, 2)), map[string]string{
		"Invoice.PrivateNote": "", "Invoice.Line.1.Amount": "5", "Invoice.TotalAmt": "10",
	})
	check(t, send("payment", "Payment", `<CustomerRef>1</CustomerRef><TotalAmt>4</TotalAmt><Line><Amount>4</Amount><LinkedTxn><TxnId>`+id+`</TxnId><TxnType>Invoice</TxnType></LinkedTxn></Line>`), map[string]string{
		"Payment.Line.0.LinkedTxn.0.TxnId": id, "Payment.UnappliedAmt": "0",
	})
	check(t, send("preferences", "Preferences", `<SyncToken>0</SyncToken><SalesFormsPrefs><AllowShipping>false</AllowShipping></SalesFormsPrefs>`), map[string]string{"Preferences.SalesFormsPrefs.AllowShipping": "false"})
	batch := send("batch", "IntuitBatchRequest", `<BatchItemRequest bId="a" operation="create"><Vendor><DisplayName>V</DisplayName></Vendor></BatchItemRequest>
		<BatchItemRequest bId="b"><Query>select * from Customer</Query></BatchItemRequest>
		<BatchItemRequest bId="c" operation="delete"><Invoice><Id>999</Id><SyncToken>0</SyncToken></Invoice></BatchItemRequest>`)
	found := map[string]string{}
	items, _ := batch["BatchItemResponse"].([]any)
	for _, it := range items {
		found[s(it, "bId")] = s(it, "Vendor.DisplayName") + s(it, "QueryResponse.Customer.0.DisplayName") + s(it, "Fault.Error.0.code")
	}
	if found["a"] != "V" || found["b"] != "Ann & Co" || found["c"] != "610" {
		t.Errorf("batch %v", found)
	}
	up := "--b0\r\nContent-Disposition: form-data; name=\"file_metadata_0\"\r\nContent-Type: application/xml\r\n\r\n" +
		fmt.Sprintf(inXML, "Attachable", `<AttachableRef><EntityRef type="Invoice">`+id+`</EntityRef></AttachableRef><FileName>b.txt</FileName>`) +
		"\r\n--b0\r\nContent-Disposition: form-data; name=\"file_content_0\"; filename=\"a.txt\"\r\n\r\nhi\r\n--b0--\r\n"
	_, out := c.call("POST", "upload", up)
	check(t, out, map[string]string{"AttachableResponse.0.Attachable.FileName": "b.txt", "AttachableResponse.0.Attachable.AttachableRef.0.EntityRef.value": id})
	for what, raw := range map[string]string{
		"another entity": fmt.Sprintf(inXML, "Vendor", "<DisplayName>X</DisplayName>"), "an unknown property": fmt.Sprintf(inXML, "Customer", "<Colour>red</Colour>"),
		"half": "<Customer><DisplayName>X</DisplayName>", "two": "<Customer/><Customer/>", "nothing": "<", "too deep": strings.Repeat("<Customer>", 5000) + strings.Repeat("</Customer>", 5000),
		"an entity of its own": `<!DOCTYPE Customer [<!ENTITY e "ee">]><Customer><DisplayName>&e;</DisplayName></Customer>`,
	} {
		_, out, _ := c.callWith("POST", "customer", raw, http.Header{"Accept": {"application/json"}, "Content-Type": {"text/xml"}})
		if s(out, "Fault.Error.0.code") != "2010" {
			t.Errorf("%s: %v", what, out)
		}
	}
	if _, out, _ := c.callWith("POST", "customer", fmt.Sprintf(inXML, "Customer", "<DisplayName>Later</DisplayName>"), http.Header{}); !strings.Contains(s(out, "raw"), "<DisplayName>Later</DisplayName>") {
		t.Errorf("in XML, answered in XML: %v", out)
	}
	c.sound()
}

// quickbooks-online.md section 7: the inner responses come in any order; the dial keeps
// that of the entities asked for
func TestChanges_ComeInAnyOrder(t *testing.T) {
	for _, kept := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.ChangesInOrder = kept })
		c.customer("Ann")
		c.vendor("V")
		_, out := c.call("GET", "cdc?entities=Customer,Vendor,Item&changedSince=2026-05-05T00:00:00-07:00", nil)
		inner, _ := dig(out, "CDCResponse").([]any)[0].(m)["QueryResponse"].([]any)
		var order []string
		for _, q := range inner {
			for _, e := range []string{"Customer", "Vendor", "Item"} {
				if q.(m)[e] != nil {
					order = append(order, e)
				}
			}
		}
		if len(order) != 3 || slices.Equal(order, []string{"Customer", "Vendor", "Item"}) != kept {
			t.Errorf("dial %v: %v", kept, order)
		}
	}
}

// quickbooks-online.md section 11: after 120 seconds the gateway gives up; the call may
// have been done all the same
func TestCalls_EndAfterTwoMinutes(t *testing.T) {
	for kind, done := range map[string]int{fault.TimeoutBefore: 0, fault.TimeoutAfter: 1} {
		synctest.Test(t, func(t *testing.T) {
			c := open(t)
			if _, err := c.box.Faults().Add(fault.Rule{Kind: kind, Times: 1}); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("POST", "/v3/company/"+c.realm+"/customer", bytes.NewReader([]byte(`{"DisplayName":"Ann"}`)))
			r.Header.Set("Authorization", "Bearer "+c.token)
			w, began := httptest.NewRecorder(), time.Now()
			c.box.ServeHTTP(w, r)
			if took := time.Since(began); took != 120*time.Second || w.Code != 504 || !strings.Contains(w.Body.String(), "nginx") {
				t.Errorf("%s: %d after %s: %s", kind, w.Code, took, w.Body)
			}
			if n := len(c.box.All("Customer")); n != done {
				t.Errorf("%s: %d customers", kind, n)
			}
		})
	}
}

// quickbooks-online.md sections 9 and 12.2: code 600 comes where an answer cannot be
// repeated any more, by dial
func TestRequestID_UsedAndForgotten(t *testing.T) {
	for _, dial := range []bool{false, true} {
		c := open(t, func(o *qbobox.Options) { o.Dials.UsedRequestIDIs600 = dial })
		body := m{"BatchItemRequest": []any{m{"bId": "1", "operation": "create", "Customer": m{"DisplayName": "Bea"}}}}
		c.post("customer?requestid=r1", m{"DisplayName": "Ann"})
		c.call("POST", "batch?requestid=r2", body)
		c.clock.move(5 * time.Hour)
		c.login()
		want := "6240" // done anew
		if dial {
			want = "600"
		}
		if status, code, _, _ := c.fault("POST", "customer?requestid=r1", m{"DisplayName": "Ann"}); status != 400 || code != want {
			t.Errorf("dial %v: %d %s", dial, status, code)
		}
		if _, out := c.call("POST", "batch?requestid=r2", body); s(out, "BatchItemResponse.0.Fault.Error.0.code") != want {
			t.Errorf("dial %v: %v", dial, out)
		}
	}
}

// quickbooks-online.md section 12.2: 4002 with status 500, by dial
func TestQuery_BadMailMayAnswerWithStatus500(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Dials.BadMailPoisonsQueries, o.Dials.BadMailIs500 = true, true })
	c.do(qbobox.Action{Action: "create", Type: "Invoice", Data: m{"CustomerRef": v(c.someone()), "BillEmail": m{"Address": "a@b.example, c@d.example"}, "Line": []any{saleLine("1", nil, nil, 5)}}})
	status, out := c.asks("select * from Invoice")
	check(t, out, map[string]string{"Fault.type": "Service", "Fault.Error.0.code": "4002", "Fault.Error.0.Detail": "QueryProcessingError: To email address entered is invalid"})
	if status != 500 {
		t.Errorf("status %d", status)
	}
}

// quickbooks-online.md section 12.2: 5020, what the connecting user's role does not allow
func TestFaults_OfAUserWithALesserRole(t *testing.T) {
	c := open(t)
	cust, vendor := s(c.customer("Ann"), "Id"), s(c.vendor("V"), "Id")
	inv := s(c.invoice(cust, 5), "Id")
	calls := map[string]func() (int, m){
		"customers": func() (int, m) { return c.call("GET", "customer/"+cust, nil) },
		"invoices":  func() (int, m) { return c.asks("select * from Invoice") },
		"voids":     func() (int, m) { return c.call("POST", "invoice?operation=void", m{"Id": inv, "SyncToken": "9"}) },
		"vendors":   func() (int, m) { return c.call("GET", "vendor/"+vendor, nil) },
		"items":     func() (int, m) { return c.call("GET", "item/1", nil) },
		"new items": func() (int, m) {
			return c.call("POST", "item", m{"Name": "X" + strconv.Itoa(len(c.box.All("Item"))), "Type": "Service", "IncomeAccountRef": v("1")})
		},
		"reports": func() (int, m) { return c.call("GET", "reports/TrialBalance", nil) },
		"changes": func() (int, m) { return c.call("GET", "cdc?entities=Customer,Vendor&changedSince=2026-05-01", nil) },
		"company": func() (int, m) { return c.call("GET", "companyinfo/1", nil) },
	}
	for role, may := range map[string][]string{
		"": {"customers", "invoices", "voids", "vendors", "items", "new items", "reports", "changes", "company"}, "customers": {"customers", "invoices", "voids", "items", "company"},
		"vendors": {"vendors", "items", "company"}, "reports": {"reports", "company"},
	} {
		c.do(qbobox.Action{Action: "restrict", Data: m{"Role": role}})
		for what, call := range calls {
			status, out := call()
			if denied := status == 403 && s(out, "Fault.Error.0.code") == "5020"; denied == slices.Contains(may, what) {
				t.Errorf("role %q, %s: %d %v", role, what, status, out)
			}
		}
	}
	c.do(qbobox.Action{Action: "restrict", Data: m{"Role": "vendors"}})
	_, out := c.call("POST", "batch", m{"BatchItemRequest": []any{m{"bId": "1", "Query": "select * from Customer"}, m{"bId": "2", "Query": "select * from Vendor"}}})
	for _, it := range out["BatchItemResponse"].([]any) {
		if (s(it, "Fault.Error.0.code") == "5020") != (s(it, "bId") == "1") {
			t.Errorf("%v", it)
		}
	}
	low := open(t, func(o *qbobox.Options) { o.Dials.PermissionDeniedIs400 = true })
	low.do(qbobox.Action{Action: "restrict", Data: m{"Role": "reports"}})
	if status, code, _, _ := low.fault("GET", "item/1", nil); status != 400 || code != "5020" {
		t.Errorf("%d %s", status, code)
	}
	if _, err := c.box.Do(t.Context(), qbobox.Action{Action: "restrict", Data: m{"Role": "king"}}); err == nil {
		t.Error("an unknown role was taken")
	}
}

// quickbooks-online.md section 12.2: 10200, the company was reset: everything is gone,
// ids begin anew, and nobody can ask for changes across that moment
func TestFaults_OfACompanyThatWasReset(t *testing.T) {
	db := openDB(t, t.TempDir()+"/box.db")
	with := func(o *qbobox.Options) { o.DB = db }
	c := open(t, with)
	c.invoice(s(c.customer("Ann", m{"Notes": "old"}), "Id"), 50)
	c.upload("a.txt", "hello")
	c.clock.move(time.Hour)
	c.login()
	c.do(qbobox.Action{Action: "start_over"})
	if status, code, _, _ := c.fault("GET", "cdc?entities=Customer&changedSince=2026-05-05T02:30:00-07:00", nil); status != 400 || code != "10200" {
		t.Errorf("changes from before: %d %s", status, code)
	}
	c.clock.move(time.Minute)
	_, out := c.call("GET", "cdc?entities=Customer&changedSince=2026-05-05T03:00:01-07:00", nil)
	check(t, out, map[string]string{"CDCResponse.0.QueryResponse.0": "{}"})
	if n := len(c.box.All("Customer")) + len(c.box.All("Invoice")) + len(c.box.All("Attachable")); n != 0 {
		t.Errorf("%d records are left", n)
	}
	for _, j := range c.box.Journal() {
		t.Errorf("an entry is left: %v", j)
	}
	check(t, c.customer("Bea"), map[string]string{"Id": "1"})
	c.sound()
	again := open(t, with) // from the database
	check(t, again.get("customer/1"), map[string]string{"DisplayName": "Bea", "Notes": ""})
	if n := len(again.box.All("Customer")) + len(again.box.All("Invoice")) + len(again.box.All("Attachable")); n != 1 {
		t.Errorf("%d records after a restart", n)
	}
	if status, code, _, _ := again.fault("GET", "cdc?entities=Customer&changedSince=2026-05-05T02:30:00-07:00", nil); status != 400 || code != "10200" {
		t.Errorf("changes from before, after a restart: %d %s", status, code)
	}
	again.sound()
}

// tableOfCodes are the codes in the reference's table of section 12.2.
func tableOfCodes(t *testing.T) (out []string) {
	t.Helper()
	page := string(needFixture(t, "../quickbooks-online.md"))
	_, table, _ := strings.Cut(page, "### 12.2 ")
	table, _, _ = strings.Cut(table, "### 12.3")
	for line := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !regexp.MustCompile(`^\s*\d`).MatchString(cells[1]) {
			continue
		}
		for _, word := range regexp.MustCompile(`\d+(-\d+)?`).FindAllString(cells[1], -1) {
			from, to, isRange := strings.Cut(word, "-")
			if out = append(out, from); isRange {
				a, err1 := strconv.Atoi(from)
				b, err2 := strconv.Atoi(to)
				if err1 != nil || err2 != nil {
					t.Fatal(word)
				}
				for n := a + 10; n <= b; n += 10 {
					out = append(out, strconv.Itoa(n))
				}
			}
		}
	}
	return out
}

// quickbooks-online.md section 12.2: each code of the list can be played by a fault rule,
// in the recorded words, in JSON and in XML; unknown ones are refused
func TestFaults_EveryCodeCanBePlayed(t *testing.T) {
	c := open(t)
	codes := tableOfCodes(t)
	if len(codes) < 55 {
		t.Fatalf("only %d codes in the table: %v", len(codes), codes)
	}
	var ref struct {
		Faults []struct {
			Status  int     `json:"http_status"`
			Type    string  `json:"fault_type"`
			Code    string  `json:"code"`
			Message *string `json:"Message"`
			Detail  *string `json:"Detail"`
		} `json:"standard_faults"`
	}
	if err := json.Unmarshal(needFixture(t, "faults/observed-faults.json"), &ref); err != nil {
		t.Fatal(err)
	}
	play := func(code string, h http.Header) (int, m) {
		t.Helper()
		if _, err := c.box.Faults().Add(fault.Rule{Kind: fault.Status, Code: code, Times: 1}); err != nil {
			t.Errorf("%s: %v", code, err)
			return 0, nil
		}
		status, out, _ := c.callWith("GET", "item/1", nil, h)
		return status, out
	}
	for _, code := range codes {
		status, out := play(code, http.Header{"Accept": {"application/json"}})
		if raw := s(out, "raw"); raw != "" {
			out = faultOfXML(t, raw) // those of the platform
		}
		got := s(out, "Fault.Error.0.code") + s(out, "fault.error.0.code")
		if got != code || status < 400 {
			t.Errorf("%s: %d %v", code, status, out)
		}
		recorded, matched := 0, false
		for _, f := range ref.Faults {
			if f.Code != code || f.Message == nil {
				continue
			}
			recorded++
			words := f.Detail == nil || plainText(s(out, "Fault.Error.0.Detail")) == plainText(*f.Detail)
			matched = matched || words && s(out, "Fault.Error.0.Message") == *f.Message && status == f.Status && s(out, "Fault.type") == f.Type
		}
		if recorded > 0 && !matched {
			t.Errorf("%s: %d %v is none of the %d recorded ones", code, status, out, recorded)
		}
		if _, out := play(code, http.Header{}); !strings.Contains(s(out, "raw"), "<IntuitResponse ") {
			t.Errorf("%s in XML: %v", code, out)
		}
	}
	if _, err := c.box.Faults().Add(fault.Rule{Kind: fault.Status, Code: "9999"}); err == nil {
		t.Error("an unknown code was taken")
	}
	if _, err := c.box.Faults().Add(fault.Rule{Kind: fault.Status, Code: "6190", Status: 403, After: true, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if status, code, _, _ := c.fault("POST", "customer", m{"DisplayName": "Done"}); status != 403 || code != "6190" || len(c.box.All("Customer")) != 1 {
		t.Errorf("%d %s, %d customers", status, code, len(c.box.All("Customer")))
	}
}
