package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseWebhook_BothFormats(t *testing.T) {
	classic := `{"eventNotifications":[{"realmId":"1269959970","dataChangeEvent":{"entities":[
		{"name":"Vendor","id":"40","operation":"Update","lastUpdated":"2016-10-05T03:09:04.000Z"},
		{"name":"Customer","id":"43","operation":"Merge","lastUpdated":"2016-10-05T03:07:04.000Z","deletedId":"57"}]}}]}`
	got, err := ParseWebhook([]byte(classic))
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{Realm: "1269959970", Entity: "Vendor", RecordID: "40", Operation: Updated, Time: time.Date(2016, 10, 5, 3, 9, 4, 0, time.UTC)},
		{Realm: "1269959970", Entity: "Customer", RecordID: "43", MergedID: "57", Operation: Merged, Time: time.Date(2016, 10, 5, 3, 7, 4, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("classic (-want +got):\n%s", diff)
	}
	cloud := ` [{"specversion":"1.0","id":"e1","type":"qbo.purchaseorder.VOID.v1","time":"2026-05-05T09:05:12.034359333Z","intuitentityid":"60","intuitaccountid":"934","data":{}},
		{"id":"e2","type":"qbo.customer.merged.v1","time":"2026-05-05T09:05:12Z","intuitentityid":"1","intuitaccountid":"935","data":{"deletedid":"2"}},
		{"id":"e3","type":"other.thing","intuitentityid":"1","intuitaccountid":"935","time":"2026-05-05T09:05:12Z"}]`
	if got, err = ParseWebhook([]byte(cloud)); err != nil {
		t.Fatal(err)
	}
	want = []Event{
		{ID: "e1", Realm: "934", Entity: "PurchaseOrder", RecordID: "60", Operation: Voided, Time: time.Date(2026, 5, 5, 9, 5, 12, 34359333, time.UTC)},
		{ID: "e2", Realm: "935", Entity: "Customer", RecordID: "1", MergedID: "2", Operation: Merged, Time: time.Date(2026, 5, 5, 9, 5, 12, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CloudEvents (-want +got):\n%s", diff)
	}
	for _, bad := range []string{``, `{}`, `{"eventNotifications":1}`, `[1]`, `<html>`} {
		if ev, err := ParseWebhook([]byte(bad)); err == nil {
			t.Errorf("%q gave %v", bad, ev)
		}
	}
}

func TestParseWebhook_RecordedPayloads(t *testing.T) {
	if got, err := ParseWebhook(readFile(t, "webhooks/legacy-eventNotifications.json")); err != nil || len(got) != 2 {
		t.Errorf("classic: %v, %v", got, err)
	}
	got, err := ParseWebhook(readFile(t, "webhooks/cloudevents-class-created.json"))
	if err != nil || len(got) != 1 || got[0].Entity != "Class" || got[0].Operation != Created {
		t.Errorf("CloudEvents: %v, %v", got, err)
	}
}

func TestVerify_OnlyTheRawBodyUnderTheToken(t *testing.T) {
	body := []byte(`{"eventNotifications":[]}`)
	mac := hmac.New(sha256.New, []byte("verifier"))
	mac.Write(body)
	sig := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !Verify(body, sig, "verifier") {
		t.Error("a right signature was refused")
	}
	for name, ok := range map[string]bool{
		"other body":   Verify(append([]byte(" "), body...), sig, "verifier"),
		"other token":  Verify(body, sig, "Verifier"),
		"no token":     Verify(body, sig, ""),
		"no signature": Verify(body, "", "verifier"),
		"not base64":   Verify(body, "!!!", "verifier"),
	} {
		if ok {
			t.Errorf("%s was accepted", name)
		}
	}
}
