package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/store"
)

// A feed is polled through a dirty row of its own: the row's due time is the
// next poll, and a notification only makes it due now. So the schedule lives
// in our tables like everything else.
const (
	choreFeed  = "feed"
	choreDaily = "daily"
	choreCheck = "layouts"
	choreStock = "stock" // Products once documents were written
	choreDeals = "deals" // which Deals documents are on, and what Deals show
	anyType    = "*"
)

// How often a feed is polled while its notifications are not proven, and once
// they are (design section 5, channels).
const (
	pollUnproven = 5 * time.Minute
	pollProven   = time.Hour
	provenFor    = 24 * time.Hour
	// overlap is taken off the vendor's answer time: what was committed there
	// with an earlier time than it became visible is read again.
	overlap = 5 * time.Minute
	// changeFeedReach is how far back QuickBooks' change feed goes (R68).
	changeFeedReach = 30 * 24 * time.Hour
	// changeFeedMost is how many records one answer of it holds.
	changeFeedMost = 1000
)

// Channels, by the name receipts of notifications are kept under.
const (
	ChannelCRM   = "zoho-crm"
	ChannelBooks = "quickbooks"
)

// CRMFeed is the feed of one CRM module.
func CRMFeed(m crossbook.Module) crossbook.Ref {
	return crossbook.Ref{Side: crossbook.CRM, Type: string(m), ID: choreFeed}
}

// BooksFeed is QuickBooks' one feed for all entities.
func BooksFeed() crossbook.Ref {
	return crossbook.Ref{Side: crossbook.Books, Type: anyType, ID: choreFeed}
}

// DailyPass is the chore that follows the calendar (R128).
func DailyPass() crossbook.Ref {
	return crossbook.Ref{Side: crossbook.Books, Type: anyType, ID: choreDaily}
}

// LayoutCheck is the chore that compares the fields and layouts of the CRM with
// what is mapped.
func LayoutCheck() crossbook.Ref {
	return crossbook.Ref{Side: crossbook.CRM, Type: anyType, ID: choreCheck}
}

// IsChore tells whether a dirty row is a feed, a daily pass, a check or a
// read-back, and no record.
func IsChore(r crossbook.Ref) bool {
	return r.ID == choreFeed || r.ID == choreDaily || r.ID == choreCheck || r.ID == choreDeals || r.ID == choreStock || strings.HasPrefix(r.ID, choreReadBack)
}

// polledModules are the CRM modules whose changes are read; documents only
// travel the other way.
func polledModules() []crossbook.Module {
	return []crossbook.Module{crossbook.Vendors, crossbook.Accounts, crossbook.Contacts, crossbook.Products}
}

// feedEntities are the entities read from QuickBooks: the six of R25 and those
// needed for figures and references. Entities that the change feed does not
// carry (TaxCode, TaxRate) are read by the daily pass.
func feedEntities() []crossbook.Entity {
	return []crossbook.Entity{
		crossbook.Vendor, crossbook.Customer, crossbook.Item,
		crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder,
		crossbook.Payment, crossbook.CreditMemo,
		crossbook.LedgerAccount, crossbook.Term, crossbook.CompanyCurrency, crossbook.PaymentMethod,
	}
}

// Feeds are all feeds of a connection as dirty rows due at a time; set-up
// marks them once, and whoever wants a feed read marks it again.
func Feeds(now time.Time) []store.Dirty {
	rows := []store.Dirty{{Ref: BooksFeed(), DueAt: now, Reason: "poll", Order: orderChores}}
	for _, m := range polledModules() {
		rows = append(rows, store.Dirty{Ref: CRMFeed(m), DueAt: now, Reason: "poll", Order: orderChores})
	}
	return rows
}

// callFeeds makes every feed due now.
func (t *turn) callFeeds(ctx context.Context) error {
	return t.update(ctx, func(tx *store.Tx) error {
		rows := Feeds(t.now())
		if t.facts.check.stale(t.now()) {
			rows = append(rows, store.Dirty{Ref: LayoutCheck(), DueAt: t.now(), Reason: "a look at the layouts", Order: orderChores})
		}
		return tx.MarkDirty(ctx, t.conn.ID, rows)
	})
}

