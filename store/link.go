package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"crossbook"
)

// LinkCount is the number of links of one module, kind and state.
type LinkCount struct {
	Module crossbook.Module
	Kind   crossbook.LinkKind
	State  crossbook.LinkState
	N      int
}

// PutLink creates the links or replaces them by id. ErrConflict when a home
// link of the CRM record, or a link of the same part of the QuickBooks record,
// stands already: tombstones count, so that nothing comes back beside one, and
// whole excludes the other two parts. An empty CRM or QuickBooks id takes no
// place.
func (tx *Tx) PutLink(ctx context.Context, connectionID string, links ...crossbook.Link) error {
	links = slices.Clone(links)
	slices.SortFunc(links, func(a, b crossbook.Link) int { return strings.Compare(a.ID, b.ID) })
	rows := make([][]any, 0, len(links))
	for i, l := range links {
		if err := checkLink(l); err != nil {
			return err
		}
		if i > 0 && links[i-1].ID == l.ID {
			return fmt.Errorf("link %s twice in one call: %w", l.ID, ErrConflict)
		}
		crm, books, err := bases(l)
		if err != nil {
			return fmt.Errorf("link %s: %w", l.ID, err)
		}
		rows = append(rows, []any{
			connectionID, l.ID, string(l.Kind), string(l.Part), string(l.State), string(l.Module), l.CRMID, string(l.Entity), l.BooksID,
			crm, books, l.CRMRevision, l.BooksRevision, l.OurCRMRevision, l.Cause, l.Evidence, micros(l.Since),
		})
	}
	return tx.insert(ctx, `INSERT INTO link (connection_id, id, kind, part, state, module, crm_id, entity, books_id,
		base_crm, base_books, crm_revision, books_revision, our_crm_revision, cause, evidence, since) VALUES`, rows,
		`ON CONFLICT (connection_id, id) DO UPDATE SET kind = excluded.kind, part = excluded.part, state = excluded.state,
		module = excluded.module, crm_id = excluded.crm_id, entity = excluded.entity, books_id = excluded.books_id,
		base_crm = excluded.base_crm, base_books = excluded.base_books, crm_revision = excluded.crm_revision,
		books_revision = excluded.books_revision, our_crm_revision = excluded.our_crm_revision,
		cause = excluded.cause, evidence = excluded.evidence, since = excluded.since`)
}

// checkLink refuses a link that the tables could not keep unique.
func checkLink(l crossbook.Link) error {
	switch {
	case l.ID == "":
		return errors.New("a link without an id")
	case l.Kind != crossbook.Home && l.Kind != crossbook.Alias:
		return fmt.Errorf("link %s: unknown kind %q", l.ID, l.Kind)
	case l.Part != crossbook.Whole && l.Part != crossbook.Company && l.Part != crossbook.Person:
		return fmt.Errorf("link %s: unknown part %q", l.ID, l.Part)
	case l.State != crossbook.Linked && l.State != crossbook.Tombstone:
		return fmt.Errorf("link %s: unknown state %q", l.ID, l.State)
	case l.State == crossbook.Linked && (l.CRMID == "" || l.BooksID == ""):
		return fmt.Errorf("link %s: a linked pair needs both ids", l.ID)
	case l.Kind == crossbook.Alias && (l.BaseCRM != nil || l.BaseBooks != nil):
		return fmt.Errorf("link %s: an alias carries no bases", l.ID)
	default:
		return nil
	}
}

// bases are the two bases as JSON, nil where there is none.
func bases(l crossbook.Link) (crm, books any, err error) {
	if crm, err = fieldsJSON(l.BaseCRM); err != nil {
		return nil, nil, err
	}
	books, err = fieldsJSON(l.BaseBooks)
	return crm, books, err
}

func fieldsJSON(f crossbook.Fields) (any, error) {
	if f == nil {
		return nil, nil
	}
	b, err := json.Marshal(f)
	return string(b), err
}

// DeleteLink forgets links or releases tombstones.
func (tx *Tx) DeleteLink(ctx context.Context, connectionID string, ids ...string) error {
	return tx.in(ids, func(oneOf string, args []any) error {
		return tx.run(ctx, `DELETE FROM link WHERE connection_id = ? AND id `+oneOf, append([]any{connectionID}, args...)...)
	})
}

const linkColumns = `SELECT id, kind, part, state, module, crm_id, entity, books_id, base_crm, base_books,
	crm_revision, books_revision, our_crm_revision, cause, evidence, since FROM link `

