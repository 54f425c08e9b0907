package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/oauth"
	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
	"crossbook/transport"
	"crossbook/zohocrm/api"
)

// org is a sandbox organisation seen through the whole chain of decorators, in
// virtual time.
type org struct {
	t      *testing.T
	ctx    context.Context
	box    *zohobox.Box
	client *api.Client
	counts *transport.Counts
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

// inOrg runs a story with a fresh organisation.
func inOrg(t *testing.T, o zohobox.Options, story func(*org)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.ManualDelivery, o.Seed, o.BaseURL = true, 11, "http://localhost"
		if o.Edition == "" {
			o.Edition = "enterprise"
		}
		box, err := zohobox.New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		cred := box.Credentials()
		app, err := oauth.ZohoApp("http://localhost", cred.ClientID, cred.ClientSecret)
		if err != nil {
			t.Fatal(err)
		}
		counts := &transport.Counts{}
		app.Transport = transport.Chain{Vendor: transport.Zoho, Base: box.Transport(), Meter: counts}.RoundTripper()
		store := &memory{c: oauth.Credential{RefreshToken: cred.RefreshToken}}
		source := oauth.NewSource(oauth.SourceOptions{App: app, Store: store})
		first, err := source.Credential(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		client, err := api.New(api.Options{BaseURL: first.APIDomain, Transport: transport.Chain{
			Vendor: transport.Zoho, Base: box.Transport(), Scheme: api.AuthScheme, Source: source, Expired: api.TokenExpired,
			Pacer: transport.NewPacer(transport.ZohoRates(o.Edition)), Meter: counts,
		}.RoundTripper()})
		if err != nil {
			t.Fatal(err)
		}
		counts.Reset()
		story(&org{t: t, ctx: t.Context(), box: box, client: client, counts: counts, store: store})
	})
}

// insert makes records and gives the results.
func (o *org) insert(module string, records ...map[string]any) []api.Result {
	o.t.Helper()
	call, err := api.InsertCall(module, records, api.NoTrigger)
	if err != nil {
		o.t.Fatal(err)
	}
	results, _, err := o.client.Write(o.ctx, call, len(records))
	if err != nil {
		o.t.Fatal(err)
	}
	return results
}

// one makes a record that must succeed.
func (o *org) one(module string, record map[string]any) api.Result {
	o.t.Helper()
	r := o.insert(module, record)[0]
	if r.Err != nil {
		o.t.Fatal(r.Err)
	}
	return r
}

func (o *org) addFault(r fault.Rule) {
	o.t.Helper()
	if _, err := o.box.Faults().Add(r); err != nil {
		o.t.Fatal(err)
	}
}

func TestConformance_MixedWritesAnswerPerRecordAtAnyStatus(t *testing.T) {
	for _, status := range []int{0, 200, 201, 202, 207, 400} {
		inOrg(t, zohobox.Options{Dials: zohobox.Dials{MixedStatus: status}}, func(o *org) {
			res := o.insert("Contacts",
				map[string]any{"Last_Name": "Okafor"}, map[string]any{"First_Name": "No last name"},
				map[string]any{"Last_Name": strings.Repeat("x", 200)}, map[string]any{"Last_Name": "Söderström 東京"})
			if res[0].Err != nil || res[0].ID == "" || res[0].Modified.IsZero() || res[0].ModifiedBy.ID == "" {
				t.Errorf("status %d, first: %+v", status, res[0])
			}
			if e := res[1].Err; e == nil || e.Code != "MANDATORY_NOT_FOUND" || e.APIName != "Last_Name" || e.Kind != transport.FaultInvalid {
				t.Errorf("status %d, second: %v", status, e)
			}
			if e := res[2].Err; e == nil || e.Code != "INVALID_DATA" || e.MaxLength == 0 || !strings.Contains(e.JSONPath, "[2]") {
				t.Errorf("status %d, third: %v", status, e)
			}
			if res[3].Err != nil {
				t.Errorf("status %d, fourth: %v", status, res[3].Err)
			}
		})
	}
}

