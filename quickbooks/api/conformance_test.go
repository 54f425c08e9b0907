package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/oauth"
	"crossbook/quickbooks/api"
	"crossbook/sandbox/fault"
	"crossbook/sandbox/qbobox"
	"crossbook/transport"
)

// company is a sandbox company seen through the whole chain of decorators, in
// virtual time.
type company struct {
	t      *testing.T
	ctx    context.Context
	box    *qbobox.Box
	client *api.Client
	counts *transport.Counts
	source *oauth.Source
	store  *memory
}

// memory stores one credential.
type memory struct {
	mu      sync.Mutex
	c       oauth.Credential
	version int64
}

func (m *memory) Load(context.Context) (oauth.Credential, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.c, m.version, nil
}

func (m *memory) Save(_ context.Context, c oauth.Credential, expected int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if expected != m.version {
		return oauth.ErrConflict
	}
	m.c, m.version = c, expected+1
	return nil
}

// inCompany runs a story with a fresh company.
func inCompany(t *testing.T, o qbobox.Options, story func(*company)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.ManualDelivery, o.Seed = true, 11
		box, err := qbobox.New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		cred := box.Credentials()
		app, err := oauth.QuickBooksApp("http://localhost/connect/oauth2", "http://localhost/oauth2/v1/tokens/bearer", cred.ClientID, cred.ClientSecret)
		if err != nil {
			t.Fatal(err)
		}
		counts := &transport.Counts{}
		app.Transport = transport.Chain{Vendor: transport.QuickBooks, Base: box.Transport(), Meter: counts}.RoundTripper()
		store := &memory{c: oauth.Credential{RefreshToken: cred.RefreshToken, RealmID: cred.RealmID}}
		source := oauth.NewSource(oauth.SourceOptions{App: app, Store: store})
		client, err := api.New(api.Options{BaseURL: "http://localhost", Realm: cred.RealmID, Transport: transport.Chain{
			Vendor: transport.QuickBooks, Base: box.Transport(), Scheme: "Bearer", Source: source, Expired: api.TokenExpired,
			Pacer: transport.NewPacer(transport.QuickBooksRates()), Meter: counts,
		}.RoundTripper()})
		if err != nil {
			t.Fatal(err)
		}
		story(&company{t: t, ctx: t.Context(), box: box, client: client, counts: counts, source: source, store: store})
	})
}

func (c *company) write(entity, request string, body map[string]any) (api.Record, error) {
	c.t.Helper()
	call, err := api.WriteCall(entity, body, request)
	if err != nil {
		c.t.Fatal(err)
	}
	rec, _, err := c.client.Write(c.ctx, call, entity)
	return rec, err
}

func (c *company) must(rec api.Record, err error) api.Record {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	return rec
}

func wantFault(t *testing.T, err error, kind transport.Fault, code string) *api.Error {
	t.Helper()
	var e *api.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Fatalf("got %v, want %s code %s", err, kind, code)
	}
	return e
}

func customer(name string) map[string]any { return map[string]any{"DisplayName": name} }

func TestConformance_CreateUpdateRaceReadAbsent(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		made := c.must(c.write("Customer", "r1", customer("O'Neil & \"Söhne\" \\ 東京")))
		if made.ID() == "" || made.SyncToken() != "0" || made.Updated().IsZero() || !made.Active() {
			t.Errorf("made %v", made)
		}
		call, err := api.SparseCall("Customer", made.ID(), "0", map[string]any{"Notes": "n"}, "r2")
		if err != nil {
			t.Fatal(err)
		}
		changed, reply, err := c.client.Write(c.ctx, call, "Customer")
		if err != nil || changed.SyncToken() != "1" || changed.Text("DisplayName") != made.Text("DisplayName") || reply.At.IsZero() || reply.TraceID == "" {
			t.Errorf("%v %v at %v, trace %q", changed, err, reply.At, reply.TraceID)
		}
		call, _ = api.SparseCall("Customer", made.ID(), "0", map[string]any{"Notes": "late"}, "r3")
		_, _, err = c.client.Write(c.ctx, call, "Customer")
		wantFault(t, err, transport.FaultStale, "5010")
		_, err = c.write("Vendor", "r4", customer(made.Text("DisplayName")))
		wantFault(t, err, transport.FaultDuplicate, "6240")
		_, _, err = c.client.Read(c.ctx, "Customer", "999999", transport.RecordRead)
		wantFault(t, err, transport.FaultNotFound, "610")
		_, err = c.write("Customer", "r5", map[string]any{"DisplayName": "x", "Title": "a title that is too long for it"})
		if e := wantFault(t, err, transport.FaultInvalid, "2050"); e.Detail == "" {
			t.Error("no detail")
		}
		page, err := c.client.Query(c.ctx, api.Query{Entity: "Customer", Where: []string{api.Eq("DisplayName", made.Text("DisplayName"))}}, transport.RecordRead)
		if err != nil || len(page.Records) != 1 || page.Records[0].ID() != made.ID() {
			t.Errorf("found %v, %v: the quoting is wrong", page.Records, err)
		}
	})
}

