package zohocrm

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"crossbook"
	"crossbook/zohocrm/api"
)

// rowFields are what a row is known by, for sides that were not told which
// fields of a line module to read.
var rowFields = []string{"Sequence_Number", "Product_Name", "Description", "Quantity"}

// moreRows completes a record that came with the first page of its rows alone,
// which $has_more says (reference/zoho-crm.md section 4.2): a row that nobody saw
// would be written a second time. The rest is read from the line module, which
// bears the subform's name (section 7.1).
func (s *Side) moreRows(ctx context.Context, r api.Record) error {
	more, _ := r["$has_more"].(map[string]any)
	for _, subform := range slices.Sorted(maps.Keys(more)) {
		if !r.MoreRows(subform) {
			continue
		}
		fields := s.fields[crossbook.Module(subform)]
		if fields == nil {
			fields = rowFields
		}
		rows, came := r.Rows(subform), map[string]bool{}
		for _, row := range rows {
			came[row.ID()] = true
		}
		err := s.client.WalkCOQL(ctx, subform, fields, "Parent_Id = "+api.COQLText(r.ID()), func(p api.COQLPage) error {
			for _, row := range p.Records {
				if !came[row.ID()] {
					rows = append(rows, row)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		r[subform], more[subform] = inOrder(rows), false
	}
	return nil
}

// inOrder is how rows stand in their document.
func inOrder(rows []api.Record) []any {
	slices.SortStableFunc(rows, func(a, b api.Record) int {
		return byDigits(a.Text("Sequence_Number"), b.Text("Sequence_Number"))
	})
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = map[string]any(row)
	}
	return out
}

// byDigits compares numbers that were written down without a sign.
func byDigits(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
