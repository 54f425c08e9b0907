package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"crossbook"
	"crossbook/engine"
	"crossbook/jobs"
	"crossbook/oauth"
	"crossbook/quickbooks"
	quickapi "crossbook/quickbooks/api"
	"crossbook/store"
	"crossbook/transport"
	"crossbook/zohocrm"
	crmapi "crossbook/zohocrm/api"
)

// house is everything put together: what a command works with. Nothing else in
// this program makes a store, an engine, a client or a queue.
type house struct {
	app    *app
	log    *slog.Logger
	store  *store.Store
	sealer *oauth.Sealer // nil until there are secrets
	engine *engine.Engine
	owner  store.Owner
	step   func(string)
	writes time.Duration // CROSSBOOK_WRITE_DEADLINE, 0 is the usual time

	doors doors

	mu   sync.Mutex
	ends map[string]*ends // by connection
}

// ends are the two ends of one connection as this process calls them.
type ends struct {
	made  string // what they were made from
	crm   *crmapi.Client
	books *quickapi.Client
	meter *meter
	zoho  *oauth.Source
	quick *oauth.Source
}

// houseRules say how a command wants its house.
type houseRules struct {
	create bool       // make folder, database and keys when they are missing
	quiet  slog.Level // the log level unless told otherwise
}

// open puts the house together.
func (a *app) open(ctx context.Context, rules houseRules) (*house, error) {
	h := &house{app: a, log: a.logger(rules.quiet), owner: jobs.Self(), ends: map[string]*ends{}}
	h.doors.shut = map[crossbook.Side]error{}
	var err error
	if h.step, err = crasher(os.Getenv(envCrashAt)); err != nil {
		return nil, err
	}
	if h.writes, err = writeDeadline(); err != nil {
		return nil, err
	}
	if err := a.place(rules.create); err != nil {
		return nil, err
	}
	if h.store, err = store.Open(ctx, a.cli.database()); err != nil {
		return nil, err
	}
	h.engine, err = engine.New(engine.Options{
		Store: h.store, Connect: h.connect, Owner: h.owner, NewID: newID, Parallel: atOnce,
		WriteDeadline: h.writes, Step: h.step, Progress: h.progress, Logger: h.log,
	})
	if err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// at puts the house together around one connection: the one named, or the only
// one.
func (a *app) at(ctx context.Context, name string, quiet slog.Level) (*house, crossbook.Connection, error) {
	h, err := a.open(ctx, houseRules{quiet: quiet})
	if err != nil {
		return nil, crossbook.Connection{}, err
	}
	c, err := h.only(ctx, name)
	if err != nil {
		h.close()
	}
	return h, c, err
}

// atOnce is how many calls a turn has under way towards one side; the pacers
// hold them to what the vendor allows.
const atOnce = 8

func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.NewString()
	}
	return id.String()
}

// place makes sure that there is a place for the data: made when the command
// may, otherwise required, so that a mistyped path is not taken for an empty
// database.
func (a *app) place(create bool) error {
	path, file := strings.CutPrefix(a.cli.database(), "sqlite:")
	switch {
	case file:
	case strings.HasPrefix(a.cli.database(), "postgres://"), strings.HasPrefix(a.cli.database(), "postgresql://"):
		return nil
	default:
		return usage(fmt.Sprintf("%q is no database address", a.cli.database()), "Write sqlite:PATH or postgres://USER@HOST/DATABASE (flag --db, or CROSSBOOK_DB in the environment).")
	}
	path, _, _ = strings.Cut(path, "?")
	if create {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return couldNot("Choose a folder this user may write to, with --dir or --db.", "there is no place for the data: %v", err)
		}
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return couldNot("Run crossbook connect NAME --from-env first, or name the right place with --db or --dir.", "there is no Crossbook database at %s", path)
	}
	return nil
}

func (h *house) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	h.mu.Lock()
	for _, e := range h.ends {
		if err := e.meter.flush(ctx); err != nil {
			h.log.Warn("keep the count of calls", "error", err)
		}
	}
	h.mu.Unlock()
	if err := h.store.Close(); err != nil {
		h.log.Warn("close the database", "error", err)
	}
}

