package qbobox

import (
	"maps"
	"slices"
)

// billable is what stands in the BillableStatus of work and costs that a
// customer is to pay and has not been sent an invoice for.
const billable = "Billable"

// unbilled tells whether a customer owes for work or costs that no invoice has
// billed (reference section 4.5).
func (b *Box) unbilled(customer string) bool {
	rec := b.find("Customer", customer)
	if rec == nil {
		return false
	}
	for user := range b.usedBy[rec.handle()] {
		switch user.ent.name {
		case "TimeActivity":
			if o := user.object(); str(o, "BillableStatus") == billable && str(o, "CustomerRef.value") == customer {
				return true
			}
		case "Bill", "Purchase":
			for _, l := range list(user.object(), "Line") {
				if d := costOf(l); str(d, "BillableStatus") == billable && str(d, "CustomerRef.value") == customer {
					return true
				}
			}
		}
	}
	return false
}

// costOf is the detail of a line of a bill or an expense.
func costOf(l object) object {
	d, _ := l[str(l, "DetailType")].(object)
	return d
}

// raiseCharges keeps a reimburse charge for each cost that is on to a customer,
// and the document's links to them (reference section 5.8). Clients only read them.
func (b *Box) raiseCharges(e *entity, before, after object) {
	if e.name != "Bill" && e.name != "Purchase" {
		return
	}
	doc := str(cmpObject(after, before), "Id")
	old := map[string]*record{}
	for r := range b.usedBy[handle(e.name, doc)] {
		if r.ent.name == "ReimburseCharge" {
			old[str(list(r.object(), "LinkedTxn")[0], "TxnLineId")] = r
		}
	}
	var charges []string
	of := map[string]string{}
	for _, l := range list(after, "Line") {
		d := costOf(l)
		status := str(d, "BillableStatus")
		if str(d, "CustomerRef.value") == "" || status != billable && status != "HasBeenBilled" {
			continue
		}
		line := str(l, "Id")
		of[line] = b.raiseCharge(e, after, line, l, old[line])
		charges = append(charges, of[line])
		delete(old, line)
	}
	for _, line := range slices.Sorted(maps.Keys(old)) {
		b.drop(old[line])
	}
	rec := b.find(e.name, doc)
	if rec == nil || len(charges) == 0 && len(old) == 0 {
		return
	}
	b.patch(rec, false, func(o object) {
		setCharges(o, charges...)
		for _, l := range list(o, "Line") {
			if id := of[str(l, "Id")]; id != "" {
				setCharges(l, id)
			} else if chargeLink(l) != "" {
				setCharges(l)
			}
		}
	})
}

// setCharges puts links to charges behind the others.
func setCharges(o object, ids ...string) {
	links := slices.DeleteFunc(list(o, "LinkedTxn"), isCharge)
	for _, id := range ids {
		links = append(links, object{"TxnId": id, "TxnType": "ReimburseCharge"})
	}
	o["LinkedTxn"] = anys(links)
}

func isCharge(link object) bool { return str(link, "TxnType") == "ReimburseCharge" }

// chargeLink is the charge that a line leads to.
func chargeLink(l object) string {
	for _, k := range list(l, "LinkedTxn") {
		if isCharge(k) {
			return str(k, "TxnId")
		}
	}
	return ""
}

// keepCharge: the link to a charge stays on its line whatever a client sends.
func keepCharge(w *write, l object) {
	if w.by.trusted {
		return
	}
	links := slices.DeleteFunc(list(l, "LinkedTxn"), isCharge)
	for _, old := range list(w.before, "Line") {
		if id := chargeLink(old); id != "" && str(old, "Id") == str(l, "Id") {
			links = append(links, object{"TxnId": id, "TxnType": "ReimburseCharge"})
		}
	}
	if len(links) > 0 || has(l, "LinkedTxn") {
		l["LinkedTxn"] = anys(links)
	}
}

func (b *Box) raiseCharge(e *entity, doc object, line string, l object, rec *record) string {
	charges := b.entities["reimbursecharge"]
	o := object{
		"domain": "QBO", "sparse": false, "SyncToken": "0", "HasBeenInvoiced": str(costOf(l), "BillableStatus") == "HasBeenBilled",
		"MetaData": object{"CreateTime": stampText(b.tick), "LastUpdatedTime": stampText(b.tick)},
	}
	known := chargeLink(l)
	switch {
	case rec != nil:
		o = rec.object()
	case known != "" && b.find("ReimburseCharge", known) == nil: // of a document that was loaded
		o["Id"] = known
		b.claimID(charges, known)
	default:
		o["Id"] = b.nextID(charges)
	}
	o["CustomerRef"], o["Amount"], o["TxnDate"] = clone(costOf(l)["CustomerRef"]), l["Amount"], doc["TxnDate"]
	if doc["CurrencyRef"] != nil {
		o["CurrencyRef"] = clone(doc["CurrencyRef"])
	}
	o["LinkedTxn"] = []any{object{"TxnId": str(doc, "Id"), "TxnType": e.name, "TxnLineId": line}}
	return b.put(charges, o).id
}

// linkCharges marks work and costs as billed when an invoice takes them, and
// as billable again when it lets go.
func (b *Box) linkCharges(old, now *effects, bump bool) {
	for _, h := range slices.Sorted(maps.Keys(union(old.charged, now.charged))) {
		rec := b.find(splitHandle(h))
		if rec == nil || old.charged[h] == now.charged[h] {
			continue
		}
		status := billable
		if now.charged[h] {
			status = "HasBeenBilled"
		}
		if rec.ent.name == "TimeActivity" {
			b.patch(rec, bump, func(o object) { o["BillableStatus"] = status })
			continue
		}
		b.patch(rec, bump, func(o object) { o["HasBeenInvoiced"] = now.charged[h] })
		from := list(rec.object(), "LinkedTxn")[0]
		cost := b.find(str(from, "TxnType"), str(from, "TxnId"))
		if cost == nil {
			continue
		}
		b.patch(cost, bump, func(o object) {
			for _, l := range list(o, "Line") {
				if str(l, "Id") == str(from, "TxnLineId") {
					costOf(l)["BillableStatus"] = status
				}
			}
		})
	}
}

// checkChargeLink: reimburse charges are put on invoices in the screens only.
func (b *Box) checkChargeLink(w *write, id string) *fault {
	rec := b.find("ReimburseCharge", id)
	if rec == nil {
		return notFound()
	}
	o := rec.object()
	if flag(o, "HasBeenInvoiced") && !b.effects(w.ent, w.before).charged[rec.handle()] && !w.by.trusted {
		return coded("620", "Transaction "+id+" cannot be linked")
	}
	return nil
}
