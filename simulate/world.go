package simulate

import (
	"context"
	"fmt"
	"math/rand/v2"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	booksapi "crossbook/quickbooks/api"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/setup"
	"crossbook/simulate/invariant"
	"crossbook/store"
	crmapi "crossbook/zohocrm/api"
)

// world is one run: both vendors, the database, the engine, and what is known
// of what people did.
type world struct {
	ctx     context.Context
	seed    int64
	rng     *rand.Rand
	profile profile
	clock   *clock
	trace   *trace

	crm         *zohobox.Box
	books       *qbobox.Box
	crmWire     *wire
	booksWire   *wire
	crmClient   *crmapi.Client
	booksClient *booksapi.Client
	store       *store.Store
	conn        crossbook.Connection
	workers     []*worker
	at          *worker // whose turn it is
	ids         int
	processes   int
	connected   bool

	deeds       []invariant.Deed
	names       int // numbers that make every value people write one of its kind
	setupCRM    int
	placeholder string

	plan   turnPlan
	nested bool // a zombie's successor works, or a person acts within a turn
	gate   chan struct{}
	frozen string // what the database and the vendors held when a successor had ended

	turns, crashes, zombies, faultsSeen, duels, meddled int
	broken                                              []invariant.Violation
}

func newWorld(ctx context.Context, seed int64, o Options) (*world, error) {
	w := &world{
		ctx: ctx, seed: seed, rng: rand.New(rand.NewPCG(uint64(seed), 0x5eed)), clock: newClock(),
		trace: newTrace(o.Trace), gate: make(chan struct{}),
	}
	w.profile = draw(w.rng, o)
	w.profile.drawTrees(seed)
	w.profile.moreDials(seed)
	w.trace.add("seed %d: %s", seed, w.profile)
	url, err := o.database(seed)
	if err != nil {
		return nil, err
	}
	if w.store, err = store.Open(ctx, url); err != nil {
		return nil, err
	}
	if err := w.hire(url, max(1, o.Workers)); err != nil {
		return nil, err
	}
	zo, qo := w.profile.crm, w.profile.books
	zo.Now, zo.Seed, zo.Deliver = w.clock.Now, seed, w.hearing(engine.ChannelCRM)
	qo.Now, qo.Seed, qo.Deliver = w.clock.Now, seed, w.hearing(engine.ChannelBooks)
	if w.crm, err = zohobox.New(zo); err != nil {
		return nil, err
	}
	if w.books, err = qbobox.New(qo); err != nil {
		return nil, err
	}
	err = w.connectWires()
	return w, err
}

// close ends the run: processes that were killed are let go, and find their
// database closed.
func (w *world) close() {
	for _, k := range w.workers {
		_ = k.store.Close()
	}
	_ = w.store.Close()
	close(w.gate)
	w.crm.Close()
	w.books.Close()
}

// setUp connects the two systems and makes the choices of the profile.
func (w *world) setUp() error {
	res, err := setup.Connect(w.ctx, setup.Deps{
		Store: w.store, CRM: w.crmClient, Books: w.booksClient, NewID: w.newID, Now: w.clock.Now,
	}, setup.Wish{Name: "simulated"})
	if err != nil {
		return err
	}
	w.conn = res.Connection
	w.connected = true
	if err := w.choose(); err != nil {
		return err
	}
	if err := w.subscribe(); err != nil {
		return err
	}
	w.setupCRM = w.crmSeq()
	if ps := w.crmRecords("Products"); len(ps) > 0 {
		w.placeholder = fmt.Sprint(ps[len(ps)-1]["id"])
	}
	for _, k := range w.workers {
		if err := w.newProcess(k); err != nil {
			return err
		}
	}
	return nil
}

// choose stores the profile's settings, with the mapping that goes with them.
func (w *world) choose() error {
	return w.store.Update(w.ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(w.ctx, w.conn.ID)
		if err != nil {
			return err
		}
		want := w.profile.settings
		want.ItemAccounts, want.FallbackOwner = s.ItemAccounts, s.FallbackOwner
		for m, ms := range s.Modules {
			mine := want.Modules[m]
			mine.On, mine.LayoutID = ms.On, ms.LayoutID
			want.Modules[m] = mine
		}
		if _, err := tx.SaveSettings(w.ctx, w.conn.ID, want, "simulation"); err != nil {
			return err
		}
		doc, err := marshal(mapping.Default(want))
		if err != nil {
			return err
		}
		if _, err := tx.SaveMapping(w.ctx, w.conn.ID, doc, "simulation"); err != nil {
			return err
		}
		return engine.Go(w.ctx, tx, w.conn.ID, w.clock.Now())
	})
}

func (w *world) newID() string {
	w.ids++
	return fmt.Sprintf("id-%06d", w.ids)
}

// violate notes that a promise was broken while the run goes on.
func (w *world) violate(rule, format string, args ...any) {
	w.broken = append(w.broken, invariant.Violation{Rule: rule, Text: fmt.Sprintf(format, args...)})
	w.log("BROKEN %s: %s", rule, fmt.Sprintf(format, args...))
}
