package engine

import (
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/match"
)

// candidateKeys are the look-up keys under which a record that might be the
// same is found, on both sides.
var candidateKeys = []string{mapping.KeyName, mapping.KeyNear, mapping.KeyEmail, mapping.KeySKU, mapping.KeyFull}

// candidateKeys are those of a module, with that of the field people chose (R35).
func (d *decider) candidateKeys(m crossbook.Module) []string {
	if d.t.settings.CheckBy(m) == "Phone" {
		return append(slices.Clone(candidateKeys), mapping.KeyPhone)
	}
	return candidateKeys
}

// matchFromBooks looks for the CRM record a QuickBooks record is.
func (d *decider) matchFromBooks(rec crossbook.Record, m crossbook.Module, action crossbook.DuplicateAction) match.Decision {
	subject := d.subject(rec, m)
	refs := d.w.byKey(crossbook.CRM, string(m), mapping.KeyOurID, rec.ID)
	keys := mapping.Keys(rec.Side, rec.Type, rec.Data)
	for _, k := range d.candidateKeys(m) {
		for _, v := range keys[k] {
			refs = append(refs, d.w.byKey(crossbook.CRM, string(m), k, v)...)
		}
	}
	if m == crossbook.Accounts {
		// An Account may bear the customer's CompanyName (R45a).
		for _, v := range keys[mapping.KeyCo] {
			refs = append(refs, d.w.byKey(crossbook.CRM, string(m), mapping.KeyName, v)...)
		}
	}
	if m == crossbook.Contacts {
		// The person of a customer is known by its Account, whatever the customer is called.
		if account := d.accountOf(&rec); account != "" {
			refs = append(refs, d.w.byKey(crossbook.CRM, string(m), mapping.KeyAccount, account)...)
		}
	}
	return match.Decide(m, subject, d.candidatesOf(refs, rec, m), action)
}

// accountOf is the Account whose Contacts a customer's person is one of: that of
// the customer, or for a sub-customer that is a person, the one above it.
func (d *decider) accountOf(customer *crossbook.Record) string {
	if l := d.w.homeIn(customer.Ref, crossbook.Accounts); l != nil {
		return l.CRMID
	}
	parent := mapping.ParentID(customer.Data)
	if parent == "" || !d.t.settings.ContactsAsSubCustomers {
		return ""
	}
	home, ok := d.w.AccountAbove(parent)
	if !ok || home == "" {
		return ""
	}
	id, _ := d.w.CRMID(crossbook.Accounts, home)
	return id
}

// matchFromCRM looks for the QuickBooks record a CRM record is.
func (d *decider) matchFromCRM(rec crossbook.Record, m crossbook.Module, action crossbook.DuplicateAction) match.Decision {
	subject := d.subject(rec, m)
	e := m.Entity()
	var refs []crossbook.Ref
	if id := text(rec.Data[mapping.FieldID]); id != "" {
		refs = append(refs, crossbook.BooksRef(e, id))
	}
	keys := mapping.Keys(rec.Side, rec.Type, rec.Data)
	for _, k := range d.candidateKeys(m) {
		for _, v := range keys[k] {
			refs = append(refs, d.w.byKey(crossbook.Books, string(e), k, v)...)
		}
	}
	if m == crossbook.Accounts {
		for _, v := range keys[mapping.KeyName] {
			refs = append(refs, d.w.byKey(crossbook.Books, string(e), mapping.KeyCo, v)...)
		}
	}
	return match.Decide(m, subject, d.candidatesOf(refs, rec, m), action)
}

// subject describes a record for matching, with what the record alone cannot
// tell: shared e-mails and rivals of its own side.
func (d *decider) subject(rec crossbook.Record, m crossbook.Module) match.Subject {
	s := match.Describe(rec.Ref, rec.Data)
	for _, a := range s.Emails {
		if len(d.living(d.w.byKey(rec.Side, rec.Type, mapping.KeyEmail, a), rec.Ref)) > 0 {
			s.Shared = append(s.Shared, a)
		}
	}
	s.By = d.t.settings.CheckBy(m)
	s.Rivals, s.Yields = d.rivals(rec, m)
	return s
}

// rivals are the unlinked records of the same side and type that the module's
// check field does not tell from this one: then neither is more the match than
// the other (R47). Inactive records of QuickBooks are no rivals of an active one
// and yield to it.
func (d *decider) rivals(rec crossbook.Record, m crossbook.Module) (out []crossbook.Ref, yields bool) {
	keys, by := mapping.Keys(rec.Side, rec.Type, rec.Data), d.t.settings.CheckBy(m)
	for _, kind := range rivalKeys(m, by) {
		for _, v := range keys[kind] {
			for _, r := range d.living(d.w.byKey(rec.Side, rec.Type, kind, v), rec.Ref) {
				if d.taken(r, m) || slices.Contains(out, r) || by == "" && !rivals(m, keys, d.keysOf(r)) {
					continue
				}
				switch mine, its := inactive(&rec), inactive(d.w.living(r)); {
				case mine == its:
					out = append(out, r)
				case mine:
					yields = true
				}
			}
		}
	}
	return out, yields
}

