package document

import (
	"fmt"
	"slices"
	"strings"

	"crossbook"
	"crossbook/money"
)

// collect reads QuickBooks' lines into rows, shipping and discount. Every line
// ends up somewhere: as a row, in a row's description, in the shipping, in the
// discount; only subtotals, which QuickBooks generates, make no row.
func (p *projection) collect() {
	c := collector{p: p}
	for _, l := range p.data.list("Line") {
		c.line(l)
	}
	c.unlisted()
	c.flush()
	if len(p.out.Lines) == 0 {
		// The CRM refuses a document without rows (reference/zoho-crm.md section 7.4).
		c.add(Line{ProductID: p.placeholder(), Quantity: one})
	}
	for i := range p.out.Lines {
		l := &p.out.Lines[i]
		l.Description = p.cut(LineDescription, l.Description)
	}
}

var one = money.MustParse("1")

// collector joins text lines to their neighbours on the way.
type collector struct {
	p *projection
	// text waits for the row below it: leading text, and the text of a bundle.
	text []string
	// subtotals are what QuickBooks says its lines come to.
	subtotals []money.Decimal
}

func (c *collector) line(l raw) {
	switch kind := l.text("DetailType"); kind {
	case "SubTotalLineDetail":
		c.subtotals = append(c.subtotals, l.amount("Amount"))
	case "DescriptionOnly":
		if amount := l.amount("Amount"); !amount.IsZero() {
			c.row(l, kind) // an inline subtotal has none; what counts is never dropped (P19)
			return
		}
		c.say(l.text("Description"))
	case "DiscountLineDetail":
		c.p.discount = c.p.discount.Add(l.amount("Amount"))
	case "GroupLineDetail":
		c.group(l)
	default:
		c.row(l, kind)
	}
}

// say keeps a text line: with the row above, or the one below (P19).
func (c *collector) say(text string) {
	text = strings.TrimSpace(text)
	switch rows := c.p.out.Lines; {
	case text == "":
	case len(rows) > 0 && len(c.text) == 0:
		last := &rows[len(rows)-1]
		last.Description = joinLines(last.Description, text)
	default:
		c.text = append(c.text, text)
	}
}

// group expands a bundle: its parts are the rows and carry the amounts, its own
// text stands above them (R81).
func (c *collector) group(l raw) {
	parts := l.list("GroupLineDetail.Line")
	if len(parts) == 0 {
		c.row(l, "GroupLineDetail")
		return
	}
	if text := strings.TrimSpace(l.text("Description")); text != "" {
		c.text = append(c.text, text)
	}
	for _, part := range parts {
		c.line(part)
	}
}

// row reads a line with an amount.
func (c *collector) row(l raw, kind string) {
	amount := l.amount("Amount")
	item := l.text(kind + ".ItemRef.value")
	out := Line{
		Description: strings.TrimSpace(l.text("Description")), Amount: amount,
		code: l.text(kind + ".TaxCodeRef.value"),
	}
	switch {
	case item != "" && !isID(item):
		// SHIPPING_ITEM_ID and its like name charges that are no items (P17).
		c.p.shipping = c.p.shipping.Add(amount)
		return
	case item != "":
		out.ProductID = c.p.product(item)
	case amount.IsZero():
		c.say(out.Description)
		return
	default:
		out.ProductID = c.p.placeholder()
		out.Description = named(out.Description, c.p.account(l, kind))
	}
	c.p.price(&out, l, kind)
	c.add(out)
}

// add appends a row, with the text that stood above it.
func (c *collector) add(l Line) {
	for i := len(c.text) - 1; i >= 0; i-- {
		l.Description = joinLines(c.text[i], l.Description)
	}
	c.text = nil
	c.p.out.Lines = append(c.p.out.Lines, l)
}

