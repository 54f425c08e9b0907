package ui

// Trail finds the entries of a write log that concern one record. It reads on
// where it stopped, so that a page costs what was written since the last one.
// The caller keeps it under the lock of its log.
type Trail struct {
	read int
	at   map[[2]string][]int // by type and id
}

// History is a page of a write log of a length: of the record that q names, or
// of all. Of names the record of the entry at a position, event is what to show
// of it.
func (t *Trail) History(length int, of func(i int) (kind, id string), q Query, event func(i int) Event) History {
	var h History
	var page []int
	if q.ID != "" {
		at := t.entries(length, of, [2]string{q.Kind, q.ID})
		h.Total = len(at)
		page, h.More = newest(at, q)
	} else {
		h.Total = length
		for i := length - 1 - q.First(); i >= 0 && len(page) < q.Per; i-- {
			page = append(page, i)
		}
		h.More = q.First()+len(page) < length
	}
	for _, i := range page {
		h.Events = append(h.Events, event(i))
	}
	return h
}

// entries gives the positions of the entries of a record, oldest first.
func (t *Trail) entries(length int, of func(i int) (kind, id string), want [2]string) []int {
	if t.at == nil || length < t.read {
		t.at, t.read = map[[2]string][]int{}, 0
	}
	for ; t.read < length; t.read++ {
		kind, id := of(t.read)
		t.at[[2]string{kind, id}] = append(t.at[[2]string{kind, id}], t.read)
	}
	return t.at[want]
}

// newest gives the part of the positions that stands on a page, newest first,
// and whether older ones follow.
func newest(at []int, q Query) (page []int, more bool) {
	for i := len(at) - 1 - q.First(); i >= 0; i-- {
		if len(page) == q.Per {
			return page, true
		}
		page = append(page, at[i])
	}
	return page, false
}
