package zohobox_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md sections 5.3 and 12: a million customers load and are read in whole
// by bulk jobs and by COQL with a keyset.
func TestMillion_LoadsAndIsRead(t *testing.T) {
	if os.Getenv("CROSSBOOK_SANDBOX") != "full" {
		t.Skip("SKIPPED: a million records take minutes; CROSSBOOK_SANDBOX=full runs it")
	}
	const n, part = 1_000_000, 50_000
	a := open(t, zohobox.Options{Dials: zohobox.Dials{BulkTime: -1}})
	start := time.Now()
	lap := func(what string) {
		t.Logf("%s: %s", what, time.Since(start).Round(time.Millisecond))
		start = time.Now()
	}
	for from := 0; from < n; from += part {
		rows := make([]map[string]any, part)
		for i := range rows {
			rows[i] = obj{"Account_Name": fmt.Sprintf("Account %d", from+i), "Phone": "555 0100", "Billing_City": "Leeds"}
		}
		if err := a.box.Load("Accounts", rows); err != nil {
			t.Fatal(err)
		}
	}
	lap("loaded")
	seen := map[string]bool{}
	query := obj{"module": obj{"api_name": "Accounts"}, "fields": []any{"Account_Name", "Modified_Time"}}
	for {
		job := a.bulkRead(query)
		_, rows := sheetOf(t, a.get(bulkPath+"/read/"+job+"/result").raw)
		for _, row := range rows[1:] {
			seen[row[0]] = true
		}
		st := a.get(bulkPath + "/read/" + job)
		if st.str("data.0.result.more_records") != "true" {
			break
		}
		query = obj{"page_token": st.str("data.0.result.next_page_token")}
	}
	lap("read in bulk")
	if len(seen) != n {
		t.Fatalf("bulk read found %d, want %d", len(seen), n)
	}
	last, count := "0", 0
	for {
		r := a.call(http.MethodPost, "/coql", obj{"select_query": "select Account_Name from Accounts where id > " + last + " order by id asc limit 2000"})
		if r.status == http.StatusNoContent {
			break
		}
		k := r.len("data")
		count += k
		last = r.str(fmt.Sprintf("data.%d.id", k-1))
	}
	lap("read by keyset")
	if count != n {
		t.Errorf("the keyset found %d, want %d", count, n)
	}
}
