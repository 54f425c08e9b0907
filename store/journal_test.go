package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func entry(at time.Time, ref crossbook.Ref, money bool, value string) store.JournalRow {
	return store.JournalRow{
		At: at, Turn: "t1", Run: "r1", Side: crossbook.CRM, Ref: ref, LinkID: "l1", Op: crossbook.Update, Name: "Acme",
		Changes: []crossbook.Change{{Field: "Phone", Old: "1", New: value, Why: "changed in QuickBooks"}}, Why: "because", RequestID: "q1",
		Actor: "Crossbook", Money: money,
	}
}

func chainOf(t *testing.T, st *store.Store, segment string) store.ChainReport {
	t.Helper()
	return get(t, st, func(tx *store.Tx) (store.ChainReport, error) { return tx.VerifyChain(ctx, conn, segment) })
}

func TestJournalReturnsWhatWasDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		june := noon.AddDate(0, 1, 0)
		update(t, st, func(tx *store.Tx) error {
			return tx.AppendJournal(ctx, conn, entry(noon, crm1, false, "2"), entry(june, crm1, false, "3"), entry(noon, crm2, true, "4"))
		})
		update(t, st, func(tx *store.Tx) error { return tx.AppendJournal(ctx, conn, entry(noon, crm1, false, "5")) })
		want := entry(noon, crm1, false, "2")
		want.Segment, want.Seq, want.Fields = "2026-05", 1, []string{"Phone"}
		rows := get(t, st, func(tx *store.Tx) ([]store.JournalRow, error) { return tx.JournalByRef(ctx, conn, crm1, 0) })
		if len(rows) != 3 {
			t.Fatalf("rows: %v", rows)
		}
		same(t, "first", rows[0], want)
		same(t, "newest", rows[2].Changes[0].New, "3")
		two := get(t, st, func(tx *store.Tx) ([]store.JournalRow, error) { return tx.JournalByLink(ctx, conn, "l1", 2) })
		if len(two) != 2 || two[0].Changes[0].New != "5" || two[1].Changes[0].New != "3" {
			t.Errorf("the newest two: %v", two)
		}
		values := func(f store.JournalFilter) (out string) {
			for _, r := range get(t, st, func(tx *store.Tx) ([]store.JournalRow, error) { return tx.JournalByPeriod(ctx, conn, f) }) {
				out += r.Changes[0].New
			}
			return out
		}
		same(t, "all", values(store.JournalFilter{}), "2453")
		same(t, "newest first", values(store.JournalFilter{Newest: true, Limit: 2}), "35")
		same(t, "behind", values(store.JournalFilter{AfterSegment: "2026-05", AfterSeq: 2}), "53")
		same(t, "a period", values(store.JournalFilter{From: june, To: june.Add(time.Microsecond), Type: "Accounts", Run: "r1"}), "3")
		same(t, "another run", values(store.JournalFilter{Run: "r2"}), "")
		same(t, "segments", get(t, st, func(tx *store.Tx) ([]string, error) { return tx.JournalSegments(ctx, conn) }), []string{"2026-05", "2026-06"})
	})
}

