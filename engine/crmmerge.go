package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/money"
	"crossbook/problem"
	"crossbook/store"
)

// oneMoment is how far apart a deletion and the change of another record may be
// to come from one merge: the CRM writes whole seconds.
const oneMoment = 2 * time.Second

// sortRows puts the rows of a CRM document into their order.
func sortRows(rows []map[string]any) {
	slices.SortStableFunc(rows, func(a, b map[string]any) int {
		x, y := text(a["Sequence_Number"]), text(b["Sequence_Number"])
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	})
}

// sameMoment finds the one linked record that was changed at the very moment the
// other was deleted and bears its name, address or code: duplicates that were
// merged leave nothing else when they have no documents. A merge moves the
// winner's Modified_Time (reference/zoho-crm.md section 13).
func (d *decider) sameMoment(l crossbook.Link) (crossbook.Link, string, bool) {
	gone, ok := d.deletedInCRM(l.CRM())
	if !ok {
		return crossbook.Link{}, "", false
	}
	was := map[string]any{}
	for f, v := range l.BaseCRM {
		was[f] = v
	}
	keys := mapping.Keys(crossbook.CRM, string(l.Module), was)
	found := map[crossbook.Ref]crossbook.Link{}
	for _, k := range []string{mapping.KeyName, mapping.KeyEmail, mapping.KeySKU} {
		for _, v := range keys[k] {
			for _, r := range d.w.byKey(crossbook.CRM, string(l.Module), k, v) {
				rec, home := d.w.living(r), d.w.home(r)
				if r == l.CRM() || rec == nil || home == nil || home.State != crossbook.Linked || rec.Modified.Sub(gone.At).Abs() > oneMoment {
					continue
				}
				found[r] = *home
			}
		}
	}
	if len(found) != 1 {
		return crossbook.Link{}, "", false
	}
	for r, home := range found {
		return home, fmt.Sprintf("deleted at the moment %s, which is named alike, was changed", r), true
	}
	return crossbook.Link{}, "", false
}

// documentsWith are the linked documents of a party or with an item.
func (d *decider) documentsWith(l crossbook.Link) []crossbook.Link {
	key := map[crossbook.Entity]string{
		crossbook.Customer: mapping.KeyCustomer, crossbook.Vendor: mapping.KeyVendor, crossbook.Item: mapping.KeyItem,
	}[l.Entity]
	var out []crossbook.Link
	for _, e := range []crossbook.Entity{crossbook.Invoice, crossbook.Estimate, crossbook.PurchaseOrder} {
		for _, r := range d.w.byKey(crossbook.Books, string(e), key, l.BooksID) {
			if doc := d.w.homeIn(r, documentModule(e)); doc != nil && doc.State == crossbook.Linked {
				out = append(out, *doc)
			}
		}
	}
	return out
}

// typeMerged is the type of the ref under which a person is told of two records
// that are one in the CRM and still two in QuickBooks.
const typeMerged = "merged"

func mergedRef(l crossbook.Link) crossbook.Ref {
	return crossbook.Ref{Side: crossbook.Books, Type: typeMerged, ID: l.ID}
}

// mergeNote is what a person is told of an alias: which two to merge in
// QuickBooks and how (P6). Over means that there is nothing left to do.
type mergeNote struct {
	link          crossbook.Link
	loser, master string
	over          bool
}

// noteMerge has a person told which two records to merge in QuickBooks.
func (d *decider) noteMerge(u *unit, l crossbook.Link, loser string, master crossbook.Link) {
	u.merges = append(u.merges, mergeNote{link: l, loser: loser, master: recordName(d.w.record(master.Books()))})
}

// mergeOver takes that note away once the alias' record is no more in use in
// QuickBooks.
func (d *decider) mergeOver(u *unit, books *crossbook.Record) {
	if books == nil || !books.Deleted && text(books.Data["Active"]) != "false" {
		return
	}
	for _, l := range d.w.links(u.books) {
		if l.Kind == crossbook.Alias {
			u.merges = append(u.merges, mergeNote{link: l, over: true})
		}
	}
}

// keepMerges stores and removes the notes.
func (t *turn) keepMerges(ctx context.Context, tx *store.Tx, notes []mergeNote) error {
	for _, n := range notes {
		ref := mergedRef(n.link)
		if n.over {
			if _, err := tx.ClearProblem(ctx, t.conn.ID, ref.String()); err != nil {
				return err
			}
			continue
		}
		err := tx.PutProblem(ctx, t.conn.ID, store.ProblemRow{
			Key: ref.String(), Ref: ref, Module: n.link.Module, Name: n.loser, Problem: problem.MergeInBooks(n.link.Entity, n.loser, n.master),
			FirstAt: t.now(), LastAt: t.now(), NextTry: store.Never,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addAliases adds the balances of the aliases of a private customer's Contact to
// its own (P6); those in another currency are left to the CRM's list of balances.
func (d *decider) addAliases(l crossbook.Link, books *crossbook.Record, fields crossbook.Fields) {
	own, ok := fields[mapping.FieldBalance]
	if !ok || l.Module != crossbook.Contacts {
		return
	}
	sum, err := money.Parse(cmp.Or(own, "0"))
	if err != nil {
		return
	}
	for _, other := range d.w.links(l.CRM()) {
		rec := d.w.living(other.Books())
		if other.Kind != crossbook.Alias || other.State != crossbook.Linked || rec == nil ||
			refValue(rec.Data, "CurrencyRef") != refValue(books.Data, "CurrencyRef") {
			continue
		}
		more, err := money.Parse(cmp.Or(text(rec.Data["Balance"]), "0"))
		if err != nil {
			continue
		}
		sum = sum.Add(more)
		fields[mapping.FieldBalance] = mapping.Number(sum.String())
	}
}
