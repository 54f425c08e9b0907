package store_test

import (
	"testing"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func TestRequestsStayOpenUntilSettledOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		r := store.Request{
			ID: "q1", Side: crossbook.Books, Kind: "batch", Method: "POST", Path: "/v3/company/9/batch", Query: "minorversion=75",
			Header: map[string]string{"Content-Type": "application/json"}, Body: []byte{0, 1, 0xff, '{'}, RequestID: "abc", Fence: 4,
			Deadline: noon.Add(time.Minute), CreatedAt: noon, Turn: "t1", Run: "r1",
		}
		intents := []store.Intent{
			{RequestID: "q1", Seq: 0, Key: "k1", OpKind: crossbook.Create, Ref: crossbook.BooksRef(crossbook.Customer, ""), LinkID: "l1", Data: []byte(`{"a":1}`)},
			{RequestID: "q1", Seq: 1, Key: "k2", OpKind: crossbook.Update, Ref: book1, LinkID: "l2"},
		}
		update(t, st, func(tx *store.Tx) error { return tx.PutRequest(ctx, conn, r, intents) })
		older := store.Request{ID: "q0", CreatedAt: noon.Add(-time.Minute)}
		update(t, st, func(tx *store.Tx) error { return tx.PutRequest(ctx, conn, older, []store.Intent{{Key: "k1"}}) })
		refused(t, st, store.ErrConflict, func(tx *store.Tx) error { return tx.PutRequest(ctx, conn, r, nil) })

		open := get(t, st, func(tx *store.Tx) ([]store.Request, error) { return tx.OpenRequests(ctx, conn) })
		r.State = store.RequestOpen
		if len(open) != 2 || open[0].ID != "q0" {
			t.Fatalf("open: %v", open)
		}
		same(t, "request", open[1], r)
		same(t, "intents", get(t, st, func(tx *store.Tx) ([]store.Intent, error) { return tx.Intents(ctx, conn, "q1") }), intents)
		same(t, "by key", get(t, st, func(tx *store.Tx) (store.Intent, error) { return tx.IntentByKey(ctx, conn, "k1") }), intents[0])

		settle := func(tx *store.Tx) error { return tx.CloseRequest(ctx, conn, "q1", store.RequestDone, noon) }
		update(t, st, settle)
		refused(t, st, store.ErrConflict, settle)
		got := get(t, st, func(tx *store.Tx) (store.Request, error) { return tx.Request(ctx, conn, "q1") })
		if got.State != store.RequestDone || !got.ClosedAt.Equal(noon) {
			t.Errorf("settled: %+v", got)
		}
		update(t, st, func(tx *store.Tx) error {
			n, err := tx.PruneRequests(ctx, conn, noon.Add(time.Hour))
			same(t, "pruned", n, 1) // never an open one
			return err
		})
		refused(t, st, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Request(ctx, conn, "q1"); return err })
		same(t, "intents of the pruned", len(get(t, st, func(tx *store.Tx) ([]store.Intent, error) { return tx.Intents(ctx, conn, "q1") })), 0)
		same(t, "open", len(get(t, st, func(tx *store.Tx) ([]store.Request, error) { return tx.OpenRequests(ctx, conn) })), 1)
	})
}
