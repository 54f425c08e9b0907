package ui

// Trail finds the entries of a write log that concern one record. It reads on
// where it stopped, so that a page costs what was written since the last one.
// The caller keeps it under the lock of its log.
type Trail struct {
	read int
	at   map[string][]int
}

// Of gives the positions of the entries with a key, oldest first; key names the
// record of the entry at a position.
func (t *Trail) Of(length int, key func(i int) string, want string) []int {
	if t.at == nil || length < t.read {
		t.at, t.read = map[string][]int{}, 0
	}
	for ; t.read < length; t.read++ {
		k := key(t.read)
		t.at[k] = append(t.at[k], t.read)
	}
	return t.at[want]
}

// Newest gives the part of the positions that stands on a page, newest first,
// and whether older ones follow.
func Newest(at []int, q Query) (page []int, more bool) {
	for i := len(at) - 1 - q.First(); i >= 0; i-- {
		if len(page) == q.Per {
			return page, true
		}
		page = append(page, at[i])
	}
	return page, false
}
