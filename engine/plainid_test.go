package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

// takeSlots has a person use both unique fields of every module, so that none is
// left for the QuickBooks id (P29).
func (w *world) takeSlots() {
	w.t.Helper()
	for _, mod := range crossbook.Modules() {
		for _, label := range []string{"Old system no", "Warehouse no"} {
			w.personCRM(zohobox.Action{Action: "create_field", Type: string(mod), Data: m{"field_label": label, "data_type": "text", "unique": m{"case_sensitive": false}}})
		}
	}
}

// doubles lists the QuickBooks ids that stand on more than one record of a module.
func (s truth) doubles() (out []string) {
	for _, mod := range crossbook.Modules() {
		seen := map[string]int{}
		for _, r := range s.Records[string(mod)] {
			if id, ok := r["QuickBooks_Id"].(string); ok && id != "" {
				seen[id]++
			}
		}
		for id, n := range seen {
			if n > 1 {
				out = append(out, fmt.Sprintf("%s %s stands on %d records", mod, id, n))
			}
		}
	}
	return out
}

// plainWorld is a company with customers, a vendor, a product and documents, and
// a CRM without a unique field to spare.
func plainWorld(w *world) {
	w.takeSlots()
	c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Grace", "FamilyName": "Pariente"})
	w.newBooks("Customer", m{"DisplayName": "Mike Dunn", "GivenName": "Mike", "FamilyName": "Dunn"})
	w.newBooks("Vendor", m{"DisplayName": "Tool House"})
	item := w.newBooks("Item", m{"Name": "Work", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": m{"value": w.income()}})
	for i := range 3 {
		w.sell("Invoice", fmt.Sprint(1001+i), c, soldLine(item, i+1, 10, 10*(i+1)))
	}
	w.sell("Estimate", "E-1", c, soldLine(item, 1, 10, 10))
}

func plainCheck(t *testing.T, w *world) {
	t.Helper()
	crm := w.crmState()
	if d := crm.doubles(); len(d) > 0 {
		t.Error(strings.Join(d, "; "))
	}
	for typ, n := range map[string]int{"Accounts": 1, "Contacts": 2, "Vendors": 1, "Invoices": 3, "Quotes": 1} {
		if got := len(crm.Records[typ]); got != n {
			t.Errorf("%d %s, want %d", got, typ, n)
		}
	}
}

// Where people use both unique fields, set-up keeps the id as plain text and
// says so; everything is synced all the same, and a copy that a person makes of
// a record, id and all, is a record of its own.
func TestPlainID_SetUpSaysSoAndAllIsSynced(t *testing.T) {
	w := newWorld(t)
	plainWorld(w)
	w.connect().allVendors().firstSync()
	plainCheck(t, w)
	reports, err := w.eng.Layouts(t.Context(), w.conn.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Unique || len(r.Problems) > 0 {
			t.Errorf("%s: unique %v, problems %v", r.Module, r.Unique, r.Problems)
		}
	}
	w.nothingMore()
	v := w.crmState().find(t, "Vendors", "Vendor_Name", "Tool House")
	w.newCRM("Vendors", m{"Vendor_Name": "Tool House copy", "QuickBooks_Id": v["QuickBooks_Id"]})
	w.sync()
	if d := w.crmState().doubles(); len(d) > 0 {
		t.Error("after a copy:", strings.Join(d, "; "))
	}
	w.booksState().find(t, "Vendor", "DisplayName", "Tool House copy")
	w.nothingMore()
}

// Answers to creates are lost in every module, before and after the CRM took
// them: nothing is doubled.
func TestPlainID_LostAnswersDoubleNothing(t *testing.T) {
	for _, kind := range []string{fault.TimeoutAfter, fault.ResetAfter, fault.Truncate, fault.TimeoutBefore} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			plainWorld(w)
			w.connect().allVendors()
			for _, mod := range crossbook.Modules() {
				rule := fault.Rule{Kind: kind, Method: http.MethodPost, PathContains: "/" + string(mod), Times: 2}
				if _, err := w.crm.Faults().Add(rule); err != nil {
					t.Fatal(err)
				}
			}
			w.firstSync()
			for range 25 {
				w.clock.Advance(5 * time.Minute)
				w.sync()
			}
			w.clock.Advance(2 * time.Hour)
			w.sync()
			plainCheck(t, w)
			w.nothingMore()
		})
	}
}

// lateCRM is a CRM that takes a create only after its deadline, when the next
// look for it has found nothing.
type lateCRM struct {
	engine.CRM
	s *lateState
}

type lateState struct {
	held   *crossbook.Request
	done   bool
	looks  int
	most   int
	flying atomic.Int32
	worst  atomic.Int32
}

func (c lateCRM) Send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error) {
	if r.Writes[0].Kind != crossbook.Create {
		return c.CRM.Send(ctx, r)
	}
	c.s.worst.Store(max(c.s.worst.Load(), c.s.flying.Add(1)))
	defer c.s.flying.Add(-1)
	c.s.most = max(c.s.most, len(r.Writes))
	if r.Type == string(crossbook.Invoices) && !c.s.done && c.s.held == nil {
		c.s.held = &r
		return nil, &crossbook.Failure{Kind: crossbook.FailUnknown, Err: context.DeadlineExceeded}
	}
	return c.CRM.Send(ctx, r)
}

func (c lateCRM) FindByOurID(ctx context.Context, mod crossbook.Module, ids []string) (map[string]string, error) {
	found, err := c.CRM.FindByOurID(ctx, mod, ids)
	if mod == crossbook.Invoices && c.s.held != nil && !c.s.done {
		if c.s.looks++; c.s.looks == 2 { // the first one is the recovery's, after the deadline
			c.s.done = true
			if _, err := c.CRM.Send(ctx, *c.s.held); err != nil {
				return nil, err
			}
			return c.CRM.FindByOurID(ctx, mod, ids)
		}
	}
	return found, err
}

// A create that takes effect long after its deadline is found by the look before
// the next one; and creates go out alone, whatever else is under way.
func TestPlainID_LateCreateIsFound(t *testing.T) {
	w := newWorld(t)
	plainWorld(w)
	w.connect().allVendors()
	s := &lateState{}
	w.tune = nil
	w.replace(func(sides *engine.Sides) { sides.CRM = lateCRM{sides.CRM, s} })
	tune := w.tune
	w.tune = func(o *engine.Options) { tune(o); o.Parallel = 8 }
	w.restart()
	w.firstSync()
	for range 4 {
		w.clock.Advance(5 * time.Minute)
		w.sync()
	}
	if !s.done {
		t.Error("the create was never taken")
	}
	if s.most > 1 || s.worst.Load() > 1 {
		t.Errorf("%d records in a create, %d creates at a time, want one", s.most, s.worst.Load())
	}
	plainCheck(t, w)
	w.nothingMore()
}

func TestPlainID_KilledAtEveryStep_NothingIsDoubled(t *testing.T) {
	scenario{
		before: plainWorld,
		acts: []func(*world){
			func(w *world) {
				w.editBooks("Vendor", w.booksID("Vendor", "DisplayName", "Tool House"), m{"PrimaryPhone": phone("555-0")})
				w.editCRM("Contacts", w.crmID("Contacts", "Last_Name", "Dunn"), m{"Phone": "555-2"})
			},
		},
		check: plainCheck,
	}.everyCrash(t)
}
