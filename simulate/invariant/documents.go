package invariant

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// subforms are the rows of the CRM's documents.
var subforms = map[string]string{"Quotes": "Quoted_Items", "Invoices": "Invoiced_Items", "Purchase_Orders": "Purchase_Items"}

// documents checks that what the CRM shows of a document is what QuickBooks
// holds, to the cent (P18 to P23).
func (j *judge) documents() {
	for _, l := range j.Recorded.Links {
		if subforms[l.Module] == "" || !l.live() {
			continue
		}
		crm, books := j.records[l.crm()], j.records[l.books()]
		if crm == nil || j.isHeld(l.books(), l.crm()) || j.touched(l) {
			continue
		}
		switch {
		case books == nil:
			j.gone(l, crm, "Deleted")
		case voided(books):
			j.gone(l, crm, "Voided")
		default:
			j.document(l, crm, books)
		}
	}
}

// touched tells whether a person in the CRM changed the document after
// Crossbook's last write: that stands until QuickBooks moves again (R83a).
func (j *judge) touched(l Link) bool {
	lastWrite := 0
	for _, w := range j.CRM.Writes {
		if w.API() && w.Type == l.Module && w.ID == l.CRMID && !w.note() {
			lastWrite = w.Seq
		}
	}
	return slices.ContainsFunc(j.Log, func(d Deed) bool {
		return Ref{d.Side, d.Type, d.ID} == l.crm() && d.CRMSeq > lastWrite
	})
}

func voided(books Record) bool {
	return amount(books, "TotalAmt").IsZero() && strings.HasPrefix(strings.TrimSpace(plain(books["PrivateNote"])), "Voided")
}

// gone checks P21: the figures of a document that is no more are zero.
func (j *judge) gone(l Link, crm Record, word string) {
	if total := amount(crm, "Grand_Total"); !total.IsZero() {
		j.broken("gone document", "%s has the Grand Total %s though %s was %s", l.crm(), total, l.books(), strings.ToLower(word))
	}
	if status := plain(crm["QuickBooks_Status"]); !strings.HasPrefix(status, word) {
		j.broken("gone document", "%s has the status %q though %s was %s", l.crm(), status, l.books(), strings.ToLower(word))
	}
}

func (j *judge) document(l Link, crm, books Record) {
	total := amount(books, "TotalAmt")
	if got := amount(crm, "Grand_Total"); !got.Equal(total) {
		j.broken("total", "%s has the Grand Total %s, %s the TotalAmt %s", l.crm(), got, l.books(), total)
	}
	for name, want := range map[string]string{
		"QuickBooks_Number": plain(books["DocNumber"]), "QuickBooks_Total": canon(total.String(), number),
	} {
		if got := canon(plain(crm[name]), kindOf(name)); got != want {
			j.broken("document figure", "%s: %s is %q, want %q", l.crm(), name, got, want)
		}
	}
	if l.Module == "Invoices" {
		if got, want := amount(crm, "QuickBooks_Balance_Due"), amount(books, "Balance"); !got.Equal(want) {
			j.broken("document figure", "%s: the balance due is %s, %s has %s", l.crm(), got, l.books(), want)
		}
	}
	if got, want := plain(crm["QuickBooks_Status"]), j.status(l, books); got != want {
		j.broken("document status", "%s is %q, want %q as %s says", l.crm(), got, want, l.books())
	}
	j.rows(l, crm, books)
	j.party(l, crm, books)
}

func kindOf(name string) kind {
	if name == "QuickBooks_Number" {
		return text
	}
	return number
}

// status is P20, the first that holds.
func (j *judge) status(l Link, books Record) string {
	total, balance, due := amount(books, "TotalAmt"), amount(books, "Balance"), plain(books["DueDate"])
	switch l.Module {
	case "Quotes":
		return j.quoteStatus(books)
	case "Purchase_Orders":
		return plain(books["POStatus"])
	}
	switch {
	case total.IsZero():
		return "No charge"
	case !balance.IsPositive():
		return "Paid"
	case due != "" && due < j.Today:
		return "Overdue"
	case balance.LessThan(total):
		return "Partly paid"
	default:
		return "Open"
	}
}

