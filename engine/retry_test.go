package engine_test

import (
	"testing"

	"crossbook/store"
)

// duplicateAccounts is a customer that could be two Accounts: entry 1.
func duplicateAccounts(t *testing.T) *world {
	w := newWorld(t)
	w.newCRM("Accounts", m{"Account_Name": "Acme"})
	w.newCRM("Accounts", m{"Account_Name": "ACME", "Phone": "555-2"})
	w.newBooks("Customer", m{"DisplayName": "Acme", "CompanyName": "Acme"})
	w.connect().firstSync()
	if w.problemText() == "" {
		t.Fatal("no problem was provoked")
	}
	return w
}

func TestDismiss_AProblemIsGoneUntilItsRecordChanges(t *testing.T) {
	w := duplicateAccounts(t)
	if err := w.eng.Dismiss(t.Context(), w.conn.ID, w.problems()); err != nil {
		t.Fatal(err)
	}
	w.nextDay()
	w.sync()
	if p := w.problems(); len(p) != 0 {
		t.Fatalf("dismissed, and listed all the same: %+v", p)
	}
	w.editBooks("Customer", w.booksID("Customer", "DisplayName", "Acme"), m{"Notes": "n", "PrimaryPhone": phone("555-7")})
	w.sync()
	if p := w.problems(); len(p) == 0 {
		t.Error("the record changed, and nothing is said")
	}
}

func TestRetry_AProblemIsTriedAtOnce(t *testing.T) {
	w := duplicateAccounts(t)
	before := w.problems()
	turn := func() {
		t.Helper()
		if _, err := w.trySync(); err != nil {
			t.Fatal(err)
		}
	}
	turn()
	if got := w.problems()[0].Tries; got != before[0].Tries {
		t.Fatalf("tried without being asked: %d", got)
	}
	if err := w.eng.Retry(t.Context(), w.conn.ID, before); err != nil {
		t.Fatal(err)
	}
	turn()
	if got := w.problems()[0].Tries; got != before[0].Tries+1 {
		t.Errorf("tried %d times, not once more than %d", got, before[0].Tries)
	}
}

func TestRetry_ADismissedProblemStandsAgain(t *testing.T) {
	w := duplicateAccounts(t)
	rows := w.problems()
	for _, do := range []func() error{
		func() error { return w.eng.Dismiss(t.Context(), w.conn.ID, rows) },
		func() error {
			for i := range rows {
				rows[i].Dismissed = true
			}
			return w.eng.Retry(t.Context(), w.conn.ID, rows)
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if p := w.problems(); len(p) != len(rows) {
		t.Errorf("%d of %d problems stand", len(p), len(rows))
	}
	err := w.store.View(t.Context(), func(tx *store.Tx) error {
		due, err := tx.HasDue(t.Context(), w.conn.ID, w.clock.Now())
		if !due {
			t.Error("nothing is due")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
