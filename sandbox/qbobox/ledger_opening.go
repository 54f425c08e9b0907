package qbobox

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// beforeAll is a date older than any transaction; what a loaded company brings
// along stands under it.
const beforeAll = "2000-01-01"

// enterList enters what a list record brings into the books: opening balances
// and changed quantities.
func (b *Box) enterList(w *write, id string) {
	switch w.ent.name {
	case "Item":
		if w.stock == nil {
			return
		}
		m := w.stock.Moves[0]
		m.Item = id
		if w.creating() {
			m.Contra = b.accountBySubType("OpeningBalanceEquity")
		} else {
			m.Contra = b.vendorAccount("Inventory Shrinkage", "Cost of Goods Sold", "SuppliesMaterialsCogs")
		}
		b.bookAll(b.enter(b.listKey("Item", id), w.stock))
	case "Account":
		b.openAccount(w, id)
	case "Customer", "Vendor":
		if w.creating() && !num(w.next, "Balance").IsZero() {
			b.bookAll(b.enter(b.listKey(w.ent.name, id), b.openParty(w, handle(w.ent.name, id))))
		}
	}
}

// listKey names an entry of a list record: the first is its opening.
func (b *Box) listKey(entity, id string) string {
	b.seq["adjustment"]++
	return fmt.Sprintf("%s#%d", handle(entity, id), b.seq["adjustment"])
}

func (b *Box) openAccount(w *write, id string) {
	amt := num(w.sent, "OpeningBalance")
	if !w.creating() || amt.IsZero() || profitTypes[str(w.next, "AccountType")] {
		return
	}
	if str(w.next, "Classification") != "Asset" {
		amt = amt.Neg() // the amount is what is owed
	}
	equity := b.accountBySubType("OpeningBalanceEquity")
	b.bookAll(b.enter(b.listKey("Account", id), &entry{Date: str(w.sent, "OpeningBalanceDate"), Lines: []posting{
		{Account: id, Amount: amt}, {Account: equity, Amount: amt.Neg()},
	}}))
}

func (b *Box) openParty(w *write, party string) *entry {
	date := str(w.sent, "OpenBalanceDate")
	if date == "" {
		date = b.today()
	}
	amt, account := num(w.next, "Balance"), b.accountBySubType("AccountsReceivable")
	if w.ent.name == "Vendor" {
		amt, account = amt.Neg(), b.accountBySubType("AccountsPayable")
	}
	home := cents(amt.Mul(b.partyRate(w.next, date)))
	return &entry{Date: date, Lines: []posting{
		{Account: account, Amount: home, Owed: amt, Party: party}, {Account: b.accountBySubType("OpeningBalanceEquity"), Amount: home.Neg()},
	}}
}

func (b *Box) partyRate(party object, date string) decimal.Decimal {
	if c := str(party, "CurrencyRef.value"); c != "" && c != b.home {
		return b.rate(c, date)
	}
	return decimal.NewFromInt(1)
}

// enterTaken enters documents that were loaded word for word. Their effects
// stand in the loaded lists already; what the lists say beyond them becomes
// the opening.
func (b *Box) enterTaken(e *entity, taken []object) {
	if len(taken) == 0 {
		return
	}
	who := map[string]bool{}
	for _, o := range taken {
		switch e.name {
		case "Customer", "Vendor", "Item":
			who[handle(e.name, str(o, "Id"))] = true
		case "Account":
			who[""] = true
		}
		if !posts[e.name] {
			continue
		}
		en := b.entryOf(e, o)
		b.enter(handle(e.name, str(o, "Id")), en)
		for _, p := range en.Lines {
			who[p.Party] = true
		}
		for _, m := range en.Moves {
			who[handle("Item", m.Item)] = true
		}
	}
	if len(who) > 0 {
		b.carry(who)
	}
}

