package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
)

// tokens hands out t1, t2, ... and steps on when one is invalidated.
type tokens struct {
	n           int
	invalidated []string
	err         error
}

func (s *tokens) Token(context.Context) (string, error) {
	if s.err != nil {
		return "", s.err
	}
	return "t" + string(rune('1'+s.n)), nil
}

func (s *tokens) Invalidate(_ context.Context, token string) {
	s.invalidated = append(s.invalidated, token)
	s.n++
}

func expired(_ int, body []byte) bool { return string(body) == "expired" }

func TestAuth_RenewsAnExpiredTokenOnceAndSendsTheSameBytes(t *testing.T) {
	src := &tokens{}
	s := &script{replies: []reply{{status: 401, body: "expired"}, {status: 201, body: "done"}}}
	res, err := Auth{Scheme: "Zoho-oauthtoken", Source: src, Expired: expired, Next: s}.RoundTrip(writeRequest(t.Context(), t))
	if err != nil || res.StatusCode != 201 {
		t.Fatalf("%v, %v", res, err)
	}
	if len(s.at) != 2 || s.bodies[1] != "body" || s.headers[0].Get("Authorization") != "Zoho-oauthtoken t1" || s.headers[1].Get("Authorization") != "Zoho-oauthtoken t2" {
		t.Errorf("%d calls, bodies %q, headers %v", len(s.at), s.bodies, s.headers)
	}
	if len(src.invalidated) != 1 || src.invalidated[0] != "t1" {
		t.Errorf("invalidated %v", src.invalidated)
	}
}

func TestAuth_DoesNotRenewTwice(t *testing.T) {
	s := &script{replies: []reply{{status: 401, body: "expired"}}}
	res, err := Auth{Source: &tokens{}, Expired: expired, Next: s}.RoundTrip(writeRequest(t.Context(), t))
	if err != nil || res.StatusCode != 401 || len(s.at) != 2 {
		t.Errorf("%v, %v after %d calls", res, err, len(s.at))
	}
}

func TestAuth_OtherRefusalsKeepTheirBody(t *testing.T) {
	src := &tokens{}
	s := &script{replies: []reply{{status: 401, body: "scope"}}}
	res, err := Auth{Source: src, Expired: expired, Next: s}.RoundTrip(writeRequest(t.Context(), t))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if string(body) != "scope" || len(s.at) != 1 || len(src.invalidated) != 0 {
		t.Errorf("body %q after %d calls", body, len(s.at))
	}
}

func TestAuth_WithoutATokenNothingIsSent(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want Fault
	}{
		"sign-in needed": {errors.Join(ErrSignInNeeded), FaultAuth},
		"store down":     {errors.New("disk"), FaultRetry},
	} {
		s := &script{replies: []reply{{status: 200}}}
		_, err := Auth{Source: &tokens{err: tc.err}, Expired: expired, Next: s}.RoundTrip(writeRequest(t.Context(), t))
		if FaultOf(err) != tc.want || len(s.at) != 0 {
			t.Errorf("%s: %v after %d calls", name, err, len(s.at))
		}
	}
}

func TestAuth_DoesNotTouchTheCallersRequest(t *testing.T) {
	r := writeRequest(t.Context(), t)
	s := &script{replies: []reply{{status: http.StatusOK}}}
	if _, err := (Auth{Scheme: "Bearer", Source: &tokens{}, Expired: expired, Next: s}).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if r.Header.Get("Authorization") != "" {
		t.Error("the token was left on the caller's request")
	}
}
