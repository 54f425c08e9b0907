package qbobox

import (
	"slices"

	"github.com/shopspring/decimal"
)

// books writes the entry of one transaction. Amounts come in the currency of
// the transaction and are entered at its rate.
type books struct {
	b    *Box
	o    object
	e    *entry
	rate decimal.Decimal
	sign decimal.Decimal // -1 turns a sale into its return
}

// entryOf is what a transaction does to the books; nil when it does not post.
func (b *Box) entryOf(ent *entity, o object) *entry {
	if o == nil {
		return nil
	}
	k := &books{b: b, o: o, rate: decimal.NewFromInt(1), sign: decimal.NewFromInt(1), e: &entry{Date: str(o, "TxnDate")}}
	if r := num(o, "ExchangeRate"); !r.IsZero() {
		k.rate = r
	}
	if !posts[ent.name] {
		return nil
	}
	k.e.Due = str(o, "DueDate")
	if who := parties(o); len(who) > 0 {
		k.e.Who = who[0]
	}
	if id := str(o, "EntityRef.value"); id != "" && k.e.Who == "" {
		k.e.Who = handle(str(o, "EntityRef.type"), id)
	}
	k.write(ent.name)
	k.balance()
	k.e.Lines = slices.DeleteFunc(k.e.Lines, func(p posting) bool { return p.Amount.IsZero() && p.Owed.IsZero() })
	return k.e
}

// posts lists the transactions that reach the ledger; purchase orders and
// estimates do not.
var posts = map[string]bool{
	"Invoice": true, "CreditMemo": true, "SalesReceipt": true, "RefundReceipt": true, "Payment": true, "Bill": true, "VendorCredit": true,
	"BillPayment": true, "Purchase": true, "Deposit": true, "Transfer": true, "JournalEntry": true,
	"InventoryAdjustment": true,
}

func (k *books) write(kind string) {
	total := num(k.o, "TotalAmt")
	switch kind {
	case "Invoice":
		k.invoice()
	case "CreditMemo":
		k.returned()
		k.receivable(total)
		k.sale()
	case "RefundReceipt":
		k.returned()
		k.received(total)
		k.sale()
	case "SalesReceipt":
		k.received(total)
		k.sale()
	case "Payment":
		k.payment()
	case "VendorCredit":
		k.returned()
		k.payable(total.Neg())
		k.purchase()
	case "Bill":
		k.payable(total.Neg())
		k.purchase()
	case "BillPayment":
		k.billPayment()
	case "Purchase":
		k.spent()
	case "Deposit":
		k.deposit()
	case "Transfer":
		k.transfer()
	case "JournalEntry":
		k.journal()
	case "InventoryAdjustment":
		k.adjust()
	}
}

func (k *books) returned() { k.sign = k.sign.Neg() }

// parties are the customer and the vendor of a transaction.
func parties(o object) []string {
	var out []string
	if id := str(o, "CustomerRef.value"); id != "" {
		out = append(out, handle("Customer", id))
	}
	if id := str(o, "VendorRef.value"); id != "" {
		out = append(out, handle("Vendor", id))
	}
	return out
}

func (k *books) home(amt decimal.Decimal) decimal.Decimal { return cents(amt.Mul(k.rate).Mul(k.sign)) }

// put adds a posting; detail is the line it comes from, if any.
func (k *books) put(account string, amt decimal.Decimal, detail object) *posting {
	p := posting{Account: account, Amount: k.home(amt)}
	p.Class = str(detail, "ClassRef.value")
	if p.Class == "" {
		p.Class = str(k.o, "ClassRef.value")
	}
	p.Department = str(k.o, "DepartmentRef.value")
	k.e.Lines = append(k.e.Lines, p)
	return &k.e.Lines[len(k.e.Lines)-1]
}

// owe adds a posting on a receivable or payable account.
func (k *books) owe(account, party string, amt decimal.Decimal) {
	p := k.put(account, amt, nil)
	p.Party, p.Owed = party, amt.Mul(k.sign)
}

