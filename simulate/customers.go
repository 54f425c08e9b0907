package simulate

import (
	"fmt"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// aCustomer is a new QuickBooks customer: a firm with or without its person, a
// private person, or a job.
func (w *world) aCustomer(n int) object {
	data := object{}
	kind := w.rng.IntN(10)
	switch {
	case kind < 4:
		data["DisplayName"], data["CompanyName"] = fmt.Sprintf("Firm number %d", n), fmt.Sprintf("Firm number %d", n)
		if chance(w.rng, 60) {
			data["GivenName"], data["FamilyName"] = first(n), family(n)
		}
	case kind < 8:
		data["DisplayName"] = fmt.Sprintf("First%d Family%d", n, n)
		data["GivenName"], data["FamilyName"] = first(n), family(n)
	default:
		data["DisplayName"] = fmt.Sprintf("Job %d", n)
		if parent := w.topCustomer(); parent != "" {
			data["Job"], data["ParentRef"] = true, object{"value": parent}
		} else {
			data["CompanyName"] = data["DisplayName"]
		}
	}
	switch {
	case chance(w.rng, 15):
		data["PrimaryEmailAddr"] = object{"Address": "office@shared.example"}
	case chance(w.rng, 10):
		data["PrimaryEmailAddr"] = object{"Address": fmt.Sprintf("p%d@people.example, p%d@people.example", w.next(), w.next())}
	}
	return w.fillBooks(data, customerKnobs)
}

// topCustomer is an active customer that is no job.
func (w *world) topCustomer() string {
	for _, r := range w.books.All("Customer") {
		if r["Active"] != false && r["Job"] != true && chance(w.rng, 50) {
			return fmt.Sprint(r["Id"])
		}
	}
	return ""
}

// aContact is a new CRM contact, often of an Account.
func (w *world) aContact(n int) object {
	data := object{"First_Name": first(n), "Last_Name": family(n)}
	if rows := w.crmRecords("Accounts"); len(rows) > 0 && chance(w.rng, 50) {
		data["Account_Name"] = object{"id": pick(w.rng, rows)["id"]}
		if w.connected && chance(w.rng, 30) {
			data["QuickBooks_billing_contact"] = true
		}
	}
	if chance(w.rng, 20) {
		data["Email"] = "office@shared.example"
	}
	return w.fillCRM(data, contactKnobs)
}

func (w *world) anAccount(n int) object {
	return w.fillCRM(object{"Account_Name": fmt.Sprintf("Firm number %d", n)}, accountKnobs)
}

// someCustomers are on one side, on the other, or on both under other
// spellings.
func (w *world) someCustomers() {
	for range 2 + w.rng.IntN(3) {
		n := w.next()
		in := w.rng.IntN(3)
		var c object
		if in != 0 {
			c = w.aCustomer(n)
			w.doBooks(qbobox.Action{Action: "create", Type: "Customer", Data: c})
		}
		if in == 1 {
			continue
		}
		if c != nil && c["CompanyName"] != nil || c == nil && chance(w.rng, 50) {
			data := w.anAccount(n)
			data["Account_Name"] = w.spelling(fmt.Sprint(data["Account_Name"]))
			w.doCRM(zohobox.Action{Action: "create", Type: "Accounts", Data: data})
			continue
		}
		data := w.aContact(n)
		if mail, ok := c["PrimaryEmailAddr"].(object); ok && chance(w.rng, 60) {
			data["Email"] = firstMail(fmt.Sprint(mail["Address"]))
		}
		w.doCRM(zohobox.Action{Action: "create", Type: "Contacts", Data: data})
	}
}

func firstMail(s string) string {
	for i, r := range s {
		if r == ',' {
			return s[:i]
		}
	}
	return s
}

// actCustomer is one thing somebody does to customers.
func (w *world) actCustomer() {
	if w.profile.settings.Trees() && chance(w.rng, 35) {
		w.actTree()
		return
	}
	switch n := w.rng.IntN(100); {
	case n < 25:
		w.crmParty("Accounts", accountKnobs, func() object { return w.anAccount(w.next()) })
	case n < 48:
		w.crmParty("Contacts", contactKnobs, func() object { return w.aContact(w.next()) })
	case n < 52:
		w.move()
	default:
		w.booksParty("Customer", customerKnobs, func() object { return w.aCustomer(w.next()) })
	}
}

// move puts a contact under another Account, or under none.
func (w *world) move() {
	id := w.anyCRM("Contacts")
	if id == "" {
		return
	}
	var v any
	if rows := w.crmRecords("Accounts"); len(rows) > 0 && chance(w.rng, 70) {
		v = object{"id": pick(w.rng, rows)["id"]}
	}
	w.doCRM(zohobox.Action{Action: "update", Type: "Contacts", ID: id, Data: object{"Account_Name": v}})
}
