package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// volatile are the keys that move without a change of content: QuickBooks
// raises LastUpdatedTime by side effects, Zoho stamps every save. List and
// single answers differ in a few decorations, which count for nothing either.
var volatile = map[string]bool{
	"MetaData": true, "SyncToken": true, "sparse": true, "domain": true, "V4IDPseudonym": true, "ClientEntityId": true,
	"Modified_Time": true, "Modified_By": true, "Last_Activity_Time": true, "Change_Log_Time__s": true,
}

// contentHash is the canonical hash of a record's content: equal content has
// equal hashes whatever its revision.
func contentHash(r crossbook.Record) string {
	if r.Deleted || r.Data == nil {
		return "deleted"
	}
	content := make(map[string]any, len(r.Data))
	for k, v := range r.Data {
		if volatile[k] || len(k) > 0 && k[0] == '$' {
			continue
		}
		if look, ok := v.(map[string]any); ok && r.Side == crossbook.CRM && look["id"] != nil {
			v = look["id"] // some answers carry a look-up's name, some do not
		}
		content[k] = v
	}
	raw, err := json.Marshal(content)
	if err != nil {
		// Data decoded from JSON always encodes again.
		panic(err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// keysOf are a record's look-up keys.
func keysOf(r crossbook.Record) map[string][]string {
	if r.Deleted || r.Data == nil {
		return nil
	}
	return mapping.Keys(r.Side, r.Type, r.Data)
}

type linkedTxn struct{ TxnID, TxnType string }

// linkedTxns are the transactions a transaction or its lines are linked with.
func linkedTxns(data map[string]any) []linkedTxn {
	var out []linkedTxn
	seen := map[linkedTxn]bool{}
	add := func(v any) {
		list, _ := v.([]any)
		for _, e := range list {
			m, _ := e.(map[string]any)
			l := linkedTxn{text(m["TxnId"]), text(m["TxnType"])}
			if l.TxnID != "" && !seen[l] {
				seen[l] = true
				out = append(out, l)
			}
		}
	}
	add(data["LinkedTxn"])
	lines, _ := data["Line"].([]any)
	for _, e := range lines {
		if m, ok := e.(map[string]any); ok {
			add(m["LinkedTxn"])
		}
	}
	return out
}

// text is a JSON value as plain text; anything but a string, number or boolean
// is empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// refValue is the id in a QuickBooks reference.
func refValue(data map[string]any, key string) string {
	m, _ := data[key].(map[string]any)
	return text(m["value"])
}

// lookupID is the id in a CRM look-up.
func lookupID(data map[string]any, key string) string {
	m, _ := data[key].(map[string]any)
	return text(m["id"])
}

// changes works out what a page of a feed makes dirty.
type changes struct {
	t       *turn
	before  map[crossbook.Ref]store.MirrorRow
	dirty   []crossbook.Ref
	renamed []crossbook.Ref // records whose dependants print their name
	states  []crossbook.Ref // CRM records on which somebody wrote over our state
	handed  []crossbook.Ref // CRM records that have another owner
	named   []string        // names items took or gave up ([turn.namesakes])
	above   []string        // items whose full name changed ([turn.itemsBelow])
	gone    []crossbook.Deletion
}

// record compares one record with what was last seen of it.
func (c *changes) record(ref crossbook.Ref, row store.MirrorRow) {
	old, seen := c.before[ref]
	if seen && (!old.Record.Deleted && old.Hash == row.Hash || isEcho(old.Record, row.Record)) {
		return
	}
	if !isFollowed(ref) {
		c.dirty = append(c.dirty, ref)
	}
	c.dirty = append(c.dirty, touches(row.Record)...)
	c.named = append(c.named, itemNames(old.Record, row.Record)...)
	if seen {
		c.dirty = append(c.dirty, touches(old.Record)...)
		if ref.Side == crossbook.CRM && text(old.Record.Data[mapping.FieldSync]) != text(row.Record.Data[mapping.FieldSync]) {
			c.states = append(c.states, ref)
		}
		if requalifies(old.Record, row.Record) {
			c.above = append(c.above, ref.ID)
		}
		if printedName(old.Record) != printedName(row.Record) {
			c.renamed = append(c.renamed, ref)
		}
		if was := ownerOf(old.Record); was != "" && was != ownerOf(row.Record) {
			c.handed = append(c.handed, ref)
		}
	}
}

// deletion takes positive evidence that a record is gone.
func (c *changes) deletion(g crossbook.Deletion) {
	old, seen := c.before[g.Ref]
	if !seen || old.Record.Deleted {
		return // never ours, or known
	}
	if !g.At.IsZero() && old.Record.Modified.After(g.At) {
		return // restored since: the record was seen alive later
	}
	c.gone = append(c.gone, g)
	c.dirty = append(c.dirty, g.Ref)
	c.dirty = append(c.dirty, touches(old.Record)...)
}

// isFollowed tells a CRM document, of which nothing travels: only its Deal
// follows from it.
func isFollowed(r crossbook.Ref) bool { return r.Side == crossbook.CRM && r.Module().Document() }

// touches are the records whose projection reads this one: the invoices a
// payment pays, the estimate an invoice came from, the customer whose figures
// a document changes, the Deal a CRM document is on (P20, P33).
func touches(r crossbook.Record) []crossbook.Ref {
	if r.Side == crossbook.CRM {
		if deal := dealOf(&r); !deal.IsZero() {
			return []crossbook.Ref{deal}
		}
		return nil
	}
	if r.Data == nil {
		return nil
	}
	var out []crossbook.Ref
	switch r.Entity() {
	case crossbook.Customer:
		if id := refValue(r.Data, "ParentRef"); id != "" {
			out = append(out, crossbook.BooksRef(crossbook.Customer, id)) // its figures hold those of its jobs
		}
	case crossbook.Payment, crossbook.CreditMemo, crossbook.Invoice:
		for _, l := range linkedTxns(r.Data) {
			switch e := crossbook.Entity(l.TxnType); e {
			case crossbook.Invoice, crossbook.Estimate:
				out = append(out, crossbook.BooksRef(e, l.TxnID))
			}
		}
		if id := refValue(r.Data, "CustomerRef"); id != "" {
			out = append(out, crossbook.BooksRef(crossbook.Customer, id))
		}
	}
	return out
}

// itemNames are the names an item took and gave up; none where it kept its name.
func itemNames(before, after crossbook.Record) []string {
	name := func(r crossbook.Record) string {
		if r.Side != crossbook.Books || r.Entity() != crossbook.Item || r.Data == nil {
			return ""
		}
		return mapping.FoldName(text(r.Data["Name"]))
	}
	was, is := name(before), name(after)
	if was == is {
		return nil
	}
	return slices.DeleteFunc([]string{was, is}, func(s string) bool { return s == "" })
}

// namesakes are the items of a name. When an item takes or gives up a name, the
// others of that name are told apart in the CRM, or need not be any more (P15).
func (t *turn) namesakes(ctx context.Context, tx *store.Tx, names []string) ([]crossbook.Ref, error) {
	if len(names) == 0 {
		return nil, nil
	}
	hits, err := tx.MirrorByKey(ctx, t.conn.ID, crossbook.Books, string(crossbook.Item), mapping.KeyName, names)
	if err != nil {
		return nil, err
	}
	out := make([]crossbook.Ref, 0, len(hits))
	for _, h := range hits {
		out = append(out, h.Ref)
	}
	return out, nil
}

// requalifies tells whether an item's full name changed, and with it those of the
// items below.
func requalifies(before, after crossbook.Record) bool {
	return after.Side == crossbook.Books && after.Entity() == crossbook.Item && before.Data != nil && after.Data != nil &&
		text(before.Data["FullyQualifiedName"]) != text(after.Data["FullyQualifiedName"])
}

// itemsBelow are the items under others, at any level. QuickBooks carries a new
// name of a category into theirs without a new revision or time, so the change
// feed does not list them.
func (t *turn) itemsBelow(ctx context.Context, tx *store.Tx, ids []string) ([]crossbook.Ref, error) {
	var out []crossbook.Ref
	for range deepest {
		if len(ids) == 0 {
			break
		}
		hits, err := tx.MirrorByKey(ctx, t.conn.ID, crossbook.Books, string(crossbook.Item), mapping.KeyParent, ids)
		if err != nil {
			return nil, err
		}
		ids = ids[:0:0]
		for _, h := range hits {
			out = append(out, h.Ref)
			ids = append(ids, h.Ref.ID)
		}
	}
	return out, nil
}

// requalified is an item under the full name it has now: the one it was last read
// with is old once something above it was renamed.
func (w *world) requalified(rec *crossbook.Record) *crossbook.Record {
	full := w.fullName(rec, deepest)
	if full == text(rec.Data["FullyQualifiedName"]) {
		return rec
	}
	is := *rec
	is.Data = maps.Clone(rec.Data)
	is.Data["FullyQualifiedName"] = full
	w.records[rec.Ref] = &is
	return &is
}

func (w *world) fullName(item *crossbook.Record, levels int) string {
	parent := w.living(crossbook.BooksRef(crossbook.Item, mapping.ParentID(item.Data)))
	if parent == nil || levels == 0 {
		return text(item.Data["FullyQualifiedName"])
	}
	return w.fullName(parent, levels-1) + ":" + text(item.Data["Name"])
}

// printedName is the text other records show of a record.
func printedName(r crossbook.Record) string {
	if r.Side != crossbook.Books || r.Data == nil {
		return ""
	}
	return text(r.Data["DisplayName"]) + "\x00" + text(r.Data["FullyQualifiedName"]) + "\x00" + text(r.Data["Name"])
}