func TestConformance_OptimisticLockTellsTheLoser(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		made := o.one("Accounts", map[string]any{"Account_Name": "Acme"})
		time.Sleep(5 * time.Second)
		if _, err := o.box.Do(o.ctx, zohobox.Action{User: "Eva", Action: "update", Type: "Accounts", ID: made.ID, Data: map[string]any{"Phone": "1"}}); err != nil {
			t.Fatal(err)
		}
		update := func(since time.Time) *api.Error {
			call, err := api.UpdateOneCall("Accounts", made.ID, map[string]any{"Fax": "2"}, since, api.NoTrigger)
			if err != nil {
				t.Fatal(err)
			}
			res, _, err := o.client.Write(o.ctx, call, 1)
			if err != nil {
				t.Fatal(err)
			}
			return res[0].Err
		}
		if e := update(made.Modified); e == nil || e.Kind != transport.FaultStale {
			t.Errorf("the stale update gave %v", e)
		}
		rec, _, err := o.client.One(o.ctx, "Accounts", made.ID)
		if err != nil || rec.Text("Phone") != "1" || rec.Text("Fax") != "" {
			t.Fatalf("%v, %v", rec, err)
		}
		if e := update(rec.Modified()); e != nil {
			t.Errorf("the fresh update gave %v", e)
		}
	})
}

func TestConformance_OurIDFieldMakesCreatesIdempotent(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		res, err := o.client.CreateFields(o.ctx, "Vendors", []api.NewField{{Label: "Crossbook Id", Type: "text", Length: 60, External: "org"}})
		if err != nil || res[0].Err != nil {
			t.Fatalf("%+v, %v", res, err)
		}
		fields, err := o.client.Fields(o.ctx, "Vendors")
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		for _, f := range fields {
			if f.Label == "Crossbook Id" {
				name = f.APIName
				if !f.Custom || f.External != "org" || f.Length != 60 {
					t.Errorf("field %+v", f)
				}
			}
		}
		if name == "" {
			t.Fatal("the field cannot be read back")
		}
		first := o.one("Vendors", map[string]any{"Vendor_Name": "Acme", name: "qb:7"})
		again := o.insert("Vendors", map[string]any{"Vendor_Name": "Acme", name: "qb:7"})[0]
		if again.Err == nil || again.Err.Kind != transport.FaultDuplicate || again.Err.APIName != name || again.Err.Duplicate.ID != first.ID {
			t.Errorf("the second insert gave %+v", again.Err)
		}
		page, err := o.client.COQL(o.ctx, "select id from Vendors where "+name+" = "+api.COQLText("qb:7"))
		if err != nil || len(page.Records) != 1 || page.Records[0].ID() != first.ID {
			t.Errorf("probe: %v, %v", page.Records, err)
		}
		if dup, err := o.client.CreateFields(o.ctx, "Vendors", []api.NewField{{Label: "Crossbook Id", Type: "text", Length: 60}}); err != nil || dup[0].Err == nil || dup[0].Err.Kind != transport.FaultDuplicate {
			t.Errorf("the same label again: %+v, %v", dup, err)
		}
	})
}

func TestConformance_ALostAnswerIsUnknownAndTheWriteIsNotRepeated(t *testing.T) {
	for _, kind := range []string{fault.TimeoutAfter, fault.ResetAfter, fault.ResetMidBody, fault.Truncate} {
		inOrg(t, zohobox.Options{}, func(o *org) {
			o.addFault(fault.Rule{Kind: kind, Method: "POST", PathContains: "/Accounts", Times: 1})
			call, _ := api.InsertCall("Accounts", []map[string]any{{"Account_Name": "Lost"}}, nil)
			_, _, err := o.client.Write(o.ctx, call, 1)
			if transport.FaultOf(err) != transport.FaultUnknown {
				t.Errorf("%s: %v", kind, err)
			}
			page, err := o.client.COQL(o.ctx, "select id from Accounts where Account_Name = 'Lost'")
			if err != nil || len(page.Records) != 1 {
				t.Errorf("%s: %d records, %v", kind, len(page.Records), err)
			}
			if n := o.counts.ByKind()[transport.RecordWrite]; n != 1 {
				t.Errorf("%s: %d writes", kind, n)
			}
		})
	}
}

