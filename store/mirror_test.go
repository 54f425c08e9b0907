package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func account(ref crossbook.Ref, name, total string) store.MirrorRow {
	return store.MirrorRow{
		Record: crossbook.Record{
			Ref: ref, Revision: "2026-05-04T12:00:00+10:00", Modified: noon,
			Data: map[string]any{"Account_Name": name, "Total": number(total), "Owner": map[string]any{"id": "5"}, "Tags": []any{"a", nil, true}},
		},
		Hash: "h-" + name, Keys: map[string][]string{"name": {name, name, ""}, "email": {"a@example.com"}}, SeenAt: noon,
	}
}

func TestMirrorReturnsWhatWasSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		row := account(crm1, "Acme", "1250.10")
		update(t, st, func(tx *store.Tx) error {
			return tx.PutMirror(ctx, conn, []store.MirrorRow{row, account(crm2, "Beta", "0.00")})
		})
		want := row
		want.Keys = nil
		read := func(ref crossbook.Ref) store.MirrorRow {
			return get(t, st, func(tx *store.Tx) (store.MirrorRow, error) { return tx.Mirror(ctx, conn, ref) })
		}
		same(t, "row", read(crm1), want) // 1250.10 keeps its digits
		many := get(t, st, func(tx *store.Tx) (map[crossbook.Ref]store.MirrorRow, error) {
			return tx.MirrorMany(ctx, conn, []crossbook.Ref{crm1, crm2, crm1, book1})
		})
		if len(many) != 2 || many[crm2].Hash != "h-Beta" {
			t.Errorf("many: %v", many)
		}
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Mirror(ctx, conn, book1); return err })
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Mirror(ctx, "other", crm1); return err })
	})
}

func TestMirrorKeysFollowTheirRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		hits := func(kind string, values ...string) []store.KeyHit {
			return get(t, st, func(tx *store.Tx) ([]store.KeyHit, error) {
				return tx.MirrorByKey(ctx, conn, crossbook.CRM, "Accounts", kind, values)
			})
		}
		update(t, st, func(tx *store.Tx) error {
			return tx.PutMirror(ctx, conn, []store.MirrorRow{account(crm1, "old", "1"), account(crm1, "Acme", "1"), account(crm2, "Beta", "1")})
		})
		same(t, "the last of two rows", hits("name", "old", "Acme", "Acme", "Beta"), []store.KeyHit{{Ref: crm1, Key: "Acme"}, {Ref: crm2, Key: "Beta"}})
		same(t, "a shared key", hits("email", "a@example.com"), []store.KeyHit{{Ref: crm1, Key: "a@example.com"}, {Ref: crm2, Key: "a@example.com"}})
		update(t, st, func(tx *store.Tx) error { return tx.PutMirror(ctx, conn, []store.MirrorRow{account(crm1, "New", "1")}) })
		same(t, "after a rename", hits("name", "Acme", "New"), []store.KeyHit{{Ref: crm1, Key: "New"}})
		update(t, st, func(tx *store.Tx) error { return tx.MarkMirrorDeleted(ctx, conn, []crossbook.Ref{crm1}, noon) })
		same(t, "after a delete", hits("name", "New"), []store.KeyHit(nil))
	})
}

func TestDeletedRecordKeepsTheDataLastSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		update(t, st, func(tx *store.Tx) error {
			return tx.PutMirror(ctx, conn, []store.MirrorRow{account(crm1, "Acme", "1"), account(crm2, "Beta", "1")})
		})
		update(t, st, func(tx *store.Tx) error {
			gone := store.MirrorRow{Record: crossbook.Record{Ref: crm1, Deleted: true, Modified: noon.Add(time.Hour)}, SeenAt: noon}
			return tx.PutMirror(ctx, conn, []store.MirrorRow{gone})
		})
		row := get(t, st, func(tx *store.Tx) (store.MirrorRow, error) { return tx.Mirror(ctx, conn, crm1) })
		if !row.Record.Deleted || row.Record.Data["Account_Name"] != "Acme" {
			t.Errorf("deleted row: %+v", row)
		}
		same(t, "count", get(t, st, func(tx *store.Tx) (int, error) { return tx.CountMirror(ctx, conn, crossbook.CRM, "Accounts") }), 1)
		same(t, "ids", get(t, st, func(tx *store.Tx) ([]string, error) { return tx.MirrorIDs(ctx, conn, crossbook.CRM, "Accounts", "", 0) }), []string{"1002"})
		same(t, "hashes", get(t, st, func(tx *store.Tx) (map[crossbook.Ref]string, error) {
			return tx.MirrorHashes(ctx, conn, []crossbook.Ref{crm1, crm2})
		}), map[crossbook.Ref]string{crm2: "h-Beta"})
		update(t, st, func(tx *store.Tx) error { return tx.DeleteMirror(ctx, conn, []crossbook.Ref{crm1}) })
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Mirror(ctx, conn, crm1); return err })
	})
}

func TestWalkMirrorMeetsEveryRowOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var rows []store.MirrorRow
		var want []string
		for i := range 1500 { // ids of differing lengths, several statements
			id := fmt.Sprint(i * 7)
			rows = append(rows, store.MirrorRow{Record: crossbook.Record{Ref: crossbook.BooksRef(crossbook.Item, id), Data: map[string]any{"Id": id}}, Hash: id})
			want = append(want, id)
		}
		slices.Sort(want)
		update(t, st, func(tx *store.Tx) error { return tx.PutMirror(ctx, conn, rows) })
		var got []string
		for after := ""; ; {
			page := get(t, st, func(tx *store.Tx) ([]store.MirrorRow, error) {
				return tx.WalkMirror(ctx, conn, crossbook.Books, "Item", after, 400)
			})
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				got = append(got, r.Record.ID)
			}
			after = page[len(page)-1].Record.ID
		}
		same(t, "ids in order", got, want)
	})
}

// Putting 100,000 records must take seconds, not minutes; the bench folder
// measures it. Here a tenth of that proves that batches hold together.
func BenchmarkPutMirror(b *testing.B) {
	for _, db := range []struct {
		name string
		open func(testing.TB) *store.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(db.name, func(b *testing.B) {
			st := db.open(b)
			rows := make([]store.MirrorRow, 10_000)
			for i := range rows {
				ref := crossbook.BooksRef(crossbook.Customer, fmt.Sprint(i))
				rows[i] = account(ref, fmt.Sprintf("Customer %d", i), "12.30")
				for f := range 30 {
					rows[i].Record.Data[fmt.Sprintf("Field_%d", f)] = fmt.Sprintf("value %d of %d", f, i)
				}
			}
			for b.Loop() {
				if err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutMirror(ctx, conn, rows) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func TestDamagedRawIsAnErrorNotEmptyData(t *testing.T) {
	st := storetest.SQLite(t)
	update(t, st, func(tx *store.Tx) error {
		return tx.PutMirror(ctx, conn, []store.MirrorRow{account(crm1, "Acme", "1")})
	})
	if _, err := st.Writer().ExecContext(ctx, `UPDATE mirror SET raw = x'0102'`); err != nil {
		t.Fatal(err)
	}
	err := st.View(ctx, func(tx *store.Tx) error { _, err := tx.Mirror(ctx, conn, crm1); return err })
	if err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
