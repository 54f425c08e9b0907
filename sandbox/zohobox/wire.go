package zohobox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sort"
	"strconv"
	"unicode/utf8"
)

// object is a JSON object on its way in or out. Values inside a stored or
// rendered object are never changed in place, so that an answer can be encoded
// after the lock is released.
type object = map[string]any

// answer is what a handler hands back: a status and a body, or no body at all.
type answer struct {
	status int
	body   any // nil: empty body
	header http.Header
	file   *file // a download instead of a body
}

// file is what an answer downloads.
type file struct {
	name string
	kind string // content type
	data []byte
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func noContent() answer       { return answer{status: http.StatusNoContent} }
func notModified() answer     { return answer{status: http.StatusNotModified} }
func (a answer) failed() bool { return a.status >= 400 }

// failure is an error in the vendor's words; the same object stands alone for a
// failed request and inside an array for a failed record (section 3).
type failure struct {
	status  int // HTTP status when it stands alone
	code    string
	message string
	details object
}

func (f *failure) Error() string { return f.code + ": " + f.message }

// with is the failure standing alone with a status.
func (f *failure) with(status int) *failure {
	n := *f
	n.status = status
	return &n
}

func (f *failure) item() object {
	d := f.details
	if d == nil {
		d = object{}
	}
	return object{"code": f.code, "details": d, "message": f.message, "status": "error"}
}

func (f *failure) answer() answer {
	st := f.status
	if st == 0 {
		st = http.StatusBadRequest
	}
	return answer{status: st, body: f.item()}
}

func refuse(status int, code, message string, details object) answer {
	return (&failure{status: status, code: code, message: message, details: details}).answer()
}

func badURL() answer {
	return refuse(http.StatusNotFound, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one", nil)
}

func badMethod() answer {
	return refuse(http.StatusBadRequest, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one", nil)
}

func success(details object, message string) object {
	return object{"code": "SUCCESS", "details": details, "message": message, "status": "success"}
}

var errNotJSON = errors.New("body is not a JSON object")

// decodeObject reads a JSON object and keeps numbers as they were written.
func decodeObject(b []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, errNotJSON
	}
	o, isObject := v.(object)
	if !isObject {
		return nil, errNotJSON
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	return o, nil
}

// appendJSON encodes the few kinds of values that travel through the box. It
// exists because a list page is hundreds of small maps, which reflection makes
// several times slower; keys come out sorted, so equal states give equal bytes.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case object:
		return appendObject(b, v)
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case []object:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendObject(b, e)
		}
		return append(b, ']')
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			return append(b, "null"...)
		}
		return append(b, raw...)
	}
}

func appendObject(b []byte, o object) []byte {
	if o == nil {
		return append(b, "null"...)
	}
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, k)
		b = append(b, ':')
		b = appendJSON(b, o[k])
	}
	return append(b, '}')
}

const hexDigits = "0123456789abcdef"

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b = append(b, s[start:i]...)
			b = append(b, "\ufffd"...)
			i++
			start = i
			continue
		}
		i += n
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}
