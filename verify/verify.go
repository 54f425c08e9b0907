package verify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// CRM is what a proof reads of Zoho CRM. It must read the fields of [ReadFields].
type CRM interface {
	// All walks every record of a module, or every row of a line module.
	All(ctx context.Context, m crossbook.Module, page func([]crossbook.Record) error) (time.Time, error)
	// Read returns the present state of records without their lines.
	Read(ctx context.Context, m crossbook.Module, ids []string) ([]crossbook.Record, error)
	// ReadWhole returns one record with its lines; false when it is not there.
	ReadWhole(ctx context.Context, m crossbook.Module, id string) (crossbook.Record, bool, error)
	// Identity returns the organisation's id.
	Identity(ctx context.Context) (string, error)
}

// Books is what a proof reads of QuickBooks.
type Books interface {
	// Window walks the records of an entity, inactive ones included; a zero time
	// walks all of them.
	Window(ctx context.Context, e crossbook.Entity, from time.Time, page func([]crossbook.Record) error) (time.Time, error)
	// Read returns one record by id; false when QuickBooks says it is not there.
	Read(ctx context.Context, e crossbook.Entity, id string) (crossbook.Record, bool, error)
	// Identity returns the company's id.
	Identity(ctx context.Context) (string, error)
}

// Deps are what a proof is made with.
type Deps struct {
	Store *store.Store
	CRM   CRM
	Books Books
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Progress is told how far the proof is, one call at a time; it may be nil.
	Progress func(engine.Progress)
	// Dir is where the records read are kept meanwhile; empty is the system's
	// place for temporary files. Nothing is left there.
	Dir string
	// Limit is how many findings of either sort, open or explained, are listed; 0
	// means 10,000.
	Limit int
}

// ReadFields are the fields the CRM side of a proof must read by module.
func ReadFields(ctx context.Context, tx *store.Tx, c crossbook.Connection) (map[crossbook.Module][]string, error) {
	return engine.ProofFields(ctx, tx, c)
}

// verifier is one proof.
type verifier struct {
	Deps
	conn    crossbook.Connection
	show    *engine.Projector
	seen    *scratch
	tally   *tally
	suspect []unit
	touched map[crossbook.Ref]bool // QuickBooks records that documents with findings move
}

// Run reads both sides completely and proves that they agree. It takes no
// lease: what is changed while it reads is looked at again before it is called
// a finding.
func Run(ctx context.Context, d Deps, connectionID string) (Report, error) {
	v := &verifier{Deps: d, touched: map[crossbook.Ref]bool{}}
	v.defaults()
	err := v.Store.View(ctx, func(tx *store.Tx) error {
		var err error
		if v.conn, err = tx.Connection(ctx, connectionID); err != nil {
			return err
		}
		v.show, err = engine.NewProjector(ctx, tx, v.conn.ID, v.Now())
		return err
	})
	if err != nil {
		return Report{}, err
	}
	if err := v.rightCompanies(ctx); err != nil {
		return Report{}, err
	}
	if v.seen, err = newScratch(ctx, v.Dir, v.conn); err != nil {
		return Report{}, err
	}
	defer v.seen.close()
	if err := v.read(ctx); err != nil {
		return Report{}, err
	}
	v.tally = newTally(v.conn.Name, v.Now(), v.Limit)
	if err := v.compare(ctx); err != nil {
		return Report{}, err
	}
	if err := v.secondLook(ctx); err != nil {
		return Report{}, err
	}
	if err := v.notes(ctx); err != nil {
		return Report{}, err
	}
	if err := v.sums(ctx); err != nil {
		return Report{}, err
	}
	return v.tally.report(v.show.Zone()), nil
}

func (v *verifier) defaults() {
	if v.Now == nil {
		v.Now = time.Now
	}
	tell := v.Progress
	var mu sync.Mutex
	v.Progress = func(p engine.Progress) {
		if tell != nil {
			mu.Lock() // both sides are read at once
			defer mu.Unlock()
			tell(p)
		}
	}
	if v.Limit == 0 {
		v.Limit = 10_000
	}
}

