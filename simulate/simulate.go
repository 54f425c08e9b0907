package simulate

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"crossbook/simulate/invariant"
)

// Scope says which records people touch.
type Scope int

// The scopes; each holds the one before.
const (
	Everything Scope = iota
	OnlyVendors
	UpToProducts
	UpToCustomers
)

func (s Scope) products() bool  { return s != OnlyVendors }
func (s Scope) customers() bool { return s == UpToCustomers || s == Everything }
func (s Scope) documents() bool { return s == Everything }

// Options say how a seed is played.
type Options struct {
	// Dir is where the database goes; Template is a migrated empty database to
	// start from, "" to make one.
	Dir      string
	Template string
	// URL is an empty database to use instead, of either kind.
	URL string
	// Workers is how many processes share the database and the work; 0 is one.
	Workers int
	Modules Scope
	// Actions bounds how much happens; 0 lets the seed decide.
	Actions int
	// Trace gets every line at once, for a look at one seed.
	Trace io.Writer
}

// Result is what came of one seed.
type Result struct {
	Seed       int64
	Profile    string
	Violations []invariant.Violation
	Trace      []string
	Hash       string
	// What happened.
	Turns, Crashes, Zombies, Faults, Duels, Between int
	Worked                                          []int // turns by worker
	Source                                          string
	Channels                                        string
	// Options are the options of the customer source that were drawn.
	Options []string
}

// Run plays one seed. The error is of the simulation itself; what Crossbook did
// wrong stands in Violations.
func Run(ctx context.Context, seed int64, o Options) (Result, error) {
	w, err := newWorld(ctx, seed, o)
	if err != nil {
		return Result{}, fmt.Errorf("seed %d: %w", seed, err)
	}
	defer w.close()
	if err := w.play(); err != nil {
		return w.result(), fmt.Errorf("seed %d: %w", seed, err)
	}
	return w.result(), nil
}

// play is a whole run: people fill both systems, these are connected, people
// and machines go about their work, people stop, and everything comes to rest.
func (w *world) play() error {
	w.populate()
	if err := w.setUp(); err != nil {
		return err
	}
	w.firstSync()
	for i := range w.profile.actions {
		if len(w.broken) > 0 {
			return nil
		}
		if sure := w.profile.sure[i]; sure != nil {
			sure(w)
		}
		w.step()
	}
	w.rest()
	if len(w.broken) > 0 {
		return nil
	}
	c, err := w.gather()
	if err != nil {
		return err
	}
	w.broken = append(w.broken, invariant.Judge(c)...)
	return nil
}

func (w *world) result() Result {
	r := Result{
		Seed: w.seed, Profile: w.profile.String(), Violations: w.broken, Trace: w.trace.lines, Hash: w.trace.hash(),
		Turns: w.turns, Crashes: w.crashes, Zombies: w.zombies, Duels: w.duels, Between: w.meddled,
		Source: string(w.profile.settings.CustomerSource), Channels: string(w.profile.channels),
	}
	r.Options = w.profile.treeOptions()
	r.Faults = w.faultsSeen
	for _, k := range w.workers {
		r.Worked = append(r.Worked, k.turns)
	}
	return r
}

// database is the address of the seed's own database.
func (o Options) database(seed int64) (string, error) {
	if o.URL != "" {
		return o.URL, nil
	}
	path := filepath.Join(o.Dir, fmt.Sprintf("seed-%d.db", seed))
	if o.Template != "" {
		if err := copyFile(o.Template, path); err != nil {
			return "", err
		}
	}
	return "sqlite:" + path + "?synchronous=off", nil
}

// copyFile copies the template database.
func copyFile(from, to string) error {
	data, err := os.ReadFile(filepath.Clean(from))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Clean(to), data, 0o600) //nolint:gosec // both paths are the caller's, who is a test
}
