package qbobox

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// record is one stored entity: its bytes as a list answer shows them, and
// what the indexes need.
type record struct {
	ent     *entity
	id      string
	num     int64 // the id as a number, 0 for ids such as TAX
	raw     []byte
	sync    int
	updated int64
	active  bool
	title   string   // what references to it show
	sort    string   // default order of lists
	key     string   // the unique name, folded; "" has none
	own     string   // the name without its parents, folded
	refs    []string // what it points at: "Customer:1"
	typ     string   // an account's type
}

func (r *record) object() object { return mustDecode(r.raw) }

// handle names a record across lists.
func handle(entity, id string) string { return entity + ":" + id }

func (r *record) handle() string { return handle(r.ent.name, r.id) }

// table is one list with the orders that queries walk.
type table struct {
	ent    *entity
	byID   map[string]*record
	normal order // the order of answers without ORDER BY
	ids    order
	times  order
}

func newTable(e *entity) *table {
	t := &table{ent: e, byID: map[string]*record{}}
	t.ids.less = func(a, b *record) int { return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.id, b.id)) }
	t.times.less = func(a, b *record) int { return cmp.Or(cmp.Compare(a.updated, b.updated), t.ids.less(a, b)) }
	t.normal.less = func(a, b *record) int { return cmp.Or(cmp.Compare(a.sort, b.sort), t.ids.less(a, b)) }
	if e.shape == document || e.shape == fixed && !listLike[e.name] {
		t.normal.less = func(a, b *record) int { return -t.times.less(a, b) }
	}
	for _, ord := range t.orders() {
		ord.from = t.byID
	}
	return t
}

// listLike are read-only entities with names instead of dates.
var listLike = map[string]bool{"TaxCode": true, "TaxRate": true, "CustomerType": true, "JournalCode": true}

func (t *table) orders() []*order { return []*order{&t.normal, &t.ids, &t.times} }

// order keeps records sorted. Single changes are placed at once; a bulk load
// only marks it, and the next read sorts the whole list.
type order struct {
	less func(a, b *record) int
	from map[string]*record
	recs []*record
	bulk bool
	old  bool // recs must be built anew
}

func (o *order) insert(r *record) {
	if o.bulk || o.old {
		o.old = true
		return
	}
	i, _ := slices.BinarySearchFunc(o.recs, r, o.less)
	o.recs = slices.Insert(o.recs, i, r)
}

// remove must be called before any sorted property of the record changes.
func (o *order) remove(r *record) {
	if o.bulk || o.old {
		o.old = true
		return
	}
	if i, ok := slices.BinarySearchFunc(o.recs, r, o.less); ok {
		o.recs = slices.Delete(o.recs, i, i+1)
	}
}

func (o *order) all() []*record {
	if o.old {
		o.recs = o.recs[:0]
		for _, r := range o.from {
			o.recs = append(o.recs, r)
		}
		slices.SortFunc(o.recs, o.less)
		o.old = false
	}
	return o.recs
}

// put stores an object under its id and keeps all indexes right.
func (b *Box) put(e *entity, o object) *record {
	t := b.tables[e.path()]
	id := str(o, "Id")
	rec := t.byID[id]
	if rec != nil {
		b.unindex(t, rec)
	} else {
		rec = &record{ent: e, id: id}
		rec.num, _ = strconv.ParseInt(id, 10, 64)
		t.byID[id] = rec
	}
	rec.raw = encode(o)
	rec.sync, _ = strconv.Atoi(str(o, "SyncToken"))
	rec.updated = metaTime(o)
	rec.active = !has(o, "Active") || flag(o, "Active")
	rec.title, rec.sort, rec.key = describe(e, o)
	rec.own = fold(str(o, "Name"))
	rec.refs = references(o)
	if e.name == "Account" {
		rec.typ = str(o, "AccountType")
	}
	b.index(t, rec)
	b.dirty[rec.handle()] = rec
	return rec
}

// metaTime is LastUpdatedTime, or CreateTime where a record lacks the former.
func metaTime(o object) int64 {
	for _, k := range []string{"MetaData.LastUpdatedTime", "MetaData.CreateTime"} {
		if t, err := time.Parse(time.RFC3339, str(o, k)); err == nil {
			return t.Unix()
		}
	}
	return 0
}

