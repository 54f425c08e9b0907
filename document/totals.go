package document

import (
	"encoding/json"
	"fmt"

	"crossbook/money"
)

// Line is one row of a CRM document.
type Line struct {
	ProductID   string
	Description string
	Quantity    money.Decimal
	ListPrice   money.Decimal
	Discount    money.Decimal
	Taxes       []LineTax

	// Amount is what QuickBooks says the row comes to, before discount and tax.
	Amount money.Decimal
	// code is the row's tax code in QuickBooks.
	code string
}

// LineTax is one tax of a row: the CRM takes the name and the percentage.
type LineTax struct {
	Name    string
	Percent money.Decimal
}

// Totals is what the CRM reckons from a document.
type Totals struct {
	Lines      []LineTotals
	SubTotal   money.Decimal
	Discount   money.Decimal
	Adjustment money.Decimal
	GrandTotal money.Decimal
}

// LineTotals is what the CRM reckons from one row.
type LineTotals struct {
	Total         money.Decimal
	AfterDiscount money.Decimal
	Tax           money.Decimal
	Net           money.Decimal
}

// Reckon repeats the CRM's own arithmetic (reference/zoho-crm.md sections 7.2
// and 7.3): line taxes on the row after its discount, each rounded to cents;
// the header's discount and adjustment on the sum of the rows.
func Reckon(lines []Line, discount, adjustment money.Decimal) Totals {
	totals := make([]money.Decimal, len(lines))
	for i, l := range lines {
		totals[i] = money.Times(l.Quantity, l.ListPrice)
	}
	return reckon(lines, totals, discount, adjustment)
}

// reckon is Reckon with the rows' totals given.
func reckon(lines []Line, totals []money.Decimal, discount, adjustment money.Decimal) Totals {
	out := Totals{Discount: discount, Adjustment: adjustment}
	for i, l := range lines {
		t := LineTotals{Total: totals[i], AfterDiscount: totals[i].Sub(l.Discount)}
		for _, tax := range l.Taxes {
			t.Tax = t.Tax.Add(money.Percent(t.AfterDiscount, tax.Percent))
		}
		t.Net = t.AfterDiscount.Add(t.Tax)
		out.SubTotal = out.SubTotal.Add(t.Net)
		out.Lines = append(out.Lines, t)
	}
	out.GrandTotal = out.SubTotal.Sub(discount).Add(adjustment)
	return out
}

// wireLine is the canonical form of a row: the keys stand in this order.
type wireLine struct {
	Product     string     `json:"product"`
	Description string     `json:"description,omitempty"`
	Quantity    string     `json:"quantity"`
	Price       string     `json:"price"`
	Discount    string     `json:"discount,omitempty"`
	Taxes       []wireRate `json:"taxes,omitempty"`
	Amount      string     `json:"amount"`
}

type wireRate struct {
	Name    string `json:"name"`
	Percent string `json:"percent"`
}

// linesText is the canonical form of the rows: equal rows give equal text.
func linesText(lines []Line) string {
	out := make([]wireLine, 0, len(lines))
	for _, l := range lines {
		w := wireLine{
			Product: l.ProductID, Description: l.Description,
			Quantity: l.Quantity.String(), Price: l.ListPrice.String(), Amount: l.Amount.String(),
		}
		if !l.Discount.IsZero() {
			w.Discount = l.Discount.String()
		}
		for _, t := range l.Taxes {
			w.Taxes = append(w.Taxes, wireRate{t.Name, t.Percent.String()})
		}
		out = append(out, w)
	}
	data, err := json.Marshal(out)
	if err != nil { // strings always marshal
		return ""
	}
	return string(data)
}

// ParseLines reads the rows of a canonical form.
func ParseLines(canonical string) ([]Line, error) {
	if canonical == "" {
		return nil, nil
	}
	var in []wireLine
	if err := json.Unmarshal([]byte(canonical), &in); err != nil {
		return nil, fmt.Errorf("rows of a document: %w", err)
	}
	out := make([]Line, 0, len(in))
	for _, w := range in {
		l := Line{ProductID: w.Product, Description: w.Description}
		var err error
		read := func(s string) money.Decimal {
			if s == "" || err != nil {
				return money.Zero
			}
			var d money.Decimal
			d, err = money.Parse(s)
			return d
		}
		l.Quantity, l.ListPrice, l.Discount, l.Amount = read(w.Quantity), read(w.Price), read(w.Discount), read(w.Amount)
		for _, t := range w.Taxes {
			l.Taxes = append(l.Taxes, LineTax{Name: t.Name, Percent: read(t.Percent)})
		}
		if err != nil {
			return nil, fmt.Errorf("rows of a document: %w", err)
		}
		out = append(out, l)
	}
	return out, nil
}
