package qbobox

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// rate is one rate of a tax code.
type rate struct {
	id      string
	percent decimal.Decimal
	on      string // TaxOnAmount, or with earlier taxes TaxOnAmountPlusTax, or of these alone TaxOnTax
}

// tax works out TxnTaxDetail and returns the total tax (reference section 4.8).
func (b *Box) tax(w *write, bk *basket, side string) (decimal.Decimal, *fault) {
	sent, _ := w.next["TxnTaxDetail"].(object)
	if b.country() == "US" {
		return b.usTax(w, bk, sent)
	}
	mode := str(w.next, "GlobalTaxCalculation")
	switch mode {
	case "":
		return decimal.Zero, missing("GlobalTaxCalculation")
	case "NotApplicable":
		if len(sent) > 0 && (w.has("TxnTaxDetail") || w.creating()) && !num(sent, "TotalTax").IsZero() {
			return decimal.Zero, coded("6170", "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable")
		}
		w.next["TxnTaxDetail"] = object{"TotalTax": number(decimal.Zero)}
		return decimal.Zero, nil
	}
	return b.codeTax(w, bk, mode == "TaxInclusive", side), nil
}

// usTax taxes the TAX lines with the rates of one code for the whole document.
func (b *Box) usTax(w *write, bk *basket, sent object) (decimal.Decimal, *fault) {
	taxable := b.taxable(w, bk, func(l taxedLine) bool { return l.code == "TAX" })
	code := str(sent, "TxnTaxCodeRef.value")
	if code == "" && !taxable.IsZero() && b.partnerTax() && !w.by.trusted {
		code = b.taxGroup()
	}
	detail := object{}
	if flt := customTax(w, code); flt != nil {
		return decimal.Zero, flt
	}
	if code != "" {
		if b.find("TaxCode", code) == nil {
			return decimal.Zero, badRef("TaxCodes", code)
		}
		detail["TxnTaxCodeRef"] = ref(code, "")
	}
	lines, total := b.taxLines(b.rates(code, "sales"), taxable)
	if b.overridden(w, sent) {
		counted := amounts(lines)
		total = cents(num(sent, "TotalTax"))
		spread(lines, total)
		if !w.by.trusted {
			noteOverride(lines, counted)
		}
		if b.partnerTax() && !w.by.trusted {
			detail["TaxReviewStatus"] = "AST_TAX_OVERRIDE"
		}
	}
	if len(lines) > 0 {
		detail["TaxLine"] = anys(lines)
	}
	detail["TotalTax"] = number(total)
	w.next["TxnTaxDetail"] = detail
	return total, nil
}

// customTax refuses the pseudo code that a document shows whose tax was made up
// by hand: nothing new can be taxed with it (reference section 12.2, 6160).
func customTax(w *write, code string) *fault {
	if !strings.EqualFold(code, "CustomSalesTax") || !w.by.isAPI() {
		return nil
	}
	if w.creating() {
		return validation("6160", "Invalid TaxCodeRef Error", "A transaction cannot be created with the tax code CustomSalesTax", "TxnTaxDetail.TxnTaxCodeRef")
	}
	return validation("6230", "Invalid TaxCodeRef Error", "A transaction cannot be changed to the tax code CustomSalesTax", "TxnTaxDetail.TxnTaxCodeRef")
}

// overridden tells whether the caller set the tax by hand. The total that a
// read gave back and an update repeats is no override once lines have changed.
func (b *Box) overridden(w *write, sent object) bool {
	if !hasNum(sent, "TotalTax") || !w.has("TxnTaxDetail") {
		return false
	}
	return w.creating() || w.by.trusted || !num(sent, "TotalTax").Equal(num(w.before, "TxnTaxDetail.TotalTax"))
}

// taxable is the sum of some lines, less their share of the discount when tax
// comes after it.
func (b *Box) taxable(w *write, bk *basket, want func(taxedLine) bool) decimal.Decimal {
	var goods, ship decimal.Decimal
	for _, l := range bk.taxed {
		switch {
		case !want(l):
		case l.ship:
			ship = ship.Add(l.net)
		default:
			goods = goods.Add(l.net)
		}
	}
	after := flag(w.next, "ApplyTaxAfterDiscount") || b.country() != "US"
	if after && !bk.discount.IsZero() && !bk.subtotal.IsZero() {
		goods = goods.Sub(cents(bk.discount.Mul(goods).Div(bk.subtotal)))
	}
	return goods.Add(ship)
}

