package qbobox

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// move is a change of one item's quantity. What it is worth is found by first
// in, first out (reference section 4.12), so that a late bill changes the cost
// of what was sold meanwhile.
type move struct {
	Item   string          `json:"item"`
	Qty    decimal.Decimal `json:"qty"`
	Unit   decimal.Decimal `json:"unit"`             // a price for pieces that no purchase explains
	Booked decimal.Decimal `json:"booked"`           // what the lines already put on the asset account
	Priced bool            `json:"priced,omitempty"` // Booked or Unit is what the pieces cost
	Asset  string          `json:"asset"`
	Contra string          `json:"contra"`
	value  decimal.Decimal // by how much the stock's worth changed
}

// postings bring the asset account to the stock's worth.
func (m *move) postings() []posting {
	d := m.value.Sub(m.Booked)
	if d.IsZero() {
		return nil
	}
	return []posting{{Account: m.Asset, Amount: d, Item: m.Item}, {Account: m.Contra, Amount: d.Neg(), Item: m.Item}}
}

// goods is a move with the entry it stands in.
type goods struct {
	entry *entry
	move  *move
}

func (g goods) compare(h goods) int {
	return cmp.Or(cmp.Compare(g.entry.Date, h.entry.Date), cmp.Compare(g.entry.Seq, h.entry.Seq))
}

// layer is what is left of one delivery; a negative one was sold before it came.
type layer struct{ qty, value decimal.Decimal }

// mark is the state of a card after some of its moves, kept now and then so
// that an older date does not count everything anew.
type mark struct {
	layers  []layer
	last    decimal.Decimal
	counted int
}

const marksEvery = 100

// card is the stock of one item: its moves in order of their dates, and what
// is left after the first of them that were counted.
type card struct {
	mark
	moves []goods
	marks []mark
	loose bool // filled by a load: moves are out of order and not counted
}

// rewind forgets what was counted from one move on.
func (c *card) rewind(to int) {
	if to >= c.counted {
		return
	}
	for len(c.marks) > 0 && c.marks[len(c.marks)-1].counted > to {
		c.marks = c.marks[:len(c.marks)-1]
	}
	c.mark = mark{}
	if n := len(c.marks); n > 0 {
		c.mark = c.marks[n-1]
		c.layers = slices.Clone(c.layers)
	}
}

func (b *Box) card(item string) *card {
	c := b.ledger.cards[item]
	if c == nil {
		c = &card{}
		b.ledger.cards[item] = c
	}
	return c
}

// restock puts the moves of a new entry in the place of an old one's. What
// that changes in the cost of other transactions is handed to ch.
func (b *Box) restock(old, e *entry, ch *changes) {
	touched := map[string]*card{}
	if old != nil {
		for _, m := range old.Moves {
			if touched[m.Item] != nil {
				continue
			}
			c := b.card(m.Item)
			touched[m.Item] = c
			ours := func(g goods) bool { return g.entry == old }
			c.rewind(slices.IndexFunc(c.moves, ours))
			c.moves = slices.DeleteFunc(c.moves, ours)
		}
	}
	if e != nil {
		for _, m := range e.Moves {
			c := b.card(m.Item)
			touched[m.Item] = c
			c.insert(goods{e, m}, b.ledger.bulk)
		}
	}
	for _, c := range touched {
		if c.loose {
			continue
		}
		c.count(func(g goods, before []posting) {
			if g.entry != e { // the entry's own postings are counted as a whole
				ch.take(before, -1)
				ch.take(g.move.postings(), 1)
			}
		})
	}
}

func (c *card) insert(g goods, loose bool) {
	at := len(c.moves)
	for !loose && at > 0 && c.moves[at-1].compare(g) > 0 {
		at--
	}
	c.loose = c.loose || loose
	c.rewind(at)
	c.moves = slices.Insert(c.moves, at, g)
}

// bulkGoods holds back the counting of goods while many documents are loaded,
// and finds all their costs at the end.
func (b *Box) bulkGoods(on bool) {
	b.ledger.bulk = on
	if on {
		return
	}
	ch := newChanges()
	for _, c := range b.ledger.cards {
		if !c.loose {
			continue
		}
		c.loose = false
		slices.SortStableFunc(c.moves, goods.compare)
		c.mark, c.marks = mark{}, nil
		c.count(func(g goods, before []posting) {
			ch.take(before, -1)
			ch.take(g.move.postings(), 1)
		})
	}
	b.ledger.sum(ch)
	b.bookAll(ch)
}

// count finds the worth of the moves that are not counted yet.
func (c *card) count(changed func(g goods, before []posting)) {
	for c.counted < len(c.moves) {
		g := c.moves[c.counted]
		before, was := g.move.postings(), g.move.value
		g.move.value = c.apply(g.move)
		if changed != nil && !g.move.value.Equal(was) {
			changed(g, before)
		}
		c.counted++
		if c.counted%marksEvery == 0 {
			m := c.mark
			m.layers = slices.Clone(m.layers)
			c.marks = append(c.marks, m)
		}
	}
}

// apply takes one move into the layers and returns what it is worth.
func (c *card) apply(m *move) decimal.Decimal {
	unit := m.Unit
	if !m.Priced && !c.last.IsZero() {
		unit = c.last
	}
	worth := cents(m.Qty.Mul(unit))
	if m.Priced && !m.Booked.IsZero() {
		worth = m.Booked
	}
	if m.Priced && m.Qty.IsPositive() {
		c.last = worth.Div(m.Qty)
	}
	left, leftWorth, value := m.Qty, worth, decimal.Zero
	for len(c.layers) > 0 && !left.IsZero() && c.layers[0].qty.Sign() != left.Sign() {
		l := &c.layers[0]
		if l.qty.Abs().LessThanOrEqual(left.Abs()) { // the layer is used up
			leftWorth = leftWorth.Add(cents(worth.Mul(l.qty).Div(m.Qty)))
			value, left = value.Sub(l.value), left.Add(l.qty)
			c.layers = c.layers[1:]
			continue
		}
		part := cents(l.value.Mul(left.Neg()).Div(l.qty))
		l.qty, l.value = l.qty.Add(left), l.value.Sub(part)
		value, left = value.Sub(part), decimal.Zero
	}
	if left.IsZero() {
		return value
	}
	c.layers = append(c.layers, layer{left, leftWorth})
	return value.Add(leftWorth)
}
