package transport

import (
	"context"
	"net/http"
	"time"
)

// The time one attempt may take: reads 60 s, writes 125 s since QuickBooks gives up
// at 120 (design section 6; reference/quickbooks-online.md section 11).
const (
	ReadDeadline  = 60 * time.Second
	WriteDeadline = 125 * time.Second
)

// Deadline bounds one attempt, from sending to the end of its answer. Waiting for a
// rate is not part of it.
type Deadline struct {
	Read, Write time.Duration // 0 are ReadDeadline and WriteDeadline
	Next        http.RoundTripper
}

// RoundTrip sends under a deadline, which ends with the answer's body.
func (d Deadline) RoundTrip(r *http.Request) (*http.Response, error) {
	limit := orDefault(d.Write, WriteDeadline)
	if ClassOf(r).Read {
		limit = orDefault(d.Read, ReadDeadline)
	}
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	res, err := d.Next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &closer{ReadCloser: res.Body, after: cancel}
	return res, nil
}

func orDefault(d, fallback time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return fallback
}
