package invariant

import (
	"slices"
	"strings"
)

// places are the look-ups that say where a record stands, by module, and the
// part of a link that has its own place in the tree of customers.
var places = map[string]struct{ field, part string }{
	"Accounts": {"Parent_Account", "company"},
	"Contacts": {"Account_Name", "whole"},
}

// trees checks the options for sub-customers (specification section 2): they
// stand under the same Account on both sides, and Crossbook moves nobody.
func (j *judge) trees() {
	j.placements()
	for _, l := range j.Recorded.Links {
		crm, books := j.records[l.crm()], j.records[l.books()]
		place, ok := places[l.Module]
		if !ok || !j.treeOf(l.Module) || !l.live() || l.Part != place.part || crm == nil || books == nil {
			continue
		}
		j.placed(l, refID(crm[place.field]), books, place.field)
		j.madeInPlace(l, place.field)
	}
	if !j.ContactsAsSubCustomers {
		return
	}
	for _, h := range j.Recorded.Held {
		if h.What == "left out" && strings.HasPrefix(h.Text, "not-billing-contact") && !j.wholeAccount(h.Ref) {
			j.broken("further contact", "%s is left out though further contacts are sub-customers", h.Ref)
		}
	}
}

// wholeAccount tells whether a Contact's Account stands for a whole customer.
func (j *judge) wholeAccount(contact Ref) bool {
	account := Ref{CRM, "Accounts", refID(dig(j.records[contact], "Account_Name"))}
	return slices.ContainsFunc(j.links1[account], func(l Link) bool { return l.Part == "whole" })
}

func (j *judge) treeOf(module string) bool {
	return module == "Accounts" && j.SubCustomersAsAccounts || module == "Contacts" && j.ContactsAsSubCustomers
}

// placements checks what Crossbook wrote: a place is given to new customers
// only, with all that belongs to it, and only by choice.
func (j *judge) placements() {
	for _, w := range j.Books.Writes {
		parent, there := w.Values["ParentRef"]
		if !w.API() || w.Type != "Customer" {
			continue
		}
		_, job := w.Values["Job"]
		if w.Op != "create" {
			if there || job {
				j.broken("customer moved", "Crossbook sent ParentRef %v to customer %s", parent, w.ID)
			}
			continue
		}
		if !there {
			continue
		}
		if !j.ContactsAsSubCustomers && !j.SubCustomersAsAccounts {
			j.broken("sub-customer unasked", "Crossbook made customer %s under %v", w.ID, refID(parent))
		}
		person := plain(w.Values["FamilyName"]) != "" && plain(w.Values["CompanyName"]) == ""
		if plain(w.Values["Job"]) != "true" || person && plain(w.Values["BillWithParent"]) != "true" {
			j.broken("half a sub-customer", "Crossbook made customer %s under %v with Job %v and BillWithParent %v", w.ID, refID(parent), w.Values["Job"], w.Values["BillWithParent"])
		}
	}
}

// placed checks that a record stands under the Account of the nearest customer
// above its own that has one.
func (j *judge) placed(l Link, account string, books Record, field string) {
	if j.isHeld(l.crm(), l.books()) || len(j.noted[l.ID+"/"+field])+len(j.lost[l.ID+"/"+field]) > 0 {
		return
	}
	want := j.accountAbove(refID(books["ParentRef"]))
	if want == account || j.neverMet(l, account, want, field) {
		return
	}
	j.broken("place", "%s %s: %s is %q in Zoho CRM, but the nearest customer above has Account %q", l.crm(), l.books(), field, account, want)
}

// madeInPlace checks that a customer Crossbook made for a record that stood
// under a linked Account from the first stands under a customer.
func (j *judge) madeInPlace(l Link, field string) {
	edits := j.edited[editKey{l.crm(), field}]
	if len(edits) != 1 || edits[0].New == "" || j.Log[edits[0].Deed].Action != "create" {
		return // moved since: who was first cannot be told
	}
	for _, w := range j.Books.Writes {
		if !w.API() || w.Op != "create" || w.Type != "Customer" || w.ID != l.BooksID || w.Values["ParentRef"] != nil {
			continue
		}
		for _, above := range j.links1[Ref{CRM, "Accounts", edits[0].New}] {
			if above.live() && above.Since.Before(w.Time) {
				j.broken("made out of place", "Crossbook made %s for %s at the top, though its Account is linked with %s", l.books(), l.crm(), above.books())
			}
		}
	}
}

// accountAbove is the Account of the nearest customer from one upwards.
func (j *judge) accountAbove(customer string) string {
	for range 6 {
		if customer == "" {
			return ""
		}
		for _, l := range j.links1[Ref{Books, "Customer", customer}] {
			if l.Module == "Accounts" && !l.Gone {
				return l.CRMID
			}
		}
		customer = refID(dig(j.records[Ref{Books, "Customer", customer}], "ParentRef"))
	}
	return ""
}

// neverMet tells whether the two places may differ for good: one side had none
// when the pair was made, or the Account was deleted, merged or has no customer.
func (j *judge) neverMet(l Link, account, want, field string) bool {
	for _, id := range []string{account, want} {
		at := Ref{CRM, "Accounts", id}
		if id != "" && (j.onceGone(at) || len(j.links1[at]) == 0) {
			return true
		}
	}
	if want != "" {
		return false
	}
	// QuickBooks has no place for it and is given none: the Account stood in the
	// CRM when the two met, or was there before it had a customer.
	for _, e := range j.persons(l.crm(), field) {
		if e.At.After(l.Since) && e.New == account {
			return false
		}
	}
	return true
}
