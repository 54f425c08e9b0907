package oascheck

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"net/http"
)

var seed = maphash.MakeSeed()

// telling are keys whose text decides, also inside records, which of several
// schemas applies.
var telling = map[string]bool{"code": true, "status": true, "message": true, "action": true, "duplicate_field": true, "type": true, "state": true, "json_path": true}

// shapeOf is the same for answers that a schema cannot tell apart but by the
// text of record fields: each shape is looked at once.
func shapeOf(rt *route, r *http.Request, status int, kind string, body []byte, isJSON bool) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	if rt == nil {
		_, _ = h.WriteString(r.Method + bare(r.URL.Path))
	} else {
		_, _ = h.WriteString(rt.String())
	}
	_ = h.WriteByte(byte(status))
	_ = h.WriteByte(byte(status >> 8))
	_, _ = h.WriteString(kind)
	if !isJSON {
		_ = h.WriteByte(byte(min(len(body), 1)))
		return h.Sum64()
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		_, _ = h.Write(body)
		return h.Sum64()
	}
	return h.Sum64() ^ shape(v, "", false)
}

// shape adds up what is in an object or list, so that order and repetition of
// equal entries do not matter.
func shape(v any, key string, record bool) uint64 {
	switch x := v.(type) {
	case map[string]any:
		sum := uint64(1)
		for k, e := range x {
			sum += maphash.String(seed, k) * (shape(e, k, record || k == "data") | 1)
		}
		return sum
	case []any:
		sum, had := uint64(2), map[uint64]bool{}
		for _, e := range x {
			if s := shape(e, key, record); !had[s] {
				had[s] = true
				sum += s * s
			}
		}
		return sum
	case string:
		if record && !telling[key] {
			return maphash.String(seed, kindOfText(x))
		}
		return maphash.String(seed, "s"+x)
	case bool:
		return 3
	case json.Number:
		if bytes.ContainsAny([]byte(x.String()), ".eE") {
			return 5
		}
		return 4
	}
	return 6
}

// kindOfText tells texts apart that formats and patterns tell apart.
func kindOfText(s string) string {
	kind := make([]byte, 0, 16)
	for i := 0; i < len(s) && len(kind) < 16; i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			c = '0'
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
			c = 'a'
		}
		if len(kind) == 0 || kind[len(kind)-1] != c {
			kind = append(kind, c)
		}
	}
	return string(kind)
}
