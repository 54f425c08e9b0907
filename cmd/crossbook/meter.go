package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"crossbook"
	"crossbook/store"
	"crossbook/transport"
)

// calls counts vendor calls by side and kind.
type calls map[string]map[transport.Kind]int64

func (c calls) add(side string, kind transport.Kind, n int64) {
	if c[side] == nil {
		c[side] = map[transport.Kind]int64{}
	}
	c[side][kind] += n
}

// records is the number of calls that read or wrote records; sign-in, metadata
// and channel upkeep are counted apart (design section 10).
func (c calls) records() int64 {
	var n int64
	for _, kinds := range c {
		n += kinds[transport.RecordRead] + kinds[transport.RecordWrite]
	}
	return n
}

// meter counts the calls of one connection. What was counted is kept in the
// store from time to time, so that status can show the day's use over all
// processes.
type meter struct {
	store      *store.Store
	connection string

	mu    sync.Mutex
	fresh calls // not in the store yet
}

func newMeter(s *store.Store, connectionID string) *meter {
	return &meter{store: s, connection: connectionID, fresh: calls{}}
}

// of is the meter of one vendor's chain.
func (m *meter) of(side crossbook.Side) transport.Meter { return spender{m, side} }

type spender struct {
	m    *meter
	side crossbook.Side
}

// Spend counts one call; it never refuses.
func (s spender) Spend(_ *http.Request, c transport.Class) error {
	kind := c.Kind
	if kind == "" {
		kind = transport.Other
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.fresh.add(s.side.String(), kind, 1)
	return nil
}

// flush keeps what is not in the store yet. What cannot be kept now is kept
// the next time.
func (m *meter) flush(ctx context.Context) error {
	m.mu.Lock()
	fresh := m.fresh
	m.fresh = calls{}
	m.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	day := time.Now().UTC().Format(time.DateOnly)
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		for side, kinds := range fresh {
			for kind, n := range kinds {
				if err := tx.AddCalls(ctx, m.connection, side, string(kind), day, n); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		for side, kinds := range fresh {
			for kind, n := range kinds {
				m.fresh.add(side, kind, n)
			}
		}
	}
	return err
}
