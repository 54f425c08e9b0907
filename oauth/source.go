package oauth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"crossbook/transport"
)

// Store keeps the credential of one connection and vendor, for all processes.
type Store interface {
	// Load gives the stored credential and its version, or ErrNoCredential.
	Load(ctx context.Context) (Credential, int64, error)
	// Save replaces it if the version is still the expected one, else it gives
	// ErrConflict.
	Save(ctx context.Context, c Credential, expectedVersion int64) error
}

// Lease runs fn while no other process runs one for the same connection and
// vendor. A refresh is a matter of seconds.
type Lease func(ctx context.Context, fn func(ctx context.Context) error) error

// The steps OnStep is told of, in order. Between them lies what must survive a
// crash: the vendor may have rotated the refresh token, and the new one is only in
// memory.
const (
	StepAnswered = "token answered"
	StepStored   = "token stored"
)

// Source hands out the access tokens of one connection and vendor. It is safe for
// concurrent use and implements transport.TokenSource.
//
//	token in memory good ─► use it
//	stored token good, and not the refused one ─► somebody else renewed it: use it
//	else, under the lease: look at the store again ─► refresh ─► store ─► use
type Source struct {
	app    App
	store  Store
	lease  Lease
	onStep func(name string)
	floor  time.Duration
	early  time.Duration

	// turn lets one caller in at a time; a channel, so that waiting ends with the
	// caller's context.
	turn chan struct{}

	mu      sync.Mutex
	now     Credential      // what is in memory
	refused map[string]bool // access tokens the vendor called expired
	ended   *ended          // set when only a person can help
}

// ended remembers a refusal that must not be asked for again: invalid_grant is
// terminal. It holds until the stored refresh token is another one.
type ended struct {
	refresh string
	err     error
}

// SourceOptions make a Source.
type SourceOptions struct {
	App   App
	Store Store
	// Lease keeps other processes out; nil keeps out only this one's callers.
	Lease Lease
	// OnStep is called at each step of a refresh; crash tests end the process
	// there. Nil is fine.
	OnStep func(name string)
	// Floor is the least time between two refreshes; 0 is a minute for Zoho, which
	// gives ten tokens in ten minutes, and five seconds for QuickBooks.
	Floor time.Duration
	// Early is how long before its end a token is renewed; 0 is five minutes.
	Early time.Duration
}

// NewSource makes a Source; it reads nothing yet.
func NewSource(o SourceOptions) *Source {
	s := &Source{
		app: o.App, store: o.Store, lease: o.Lease, onStep: o.OnStep, floor: o.Floor, early: o.Early,
		turn: make(chan struct{}, 1), refused: map[string]bool{},
	}
	if s.lease == nil {
		s.lease = func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	}
	if s.onStep == nil {
		s.onStep = func(string) {}
	}
	if s.floor <= 0 {
		s.floor = 5 * time.Second
		if o.App.Vendor == transport.Zoho {
			s.floor = time.Minute
		}
	}
	if s.early <= 0 {
		s.early = 5 * time.Minute
	}
	return s
}

var _ transport.TokenSource = (*Source)(nil)

// Token is an access token believed to be good.
func (s *Source) Token(ctx context.Context) (string, error) {
	c, err := s.Credential(ctx)
	return c.AccessToken, err
}

// Credential is the whole credential, with a good access token: Zoho's API domain
// and QuickBooks' company are in it.
func (s *Source) Credential(ctx context.Context) (Credential, error) {
	if c, ok := s.inMemory(s.early); ok {
		return c, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Credential{}, ctx.Err()
	}
	if c, ok := s.inMemory(s.early); ok { // renewed while we waited
		return c, nil
	}
	c, err := s.renew(ctx)
	if err != nil {
		// A token that is only near its end still serves while the vendor's sign-in
		// is out of order.
		if old, ok := s.inMemory(0); ok && !errors.Is(err, transport.ErrSignInNeeded) {
			return old, nil
		}
		return Credential{}, err
	}
	s.keep(c)
	return c, nil
}

// Invalidate says that the vendor refused the token: it is not handed out again,
// wherever it comes from.
func (s *Source) Invalidate(_ context.Context, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[token] = true
}

