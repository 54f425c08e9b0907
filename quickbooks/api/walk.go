package api

import (
	"context"
	"fmt"

	"crossbook/transport"
)

// maxRestarts bounds how often a walk begins anew because rows vanished under it.
const maxRestarts = 3

// Walk reads all rows of a query, page by page, in order of Id. The statement's
// OrderBy, Start and Max are the walk's own business.
//
// Offsets alone would skip rows: one that is deleted, or leaves the window while
// the walk goes on, shifts all later ones forward (reference/quickbooks-online.md
// section 6, page stability). So each page begins with the last row of the one
// before; when that row is not found where it was, and none of the page before is
// in its place, the walk starts again. A row may therefore be seen twice, the
// later sight being the fresher one, but none is missed.
func (c *Client) Walk(ctx context.Context, q Query, kind transport.Kind, fn func(Page) error) error {
	for range maxRestarts {
		shifted, err := c.walkOnce(ctx, q, kind, fn)
		if err != nil || !shifted {
			return err
		}
	}
	return &Error{
		Kind: transport.FaultRetry, Call: "query " + q.Entity,
		Err: fmt.Errorf("rows kept vanishing while they were read, %d times in a row", maxRestarts),
	}
}

func (c *Client) walkOnce(ctx context.Context, q Query, kind transport.Kind, fn func(Page) error) (shifted bool, err error) {
	q.OrderBy, q.Max, q.Start = "Id", MaxPage, 1
	var before map[string]bool // ids of the page before
	for {
		page, err := c.Query(ctx, q, kind)
		if err != nil {
			return false, err
		}
		rows := page.Records
		if before != nil {
			// The overlap: one row seen before. A row inserted ahead of it moves
			// rows back, which repeats some and skips none.
			if len(rows) == 0 || !before[rows[0].ID()] {
				return true, nil
			}
			for len(rows) > 0 && before[rows[0].ID()] {
				rows = rows[1:]
			}
		}
		full := len(page.Records) >= MaxPage
		next := q.Start + len(page.Records) - 1
		before = make(map[string]bool, len(page.Records))
		for _, r := range page.Records {
			before[r.ID()] = true
		}
		page.Records = rows
		if len(rows) > 0 || q.Start == 1 {
			if err := fn(page); err != nil {
				return false, err
			}
		}
		if !full {
			return false, nil
		}
		q.Start = next
	}
}
