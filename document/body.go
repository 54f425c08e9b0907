package document

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"crossbook"
	"crossbook/money"
)

// Body is the record as it is sent. Rows are the present rows of the CRM record
// with their ids, nil for a new one: rows that survive keep their ids, new ones
// have none, and those that go carry the delete mark, since the CRM keeps rows
// it is not told about (R83; reference/zoho-crm.md section 6).
func (o Output) Body(m crossbook.Module, layoutID string, rows []map[string]any) map[string]any {
	fresh := rows == nil
	body := map[string]any{}
	for _, field := range slices.Sorted(maps.Keys(o.Fields)) {
		v := wireValue(field, o.Fields[field])
		// A new record's empty fields are left out, save those Zoho would fill with
		// a default of its own.
		if v != nil || !fresh || defaulted[field] {
			body[field] = v
		}
	}
	if layoutID != "" {
		body["Layout"] = map[string]any{"id": layoutID}
	}
	body[Subform(m)] = o.rowList(rows)
	return body
}

// defaulted are picklists that Zoho fills by itself where a new record does not
// say anything (reference/zoho-crm.md section 7.5).
var defaulted = map[string]bool{"Carrier": true}

// wireValue is a canonical value as JSON; empty is null.
func wireValue(field, value string) any {
	switch {
	case value == "":
		return nil
	case references[field]:
		return map[string]any{"id": value}
	case numbers[field]:
		return json.Number(value)
	default:
		return value
	}
}

// rowList is the full list of rows.
func (o Output) rowList(present []map[string]any) []any {
	ids, gone := pair(o.Lines, present)
	out := make([]any, 0, len(o.Lines)+len(gone))
	for i, l := range o.Lines {
		row := map[string]any{
			"Product_Name": map[string]any{"id": l.ProductID}, "Quantity": money.Number(l.Quantity), "List_Price": money.Number(l.ListPrice),
			"Discount": money.Number(l.Discount), "Line_Tax": lineTaxes(l.Taxes), "Sequence_Number": strconv.Itoa(i + 1),
		}
		if ids[i] != "" {
			row["id"] = ids[i]
			row["Description"] = nil
		}
		if l.Description != "" {
			row["Description"] = l.Description
		}
		out = append(out, row)
	}
	for _, id := range gone {
		out = append(out, map[string]any{"id": id, "_delete": nil})
	}
	return out
}

func lineTaxes(taxes []LineTax) []any {
	out := make([]any, 0, len(taxes))
	for _, t := range taxes {
		out = append(out, map[string]any{"name": t.Name, "percentage": money.Number(t.Percent)})
	}
	return out
}

// pair finds the present row of each line: first the rows that say the same,
// then rows of the same product, in order. The rest of the rows go. It returns
// an id for each line, and the ids that are left over.
func pair(lines []Line, present []map[string]any) (ids, gone []string) {
	ids = make([]string, len(lines))
	taken := make([]bool, len(present))
	for _, same := range []func(Line, raw) bool{sameRow, sameProduct} {
		for i, l := range lines {
			for j, row := range present {
				if ids[i] == "" && !taken[j] && raw(row).text("id") != "" && same(l, row) {
					ids[i], taken[j] = raw(row).text("id"), true
				}
			}
		}
	}
	for j, row := range present {
		if id := raw(row).text("id"); !taken[j] && id != "" {
			gone = append(gone, id)
		}
	}
	return ids, gone
}

func sameProduct(l Line, row raw) bool {
	return row.text("Product_Name.id") == l.ProductID
}

func sameRow(l Line, row raw) bool {
	return sameProduct(l, row) && strings.TrimSpace(row.text("Description")) == l.Description && row.amount("Quantity").Equal(l.Quantity)
}
