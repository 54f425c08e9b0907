package zohocrm

import (
	"context"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/mapping"
	"crossbook/transport"
	"crossbook/zohocrm/api"
)

// OurIDField is the API name of the field that carries the QuickBooks id.
const OurIDField = "QuickBooks_Id"

// Side is one Zoho CRM organisation as the engine sees it.
type Side struct {
	client *api.Client
	// fields are the API names read of each module; look-ups among them are
	// named with the name field of their target.
	fields map[crossbook.Module][]string
}

// New makes a side of a client. Fields are the fields to read of each module;
// id, times and our id field are read anyway.
func New(client *api.Client, fields map[crossbook.Module][]string) *Side {
	s := &Side{client: client, fields: map[crossbook.Module][]string{}}
	for m, names := range fields {
		s.fields[m] = withBasics(names)
	}
	return s
}

func withBasics(names []string) []string {
	out := slices.Clone(names)
	for _, n := range []string{"Modified_Time", "Created_Time"} {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// nameOf are the look-ups whose target's name the engine shows or sends, with
// the field that holds it: COQL returns ids alone (reference/zoho-crm.md
// section 5.3).
var nameOf = map[string]string{
	"Account_Name": "Account_Name.Account_Name",
	"Vendor_Name":  "Vendor_Name.Vendor_Name",
}

// Changed walks the records of a module changed since a time. One list call
// answers when little or nothing changed. What does not fit on its page is read
// by COQL in order of id instead of from the next page: a record saved between
// two pages changes its place among times, and another one would slip from the
// page that is still to come to the one that was read (how stable pages are is
// not documented, reference/zoho-crm.md section 4.1); ids do not move. It also
// costs a tenth of the calls, and list pages end at 100,000 records. Where many
// are expected, the list is not asked first.
func (s *Side) Changed(ctx context.Context, m crossbook.Module, since time.Time, many bool, page func([]crossbook.Record) error) (time.Time, error) {
	changed := "Modified_Time >= " + api.COQLTime(since)
	if many {
		return s.walk(ctx, m, changed, page)
	}
	l := api.List{Fields: s.listFields(m), ModifiedSince: since, SortBy: "Modified_Time", SortOrder: "asc", PerPage: api.MaxPage}
	first, err := s.client.List(ctx, string(m), l)
	if err != nil {
		return time.Time{}, failure(err)
	}
	if !first.More {
		return first.At, page(records(m, first.Records))
	}
	// A save after this answer gives a time after it, which the next look brings.
	_, err = s.walk(ctx, m, changed, page)
	return first.At, err
}

// listFields are the fields of a list call, at most as many as one may name;
// the first ones are the most important (reference/zoho-crm.md section 4.1).
func (s *Side) listFields(m crossbook.Module) []string {
	f := s.fields[m]
	if len(f) > api.MaxFields {
		f = f[:api.MaxFields]
	}
	return f
}

// Deleted walks the deletions of a module since a time.
func (s *Side) Deleted(ctx context.Context, m crossbook.Module, since time.Time, page func([]crossbook.Deletion) error) (time.Time, error) {
	var asOf time.Time
	err := s.client.DeletedAll(ctx, string(m), since, func(p api.DeletedPage) error {
		if asOf.IsZero() {
			asOf = p.At
		}
		out := make([]crossbook.Deletion, len(p.Deletions))
		for i, d := range p.Deletions {
			out[i] = crossbook.Deletion{Ref: crossbook.CRMRef(m, d.ID), At: d.Time, By: d.By.Name}
		}
		return page(out)
	})
	if err != nil {
		return asOf, failure(err)
	}
	return asOf, nil
}

// All walks every record of a module by COQL keyset, which skips nothing when
// others are deleted meanwhile and costs a call for 2,000 records.
func (s *Side) All(ctx context.Context, m crossbook.Module, page func([]crossbook.Record) error) (time.Time, error) {
	return s.walk(ctx, m, "", page)
}

// walk reads the records that meet a condition of COQL, by id.
func (s *Side) walk(ctx context.Context, m crossbook.Module, where string, page func([]crossbook.Record) error) (time.Time, error) {
	columns := slices.Clone(s.fields[m])
	for _, f := range s.fields[m] {
		if name, ok := nameOf[f]; ok && f != ownName(m) {
			columns = append(columns, name)
		}
	}
	var asOf time.Time
	err := s.client.WalkCOQL(ctx, string(m), columns, where, func(p api.COQLPage) error {
		if asOf.IsZero() {
			asOf = p.At
		}
		for _, r := range p.Records {
			foldNames(r)
		}
		return page(records(m, p.Records))
	})
	if err != nil {
		return asOf, failure(err)
	}
	return asOf, nil
}

// ownName is the name field of a module that is a plain text there and a
// look-up elsewhere.
func ownName(m crossbook.Module) string {
	switch m {
	case crossbook.Accounts:
		return "Account_Name"
	case crossbook.Vendors:
		return "Vendor_Name"
	default:
		return ""
	}
}

// foldNames puts the dotted columns of a COQL row into their look-ups, the
// shape every other answer has.
func foldNames(r api.Record) {
	for _, dotted := range nameOf {
		name, ok := r[dotted]
		if !ok {
			continue
		}
		delete(r, dotted)
		field, _, _ := strings.Cut(dotted, ".")
		if look, ok := r[field].(map[string]any); ok && name != nil {
			look["name"] = name
		}
	}
}

// Read returns the present state of records without their lines.
func (s *Side) Read(ctx context.Context, m crossbook.Module, ids []string) ([]crossbook.Record, error) {
	var out []crossbook.Record
	for chunk := range slices.Chunk(ids, api.MaxWrite) {
		p, err := s.client.List(ctx, string(m), api.List{Fields: s.listFields(m), IDs: chunk, PerPage: api.MaxPage})
		if err != nil {
			return nil, failure(err)
		}
		out = append(out, records(m, p.Records)...)
	}
	return out, nil
}

// ReadWhole returns one record with its lines.
func (s *Side) ReadWhole(ctx context.Context, m crossbook.Module, id string) (crossbook.Record, bool, error) {
	r, _, err := s.client.One(ctx, string(m), id)
	if err != nil {
		if transport.FaultOf(err) == transport.FaultNotFound {
			return crossbook.Record{}, false, nil
		}
		return crossbook.Record{}, false, failure(err)
	}
	if err := s.moreRows(ctx, r); err != nil {
		return crossbook.Record{}, false, failure(err)
	}
	return record(m, r), true, nil
}

// FindByOurID asks the database, not the search index, which records carry our
// id field with these values. Where the field is plain text and people copied a
// record with it, the oldest counts.
func (s *Side) FindByOurID(ctx context.Context, m crossbook.Module, values []string) (map[string]string, error) {
	out := map[string]string{}
	for chunk := range slices.Chunk(values, api.MaxCOQLIn) {
		err := s.client.WalkCOQL(ctx, string(m), []string{OurIDField}, api.COQLIn(OurIDField, chunk...), func(p api.COQLPage) error {
			for _, r := range p.Records {
				if _, older := out[r.Text(OurIDField)]; !older {
					out[r.Text(OurIDField)] = r.ID() // they come by id
				}
			}
			return nil
		})
		if err != nil {
			return nil, failure(err)
		}
	}
	return out, nil
}

// FindBy asks the database which records have a text field with one of the
// values. Equality folds letters, as the CRM's does
// (reference/zoho-crm.md section 5.3).
func (s *Side) FindBy(ctx context.Context, m crossbook.Module, field string, values []string) (map[string][]string, error) {
	out := map[string][]string{}
	for chunk := range slices.Chunk(values, api.MaxCOQLIn) {
		err := s.client.WalkCOQL(ctx, string(m), []string{field}, api.COQLIn(field, chunk...), func(p api.COQLPage) error {
			for _, r := range p.Records {
				value := mapping.Fold(r.Text(field))
				out[value] = append(out[value], r.ID())
			}
			return nil
		})
		if err != nil {
			return nil, failure(err)
		}
	}
	return out, nil
}

// Identity returns the organisation's id.
func (s *Side) Identity(ctx context.Context) (string, error) {
	org, err := s.client.Org(ctx)
	if err != nil {
		return "", failure(err)
	}
	return org.ID, nil
}

func records(m crossbook.Module, rs []api.Record) []crossbook.Record {
	out := make([]crossbook.Record, len(rs))
	for i, r := range rs {
		out[i] = record(m, r)
	}
	return out
}

// record makes the engine's record of the vendor's. Modified_Time is the
// revision: it has whole seconds, so an equal one proves little.
func record(m crossbook.Module, r api.Record) crossbook.Record {
	return crossbook.Record{
		Ref: crossbook.CRMRef(m, r.ID()), Revision: revision(r.Modified()), Modified: r.Modified(), Data: map[string]any(r),
	}
}

// revision writes a time in one form, whatever zone the vendor answered in.
func revision(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Users are all users of the organisation, those who left included; the one
// whose sign-in is used is marked (reference/zoho-crm.md section 9).
func (s *Side) Users(ctx context.Context) ([]crossbook.User, error) {
	me, err := s.client.CurrentUser(ctx)
	if err != nil {
		return nil, failure(err)
	}
	all, err := s.client.Users(ctx, "AllUsers")
	if err != nil {
		return nil, failure(err)
	}
	out := make([]crossbook.User, len(all))
	for i, u := range all {
		out[i] = crossbook.User{ID: u.ID, Name: u.Name, Active: u.Active, Connected: u.ID == me.ID}
	}
	return out, nil
}
