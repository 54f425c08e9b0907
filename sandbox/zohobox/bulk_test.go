package zohobox_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

const bulkPath = "/crm/bulk/v8"

// sheetOf unpacks the one CSV of a result.
func sheetOf(t *testing.T, raw string) (string, [][]string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatalf("not a zip: %v", err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return z.File[0].Name, rows
}

func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, files[i+1])
	}
	_ = z.Close()
	return buf.Bytes()
}

func (a *app) bulkRead(query obj) string {
	a.t.Helper()
	return a.call(http.MethodPost, bulkPath+"/read", obj{"query": query, "file_type": "csv"}, "Content-Type", "application/json").want(201).str("data.0.details.id")
}

// zoho-crm.md section 12: a read job is added, runs, is done; its file lives a day.
func TestBulkRead_GoesThroughItsStates(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "Acme, \"Inc\""})
	con := a.make("Contacts", obj{"Last_Name": "L", "Account_Name": ref(acc)})
	r := a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Contacts"}, "fields": []any{"Last_Name", "Account_Name", "Account_Name.Account_Name", "Modified_Time"}}}, "Content-Type", "application/json")
	r.want(201, "data.0.code", "ADDED_SUCCESSFULLY", "data.0.details.state", "ADDED", "data.0.details.operation", "read")
	job := r.str("data.0.details.id")
	status := func() reply { return a.get(bulkPath + "/read/" + job) }
	status().want(200, "data.0.state", "ADDED")
	a.get(bulkPath+"/read/"+job+"/result").want(404, "code", "RESOURCE_NOT_FOUND")
	a.clock.step(3 * time.Second)
	status().want(200, "data.0.state", "IN PROGRESS")
	a.clock.step(3 * time.Second)
	status().want(200, "data.0.state", "COMPLETED", "data.0.result.count", "1", "data.0.result.per_page", "200000", "data.0.result.more_records", "false", "data.0.query.page", "1")
	got := a.get(status().str("data.0.result.download_url"))
	if kind := got.header.Get("Content-Type"); kind != "application/zip" {
		t.Errorf("the result is %s", kind)
	}
	name, rows := sheetOf(t, got.raw)
	want := fmt.Sprint([][]string{{"id", "Last_Name", "Account_Name", "Account_Name.Account_Name", "Modified_Time"}, {con, "L", acc, "Acme, \"Inc\"", rows[1][4]}})
	if name != job+".csv" || fmt.Sprint(rows) != want {
		t.Errorf("%s holds %v, want %v", name, rows, want)
	}
	if _, err := time.Parse(time.RFC3339, rows[1][4]); err != nil {
		t.Error(err)
	}
	a.later(25 * time.Hour)
	a.get(bulkPath + "/read/" + job + "/result").want(404)
	status().want(200, "data.0.state", "COMPLETED")
	a.get(bulkPath+"/read/77").want(404, "code", "RESOURCE_NOT_FOUND")
}

