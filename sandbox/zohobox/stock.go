package zohobox

import "github.com/shopspring/decimal"

// moveStock imitates what saving documents does to products (practice P10):
//
//	invoice              lowers Qty_in_Stock unless its status is Cancelled
//	purchase order       raises Qty_Ordered; Delivered turns that into Qty_in_Stock
//	sales order          raises Qty_in_Demand until it is Delivered or Cancelled
//
// The difference between the old and the new version is booked, so cancelling,
// editing and deleting book it back. Modified_Time of the product moves.
func (b *Box) moveStock(c *call, m *module, was, is *record) {
	if m.lines == "" || !b.opt.Dials.StockArithmetic.is(true) {
		return
	}
	diff := map[string]map[string]decimal.Decimal{} // product -> field -> change
	b.book(diff, m, was, decimal.NewFromInt(-1))
	b.book(diff, m, is, decimal.NewFromInt(1))
	products := b.module["Products"]
	for _, pid := range sortedKeys(diff) {
		id, _ := parseID(pid)
		p := products.table.get(id)
		if p == nil {
			continue
		}
		n := p.clone()
		var changed []string
		for _, name := range sortedKeys(diff[pid]) {
			by := diff[pid][name]
			if by.IsZero() {
				continue
			}
			n.vals[name] = numeral(number(p.vals[name]).Add(by))
			changed = append(changed, name)
		}
		if len(changed) == 0 {
			continue
		}
		n.modified, n.modifiedBy = b.now(), c.user.ID
		b.put(products, n)
		b.note(c, products, n, "update", changed)
	}
}

// book adds the quantities that one version of a document stands for.
func (b *Box) book(diff map[string]map[string]decimal.Decimal, m *module, r *record, sign decimal.Decimal) {
	if r == nil {
		return
	}
	field, way := effect(m.name, text(r.vals["Status"]))
	if field == "" {
		return
	}
	rows := r.stockRows
	for _, row := range rows {
		if diff[row.product] == nil {
			diff[row.product] = map[string]decimal.Decimal{}
		}
		q := row.quantity.Mul(sign).Mul(decimal.NewFromInt(way))
		diff[row.product][field] = diff[row.product][field].Add(q)
	}
}

func effect(module, status string) (field string, way int64) {
	switch module {
	case "Invoices":
		if status != "Cancelled" {
			return "Qty_in_Stock", -1
		}
	case "Purchase_Orders":
		switch status {
		case "Delivered":
			return "Qty_in_Stock", 1
		case "Cancelled":
			return "", 0
		}
		return "Qty_Ordered", 1
	case "Sales_Orders":
		if status != "Delivered" && status != "Cancelled" {
			return "Qty_in_Demand", 1
		}
	}
	return "", 0
}

// stockRow is what one line of a document means for the stock. A version of a
// document remembers its rows so that the next one can book the difference.
type stockRow struct {
	product  string
	quantity decimal.Decimal
}

func (b *Box) stockRowsOf(m *module, r *record) []stockRow {
	lm := b.module[m.lines]
	out := make([]stockRow, 0, len(r.lines))
	for _, id := range r.lines {
		row := lm.table.get(id)
		if row == nil {
			row = lm.bin[id]
		}
		if row == nil {
			continue
		}
		if pid := text(row.vals["Product_Name"]); pid != "" {
			out = append(out, stockRow{pid, number(row.vals["Quantity"])})
		}
	}
	return out
}
