package company

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// tellStory carries all steps out that concern the sandboxes.
func tellStory(t *testing.T, w World) {
	t.Helper()
	for _, step := range Story() {
		if step.Do == nil {
			continue
		}
		if err := step.Do(context.Background(), w); err != nil {
			t.Fatalf("%s %s: %v", step.Who, step.What, err)
		}
	}
}

func TestStory_RunsInOrderOnTheSandboxesAlone(t *testing.T) {
	c := openLarkfield(t, testNow)
	z, q := httptest.NewServer(c.Zoho), httptest.NewServer(c.QuickBooks)
	defer z.Close()
	defer q.Close()
	tellStory(t, At(z.URL, q.URL+"/"))
	s := truthOf(t, c, testNow)
	tieBalances(t, s)
	s.want(s.invoice("D-101"), "TotalAmt", "281.10", "TxnTaxDetail.TotalTax", "8.70")
	s.want(s.invoice("1040"), "Balance", "749.50")
	s.want(s.invoice("E-9000-4"), "TotalAmt", "1800")
	s.want(s.one(Books, "PurchaseOrder", "DocNumber", "PO-STORY"), "POStatus", "Closed")
}

func TestStory_EveryStepOfAPersonLeavesSomethingToCheck(t *testing.T) {
	last := time.Duration(0)
	kinds := map[Kind]int{}
	for _, step := range Story() {
		kinds[step.Kind]++
		if step.At < last {
			t.Errorf("%s comes before the step ahead of it", step.What)
		}
		last = step.At
		if step.Who == "" || step.What == "" {
			t.Errorf("a step at %s has no words", step.At)
		}
		if (step.Kind == Act || step.Kind == Trouble) != (step.Do != nil) {
			t.Errorf("%s: kind %s and Do do not agree", step.What, step.Kind)
		}
		if step.Kind == Act && len(step.Expect) == 0 {
			t.Errorf("%s: nothing is expected of it", step.What)
		}
	}
	for _, k := range []Kind{Act, Trouble, Wait, Kill, Restart} {
		if kinds[k] == 0 {
			t.Errorf("no step of kind %s", k)
		}
	}
}

// What the program must carry over is missing without it, and Check says so; and
// it finds what somebody plants.
func TestCheck(t *testing.T) {
	ctx := context.Background()
	c := openLarkfield(t, testNow)
	tellStory(t, c.World())
	was := Check(ctx, c.World())
	t.Run("without the program", func(t *testing.T) { missesTheProgram(t, was) })
	for _, tc := range []struct {
		name  string
		plant func(t *testing.T, c *Company)
		kind  string
		says  string
	}{
		{
			"a second account for one customer",
			func(t *testing.T, c *Company) {
				field := zohobox.Action{User: "Ana", Action: "create_field", Type: "Accounts", Data: object{"field_label": "QuickBooks Id", "data_type": "text", "length": 50}}
				if _, err := c.Zoho.Do(ctx, field); err != nil {
					t.Fatal(err)
				}
				for i := range 2 {
					a := zohobox.Action{User: "Eva", Action: "create", Type: "Accounts", Data: object{"Account_Name": fmt.Sprintf("Twin %d", i), "QuickBooks_Id": "3"}}
					if _, err := c.Zoho.Do(ctx, a); err != nil {
						t.Fatal(err)
					}
				}
			}, Doubled, "QuickBooks record 3 is 2 times in Accounts",
		},
		{
			"a second record of the story",
			func(t *testing.T, c *Company) {
				a := qbobox.Action{User: priya, Action: "create", Type: "Customer", Data: object{"DisplayName": "Larkspur Stables (2)"}}
				if _, err := c.QuickBooks.Do(ctx, a); err != nil {
					t.Fatal(err)
				}
			}, Doubled, "Larkspur Stables",
		},
		{
			"what was deleted comes back",
			func(t *testing.T, c *Company) {
				a := zohobox.Action{User: "Eva", Action: "create", Type: "Accounts", Data: object{"Account_Name": lanternHill}}
				if _, err := c.Zoho.Do(ctx, a); err != nil {
					t.Fatal(err)
				}
			}, Unasked, lanternHill,
		},
		{
			"a value that was overwritten",
			func(t *testing.T, c *Company) {
				if err := edits(CRM, "Tom", "Accounts", is("Account_Name", lakeview), object{"Phone": "1"})(ctx, c.World()); err != nil {
					t.Fatal(err)
				}
			}, Differs, "Phone of Accounts",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.plant(t, c)
			fresh := slices.DeleteFunc(Check(ctx, c.World()), func(v Violation) bool { return slices.Contains(was, v) })
			if !slices.ContainsFunc(fresh, func(v Violation) bool { return v.Kind == tc.kind && strings.Contains(v.What, tc.says) }) {
				t.Errorf("planted, and found only %v", fresh)
			}
		})
	}
}

func missesTheProgram(t *testing.T, found []Violation) {
	counts := map[string]int{}
	for _, v := range found {
		counts[v.Kind]++
	}
	if counts[Lost] == 0 || counts[Differs] == 0 || counts[Doubled] != 0 {
		t.Errorf("violations by kind: %v", counts)
	}
	if !slices.ContainsFunc(found, func(v Violation) bool {
		return v.Kind == Lost && strings.Contains(v.What, "Kestrel Ridge Winery") && strings.Contains(v.Step, "Priya")
	}) {
		t.Error("nobody misses the account Kestrel Ridge Winery")
	}
	for _, v := range found {
		if v.Kind == Unasked && v.Step == "" {
			t.Errorf("no program wrote anything, yet %s", v)
		}
	}
}
