package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
	"crossbook/transport"
	crmapi "crossbook/zohocrm/api"
)

// watching is what is known of a connection's subscription at Zoho CRM.
type watching struct {
	ID      string    `json:"id"`
	URL     string    `json:"url"`
	Expires time.Time `json:"expires,omitzero"`
	Renewed time.Time `json:"renewed,omitzero"`
	Events  []string  `json:"events,omitempty"`
}

const factWatch = "crm/watch"

// The upkeep of a subscription: it is asked for the longest life there is, and
// renewed daily, well before a week is over (reference/zoho-crm.md section 11).
const (
	watchLife   = crmapi.MaxChannelLife - time.Minute
	renewEvery  = 24 * time.Hour
	upkeepEvery = 15 * time.Second // a look at our own rows, no call
	retryAfter  = 5 * time.Minute
	watchID     = "1000000068"
)

// channelSecret is what callbacks of Zoho CRM must carry.
type channelSecret struct {
	Token string `json:"token"`
}

func readFact(ctx context.Context, tx *store.Tx, connectionID, key string, into any) error {
	raw, _, err := tx.Fact(ctx, connectionID, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// channelToken returns the connection's callback token and makes it once.
func (h *house) channelToken(ctx context.Context, connectionID string) (string, error) {
	s, err := h.secrets(connectionID)
	if err != nil {
		return "", err
	}
	var secret channelSecret
	_, err = s.read(ctx, zohoChannel, &secret)
	if errors.Is(err, store.ErrNotFound) {
		secret.Token = rand.Text() + rand.Text()[:20] // 46 characters of the 50 allowed
		if err := s.write(ctx, zohoChannel, secret); err != nil {
			return "", err
		}
		_, err = s.read(ctx, zohoChannel, &secret) // somebody else may have been faster
	}
	return secret.Token, err
}

// upkeep keeps the subscriptions of all connections.
type upkeep struct {
	*house
	public string // where the vendors reach this server, empty when they cannot
	own    string // where sandboxes on this machine reach it

	told    map[string]bool      // QuickBooks sandboxes that know the address
	retryAt map[string]time.Time // after a failure
}

// run looks at all connections now and then until ctx ends.
func (u *upkeep) run(ctx context.Context) {
	u.told, u.retryAt = map[string]bool{}, map[string]time.Time{}
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		var all []crossbook.Connection
		err := u.store.View(ctx, func(tx *store.Tx) (err error) {
			all, err = tx.Connections(ctx)
			return err
		})
		if err != nil && ctx.Err() == nil {
			u.log.Warn("list the connections", "error", err)
		}
		for _, c := range all {
			if time.Now().Before(u.retryAt[c.ID]) {
				continue
			}
			if err := u.keep(ctx, c); err != nil && ctx.Err() == nil {
				u.retryAt[c.ID] = time.Now().Add(retryAfter)
				u.log.Warn("notifications could not be set up; polling serves meanwhile", "connection", c.ID, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keep makes sure that notifications of one connection come here.
func (u *upkeep) keep(ctx context.Context, c crossbook.Connection) error {
	base := u.base(c)
	if base == "" || c.State == crossbook.Reauthorise {
		return nil // no address the vendors could reach, or no sign-in: polling
	}
	if !u.told[c.ID] && isLoopback(c.Endpoints.QBOAPIURL) {
		if err := tellSandbox(ctx, c, base); err != nil {
			return err
		}
		u.told[c.ID] = true
	}
	var w watching
	if _, err := u.fact(ctx, c.ID, factWatch, &w); err != nil {
		return err
	}
	want := base + "/webhooks/zoho/" + c.ID
	events, err := u.watchedEvents(ctx, c.ID)
	if err != nil {
		return err
	}
	if w.URL == want && slices.Equal(w.Events, events) && time.Since(w.Renewed) < renewEvery && time.Until(w.Expires) > 2*renewEvery {
		return nil
	}
	if w, err = u.subscribe(ctx, c, w, want, events); err != nil {
		return err
	}
	u.log.Info("notifications of Zoho CRM are set up", "connection", c.ID, "until", w.Expires)
	return u.store.Update(ctx, func(tx *store.Tx) error { return putFact(ctx, tx, c.ID, factWatch, w) })
}

// base is the address that a connection's vendors are told. The real ones
// cannot reach a server by its own address; sandboxes on this machine can.
func (u *upkeep) base(c crossbook.Connection) string {
	if u.public == "" && isLoopback(c.Endpoints.ZohoAPIURL) && isLoopback(c.Endpoints.QBOAPIURL) {
		return u.own
	}
	return u.public
}

// subscribe renews the subscription, or makes it anew where it lapsed or
// points elsewhere.
func (h *house) subscribe(ctx context.Context, c crossbook.Connection, w watching, notifyURL string, events []string) (watching, error) {
	if len(events) == 0 {
		return w, nil
	}
	token, err := h.channelToken(ctx, c.ID)
	if err != nil {
		return w, err
	}
	e, err := h.endsOf(ctx, c)
	if err != nil {
		return w, err
	}
	channel := crmapi.Channel{ID: watchID, NotifyURL: notifyURL, Events: events, Expiry: time.Now().Add(watchLife), Token: token}
	var results []crmapi.ChannelResult
	if w.URL == notifyURL && slices.Equal(w.Events, events) {
		results, err = e.crm.RenewWatch(ctx, []crmapi.Channel{channel})
		if lapsed(results, err) {
			results, err = e.crm.Watch(ctx, []crmapi.Channel{channel})
		}
	} else {
		if err := e.crm.Unwatch(ctx, watchID); err != nil && transport.FaultOf(err) != transport.FaultNotFound {
			h.log.Warn("end the old subscription", "connection", c.ID, "error", err)
		}
		results, err = e.crm.Watch(ctx, []crmapi.Channel{channel})
	}
	if err != nil {
		return w, err
	}
	if len(results) != 1 || results[0].Err != nil {
		return w, fmt.Errorf("subscribe to Zoho CRM: %w", results[0].Err)
	}
	return watching{ID: watchID, URL: notifyURL, Expires: results[0].Expiry, Renewed: time.Now().UTC(), Events: events}, nil
}

func lapsed(results []crmapi.ChannelResult, err error) bool {
	if err != nil {
		return transport.FaultOf(err) == transport.FaultNotFound
	}
	return len(results) == 1 && results[0].Err != nil && results[0].Err.Kind == transport.FaultNotFound
}

// watchedEvents are the changes to be told of: all of the two-way modules that
// are on; of documents, that one was deleted, or restored, which is told as its
// creation (R95), and of quotes and invoices that one was edited: it may be on
// another Deal now (P32).
func (h *house) watchedEvents(ctx context.Context, connectionID string) ([]string, error) {
	var events []string
	err := h.store.View(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(ctx, connectionID)
		for _, m := range crossbook.Modules() {
			switch {
			case !s.Modules[m].On:
			case m.TwoWay():
				events = append(events, string(m)+".all")
			case m.Document():
				events = append(events, string(m)+".create", string(m)+".delete")
				if engine.OnDeals(m) {
					events = append(events, string(m)+".edit")
				}
			}
		}
		return err
	})
	slices.Sort(events)
	return events, err
}

func isLoopback(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

// tellSandbox enters the address of QuickBooks notifications. At the real
// vendor a person does that in the developer portal; there is no API for it.
func tellSandbox(ctx context.Context, c crossbook.Connection, base string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]string{"url": base + "/webhooks/quickbooks"})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(c.Endpoints.QBOAPIURL, "/")+"/_sandbox/webhook", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	res, err := network.RoundTrip(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
