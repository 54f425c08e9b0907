package qbobox

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// result is the inside of a QueryResponse.
type result struct {
	body []byte
	rows int
}

// answerQuery takes the statement from the address or from the body (reference section 2).
func (b *Box) answerQuery(rq *request) answer {
	q := rq.query.Get("query")
	if rq.method == http.MethodPost && strings.TrimSpace(q) == "" {
		q = string(rq.body)
	}
	if strings.TrimSpace(q) == "" {
		return rq.fault(missing("query"))
	}
	res, flt := b.query(q)
	if flt != nil {
		return rq.fault(flt)
	}
	return rq.envelope("QueryResponse", res.body)
}

func (b *Box) query(q string) (*result, *fault) {
	s, flt := parseQuery(q)
	if flt != nil {
		return nil, flt
	}
	e := b.entities[strings.ToLower(s.entity)]
	if e == nil && strings.EqualFold(s.entity, rates.name) {
		return b.queryRates(s)
	}
	if e == nil {
		return nil, queryError("Metadata not found for Entity: " + s.entity)
	}
	if e.shape == singleton {
		return b.querySingle(e, s), nil
	}
	f, flt := b.filter(e, s)
	if flt != nil {
		return nil, flt
	}
	recs, flt := b.ordered(e, s, f)
	if flt != nil {
		return nil, flt
	}
	return b.page(e, s, f, recs)
}

func (b *Box) querySingle(e *entity, s *statement) *result {
	if s.count {
		return &result{body: []byte(`{"totalCount":1}`)}
	}
	if s.start > 1 {
		return &result{body: []byte("{}")}
	}
	body := encode(object{e.name: []any{b.singles[e.name]}, "startPosition": 1, "maxResults": 1})
	return &result{body: body, rows: 1}
}

// ordered picks the candidates by the best index and puts them in order.
func (b *Box) ordered(e *entity, s *statement, f *filter) ([]*record, *fault) {
	t := b.tables[e.path()]
	by, flt := b.comparison(e, s)
	if flt != nil {
		return nil, flt
	}
	var recs []*record
	switch {
	case len(f.picks) > 0:
		seen := map[*record]bool{}
		for _, r := range f.picks[0]() {
			if !seen[r] {
				seen[r] = true
				recs = append(recs, r)
			}
		}
	case f.timed:
		recs = slices.Clone(window(t.times.all(), f.after, f.until))
	default:
		return b.whole(t, s, by), nil
	}
	if by == nil {
		by = t.normal.less
	}
	slices.SortStableFunc(recs, by)
	return recs, nil
}

func window(times []*record, from, until int64) []*record {
	at := func(sec int64) int {
		i, _ := slices.BinarySearchFunc(times, sec, func(r *record, t int64) int {
			if r.updated < t {
				return -1
			}
			return 1
		})
		return i
	}
	lo, hi := at(from), at(until)
	if lo > hi {
		return nil
	}
	return times[lo:hi]
}

// whole is the complete list in a wanted order, from an index where one fits.
func (b *Box) whole(t *table, s *statement, by func(a, b *record) int) []*record {
	if by == nil {
		return t.normal.all()
	}
	if len(s.order) == 1 {
		o := s.order[0]
		var recs []*record
		switch {
		case strings.EqualFold(o.prop, "Id"):
			recs = t.ids.all()
		case strings.EqualFold(o.prop, "MetaData.LastUpdatedTime"):
			recs = t.times.all()
		}
		if recs != nil && !o.desc {
			return recs
		}
	}
	recs := slices.Clone(t.ids.all())
	slices.SortStableFunc(recs, by)
	return recs
}

// comparison is nil when the query names no order.
func (b *Box) comparison(e *entity, s *statement) (func(x, y *record) int, *fault) {
	if len(s.order) == 0 {
		return nil, nil
	}
	t := b.tables[e.path()]
	var steps []func(x, y *record) int
	for _, o := range s.order {
		prop, k, flt := b.property(e, o.prop)
		if flt != nil {
			return nil, flt
		}
		step := sortStep(t, prop, k)
		if o.desc {
			up := step
			step = func(x, y *record) int { return -up(x, y) }
		}
		steps = append(steps, step)
	}
	return func(x, y *record) int {
		for _, st := range steps {
			if n := st(x, y); n != 0 {
				return n
			}
		}
		return t.ids.less(x, y)
	}, nil
}

func sortStep(t *table, prop string, k queryKind) func(x, y *record) int {
	switch {
	case k == qID:
		return t.ids.less
	case prop == "MetaData.LastUpdatedTime":
		return func(x, y *record) int { return cmp.Compare(x.updated, y.updated) }
	}
	if k == qRef {
		prop += ".value"
	}
	cache := map[*record]object{}
	get := func(r *record) object {
		o, ok := cache[r]
		if !ok {
			o = r.object()
			cache[r] = o
		}
		return o
	}
	if k == qNumber {
		return func(x, y *record) int { return num(get(x), prop).Cmp(num(get(y), prop)) }
	}
	return func(x, y *record) int { return strings.Compare(str(get(x), prop), str(get(y), prop)) }
}

// page cuts the wanted rows out of the candidates.
func (b *Box) page(e *entity, s *statement, f *filter, recs []*record) (*result, *fault) {
	var rows [][]byte
	total := 0
	for _, r := range recs {
		if !f.matches(r) {
			continue
		}
		total++
		if s.count || total < s.start {
			continue
		}
		if len(rows) == s.max {
			break
		}
		if b.opt.Dials.BadMailPoisonsQueries && poisoned(r) {
			return nil, b.badMail()
		}
		rows = append(rows, b.projected(r, s.fields))
	}
	if s.count {
		return &result{body: fmt.Appendf(nil, `{"totalCount":%d}`, total)}, nil
	}
	if len(rows) == 0 {
		return &result{body: []byte("{}")}, nil
	}
	var buf bytes.Buffer
	buf.WriteString(`{"` + e.name + `":[`)
	buf.Write(bytes.Join(rows, []byte(",")))
	fmt.Fprintf(&buf, `],"startPosition":%d,"maxResults":%d`, s.start, len(rows))
	if e.totalCount {
		fmt.Fprintf(&buf, `,"totalCount":%d`, len(rows))
	}
	buf.WriteString("}")
	return &result{body: buf.Bytes(), rows: len(rows)}, nil
}

// badMail is seen with two statuses (reference section 12.2, code 4002).
func (b *Box) badMail() *fault {
	f := badMail()
	if b.opt.Dials.BadMailIs500 {
		f.Status, f.Type = http.StatusInternalServerError, "Service"
	}
	return f
}

// poisoned is a document with mail that people could type and reads cannot take.
func poisoned(r *record) bool {
	if r.ent.shape != document {
		return false
	}
	mail := str(r.object(), "BillEmail.Address")
	return mail != "" && !validEmail(mail)
}

// projected tolerates a list of properties, as the vendor does in places.
func (b *Box) projected(r *record, fields []string) []byte {
	if fields == nil {
		return b.row(r)
	}
	o := r.object()
	out := object{"Id": o["Id"], "domain": "QBO", "sparse": true}
	for k, v := range o {
		for _, f := range fields {
			if strings.EqualFold(k, f) || strings.HasPrefix(strings.ToLower(f), strings.ToLower(k)+".") {
				out[k] = v
			}
		}
	}
	return encode(out)
}