// inactive tells whether a record is inactive in QuickBooks.
func inactive(rec *crossbook.Record) bool {
	return rec.Side == crossbook.Books && text(rec.Data["Active"]) == "false"
}

// rivalKeys are the keys under which a record's rivals are found.
func rivalKeys(m crossbook.Module, by string) []string {
	switch by {
	case "Phone":
		return []string{mapping.KeyPhone}
	case "Email":
		return []string{mapping.KeyEmail}
	case "Product_Code":
		return []string{mapping.KeySKU}
	case "Product_Name":
		return []string{mapping.KeyFull}
	}
	switch m {
	case crossbook.Contacts:
		return []string{mapping.KeyEmail}
	case crossbook.Products:
		return []string{mapping.KeySKU, mapping.KeyFull}
	default:
		return []string{mapping.KeyName}
	}
}

func (d *decider) keysOf(r crossbook.Ref) map[string][]string {
	return mapping.Keys(r.Side, r.Type, d.w.living(r).Data)
}

// rivals tells whether two records that share a key are rivals. People may well
// share a name or a mailbox; with both they are one too many. A product's code
// goes before its name (P15).
func rivals(m crossbook.Module, a, b map[string][]string) bool {
	switch m {
	case crossbook.Contacts:
		return slices.Equal(a[mapping.KeyName], b[mapping.KeyName])
	case crossbook.Products:
		return len(a[mapping.KeySKU]) == 0 || len(b[mapping.KeySKU]) == 0 || slices.Equal(a[mapping.KeySKU], b[mapping.KeySKU])
	default:
		return true
	}
}

// living are the refs, without one, whose records are not deleted.
func (d *decider) living(refs []crossbook.Ref, without crossbook.Ref) []crossbook.Ref {
	var out []crossbook.Ref
	for _, r := range refs {
		if r != without && d.w.living(r) != nil {
			out = append(out, r)
		}
	}
	return out
}

// taken tells whether a record has a home link of the module in question.
func (d *decider) taken(r crossbook.Ref, m crossbook.Module) bool {
	if d.isPromised(r, m) {
		return true
	}
	if r.Side == crossbook.CRM {
		return d.w.home(r) != nil
	}
	for _, l := range d.w.links(r) {
		if l.Kind == crossbook.Home && (l.Module == m || m == crossbook.Contacts || l.Part == crossbook.Whole) {
			return true
		}
	}
	return false
}

// candidatesOf describes the records that might be the same.
func (d *decider) candidatesOf(refs []crossbook.Ref, of crossbook.Record, m crossbook.Module) []match.Candidate {
	var out []match.Candidate
	seen := map[crossbook.Ref]bool{}
	d.w.loadRecords(refs)
	d.w.loadLinks(refs)
	for _, r := range refs {
		rec := d.w.living(r)
		if seen[r] || rec == nil || !d.fits(rec, m) {
			continue
		}
		seen[r] = true
		s := match.Describe(r, rec.Data)
		for _, a := range s.Emails {
			if len(d.living(d.w.byKey(r.Side, r.Type, mapping.KeyEmail, a), r)) > 0 {
				s.Shared = append(s.Shared, a)
			}
		}
		out = append(out, match.Candidate{
			Subject: s, Taken: d.taken(r, m), Claimed: d.claimed(rec, of), SameParty: d.sameParty(rec, of, m),
		})
	}
	return out
}

// fits tells whether a QuickBooks customer may be a record of the module at
// all: a person is no Account, a sub-customer is neither.
func (d *decider) fits(rec *crossbook.Record, m crossbook.Module) bool {
	if rec.Side == crossbook.CRM || rec.Entity() != crossbook.Customer {
		return rec.Side == crossbook.CRM || rec.Entity() != crossbook.Item || !skipItem(rec)
	}
	shape := mapping.Shape(rec.Data, d.t.settings)
	return !shape.Skip && (m != crossbook.Contacts || shape.Contact && shape.ContactPart == crossbook.Whole || shape.Account && !shape.Contact)
}

func skipItem(rec *crossbook.Record) bool {
	_, skip := mapping.SkipItem(rec.Data)
	return skip
}

// claimed tells whether a candidate bears the very name of another record of
// the subject's side, so that the weaker CompanyName must not win it.
func (d *decider) claimed(candidate *crossbook.Record, of crossbook.Record) bool {
	names := mapping.Keys(candidate.Side, candidate.Type, candidate.Data)[mapping.KeyName]
	return slices.ContainsFunc(names, func(v string) bool {
		return len(d.living(d.w.byKey(of.Side, of.Type, mapping.KeyName, v), of.Ref)) > 0
	})
}

// sameParty tells whether a Contact candidate stands under the Account that
// shares the customer.
func (d *decider) sameParty(candidate *crossbook.Record, of crossbook.Record, m crossbook.Module) bool {
	if m != crossbook.Contacts {
		return false
	}
	crm, books := candidate, &of
	if candidate.Side == crossbook.Books {
		crm, books = &of, candidate
	}
	account := d.accountOf(books)
	return account != "" && account == lookupID(crm.Data, "Account_Name")
}
