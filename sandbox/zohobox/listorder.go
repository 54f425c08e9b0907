package zohobox

import (
	"slices"
	"time"
)

// readPaging reads the page and the order of a list (section 4.1); related lists
// and notes take the same.
func readPaging(c *call) (*listing, *failure) {
	l := &listing{by: c.paramOr("sort_by", "id"), page: c.intParam("page", 1), per: c.intParam("per_page", pageMax)}
	if l.by != "id" && l.by != "Created_Time" && l.by != "Modified_Time" {
		return nil, badParam("sort_by")
	}
	switch c.paramOr("sort_order", "desc") {
	case "asc":
	case "desc":
		l.desc = true
	default:
		return nil, badParam("sort_order")
	}
	if l.per < 1 || l.per > pageMax {
		return nil, badParam("per_page")
	}
	if l.page < 1 {
		return nil, badParam("page")
	}
	return l, nil
}

// place is where a row stands in the order of a list.
func (l *listing) place(id int64, created, modified time.Time) entry {
	switch l.by {
	case "Created_Time":
		return entry{created.Unix(), id}
	case "Modified_Time":
		return entry{modified.Unix(), id}
	}
	return entry{id, id}
}

func (l *listing) placeOf(r *record) entry { return l.place(r.id, r.created, r.modified) }

// order puts places into the order of the list.
func (l *listing) order(places []entry) {
	slices.SortFunc(places, func(x, y entry) int {
		switch {
		case x == y:
			return 0
		case x.less(y) != l.desc:
			return -1
		}
		return 1
	})
}

// from is the first place of the page: behind the one a page token names, or by
// number.
func (l *listing) from(places []entry) int {
	if l.after == nil {
		return min((l.page-1)*l.per, len(places))
	}
	i := slices.IndexFunc(places, func(e entry) bool { return e != *l.after && l.after.less(e) != l.desc })
	if i < 0 {
		return len(places)
	}
	return i
}

// page puts what was found into its order and takes the page that was asked for.
func (b *Box) page(c *call, l *listing, places []entry) (shown []entry, more bool, f *failure) {
	l.order(places)
	if f := b.openPage(c, l); f != nil {
		return nil, false, f
	}
	from := l.from(places)
	to := min(from+l.per, len(places))
	return places[from:to], to < len(places), nil
}

// openPage takes a page by its token, or by its number as far as numbers reach.
func (b *Box) openPage(c *call, l *listing) *failure {
	if tok := c.param("page_token"); tok != "" {
		return b.openToken(c, l, tok)
	}
	if l.page*l.per > discreteMax {
		return discreteLimit()
	}
	return nil
}

// readSince reads If-Modified-Since; without it the time is zero.
func readSince(c *call) (time.Time, *failure) {
	s := c.r.Header.Get("If-Modified-Since")
	if s == "" {
		return time.Time{}, nil
	}
	t, valid := parseMoment(s)
	if !valid {
		return time.Time{}, badParam("If-Modified-Since")
	}
	return t, nil
}