func (k *books) receivable(amt decimal.Decimal) {
	k.owe(k.or(str(k.o, "ARAccountRef.value"), "AccountsReceivable"), handle("Customer", str(k.o, "CustomerRef.value")), amt)
}

func (k *books) payable(amt decimal.Decimal) {
	k.owe(k.or(str(k.o, "APAccountRef.value"), "AccountsPayable"), handle("Vendor", str(k.o, "VendorRef.value")), amt)
}

// received is money that comes in, as a rule to Undeposited Funds.
func (k *books) received(amt decimal.Decimal) {
	k.put(k.or(str(k.o, "DepositToAccountRef.value"), "UndepositedFunds"), amt, nil)
}

// or is an account that was named, else the company's first of a kind.
func (k *books) or(id string, subTypes ...string) string {
	if id != "" {
		return id
	}
	for _, s := range subTypes {
		if id := k.b.accountBySubType(s); id != "" {
			return id
		}
	}
	return k.b.accountBySubType("OpeningBalanceEquity")
}

func (k *books) invoice() {
	k.receivable(num(k.o, "TotalAmt"))
	if d := num(k.o, "Deposit"); !d.IsZero() {
		k.received(d)
		k.receivable(d.Neg())
	}
	k.sale()
}

// sale enters the lines of a sales form: income by item, discount, shipping,
// tax, and the goods that leave.
func (k *books) sale() {
	k.saleLines(list(k.o, "Line"))
	k.tax(num(k.o, "TxnTaxDetail.TotalTax").Neg())
}

func (k *books) saleLines(lines []object) {
	for _, l := range lines {
		switch str(l, "DetailType") {
		case "SalesItemLineDetail":
			k.saleLine(l)
		case "GroupLineDetail":
			k.saleLines(list(l, "GroupLineDetail.Line"))
		case "DiscountLineDetail":
			id := str(l, "DiscountLineDetail.DiscountAccountRef.value")
			if id == "" {
				id = k.b.discountAccount()
			}
			k.put(k.or(id, "DiscountsRefundsGiven"), num(l, "Amount"), l)
		}
	}
}

func (k *books) saleLine(l object) {
	d, _ := l["SalesItemLineDetail"].(object)
	id := str(d, "ItemRef.value")
	income, item := str(d, "ItemAccountRef.value"), object(nil)
	if rec := k.b.find("Item", id); rec != nil {
		item = rec.object()
		if income == "" {
			income = str(item, "IncomeAccountRef.value")
		}
	}
	if id == shippingItem && income == "" {
		income = k.b.accountBySubType("ShippingFreightDeliveryIncome")
	}
	p := k.put(k.or(income, "SalesOfProductIncome", "ServiceFeeIncome"), num(l, "Amount").Neg(), d)
	p.Item, p.Qty = id, num(d, "Qty").Mul(k.sign)
	if str(item, "Type") == "Inventory" {
		k.goods(id, item, num(d, "Qty").Mul(k.sign).Neg(), decimal.Zero, false)
	}
}

func (k *books) goods(id string, item object, qty, booked decimal.Decimal, priced bool) {
	if qty.IsZero() {
		return
	}
	k.e.Moves = append(k.e.Moves, &move{
		Item: id, Qty: qty, Unit: num(item, "PurchaseCost"), Booked: booked, Priced: priced,
		Asset:  k.or(str(item, "AssetAccountRef.value"), "Inventory"),
		Contra: k.or(str(item, "ExpenseAccountRef.value"), "SuppliesMaterialsCogs"),
	})
}

// tax enters the tax on the payable accounts of its agencies.
func (k *books) tax(total decimal.Decimal) {
	if total.IsZero() {
		return
	}
	s := decimal.NewFromInt(int64(total.Sign()))
	left := total
	lines := list(k.o, "TxnTaxDetail.TaxLine")
	for i, l := range lines {
		part := num(l, "Amount").Mul(s)
		if i == len(lines)-1 {
			part = left
		}
		k.put(k.b.taxAccount(str(l, "TaxLineDetail.TaxRateRef.value")), part, nil)
		left = left.Sub(part)
	}
	if len(lines) == 0 {
		k.put(k.b.taxAccount(""), total, nil)
	}
}

