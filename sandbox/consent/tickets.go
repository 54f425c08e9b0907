package consent

import (
	"crypto/rand"
	"sync"
	"time"
)

const (
	ticketLife = 15 * time.Minute
	mostOpen   = 1000 // pages that nobody answered are forgotten, oldest first
)

// Tickets remember what was asked until the page is answered. Each opens once:
// a form sent twice, or from another site, finds nothing. The value is chance
// itself and not the sandbox's seed, so that nobody who knows the seed can
// answer in a person's place. The zero value is ready.
type Tickets[T any] struct {
	mu    sync.Mutex
	open  map[string]waiting[T]
	order []string
}

type waiting[T any] struct {
	what  T
	until time.Time
}

// Put keeps what was asked and names the ticket that opens it.
func (t *Tickets[T]) Put(what T, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[string]waiting[T]{}
	}
	for len(t.order) >= mostOpen {
		delete(t.open, t.order[0])
		t.order = t.order[1:]
	}
	ticket := rand.Text()
	t.open[ticket] = waiting[T]{what, now.Add(ticketLife)}
	t.order = append(t.order, ticket)
	return ticket
}

// Take opens a ticket, once.
func (t *Tickets[T]) Take(ticket string, now time.Time) (T, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w, found := t.open[ticket]
	delete(t.open, ticket)
	return w.what, found && now.Before(w.until)
}