func TestConformance_ReadsOutlastTheUsualNoise(t *testing.T) {
	for _, rule := range []fault.Rule{
		{Kind: fault.Reset},
		{Kind: fault.Status, Status: 502},
		{Kind: fault.HTML},
		{Kind: fault.Truncate},
		{Kind: fault.RateLimit, RetryAfter: 3},
		{Kind: fault.RateLimit},
		{Kind: fault.ResetMidBody},
		{Kind: fault.ExpireToken},
	} {
		inOrg(t, zohobox.Options{}, func(o *org) {
			made := o.one("Accounts", map[string]any{"Account_Name": "Steady"})
			time.Sleep(2 * time.Minute) // beyond the floor between two refreshes
			rule.PathContains, rule.Times = "/crm/v8/", 2
			if rule.Kind == fault.ExpireToken {
				rule.Times = 1
			}
			o.addFault(rule)
			if rec, _, err := o.client.One(o.ctx, "Accounts", made.ID); err != nil || rec.ID() != made.ID {
				t.Errorf("%s: %v", rule.Kind, err)
			}
			page, err := o.client.COQL(o.ctx, "select id from Accounts where Account_Name = 'Steady'")
			if err != nil || len(page.Records) != 1 {
				t.Errorf("%s: %v, %v", rule.Kind, page.Records, err)
			}
		})
	}
}

func TestConformance_ModifiedSinceDeletedAndRestored(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		keep := o.one("Accounts", map[string]any{"Account_Name": "Keep"})
		gone := o.one("Accounts", map[string]any{"Account_Name": "Gone"})
		time.Sleep(time.Hour)
		fields := []string{"Account_Name", "Modified_Time"}
		page, err := o.client.List(o.ctx, "Accounts", api.List{Fields: fields, ModifiedSince: time.Now().Add(-time.Minute)})
		if err != nil || !page.NotModified {
			t.Errorf("nothing new: %+v, %v", page, err)
		}
		begin := time.Now()
		time.Sleep(time.Minute)
		if res, err := o.client.Delete(o.ctx, "Accounts", []string{gone.ID, "999"}, false); err != nil || res[0].Err != nil || res[1].Err == nil || res[1].Err.Kind != transport.FaultNotFound {
			t.Errorf("delete: %+v, %v", res, err)
		}
		if _, _, err := o.client.One(o.ctx, "Accounts", gone.ID); transport.FaultOf(err) != transport.FaultNotFound {
			t.Errorf("the deleted record: %v", err)
		}
		del, err := o.client.Deleted(o.ctx, "Accounts", begin, 1)
		if err != nil || len(del.Deletions) != 1 || del.Deletions[0].ID != gone.ID || del.Deletions[0].Permanent || del.Deletions[0].Time.Before(begin) {
			t.Errorf("deletions %+v, %v", del, err)
		}
		if later, err := o.client.Deleted(o.ctx, "Accounts", time.Now().Add(time.Minute), 1); err != nil || len(later.Deletions) != 0 {
			t.Errorf("later deletions %+v, %v", later, err)
		}
		if res, err := o.client.Restore(o.ctx, []string{gone.ID}); err != nil || res[0].Err != nil {
			t.Fatalf("restore %+v, %v", res, err)
		}
		for _, id := range []string{keep.ID, gone.ID} {
			if _, _, err := o.client.One(o.ctx, "Accounts", id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	})
}

