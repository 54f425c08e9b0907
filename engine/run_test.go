package engine_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// runs are all runs, the oldest first.
func (w *world) runs() []store.Run {
	w.t.Helper()
	var out []store.Run
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		newest, err := tx.Runs(w.t.Context(), w.conn.ID, time.Time{}, time.Time{}, 1000)
		for i := len(newest) - 1; i >= 0; i-- {
			out = append(out, newest[i])
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) success(m crossbook.Module) time.Time {
	w.t.Helper()
	var at map[crossbook.Module]time.Time
	err := w.store.View(w.t.Context(), func(tx *store.Tx) (err error) {
		at, err = engine.Successes(w.t.Context(), tx, w.conn.ID)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return at[m]
}

func part(r store.Run, m crossbook.Module, to crossbook.Side) store.RunPart {
	for _, p := range r.Parts {
		if p.Module == m && p.To == to {
			return p
		}
	}
	return store.RunPart{}
}

func TestRuns_FirstSyncOverManyTurns_IsOneRun(t *testing.T) {
	w := newWorld(t)
	w.people(60)
	w.tune = func(o *engine.Options) { o.MaxTurn, o.Batch = 150*time.Millisecond, 10 } // by the clock of the test, a millisecond a look
	w.connect()
	w.firstSync()
	runs := w.runs()
	if len(runs) != 1 || runs[0].Trigger != engine.TriggerFirst || runs[0].Outcome != store.RunDone || runs[0].Turns < 2 {
		t.Fatalf("runs: %+v, want one first sync of several turns that is done", runs)
	}
	if a, c := part(runs[0], crossbook.Accounts, crossbook.CRM), part(runs[0], crossbook.Contacts, crossbook.CRM); a.Created != 20 || c.Created != 60 {
		t.Errorf("%d accounts and %d contacts, want 20 and 60", a.Created, c.Created)
	}
	if w.success(crossbook.Contacts).IsZero() {
		t.Error("no last success")
	}
}

func TestRuns_PollsThatFindNothing_AreOne(t *testing.T) {
	w := newWorld(t)
	w.people(3)
	w.connect()
	w.firstSync()
	w.clock.Advance(time.Hour)
	w.sync() // the echoes
	before := len(w.runs())
	for range 5 {
		w.clock.Advance(time.Hour)
		if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{}); err != nil {
			t.Fatal(err)
		}
	}
	runs := w.runs()
	last := runs[len(runs)-1]
	if len(runs) > before+1 || last.Outcome != store.RunIdle || last.Turns < 5 {
		t.Fatalf("%d more runs, the last %+v, want one of 5 turns", len(runs)-before, last)
	}
	if !w.success(crossbook.Vendors).After(last.StartedAt) {
		t.Error("the last success is not the last poll")
	}
}

func TestRuns_FailureIsCountedAndIsNoSuccess(t *testing.T) {
	w := newWorld(t)
	w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.newCRM("Accounts", m{"Account_Name": "ACME", "Phone": "555-2"})
	w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
	w.connect()
	if rep := w.firstSync(); rep.Problems == 0 {
		t.Fatal("two Accounts of one name are no problem any more; the test needs another one")
	}
	runs := w.runs()
	last := runs[len(runs)-1]
	if last.Outcome != store.RunFailed || part(last, crossbook.Accounts, "").Failed == 0 {
		t.Errorf("run %+v, want a failed one of Accounts", last)
	}
	if !w.success(crossbook.Accounts).IsZero() {
		t.Error("a failure counts as a success")
	}
	if w.success(crossbook.Products).IsZero() {
		t.Error("a failure of Accounts hides the success of Products")
	}
}
