package qbobox

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crossbook/sandbox/consent"
	faultdial "crossbook/sandbox/fault"
)

// Options say what kind of company the box is. The zero value is a US company
// in US dollars, empty, in memory, without limits.
type Options struct {
	Now    func() time.Time // default time.Now
	DB     *sql.DB          // nil keeps state in memory only; else it is written through and reloaded by New
	Limits string           // "off" (default), "real", or "fast": the real numbers on a clock 60 times as quick
	Seed   int64            // tokens and ids derive from it
	// MonthlyReads is how many metered reads a calendar month has before they
	// are refused; 0 is the vendor's 500,000 with limits on, and no bound with limits off.
	MonthlyReads int
	Logger       *slog.Logger
	BaseURL      string // what the discovery document calls this host; default http://localhost

	RealmID            string // default 9341450000000001
	ClientID           string
	ClientSecret       string
	Production         bool     // a real company: the app's addresses must be https on a public domain
	ProductionID       string   // the app's other pair of keys, of the environment that this company is not in
	ProductionSecret   string   //
	RedirectURIs       []string // empty takes https anywhere and http on localhost
	PaidTier           bool     // the app may ask for restricted scopes
	UserName           string   // the person who consented; shown by 5010
	CompanyName        string
	Country            string   // ISO 3166 alpha-2; default US
	HomeCurrency       string   // default by country
	Currencies         []string // further currencies: turns several currencies on
	TimeZone           string   // the company's own calendar; default America/Los_Angeles
	Plan               string   // one of Plans, default plus: the small ones have neither stock nor purchase orders
	AutomatedSalesTax  bool     // Preferences.TaxPrefs.PartnerTaxEnabled
	CustomTxnNumbers   bool
	BookCloseDate      string // YYYY-MM-DD
	ClosingPassword    string // with one, closed books answer 6210 instead of 6200
	WebhookURL         string
	WebhookVerifier    string
	WebhookPublic      bool              // the endpoint must be https on a public host; always so with Production
	WebhookCloudEvents bool              // the new payload; default the old one
	WebhookEntities    []string          // what was ticked: "Customer", or "Customer/Merge" for one operation; empty is everything
	WebhookDelay       time.Duration     // how long the first event waits for others before a delivery; the vendor's may take 5 minutes
	ManualDelivery     bool              // no goroutine: call DeliverNotifications
	Deliver            http.RoundTripper // default http.DefaultTransport

	Dials Dials
}

// Dials choose between readings of the vendor's behaviour where the sources
// disagree or are silent. The zero value is the reading harder on a client.
type Dials struct {
	RotateEveryRefresh        bool          // a new refresh token at each refresh, not once a day
	OldRefreshTokenGrace      time.Duration // how long a replaced refresh token still works
	InactiveNameIsFree        bool          // an inactive record's old name may be taken again at once
	ReactivateStripsSuffix    bool          // making a record active again removes " (deleted)"
	InactivateWithBalance     bool          // the API may make a customer with an open balance inactive
	InactiveIsUpdateEvent     bool          // notifications call an inactivation Update instead of Delete
	TrimNames                 bool          // blanks around a DisplayName are cut off
	DuplicateNumbersAllowed   bool          // no 6140 for a document number in use
	QuantityWithoutDateIs6000 bool          // a quantity without a date gives 6000 (-10600) instead of 2070
	OrdersLeaveVendorTime     bool          // a purchase order does not move its vendor's LastUpdatedTime
	PaymentsKeepInvoiceToken  bool          // a payment does not raise its invoice's SyncToken
	CustomerEmailQueryable    bool          // Customer.PrimaryEmailAddr may stand in a WHERE
	BadMailPoisonsQueries     bool          // a document with a bad BillEmail makes its whole page fail with 4002
	BatchInOrder              bool          // batch answers keep the order of the requests
	RequestIDLife             time.Duration // how long request ids are remembered; default 4 hours
	VoidEventIsVoid           bool          // CloudEvents say "void" instead of "voided"
	InactiveIsWrittenOff      bool          // an owing customer made inactive is balanced by a credit memo; else it goes on owing
	VendorSuffixIsSmall       bool          // an inactive vendor is "Name (deleted)" instead of "Name (Deleted)"
	UnknownCustomFieldIs3000  bool          // a custom field that is not enabled is refused; else it is left out without a word
	SubscriptionEndIs400      bool          // a company whose subscription ended answers 400 instead of 403
	FileAddressLife           time.Duration // how long the temporary address of a file works; default 5 minutes
	ThrottleEndsWithItsWindow bool          // after a 429 calls are let in again as soon as there is room, not after 60 seconds
	ChangesInOrder            bool          // change data capture answers in the order of the entities asked for
	BadMailIs500              bool          // a page that fails with 4002 does so with status 500 instead of 400
	UsedRequestIDIs600        bool          // a request id whose answer is forgotten is refused (600); else it is done anew
	PermissionDeniedIs400     bool          // what the connecting user's role does not allow answers 400 instead of 403
	EventsAreBare             bool          // CloudEvents have plain uuids as ids and no alternative_ids
	CustomerTypesWritable     bool          // clients may create and change customer types, not only people
	SalesCustomerIs6250       bool          // a sales form for an unknown or inactive customer gives 6250 instead of 2500
	LongNumberIs6000          bool          // a DocNumber of more than 21 characters gives the older 6000 instead of 2050
	UnexpandedNames           bool          // 6240 shows the list's name as $$customer$$, as once recorded
	UnusedFeaturesAreDropped  bool          // classes, locations and shipping are left out without a word where they are switched off, instead of 5030
	OldWebhookLadder          bool          // refused notifications follow the vendor's older text: 20, 30, 50 minutes, and the end after a day
}

