package engine

import (
	"context"
	"errors"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/store"
)

// world answers what deciding asks about other records: links, last seen
// states, look-up keys. It reads one state of the store and remembers answers;
// loading a batch ahead spares a query a record.
type world struct {
	ctx  context.Context
	tx   *store.Tx
	conn string

	records map[crossbook.Ref]*crossbook.Record
	byCRM   map[crossbook.Ref][]crossbook.Link
	byBooks map[crossbook.Ref][]crossbook.Link
	keys    map[keyQuery][]crossbook.Ref

	taxRates map[string]document.Rate
	taxCodes map[string][]string

	// comes tells whether a customer is still to get its Account; nil where no
	// decisions are made.
	comes func(*crossbook.Record) bool

	// pretend adds links a preview pretends to have made.
	pretend *pretence
	// err is the first failure of a query; asking goes on harmlessly and the
	// decision is thrown away.
	err error
}

type keyQuery struct {
	side  crossbook.Side
	typ   string
	kind  string
	value string
}

func newWorld(ctx context.Context, tx *store.Tx, conn string) *world {
	return &world{
		ctx: ctx, tx: tx, conn: conn,
		records: map[crossbook.Ref]*crossbook.Record{},
		byCRM:   map[crossbook.Ref][]crossbook.Link{},
		byBooks: map[crossbook.Ref][]crossbook.Link{},
		keys:    map[keyQuery][]crossbook.Ref{},
	}
}

func (w *world) fail(err error) {
	if w.err == nil && err != nil {
		w.err = err
	}
}

// loadRecords reads the mirror for refs in one go.
func (w *world) loadRecords(refs []crossbook.Ref) {
	missing := make([]crossbook.Ref, 0, len(refs))
	for _, r := range refs {
		if _, ok := w.records[r]; !ok && r.ID != "" {
			missing = append(missing, r)
		}
	}
	if len(missing) == 0 {
		return
	}
	rows, err := w.tx.MirrorMany(w.ctx, w.conn, missing)
	w.fail(err)
	for _, r := range missing {
		row, ok := rows[r]
		if !ok {
			w.records[r] = nil
			continue
		}
		rec := row.Record
		w.records[r] = &rec
	}
}

// record is the last state seen; nil when the record was never seen.
func (w *world) record(r crossbook.Ref) *crossbook.Record {
	if r.ID == "" {
		return nil
	}
	rec, ok := w.records[r]
	if !ok {
		w.loadRecords([]crossbook.Ref{r})
		rec = w.records[r]
	}
	return rec
}

// living is the last state seen of a record that is not known to be deleted.
func (w *world) living(r crossbook.Ref) *crossbook.Record {
	rec := w.record(r)
	if rec == nil || rec.Deleted {
		return nil
	}
	return rec
}

// loadLinks reads the links of refs of both sides in one go a type.
func (w *world) loadLinks(refs []crossbook.Ref) {
	byType := map[crossbook.Ref][]string{}
	for _, r := range refs {
		if r.ID == "" || w.knowsLinks(r) {
			continue
		}
		k := crossbook.Ref{Side: r.Side, Type: r.Type}
		byType[k] = append(byType[k], r.ID)
	}
	for k, ids := range byType {
		var links []crossbook.Link
		var err error
		if k.Side == crossbook.CRM {
			links, err = w.tx.LinksByCRM(w.ctx, w.conn, k.Module(), ids...)
		} else {
			links, err = w.tx.LinksByBooks(w.ctx, w.conn, k.Entity(), ids...)
		}
		w.fail(err)
		for _, id := range ids {
			w.setLinks(crossbook.Ref{Side: k.Side, Type: k.Type, ID: id}, nil)
		}
		for _, l := range links {
			if k.Side == crossbook.CRM {
				w.byCRM[l.CRM()] = append(w.byCRM[l.CRM()], l)
			} else {
				w.byBooks[l.Books()] = append(w.byBooks[l.Books()], l)
			}
		}
	}
}

func (w *world) knowsLinks(r crossbook.Ref) bool {
	if r.Side == crossbook.CRM {
		_, ok := w.byCRM[r]
		return ok
	}
	_, ok := w.byBooks[r]
	return ok
}

func (w *world) setLinks(r crossbook.Ref, links []crossbook.Link) {
	if r.Side == crossbook.CRM {
		w.byCRM[r] = links
	} else {
		w.byBooks[r] = links
	}
}