// enterLoaded enters every document of a company that was loaded as a whole.
func (b *Box) enterLoaded() {
	seq := b.seq["journal"]
	b.ledger = newLedger()
	b.seq["journal"] = seq
	who := map[string]bool{}
	for _, path := range sortedTables(b.tables) {
		t := b.tables[path]
		switch t.ent.name {
		case "Customer", "Vendor", "Item":
			for _, r := range t.byID {
				who[r.handle()] = true
			}
		}
		if !posts[t.ent.name] {
			continue
		}
		for _, r := range t.ids.all() {
			b.enter(r.handle(), b.entryOf(t.ent, r.object()))
		}
	}
	b.carry(who)
}

func sortedTables(in map[string]*table) []string {
	out := make([]string, 0, len(in))
	for p := range in {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// carry makes the opening entry: the difference between what the lists show
// and what the known documents explain, for the parties and items given, those
// carried before, and all accounts.
func (b *Box) carry(who map[string]bool) {
	if old := b.ledger.entries[opening]; old != nil {
		for _, p := range old.Lines {
			who[p.Party] = true
		}
		for _, m := range old.Moves {
			who[handle("Item", m.Item)] = true
		}
		b.enter(opening, nil)
	}
	equity := b.accountBySubType("OpeningBalanceEquity")
	e := &entry{Date: beforeAll}
	for _, h := range sortedSet(who) {
		kind, id := splitHandle(h)
		rec := b.find(kind, id)
		if rec == nil {
			continue
		}
		o := rec.object()
		switch kind {
		case "Item":
			b.carryItem(e, id, o, equity)
		case "Customer", "Vendor":
			b.carryParty(e, kind, h, o)
		}
	}
	b.enter(opening, e)
	b.carryAccounts(equity)
}

func sortedSet(in map[string]bool) []string {
	out := make([]string, 0, len(in))
	for k := range in {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (b *Box) carryItem(e *entry, id string, o object, equity string) {
	if str(o, "Type") != "Inventory" {
		return
	}
	qty := num(o, "QtyOnHand")
	if c := b.ledger.cards[id]; c != nil {
		for _, g := range c.moves {
			qty = qty.Sub(g.move.Qty)
		}
	}
	if !qty.IsZero() {
		e.Moves = append(e.Moves, &move{
			Item: id, Qty: qty, Unit: num(o, "PurchaseCost"), Priced: true, Asset: str(o, "AssetAccountRef.value"), Contra: equity,
		})
	}
}

func (b *Box) carryParty(e *entry, kind, h string, o object) {
	want, account := num(o, "Balance"), b.accountBySubType("AccountsReceivable")
	if kind == "Vendor" {
		want, account = want.Neg(), b.accountBySubType("AccountsPayable")
	}
	owed := want.Sub(b.ledger.owed[h])
	if !owed.IsZero() {
		e.Lines = append(e.Lines, posting{
			Account: account, Amount: cents(owed.Mul(b.partyRate(o, b.today()))), Owed: owed, Party: h,
		})
	}
}

// carryAccounts completes the opening entry by what the accounts show. The
// rest is what the company earned before: retained earnings, whose balance the
// vendor shows as nothing (recorded).
func (b *Box) carryAccounts(equity string) {
	e := &entry{Date: beforeAll}
	if had := b.ledger.entries[opening]; had != nil {
		e.Lines, e.Moves = slices.Clone(had.Lines), had.Moves
	}
	retained := b.accountBySubType("RetainedEarnings")
	if retained == "" {
		retained = equity
	}
	for _, r := range b.tables["account"].ids.all() {
		o := r.object()
		if !r.active || profitTypes[str(o, "AccountType")] || r.id == retained {
			continue
		}
		if d := num(o, "CurrentBalance").Sub(b.ledger.totals[r.id]); !d.IsZero() {
			e.Lines = append(e.Lines, posting{Account: r.id, Amount: d})
		}
	}
	rest := decimal.Zero
	for _, p := range e.Lines {
		rest = rest.Sub(p.Amount)
	}
	if !rest.IsZero() {
		e.Lines = append(e.Lines, posting{Account: retained, Amount: rest})
	}
	b.enter(opening, e)
}
