package store

import (
	"context"
	"encoding/json"
	"fmt"
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

// PutRequest stores a request, open, with its intents, before the call is
// made. ErrConflict when the id was used before. Intents are numbered in the
// order given.
func (tx *Tx) PutRequest(ctx context.Context, connectionID string, r Request, intents []Intent) error {
	header, err := json.Marshal(r.Header)
	if err != nil {
		return fmt.Errorf("request %s: %w", r.ID, err)
	}
	if err := tx.run(ctx, `INSERT INTO request (connection_id, id, side, kind, method, path, query, header, body, request_id, fence, state,
		deadline, created_at, closed_at, turn, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
		connectionID, r.ID, string(r.Side), r.Kind, r.Method, r.Path, r.Query, string(header), r.Body, r.RequestID, r.Fence,
		string(RequestOpen), micros(r.Deadline), micros(r.CreatedAt), r.Turn, r.Run); err != nil {
		return err
	}
	rows := make([][]any, len(intents))
	for i, n := range intents {
		rows[i] = []any{
			connectionID, r.ID, i, n.Key, string(n.OpKind), string(n.Ref.Side), n.Ref.Type, n.Ref.ID, n.LinkID, text(n.Data),
		}
	}
	return tx.insert(ctx, `INSERT INTO intent (connection_id, request_id, seq, intent_key, op_kind, side, type, id, link_id, data) VALUES`, rows, "")
}

// text is JSON for a text column, NULL when there is none.
func text(json []byte) any {
	if json == nil {
		return nil
	}
	return string(json)
}

const requestColumns = `SELECT id, side, kind, method, path, query, header, body, request_id, fence, state,
	deadline, created_at, closed_at, turn, run FROM request `

func readRequest(row scanner) (Request, error) {
	var (
		r                         Request
		header                    []byte
		deadline, created, closed int64
	)
	if err := row.Scan(&r.ID, &r.Side, &r.Kind, &r.Method, &r.Path, &r.Query, &header, &r.Body, &r.RequestID, &r.Fence, &r.State,
		&deadline, &created, &closed, &r.Turn, &r.Run); err != nil {
		return r, err
	}
	r.Deadline, r.CreatedAt, r.ClosedAt = moment(deadline), moment(created), moment(closed)
	err := json.Unmarshal(header, &r.Header)
	return r, err
}

// Request returns one request; ErrNotFound when there is none.
func (tx *Tx) Request(ctx context.Context, connectionID, id string) (Request, error) {
	return one(ctx, tx, readRequest, requestColumns+`WHERE connection_id = ? AND id = ?`, connectionID, id)
}

// OpenRequests lists the requests whose outcome is not settled, oldest first.
func (tx *Tx) OpenRequests(ctx context.Context, connectionID string) ([]Request, error) {
	return list(ctx, tx, readRequest, requestColumns+`WHERE connection_id = ? AND state = 'open' ORDER BY created_at, id`, connectionID)
}

// CloseRequest settles an open request; ErrConflict when it was settled
// already, so that no outcome is taken twice.
func (tx *Tx) CloseRequest(ctx context.Context, connectionID, id string, state RequestState, at time.Time) error {
	n, err := tx.exec(ctx, `UPDATE request SET state = ?, closed_at = ? WHERE connection_id = ? AND id = ? AND state = 'open'`,
		string(state), micros(at), connectionID, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("request %s is not open: %w", id, ErrConflict)
	}
	// Bytes and intents served recovery alone; what was done stands in the
	// journal.
	if _, err := tx.exec(ctx, `UPDATE request SET body = ? WHERE connection_id = ? AND id = ?`, []byte{}, connectionID, id); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `DELETE FROM intent WHERE connection_id = ? AND request_id = ?`, connectionID, id)
	return err
}

const intentColumns = `SELECT request_id, seq, intent_key, op_kind, side, type, id, link_id, data FROM intent `

func readIntent(row scanner) (Intent, error) {
	var n Intent
	err := row.Scan(&n.RequestID, &n.Seq, &n.Key, &n.OpKind, &n.Ref.Side, &n.Ref.Type, &n.Ref.ID, &n.LinkID, &n.Data)
	return n, err
}

// Intents returns the intents of a request in order.
func (tx *Tx) Intents(ctx context.Context, connectionID, requestID string) ([]Intent, error) {
	return list(ctx, tx, readIntent, intentColumns+`WHERE connection_id = ? AND request_id = ? ORDER BY seq`, connectionID, requestID)
}

// IntentByKey finds an intent by its idempotency key, that of the newest
// request when there are several; ErrNotFound when there is none.
func (tx *Tx) IntentByKey(ctx context.Context, connectionID, key string) (Intent, error) {
	return one(ctx, tx, readIntent, intentColumns+`WHERE connection_id = ? AND intent_key = ?
		ORDER BY (SELECT created_at FROM request r WHERE r.connection_id = intent.connection_id AND r.id = intent.request_id) DESC, request_id DESC, seq DESC LIMIT 1`,
		connectionID, key)
}

// PruneRequests forgets settled requests created before the time, with their
// intents, and returns how many.
func (tx *Tx) PruneRequests(ctx context.Context, connectionID string, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `DELETE FROM request WHERE connection_id = ? AND created_at < ? AND state <> 'open'`, connectionID, micros(before))
	return int(n), err
}