// keys opens the keys file.
func (h *house) keys(create bool) (*oauth.Sealer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sealer == nil {
		s, err := oauth.OpenSealer(h.app.cli.dir(), create)
		if err != nil {
			return nil, err
		}
		h.sealer = s
	}
	return h.sealer, nil
}

func (h *house) secrets(connectionID string) (secrets, error) {
	sealer, err := h.keys(false)
	return secrets{store: h.store, sealer: sealer, connection: connectionID}, err
}

// connect opens the two sides of a connection for a turn.
func (h *house) connect(ctx context.Context, c crossbook.Connection) (engine.Sides, error) {
	e, err := h.endsOf(ctx, c)
	if err != nil {
		return engine.Sides{}, err
	}
	var fields map[crossbook.Module][]string
	err = h.store.View(ctx, func(tx *store.Tx) error {
		fields, err = engine.ReadFields(ctx, tx, c)
		return err
	})
	if err != nil {
		return engine.Sides{}, err
	}
	return engine.Sides{CRM: zohocrm.New(e.crm, fields), Books: quickbooks.New(e.books)}, nil
}

// endsOf returns the clients of a connection; they are made anew after a person
// connected again.
func (h *house) endsOf(ctx context.Context, c crossbook.Connection) (*ends, error) {
	s, err := h.secrets(c.ID)
	if err != nil {
		return nil, err
	}
	var reg registration
	version, err := s.read(ctx, registrations, &reg)
	if errors.Is(err, store.ErrNotFound) {
		return nil, couldNot("Run crossbook connect "+c.Name+" --from-env again.", "the sign-ins of the connection %s are not stored", c.Name)
	}
	if err != nil {
		return nil, err
	}
	made := fmt.Sprint(c.Endpoints, version)
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.ends[c.ID]; e != nil && e.made == made {
		return e, nil
	}
	e, err := h.makeEnds(c, reg, endStores{
		zoho: tokens{s, zohoTokens}, zohoLease: tokenLease(h.store, h.owner, c.ID, zohoTokens),
		quick: tokens{s, quickTokens}, quickLease: tokenLease(h.store, h.owner, c.ID, quickTokens),
		edition: h.edition(ctx, c.ID),
	})
	if err != nil {
		return nil, err
	}
	e.made = made
	h.ends[c.ID] = e
	return e, nil
}

// endStores say where the tokens of both ends are kept.
type endStores struct {
	zoho, quick           oauth.Store
	zohoLease, quickLease oauth.Lease
	edition               string // of Zoho CRM, for its rates
}

// makeEnds builds both clients with everything their calls pass through.
func (h *house) makeEnds(c crossbook.Connection, reg registration, st endStores) (*ends, error) {
	e := &ends{meter: newMeter(h.store, c.ID)}
	at := c.Endpoints
	zohoApp, err := oauth.ZohoApp(at.ZohoAccountsURL, at.ZohoClientID, reg.ZohoClientSecret)
	if err != nil {
		return nil, err
	}
	quickApp, err := oauth.QuickBooksApp(at.QBOAuthorizeURL, at.QBOTokenURL, at.QBOClientID, reg.QBOClientSecret)
	if err != nil {
		return nil, err
	}
	zohoApp.Transport = h.chain(transport.Zoho, e.meter).RoundTripper()
	quickApp.Transport = h.chain(transport.QuickBooks, e.meter).RoundTripper()
	e.zoho = oauth.NewSource(oauth.SourceOptions{App: zohoApp, Store: st.zoho, Lease: st.zohoLease, OnStep: h.step})
	e.quick = oauth.NewSource(oauth.SourceOptions{App: quickApp, Store: st.quick, Lease: st.quickLease, OnStep: h.step})

	crmChain := h.chain(transport.Zoho, e.meter)
	crmChain.Scheme, crmChain.Source, crmChain.Expired = crmapi.AuthScheme, e.zoho, crmapi.TokenExpired
	quickChain := h.chain(transport.QuickBooks, e.meter)
	quickChain.Scheme, quickChain.Source, quickChain.Expired = "Bearer", e.quick, quickapi.TokenExpired
	if h.app.cli.Pace != "off" {
		crmChain.Pacer = transport.NewPacer(transport.ZohoRates(st.edition))
		quickChain.Pacer = transport.NewPacer(transport.QuickBooksRates())
	}
	if e.crm, err = crmapi.New(crmapi.Options{BaseURL: at.ZohoAPIURL, Transport: crmChain.RoundTripper(), UserAgent: versionText()}); err != nil {
		return nil, err
	}
	e.books, err = quickapi.New(quickapi.Options{BaseURL: at.QBOAPIURL, Realm: c.RealmID, Transport: quickChain.RoundTripper(), UserAgent: versionText()})
	return e, err
}

