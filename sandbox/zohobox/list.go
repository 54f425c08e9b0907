package zohobox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"sort"
	"strings"
	"time"
)

// Walls of a list (section 4.1).
const (
	pageMax       = 200
	discreteMax   = 2000
	walkMax       = 100_000
	pageTokenLife = 24 * time.Hour
	sinceFew      = 5_000 // changes that are sorted for each page instead of walked past
)

// listing is a checked list request.
type listing struct {
	cols   []column
	by     string // id, Created_Time, Modified_Time
	desc   bool
	page   int
	per    int
	since  time.Time
	ids    []string
	after  *entry // where a page token continues
	walked int
	match  func(*record) bool // of a custom view and of converted; nil: all
}

// pageToken is what next_page_token holds: a place, bound to the caller and to
// the other parameters.
type pageToken struct {
	Key     int64  `json:"k"`
	ID      int64  `json:"i"`
	Page    int    `json:"p"`
	Walked  int    `json:"w"`
	Expires int64  `json:"e"`
	Bound   string `json:"b"`
}

// listRecords answers GET /{module}.
func (b *Box) listRecords(c *call) answer {
	l, f := b.parseListing(c)
	if f != nil {
		return f.answer()
	}
	if len(l.ids) > 0 {
		return b.listByIDs(c, l)
	}
	skip := 0
	if l.after == nil {
		skip = (l.page - 1) * l.per
	}
	t := c.mod.table
	out := make([]any, 0, min(l.per, t.byID.len()))
	var last entry
	more := false
	b.walk(c.mod, l, func(e entry) bool {
		if l.match != nil && !l.match(t.get(e.id)) {
			return true
		}
		if skip > 0 {
			skip--
			return true
		}
		if len(out) == l.per {
			more = true
			return false
		}
		last = e
		out = append(out, b.project(c.mod, t.get(e.id), l.cols, c))
		return true
	})
	if len(out) == 0 {
		if !l.since.IsZero() {
			return notModified()
		}
		return noContent()
	}
	return ok(object{"data": out, "info": b.listInfo(c, l, len(out), more, last)})
}

func (b *Box) listInfo(c *call, l *listing, n int, more bool, last entry) object {
	info := object{
		"call": false, "email": false, "per_page": l.per, "count": n, "page": l.page, "sort_by": l.by, "sort_order": order(l.desc),
		"more_records": more, "next_page_token": nil, "previous_page_token": nil, "page_token_expiry": nil,
	}
	if more {
		expires := b.now().Add(pageTokenLife)
		walked := l.walked
		if l.after == nil {
			walked = (l.page - 1) * l.per
		}
		info["next_page_token"] = b.seal(pageToken{Key: last.key, ID: last.id, Page: l.page + 1, Walked: walked + n, Expires: expires.Unix(), Bound: b.bound(c)})
		info["page_token_expiry"] = stamp(expires, c.zone())
	}
	return info
}

// less leaves out of a page's info what only lists of a module say.
func less(info object, keys ...string) object {
	for _, k := range keys {
		delete(info, k)
	}
	return info
}

func order(desc bool) string {
	if desc {
		return "desc"
	}
	return "asc"
}

// walk yields the matching records in the order of the listing.
func (b *Box) walk(m *module, l *listing, yield func(entry) bool) {
	t := m.table
	floor := b.floor(l)
	older := func(entry) bool { return false }
	if floor != nil && l.by != "Modified_Time" {
		if t.byModified.countFrom(*floor, sinceFew+1) <= sinceFew {
			b.walkSince(t, l, yield)
			return
		}
		older = func(e entry) bool { return t.get(e.id).modified.Unix() < floor.key }
		floor = nil
	}
	index := map[string]*sorted{"id": &t.byID, "Created_Time": &t.byCreated, "Modified_Time": &t.byModified}[l.by]
	from := entry{math.MinInt64, 0}
	if l.desc {
		from = entry{math.MaxInt64, math.MaxInt64}
	}
	if l.after != nil {
		from = *l.after
	}
	if !l.desc && floor != nil && from.less(*floor) {
		from = *floor
	}
	step := func(e entry) bool {
		if l.after != nil && e == *l.after {
			return true
		}
		if floor != nil && e.less(*floor) {
			return !l.desc // going down, nothing newer follows
		}
		return older(e) || yield(e)
	}
	if l.desc {
		index.descend(from, step)
		return
	}
	index.ascend(from, step)
}

// floor is the first entry of the modified index that If-Modified-Since lets
// through: strictly later, unless the dial says otherwise.
func (b *Box) floor(l *listing) *entry {
	if l.since.IsZero() {
		return nil
	}
	at := l.since.Unix()
	if !b.opt.Dials.SinceInclusive.is(false) {
		at++
	}
	return &entry{at, math.MinInt64}
}

// walkSince takes the newer records from the modified index and puts them into
// the order asked for, so that a poll costs what changed and not what exists.
func (b *Box) walkSince(t *table, l *listing, yield func(entry) bool) {
	var found []entry
	t.byModified.ascend(*b.floor(l), func(e entry) bool {
		key := e.id
		if l.by == "Created_Time" {
			key = t.get(e.id).created.Unix()
		}
		found = append(found, entry{key, e.id})
		return true
	})
	sort.Slice(found, func(i, j int) bool { return found[i].less(found[j]) != l.desc })
	for _, e := range found {
		if l.after != nil && (e == *l.after || e.less(*l.after) != l.desc) {
			continue
		}
		if !yield(e) {
			return
		}
	}
}

