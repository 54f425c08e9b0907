package qbobox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	accessLife  = time.Hour
	codeLife    = 10 * time.Minute
	refreshLife = 101 * 24 * time.Hour // reference section 1.4
	rotateAfter = 24 * time.Hour
	hardYears   = 5
)

// From when on a consent counts towards its five years: scopes that are sold
// or restricted began earlier than the two everybody may ask for (reference
// section 1.4).
var (
	hardStart           = time.Date(2023, time.October, 1, 0, 0, 0, 0, time.UTC)
	hardStartRestricted = time.Date(2022, time.February, 1, 0, 0, 0, 0, time.UTC)
)

// tokens is the OAuth state: one consent, its refresh token and the access
// tokens that came from it.
type tokens struct {
	Count    int                  `json:"count"`
	Refresh  string               `json:"refresh"`
	Since    time.Time            `json:"since"`   // when this refresh token's value appeared
	Used     time.Time            `json:"used"`    // when it was last issued; the life rolls
	Consent  time.Time            `json:"consent"` // start of the hard limit
	Scopes   []string             `json:"scopes,omitempty"`
	Old      string               `json:"old"`
	OldUntil time.Time            `json:"old_until"`
	Access   map[string]time.Time `json:"access"`
	// Narrow holds the scopes of the access tokens that do not open the books.
	Narrow map[string][]string `json:"narrow,omitempty"`
	Codes  map[string]code     `json:"codes"`
}

type code struct {
	Until    time.Time `json:"until"`
	Redirect string    `json:"redirect"`
	Scopes   []string  `json:"scopes,omitempty"`
}

// derive makes repeatable text from the seed.
func derive(seed int64, what string, n int) string {
	var out strings.Builder
	for i := 0; out.Len() < n; i++ {
		mac := hmac.New(sha256.New, []byte(strconv.FormatInt(seed, 10)))
		fmt.Fprintf(mac, "%s/%d", what, i)
		out.WriteString(strings.NewReplacer("-", "x", "_", "y").Replace(base64.RawURLEncoding.EncodeToString(mac.Sum(nil))))
	}
	return out.String()[:n]
}

// start creates the consent a fresh sandbox begins with.
func (t *tokens) start(b *Box) {
	t.Access, t.Codes, t.Narrow = map[string]time.Time{}, map[string]code{}, map[string][]string{}
	t.consent(b, []string{scopeAccounting})
}

func (t *tokens) consent(b *Box, scopes []string) {
	now := b.now()
	t.Consent, t.Old, t.Scopes = now, "", scopes
	t.newRefresh(b, now)
}

// scopes of the consent; those of a state from before they were kept are the
// ones every app has.
func (t *tokens) scopes() []string {
	if len(t.Scopes) == 0 {
		return []string{scopeAccounting}
	}
	return t.Scopes
}

func (t *tokens) newRefresh(b *Box, now time.Time) {
	t.Count++
	t.Refresh = fmt.Sprintf("RT1-%d-H0-%d%s", t.Count, now.Add(refreshLife).Unix(), derive(b.opt.Seed, "refresh "+strconv.Itoa(t.Count), 40))
	t.Since, t.Used = now, now
}

func (t *tokens) newCode(b *Box, redirect string, scopes []string) string {
	t.Count++
	c := "XAB" + derive(b.opt.Seed, "code "+strconv.Itoa(t.Count), 45)
	t.Codes[c] = code{Until: b.now().Add(codeLife), Redirect: redirect, Scopes: scopes}
	return c
}

func (t *tokens) newAccess(b *Box, now time.Time) string {
	t.Count++
	a := "eyJ" + derive(b.opt.Seed, "access "+strconv.Itoa(t.Count), 900)
	for k, until := range t.Access {
		if now.After(until) {
			delete(t.Access, k)
			delete(t.Narrow, k)
		}
	}
	t.Access[a] = now.Add(accessLife)
	if !slices.Contains(t.scopes(), scopeAccounting) {
		if t.Narrow == nil {
			t.Narrow = map[string][]string{}
		}
		t.Narrow[a] = t.scopes()
	}
	return a
}

func (t *tokens) expire() {
	clear(t.Access)
	clear(t.Narrow)
}

func (t *tokens) revoke() {
	t.expire()
	t.Refresh, t.Old = "", ""
}

// hardEnd is when the consent ends, however often its token was renewed.
func (t *tokens) hardEnd() time.Time {
	from := hardStart
	if slices.ContainsFunc(t.scopes(), restricted) {
		from = hardStartRestricted
	}
	if t.Consent.After(from) {
		from = t.Consent
	}
	return from.AddDate(hardYears, 0, 0)
}

// refreshable tells whether a refresh token may be used now.
func (t *tokens) refreshable(token string, now time.Time) bool {
	if token == "" || !now.Before(t.hardEnd()) {
		return false
	}
	if token == t.Refresh {
		return now.Before(t.Used.Add(refreshLife))
	}
	return token == t.Old && now.Before(t.OldUntil)
}
