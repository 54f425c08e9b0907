package qbobox

import (
	"slices"

	"github.com/shopspring/decimal"
)

const joinedNote = "Created by QB Online to link credits to charges."

// afterwards is what the vendor does by itself once a write is stored: it
// balances a customer that was made inactive while it owed, and joins credits
// to charges where the company wants that.
func (b *Box) afterwards(w *write, op string) {
	switch {
	case w.by.trusted:
	case w.ent.name == "Customer" && op == "inactivate" && b.opt.Dials.InactiveIsWrittenOff:
		b.balanceOut(w)
	case (w.ent.name == "Invoice" || w.ent.name == "CreditMemo") && op == "create" && flag(b.preferences(), "SalesFormsPrefs.AutoApplyCredit"):
		b.joinCredits(str(w.next, "CustomerRef.value"))
	}
}

// balanceOut writes off what a customer owes when it is made inactive: a
// credit memo over the balance (reference section 4.5).
func (b *Box) balanceOut(w *write) {
	rec := b.find("Customer", w.id())
	owed := num(rec.object(), "Balance")
	if !owed.IsPositive() {
		return
	}
	line := object{"Amount": number(owed), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": object{}}
	body := object{"CustomerRef": ref(rec.id, ""), "Line": []any{line}, "PrivateNote": "Balance written off with its customer"}
	if b.country() == "US" {
		inner(line, "SalesItemLineDetail")["TaxCodeRef"] = ref("NON", "")
	} else {
		body["GlobalTaxCalculation"] = "NotApplicable"
	}
	if _, flt := b.save(&actor{name: w.by.name, screens: true}, b.entities["creditmemo"], body); flt != nil {
		b.log.Warn("the sandbox could not balance an inactive customer", "customer", rec.id, "fault", flt.Error())
	}
}

// joinCredits settles a customer's oldest open invoices with its oldest open
// credits, through payments over nothing (recorded; reference section 5.5).
func (b *Box) joinCredits(customer string) {
	credits := b.openOf("CreditMemo", customer)
	for _, inv := range b.openInvoices(customer) {
		left := num(inv.object(), "Balance")
		for _, credit := range credits {
			amt := decimal.Min(left, num(b.find("CreditMemo", credit.id).object(), "Balance"))
			if !amt.IsPositive() {
				continue
			}
			line := func(typ, id string) object {
				return object{"Amount": number(amt), "LinkedTxn": []any{object{"TxnId": id, "TxnType": typ}}}
			}
			body := object{
				"CustomerRef": ref(customer, ""), "TotalAmt": number(decimal.Zero), "PrivateNote": joinedNote,
				"Line": []any{line("Invoice", inv.id), line("CreditMemo", credit.id)},
			}
			if _, flt := b.save(&actor{name: b.opt.UserName, screens: true}, b.entities["payment"], body); flt != nil {
				b.log.Warn("the sandbox could not join a credit to a charge", "invoice", inv.id, "fault", flt.Error())
				return
			}
			left = left.Sub(amt)
		}
	}
}

func (b *Box) openOf(entity, customer string) []*record {
	rec := b.find("Customer", customer)
	if rec == nil {
		return nil
	}
	return slices.DeleteFunc(b.users(rec), func(r *record) bool {
		return r.ent.name != entity || str(r.object(), "CustomerRef.value") != customer || !num(r.object(), "Balance").IsPositive()
	})
}

// applied gives a new payment without lines the oldest open invoices, where
// the company wants that (reference section 5.7).
func (b *Box) applied(w *write, raw []any) []any {
	if len(raw) > 0 || !w.creating() || w.by.trusted || !flag(b.preferences(), "SalesFormsPrefs.AutoApplyPayments") {
		return raw
	}
	left := num(w.next, "TotalAmt")
	for _, r := range b.openInvoices(str(w.next, "CustomerRef.value")) {
		if amt := decimal.Min(left, num(r.object(), "Balance")); amt.IsPositive() {
			raw = append(raw, object{"Amount": number(amt), "LinkedTxn": []any{object{"TxnId": r.id, "TxnType": "Invoice"}}})
			left = left.Sub(amt)
		}
	}
	return raw
}
