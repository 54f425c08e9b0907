package qbobox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
)

// companies are two boxes of one app: the second's news goes the first's way.
func companies(t *testing.T, cloud bool) (one, two *client, l *listener) {
	one, l = listening(t, func(o *qbobox.Options) { o.WebhookCloudEvents = cloud })
	two = open(t, func(o *qbobox.Options) { o.RealmID = "9341450000000002" })
	two.box.NotifyThrough(one.box)
	return one, two, l
}

// quickbooks-online.md section 10.1: one endpoint hears of every connected company,
// in the old form with a part for each.
func TestNotify_OneEndpointHearsOfEveryCompany(t *testing.T) {
	one, two, l := companies(t, false)
	one.customer("Ann")
	two.vendor("Norton")
	one.customer("Bea")
	if n := one.box.DeliverNotifications(t.Context()); n != 1 || two.box.DeliverNotifications(t.Context()) != 0 {
		t.Fatalf("%d deliveries", n)
	}
	var got m
	if err := json.Unmarshal([]byte(l.got()[0]), &got); err != nil {
		t.Fatal(err)
	}
	check(t, got, map[string]string{
		"eventNotifications.0.realmId": one.realm, "eventNotifications.0.dataChangeEvent.entities.1.id": "2", "eventNotifications.0.dataChangeEvent.entities.2": "",
		"eventNotifications.1.realmId": two.realm, "eventNotifications.1.dataChangeEvent.entities.0.name": "Vendor", "eventNotifications.2": "",
	})
	if one.box.Credentials().WebhookVerifier != two.box.Credentials().WebhookVerifier || one.box.Credentials().ClientID != two.box.Credentials().ClientID {
		t.Error("two companies of one app have different keys")
	}
}

// quickbooks-online.md section 10.3: one delivery may mix companies, of which
// one need not be here at all; records of one number stay apart.
func TestNotify_EventsOfSeveralCompaniesInOneDelivery(t *testing.T) {
	one, two, l := companies(t, true)
	one.customer("Ann")
	two.customer("Ann")
	one.do(qbobox.Action{Action: "notify", Type: "Customer", ID: "1", Data: m{"RealmID": "310687", "Operation": "Create"}})
	one.box.DeliverNotifications(t.Context())
	var events []m
	if err := json.Unmarshal([]byte(l.got()[0]), &events); err != nil {
		t.Fatal(err)
	}
	var realms []string
	for _, e := range events {
		check(t, e, map[string]string{"type": "qbo.customer.created.v1", "intuitentityid": "1"})
		realms = append(realms, s(e, "intuitaccountid"))
	}
	if got := strings.Join(realms, ","); got != one.realm+","+two.realm+",310687" {
		t.Errorf("companies %s", got)
	}
	if _, err := one.box.Do(t.Context(), qbobox.Action{Action: "notify", Type: "TaxCode", ID: "1"}); err == nil {
		t.Error("news of an entity that has none was taken")
	}
}

// quickbooks-online.md section 10.3: an event's id may be a uuid with the record
// behind it, and some events name further numbers; the dial leaves both out.
func TestNotify_IdsAndAlternativeIdsOfEvents(t *testing.T) {
	uuid := `[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}`
	for _, bare := range []bool{false, true} {
		c, l := listening(t, func(o *qbobox.Options) { o.WebhookCloudEvents, o.Dials.EventsAreBare = true, bare })
		class := s(c.post("class", m{"Name": "West"}), "Id")
		order := s(c.post("purchaseorder", m{"VendorRef": v(s(c.vendor("V"), "Id")), "Line": []any{accountLine(c.account("Travel"), 5)}}), "Id")
		c.box.DeliverNotifications(t.Context())
		var events []m
		if err := json.Unmarshal([]byte(l.got()[0]), &events); err != nil {
			t.Fatal(err)
		}
		tail := "-PurchaseOrder-" + order
		if bare {
			tail = ""
		}
		for i, want := range []string{"^" + uuid + "$", "^" + uuid + "$", "^" + uuid + tail + "$"} {
			if id := s(events[i], "id"); !regexp.MustCompile(want).MatchString(id) {
				t.Errorf("event %d has id %q", i, id)
			}
		}
		also := s(events[0], "data.alternative_ids.0.id")
		if bare != (also == "") || !bare && (!strings.HasSuffix(also, ":"+class) || s(events[0], "data.alternative_ids.0.namespace") != "Intuit.sbseg.v4") {
			t.Errorf("further numbers %q", also)
		}
	}
}

