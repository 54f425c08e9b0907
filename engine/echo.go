package engine

import (
	"encoding/json"
	"reflect"
	"strings"

	"crossbook"
	"crossbook/mapping"
)

// isEcho tells whether a CRM record stands as our own write left it: at the very
// revision the write got, every value that was sent is there, and nothing
// but what the CRM itself keeps came to it. A second is all a revision tells, so
// the values decide. Looking at each record once more that a first sync wrote
// would take as long as the first sync; what the CRM changed or filled in by
// itself is looked at, for the bases (design section 5).
func isEcho(was, now crossbook.Record) bool {
	if now.Side != crossbook.CRM || !now.Module().TwoWay() || was.Deleted || was.Revision == "" || was.Revision != now.Revision {
		return false
	}
	for k, v := range now.Data {
		if keptByCRM(k) {
			continue
		}
		sent, ok := was.Data[k]
		if !ok && k == "Owner" {
			continue // known when the record was made, and followed apart
		}
		if !ok && v == false && (k == mapping.FieldSend || k == mapping.FieldBillTo) {
			continue // a box of ours that nobody ticked
		}
		if ok && !sameValue(sent, v) || !ok && !isEmpty(v) {
			return false
		}
	}
	for k, sent := range was.Data {
		if _, ok := now.Data[k]; !ok && !keptByCRM(k) && !isEmpty(sent) {
			return false
		}
	}
	return true
}

// keptByCRM tells which keys are the CRM's own affair in a record we wrote.
func keptByCRM(key string) bool {
	switch key {
	case "id", "Created_Time", "Created_By":
		return true
	}
	return volatile[key] || strings.HasPrefix(key, "$")
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// sameValue compares what was sent with what came back: look-ups by id, numbers
// by value.
func sameValue(a, b any) bool {
	if isEmpty(a) && isEmpty(b) {
		return true
	}
	if x, ok := a.(map[string]any); ok {
		y, ok := b.(map[string]any)
		return ok && text(x["id"]) != "" && text(x["id"]) == text(y["id"])
	}
	_, numbers := b.(json.Number)
	if x, y := text(a), text(b); x != "" && y != "" {
		return x == y || numbers && mapping.Number(a) == mapping.Number(b)
	}
	return reflect.DeepEqual(a, b)
}
