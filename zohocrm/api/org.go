package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"crossbook/transport"
)

// Org is the organisation.
type Org struct {
	ID      string
	Company string
	Country string // ISO alpha-2
	Zone    string
	// HomeCurrency is the ISO code; MultiCurrency tells whether others exist.
	HomeCurrency  string
	MultiCurrency bool
	// Type is "production", "sandbox", "developer" or "bigin".
	Type string
	// Edition is license_details.paid_type, such as "enterprise"; Paid is false in
	// a trial.
	Edition      string
	Paid         bool
	PrimaryEmail string
	// PrimaryZUID is the zuid of the super admin: no flag on the user says so
	// (reference/zoho-crm.md section 9.5).
	PrimaryZUID string
	At          time.Time
}

// Org reads the organisation.
func (c *Client) Org(ctx context.Context) (Org, error) {
	var w struct {
		Org []struct {
			ID       loose `json:"id"`
			Company  loose `json:"company_name"`
			Country  loose `json:"country_code"`
			Zone     loose `json:"time_zone"`
			ISO      loose `json:"iso_code"`
			MC       *bool `json:"mc_status"`
			Type     loose `json:"type"`
			Email    loose `json:"primary_email"`
			ZUID     loose `json:"primary_zuid"`
			Licenses struct {
				Paid bool  `json:"paid"`
				Type loose `json:"paid_type"`
			} `json:"license_details"`
		} `json:"org"`
	}
	call := metadata("/org", nil)
	reply, err := c.get(ctx, call, &w)
	if err != nil {
		return Org{}, err
	}
	if len(w.Org) == 0 {
		return Org{}, &Error{Kind: transport.FaultRetry, Status: reply.Status, Call: call.String(), Err: errors.New("no organisation in the answer")}
	}
	o := w.Org[0]
	return Org{
		ID: string(o.ID), Company: string(o.Company), Country: string(o.Country), Zone: string(o.Zone),
		HomeCurrency: string(o.ISO), MultiCurrency: o.MC != nil && *o.MC, Type: string(o.Type),
		Edition: string(o.Licenses.Type), Paid: o.Licenses.Paid,
		PrimaryEmail: string(o.Email), PrimaryZUID: string(o.ZUID), At: reply.At,
	}, nil
}

// User is a user of the organisation.
type User struct {
	ID      string
	Name    string
	Email   string
	ZUID    string
	Active  bool
	Profile Ref
	Role    Ref
	Zone    string
	// Confirmed tells that the person accepted the invitation.
	Confirmed bool
}

// Users reads the users of a type of section 9.5, such as "ActiveUsers" or
// "AdminUsers".
func (c *Client) Users(ctx context.Context, kind string) ([]User, error) {
	var out []User
	for page := 1; ; page++ {
		var w struct {
			Users []struct {
				ID      loose    `json:"id"`
				Name    loose    `json:"full_name"`
				Email   loose    `json:"email"`
				ZUID    loose    `json:"zuid"`
				Status  loose    `json:"status"`
				Profile *wireRef `json:"profile"`
				Role    *wireRef `json:"role"`
				Zone    loose    `json:"time_zone"`
				Confirm bool     `json:"confirm"`
			} `json:"users"`
			Info wireInfo `json:"info"`
		}
		q := url.Values{"type": {kind}, "page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(MaxPage)}}
		if _, err := c.get(ctx, metadata("/users", q), &w); err != nil {
			return nil, err
		}
		for _, u := range w.Users {
			out = append(out, User{
				ID: string(u.ID), Name: string(u.Name), Email: string(u.Email), ZUID: string(u.ZUID), Active: u.Status == "active",
				Profile: u.Profile.ref(), Role: u.Role.ref(), Zone: string(u.Zone), Confirmed: u.Confirm,
			})
		}
		if !w.Info.More {
			return out, nil
		}
	}
}

// CurrentUser is the user whose consent the connection works under: Modified_By
// of our own writes.
func (c *Client) CurrentUser(ctx context.Context) (User, error) {
	users, err := c.Users(ctx, "CurrentUser")
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		return User{}, &Error{Kind: transport.FaultRetry, Call: "GET /users", Err: errors.New("no current user in the answer")}
	}
	return users[0], nil
}

// Currency is an active or inactive currency of the organisation.
type Currency struct {
	ID     string
	Code   string
	Name   string
	Symbol string
	// Rate is the exchange rate, which the vendor sends as a string.
	Rate   string
	Active bool
	Base   bool
	// Places is the number of decimal places.
	Places int
}

// Currencies reads the currencies; enabled is false when multi-currency is off,
// which the vendor answers with an error (reference/zoho-crm.md section 9.6).
func (c *Client) Currencies(ctx context.Context) (list []Currency, enabled bool, err error) {
	var w struct {
		Currencies []struct {
			ID     loose `json:"id"`
			Code   loose `json:"iso_code"`
			Name   loose `json:"name"`
			Symbol loose `json:"symbol"`
			Rate   loose `json:"exchange_rate"`
			Active bool  `json:"is_active"`
			Base   bool  `json:"is_base"`
			Format struct {
				Places looseInt `json:"decimal_places"`
			} `json:"format"`
		} `json:"currencies"`
	}
	_, err = c.get(ctx, metadata("/org/currencies", nil), &w)
	var e *Error
	if errors.As(err, &e) && (e.Code == "CURRENCIES_NOT_ENABLED" || e.Code == "FEATURE_NOT_SUPPORTED") {
		return nil, false, nil
	}
	for _, x := range w.Currencies {
		list = append(list, Currency{
			ID: string(x.ID), Code: string(x.Code), Name: string(x.Name), Symbol: string(x.Symbol), Rate: string(x.Rate),
			Active: x.Active, Base: x.Base, Places: int(x.Format.Places),
		})
	}
	return list, len(list) > 0, err
}

// Tax is a tax of the organisation; Percent is exact.
type Tax struct {
	ID      string
	Name    string
	Label   string
	Percent string
}

// Taxes reads the taxes that line items may carry.
func (c *Client) Taxes(ctx context.Context) ([]Tax, error) {
	var w struct {
		Org struct {
			Taxes []struct {
				ID    loose `json:"id"`
				Name  loose `json:"name"`
				Label loose `json:"display_label"`
				Value loose `json:"value"`
			} `json:"taxes"`
		} `json:"org_taxes"`
	}
	if _, err := c.get(ctx, metadata("/org/taxes", nil), &w); err != nil {
		return nil, err
	}
	var out []Tax
	for _, t := range w.Org.Taxes {
		out = append(out, Tax{ID: string(t.ID), Name: string(t.Name), Label: string(t.Label), Percent: string(t.Value)})
	}
	return out, nil
}

// metadata is a GET of settings.
func metadata(path string, q url.Values) Call {
	return Call{Method: http.MethodGet, Path: path, Query: q, Kind: transport.Metadata}
}
