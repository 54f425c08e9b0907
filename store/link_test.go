package store_test

import (
	"errors"
	"testing"

	"crossbook"
	"crossbook/store"
	"crossbook/store/storetest"
)

func home(id string, crm, books crossbook.Ref, part crossbook.Part) crossbook.Link {
	return crossbook.Link{
		ID: id, Kind: crossbook.Home, Part: part, State: crossbook.Linked, Module: crm.Module(), CRMID: crm.ID,
		Entity: books.Entity(), BooksID: books.ID,
	}
}

func TestLinksAreFoundFromBothSides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		contact := crossbook.CRMRef(crossbook.Contacts, "2001")
		company := home("l1", crm1, book1, crossbook.Company)
		company.BaseCRM = crossbook.Fields{"Account_Name": "Acme", "Phone": ""}
		company.BaseBooks = crossbook.Fields{"Account_Name": "Acme"}
		company.CRMRevision, company.BooksRevision, company.OurCRMRevision = "r1", "3", "r1"
		person := home("l2", contact, book1, crossbook.Person)
		alias := home("l3", crm1, book2, crossbook.Whole)
		alias.Kind = crossbook.Alias
		grave := home("l4", crm2, crossbook.BooksRef(crossbook.Customer, "60"), crossbook.Whole)
		grave.State, grave.Cause, grave.Evidence, grave.Since = crossbook.Tombstone, "deleted in Zoho CRM", "deleted list", noon
		update(t, st, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, grave, alias, person, company) })

		links := func(fn func(tx *store.Tx) ([]crossbook.Link, error)) []crossbook.Link {
			t.Helper()
			return get(t, st, fn)
		}
		same(t, "by CRM", links(func(tx *store.Tx) ([]crossbook.Link, error) {
			return tx.LinksByCRM(ctx, conn, crossbook.Accounts, "1002", "1001", "1001", "none")
		}), []crossbook.Link{company, alias, grave})
		same(t, "by QuickBooks", links(func(tx *store.Tx) ([]crossbook.Link, error) {
			return tx.LinksByBooks(ctx, conn, crossbook.Customer, "58")
		}), []crossbook.Link{company, person})
		same(t, "walk", links(func(tx *store.Tx) ([]crossbook.Link, error) {
			return tx.WalkLinks(ctx, conn, crossbook.Accounts, "l1", 1)
		}), []crossbook.Link{alias})
		same(t, "walk all", len(links(func(tx *store.Tx) ([]crossbook.Link, error) { return tx.WalkLinks(ctx, conn, "", "", 0) })), 4)
		same(t, "one", get(t, st, func(tx *store.Tx) (crossbook.Link, error) { return tx.Link(ctx, conn, "l4") }), grave)
		same(t, "counts", get(t, st, func(tx *store.Tx) ([]store.LinkCount, error) { return tx.CountLinks(ctx, conn) }), []store.LinkCount{
			{Module: "Accounts", Kind: "alias", State: "linked", N: 1},
			{Module: "Accounts", Kind: "home", State: "linked", N: 1},
			{Module: "Accounts", Kind: "home", State: "tombstone", N: 1},
			{Module: "Contacts", Kind: "home", State: "linked", N: 1},
		})
		company.BaseCRM["Phone"] = "1"
		update(t, st, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, company) })
		same(t, "rebased", get(t, st, func(tx *store.Tx) (crossbook.Link, error) { return tx.Link(ctx, conn, "l1") }), company)
	})
}

// Design section 6: every link unique on entity + id + part, where whole
// excludes the other two; home links also on module + CRM id; a tombstone
// keeps its places.
func TestLinksAreUnique(t *testing.T) {
	contact := crossbook.CRMRef(crossbook.Contacts, "2001")
	other := crossbook.CRMRef(crossbook.Contacts, "2002")
	state := func(l crossbook.Link, s crossbook.LinkState) crossbook.Link { l.State = s; return l }
	alias := func(l crossbook.Link) crossbook.Link { l.Kind = crossbook.Alias; return l }
	for _, c := range []struct {
		name          string
		first, second crossbook.Link
		ok            bool
	}{
		{"company and person of one customer", home("a", crm1, book1, crossbook.Company), home("b", contact, book1, crossbook.Person), true},
		{"two company parts", home("a", crm1, book1, crossbook.Company), home("b", crm2, book1, crossbook.Company), false},
		{"two person parts", home("a", contact, book1, crossbook.Person), home("b", other, book1, crossbook.Person), false},
		{"whole beside company", home("a", crm1, book1, crossbook.Company), home("b", contact, book1, crossbook.Whole), false},
		{"person beside whole", home("a", crm1, book1, crossbook.Whole), home("b", contact, book1, crossbook.Person), false},
		{"two homes of one CRM record", home("a", crm1, book1, crossbook.Whole), home("b", crm1, book2, crossbook.Whole), false},
		{"a home and an alias of one CRM record", home("a", crm1, book1, crossbook.Whole), alias(home("b", crm1, book2, crossbook.Whole)), true},
		{"an alias of a customer that has a home", home("a", crm1, book1, crossbook.Whole), alias(home("b", crm2, book1, crossbook.Whole)), false},
		{"beside a tombstone of the CRM record", state(home("a", crm1, book1, crossbook.Whole), crossbook.Tombstone), home("b", crm1, book2, crossbook.Whole), false},
		{"beside a tombstone of the customer", state(home("a", crm1, book1, crossbook.Whole), crossbook.Tombstone), home("b", crm2, book1, crossbook.Whole), false},
		{"the same ids in another entity", home("a", crm1, book1, crossbook.Whole), home("b", crossbook.CRMRef(crossbook.Vendors, crm1.ID), crossbook.BooksRef(crossbook.Vendor, book1.ID), crossbook.Whole), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store) {
				update(t, st, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, c.first) })
				err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, c.second) })
				if c.ok && err != nil || !c.ok && !errors.Is(err, store.ErrConflict) {
					t.Errorf("got %v", err)
				}
				if c.ok {
					return
				}
				storetest.Connect(t, st, "c2")
				update(t, st, func(tx *store.Tx) error { return tx.PutLink(ctx, "c2", c.second) }) // other connections do not care
				update(t, st, func(tx *store.Tx) error {                                           // released, it makes room
					if err := tx.DeleteLink(ctx, conn, c.first.ID); err != nil {
						return err
					}
					return tx.PutLink(ctx, conn, c.second)
				})
			})
		})
	}
}

func TestPutLinkRefusesNonsense(t *testing.T) {
	st := storetest.SQLite(t)
	good := home("a", crm1, book1, crossbook.Whole)
	for name, spoil := range map[string]func(*crossbook.Link){
		"no id":           func(l *crossbook.Link) { l.ID = "" },
		"unknown part":    func(l *crossbook.Link) { l.Part = "" },
		"unknown kind":    func(l *crossbook.Link) { l.Kind = "x" },
		"unknown state":   func(l *crossbook.Link) { l.State = "" },
		"one id":          func(l *crossbook.Link) { l.BooksID = "" },
		"an alias's base": func(l *crossbook.Link) { l.Kind, l.BaseCRM = crossbook.Alias, crossbook.Fields{} },
	} {
		bad := good
		spoil(&bad)
		if err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, bad) }); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutLink(ctx, conn, good, good) }); !errors.Is(err, store.ErrConflict) {
		t.Errorf("one link twice: %v", err)
	}
}