// Box is one company and its API. It is safe for concurrent use.
type Box struct {
	opt     Options
	zone    *time.Location
	home    string
	log     *slog.Logger
	faults  *faultdial.Dial
	handler http.Handler
	traces  atomic.Int64
	// otherVerifier signs for the other environment, never here.
	otherVerifier string
	// messenger is the box that delivers for this one, when it is another.
	messenger *Box

	mu           sync.Mutex
	tick         int64 // the second the call at hand writes
	entities     map[string]*entity
	tables       map[string]*table
	names        map[string][]*record
	usedBy       map[string]map[*record]struct{}
	singles      map[string]object // CompanyInfo, Preferences
	suspended    string            // why every call is refused, "" when none is
	role         string            // what the user who connected the app may do, "" is everything
	begun        time.Time         // when the company was reset, if it ever was
	deleted      map[string][]stub
	marks        map[string]string // handle -> what a bank did to a transaction
	merged       map[string]string // loser's handle -> winner's id
	writers      map[string]string // handle -> who wrote last
	seq          map[string]int64
	lastNumber   map[string]string
	exchange     map[string]object
	subTypes     map[string]string // account sub type -> first account id
	ledger       ledger
	files        map[string][]byte // uploaded ones, by attachable
	tokens       tokens
	signer       signer
	questions    consent.Tickets[question]
	replays      map[string]replay
	writes       []Write
	calls        calls
	limiter      limiter
	outbox       outbox
	dirty        map[string]*record
	gone         map[string]*record
	dirtyDeleted []string
	dirtyMeta    bool
	saved        savedMarks
}

