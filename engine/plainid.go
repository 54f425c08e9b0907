package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/plan"
)

// A module of Zoho CRM has two unique fields at most. Where people use both, the
// QuickBooks id is plain text (P29): the CRM refuses no second record of an id,
// so that a create must prove itself: it goes out alone, nothing else is created
// in the module while its answer is missing, and the database is asked for the
// id right before (reference/zoho-crm.md sections 5.3 and 9.2).

// plainID tells whether a module's id field is plain text.
func (t *turn) plainID(m crossbook.Module) bool {
	f, known := t.facts.metadata.CRMFields[m][mapping.FieldID]
	return known && !f.Unique
}

// oneAtATime tells whether an operation is a create that nothing but its order
// keeps from doubling.
func (t *turn) oneAtATime(op crossbook.Op) bool {
	return op.Kind == crossbook.Create && op.Side == crossbook.CRM && !op.Note && t.plainID(op.Module)
}

// underWay tells until when an operation must wait, because a call without an
// answer may still do the same; or, where the id is plain text, because it may
// still create a record in the module.
func (t *turn) underWay(op crossbook.Op) (until time.Time, yes bool) {
	if !op.Kind.Remote() {
		return until, false
	}
	until, yes = t.inFlight[intentKey(op)]
	if !t.oneAtATime(op) {
		return until, yes
	}
	creates := createKey(crossbook.CRM, op.Module, "")
	for key, at := range t.inFlight {
		if strings.HasPrefix(key, creates) && at.After(until) {
			until, yes = at, true
		}
	}
	return until, yes
}

// notThereYet drops the creates of a wave whose record is there already, made by
// a call whose answer was lost: those are linked. Only modules without a unique
// id field are asked.
func (t *turn) notThereYet(ctx context.Context, wave plan.Wave) (plan.Wave, error) {
	var ids []string
	for _, op := range wave {
		if t.oneAtATime(op) {
			ids = append(ids, op.Link.BooksID)
		}
	}
	if len(ids) == 0 {
		return wave, nil
	}
	if _, blocked := t.isBlocked(crossbook.CRM); blocked {
		return wave, nil // nothing is sent anyway
	}
	there, err := t.sides.CRM.FindByOurID(ctx, wave[0].Module, ids)
	if err != nil {
		return nil, err
	}
	if len(there) == 0 {
		return wave, nil
	}
	wave = slices.Clone(wave)
	for _, op := range wave {
		if id := there[op.Link.BooksID]; t.oneAtATime(op) && id != "" {
			if err := t.adopt(ctx, adoption{op: op, existing: crossbook.CRMRef(op.Module, id)}); err != nil {
				return nil, err
			}
		}
	}
	return slices.DeleteFunc(wave, func(op crossbook.Op) bool { return t.oneAtATime(op) && there[op.Link.BooksID] != "" }), nil
}
