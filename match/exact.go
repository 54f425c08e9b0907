package match

import (
	"cmp"
	"slices"

	"crossbook"
	"crossbook/mapping"
)

// exactMatches are the candidates that match by the check field of the module.
func exactMatches(mod crossbook.Module, s Subject, free []Candidate) []Scored {
	if s.By != "" {
		return matching(free, func(c Candidate) string { return sameBy(mod, s, c) })
	}
	switch mod {
	case crossbook.Accounts:
		if out := matching(free, func(c Candidate) string { return sameName(s, c) }); len(out) > 0 {
			return out
		}
		return matching(free, func(c Candidate) string { return sameCompany(s, c) })
	case crossbook.Contacts:
		return matching(free, func(c Candidate) string { return samePerson(s, c) })
	case crossbook.Products:
		if out := matching(free, func(c Candidate) string { return sameCode(s, c) }); len(out) > 0 {
			return out
		}
		return matching(free, func(c Candidate) string { return sameFullName(s, c) })
	case crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders:
		return matching(free, func(c Candidate) string { return sameDocument(s, c) })
	default:
		return matching(free, func(c Candidate) string { return sameName(s, c) })
	}
}

// sameBy compares by the field that people chose (R35).
func sameBy(mod crossbook.Module, s Subject, c Candidate) string {
	switch s.By {
	case "Phone":
		return samePhone(mod, s, c)
	case "Email":
		return sameAddress(s, c)
	case "Product_Code":
		return sameCode(s, c)
	case "Product_Name":
		if s.FullName != "" && mapping.FullName(s.FullName) == mapping.FullName(c.FullName) {
			return "same full name: " + c.FullName
		}
	}
	return ""
}

// samePhone compares phone numbers; people who share one and have other names
// are not the same.
func samePhone(mod crossbook.Module, s Subject, c Candidate) string {
	if mod == crossbook.Contacts {
		if c.SameParty && equalName(s.Last, c.Last) && !contradict(s.First, c.First) {
			return "same person of the same customer: " + c.Name
		}
		if contradict(s.Last, c.Last) {
			return ""
		}
	}
	if number := shared(s.Phones, c.Phones); number != "" {
		return "same phone number: " + number
	}
	return ""
}

// sameAddress compares firms by an e-mail of their own, and by one that others
// use, too, only with the name (P5).
func sameAddress(s Subject, c Candidate) string {
	for _, a := range s.Emails {
		own := slices.Contains(s.plainEmails(), a) && slices.Contains(c.plainEmails(), a)
		if slices.Contains(c.Emails, a) && (own || equalName(s.Name, c.Name)) {
			return "same e-mail: " + a
		}
	}
	return ""
}

// matching lists the candidates for which same gives a reason.
func matching(free []Candidate, same func(Candidate) string) []Scored {
	var out []Scored
	for _, c := range free {
		if why := same(c); why != "" {
			out = append(out, Scored{Ref: c.Ref, Score: 1, Why: why})
		}
	}
	return out
}

func sameName(s Subject, c Candidate) string {
	if equalName(s.Name, c.Name) {
		return "same name: " + c.Name
	}
	return ""
}

// sameCompany compares the Account's name with a customer's CompanyName, for
// customers of the top level (R45a).
func sameCompany(s Subject, c Candidate) string {
	account, customer := s, c.Subject
	if s.Ref.Side == crossbook.Books {
		account, customer = c.Subject, s
	}
	if c.Claimed || customer.Sub || !equalName(account.Name, customer.Company) {
		return ""
	}
	return "same company name: " + customer.Company
}

// samePerson compares people: an e-mail of their own and no contradicting last
// name; an office's or a shared address only with the name (P5, R45a).
func samePerson(s Subject, c Candidate) string {
	if c.SameParty && equalName(s.Last, c.Last) && !contradict(s.First, c.First) {
		return "same person of the same customer: " + c.Name
	}
	if contradict(s.Last, c.Last) {
		return ""
	}
	for _, a := range s.Emails {
		if !slices.Contains(c.Emails, a) {
			continue
		}
		own := slices.Contains(s.plainEmails(), a) && slices.Contains(c.plainEmails(), a)
		switch {
		case own:
			return "same e-mail: " + a
		case equalName(s.Last, c.Last) && !contradict(s.First, c.First):
			return "same name and e-mail: " + a
		}
	}
	return ""
}

func sameCode(s Subject, c Candidate) string {
	if equalText(s.SKU, c.SKU) {
		return "same product code: " + c.SKU
	}
	return ""
}

// sameFullName compares items by their full names, if their codes do not say
// that they are two (P15).
func sameFullName(s Subject, c Candidate) string {
	if contradict(s.SKU, c.SKU) || s.FullName == "" || mapping.FullName(s.FullName) != mapping.FullName(c.FullName) {
		return ""
	}
	return "same full name: " + c.FullName
}

// sameDocument needs number, party and total (R45a).
func sameDocument(s Subject, c Candidate) string {
	number := shared(s.Numbers, c.Numbers)
	if number == "" || s.Party == "" || s.Party != c.Party || s.Total == "" || s.Total != c.Total {
		return ""
	}
	return "same number, party and total: " + number
}

// shared is the first text that both lists have.
func shared(a, b []string) string {
	for _, v := range a {
		if v != "" && slices.Contains(b, v) {
			return v
		}
	}
	return ""
}

// equalName compares names of lists: folded, without " (deleted)", never empty
// with empty (R46).
func equalName(a, b string) bool {
	f := mapping.FoldName(a)
	return f != "" && f == mapping.FoldName(b)
}

func equalText(a, b string) bool {
	f := mapping.Fold(a)
	return f != "" && f == mapping.Fold(b)
}

// contradict tells whether both texts are given and differ.
func contradict(a, b string) bool {
	return a != "" && b != "" && mapping.Fold(a) != mapping.Fold(b)
}

func compareRefs(a, b crossbook.Ref) int {
	return cmp.Or(
		cmp.Compare(a.Side, b.Side), cmp.Compare(a.Type, b.Type),
		cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID),
	)
}
