package qbobox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Action is what a person does in the vendor's screens, beside the API.
//
//	create, update          Type, Data (update: ID too; only what Data holds changes)
//	delete, void, send      Type, ID
//	inactivate, reactivate  Type, ID
//	merge                   Type, ID (the loser), Into (the winner)
//	receive_payment         ID = customer; Data {TotalAmt, Invoices:{"12":100}}; without Invoices the oldest open ones are paid
//	invoice_estimate        ID = estimate; Data {Percent: 40} or nothing for all that is left
//	bill_order              ID = purchase order; Data {Percent: 50} or nothing
//	adjust_quantity         ID = item; Data {QtyOnHand, InvStartDate}
//	close_books             Data {BookCloseDate}
//	disconnect              the app's tokens end, as when a person disconnects it; Data {Reason}: because the "administrator" or the
//	                        "user" who connected it is gone, or the whole "company", which then refuses every call
//	bump_all                Type, Data {Count}; LastUpdatedTime moves, nothing else
//	suspend                 Data {Reason}: every call is refused because of its "token", lost "access", a wrong "environment" or an ended "subscription"
//	resume                  ends that
//	settle                  Type, ID: its bank has settled the card payment, clients can no longer void or delete it
//	match, unmatch          Type, ID: it is matched to a line of the bank's statement, with the same end
//	subscribe               Data {Plan}: another one of Plans
//	restrict                Data {Role}: the user who connected the app may only do the work of "customers", "vendors" or "reports"; "" everything again
//	start_over              all data of the company is deleted, and a new one stands in its place
//	notify                  Type, ID, Data {RealmID, Operation}: the app's endpoint hears of a change in another company, beside those of this one
//	traffic                 Data {Requests, Batches}: of other apps to this company, now; {Elsewhere}: of this app to the vendor's other
//	                        addresses, now; {Reads}: metered ones of the workspace's other apps, this month
type Action struct {
	User   string         `json:"user"`
	Action string         `json:"action"`
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Data   map[string]any `json:"data,omitempty"`
	Into   string         `json:"into,omitempty"`
}

// Result is the record an action left behind.
type Result struct {
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Record map[string]any `json:"record,omitempty"`
	Count  int            `json:"count,omitempty"`
}

// Do acts as a person. The rules and side effects are those of the vendor's
// screens, which allow some things that the API refuses.
func (b *Box) Do(_ context.Context, a Action) (Result, error) {
	b.mu.Lock()
	defer b.outbox.wake(b)
	defer b.mu.Unlock()
	b.begin()
	by := &actor{name: a.User, screens: true}
	if by.name == "" {
		by.name = b.opt.UserName
	}
	if a.Data != nil {
		a.Data = normal(a.Data)
	}
	res, err := b.act(by, a)
	if err := errors.Join(err, b.flush()); err != nil {
		return Result{}, fmt.Errorf("%s %s %s: %w", a.Action, a.Type, a.ID, err)
	}
	return res, nil
}

func (b *Box) act(by *actor, a Action) (Result, error) {
	e := b.entities[strings.ToLower(a.Type)]
	switch a.Action {
	case "receive_payment":
		return b.receivePayment(by, a)
	case "invoice_estimate":
		return b.invoiceEstimate(by, a)
	case "bill_order":
		return b.billOrder(by, a)
	case "adjust_quantity":
		if a.Data == nil {
			a.Data = object{}
		}
		a.Data["Id"] = a.ID
		return b.saved1(b.save(by, b.entities["item"], a.Data))
	case "disconnect":
		return b.disconnect(str(a.Data, "Reason"))
	case "suspend":
		return b.suspend(str(a.Data, "Reason"))
	case "subscribe":
		return b.subscribe(str(a.Data, "Plan"))
	case "resume":
		return b.suspend("")
	case "restrict":
		return b.restrict(str(a.Data, "Role"))
	case "start_over":
		return b.startOver(), nil
	case "notify":
		return b.foreignEvent(a)
	case "traffic":
		return b.traffic(a.Data)
	case "close_books":
		a.Data = object{"AccountingInfoPrefs": object{"BookCloseDate": a.Data["BookCloseDate"]}}
		e, a.Action = b.entities["preferences"], "update"
	}
	if e == nil {
		return Result{}, fmt.Errorf("there is no entity %q", a.Type)
	}
	switch a.Action {
	case "create":
		return b.saved1(b.save(by, e, a.Data))
	case "update":
		return b.personUpdates(by, e, a)
	case "inactivate", "reactivate":
		body := object{"Id": a.ID, "Active": a.Action == "reactivate"}
		mergeInto(body, a.Data)
		body["Id"] = a.ID
		return b.saved1(b.save(by, e, body))
	case "delete", "void":
		rec, _, flt := b.remove(by, e, object{"Id": a.ID}, a.Action)
		if flt != nil {
			return Result{}, flt
		}
		if rec == nil {
			return Result{Type: e.name, ID: a.ID}, nil
		}
		return b.saved1(rec, nil)
	case "settle", "match", "unmatch":
		return b.mark(e, a.ID, a.Action)
	case "send":
		return b.saved1(b.send(by, e, a.ID, str(a.Data, "to")))
	case "merge":
		return b.merge(by, e, a.ID, a.Into)
	case "bump_all":
		return b.bumpAll(e, int(num(a.Data, "Count").IntPart())), nil
	default:
		return Result{}, fmt.Errorf("nobody can do %q here", a.Action)
	}
}

