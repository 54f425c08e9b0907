package qbobox

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// keys gives the box its app: two pairs of keys and a verifier token for each
// of the vendor's two environments (reference sections 1.1 and 10.1). A company
// is of one of them; the other's open nothing here and sign nothing.
func (b *Box) keys() {
	o := &b.opt
	mine, other := "", "production "
	if o.Production {
		mine, other = other, mine
	}
	key := func(given, environment, what string, n int) string {
		return cmp.Or(given, derive(o.Seed, environment+what, n))
	}
	id := func(given, environment string) string {
		return cmp.Or(given, "AB"+derive(o.Seed, cmp.Or(environment, "client ")+"id", 48))
	}
	secret := func(given, environment string) string {
		return key(given, cmp.Or(environment, "client "), "secret", 40)
	}
	o.ClientID, o.ClientSecret = id(o.ClientID, mine), secret(o.ClientSecret, mine)
	o.ProductionID, o.ProductionSecret = id(o.ProductionID, other), secret(o.ProductionSecret, other)
	o.WebhookVerifier = key(o.WebhookVerifier, mine, "webhook verifier", 36)
	b.otherVerifier = derive(o.Seed, other+"webhook verifier", 36)
}

// registrations checks what the vendor's portal would not take.
func (b *Box) registrations() error {
	for _, uri := range b.opt.RedirectURIs {
		if err := b.production(uri); err != nil {
			return fmt.Errorf("redirect address %s: %w", uri, err)
		}
	}
	return b.endpoint(b.opt.WebhookURL)
}

// production holds an address of the app against the rule of real companies
// (reference section 1.2).
func (b *Box) production(address string) error {
	if !b.opt.Production {
		return nil
	}
	return public(address)
}

// endpoint holds the address of notifications against the portal's rule
// (reference section 10.1). A company of the development side takes any, unless
// told otherwise: sandbox and app are often on one machine.
func (b *Box) endpoint(address string) error {
	if address == "" || !b.opt.Production && !b.opt.WebhookPublic {
		return nil
	}
	if err := public(address); err != nil {
		return fmt.Errorf("notifications cannot go to %s: %w", address, err)
	}
	return nil
}

// public tells what is wrong with an address that the whole world shall reach.
func public(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("it is no address")
	case u.Scheme != "https":
		return errors.New("it must begin with https://")
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	at := strings.LastIndex(host, ".")
	if at <= 0 || net.ParseIP(host) != nil || slices.Contains([]string{"localhost", "local", "internal", "test", "invalid"}, host[at+1:]) {
		return errors.New("it must be on a public domain")
	}
	return nil
}

// NotifyThrough lets another company's box deliver the notifications of this
// one, as one app has one endpoint for all its companies: what both have to
// say comes together. It is set up before the first write.
func (b *Box) NotifyThrough(other *Box) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if other != b {
		b.messenger = other
	}
}

// foreignEvent is news of a company that has no box: an endpoint hears of
// every company that is connected to the app, and must look whose the news is.
func (b *Box) foreignEvent(a Action) (Result, error) {
	realm, operation := str(a.Data, "RealmID"), str(a.Data, "Operation")
	if realm == "" {
		realm = "9341459999999999"
	}
	if operation == "" {
		operation = "Update"
	}
	e := b.entityNamed(a.Type)
	if e == nil || !strings.Contains(notified[e.name], operation) || a.ID == "" {
		return Result{}, fmt.Errorf("nobody is told of %s of a %s", operation, a.Type)
	}
	b.outbox.add(b, event{Realm: realm, Name: e.name, ID: a.ID, Operation: operation, Transaction: e.shape == document, Time: b.now()})
	return Result{Type: e.name, ID: a.ID}, nil
}

// alternatives are further numbers of a record in a notification; of which
// entities is known for classes alone (recorded, reference section 10.3).
func (b *Box) alternatives(e event) []any {
	if e.Name != "Class" && e.Name != "Department" || b.opt.Dials.EventsAreBare {
		return nil
	}
	id := base64.StdEncoding.EncodeToString([]byte("v4.1:" + e.Realm + ":" + derive(b.opt.Seed, "namespace "+e.Name, 10)))
	return []any{object{"id": id + ":" + e.ID, "namespace": "Intuit.sbseg.v4"}}
}

// eventID numbers an event. Of transactions it has name and id behind the
// uuid, as in one sample; which do is not known (reference section 10.3).
func (b *Box) eventID(serial, i int, e event) string {
	id := uuid(derive(b.opt.Seed, fmt.Sprintf("event %d %d", serial, i), 16))
	if e.Transaction && !b.opt.Dials.EventsAreBare {
		id += "-" + e.Name + "-" + e.ID
	}
	return id
}
