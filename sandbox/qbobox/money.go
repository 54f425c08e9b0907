package qbobox

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// homeMoney settles date, number and currency of a transaction without a
// customer or a vendor of its own.
func (b *Box) homeMoney(w *write) *fault {
	if flt := b.dateAndNumber(w); flt != nil {
		return flt
	}
	return b.settleRate(w, object{"CurrencyRef": w.next["CurrencyRef"]})
}

// kept1 keeps a required property in a sparse update that does not send it.
func kept1(w *write, key string) *fault {
	if str(w.next, key+".value") != "" || hasNum(w.next, key) {
		return nil
	}
	return missing(key)
}

// namedAccount completes the reference to an account inside an opaque object.
func (b *Box) namedAccount(in object, path, key string) *fault {
	id := str(in, key+".value")
	if id == "" {
		return missing(path + key)
	}
	rec := b.find("Account", id)
	if rec == nil {
		return badRef("Accounts", id)
	}
	if !rec.active {
		return inactiveRef()
	}
	in[key] = ref(id, rec.title)
	return nil
}

func wrongAccount(why string) *fault {
	return validation("6430", "Invalid account type used", "Invalid account type: "+why, "")
}

// keepLinks leaves the links that other transactions wrote as they are.
func keepLinks(w *write) {
	delete(w.next, "LinkedTxn")
	if !w.creating() && w.before["LinkedTxn"] != nil {
		w.next["LinkedTxn"] = clone(w.before["LinkedTxn"])
	}
}

// completeBillPayment derives and checks payments to vendors: what they settle
// stands in their lines, as with payments of customers.
func (b *Box) completeBillPayment(w *write) *fault {
	vendor, flt := b.party(w, "VendorRef", "Vendor")
	if flt != nil {
		return flt
	}
	if flt := kept1(w, "TotalAmt"); flt != nil {
		return flt
	}
	if num(w.next, "TotalAmt").IsNegative() {
		return badNumber("TotalAmt", str(w.next, "TotalAmt"))
	}
	if flt := b.dateAndNumber(w); flt != nil {
		return flt
	}
	if flt := b.settleRate(w, vendor); flt != nil {
		return flt
	}
	if flt := b.paidFrom(w); flt != nil {
		return flt
	}
	keepLinks(w)
	return b.applyBillPayment(w)
}

// paidFrom checks the bank account or the card that pays.
func (b *Box) paidFrom(w *write) *fault {
	detail, key, typ := "CheckPayment", "BankAccountRef", "Bank"
	switch str(w.next, "PayType") {
	case "":
		return missing("PayType")
	case "CreditCard":
		detail, key, typ = "CreditCardPayment", "CCAccountRef", "Credit Card"
		delete(w.next, "CheckPayment")
	default:
		delete(w.next, "CreditCardPayment")
	}
	in, ok := w.next[detail].(object)
	if !ok {
		return missing(detail)
	}
	if flt := b.namedAccount(in, detail+".", key); flt != nil {
		return flt
	}
	if !b.isKind(str(in, key+".value"), typ) && !w.by.trusted {
		return wrongAccount("a payment of this kind needs an account of the type " + typ + ".")
	}
	if detail == "CheckPayment" && in["PrintStatus"] == nil {
		in["PrintStatus"] = "NotSet"
	}
	return nil
}

func (b *Box) applyBillPayment(w *write) *fault {
	raw, _ := w.next["Line"].([]any)
	if len(raw) == 0 {
		return missing("Line")
	}
	used, own := decimal.Zero, paymentLinks(w.before)
	lines := make([]any, 0, len(raw))
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		delete(l, "Id")
		delete(l, "LineNum")
		links := list(l, "LinkedTxn")
		if !hasNum(l, "Amount") {
			return missing("Line.Amount")
		}
		if len(links) != 1 {
			return missing("Line.LinkedTxn")
		}
		typ, id := str(links[0], "TxnType"), str(links[0], "TxnId")
		if flt := b.checkSettled(w, typ, id, "VendorRef.value", num(l, "Amount"), own); flt != nil {
			return flt
		}
		if typ == "VendorCredit" {
			used = used.Sub(num(l, "Amount"))
		} else {
			used = used.Add(num(l, "Amount"))
		}
		lines = append(lines, l)
	}
	if used.GreaterThan(num(w.next, "TotalAmt")) && !w.by.trusted {
		return business("The payment is smaller than the amounts applied to its transactions.")
	}
	w.next["Line"] = lines
	return nil
}