func (b *Box) index(t *table, rec *record) {
	for _, ord := range t.orders() {
		ord.insert(rec)
	}
	if rec.key != "" {
		k := nameSpace(rec.ent, rec.key)
		b.names[k] = append(b.names[k], rec)
	}
	if rec.own != "" {
		k := ownSpace(rec.ent, rec.own)
		b.names[k] = append(b.names[k], rec)
	}
	for _, r := range rec.refs {
		set := b.usedBy[r]
		if set == nil {
			set = map[*record]struct{}{}
			b.usedBy[r] = set
		}
		set[rec] = struct{}{}
	}
}

func (b *Box) unindex(t *table, rec *record) {
	for _, ord := range t.orders() {
		ord.remove(rec)
	}
	if rec.key != "" {
		b.unname(nameSpace(rec.ent, rec.key), rec)
	}
	if rec.own != "" {
		b.unname(ownSpace(rec.ent, rec.own), rec)
	}
	for _, r := range rec.refs {
		delete(b.usedBy[r], rec)
		if len(b.usedBy[r]) == 0 {
			delete(b.usedBy, r)
		}
	}
}

func (b *Box) unname(key string, rec *record) {
	b.names[key] = slices.DeleteFunc(b.names[key], func(r *record) bool { return r == rec })
	if len(b.names[key]) == 0 {
		delete(b.names, key)
	}
}

// drop removes a record for good.
func (b *Box) drop(rec *record) {
	t := b.tables[rec.ent.path()]
	b.unindex(t, rec)
	delete(t.byID, rec.id)
	delete(b.dirty, rec.handle())
	b.gone[rec.handle()] = rec
}

// nameSpace joins the lists that share their names.
func nameSpace(e *entity, key string) string {
	switch {
	case e.people:
		return "people\x00" + key
	case numberSeries[e.name] != "":
		return numberSeries[e.name] + "\x00" + key
	default:
		return e.name + "\x00" + key
	}
}

// ownSpace is where records of one list are found by their own name.
func ownSpace(e *entity, own string) string { return "own " + e.name + "\x00" + own }

// numberSeries are the running sequences of document numbers (reference section 4.10).
var numberSeries = map[string]string{
	"Invoice": "sale", "CreditMemo": "sale", "SalesReceipt": "sale", "RefundReceipt": "sale",
	"Estimate": "estimate", "PurchaseOrder": "purchaseorder",
}

func fold(s string) string { return strings.ToLower(s) }

// describe gives a record's shown name, its place in the default order and its unique key.
func describe(e *entity, o object) (title, sort, key string) {
	switch {
	case e.people:
		title = str(o, "DisplayName")
		sort = cmp.Or(str(o, "FullyQualifiedName"), title)
		return title, sort, fold(title)
	case e.name == "TaxAgency":
		title = str(o, "DisplayName")
		return title, title, fold(title)
	case e.name == "CompanyCurrency":
		return str(o, "Name"), str(o, "Code"), fold(str(o, "Code"))
	case e.name == "Account":
		title = cmp.Or(str(o, "FullyQualifiedName"), str(o, "Name"))
		return title, str(o, "Name"), fold(title)
	case e.shape == document, e.shape == fixed && !listLike[e.name]:
		if numberSeries[e.name] != "" {
			key = fold(str(o, "DocNumber"))
		}
		return "", "", key
	default:
		title = cmp.Or(str(o, "FullyQualifiedName"), str(o, "Name"))
		key = title
		if has(o, "Active") && !flag(o, "Active") && strings.HasSuffix(str(o, "Name"), " (Deleted)") && !strings.HasSuffix(title, " (Deleted)") {
			key += " (Deleted)" // its own name became free
		}
		return title, title, fold(key)
	}
}

// refEntities says which list a reference property points at, by its key.
var refEntities = map[string]string{
	"CustomerRef": "Customer", "VendorRef": "Vendor", "ItemRef": "Item", "GroupItemRef": "Item", "AccountRef": "Account",
	"ItemAccountRef": "Account", "IncomeAccountRef": "Account", "ExpenseAccountRef": "Account", "AssetAccountRef": "Account",
	"APAccountRef": "Account", "ARAccountRef": "Account", "DiscountAccountRef": "Account", "SalesTermRef": "Term",
	"PaymentMethodRef": "PaymentMethod", "PrefVendorRef": "Vendor", "ClassRef": "Class", "DepartmentRef": "Department",
	"ProjectRef": "Customer", "ShipTo": "Customer", "BankAccountRef": "Account", "AdjustAccountRef": "Account", "CCAccountRef": "Account", "FromAccountRef": "Account",
	"ToAccountRef": "Account", "DepositToAccountRef": "Account", "EmployeeRef": "Employee", "CustomerTypeRef": "CustomerType",
}

