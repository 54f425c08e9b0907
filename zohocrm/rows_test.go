package zohocrm_test

import (
	"fmt"
	"testing"

	"crossbook"
	"crossbook/sandbox/zohobox"
)

// A document whose rows do not all come with it has them all the same, each
// once, in their order; one whose rows do costs one call.
func TestReadWhole_RowsBeyondTheFirstPage(t *testing.T) {
	box, calls, side := organisation(t, 1, func(o *zohobox.Options) { o.Dials.RowsShown = 3 })
	do := func(typ string, data map[string]any) string {
		t.Helper()
		done, err := box.Do(t.Context(), zohobox.Action{Action: "create", Type: typ, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		return done.ID
	}
	account := do("Accounts", map[string]any{"Account_Name": "Cool Cars"})
	product := do("Products", map[string]any{"Product_Name": "Work"})
	for _, n := range []int{3, 7} {
		rows := make([]any, n)
		for i := range rows {
			rows[i] = map[string]any{"Product_Name": map[string]any{"id": product}, "Quantity": i + 1, "List_Price": 2, "Description": fmt.Sprint("row ", i)}
		}
		id := do("Invoices", map[string]any{"Subject": "1001", "Account_Name": map[string]any{"id": account}, "Invoiced_Items": rows})
		before := calls.calls.Load()
		rec, there, err := side.ReadWhole(t.Context(), crossbook.Invoices, id)
		if err != nil || !there {
			t.Fatal(there, err)
		}
		if spent := calls.calls.Load() - before; n == 3 && spent != 1 {
			t.Errorf("%d calls for a short document", spent)
		}
		got, _ := rec.Data["Invoiced_Items"].([]any)
		seen := map[any]bool{}
		for i, e := range got {
			row := e.(map[string]any)
			if row["Description"] != fmt.Sprint("row ", i) || fmt.Sprint(row["Quantity"]) != fmt.Sprint(i+1) || row["Product_Name"].(map[string]any)["id"] != product || seen[row["id"]] {
				t.Errorf("%d rows, number %d is %v", n, i, row)
			}
			seen[row["id"]] = true
		}
		if len(got) != n {
			t.Errorf("%d rows of %d", len(got), n)
		}
	}
}
