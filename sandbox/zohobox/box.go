package zohobox

import (
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"crossbook/sandbox/consent"
	"crossbook/sandbox/fault"
)

// Options say which organisation a Box plays. The zero value is a new customer
// on the Enterprise edition with one currency, no limits, and memory only.
type Options struct {
	Now     func() time.Time // default time.Now
	DB      *sql.DB          // nil: memory only; otherwise written through and reloaded by New
	Limits  string           // "off" (default), "real" or "fast"
	Company string           // "empty", the only one so far
	BaseURL string           // default: the scheme and host of each request
	Seed    int64
	Logger  *slog.Logger

	// DataCenter is where the organisation lives: us (default), eu, in, au, cn,
	// jp, ca, sa, uk or ae. At the vendor's own host names of the others its
	// tokens are not known (section 1).
	DataCenter    string
	OneDataCenter bool     // the client was not let into the other data centres
	RedirectURIs  []string // where an app may be sent back to; empty takes any web address

	Organisation  string // one of Organisations, default production; sandbox and developer live at host names of their own
	Edition       string // one of Editions, default "enterprise"
	HomeCurrency  string // ISO code, default USD
	MultiCurrency bool
	TimeZone      string // of the organisation and its users, default America/Los_Angeles

	// NoQuickBooksLayout leaves out the layout that an administrator clones by
	// hand before documents can be synced.
	NoQuickBooksLayout bool

	Users []User // nil: the default people
	// UserLicences is how many active people the organisation pays for; 0: as
	// many as it has, and a further one is paid for when invited.
	UserLicences int
	// FileStorage is how many bytes attachments and files in fields may take in all; 0: no end.
	FileStorage int64
	ConnectAs   string // whose refresh token Credentials names first; default the super admin

	Workflows []Workflow // automation that answers to writes (section 4.3, trigger)

	Deliver        http.RoundTripper // carries notifications; default http.DefaultTransport
	ManualDelivery bool              // no delivering goroutine; DeliverNotifications pumps
	Dials          Dials
}

// Box is one imitated organisation. It is safe for concurrent use.
type Box struct {
	opt     Options
	log     *slog.Logger
	handler http.Handler

	mu          sync.Mutex
	ids         idSource
	module      map[string]*module
	modules     []*module
	org         org
	users       []*user
	profiles    []*profile
	roles       []*role
	currencies  []*currency
	taxes       []*tax
	lockRules   map[string]*lockConfig // by module
	oauth       tokenService
	questions   consent.Tickets[question]
	selfPages   consent.Tickets[struct{}]
	watch       watchService
	jobs        jobService
	notes       noteService
	tags        []*tag
	views       []*view
	variables   []*variable
	groups      []*variableGroup // beside General
	duplicates  *duplicateCheck
	pipelines   []*pipeline
	webhooks    []*webhook
	flows       []*flow // rules that answer to writes
	webTabs     []*webTab
	territories []*territory           // the one above first
	rollups     map[string][]summary   // by the module of the records below
	files       map[string]*storedFile // for fields of records
	filled      int64                  // bytes of files and attachments
	rules       []*rule                // of layouts and of validation
	reviewed    map[string]bool        // modules with a review process
	events      int64                  // of all timelines
	writes      []writeEntry
	calls       callLog
	quota       quota
	store       *store
	dial        *fault.Dial
}

// New opens a box. With a database it continues where the last one stopped.
func New(opt Options) (*Box, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if err := opt.check(); err != nil {
		return nil, err
	}
	opt.Dials = opt.Dials.filled()
	b := &Box{
		opt: opt, log: opt.Logger, ids: newIDSource(opt.Seed),
		module: map[string]*module{}, lockRules: map[string]*lockConfig{}, calls: newCallLog(),
	}
	b.found()
	b.watch.base = strings.TrimRight(opt.BaseURL, "/")
	if err := b.openStore(); err != nil {
		return nil, err
	}
	b.handler = b.routes()
	b.startDelivery()
	return b, nil
}

func (o *Options) check() error {
	set := func(p *string, def string) {
		if *p == "" {
			*p = def
		}
	}
	set(&o.Limits, "off")
	set(&o.Company, "empty")
	set(&o.Edition, "enterprise")
	set(&o.HomeCurrency, "USD")
	set(&o.Organisation, "production")
	set(&o.TimeZone, "America/Los_Angeles")
	e, known := editions[o.Edition]
	if !known {
		return fmt.Errorf("edition %q is unknown: use %s", o.Edition, strings.Join(Editions(), ", "))
	}
	if !slices.Contains(Organisations(), o.Organisation) {
		return fmt.Errorf("organisation %q is unknown: use %s", o.Organisation, strings.Join(Organisations(), ", "))
	}
	for _, u := range o.Users {
		if u.Type != "" && !slices.Contains(userTypes, u.Type) {
			return fmt.Errorf("user %s: type %q is unknown: use %s", u.Email, u.Type, strings.Join(userTypes, ", "))
		}
	}
	if o.MultiCurrency && !e.advanced {
		return fmt.Errorf("edition %q has no several currencies: use enterprise or ultimate", o.Edition)
	}
	if o.Limits != "off" && o.Limits != "real" && o.Limits != "fast" {
		return fmt.Errorf("limits %q are unknown: use off, real or fast", o.Limits)
	}
	if err := o.settle(); err != nil {
		return err
	}
	if o.Company != "empty" {
		return fmt.Errorf("company %q is unknown: use empty", o.Company)
	}
	if currencyNames[o.HomeCurrency] == "" {
		return fmt.Errorf("home currency %q is unknown: use an ISO code such as USD", o.HomeCurrency)
	}
	for i := range o.Workflows {
		set, err := normalise(o.Workflows[i].Set)
		if err != nil {
			return fmt.Errorf("workflow %q: %w", o.Workflows[i].Name, err)
		}
		o.Workflows[i].Set = set
	}
	return nil
}

// found sets up what the vendor gives a new customer.
func (b *Box) found() {
	b.foundUsers()
	b.foundOrg()
	b.buildModules()
	b.foundLayouts()
	b.foundTokens()
	b.watch.init()
	b.jobs.init()
	b.notes.init()
	b.foundViews()
	b.foundFlows()
}

// ServeHTTP answers every route of the imitation.
func (b *Box) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A server says when it took the request; clients build their cursors on it.
	w.Header().Set("Date", b.opt.Now().UTC().Format(http.TimeFormat))
	b.handler.ServeHTTP(w, r)
}

// Close stops the delivery of notifications.
func (b *Box) Close() { b.watch.stop() }
