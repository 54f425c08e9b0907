package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crossbook/transport"
)

// Limits of notification channels (reference/zoho-crm.md section 11).
const (
	MaxChannels = 50
	// MaxChannelLife is the longest expiry. A longer or missing one silently
	// becomes one hour.
	MaxChannelLife = 7 * 24 * time.Hour
	// MaxChannelToken is the longest token; it is the only proof that a callback
	// comes from the vendor.
	MaxChannelToken = 50
)

// Channel is a subscription to notifications.
type Channel struct {
	// ID is a number of our choice.
	ID        string
	NotifyURL string
	// Events are such as "Contacts.all" and "Invoices.edit".
	Events []string
	Expiry time.Time
	Token  string
}

// ChannelResult is the vendor's word on one channel.
type ChannelResult struct {
	ID string
	// Expiry is what the vendor granted, per event the earliest: see
	// MaxChannelLife.
	Expiry time.Time
	Err    *Error
}

// Watch subscribes channels.
func (c *Client) Watch(ctx context.Context, channels []Channel) ([]ChannelResult, error) {
	return c.watch(ctx, http.MethodPost, channels)
}

// RenewWatch moves the expiry of channels and keeps the rest. A channel that lapsed
// is FaultNotFound: subscribe it anew.
func (c *Client) RenewWatch(ctx context.Context, channels []Channel) ([]ChannelResult, error) {
	return c.watch(ctx, http.MethodPatch, channels)
}

func (c *Client) watch(ctx context.Context, method string, channels []Channel) ([]ChannelResult, error) {
	bug := func(err error) error {
		return &Error{Kind: transport.FaultBug, Call: method + " /actions/watch", Err: err}
	}
	if len(channels) == 0 || len(channels) > MaxChannels {
		return nil, bug(fmt.Errorf("1 to %d channels, not %d", MaxChannels, len(channels)))
	}
	wire := make([]map[string]any, len(channels))
	for i, ch := range channels {
		if len(ch.Token) > MaxChannelToken {
			return nil, bug(fmt.Errorf("the token of channel %s is longer than %d", ch.ID, MaxChannelToken))
		}
		w := map[string]any{
			"channel_id": ch.ID, "events": ch.Events, "channel_expiry": Time(ch.Expiry),
			// Changes of child records would fire too otherwise.
			"notify_on_related_action": false,
		}
		if ch.NotifyURL != "" {
			w["notify_url"] = ch.NotifyURL
		}
		if ch.Token != "" {
			w["token"] = ch.Token
		}
		wire[i] = w
	}
	body, err := encode(map[string]any{"watch": wire})
	if err != nil {
		return nil, bug(err)
	}
	call := Call{Method: method, Path: "/actions/watch", Body: body, Kind: transport.Channel}
	results, _, err := c.write(ctx, call, "watch", len(channels))
	if err != nil {
		return nil, err
	}
	out := make([]ChannelResult, len(results))
	for i, r := range results {
		out[i] = ChannelResult{ID: channels[i].ID, Err: r.Err, Expiry: earliestExpiry(r.Details.Rows("events"))}
	}
	return out, nil
}

func earliestExpiry(events []Record) time.Time {
	var first time.Time
	for _, e := range events {
		if t := e.Time("channel_expiry"); first.IsZero() || (!t.IsZero() && t.Before(first)) {
			first = t
		}
	}
	return first
}

// WatchDetails reads what the vendor knows of a channel; a lapsed or unknown one
// gives none.
func (c *Client) WatchDetails(ctx context.Context, channelID string) ([]Channel, error) {
	call := Call{Method: http.MethodGet, Path: "/actions/watch", Query: url.Values{"channel_id": {channelID}}, Kind: transport.Channel}
	var w struct {
		Watch []struct {
			ID     loose    `json:"channel_id"`
			URL    loose    `json:"notify_url"`
			Events []string `json:"events"`
			Expiry loose    `json:"channel_expiry"`
			Token  loose    `json:"token"`
			Name   loose    `json:"resource_name"`
		} `json:"watch"`
	}
	if _, err := c.get(ctx, call, &w); err != nil {
		if transport.FaultOf(err) == transport.FaultNotFound {
			return nil, nil
		}
		return nil, err
	}
	var out []Channel
	for _, ch := range w.Watch {
		out = append(out, Channel{
			ID: string(ch.ID), NotifyURL: string(ch.URL), Events: ch.Events, Expiry: parseTime(string(ch.Expiry)), Token: string(ch.Token),
		})
	}
	return out, nil
}

// Unwatch ends channels. One that is gone already is no error.
func (c *Client) Unwatch(ctx context.Context, channelIDs ...string) error {
	call := Call{
		Method: http.MethodDelete, Path: "/actions/watch", Kind: transport.Channel,
		Query: url.Values{"channel_ids": {strings.Join(channelIDs, ",")}},
	}
	results, _, err := c.write(ctx, call, "watch", len(channelIDs))
	for _, r := range results {
		if r.Err != nil && err == nil {
			err = r.Err
		}
	}
	if transport.FaultOf(err) == transport.FaultNotFound {
		return nil
	}
	return err
}

// Notification is a callback of a channel: a hint, repeated, late or lost.
type Notification struct {
	ChannelID string
	// Token must equal the channel's before anything else is believed.
	Token  string
	Module string
	IDs    []string
	// Operation is "create", "edit" or "delete"; the vendor's other words for
	// them are brought to these.
	Operation string
	At        time.Time
}

// ParseNotification reads a callback's body.
func ParseNotification(body []byte) (Notification, error) {
	var w struct {
		ChannelID loose       `json:"channel_id"`
		Token     loose       `json:"token"`
		Module    loose       `json:"module"`
		IDs       []loose     `json:"ids"`
		Operation loose       `json:"operation"`
		At        json.Number `json:"server_time"`
	}
	if err := decode(body, &w); err != nil {
		return Notification{}, fmt.Errorf("notification from Zoho CRM: %w", err)
	}
	if w.ChannelID == "" || w.Module == "" {
		return Notification{}, errors.New("notification from Zoho CRM: without channel_id or module")
	}
	n := Notification{ChannelID: string(w.ChannelID), Token: string(w.Token), Module: string(w.Module), Operation: string(w.Operation)}
	switch n.Operation {
	case "insert":
		n.Operation = "create"
	case "update":
		n.Operation = "edit"
	}
	for _, id := range w.IDs {
		n.IDs = append(n.IDs, string(id))
	}
	if ms, err := w.At.Int64(); err == nil {
		n.At = time.UnixMilli(ms).UTC()
	}
	return n, nil
}
