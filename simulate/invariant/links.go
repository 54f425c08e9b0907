package invariant

import (
	"slices"
	"time"
)

// links checks that home links are one-to-one per part and that both ends are
// what they should be.
func (j *judge) links() {
	type bookKey struct {
		ref  Ref
		part string
	}
	crm, books := map[Ref]string{}, map[bookKey]string{}
	for _, l := range j.Recorded.Links {
		if l.Alias {
			continue
		}
		if l.CRMID == "" || l.BooksID == "" {
			j.broken("half a link", "link %s joins %s with %s", l.ID, l.crm(), l.books())
			continue
		}
		if other, taken := crm[l.crm()]; taken {
			j.broken("home links one-to-one", "%s has the home links %s and %s", l.crm(), other, l.ID)
		}
		crm[l.crm()] = l.ID
		k := bookKey{l.books(), l.Part}
		if other, taken := books[k]; taken {
			j.broken("home links one-to-one", "%s has the links %s and %s for its %s", l.books(), other, l.ID, l.Part)
		}
		books[k] = l.ID
		if whole := books[bookKey{l.books(), "whole"}]; whole != "" && l.Part != "whole" || l.Part == "whole" && (books[bookKey{l.books(), "company"}] != "" || books[bookKey{l.books(), "person"}] != "") {
			j.broken("home links one-to-one", "%s is linked as a whole and in parts", l.books())
		}
		if l.live() && j.records[l.crm()] == nil && !j.isHeld(l.crm(), l.books()) && tables[l.Module] != nil {
			j.broken("link to nothing", "link %s is live but %s does not exist", l.ID, l.crm())
		}
	}
	if j.Recorded.OpenCalls > 0 {
		j.broken("unsettled call", "%d calls are still open at the end", j.Recorded.OpenCalls)
	}
}

// orphans checks that every record Crossbook made is linked: a second record
// made for the same thing has no link of its own.
func (j *judge) orphans() {
	type made struct{ typ, key string }
	first := map[made]string{}
	for _, side := range []Side{CRM, Books} {
		state := j.CRM
		if side == Books {
			state = j.Books
		}
		for _, w := range state.Writes {
			if !w.API() || w.Op != "create" || side == CRM && w.Seq <= j.SetupCRM {
				continue
			}
			at := Ref{side, w.Type, w.ID}
			if len(j.links1[at]) == 0 && !j.onceGone(at) {
				j.broken("orphan", "%s was created by Crossbook and is in no link", at)
			}
			if side == CRM {
				k := made{w.Type, plain(w.Values["QuickBooks_Id"])}
				if other := first[k]; other != "" && k.key != "" && !j.onceGone(Ref{CRM, w.Type, other}) {
					j.broken("doubled", "%s and %s were both created for QuickBooks id %s", at, Ref{side, w.Type, other}, k.key)
				}
				first[k] = w.ID
			}
		}
	}
}

func (j *judge) onceGone(r Ref) bool {
	for _, d := range j.Log {
		if (d.Action == "delete" || d.Action == "merge") && (Ref{d.Side, d.Type, d.ID}) == r {
			return true
		}
	}
	return false
}

// strangers checks that Crossbook wrote to no record that it did not link.
func (j *judge) strangers() {
	for _, w := range j.CRM.Writes {
		if w.API() && w.Op == "update" && w.Seq > j.SetupCRM && !w.note() && len(j.links1[Ref{CRM, w.Type, w.ID}]) == 0 && !j.onceGone(Ref{CRM, w.Type, w.ID}) {
			j.broken("stranger overwritten", "Crossbook updated %s, which it has not linked: %v", Ref{CRM, w.Type, w.ID}, w.Values)
		}
	}
	for _, w := range j.Books.Writes {
		if w.API() && w.Op == "update" && len(j.links1[Ref{Books, w.Type, w.ID}]) == 0 {
			j.broken("stranger overwritten", "Crossbook updated %s, which it has not linked: %v", Ref{Books, w.Type, w.ID}, w.Values)
		}
	}
}

// nothingPosted checks that Crossbook writes names only to QuickBooks and
// deletes nothing anywhere.
func (j *judge) nothingPosted() {
	for _, w := range j.Books.Writes {
		if !w.API() {
			continue
		}
		switch w.Type {
		case "Customer", "Vendor", "Item":
		default:
			j.broken("posted to the books", "Crossbook wrote %s %s %s", w.Op, w.Type, w.ID)
		}
		if w.Op != "create" && w.Op != "update" {
			j.broken("deleted", "Crossbook did %s to %s %s in QuickBooks", w.Op, w.Type, w.ID)
		}
		if active, ok := w.Values["Active"]; ok {
			j.broken("activity sent", "Crossbook sent Active=%v to %s %s (P11)", active, w.Type, w.ID)
		}
		if qty, ok := w.Values["QtyOnHand"]; ok && w.Op == "update" {
			j.broken("quantity sent", "Crossbook sent QtyOnHand=%v to %s %s (P10)", qty, w.Type, w.ID)
		}
	}
	for _, w := range j.CRM.Writes {
		if w.API() && w.Op != "create" && w.Op != "update" {
			j.broken("deleted", "Crossbook did %s to %s %s in Zoho CRM", w.Op, w.Type, w.ID)
		}
	}
}