// zoho-crm.md section 12: criteria with their comparators, and ${EMPTY}.
func TestBulkRead_Criteria(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	for _, v := range []obj{{"Vendor_Name": "Alpha", "City": "Leeds"}, {"Vendor_Name": "Beta"}, {"Vendor_Name": "Alphabet", "City": "York"}} {
		a.make("Vendors", v)
	}
	one := func(field, op string, v any) obj {
		return obj{"field": obj{"api_name": field}, "comparator": op, "value": v}
	}
	for name, c := range map[string]struct {
		criteria obj
		want     int
	}{
		"equal":       {one("Vendor_Name", "equal", "alpha"), 1},
		"not equal":   {one("Vendor_Name", "not_equal", "Alpha"), 2},
		"in":          {one("Vendor_Name", "in", []any{"Alpha", "Beta"}), 2},
		"not in":      {one("Vendor_Name", "not_in", []any{"Alpha", "Beta"}), 1},
		"contains":    {one("Vendor_Name", "contains", "lph"), 2},
		"starts with": {one("Vendor_Name", "starts_with", "Alpha"), 2},
		"ends with":   {one("Vendor_Name", "ends_with", "bet"), 1},
		"empty":       {one("City", "equal", "${EMPTY}"), 1},
		"not empty":   {one("City", "not_equal", "${EMPTY}"), 2},
		"since":       {one("Modified_Time", "greater_equal", "2026-03-01T09:15:00+00:00"), 3},
		"after":       {one("Modified_Time", "greater_than", "2026-03-01T09:15:00+00:00"), 0},
		"between":     {one("Modified_Time", "between", []any{"2026-03-01T09:00:00+00:00", "2026-03-01T10:00:00+00:00"}), 3},
		"group":       {obj{"group_operator": "or", "group": []any{one("City", "equal", "York"), one("Vendor_Name", "equal", "Beta")}}, 2},
	} {
		t.Run(name, func(*testing.T) {
			job := a.bulkRead(obj{"module": obj{"api_name": "Vendors"}, "criteria": c.criteria})
			a.get(bulkPath+"/read/"+job).want(200, "data.0.state", "COMPLETED", "data.0.result.count", fmt.Sprint(c.want))
		})
	}
	bad := func(q obj) reply {
		return a.call(http.MethodPost, bulkPath+"/read", obj{"query": q}, "Content-Type", "application/json")
	}
	bad(obj{"module": obj{"api_name": "No"}}).want(400, "code", "INVALID_DATA")
	bad(obj{"module": obj{"api_name": "Vendors"}, "criteria": one("Vendor_Name", "about", "x")}).want(400, "code", "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED")
	bad(obj{"module": obj{"api_name": "Vendors"}, "criteria": one("No", "equal", "x")}).want(400, "code", "FIELD_IN_CRITERIA_NOT_SUPPORTED")
	bad(obj{"module": obj{"api_name": "Vendors"}, "fields": []any{"No"}}).want(400, "code", "INVALID_DATA")
	a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Vendors"}}}).want(415, "code", "MEDIA_TYPE_NOT_SUPPORTED")
	a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Vendors"}}, "callback": obj{"url": "http://example.org/", "method": "post"}}, "Content-Type", "application/json").want(400, "code", "INVALID_CALLBACK_URL")
}

// zoho-crm.md section 12: 200,000 records a job; the next ones by page or token.
func TestBulkRead_GoesOnByPageOrToken(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: 200,001 records take a while")
	}
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	rows := make([]map[string]any, 200_001)
	for i := range rows {
		rows[i] = obj{"Vendor_Name": fmt.Sprint(i)}
	}
	if err := a.box.Load("Vendors", rows); err != nil {
		t.Fatal(err)
	}
	first := a.bulkRead(obj{"module": obj{"api_name": "Vendors"}, "fields": []any{"Vendor_Name"}})
	r := a.get(bulkPath+"/read/"+first).want(200, "data.0.result.count", "200000", "data.0.result.more_records", "true")
	for name, next := range map[string]obj{"token": {"page_token": r.str("data.0.result.next_page_token")}, "page": {"module": obj{"api_name": "Vendors"}, "fields": []any{"Vendor_Name"}, "page": 2}} {
		job := a.bulkRead(next)
		a.get(bulkPath+"/read/"+job).want(200, "data.0.result.count", "1", "data.0.result.page", "2", "data.0.result.more_records", "false")
		if _, got := sheetOf(t, a.get(bulkPath+"/read/"+job+"/result").raw); got[1][1] != "200000" {
			t.Errorf("by %s: %v", name, got)
		}
	}
}

// zoho-crm.md section 12: ten downloads a minute; starting costs 50 and 500 credits.
func TestBulk_LimitsAndCredits(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free", Dials: zohobox.Dials{BulkTime: -1}})
	a.make("Vendors", obj{"Vendor_Name": "V"})
	job := a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	for range 10 {
		a.get(bulkPath + "/read/" + job + "/result").want(200)
	}
	a.get(bulkPath+"/read/"+job+"/result").want(429, "code", "TOO_MANY_REQUESTS")
	a.clock.step(time.Minute)
	a.get(bulkPath + "/read/" + job + "/result").want(200)
	for range 60 {
		a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	}
	before := a.get("/org").header.Get("X-API-CREDITS-REMAINING")
	a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	after := a.get("/org").header.Get("X-API-CREDITS-REMAINING")
	x, y := 0, 0
	_, _ = fmt.Sscan(before, &x)
	_, _ = fmt.Sscan(after, &y)
	if x-y != 51 {
		t.Errorf("a bulk read and a call cost %d credits, want 51", x-y)
	}
}

