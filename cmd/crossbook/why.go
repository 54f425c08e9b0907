package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// whyCmd explains one record.
type whyCmd struct {
	which
	Record []string `arg:"" help:"The record: its module or QuickBooks type and its id, or its name."`
}

// Run explains; it asks no vendor.
func (c *whyCmd) Run(ctx context.Context, a *app) error {
	h, conn, err := a.at(ctx, c.Connection, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	ref, err := h.recordNamed(ctx, conn, c.Record)
	if err != nil {
		return err
	}
	x, err := h.engine.Why(ctx, conn.ID, ref)
	if err != nil {
		return err
	}
	return a.show(x, func(p *page) { explain(p, x) })
}

func explain(p *page, x engine.Explanation) {
	name := x.Record.String()
	if x.Name != "" {
		name = x.Name + " (" + name + ")"
	}
	p.line("%s", name)
	for _, s := range x.Steps {
		p.line("  %-11s %s", s.Station, s.Says)
	}
	p.line("Next: %s", x.Next)
}

// booksTypes are the QuickBooks types a person may name.
var booksTypes = []crossbook.Entity{
	crossbook.Customer, crossbook.Vendor, crossbook.Item, crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder,
	crossbook.Payment, crossbook.CreditMemo,
}

// recordNamed finds the record a person means: "Vendors 4876", "Customer 56",
// or a name that only one record has.
func (h *house) recordNamed(ctx context.Context, conn crossbook.Connection, words []string) (crossbook.Ref, error) {
	if len(words) == 2 {
		for _, m := range append(crossbook.Modules(), crossbook.Deals) {
			if strings.EqualFold(words[0], string(m)) || strings.EqualFold(words[0], m.Label()) {
				return crossbook.CRMRef(m, words[1]), nil
			}
		}
		for _, e := range booksTypes {
			if strings.EqualFold(words[0], string(e)) {
				return crossbook.BooksRef(e, words[1]), nil
			}
		}
	}
	name := strings.Join(words, " ")
	found, err := h.search(ctx, conn.ID, name)
	if err == nil && len(found) == 0 {
		found, err = h.numbered(ctx, conn.ID, name)
	}
	switch {
	case err != nil:
		return crossbook.Ref{}, err
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return crossbook.Ref{}, usage(fmt.Sprintf("no record named %q was read yet", name),
			"Name a record by module and id (Vendors 4876000000101001), by QuickBooks type and id (Customer 56), by its whole name, or a document by its number.")
	}
	var list []string
	for _, r := range found {
		list = append(list, r.Type+" "+r.ID)
	}
	return crossbook.Ref{}, usage(fmt.Sprintf("several records are named %q", name), "Say which: "+strings.Join(list, ", ")+". Those in plural are of Zoho CRM.")
}

// numbered finds QuickBooks' documents by their number.
func (h *house) numbered(ctx context.Context, connectionID, number string) (found []crossbook.Ref, err error) {
	err = h.store.View(ctx, func(tx *store.Tx) error {
		for _, e := range []crossbook.Entity{crossbook.Estimate, crossbook.Invoice, crossbook.PurchaseOrder} {
			hits, err := tx.MirrorByKey(ctx, connectionID, crossbook.Books, string(e), mapping.KeyNumber, []string{number})
			if err != nil {
				return err
			}
			for _, hit := range hits {
				found = append(found, hit.Ref)
			}
		}
		return nil
	})
	return found, err
}

// search finds records by their whole name; a pair counts once.
func (h *house) search(ctx context.Context, connectionID, name string) ([]crossbook.Ref, error) {
	var found []crossbook.Ref
	err := h.store.View(ctx, func(tx *store.Tx) error {
		paired := map[crossbook.Ref]bool{}
		look := func(side crossbook.Side, typ string) error {
			hits, err := tx.MirrorByKey(ctx, connectionID, side, typ, mapping.KeyName, []string{mapping.FoldName(name)})
			if err != nil {
				return err
			}
			for _, hit := range hits {
				if paired[hit.Ref] {
					continue
				}
				found = append(found, hit.Ref)
				if side == crossbook.CRM {
					links, err := tx.LinksByCRM(ctx, connectionID, hit.Ref.Module(), hit.Ref.ID)
					if err != nil {
						return err
					}
					for _, l := range links {
						paired[l.Books()] = true
					}
				}
			}
			return nil
		}
		for _, m := range crossbook.Modules() {
			if err := look(crossbook.CRM, string(m)); err != nil {
				return err
			}
		}
		for _, e := range booksTypes {
			if err := look(crossbook.Books, string(e)); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}