// unlisted gives a row to what QuickBooks counts in its subtotal without listing
// it: statement charges and the like stand among the linked transactions only
// (reference/quickbooks-online.md section 4.7).
func (c *collector) unlisted() {
	if len(c.subtotals) != 1 {
		return
	}
	left := c.subtotals[0].Sub(c.p.amounts())
	if left.IsZero() || left.Equal(c.p.shipping) {
		return
	}
	var names []string
	for _, link := range c.p.data.list("LinkedTxn") {
		if name := unlistedNames[link.text("TxnType")]; name != "" {
			names = append(names, name)
		}
	}
	description := strings.Join(slices.Compact(names), ", ")
	if description == "" {
		description = "Not among the lines QuickBooks gives"
	}
	c.add(Line{ProductID: c.p.placeholder(), Description: description, Quantity: one, ListPrice: left, Amount: left})
}

var unlistedNames = map[string]string{
	"StatementCharge": "Statement charge", "ReimburseCharge": "Billable expense", "ChargeCredit": "Charge credit", "TimeActivity": "Time",
}

// flush gives text that found no row below to the last one above.
func (c *collector) flush() {
	rows := c.p.out.Lines
	if len(c.text) == 0 || len(rows) == 0 {
		return
	}
	last := &rows[len(rows)-1]
	for _, t := range c.text {
		last.Description = joinLines(last.Description, t)
	}
	c.text = nil
}

// isID tells an id, a string of digits, from the names of built-in items.
func isID(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func joinLines(above, below string) string {
	if above == "" || below == "" {
		return above + below
	}
	return above + "\n" + below
}

// named puts an account's name into a description (P19).
func named(description, account string) string {
	switch {
	case account == "":
		return description
	case description == "":
		return account
	default:
		return fmt.Sprintf("%s (%s)", description, account)
	}
}

// product is the CRM id of an item's product; one that is not linked yet is
// noted as missing.
func (p *projection) product(item string) string {
	if p.in.Item != nil {
		if product, ok := p.in.Item(item); ok {
			return product.ID
		}
	}
	ref := crossbook.BooksRef(crossbook.Item, item)
	for _, m := range p.out.Missing {
		if m == ref {
			return ""
		}
	}
	p.out.Missing = append(p.out.Missing, ref)
	return ""
}

func (p *projection) placeholder() string {
	p.needsPlaceholder = true
	return p.in.Placeholder
}

// account is the name of the account a line without item is booked on.
func (p *projection) account(l raw, kind string) string {
	for _, key := range []string{".AccountRef", ".ItemAccountRef"} {
		if name := l.text(kind + key + ".name"); name != "" {
			return name
		}
		if id := l.text(kind + key + ".value"); id != "" && p.in.AccountName != nil {
			return p.in.AccountName(id)
		}
	}
	return ""
}

// price chooses quantity and list price so that the CRM's total is QuickBooks'
// amount. The quantity stays true; without one it is 1 (R82). A price the CRM
// cannot keep leaves a difference, and the document is marked (P22).
func (p *projection) price(out *Line, l raw, kind string) {
	places := p.in.PriceDecimals
	quantity, hasQuantity := l.number(kind + ".Qty")
	unit, hasUnit := l.number(kind + ".UnitPrice")
	if !hasQuantity || quantity.IsZero() && !out.Amount.IsZero() {
		out.Quantity, out.ListPrice = one, out.Amount
		return
	}
	out.Quantity = quantity
	if hasUnit {
		out.ListPrice = money.Round(unit, places)
		if money.Times(quantity, unit).Equal(out.Amount) {
			if !money.Times(quantity, out.ListPrice).Equal(out.Amount) {
				p.mark(MarkPrice)
			}
			return
		}
	}
	// No price, or one that does not come to the amount (a discount of the line's
	// own): the price that does.
	if derived, err := money.Quotient(out.Amount, quantity, places); err == nil {
		out.ListPrice = derived
	}
	if !money.Times(quantity, out.ListPrice).Equal(out.Amount) {
		p.mark(MarkPrice)
	}
}
