package engine

import (
	"cmp"

	"crossbook"
	"crossbook/problem"
)

// currencyOf checks a linked pair: both records must be in one currency
// (R96); it is checked only where both carry one (R130).
func (d *decider) currencyOf(p pair) *crossbook.Problem {
	if p.link.Module == crossbook.Products {
		return d.productCurrency(p.crm, p.name)
	}
	crm, books := text(p.crm.Data["Currency"]), refValue(p.books.Data, "CurrencyRef")
	if crm == "" || books == "" || crm == books {
		return nil
	}
	fault := problem.Currency(problem.PartyInOther, crm, books, d.about(p.link.Module, p.link.Entity, p.name))
	return &fault
}

// productCurrency checks that a product is priced in home currency (R99).
func (d *decider) productCurrency(crm *crossbook.Record, name string) *crossbook.Problem {
	code := text(crm.Data["Currency"])
	if code == "" || code == d.t.conn.HomeCurrency {
		return nil
	}
	fault := problem.Currency(problem.ProductForeign, code, d.t.conn.HomeCurrency, d.about(crossbook.Products, crossbook.Item, name))
	return &fault
}

// currencyIntoCRM checks that the CRM has the currency of a record that is to
// be created there (R15).
func (d *decider) currencyIntoCRM(m crossbook.Module, rec *crossbook.Record, name string) *crossbook.Problem {
	code := refValue(rec.Data, "CurrencyRef")
	if code == "" || code == d.t.conn.HomeCurrency || m == crossbook.Vendors {
		return nil
	}
	for _, c := range d.t.facts.currencies {
		if c == code {
			return nil
		}
	}
	fault := problem.Currency(problem.NotInCRM, "", code, d.about(m, rec.Entity(), name))
	return &fault
}

// currencyIntoBooks checks a CRM record that is to be created in QuickBooks:
// only codes active there are sent, and a foreign one waits for a person's
// yes, because it cannot be changed later (P9).
func (d *decider) currencyIntoBooks(m crossbook.Module, rec *crossbook.Record, name string) *crossbook.Problem {
	if m == crossbook.Products {
		return d.productCurrency(rec, name)
	}
	code := cmp.Or(text(rec.Data["Currency"]), d.t.conn.HomeCurrency)
	if code == d.t.conn.HomeCurrency {
		return nil
	}
	about := d.about(m, m.Entity(), name)
	if !d.t.facts.company.MultiCurrency || !d.activeInBooks(code) {
		fault := problem.Currency(problem.PartyInOther, code, d.t.conn.HomeCurrency, about)
		return &fault
	}
	wait := problem.WaitingForCurrency(code, about)
	return &wait
}

// activeInBooks tells whether a currency is on the QuickBooks company's list
// and active.
func (d *decider) activeInBooks(code string) bool {
	active := false
	d.w.walk(crossbook.CompanyCurrency, func(r crossbook.Record) {
		active = active || text(r.Data["Code"]) == code && text(r.Data["Active"]) != "false"
	})
	return active
}
