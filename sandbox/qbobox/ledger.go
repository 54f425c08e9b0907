package qbobox

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// posting is one line of the journal, in home currency; debits are positive,
// as the vendor's account balances are (recorded: payables read negative).
type posting struct {
	Account    string          `json:"a"`
	Amount     decimal.Decimal `json:"d"`
	Owed       decimal.Decimal `json:"o"` // in the party's currency; on receivable and payable accounts only
	Party      string          `json:"p,omitempty"`
	Item       string          `json:"i,omitempty"`
	Qty        decimal.Decimal `json:"q"` // pieces sold, on income lines
	Class      string          `json:"c,omitempty"`
	Department string          `json:"t,omitempty"`
	Settles    string          `json:"s,omitempty"` // payments: the document this part was for
}

// entry is what one transaction does to the books: the postings that follow
// from its lines, and the goods it moves, whose cost the stock cards find.
type entry struct {
	Key   string    `json:"key"` // the handle of the transaction, or of a list record with a suffix
	Date  string    `json:"date"`
	Due   string    `json:"due,omitempty"`
	Who   string    `json:"who,omitempty"` // the party of the whole transaction
	Seq   int64     `json:"seq"`           // in the order in which transactions were first posted
	Lines []posting `json:"lines"`
	Moves []*move   `json:"moves,omitempty"`
}

// all yields the postings of the lines and of the moved goods.
func (e *entry) all() []posting {
	if e == nil {
		return nil
	}
	out := slices.Clone(e.Lines)
	for _, m := range e.Moves {
		out = append(out, m.postings()...)
	}
	return out
}

// source is the handle of the transaction an entry belongs to.
func (e *entry) source() string {
	h, _, _ := strings.Cut(e.Key, "#")
	return h
}

// ledger is the journal of the company with the sums that writes need at hand.
type ledger struct {
	entries map[string]*entry
	totals  map[string]decimal.Decimal // account id: sum of its postings
	owed    map[string]decimal.Decimal // party handle: sum in its currency, debits positive
	cards   map[string]*card           // item id: its stock
	dirty   map[string]bool            // keys to be saved
	bulk    bool                       // many documents are being loaded
}

func newLedger() ledger {
	return ledger{
		entries: map[string]*entry{}, totals: map[string]decimal.Decimal{}, owed: map[string]decimal.Decimal{},
		cards: map[string]*card{}, dirty: map[string]bool{},
	}
}

// opening is the entry that carries what a loaded company had before the
// documents the box knows.
const opening = "Opening:0"

// changes collects what a posting moved, so that each account, party and item
// is written once.
type changes struct {
	accounts map[string]decimal.Decimal
	parties  map[string]decimal.Decimal
	stock    map[string]decimal.Decimal
}

func newChanges() *changes {
	return &changes{map[string]decimal.Decimal{}, map[string]decimal.Decimal{}, map[string]decimal.Decimal{}}
}

func (c *changes) take(lines []posting, sign int64) {
	s := decimal.NewFromInt(sign)
	for _, p := range lines {
		add(c.accounts, p.Account, p.Amount.Mul(s))
		if p.Party != "" {
			add(c.parties, p.Party, p.Owed.Mul(s))
		}
	}
}

// enter replaces the entry of a transaction; nil or an empty one removes it.
// It returns what that changed, the costs of other transactions included.
func (b *Box) enter(key string, e *entry) *changes {
	l := &b.ledger
	ch := newChanges()
	old := l.entries[key]
	ch.take(old.all(), -1)
	if old != nil {
		for _, m := range old.Moves {
			add(ch.stock, m.Item, m.Qty.Neg())
		}
	}
	if e != nil && len(e.Lines)+len(e.Moves) == 0 {
		e = nil
	}
	if old == nil && e == nil {
		return ch
	}
	if e != nil {
		e.Key = key
		if old != nil {
			e.Seq = old.Seq
		} else {
			b.seq["journal"]++
			e.Seq = b.seq["journal"]
		}
		for _, m := range e.Moves {
			add(ch.stock, m.Item, m.Qty)
		}
	}
	b.restock(old, e, ch)
	if e == nil {
		delete(l.entries, key)
	} else {
		l.entries[key] = e
	}
	ch.take(e.all(), 1)
	l.dirty[key] = true
	l.sum(ch)
	return ch
}

// sum carries changes into the totals.
func (l *ledger) sum(ch *changes) {
	for id, d := range ch.accounts {
		l.totals[id] = l.totals[id].Add(d)
	}
	for h, d := range ch.parties {
		l.owed[h] = l.owed[h].Add(d)
	}
}

// bookAll writes the account balances that a posting moved.
func (b *Box) bookAll(ch *changes) {
	for _, id := range slices.Sorted(maps.Keys(ch.accounts)) {
		b.book(id, ch.accounts[id])
	}
}

