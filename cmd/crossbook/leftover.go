package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// leftover is what still has to be done, and what it waits for.
type leftover struct {
	Due     int            `json:"due"`
	Waiting int            `json:"waiting"`
	Reasons map[string]int `json:"reasons,omitempty"`
	NextDue time.Time      `json:"next_due,omitzero"`
	// NextPoll is when a side is asked for changes again by itself.
	NextPoll time.Time `json:"next_poll,omitzero"`
}

// isChore tells whether a row is a feed or a daily chore, not a record.
func isChore(d store.Dirty) bool { return engine.IsChore(d.Ref) }

// walkDirty visits all dirty rows.
func walkDirty(ctx context.Context, tx *store.Tx, connectionID string, visit func(store.Dirty)) error {
	var after crossbook.Ref
	for {
		rows, err := tx.WalkDirty(ctx, connectionID, after, 1000)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, d := range rows {
			visit(d)
		}
		after = rows[len(rows)-1].Ref
	}
}

func leftoverOf(ctx context.Context, tx *store.Tx, connectionID string) (leftover, error) {
	l := leftover{Reasons: map[string]int{}}
	now := time.Now()
	err := walkDirty(ctx, tx, connectionID, func(d store.Dirty) {
		earlier := func(t *time.Time) {
			if t.IsZero() || d.DueAt.Before(*t) {
				*t = d.DueAt
			}
		}
		switch {
		case isChore(d):
			earlier(&l.NextPoll)
			return
		case engine.IsNote(d.Ref):
			return // only what a record says about itself
		case !d.DueAt.After(now):
			l.Due++
		default:
			l.Waiting++
			if d.DueAt.Before(store.Never) {
				earlier(&l.NextDue)
			}
		}
		l.Reasons[d.Reason]++
	})
	return l, err
}

func (l leftover) text(p *page) {
	if l.Due+l.Waiting == 0 {
		return
	}
	why := map[string]int{}
	for r, n := range l.Reasons {
		why[reasonWords(r)] += n
	}
	var parts []string
	for _, r := range slices.SortedFunc(maps.Keys(why), func(a, b string) int { return cmp.Or(why[b]-why[a], strings.Compare(a, b)) }) {
		parts = append(parts, fmt.Sprintf("%s: %s", r, group(int64(why[r]))))
	}
	line := several(int64(l.Due+l.Waiting), "change is", "changes are") + " not carried out yet (" + strings.Join(parts, "; ") + ")"
	if !l.NextDue.IsZero() {
		line += ", the next is looked at " + clock(l.NextDue)
	}
	p.line("%s.", line)
}

// reasonWords says why a row is not done: where it came from as long as nothing
// holds it, then what does.
func reasonWords(reason string) string {
	from, held, isHeld := strings.Cut(reason, ": ")
	switch {
	case held == "problem":
		return "held by a problem or a wait"
	case isHeld:
		return held
	default:
		return from
	}
}

// brakeView is a brake as people read it.
type brakeView struct {
	Module string    `json:"module,omitempty"`
	Side   string    `json:"side"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

func viewBrake(b store.Brake) brakeView {
	return brakeView{Module: b.Module.Label(), Side: b.Side.String(), Reason: b.Reason, Since: b.At}
}

// moduleNamed finds a module by its name as people write it; empty is allowed
// when optional.
func moduleNamed(name string, optional bool) (crossbook.Module, error) {
	if name == "" && optional {
		return "", nil
	}
	plain := func(s string) string {
		return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(s))
	}
	var labels []string
	for _, m := range crossbook.Modules() {
		if plain(name) == plain(string(m)) {
			return m, nil
		}
		labels = append(labels, m.Label())
	}
	return "", usage(fmt.Sprintf("%q is no module", name), "The modules are "+strings.Join(labels, ", ")+".")
}
