package api

import (
	"encoding/json"
	"time"
)

// Record is one entity as the vendor sends it, numbers kept as json.Number.
// Null fields are absent, never null.
type Record map[string]any

// ID is the record's id, a string of digits; ids are unique per entity only.
func (r Record) ID() string { return r.Text("Id") }

// SyncToken is what an update must carry. It says nothing about content: balances
// and quantities move without it (reference/quickbooks-online.md section 4.1).
func (r Record) SyncToken() string { return r.Text("SyncToken") }

// Created is MetaData.CreateTime in UTC.
func (r Record) Created() time.Time { return parseTime(r.Text("MetaData", "CreateTime")) }

// Updated is MetaData.LastUpdatedTime in UTC; account creation answers lack it.
func (r Record) Updated() time.Time { return parseTime(r.Text("MetaData", "LastUpdatedTime")) }

// Deleted tells a stub of a deletion from a record (section 7).
func (r Record) Deleted() bool { return r.Text("status") == "Deleted" }

// Active is false for a record of a name list that was made inactive;
// transactions have no such field and are active.
func (r Record) Active() bool {
	active, ok := r["Active"].(bool)
	return !ok || active
}

// Text follows the path through nested objects to a string or number; absent or of
// another type it is empty.
func (r Record) Text(path ...string) string {
	switch v := r.at(path).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Number follows the path to a number.
func (r Record) Number(path ...string) (json.Number, bool) {
	n, ok := r.at(path).(json.Number)
	return n, ok
}

// Bool follows the path to a boolean; absent is false.
func (r Record) Bool(path ...string) bool {
	b, _ := r.at(path).(bool)
	return b
}

// List follows the path to an array of objects.
func (r Record) List(path ...string) []Record {
	items, _ := r.at(path).([]any)
	out := make([]Record, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (r Record) at(path []string) any {
	var v any = map[string]any(r)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}
