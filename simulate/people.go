package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/simulate/invariant"
	"crossbook/store"
)

type object = map[string]any

var (
	crmModules      = []string{"Vendors", "Accounts", "Contacts", "Products"}
	booksEntities   = []string{"Vendor", "Customer", "Item"}
	documentModules = []string{"Quotes", "Invoices", "Purchase_Orders"}
)

func marshal(v any) ([]byte, error) { return json.Marshal(v) }

// crmRecords are the living records of a CRM module, in order of their ids.
func (w *world) crmRecords(module string) []object {
	return objects(part(w.crm.State(module), "records")[module])
}

// part and objects take a state page apart; what is not there is empty.
func part(state object, key string) object {
	o, _ := state[key].(object)
	return o
}

func objects(v any) []object {
	rows, _ := v.([]any)
	out := make([]object, 0, len(rows))
	for _, r := range rows {
		if o, ok := r.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

// crmSeq and booksSeq are the lengths of the vendors' write logs.
func (w *world) crmSeq() int { return len(objects(w.crm.State()["writes"])) }

func (w *world) booksSeq() int { return len(w.books.Writes()) }

type snapshot map[invariant.Ref]map[string]string

func (w *world) snapCRM() (snapshot, int) {
	out := snapshot{}
	whole := w.crm.State(crmModules...)
	records := part(whole, "records")
	for _, m := range crmModules {
		for _, o := range objects(records[m]) {
			out[invariant.Ref{Side: invariant.CRM, Type: m, ID: fmt.Sprint(o["id"])}] = invariant.CRMFields(m, o)
		}
	}
	return out, lastSeq(whole)
}

// lastSeq is the number of the last write the state tells of.
func lastSeq(state object) int {
	writes := objects(state["writes"])
	if len(writes) == 0 {
		return 0
	}
	seq, _ := writes[len(writes)-1]["seq"].(int)
	return seq
}

func (w *world) snapBooks() snapshot {
	out := snapshot{}
	for _, e := range booksEntities {
		for _, o := range w.books.All(e) {
			out[invariant.Ref{Side: invariant.Books, Type: e, ID: fmt.Sprint(o["Id"])}] = invariant.BooksFields(e, o)
		}
	}
	return out
}

// doCRM lets a person act in the CRM and keeps what came of it.
func (w *world) doCRM(a zohobox.Action) (id string, ok bool) {
	if a.User == "" {
		a.User = "Office Admin"
	}
	before, _ := w.snapCRM()
	res, err := w.crm.Do(w.ctx, a)
	if err != nil {
		w.log("person in Zoho CRM is refused: %v", err)
		return "", false
	}
	after, seq := w.snapCRM()
	if slices.Contains(documentModules, a.Type) {
		seq = lastSeq(w.crm.State(a.Type))
	}
	w.remember(invariant.Deed{Side: invariant.CRM, Type: a.Type, ID: res.ID, Action: a.Action, Into: a.Into, CRMSeq: seq}, before, after)
	w.log("person in Zoho CRM: %s %s %s %s %s", a.Action, a.Type, res.ID, a.Into, said(a.Data))
	return res.ID, true
}

// doBooks lets a person act in QuickBooks.
func (w *world) doBooks(a qbobox.Action) (res qbobox.Result, ok bool) {
	before := w.snapBooks()
	a.User = "Bookkeeper"
	res, err := w.books.Do(w.ctx, a)
	if err != nil {
		w.log("person in QuickBooks is refused: %v", err)
		return res, false
	}
	id := res.ID
	if a.ID != "" && a.Action != "receive_payment" && a.Action != "invoice_estimate" && a.Action != "bill_order" {
		id = a.ID
	}
	w.remember(invariant.Deed{Side: invariant.Books, Type: a.Type, ID: id, Action: a.Action, Into: a.Into}, before, w.snapBooks())
	w.log("person in QuickBooks: %s %s %s %s %s", a.Action, a.Type, res.ID, a.Into, said(a.Data))
	return res, true
}

func said(data object) string {
	if data == nil {
		return ""
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err.Error()
	}
	return short(string(raw), 400)
}

// remember keeps a deed with every mapped field it changed.
func (w *world) remember(d invariant.Deed, before, after snapshot) {
	d.Seq, d.At = len(w.deeds), w.clock.Now()
	refs := slices.SortedFunc(maps.Keys(after), func(a, b invariant.Ref) int {
		return strings.Compare(a.Type+a.ID, b.Type+b.ID)
	})
	for _, ref := range refs {
		was, existed := before[ref]
		if !existed && d.Action == "restore" {
			continue
		}
		mine := ref.ID == d.ID || d.Action == "merge" && ref.ID == d.Into
		for _, f := range slices.Sorted(maps.Keys(after[ref])) {
			if after[ref][f] == was[f] {
				continue
			}
			d.Edits = append(d.Edits, invariant.Edit{
				Deed: d.Seq, At: d.At, Side: ref.Side, Type: ref.Type, ID: ref.ID, Field: f, Old: was[f], New: after[ref][f],
				Echo: !mine && existed,
			})
		}
	}
	w.deeds = append(w.deeds, d)
}

// step is one thing that happens.
func (w *world) step() {
	w.clock.advance(time.Duration(w.rng.IntN(20_000)) * time.Millisecond)
	switch n := w.rng.IntN(100); {
	case n < 44:
		w.act()
	case n < 53:
		w.duel()
	case n < 88:
		w.work()
	case n < 96:
		w.fail()
	default:
		w.clock.advance(time.Duration(pick(w.rng, []int{6, 11, 30, 90, 300})) * time.Minute)
		w.log("time passes")
	}
}

// act is one thing that one person does.
func (w *world) act() {
	w.clock.advance(time.Duration(w.rng.IntN(2500)) * time.Millisecond)
	acts := []func(){w.actVendor}
	if w.profile.products {
		acts = append(acts, w.actProduct)
	}
	if w.profile.customers {
		acts = append(acts, w.actCustomer, w.actCustomer)
	}
	if w.profile.documents {
		acts = append(acts, w.actDocument, w.actDocument)
	}
	pick(w.rng, acts)()
}

// populate is what both systems hold before they are connected: partly the
// same parties and things, spelled differently.
func (w *world) populate() {
	w.someVendors()
	if w.profile.products {
		w.someProducts()
	}
	if w.profile.customers {
		w.someCustomers()
	}
	if w.profile.documents {
		for range 1 + w.rng.IntN(3) {
			w.newDocument()
		}
	}
}

// next is a number nobody used yet.
func (w *world) next() int {
	w.names++
	return w.names
}

// livePairs are the home links of the two-way modules, in order.
func (w *world) livePairs() []crossbook.Link {
	var out []crossbook.Link
	err := w.store.View(w.ctx, func(tx *store.Tx) error {
		out = nil
		for _, m := range crmModules {
			links, err := tx.WalkLinks(w.ctx, w.conn.ID, crossbook.Module(m), "", 200)
			if err != nil {
				return err
			}
			for _, l := range links {
				if l.Kind == crossbook.Home && l.State == crossbook.Linked {
					out = append(out, l)
				}
			}
		}
		return nil
	})
	if err != nil {
		w.violate("simulation", "%v", err)
	}
	return out
}

// duel is two people who edit both sides of one pair between two syncs.
func (w *world) duel() {
	pairs := w.livePairs()
	if len(pairs) == 0 {
		return
	}
	l := pick(w.rng, pairs)
	knobs := knobsOf(string(l.Module), string(l.Part))
	a := pick(w.rng, knobs)
	b := a
	if chance(w.rng, 40) {
		b = pick(w.rng, knobs)
	}
	done := 0
	first := chance(w.rng, 50)
	for i := range 2 {
		if (i == 0) == first {
			if w.turnCRM(string(l.Module), l.CRMID, a) {
				done++
			}
		} else if w.turnBooks(string(l.Entity), l.BooksID, b) {
			done++
		}
		w.clock.advance(time.Duration(w.rng.IntN(3000)) * time.Millisecond)
	}
	if done == 2 {
		w.duels++
	}
}
