package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"crossbook"
	"crossbook/document"
	"crossbook/problem"
	"crossbook/store"
)

// factUsers keeps the users of the CRM, as set-up and the daily look saw them.
const factUsers = "crm/users"

// users are the users of the CRM by id.
type users struct {
	Connected string                    `json:"connected"`
	All       map[string]crossbook.User `json:"all"`
}

func usersOf(list []crossbook.User) users {
	out := users{All: map[string]crossbook.User{}}
	for _, u := range list {
		out.All[u.ID] = u
		if u.Connected {
			out.Connected = u.ID
		}
	}
	return out
}

// inactive tells of a user who is known to have left; a user nobody knows may
// be new.
func (us users) inactive(id string) bool {
	u, known := us.All[id]
	return known && !u.Active
}

func (us users) name(id string) string { return cmp.Or(us.All[id].Name, "user "+id) }

// fallback owns documents whose party has no owner who could.
func (us users) fallback(s crossbook.Settings) string {
	if s.FallbackOwner != "" && !us.inactive(s.FallbackOwner) {
		return s.FallbackOwner
	}
	return us.Connected
}

// owner is who owns an imported document: the owner of its Account, else of its
// Contact or Vendor, else the fallback (P24). A user who left owns nothing new:
// then it is the fallback too, and a person is told.
func (d *decider) owner(u *unit, p document.Party) string {
	for _, r := range []crossbook.Ref{
		crossbook.CRMRef(crossbook.Accounts, p.AccountID),
		crossbook.CRMRef(crossbook.Contacts, p.ContactID),
		crossbook.CRMRef(crossbook.Vendors, p.VendorID),
	} {
		rec := d.w.living(r)
		if rec == nil {
			continue
		}
		id := lookupID(rec.Data, "Owner")
		if d.t.facts.users.inactive(id) {
			u.leftOwners = append(u.leftOwners, id)
			break
		}
		if id != "" {
			return id
		}
	}
	return d.t.facts.users.fallback(d.t.settings)
}

// keepsOwner tells whether a person gave the document another owner than the
// last one sent: it stays with that one (P24).
func (d *decider) keepsOwner(l crossbook.Link, whole *crossbook.Record) bool {
	was := cmp.Or(l.BaseCRM["Owner"], d.t.facts.users.Connected)
	now := lookupID(whole.Data, "Owner")
	return now != "" && now != was
}

// ownerOf is the owner of a CRM record that documents take theirs from.
func ownerOf(r crossbook.Record) string {
	switch r.Module() {
	case crossbook.Accounts, crossbook.Contacts, crossbook.Vendors:
		return lookupID(r.Data, "Owner")
	default:
		return ""
	}
}

// documentsOf makes due the documents of parties whose owner changed in the CRM.
func (t *turn) documentsOf(ctx context.Context, tx *store.Tx, parties []crossbook.Ref) ([]crossbook.Ref, error) {
	var books []crossbook.Ref
	for _, m := range []crossbook.Module{crossbook.Accounts, crossbook.Contacts, crossbook.Vendors} {
		var ids []string
		for _, r := range parties {
			if r.Module() == m {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		links, err := tx.LinksByCRM(ctx, t.conn.ID, m, ids...)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			books = append(books, l.Books())
		}
	}
	if len(books) == 0 {
		return nil, nil
	}
	dependents, err := tx.Dependents(ctx, t.conn.ID, books)
	return slices.DeleteFunc(dependents, func(r crossbook.Ref) bool { return r.Side != crossbook.Books || !isDocument(r.Entity()) }), err
}

// typeUsers is the type of a user's ref, under which a person is told of owners
// who left.
const typeUsers = "users"

// tellOfOwners keeps a line for each owner who left.
func (t *turn) tellOfOwners(ctx context.Context, tx *store.Tx, ids []string) error {
	for _, id := range ids {
		ref := crossbook.Ref{Side: crossbook.CRM, Type: typeUsers, ID: id}
		name := t.facts.users.name(id)
		p := problem.OwnerLeft(name, t.facts.users.name(t.facts.users.fallback(t.settings)))
		err := tx.PutProblem(ctx, t.conn.ID, store.ProblemRow{
			Key: ref.String(), Ref: ref, Name: name, Problem: p, FirstAt: t.now(), LastAt: t.now(), NextTry: store.Never,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lookAtUsers reads the users of the CRM.
func (t *turn) lookAtUsers(ctx context.Context) error {
	list, err := t.sides.CRM.Users(ctx)
	if err != nil {
		return err
	}
	t.facts.users, t.usersRead = usersOf(list), true
	err = t.update(ctx, func(tx *store.Tx) error {
		return writeFact(ctx, tx, t.conn.ID, factUsers, t.facts.users, t.now())
	})
	if err != nil {
		return err
	}
	return t.forgetOwners(ctx)
}

// forgetOwners takes away the lines of owners who are back, or who own nothing
// any more that documents take their owner from.
func (t *turn) forgetOwners(ctx context.Context) error {
	standing := map[string]string{} // id -> key
	err := t.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.Problems(ctx, t.conn.ID, store.ProblemFilter{Waiting: true, Dismissed: true, Limit: 1_000_000})
		for _, r := range rows {
			if r.Ref.Type == typeUsers {
				standing[r.Ref.ID] = r.Key
			}
		}
		return err
	})
	if err != nil || len(standing) == 0 {
		return err
	}
	owns := map[string]bool{}
	for _, m := range []crossbook.Module{crossbook.Accounts, crossbook.Contacts, crossbook.Vendors} {
		for after := ""; ; {
			var rows []store.MirrorRow
			err := t.view(ctx, func(tx *store.Tx) (err error) {
				rows, err = tx.WalkMirror(ctx, t.conn.ID, crossbook.CRM, string(m), after, 1000)
				return err
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Record.ID
			for _, r := range rows {
				if !r.Record.Deleted {
					owns[ownerOf(r.Record)] = true
				}
			}
		}
	}
	return t.update(ctx, func(tx *store.Tx) error {
		for id, key := range standing {
			if owns[id] && t.facts.users.inactive(id) {
				continue
			}
			if _, err := tx.ClearProblem(ctx, t.conn.ID, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// ownerRefused tells of a write that was refused for its owner: somebody left
// since the users were looked at.
func ownerRefused(op crossbook.Op, f *crossbook.Failure) bool {
	if op.Side != crossbook.CRM || !op.Module.Document() {
		return false
	}
	return slices.ContainsFunc(f.Words, func(w crossbook.Words) bool {
		path, _ := w.Details["json_path"].(string)
		return strings.Contains(path, ".Owner")
	})
}
