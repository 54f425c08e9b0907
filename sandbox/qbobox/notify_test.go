package qbobox_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
)

// listener is the app's endpoint.
type listener struct {
	mu     sync.Mutex
	bodies []string
	last   *http.Request
	status int
	fail   int // refuse this many first
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = r
	status := l.status
	if l.fail > 0 {
		l.fail--
		status = 500
	} else {
		l.bodies = append(l.bodies, string(raw))
	}
	if status == 0 {
		status = 200
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(bytes.NewReader(nil)), Header: http.Header{}, Request: r}, nil
}

func (l *listener) got() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.bodies...)
}

func listening(t *testing.T, opts ...func(*qbobox.Options)) (*client, *listener) {
	l := &listener{}
	c := open(t, append([]func(*qbobox.Options){func(o *qbobox.Options) {
		o.Deliver, o.WebhookURL = l, "http://app.example/webhooks/quickbooks"
	}}, opts...)...)
	return c, l
}

// quickbooks-online.md section 10.1: headers and signature over the raw body; events are
// gathered. quickbooks-online.md section 10.2: the old payload, in milliseconds.
func TestNotify_OldPayloadIsSignedAndGathered(t *testing.T) {
	c, l := listening(t)
	cu := c.customer("Amy")
	c.vendor("V")
	c.post("customer", m{"Id": s(cu, "Id"), "SyncToken": "0", "sparse": true, "Notes": "1"})
	c.post("customer", m{"Id": s(cu, "Id"), "SyncToken": "1", "sparse": true, "Notes": "2"})
	if n := c.box.DeliverNotifications(context.Background()); n != 1 {
		t.Fatalf("%d deliveries, want one", n)
	}
	want := `{"eventNotifications":[{"dataChangeEvent":{"entities":[` +
		`{"id":"1","lastUpdated":"2026-05-05T09:00:00.100Z","name":"Customer","operation":"Create"},` +
		`{"id":"2","lastUpdated":"2026-05-05T09:00:00.100Z","name":"Vendor","operation":"Create"},` +
		`{"id":"1","lastUpdated":"2026-05-05T09:00:00.100Z","name":"Customer","operation":"Update"}]},"realmId":"9341450000000001"}]}`
	got := l.got()
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	mac := hmac.New(sha256.New, []byte(c.box.Credentials().WebhookVerifier))
	mac.Write([]byte(got[0]))
	h := l.last.Header
	if h.Get("intuit-signature") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Error("the signature is wrong")
	}
	for k, want := range map[string]string{
		"User-Agent": "intuit_notification_server/0.1", "intuit-notification-schema-version": "0.1", "Content-Type": "application/json; charset=utf-8",
	} {
		if h.Get(k) != want {
			t.Errorf("%s: %q", k, h.Get(k))
		}
	}
	if h.Get("intuit-t-id") == "" || h.Get("intuit-created-time") == "" {
		t.Errorf("headers %v", h)
	}
	if n := c.box.DeliverNotifications(context.Background()); n != 0 {
		t.Errorf("%d more deliveries", n)
	}
}

// quickbooks-online.md section 10.3: an array, a type per entity and operation, nanoseconds,
// an id of its own for each event, deletedid in data.
func TestNotify_CloudEvents(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.WebhookCloudEvents = true })
	a, b := s(c.customer("A"), "Id"), s(c.customer("B"), "Id")
	inv := s(c.invoice(a, 5), "Id")
	c.do(qbobox.Action{Action: "void", Type: "Invoice", ID: inv})
	c.do(qbobox.Action{Action: "merge", Type: "Customer", ID: b, Into: a})
	c.post("purchaseorder", m{"VendorRef": v(s(c.vendor("V"), "Id")), "Line": []any{accountLine(c.account("Travel"), 5)}})
	c.box.DeliverNotifications(context.Background())
	var events []m
	if err := json.Unmarshal([]byte(l.got()[0]), &events); err != nil {
		t.Fatal(err)
	}
	var types []string
	ids := map[string]bool{}
	for _, e := range events {
		types = append(types, s(e, "type")+"/"+s(e, "intuitentityid"))
		ids[s(e, "id")] = true
		check(t, e, map[string]string{"specversion": "1.0", "intuitaccountid": c.realm, "datacontenttype": "application/json", "time": "2026-05-05T09:00:00.100000000Z"})
	}
	want := "qbo.customer.created.v1/1 qbo.customer.created.v1/2 qbo.invoice.created.v1/1 qbo.invoice.voided.v1/1 qbo.customer.merged.v1/1 qbo.vendor.created.v1/3 qbo.purchaseorder.created.v1/2"
	if got := strings.Join(types, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(ids) != len(events) || s(events[4], "data.deletedid") != b {
		t.Errorf("ids %v, merge %v", ids, events[4])
	}
}

