package qbobox

import "github.com/shopspring/decimal"

// payment enters money from a customer. What is applied leaves the account of
// the customer who owed it, at the rate of the document paid; the difference
// to the rate of the day is a gain or a loss.
func (k *books) payment() {
	k.received(num(k.o, "TotalAmt"))
	rest := num(k.o, "TotalAmt")
	ar := k.or(str(k.o, "ARAccountRef.value"), "AccountsReceivable")
	for _, l := range list(k.o, "Line") {
		for _, t := range list(l, "LinkedTxn") {
			amt := num(l, "Amount")
			typ, id := str(t, "TxnType"), str(t, "TxnId")
			rec := k.b.find(typ, id)
			if rec == nil || typ != "Invoice" && typ != "CreditMemo" {
				continue
			}
			if typ == "CreditMemo" {
				amt = amt.Neg()
			}
			k.settled(ar, "Customer", rec, amt.Neg())
			rest = rest.Sub(amt)
		}
	}
	if !rest.IsZero() {
		k.owe(ar, handle("Customer", str(k.o, "CustomerRef.value")), rest.Neg())
	}
	k.exchange()
}

// settled takes an amount off a document's party at the document's rate.
func (k *books) settled(account, kind string, rec *record, amt decimal.Decimal) {
	rate, doc := k.rate, rec.object()
	if r := num(doc, "ExchangeRate"); !r.IsZero() {
		k.rate = r
	}
	if id := str(doc, "ARAccountRef.value"); id != "" {
		account = id
	}
	if id := str(doc, "APAccountRef.value"); id != "" {
		account = id
	}
	k.owe(account, handle(kind, str(doc, kind+"Ref.value")), amt)
	k.e.Lines[len(k.e.Lines)-1].Settles = rec.handle()
	k.rate = rate
}

// exchange books what is left over by different rates.
func (k *books) exchange() {
	rest := decimal.Zero
	for _, p := range k.e.Lines {
		rest = rest.Add(p.Amount)
	}
	if !rest.IsZero() {
		id := k.b.accountBySubType("ExchangeGainOrLoss")
		if id == "" {
			id = k.b.vendorAccount("Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss")
		}
		k.e.Lines = append(k.e.Lines, posting{Account: id, Amount: rest.Neg()})
	}
}

// vendorAccount makes an account that the vendor adds when it first needs it.
func (b *Box) vendorAccount(name, typ, sub string) string {
	if id := b.accountNamed(name); id != "" {
		return id
	}
	rec, flt := b.save(&actor{name: "vendor", trusted: true}, b.entities["account"], object{"Name": name, "AccountType": typ, "AccountSubType": sub})
	if flt != nil {
		return b.accountBySubType("OpeningBalanceEquity")
	}
	return rec.id
}

func (k *books) billPayment() {
	ap := k.or(str(k.o, "APAccountRef.value"), "AccountsPayable")
	rest := num(k.o, "TotalAmt")
	for _, l := range list(k.o, "Line") {
		for _, t := range list(l, "LinkedTxn") {
			amt := num(l, "Amount")
			typ, id := str(t, "TxnType"), str(t, "TxnId")
			rec := k.b.find(typ, id)
			if rec == nil || typ != "Bill" && typ != "VendorCredit" {
				continue
			}
			if typ == "VendorCredit" {
				amt = amt.Neg()
			}
			k.settled(ap, "Vendor", rec, amt)
			rest = rest.Sub(amt)
		}
	}
	if !rest.IsZero() {
		k.owe(ap, handle("Vendor", str(k.o, "VendorRef.value")), rest)
	}
	from := str(k.o, "CheckPayment.BankAccountRef.value")
	if from == "" {
		from = str(k.o, "CreditCardPayment.CCAccountRef.value")
	}
	k.put(k.or(from, "Checking", "CashOnHand"), num(k.o, "TotalAmt").Neg(), nil)
	k.exchange()
}

// spent is an expense, a cheque or a card's charge; Credit turns it into a refund.
func (k *books) spent() {
	if flag(k.o, "Credit") {
		k.returned()
	}
	k.put(k.or(str(k.o, "AccountRef.value"), "Checking", "CashOnHand"), num(k.o, "TotalAmt").Neg(), nil)
	k.purchase()
}

// deposit takes payments out of where they waited, and new money from accounts.
func (k *books) deposit() {
	k.put(k.or(str(k.o, "DepositToAccountRef.value"), "Checking", "CashOnHand"), num(k.o, "TotalAmt"), nil)
	if back := num(k.o, "CashBack.Amount"); !back.IsZero() {
		k.put(k.or(str(k.o, "CashBack.AccountRef.value"), "CashOnHand"), back, nil)
	}
	for _, l := range list(k.o, "Line") {
		d, _ := l["DepositLineDetail"].(object)
		account := str(d, "AccountRef.value")
		if links := list(l, "LinkedTxn"); account == "" && len(links) > 0 {
			if rec := k.b.find(str(links[0], "TxnType"), str(links[0], "TxnId")); rec != nil {
				account = str(rec.object(), "DepositToAccountRef.value")
			}
		}
		kind := str(d, "Entity.type")
		if kind == "" {
			kind = "Customer"
		}
		k.entity(k.or(account, "UndepositedFunds"), num(l, "Amount").Neg(), d, str(d, "Entity.value"), kind)
	}
}

func (k *books) transfer() {
	amt := num(k.o, "Amount")
	k.put(k.or(str(k.o, "ToAccountRef.value"), "Checking"), amt, nil)
	k.put(k.or(str(k.o, "FromAccountRef.value"), "Checking"), amt.Neg(), nil)
}

func (k *books) journal() {
	for _, l := range list(k.o, "Line") {
		d, _ := l["JournalEntryLineDetail"].(object)
		if d == nil {
			continue
		}
		amt := num(l, "Amount")
		if str(d, "PostingType") == "Credit" {
			amt = amt.Neg()
		}
		k.entity(k.or(str(d, "AccountRef.value"), "OpeningBalanceEquity"), amt, d, str(d, "Entity.EntityRef.value"), str(d, "Entity.Type"))
	}
}
