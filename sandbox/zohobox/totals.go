package zohobox

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

func trimNumber(s string) json.Number {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return json.Number("0")
	}
	return numeral(d)
}

// compute fills what the server reckons itself; values a client sent for these
// fields were never read (section 7.3).
func (b *Box) compute(d *draft) {
	switch {
	case d.m.lines != "":
		b.computeDocument(d)
	case d.m.name == "Deals":
		b.computeDeal(d)
	case d.m.name == "Tasks":
		b.computeTask(d)
	}
}

// probabilities belong to the default stages.
var probabilities = map[string]string{
	"Qualification": "10", "Needs Analysis": "20", "Value Proposition": "40", "Identify Decision Makers": "60",
	"Proposal/Price Quote": "75", "Negotiation/Review": "90", "Closed Won": "100", "Closed Lost": "0", "Closed Lost to Competition": "0",
}

func (b *Box) computeDeal(d *draft) {
	_, sent := d.obj["Probability"]
	_, staged := d.obj["Stage"]
	if staged && !sent {
		if p := probabilities[text(d.rec.vals["Stage"])]; p != "" {
			d.rec.vals["Probability"] = json.Number(p)
		}
	}
}

// computeDocument reckons rows and header in decimals:
//
//	Total                = Quantity x List_Price
//	Total_After_Discount = Total - Discount
//	Tax                  = sum of Line_Tax, each rounded
//	Net_Total            = Total_After_Discount + Tax
//	Sub_Total            = sum of Net_Total
//	header Tax           = sum of $line_tax on Sub_Total - Discount
//	Grand_Total          = Sub_Total - Discount + Tax + Adjustment
func (b *Box) computeDocument(d *draft) {
	places := b.opt.Dials.CurrencyDecimals
	sub := decimal.Zero
	sortRows(d.rows)
	last := int64(0)
	for i, old := range d.rows {
		row := old.clone()
		sub = sub.Add(computeRow(row, places))
		row.vals["Sequence_Number"] = sequence(row, &last)
		d.rows[i] = row
	}
	v := d.rec.vals
	discount, adjustment := number(v["Discount"]), number(v["Adjustment"])
	taxes, tax := applyTaxes(list(v["$line_tax"]), sub.Sub(discount), places)
	v["$line_tax"] = taxes
	v["Sub_Total"] = numeral(sub)
	v["Tax"] = numeral(tax)
	v["Grand_Total"] = numeral(sub.Sub(discount).Add(tax).Add(adjustment))
	if v["Discount"] == nil {
		v["Discount"] = json.Number("0")
	}
	if v["Adjustment"] == nil {
		v["Adjustment"] = json.Number("0")
	}
}

// sequence keeps a number that was sent and otherwise counts on from the last.
func sequence(row *record, last *int64) any {
	if s := text(row.vals["Sequence_Number"]); s != "" {
		n, _ := parseID(s)
		*last = max(*last, n)
		return s
	}
	*last++
	return formatID(*last)
}

func computeRow(row *record, places int) decimal.Decimal {
	v := row.vals
	total := roundHalfUp(number(v["Quantity"]).Mul(number(v["List_Price"])), places)
	discount := number(v["Discount"])
	if pct := text(v["$discount_percent"]); pct != "" {
		discount = roundHalfUp(total.Mul(number(json.Number(pct))).Shift(-2), places)
	}
	after := total.Sub(discount)
	taxes, tax := applyTaxes(list(v["Line_Tax"]), after, places)
	net := after.Add(tax)
	v["Total"], v["Discount"], v["Total_After_Discount"] = numeral(total), numeral(discount), numeral(after)
	v["Line_Tax"], v["Tax"], v["Net_Total"] = taxes, numeral(tax), numeral(net)
	return net
}

// applyTaxes puts the amount of each tax beside its rate.
func applyTaxes(taxes []any, on decimal.Decimal, places int) ([]any, decimal.Decimal) {
	sum := decimal.Zero
	out := make([]any, 0, len(taxes))
	for _, t := range taxes {
		o, _ := t.(object)
		value := roundHalfUp(on.Mul(number(o["percentage"])).Shift(-2), places)
		sum = sum.Add(value)
		out = append(out, object{"name": o["name"], "display_name": o["display_name"], "percentage": o["percentage"], "id": o["id"], "value": numeral(value)})
	}
	return out, sum
}
