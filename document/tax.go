package document

import (
	mathbits "math/bits"
	"slices"

	"crossbook/money"
)

// taxLine is one rate of a document with what it was taken on and came to.
type taxLine struct {
	rate    string
	name    string
	percent money.Decimal
	amount  money.Decimal
	net     money.Decimal
	hasNet  bool
	byRate  bool // percent times net; false for taxes set by hand
}

// taxLines reads TxnTaxDetail; lines of one rate are added up.
func (p *projection) taxLines() []taxLine {
	var out []taxLine
	for _, l := range p.data.list("TxnTaxDetail.TaxLine") {
		t := taxLine{
			rate: l.text("TaxLineDetail.TaxRateRef.value"), name: l.text("TaxLineDetail.TaxRateRef.name"),
			amount: l.amount("Amount"),
		}
		t.net, t.hasNet = l.number("TaxLineDetail.NetAmountTaxable")
		known, isKnown := p.in.TaxRates[t.rate]
		var has bool
		if t.percent, has = l.number("TaxLineDetail.TaxPercent"); !has {
			t.percent, has = known.Percent, isKnown
		}
		if isKnown && known.Name != "" {
			t.name = known.Name
		}
		if t.name == "" {
			t.name = "QuickBooks tax " + t.rate
		}
		t.byRate = has && !t.percent.IsNegative()
		if based, says := l.at("TaxLineDetail.PercentBased").(bool); says && !based {
			t.byRate = false
		}
		if i := slices.IndexFunc(out, func(o taxLine) bool { return o.rate == t.rate && t.rate != "" }); i >= 0 {
			out[i].amount, out[i].net = out[i].amount.Add(t.amount), out[i].net.Add(t.net)
			out[i].hasNet, out[i].byRate = out[i].hasNet && t.hasNet, out[i].byRate && t.byRate
			continue
		}
		out = append(out, t)
	}
	return out
}

// assign puts a rate on the rows it taxes and tells whether it found them. A
// rate that came to nothing may stay off the rows.
func (p *projection) assign(rows []Line, t taxLine) bool {
	if !t.byRate {
		return t.amount.IsZero()
	}
	taxed, ok := p.rowsOf(rows, t)
	if !ok {
		return t.amount.IsZero()
	}
	for _, i := range taxed {
		rows[i].Taxes = append(slices.Clone(rows[i].Taxes), LineTax{Name: t.name, Percent: t.percent})
	}
	return true
}

// rowsOf finds the rows whose amounts make up what the rate was taken on. What
// the rows' tax codes say comes first, and sets that come to it exactly before
// those that nearly do; QuickBooks itself is not always true to the codes, so
// that the amount decides.
func (p *projection) rowsOf(rows []Line, t taxLine) ([]int, bool) {
	var byCode, taxable, all []int
	for i, l := range rows {
		all = append(all, i)
		if slices.Contains(p.in.TaxCodes[l.code], t.rate) {
			byCode = append(byCode, i)
		}
		if l.code != "" && l.code != "NON" {
			taxable = append(taxable, i)
		}
	}
	if !t.hasNet {
		if len(byCode) > 0 {
			return byCode, true
		}
		return taxable, len(taxable) > 0
	}
	slack := p.slack(rows)
	if len(byCode) > 0 && adds(rows, byCode, t.net, slack) {
		return byCode, true
	}
	for _, allowed := range []money.Decimal{money.Zero, slack} {
		for _, set := range [][]int{taxable, all} {
			if len(set) > 0 && adds(rows, set, t.net, allowed) {
				return set, true
			}
		}
		if set, ok := codesOf(rows, t.net, allowed); ok {
			return set, true
		}
		if set, ok := onlySet(rows, taxable, t.net, allowed); ok {
			return set, true
		}
		if slack.IsZero() {
			break
		}
	}
	return nil, false
}

// slack is how far rows may be off the sum a tax was taken on. Where a discount
// was shared out its odd cents lie on one row; where net amounts were taken from
// gross ones each was rounded.
func (p *projection) slack(rows []Line) money.Decimal {
	inclusive := p.data.text("GlobalTaxCalculation") == "TaxInclusive"
	if inclusive || slices.ContainsFunc(rows, func(l Line) bool { return !l.Discount.IsZero() }) {
		return p.tolerance()
	}
	return money.Zero
}

// adds tells whether rows come to a sum after their discount.
func adds(rows []Line, set []int, want, allowed money.Decimal) bool {
	sum := money.Zero
	for _, i := range set {
		sum = sum.Add(rows[i].Amount).Sub(rows[i].Discount)
	}
	return money.Within(sum, want, allowed)
}

// codesOf finds the tax codes whose rows together come to a sum.
func codesOf(rows []Line, want, allowed money.Decimal) ([]int, bool) {
	var codes []string
	var sums []int64
	for _, l := range rows {
		i := slices.Index(codes, l.code)
		if i < 0 {
			i = len(codes)
			codes, sums = append(codes, l.code), append(sums, 0)
		}
		sums[i] += inCents(l.Amount.Sub(l.Discount))
	}
	picked, ok := onlySubset(sums, inCents(want), inCents(allowed))
	if !ok {
		return nil, false
	}
	var set []int
	for i, l := range rows {
		if picked&(1<<slices.Index(codes, l.code)) != 0 {
			set = append(set, i)
		}
	}
	return set, true
}

// onlySet finds the one set of taxable rows that comes to a sum: agencies may
// exempt single items.
func onlySet(rows []Line, taxable []int, want, allowed money.Decimal) ([]int, bool) {
	sums := make([]int64, len(taxable))
	for n, i := range taxable {
		sums[n] = inCents(rows[i].Amount.Sub(rows[i].Discount))
	}
	picked, ok := onlySubset(sums, inCents(want), inCents(allowed))
	if !ok {
		return nil, false
	}
	var set []int
	for n, i := range taxable {
		if picked&(1<<n) != 0 {
			set = append(set, i)
		}
	}
	return set, true
}

func inCents(d money.Decimal) int64 { return d.Shift(2).Round(0).IntPart() }

// maxSubset bounds the search: 2^12 sets.
const maxSubset = 12

// onlySubset finds the one choice of values that comes to a sum, as bits. Where
// two choices would do, nobody knows which is right.
func onlySubset(values []int64, want, allowed int64) (bits int, ok bool) {
	if len(values) == 0 || len(values) > maxSubset {
		return 0, false
	}
	sums := make([]int64, 1<<len(values))
	hits := 0
	for mask := 1; mask < len(sums); mask++ {
		rest := mask & (mask - 1) // without the lowest bit
		sums[mask] = sums[rest] + values[mathbits.TrailingZeros(uint(mask))]
		if off := sums[mask] - want; off <= allowed && -off <= allowed {
			bits = mask
			hits++
		}
	}
	return bits, hits == 1
}