func TestConformance_ALostAnswerIsReplayedUnderItsRequestID(t *testing.T) {
	for _, kind := range []string{fault.TimeoutAfter, fault.ResetAfter, fault.ResetMidBody, fault.Truncate} {
		inCompany(t, qbobox.Options{}, func(c *company) {
			call, err := api.WriteCall("Customer", customer("Lost & Found"), "once")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.source.Token(c.ctx); err != nil {
				t.Fatal(err)
			}
			if err := c.addFault(fault.Rule{Kind: kind, Method: "POST", PathContains: "/customer", Times: 1}); err != nil {
				t.Fatal(err)
			}
			_, _, err = c.client.Write(c.ctx, call, "Customer")
			if transport.FaultOf(err) != transport.FaultUnknown {
				t.Fatalf("%s: %v, want an unknown outcome", kind, err)
			}
			again, _, err := c.client.Write(c.ctx, call, "Customer")
			if err != nil || again.Text("DisplayName") != "Lost & Found" {
				t.Fatalf("%s: %v, %v", kind, again, err)
			}
			if n := len(c.box.All("Customer")); n != 1 {
				t.Errorf("%s: %d customers", kind, n)
			}
		})
	}
}

func (c *company) addFault(r fault.Rule) error {
	_, err := c.box.Faults().Add(r)
	return err
}

func TestConformance_ReadsOutlastTheUsualNoise(t *testing.T) {
	for _, rule := range []fault.Rule{
		{Kind: fault.Reset},
		{Kind: fault.Status, Status: 503},
		{Kind: fault.HTML},
		{Kind: fault.Truncate},
		{Kind: fault.RateLimit, RetryAfter: 3},
		{Kind: fault.RateLimit},
		{Kind: fault.ResetMidBody},
		{Kind: fault.ExpireToken},
	} {
		inCompany(t, qbobox.Options{}, func(c *company) {
			made := c.must(c.write("Customer", "r1", customer("Steady")))
			time.Sleep(10 * time.Second) // beyond the floor between two refreshes
			rule.PathContains, rule.Times = "/v3/company/", 2
			if rule.Kind == fault.ExpireToken {
				rule.Times = 1
			}
			if err := c.addFault(rule); err != nil {
				t.Fatal(err)
			}
			rec, _, err := c.client.Read(c.ctx, "Customer", made.ID(), transport.RecordRead)
			if err != nil || rec.ID() != made.ID() {
				t.Errorf("%s: %v", rule.Kind, err)
			}
		})
	}
}

func TestConformance_AnExpiredTokenDuringAWriteWritesOnce(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		c.must(c.write("Customer", "r1", customer("First")))
		time.Sleep(10 * time.Second)
		c.box.ExpireAccessTokens()
		c.must(c.write("Customer", "r2", customer("Second")))
		if n := len(c.box.All("Customer")); n != 2 {
			t.Errorf("%d customers", n)
		}
		if got := c.counts.ByKind()[transport.OAuth]; got != 2 {
			t.Errorf("%d sign-in calls, want 2", got)
		}
	})
}