// checkSettled refuses bills and credits that do not exist, belong to another
// vendor or owe less than is applied.
func (b *Box) checkSettled(w *write, typ, id, party string, amt decimal.Decimal, own map[string]decimal.Decimal) *fault {
	if w.by.trusted {
		return nil
	}
	r := b.find(typ, id)
	if r == nil {
		return notFound()
	}
	if typ != "Bill" && typ != "VendorCredit" && typ != "JournalEntry" {
		return badEnum("Line.LinkedTxn.TxnType", typ)
	}
	if typ == "JournalEntry" {
		return nil
	}
	o := r.object()
	if str(o, party) != str(w.next, party) {
		return business("The transaction belongs to another vendor.")
	}
	if amt.GreaterThan(num(o, "Balance").Add(own[handle(typ, id)])) {
		return business("The amount applied is larger than the open balance of the transaction.")
	}
	return nil
}

// expenseKinds is what PurchaseEx says of each way to pay (recorded).
var expenseKinds = map[string]string{"Cash": "54", "Check": "3", "CreditCard": "54"}

// completeExpense derives and checks purchases: expenses, cheques and card
// charges (reference sections 4.2 and 5.4).
func (b *Box) completeExpense(w *write) *fault {
	kind := str(w.next, "PaymentType")
	if kind == "" || w.by.isAPI() && !w.has("PaymentType") {
		return missing("PaymentType") // also in a sparse update (reference section 4.2)
	}
	if flt := kept1(w, "AccountRef"); flt != nil {
		return flt
	}
	account := str(w.next, "AccountRef.value")
	if kind == "CreditCard" && !b.isKind(account, "Credit Card") && !w.by.trusted {
		return wrongAccount("a credit card charge needs a credit card account.")
	}
	if kind != "CreditCard" && !b.isKind(account, "Bank", "Other Current Asset") && !w.by.trusted {
		return wrongAccount("an expense needs a bank account.")
	}
	if flt := b.payee(w); flt != nil {
		return flt
	}
	if flt := b.homeMoney(w); flt != nil {
		return flt
	}
	code := expenseKinds[kind]
	if kind == "CreditCard" {
		w.preset("Credit", false)
		if flag(w.next, "Credit") {
			code = "11"
		}
	}
	if kind == "Check" {
		w.preset("PrintStatus", "NotSet")
	}
	w.next["PurchaseEx"] = object{"any": []any{nameValue("TxnType", code)}}
	keepLinks(w)
	b.settleAddresses(w)
	if b.mustRecalculate(w) {
		return b.recalculatePurchase(w)
	}
	return nil
}

// payee checks EntityRef, which points at one of three lists.
func (b *Box) payee(w *write) *fault {
	in, ok := w.next["EntityRef"].(object)
	if !ok {
		return nil
	}
	id, typ := str(in, "value"), str(in, "type")
	if typ == "" {
		typ = "Vendor"
	}
	rec := b.find(typ, id)
	if rec == nil || !rec.ent.people {
		return badRef("Names", id)
	}
	w.next["EntityRef"] = object{"value": id, "name": rec.title, "type": rec.ent.name}
	return nil
}

