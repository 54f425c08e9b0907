package crossbook

import "time"

// Part says which part of a QuickBooks record a link owns. An Account and its
// billing Contact share one customer: the Account's link is its company part,
// the Contact's its person part (P1); every other link is whole.
type Part string

// The parts of a link. Whole excludes the other two.
const (
	Whole   Part = "whole"
	Company Part = "company"
	Person  Part = "person"
)

// LinkKind tells a home link, whose fields travel, from an alias, whose
// documents and balance are only shown (P6).
type LinkKind string

// The kinds of link.
const (
	Home  LinkKind = "home"
	Alias LinkKind = "alias"
)

// LinkState is where a link is in its life.
type LinkState string

// The states of a link. A tombstone is an unlinked pair that must not come
// back by itself; screens call it "Left out on purpose" (P8).
const (
	Linked    LinkState = "linked"
	Tombstone LinkState = "tombstone"
)

// Link pairs one CRM record with one QuickBooks record, or a part of it.
type Link struct {
	ID      string    `json:"id"`
	Kind    LinkKind  `json:"kind"`
	Part    Part      `json:"part"`
	State   LinkState `json:"state"`
	Module  Module    `json:"module"`
	CRMID   string    `json:"crm_id"`
	Entity  Entity    `json:"entity"`
	BooksID string    `json:"books_id"`
	// BaseCRM and BaseBooks are what each side held when the two last agreed;
	// only home links carry them.
	BaseCRM   Fields `json:"base_crm,omitempty"`
	BaseBooks Fields `json:"base_books,omitempty"`
	// CRMRevision and BooksRevision are the revisions the bases were taken at.
	CRMRevision   string `json:"crm_revision,omitempty"`
	BooksRevision string `json:"books_revision,omitempty"`
	// OurCRMRevision is the Modified_Time our own last write got: a difference
	// read at that very revision is the vendor's normalisation, no edit.
	OurCRMRevision string `json:"our_crm_revision,omitempty"`
	// Cause, Evidence and Since explain a tombstone.
	Cause    string    `json:"cause,omitempty"`
	Evidence string    `json:"evidence,omitempty"`
	Since    time.Time `json:"since,omitzero"`
}

// CRM is the link's CRM record.
func (l Link) CRM() Ref { return CRMRef(l.Module, l.CRMID) }

// Books is the link's QuickBooks record.
func (l Link) Books() Ref { return BooksRef(l.Entity, l.BooksID) }
