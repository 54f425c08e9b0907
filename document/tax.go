package document

import (
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
// the rows' tax codes say comes first; QuickBooks itself is not always true to
// them, so that the amount decides.
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
	for _, set := range [][]int{byCode, taxable, all} {
		if len(set) > 0 && (!t.hasNet || p.adds(rows, set, t.net)) {
			return set, true
		}
	}
	if !t.hasNet {
		return nil, false
	}
	if set, ok := p.codesOf(rows, t.net); ok {
		return set, true
	}
	return p.onlySet(rows, taxable, t.net)
}

// adds tells whether rows come to a sum after their discount; where a discount
// is shared out, or net amounts are taken from gross ones, each row may be a
// cent off.
func (p *projection) adds(rows []Line, set []int, want money.Decimal) bool {
	sum, allowed := money.Zero, money.Zero
	inclusive := p.data.text("GlobalTaxCalculation") == "TaxInclusive"
	for _, i := range set {
		sum = sum.Add(rows[i].Amount).Sub(rows[i].Discount)
		if inclusive || !rows[i].Discount.IsZero() {
			allowed = allowed.Add(cent)
		}
	}
	return money.Within(sum, want, allowed)
}

// codesOf finds the tax codes whose rows together come to a sum.
func (p *projection) codesOf(rows []Line, want money.Decimal) ([]int, bool) {
	var codes []string
	for _, l := range rows {
		if !slices.Contains(codes, l.code) {
			codes = append(codes, l.code)
		}
	}
	return subset(len(codes), func(pick func(int) bool) ([]int, bool) {
		var set []int
		for i, l := range rows {
			if pick(slices.Index(codes, l.code)) {
				set = append(set, i)
			}
		}
		return set, p.adds(rows, set, want)
	})
}

// onlySet finds the one set of taxable rows that comes to a sum: agencies may
// exempt single items. Where two sets would do, nobody knows which is right.
func (p *projection) onlySet(rows []Line, taxable []int, want money.Decimal) ([]int, bool) {
	return subset(len(taxable), func(pick func(int) bool) ([]int, bool) {
		var set []int
		for n, i := range taxable {
			if pick(n) {
				set = append(set, i)
			}
		}
		return set, p.adds(rows, set, want)
	})
}

// maxSubset bounds the search: 2^12 sets.
const maxSubset = 12

// subset tries every choice of n things and returns the only one that fits.
func subset(n int, try func(pick func(int) bool) ([]int, bool)) ([]int, bool) {
	if n == 0 || n > maxSubset {
		return nil, false
	}
	var found []int
	hits := 0
	for mask := 1; mask < 1<<n; mask++ {
		if set, ok := try(func(i int) bool { return mask&(1<<i) != 0 }); ok {
			found = set
			hits++
		}
	}
	return found, hits == 1
}
