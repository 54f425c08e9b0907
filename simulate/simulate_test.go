package simulate_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/simulate"
	"crossbook/store"
)

var (
	oneSeed  = flag.Int64("seed", 0, "play only this seed, with its whole trace")
	seeds    = flag.Int("seeds", 0, "how many seeds to play")
	from     = flag.Int64("from", 1, "the first seed")
	scope    = flag.Int("scope", 0, "0 everything, 1 vendors, 2 products too, 3 customers too")
	progress = flag.Bool("progress", false, "name failing seeds as they come")
	stop     = flag.Bool("stop", false, "stop at the first seed that fails")
)

// template is a migrated empty database that every seed starts from.
func template(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "template.db")
	s, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSeeds(t *testing.T) {
	o := simulate.Options{Dir: t.TempDir(), Template: template(t), Modules: simulate.Scope(*scope)}
	if *oneSeed != 0 {
		o.Trace = os.Stdout
		r, err := simulate.Run(t.Context(), *oneSeed, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s", r.Seed, v)
		}
		return
	}
	n := *seeds
	if n == 0 {
		n = 300
		if testing.Short() {
			n = 40
		}
	}
	var mu sync.Mutex
	var all []simulate.Result
	work := make(chan int64)
	var group sync.WaitGroup
	failed := 0
	begun := time.Now()
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for seed := range work {
				r, err := simulate.Run(t.Context(), seed, o)
				mu.Lock()
				all = append(all, r)
				if *progress && len(r.Violations) > 0 {
					fmt.Fprintf(os.Stderr, "%d: %v\n", seed, r.Violations)
				}
				if err != nil {
					t.Errorf("%v", err)
				}
				if len(r.Violations) > 0 {
					failed++
					report(t, r, failed)
				}
				mu.Unlock()
			}
		})
	}
	for i := range n {
		mu.Lock()
		enough := *stop && failed > 0
		mu.Unlock()
		if enough {
			break
		}
		work <- *from + int64(i)
	}
	close(work)
	group.Wait()
	count := func(f func(simulate.Result) bool) (k int) {
		for _, r := range all {
			if f(r) {
				k++
			}
		}
		return k
	}
	t.Logf("%d seeds in %s, %d failed; with a crash %d, a fault %d, both sides of a pair %d, a zombie %d", len(all), time.Since(begun).Round(time.Millisecond), failed,
		count(func(r simulate.Result) bool { return r.Crashes > 0 }), count(func(r simulate.Result) bool { return r.Faults > 0 }),
		count(func(r simulate.Result) bool { return r.Duels > 0 }), count(func(r simulate.Result) bool { return r.Zombies > 0 }))
}

// report prints a failing seed; the first few with the end of their traces.
func report(t *testing.T, r simulate.Result, nth int) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d broke a promise: %s\n", r.Seed, r.Profile)
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "  %s\n", v)
	}
	fmt.Fprintf(&b, "  play it again with: go test ./simulate -run TestSeeds -seed %d\n", r.Seed)
	t.Error(b.String())
}
