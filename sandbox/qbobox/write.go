package qbobox

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// actor is who writes, and with which rights.
type actor struct {
	name      string // "api" or a person's name
	screens   bool   // a person in the vendor's screens may do more than the API
	requestID string
	trusted   bool // a bulk load: values are taken as they come
	// allowDuplicates is the include=allowduplicatedocnum of the call.
	allowDuplicates bool
}

func (a *actor) isAPI() bool { return !a.screens && !a.trusted }

// write is one create or update on its way.
type write struct {
	by     *actor
	ent    *entity
	asSent object // the body as it came
	sent   object // checked; nil values are to be cleared
	before object // nil for a create
	next   object // the candidate
	sparse bool
	stock  *entry // an item: the change of quantity that comes with it
}

func (w *write) creating() bool { return w.before == nil }

// has says whether the caller named a property.
func (w *write) has(key string) bool { _, ok := w.sent[key]; return ok }

// id is "" until a new record is stored.
func (w *write) id() string { return str(w.next, "Id") }

// preset fills a property that is missing from the candidate.
func (w *write) preset(key string, v any) {
	if _, ok := w.next[key]; !ok {
		w.next[key] = v
	}
}

// save creates or updates one record from a body. The record returned is the
// stored one, also when the write changed nothing.
func (b *Box) save(by *actor, e *entity, body object) (*record, *fault) {
	if e.shape == fixed || e.shape == singleton {
		return nil, unsupportedOperation("create")
	}
	w := &write{by: by, ent: e, asSent: body}
	var flt *fault
	if w.sent, flt = b.checkBody(by, e, body); flt != nil {
		return nil, flt
	}
	id := str(body, "Id")
	if id == "" || by.trusted {
		w.next = kept(w.sent)
		if by.trusted {
			b.adopt(w, body)
		}
	} else if flt := b.openUpdate(w, id); flt != nil {
		return nil, flt
	}
	if flt := b.settleCustomFields(w); flt != nil {
		return nil, flt
	}
	if flt := checkCards(w); flt != nil {
		return nil, flt
	}
	if flt := b.settleFeatures(w); flt != nil {
		return nil, flt
	}
	if flt := checkSizes(w); flt != nil {
		return nil, flt
	}
	if flt := e.complete(b, w); flt != nil {
		return nil, flt
	}
	w.next["domain"], w.next["sparse"] = "QBO", false
	if !w.creating() && equalBut(w.next, w.before, "SyncToken", "MetaData") {
		return b.find(e.name, id), nil // nothing changed: no new token, no new time
	}
	return b.commit(w), nil
}

// kept drops the properties that are to be cleared.
func kept(sent object) object {
	out := object{}
	for k, v := range sent {
		if v != nil {
			out[k] = clone(v)
		}
	}
	return out
}

// adopt takes over what only a loader may give: ids, times, read-only values.
func (b *Box) adopt(w *write, body object) {
	for _, k := range []string{"Id", "MetaData", "IsProject", "ItemGroupDetail", "Balance", "FullyQualifiedName"} {
		if v, ok := body[k]; ok && v != nil {
			w.next[k] = clone(v)
		}
	}
	if id := str(w.next, "Id"); id != "" {
		b.claimID(w.ent, id)
	}
}

// openUpdate builds the candidate of an update (reference section 4.2).
func (b *Box) openUpdate(w *write, id string) *fault {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return badID(id)
	}
	rec := b.find(w.ent.name, id)
	if rec == nil {
		return notFound()
	}
	if b.merged[rec.handle()] != "" {
		return business("You cannot modify a list element that has been deleted.")
	}
	w.before = rec.object()
	w.sparse = flag(w.asSent, "sparse") || w.by.screens
	if w.by.isAPI() {
		token := str(w.asSent, "SyncToken")
		if token == "" {
			return missing("SyncToken")
		}
		if token != str(w.before, "SyncToken") {
			return stale(b.lastWriter(rec))
		}
	}
	if w.sparse {
		w.next = cloneObject(w.before)
		for k, v := range w.sent {
			if v == nil {
				delete(w.next, k)
			} else {
				w.next[k] = clone(v)
			}
		}
		return nil
	}
	w.next = kept(w.sent)
	for k, v := range w.before {
		if survives(w.ent, k) {
			w.preset(k, clone(v))
		}
	}
	return nil
}

