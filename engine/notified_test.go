package engine_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crossbook/engine"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
	"crossbook/web"
)

// QuickBooks tells of merged, voided and e-mailed records in its notifications,
// in either format (R88). What they say reaches the CRM without any poll.
func TestNotifications_MergeVoidEmailed_ReachTheCRM(t *testing.T) {
	for _, format := range []string{"classic", "CloudEvents"} {
		t.Run(format, func(t *testing.T) {
			w := newWorld(t, func(q *qbobox.Options, _ *zohobox.Options) { q.WebhookCloudEvents = format == "CloudEvents" })
			lodge := w.newBooks("Customer", m{"DisplayName": "Twin Peaks Lodge", "CompanyName": "Twin Peaks Lodge"})
			annex := w.newBooks("Customer", m{"DisplayName": "Twin Peaks Annex", "CompanyName": "Twin Peaks Annex"})
			item := w.newService("Washing", m{})
			voided := w.newInvoice("1001", lodge, item, 1)
			mailed := w.newInvoice("1002", lodge, item, 2)
			w.editBooks("Invoice", mailed, m{"BillEmail": m{"Address": "ap@twin.example"}})
			w.connect()
			w.firstSync()
			w.sync()
			deliver := w.listen()
			for _, a := range []qbobox.Action{
				{Action: "merge", Type: "Customer", ID: annex, Into: lodge},
				{Action: "void", Type: "Invoice", ID: voided},
				{Action: "send", Type: "Invoice", ID: mailed},
			} {
				w.personBooks(a)
				if n := deliver(); n == 0 {
					t.Fatalf("%s: no notification came", a.Action)
				}
			}
			for range 3 { // no feed is asked for: they alone say that there is news
				if _, err := w.eng.Turn(t.Context(), w.conn.ID, engine.Ask{}); err != nil {
					t.Fatal(err)
				}
			}
			want(t, "merged", w.crmState().find(t, "Accounts", "Account_Name", "Twin Peaks Annex")["QuickBooks_Status"], "Merged")
			if s := fmt.Sprint(w.shown("1001")["QuickBooks_Status"]); !strings.HasPrefix(s, "Voided") {
				t.Errorf("status of the voided invoice: %s", s)
			}
			want(t, "sent on", w.shown("1002")["QuickBooks_Sent_on"], "2026-05-04")
			w.nothingMore()
		})
	}
}

// listen receives QuickBooks' notifications from now on; the function it returns
// has them delivered and says how many deliveries there were.
func (w *world) listen() func() int {
	w.t.Helper()
	hooks := &web.Webhooks{
		Store: w.store, Now: w.clock.Now,
		Wake: func(context.Context, *store.Tx, string) error { return nil },
		Subscribers: func(context.Context) ([]web.Subscriber, error) {
			c := w.books.Credentials()
			return []web.Subscriber{{ConnectionID: w.conn.ID, RealmID: c.RealmID, Verifier: c.WebhookVerifier}}, nil
		},
		ZohoToken: func(context.Context, string) (string, error) { return "", store.ErrNotFound },
	}
	server := httptest.NewServer(hooks.Handler())
	w.t.Cleanup(server.Close)
	w.books.SetWebhook(server.URL + "/webhooks/quickbooks")
	return func() int {
		w.clock.Advance(time.Minute)
		return w.books.DeliverNotifications(w.t.Context())
	}
}
