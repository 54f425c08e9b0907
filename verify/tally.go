package verify

import (
	"cmp"
	"slices"
	"time"

	"crossbook"
)

// tally gathers the report.
type tally struct {
	r       Report
	limit   int
	open    []Finding
	known   []Finding // explained ones
	modules map[crossbook.Module]*ModuleCount
	totals  map[string]*CurrencyTotal
	bridges map[string]*Bridge
}

func newTally(connection string, asOf time.Time, limit int) *tally {
	t := &tally{
		limit: limit, modules: map[crossbook.Module]*ModuleCount{}, totals: map[string]*CurrencyTotal{}, bridges: map[string]*Bridge{},
	}
	t.r.Connection, t.r.AsOf, t.r.LeftOutFor = connection, asOf, map[string]int{}
	for _, m := range append(crossbook.Modules(), crossbook.Deals) {
		t.modules[m] = &ModuleCount{Module: m}
	}
	return t
}

// there counts a record of one side.
func (t *tally) there(m crossbook.Module, s crossbook.Side) {
	if s == crossbook.CRM {
		t.modules[m].InCRM++
	} else {
		t.modules[m].InBooks++
	}
}

// add counts a verdict.
func (t *tally) add(d verdict) {
	c := t.modules[d.unit.module]
	c.Records++
	if d.unit.link.ID != "" {
		c.Linked++
	}
	switch d.state {
	case agrees:
		c.Agree++
	case leftOut:
		c.LeftOut++
		t.r.LeftOutFor[d.reason]++
	case explained:
		c.Explained++
	case open:
		c.Unexplained++
	}
	for _, f := range d.findings {
		t.list(f)
	}
}

// list takes a finding into the report.
func (t *tally) list(f Finding) {
	list := &t.open
	if f.Explained {
		list = &t.known
	}
	if len(*list) < t.limit {
		*list = append(*list, f)
	} else {
		t.r.NotListed++
	}
}

func (t *tally) total(m crossbook.Module, currency string) *CurrencyTotal {
	key := string(m) + " " + currency
	if t.totals[key] == nil {
		t.totals[key] = &CurrencyTotal{Module: m, Currency: currency}
	}
	return t.totals[key]
}

func (t *tally) bridgeIn(currency string) *Bridge {
	if t.bridges[currency] == nil {
		t.bridges[currency] = &Bridge{Currency: currency}
	}
	return t.bridges[currency]
}

// report finishes the report: everything in one order, whatever came first.
func (t *tally) report(zone *time.Location) Report {
	r := t.r
	for _, m := range append(crossbook.Modules(), crossbook.Deals) {
		c := *t.modules[m]
		if m == crossbook.Deals && c.Records == 0 {
			continue // no Deal shows or should show figures
		}
		r.Modules = append(r.Modules, c)
		r.Records += c.Records
		r.Agree += c.Agree
		r.LeftOut += c.LeftOut
		r.Explained += c.Explained
		r.Unexplained += c.Unexplained
	}
	for _, c := range t.totals {
		r.Totals = append(r.Totals, *c)
	}
	order := func(m crossbook.Module) int { return slices.Index(crossbook.Modules(), m) }
	slices.SortFunc(r.Totals, func(a, b CurrencyTotal) int {
		return cmp.Or(cmp.Compare(order(a.Module), order(b.Module)), cmp.Compare(a.Currency, b.Currency))
	})
	for _, b := range t.bridges {
		b.Receivables = b.OpenInvoices.Sub(b.CreditsNotApplied).Sub(b.PaymentsNotApplied)
		b.Other = b.CustomerBalances.Sub(b.Receivables)
		r.Bridge = append(r.Bridge, *b)
	}
	slices.SortFunc(r.Bridge, func(a, b Bridge) int { return cmp.Compare(a.Currency, b.Currency) })
	for _, list := range [][]Finding{t.open, t.known} {
		slices.SortStableFunc(list, func(a, b Finding) int {
			return cmp.Or(
				cmp.Compare(order(a.Module), order(b.Module)),
				byNumber(a.Books.ID, b.Books.ID), byNumber(a.CRM.ID, b.CRM.ID), cmp.Compare(a.Field, b.Field),
			)
		})
		r.Findings = append(r.Findings, list...)
	}
	r.Sentence = r.sentence(zone)
	return r
}
