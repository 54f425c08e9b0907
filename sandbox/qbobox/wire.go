package qbobox

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// traceID is the value of intuit_tid, which every answer carries. Of the two
// forms that were seen (reference section 2) most answers have the first; which
// have the other is not known.
func (b *Box) traceID() string {
	n := b.traces.Add(1)
	if n%4 != 0 {
		return fmt.Sprintf("1-%08x-%024x", b.now().Unix(), n)
	}
	return "gw-" + uuid(derive(b.opt.Seed, fmt.Sprintf("trace %d", n), 16))
}

// uuid writes sixteen characters as the vendor writes its numbers.
func uuid(of string) string {
	h := hex.EncodeToString([]byte(of))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// wantsJSON: the vendor answers XML unless JSON is asked for by name (reference section 2).
func wantsJSON(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "json") }

func (b *Box) write(w http.ResponseWriter, r *http.Request, a answer) {
	h := w.Header()
	h.Set("QBO-Version", "2073.223")
	h.Set("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private")
	h.Set("Expires", "0")
	h.Set("Server", "istio-envoy")
	body := a.Body
	switch {
	case a.kind != "":
		h.Set("Content-Type", a.kind)
	case a.plain:
		h.Set("Content-Type", "text/plain;charset=UTF-8")
	case wantsJSON(r):
		h.Set("Content-Type", "application/json;charset=UTF-8")
	default:
		h.Set("Content-Type", "application/xml;charset=UTF-8")
		body = toXML(a.Body)
	}
	if a.kind == "" && len(body) > smallAnswer && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		body = zipped(body)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
}

// smallAnswer is not worth packing.
const smallAnswer = 4096

var zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

func zipped(raw []byte) []byte {
	var buf bytes.Buffer
	z, _ := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&buf)
	_, _ = z.Write(raw)
	_ = z.Close()
	return buf.Bytes()
}

func (b *Box) writeFault(w http.ResponseWriter, r *http.Request, f *fault) {
	if f.xml {
		r = r.Clone(r.Context())
		r.Header.Del("Accept")
	}
	b.write(w, r, answer{Status: f.Status, Body: encode(f.body(b.now()))})
}

// faultShape gives the fault dial the vendor's look of an outage.
func (b *Box) faultShape(status int, _ *http.Request) (contentType, body string) {
	switch status {
	case http.StatusTooManyRequests:
		return "application/json;charset=UTF-8", string(encode(throttled().body(b.now())))
	case http.StatusInternalServerError:
		return "application/json;charset=UTF-8", string(encode(systemFailure(status, "java.lang.NullPointerException").body(b.now())))
	case http.StatusUnauthorized:
		return "application/json;charset=UTF-8", string(encode(unauthorized("Token expired").body(b.now())))
	default: // 502, 503 and 504 come as pages of the proxy (reference section 12.1)
		t := http.StatusText(status)
		return "text/html", fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status, t, status, t)
	}
}

// toXML renders an answer in the vendor's older format: references become an
// element with a name attribute, arrays repeat their element.
func toXML(raw []byte) []byte {
	o, err := decode(raw)
	if err != nil {
		return raw
	}
	var buf bytes.Buffer
	buf.WriteString(xml.Header)
	buf.WriteString(`<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"`)
	if t := str(o, "time"); t != "" {
		fmt.Fprintf(&buf, ` time="%s"`, t)
	}
	buf.WriteString(">")
	delete(o, "time")
	for _, k := range sortedKeys(o) {
		element(&buf, k, o[k])
	}
	buf.WriteString("</IntuitResponse>")
	return buf.Bytes()
}

var xmlAttributes = []string{"domain", "sparse", "status", "code", "element", "type", "bId", "startPosition", "maxResults", "totalCount"}

func element(buf *bytes.Buffer, name string, v any) {
	switch v := v.(type) {
	case nil:
	case []any:
		for _, e := range v {
			element(buf, name, e)
		}
	case object:
		if value, isRef := v["value"].(string); isRef && len(v) <= 2 {
			buf.WriteString("<" + name)
			if n := str(v, "name"); n != "" {
				fmt.Fprintf(buf, ` name="%s"`, escape(n))
			}
			fmt.Fprintf(buf, ">%s</%s>", escape(value), name)
			return
		}
		if name == "Error" || name == "Fault" || name == "QueryResponse" || name == "BatchItemResponse" || v["domain"] != nil {
			withAttributes(buf, name, v)
			return
		}
		buf.WriteString("<" + name + ">")
		children(buf, v, nil)
		buf.WriteString("</" + name + ">")
	default:
		fmt.Fprintf(buf, "<%s>%s</%s>", name, escape(plain(v)), name)
	}
}

func withAttributes(buf *bytes.Buffer, name string, o object) {
	buf.WriteString("<" + name)
	for _, a := range xmlAttributes {
		switch v := o[a].(type) {
		case string, bool, json.Number:
			fmt.Fprintf(buf, ` %s="%s"`, a, escape(plain(v)))
		}
	}
	buf.WriteString(">")
	children(buf, o, xmlAttributes)
	buf.WriteString("</" + name + ">")
}

func children(buf *bytes.Buffer, o object, skip []string) {
	for _, k := range sortedKeys(o) {
		if !slices.Contains(skip, k) {
			element(buf, k, o[k])
		}
	}
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	case json.Number:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

func escape(s string) string {
	var buf bytes.Buffer
	_ = xml.EscapeText(&buf, []byte(s))
	return buf.String()
}