// quickbooks-online.md section 10.2 and quickbooks-online.md section 10.4: the operations.
func TestNotify_OperationsByEntity(t *testing.T) {
	c, l := listening(t)
	cu := s(c.customer("A"), "Id")
	c.post("customer", m{"Id": cu, "SyncToken": "0", "sparse": true, "Active": false})
	inv := s(c.invoice(s(c.customer("B"), "Id"), 5), "Id")
	c.post("invoice/"+inv+"/send?sendTo=a@b.co", "")
	c.post("invoice?operation=delete", m{"Id": inv, "SyncToken": "1"})
	c.post("term", m{"Name": "Net 3", "DueDays": 3})
	c.box.DeliverNotifications(context.Background())
	body := l.got()[0]
	for _, want := range []string{
		`"id":"1","lastUpdated":"2026-05-05T09:00:00.100Z","name":"Customer","operation":"Delete"`, // an inactivation, by default
		`"name":"Invoice","operation":"Emailed"`, `"name":"Invoice","operation":"Delete"`, `"name":"Term","operation":"Create"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
}

func TestNotify_SideEffectsAndRefusedWritesAreSilent(t *testing.T) {
	c, l := listening(t)
	cu := s(c.customer("A"), "Id")
	c.box.DeliverNotifications(context.Background())
	c.invoice(cu, 5)
	c.fault("POST", "customer", m{"DisplayName": "a"})
	c.post("customer", m{"Id": cu, "SyncToken": "0", "sparse": true, "DisplayName": "A"}) // a no-op
	c.box.DeliverNotifications(context.Background())
	if got := l.got()[1]; strings.Contains(got, "Customer") || !strings.Contains(got, "Invoice") {
		t.Errorf("got %s", got)
	}
}

// quickbooks-online.md section 10.1: 10 s, 20 s, 30 s.
func TestNotify_RefusedDeliveriesClimbTheLadder(t *testing.T) {
	c, l := listening(t)
	l.fail = 3
	c.customer("A")
	ctx := context.Background()
	for _, wait := range []time.Duration{0, 10 * time.Second, 20 * time.Second, 30 * time.Second} {
		c.clock.move(wait - time.Millisecond)
		if wait > 0 && c.box.DeliverNotifications(ctx) != 0 {
			t.Errorf("tried before %s had passed", wait)
		}
		c.clock.move(time.Millisecond)
		if c.box.DeliverNotifications(ctx) != 1 {
			t.Errorf("not tried after %s", wait)
		}
	}
	if len(l.got()) != 1 {
		t.Errorf("taken %d times", len(l.got()))
	}
}

// quickbooks-online.md section 10.1: at least once, in any order, some missing.
func TestNotify_FaultsLoseDoubleDelayAndReorder(t *testing.T) {
	ctx := context.Background()
	names := func(l *listener) string {
		var out []string
		for _, b := range l.got() {
			for _, id := range []string{"1", "2", "3"} {
				if strings.Contains(b, `"id":"`+id+`"`) {
					out = append(out, id)
				}
			}
		}
		return strings.Join(out, "")
	}
	for _, k := range []struct {
		rule fault.Rule
		want string
	}{
		{fault.Rule{Kind: fault.NotifyDrop, Times: 1}, "23"},
		{fault.Rule{Kind: fault.NotifyDouble, Times: 1}, "1123"},
		{fault.Rule{Kind: fault.NotifyReorder, Times: 1}, "213"},
		{fault.Rule{Kind: fault.NotifyDelay, DelayMS: 60000, Times: 1}, "231"},
	} {
		c, l := listening(t)
		if _, err := c.box.Faults().Add(k.rule); err != nil {
			t.Fatal(err)
		}
		for _, n := range []string{"A", "B", "C"} {
			c.customer(n)
			c.box.DeliverNotifications(ctx)
			c.clock.move(time.Second)
		}
		c.clock.move(time.Minute)
		c.box.DeliverNotifications(ctx)
		if got := names(l); got != k.want {
			t.Errorf("%s: got %s, want %s", k.rule.Kind, got, k.want)
		}
	}
}

func TestNotify_TheDelivererWorksByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listener{fail: 1}
		box, err := qbobox.New(qbobox.Options{Deliver: l, WebhookURL: "http://app.example/hook", WebhookDelay: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		for _, n := range []string{"A", "B"} {
			if _, err := box.Do(t.Context(), qbobox.Action{User: "Eva", Action: "create", Type: "Customer", Data: m{"DisplayName": n}}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if len(l.got()) != 0 {
			t.Error("a refused delivery was taken")
		}
		time.Sleep(11 * time.Second)
		if got := l.got(); len(got) != 1 || strings.Count(got[0], "Customer") != 2 {
			t.Errorf("got %v", got)
		}
		synctest.Wait()
	})
}