// survives says which properties a full update does not clear: the read-only
// ones, those fixed at creation, and, on sales forms, the number (recorded:
// a purchase order lost its number, a credit memo kept it).
func survives(e *entity, key string) bool {
	f, known := e.fields[key]
	switch {
	case !known, f.kind == kIgnore:
		return true
	case key == "CurrencyRef", key == "Balance", key == "QtyOnHand", key == "InvStartDate", key == "TrackQtyOnHand":
		return true
	case key == "AccountType", key == "AccountSubType", key == "ShipFromAddr":
		return true
	case key == "DocNumber":
		return numberSeries[e.name] == "sale" || numberSeries[e.name] == "estimate"
	default:
		return false
	}
}

func (b *Box) lastWriter(rec *record) string {
	if who := b.writers[rec.handle()]; who != "" && who != "api" {
		return who
	}
	return b.opt.UserName
}

// commit stores a candidate with its side effects, its log entry and its notification.
func (b *Box) commit(w *write) *record {
	op := "update"
	if w.creating() {
		op = "create"
		if w.id() == "" {
			w.next["Id"] = b.nextID(w.ent)
		}
		w.preset("SyncToken", "0")
		b.stampNew(w)
	} else {
		raiseToken(w.next)
		w.next["MetaData"] = clone(w.before["MetaData"])
		setUpdated(w.next, b.tick)
		b.stampWriter(w.next, w)
	}
	if w.ent.shape == document {
		b.number(w)
	}
	rec := b.put(w.ent, w.next)
	b.writers[rec.handle()] = w.by.name
	b.settle(w.by, w.ent, w.before, w.next)
	b.enterList(w, rec.id)
	b.cascade(w, rec)
	verb := map[string]string{"create": "Create", "update": "Update"}[op]
	if op == "update" && flag(w.before, "Active") && has(w.next, "Active") && !flag(w.next, "Active") {
		op = "inactivate"
		if !b.opt.Dials.InactiveIsUpdateEvent {
			verb = "Delete"
		}
	}
	b.logWrite(w.by, op, rec, w.asSent)
	b.announce(w.by, rec, verb, "")
	b.afterwards(w, op)
	return b.find(w.ent.name, rec.id)
}

func (b *Box) stampNew(w *write) {
	meta, ok := w.next["MetaData"].(object)
	if !ok {
		meta = object{}
		w.next["MetaData"] = meta
	}
	if meta["CreateTime"] == nil {
		meta["CreateTime"] = stampText(b.tick)
	}
	if meta["LastUpdatedTime"] == nil {
		meta["LastUpdatedTime"] = stampText(b.tick)
	}
	b.stampWriter(w.next, w)
}

// modifiedBy lists the entities whose MetaData names the last writer (reference section 3).
var modifiedBy = map[string]bool{"Invoice": true, "PurchaseOrder": true, "Bill": true}

func (b *Box) stampWriter(o object, w *write) {
	if modifiedBy[w.ent.name] && !w.by.trusted {
		inner(o, "MetaData")["LastModifiedByRef"] = ref(b.userID(w.by.name), "")
	}
}

// cascade carries a new name into everything that shows it: references and the
// qualified names below. None of that moves a token or a time (recorded:
// reference names follow silently).
func (b *Box) cascade(w *write, rec *record) {
	if w.creating() {
		return
	}
	oldTitle, _, _ := describe(w.ent, w.before)
	if oldTitle != rec.title {
		b.renameRefs(rec)
	}
	if str(w.before, "FullyQualifiedName") != str(w.next, "FullyQualifiedName") {
		b.requalify(rec)
	}
	was, is := str(w.before, "ParentRef.value"), str(w.next, "ParentRef.value")
	if w.ent.name == "Account" && was != is {
		total := num(w.next, "CurrentBalanceWithSubAccounts")
		b.sumAbove(b.find("Account", was), total.Neg())
		b.sumAbove(b.find("Account", is), total)
	}
	if w.ent.name == "Customer" && was != is {
		total := num(w.next, "BalanceWithJobs")
		b.oweAbove(b.find("Customer", was), total.Neg(), true)
		b.oweAbove(b.find("Customer", is), total, true)
	}
}