// completeDeposit derives and checks deposits: payments that waited in
// Undeposited Funds, and money from accounts (reference section 4.7).
func (b *Box) completeDeposit(w *write) *fault {
	if flt := kept1(w, "DepositToAccountRef"); flt != nil {
		return flt
	}
	id := str(w.next, "DepositToAccountRef.value")
	if !b.isKind(id, "Bank", "Other Current Asset") && !w.by.trusted {
		return wrongAccount("a deposit needs a bank account.")
	}
	w.next["DepositToAccountRef"] = ref(id, b.find("Account", id).title) // named here (recorded)
	if flt := b.homeMoney(w); flt != nil {
		return flt
	}
	keepLinks(w)
	w.preset("TxnTaxDetail", object{})
	raw, _ := w.next["Line"].([]any)
	if len(raw) == 0 {
		return missing("Line")
	}
	ids, total, lines := newLineIDs(w.before), decimal.Zero, make([]any, 0, len(raw))
	for _, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		if flt := b.depositLine(w, l, ids); flt != nil {
			return flt
		}
		total = total.Add(num(l, "Amount"))
		lines = append(lines, l)
	}
	w.next["Line"] = lines
	if back, ok := w.next["CashBack"].(object); ok && !num(back, "Amount").IsZero() {
		if flt := b.namedAccount(back, "CashBack.", "AccountRef"); flt != nil {
			return flt
		}
		total = total.Sub(num(back, "Amount"))
	}
	w.next["TotalAmt"] = number(total)
	return nil
}

func (b *Box) depositLine(w *write, l object, ids *lineIDs) *fault {
	if !hasNum(l, "Amount") {
		return missing("Line.Amount")
	}
	links := list(l, "LinkedTxn")
	if len(links) > 0 {
		delete(l, "Id") // a line of a linked transaction has none (recorded)
		delete(l, "LineNum")
		if links[0]["TxnLineId"] == nil {
			links[0]["TxnLineId"] = "0"
		}
		l["LinkedTxn"] = anys(links)
		return b.checkDeposited(w, l, links[0])
	}
	d, ok := l["DepositLineDetail"].(object)
	if !ok {
		return missing("Line.DepositLineDetail")
	}
	if flt := b.namedAccount(d, "Line.DepositLineDetail.", "AccountRef"); flt != nil {
		return flt
	}
	if flt := b.settleLineRefs(w, d); flt != nil {
		return flt
	}
	if in, ok := d["Entity"].(object); ok {
		typ := str(in, "type")
		if typ == "" {
			typ = "Customer"
		}
		rec := b.find(typ, str(in, "value"))
		if rec == nil {
			return badRef("Names", str(in, "value"))
		}
		d["Entity"] = object{"value": rec.id, "name": rec.title, "type": rec.ent.name}
	}
	ids.give(l)
	return nil
}

// checkDeposited: a payment goes to the bank once and as a whole.
func (b *Box) checkDeposited(w *write, l, link object) *fault {
	if w.by.trusted {
		return nil
	}
	typ, id := str(link, "TxnType"), str(link, "TxnId")
	rec := b.find(typ, id)
	if rec == nil {
		return notFound()
	}
	o := rec.object()
	for _, k := range list(o, "LinkedTxn") {
		if str(k, "TxnType") == "Deposit" && str(k, "TxnId") != w.id() {
			return business("The transaction has already been deposited.")
		}
	}
	if (typ == "Payment" || typ == "SalesReceipt") && !num(o, "TotalAmt").Equal(num(l, "Amount")) {
		return business("The amount of the line is not the amount of the linked transaction.")
	}
	return nil
}

func (b *Box) completeTransfer(w *write) *fault {
	for _, k := range []string{"FromAccountRef", "ToAccountRef", "Amount"} {
		if flt := kept1(w, k); flt != nil {
			return flt
		}
	}
	from, to := str(w.next, "FromAccountRef.value"), str(w.next, "ToAccountRef.value")
	if from == to {
		return business("You can't transfer money from an account to itself.")
	}
	for _, id := range []string{from, to} {
		if t := b.accountType(id); (profitTypes[t] || t == "Accounts Receivable" || t == "Accounts Payable") && !w.by.trusted {
			return wrongAccount("You need to select a different type of account for this transaction.")
		}
	}
	keepLinks(w)
	return b.homeMoney(w)
}