// references lists what an object points at, so that renames and merges find it.
func references(o object) []string {
	var out []string
	visitRefs(o, func(kind string, r object) { out = append(out, handle(kind, str(r, "value"))) })
	visitLinks(o, func(link object) { out = append(out, handle(str(link, "TxnType"), str(link, "TxnId"))) })
	if p := str(o, "ParentRef.value"); p != "" {
		out = append(out, "Parent:"+p)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func visitRefs(v any, visit func(kind string, r object)) {
	switch v := v.(type) {
	case object:
		for k, e := range v {
			if r, ok := e.(object); ok && (k == "EntityRef" || k == "Entity") && r["value"] != nil {
				if kind, ok := r["type"].(string); ok {
					visit(kind, r)
					continue
				}
			}
			if kind := refEntities[k]; kind != "" {
				if r, ok := e.(object); ok && r["value"] != nil {
					visit(kind, r)
				}
				continue
			}
			if k == "MetaData" || k == "BillAddr" || k == "ShipAddr" {
				continue
			}
			visitRefs(e, visit)
		}
	case []any:
		for _, e := range v {
			visitRefs(e, visit)
		}
	}
}

// visitLinks walks the links of a document and of its lines.
func visitLinks(o object, visit func(link object)) {
	for _, k := range list(o, "LinkedTxn") {
		visit(k)
	}
	for _, l := range list(o, "Line") {
		for _, k := range list(l, "LinkedTxn") {
			visit(k)
		}
	}
}

// children are the records of one list below a parent.
func (b *Box) children(rec *record) []*record {
	var out []*record
	for r := range b.usedBy["Parent:"+rec.id] {
		if r.ent == rec.ent {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, b.tables[rec.ent.path()].ids.less)
	return out
}

// users are the records that point at one, in a repeatable order.
func (b *Box) users(rec *record) []*record {
	out := make([]*record, 0, len(b.usedBy[rec.handle()]))
	for r := range b.usedBy[rec.handle()] {
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y *record) int {
		return cmp.Or(cmp.Compare(x.ent.name, y.ent.name), cmp.Compare(x.num, y.num), cmp.Compare(x.id, y.id))
	})
	return out
}

// find returns a record by entity name and id, or nil.
func (b *Box) find(entity, id string) *record {
	t := b.tables[strings.ToLower(entity)]
	if t == nil {
		return nil
	}
	return t.byID[id]
}

// patch changes a stored object without a new SyncToken: the side effects of
// other writes. bump also moves LastUpdatedTime.
func (b *Box) patch(rec *record, bump bool, change func(o object)) {
	o := rec.object()
	change(o)
	if bump {
		setUpdated(o, b.tick)
	}
	b.put(rec.ent, o)
}

func setUpdated(o object, sec int64) {
	meta, ok := o["MetaData"].(object)
	if !ok {
		meta = object{}
		o["MetaData"] = meta
	}
	meta["LastUpdatedTime"] = stampText(sec)
}

func raiseToken(o object) {
	n, _ := strconv.Atoi(str(o, "SyncToken"))
	o["SyncToken"] = strconv.Itoa(n + 1)
}

// nextID hands out ids the way the vendor does: names share one series,
// transactions another.
func (b *Box) nextID(e *entity) string {
	s := series(e)
	b.seq[s]++
	return strconv.FormatInt(b.seq[s], 10)
}

func series(e *entity) string {
	switch {
	case e.people:
		return "names"
	case e.name == "Attachable":
		return e.name
	case e.shape == document || e.shape == fixed && !listLike[e.name]:
		return "transactions"
	default:
		return e.name
	}
}

// claimID makes sure that an id given by a loader is not handed out again.
func (b *Box) claimID(e *entity, id string) {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > b.seq[series(e)] {
		b.seq[series(e)] = n
	}
}

func (b *Box) nextAddressID() string {
	b.seq["address"]++
	return strconv.FormatInt(b.seq["address"], 10)
}

func jsonInt(n int) json.Number { return json.Number(strconv.Itoa(n)) }
