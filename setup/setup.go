package setup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	books "crossbook/quickbooks/api"
	"crossbook/store"
	"crossbook/zohocrm"
	crm "crossbook/zohocrm/api"
)

// Deps are what a set-up works with.
type Deps struct {
	Store *store.Store
	CRM   *crm.Client
	Books *books.Client
	NewID func() string
	Now   func() time.Time
	// Also stores what belongs to the connection besides what set-up knows, such
	// as its sign-ins, in the transaction that stores the connection; nil adds
	// nothing.
	Also func(ctx context.Context, tx *store.Tx, c crossbook.Connection) error
	// Tell is told each step, for a person who waits; nil says nothing.
	Tell func(step string)
}

// Wish is what is to be connected.
type Wish struct {
	Name      string
	Endpoints crossbook.Endpoints
	// ID is the connection's id when its credentials were stored before.
	ID string
}

// Result is a connection that stands, and what a person should know of it.
type Result struct {
	Connection crossbook.Connection `json:"connection"`
	// Created and Dropped are fields that were added and that found no room (P29).
	Created []string `json:"fields_created,omitempty"`
	Dropped []string `json:"fields_dropped,omitempty"`
	// Notes are sentences for the person: what is switched off and why.
	Notes []string `json:"notes,omitempty"`
}

// RefusedError says why two systems cannot be connected and what to do.
type RefusedError struct {
	What string
	Hint string
}

// Error is the refusal with its hint.
func (e *RefusedError) Error() string { return e.What + ". " + e.Hint }

func refuse(hint, format string, args ...any) error {
	return &RefusedError{What: fmt.Sprintf(format, args...), Hint: hint}
}

// Connect checks both systems and stores the connection. Nothing is stored
// when it refuses.
func Connect(ctx context.Context, d Deps, w Wish) (Result, error) {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Tell == nil {
		d.Tell = func(string) {}
	}
	if d.Also == nil {
		d.Also = func(context.Context, *store.Tx, crossbook.Connection) error { return nil }
	}
	s := &run{Deps: d, wish: w}
	for _, step := range []struct {
		tell string
		do   func(context.Context) error
	}{
		{"reading the QuickBooks company", s.company},
		{"reading the CRM organisation", s.organisation},
		{"comparing currencies", s.currencies},
		{"reading modules and layouts", s.modules},
		{"adding fields", s.fields},
		{"reading accounts and terms", s.accounts},
		{"making the placeholder product", s.placeholder},
		{"storing the connection", s.keep},
	} {
		d.Tell(step.tell)
		if err := step.do(ctx); err != nil {
			return Result{}, err
		}
	}
	return s.result, nil
}

// run is one set-up on its way.
type run struct {
	Deps
	wish     Wish
	result   Result
	conn     crossbook.Connection
	comp     engine.Company
	org      crm.Org
	users    []crossbook.User
	settings crossbook.Settings
	mapping  mapping.Document
	known    bool // the connection existed before
	codes    []string
	layouts  map[crossbook.Module]string
	meta     mapping.Metadata
	product  string
}

func (s *run) note(format string, args ...any) {
	s.result.Notes = append(s.result.Notes, fmt.Sprintf(format, args...))
}

