package qbobox_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/qbobox"
)

// quickbooks-online.md section 10.1: the whole ladder, then every six hours for ever.
func TestNotify_TheWholeLadder(t *testing.T) {
	c, l := listening(t)
	l.fail = 100
	c.customer("A")
	ctx := context.Background()
	if c.box.DeliverNotifications(ctx) != 1 {
		t.Fatal("nothing went out")
	}
	for i, wait := range []time.Duration{
		10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute, 2 * time.Hour, 4 * time.Hour,
		6 * time.Hour, 6 * time.Hour, 6 * time.Hour,
	} {
		c.clock.move(wait - time.Millisecond)
		if c.box.DeliverNotifications(ctx) != 0 {
			t.Errorf("step %d: tried before %s had passed", i, wait)
		}
		c.clock.move(time.Millisecond)
		if c.box.DeliverNotifications(ctx) != 1 {
			t.Errorf("step %d: not tried after %s", i, wait)
		}
	}
}

// quickbooks-online.md section 10.1: later events wait until one is acknowledged; then all
// of them come, in their order.
func TestNotify_LaterEventsWaitBehindARefusedOne(t *testing.T) {
	c, l := listening(t)
	ctx := context.Background()
	l.fail = 2
	c.customer("First")
	c.box.DeliverNotifications(ctx)
	c.clock.move(5 * time.Second)
	c.vendor("Second")
	if n := c.box.DeliverNotifications(ctx); n != 0 || len(l.got()) != 0 {
		t.Fatalf("%d went past the one that was refused: %v", n, l.got())
	}
	c.clock.move(5 * time.Second)
	if n := c.box.DeliverNotifications(ctx); n != 1 { // the first again, refused again
		t.Fatalf("%d tried", n)
	}
	c.clock.move(19 * time.Second)
	if n := c.box.DeliverNotifications(ctx); n != 0 {
		t.Fatalf("%d tried before the second step had passed", n)
	}
	c.clock.move(time.Second)
	c.box.DeliverNotifications(ctx)
	got := l.got()
	if len(got) != 2 || !strings.Contains(got[0], `"Customer"`) || !strings.Contains(got[1], `"Vendor"`) {
		t.Fatalf("came %v", got)
	}
	c.customer("Third")
	if n := c.box.DeliverNotifications(ctx); n != 1 {
		t.Errorf("after one was acknowledged %d went", n)
	}
}

// quickbooks-online.md section 10.1: an endpoint that took the events but did not say so in
// time gets them again, the same ones under the same ids.
func TestNotify_AnAnswerThatComesLateMakesADuplicate(t *testing.T) {
	for _, cloud := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var bodies []string
			slow := roundTrip(func(r *http.Request) (*http.Response, error) {
				raw, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				bodies = append(bodies, string(raw))
				if len(bodies) == 1 { // it queues the events, then thinks for longer than three seconds
					select {
					case <-r.Context().Done():
						return nil, r.Context().Err()
					case <-time.After(3100 * time.Millisecond):
					}
				}
				return &http.Response{StatusCode: 200, Body: http.NoBody, Header: http.Header{}}, nil
			})
			box, err := qbobox.New(qbobox.Options{Deliver: slow, WebhookURL: "http://app.example/hook", WebhookCloudEvents: cloud})
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			if _, err := box.Do(t.Context(), qbobox.Action{User: "Eva", Action: "create", Type: "Customer", Data: m{"DisplayName": "A"}}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Second)
			synctest.Wait()
			if len(bodies) != 2 || bodies[0] != bodies[1] {
				t.Errorf("came %d times: %v", len(bodies), bodies)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// quickbooks-online.md section 10.1: only 200 counts as taken.
func TestNotify_OnlyStatus200IsTaken(t *testing.T) {
	for _, status := range []int{201, 202, 204, 302, 401, 500} {
		c, l := listening(t)
		l.status = status
		c.customer("A")
		c.box.DeliverNotifications(context.Background())
		c.clock.move(10 * time.Second)
		if c.box.DeliverNotifications(context.Background()) != 1 {
			t.Errorf("%d was taken for an acknowledgement", status)
		}
	}
}

// quickbooks-online.md section 10.1: an older text has 20, 30 and 50 minutes and drops the
// endpoint after a day.
func TestNotify_TheOldLadderEndsAfterADay(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.Dials.OldWebhookLadder = true })
	ctx := context.Background()
	l.fail = 1000
	c.customer("A")
	tried := []int{c.box.DeliverNotifications(ctx)}
	for _, wait := range []time.Duration{20, 30, 50} {
		c.clock.move(wait*time.Minute - time.Millisecond)
		tried = append(tried, c.box.DeliverNotifications(ctx))
		c.clock.move(time.Millisecond)
		tried = append(tried, c.box.DeliverNotifications(ctx))
	}
	for i, n := range tried {
		if want := (i + 1) % 2; n != want {
			t.Errorf("attempt %d: %d deliveries, want %d", i, n, want)
		}
	}
	for range 30 {
		c.clock.move(50 * time.Minute)
		c.box.DeliverNotifications(ctx)
	}
	l.fail = 0
	c.do(qbobox.Action{Action: "create", Type: "Customer", Data: m{"DisplayName": "B"}})
	c.clock.move(time.Hour)
	if n := c.box.DeliverNotifications(ctx); n != 0 || len(l.got()) != 0 {
		t.Errorf("a dropped endpoint got %d", n)
	}
}

