package verify_test

import (
	"testing"

	"crossbook"
)

// The three jobs of the recorded company under the options for sub-customers
// (spec section 2): 8 has a person's name and is called by an address, 9 has a
// first name only, 23 is a company by its own name under a private person.

// treeAccounts are the Accounts the options add or change, by option: a for
// sub-customers as Accounts, c for contacts as sub-customers, both for both.
// The figures of a job that has its own record stand there and not above (P33).
//
// options | id | name | parent | phone | balance | overdue | oldest days | last payment
const treeAccounts = `
both | 7 | Freeman Sporting Goods | - | (650) 555-0987 | 0 | 0 | 0 | -
both | 9 | 55 Twin Lane | Freeman Sporting Goods | (650) 555-0987 | 85 | 85 | 44 | 2026-04-06
both | 23 | Barnett Design | - | (650) 557-1289 | 274.5 | 274.5 | 10 | -
a | 7 | Freeman Sporting Goods | - | (650) 555-0987 | 477.5 | 0 | 0 | 2026-04-08
a | 9 | 55 Twin Lane | Freeman Sporting Goods | (650) 555-0987 | 85 | 85 | 44 | 2026-04-06
a | 23 | Barnett Design | - | (650) 557-1289 | 274.5 | 274.5 | 10 | -
c | 7 | Freeman Sporting Goods | - | (650) 555-0987 | 85 | 85 | 44 | 2026-04-06
`

// treeContacts are the Contacts the options add; the billing contact of Barnett
// Design has no phone, which is the Account's.
//
// options | id | first | last | account | e-mail | phone | mobile | fax
const treeContacts = `
both | 8 | Sasha | Tillou | Freeman Sporting Goods | Sporting_goods@intuit.com | (415) 555-9933 | (973) 555-8849 | (520) 555-7894
both | 22 | Shara | Barnett | - | Shara@Barnett.com | (650) 555-4563 | - | -
both | 23 | Shara | Barnett | Barnett Design | Design@intuit.com | - | - | -
a | 23 | Shara | Barnett | Barnett Design | Design@intuit.com | - | - | -
c | 8 | Sasha | Tillou | Freeman Sporting Goods | Sporting_goods@intuit.com | (415) 555-9933 | (973) 555-8849 | (520) 555-7894
`

// treeInvoices are the invoices of the jobs: under the job's own record, else
// under the nearest Account above with the job named (P1).
//
// options | id | account | contact | job | subject's name
const treeInvoices = `
both | 13 | 55 Twin Lane | - | - | 55 Twin Lane
both | 14 | 55 Twin Lane | - | - | 55 Twin Lane
both | 92 | 55 Twin Lane | - | - | 55 Twin Lane
both | 95 | Freeman Sporting Goods | Sasha Tillou | - | 0969 Ocean View Road
both | 96 | Freeman Sporting Goods | Sasha Tillou | - | 0969 Ocean View Road
both | 129 | Freeman Sporting Goods | Sasha Tillou | - | 0969 Ocean View Road
both | 39 | Barnett Design | Shara Barnett | - | Barnett Design
a | 13 | 55 Twin Lane | - | - | 55 Twin Lane
a | 129 | Freeman Sporting Goods | Kirby Freeman | 0969 Ocean View Road | Freeman Sporting Goods
a | 39 | Barnett Design | Shara Barnett | - | Barnett Design
c | 13 | Freeman Sporting Goods | Kirby Freeman | 55 Twin Lane | Freeman Sporting Goods
c | 129 | Freeman Sporting Goods | Sasha Tillou | - | 0969 Ocean View Road
c | 39 | - | Shara Barnett | Barnett Design | Shara Barnett
`

func TestRecordedCompany_WithTheOptionsForSubCustomers(t *testing.T) {
	for _, tc := range []struct {
		options                     string
		contacts, accounts          bool
		nAccounts, nContacts, nLeft int
	}{
		{"both", true, true, 20, 32, 0},
		{"a", false, true, 20, 31, 1},
		{"c", true, false, 18, 31, 2},
	} {
		t.Run(tc.options, func(t *testing.T) {
			w := recordedWorld(t, everything, func(s *crossbook.Settings) {
				s.ContactsAsSubCustomers, s.SubCustomersAsAccounts = tc.contacts, tc.accounts
			})
			if p := w.problems(); len(p) > 0 {
				t.Errorf("problems: %+v", p)
			}
			r := readRecorded(t, w)
			if a, c := len(r.all["Accounts"]), len(r.all["Contacts"]); a != tc.nAccounts || c != tc.nContacts {
				t.Errorf("%d Accounts and %d Contacts, want %d and %d", a, c, tc.nAccounts, tc.nContacts)
			}
			r.underOptions(t, tc.options)
			r.untouched(t)
			rep := w.verify()
			for _, f := range rep.Open() {
				t.Error(f.Sentence)
			}
			if rep.LeftOut != tc.nLeft {
				t.Errorf("%d left out, want %d: %v", rep.LeftOut, tc.nLeft, rep.LeftOutFor)
			}
			before := w.writes()
			w.sync()
			if n := w.writes() - before; n != 0 {
				t.Errorf("a second sync writes %d times", n)
			}
		})
	}
}

func (r *recorded) underOptions(t *testing.T, options string) {
	t.Helper()
	for _, c := range table(t, treeAccounts, 9) {
		if c[0] == options {
			r.check(t, "Account "+c[2], r.byID["Accounts"][c[1]], expect{
				"Account_Name": c[2], "Parent_Account": c[3], "Phone": c[4], "QuickBooks_Balance": c[5], "QuickBooks_Overdue": c[6],
				"QuickBooks_Oldest_days": c[7], "QuickBooks_Last_payment": c[8], "QuickBooks_Link": page("customerdetail", c[1]),
			})
		}
	}
	for _, c := range table(t, treeContacts, 9) {
		if c[0] == options {
			r.check(t, "Contact of customer "+c[1], r.byID["Contacts"][c[1]], expect{
				"First_Name": c[2], "Last_Name": c[3], "Account_Name": c[4], "Email": c[5], "Phone": c[6], "Mobile": c[7], "Fax": c[8],
				"QuickBooks_Link": page("customerdetail", c[1]),
			})
		}
	}
	papers := map[string][]string{}
	for _, p := range papersOfInvoices(t) {
		papers[p[0]] = p
	}
	for _, c := range table(t, treeInvoices, 6) {
		if c[0] == options {
			number, date := papers[c[1]][1], papers[c[1]][2]
			r.check(t, "Invoice "+number, r.byID["Invoices"][c[1]], expect{
				"Account_Name": c[2], "Contact_Name": c[3], "QuickBooks_Job_or_project": c[4], "Subject": subject(number, "Invoice", date, c[5]),
			})
		}
	}
}

func papersOfInvoices(t *testing.T) [][]string {
	t.Helper()
	var out [][]string
	for _, p := range papers(t, recordedInvoices, 24) {
		out = append(out, p.cells)
	}
	return out
}