// network is shared by all clients: connections are kept for the next call.
var network = func() http.RoundTripper {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
	t.DialContext = (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 16*atOnce, 4*atOnce
	return t
}()

// doors remembers which vendors could not even be dialled the last time.
type doors struct {
	mu   sync.Mutex
	shut map[crossbook.Side]error
}

// watch notes for each call whether a connection was made.
func (d *doors) watch(side crossbook.Side, next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		res, err := next.RoundTrip(r)
		var op *net.OpError
		dial := errors.As(err, &op) && op.Op == "dial"
		if dial || err == nil {
			d.mu.Lock()
			defer d.mu.Unlock()
			if delete(d.shut, side); dial {
				d.shut[side] = err
			}
		}
		return res, err
	})
}

// closed is why a side could not be dialled, nil when it could.
func (d *doors) closed(side crossbook.Side) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shut[side]
}

func (h *house) chain(v transport.Vendor, m *meter) transport.Chain {
	side := crossbook.CRM
	if v == transport.QuickBooks {
		side = crossbook.Books
	}
	return transport.Chain{
		Vendor: v, Base: h.doors.watch(side, network), Meter: m.of(side),
		Deadline: transport.Deadline{Write: h.writes},
		Retry:    transport.Retry{Rand: rand.Float64},
	}
}

// queue opens the job queue: to work, when turn is given, or only to wake.
func (h *house) queue(ctx context.Context, turn func(context.Context, string) jobs.Outcome) (*jobs.Queue, error) {
	return jobs.Open(ctx, h.store, jobs.Options{Work: turn != nil, Turn: turn, Owner: h.owner, Logger: h.log})
}

// progress shows what a turn is at.
func (h *house) progress(p engine.Progress) {
	switch {
	case p.Total > 0:
		h.app.progress("%s %s: %d of %d", p.Stage, p.What, p.Done, p.Total)
	case p.Done > 0:
		h.app.progress("%s %s: %d", p.Stage, p.What, p.Done)
	default:
		h.app.progress("%s %s", p.Stage, p.What)
	}
}

// only finds the connection a command means: the one named, or the only one.
func (h *house) only(ctx context.Context, name string) (crossbook.Connection, error) {
	var all []crossbook.Connection
	err := h.store.View(ctx, func(tx *store.Tx) error {
		var err error
		all, err = tx.Connections(ctx)
		return err
	})
	if err != nil {
		return crossbook.Connection{}, err
	}
	var names []string
	for _, c := range all {
		if c.Name == name || c.ID == name || name == "" && len(all) == 1 {
			return c, nil
		}
		names = append(names, c.Name)
	}
	switch {
	case len(all) == 0:
		return crossbook.Connection{}, couldNot("Run crossbook connect NAME --from-env first.", "nothing is connected yet")
	case name == "":
		return crossbook.Connection{}, usage("there are several connections", "Name one of them: "+strings.Join(names, ", ")+".")
	}
	return crossbook.Connection{}, usage(fmt.Sprintf("there is no connection named %q", name), "There are: "+strings.Join(names, ", ")+".")
}

// fact reads something remembered about a connection into a value; false when
// nothing was.
func (h *house) fact(ctx context.Context, connectionID, key string, into any) (bool, error) {
	var raw []byte
	err := h.store.View(ctx, func(tx *store.Tx) error {
		var err error
		raw, _, err = tx.Fact(ctx, connectionID, key)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(raw, into)
}

// factEdition is where connect keeps the edition of Zoho CRM, which decides how
// many calls may be under way.
const factEdition = "crm/edition"

func (h *house) edition(ctx context.Context, connectionID string) string {
	var edition string
	if _, err := h.fact(ctx, connectionID, factEdition, &edition); err != nil {
		h.log.Warn("read the edition", "error", err) // the lowest rates hold then
	}
	return edition
}
