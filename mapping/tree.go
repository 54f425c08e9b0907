package mapping

import (
	"strings"

	"crossbook"
)

// parentRef is the QuickBooks attribute by which customers stand in trees.
const parentRef = "ParentRef"

// Trees is what Refs may offer besides: where sub-customers stand. Without it
// they stand nowhere.
type Trees interface {
	// AccountAbove finds the nearest customer, from this one upwards, that shares
	// or will share an Account, and gives the customer that is the Account's home.
	// It is empty when there is none, and ok is false while the Account is still
	// to come.
	AccountAbove(booksID string) (home string, ok bool)
}

// ParentField is the CRM look-up that says under which Account a record of a
// module stands.
func ParentField(mod crossbook.Module) string {
	switch mod {
	case crossbook.Accounts:
		return "Parent_Account"
	case crossbook.Contacts:
		return "Account_Name"
	default:
		return ""
	}
}

// treePairs are the pairs that the options for sub-customers add. They belong to
// the settings, not to the mapping document: a person can no more edit them
// than the tree itself. QuickBooks' moves reach the CRM; ParentRef is sent when
// a customer is made and never again, since moving a customer moves its
// invoices (spec section 2).
func treePairs(s crossbook.Settings, mod crossbook.Module) []Pair {
	p := Pair{
		Field: ParentField(mod), Books: parentRef, Kind: Reference, Target: crossbook.Accounts,
		Direction: crossbook.InToCRM, Group: crossbook.GroupName, Policy: Normal,
	}
	switch {
	case mod == crossbook.Accounts && s.SubCustomersAsAccounts:
		p.Label = "Parent Account"
	case mod == crossbook.Contacts && s.ContactsAsSubCustomers:
		p.Label, p.Parts = "Account Name", []crossbook.Part{crossbook.Whole}
	default:
		return nil
	}
	return []Pair{p}
}

// TreePair is the pair that places the records of a link part in the tree of
// customers; false without the option for it.
func (m *Mapping) TreePair(mod crossbook.Module, part crossbook.Part) (Pair, bool) {
	for _, p := range m.Pairs(mod, part) {
		if p.Books == parentRef {
			return p, true
		}
	}
	return Pair{}, false
}

// Unlinked is the CRM record a canonical reference points at that has no
// QuickBooks record; false for any other value.
func Unlinked(value string) (crmID string, ok bool) { return strings.CutPrefix(value, unlinked) }

// parentFromBooks reads under which Account a sub-customer stands.
func parentFromBooks(p Pair, data map[string]any, refs Refs, out *Projection) string {
	parent := ParentID(data)
	if parent == "" {
		return ""
	}
	ref := crossbook.BooksRef(crossbook.Customer, parent)
	out.DependsOn = append(out.DependsOn, ref)
	trees, ok := refs.(Trees)
	if !ok {
		return ""
	}
	home, ok := trees.AccountAbove(parent)
	if !ok {
		out.Missing = append(out.Missing, Missing{Field: p.Field, Ref: crossbook.BooksRef(crossbook.Customer, home)})
	}
	return home
}

// place puts a new customer under that of its Account. A contact's bills go to
// the Account.
func (w *booksWriter) place(p Pair, want crossbook.Fields, mod crossbook.Module) {
	parent := want[p.Field]
	if _, none := Unlinked(parent); none || parent == "" || !w.creating {
		return
	}
	w.body[parentRef] = map[string]any{"value": parent}
	w.body["Job"] = true
	if mod == crossbook.Contacts {
		w.body["BillWithParent"] = true
	}
}