// New makes a box, reloading its state from Options.DB when there is any.
func New(opt Options) (*Box, error) {
	b := &Box{opt: opt, log: opt.Logger, faults: faultdial.New(opt.Seed)}
	if err := b.defaults(); err != nil {
		return nil, err
	}
	b.reset()
	b.calls.reset()
	b.faults.OnExpireToken = b.ExpireAccessTokens
	b.faults.Shape = b.faultShape
	b.faults.Refusal = b.codedFault
	b.faults.Hold, b.faults.HoldStatus = callTime, http.StatusGatewayTimeout
	b.handler = b.faults.Wrap(b.routes())
	if opt.DB != nil {
		found, err := b.reload()
		if err != nil {
			return nil, fmt.Errorf("reload the sandbox company: %w", err)
		}
		if found {
			return b, nil
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	b.seed()
	b.tokens.start(b)
	if err := b.flush(); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Box) defaults() error {
	o := &b.opt
	if o.Now == nil {
		o.Now = time.Now
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	o.BaseURL = strings.TrimSuffix(cmp.Or(o.BaseURL, "http://localhost"), "/")
	o.RealmID = cmp.Or(o.RealmID, "9341450000000001")
	o.UserName = cmp.Or(o.UserName, "Sam Ledger")
	o.CompanyName = cmp.Or(o.CompanyName, "Sandbox Company")
	o.Country = cmp.Or(o.Country, "US")
	o.HomeCurrency = cmp.Or(o.HomeCurrency, homeCurrencies[o.Country], "USD")
	o.Plan = cmp.Or(o.Plan, "plus")
	o.TimeZone = cmp.Or(o.TimeZone, "America/Los_Angeles")
	o.Limits = cmp.Or(o.Limits, "off")
	b.keys()
	o.Dials.FileAddressLife = cmp.Or(o.Dials.FileAddressLife, 5*time.Minute)
	o.Dials.RequestIDLife = cmp.Or(o.Dials.RequestIDLife, 4*time.Hour)
	if o.Deliver == nil {
		o.Deliver = http.DefaultTransport
	}
	b.home = o.HomeCurrency
	if o.Limits != "off" && o.Limits != "real" && o.Limits != "fast" {
		return fmt.Errorf("unknown limits %q: use off, real or fast", o.Limits)
	}
	if _, known := plans[o.Plan]; !known {
		return fmt.Errorf("unknown plan %q: use one of %v", o.Plan, Plans())
	}
	if currencyNames[b.home] == "" {
		return fmt.Errorf("unknown home currency %q", b.home)
	}
	if err := b.registrations(); err != nil {
		return err
	}
	var err error
	b.zone, err = time.LoadLocation(o.TimeZone)
	return err
}

func (b *Box) reset() {
	b.entities = catalogue()
	b.tables = map[string]*table{}
	for p, e := range b.entities {
		b.tables[p] = newTable(e)
	}
	b.names, b.usedBy = map[string][]*record{}, map[string]map[*record]struct{}{}
	b.singles, b.deleted = map[string]object{}, map[string][]stub{}
	b.merged, b.writers, b.marks = map[string]string{}, map[string]string{}, map[string]string{}
	b.seq, b.lastNumber = map[string]int64{}, map[string]string{}
	b.exchange, b.subTypes = map[string]object{}, map[string]string{}
	b.replays = map[string]replay{}
	b.ledger, b.files = newLedger(), map[string][]byte{}
	b.dirty, b.gone = map[string]*record{}, map[string]*record{}
}

// Close stops the deliverer of notifications.
func (b *Box) Close() { b.outbox.close() }

// ServeHTTP answers all routes of the vendor and the pages below /_sandbox/.
// Every answer has an intuit_tid, also those that nothing answers for.
func (b *Box) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("intuit_tid", b.traceID())
	b.handler.ServeHTTP(w, r)
}

// Transport serves calls to any host from this box, in this process.
func (b *Box) Transport() http.RoundTripper { return faultdial.Transport{Handler: b} }

// Faults is the fault dial, the same as /_sandbox/faults.
func (b *Box) Faults() *faultdial.Dial { return b.faults }

// Credentials are what a client needs to connect.
type Credentials struct {
	ClientID, ClientSecret, RefreshToken, RealmID, WebhookVerifier string
	// The app's keys for the other environment; they are known but open nothing here.
	ProductionID, ProductionSecret string
	// OtherVerifier signs the notifications of the other environment.
	OtherVerifier string
}

// Credentials returns the app's keys, the present refresh token and the company's id.
func (b *Box) Credentials() Credentials {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Credentials{
		ClientID: b.opt.ClientID, ClientSecret: b.opt.ClientSecret, RefreshToken: b.tokens.Refresh,
		RealmID: b.opt.RealmID, WebhookVerifier: b.opt.WebhookVerifier,
		ProductionID: b.opt.ProductionID, ProductionSecret: b.opt.ProductionSecret,
		OtherVerifier: b.otherVerifier,
	}
}

// SetWebhook changes where notifications go; "" stops them. What an endpoint
// refused so far is tried again at once. An address that the vendor's portal
// would refuse changes nothing (see Options.WebhookPublic).
func (b *Box) SetWebhook(url string) {
	if err := b.endpoint(url); err != nil {
		b.log.Warn("the webhook address is refused", "error", err)
		return
	}
	b.mu.Lock()
	b.opt.WebhookURL = url
	b.mu.Unlock()
	b.outbox.anew()
}

func (b *Box) now() time.Time { return b.opt.Now() }

// begin sets the second that the call at hand writes. The caller holds the lock.
func (b *Box) begin() time.Time {
	now := b.now()
	b.tick = stamp(now)
	return now
}

func (b *Box) country() string { return b.opt.Country }
func (b *Box) multiCurrency() bool {
	return flag(b.preferences(), "CurrencyPrefs.MultiCurrencyEnabled")
}
func (b *Box) preferences() object { return b.singles["Preferences"] }
func (b *Box) company() object     { return b.singles["CompanyInfo"] }

// otherPreference reads one of the loose name and value pairs.
func (b *Box) otherPreference(name string) string {
	for _, nv := range list(b.preferences(), "OtherPrefs.NameValue") {
		if str(nv, "Name") == name {
			return str(nv, "Value")
		}
	}
	return ""
}

func (b *Box) discountAccount() string {
	if id := str(b.preferences(), "SalesFormsPrefs.DefaultDiscountAccount"); b.find("Account", id) != nil {
		return id
	}
	return b.accountBySubType("DiscountsRefundsGiven")
}

// accountBySubType is the first active account of a kind, "" when there is none.
func (b *Box) accountBySubType(sub string) string {
	if id := b.subTypes[sub]; id != "" {
		if r := b.find("Account", id); r != nil && r.active {
			return id
		}
	}
	best := (*record)(nil)
	for _, r := range b.tables["account"].byID {
		if r.active && (best == nil || r.num < best.num) && str(r.object(), "AccountSubType") == sub {
			best = r
		}
	}
	if best == nil {
		return ""
	}
	b.subTypes[sub] = best.id
	return best.id
}

// userID is the number that stands for a person in MetaData.
func (b *Box) userID(name string) string {
	if name == "api" {
		name = b.opt.UserName
	}
	digits := []byte("9341")
	for _, c := range derive(b.opt.Seed, "user "+name, 12) {
		digits = append(digits, '0'+byte(c)%10)
	}
	return string(digits)
}

// ExpireAccessTokens makes every access token given so far invalid at once.
func (b *Box) ExpireAccessTokens() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens.expire()
}

// DeliverNotifications sends what is due and returns how many deliveries were
// tried. It is for boxes without their own deliverer.
func (b *Box) DeliverNotifications(ctx context.Context) int { return b.deliverDue(ctx, false) }