func (b *Box) taxLines(rates []rate, net decimal.Decimal) ([]object, decimal.Decimal) {
	var lines []object
	total := decimal.Zero
	for _, r := range rates {
		base := net
		switch r.on {
		case "TaxOnAmountPlusTax":
			base = net.Add(total)
		case "TaxOnTax":
			base = total
		}
		tax := cents(base.Mul(r.percent).Div(decimal.NewFromInt(100)))
		total = total.Add(tax)
		lines = append(lines, object{
			"Amount": number(tax), "DetailType": "TaxLineDetail", "TaxLineDetail": object{
				"TaxRateRef": ref(r.id, ""), "PercentBased": true, "TaxPercent": number(r.percent), "NetAmountTaxable": number(base),
			},
		})
	}
	return lines, total
}

// spread distributes an overridden total over the tax lines; the last takes the rest.
func spread(lines []object, total decimal.Decimal) {
	old := sum(lines, func(l object) decimal.Decimal { return num(l, "Amount") })
	left := total
	for i, l := range lines {
		part := left
		if i < len(lines)-1 && !old.IsZero() {
			part = cents(total.Mul(num(l, "Amount")).Div(old))
		}
		l["Amount"] = number(part)
		left = left.Sub(part)
	}
}

func amounts(lines []object) []decimal.Decimal {
	out := make([]decimal.Decimal, len(lines))
	for i, l := range lines {
		out[i] = num(l, "Amount")
	}
	return out
}

// noteOverride says on each tax line by how much a caller's own figure differs
// from the one that the rate gives (reference section 5.4).
func noteOverride(lines []object, counted []decimal.Decimal) {
	for i, l := range lines {
		if d := num(l, "Amount").Sub(counted[i]); !d.IsZero() {
			inner(l, "TaxLineDetail")["OverrideDeltaAmount"] = number(d)
		}
	}
}

// codeTax taxes each line under its own code, as all countries but the US do.
// Amounts are net also in a tax-inclusive document; the gross amount stands in
// TaxInclusiveAmt.
func (b *Box) codeTax(w *write, bk *basket, inclusive bool, side string) decimal.Decimal {
	var codes []string
	for _, l := range bk.taxed {
		if !slices.Contains(codes, l.code) {
			codes = append(codes, l.code)
		}
	}
	var all []object
	total := decimal.Zero
	for _, code := range codes {
		rates := b.rates(code, side)
		net := b.taxable(w, bk, func(l taxedLine) bool { return l.code == code })
		lines, tax := b.taxLines(rates, net)
		if inclusive {
			gross, exact := b.inclusiveTax(bk, code, rates)
			if exact && bk.discount.IsZero() && len(lines) > 0 {
				tax = gross
				spread(lines, tax)
			}
			for _, l := range lines { // what the buyer pays, this line's tax in it (reference section 5.4)
				d := inner(l, "TaxLineDetail")
				d["TaxInclusiveAmount"] = number(num(d, "NetAmountTaxable").Add(num(l, "Amount")))
			}
		}
		all = append(all, lines...)
		total = total.Add(tax)
	}
	detail := object{"TotalTax": number(total)}
	if len(all) > 0 {
		detail["TaxLine"] = anys(all)
	}
	w.next["TxnTaxDetail"] = detail
	return total
}

// inclusiveTax completes TaxInclusiveAmt on the lines of one code and returns
// the tax that the gross amounts contain, when all of them were given.
func (b *Box) inclusiveTax(bk *basket, code string, rates []rate) (decimal.Decimal, bool) {
	total, exact := decimal.Zero, true
	for i := range bk.taxed {
		l := &bk.taxed[i]
		if l.code != code {
			continue
		}
		if !l.priced {
			_, tax := b.taxLines(rates, l.net)
			l.gross, exact = l.net.Add(tax), false
			l.detail["TaxInclusiveAmt"] = number(l.gross)
		}
		total = total.Add(l.gross.Sub(l.net))
	}
	return total, exact
}

// rates are those of a code for sales or purchases.
func (b *Box) rates(code, side string) []rate {
	rec := b.find("TaxCode", code)
	if rec == nil {
		return nil
	}
	path := "SalesTaxRateList.TaxRateDetail"
	if side == "purchase" {
		path = "PurchaseTaxRateList.TaxRateDetail"
	}
	var out []rate
	details := list(rec.object(), path)
	slices.SortStableFunc(details, func(a, z object) int { return num(a, "TaxOrder").Cmp(num(z, "TaxOrder")) })
	for _, d := range details {
		r := b.find("TaxRate", str(d, "TaxRateRef.value"))
		if r == nil {
			continue
		}
		out = append(out, rate{id: r.id, percent: num(r.object(), "RateValue"), on: str(d, "TaxTypeApplicable")})
	}
	return out
}

func (b *Box) taxGroup() string { return str(b.preferences(), "TaxPrefs.TaxGroupCodeRef.value") }

func (b *Box) partnerTax() bool { return flag(b.preferences(), "TaxPrefs.PartnerTaxEnabled") }
