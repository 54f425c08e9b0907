package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/document"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// scratch is the database of what this proof read: links as they are
// remembered, records as both sides have them now.
type scratch struct {
	db   *store.Store
	conn string
	dir  string
	// byID tells that the CRM would not list the rows of documents: they are
	// read with each document.
	byID bool
}

const scratchPrefix = "crossbook-verify-"

// newScratch makes an empty database in a folder only its owner can read, and
// clears away those that a proof that was killed left behind.
func newScratch(ctx context.Context, dir string, c crossbook.Connection) (*scratch, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	forgotten, _ := filepath.Glob(filepath.Join(dir, scratchPrefix+"*"))
	for _, old := range forgotten {
		if info, err := os.Stat(old); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(old)
		}
	}
	own, err := os.MkdirTemp(dir, scratchPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a place for what is read; it needs room for both companies: %w", err)
	}
	s := &scratch{dir: own, conn: c.ID}
	if s.db, err = store.Open(ctx, "sqlite:"+filepath.Join(own, "read.db")); err != nil {
		_ = os.RemoveAll(own)
		return nil, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error { return tx.PutConnection(ctx, c) })
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *scratch) close() {
	_ = s.db.Close()
	_ = os.RemoveAll(s.dir)
}

// put keeps records as they were read.
func (s *scratch) put(ctx context.Context, records []crossbook.Record) error {
	rows := make([]store.MirrorRow, len(records))
	for i, r := range records {
		if r.Side == crossbook.Books {
			r.Data = mapping.Strip(r.Entity(), r.Data) // never kept, not even here (P13)
		}
		rows[i] = store.MirrorRow{Record: r, Keys: keysOf(r), SeenAt: r.Modified}
	}
	return s.db.Update(ctx, func(tx *store.Tx) error { return tx.PutMirror(ctx, s.conn, rows) })
}

func keysOf(r crossbook.Record) map[string][]string {
	if r.Side == crossbook.CRM && isRows(r.Module()) {
		return map[string][]string{mapping.KeyParent: {lookup(r.Data["Parent_Id"])}}
	}
	return mapping.Keys(r.Side, r.Type, r.Data)
}

// drop forgets records that are not there after all.
func (s *scratch) drop(ctx context.Context, refs ...crossbook.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	return s.db.Update(ctx, func(tx *store.Tx) error { return tx.DeleteMirror(ctx, s.conn, refs) })
}

// documents are the modules with rows.
var documents = []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders}

func isRows(m crossbook.Module) bool {
	return slices.ContainsFunc(documents, func(d crossbook.Module) bool { return document.Subform(d) == string(m) })
}

// entities are read of QuickBooks: the six, what they owe to payments and
// credits, and what they refer to.
var entities = []crossbook.Entity{
	crossbook.Vendor, crossbook.Customer, crossbook.Item, crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder,
	crossbook.Payment, crossbook.CreditMemo, crossbook.LedgerAccount, crossbook.Term, crossbook.TaxCode, crossbook.TaxRate,
}

