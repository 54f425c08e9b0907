package zohobox

// journal remembers what a composite request changed, so that it can be undone.
// Numbers that were given out stay given out, as with any database.
type journal struct {
	steps  []undoStep
	writes int
	queue  int
	graves map[*module]int
}

// undoStep is a record before a change; nil where there was none.
type undoStep struct {
	t   *table
	id  int64
	old *record
}

func (b *Box) beginJournal() *journal {
	j := &journal{writes: len(b.writes), queue: len(b.watch.queue), graves: map[*module]int{}}
	for _, m := range b.modules {
		m.table.journal = j
		j.graves[m] = len(m.graves)
	}
	return j
}

func (b *Box) endJournal() {
	for _, m := range b.modules {
		m.table.journal = nil
	}
}

func (t *table) remember(id int64) {
	if t.journal != nil {
		t.journal.steps = append(t.journal.steps, undoStep{t, id, t.rows[id]})
	}
}

// undo puts everything back, the last change first.
func (j *journal) undo(b *Box) {
	b.endJournal()
	owner := map[*table]*module{}
	for _, m := range b.modules {
		owner[m.table] = m
	}
	for i := len(j.steps) - 1; i >= 0; i-- {
		s := j.steps[i]
		m := owner[s.t]
		if s.old == nil {
			s.t.remove(s.id)
			b.dropRecord(m, s.id)
		} else {
			delete(m.bin, s.id)
			s.t.put(s.old)
			b.saveRecord(m, s.old)
		}
		if !m.isLine() {
			s.t.search.note(b.opt.Now(), s.id, s.old, b.opt.Dials.SearchLag)
		}
	}
	for m, n := range j.graves {
		for _, g := range m.graves[n:] {
			b.drop("grave", m.name+"/"+formatID(g.ID))
		}
		m.graves = m.graves[:n]
	}
	for _, e := range b.writes[j.writes:] {
		b.drop("write", paddedSeq(e.Seq))
	}
	b.writes = b.writes[:j.writes]
	b.watch.open, b.watch.queue = nil, b.watch.queue[:j.queue]
}