// company reads the QuickBooks side.
func (s *run) company(ctx context.Context) error {
	info, err := s.Books.CompanyInfo(ctx)
	if err != nil {
		return fmt.Errorf("read the QuickBooks company: %w", err)
	}
	prefs, err := s.Books.Preferences(ctx)
	if err != nil {
		return fmt.Errorf("read the QuickBooks preferences: %w", err)
	}
	month, err := time.Parse("January", info.FiscalYearStart)
	if err != nil {
		month = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	s.comp = engine.Company{
		Name: info.Name, Country: info.Country, HomeCurrency: prefs.HomeCurrency, MultiCurrency: prefs.MultiCurrency,
		FiscalYearStart: month.Month(), ClosedThrough: prefs.BooksClosed, AutomatedSalesTax: prefs.PartnerTax,
	}
	s.conn = crossbook.Connection{
		ID: s.wish.ID, Name: s.wish.Name, RealmID: s.Books.Realm(), CompanyName: info.Name,
		HomeCurrency: prefs.HomeCurrency, Country: info.Country, Zone: info.Zone,
		State: crossbook.Connected, CreatedAt: s.Now(), Endpoints: s.wish.Endpoints,
	}
	return nil
}

// organisation reads the CRM side and checks who is signed in (R8).
func (s *run) organisation(ctx context.Context) error {
	org, err := s.CRM.Org(ctx)
	if err != nil {
		return fmt.Errorf("read the CRM organisation: %w", err)
	}
	user, err := s.CRM.CurrentUser(ctx)
	if err != nil {
		return fmt.Errorf("read the CRM user: %w", err)
	}
	if org.PrimaryZUID != "" && user.ZUID != org.PrimaryZUID {
		return refuse("Sign in as the Super Admin once to connect; a dedicated integration user can take over afterwards.",
			"only the Super Admin of the CRM organisation may connect it, and %s (profile %s) is not", user.Name, user.Profile.Name)
	}
	everybody, err := zohocrm.New(s.CRM, nil).Users(ctx)
	if err != nil {
		return fmt.Errorf("read the CRM users: %w", err)
	}
	s.org, s.users = org, everybody
	s.conn.OrgID = org.ID
	s.conn.CreatedBy = user.Name
	if s.conn.Zone == "" {
		s.conn.Zone = org.Zone
	}
	return s.oneToOne(ctx)
}

// onlyOne is what to do where a second pair is wanted.
const onlyOne = "One organisation goes with one company. Check that the sign-ins of both belong together; " +
	"to give the old connection up, begin anew in another folder (--dir) or database (--db)."

// oneToOne makes sure that an organisation is linked with one company (R18),
// and finds the connection that stands already.
func (s *run) oneToOne(ctx context.Context) error {
	return s.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Connections(ctx)
		if err != nil {
			return err
		}
		for _, c := range all {
			sameOrg, sameRealm := c.OrgID == s.conn.OrgID, c.RealmID == s.conn.RealmID
			switch {
			case sameOrg && sameRealm:
				s.known = true
				s.conn.ID, s.conn.CreatedAt, s.conn.State = c.ID, c.CreatedAt, c.State
				if c.Name != s.conn.Name {
					s.note("These two were connected as %s; the connection is called %s from now on.", c.Name, s.conn.Name)
				}
			case sameOrg:
				return refuse(onlyOne, "this CRM organisation is connected with another QuickBooks company, %s (connection %s)", c.CompanyName, c.Name)
			case sameRealm:
				return refuse(onlyOne, "this QuickBooks company is connected with another CRM organisation (connection %s)", c.Name)
			case c.Name == s.conn.Name:
				return refuse("Choose another name.", "there is a connection named %s already, of another company", c.Name)
			}
		}
		if s.conn.ID == "" {
			s.conn.ID = s.NewID()
		}
		return nil
	})
}

// currencies compares home currencies, which neither system lets change (R12,
// R13).
func (s *run) currencies(ctx context.Context) error {
	if s.org.HomeCurrency != s.comp.HomeCurrency {
		return refuse("Neither system lets its home currency be changed, so these two cannot be kept in step.",
			"the home currency is %s in Zoho CRM and %s in QuickBooks", s.org.HomeCurrency, s.comp.HomeCurrency)
	}
	s.codes = []string{s.org.HomeCurrency}
	list, enabled, err := s.CRM.Currencies(ctx)
	if err != nil {
		return fmt.Errorf("read the CRM currencies: %w", err)
	}
	if !enabled {
		return nil
	}
	s.codes = nil
	for _, c := range list {
		if c.Active {
			s.codes = append(s.codes, c.Code)
		}
	}
	return nil
}

// keep stores what was found, in one transaction.
func (s *run) keep(ctx context.Context) error {
	now := s.Now()
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PutConnection(ctx, s.conn); err != nil {
			return err
		}
		if err := engine.RememberFacts(ctx, tx, s.conn.ID, engine.Facts{
			Company: s.comp, Metadata: s.meta, Layouts: s.layouts, Currencies: s.codes, Placeholder: s.product, Users: s.users,
		}, now); err != nil {
			return err
		}
		if _, err := tx.SaveSettings(ctx, s.conn.ID, s.settings, "set-up"); err != nil {
			return err
		}
		var err error
		if s.known {
			err = engine.Hold(ctx, tx, s.conn.ID, engine.HeldReconnected, now)
		} else {
			err = tx.MarkDirty(ctx, s.conn.ID, engine.FirstChores(now))
		}
		if err != nil {
			return err
		}
		return s.Also(ctx, tx, s.conn)
	})
	if err != nil {
		return err
	}
	s.result.Connection = s.conn
	return nil
}

// loadSettings starts from the stored settings and mapping, or the defaults.
func (s *run) loadSettings(ctx context.Context) error {
	s.settings = crossbook.DefaultSettings()
	s.mapping = mapping.Default(s.settings)
	if !s.known {
		return nil
	}
	return s.Store.View(ctx, func(tx *store.Tx) error {
		settings, version, err := tx.Settings(ctx, s.conn.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if version > 0 {
			s.settings = settings
		}
		s.mapping, err = engine.ReadMapping(ctx, tx, s.conn, s.settings)
		return err
	})
}