func TestChainHoldsWhenValuesAreErasedOrPruned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		update(t, st, func(tx *store.Tx) error {
			return tx.AppendJournal(ctx, conn, entry(noon, crm1, false, "1"), entry(noon, crm2, true, "2"), entry(noon.Add(time.Hour), crm2, false, "3"))
		})
		same(t, "whole", chainOf(t, st, "2026-05"), store.ChainReport{Segment: "2026-05", Rows: 3})
		update(t, st, func(tx *store.Tx) error {
			n, err := tx.EraseJournal(ctx, conn, crm2)
			same(t, "erased", n, 2)
			return err
		})
		same(t, "erased", chainOf(t, st, "2026-05"), store.ChainReport{Segment: "2026-05", Rows: 3, Erased: 2})
		rows := get(t, st, func(tx *store.Tx) ([]store.JournalRow, error) { return tx.JournalByRef(ctx, conn, crm2, 0) })
		if len(rows) != 2 || !rows[0].Erased || rows[0].Changes != nil || rows[0].Name != "" || rows[0].Fields[0] != "Phone" {
			t.Errorf("erased rows: %+v", rows)
		}
		prune := func(before, money time.Time, want int) {
			update(t, st, func(tx *store.Tx) error {
				n, err := tx.PruneJournal(ctx, conn, before, money)
				same(t, "pruned", n, want)
				return err
			})
		}
		prune(noon.Add(time.Minute), noon, 1) // the money row stays, the later row stays
		same(t, "pruned", chainOf(t, st, "2026-05"), store.ChainReport{Segment: "2026-05", Rows: 3, Erased: 2, Pruned: 1})
		same(t, "gone from the record", len(get(t, st, func(tx *store.Tx) ([]store.JournalRow, error) { return tx.JournalByRef(ctx, conn, crm1, 0) })), 0)
		prune(noon.AddDate(9, 0, 0), noon.AddDate(7, 0, 0), 2)
		same(t, "all pruned", chainOf(t, st, "2026-05"), store.ChainReport{Segment: "2026-05", Rows: 3, Pruned: 3})
	})
}

func TestVerifyChainFindsTampering(t *testing.T) {
	for name, c := range map[string]struct {
		sql  string
		at   int64
		says string
	}{
		"a changed row":          {`UPDATE journal SET actor = 'Eva' WHERE seq = 2`, 2, "row was changed"},
		"a money row made plain": {`UPDATE journal SET money = 1 WHERE seq = 3`, 3, "row was changed"},
		"a changed value":        {`UPDATE journal_value SET document = '{"why":"x"}' WHERE seq = 3`, 3, "values were changed"},
		"a removed row":          {`DELETE FROM journal WHERE seq = 2`, 2, "row 2 is missing"},
		"a removed end":          {`DELETE FROM journal WHERE seq = 4`, 4, "4 were written"},
		"a digest made to fit":   {`UPDATE journal SET pruned = 1, digest = 'ab' WHERE seq = 1`, 1, "does not follow"},
		"a changed beginning":    {`UPDATE journal_segment SET first_hash = 'ab'`, 1, "does not follow"},
	} {
		t.Run(name, func(t *testing.T) {
			st := storetest.SQLite(t)
			for i := range 4 {
				update(t, st, func(tx *store.Tx) error { return tx.AppendJournal(ctx, conn, entry(noon, crm1, false, fmt.Sprint(i))) })
			}
			if _, err := st.Writer().ExecContext(ctx, c.sql); err != nil {
				t.Fatal(err)
			}
			r := chainOf(t, st, "2026-05")
			if r.BrokenAt != c.at || !strings.Contains(r.Reason, c.says) {
				t.Errorf("broken at %d: %s; want %d: %s", r.BrokenAt, r.Reason, c.at, c.says)
			}
		})
	}
}

// A month begins with the end of the month before.
func TestMonthsAreChained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		first := func(connectionID string) (h string) {
			if err := st.Writer().QueryRowContext(ctx, `SELECT first_hash FROM journal_segment WHERE segment = '2026-06' AND connection_id = '`+connectionID+`'`).Scan(&h); err != nil {
				t.Fatal(err)
			}
			return h
		}
		storetest.Connect(t, st, "c2")
		for _, c := range []string{conn, "c2"} {
			update(t, st, func(tx *store.Tx) error {
				if c == conn {
					if err := tx.AppendJournal(ctx, c, entry(noon, crm1, false, "1")); err != nil {
						return err
					}
				}
				return tx.AppendJournal(ctx, c, entry(noon.AddDate(0, 1, 0), crm1, false, "1"))
			})
		}
		if first(conn) == first("c2") {
			t.Error("the first hash of a month says nothing of the month before")
		}
	})
}
