package company

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// trade makes the ordinary documents: a shop's two years.
type trade struct {
	b         *books
	p         *picker
	customers []*customer
	vendors   []*vendor
	items     []*item
	invoices  numbering
	credits   numbering
	checks    numbering
}

func (b *books) trade(customers []*customer, vendors []*vendor, items []*item) *trade {
	return &trade{
		b: b, p: newPicker(b.seed, "trade"), customers: customers, vendors: vendors, items: items,
		invoices: numbering{next: 2000}, credits: numbering{"C-", 100}, checks: numbering{next: 3000},
	}
}

// basket is one to five lines of ordinary goods.
func (t *trade) basket() []line {
	var lines []line
	for range t.p.between(1, 5) {
		lines = append(lines, line{of: pickOf(t.p, t.items), qty: fmt.Sprint(t.p.between(1, 4))})
	}
	if t.p.oneIn(12) {
		lines = append(lines, line{text: "Thank you for shopping with us."})
	}
	if t.p.oneIn(15) {
		lines = append(lines, line{of: t.b.itemNamed(labor), sum: "40"})
	}
	return lines
}

var rates = map[string][2]int64{"EUR": {10700, 11200}, "CAD": {7150, 7450}}

// form is an ordinary sale to somebody.
func (t *trade) form(age int) form {
	f := form{party: pickOf(t.p, t.customers), date: t.b.cal.day(-age), lines: t.basket()}
	if r, foreign := rates[f.party.currency]; foreign {
		f.rate = decimal.New(r[0]+t.p.rng.Int64N(r[1]-r[0]), -4).String()
	}
	switch t.p.below(14) {
	case 0:
		f.percentOff = "5"
	case 1:
		f.percentOff, f.taxFirst = "7.5", true
	case 2:
		f.amountOff = "3.25"
	case 3:
		f.shipping = "8.50"
	}
	return f
}

func (t *trade) invoice(age, due int) *sold {
	f := t.form(age)
	f.number, f.due = t.invoices.draw(), t.b.cal.day(due)
	return t.b.write(f)
}

// pay receives a share of 100 of what is open, some days after the date.
func (t *trade) pay(s *sold, share, after int) {
	sum := percentOf(s.open, whole(share))
	if sum.IsZero() {
		return
	}
	date := plusDays(s.date, after)
	if date > t.b.cal.day(0) {
		date = t.b.cal.day(0)
	}
	t.b.receive(payment{party: s.party, date: date, ref: t.checks.draw(), over: []paid{{of: s, sum: sum.String()}}})
}

// sell makes n invoices in every state.
func (t *trade) sell(n int) {
	for i := range n {
		switch i % 20 {
		case 9: // two payments
			s := t.invoice(t.p.between(60, 600), -t.p.between(1, 30))
			t.pay(s, 40, 10)
			t.pay(s, 100, 25)
		case 10: // paid by a credit
			t.payByCredit(t.invoice(t.p.between(60, 500), -20))
		case 11, 12, 13:
			t.invoice(t.p.between(0, 20), t.p.between(5, 25))
		case 14, 15:
			t.invoice(t.p.between(40, 95), -t.p.between(1, 39))
		case 16:
			t.pay(t.invoice(t.p.between(5, 20), t.p.between(6, 25)), 35, 2)
		case 17:
			t.pay(t.invoice(t.p.between(45, 120), -t.p.between(2, 30)), 60, 8)
		case 18:
			t.special(i)
		case 19: // one payment over two invoices
			f := t.form(t.p.between(30, 400))
			first, second := f, f
			first.number, second.number = t.invoices.draw(), t.invoices.draw()
			second.lines = t.basket()
			a, z := t.b.write(first), t.b.write(second)
			t.b.receive(payment{party: f.party, date: plusDays(f.date, 12), ref: t.checks.draw(), over: []paid{{of: a}, {of: z}}})
		default:
			t.pay(t.invoice(t.p.between(31, 700), -1), 100, t.p.between(3, 28))
		}
	}
}