func TestConformance_WalksOfThousands(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		const n = 4500
		rows := make([]map[string]any, n)
		for i := range rows {
			rows[i] = map[string]any{"Account_Name": fmt.Sprintf("Bulk %05d", i)}
		}
		if err := o.box.Load("Accounts", rows); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		err := o.client.WalkCOQL(o.ctx, "Accounts", []string{"Account_Name"}, "Account_Name like 'Bulk%'", func(p api.COQLPage) error {
			for _, r := range p.Records {
				seen[r.ID()] = true
			}
			return nil
		})
		if err != nil || len(seen) != n {
			t.Errorf("COQL: %d of %d, %v", len(seen), n, err)
		}
		if calls := o.counts.Reset()[transport.RecordRead]; calls != 3 {
			t.Errorf("COQL took %d calls, want 3", calls)
		}
		clear(seen)
		err = o.client.ListAll(o.ctx, "Accounts", api.List{Fields: []string{"Account_Name"}, SortBy: "id", SortOrder: "asc"}, func(p api.Page) error {
			for _, r := range p.Records {
				seen[r.ID()] = true
			}
			return nil
		})
		if err != nil || len(seen) != n {
			t.Errorf("list: %d of %d, %v", len(seen), n, err)
		}
		if calls := o.counts.Reset()[transport.RecordRead]; calls != 23 {
			t.Errorf("the list took %d calls, want 23", calls)
		}
	})
}

func TestConformance_QuotedTextInCOQL(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		for _, name := range []string{`O'Neil`, `back\slash`, `quote " and 'both'`, `東京`, `50% off`} {
			made := o.one("Accounts", map[string]any{"Account_Name": name})
			page, err := o.client.COQL(o.ctx, "select Account_Name from Accounts where Account_Name = "+api.COQLText(name))
			if err != nil || len(page.Records) != 1 || page.Records[0].ID() != made.ID || page.Records[0].Text("Account_Name") != name {
				t.Errorf("%s: %v, %v", name, page.Records, err)
			}
			page, err = o.client.COQL(o.ctx, "select id from Accounts where "+api.COQLIn("Account_Name", name, "none"))
			if err != nil || len(page.Records) != 1 {
				t.Errorf("in %s: %v, %v", name, page.Records, err)
			}
		}
		_, err := o.client.COQL(o.ctx, "select nonsense")
		var e *api.Error
		if !errors.As(err, &e) || e.Kind != transport.FaultBug || e.Code == "" {
			t.Errorf("a bad query: %v", err)
		}
	})
}

func TestConformance_DocumentsComeWithLines(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		product := o.one("Products", map[string]any{"Product_Name": "Widget", "Unit_Price": 10})
		account := o.one("Accounts", map[string]any{"Account_Name": "Acme"})
		made := o.one("Invoices", map[string]any{
			"Subject": "INV 1", "Account_Name": api.Lookup(account.ID),
			"Invoiced_Items": []any{map[string]any{"Product_Name": api.Lookup(product.ID), "Quantity": 3, "List_Price": 20.5}},
		})
		rec, _, err := o.client.One(o.ctx, "Invoices", made.ID)
		if err != nil {
			t.Fatal(err)
		}
		rows := rec.Rows("Invoiced_Items")
		total, _ := rec.Number("Grand_Total")
		if len(rows) != 1 || rows[0].Ref("Product_Name").ID != product.ID || total.String() != "61.5" || rec.MoreRows("Invoiced_Items") {
			t.Errorf("lines %v, total %s", rows, total)
		}
		if rec.Ref("Account_Name") != (api.Ref{ID: account.ID, Name: "Acme"}) {
			t.Errorf("account %+v", rec.Ref("Account_Name"))
		}
		listed, err := o.client.List(o.ctx, "Invoices", api.List{Fields: []string{"Subject", "Grand_Total"}, IDs: []string{made.ID}})
		if err != nil || len(listed.Records) != 1 || len(listed.Records[0].Rows("Invoiced_Items")) != 0 {
			t.Errorf("listed %v, %v", listed.Records, err)
		}
	})
}

