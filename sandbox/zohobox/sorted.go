package zohobox

import "sort"

// entry is a record in an ordered index: a sort key (an id, a second) and the
// record's id, which breaks ties and makes the order total.
type entry struct{ key, id int64 }

func (a entry) less(b entry) bool {
	return a.key < b.key || a.key == b.key && a.id < b.id
}

const chunkSize = 512

// sorted is an ordered set of entries kept in chunks, so that inserts, removals
// and seeks stay cheap at several hundred thousand records.
type sorted struct {
	chunks [][]entry
	n      int
}

func (s *sorted) len() int { return s.n }

// chunkFor is the chunk in which e stands or belongs.
func (s *sorted) chunkFor(e entry) int {
	i := sort.Search(len(s.chunks), func(i int) bool {
		c := s.chunks[i]
		return !c[len(c)-1].less(e)
	})
	if i == len(s.chunks) && i > 0 {
		i--
	}
	return i
}

func within(c []entry, e entry) int {
	return sort.Search(len(c), func(i int) bool { return !c[i].less(e) })
}

func (s *sorted) insert(e entry) {
	if len(s.chunks) == 0 {
		s.chunks = [][]entry{append(make([]entry, 0, chunkSize), e)}
		s.n = 1
		return
	}
	ci := s.chunkFor(e)
	c := s.chunks[ci]
	i := within(c, e)
	if i < len(c) && c[i] == e {
		return
	}
	c = append(c, entry{})
	copy(c[i+1:], c[i:])
	c[i] = e
	s.chunks[ci] = c
	s.n++
	if len(c) >= chunkSize {
		s.split(ci, i == len(c)-1)
	}
}

// split halves a full chunk; a chunk filled by appending is left nearly full,
// because ids and times mostly grow.
func (s *sorted) split(ci int, appended bool) {
	c := s.chunks[ci]
	at := len(c) / 2
	if appended && ci == len(s.chunks)-1 {
		at = len(c) - 1
	}
	tail := append(make([]entry, 0, chunkSize), c[at:]...)
	s.chunks[ci] = c[:at:chunkSize]
	s.chunks = append(s.chunks, nil)
	copy(s.chunks[ci+2:], s.chunks[ci+1:])
	s.chunks[ci+1] = tail
}

func (s *sorted) remove(e entry) {
	if len(s.chunks) == 0 {
		return
	}
	ci := s.chunkFor(e)
	c := s.chunks[ci]
	i := within(c, e)
	if i >= len(c) || c[i] != e {
		return
	}
	s.n--
	c = append(c[:i], c[i+1:]...)
	if len(c) > 0 {
		s.chunks[ci] = c
		return
	}
	s.chunks = append(s.chunks[:ci], s.chunks[ci+1:]...)
}

// ascend calls yield for the entries at or after from, in order, until it
// returns false.
func (s *sorted) ascend(from entry, yield func(entry) bool) {
	if len(s.chunks) == 0 {
		return
	}
	ci := s.chunkFor(from)
	for i := within(s.chunks[ci], from); ci < len(s.chunks); ci, i = ci+1, 0 {
		for ; i < len(s.chunks[ci]); i++ {
			if !yield(s.chunks[ci][i]) {
				return
			}
		}
	}
}

// descend calls yield for the entries at or before from, last first.
func (s *sorted) descend(from entry, yield func(entry) bool) {
	if len(s.chunks) == 0 {
		return
	}
	ci := s.chunkFor(from)
	c := s.chunks[ci]
	i := within(c, from)
	if i >= len(c) || c[i] != from {
		i--
	}
	for ; ci >= 0; ci-- {
		for ; i >= 0; i-- {
			if !yield(s.chunks[ci][i]) {
				return
			}
		}
		if ci > 0 {
			i = len(s.chunks[ci-1]) - 1
		}
	}
}

// fromEnd calls yield for the entries from the last one down, leaving the first
// skip of them out without walking over them.
func (s *sorted) fromEnd(skip int, yield func(entry) bool) {
	for ci := len(s.chunks) - 1; ci >= 0; ci-- {
		c := s.chunks[ci]
		if skip >= len(c) {
			skip -= len(c)
			continue
		}
		for i := len(c) - 1 - skip; i >= 0; i-- {
			if !yield(c[i]) {
				return
			}
		}
		skip = 0
	}
}

// countFrom counts the entries at or after from, up to a limit.
func (s *sorted) countFrom(from entry, limit int) int {
	n := 0
	s.ascend(from, func(entry) bool { n++; return n < limit })
	return n
}
