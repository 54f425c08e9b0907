package zohobox_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crossbook/sandbox/fault"
	"crossbook/sandbox/zohobox"
)

// Section 14: the free edition has 5,000 credits a rolling day.
func TestCredits_RunOutAndComeBack(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free"})
	r := a.get("/org")
	for range 2498 {
		r = a.get("/org")
	}
	if got := r.header.Get("X-API-CREDITS-REMAINING"); got != "" {
		t.Errorf("credits are told before half of them is used: %s", got)
	}
	r = a.get("/org")
	if got := r.header.Get("X-API-CREDITS-REMAINING"); got != "2500" {
		t.Errorf("remaining %q, want 2500", got)
	}
	for range 2500 {
		r = a.get("/org")
	}
	r.want(200)
	a.get("/org").want(429, "code", "TOO_MANY_REQUESTS", "status", "error")
	a.later(24*time.Hour + time.Minute)
	a.get("/org").want(200)
}

// Section 14: a write costs one credit for ten records, COQL one to three.
func TestCredits_OfWritesAndQueries(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free"})
	rows := make([]obj, 100)
	for i := range rows {
		rows[i] = obj{"Vendor_Name": fmt.Sprint(i)}
	}
	for range 250 {
		a.insert("Vendors", rows...)
	}
	left := func(r reply) string { return r.header.Get("X-API-CREDITS-REMAINING") }
	if got := left(a.get("/org")); got != "2499" {
		t.Errorf("after 250 writes of 100: %s left, want 2499", got)
	}
	if got := left(a.insert("Vendors", rows[:11]...)); got != "2497" {
		t.Errorf("eleven records: %s left, want 2497", got)
	}
	for limit, want := range map[int]int{200: 1, 1000: 2, 2000: 3} {
		before, after := 0, 0
		_, _ = fmt.Sscan(left(a.get("/org")), &before)
		_, _ = fmt.Sscan(left(a.coql(fmt.Sprintf("select id from Vendors where id is not null limit %d", limit))), &after)
		if before-after != want {
			t.Errorf("limit %d cost %d, want %d", limit, before-after, want)
		}
	}
}

// zoho-crm.md section 14: what costs more than one credit on the table that is
// less sure, and section 6: tags one for fifty, composites two when rolled back.
func TestCredits_OfDearerCalls(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "real", Edition: "free", Dials: zohobox.Dials{BulkTime: -1}})
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	for range 60 {
		a.bulkRead(obj{"module": obj{"api_name": "Vendors"}})
	}
	left := func(r reply) (n int) { _, _ = fmt.Sscan(r.header.Get("X-API-CREDITS-REMAINING"), &n); return n }
	cv := a.get("/settings/custom_views?module=Vendors").str("custom_views.0.id")
	ids := make([]any, 51)
	for i := range ids {
		ids[i] = v
	}
	for _, c := range []struct {
		name string
		cost int
		call func() reply
	}{
		{"a list", 1, func() reply { return a.get("/Vendors?fields=id") }},
		{"a view's list", 3, func() reply { return a.get("/Vendors?fields=id&cvid=" + cv) }},
		{"the deleted", 2, func() reply { return a.get("/Vendors/deleted") }},
		{"51 tagged", 2, func() reply {
			return a.call(http.MethodPost, "/Vendors/actions/add_tags", obj{"ids": ids, "tags": []any{obj{"name": "x"}}})
		}},
		{"a composite", 1, func() reply { return composite(a, obj{"rollback_on_fail": false}, insertPart("1", "A")) }},
		{"a composite with rollback", 2, func() reply { return composite(a, obj{"rollback_on_fail": true}, insertPart("1", "B")) }},
		{"a bulk read", 50, func() reply {
			return a.call(http.MethodPost, bulkPath+"/read", obj{"query": obj{"module": obj{"api_name": "Vendors"}}}, "Content-Type", "application/json")
		}},
	} {
		before := left(a.get("/org"))
		if cost := before - left(c.call()); cost != c.cost {
			t.Errorf("%s cost %d credits, want %d", c.name, cost, c.cost)
		}
	}
}

// Section 14: calls at once by edition, and ten heavy ones everywhere.
func TestConcurrency_IsLimitedByEdition(t *testing.T) {
	for _, c := range []struct {
		name, edition string
		limits        string
		calls         int
		heavy         bool
		refused       int
	}{
		{"twenty on enterprise", "enterprise", "real", 30, false, 10},
		{"ten on standard", "standard", "real", 30, false, 20},
		{"ten heavy ones", "ultimate", "real", 30, true, 20},
		{"off", "standard", "off", 30, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := open(t, zohobox.Options{Limits: c.limits, Edition: c.edition, Dials: zohobox.Dials{Latency: time.Second}})
				var wg sync.WaitGroup
				var mu sync.Mutex
				refused := 0
				for range c.calls {
					wg.Go(func() {
						var r reply
						if c.heavy {
							r = a.coql("select id from Vendors where id is not null")
						} else {
							r = a.get("/org")
						}
						mu.Lock()
						defer mu.Unlock()
						if r.status == http.StatusTooManyRequests {
							refused++
						}
					})
				}
				wg.Wait()
				if refused != c.refused {
					t.Errorf("%d calls were refused, want %d", refused, c.refused)
				}
			})
		})
	}
}

// The fast clock: the same limits, a thousand times quicker.
func TestFastLimits_ComeBackSoon(t *testing.T) {
	a := open(t, zohobox.Options{Limits: "fast"})
	for range 9 {
		a.oauth(refreshForm(a)).want(200, "token_type", "Bearer")
	}
	a.oauth(refreshForm(a)).want(400, "error", "Access Denied")
	a.clock.step(time.Second)
	a.oauth(refreshForm(a)).want(200, "token_type", "Bearer")
}

// The dial injects the vendor's own wording.
func TestFaultDial_SpeaksTheVendorsWords(t *testing.T) {
	a := open(t, zohobox.Options{})
	a.call(http.MethodPost, "/_sandbox/faults", []any{obj{"kind": "rate_limit", "path_contains": "/Vendors", "times": 1}, obj{"kind": "status", "status": 500, "path_contains": "/Accounts", "times": 1}}).want(201)
	a.get("/Vendors?fields=id").want(429, "code", "TOO_MANY_REQUESTS")
	a.get("/Vendors?fields=id").want(204)
	a.get("/Accounts?fields=id").want(500, "code", "INTERNAL_ERROR", "message", "Internal Server Error")
	if _, err := a.box.Faults().Add(fault.Rule{Kind: fault.TimeoutAfter, Method: "POST", PathContains: "/Vendors", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if a.lost(http.MethodPost, "/Vendors", data(obj{"Vendor_Name": "V"})) == nil {
		t.Error("the answer was not lost")
	}
	a.get("/Vendors?fields=Vendor_Name").want(200, "info.count", "1") // but the record is there
}