// chores does the feeds and daily passes that are due.
func (t *turn) chores(ctx context.Context, rows []store.Dirty) error {
	// What a module looks like is asked before its records are.
	slices.SortStableFunc(rows, func(a, b store.Dirty) int {
		return cmp.Compare(choreRank(a.Ref), choreRank(b.Ref))
	})
	for _, row := range rows {
		if !t.timeLeft() {
			return nil
		}
		if err := t.chore(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func choreRank(r crossbook.Ref) int {
	if r == LayoutCheck() {
		return 0
	}
	return 1
}

func (t *turn) chore(ctx context.Context, row store.Dirty) error {
	t.begunBy(triggerOf(row))
	if why, blocked := t.isBlocked(row.Ref.Side); blocked {
		return t.postpone(ctx, row, t.blocked[row.Ref.Side].until, why)
	}
	var err error
	switch {
	case strings.HasPrefix(row.Ref.ID, choreReadBack):
		if err = t.readBackOwed(ctx, row); err == nil {
			return nil
		}
	case row.Ref.ID == choreDaily:
		err = t.daily(ctx)
	case row.Ref.ID == choreStock:
		if err = t.pullCRM(ctx, row.Ref.Module()); err == nil {
			return t.done(ctx, row)
		}
	case row.Ref.ID == choreDeals:
		if err = t.followDeals(ctx, row.Ref.Module()); err == nil {
			return t.done(ctx, row)
		}
	case row.Ref.Side == crossbook.CRM && row.Ref.Module().Document():
		if err = t.pullDeletedDocuments(ctx, row.Ref.Module()); err == nil {
			return t.done(ctx, row)
		}
	case row.Ref.ID == choreCheck:
		if err = t.checkLayouts(ctx); err == nil {
			err = t.lookAtUsers(ctx)
		}
	case row.Ref.Side == crossbook.CRM:
		err = t.pullCRM(ctx, row.Ref.Module())
	default:
		err = t.pullBooks(ctx)
	}
	if err != nil {
		return t.sideFailed(ctx, row.Ref.Side, err, []store.Dirty{row})
	}
	next := t.now().Add(t.pollEvery(ctx, row.Ref.Side))
	if row.Ref.ID == choreDaily || row.Ref.ID == choreCheck {
		next = t.nextMidnight()
	}
	return t.postpone(ctx, row, next, "poll")
}

// done takes away the row of a chore that does not come again by itself.
func (t *turn) done(ctx context.Context, row store.Dirty) error {
	return t.update(ctx, func(tx *store.Tx) error {
		return tx.ClearDirtyMany(ctx, t.conn.ID, []store.Dirty{row})
	})
}

// pollEvery is how long until the next poll: hourly once notifications are
// proven, every five minutes until then.
func (t *turn) pollEvery(ctx context.Context, side crossbook.Side) time.Duration {
	channel := ChannelBooks
	if side == crossbook.CRM {
		channel = ChannelCRM
	}
	every := pollUnproven
	_ = t.view(ctx, func(tx *store.Tx) error {
		at, ok, err := tx.LastReceipt(ctx, t.conn.ID, channel)
		if err == nil && ok && t.now().Sub(at) < provenFor {
			every = pollProven
		}
		return err
	})
	return every
}

// nextMidnight is shortly after the next midnight of the company's zone.
func (t *turn) nextMidnight() time.Time {
	local := t.now().In(t.facts.zone)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 1, 0, 0, t.facts.zone).UTC()
}

func (t *turn) postpone(ctx context.Context, row store.Dirty, until time.Time, why string) error {
	return t.update(ctx, func(tx *store.Tx) error {
		_, err := tx.Postpone(ctx, t.conn.ID, row.Ref, row.Generation, until, why)
		return err
	})
}
