package qbobox

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Load puts many objects of one entity into the box, without notifications
// and without the write log.
//
// An object with a SyncToken is taken word for word, as a recording. Any other
// is completed as if a person had typed it: lines are numbered, totals, taxes,
// balances and links worked out. Ids, MetaData, DocNumber, Active and
// IsProject may be given; a customer's Balance then is an opening balance.
// Unknown entities become read-only lists. Load names before the documents
// that use them.
func (b *Box) Load(entity string, objects []map[string]any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	e := b.entityFor(entity)
	if e == nil {
		return fmt.Errorf("load %q: not a name of an entity", entity)
	}
	b.bulk(true)
	defer b.bulk(false)
	by := &actor{name: "loader", trusted: true}
	taken := []object{}
	b.bulkGoods(true)
	defer b.bulkGoods(false)
	for i, o := range objects {
		o := normal(o)
		if err := b.loadOne(by, e, o); err != nil {
			return fmt.Errorf("load %s %d of %d: %w", e.name, i+1, len(objects), err)
		}
		if has(o, "SyncToken") {
			taken = append(taken, o)
		}
	}
	b.bulkGoods(false)
	b.enterTaken(e, taken)
	return b.flush()
}

// entityFor finds an entity or makes a read-only one.
func (b *Box) entityFor(n string) *entity {
	if n == "" || strings.ToLower(n) == n || strings.ContainsAny(n, " .:/") {
		return b.entities[strings.ToLower(n)]
	}
	e := b.entities[strings.ToLower(n)]
	if e == nil {
		e = fixedEntity(n, false)
		b.entities[e.path()] = e
		b.tables[e.path()] = newTable(e)
	}
	return e
}

func (b *Box) bulk(on bool) {
	for _, t := range b.tables {
		for _, o := range t.orders() {
			o.bulk = on
		}
	}
}

func (b *Box) loadOne(by *actor, e *entity, o object) error {
	if e.shape == singleton {
		mergeInto(b.singles[e.name], o)
		b.dirtyMeta = true
		return nil
	}
	if e.shape == fixed || has(o, "SyncToken") {
		if str(o, "Id") == "" {
			o["Id"] = b.nextID(e)
		}
		b.take(e, o)
		return nil
	}
	if _, flt := b.save(by, e, o); flt != nil {
		return flt
	}
	return nil
}

// take stores a finished object word for word.
func (b *Box) take(e *entity, o object) *record {
	b.claimID(e, str(o, "Id"))
	for _, k := range []string{"BillAddr", "ShipAddr", "ShipFromAddr", "VendorAddr"} {
		if n := num(o, k+".Id"); n.GreaterThan(decimal.NewFromInt(b.seq["address"])) {
			b.seq["address"] = n.IntPart()
		}
	}
	if !has(o, "domain") {
		o["domain"], o["sparse"] = "QBO", false
	}
	if s := numberSeries[e.name]; s != "" {
		if n := str(o, "DocNumber"); laterNumber(n, b.lastNumber[s]) {
			b.lastNumber[s] = n
		}
	}
	return b.put(e, o)
}

// laterNumber keeps the counter of document numbers at the highest one loaded.
func laterNumber(n, than string) bool {
	if n == "" {
		return false
	}
	return than == "" || cmp.Or(cmp.Compare(len(n), len(than)), cmp.Compare(n, than)) > 0
}

// exchange is one recorded call.
type exchange struct {
	Status   int             `json:"status"`
	Response json.RawMessage `json:"response"`
}

// version is one state of a record seen in a recording.
type version struct {
	o    object
	time string // of the answer it came in
}

func (v version) newer(w version) bool {
	a, b := metaTime(v.o), metaTime(w.o)
	if a != b {
		return a > b
	}
	s := func(o object) int64 { return num(o, "SyncToken").IntPart() }
	if x, y := s(v.o), s(w.o); x != y {
		return x > y
	}
	return v.time > w.time
}

// LoadRecorded fills the company with the records found in recorded exchanges,
// files of {request, status, response}, under their own ids. Of several
// states of one record the newest wins: by LastUpdatedTime, then SyncToken,
// then the time of the answer. The seeded lists of an empty company make way
// for recorded ones of the same entity.
func (b *Box) LoadRecorded(dir string) error {
	found, err := readRecorded(dir)
	if err != nil {
		return fmt.Errorf("read the recorded exchanges: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	b.bulk(true)
	defer b.bulk(false)
	for _, n := range slices.Sorted(maps.Keys(found)) {
		e := b.entityFor(n)
		if e == nil || e.shape == singleton {
			continue
		}
		b.clearSeeded(e)
		for _, id := range slices.Sorted(maps.Keys(found[n])) {
			o := found[n][id].o
			b.asListed(e, o)
			b.take(e, o)
		}
	}
	b.subTypes = map[string]string{}
	b.seq["Account"] = max(b.seq["Account"], newAccounts)
	b.refreshNames()
	b.reconcile()
	b.enterLoaded()
	return b.flush()
}

func readRecorded(dir string) (map[string]map[string]version, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, fs.ErrNotExist)
	}
	found := map[string]map[string]version{}
	for _, f := range files {
		raw, err := os.ReadFile(f) //nolint:gosec // the caller names the folder
		if err != nil {
			return nil, err
		}
		var ex exchange
		if err := json.Unmarshal(raw, &ex); err != nil {
			return nil, errors.Join(fmt.Errorf("%s is not a recorded exchange", filepath.Base(f)), err)
		}
		if ex.Status != 200 || len(ex.Response) == 0 {
			continue
		}
		o, err := decode(ex.Response)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		collect(found, o, str(o, "time"))
	}
	return found, nil
}

