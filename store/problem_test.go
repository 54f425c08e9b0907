package store_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func problem(key string, ref crossbook.Ref, at time.Time, text string) store.ProblemRow {
	return store.ProblemRow{
		Key: key, Ref: ref, Module: crossbook.Accounts, Name: "Ärger & Söhne 100%", LastAt: at, NextTry: at.Add(time.Hour),
		Problem: crossbook.Problem{Number: 1, Class: crossbook.ToBooks, Kind: crossbook.NeedsPerson, Text: text, Cause: "a duplicate name", Cure: "rename", Fields: []string{"Account_Name"}},
	}
}

func TestProblemsCountTriesAndKeepTheirBeginning(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		put := func(p store.ProblemRow) {
			t.Helper()
			update(t, st, func(tx *store.Tx) error { return tx.PutProblem(ctx, conn, p) })
		}
		read := func() store.ProblemRow {
			return get(t, st, func(tx *store.Tx) (store.ProblemRow, error) { return tx.Problem(ctx, conn, "k") })
		}
		first := problem("k", crm1, noon, "taken")
		put(first)
		want := first
		want.FirstAt, want.Tries = noon, 1
		same(t, "first", read(), want)
		put(problem("k", crm1, noon.Add(time.Hour), "taken"))
		want.Tries, want.LastAt, want.NextTry = 2, noon.Add(time.Hour), noon.Add(2*time.Hour)
		same(t, "again", read(), want)
		update(t, st, func(tx *store.Tx) error { return tx.DismissProblem(ctx, conn, "k", true) })
		put(problem("k", crm1, noon, "taken"))
		if !read().Dismissed {
			t.Error("the same problem came back though dismissed")
		}
		put(problem("k", crm1, noon, "another text"))
		if read().Dismissed {
			t.Error("a new text stays hidden")
		}
		update(t, st, func(tx *store.Tx) error {
			for _, want := range []bool{true, false} {
				stood, err := tx.ClearProblem(ctx, conn, "k")
				same(t, "stood", stood, want)
				if err != nil {
					return err
				}
			}
			return nil
		})
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { return tx.DismissProblem(ctx, conn, "k", true) })
	})
}

func TestProblemsAreFilteredAndCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		waiting := problem("w", crm2, noon, "locked")
		waiting.Problem.Waiting = true
		item := problem("i", book1, noon.Add(2*time.Hour), "no account")
		item.Module, item.Name, item.Problem.Class, item.Problem.Number = crossbook.Products, "Wid_get", crossbook.Common, 10
		hidden := problem("h", crm2, noon, "hidden")
		hidden.Dismissed = true
		for _, p := range []store.ProblemRow{problem("a", crm1, noon, "taken"), item, waiting, hidden} {
			update(t, st, func(tx *store.Tx) error { return tx.PutProblem(ctx, conn, p) })
		}
		for _, c := range []struct {
			name   string
			filter store.ProblemFilter
			want   string
		}{
			{"all", store.ProblemFilter{}, "ia"},
			{"waiting and dismissed too", store.ProblemFilter{Waiting: true, Dismissed: true}, "iahw"},
			{"module", store.ProblemFilter{Module: crossbook.Products}, "i"},
			{"class", store.ProblemFilter{Class: crossbook.ToBooks}, "a"},
			{"number", store.ProblemFilter{Number: 10}, "i"},
			{"record", store.ProblemFilter{Ref: crm1}, "a"},
			{"since", store.ProblemFilter{Since: noon.Add(time.Hour)}, "i"},
			{"limit", store.ProblemFilter{Limit: 1}, "i"},
			{"text in any case, with umlauts", store.ProblemFilter{Text: "ÄRGER"}, "a"},
			{"text of the cause", store.ProblemFilter{Text: "Duplicate"}, "ia"},
			{"a percent sign means itself", store.ProblemFilter{Text: "100%"}, "a"},
			{"an underscore means itself", store.ProblemFilter{Text: "wid_get"}, "i"},
			{"nothing", store.ProblemFilter{Text: "widXget"}, ""},
		} {
			got := ""
			for _, p := range get(t, st, func(tx *store.Tx) ([]store.ProblemRow, error) { return tx.Problems(ctx, conn, c.filter) }) {
				got += p.Key
			}
			same(t, c.name, got, c.want)
		}
		same(t, "count", get(t, st, func(tx *store.Tx) (int, error) { return tx.CountProblems(ctx, conn) }), 2)
		same(t, "of a record", len(get(t, st, func(tx *store.Tx) ([]store.ProblemRow, error) { return tx.ProblemsOf(ctx, conn, crm2) })), 2)
		update(t, st, func(tx *store.Tx) error { return tx.ClearProblemsOf(ctx, conn, crm1, crm2) })
		same(t, "left", get(t, st, func(tx *store.Tx) (int, error) { return tx.CountProblems(ctx, conn) }), 1)
	})
}

func TestDifferencesAndConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := store.Difference{
			LinkID: "l1", Module: crossbook.Accounts, CRM: crm1, Books: book1, Name: "Acme", Field: "Phone", CRMValue: "1", BooksValue: "2", At: noon,
		}
		e := d
		e.Field = "Fax"
		update(t, st, func(tx *store.Tx) error { return tx.PutDifference(ctx, conn, d, e) })
		again := d
		again.At, again.Answer = noon.Add(time.Hour), "keep"
		update(t, st, func(tx *store.Tx) error { return tx.PutDifference(ctx, conn, again) })
		d.Answer = "keep" // and the time stays while the values do
		list := func(m crossbook.Module) []store.Difference {
			return get(t, st, func(tx *store.Tx) ([]store.Difference, error) { return tx.Differences(ctx, conn, m, 0) })
		}
		same(t, "differences", list(""), []store.Difference{e, d})
		same(t, "of a module", len(list(crossbook.Vendors)), 0)
		same(t, "of a link", len(get(t, st, func(tx *store.Tx) ([]store.Difference, error) { return tx.DifferencesOf(ctx, conn, "l1", "l2") })), 2)
		same(t, "open", get(t, st, func(tx *store.Tx) (int, error) { return tx.CountDifferences(ctx, conn) }), 1)
		update(t, st, func(tx *store.Tx) error { return tx.ClearDifference(ctx, conn, "l1", "Fax") })
		same(t, "after clearing one", list(""), []store.Difference{d})
		update(t, st, func(tx *store.Tx) error { return tx.ClearDifference(ctx, conn, "l1") })
		same(t, "after clearing all", len(list("")), 0)

		c := store.Conflict{
			LinkID: "l1", Module: crossbook.Accounts, Name: "Acme", Field: "Phone", Winner: crossbook.CRM, Won: "1", Lost: "2", LostSide: crossbook.Books, At: noon,
		}
		later := c
		later.At, later.Lost = noon.Add(time.Hour), "3"
		update(t, st, func(tx *store.Tx) error { return tx.PutConflict(ctx, conn, c, later, c) })
		same(t, "conflicts", get(t, st, func(tx *store.Tx) ([]store.Conflict, error) { return tx.Conflicts(ctx, conn, "", 0) }), []store.Conflict{later, c})
		update(t, st, func(tx *store.Tx) error { return tx.AnswerConflict(ctx, conn, "l1", "Phone", noon, "fine") })
		same(t, "unanswered", get(t, st, func(tx *store.Tx) (int, error) { return tx.CountConflicts(ctx, conn) }), 1)
		same(t, "of a link", len(get(t, st, func(tx *store.Tx) ([]store.Conflict, error) { return tx.ConflictsOf(ctx, conn, "l1") })), 2)
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { return tx.AnswerConflict(ctx, conn, "l9", "Phone", noon, "") })
	})
}

func TestLeftOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		put := func(l store.LeftOut) { update(t, st, func(tx *store.Tx) error { return tx.PutLeftOut(ctx, conn, l) }) }
		l := store.LeftOut{Ref: crm1, Module: crossbook.Accounts, Name: "Acme", Code: "deleted", Reason: "deleted by Ana, 3 May", By: "Ana", Since: noon}
		put(l)
		again := l
		again.Since, again.By, again.Name = noon.Add(time.Hour), "Crossbook", "Acme 2"
		put(again)
		l.Name = "Acme 2"
		same(t, "keeps since and by", get(t, st, func(tx *store.Tx) (store.LeftOut, error) { return tx.LeftOut(ctx, conn, crm1) }), l)
		again.Code = "extent"
		put(again)
		same(t, "a new reason", get(t, st, func(tx *store.Tx) (store.LeftOut, error) { return tx.LeftOut(ctx, conn, crm1) }), again)
		put(store.LeftOut{Ref: book1, Module: crossbook.Contacts, Code: "job", Since: noon})
		put(store.LeftOut{Ref: book2, Module: crossbook.Contacts, Code: "job", Since: noon})
		same(t, "counts", get(t, st, func(tx *store.Tx) ([]store.LeftOutCount, error) { return tx.CountLeftOut(ctx, conn) }), []store.LeftOutCount{
			{Module: "Accounts", Code: "extent", N: 1}, {Module: "Contacts", Code: "job", N: 2},
		})
		walk := func(f store.LeftOutFilter) (ids []string) {
			for _, l := range get(t, st, func(tx *store.Tx) ([]store.LeftOut, error) { return tx.WalkLeftOut(ctx, conn, f) }) {
				ids = append(ids, l.Ref.ID)
			}
			return ids
		}
		same(t, "walk", walk(store.LeftOutFilter{}), []string{"58", "59", "1001"})
		same(t, "behind", walk(store.LeftOutFilter{After: book1, Limit: 1}), []string{"59"})
		same(t, "filtered", walk(store.LeftOutFilter{Module: crossbook.Accounts, Code: "extent"}), []string{"1001"})
		same(t, "many", len(get(t, st, func(tx *store.Tx) (map[crossbook.Ref]store.LeftOut, error) {
			return tx.LeftOutMany(ctx, conn, []crossbook.Ref{crm1, crm2, book1})
		})), 2)
		update(t, st, func(tx *store.Tx) error { return tx.ClearLeftOut(ctx, conn, crm1, book1) })
		same(t, "left", walk(store.LeftOutFilter{}), []string{"59"})
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.LeftOut(ctx, conn, crm1); return err })
	})
}

