package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// twoPeople is a linked Account with Ann, its marked billing contact, and Bob.
func twoPeople(w *world) (ann, bob, customer string) {
	w.connect()
	w.firstSync()
	a := w.newCRM("Accounts", m{"Account_Name": "Cool Cars"})
	ann = w.newCRM("Contacts", m{
		"Salutation": "Ms.", "First_Name": "Ann", "Last_Name": "Lee", "Email": "ann@coolcars.example", "Account_Name": m{"id": a}, mapping.FieldBillTo: true,
	})
	bob = w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Moss", "Email": "bob@coolcars.example", "Account_Name": m{"id": a}})
	w.sync()
	return ann, bob, w.booksID("Customer", "DisplayName", "Cool Cars")
}

func (w *world) mark(contact string, on bool) {
	w.t.Helper()
	w.editCRM("Contacts", contact, m{mapping.FieldBillTo: on})
}

// wantPerson makes sure whose name a customer bears, and that it alone is linked.
func (w *world) wantPerson(customer, contact, title, first, last, email string) {
	w.t.Helper()
	c := w.booksState().find(w.t, "Customer", "Id", customer)
	want(w.t, "display name", c["DisplayName"], "Cool Cars")
	want(w.t, "company name", c["CompanyName"], "Cool Cars")
	want(w.t, "first name", text(c["GivenName"]), first)
	want(w.t, "last name", text(c["FamilyName"]), last)
	want(w.t, "title", text(c["Title"]), title)
	want(w.t, "e-mail", text(get(c, "PrimaryEmailAddr", "Address")), email)
	want(w.t, "customers", len(w.booksState().Records["Customer"]), "1")
	for _, r := range w.crmState().Records["Contacts"] {
		id := ""
		if r["id"] == contact {
			id = customer
		}
		want(w.t, "QuickBooks Id of "+text(r["Last_Name"]), text(r[mapping.FieldID]), id)
	}
	var linked []string
	for _, l := range w.linksOf(crossbook.Contacts) {
		if l.State == crossbook.Linked {
			linked = append(linked, l.CRMID+" "+string(l.Part))
		}
	}
	want(w.t, "links", strings.Join(linked, ","), contact+" person")
}

