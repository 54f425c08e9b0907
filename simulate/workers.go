package simulate

import (
	"context"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/quickbooks"
	"crossbook/store"
	"crossbook/zohocrm"
)

// worker is a place for a process that runs turns. When the process dies
// another takes its place. Several workers share the database, each by
// connections of its own, as processes do.
type worker struct {
	name  string
	store *store.Store
	eng   *engine.Engine
	turns int
}

// hire makes the workers' places. A single worker shares the store with the
// rest of the simulation.
func (w *world) hire(url string, n int) error {
	for i := range n {
		k := &worker{name: string(rune('a' + i)), store: w.store}
		if n > 1 {
			var err error
			if k.store, err = store.Open(w.ctx, url); err != nil {
				return err
			}
		}
		w.workers = append(w.workers, k)
	}
	w.at = w.workers[0]
	return nil
}

// take lets one of the workers have the next turn.
func (w *world) take() *worker {
	if len(w.workers) > 1 {
		w.at = pick(w.rng, w.workers)
	}
	return w.at
}

// relief is who takes over while a worker stands still: one of the others, or a
// new process where there is none.
func (w *world) relief(of *worker) (*worker, error) {
	for _, k := range w.workers {
		if k != of {
			return k, nil
		}
	}
	k := &worker{name: "relief", store: w.store}
	return k, w.newProcess(k)
}

// newProcess puts a new process in a worker's place.
func (w *world) newProcess(k *worker) error {
	w.processes++
	pid := w.processes
	var err error
	k.eng, err = engine.New(engine.Options{
		Store: k.store, NewID: w.newID, Now: w.clock.Now, Parallel: 1, Step: func(name string) { w.reach(k, name) },
		Owner: store.Owner{Host: "simulated", PID: pid, Started: time.Unix(int64(pid), 0)},
		Beat:  -1, // the time of the simulation stands still while a process works
		Connect: func(ctx context.Context, c crossbook.Connection) (engine.Sides, error) {
			var fields map[crossbook.Module][]string
			err := k.store.View(ctx, func(tx *store.Tx) error {
				var err error
				fields, err = engine.ReadFields(ctx, tx, c)
				return err
			})
			if err != nil {
				return engine.Sides{}, err
			}
			return engine.Sides{CRM: zohocrm.New(w.crmClient, fields), Books: quickbooks.New(w.booksClient)}, nil
		},
	})
	return err
}