func TestConformance_LockedRecords(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		made := o.one("Accounts", map[string]any{"Account_Name": "Locked"})
		if _, ok, err := o.client.LockInfo(o.ctx, "Accounts", made.ID); ok || err != nil {
			t.Errorf("an unlocked record: %v, %v", ok, err)
		}
		act := func(a zohobox.Action) {
			t.Helper()
			a.User, a.Type = "Super Admin", "Accounts"
			if _, err := o.box.Do(o.ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		act(zohobox.Action{Action: "lock_config", Data: map[string]any{"lock_type": "manual", "locked_for": "all_profiles", "restricted_actions": []any{"update", "delete"}}})
		act(zohobox.Action{Action: "lock", ID: made.ID, Data: map[string]any{"reason": "audit"}})
		call, _ := api.UpdateOneCall("Accounts", made.ID, map[string]any{"Phone": "1"}, time.Time{}, nil)
		res, _, err := o.client.Write(o.ctx, call, 1)
		if err != nil || res[0].Err == nil || res[0].Err.Kind != transport.FaultLocked {
			t.Errorf("update: %+v, %v", res, err)
		}
		lock, ok, err := o.client.LockInfo(o.ctx, "Accounts", made.ID)
		if err != nil || !ok || lock.Reason != "audit" || lock.Source != "Manual" {
			t.Errorf("lock %+v, %v, %v", lock, ok, err)
		}
	})
}

func TestConformance_Settings(t *testing.T) {
	inOrg(t, zohobox.Options{}, func(o *org) {
		info, err := o.client.Org(o.ctx)
		if err != nil || info.ID == "" || info.HomeCurrency != "USD" || info.MultiCurrency || info.Edition != "enterprise" || info.Zone == "" {
			t.Errorf("org %+v, %v", info, err)
		}
		me, err := o.client.CurrentUser(o.ctx)
		if err != nil || me.ID == "" || me.ZUID != info.PrimaryZUID {
			t.Errorf("me %+v, %v", me, err)
		}
		all, err := o.client.Users(o.ctx, "ActiveUsers")
		if err != nil || len(all) < 2 {
			t.Errorf("users %+v, %v", all, err)
		}
		modules, err := o.client.Modules(o.ctx)
		usable := map[string]bool{}
		for _, m := range modules {
			usable[m.APIName] = m.Usable
		}
		for _, name := range []string{"Contacts", "Accounts", "Vendors", "Products", "Quotes", "Invoices", "Purchase_Orders", "Deals"} {
			if !usable[name] || err != nil {
				t.Errorf("module %s is not usable: %v", name, err)
			}
		}
		layouts, err := o.client.Layouts(o.ctx, "Contacts")
		if err != nil || len(layouts) == 0 {
			t.Fatalf("layouts %v, %v", layouts, err)
		}
		if f, ok := layouts[0].Field("Last_Name"); !ok || !f.Required || f.Length == 0 {
			t.Errorf("Last_Name on the layout: %+v, %v", f, ok)
		}
		if _, enabled, err := o.client.Currencies(o.ctx); enabled || err != nil {
			t.Errorf("currencies: %v, %v", enabled, err)
		}
		if _, err := o.client.Taxes(o.ctx); err != nil {
			t.Errorf("taxes: %v", err)
		}
		if n := o.counts.ByKind(); n[transport.RecordRead] != 0 || n[transport.Metadata] == 0 {
			t.Errorf("settings were counted as %v", n)
		}
	})
	inOrg(t, zohobox.Options{MultiCurrency: true, HomeCurrency: "EUR"}, func(o *org) {
		list, enabled, err := o.client.Currencies(o.ctx)
		if err != nil || !enabled || len(list) == 0 || list[0].Code == "" || list[0].Rate == "" {
			t.Errorf("currencies %+v, %v, %v", list, enabled, err)
		}
	})
}

