package zohobox

import "slices"

// approvalWords are the states a search can be narrowed to (section 5.1). A
// record here is approved, waits for its approval or is in review; of the others
// none is ever found.
var approvalWords = []string{
	"approved", "approval_process_pending", "approval_process_rejected", "review_process_pending", "review_process_rejected", "merge_pending",
	"webform_invalid", "webform_invalid_approval", "webform_unapproved", "webform_double_optin", "email_parser_waiting", "email_parser_rejected",
	"zia_vision_validation", "zia_vision_pending", "zia_vision_rejected",
}

// narrowed reads the parameters that leave some of the hits out.
func (c *call) narrowed() (func(*record) bool, *failure) {
	match, f := convertedMatch(c, c.mod)
	if f != nil {
		return nil, f
	}
	want := c.param("approval_state")
	if want == "" {
		return match, nil
	}
	if !slices.Contains(approvalWords, want) {
		return nil, badParam("approval_state")
	}
	return both(match, func(r *record) bool { return approvalState(r) == want }), nil
}

// counted reads the parameters that leave some records out of a count (section
// 5.2).
func (c *call) counted() (func(*record) bool, *failure) {
	match, f := convertedMatch(c, c.mod)
	if f != nil {
		return nil, f
	}
	want := c.paramOr("approved", "both")
	switch {
	case !slices.Contains(convertedWords, want):
		return nil, badParam("approved")
	case want == "both":
		return match, nil
	}
	return both(match, func(r *record) bool { return (r.approval == "") == (want == "true") }), nil
}

// searchOrder reads sort_by, any field of the module, and sort_order; unsaid,
// the newest come first.
func (b *Box) searchOrder(c *call) (l *listing, field *field, f *failure) {
	l = &listing{by: c.paramOr("sort_by", "id"), page: c.intParam("page", 1), per: c.intParam("per_page", pageMax)}
	field = c.mod.field(l.by)
	if field == nil || !field.inLists() || field.Type == "tag" || !b.visibleField(field, c.user) {
		return nil, nil, badParam("sort_by")
	}
	switch c.paramOr("sort_order", "desc") {
	case "desc":
		l.desc = true
	case "asc":
	default:
		return nil, nil, badParam("sort_order")
	}
	if l.page < 1 || l.per < 1 || l.per > pageMax {
		return nil, nil, badParam("per_page")
	}
	if l.page*l.per > searchMax {
		return nil, nil, &failure{status: 400, code: "LIMIT_REACHED", message: "maximum response iteration limit reached", details: object{"limit": "2000"}}
	}
	return l, field, nil
}

// ordered puts hits, which come newest first, into the order of the search, as
// far as the index knows it.
func (b *Box) ordered(m *module, ids []int64, l *listing, f *field) {
	if f.Name == "id" {
		if !l.desc {
			slices.Reverse(ids)
		}
		return
	}
	a := access{path: f.Name, steps: []step{{m, f}}}
	slices.SortStableFunc(ids, func(x, y int64) int {
		d := compareStored(b.sortValue(a, m.table.search.docs[x]), b.sortValue(a, m.table.search.docs[y]))
		if l.desc {
			return -d
		}
		return d
	})
}

// sortValue is what a column is sorted by: look-ups by the name they show.
func (b *Box) sortValue(a access, doc *record) any {
	v := b.stored(a, doc)
	if f := a.last().f; v != nil && f.Type == "lookup" {
		return b.lookupRef(f, text(v))["name"]
	} else if v != nil && f.isLookup() {
		return b.userByID(text(v)).ref()["name"]
	}
	return v
}
