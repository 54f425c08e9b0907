package oauth

import (
	"errors"
	"log/slog"
	"time"
)

// Credential is everything a connection needs to call one vendor. It is a secret:
// it prints as its harmless parts.
type Credential struct {
	AccessToken string    `json:"access_token"`
	Expiry      time.Time `json:"expiry"`
	// RefreshToken never changes at Zoho and changes about daily at QuickBooks.
	RefreshToken string `json:"refresh_token"`
	// RefreshExpiry is when it lapses unless used, HardExpiry when it lapses
	// whatever is done (reference/quickbooks-online.md section 1.4); zero is never
	// or unknown.
	RefreshExpiry time.Time `json:"refresh_expiry,omitzero"`
	HardExpiry    time.Time `json:"hard_expiry,omitzero"`
	// APIDomain is where Zoho's API is for this organisation.
	APIDomain string `json:"api_domain,omitempty"`
	// RealmID is the QuickBooks company.
	RealmID string `json:"realm_id,omitempty"`
	Scope   string `json:"scope,omitempty"`
	// ObtainedAt is when the access token was answered.
	ObtainedAt time.Time `json:"obtained_at"`
}

// String hides the tokens.
func (c Credential) String() string {
	return "credential obtained " + c.ObtainedAt.UTC().Format(time.RFC3339) + ", expires " + c.Expiry.UTC().Format(time.RFC3339)
}

// GoString hides the tokens from %#v.
func (c Credential) GoString() string { return c.String() }

// LogValue hides the tokens from logs.
func (c Credential) LogValue() slog.Value {
	return slog.GroupValue(slog.Time("obtained_at", c.ObtainedAt), slog.Time("expiry", c.Expiry))
}

// usable tells whether the access token lasts beyond the margin.
func (c Credential) usable(now time.Time, margin time.Duration) bool {
	return c.AccessToken != "" && now.Add(margin).Before(c.Expiry)
}

var (
	// ErrNoCredential is what a Store's Load gives when nothing is stored.
	ErrNoCredential = errors.New("not connected")
	// ErrConflict is what a Store's Save gives when the stored version is another.
	ErrConflict = errors.New("the stored credential was changed meanwhile")
)
