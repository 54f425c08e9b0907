package qbobox

import "github.com/shopspring/decimal"

// shownOnly are links that a payment gets in the screens, by the kind of
// expense they lead to (reference section 4.7).
var shownOnly = map[string]string{"Expense": "Cash", "Check": "Check", "CreditCardCredit": "CreditCard"}

// checkOtherLink checks what a payment settles beside invoices and credits:
// journal entries against the customer; refunds by expense only where the
// payment has them already, or a person writes.
func (b *Box) checkOtherLink(w *write, amt decimal.Decimal, typ, id string, own map[string]decimal.Decimal) *fault {
	if w.by.trusted {
		return nil
	}
	if kind, known := shownOnly[typ]; known {
		if _, kept := own[handle(typ, id)]; kept {
			return nil
		}
		r := b.find("Purchase", id)
		switch {
		case r == nil || str(r.object(), "PaymentType") != kind:
			return badRef("Transactions", id)
		case w.by.isAPI():
			return coded("620", "Transaction "+id+" cannot be linked")
		}
		return nil
	}
	r := b.find(typ, id)
	if r == nil {
		return badRef("Transactions", id)
	}
	if typ != "JournalEntry" {
		return coded("620", "Transaction "+id+" cannot be linked")
	}
	if amt.GreaterThan(b.openOfEntry(r, str(w.next, "CustomerRef.value"), w.id())) {
		return business("The amount applied is larger than the open balance of the transaction.")
	}
	return nil
}

// openOfEntry is what a journal entry says a customer owes, less what other
// payments have taken off it.
func (b *Box) openOfEntry(rec *record, customer, payment string) decimal.Decimal {
	open := decimal.Zero
	for _, l := range list(rec.object(), "Line") {
		d, _ := l["JournalEntryLineDetail"].(object)
		if b.accountType(str(d, "AccountRef.value")) != "Accounts Receivable" || !b.sameFamily(str(d, "Entity.EntityRef.value"), customer) {
			continue
		}
		if str(d, "PostingType") == "Credit" {
			open = open.Sub(num(l, "Amount"))
		} else {
			open = open.Add(num(l, "Amount"))
		}
	}
	for user := range b.usedBy[rec.handle()] {
		if user.ent.name == "Payment" && user.id != payment {
			open = open.Sub(paymentLinks(user.object())[rec.handle()])
		}
	}
	return open
}
