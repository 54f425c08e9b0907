package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crossbook"
	"crossbook/store"
	"crossbook/transport"
)

// synced is what a sync did and what it left.
type synced struct {
	Connection string `json:"connection"`
	First      bool   `json:"first_sync"`
	// Done tells that nothing is due any more.
	Done    bool    `json:"done"`
	Seconds float64 `json:"seconds"`
	// Writes by what was done: "create Zoho CRM", "update QuickBooks".
	Writes   map[string]int64 `json:"writes"`
	Written  int64            `json:"written"`
	Linked   int64            `json:"linked"`
	Unlinked int64            `json:"unlinked"`
	// Calls by side and kind; RecordCalls are those that read or wrote records.
	Calls       calls             `json:"calls"`
	RecordCalls int64             `json:"record_calls"`
	Problems    int               `json:"problems"`
	Left        leftover          `json:"left"`
	Brakes      []brakeView       `json:"brakes,omitempty"`
	Blocked     map[string]string `json:"blocked,omitempty"`
	// Followed tells that another process did some of the work.
	Followed bool `json:"followed,omitempty"`
}

// callsSoFar are the calls of all processes that are in the store.
func (s *syncing) callsSoFar(ctx context.Context) (calls, error) {
	out := calls{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Calls(ctx, s.conn.ID, "20") // of all days
		for _, r := range rows {
			out.add(r.Vendor, transport.Kind(r.Kind), r.N)
		}
		return err
	})
	return out, err
}

func since(before, after calls) calls {
	out := calls{}
	for side, kinds := range after {
		for kind, n := range kinds {
			if d := n - before[side][kind]; d > 0 {
				out.add(side, kind, d)
			}
		}
	}
	return out
}

// tally fills in what was written. Turns of another process are counted from
// the journal, which has one row for each write.
func (s *syncing) tally(ctx context.Context, out *synced) error {
	if s.follow {
		var err error
		if s.counts, err = s.journalCounts(ctx); err != nil {
			return err
		}
	}
	for key, n := range s.counts {
		kind, side, _ := strings.Cut(key, " ")
		switch {
		case key == "linked":
			out.Linked += n
		case key == "unlinked":
			out.Unlinked += n
		case kind == string(crossbook.Create) || kind == string(crossbook.Update):
			out.Writes[kind+" "+crossbook.Side(side).String()] += n
			out.Written += n
		}
	}
	return nil
}

func (s *syncing) journalCounts(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	f := store.JournalFilter{From: s.began}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for {
			rows, err := tx.JournalByPeriod(ctx, s.conn.ID, f)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, r := range rows {
				switch r.Op {
				case crossbook.LinkUp:
					counts["linked"]++
				case crossbook.Unlink:
					counts["unlinked"]++
				default:
					counts[string(r.Op)+" "+string(r.Side)]++
				}
			}
			last := rows[len(rows)-1]
			f.AfterSegment, f.AfterSeq = last.Segment, last.Seq
		}
	})
	return counts, err
}

// text prints the report for a person.
func (o *synced) text(p *page) {
	what := "Sync"
	if o.First {
		what = "First sync"
	}
	p.line("%s of %s: %s in %.1f s.", what, o.Connection, o.summary(), o.Seconds)
	for _, side := range slices.Sorted(maps.Keys(o.Calls)) {
		var parts []string
		kinds := o.Calls[side]
		for _, k := range slices.Sorted(maps.Keys(kinds)) {
			parts = append(parts, fmt.Sprintf("%d %s", kinds[k], strings.ReplaceAll(string(k), "_", " ")))
		}
		p.line("Calls to %s: %s.", side, strings.Join(parts, ", "))
	}
	p.line("Record calls in all: %d.", o.RecordCalls)
	for _, b := range o.Brakes {
		p.line("Stopped: %s. crossbook resume releases it.", b.Reason)
	}
	o.Left.text(p)
	if o.Problems > 0 {
		p.line("%s. crossbook problems lists them.", several(int64(o.Problems), "problem remains", "problems remain"))
	}
}

func (o *synced) summary() string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(o.Writes)) {
		kind, side, _ := strings.Cut(k, " ")
		parts = append(parts, fmt.Sprintf("%d %sd in %s", o.Writes[k], kind, side))
	}
	if o.Linked > 0 {
		parts = append(parts, fmt.Sprintf("%d linked", o.Linked))
	}
	if o.Unlinked > 0 {
		parts = append(parts, fmt.Sprintf("%d left out", o.Unlinked))
	}
	if len(parts) == 0 {
		return "nothing to write"
	}
	return strings.Join(parts, ", ")
}