// collect takes the records of one answer, single or list.
func collect(found map[string]map[string]version, o object, at string) {
	for k, v := range o {
		switch v := v.(type) {
		case object:
			if k == "QueryResponse" {
				collect(found, v, at)
			} else {
				keepNewest(found, k, version{v, at})
			}
		case []any:
			for _, e := range v {
				if m, ok := e.(object); ok {
					keepNewest(found, k, version{m, at})
				}
			}
		}
	}
}

func keepNewest(found map[string]map[string]version, entity string, v version) {
	id := str(v.o, "Id")
	if id == "" || str(v.o, "status") == "Deleted" {
		return
	}
	if found[entity] == nil {
		found[entity] = map[string]version{}
	}
	if old, ok := found[entity][id]; !ok || v.newer(old) {
		found[entity][id] = v
	}
}

// clearSeeded removes what an empty company brought of an entity.
func (b *Box) clearSeeded(e *entity) {
	for _, r := range slices.Collect(maps.Values(b.tables[e.path()].byID)) {
		b.drop(r)
	}
	delete(b.seq, series(e))
	if e.people || e.shape != nameList {
		b.restoreSeries()
	}
}

// restoreSeries counts shared series of ids again after a list was cleared.
func (b *Box) restoreSeries() {
	for _, t := range b.tables {
		for id := range t.byID {
			b.claimID(t.ent, id)
		}
	}
}

// asListed turns a single answer into the row that lists show.
func (b *Box) asListed(e *entity, o object) {
	switch e.name {
	case "Customer":
		o["ClientEntityId"] = "0"
		delete(o, "DefaultTaxCodeRef")
	case "Vendor":
		for _, k := range []string{"BillRate", "CostRate"} {
			if num(o, k).IsZero() {
				delete(o, k)
			}
		}
	case "Item":
		delete(o, "DeferredRevenue")
	}
	if (e.name == "Customer" || e.name == "Vendor") && str(o, "V4IDPseudonym") == "" {
		o["V4IDPseudonym"] = b.pseudonym(e.name, str(o, "Id"))
	}
}

// refreshNames makes references show the present names, as live reads do;
// recordings taken at different times disagree.
func (b *Box) refreshNames() {
	for _, t := range b.tables {
		for _, r := range slices.Collect(maps.Values(t.byID)) {
			stale := false
			o := r.object()
			visitRefs(o, func(kind string, to object) {
				if x := b.find(kind, str(to, "value")); x != nil && to["name"] != nil && x.title != "" && to["name"] != x.title {
					to["name"], stale = x.title, true
				}
			})
			if stale {
				b.put(r.ent, o)
			}
		}
	}
}

// reconcile makes customer balances the sum of their documents: open
// invoices, less credits, less unapplied payments. Recordings of one moment
// agree already.
func (b *Box) reconcile() {
	if len(b.tables["invoice"].byID) == 0 {
		return
	}
	own := map[string]decimal.Decimal{}
	for _, s := range []struct {
		entity, prop string
		sign         int64
	}{{"invoice", "Balance", 1}, {"creditmemo", "Balance", -1}, {"payment", "UnappliedAmt", -1}} {
		for _, r := range b.tables[s.entity].byID {
			o := r.object()
			add(own, str(o, "CustomerRef.value"), num(o, s.prop).Mul(decimal.NewFromInt(s.sign)))
		}
	}
	for _, r := range slices.Collect(maps.Values(b.tables["customer"].byID)) {
		total := b.withJobs(r, own)
		o := r.object()
		if num(o, "Balance").Equal(own[r.id]) && num(o, "BalanceWithJobs").Equal(total) {
			continue
		}
		o["Balance"], o["BalanceWithJobs"] = number(own[r.id]), number(total)
		b.put(r.ent, o)
	}
}

func (b *Box) withJobs(r *record, own map[string]decimal.Decimal) decimal.Decimal {
	total := own[r.id]
	for _, c := range b.children(r) {
		total = total.Add(b.withJobs(c, own))
	}
	return total
}
