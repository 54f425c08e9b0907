package qbobox

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// sold is what one item brought in a period.
type sold struct{ qty, amount, cost decimal.Decimal }

func (b *Box) itemSales(q *reportQuery) ([]any, []any) {
	columns := []any{column("", "ProductsAndService", "item_name")}
	for _, c := range [][2]string{
		{"Quantity", "qty"},
		{"Amount", "amount"},
		{"% of Sales", "percent"},
		{"Avg Price", "avg"},
		{"COGS", "cogs"},
		{"Gross Margin", "margin"},
		{"Gross Margin %", "margin_percent"},
	} {
		columns = append(columns, column(c[0], "Money", c[1]))
	}
	types := map[string]string{}
	for _, r := range b.tables["account"].byID {
		types[r.id] = r.typ
	}
	by, total := map[string]*sold{}, &sold{}
	for e := range b.booked(q) {
		if e.Date < q.start || e.Date > q.end {
			continue
		}
		if kind, _ := splitHandle(e.Key); !sales[kind] {
			continue
		}
		for _, p := range e.all() {
			if p.Item == "" || !q.wants(e, p) {
				continue
			}
			one := by[p.Item]
			if one == nil {
				one = &sold{}
				by[p.Item] = one
			}
			for _, s := range []*sold{one, total} {
				switch types[p.Account] {
				case "Income", "Other Income":
					s.qty, s.amount = s.qty.Add(p.Qty), s.amount.Sub(p.Amount)
				case "Cost of Goods Sold", "Expense":
					s.cost = s.cost.Add(p.Amount)
				}
			}
		}
	}
	if len(by) == 0 {
		return columns, nil
	}
	var rows []any
	for _, id := range b.itemsByName(by) {
		rows = append(rows, object{"ColData": by[id].cells(b.itemName(id), id, total.amount)})
	}
	return columns, append(rows, object{
		"Summary": object{"ColData": total.cells("TOTAL", "", total.amount)}, "type": "Section", "group": "GrandTotal",
	})
}

// sales are the forms that sell.
var sales = map[string]bool{"Invoice": true, "SalesReceipt": true, "CreditMemo": true, "RefundReceipt": true}

func (b *Box) itemName(id string) string {
	if r := b.find("Item", id); r != nil {
		return r.title
	}
	return "Not Specified"
}

func (b *Box) itemsByName(of map[string]*sold) []string {
	ids := make([]string, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Or(cmp.Compare(b.itemName(x), b.itemName(y)), cmp.Compare(x, y)) })
	return ids
}

func (s *sold) cells(name, id string, all decimal.Decimal) []any {
	ratio := func(a, of decimal.Decimal) string {
		if of.IsZero() {
			return ""
		}
		return a.Mul(decimal.NewFromInt(100)).Div(of).StringFixed(2) + "%"
	}
	avg := ""
	if !s.qty.IsZero() {
		avg = s.amount.Div(s.qty).StringFixed(2)
	}
	margin := s.amount.Sub(s.cost)
	return []any{
		cell(name, id), cell(s.qty.StringFixed(2), ""), cell(money(s.amount), ""), cell(ratio(s.amount, all), ""), cell(avg, ""), cell(money(s.cost), ""),
		cell(money(margin), ""), cell(ratio(margin, s.amount), ""),
	}
}

// valuation is the stock: its sum is what the asset account holds.
func (b *Box) valuation(q *reportQuery) ([]any, []any) {
	columns := []any{
		column("", "ProductsAndService", "item_name"), column("SKU", "String", "sku"), column("Qty", "Money", "qty"),
		column("Asset Value", "Money", "value"), column("Calc. Avg", "Money", "avg"),
	}
	by, total := map[string]*sold{}, &sold{}
	for id, c := range b.ledger.cards {
		if len(q.item) > 0 && !slices.Contains(q.item, id) {
			continue
		}
		one := &sold{}
		for _, g := range c.moves {
			if g.entry.Date > q.asOf {
				break
			}
			one.qty, one.amount = one.qty.Add(g.move.Qty), one.amount.Add(g.move.value)
		}
		if one.qty.IsZero() && one.amount.IsZero() {
			continue
		}
		by[id] = one
		total.qty, total.amount = total.qty.Add(one.qty), total.amount.Add(one.amount)
	}
	if len(by) == 0 {
		return columns, nil
	}
	var rows []any
	for _, id := range b.itemsByName(by) {
		s, sku, avg := by[id], "", ""
		if r := b.find("Item", id); r != nil {
			sku = str(r.object(), "Sku")
		}
		if !s.qty.IsZero() {
			avg = s.amount.Div(s.qty).StringFixed(2)
		}
		rows = append(rows, object{"ColData": []any{
			cell(b.itemName(id), id), cell(sku, ""), cell(s.qty.StringFixed(2), ""), cell(money(s.amount), ""), cell(avg, ""),
		}})
	}
	return columns, append(rows, object{
		"Summary": object{"ColData": []any{cell("TOTAL", ""), cell("", ""), cell(total.qty.StringFixed(2), ""), cell(money(total.amount), ""), cell("", "")}},
		"type":    "Section", "group": "GrandTotal",
	})
}
