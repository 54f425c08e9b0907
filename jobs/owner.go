package jobs

import (
	"os"
	"time"

	"crossbook/store"
)

// begun stands in for the start of this process where the system does not say.
var begun = time.Now()

// Self is this process as the owner of leases and jobs.
func Self() store.Owner {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	started, ok := startOf(os.Getpid())
	if !ok {
		started = begun
	}
	return store.Owner{Host: host, PID: os.Getpid(), Started: started.UTC().Truncate(time.Microsecond)}
}

// Alive tells whether an owner of this host still runs: a process with its
// number that started when it did. A later process with the same number, as in
// a restarted container, is another. Where the system does not say when a
// process started, one that exists counts as the owner.
func Alive(o store.Owner) bool {
	if o.PID == os.Getpid() {
		return sameStart(o.Started, Self().Started)
	}
	if !exists(o.PID) {
		return false
	}
	started, ok := startOf(o.PID)
	return !ok || sameStart(o.Started, started)
}

// sameStart allows for the system's clock being set meanwhile by a little: the
// start is reckoned from the clock and the time since boot.
func sameStart(a, b time.Time) bool {
	const slack = 2 * time.Second
	return a.Sub(b).Abs() <= slack
}
