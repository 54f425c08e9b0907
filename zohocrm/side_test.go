package zohocrm_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crossbook"
	"crossbook/sandbox/zohobox"
	"crossbook/zohocrm"
	"crossbook/zohocrm/api"
)

// signed signs calls with one token of the sandbox and tells what it is asked.
type signed struct {
	box   *zohobox.Box
	token string
	calls atomic.Int32
	after func(n int32, path string) // called after each call of the API
}

func (s *signed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Zoho-oauthtoken "+s.token)
	res, err := s.box.Transport().RoundTrip(r)
	if n := s.calls.Add(1); s.after != nil {
		s.after(n, r.URL.Path)
	}
	return res, err
}

// organisation is a sandbox with n Vendors, all saved at noon, and a side on it.
func organisation(t *testing.T, n int, change ...func(*zohobox.Options)) (*zohobox.Box, *signed, *zohocrm.Side) {
	t.Helper()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	o := zohobox.Options{Now: func() time.Time { return now }, Seed: 5, ManualDelivery: true, BaseURL: "http://localhost"}
	for _, c := range change {
		c(&o)
	}
	box, err := zohobox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{"Vendor_Name": fmt.Sprintf("Vendor %04d", i)}
	}
	if err := box.Load("Vendors", rows); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour) // edits come later than what was loaded
	s := &signed{box: box, token: token(t, box)}
	client, err := api.New(api.Options{BaseURL: "http://localhost", Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	return box, s, zohocrm.New(client, map[crossbook.Module][]string{crossbook.Vendors: {"Vendor_Name"}})
}

func token(t *testing.T, box *zohobox.Box) string {
	t.Helper()
	c := box.Credentials()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret}, "refresh_token": {c.RefreshToken},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/oauth/v2/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := box.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.AccessToken == "" {
		t.Fatalf("no token: %v", err)
	}
	return out.AccessToken
}

func changed(t *testing.T, side *zohocrm.Side, since time.Time) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	_, err := side.Changed(t.Context(), crossbook.Vendors, since, false, func(rs []crossbook.Record) error {
		for _, r := range rs {
			seen[r.ID] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// A record saved between two pages must not push another one out of sight.
func TestChanged_EditBetweenPages_MissesNoRecord(t *testing.T) {
	const n = 4500 // several pages whichever way they are read
	box, calls, side := organisation(t, n)
	all := changed(t, side, time.Time{}.Add(time.Hour))
	if len(all) != n {
		t.Fatalf("%d records, want %d", len(all), n)
	}
	ids := make([]string, 0, n)
	for id := range all {
		ids = append(ids, id)
	}
	calls.after = func(k int32, _ string) {
		for _, id := range ids[k*20 : k*20+20] {
			if _, err := box.Do(t.Context(), zohobox.Action{Action: "update", Type: "Vendors", ID: id, Data: map[string]any{"Phone": "555"}}); err != nil {
				t.Error(err)
			}
		}
	}
	calls.calls.Store(0)
	if seen := changed(t, side, time.Date(2026, 5, 4, 11, 0, 0, 0, time.UTC)); len(seen) != n {
		t.Errorf("%d of %d records seen while others were edited", len(seen), n)
	}
	if k := calls.calls.Load(); k > 4 {
		t.Errorf("%d calls for %d changed records, want 4: one list and three of COQL", k, n)
	}
}

func TestChanged_LittleNews_IsOneCall(t *testing.T) {
	_, calls, side := organisation(t, 150)
	for _, since := range []time.Time{time.Date(2026, 5, 4, 11, 0, 0, 0, time.UTC), time.Date(2026, 5, 4, 12, 30, 0, 0, time.UTC)} {
		calls.calls.Store(0)
		changed(t, side, since)
		if k := calls.calls.Load(); k != 1 {
			t.Errorf("%d calls, want 1", k)
		}
	}
}
