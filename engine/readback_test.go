package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// wrongTotals is a CRM that reckons with one decimal: no total of cents agrees.
func wrongTotals(_ *qbobox.Options, z *zohobox.Options) { z.Dials.CurrencyDecimals = 1 }

// A total is read back even when the process dies anywhere between the write
// and the look (R82): what is owed stands on disk with the write's result.
func TestReadBack_KilledAtEveryStep_TheTotalIsReadBack(t *testing.T) {
	build := func(t *testing.T) *world {
		w, customer, item := inStep(t, wrongTotals)
		w.sell("Invoice", "1001", customer, soldLine(item, 1, 12.34, 12.34))
		w.sell("Estimate", "E-1", customer, soldLine(item, 1, 12.34, 12.34))
		return w
	}
	w := build(t)
	steps := 0
	w.step = func(string) { steps++ }
	w.sync()
	for n := 1; n <= steps; n += stride(steps) {
		t.Run(fmt.Sprintf("step %d", n), func(t *testing.T) {
			w := build(t)
			w.killAt(n)
			at := w.survive(func() { w.sync() })
			w.reborn()
			w.sync()
			w.clock.Advance(10 * time.Minute)
			w.sync()
			if p := w.problems(); len(p) != 2 || !strings.Contains(p[0].Problem.Text+p[0].Problem.Cause, "12.34") {
				t.Errorf("killed at %q: problems %+v, want both totals", at, p)
			}
		})
	}
}

func (s truth) apiWritesOf(typ string) int {
	n := 0
	for _, w := range s.Writes {
		if w.Actor == "api" && w.Type == typ {
			n++
		}
	}
	return n
}

// refusesReads is a CRM whose documents cannot be read.
type refusesReads struct {
	engine.CRM
	refuse *bool
}

func (c refusesReads) Read(ctx context.Context, mod crossbook.Module, ids []string) ([]crossbook.Record, error) {
	if *c.refuse && mod.Document() {
		return nil, &crossbook.Failure{Kind: crossbook.FailRetry, Err: context.DeadlineExceeded}
	}
	return c.CRM.Read(ctx, mod, ids)
}

// A read-back that fails is done once the CRM answers again.
func TestReadBack_FailingReadIsDoneLater(t *testing.T) {
	w, customer, item := inStep(t, wrongTotals)
	refuse := true
	w.replace(func(s *engine.Sides) { s.CRM = refusesReads{s.CRM, &refuse} })
	w.sell("Invoice", "1001", customer, soldLine(item, 1, 12.34, 12.34))
	w.sync()
	want(t, "Grand Total", w.shown("1001")["Grand_Total"], "12.3")
	if p := w.problems(); len(p) != 0 {
		t.Fatalf("problems before anybody could look: %+v", p)
	}
	refuse = false
	w.clock.Advance(time.Minute)
	w.sync()
	if p := w.problems(); len(p) != 1 {
		t.Errorf("problems once the CRM answers: %+v, want the total", p)
	}
}

// A document whose total stays wrong is written again when its time has come,
// not at every look; a change in QuickBooks is written at once.
func TestReadBack_WrongTotalIsTriedAgainInItsTime(t *testing.T) {
	w, customer, item := inStep(t, wrongTotals)
	id := w.sell("Invoice", "1001", customer, soldLine(item, 1, 12.34, 12.34))
	w.sync()
	writes := func(what string, n int, do func()) {
		t.Helper()
		before := w.crmState().apiWritesOf("Invoices")
		do()
		if got := w.crmState().apiWritesOf("Invoices") - before; got != n {
			t.Errorf("%s: %d writes to the invoice, want %d", what, got, n)
		}
		if p := w.problems(); len(p) != 1 {
			t.Errorf("%s: problems %+v, want one", what, p)
		}
	}
	look := func() {
		w.editBooks("Item", item, m{"Description": fmt.Sprint("looked at ", w.clock.Now())})
		w.editBooks("Invoice", id, m{"PrivateNote": fmt.Sprint("looked at ", w.clock.Now())})
		w.sync()
	}
	writes("a look", 0, look)
	writes("another look", 0, look)
	after := func(d time.Duration) func() {
		return func() { w.clock.Advance(d); w.sync() }
	}
	writes("an hour later", 1, after(time.Hour+time.Minute))
	writes("a look after that", 0, look)
	writes("an hour later still", 0, after(time.Hour))
	writes("four hours later", 1, after(3*time.Hour+time.Minute))
	writes("five hours later", 0, after(5*time.Hour))
	writes("a day later", 1, after(20*time.Hour))
	writes("tried again by a person", 1, func() {
		if err := w.eng.Retry(t.Context(), w.conn.ID, w.problems()); err != nil {
			t.Fatal(err)
		}
		w.sync()
	})
	writes("edited in QuickBooks", 1, func() {
		w.editBooks("Invoice", id, m{"Line": []any{soldLine(item, 1, 56.78, 56.78)}})
		w.sync()
	})
}