func TestConformance_ARevokedConsentEndsInReauthorise(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		c.must(c.write("Customer", "r1", customer("First")))
		c.store.c.RefreshToken = "RT1-somebody-elses"
		c.box.ExpireAccessTokens()
		time.Sleep(10 * time.Second)
		_, err := c.write("Customer", "r2", customer("Second"))
		if !errors.Is(err, oauth.ErrReauthorise) || transport.FaultOf(err) != transport.FaultAuth {
			t.Errorf("got %v", err)
		}
	})
}

func TestConformance_RotationIsStoredEachTime(t *testing.T) {
	inCompany(t, qbobox.Options{Dials: qbobox.Dials{RotateEveryRefresh: true}}, func(c *company) {
		for day := range 5 {
			if _, err := c.client.CompanyInfo(c.ctx); err != nil {
				t.Fatalf("day %d: %v", day, err)
			}
			if c.store.c.HardExpiry.IsZero() || c.store.c.RefreshToken != c.box.Credentials().RefreshToken {
				t.Fatalf("day %d: the stored token is not the vendor's", day)
			}
			time.Sleep(25 * time.Hour)
		}
	})
}

func TestConformance_BatchOfThirtyWithOneBadItem(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		var items []api.BatchItem
		var bids []string
		for i := range api.MaxBatch {
			name := "Customer " + strconv.Itoa(i)
			if i == 7 {
				name = "Customer 6"
			}
			bids = append(bids, "b"+strconv.Itoa(i))
			items = append(items, api.BatchItem{BID: bids[i], Operation: "create", Entity: "Customer", Body: customer(name)})
		}
		call, err := api.BatchCall(items, "batch-1")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time is a replay
			results, _, err := c.client.Batch(c.ctx, call, bids...)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range results {
				if i == 7 {
					if r.Err == nil || r.Err.Kind != transport.FaultDuplicate {
						t.Errorf("item 7: %+v", r)
					}
					continue
				}
				if r.Err != nil || r.Record.Text("DisplayName") != "Customer "+strconv.Itoa(i) {
					t.Errorf("item %d: %+v", i, r)
				}
			}
		}
		if n := len(c.box.All("Customer")); n != api.MaxBatch-1 {
			t.Errorf("%d customers", n)
		}
	})
}

func TestConformance_ChangesAndWindows(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		time.Sleep(time.Minute) // past what a new company begins with
		begin := time.Now()
		time.Sleep(time.Second)
		made := c.must(c.write("Customer", "r1", customer("Gone")))
		kept := c.must(c.write("Vendor", "r2", customer("Kept")))
		call, _ := api.SparseCall("Customer", made.ID(), "0", map[string]any{"Active": false}, "r3")
		if _, _, err := c.client.Write(c.ctx, call, "Customer"); err != nil {
			t.Fatal(err)
		}
		got, err := c.client.CDC(c.ctx, []string{"Customer", "Vendor", "Item"}, begin)
		if err != nil {
			t.Fatal(err)
		}
		if got.Count != 2 || len(got.Records["Customer"]) != 1 || got.Records["Customer"][0].Active() || got.Records["Vendor"][0].ID() != kept.ID() {
			t.Errorf("changes %+v", got)
		}
		if got.At.Before(begin) || got.At.After(time.Now().Add(time.Second)) {
			t.Errorf("the vendor's time %v", got.At)
		}
		later, err := c.client.CDC(c.ctx, []string{"Customer", "Vendor", "Item"}, got.At.Add(time.Minute))
		if err != nil || later.Count != 0 {
			t.Errorf("later %+v, %v", later, err)
		}
		where := append(api.Window(begin, time.Now().Add(time.Minute)), api.WithInactive)
		page, err := c.client.Query(c.ctx, api.Query{Entity: "Customer", Where: where}, transport.RecordRead)
		if err != nil || len(page.Records) != 1 {
			t.Errorf("window %v, %v", page.Records, err)
		}
		page, err = c.client.Query(c.ctx, api.Query{Entity: "Customer"}, transport.RecordRead)
		if err != nil || len(page.Records) != 0 {
			t.Errorf("without inactive %v, %v", page.Records, err)
		}
	})
}

