package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// TokenSource hands out access tokens. Package oauth has the real one.
type TokenSource interface {
	// Token is a token believed to be good.
	Token(ctx context.Context) (string, error)
	// Invalidate says that the vendor refused the token, so that the next Token
	// is another one.
	Invalidate(ctx context.Context, token string)
}

// Auth signs each attempt. When the vendor answers that the token has expired, it
// asks for another one and repeats the call exactly once: such an answer comes
// before anything was done, so this holds for writes as well.
type Auth struct {
	// Scheme is "Bearer" or "Zoho-oauthtoken".
	Scheme string
	Source TokenSource
	// Expired tells an expired token from every other refusal by status and body.
	Expired func(status int, body []byte) bool
	Next    http.RoundTripper
}

// maxErrorBody bounds the body of a 401 that is looked at.
const maxErrorBody = 1 << 20

// RoundTrip signs and sends.
func (a Auth) RoundTrip(r *http.Request) (*http.Response, error) {
	token, res, err := a.try(r)
	if err != nil || res.StatusCode != http.StatusUnauthorized {
		return res, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	if err != nil {
		// The status alone says that nothing was done.
		body = nil
	}
	_ = res.Body.Close()
	if !a.Expired(res.StatusCode, body) {
		return withBody(res, body), nil
	}
	a.Source.Invalidate(r.Context(), token)
	again, err := rewind(r)
	if err != nil {
		return nil, &NotSent{Err: err, Kind: FaultBug}
	}
	_, res, err = a.try(again)
	return res, err
}

func (a Auth) try(r *http.Request) (string, *http.Response, error) {
	token, err := a.Source.Token(r.Context())
	if err != nil {
		closeBody(r)
		kind := FaultRetry
		if errors.Is(err, ErrSignInNeeded) {
			kind = FaultAuth
		}
		return "", nil, &NotSent{Err: err, Kind: kind, After: WaitOf(err)}
	}
	signed := r.Clone(r.Context())
	signed.Header.Set("Authorization", a.Scheme+" "+token)
	res, err := a.Next.RoundTrip(signed)
	return token, res, err
}