// zoho-crm.md section 12: the callback tells the status.
func TestBulkRead_CallsBack(t *testing.T) {
	var got []string
	a := open(t, zohobox.Options{Deliver: roundTrip(func(r *http.Request) { raw, _ := io.ReadAll(r.Body); got = append(got, r.URL.String()+" "+string(raw)) })})
	a.make("Vendors", obj{"Vendor_Name": "V"})
	r := a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Vendors"}}, "callback": obj{"url": "https://app.test/done", "method": "post"}}, "Content-Type", "application/json").want(201)
	a.box.DeliverNotifications(t.Context())
	if len(got) != 0 {
		t.Fatalf("called back before it was done: %v", got)
	}
	a.clock.step(time.Minute)
	a.box.DeliverNotifications(t.Context())
	if len(got) != 1 || !strings.HasPrefix(got[0], "https://app.test/done ") || !strings.Contains(got[0], `"state":"COMPLETED"`) || !strings.Contains(got[0], r.str("data.0.details.id")) {
		t.Errorf("callbacks %v", got)
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
}

func (a *app) upload(zipped []byte, headers ...string) reply {
	a.t.Helper()
	body, kind := form(a.t, "rows.zip", zipped)
	zgid := a.get("/org").str("org.0.zgid")
	return a.call(http.MethodPost, "/upload", body, append([]string{"Content-Type", kind, "feature", "bulk-write", "X-CRM-ORG", zgid}, headers...)...)
}

func (a *app) bulkWrite(op string, resources ...obj) reply {
	a.t.Helper()
	var rows []any
	for _, r := range resources {
		r["type"] = "data"
		rows = append(rows, r)
	}
	return a.call(http.MethodPost, bulkPath+"/write", obj{"operation": op, "ignore_empty": true, "resource": rows})
}

// zoho-crm.md section 12: upload, job, counts, and a result row by row.
func TestBulkWrite_InsertsUpdatesAndUpserts(t *testing.T) {
	a := open(t, zohobox.Options{})
	acc := a.make("Accounts", obj{"Account_Name": "Acme"})
	up := a.upload(packed(t, "c.csv", "Name,Mail,Account,Born\nOne,one@a.test,Acme,12/31/1999\nTwo,bad,Acme,\n,three@a.test,,\nFour,four@a.test,Nobody,\n")).want(200, "code", "FILE_UPLOAD_SUCCESS")
	res := func(find string, maps ...any) obj {
		o := obj{"module": obj{"api_name": "Contacts"}, "file_id": up.str("details.file_id"), "field_mappings": maps}
		if find != "" {
			o["find_by"] = find
		}
		return o
	}
	name, mail := obj{"api_name": "Last_Name", "index": 0}, obj{"api_name": "Email", "index": 1}
	job := a.bulkWrite("insert", res("", name, mail, obj{"api_name": "Account_Name", "index": 2, "find_by": "Account_Name"}, obj{"api_name": "Date_of_Birth", "index": 3})).want(201, "status", "success", "code", "SUCCESS").str("details.id")
	status := func() reply { return a.get(bulkPath + "/write/" + job) }
	status().want(200, "status", "ADDED")
	a.clock.step(3 * time.Second)
	status().want(200, "status", "INPROGRESS")
	a.clock.step(3 * time.Second)
	status().want(200, "status", "COMPLETED", "resource.0.file.added_count", "1", "resource.0.file.skipped_count", "3", "resource.0.file.total_count", "4", "resource.0.file.name", "c.csv")
	_, rows := sheetOf(t, a.get(status().str("result.download_url")).raw)
	if rows[0][5] != "RECORD_ID" || rows[1][4] != "ADDED" || rows[2][4] != "SKIPPED" || !strings.HasPrefix(rows[2][6], "INVALID_DATA") || !strings.HasPrefix(rows[3][6], "MANDATORY_NOT_FOUND") || rows[4][4] != "SKIPPED" {
		t.Errorf("the result is %v", rows)
	}
	c := a.read("Contacts", rows[1][5])
	if c["Last_Name"] != "One" || c["Date_of_Birth"] != "1999-12-31" || c["Account_Name"].(obj)["id"] != acc {
		t.Errorf("the contact is %v", c)
	}
	job = a.bulkWrite("update", res("Email", name, mail)).want(201).str("details.id")
	a.clock.step(time.Minute)
	status().want(200, "resource.0.file.updated_count", "1", "resource.0.file.added_count", "0")
	job = a.bulkWrite("upsert", res("Email", name, mail)).want(201).str("details.id")
	a.clock.step(time.Minute)
	status().want(200, "resource.0.file.updated_count", "1", "resource.0.file.added_count", "1")
	a.bulkWrite("update", res("", name)).want(400, "code", "MANDATORY_NOT_FOUND")
	a.bulkWrite("insert", res("", obj{"api_name": "Full_Name", "index": 0})).want(400, "code", "INVALID_DATA")
	a.bulkWrite("insert", obj{"module": obj{"api_name": "Contacts"}, "file_id": "1"}).want(400, "code", "INVALID_DATA")
	a.bulkWrite("move", res("")).want(400, "code", "INVALID_DATA")
}

// zoho-crm.md section 12: documents together with their rows.
func TestBulkWrite_ParentsWithTheirRows(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	p := a.product(obj{"Product_Name": "Bolt"})
	up := a.upload(packed(t, "inv.csv", "Key,Subject\nk1,First\nk2,Second\n", "lines.csv", "Key,Product,Qty,Price\nk1,Bolt,2,5\nk1,Bolt,1,1.5\nk9,Bolt,1,1\n")).want(200).str("details.file_id")
	lines := []any{
		obj{"api_name": "Parent_Id", "index": 0, "find_by": "id", "parent_column_index": 0},
		obj{"api_name": "Product_Name", "index": 1, "find_by": "Product_Name"},
		obj{"api_name": "Quantity", "index": 2},
		obj{"api_name": "List_Price", "index": 3},
	}
	job := a.bulkWrite("insert",
		obj{"module": obj{"api_name": "Invoices"}, "file_id": up, "file_names": []any{"inv.csv"}, "field_mappings": []any{obj{"api_name": "Subject", "index": 1}}},
		obj{"module": obj{"api_name": "Invoiced_Items"}, "file_id": up, "file_names": []any{"lines.csv"}, "field_mappings": lines},
	).want(201).str("details.id")
	a.get(bulkPath+"/write/"+job).want(200, "status", "COMPLETED", "resource.0.file.added_count", "1", "resource.0.file.skipped_count", "1", "resource.1.file.added_count", "2", "resource.1.file.skipped_count", "1")
	r := a.get("/Invoices?fields=Subject,Grand_Total").want(200, "info.count", "1", "data.0.Grand_Total", "11.5")
	inv := r.str("data.0.id")
	lines[0] = obj{"api_name": "Parent_Id", "index": 0, "find_by": "id"}
	more := a.upload(packed(t, "more.csv", "Inv,Product,Qty,Price\n"+inv+",Bolt,1,0.5\n1,Bolt,1,1\n")).str("details.file_id")
	job = a.bulkWrite("insert", obj{"module": obj{"api_name": "Invoiced_Items"}, "file_id": more, "field_mappings": lines}).want(201).str("details.id")
	a.get(bulkPath+"/write/"+job).want(200, "resource.0.file.added_count", "1", "resource.0.file.skipped_count", "1")
	if got := fmt.Sprint(a.read("Invoices", inv)["Grand_Total"], " ", p != ""); got != "12 true" {
		t.Errorf("the invoice stands at %s", got)
	}
	a.bulkWrite("insert", obj{"module": obj{"api_name": "Invoices"}, "file_id": up, "field_mappings": []any{obj{"api_name": "Subject", "index": 1}}}, obj{"module": obj{"api_name": "Quoted_Items"}, "file_id": up}).want(400, "code", "COEXISTENCE_NOT_ALLOWED")
}

// zoho-crm.md section 12: what an upload must be, and 25,000 rows and 200 columns a file.
func TestBulkWrite_LimitsOfFiles(t *testing.T) {
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	a.upload([]byte("no zip")).want(400, "code", "INVALID_FILE_FORMAT")
	a.upload(packed(t, "a.txt", "x")).want(400, "code", "INVALID_FILE_FORMAT")
	a.upload(packed(t, "a.csv", "x"), "feature", "other").want(400, "code", "NOT_SUPPORTED_FEATURE")
	a.upload(packed(t, "a.csv", "x"), "X-CRM-ORG", "1").want(400, "code", "INVALID_DATA")
	for _, size := range []int{25<<20 + 1, 40 << 20} {
		a.upload(make([]byte, size)).want(413, "code", "FILE_TOO_LARGE")
	}
	for code, csv := range map[string]string{"ROW_LIMIT_EXCEEDED": "Vendor_Name\n" + strings.Repeat("V\n", 25_001), "COLUMN_LIMIT_EXCEEDED": strings.Repeat("a,", 200) + "b\n1\n"} {
		id := a.upload(packed(t, "v.csv", csv)).str("details.file_id")
		job := a.bulkWrite("insert", obj{"module": obj{"api_name": "Vendors"}, "file_id": id, "field_mappings": []any{obj{"api_name": "Vendor_Name", "index": 0}}}).str("details.id")
		a.get(bulkPath+"/write/"+job).want(200, "status", "FAILED", "resource.0.status", "SKIPPED", "resource.0.code", code)
	}
	a.get("/Vendors?fields=id").want(204)
}