// taxAccount is where an agency's tax is owed: "<agency> Payable", else the
// first account for tax.
func (b *Box) taxAccount(rate string) string {
	if r := b.find("TaxRate", rate); r != nil {
		if a := b.find("TaxAgency", str(r.object(), "AgencyRef.value")); a != nil {
			if id := b.accountNamed(a.title + " Payable"); id != "" {
				return id
			}
		}
	}
	for _, sub := range []string{"GlobalTaxPayable", "SalesTaxPayable", "OtherCurrentLiabilities", "OpeningBalanceEquity"} {
		if id := b.accountBySubType(sub); id != "" {
			return id
		}
	}
	return ""
}

// accountNamed finds an account by its qualified name.
func (b *Box) accountNamed(name string) string {
	for _, r := range b.names[nameSpace(b.entities["account"], fold(name))] {
		if r.active {
			return r.id
		}
	}
	return ""
}

// purchase enters the lines of a bill, a vendor credit or an expense.
func (k *books) purchase() {
	for _, l := range list(k.o, "Line") {
		d, _ := l[str(l, "DetailType")].(object)
		switch str(l, "DetailType") {
		case "AccountBasedExpenseLineDetail":
			k.entity(k.or(str(d, "AccountRef.value"), "SuppliesMaterials"), num(l, "Amount"), d, str(d, "CustomerRef.value"), "Customer")
		case "ItemBasedExpenseLineDetail":
			k.boughtItem(l, d)
		}
	}
	if t := num(k.o, "TxnTaxDetail.TotalTax"); !t.IsZero() {
		k.tax(t)
	}
}

func (k *books) boughtItem(l, d object) {
	id := str(d, "ItemRef.value")
	rec := k.b.find("Item", id)
	if rec == nil {
		k.put(k.or("", "SuppliesMaterials"), num(l, "Amount"), d)
		return
	}
	item := rec.object()
	if str(item, "Type") != "Inventory" || num(d, "Qty").IsZero() {
		p := k.put(k.or(str(item, "ExpenseAccountRef.value"), "SuppliesMaterials"), num(l, "Amount"), d)
		p.Item = id
		return
	}
	p := k.put(k.or(str(item, "AssetAccountRef.value"), "Inventory"), num(l, "Amount"), d)
	p.Item = id
	k.goods(id, item, num(d, "Qty").Mul(k.sign), p.Amount, true)
}

// entity posts on any account; on a receivable or payable one the amount is owed by or to a party.
func (k *books) entity(account string, amt decimal.Decimal, detail object, party, kind string) {
	t := k.b.accountType(account)
	if party != "" && (t == "Accounts Receivable" && kind == "Customer" || t == "Accounts Payable" && kind == "Vendor") {
		k.owe(account, handle(kind, party), amt)
		return
	}
	k.put(account, amt, detail)
}

// balance puts a rest on one line: cents that the rate leaves over. What the
// lines of a loaded document do not explain goes to the opening equity.
func (k *books) balance() {
	rest := decimal.Zero
	for _, p := range k.e.Lines {
		rest = rest.Add(p.Amount)
	}
	if rest.IsZero() {
		return
	}
	if rest.Abs().LessThan(decimal.NewFromInt(1)) {
		for i := range k.e.Lines {
			if p := &k.e.Lines[i]; p.Party == "" && !k.stockAccount(p.Account) && i > 0 {
				p.Amount = p.Amount.Sub(rest)
				return
			}
		}
	}
	k.e.Lines = append(k.e.Lines, posting{Account: k.or("", "OpeningBalanceEquity"), Amount: rest.Neg()})
}

func (k *books) stockAccount(id string) bool {
	for _, m := range k.e.Moves {
		if m.Asset == id {
			return true
		}
	}
	return false
}
