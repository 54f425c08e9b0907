package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/store"
)

// reviewMost is how many rows a list of these shows.
const reviewMost = 100_000

// differenceView is a field that both sides had filled differently when they
// met, and nobody owns.
type differenceView struct {
	Module  string    `json:"module"`
	Name    string    `json:"name"`
	CRMID   string    `json:"zoho_crm_id"`
	BooksID string    `json:"quickbooks_id"`
	Field   string    `json:"field"`
	CRM     string    `json:"zoho_crm"`
	Books   string    `json:"quickbooks"`
	Since   time.Time `json:"since"`
}

// differences lists them; the exit code is 0, since nothing failed.
func (c *problemsCmd) differences(ctx context.Context, h *house, conn crossbook.Connection, module crossbook.Module) error {
	out := struct {
		Connection  string           `json:"connection"`
		Differences []differenceView `json:"differences"`
	}{conn.Name, []differenceView{}}
	err := h.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Differences(ctx, conn.ID, module, reviewMost)
		for _, d := range rows {
			if c.fits(d.Name, d.Field) {
				out.Differences = append(out.Differences, differenceView{
					d.Module.Label(), d.Name, d.CRM.ID, d.Books.ID, d.Field, d.CRMValue, d.BooksValue, d.At,
				})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return h.app.show(out, func(p *page) {
		for _, d := range out.Differences {
			p.line("%s %s, %s: %q in Zoho CRM, %q in QuickBooks", d.Module, d.Name, plainField(d.Field), d.CRM, d.Books)
		}
		if len(out.Differences) == 0 {
			p.line("No differences to review.")
			return
		}
		p.line("%s to review. Both values stay; write the right one on either side, and it travels.", several(int64(len(out.Differences)), "difference", "differences"))
	})
}

// conflictView is a field that people edited on both sides at once.
type conflictView struct {
	Module string    `json:"module"`
	Name   string    `json:"name"`
	Field  string    `json:"field"`
	Winner string    `json:"winner"`
	Won    string    `json:"won"`
	Lost   string    `json:"lost"`
	At     time.Time `json:"at"`
}

// conflicts lists them, the newest first.
func (c *problemsCmd) conflicts(ctx context.Context, h *house, conn crossbook.Connection, module crossbook.Module) error {
	out := struct {
		Connection string         `json:"connection"`
		Conflicts  []conflictView `json:"conflicts"`
	}{conn.Name, []conflictView{}}
	err := h.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Conflicts(ctx, conn.ID, module, reviewMost)
		for _, d := range rows {
			if c.fits(d.Name, d.Field) {
				out.Conflicts = append(out.Conflicts, conflictView{d.Module.Label(), d.Name, d.Field, d.Winner.String(), d.Won, d.Lost, d.At})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return h.app.show(out, func(p *page) {
		for _, d := range out.Conflicts {
			p.line("%s  %s %s, %s: %q of %s stands, %q was lost", clock(d.At), d.Module, d.Name, plainField(d.Field), d.Won, d.Winner, d.Lost)
		}
		if len(out.Conflicts) == 0 {
			p.line("No field was edited on both sides at once.")
			return
		}
		p.line("%s decided. Write the value that was lost once more where it should stand.", several(int64(len(out.Conflicts)), "conflict was", "conflicts were"))
	})
}

// leftOutView is a record without a counterpart, by choice.
type leftOutView struct {
	Module string    `json:"module"`
	Side   string    `json:"side"`
	Type   string    `json:"type"`
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Code   string    `json:"code"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// leftOut lists them by module and reason.
func (c *problemsCmd) leftOut(ctx context.Context, h *house, conn crossbook.Connection, module crossbook.Module) error {
	out := struct {
		Connection string        `json:"connection"`
		LeftOut    []leftOutView `json:"left_out"`
	}{conn.Name, []leftOutView{}}
	err := h.store.View(ctx, func(tx *store.Tx) error {
		for after := (crossbook.Ref{}); ; {
			rows, err := tx.WalkLeftOut(ctx, conn.ID, store.LeftOutFilter{Module: module, After: after})
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, l := range rows {
				if c.fits(l.Name, l.Reason) {
					out.LeftOut = append(out.LeftOut, leftOutView{
						l.Module.Label(), l.Ref.Side.String(), l.Ref.Type, l.Ref.ID, l.Name, l.Code, l.Reason, l.Since,
					})
				}
			}
			after = rows[len(rows)-1].Ref
		}
	})
	if err != nil {
		return err
	}
	return h.app.show(out, func(p *page) { c.leftOutText(p, out.LeftOut) })
}

// leftOutText groups them by module and reason.
func (c *problemsCmd) leftOutText(p *page, rows []leftOutView) {
	groups := map[string][]leftOutView{}
	for _, l := range rows {
		groups[l.Module+": "+l.Reason] = append(groups[l.Module+": "+l.Reason], l)
	}
	for _, title := range slices.Sorted(maps.Keys(groups)) {
		p.line("%s: %s", title, group(int64(len(groups[title]))))
		for i, l := range groups[title] {
			if i == shownOfEach && !c.All {
				p.line("  and %s more; --all prints them", group(int64(len(groups[title])-i)))
				break
			}
			p.line("  %s (%s %s %s)", nameOr(l.Name, l.ID), l.Side, l.Type, l.ID)
		}
	}
	if len(rows) == 0 {
		p.line("Nothing is left out.")
	}
}

// fits tells whether one of the texts holds what --text asks for.
func (c *problemsCmd) fits(texts ...string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), strings.ToLower(c.Text)) })
}

// plainField is a field's API name as people read it.
func plainField(name string) string { return strings.ReplaceAll(name, "_", " ") }

// leftOutWords are the codes of reasons whose own words say too little.
func leftOutWords(code string) string {
	switch code {
	case "not-sent":
		return "there before set-up and not ticked for QuickBooks"
	case "before-floor":
		return "closed and older than the documents that are taken"
	case "untouched":
		return "neither created nor changed since set-up"
	case "vendor-not-needed":
		return "on no purchase order and no item"
	case "not-billing-contact":
		return "not the billing contact of their Account"
	case "account-left-out":
		return "of an Account that is left out"
	case "sub-customer":
		return "sub-customers, shown under their customer"
	case "project":
		return "projects, shown under their customer"
	case "bundle", "category":
		return map[string]string{"bundle": "bundles", "category": "categories"}[code]
	case "direction":
		return "of a module that goes the other way only"
	case "module-off":
		return "of a module that is switched off"
	default:
		return strings.ReplaceAll(code, "-", " ")
	}
}
