package qbobox_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/sandbox/qbobox"
)

// exchange is one recorded call.
type exchange struct {
	name     string
	request  m
	response m
	at       time.Time // of the answer
}

// state is one record as an answer showed it.
type state struct {
	o    m
	at   time.Time
	from string // the exchange
}

// recordings of all exchanges, and every state of every record in them.
type recordedWorld struct {
	exchanges []exchange
	states    map[string]map[string][]state // by entity and id
}

var readWorld = sync.OnceValues(func() (*recordedWorld, error) {
	files, err := filepath.Glob(filepath.Join(recordings, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	w := &recordedWorld{states: map[string]map[string][]state{}}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		o, err := decodeNumbers(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if s(o, "status") != "200" {
			return nil, fmt.Errorf("%s: status %s", f, s(o, "status"))
		}
		x := exchange{name: strings.TrimSuffix(filepath.Base(f), ".json"), request: o["request"].(m), response: o["response"].(m)}
		if x.at, err = time.Parse(time.RFC3339, s(x.response, "time")); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		w.exchanges = append(w.exchanges, x)
		x.each(func(entity string, r m) {
			if w.states[entity] == nil {
				w.states[entity] = map[string][]state{}
			}
			id := s(r, "Id")
			w.states[entity][id] = append(w.states[entity][id], state{r, x.at, x.name})
		})
	}
	for _, ids := range w.states {
		for _, st := range ids {
			slices.SortStableFunc(st, func(a, b state) int { return a.at.Compare(b.at) })
		}
	}
	return w, nil
})

// each visits the records of an answer, single or listed.
func (x exchange) each(visit func(entity string, r m)) {
	inner := x.response
	if q, ok := inner["QueryResponse"].(m); ok {
		inner = q
	}
	for k, v := range inner {
		switch v := v.(type) {
		case m:
			visit(k, v)
		case []any:
			for _, r := range v {
				visit(k, r.(m))
			}
		}
	}
}

// asOf opens the recorded company as it stood when a call was made: what was
// there by then, in the state last seen before it, or the earliest seen after.
// What the call's own answer shows is taken from it, so that reads can be
// compared; before changes that for writes, and drops a record by saying false.
func (w *recordedWorld) asOf(t *testing.T, x exchange, before func(entity string, r m) bool) *client {
	t.Helper()
	own, names, home := map[string]m{}, x.names(), "1 Main Street"
	x.each(func(entity string, r m) {
		own[entity+s(r, "Id")] = r
		if a := s(r, "ShipFromAddr.Line1"); strings.HasPrefix(x.name, "create") && a != "" {
			home = a
		}
	})
	dir := t.TempDir()
	for entity, ids := range w.states {
		var rows []any
		for id, states := range ids {
			pick := states[0]
			for _, st := range states {
				if st.at.Before(x.at) {
					pick = st
				}
			}
			r := pick.o
			if mine := own[entity+id]; mine != nil {
				r = copyOf(mine)
				if !before(entity, r) {
					continue
				}
			} else if made, err := time.Parse(time.RFC3339, s(r, "MetaData.CreateTime")); err != nil || made.After(x.at) {
				continue
			}
			if n := names[entity+id]; n != "" && len(own) > 0 && own[entity+id] == nil {
				r = renamed(entity, r, n)
			}
			rows = append(rows, r)
		}
		raw, err := json.Marshal(m{"status": 200, "response": m{"QueryResponse": m{entity: rows}, "time": x.at.Add(-time.Second).Format(time.RFC3339)}})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, entity+".json"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := open(t, func(o *qbobox.Options) { o.Now = func() time.Time { return x.at } })
	if err := c.box.LoadRecorded(dir); err != nil {
		t.Fatal(err)
	}
	if err := c.box.Load("CompanyInfo", []m{{"CompanyAddr": m{"Line1": home}}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// renamed gives a record the name that a reference to it shows.
func renamed(entity string, r m, name string) m {
	last := name[strings.LastIndex(name, ":")+1:]
	if entity == "Customer" {
		if s(r, "DisplayName") == last {
			return r
		}
		r = copyOf(r)
		r["DisplayName"] = last
	} else {
		if s(r, "Name") == last {
			return r
		}
		r = copyOf(r)
		r["Name"] = last
	}
	up := s(r, "FullyQualifiedName")
	r["FullyQualifiedName"] = up[:strings.LastIndex(up, ":")+1] + last
	return r
}

func copyOf(o m) m {
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	out, err := decodeNumbers(raw)
	if err != nil {
		panic(err)
	}
	return out
}

func decodeNumbers(raw []byte) (m, error) {
	var o m
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	err := dec.Decode(&o)
	return o, err
}

// again makes the recorded call and returns what the box says.
func (x exchange) again(c *client) (int, m) {
	path := strings.TrimPrefix(s(x.request, "path"), "/v3/company/{realmId}/")
	q := url.Values{}
	if params, ok := x.request["query"].(m); ok {
		for k := range params {
			q.Set(k, s(params, k))
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	body := x.request["body"]
	if s(x.request, "method") == "POST" && body == nil {
		body = ""
	}
	return c.call(s(x.request, "method"), path, body)
}

// flat lists every value of an answer by its path.
func flat(v any) map[string]string {
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case m:
			if len(v) == 0 {
				out[path] = "{}"
			}
			for k, e := range v {
				walk(path+"."+k, e)
			}
		case []any:
			if len(v) == 0 {
				out[path] = "[]"
			}
			for i, e := range v {
				walk(fmt.Sprintf("%s.%d", path, i), e)
			}
		default:
			out[path] = fmt.Sprintf("%T %v", v, v)
		}
	}
	walk("", v)
	return out
}

// differences are the paths whose values differ, apart from what only the
// vendor can know: its geocoder's findings, its people, its links.
func differences(want, got m) []string {
	a, b := flat(want), flat(got)
	var out []string
	for k := range a {
		if !vendorOnly(k) && !sameMoment(a[k], b[k]) {
			out = append(out, fmt.Sprintf("%s: recorded %q, the box %q", k, a[k], b[k]))
		}
	}
	for k := range b {
		if _, has := a[k]; !has && !vendorOnly(k) {
			out = append(out, fmt.Sprintf("%s: the box adds %q", k, b[k]))
		}
	}
	slices.Sort(out)
	return out
}

// sameMoment: times may differ by the seconds that a call takes.
func sameMoment(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := time.Parse("string "+time.RFC3339, a)
	y, err2 := time.Parse("string "+time.RFC3339, b)
	return err1 == nil && err2 == nil && x.Sub(y).Abs() <= 5*time.Second
}

// beforeWrite turns the answer to a write into the record as it stood before;
// false where there was none yet.
func beforeWrite(x exchange, r m) bool {
	verb, _, _ := strings.Cut(x.name, "-")
	meta, _ := r["MetaData"].(m)
	switch {
	case verb == "create":
		return false
	case verb == "send":
		r["SyncToken"], r["EmailStatus"], r["FreeFormAddress"] = "0", "NotSet", true
		delete(r, "DeliveryInfo")
		meta["LastUpdatedTime"] = meta["CreateTime"]
	case verb == "update" && s(r, "SyncToken") != s(x.request, "body.SyncToken"):
		r["SyncToken"] = s(x.request, "body.SyncToken")
		meta["LastUpdatedTime"] = meta["CreateTime"]
		if _, has := x.request["body"].(m)["PrivateNote"]; has {
			r["PrivateNote"] = "an older note"
		}
		switch x.name {
		case "update-customer":
			r["DisplayName"], r["FullyQualifiedName"] = "An older name", "An older name"
		case "update-vendor": // a full update: these are cleared
			r["DisplayName"], r["GivenName"], r["PrintOnCheckName"], r["CompanyName"] = "An older name", "Old", "Old Ltd", "Old Ltd"
			r["BillAddr"] = m{"Id": "1", "Line1": "1 Road"}
			r["BillRate"] = json.Number("0")
		case "update-credit-memo": // a full update: the date becomes today's
			r["TxnDate"] = "2026-01-31"
		case "update-journal-entry":
			r["DocNumber"], r["TxnDate"] = "JE-9", "2026-01-31"
			for _, l := range r["Line"].([]any) {
				l.(m)["Amount"], l.(m)["Description"] = json.Number("7"), "older"
			}
		}
	}
	return true
}

// names are what references of an answer call their records, by entity and id:
// some were renamed between the recordings.
func (x exchange) names() map[string]string {
	out := map[string]string{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case m:
			for k, e := range v {
				to := map[string]string{"CustomerRef": "Customer", "ItemRef": "Item", "ItemAccountRef": "Account", "IncomeAccountRef": "Account", "AccountRef": "Account"}[k]
				if r, ok := e.(m); ok && to != "" && r["name"] != nil {
					out[to+s(r, "value")] = s(r, "name")
				}
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(x.response)
	return out
}

// recordedDeviations are the values in which the box's answers differ from the
// recorded ones, each with the reason.
var recordedDeviations = map[string]string{
	"create-customer.Customer.BillAddr.Id":          olderAddresses,
	"create-estimate.Estimate.ShipFromAddr.Id":      olderAddresses,
	"create-invoice.Invoice.ShipFromAddr.Id":        olderAddresses,
	"create-purchase-order.PurchaseOrder.DocNumber": "the order that had number 1008 is only recorded after a full update that took it away",
}

const olderAddresses = "addresses are counted in one series, and other records are only recorded after they got theirs"

// settleTies puts accounts of one name in the order of their ids: the vendor
// shows them in an order of which no rule can be seen (seven pairs are recorded).
func settleTies(answer m) {
	rows, _ := dig(answer, "QueryResponse.Account").([]any)
	slices.SortStableFunc(rows, func(a, b any) int {
		if s(a, "Name") != s(b, "Name") {
			return 0
		}
		return cmp.Or(cmp.Compare(len(s(a, "Id")), len(s(b, "Id"))), cmp.Compare(s(a, "Id"), s(b, "Id")))
	})
}

func dig(v any, path string) any {
	for part := range strings.SplitSeq(path, ".") {
		o, _ := v.(m)
		v = o[part]
	}
	return v
}

// Each recorded exchange is made again on the company as it stood then: same
// status, same properties, same values, those worked out by the vendor
// included (quickbooks-online.md sections 2, 4.1, 4.2, 4.10, 5.1 to 5.8 and 6).
func TestRecorded_EveryExchangeIsAnsweredAsRecorded(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a company for each of 64 exchanges, one after the other")
	}
	w, err := readWorld()
	if err != nil {
		t.Fatal(err)
	}
	if w == nil {
		t.Skip("SKIPPED: the recorded exchanges (../shared/reference) are not here; nothing is compared with a real company")
	}
	if len(w.exchanges) != 64 {
		t.Errorf("%d exchanges, want 64", len(w.exchanges))
	}
	seen := map[string]bool{}
	for _, x := range w.exchanges {
		t.Run(x.name, func(t *testing.T) {
			c := w.asOf(t, x, func(_ string, r m) bool { return beforeWrite(x, r) })
			status, got := x.again(c)
			if status != 200 {
				t.Errorf("status %d, recorded 200", status)
			}
			settleTies(x.response)
			settleTies(got)
			for _, d := range differences(x.response, got) {
				path, _, _ := strings.Cut(d, ": ")
				seen[x.name+path] = true
				if recordedDeviations[x.name+path] == "" {
					t.Error(d)
				}
			}
		})
	}
	for k, why := range recordedDeviations {
		if !seen[k] {
			t.Errorf("listed as a deviation and none any more: %s (%s)", k, why)
		}
	}
}
