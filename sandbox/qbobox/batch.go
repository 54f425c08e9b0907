package qbobox

import (
	"bytes"
	"strings"
)

const batchLimit = 30

// answerBatch runs up to thirty independent items (reference section 8). The
// order of the answers is not that of the requests, as the vendor does not
// promise one; the dial keeps it.
func (b *Box) answerBatch(rq *request) answer {
	body, err := decode(rq.body)
	if err != nil {
		return rq.fault(badProperty())
	}
	items := list(body, "BatchItemRequest")
	if len(items) == 0 {
		return rq.fault(missing("BatchItemRequest"))
	}
	if len(items) > batchLimit {
		return rq.fault(tooManyItems())
	}
	seen := map[string]bool{}
	for _, it := range items {
		id := str(it, "bId")
		if id == "" {
			return rq.fault(missing("bId"))
		}
		if seen[id] {
			return rq.fault(business("Batch item ids must be unique within a request. bId=" + id))
		}
		seen[id] = true
	}
	parts := make([][]byte, len(items))
	objects := 0
	for i, it := range items {
		parts[i] = b.batchItem(rq, it, &objects)
	}
	if !b.opt.Dials.BatchInOrder && len(parts) > 1 {
		parts = append(parts[1:], parts[0])
	}
	return rq.envelope("BatchItemResponse", append(append([]byte("["), bytes.Join(parts, []byte(","))...), ']'))
}

// batchItem answers one item; call id and bId together are its request id, so
// that a batch that broke off can be sent again.
func (b *Box) batchItem(rq *request, it object, objects *int) []byte {
	bid := str(it, "bId")
	sub := *rq
	sub.by = &actor{name: rq.by.name, requestID: rq.by.requestID}
	id := ""
	if rq.by.requestID != "" {
		id = rq.by.requestID + "\x00" + bid
		if len(rq.by.requestID)+len(bid) > 50 {
			return itemAnswer(bid, "Fault", encode(badRequestID().inner()))
		}
	}
	if flt := b.mayNot(b.askedOf(it), has(it, "Query") || has(it, "CDCQuery")); flt != nil {
		return itemAnswer(bid, "Fault", encode(flt.inner()))
	}
	if q := str(it, "Query"); q != "" {
		return b.batchQuery(rq, bid, q, objects)
	}
	if q, ok := it["CDCQuery"].(object); ok { // X
		inner, flt := b.changesIn(rq.now, entityNames(q["Entities"]), str(q, "ChangedSince"))
		if flt != nil {
			return itemAnswer(bid, "Fault", encode(flt.inner()))
		}
		b.calls.item(rq.now, true)
		return itemAnswer(bid, "CDCResponse", inner)
	}
	a := b.replayed(&sub, id, func() answer { return b.batchWrite(&sub, it, bid) })
	return a.Body
}

// entityNames takes a list of names or one text with commas.
func entityNames(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var names []string
		for _, e := range v {
			if n, ok := e.(string); ok {
				names = append(names, n)
			}
		}
		return strings.Join(names, ",")
	default:
		return ""
	}
}

func itemAnswer(bid, name string, inner []byte) []byte {
	head := encode(object{"bId": bid})
	return bytes.Join([][]byte{head[:len(head)-1], []byte(`,"` + name + `":`), inner, []byte("}")}, nil)
}

func (b *Box) batchQuery(rq *request, bid, q string, objects *int) []byte {
	res, flt := b.query(q)
	if flt != nil {
		return itemAnswer(bid, "Fault", encode(flt.inner()))
	}
	if *objects += res.rows; *objects > 1000 {
		return itemAnswer(bid, "Fault", encode(tooManyObjects().inner()))
	}
	b.calls.item(rq.now, true)
	return itemAnswer(bid, "QueryResponse", res.body)
}

func (b *Box) batchWrite(rq *request, it object, bid string) answer {
	for k, v := range it {
		e := b.entities[strings.ToLower(k)]
		body, isObject := v.(object)
		if e == nil || e.name != k || !isObject {
			continue
		}
		op := strings.ToLower(str(it, "operation"))
		switch options := str(it, "optionsData"); {
		case options == "allowduplicatedocnum":
			rq.by.allowDuplicates = true
		case options == "void" && op == "update":
			op = "include=void"
		}
		if op == "" {
			return answer{Body: itemAnswer(bid, "Fault", encode(missing("operation").inner())), keep: true}
		}
		b.calls.item(rq.now, false)
		name, o, flt := b.operate(rq.by, e, op, cloneObject(body))
		if flt != nil {
			return answer{Body: itemAnswer(bid, "Fault", encode(flt.inner())), keep: true}
		}
		return answer{Body: itemAnswer(bid, name, encode(o)), keep: true}
	}
	return answer{Body: itemAnswer(bid, "Fault", encode(badProperty().inner())), keep: true}
}