func (s *Source) inMemory(margin time.Duration) (Credential, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.now.usable(time.Now(), margin) && !s.refused[s.now.AccessToken]
}

func (s *Source) keep(c Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.ended = c, nil
	// Tokens that lapsed long ago need not be remembered as refused.
	if len(s.refused) > 64 {
		s.refused = map[string]bool{}
	}
}

// good tells whether a stored credential can be used as it is.
func (s *Source) good(c Credential) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.usable(time.Now(), s.early) && !s.refused[c.AccessToken]
}

func (s *Source) renew(ctx context.Context) (Credential, error) {
	stored, _, err := s.load(ctx)
	if err != nil {
		return Credential{}, err
	}
	if s.good(stored) {
		return stored, nil
	}
	if err := s.hasEnded(stored); err != nil {
		return Credential{}, err
	}
	var out Credential
	err = s.lease(ctx, func(ctx context.Context) error {
		var err error
		out, err = s.refresh(ctx)
		return err
	})
	return out, err
}

func (s *Source) hasEnded(stored Credential) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended != nil && s.ended.refresh == stored.RefreshToken {
		return s.ended.err
	}
	return nil
}

// refresh runs under the lease: the store is read again, since whoever held the
// lease before may have renewed the token.
func (s *Source) refresh(ctx context.Context) (Credential, error) {
	stored, version, err := s.load(ctx)
	if err != nil {
		return Credential{}, err
	}
	for again := false; ; again = true {
		if s.good(stored) {
			return stored, nil
		}
		if wait := s.floor - time.Since(stored.ObtainedAt); wait > 0 && stored.AccessToken != "" {
			return Credential{}, &Error{
				Vendor: s.app.Vendor, Kind: transport.FaultRetry, After: wait,
				Err: fmt.Errorf("the last access token is only %s old", time.Since(stored.ObtainedAt).Round(time.Second)),
			}
		}
		fresh, err := s.app.Refresh(ctx, stored)
		if err == nil {
			return s.save(ctx, fresh, version)
		}
		if !errors.Is(err, ErrReauthorise) {
			return Credential{}, err
		}
		// Somebody without the lease, such as a person who just consented anew, may
		// have stored another refresh token: look once more.
		later, laterVersion, loadErr := s.load(ctx)
		if loadErr != nil {
			return Credential{}, loadErr
		}
		if again || later.RefreshToken == stored.RefreshToken {
			s.end(stored, err)
			return Credential{}, err
		}
		stored, version = later, laterVersion
	}
}

func (s *Source) end(stored Credential, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = &ended{refresh: stored.RefreshToken, err: err}
}

// saveTime bounds the storing of an answer.
const saveTime = 15 * time.Second

// save stores what the vendor answered before anybody uses it. It goes on when the
// caller gives up: the rotated refresh token must not be lost.
func (s *Source) save(ctx context.Context, fresh Credential, version int64) (Credential, error) {
	s.onStep(StepAnswered)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	err := s.store.Save(ctx, fresh, version)
	if errors.Is(err, ErrConflict) {
		// A person consented anew meanwhile: their credential wins.
		stored, _, loadErr := s.load(ctx)
		if loadErr == nil && s.good(stored) {
			return stored, nil
		}
		err = errors.Join(err, loadErr)
	}
	if err != nil {
		return Credential{}, &Error{Vendor: s.app.Vendor, Kind: transport.FaultRetry, Err: fmt.Errorf("store the renewed token: %w", err)}
	}
	s.onStep(StepStored)
	return fresh, nil
}

func (s *Source) load(ctx context.Context) (Credential, int64, error) {
	c, version, err := s.store.Load(ctx)
	if errors.Is(err, ErrNoCredential) {
		return Credential{}, 0, &Error{Vendor: s.app.Vendor, Kind: transport.FaultAuth, Reauthorise: true, Err: err}
	}
	if err != nil {
		return Credential{}, 0, fmt.Errorf("read the stored token of %s: %w", s.app.Vendor, err)
	}
	return c, version, nil
}
