package oascheck

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// route is one operation of the documents.
type route struct {
	method    string
	path      string
	parts     []string
	bulk      bool
	responses map[int]*response
}

func (r *route) String() string { return r.method + " " + r.path }

type response struct {
	content []string // media types
	schema  string   // address of the schema of the JSON body
}

func (r *response) accepts(kind string) bool {
	for _, c := range r.content {
		if ok, _ := path.Match(c, kind); ok {
			return true
		}
	}
	return false
}

type document struct {
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths map[string]map[string]json.RawMessage `json:"paths"`
}

type operation struct {
	Responses map[string]json.RawMessage `json:"responses"`
}

type responseObject struct {
	Ref     string                     `json:"$ref"`
	Content map[string]json.RawMessage `json:"content"`
}

// Open reads the vendor's documents of a folder. Where there are none the error
// is [os.ErrNotExist].
func Open(folder string) (*Check, error) {
	files := os.DirFS(folder)
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("OpenAPI documents in %s: %w", folder, os.ErrNotExist)
	}
	c := &Check{seen: map[uint64]bool{}, found: map[Finding]string{}, schemas: map[*response]*jsonschema.Schema{}, comp: jsonschema.NewCompiler()}
	c.comp.DefaultDraft(jsonschema.Draft2020)
	c.comp.AssertFormat()
	c.comp.UseRegexpEngine(pattern)
	for _, name := range names {
		if err := c.read(files, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

// pattern reads a regular expression. A few of the vendor's look ahead, which
// Go's cannot; those hold for every text here.
func pattern(s string) (jsonschema.Regexp, error) {
	if re, err := regexp.Compile(s); err == nil {
		return re, nil
	}
	return anyText(s), nil
}

type anyText string

func (anyText) MatchString(string) bool { return true }
func (a anyText) String() string        { return string(a) }

func (c *Check) read(files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	address := "https://documents.invalid/" + name
	if err := c.comp.AddResource(address, value); err != nil {
		return err
	}
	bulk := len(doc.Servers) > 0 && strings.Contains(doc.Servers[0].URL, "/bulk/")
	for way, operations := range doc.Paths {
		for method, rawOp := range operations {
			if !methods[method] {
				continue // what is common to all methods
			}
			rt, err := readOperation(method, way, rawOp, value, address)
			if err != nil {
				return fmt.Errorf("%s %s: %w", method, way, err)
			}
			rt.bulk = bulk
			c.routes = append(c.routes, rt)
		}
	}
	return nil
}

var methods = map[string]bool{"get": true, "post": true, "put": true, "patch": true, "delete": true}

func readOperation(method, way string, raw json.RawMessage, doc any, address string) (*route, error) {
	var op operation
	if err := json.Unmarshal(raw, &op); err != nil {
		return nil, err
	}
	rt := &route{method: strings.ToUpper(method), path: way, parts: strings.Split(strings.Trim(way, "/"), "/"), responses: map[int]*response{}}
	at := address + "#/paths/" + escape(way) + "/" + method + "/responses/"
	for code, rawResp := range op.Responses {
		status, err := strconv.Atoi(code)
		if err != nil {
			continue // "default"
		}
		if rt.responses[status], err = readResponse(rawResp, doc, address, at+code); err != nil {
			return nil, err
		}
	}
	return rt, nil
}

// readResponse follows references to shared answers of the same document.
func readResponse(raw json.RawMessage, doc any, address, at string) (*response, error) {
	var o responseObject
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if o.Ref != "" {
		v := doc
		for _, p := range strings.Split(strings.TrimPrefix(o.Ref, "#/"), "/") {
			m, _ := v.(map[string]any)
			v = m[p]
		}
		target, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return readResponse(target, doc, address, address+o.Ref)
	}
	resp := &response{}
	for kind, rawMedia := range o.Content {
		resp.content = append(resp.content, kind)
		var media map[string]json.RawMessage
		if err := json.Unmarshal(rawMedia, &media); err != nil {
			return nil, err
		}
		if strings.HasSuffix(kind, "json") && media["schema"] != nil {
			resp.schema = at + "/content/" + escape(kind) + "/schema"
		}
	}
	return resp, nil
}

// escape makes a name a part of a JSON pointer in an address.
func escape(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(s)
}

func (c *Check) schema(r *response) (*jsonschema.Schema, error) {
	if s := c.schemas[r]; s != nil {
		return s, nil
	}
	s, err := c.comp.Compile(r.schema)
	if err != nil {
		return nil, err
	}
	c.schemas[r] = s
	return s, nil
}

var (
	versionPart = regexp.MustCompile(`^v\d(\.\d)?$`)
	numberPart  = regexp.MustCompile(`^\d+$`)
	// reserved are names of the service itself: no module is called so.
	reserved = map[string]bool{"settings": true, "org": true, "users": true, "actions": true, "files": true, "coql": true, "read": true, "write": true, "upload": true}
)

func cut(path string) (parts []string, bulk bool) {
	parts = strings.Split(strings.Trim(path, "/"), "/")[1:]
	if len(parts) > 0 && parts[0] == "bulk" {
		bulk, parts = true, parts[1:]
	}
	if len(parts) > 0 && versionPart.MatchString(parts[0]) {
		parts = parts[1:]
	}
	return parts, bulk
}

// bare is the path of a call that no document has, without its ids.
func bare(path string) string {
	parts, bulk := cut(path)
	for i, p := range parts {
		if numberPart.MatchString(p) {
			parts[i] = "{id}"
		}
	}
	way := "/" + strings.Join(parts, "/")
	if bulk {
		way = "/bulk" + way
	}
	return way
}

// match finds the operation whose path fits with the most words of its own.
func (c *Check) match(r *http.Request) *route {
	parts, bulk := cut(r.URL.Path)
	var best *route
	words := -1
	for _, rt := range c.routes {
		if rt.method != r.Method || rt.bulk != bulk || len(rt.parts) != len(parts) {
			continue
		}
		if n := rt.fits(parts); n > words {
			best, words = rt, n
		}
	}
	return best
}

// fits counts the words that the path shares with the call; -1: it is another one.
func (r *route) fits(parts []string) int {
	words := 0
	for i, p := range r.parts {
		switch {
		case p == parts[i]:
			words++
		case !strings.HasPrefix(p, "{"), reserved[parts[i]], strings.HasPrefix(parts[i], "__"):
			return -1
		}
	}
	return words
}
