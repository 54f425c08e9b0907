package quickbooks

import (
	"context"
	"time"

	"crossbook"
	"crossbook/quickbooks/api"
	"crossbook/transport"
)

// Side is one QuickBooks company as the engine sees it.
type Side struct {
	client *api.Client
}

// New makes a side of a client.
func New(client *api.Client) *Side { return &Side{client: client} }

// Changes asks change data capture for all entities in one call and hands over
// what came. Full names the entities whose answer may have been cut off: the
// feed has no paging and does not say so (reference/quickbooks-online.md
// section 7).
func (s *Side) Changes(ctx context.Context, entities []crossbook.Entity, since time.Time, page func([]crossbook.Record, []crossbook.Deletion) error) (time.Time, []crossbook.Entity, error) {
	names := make([]string, len(entities))
	for i, e := range entities {
		names[i] = string(e)
	}
	changes, err := s.client.CDC(ctx, names, since)
	if err != nil {
		return time.Time{}, nil, failure(err)
	}
	var records []crossbook.Record
	var gone []crossbook.Deletion
	var full []crossbook.Entity
	for _, e := range entities {
		for _, r := range changes.Records[string(e)] {
			records = append(records, record(e, r))
		}
		for _, d := range changes.Deleted[string(e)] {
			gone = append(gone, crossbook.Deletion{Ref: crossbook.BooksRef(e, d.ID), At: d.Time})
		}
		if changes.Full() {
			full = append(full, e)
		}
	}
	if err := page(records, gone); err != nil {
		return time.Time{}, nil, err
	}
	return changes.At, full, nil
}

// Window walks the records of an entity last updated at or after from, inactive
// ones included; a zero from walks all of them.
func (s *Side) Window(ctx context.Context, e crossbook.Entity, from time.Time, page func([]crossbook.Record) error) (time.Time, error) {
	q := api.Query{Entity: string(e)}
	if api.NameList(string(e)) {
		q.Where = append(q.Where, api.WithInactive)
	}
	if !from.IsZero() {
		q.Where = append(q.Where, api.Window(from, time.Time{})...)
	}
	var asOf time.Time
	err := s.client.Walk(ctx, q, kindOf(e), func(p api.Page) error {
		if asOf.IsZero() {
			asOf = p.At
		}
		records := make([]crossbook.Record, len(p.Records))
		for i, r := range p.Records {
			records[i] = record(e, r)
		}
		return page(records)
	})
	if err != nil {
		return asOf, failure(err)
	}
	return asOf, nil
}

// kindOf counts settings apart from records (design section 10).
func kindOf(e crossbook.Entity) transport.Kind {
	switch e {
	case crossbook.LedgerAccount, crossbook.Term, crossbook.TaxCode, crossbook.TaxRate, crossbook.CompanyCurrency, crossbook.PaymentMethod:
		return transport.Metadata
	default:
		return transport.RecordRead
	}
}

// Read reads one record by id; false when QuickBooks says it is not there.
func (s *Side) Read(ctx context.Context, e crossbook.Entity, id string) (crossbook.Record, bool, error) {
	r, _, err := s.client.Read(ctx, string(e), id, transport.RecordRead)
	if err != nil {
		if transport.FaultOf(err) == transport.FaultNotFound {
			return crossbook.Record{}, false, nil
		}
		return crossbook.Record{}, false, failure(err)
	}
	return record(e, r), true, nil
}

// FindByName returns the records of an entity with a name, inactive ones
// included.
func (s *Side) FindByName(ctx context.Context, e crossbook.Entity, name string) ([]crossbook.Record, error) {
	property := "DisplayName"
	if e == crossbook.Item {
		property = "Name"
	}
	q := api.Query{Entity: string(e), Where: []string{api.Eq(property, name), api.WithInactive}}
	p, err := s.client.Query(ctx, q, transport.RecordRead)
	if err != nil {
		return nil, failure(err)
	}
	out := make([]crossbook.Record, len(p.Records))
	for i, r := range p.Records {
		out[i] = record(e, r)
	}
	return out, nil
}

// Identity returns the company's id: the client is bound to one realm, and the
// answer proves that the sign-in still reaches it.
func (s *Side) Identity(ctx context.Context) (string, error) {
	if _, err := s.client.CompanyInfo(ctx); err != nil {
		return "", failure(err)
	}
	return s.client.Realm(), nil
}

// record makes the engine's record of the vendor's.
func record(e crossbook.Entity, r api.Record) crossbook.Record {
	return crossbook.Record{
		Ref: crossbook.BooksRef(e, r.ID()), Revision: r.SyncToken(), Modified: r.Updated(), Data: map[string]any(r),
	}
}