func TestRunsPlansReceiptsAndBrakes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		update(t, st, func(tx *store.Tx) error {
			_, some, err := tx.LastRun(ctx, conn)
			same(t, "a run before the first", some, false)
			return err
		})
		run := store.Run{ID: "r1", Trigger: "first sync", By: "Ana", StartedAt: noon}
		update(t, st, func(tx *store.Tx) error { return tx.PutRun(ctx, conn, run) })
		update(t, st, func(tx *store.Tx) error { return tx.PutRun(ctx, conn, store.Run{ID: "r2", StartedAt: noon.Add(1e9)}) })
		run.FinishedAt, run.Outcome, run.Turns = noon.Add(time.Minute), store.RunDone, 2
		run.Parts = []store.RunPart{{Module: crossbook.Accounts, To: crossbook.CRM, Created: 3, Failed: 1}}
		update(t, st, func(tx *store.Tx) error { return tx.PutRun(ctx, conn, run) })
		runs := get(t, st, func(tx *store.Tx) ([]store.Run, error) { return tx.Runs(ctx, conn, time.Time{}, time.Time{}, 0) })
		if len(runs) != 2 || runs[0].ID != "r2" {
			t.Fatalf("runs: %v", runs)
		}
		same(t, "run", runs[1], run)
		runs = get(t, st, func(tx *store.Tx) ([]store.Run, error) {
			return tx.Runs(ctx, conn, noon, noon.Add(time.Millisecond), 0)
		})
		same(t, "runs of a moment", runs, []store.Run{run})
		update(t, st, func(tx *store.Tx) error { return tx.PruneRuns(ctx, conn, noon.Add(time.Millisecond)) })
		update(t, st, func(tx *store.Tx) error {
			last, _, err := tx.LastRun(ctx, conn)
			same(t, "the last run", last.ID, "r2")
			return err
		})

		p := store.Plan{ID: "p1", At: noon, By: "Ana", JSON: []byte(`{"ops":[]}`)}
		update(t, st, func(tx *store.Tx) error { return tx.SavePlan(ctx, conn, p) })
		update(t, st, func(tx *store.Tx) error {
			return tx.SavePlan(ctx, conn, store.Plan{ID: "p2", At: noon.Add(time.Hour), JSON: []byte(`{}`)})
		})
		p.ApprovedAt, p.ApprovedBy = noon, "Eva"
		update(t, st, func(tx *store.Tx) error { return tx.SavePlan(ctx, conn, p) })
		plan := func(id string) store.Plan {
			return get(t, st, func(tx *store.Tx) (store.Plan, error) { return tx.Plan(ctx, conn, id) })
		}
		same(t, "plan", plan("p1"), p)
		same(t, "newest plan", plan("").ID, "p2")
		update(t, st, func(tx *store.Tx) error {
			n, err := tx.PrunePlans(ctx, conn, noon.AddDate(1, 0, 0))
			same(t, "pruned plans", n, 1)
			return err
		})
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Plan(ctx, conn, "p2"); return err })

		receive := func(event string, at time.Time) (fresh bool) {
			update(t, st, func(tx *store.Tx) (err error) {
				fresh, err = tx.PutReceipt(ctx, conn, "quickbooks", event, at)
				return err
			})
			return fresh
		}
		last := func() (at time.Time, ok bool) {
			update(t, st, func(tx *store.Tx) (err error) { at, ok, err = tx.LastReceipt(ctx, conn, "quickbooks"); return err })
			return at, ok
		}
		if _, ok := last(); ok {
			t.Error("a receipt from nowhere")
		}
		if !receive("e1", noon) || receive("e1", noon) || !receive("e2", noon.Add(time.Hour)) {
			t.Error("receipts do not tell new from old")
		}
		if at, ok := last(); !ok || !at.Equal(noon.Add(time.Hour)) {
			t.Errorf("last receipt %v %v", at, ok)
		}
		update(t, st, func(tx *store.Tx) error {
			n, err := tx.PruneReceipts(ctx, conn, noon.Add(time.Minute))
			same(t, "pruned receipts", n, 1)
			return err
		})

		b := store.Brake{Module: crossbook.Accounts, Side: crossbook.Books, Reason: "25 creates", Count: 26, At: noon}
		update(t, st, func(tx *store.Tx) error { return tx.SetBrake(ctx, conn, b) })
		again := b
		again.At, again.Count = noon.Add(time.Hour), 30
		update(t, st, func(tx *store.Tx) error { return tx.SetBrake(ctx, conn, again) })
		b.Count = 30
		same(t, "brakes", get(t, st, func(tx *store.Tx) ([]store.Brake, error) { return tx.Brakes(ctx, conn) }), []store.Brake{b})
		update(t, st, func(tx *store.Tx) error {
			for _, want := range []bool{true, false} {
				was, err := tx.ReleaseBrake(ctx, conn, crossbook.Accounts, crossbook.Books)
				same(t, "released", was, want)
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}
