package simulate

import (
	"fmt"
	"math/rand/v2"

	"crossbook"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// drawTrees draws the options of the customer source. They have dice of their
// own, so that the other seeds stay what they were.
func (p *profile) drawTrees(seed int64) {
	rng := rand.New(rand.NewPCG(uint64(seed), 0x7ee5))
	contacts, accounts, only := chance(rng, 50), chance(rng, 50), chance(rng, 15)
	if p.settings.CustomerSource == crossbook.AccountsWithBillingContact {
		p.settings.ContactsAsSubCustomers, p.settings.SubCustomersAsAccounts = contacts, accounts
	}
	p.settings.OnlyContactsOfAccounts = only && p.settings.CustomerSource != crossbook.AccountsOnly
}

// treeOptions names the options that were drawn.
func (p *profile) treeOptions() []string {
	var out []string
	if p.settings.ContactsAsSubCustomers {
		out = append(out, "contacts as sub-customers")
	}
	if p.settings.SubCustomersAsAccounts {
		out = append(out, "sub-customers as Accounts")
	}
	if p.settings.OnlyContactsOfAccounts {
		out = append(out, "only contacts of Accounts")
	}
	return out
}

// actTree is one thing somebody does to customers that stand under customers.
func (w *world) actTree() {
	n := w.next()
	account := w.anyCRM("Accounts")
	customer := w.activeBooks("Customer")
	switch w.rng.IntN(10) {
	case 0, 1:
		if account != "" {
			data := object{"First_Name": first(n), "Last_Name": family(n), "Account_Name": object{"id": account}}
			w.doCRM(zohobox.Action{Action: "create", Type: "Contacts", Data: w.fillCRM(data, contactKnobs)})
		}
	case 2, 3:
		if account != "" {
			data := w.anAccount(n)
			data["Parent_Account"] = object{"id": account}
			w.doCRM(zohobox.Action{Action: "create", Type: "Accounts", Data: data})
		}
	case 4, 5:
		if customer != "" {
			w.doBooks(qbobox.Action{Action: "create", Type: "Customer", Data: w.aSubCustomer(n, customer)})
		}
	case 6:
		w.move()
	case 7:
		w.moveAccount()
	default:
		w.moveCustomer()
	}
}

// aSubCustomer is a person, a site, or a company under another customer.
func (w *world) aSubCustomer(n int, parent string) object {
	data := object{"Job": true, "ParentRef": object{"value": parent}}
	switch w.rng.IntN(3) {
	case 0:
		data["DisplayName"], data["GivenName"], data["FamilyName"] = fmt.Sprintf("First%d Family%d", n, n), first(n), family(n)
	case 1:
		data["DisplayName"] = fmt.Sprintf("Site %d", n)
	default:
		data["DisplayName"], data["CompanyName"] = fmt.Sprintf("Firm number %d", n), fmt.Sprintf("Firm number %d", n)
		if chance(w.rng, 50) {
			data["GivenName"], data["FamilyName"] = first(n), family(n)
		}
	}
	return w.fillBooks(data, customerKnobs)
}

// moveAccount puts an Account under another one, or under none.
func (w *world) moveAccount() {
	id := w.anyCRM("Accounts")
	if id == "" {
		return
	}
	var v any
	if to := w.anyCRM("Accounts"); to != id && chance(w.rng, 70) {
		v = object{"id": to}
	}
	w.doCRM(zohobox.Action{Action: "update", Type: "Accounts", ID: id, Data: object{"Parent_Account": v}})
}

// moveCustomer puts a customer under another one, or at the top; QuickBooks
// refuses circles and trees that are too deep.
func (w *world) moveCustomer() {
	id, to := w.activeBooks("Customer"), w.activeBooks("Customer")
	if id == "" || id == to {
		return
	}
	data := object{"Job": true, "ParentRef": object{"value": to}}
	if chance(w.rng, 30) {
		data = object{"Job": false}
	}
	w.doBooks(qbobox.Action{Action: "update", Type: "Customer", ID: id, Data: data})
}