func TestConformance_WalkReadsThousandsInOrderOfPages(t *testing.T) {
	inCompany(t, qbobox.Options{}, func(c *company) {
		const n = 2500
		var rows []map[string]any
		for i := range n {
			rows = append(rows, customer(fmt.Sprintf("Bulk %05d", i)))
		}
		if err := c.box.Load("Customer", rows); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		err := c.client.Walk(c.ctx, api.Query{Entity: "Customer", Where: []string{api.WithInactive}}, transport.RecordRead, func(p api.Page) error {
			for _, r := range p.Records {
				seen[r.ID()] = true
			}
			return nil
		})
		if err != nil || len(seen) != n {
			t.Errorf("%d of %d, %v", len(seen), n, err)
		}
		if got := c.counts.ByKind()[transport.RecordRead]; got != 3 {
			t.Errorf("%d calls, want 3", got)
		}
		if total, err := c.client.Count(c.ctx, api.Query{Entity: "Customer"}); total != n || err != nil {
			t.Errorf("count %d, %v", total, err)
		}
	})
}

func TestConformance_SettingsAndBadQueries(t *testing.T) {
	inCompany(t, qbobox.Options{Country: "AU", CompanyName: "Wattle Pty"}, func(c *company) {
		info, err := c.client.CompanyInfo(c.ctx)
		if err != nil || info.Name != "Wattle Pty" || info.Country != "AU" {
			t.Errorf("%+v, %v", info, err)
		}
		p, err := c.client.Preferences(c.ctx)
		if err != nil || p.HomeCurrency != "AUD" {
			t.Errorf("%+v, %v", p, err)
		}
		_, err = c.client.Query(c.ctx, api.Query{Entity: "Customer", Where: []string{"Nonsense = '1'"}}, transport.RecordRead)
		wantFault(t, err, transport.FaultBug, "4001")
		_, err = c.client.Query(c.ctx, api.Query{Entity: "Customer", Where: []string{"((("}}, transport.RecordRead)
		wantFault(t, err, transport.FaultBug, "4000")
		terms, err := c.client.Query(c.ctx, api.Query{Entity: "Term"}, transport.Metadata)
		if err != nil || len(terms.Records) == 0 {
			t.Errorf("terms %v, %v", terms, err)
		}
	})
}

func TestConformance_PacedClientIsNeverThrottled(t *testing.T) {
	inCompany(t, qbobox.Options{Limits: "real"}, func(c *company) {
		made := c.must(c.write("Customer", "r0", customer("Busy")))
		var wg sync.WaitGroup
		for range 600 {
			wg.Go(func() {
				if _, _, err := c.client.Read(c.ctx, "Customer", made.ID(), transport.RecordRead); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := c.counts.ByKind()[transport.RecordRead]; got != 600 {
			t.Errorf("%d calls for 600 reads: some were throttled", got)
		}
	})
}

func TestConformance_NotificationsVerifyAndParse(t *testing.T) {
	for _, cloud := range []bool{false, true} {
		var got []api.Event
		deliver := transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			body := readAll(t, r)
			if !api.Verify(body, r.Header.Get(api.SignatureHeader), "verify-me") {
				t.Error("the signature does not verify")
			}
			events, err := api.ParseWebhook(body)
			if err != nil {
				t.Error(err)
			}
			got = append(got, events...)
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
		})
		inCompany(t, qbobox.Options{WebhookURL: "http://localhost/hook", WebhookVerifier: "verify-me", WebhookCloudEvents: cloud, Deliver: deliver}, func(c *company) {
			made := c.must(c.write("Customer", "r1", customer("Heard")))
			time.Sleep(10 * time.Minute)
			c.box.DeliverNotifications(c.ctx)
			if len(got) != 1 || got[0].Entity != "Customer" || got[0].RecordID != made.ID() || got[0].Operation != api.Created || got[0].Realm != c.client.Realm() {
				t.Errorf("cloud events %v: %+v", cloud, got)
			}
		})
	}
}
