package simulate_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"crossbook/simulate"
	"crossbook/store"
)

var (
	oneSeed  = flag.Int64("seed", 0, "play only this seed and print its whole trace")
	seeds    = flag.Int("seeds", 0, "how many seeds to play; 0 is 300, or 40 with -short")
	from     = flag.Int64("from", 1, "the first seed")
	scope    = flag.Int("scope", 0, "what people touch: 0 everything, 1 vendors, 2 products too, 3 customers too")
	stop     = flag.Bool("stop", false, "stop at the first seed that fails")
	keep     = flag.Bool("keep", false, "add failing seeds to the corpus")
	progress = flag.Bool("progress", false, "name failing seeds as they come")
)

// corpus lists seeds that once failed, with what they found.
const corpus = "testdata/corpus.txt"

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

func options(t testing.TB) simulate.Options {
	t.Helper()
	return simulate.Options{Dir: t.TempDir(), Template: template(t), Modules: simulate.Scope(*scope)}
}

// People work on both sides, machines fail and die: whatever the seed, every
// promise holds in the end.
func TestSeeds_KeepEveryPromise(t *testing.T) {
	if *oneSeed != 0 {
		o := options(t)
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
	begun := time.Now()
	all := playAll(t, asked(300, 12))
	t.Logf("%d seeds in %s", len(all), time.Since(begun).Round(time.Millisecond))
	if *stop || len(all) < 40 {
		return
	}
	covers(t, all)
}

// asked are the seeds to play: as many as the flags say, or else all or few.
func asked(all, few int) []int64 {
	n := *seeds
	switch {
	case n > 0:
	case testing.Short():
		n = few
	default:
		n = all
	}
	list := make([]int64, n)
	for i := range list {
		list[i] = *from + int64(i)
	}
	return list
}

// Seeds that once found something are played for ever.
func TestCorpus_KeepsEveryPromise(t *testing.T) {
	if *oneSeed != 0 || *seeds > 0 {
		t.Skip("other seeds are asked for")
	}
	f, err := os.Open(corpus)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []int64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		word, _, _ := strings.Cut(lines.Text(), " ")
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		seed, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", corpus, err)
		}
		list = append(list, seed)
	}
	playAll(t, list)
}

func TestSameSeed_SameTrace(t *testing.T) {
	if *oneSeed != 0 || *seeds > 0 {
		t.Skip("other seeds are asked for")
	}
	twice := int64(8)
	if testing.Short() {
		twice = 2
	}
	for seed := int64(1); seed <= twice; seed++ {
		var hashes []string
		for range 2 {
			r, err := simulate.Run(t.Context(), seed, options(t))
			if err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, r.Hash)
		}
		if hashes[0] != hashes[1] {
			t.Errorf("seed %d: two runs differ: %s and %s", seed, hashes[0], hashes[1])
		}
	}
}

// playAll plays seeds on all processors and reports those that fail.
func playAll(t *testing.T, list []int64) []simulate.Result {
	t.Helper()
	o := options(t)
	return playWith(t, list, func(_ *testing.T, seed int64) (simulate.Result, error) { return simulate.Run(t.Context(), seed, o) })
}

// playWith lets play play the seeds, and reports those that fail.
func playWith(t *testing.T, list []int64, play func(*testing.T, int64) (simulate.Result, error)) []simulate.Result {
	t.Helper()
	var mu sync.Mutex
	var all []simulate.Result
	var group sync.WaitGroup
	work := make(chan int64)
	failed := 0
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for seed := range work {
				r, err := play(t, seed)
				mu.Lock()
				all = append(all, r)
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
	for _, seed := range list {
		mu.Lock()
		enough := *stop && failed > 0
		mu.Unlock()
		if enough {
			break
		}
		work <- seed
	}
	close(work)
	group.Wait()
	return all
}

// covers checks that the seeds contain what makes them worth playing.
func covers(t *testing.T, all []simulate.Result) {
	t.Helper()
	hard := 0
	sources, channels, options := map[string]int{}, map[string]int{}, map[string]int{}
	for _, r := range all {
		if r.Crashes > 0 && r.Faults > 0 && r.Duels > 0 {
			hard++
		}
		sources[r.Source]++
		channels[r.Channels]++
		for _, o := range r.Options {
			options[o]++
		}
	}
	t.Logf("with a crash, a fault and an edit of both sides of a pair: %d; %v; %v; %v", hard, sources, channels, options)
	if hard*10 <= len(all)*9 {
		t.Errorf("only %d of %d seeds contain a crash, a fault and an edit of both sides of one pair; more than 90 %% should", hard, len(all))
	}
	if len(sources) != 3 || len(channels) != 3 || len(options) != 3 {
		t.Errorf("not all customer sources, channels and options were drawn: %v, %v, %v", sources, channels, options)
	}
}

// report prints a failing seed, the first three with the end of their traces.
func report(t *testing.T, r simulate.Result, nth int) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d broke a promise: %s\n", r.Seed, r.Profile)
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "  %s\n", v)
	}
	fmt.Fprintf(&b, "  play it again with: go test ./simulate -run '^%s$' -seed %d\n", t.Name(), r.Seed)
	if nth <= 3 {
		path := filepath.Join(os.TempDir(), fmt.Sprintf("crossbook-seed-%d.trace", r.Seed))
		if err := os.WriteFile(path, []byte(strings.Join(r.Trace, "\n")+"\n"), 0o600); err == nil {
			fmt.Fprintf(&b, "  its whole trace of %d lines is in %s; the end of it:\n", len(r.Trace), path)
		}
		for _, line := range r.Trace[max(0, len(r.Trace)-25):] {
			fmt.Fprintf(&b, "    %.200s\n", line)
		}
	}
	t.Error(b.String())
	if *progress {
		fmt.Fprintf(os.Stderr, "%d: %v\n", r.Seed, r.Violations)
	}
	if *keep {
		remember(t, r)
	}
}

// remember adds a seed to the corpus.
func remember(t *testing.T, r simulate.Result) {
	t.Helper()
	f, err := os.OpenFile(corpus, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(f, "%d %s\n", r.Seed, r.Violations[0].Rule)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Error(err)
	}
}