// read reads both sides at once, and the links as they are remembered.
func (v *verifier) read(ctx context.Context) error {
	if err := v.copyLinks(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	books := make(chan error, 1)
	go func() {
		err := v.readBooks(ctx)
		if err != nil {
			cancel()
		}
		books <- err
	}()
	crmErr := v.readCRM(ctx)
	if crmErr != nil {
		cancel()
	}
	booksErr := <-books
	if crmErr != nil && !errors.Is(crmErr, context.Canceled) {
		return crmErr
	}
	return errors.Join(booksErr, crmErr)
}

func (v *verifier) copyLinks(ctx context.Context) error {
	after := ""
	for {
		var links []crossbook.Link
		err := v.Store.View(ctx, func(tx *store.Tx) error {
			var err error
			links, err = tx.WalkLinks(ctx, v.conn.ID, "", after, chunk)
			return err
		})
		if err != nil || len(links) == 0 {
			return err
		}
		after = links[len(links)-1].ID
		if err := v.seen.db.Update(ctx, func(tx *store.Tx) error { return tx.PutLink(ctx, v.conn.ID, links...) }); err != nil {
			return err
		}
	}
}

func (v *verifier) readBooks(ctx context.Context) error {
	for _, e := range entities {
		done := 0
		_, err := v.Books.Window(ctx, e, time.Time{}, func(records []crossbook.Record) error {
			done += len(records)
			v.Progress(engine.Progress{Stage: "read", What: crossbook.Books.String() + " " + string(e), Done: done})
			return v.seen.put(ctx, records)
		})
		if err != nil {
			return fmt.Errorf("read every %s of QuickBooks: %w", e, err)
		}
	}
	return nil
}

func (v *verifier) readCRM(ctx context.Context) error {
	modules := crossbook.Modules()
	if v.show.ShowsDeals() {
		modules = append(modules, crossbook.Deals)
	}
	for _, m := range modules {
		if err := v.readModule(ctx, m); err != nil {
			return fmt.Errorf("read all %s of Zoho CRM: %w", m.Label(), err)
		}
	}
	for _, m := range documents {
		err := v.readModule(ctx, crossbook.Module(document.Subform(m)))
		var refused *crossbook.Failure
		switch {
		case err == nil:
		case errors.As(err, &refused) && (refused.Kind == crossbook.FailInvalid || refused.Kind == crossbook.FailBug || refused.Kind == crossbook.FailNotFound):
			// The rows cannot be listed in this organisation: then each document is
			// read by itself (reference/zoho-crm.md section 4.1).
			v.seen.byID = true
		default:
			return fmt.Errorf("read the lines of all %s of Zoho CRM: %w", m.Label(), err)
		}
	}
	return nil
}

func (v *verifier) readModule(ctx context.Context, m crossbook.Module) error {
	done := 0
	var kept error // a side may dress up what its page function returns
	_, err := v.CRM.All(ctx, m, func(records []crossbook.Record) error {
		done += len(records)
		v.Progress(engine.Progress{Stage: "read", What: crossbook.CRM.String() + " " + m.Label(), Done: done})
		kept = v.seen.put(ctx, records)
		return kept
	})
	if kept != nil {
		return kept
	}
	return err
}

// rows are the rows of the links' CRM documents, by document, in order.
func (s *scratch) rows(ctx context.Context, tx *store.Tx, links []crossbook.Link) (map[string][]map[string]any, error) {
	typ := document.Subform(links[0].Module)
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.CRMID
	}
	hits, err := tx.MirrorByKey(ctx, s.conn, crossbook.CRM, typ, mapping.KeyParent, ids)
	if err != nil {
		return nil, err
	}
	refs := make([]crossbook.Ref, len(hits))
	for i, h := range hits {
		refs[i] = h.Ref
	}
	found, err := tx.MirrorMany(ctx, s.conn, refs)
	if err != nil {
		return nil, err
	}
	out := map[string][]map[string]any{}
	for _, h := range hits {
		if row, ok := found[h.Ref]; ok {
			out[h.Key] = append(out[h.Key], row.Record.Data)
		}
	}
	for _, rows := range out {
		slices.SortStableFunc(rows, func(a, b map[string]any) int {
			if c := byNumber(plain(a["Sequence_Number"]), plain(b["Sequence_Number"])); c != 0 {
				return c
			}
			return byNumber(plain(a["id"]), plain(b["id"]))
		})
	}
	return out, nil
}

// byNumber orders texts of digits by their value.
func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// putWhole keeps one CRM document that was read with its rows, and forgets
// rows it does not have any more.
func (s *scratch) putWhole(ctx context.Context, rec crossbook.Record) error {
	typ := crossbook.Module(document.Subform(rec.Module()))
	if more, _ := rec.Data["$has_more"].(map[string]any); more[string(typ)] == true {
		return s.put(ctx, []crossbook.Record{rec}) // only the first rows came: those that were listed stand
	}
	var old []crossbook.Ref
	err := s.db.View(ctx, func(tx *store.Tx) error {
		hits, err := tx.MirrorByKey(ctx, s.conn, crossbook.CRM, string(typ), mapping.KeyParent, []string{rec.ID})
		for _, h := range hits {
			old = append(old, h.Ref)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := s.drop(ctx, old...); err != nil {
		return err
	}
	records := []crossbook.Record{rec}
	list, _ := rec.Data[string(typ)].([]any)
	for _, e := range list {
		row, ok := e.(map[string]any)
		if !ok {
			continue
		}
		row["Parent_Id"] = map[string]any{"id": rec.ID}
		records = append(records, crossbook.Record{Ref: crossbook.CRMRef(typ, plain(row["id"])), Data: row})
	}
	return s.put(ctx, records)
}

// lookup is the id in a CRM look-up.
func lookup(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return plain(v)
	}
	return plain(m["id"])
}

// plain is a JSON value as text; objects and lists are empty.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	default:
		return ""
	}
}
