package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"crossbook"
	"crossbook/engine"
	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// What a plan of the first sync of the sample company lists is what the first
// sync does then, record by record. Products alone may be written besides: the
// CRM's own arithmetic moves their stock with each document.
func TestPlan_OfTheSampleCompany_IsWhatTheFirstSyncDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("plans and syncs a whole company")
	}
	w := newWorld(t)
	w.sample()
	w.connect()
	p, err := w.eng.Plan(t.Context(), w.conn.ID, engine.Ask{Feeds: true})
	if err != nil {
		t.Fatal(err)
	}
	planned := map[string]bool{}
	for _, op := range p.Ops {
		if !op.Kind.Remote() && op.Kind != crossbook.LinkUp {
			continue
		}
		key := deedOf(op.Kind, op.Side, op.Module, op.Name)
		if op.Kind != crossbook.Create {
			key += " " + op.Link.CRMID
		}
		if op.Kind != crossbook.Create && planned[key] {
			t.Errorf("planned twice: %s", key)
		}
		planned[key] = true
	}
	before := w.recordCalls()
	w.firstSync()
	if n := w.recordCalls() - before; n > 75 {
		t.Errorf("the first sync took %d record calls, want at most 75", n)
	}
	done := map[string]bool{}
	creates, booksUpdates := 0, 0
	for _, r := range w.journal() {
		l := w.link(r.LinkID)
		key := deedOf(r.Op, r.Side, l.Module, r.Name)
		if r.Op == crossbook.Update && r.Side == crossbook.Books {
			booksUpdates++
		}
		if r.Op == crossbook.Create {
			creates++
		} else {
			key += " " + l.CRMID
		}
		done[key] = true
	}
	if p.CRM.New != creates {
		t.Errorf("%d new were planned, %d were created", p.CRM.New, creates)
	}
	if p.Books.Updated != booksUpdates {
		t.Errorf("%d changes in QuickBooks were planned, %d were made", p.Books.Updated, booksUpdates)
	}
	stock := deedOf(crossbook.Update, crossbook.CRM, crossbook.Products, "")
	for _, key := range slices.Sorted(maps.Keys(done)) {
		if !planned[key] && !strings.HasPrefix(key, stock) {
			t.Errorf("done but not planned: %s", key)
		}
	}
	for _, pr := range w.problems() { // what the CRM refused, no plan can know
		maps.DeleteFunc(planned, func(key string, _ bool) bool {
			return strings.HasPrefix(key, deedOf(crossbook.Update, crossbook.CRM, pr.Module, pr.Name))
		})
	}
	for _, key := range slices.Sorted(maps.Keys(planned)) {
		if !done[key] {
			t.Errorf("planned but not done: %s", key)
		}
	}
}

func deedOf(kind crossbook.OpKind, side crossbook.Side, m crossbook.Module, name string) string {
	return fmt.Sprintf("%s %s %s %s", kind, side, m, name)
}

// sample fills both sandboxes with the sample company.
func (w *world) sample() {
	w.t.Helper()
	c, err := company.Larkfield(company.Options{
		Now: w.clock.Now, Zoho: zohobox.Options{ManualDelivery: true}, QuickBooks: qbobox.Options{ManualDelivery: true},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(c.Close)
	w.crm, w.books = c.Zoho, c.QuickBooks
}

// journal is everything that was done.
func (w *world) journal() []store.JournalRow {
	w.t.Helper()
	var out []store.JournalRow
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.JournalByPeriod(w.t.Context(), w.conn.ID, store.JournalFilter{
			From: w.clock.Now().AddDate(-1, 0, 0), To: w.clock.Now().AddDate(1, 0, 0), Limit: 100_000,
		})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// link reads a link by its id.
func (w *world) link(id string) crossbook.Link {
	w.t.Helper()
	var l crossbook.Link
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		l, err = tx.Link(w.t.Context(), w.conn.ID, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}
