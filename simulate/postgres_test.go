package simulate_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"crossbook/internal/testkit"
	"crossbook/simulate"
	"crossbook/store/storetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// twoWorkers plays a seed on PostgreSQL with two processes that share the
// connection, in a database of the seed's own.
func twoWorkers(t *testing.T, seed int64) (r simulate.Result, err error) {
	t.Helper()
	t.Run(fmt.Sprint(seed), func(t *testing.T) {
		o := simulate.Options{Modules: simulate.Scope(*scope), URL: storetest.PostgresURL(t), Workers: 2}
		if *oneSeed != 0 {
			o.Trace = os.Stdout
		}
		r, err = simulate.Run(t.Context(), seed, o)
	})
	return r, err
}

// The same on PostgreSQL, with two workers of one connection: they take turns,
// die, and stand still past their lease while the other goes on.
func TestPostgres_TwoWorkersKeepEveryPromise(t *testing.T) {
	storetest.PostgresURL(t) // or there is none
	if *oneSeed != 0 {
		r, err := twoWorkers(t, *oneSeed)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s", r.Seed, v)
		}
		return
	}
	begun := time.Now()
	all := playWith(t, asked(50, 4), twoWorkers)
	took := time.Since(begun)
	t.Logf("%d seeds in %s, %s each", len(all), took.Round(time.Millisecond), (took / time.Duration(max(1, len(all)))).Round(time.Millisecond))
	if len(all) >= 40 && !*stop {
		coversWorkers(t, all)
	}
}

// coversWorkers checks that both workers worked, died, and stood still.
func coversWorkers(t *testing.T, all []simulate.Result) {
	t.Helper()
	still, crashes, both := 0, 0, 0
	for _, r := range all {
		still += min(1, r.Zombies)
		crashes += min(1, r.Crashes)
		if len(r.Worked) == 2 && r.Worked[0] > 0 && r.Worked[1] > 0 {
			both++
		}
	}
	t.Logf("both workers at work in %d; one stood still past its lease in %d; one died in %d", both, still, crashes)
	if both < len(all) || crashes*10 <= len(all)*9 || still*10 <= len(all)*6 {
		t.Error("too little happened to the workers")
	}
}

// Nothing of what happens depends on the kind of database.
func TestPostgres_SameSeedSameTraceAsSQLite(t *testing.T) {
	storetest.PostgresURL(t)
	if *oneSeed != 0 || *seeds > 0 {
		t.Skip("other seeds are asked for")
	}
	for seed := int64(1); seed <= 3; seed++ {
		o := options(t)
		o.Workers = 2
		r, err := simulate.Run(t.Context(), seed, o)
		if err != nil {
			t.Fatal(err)
		}
		p, err := twoWorkers(t, seed)
		if err != nil {
			t.Fatal(err)
		}
		if r.Hash == p.Hash {
			continue
		}
		t.Errorf("seed %d: SQLite and PostgreSQL play differently", seed)
		for i := range min(len(r.Trace), len(p.Trace)) {
			if r.Trace[i] != p.Trace[i] {
				t.Errorf("from line %d on:\n%.300s\n%.300s", i+1, r.Trace[i], p.Trace[i])
				break
			}
		}
	}
}
