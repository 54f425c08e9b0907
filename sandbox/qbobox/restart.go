package qbobox

import "time"

// startOver is what a person does who deletes all data of the company and
// begins anew: what was there is gone without a trace, ids are given again, and
// nobody can ask what changed across that moment (reference section 12.2, code
// 10200). The connection lives on.
func (b *Box) startOver() Result {
	gone := map[string]*record{}
	count := 0
	for _, t := range b.tables {
		for _, r := range t.byID {
			gone[r.handle()] = r
			count++
		}
	}
	entries, files, replays := b.ledger.entries, b.files, b.replays
	b.reset()
	b.gone = gone
	for key := range entries {
		b.ledger.dirty[key] = true
	}
	for id := range files {
		b.saved.files = append(b.saved.files, id)
	}
	for id := range replays {
		b.saved.replayGone = append(b.saved.replayGone, id)
	}
	b.begun = b.now()
	b.dirtyMeta = true
	b.seed()
	return Result{Count: count}
}

// before tells whether a time lies before the company was started over.
func (b *Box) before(since time.Time) *fault {
	if b.begun.IsZero() || !since.Before(b.begun) {
		return nil
	}
	return companyReset()
}
