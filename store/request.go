package store

import (
	"context"
	"time"

	"crossbook"
)

// RequestState is where a request is in its life.
type RequestState string

// The states of a request. An open request may or may not have reached the
// vendor: recovery resolves it before anything else is done.
const (
	RequestOpen      RequestState = "open"
	RequestDone      RequestState = "done"
	RequestAbandoned RequestState = "abandoned"
)

// Request is one vendor call that writes, with the exact bytes to send.
type Request struct {
	ID        string
	Side      crossbook.Side
	Kind      string
	Method    string
	Path      string
	Query     string
	Header    map[string]string
	Body      []byte
	RequestID string // QuickBooks' requestid
	Fence     int64
	State     RequestState
	Deadline  time.Time
	CreatedAt time.Time
	ClosedAt  time.Time
	Turn      string
	Run       string
}

// Intent is one thing a request is about to do.
type Intent struct {
	RequestID string // the request's ID
	Seq       int
	Key       string // idempotency key
	OpKind    crossbook.OpKind
	Ref       crossbook.Ref // the target; its ID is empty for a create
	LinkID    string
	Data      []byte // JSON, the engine's own
}

// PutRequest stores a request with its intents, before the call is made.
func (tx *Tx) PutRequest(ctx context.Context, connectionID string, r Request, intents []Intent) error {
	panic(todo)
}

// Request returns one request; ErrNotFound when there is none.
func (tx *Tx) Request(ctx context.Context, connectionID, id string) (Request, error) { panic(todo) }

// OpenRequests lists the requests whose outcome is not settled, oldest first.
func (tx *Tx) OpenRequests(ctx context.Context, connectionID string) ([]Request, error) { panic(todo) }

// CloseRequest settles an open request; ErrConflict when it was settled
// already, so that no outcome is taken twice.
func (tx *Tx) CloseRequest(ctx context.Context, connectionID, id string, state RequestState, at time.Time) error {
	panic(todo)
}

// Intents returns the intents of a request in order.
func (tx *Tx) Intents(ctx context.Context, connectionID, requestID string) ([]Intent, error) {
	panic(todo)
}

// IntentByKey finds the newest intent with this idempotency key; ErrNotFound
// when there is none.
func (tx *Tx) IntentByKey(ctx context.Context, connectionID, key string) (Intent, error) { panic(todo) }

// PruneRequests forgets settled requests created before the time.
func (tx *Tx) PruneRequests(ctx context.Context, connectionID string, before time.Time) (int, error) {
	panic(todo)
}