// enterAndCarry enters a transaction and carries the change into accounts, parties and
// stock. touch names parties whose time moves although they owe the same.
func (b *Box) enterAndCarry(key string, e *entry, bump bool, touch []string) {
	ch := b.enter(key, e)
	for _, h := range touch {
		add(ch.parties, h, decimal.Zero)
	}
	for _, h := range slices.Sorted(maps.Keys(ch.parties)) {
		d := ch.parties[h]
		if d.IsZero() && !slices.Contains(touch, h) {
			continue
		}
		kind, id := splitHandle(h)
		if kind == "Vendor" {
			d = d.Neg()
		}
		b.owe(kind, id, d, bump)
	}
	for _, id := range slices.Sorted(maps.Keys(ch.stock)) {
		if !ch.stock[id].IsZero() {
			b.moveQty(id, ch.stock[id], bump)
		}
	}
	b.bookAll(ch)
}

// profitTypes are the accounts whose balances the vendor shows as nothing
// (recorded): their sums stand in the reports.
var profitTypes = map[string]bool{
	"Income": true, "Cost of Goods Sold": true, "Expense": true, "Other Income": true, "Other Expense": true, "Non-Posting": true,
}

// book changes an account's balance and the sums above it. An inactive
// account goes on showing nothing (reference section 4.5).
func (b *Box) book(id string, delta decimal.Decimal) {
	rec := b.find("Account", id)
	if rec == nil || delta.IsZero() || !rec.active {
		return
	}
	if profitTypes[b.accountType(id)] {
		return
	}
	b.patch(rec, true, func(o object) {
		o["CurrentBalance"] = number(num(o, "CurrentBalance").Add(delta))
		o["CurrentBalanceWithSubAccounts"] = number(num(o, "CurrentBalanceWithSubAccounts").Add(delta))
	})
	b.sumAbove(b.parent(rec), delta)
}

// sumAbove changes what an account and those above it hold with sub-accounts.
func (b *Box) sumAbove(from *record, delta decimal.Decimal) {
	if delta.IsZero() {
		return
	}
	for up := from; up != nil; up = b.parent(up) {
		b.patch(up, true, func(o object) {
			o["CurrentBalanceWithSubAccounts"] = number(num(o, "CurrentBalanceWithSubAccounts").Add(delta))
		})
	}
}

func (b *Box) accountType(id string) string {
	if r := b.find("Account", id); r != nil {
		return r.typ
	}
	return ""
}

// rebook moves the postings of a merged list record to the one it went into.
func (b *Box) rebook(e *entity, loser, winner string) {
	from, to := handle(e.name, loser), handle(e.name, winner)
	l := &b.ledger
	for key, en := range l.entries {
		hit := swap(&en.Who, from, to)
		for i := range en.Lines {
			p := &en.Lines[i]
			hit = swap(&p.Party, from, to) || hit
			if e.name == "Account" {
				hit = swap(&p.Account, loser, winner) || hit
			}
			if e.name == "Item" {
				hit = swap(&p.Item, loser, winner) || hit
			}
			if e.name == "Class" {
				hit = swap(&p.Class, loser, winner) || hit
			}
		}
		for _, m := range en.Moves {
			switch e.name {
			case "Item":
				hit = swap(&m.Item, loser, winner) || hit
			case "Account":
				hit = swap(&m.Asset, loser, winner) || hit
				hit = swap(&m.Contra, loser, winner) || hit
			}
		}
		if hit {
			l.dirty[key] = true
		}
	}
	before, lost := l.totals[winner], l.totals[loser]
	b.recount()
	switch e.name {
	case "Account":
		b.book(loser, lost.Neg())
		b.book(winner, l.totals[winner].Sub(before))
		clear(b.subTypes)
	case "Item":
		qty := num(b.find("Item", loser).object(), "QtyOnHand")
		b.moveQty(loser, qty.Neg(), true)
		b.moveQty(winner, qty, true)
	}
}

func swap(s *string, from, to string) bool {
	if *s != from {
		return false
	}
	*s = to
	return true
}

// recount works out all sums and stock cards from the entries.
func (b *Box) recount() {
	l := &b.ledger
	l.totals, l.owed, l.cards = map[string]decimal.Decimal{}, map[string]decimal.Decimal{}, map[string]*card{}
	for _, e := range l.entries {
		for _, m := range e.Moves {
			c := b.card(m.Item)
			c.moves = append(c.moves, goods{e, m})
		}
	}
	for _, c := range l.cards {
		slices.SortStableFunc(c.moves, goods.compare)
		c.count(nil)
	}
	ch := newChanges()
	for _, e := range l.entries {
		ch.take(e.all(), 1)
	}
	l.totals, l.owed = ch.accounts, ch.parties
}