func (b *Box) saved1(rec *record, flt *fault) (Result, error) {
	if flt != nil {
		return Result{}, flt
	}
	return Result{Type: rec.ent.name, ID: rec.id, Record: rec.object()}, nil
}

func (b *Box) personUpdates(by *actor, e *entity, a Action) (Result, error) {
	if e.shape == singleton {
		o, flt := b.updateSingle(by, e, a.Data)
		if flt != nil {
			return Result{}, flt
		}
		return Result{Type: e.name, ID: "1", Record: cloneObject(o)}, nil
	}
	body := cloneObject(a.Data)
	if body == nil {
		body = object{}
	}
	body["Id"] = a.ID
	return b.saved1(b.save(by, e, body))
}

// merge joins two records of one list: everything moves to the winner, the
// loser becomes inactive and can never be changed again (reference section 4.5).
func (b *Box) merge(by *actor, e *entity, loser, winner string) (Result, error) {
	from, into := b.find(e.name, loser), b.find(e.name, winner)
	if from == nil || into == nil || from == into || e.shape != nameList {
		return Result{}, errors.New("a merge needs two records of one list")
	}
	was := from.object()
	if c := str(was, "CurrencyRef.value"); c != str(into.object(), "CurrencyRef.value") {
		return Result{}, errors.New("records in different currencies cannot be merged")
	}
	for _, user := range b.users(from) {
		b.patch(user, true, func(o object) {
			visitRefs(o, func(kind string, r object) {
				if kind == e.name && str(r, "value") == loser {
					r["value"] = winner
					if r["name"] != nil {
						r["name"] = into.title
					}
				}
			})
		})
	}
	for _, child := range b.children(from) {
		b.patch(child, true, func(o object) { o["ParentRef"] = ref(winner, "") })
		if e.name == "Customer" {
			total := num(child.object(), "BalanceWithJobs")
			b.oweAbove(from, total.Neg(), true)
			b.oweAbove(into, total, true)
		}
	}
	b.moveBalance(e, from, into)
	b.rebook(e, loser, winner)
	b.patch(from, true, func(o object) {
		raiseToken(o)
		o["Active"] = false
		key := "Name"
		if e.people {
			key = "DisplayName"
		}
		o[key] = str(o, key) + b.inactiveSuffix(e)
		if has(o, "FullyQualifiedName") && e.name != "Class" && e.name != "Department" {
			o["FullyQualifiedName"] = str(o, "FullyQualifiedName") + b.inactiveSuffix(e)
		}
	})
	b.patch(into, true, raiseToken)
	b.requalify(into)
	b.merged[from.handle()] = winner
	b.dirtyMeta = true
	b.logWrite(by, "merge", from, object{"into": winner})
	b.announce(by, into, "Merge", loser)
	return b.saved1(into, nil)
}

func (b *Box) moveBalance(e *entity, from, into *record) {
	if e.name != "Customer" && e.name != "Vendor" {
		return
	}
	amount := num(from.object(), "Balance")
	b.owe(e.name, from.id, amount.Neg(), true)
	b.owe(e.name, into.id, amount, true)
}

// bumpAll moves LastUpdatedTime of the first records of a list, as the
// vendor's own housekeeping does, without any change of content.
func (b *Box) bumpAll(e *entity, count int) Result {
	n := 0
	for _, r := range append([]*record(nil), b.tables[e.path()].ids.all()...) {
		if count > 0 && n >= count {
			break
		}
		b.patch(r, true, func(object) {})
		n++
	}
	return Result{Type: e.name, Count: n}
}

