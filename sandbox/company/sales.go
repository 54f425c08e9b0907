package company

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// form is a sales form to be written: an estimate, an invoice or a credit memo.
type form struct {
	entity string // default Invoice
	key    string // how other tables of this package call it; default the number
	number string // empty: none
	party  *customer
	date   string
	due    string // invoices: default 30 days
	lines  []line

	percentOff string
	amountOff  string
	taxFirst   bool // the discount comes after the tax
	shipping   string
	rate       string // of a foreign customer
	deposit    string
	from       *sold // the estimate it was made from
	more       object
}

// line is one line of a sales form. Without an item it is text.
type line struct {
	of    *item
	qty   string // empty: the amount alone
	price string // default the item's
	sum   string // with no quantity
	text  string
	free  bool // not taxed although the item is
}

// sold is a form that is in the books.
type sold struct {
	entity, id, number string
	party              *customer
	date, due          string
	total, tax         decimal.Decimal
	open               decimal.Decimal // what is left to be paid or to be applied
	rate               decimal.Decimal
}

// basket adds up the lines of a form.
type basket struct {
	lines           []any
	net, taxed      decimal.Decimal
	discount, extra decimal.Decimal // extra is shipping
}

// write queues a form and works out, independently of the sandbox, what it
// comes to: payments are made out over these sums, and the tests compare both.
func (b *books) write(f form) *sold {
	if f.entity == "" {
		f.entity = "Invoice"
	}
	if f.key == "" {
		f.key = f.number
	}
	s := &sold{entity: f.entity, id: b.txnID(), number: f.number, party: f.party, date: f.date, due: f.due, rate: decimal.NewFromInt(1)}
	bk := b.addUp(f)
	s.tax = b.taxOn(bk, f.taxFirst)
	s.total = bk.net.Sub(bk.discount).Add(bk.extra).Add(s.tax)
	s.open = s.total
	b.queueForm(f, s, bk)
	if f.entity == "Invoice" {
		b.remember(b.invoices, f.key, s)
	}
	if f.entity == "Estimate" {
		b.remember(b.estimates, f.key, s)
	}
	return s
}

func (b *books) remember(in map[string]*sold, key string, s *sold) {
	if key == "" {
		return
	}
	if in[key] != nil {
		b.fail("two documents are called %q", key)
	}
	in[key] = s
}

func (b *books) addUp(f form) *basket {
	bk := &basket{}
	for _, l := range f.lines {
		switch {
		case l.of == nil:
			bk.lines = append(bk.lines, object{"DetailType": "DescriptionOnly", "Description": l.text, "DescriptionLineDetail": object{}})
		case l.of.kind == "Group":
			b.bundleLine(bk, f, l)
		default:
			o, amount, taxed := itemLine(f, l)
			bk.lines = append(bk.lines, o)
			bk.net = bk.net.Add(amount)
			if taxed {
				bk.taxed = bk.taxed.Add(amount)
			}
		}
	}
	b.discountLine(bk, f)
	if f.shipping != "" {
		bk.extra = dec(f.shipping)
		bk.lines = append(bk.lines, object{
			"Amount": num(bk.extra), "DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": object{"ItemRef": ref("SHIPPING_ITEM_ID"), "TaxCodeRef": ref("NON")},
		})
	}
	return bk
}