// notBilling are the Contacts left out because another one is the billing contact.
func (w *world) notBilling() []store.LeftOut {
	w.t.Helper()
	var out []store.LeftOut
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		var err error
		out, err = tx.WalkLeftOut(w.t.Context(), w.conn.ID, store.LeftOutFilter{Module: crossbook.Contacts, Code: "not-billing-contact"})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// The mark moves, and with it the person part of the customer (P1).
func TestContacts_BillingMarkMoves_TheOtherBecomesThePerson(t *testing.T) {
	for _, markFirst := range []bool{false, true} {
		w := newWorld(t)
		ann, bob, c := twoPeople(w)
		w.wantPerson(c, ann, "Ms.", "Ann", "Lee", "ann@coolcars.example")
		w.editBooks("Customer", c, m{"MiddleName": "Q", "Suffix": "Jr."})
		w.sync()
		if markFirst {
			w.mark(bob, true)
			w.mark(ann, false)
		} else {
			w.mark(ann, false)
			w.mark(bob, true)
		}
		w.sync()
		w.wantPerson(c, bob, "", "Bob", "Moss", "bob@coolcars.example")
		rec := w.booksState().find(t, "Customer", "Id", c)
		want(t, "middle name", text(rec["MiddleName"])+text(rec["Suffix"]), "")
		crm := w.crmState()
		want(t, "Ann", crm.find(t, "Contacts", "id", ann)["First_Name"], "Ann")
		want(t, "Bob's e-mail", crm.find(t, "Contacts", "id", bob)["Email"], "bob@coolcars.example")
		if out := w.notBilling(); len(out) != 1 || out[0].Ref.ID != ann {
			t.Errorf("left out: %+v, want Ann alone", out)
		}
		w.nothingMore()
		w.editBooks("Customer", c, m{"FamilyName": "Mossman"})
		w.editCRM("Contacts", ann, m{"Last_Name": "Leigh"})
		w.sync()
		want(t, "Bob follows", w.crmState().find(t, "Contacts", "id", bob)["Last_Name"], "Mossman")
		w.wantPerson(c, bob, "", "Bob", "Mossman", "bob@coolcars.example")
		w.nothingMore()
	}
}

// And back again; what the customer's e-mail list holds is never written over (P5).
func TestContacts_BillingMarkMovesBack_KeepsAListOfAddresses(t *testing.T) {
	w := newWorld(t)
	ann, bob, c := twoPeople(w)
	list := "ap@coolcars.example, ann@coolcars.example"
	w.editBooks("Customer", c, m{"PrimaryEmailAddr": m{"Address": list}})
	w.sync()
	w.mark(ann, false)
	w.mark(bob, true)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", list)
	w.nothingMore()
	w.mark(bob, false)
	w.mark(ann, true)
	w.sync()
	w.wantPerson(c, ann, "Ms.", "Ann", "Lee", list)
	w.nothingMore()
}

// A Contact without an address takes the customer's away from nobody.
func TestContacts_BillingMarkMovesToOneWithoutEmail_ClearsNoAddress(t *testing.T) {
	w := newWorld(t)
	ann, bob, c := twoPeople(w)
	w.editCRM("Contacts", bob, m{"Email": nil})
	w.mark(ann, false)
	w.mark(bob, true)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", "ann@coolcars.example")
	want(t, "Bob's e-mail", text(w.crmState().find(t, "Contacts", "id", bob)["Email"]), "")
	w.nothingMore()
}

// Without any mark nobody new is chosen; of two a person chooses.
func TestContacts_BillingMarkGoneOrTwice_MovesNothing(t *testing.T) {
	w := newWorld(t)
	ann, bob, c := twoPeople(w)
	w.mark(ann, false)
	w.sync()
	w.wantPerson(c, ann, "Ms.", "Ann", "Lee", "ann@coolcars.example")
	w.nothingMore()
	w.mark(ann, true)
	w.mark(bob, true)
	w.sync()
	w.wantPerson(c, ann, "Ms.", "Ann", "Lee", "ann@coolcars.example")
	want(t, "problem", w.problemText(), "More than one Contact is marked as QuickBooks billing contact.")
	w.mark(ann, false)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", "bob@coolcars.example")
	w.nothingMore()
	w.mark(ann, true)
	w.sync()
	want(t, "problem", w.problemText(), "More than one Contact is marked as QuickBooks billing contact.")
	w.mark(ann, false)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", "bob@coolcars.example")
	w.nothingMore()
}

// Unmarking the only Contact of an Account changes nothing: it is the only one.
func TestContacts_OnlyContactUnmarked_StaysThePerson(t *testing.T) {
	w := newWorld(t)
	ann, bob, c := twoPeople(w)
	w.personCRM(zohobox.Action{Action: "delete", Type: "Contacts", ID: bob})
	w.mark(ann, false)
	w.sync()
	w.wantPerson(c, ann, "Ms.", "Ann", "Lee", "ann@coolcars.example")
	w.nothingMore()
}

// A marked Contact takes the place of one that was deleted in the CRM.
func TestContacts_BillingContactDeleted_TheMarkedOneTakesOver(t *testing.T) {
	w := newWorld(t)
	ann, bob, c := twoPeople(w)
	w.personCRM(zohobox.Action{Action: "delete", Type: "Contacts", ID: ann})
	w.sync()
	want(t, "last name", w.booksState().find(t, "Customer", "Id", c)["FamilyName"], "Lee")
	w.mark(bob, true)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", "bob@coolcars.example")
	w.nothingMore()
	w.personCRM(zohobox.Action{Action: "restore", Type: "Contacts", ID: ann})
	w.sync()
	want(t, "problem", w.problemText(), "More than one Contact is marked as QuickBooks billing contact.")
	w.mark(ann, false)
	w.sync()
	w.wantPerson(c, bob, "", "Bob", "Moss", "bob@coolcars.example")
	w.nothingMore()
}

// Two marked from the beginning: the company goes on, nobody is chosen.
func TestContacts_TwoMarkedAtFirst_AskAPerson(t *testing.T) {
	w := newWorld(t)
	w.connect()
	w.firstSync()
	a := w.newCRM("Accounts", m{"Account_Name": "Cool Cars"})
	w.newCRM("Contacts", m{"First_Name": "Ann", "Last_Name": "Lee", "Account_Name": m{"id": a}, mapping.FieldBillTo: true})
	bob := w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Moss", "Account_Name": m{"id": a}, mapping.FieldBillTo: true})
	w.sync()
	want(t, "problem", w.problemText(), "More than one Contact is marked as QuickBooks billing contact.")
	c := w.booksState().find(t, "Customer", "DisplayName", "Cool Cars")
	want(t, "last name", text(c["FamilyName"]), "")
	w.mark(w.crmID("Contacts", "Last_Name", "Lee"), false)
	w.sync()
	w.wantPerson(text(c["Id"]), bob, "", "Bob", "Moss", "")
	w.nothingMore()
}

// The plan shows what the move of a mark does to the books.
func TestContacts_BillingMarkMoves_ThePlanSaysSo(t *testing.T) {
	w := newWorld(t)
	ann, bob, _ := twoPeople(w)
	w.mark(ann, false)
	w.mark(bob, true)
	p, err := w.eng.Plan(t.Context(), w.conn.ID, engine.Ask{Feeds: true})
	if err != nil {
		t.Fatal(err)
	}
	if p.CRM.Linked != 1 || p.Books.Updated != 1 {
		t.Errorf("plan: %+v, want one link and one update of QuickBooks", p.Ops)
	}
}

func TestContacts_BillingMarkMoves_KilledAtEveryStep(t *testing.T) {
	var ann, bob, c string
	scenario{
		before: func(w *world) {
			a := w.newCRM("Accounts", m{"Account_Name": "Cool Cars"})
			ann = w.newCRM("Contacts", m{"First_Name": "Ann", "Last_Name": "Lee", "Account_Name": m{"id": a}})
			c = w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Ann", "FamilyName": "Lee"})
			bob = w.newCRM("Contacts", m{"First_Name": "Bob", "Last_Name": "Moss", "Account_Name": m{"id": a}})
		},
		acts: []func(*world){func(w *world) { w.mark(bob, true) }},
		check: func(t *testing.T, w *world) {
			w.wantPerson(c, bob, "", "Bob", "Moss", "")
			want(t, "Ann", w.crmState().find(t, "Contacts", "id", ann)["Last_Name"], "Lee")
		},
	}.everyCrash(t)
}

// An Account whose only Contact is somebody else than its customer's person gets
// a second Contact, and the plan says the same. A marked Contact is the person,
// whatever it is called: then the names are listed to review.
func TestContacts_OnlyContactIsSomebodyElse_PlanAndSyncAgree(t *testing.T) {
	for _, marked := range []bool{false, true} {
		w := newWorld(t)
		a := w.newCRM("Accounts", m{"Account_Name": "Cool Cars"})
		w.newCRM("Contacts", m{"First_Name": "Ruth", "Last_Name": "Adeyemi", "Account_Name": m{"id": a}})
		c := w.newBooks("Customer", m{"DisplayName": "Cool Cars", "CompanyName": "Cool Cars", "GivenName": "Kofi", "FamilyName": "Mensah"})
		w.connect()
		ruth := w.crmID("Contacts", "Last_Name", "Adeyemi")
		made, person := 1, ""
		if marked {
			w.mark(ruth, true)
			made, person = 0, ruth
		}
		p, err := w.eng.Plan(t.Context(), w.conn.ID, engine.Ask{Feeds: true})
		if err != nil {
			t.Fatal(err)
		}
		planned := 0
		for _, op := range p.Ops {
			if op.Kind == crossbook.Create && op.Module == crossbook.Contacts {
				planned++
			}
		}
		if planned != made || p.CRM.Linked != 2-made {
			t.Errorf("marked %v: the plan has %d new Contacts and %d linked, want %d and %d", marked, planned, p.CRM.Linked, made, 2-made)
		}
		w.firstSync()
		if !marked {
			person = w.crmID("Contacts", "Last_Name", "Mensah")
		}
		w.wantPerson(c, person, "", "Kofi", "Mensah", "")
		want(t, "Contacts", len(w.crmState().Records["Contacts"]), fmt.Sprint(1+made))
		want(t, "Ruth", w.crmState().find(t, "Contacts", "id", ruth)["First_Name"], "Ruth")
		w.nothingMore()
	}
}
