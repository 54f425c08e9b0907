package plan_test

import (
	"strings"
	"testing"

	"crossbook"
	"crossbook/plan"
)

func TestGuard_StopsWhatNoPersonApproved(t *testing.T) {
	limits := plan.DefaultLimits()
	for _, c := range []struct {
		name       string
		done, next plan.Count
		pairs      int
		stop       string // part of the reason; empty: goes on
	}{
		{"nothing to do goes on whatever was done", plan.Count{Unlinks: 99}, plan.Count{}, 10, ""},
		{"ten unlinked of a few goes on", plan.Count{}, plan.Count{Unlinks: 10}, 20, ""},
		{"eleven unlinked of a few stops", plan.Count{}, plan.Count{Unlinks: 11}, 20, "unlinked"},
		{"five in a hundred of many goes on", plan.Count{}, plan.Count{Unlinks: 40}, 800, ""},
		{"more than fifty stops however many there are", plan.Count{}, plan.Count{Unlinks: 51}, 100_000, "unlinked"},
		{"what was done earlier in the day counts", plan.Count{Unlinks: 8}, plan.Count{Unlinks: 3}, 20, "unlinked"},
		{"a hundred updates of few goes on", plan.Count{}, plan.Count{UpdatesBooks: 100}, 50, ""},
		{"more than a hundred stops towards QuickBooks", plan.Count{}, plan.Count{UpdatesBooks: 101}, 50, "QuickBooks"},
		{"three in ten of many goes on", plan.Count{}, plan.Count{UpdatesCRM: 300}, 1000, ""},
		{"more than three in ten stops towards the CRM", plan.Count{}, plan.Count{UpdatesCRM: 301}, 1000, "Zoho CRM"},
		{"twenty-five creates in QuickBooks goes on", plan.Count{}, plan.Count{CreatesBooks: 25}, 0, ""},
		{"the twenty-sixth stops, even over the day", plan.Count{CreatesBooks: 25}, plan.Count{CreatesBooks: 1}, 1000, "created in QuickBooks"},
	} {
		t.Run(c.name, func(t *testing.T) {
			stop := plan.Guard(crossbook.Accounts, c.done, c.next, c.pairs, limits)
			switch {
			case c.stop == "" && stop != nil:
				t.Errorf("stopped: %s", stop.Reason)
			case c.stop != "" && stop == nil:
				t.Error("went on")
			case stop != nil && (!strings.Contains(stop.Reason, c.stop) || !strings.Contains(stop.Reason, "Accounts")):
				t.Errorf("reason %q does not speak of %s", stop.Reason, c.stop)
			}
		})
	}
}

func TestOrder_ModulesInTheOrderOfWork_ParentsFirst(t *testing.T) {
	op := func(m crossbook.Module, depth int, name string) crossbook.Op {
		return crossbook.Op{Kind: crossbook.Create, Side: crossbook.CRM, Module: m, Depth: depth, Name: name}
	}
	waves := plan.Order([]crossbook.Op{
		op(crossbook.Invoices, 0, "invoice"), op(crossbook.Accounts, 1, "child"), op(crossbook.Vendors, 0, "vendor"),
		op(crossbook.Accounts, 0, "parent"), op(crossbook.Vendors, 0, "vendor 2"),
	})
	var got []string
	for _, w := range waves {
		var names []string
		for _, o := range w {
			names = append(names, o.Name)
		}
		got = append(got, strings.Join(names, "+"))
	}
	if s := strings.Join(got, " > "); s != "vendor+vendor 2 > parent > child > invoice" {
		t.Errorf("order %s", s)
	}
}