func readLink(row scanner) (crossbook.Link, error) {
	var (
		l          crossbook.Link
		crm, books []byte
		since      int64
	)
	if err := row.Scan(&l.ID, &l.Kind, &l.Part, &l.State, &l.Module, &l.CRMID, &l.Entity, &l.BooksID, &crm, &books,
		&l.CRMRevision, &l.BooksRevision, &l.OurCRMRevision, &l.Cause, &l.Evidence, &since); err != nil {
		return l, err
	}
	l.Since = moment(since)
	for _, b := range []struct {
		doc []byte
		to  *crossbook.Fields
	}{{crm, &l.BaseCRM}, {books, &l.BaseBooks}} {
		if b.doc == nil {
			continue
		}
		if err := json.Unmarshal(b.doc, b.to); err != nil {
			return l, fmt.Errorf("base of link %s: %w", l.ID, err)
		}
	}
	return l, nil
}

// Link returns one link; ErrNotFound when there is none.
func (tx *Tx) Link(ctx context.Context, connectionID, id string) (crossbook.Link, error) {
	return one(ctx, tx, readLink, linkColumns+`WHERE connection_id = ? AND id = ?`, connectionID, id)
}

// LinksByCRM returns every link, of all kinds, parts and states, of the CRM
// records with these ids, ordered by CRM id and link id.
func (tx *Tx) LinksByCRM(ctx context.Context, connectionID string, module crossbook.Module, ids ...string) ([]crossbook.Link, error) {
	return tx.linksBy(ctx, `WHERE connection_id = ? AND module = ? AND crm_id `, byCRMID, []any{connectionID, string(module)}, ids)
}

// LinksByBooks returns every link, of all kinds, parts and states, of the
// QuickBooks records with these ids, ordered by QuickBooks id and link id.
func (tx *Tx) LinksByBooks(ctx context.Context, connectionID string, entity crossbook.Entity, ids ...string) ([]crossbook.Link, error) {
	return tx.linksBy(ctx, `WHERE connection_id = ? AND entity = ? AND books_id `, byBooksID, []any{connectionID, string(entity)}, ids)
}

// linksBy sorts by itself: asked to order one value's rows by id, SQLite walks
// the whole primary key instead of the index of the ids looked for.
func (tx *Tx) linksBy(ctx context.Context, where string, order func(a, b crossbook.Link) int, args []any, ids []string) ([]crossbook.Link, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var out []crossbook.Link
	err := tx.in(slices.Compact(ids), func(oneOf string, more []any) error {
		found, err := list(ctx, tx, readLink, linkColumns+where+oneOf, slices.Concat(args, more)...)
		out = append(out, found...)
		return err
	})
	slices.SortFunc(out, order)
	return out, err
}

func byCRMID(a, b crossbook.Link) int {
	return cmp.Or(cmp.Compare(a.CRMID, b.CRMID), cmp.Compare(a.ID, b.ID))
}

func byBooksID(a, b crossbook.Link) int {
	return cmp.Or(cmp.Compare(a.BooksID, b.BooksID), cmp.Compare(a.ID, b.ID))
}

// WalkLinks returns up to limit links of a module ("" for all) in the order of
// their ids, beginning after afterID.
func (tx *Tx) WalkLinks(ctx context.Context, connectionID string, module crossbook.Module, afterID string, limit int) ([]crossbook.Link, error) {
	if module == "" {
		return list(ctx, tx, readLink, linkColumns+`WHERE connection_id = ? AND id > ? ORDER BY id LIMIT ?`,
			connectionID, afterID, orDefault(limit, 1000))
	}
	return list(ctx, tx, readLink, linkColumns+`WHERE connection_id = ? AND id > ? AND module = ? ORDER BY id LIMIT ?`,
		connectionID, afterID, string(module), orDefault(limit, 1000))
}

// LinkedAt is the home link of a module at a place, counted from 0 by id, among
// those that are linked.
func (tx *Tx) LinkedAt(ctx context.Context, connectionID string, module crossbook.Module, place int) (crossbook.Link, error) {
	return one(ctx, tx, readLink, linkColumns+`WHERE connection_id = ? AND module = ? AND kind = ? AND state = ? ORDER BY id LIMIT 1 OFFSET ?`,
		connectionID, string(module), string(crossbook.Home), string(crossbook.Linked), place)
}

// CountLinks counts links by module, kind and state.
func (tx *Tx) CountLinks(ctx context.Context, connectionID string) ([]LinkCount, error) {
	return list(ctx, tx, func(row scanner) (c LinkCount, err error) {
		err = row.Scan(&c.Module, &c.Kind, &c.State, &c.N)
		return c, err
	}, `SELECT module, kind, state, count(*) FROM link WHERE connection_id = ? GROUP BY module, kind, state ORDER BY module, kind, state`, connectionID)
}