func TestConformance_ChannelsAndTheirCallbacks(t *testing.T) {
	var got []api.Notification
	deliver := transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		n, err := api.ParseNotification(body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, n)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	inOrg(t, zohobox.Options{Deliver: deliver}, func(o *org) {
		week := time.Now().Add(api.MaxChannelLife - time.Hour)
		ch := api.Channel{ID: "10001", NotifyURL: "https://hooks.example.com/zoho", Events: []string{"Accounts.all"}, Expiry: week, Token: "secret"}
		res, err := o.client.Watch(o.ctx, []api.Channel{ch})
		if err != nil || res[0].Err != nil || !res[0].Expiry.Equal(week.Truncate(time.Second)) {
			t.Fatalf("%+v, %v", res, err)
		}
		made := o.one("Accounts", map[string]any{"Account_Name": "Heard"})
		time.Sleep(time.Minute)
		o.box.DeliverNotifications(o.ctx)
		if len(got) != 1 || got[0].Module != "Accounts" || got[0].IDs[0] != made.ID || got[0].Operation != "create" || got[0].Token != "secret" || got[0].ChannelID != "10001" || got[0].At.IsZero() {
			t.Errorf("callbacks %+v", got)
		}
		ch.Expiry = time.Now().Add(30 * 24 * time.Hour)
		res, err = o.client.RenewWatch(o.ctx, []api.Channel{ch})
		if err != nil || res[0].Err != nil || time.Until(res[0].Expiry) > time.Hour {
			t.Errorf("a month becomes an hour, silently: %+v, %v", res, err)
		}
		if known, err := o.client.WatchDetails(o.ctx, "10001"); err != nil || len(known) != 1 || known[0].NotifyURL != ch.NotifyURL {
			t.Errorf("details %+v, %v", known, err)
		}
		for range 2 {
			if err := o.client.Unwatch(o.ctx, "10001"); err != nil {
				t.Errorf("unwatch: %v", err)
			}
		}
		if known, err := o.client.WatchDetails(o.ctx, "10001"); err != nil || len(known) != 0 {
			t.Errorf("after the end %+v, %v", known, err)
		}
		if res, err := o.client.RenewWatch(o.ctx, []api.Channel{ch}); err == nil && (res[0].Err == nil || res[0].Err.Kind != transport.FaultNotFound) {
			t.Errorf("renewing what is gone: %+v", res)
		}
	})
}

func TestConformance_PacedClientIsNeverThrottled(t *testing.T) {
	for _, edition := range []string{"free", "enterprise"} {
		inOrg(t, zohobox.Options{Limits: "real", Edition: edition}, func(o *org) {
			made := o.one("Accounts", map[string]any{"Account_Name": "Busy"})
			o.counts.Reset()
			var wg sync.WaitGroup
			for range 200 {
				wg.Go(func() {
					if _, _, err := o.client.One(o.ctx, "Accounts", made.ID); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if o.counts.ByKind()[transport.RecordRead] != 200 {
				t.Errorf("%v calls for 200 reads: some were throttled", o.counts.ByKind())
			}
		})
	}
}

func TestConformance_AWithdrawnConsentEndsInReauthorise(t *testing.T) {
	for _, status := range []int{200, 400} {
		inOrg(t, zohobox.Options{Dials: zohobox.Dials{TokenErrorStatus: status}}, func(o *org) {
			if _, err := o.box.Do(o.ctx, zohobox.Action{User: "Super Admin", Action: "revoke", ID: o.box.Credentials().RefreshToken}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Minute)
			_, err := o.client.Org(o.ctx)
			if !errors.Is(err, oauth.ErrReauthorise) || transport.FaultOf(err) != transport.FaultAuth {
				t.Errorf("status %d: %v", status, err)
			}
		})
	}
}