func (b *Box) renameRefs(rec *record) {
	for _, user := range b.users(rec) {
		b.patch(user, false, func(o object) {
			visitRefs(o, func(kind string, r object) {
				if kind == rec.ent.name && str(r, "value") == rec.id && r["name"] != nil {
					r["name"] = rec.title
				}
			})
		})
	}
}

func (b *Box) requalify(rec *record) {
	parent := str(rec.object(), "FullyQualifiedName")
	for _, child := range b.children(rec) {
		title := child.title
		b.patch(child, false, func(o object) {
			o["FullyQualifiedName"] = parent + ":" + ownName(o)
		})
		if child.title != title {
			b.renameRefs(child)
		}
		b.requalify(child)
	}
}

func ownName(o object) string {
	if n := str(o, "DisplayName"); n != "" {
		return n
	}
	return str(o, "Name")
}

// remove deletes or voids: the operations that name an id and a token only.
func (b *Box) remove(by *actor, e *entity, body object, how string) (*record, object, *fault) {
	op, void := "delete", how != "delete"
	if void {
		op = "void"
	}
	if e.shape != document {
		return nil, nil, unsupportedOperation(op)
	}
	id := str(body, "Id")
	if id == "" {
		return nil, nil, missing("Id")
	}
	rec := b.find(e.name, id)
	if rec == nil {
		return nil, nil, notFound()
	}
	before := rec.object()
	if by.isAPI() {
		if token := str(body, "SyncToken"); token == "" {
			return nil, nil, missing("SyncToken")
		} else if token != str(before, "SyncToken") {
			return nil, nil, stale(b.lastWriter(rec))
		}
	}
	if flt := b.checkClosed(by, str(before, "TxnDate")); flt != nil {
		return nil, nil, flt
	}
	if len(list(before, "LinkedTxn")) > 0 && (e.name == "Payment" || e.name == "SalesReceipt") && by.isAPI() {
		return nil, nil, deposited()
	}
	if flt := mayVoid(by, e, how); void && flt != nil {
		return nil, nil, flt
	}
	if flt := b.heldFast(by, rec); flt != nil {
		return nil, nil, flt
	}
	if void {
		rec, flt := b.void(by, e, rec, before)
		return rec, nil, flt
	}
	b.settle(by, e, before, nil)
	delete(b.marks, rec.handle())
	b.drop(rec)
	b.dropFile(rec)
	b.deleted[e.name] = append(b.deleted[e.name], stub{ID: id, Time: b.tick, By: by.name})
	b.dirtyDeleted = append(b.dirtyDeleted, handle(e.name, id))
	b.logWrite(by, "delete", rec, body)
	b.announce(by, rec, "Delete", "")
	return nil, object{"domain": "QBO", "status": "Deleted", "Id": id}, nil
}

// stub is what is left of a deleted transaction.
type stub struct {
	ID   string `json:"id"`
	Time int64  `json:"time"`
	By   string `json:"by"`
}

// checkClosed refuses dates in a closed year (reference section 12.2, 6200 and 6210).
func (b *Box) checkClosed(by *actor, dates ...string) *fault {
	closed := str(b.preferences(), "AccountingInfoPrefs.BookCloseDate")
	if closed == "" || !by.isAPI() {
		return nil
	}
	for _, d := range dates {
		if d != "" && d <= closed {
			if b.opt.ClosingPassword != "" {
				return coded("6210", "Account period closed, cannot update through API")
			}
			return coded("6200", "Account period closed")
		}
	}
	return nil
}

func zeroLines(lines []object) {
	zero := number(decimal.Zero)
	for _, l := range lines {
		if has(l, "Amount") {
			l["Amount"] = zero
		}
		for k, v := range l {
			d, ok := v.(object)
			if !ok || !strings.HasSuffix(k, "Detail") {
				continue
			}
			for _, q := range []string{"Qty", "UnitPrice", "TaxInclusiveAmt"} {
				if has(d, q) {
					d[q] = zero
				}
			}
			zeroLines(list(d, "Line"))
		}
	}
}