func itemLine(f form, l line) (o object, amount decimal.Decimal, taxed bool) {
	detail := object{"ItemRef": ref(l.of.id)}
	if l.qty == "" {
		amount = dec(l.sum)
	} else {
		price := l.of.price
		if l.price != "" {
			price = dec(l.price)
		}
		qty := dec(l.qty)
		amount = cents(qty.Mul(price))
		detail["Qty"], detail["UnitPrice"] = num(qty), num(price)
	}
	taxed = l.of.taxable && f.party.taxable && !l.free && f.party.currency == "USD"
	detail["TaxCodeRef"] = ref("NON")
	if taxed {
		detail["TaxCodeRef"] = ref("TAX")
	}
	o = object{"Amount": num(amount), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
	if l.text != "" {
		o["Description"] = l.text
	}
	return o, amount, taxed
}

// bundleLine expands a bundle into its parts; the sum belongs to the group line.
func (b *books) bundleLine(bk *basket, f form, l line) {
	times := dec(l.qty)
	var inner []any
	sum := decimal.Zero
	for _, p := range l.of.parts {
		o, amount, taxed := itemLine(f, line{of: p.of, qty: p.qty.Mul(times).String()})
		inner = append(inner, o)
		sum = sum.Add(amount)
		if taxed {
			bk.taxed = bk.taxed.Add(amount)
		}
	}
	bk.net = bk.net.Add(sum)
	bk.lines = append(bk.lines, object{
		"Amount": num(sum), "Description": l.text, "DetailType": "GroupLineDetail",
		"GroupLineDetail": object{"GroupItemRef": ref(l.of.id), "Quantity": num(times), "Line": inner},
	})
}

func (b *books) discountLine(bk *basket, f form) {
	switch {
	case f.percentOff != "":
		bk.discount = percentOf(bk.net, dec(f.percentOff))
		bk.lines = append(bk.lines, object{
			"Amount": num(bk.discount), "DetailType": "DiscountLineDetail",
			"DiscountLineDetail": object{"PercentBased": true, "DiscountPercent": num(dec(f.percentOff))},
		})
	case f.amountOff != "":
		bk.discount = dec(f.amountOff)
		bk.lines = append(bk.lines, object{
			"Amount": num(bk.discount), "DetailType": "DiscountLineDetail", "DiscountLineDetail": object{"PercentBased": false},
		})
	}
}

// taxOn rounds each agency's tax by itself, on the whole document.
func (b *books) taxOn(bk *basket, taxFirst bool) decimal.Decimal {
	base := bk.taxed
	if !taxFirst && !bk.discount.IsZero() && !bk.net.IsZero() {
		base = base.Sub(cents(bk.discount.Mul(base).Div(bk.net)))
	}
	tax := decimal.Zero
	for _, r := range b.rates {
		tax = tax.Add(percentOf(base, r))
	}
	return tax
}

func (b *books) queueForm(f form, s *sold, bk *basket) {
	o := object{"Id": s.id, "CustomerRef": ref(f.party.id), "TxnDate": f.date, "Line": bk.lines, "ApplyTaxAfterDiscount": !f.taxFirst}
	if f.number != "" {
		o["DocNumber"] = f.number
	}
	if !bk.taxed.IsZero() {
		o["TxnTaxDetail"] = object{"TxnTaxCodeRef": ref(b.taxCode)}
	}
	if f.entity == "Invoice" {
		if s.due == "" {
			s.due = plusDays(f.date, 30)
		}
		o["DueDate"] = s.due
	}
	if f.party.mail != "" && len(f.party.mail) < 60 {
		o["BillEmail"] = object{"Address": f.party.mail}
	}
	if f.party.currency != b.home {
		s.rate = dec(f.rate)
		o["CurrencyRef"], o["ExchangeRate"] = ref(f.party.currency), num(s.rate)
	}
	if f.deposit != "" {
		o["Deposit"] = num(dec(f.deposit))
		s.open = s.open.Sub(dec(f.deposit))
	}
	if f.from != nil {
		o["LinkedTxn"] = []any{object{"TxnId": f.from.id, "TxnType": "Estimate"}}
	}
	b.add(f.entity, f.date, with(o, f.more))
}

// voided queues an invoice that was voided: it stays, with nothing in it.
func (b *books) voided(f form) *sold {
	for i := range f.lines {
		f.lines[i].qty, f.lines[i].price = "0", "0"
	}
	f.more = with(object{"PrivateNote": "Voided"}, f.more)
	return b.write(f)
}

// payment is money received, over any number of invoices.
type payment struct {
	party *customer
	date  string
	ref   string // check number
	over  []paid
	total string // more than what is applied: the rest stays unapplied
}

type paid struct {
	of  *sold
	sum string // empty: all that is open
}

// receive queues a payment and returns its id.
func (b *books) receive(p payment) string {
	id := b.txnID()
	var lines []any
	used := decimal.Zero
	for _, part := range p.over {
		sum := part.of.open
		if part.sum != "" {
			sum = dec(part.sum)
		}
		if sum.GreaterThan(part.of.open) {
			b.fail("%s %s is paid %s and owes %s", part.of.entity, part.of.number, sum, part.of.open)
		}
		part.of.open = part.of.open.Sub(sum)
		if part.of.entity == "CreditMemo" {
			used = used.Sub(sum)
		} else {
			used = used.Add(sum)
		}
		lines = append(lines, object{"Amount": num(sum), "LinkedTxn": []any{object{"TxnId": part.of.id, "TxnType": part.of.entity}}})
	}
	total := used
	if p.total != "" {
		total = dec(p.total)
	}
	o := object{"Id": id, "CustomerRef": ref(p.party.id), "TxnDate": p.date, "TotalAmt": num(total)}
	if lines != nil {
		o["Line"] = lines
	}
	if p.ref != "" {
		o["PaymentRefNum"] = p.ref
	}
	if p.party.currency != b.home {
		rate := decimal.NewFromInt(1)
		if len(p.over) > 0 {
			rate = p.over[0].of.rate
		}
		o["CurrencyRef"], o["ExchangeRate"] = ref(p.party.currency), num(rate)
	}
	b.add("Payment", p.date, o)
	return id
}

// number is the next ordinary document number of a series.
type numbering struct {
	prefix string
	next   int
}

func (n *numbering) draw() string {
	n.next++
	return fmt.Sprintf("%s%d", n.prefix, n.next)
}