// receivePayment is the screen of that name.
func (b *Box) receivePayment(by *actor, a Action) (Result, error) {
	left := num(a.Data, "TotalAmt")
	body := object{"CustomerRef": ref(a.ID, ""), "TotalAmt": number(left)}
	for _, k := range []string{"TxnDate", "PaymentRefNum", "PaymentMethodRef", "PrivateNote"} {
		if v := a.Data[k]; v != nil {
			body[k] = v
		}
	}
	var lines []any
	pay := func(id string, amt decimal.Decimal) {
		lines = append(lines, object{"Amount": number(amt), "LinkedTxn": []any{object{"TxnId": id, "TxnType": "Invoice"}}})
	}
	if chosen, ok := a.Data["Invoices"].(object); ok {
		for _, id := range sortedKeys(chosen) {
			pay(id, num(chosen, id))
		}
	} else {
		for _, r := range b.openInvoices(a.ID) {
			amt := decimal.Min(left, num(r.object(), "Balance"))
			if amt.IsPositive() {
				pay(r.id, amt)
				left = left.Sub(amt)
			}
		}
	}
	body["Line"] = lines
	return b.saved1(b.save(by, b.entities["payment"], body))
}

// openInvoices are a customer's own, oldest first.
func (b *Box) openInvoices(customer string) []*record { return b.openOf("Invoice", customer) }

// invoiceEstimate makes one invoice of an estimate, or a part of it.
func (b *Box) invoiceEstimate(by *actor, a Action) (Result, error) {
	rec := b.find("Estimate", a.ID)
	if rec == nil {
		return Result{}, notFound()
	}
	est := rec.object()
	percent := decimal.NewFromInt(100)
	if hasNum(a.Data, "Percent") {
		percent = num(a.Data, "Percent")
	}
	var lines []any
	for _, l := range list(est, "Line") {
		if str(l, "DetailType") == "SubTotalLineDetail" {
			continue
		}
		l = cloneObject(l)
		delete(l, "Id")
		delete(l, "LineNum")
		if str(l, "DetailType") == "SalesItemLineDetail" {
			scaleLine(l, percent)
		}
		lines = append(lines, l)
	}
	body := object{
		"CustomerRef": est["CustomerRef"], "Line": lines, "LinkedTxn": []any{object{"TxnId": a.ID, "TxnType": "Estimate"}},
	}
	if code := dig(est, "TxnTaxDetail.TxnTaxCodeRef"); code != nil {
		body["TxnTaxDetail"] = object{"TxnTaxCodeRef": code}
	}
	for _, k := range []string{"CustomerMemo", "BillEmail", "SalesTermRef", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "CurrencyRef", "ExchangeRate"} {
		if est[k] != nil {
			body[k] = est[k]
		}
	}
	mergeInto(body, without(a.Data, "Percent"))
	return b.saved1(b.save(by, b.entities["invoice"], body))
}

func without(o object, keys ...string) object {
	out := cloneObject(o)
	for _, k := range keys {
		delete(out, k)
	}
	return out
}

func scaleLine(l object, percent decimal.Decimal) {
	share := percent.Div(decimal.NewFromInt(100))
	d, _ := l["SalesItemLineDetail"].(object)
	l["Amount"] = number(cents(num(l, "Amount").Mul(share)))
	if hasNum(d, "Qty") {
		d["Qty"] = number(num(d, "Qty").Mul(share))
	}
	if hasNum(d, "Qty") && hasNum(d, "UnitPrice") {
		l["Amount"] = number(cents(num(d, "Qty").Mul(num(d, "UnitPrice"))))
	}
}

// billOrder makes one bill of a purchase order, or a part of it.
func (b *Box) billOrder(by *actor, a Action) (Result, error) {
	rec := b.find("PurchaseOrder", a.ID)
	if rec == nil {
		return Result{}, notFound()
	}
	po := rec.object()
	share := decimal.NewFromInt(1)
	if hasNum(a.Data, "Percent") {
		share = num(a.Data, "Percent").Div(decimal.NewFromInt(100))
	}
	var lines []any
	for _, l := range list(po, "Line") {
		l = cloneObject(l)
		l["LinkedTxn"] = []any{object{"TxnId": a.ID, "TxnType": "PurchaseOrder", "TxnLineId": str(l, "Id")}}
		for _, k := range []string{"Id", "LineNum", "Received"} {
			delete(l, k)
		}
		l["Amount"] = number(cents(num(l, "Amount").Mul(share)))
		if d, ok := l["ItemBasedExpenseLineDetail"].(object); ok && hasNum(d, "Qty") {
			d["Qty"] = number(num(d, "Qty").Mul(share))
			l["Amount"] = number(cents(num(d, "Qty").Mul(num(d, "UnitPrice"))))
		}
		lines = append(lines, l)
	}
	body := object{"VendorRef": po["VendorRef"], "Line": lines}
	for _, k := range []string{"CurrencyRef", "ExchangeRate", "GlobalTaxCalculation"} {
		if po[k] != nil {
			body[k] = po[k]
		}
	}
	mergeInto(body, without(a.Data, "Percent"))
	return b.saved1(b.save(by, b.entities["bill"], body))
}