// quoteStatus: open until Remaining is 0, Expired by the calendar.
func (j *judge) quoteStatus(books Record) string {
	status := plain(books["TxnStatus"])
	if exp := plain(books["ExpirationDate"]); status == "Pending" && exp != "" && exp < j.Today {
		return "Expired"
	}
	if status != "Closed" && status != "Converted" {
		return status
	}
	invoiced, made := decimal.Zero, false
	for _, inv := range j.Books.rows("Invoice") {
		for _, x := range entries(inv["LinkedTxn"]) {
			if plain(x["TxnType"]) == "Estimate" && plain(x["TxnId"]) == idOf(books) && !voided(inv) {
				invoiced, made = invoiced.Add(amount(inv, "TotalAmt")), true
			}
		}
	}
	if made && amount(books, "TotalAmt").Sub(invoiced).IsPositive() {
		return "Accepted"
	}
	return status
}

func entries(v any) []Record {
	list, _ := v.([]any)
	out := make([]Record, 0, len(list))
	for _, e := range list {
		if r, ok := e.(map[string]any); ok {
			out = append(out, r)
		}
	}
	return out
}

// rows checks that every line is there with its amount and nothing else, and
// that the Adjustment is shipping and at most a cent a line.
func (j *judge) rows(l Link, crm, books Record) {
	shipping, want := decimal.Zero, []string{}
	for _, line := range entries(books["Line"]) {
		switch detail := plain(line["DetailType"]); detail {
		case "SubTotalLineDetail", "DescriptionOnly", "DiscountLineDetail":
		default:
			item := plain(dig(line, detail+".ItemRef.value"))
			if item != "" && strings.Trim(item, "0123456789") != "" {
				shipping = shipping.Add(amount(line, "Amount"))
				continue
			}
			want = append(want, amount(line, "Amount").StringFixed(2))
		}
	}
	shown := entries(crm[subforms[l.Module]])
	slices.SortStableFunc(shown, func(a, b Record) int {
		return amount(a, "Sequence_Number").Cmp(amount(b, "Sequence_Number"))
	})
	var got []string
	for _, row := range shown {
		got = append(got, amount(row, "Total").StringFixed(2))
	}
	if len(want) == 0 {
		want = []string{"0.00"} // the CRM refuses a document without rows
	}
	if !slices.Equal(got, want) {
		j.broken("lines", "%s shows the lines %v, %s has %v", l.crm(), got, l.books(), want)
	}
	if note := plain(crm["QuickBooks_Note"]); strings.Contains(note, "Adjustment") {
		return // a marked case (P18, P22)
	}
	rounding := amount(crm, "Adjustment").Sub(shipping).Abs()
	if rounding.GreaterThan(decimal.New(int64(len(want)), -2)) {
		j.broken("adjustment", "%s has the Adjustment %s, which is shipping %s and %s more", l.crm(), amount(crm, "Adjustment"), shipping, rounding)
	}
}

// party checks that a document refers to the linked records of its party, or
// of the nearest ancestor of a job, and to the products of its items.
func (j *judge) party(l Link, crm, books Record) {
	entity, key := "Customer", "CustomerRef"
	if l.Module == "Purchase_Orders" {
		entity, key = "Vendor", "VendorRef"
	}
	wanted := map[string]string{}
	id := refID(books[key])
	for range 6 {
		for _, p := range j.links1[Ref{Books, entity, id}] {
			if !p.Gone {
				wanted[p.Module] = p.CRMID
			}
		}
		if len(wanted) > 0 {
			break
		}
		id = refID(dig(j.records[Ref{Books, entity, id}], "ParentRef"))
	}
	for module, field := range map[string]string{"Accounts": "Account_Name", "Contacts": "Contact_Name", "Vendors": "Vendor_Name"} {
		want, got := wanted[module], refID(crm[field])
		if want != "" && got != want && !j.onceGone(Ref{CRM, module, want}) && j.records[Ref{CRM, module, want}] != nil {
			j.broken("party", "%s: %s is %q, want %q", l.crm(), field, got, want)
		}
		if got != "" && len(j.links1[Ref{CRM, module, got}]) == 0 && j.records[Ref{CRM, module, got}] != nil && len(wanted) > 0 && wanted["Contacts"] == "" {
			j.broken("unlinked parent", "%s refers to %s, which is not linked", l.crm(), Ref{CRM, module, got})
		}
	}
	for _, row := range entries(crm[subforms[l.Module]]) {
		product := refID(row["Product_Name"])
		if product != j.Placeholder && len(j.links1[Ref{CRM, "Products", product}]) == 0 && !j.onceGone(Ref{CRM, "Products", product}) {
			j.broken("unlinked parent", "%s has a line of product %s, which is not linked", l.crm(), product)
		}
	}
}

