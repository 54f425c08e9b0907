// Package engine runs the turn of a connection: it takes the lease, recovers
// what a crash left open, pulls both change feeds, reads, decides, applies and
// settles (design section 5). Read turn.go first, top to bottom: it is the
// table of contents.
//
// It promises that losing, doubling or reordering events costs time and never
// data, that a crash anywhere costs nothing, and that doing everything again
// writes nothing. It must not know a vendor's wire format (that is the sides'
// affair), River (package jobs) or a screen.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/plan"
	"crossbook/store"
)

// CRM is what the turn needs of Zoho CRM.
type CRM interface {
	// Changed walks the records of a module changed since a time, page by page,
	// and returns the vendor's time of its first answer. Many tells that more
	// than a page of a list is expected; it changes the calls, not what comes.
	Changed(ctx context.Context, m crossbook.Module, since time.Time, many bool, page func([]crossbook.Record) error) (time.Time, error)
	// Deleted walks the deletions of a module since a time.
	Deleted(ctx context.Context, m crossbook.Module, since time.Time, page func([]crossbook.Deletion) error) (time.Time, error)
	// All walks every record of a module.
	All(ctx context.Context, m crossbook.Module, page func([]crossbook.Record) error) (time.Time, error)
	// Read returns the present state of records without their lines; a record
	// that does not come back may be gone or hidden.
	Read(ctx context.Context, m crossbook.Module, ids []string) ([]crossbook.Record, error)
	// ReadWhole returns one record with its lines; false when it is not there.
	ReadWhole(ctx context.Context, m crossbook.Module, id string) (crossbook.Record, bool, error)
	// FindByOurID asks exactly (never the search index) which records carry our
	// id field with these values, and returns CRM ids by value.
	FindByOurID(ctx context.Context, m crossbook.Module, values []string) (map[string]string, error)
	// FindBy asks exactly which records of a module have a text field with one of
	// these values, and returns their CRM ids by value, letters folded.
	FindBy(ctx context.Context, m crossbook.Module, field string, values []string) (map[string][]string, error)
	// Prepare turns writes of one module and kind into one call, to the byte.
	Prepare(m crossbook.Module, writes []crossbook.Write) (crossbook.Request, error)
	// Send makes the call. The error is a *crossbook.Failure when the call as a
	// whole failed; otherwise there is one outcome a write.
	Send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error)
	// Schema reads what a module looks like now: its fields as the layout with
	// this id has them.
	Schema(ctx context.Context, m crossbook.Module, layoutID string) (mapping.Schema, error)
	// Users are all users of the organisation.
	Users(ctx context.Context) ([]crossbook.User, error)
	// Identity returns the organisation's id, for the canary.
	Identity(ctx context.Context) (string, error)
}

// Books is what the turn needs of QuickBooks Online.
type Books interface {
	// Changes asks the change feed for all entities at once. It calls page for
	// what came; full names the entities whose answer may have been cut off.
	Changes(ctx context.Context, entities []crossbook.Entity, since time.Time, page func([]crossbook.Record, []crossbook.Deletion) error) (asOf time.Time, full []crossbook.Entity, err error)
	// Window walks the records of an entity whose LastUpdatedTime lies at or
	// after from; a zero from walks all. Inactive records are included.
	Window(ctx context.Context, e crossbook.Entity, from time.Time, page func([]crossbook.Record) error) (time.Time, error)
	// Read returns one record by id; false when QuickBooks says it is not there.
	Read(ctx context.Context, e crossbook.Entity, id string) (crossbook.Record, bool, error)
	// FindByName returns the records of an entity with that name, inactive ones
	// included.
	FindByName(ctx context.Context, e crossbook.Entity, name string) ([]crossbook.Record, error)
	// Prepare turns writes into one call, to the byte; its id makes it replayable.
	Prepare(id string, writes []crossbook.Write) (crossbook.Request, error)
	// Send makes the call, as CRM.Send does.
	Send(ctx context.Context, r crossbook.Request) ([]crossbook.Outcome, error)
	// Identity returns the company's id, for the canary.
	Identity(ctx context.Context) (string, error)
}

// Sides are the two ends of one connection, ready to be called.
type Sides struct {
	CRM   CRM
	Books Books
}

// Options are what an engine is made of.
type Options struct {
	Store *store.Store
	// Connect opens the two sides of a connection.
	Connect func(ctx context.Context, c crossbook.Connection) (Sides, error)
	// Owner names this process on leases.
	Owner store.Owner
	// NewID makes ids for links, requests and turns; a simulation passes a
	// seeded one.
	NewID func() string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Limits are the brakes.
	Limits plan.Limits
	// Beat is how often the lease is prolonged while a turn works (10 s). A
	// simulation, whose time does not pass by itself, passes a negative one:
	// never.
	Beat time.Duration
	// Parallel bounds the calls in flight towards one side; 1 makes a turn
	// deterministic.
	Parallel int
	// WriteDeadline is how long a lost write may still take effect (design
	// section 6: 125 s).
	WriteDeadline time.Duration
	// MaxTurn is when a turn begins no new work (45 s).
	MaxTurn time.Duration
	// Batch is how many due records one pass looks at.
	Batch int
	// Step is called at every yield point by name; crash tests kill there.
	Step func(name string)
	// Progress is told what the turn is doing, for people who wait.
	Progress func(Progress)
	Logger   *slog.Logger
}

// Progress says how far a long piece of work is.
type Progress struct {
	Stage string // "read", "write"
	What  string // the module or entity
	Done  int
	Total int // 0 when unknown
}

// Engine runs turns.
type Engine struct {
	o Options
}

// New makes an engine and fills in defaults.
func New(o Options) (*Engine, error) {
	if o.Store == nil || o.Connect == nil || o.NewID == nil {
		return nil, fmt.Errorf("engine: store, connect and new id are required")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits == (plan.Limits{}) {
		o.Limits = plan.DefaultLimits()
	}
	if o.Beat == 0 {
		o.Beat = leaseBeat
	}
	if o.Parallel == 0 {
		o.Parallel = 5
	}
	if o.WriteDeadline == 0 {
		o.WriteDeadline = 125 * time.Second
	}
	if o.MaxTurn == 0 {
		o.MaxTurn = 45 * time.Second
	}
	if o.Batch == 0 {
		o.Batch = 1500
	}
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Engine{o: o}, nil
}
