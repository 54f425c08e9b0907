package zohobox

import "slices"

// convertedWords are what the parameter converted takes (sections 4.1 and 5.1).
var convertedWords = []string{"true", "false", "both"}

// isConverted reports whether a record was converted: a lead into an account and
// a contact, a quote or an order into the next document.
func isConverted(r *record) bool { return r.vals[convertedKey] == true }

// convertedMatch reads which records the parameter converted lets through. Left
// out, converted leads are hidden; documents are shown all the same.
func convertedMatch(c *call, m *module) (func(*record) bool, *failure) {
	want := c.param("converted")
	switch {
	case want == "" && m.name == "Leads":
		want = "false"
	case want == "":
		want = "both"
	case !slices.Contains(convertedWords, want):
		return nil, badParam("converted")
	}
	if want == "both" {
		return nil, nil
	}
	return func(r *record) bool { return isConverted(r) == (want == "true") }, nil
}

// both joins two tests of a record; nil lets everything through.
func both(a, z func(*record) bool) func(*record) bool {
	switch {
	case a == nil:
		return z
	case z == nil:
		return a
	}
	return func(r *record) bool { return a(r) && z(r) }
}