// quickbooks-online.md section 10.1: each environment has a verifier token of its own, and
// section 1.1: a pair of keys of its own.
func TestEnvironments_HaveTheirOwnKeysAndVerifiers(t *testing.T) {
	hook := "https://app.example/hook"
	c, l := listening(t, func(o *qbobox.Options) { o.WebhookURL = hook })
	p, pl := listening(t, func(o *qbobox.Options) { o.WebhookURL, o.Production = hook, true })
	dev, prod := c.box.Credentials(), p.box.Credentials()
	if dev.ClientID != prod.ProductionID || dev.ProductionID != prod.ClientID || dev.ClientSecret != prod.ProductionSecret {
		t.Error("the environments do not have each other's keys")
	}
	if dev.WebhookVerifier == prod.WebhookVerifier || dev.WebhookVerifier != prod.OtherVerifier || dev.OtherVerifier != prod.WebhookVerifier {
		t.Error("the environments do not have a verifier each")
	}
	for _, k := range []struct {
		c        *client
		l        *listener
		verifier string
	}{{c, l, dev.WebhookVerifier}, {p, pl, prod.WebhookVerifier}} {
		k.c.customer("Ann")
		k.c.box.DeliverNotifications(t.Context())
		if got := k.l.last.Header.Get("intuit-signature"); got != qbobox.Sign(k.verifier, []byte(k.l.got()[0])) {
			t.Errorf("signed %q", got)
		}
	}
	if status, body, _ := p.tokenCall(refresh(prod.RefreshToken), dev.ClientID, dev.ClientSecret, nil); status != 400 || s(body, "error") != "invalid_grant" {
		t.Errorf("development keys in production: %d %v", status, body)
	}
}

// notPublic are addresses that nobody in the world could reach, or safely.
var notPublic = []string{"http://app.example/x", "http://localhost/x", "https://localhost/x", "https://127.0.0.1/x", "https://10.1.2.3:8443/x", "https://[::1]/x", "https://app/x", "https://nas.local/x"}

// quickbooks-online.md section 1.2: production keys want https and a real domain.
func TestProduction_WantsRealAddresses(t *testing.T) {
	c := open(t, func(o *qbobox.Options) { o.Production = true })
	ask := func(uri string) int {
		q := c.asking("redirect_uri", uri, "sandbox_consent", "accept")
		status, _, _ := c.browse("GET", authorizePage+"?"+q.Encode(), nil)
		return status
	}
	if status := ask("https://app.example.com/callback"); status != http.StatusFound {
		t.Errorf("a real address: %d", status)
	}
	for _, uri := range notPublic {
		if status := ask(uri); status != http.StatusBadRequest {
			t.Errorf("%s: %d", uri, status)
		}
		if _, err := qbobox.New(qbobox.Options{Production: true, RedirectURIs: []string{uri}}); err == nil || !strings.Contains(err.Error(), "redirect address") {
			t.Errorf("%s was registered: %v", uri, err)
		}
	}
}

// quickbooks-online.md section 10.1: where told so, and always in production, the
// endpoint must be https on a public host.
func TestNotify_TheEndpointMayHaveToBePublic(t *testing.T) {
	c, l := listening(t, func(o *qbobox.Options) { o.WebhookURL, o.WebhookPublic = "https://app.example/hook", true })
	for _, address := range notPublic {
		if out := c.page("POST", "/_sandbox/webhook", m{"url": address}); !strings.Contains(s(out, "error"), "it must") {
			t.Errorf("%s: %v", address, out)
		}
		c.box.SetWebhook(address)
		for _, o := range []qbobox.Options{{WebhookPublic: true, WebhookURL: address}, {Production: true, WebhookURL: address}} {
			if _, err := qbobox.New(o); err == nil {
				t.Errorf("%s was taken", address)
			}
		}
	}
	c.customer("Ann")
	if c.box.DeliverNotifications(t.Context()); l.last == nil || l.last.URL.String() != "https://app.example/hook" {
		t.Errorf("delivered to %v", l.last)
	}
}

// quickbooks-online.md section 1.4: tokens also end when the administrator or user who
// connected the app is gone, or the company; the first two leave room for others
func TestTokens_EndWithThePeopleAndTheCompany(t *testing.T) {
	for _, why := range []string{"administrator", "user", "company"} {
		c := open(t)
		cred := c.box.Credentials()
		c.do(qbobox.Action{Action: "disconnect", Data: m{"Reason": why}})
		if status, _ := c.call("GET", "item/1", nil); status != 401 {
			t.Errorf("%s: the access token lives on: %d", why, status)
		}
		if status, body, _ := c.tokenCall(refresh(cred.RefreshToken), cred.ClientID, cred.ClientSecret, nil); status != 400 || s(body, "error") != "invalid_grant" {
			t.Errorf("%s: the refresh token lives on: %d %v", why, status, body)
		}
		_, _, h := c.browse("GET", authorizePage+"?"+c.asking("sandbox_consent", "accept").Encode(), nil)
		back, err := url.Parse(h.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := c.tokenCall(url.Values{"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "redirect_uri": {c.asking().Get("redirect_uri")}}, cred.ClientID, cred.ClientSecret, nil)
		c.token = s(body, "access_token")
		if status, _, _, _ := c.fault("GET", "item/1", nil); (status == 200) != (why != "company") {
			t.Errorf("%s: connected anew: %d", why, status)
		}
	}
	c := open(t)
	if _, err := c.box.Do(t.Context(), qbobox.Action{Action: "disconnect", Data: m{"Reason": "rain"}}); err == nil {
		t.Error("an unknown reason was taken")
	}
}