// rightCompanies makes sure that the two systems are those of the connection:
// another company would differ in everything.
func (v *verifier) rightCompanies(ctx context.Context) error {
	org, err := v.CRM.Identity(ctx)
	if err != nil {
		return err
	}
	realm, err := v.Books.Identity(ctx)
	if err != nil {
		return err
	}
	switch {
	case v.conn.OrgID != "" && org != v.conn.OrgID:
		return fmt.Errorf("the sign-in reaches another Zoho CRM organisation (%s) than this connection's (%s); authorise again in the right one", org, v.conn.OrgID)
	case v.conn.RealmID != "" && realm != v.conn.RealmID:
		return fmt.Errorf("the sign-in reaches another QuickBooks company (%s) than this connection's (%s); authorise again in the right one", realm, v.conn.RealmID)
	}
	return nil
}

// unit is what is judged at once: a linked pair, or a record without a link.
type unit struct {
	link   crossbook.Link   // zero for a record alone
	alone  crossbook.Ref    // zero for a pair
	module crossbook.Module // the module it counts in
}

// state is what becomes of a unit.
type state int

const (
	agrees state = iota
	leftOut
	explained
	open
)

// verdict is what was found of a unit.
type verdict struct {
	unit     unit
	state    state
	findings []Finding
	reason   string // of a record that is left out
}

// weigh sets the state that the findings give.
func (v *verdict) weigh() {
	for _, f := range v.findings {
		if !f.Explained {
			v.state = open
			return
		}
		v.state = explained
	}
}

// chunk is how many units are compared with one set of queries.
const chunk = 500

// compare judges every pair and every record without a counterpart once.
// What nothing explains becomes a suspect for the second look.
func (v *verifier) compare(ctx context.Context) error {
	for _, m := range crossbook.Modules() {
		if err := v.eachLink(ctx, m, func(links []crossbook.Link) error {
			if err := v.readRows(ctx, m, links); err != nil {
				return err
			}
			verdicts, err := v.judgeLinks(ctx, links)
			if err != nil {
				return err
			}
			v.take(verdicts)
			return nil
		}); err != nil {
			return err
		}
	}
	return v.eachAlone(ctx, func(units []unit) error {
		verdicts, err := v.judgeAlone(ctx, units)
		if err != nil {
			return err
		}
		v.take(verdicts)
		return nil
	})
}

// readRows reads documents with their rows one by one, where the CRM would not
// list the rows.
func (v *verifier) readRows(ctx context.Context, m crossbook.Module, links []crossbook.Link) error {
	if !v.seen.byID || !m.Document() {
		return nil
	}
	for _, l := range links {
		if err := v.readOne(ctx, l.CRM()); err != nil {
			return err
		}
	}
	return nil
}

// maxSuspects is how many units get a second look; where more differ, what
// was read is not in doubt.
const maxSuspects = 500

// take counts verdicts, and keeps back what deserves a second look.
func (v *verifier) take(verdicts []verdict) {
	for _, d := range verdicts {
		if d.state == open && len(v.suspect) < maxSuspects {
			v.suspect = append(v.suspect, d.unit)
			continue
		}
		v.tally.add(d)
	}
}

// eachLink hands over the living home links of a module.
func (v *verifier) eachLink(ctx context.Context, m crossbook.Module, fn func([]crossbook.Link) error) error {
	after, done := "", 0
	for {
		var links []crossbook.Link
		err := v.seen.db.View(ctx, func(tx *store.Tx) error {
			var err error
			links, err = tx.WalkLinks(ctx, v.conn.ID, m, after, chunk)
			return err
		})
		if err != nil || len(links) == 0 {
			return err
		}
		after = links[len(links)-1].ID
		done += len(links)
		v.Progress(engine.Progress{Stage: "compare", What: m.Label(), Done: done})
		living := links[:0]
		for _, l := range links {
			if l.Kind == crossbook.Home && l.State == crossbook.Linked {
				living = append(living, l)
			}
		}
		if err := fn(living); err != nil {
			return err
		}
	}
}

// judgeLinks judges pairs of one module.
func (v *verifier) judgeLinks(ctx context.Context, links []crossbook.Link) ([]verdict, error) {
	var out []verdict
	err := v.seen.db.View(ctx, func(tx *store.Tx) error {
		look := v.show.On(ctx, tx)
		look.Load(links)
		j := &judge{v: v, look: look}
		if len(links) > 0 && links[0].Module.Document() {
			rows, err := v.seen.rows(ctx, tx, links)
			if err != nil {
				return err
			}
			j.rows = rows
		}
		for _, l := range links {
			out = append(out, j.link(ctx, l))
		}
		if j.err != nil {
			return j.err
		}
		return look.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, v.explain(ctx, out)
}
