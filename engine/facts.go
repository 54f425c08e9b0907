package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// The facts the engine remembers of the vendors apart from records. Set-up
// and the daily pass write them.
const (
	factMetadata    = "crm/metadata"
	factLayouts     = "crm/layouts"
	factPlaceholder = "crm/placeholder-product"
	factGo          = "go"
	factCompany     = "quickbooks/company"
	factCurrencies  = "crm/currencies"
	factLayoutCheck = "crm/layout-check"
	factGuard       = "guard/"
	factReleased    = "released/" // + module: when a person released its brake
	factAgree       = "agree/"    // + link id: take the present values as agreed
)

// Company is what the turn needs to know of the QuickBooks company.
type Company struct {
	Name          string `json:"name"`
	Country       string `json:"country"`
	HomeCurrency  string `json:"home_currency"`
	MultiCurrency bool   `json:"multi_currency"`
	// FiscalYearStart is the first month of the fiscal year, 1 to 12.
	FiscalYearStart time.Month `json:"fiscal_year_start"`
	// ClosedThrough is the closing date of the books, empty when open (P16).
	ClosedThrough string `json:"closed_through,omitempty"`
	// AutomatedSalesTax tells whether tax follows addresses (P14).
	AutomatedSalesTax bool `json:"automated_sales_tax,omitempty"`
}

type facts struct {
	metadata    mapping.Metadata
	layouts     map[crossbook.Module]string
	placeholder string
	goAt        time.Time
	company     Company
	users       users
	currencies  []string // active in the CRM
	check       layoutCheck
	zone        *time.Location
}

// load reads every fact; one that is not there yet stays zero.
func (f *facts) load(ctx context.Context, tx *store.Tx, c crossbook.Connection) error {
	*f = facts{zone: time.UTC}
	if c.Zone != "" {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return fmt.Errorf("the company's time zone %q is not known on this machine: %w", c.Zone, err)
		}
		f.zone = zone
	}
	for key, into := range map[string]any{
		factMetadata: &f.metadata, factLayouts: &f.layouts,
		factPlaceholder: &f.placeholder, factGo: &f.goAt, factCompany: &f.company,
		factCurrencies: &f.currencies, factUsers: &f.users, factLayoutCheck: &f.check,
	} {
		if err := readFact(ctx, tx, c.ID, key, into); err != nil {
			return err
		}
	}
	return nil
}

func readFact(ctx context.Context, tx *store.Tx, connectionID, key string, into any) error {
	raw, _, err := tx.Fact(ctx, connectionID, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read what is remembered as %s: %w", key, err)
	}
	return nil
}

func writeFact(ctx context.Context, tx *store.Tx, connectionID, key string, value any, at time.Time) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.PutFact(ctx, connectionID, key, raw, at)
}

// today is the date in the company's zone; values that change with the
// calendar follow it (R128).
func (f *facts) today(now time.Time) string { return now.In(f.zone).Format(time.DateOnly) }

// documentFloor is the earliest date of documents taken besides open ones:
// the first day of the previous fiscal year (P26).
func (f *facts) documentFloor(s crossbook.Settings, now time.Time) string {
	if s.DocumentFloor != "" {
		return s.DocumentFloor
	}
	first := f.company.FiscalYearStart
	if first == 0 {
		first = time.January
	}
	local := now.In(f.zone)
	year := local.Year()
	if local.Month() < first {
		year--
	}
	return time.Date(year-1, first, 1, 0, 0, 0, 0, f.zone).Format(time.DateOnly)
}

// Facts are what set-up learns for the engine.
type Facts struct {
	Company     Company
	Metadata    mapping.Metadata
	Layouts     map[crossbook.Module]string
	Currencies  []string
	Placeholder string
	Users       []crossbook.User
}

// RememberFacts stores what set-up learned; the turn reads it each time. What
// was known of a module's fields before stays until the next turn compares it:
// a field that was deleted and made anew must not pass for the old one.
func RememberFacts(ctx context.Context, tx *store.Tx, connectionID string, f Facts, at time.Time) error {
	var was mapping.Metadata
	if err := readFact(ctx, tx, connectionID, factMetadata, &was); err != nil {
		return err
	}
	check := layoutCheck{At: at}
	if len(was.CRMFields) > 0 {
		f.Metadata.CRMFields = maps.Clone(f.Metadata.CRMFields)
		maps.Copy(f.Metadata.CRMFields, was.CRMFields)
		if err := readFact(ctx, tx, connectionID, factLayoutCheck, &check); err != nil {
			return err
		}
		look := store.Dirty{Ref: LayoutCheck(), DueAt: at, Reason: "connected again", Order: orderChores}
		if err := tx.MarkDirty(ctx, connectionID, []store.Dirty{look}); err != nil {
			return err
		}
	}
	for key, value := range map[string]any{
		factCompany: f.Company, factMetadata: f.Metadata, factLayouts: f.Layouts,
		factCurrencies: f.Currencies, factPlaceholder: f.Placeholder, factLayoutCheck: check,
		factUsers: usersOf(f.Users),
	} {
		if err := writeFact(ctx, tx, connectionID, key, value, at); err != nil {
			return err
		}
	}
	return nil
}

// FirstChores are the rows a new connection starts with: every feed, and the
// daily pass.
func FirstChores(now time.Time) []store.Dirty {
	return append(
		Feeds(now),
		store.Dirty{Ref: DailyPass(), DueAt: now.Add(24 * time.Hour), Reason: "daily pass", Order: orderChores},
		store.Dirty{Ref: LayoutCheck(), DueAt: now.Add(24 * time.Hour), Reason: "daily look at the layouts", Order: orderChores},
	)
}

// Go marks the moment from which new CRM records are sent to QuickBooks; what
// existed before is only linked, unless it was ticked (P3). The first call
// counts.
func Go(ctx context.Context, tx *store.Tx, connectionID string, at time.Time) error {
	var was time.Time
	if err := readFact(ctx, tx, connectionID, factGo, &was); err != nil {
		return err
	}
	if !was.IsZero() {
		return nil
	}
	return writeFact(ctx, tx, connectionID, factGo, at, at)
}
