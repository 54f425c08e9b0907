package api

import (
	"encoding/json"
	"strings"
	"time"
)

// Record is one record as the vendor sends it, numbers kept as json.Number. Keys
// that start with "$" are system properties, never fields.
type Record map[string]any

// ID is the record's id, a string of up to 19 digits.
func (r Record) ID() string { return r.Text("id") }

// Created and Modified are the record's times in UTC; they must have been asked
// for in a list.
func (r Record) Created() time.Time { return parseTime(r.Text("Created_Time")) }

// Modified is Modified_Time, whole seconds.
func (r Record) Modified() time.Time { return parseTime(r.Text("Modified_Time")) }

// Text is a string, number or boolean as text; absent or of another type it is
// empty. The name of a picklist value is its text.
func (r Record) Text(key string) string {
	switch v := r[key].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Number is a number, also one that the vendor wrapped in a string.
func (r Record) Number(key string) (json.Number, bool) {
	switch v := r[key].(type) {
	case json.Number:
		return v, true
	case string:
		var n json.Number
		if json.Unmarshal([]byte(v), &n) == nil {
			return n, true
		}
	}
	return "", false
}

// Bool is a boolean; absent is false.
func (r Record) Bool(key string) bool {
	b, _ := r[key].(bool)
	return b
}

// Time is a date-time field in UTC; zero when absent.
func (r Record) Time(key string) time.Time { return parseTime(r.Text(key)) }

// Ref is a look-up field; COQL gives its id only.
func (r Record) Ref(key string) Ref {
	m, _ := r[key].(map[string]any)
	rec := Record(m)
	return Ref{ID: rec.Text("id"), Name: rec.Text("name"), Email: rec.Text("email")}
}

// Rows are the rows of a subform, such as Invoiced_Items; only a record that was
// read by id has them.
func (r Record) Rows(key string) []Record {
	items, _ := r[key].([]any)
	out := make([]Record, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// MoreRows tells that a subform has more rows than the answer carries.
func (r Record) MoreRows(key string) bool {
	m, _ := r["$has_more"].(map[string]any)
	more, _ := m[key].(bool)
	return more
}

// Locked tells that the caller may not write the record because of a lock.
func (r Record) Locked() bool { return r.Bool("$locked_for_me") || r.Bool("Locked__s") }

// InMerge tells that the record is being merged at this moment.
func (r Record) InMerge() bool { return r.Bool("$in_merge") }

// Ref is a look-up: a record of another module, or a user.
type Ref struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// Lookup is how a look-up is written.
func Lookup(id string) map[string]any { return map[string]any{"id": id} }

// Time writes a date-time as the vendor reads it: an offset and whole seconds;
// milliseconds are refused (reference/zoho-crm.md section 3).
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// parseTime reads an offset time; anything else is the zero time.
func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// loose reads a string that the vendor also sends as a number, boolean or null.
type loose string

// UnmarshalJSON never fails: a shape that carries no text becomes empty.
func (l *loose) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*l = loose(s)
		return nil
	}
	if text := string(data); text != "null" && !strings.ContainsAny(text[:1], "{[") {
		*l = loose(text)
	}
	return nil
}

// looseInt reads an integer that the vendor also sends inside a string.
type looseInt int

// UnmarshalJSON takes what has digits; anything else is 0.
func (i *looseInt) UnmarshalJSON(data []byte) error {
	var n int
	if json.Unmarshal([]byte(strings.Trim(string(data), `"`)), &n) == nil {
		*i = looseInt(n)
	}
	return nil
}

// wireRef reads {"id","name"}; null and plain strings too.
type wireRef struct {
	ID    loose `json:"id"`
	Name  loose `json:"name"`
	Email loose `json:"email"`
}

func (w *wireRef) ref() Ref {
	if w == nil {
		return Ref{}
	}
	return Ref{ID: string(w.ID), Name: string(w.Name), Email: string(w.Email)}
}