// figures checks the balances on Accounts and private Contacts (P6, P33).
func (j *judge) figures() {
	for _, l := range j.Recorded.Links {
		crm, books := j.records[l.crm()], j.records[l.books()]
		if !l.live() || crm == nil || books == nil || j.isHeld(l.crm(), l.books()) {
			continue
		}
		want := amount(books, "Balance")
		switch {
		case l.Module == "Accounts":
			j.overdue(l, crm)
			want = decimal.Zero
			for _, other := range j.links1[l.crm()] {
				if !other.Gone {
					want = want.Add(j.owed(other.BooksID, 0))
				}
			}
		case l.Module != "Contacts" || l.Part != "whole":
			continue
		default:
			for _, other := range j.links1[l.crm()] {
				if alias := j.records[other.books()]; other.Alias && !other.Gone && alias != nil {
					want = want.Add(amount(alias, "Balance"))
				}
			}
		}
		if got := amount(crm, "QuickBooks_Balance"); !got.Equal(want) {
			j.broken("balance", "%s shows the balance %s, QuickBooks has %s for %s", l.crm(), got, want, l.books())
		}
	}
}

// owed is what a customer and its jobs owe: open invoices less credits and
// payments that are not applied.
func (j *judge) owed(customer string, depth int) decimal.Decimal {
	sum := decimal.Zero
	of := func(r Record) bool { return refID(r["CustomerRef"]) == customer }
	for _, r := range j.Books.rows("Invoice") {
		if of(r) {
			sum = sum.Add(amount(r, "Balance"))
		}
	}
	for _, r := range j.Books.rows("CreditMemo") {
		if of(r) {
			left := amount(r, "RemainingCredit")
			if r["RemainingCredit"] == nil {
				left = amount(r, "Balance")
			}
			sum = sum.Sub(left)
		}
	}
	for _, r := range j.Books.rows("Payment") {
		if of(r) {
			sum = sum.Sub(amount(r, "UnappliedAmt"))
		}
	}
	if depth > 4 {
		return sum
	}
	for _, r := range j.Books.rows("Customer") {
		if refID(r["ParentRef"]) == customer && !slices.ContainsFunc(j.links1[Ref{Books, "Customer", idOf(r)}], func(l Link) bool { return !l.Gone && !l.Alias }) {
			sum = sum.Add(j.owed(idOf(r), depth+1))
		}
	}
	return sum
}

// overdue checks what an Account shows of invoices past their date, at home and
// under its aliases.
func (j *judge) overdue(l Link, crm Record) {
	want := decimal.Zero
	for _, r := range j.Books.rows("Invoice") {
		due := plain(r["DueDate"])
		if due != "" && due < j.Today && slices.ContainsFunc(j.links1[l.crm()], func(o Link) bool { return !o.Gone && j.under(refID(r["CustomerRef"]), o.BooksID) }) {
			want = want.Add(amount(r, "Balance"))
		}
	}
	if got := amount(crm, "QuickBooks_Overdue"); !got.Equal(want) {
		j.broken("overdue", "%s shows %s overdue, QuickBooks has %s for %s", l.crm(), got, want, l.books())
	}
}

// under tells whether a customer is another one or a job of it.
func (j *judge) under(customer, top string) bool {
	for range 6 {
		if customer == top || customer == "" {
			return customer == top
		}
		if slices.ContainsFunc(j.links1[Ref{Books, "Customer", customer}], func(l Link) bool { return !l.Gone && !l.Alias }) {
			return false
		}
		customer = refID(dig(j.records[Ref{Books, "Customer", customer}], "ParentRef"))
	}
	return false
}