// links are all links of a record, of every kind, part and state.
func (w *world) links(r crossbook.Ref) []crossbook.Link {
	if r.ID == "" {
		return nil
	}
	if !w.knowsLinks(r) {
		w.loadLinks([]crossbook.Ref{r})
	}
	stored := w.byBooks[r]
	if r.Side == crossbook.CRM {
		stored = w.byCRM[r]
	}
	return w.pretend.over(r, stored)
}

// home is the record's home link, tombstones included; nil when it has none.
func (w *world) home(r crossbook.Ref) *crossbook.Link {
	for _, l := range w.links(r) {
		if l.Kind == crossbook.Home {
			return &l
		}
	}
	return nil
}

// homesOf are the home links of a QuickBooks record into one module.
func (w *world) homeIn(r crossbook.Ref, m crossbook.Module) *crossbook.Link {
	for _, l := range w.links(r) {
		if l.Kind == crossbook.Home && l.Module == m {
			return &l
		}
	}
	return nil
}

// byKey finds the records that carry a look-up key (mapping.Keys).
func (w *world) byKey(side crossbook.Side, typ, kind, value string) []crossbook.Ref {
	if value == "" {
		return nil
	}
	q := keyQuery{side, typ, kind, value}
	refs, ok := w.keys[q]
	if !ok {
		w.loadKeys(side, typ, kind, []string{value})
		refs = w.keys[q]
	}
	return refs
}

// loadKeys looks many values of one key up in one go.
func (w *world) loadKeys(side crossbook.Side, typ, kind string, values []string) {
	ask := make([]string, 0, len(values))
	for _, v := range values {
		if _, ok := w.keys[keyQuery{side, typ, kind, v}]; !ok && v != "" {
			ask = append(ask, v)
			w.keys[keyQuery{side, typ, kind, v}] = nil
		}
	}
	if len(ask) == 0 {
		return
	}
	hits, err := w.tx.MirrorByKey(w.ctx, w.conn, side, typ, kind, ask)
	w.fail(err)
	for _, h := range hits {
		q := keyQuery{side, typ, kind, h.Key}
		w.keys[q] = append(w.keys[q], h.Ref)
	}
}

// leftOut tells why a record is left out, if it is.
func (w *world) leftOut(r crossbook.Ref) (store.LeftOut, bool) {
	lo, err := w.tx.LeftOut(w.ctx, w.conn, r)
	if errors.Is(err, store.ErrNotFound) {
		return store.LeftOut{}, false
	}
	w.fail(err)
	return lo, err == nil
}

// BooksID resolves a CRM look-up for the mapping. An alias counts for
// documents only, so the home link decides.
func (w *world) BooksID(m crossbook.Module, crmID string) (string, bool) {
	l := w.home(crossbook.CRMRef(m, crmID))
	if l == nil || l.State != crossbook.Linked {
		return "", false
	}
	return l.BooksID, true
}

// CRMID resolves a QuickBooks reference into one CRM module; aliases point at
// the record their documents are shown under (P6).
func (w *world) CRMID(m crossbook.Module, booksID string) (string, bool) {
	for _, l := range w.links(crossbook.BooksRef(m.Entity(), booksID)) {
		if l.Module == m && l.State == crossbook.Linked {
			return l.CRMID, true
		}
	}
	return "", false
}

// AccountNamed finds the one Account of a name, for the mode Contacts only
// (mapping.AccountNames).
func (w *world) AccountNamed(name string) (crmID string, ok bool) {
	for _, r := range w.byKey(crossbook.CRM, string(crossbook.Accounts), mapping.KeyName, mapping.FoldName(name)) {
		if w.living(r) == nil {
			continue
		}
		if ok {
			return "", false
		}
		crmID, ok = r.ID, true
	}
	return crmID, ok
}

// AccountName is the name of an Account; empty when it was never seen.
func (w *world) AccountName(crmID string) string {
	if rec := w.living(crossbook.CRMRef(crossbook.Accounts, crmID)); rec != nil {
		return text(rec.Data["Account_Name"])
	}
	return ""
}

// NameShared tells whether more than one QuickBooks record of the entity has
// the name (P15).
func (w *world) NameShared(e crossbook.Entity, name string) bool {
	return len(w.byKey(crossbook.Books, string(e), mapping.KeyName, mapping.Fold(name))) > 1
}