// tombstones checks that pairs are left out only where a person deleted, and
// that nothing returns against that.
func (j *judge) tombstones() {
	for _, l := range j.Recorded.Links {
		if l.Gone && !j.onceGone(l.crm()) {
			j.broken("delete without evidence", "link %s (%s, %s) is left out, but nobody deleted %s", l.ID, l.crm(), l.books(), l.crm())
		}
		if _, gone := j.deleted[l.crm()]; gone && l.live() && !j.isHeld(l.books(), l.crm()) {
			j.broken("deletion not followed", "%s was deleted by a person but link %s is live", l.crm(), l.ID)
		}
		if l.Gone && subforms[l.Module] != "" && j.records[l.crm()] != nil {
			j.broken("restore not followed", "%s is in the CRM again but link %s (%s) is left out", l.crm(), l.ID, l.books())
		}
		if !l.Gone && !l.Alias || l.Part == "person" {
			continue
		}
		for _, r := range j.CRM.rows(l.Module) {
			if plain(r["QuickBooks_Id"]) == l.BooksID && idOf(r) != l.CRMID && !j.copied(l, idOf(r)) {
				j.broken("returned against a tombstone", "%s stands for %s though %s was deleted", Ref{CRM, l.Module, idOf(r)}, l.books(), l.crm())
			}
		}
		for _, w := range j.CRM.Writes {
			if d, gone := j.deleted[l.crm()]; gone && w.API() && w.Op == "create" && w.Seq > d.CRMSeq && w.Type == l.Module && plain(w.Values["QuickBooks_Id"]) == l.BooksID {
				j.broken("returned against a tombstone", "Crossbook created %s for %s after %s was deleted", Ref{CRM, l.Module, w.ID}, l.books(), l.crm())
			}
		}
	}
}

// copied tells whether a person's merge carried our id to another record, or
// another part of the customer bears it rightly.
func (j *judge) copied(l Link, crmID string) bool {
	for _, other := range j.links1[l.books()] {
		if other.CRMID == crmID {
			return true
		}
	}
	return len(j.links1[Ref{CRM, l.Module, crmID}]) > 0
}

// accounted checks that every record is linked or its absence explained.
func (j *judge) accounted() {
	for _, m := range []string{"Vendors", "Accounts", "Contacts", "Products"} {
		for _, r := range j.CRM.rows(m) {
			at := Ref{CRM, m, idOf(r)}
			if len(j.links1[at]) == 0 && !j.isHeld(at) && at.ID != j.Placeholder {
				j.broken("unaccounted", "%s is neither linked nor left out, waiting or a problem", at)
			}
		}
	}
	for _, e := range []string{"Vendor", "Customer", "Item", "Estimate", "Invoice", "PurchaseOrder"} {
		for _, r := range j.Books.rows(e) {
			at := Ref{Books, e, idOf(r)}
			if len(j.links1[at]) == 0 && !j.isHeld(at) {
				j.broken("unaccounted", "%s is neither linked nor left out, waiting or a problem", at)
			}
		}
	}
}

// journal checks that there is one row a remote write.
func (j *judge) journal() {
	type key struct {
		ref Ref
		op  string
	}
	rows, writes, spoilt := map[key]int{}, map[key]int{}, map[key]int{}
	var order []key
	count := func(side Side, ws []Write, setup int) {
		for _, w := range ws {
			if !w.API() || w.Seq <= setup {
				continue
			}
			k := key{Ref{side, w.Type, w.ID}, w.Op}
			if writes[k] == 0 {
				order = append(order, k)
			}
			writes[k]++
			if j.spoilt(k.ref, w) {
				spoilt[k]++
			}
		}
	}
	count(CRM, j.CRM.Writes, j.SetupCRM)
	count(Books, j.Books.Writes, 0)
	for _, r := range j.Recorded.Journal {
		if r.Side != "" {
			rows[key{r.Ref, r.Op}]++
		}
	}
	for _, k := range order {
		if rows[k] > writes[k] || rows[k] < writes[k]-spoilt[k] {
			j.broken("one journal row a write", "%s: %d writes (%s), %d journal rows", k.ref, writes[k], k.op, rows[k])
		}
	}
}

// spoilt tells whether a person changed the record soon after an update: where
// its answer was lost, nobody can tell any more whether it was done.
func (j *judge) spoilt(r Ref, w Write) bool {
	return w.Op == "update" && slices.ContainsFunc(j.Log, func(d Deed) bool {
		return len(d.Edits) > 0 && (Ref{d.Side, d.Type, d.ID}) == r && d.At.After(w.Time) && d.At.Sub(w.Time) < 10*time.Minute
	})
}
