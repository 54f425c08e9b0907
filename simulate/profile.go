package simulate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// channels say how news reaches the engine.
type channels string

const (
	notified channels = "notifications"
	polled   channels = "polling"
	doubled  channels = "both, doubled and reordered"
)

// profile is what a seed decides before anything happens.
type profile struct {
	settings crossbook.Settings
	channels channels
	crm      zohobox.Options
	books    qbobox.Options
	// modules that people touch; vendors always.
	products, customers, documents bool
	// rewrites lets QuickBooks store web addresses its own way.
	rewrites bool
	actions  int
	// sure are things that happen at a step whatever the dice say then, so that
	// hardly a seed goes by without them.
	sure map[int]func(*world)
}

func draw(rng *rand.Rand, o Options) profile {
	p := profile{settings: crossbook.DefaultSettings()}
	p.settings.CustomerSource = pick(rng, []crossbook.CustomerSource{
		crossbook.AccountsWithBillingContact, crossbook.AccountsWithBillingContact, crossbook.AccountsOnly, crossbook.ContactsOnly,
	})
	p.channels = pick(rng, []channels{notified, polled, doubled})
	for _, m := range crossbook.Modules() {
		ms := p.settings.Modules[m]
		ms.Everything = chance(rng, 70) || m == crossbook.Vendors && chance(rng, 70)
		if m.TwoWay() {
			ms.Duplicates = pick(rng, []crossbook.DuplicateAction{
				crossbook.LinkAndFill, crossbook.LinkAndFill, crossbook.LinkAndFill, crossbook.Overwrite, crossbook.SkipDuplicate, crossbook.Clone,
			})
			ms.Preference = pick(rng, []crossbook.Preference{
				crossbook.OwnerWins, crossbook.OwnerWins, crossbook.BooksWins, crossbook.CRMWins, crossbook.Ask,
			})
		}
		p.settings.Modules[m] = ms
	}
	p.settings.CreateExisting = chance(rng, 50)
	p.settings.DefaultItemType = pick(rng, []string{"Service", "NonInventory"})
	p.products, p.customers, p.documents = o.Modules.products(), o.Modules.customers(), o.Modules.documents()
	p.rewrites = chance(rng, 50)
	p.actions = o.Actions
	if p.actions == 0 {
		p.actions = 26 + rng.IntN(20)
	}
	p.crm, p.books = dials(rng)
	p.sure = map[int]func(*world){}
	for _, f := range []func(*world){(*world).sureFault, (*world).sureKill, (*world).duel, (*world).duel} {
		if chance(rng, 98) {
			p.sure[rng.IntN(p.actions)] = f
		}
	}
	return p
}

// dials draws the behaviours that the vendors' documents leave open.
func dials(rng *rand.Rand) (zohobox.Options, qbobox.Options) {
	sw := func() zohobox.Switch {
		return pick(rng, []zohobox.Switch{zohobox.Default, zohobox.Default, zohobox.On, zohobox.Off})
	}
	z := zohobox.Options{ManualDelivery: true, Dials: zohobox.Dials{
		StockArithmetic: sw(), SinceInclusive: sw(), RestoreRelinks: sw(), MergedKept: sw(),
		EchoSilent: sw(), EventWords: sw(), TokensPerWindow: -1,
		UnknownIDStatus: pick(rng, []int{0, 204, 400}), MixedStatus: pick(rng, []int{0, 207, 200}),
		AccountRequired: zohobox.Off,
	}}
	yes := func() bool { return chance(rng, 35) }
	q := qbobox.Options{ManualDelivery: true, WebhookCloudEvents: yes(), Dials: qbobox.Dials{
		InactiveNameIsFree: yes(), ReactivateStripsSuffix: yes(), InactiveIsUpdateEvent: yes(), TrimNames: yes(),
		DuplicateNumbersAllowed: true, OrdersLeaveVendorTime: yes(), PaymentsKeepInvoiceToken: yes(), BatchInOrder: yes(),
		InactivateWithBalance: true,
	}}
	return z, q
}

// moreDials draws what is left of them, by chance of its own: a seed that is
// remembered for what it found goes on meaning the same. Fixed stay those that
// keep people from their work: whether an invoice demands an account, whether
// its number may be used twice, whether customers that owe can be left out.
func (p *profile) moreDials(seed int64) {
	rng := rand.New(rand.NewPCG(uint64(seed), 0xd1a1))
	yes := func() bool { return chance(rng, 35) }
	sw := func() zohobox.Switch { return pick(rng, []zohobox.Switch{zohobox.Default, zohobox.On, zohobox.Off}) }
	z, q := &p.crm.Dials, &p.books.Dials
	z.TokenErrorStatus, z.ThrottleStatus = pick(rng, []int{0, 200, 400}), pick(rng, []int{0, 400, 429})
	z.ActiveTokens = pick(rng, []int{0, 1, 2})
	z.CaseSensitive, z.RowsReplaced, z.BareLookups, z.PercentDiscount = sw(), sw(), sw(), sw()
	z.SearchLag = pick(rng, []time.Duration{0, -1, time.Minute, time.Hour})
	q.RotateEveryRefresh, q.QuantityWithoutDateIs6000, q.CustomerEmailQueryable, q.VoidEventIsVoid = yes(), yes(), yes(), yes()
	q.BadMailPoisonsQueries = yes()
	q.RequestIDLife = pick(rng, []time.Duration{0, 90 * time.Minute, 24 * time.Hour})
	z.SiblingCredits = sw() // those above keep what they were
	q.OldWebhookLadder = yes()
	z.ScopeInToken = sw()
	q.VendorSuffixIsSmall, q.UnknownCustomFieldIs3000, q.InactiveIsWrittenOff = yes(), yes(), yes() // the last to be drawn
	q.EventsAreBare = yes()
	q.UnusedFeaturesAreDropped = yes()
	z.RateLimitWord = sw()
	z.RowsShown = pick(rng, []int{0, 1, 2})
	q.SalesCustomerIs6250, q.LongNumberIs6000, q.UnexpandedNames = yes(), yes(), yes()
	q.ChangesInOrder, q.BadMailIs500, q.UsedRequestIDIs600 = yes(), yes(), yes()
	q.CustomerTypesWritable = yes()
}

func (p profile) String() string {
	var on []string
	for _, m := range []crossbook.Module{crossbook.Vendors, crossbook.Accounts, crossbook.Contacts, crossbook.Products} {
		ms := p.settings.Modules[m]
		on = append(on, fmt.Sprintf("%s: %s, %s", m, ms.Duplicates, ms.Preference))
	}
	source := strings.Join(append([]string{string(p.settings.CustomerSource)}, p.treeOptions()...), ", ")
	return fmt.Sprintf("%s; %s; %s; create existing %v; rewriting %v; %d actions",
		source, p.channels, strings.Join(on, "; "), p.settings.CreateExisting, p.rewrites, p.actions)
}

func chance(rng *rand.Rand, percent int) bool { return rng.IntN(100) < percent }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