// quickbooks-online.md section 10.1: entities and operations are ticked in the portal, and an
// endpoint that is entered anew is tried at once.
func TestNotify_ThePortalChoosesWhatAndWhere(t *testing.T) {
	c, l := listening(t)
	ctx := context.Background()
	portal := func(body string) string {
		status, text, _ := c.browse("POST", "http://quickbooks.example/_sandbox/webhook", nil)
		if status != 400 {
			t.Fatalf("an empty body gave %d %s", status, text)
		}
		req, err := http.NewRequestWithContext(ctx, "POST", "http://quickbooks.example/_sandbox/webhook", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_, out, _ := c.roundTrip(req)
		return s(out, "url")
	}
	if got := portal(`{"entities":["Vendor","Customer/Update"],"cloud_events":true}`); got != "http://app.example/webhooks/quickbooks" {
		t.Errorf("the address became %q", got)
	}
	a := c.customer("A")
	c.vendor("V")
	c.post("customer", m{"Id": s(a, "Id"), "SyncToken": "0", "sparse": true, "Notes": "x"})
	l.fail = 1
	c.box.DeliverNotifications(ctx)
	portal(`{"url":"http://app.example/elsewhere"}`)
	if n := c.box.DeliverNotifications(ctx); n != 1 {
		t.Fatalf("%d deliveries to the new address", n)
	}
	got := l.got()[0]
	if strings.Contains(got, "customer.created") || !strings.Contains(got, "qbo.customer.updated.v1") || !strings.Contains(got, "qbo.vendor.created.v1") {
		t.Errorf("came %s", got)
	}
	if l.last.URL.Path != "/elsewhere" {
		t.Errorf("went to %s", l.last.URL)
	}
}

// quickbooks-online.md section 10.2: a merge names the one that is gone.
func TestNotify_OldPayloadOfAMerge(t *testing.T) {
	c, l := listening(t)
	a, b := s(c.customer("A"), "Id"), s(c.customer("B"), "Id")
	c.box.DeliverNotifications(context.Background())
	c.do(qbobox.Action{Action: "merge", Type: "Customer", ID: b, Into: a})
	c.box.DeliverNotifications(context.Background())
	if got, want := l.got()[1], `{"deletedId":"`+b+`","id":"`+a+`","lastUpdated":"2026-05-05T09:00:00.100Z","name":"Customer","operation":"Merge"}`; !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

// quickbooks-online.md section 10.3: one listing has void where the others have voided.
func TestNotify_VoidOrVoided(t *testing.T) {
	for word, dial := range map[string]bool{"voided": false, "void": true} {
		c, l := listening(t, func(o *qbobox.Options) { o.WebhookCloudEvents, o.Dials.VoidEventIsVoid = true, dial })
		inv := s(c.invoice(s(c.customer("A"), "Id"), 5), "Id")
		c.do(qbobox.Action{Action: "void", Type: "Invoice", ID: inv})
		c.box.DeliverNotifications(context.Background())
		if got := l.got()[0]; !strings.Contains(got, `"qbo.invoice.`+word+`.v1"`) {
			t.Errorf("%s is not in %s", word, got)
		}
	}
}