// special are the rarer states: voided, nothing to pay, a deposit taken.
func (t *trade) special(i int) {
	f := t.form(t.p.between(20, 300))
	f.number = t.invoices.draw()
	switch i / 20 % 3 {
	case 0:
		f.percentOff, f.amountOff, f.shipping = "", "", ""
		t.b.voided(f)
	case 1:
		f.percentOff, f.amountOff, f.shipping, f.taxFirst = "100", "", "", false
		t.b.write(f)
	default:
		f.deposit = "10"
		f.lines = append(f.lines, t.b.one(labor, "3")...)
		t.b.write(f)
	}
}

// payByCredit settles an invoice with a credit memo: the vendor joins the two
// by a payment of nothing.
func (t *trade) payByCredit(s *sold) {
	memo := t.b.write(form{
		entity: "CreditMemo", number: t.credits.draw(), party: s.party, date: plusDays(s.date, 5), rate: rateOf(s),
		lines: []line{{of: t.b.itemNamed(labor), qty: "1", price: s.open.String()}},
	})
	t.b.receive(payment{party: s.party, date: plusDays(s.date, 6), over: []paid{{of: s}, {of: memo}}})
}

func rateOf(s *sold) string {
	if s.party.currency == "USD" {
		return ""
	}
	return s.rate.String()
}

// credit makes n credit memos and as many payments on account that nobody has
// applied to anything.
func (t *trade) credit(n int) {
	for range n {
		f := t.form(t.p.between(3, 90))
		f.entity, f.number = "CreditMemo", t.credits.draw()
		f.percentOff, f.amountOff, f.shipping = "", "", ""
		t.b.write(f)
		party := pickOf(t.p, t.customers)
		if party.currency == "USD" {
			t.b.receive(payment{party: party, date: t.b.cal.day(-t.p.between(1, 60)), ref: t.checks.draw(), total: decimal.New(int64(t.p.between(1000, 40000)), -2).String()})
		}
	}
}

// quote makes n estimates: open, expired, accepted, rejected, invoiced.
func (t *trade) quote(n int) {
	number := numbering{"Q-", 500}
	for i := range n {
		age := t.p.between(5, 300)
		f := t.form(age)
		f.entity, f.number = "Estimate", number.draw()
		f.percentOff, f.amountOff, f.shipping = "", "", ""
		switch i % 5 {
		case 0:
			f.more = object{"ExpirationDate": t.b.cal.day(t.p.between(3, 60))}
		case 1:
			f.more = object{"ExpirationDate": t.b.cal.day(-t.p.between(1, age))}
		case 2:
			f.more = object{"TxnStatus": "Accepted", "AcceptedBy": f.party.name, "AcceptedDate": plusDays(f.date, 3), "ExpirationDate": t.b.cal.day(30)}
		case 3:
			f.more = object{"TxnStatus": "Rejected"}
		}
		s := t.b.write(f)
		if i%5 == 4 {
			f.entity, f.number, f.from, f.more = "Invoice", t.invoices.draw(), s, nil
			f.date = plusDays(f.date, 4)
			t.pay(t.b.write(f), 100, 20)
		}
	}
}

// buyIn makes n purchase orders: open, billed, partly billed, closed by hand.
func (t *trade) buyIn(n int) {
	number := numbering{"P-", 700}
	for i := range n {
		from := pickOf(t.p, t.vendors)
		f := order{number: number.draw(), from: from, date: t.b.cal.day(-t.p.between(2, 400)), closed: i%7 == 6}
		f.due = plusDays(f.date, 21)
		for range t.p.between(1, 4) {
			if it := pickOf(t.p, t.items); !it.cost.IsZero() {
				f.lines = append(f.lines, buy{of: it, qty: fmt.Sprint(t.p.between(4, 24))})
			}
		}
		if len(f.lines) == 0 || t.p.oneIn(9) {
			f.lines = append(f.lines, buy{account: "Nursery Freight", sum: "65", text: "Freight"})
		}
		po := t.b.order(f)
		switch i % 7 {
		case 0, 1, 2:
			t.b.bill(po, plusDays(f.date, 1), 100)
		case 3:
			t.b.bill(po, plusDays(f.date, 1), 50)
		}
	}
}