func (b *Box) listByIDs(c *call, l *listing) answer {
	var found []entry
	for _, s := range l.ids {
		r := b.byIDOrExternal(c, s)
		if r != nil && (l.match == nil || l.match(r)) && b.newer(r.modified, l.since) {
			found = append(found, l.placeOf(r))
		}
	}
	if len(found) == 0 && !l.since.IsZero() {
		return notModified()
	}
	l.order(found)
	var out []any
	for _, e := range found {
		out = append(out, b.project(c.mod, c.mod.table.get(e.id), l.cols, c))
	}
	return c.pageOfRecords(l, out)
}

// pageOfRecords cuts a list by page number; without are keys that the info of
// this kind of page does not have.
func (c *call) pageOfRecords(l *listing, all []any, without ...string) answer {
	from := min((l.page-1)*l.per, len(all))
	to := min(from+l.per, len(all))
	if from == to {
		return noContent()
	}
	info := c.b.listInfo(c, l, to-from, false, entry{})
	info["more_records"] = to < len(all)
	return ok(object{"data": all[from:to], "info": less(info, without...)})
}

func (b *Box) parseListing(c *call) (*listing, *failure) {
	cols, f := b.columns(c, c.mod)
	if f != nil {
		return nil, f
	}
	if c.param("cvid") != "" {
		if c.param("sort_by") != "" {
			return nil, ambiguous("cvid", "sort_by")
		}
	}
	l, f := readPaging(c)
	if f != nil {
		return nil, f
	}
	l.cols = cols
	if l.match, f = convertedMatch(c, c.mod); f != nil {
		return nil, f
	}
	inside, f := b.territoryMatch(c)
	if f != nil {
		return nil, f
	}
	l.match = both(l.match, inside)
	if l.since, f = readSince(c); f != nil {
		return nil, f
	}
	if cv := c.param("cvid"); cv != "" {
		v := b.viewByID(c.mod, cv)
		if v == nil {
			return nil, badParam("cvid")
		}
		l.match = both(l.match, b.viewMatch(c, c.mod, v))
	}
	l.ids = splitFields(c.param("ids"))
	return l, b.openPage(c, l)
}

func discreteLimit() *failure {
	return &failure{status: 400, code: "DISCRETE_PAGINATION_LIMIT_EXCEEDED", message: "You can get only the first 2000 records without using page_token param", details: object{"limit": discreteMax}}
}

func ambiguous(a, z string) *failure {
	return &failure{status: 400, code: "AMBIGUITY_DURING_PROCESSING", message: "ambiguity while processing the request", details: object{"ambiguity_due_to": []any{object{"param_name": a}, object{"param_name": z}}}}
}

func badParam(name string) *failure {
	return &failure{status: 400, code: "INVALID_DATA", message: "invalid data", details: object{"param_name": name}}
}

// bound ties a page token to the caller and all other parameters (section 4.1).
func (b *Box) bound(c *call) string {
	q := c.r.URL.Query()
	q.Del("page_token")
	q.Del("page")
	m := hmac.New(sha256.New, b.ids.key)
	m.Write([]byte(c.user.ID + "\n" + strings.Join(c.path, "/") + "\n" + q.Encode() + "\n" + c.r.Header.Get("If-Modified-Since")))
	return hex.EncodeToString(m.Sum(nil))[:16]
}

func (b *Box) seal(t pageToken) string {
	raw, _ := json.Marshal(t)
	m := hmac.New(sha256.New, b.ids.key)
	m.Write(raw)
	return "c" + hex.EncodeToString(m.Sum(nil))[:15] + base64.RawURLEncoding.EncodeToString(raw)
}

func (b *Box) openToken(c *call, l *listing, s string) *failure {
	if c.param("page") != "" {
		return ambiguous("page", "page_token")
	}
	var t pageToken
	if len(s) > 16 {
		raw, err := base64.RawURLEncoding.DecodeString(s[16:])
		if err == nil {
			_ = json.Unmarshal(raw, &t)
		}
	}
	switch {
	case t.Bound == "" || b.seal(t) != s:
		return badParam("page_token")
	case b.now().Unix() >= t.Expires:
		return &failure{status: 400, code: "EXPIRED_VALUE", message: "Page token expired", details: object{"api_name": "page_token", "json_path": "$.query.page_token"}}
	case t.Bound != b.bound(c):
		return &failure{status: 400, code: "TOKEN_BOUND_DATA_MISMATCH", message: "The parameters differ from those of the page token", details: object{"param_name": "page_token"}}
	case t.Walked >= walkMax:
		return &failure{status: 400, code: "PAGINATION_LIMIT_EXCEEDED", message: "More than 100000 records cannot be read with page tokens", details: object{"param_name": "page_token"}}
	}
	l.after, l.page, l.walked = &entry{t.Key, t.ID}, t.Page, t.Walked
	return nil
}