// completeJournal derives and checks journal entries, whose lines keep the ids
// they were sent with, from 0 on (recorded).
func (b *Box) completeJournal(w *write) *fault {
	if flt := b.homeMoney(w); flt != nil {
		return flt
	}
	keepLinks(w)
	w.preset("Adjustment", false)
	w.preset("TxnTaxDetail", object{})
	w.next["TotalAmt"] = number(decimal.Zero) // recorded
	raw, _ := w.next["Line"].([]any)
	if len(raw) < 2 {
		return missing("Line")
	}
	rest, lines, seen := decimal.Zero, make([]any, 0, len(raw)), []string{}
	for i, e := range raw {
		l, ok := e.(object)
		if !ok {
			return badProperty()
		}
		l = cloneObject(l)
		amt, flt := b.journalLine(w, l)
		if flt != nil {
			return flt
		}
		rest = rest.Add(amt)
		if id := str(l, "Id"); id == "" || slices.Contains(seen, id) {
			l["Id"] = strconv.Itoa(i)
		}
		seen = append(seen, str(l, "Id"))
		l["CustomExtensions"] = []any{}
		lines = append(lines, l)
	}
	if !rest.IsZero() {
		return business("The debits and the credits of the transaction do not balance.")
	}
	w.next["Line"] = lines
	return nil
}

func (b *Box) journalLine(w *write, l object) (decimal.Decimal, *fault) {
	if str(l, "DetailType") == "" {
		return decimal.Zero, missing("Line.DetailType")
	}
	if str(l, "DetailType") == "DescriptionOnly" {
		return decimal.Zero, nil
	}
	d, ok := l["JournalEntryLineDetail"].(object)
	if !ok {
		return decimal.Zero, missing("Line.JournalEntryLineDetail")
	}
	if !hasNum(l, "Amount") {
		return decimal.Zero, missing("Line.Amount")
	}
	if flt := b.namedAccount(d, "Line.JournalEntryLineDetail.", "AccountRef"); flt != nil {
		return decimal.Zero, flt
	}
	if flt := b.settleLineRefs(w, d); flt != nil {
		return decimal.Zero, flt
	}
	kind := str(d, "Entity.Type")
	if id := str(d, "Entity.EntityRef.value"); id != "" {
		rec := b.find(kind, id)
		if rec == nil {
			return decimal.Zero, badRef("Names", id)
		}
		d["Entity"] = object{"Type": rec.ent.name, "EntityRef": ref(id, rec.title)}
		kind = rec.ent.name
	}
	switch b.accountType(str(d, "AccountRef.value")) {
	case "Accounts Receivable":
		if kind != "Customer" {
			return decimal.Zero, business("When you use Accounts Receivable, you must choose a customer in the Name field.")
		}
	case "Accounts Payable":
		if kind != "Vendor" {
			return decimal.Zero, business("When you use Accounts Payable, you must choose a vendor in the Name field.")
		}
	}
	amt := num(l, "Amount")
	switch str(d, "PostingType") {
	case "Debit":
		return amt, nil
	case "Credit":
		return amt.Neg(), nil
	case "":
		return amt, missing("Line.JournalEntryLineDetail.PostingType")
	default:
		return amt, badEnum("PostingType", str(d, "PostingType"))
	}
}

// nameValue is one of the loose pairs that the vendor's Java writes.
func nameValue(name, v string) object {
	return object{
		"name": "{http://schema.intuit.com/finance/v3}NameValue", "declaredType": "com.intuit.schema.finance.v3.NameValue",
		"scope": "javax.xml.bind.JAXBElement$GlobalScope", "value": object{"Name": name, "Value": v},
		"nil": false, "globalScope": true, "typeSubstituted": false,
	}
}
