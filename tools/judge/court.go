package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"
)

// sideName is one of the two systems.
type sideName string

const (
	zohoSide  sideName = "zoho"
	booksSide sideName = "quickbooks"
)

// object is a record as its vendor shows it.
type object = map[string]any

// state is the truth of one side, from /_sandbox/state.
type state struct {
	Records map[string][]object `json:"records"`
	Deleted map[string][]object `json:"deleted"`
	Merged  map[string]string   `json:"merged"`
	Writes  []write             `json:"writes"`
}

// write is one change, in order; the actor "api" is the program.
type write struct {
	Seq       int       `json:"seq"`
	Time      time.Time `json:"time"`
	Actor     string    `json:"actor"`
	Op        string    `json:"op"`
	Type      string    `json:"type"`
	ID        string    `json:"id"`
	RequestID string    `json:"request_id"`
	Values    object    `json:"values"`
}

func (w write) program() bool { return w.Actor == "api" }

// edit is one value that a person entered. Edits of one record come in the
// order of their times.
type edit struct {
	Time  time.Time `json:"time"`
	Side  sideName  `json:"side"`
	Type  string    `json:"type"` // module or entity
	ID    string    `json:"id"`
	Op    string    `json:"op"` // create or update
	Field string    `json:"field"`
	Value string    `json:"value"`
}

func (e edit) String() string {
	return fmt.Sprintf("%s of %s %s of %s to %q at %s", e.Field, e.Type, e.ID, e.Side, e.Value, e.Time.Format("15:04:05.000"))
}

// change is one field of a row of crossbook's history.
type change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type historyRow struct {
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Changes []change `json:"changes"`
}

// court is everything the judge looks at.
type court struct {
	zoho, books state
	edits       []edit
	history     []historyRow
	crmByID     map[string]map[string]object   // module, id
	booksByID   map[string]map[string]object   // entity, id
	shown       map[string]map[string][]object // module, QuickBooks id
}

func gather(zohoURL, booksURL, editsFile, historyFile string) (*court, error) {
	c := &court{}
	if err := fetch(zohoURL, &c.zoho); err != nil {
		return nil, err
	}
	if err := fetch(booksURL, &c.books); err != nil {
		return nil, err
	}
	if editsFile != "" {
		if err := readFile(editsFile, &c.edits); err != nil {
			return nil, err
		}
	}
	if historyFile != "" {
		var list struct {
			Rows []historyRow `json:"rows"`
		}
		if err := readFile(historyFile, &list); err != nil {
			return nil, err
		}
		c.history = list.Rows
	}
	c.index()
	return c, nil
}

func fetch(url string, into *state) error {
	res, err := http.Get(strings.TrimRight(url, "/") + "/_sandbox/state")
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, res.Status)
	}
	dec := json.NewDecoder(res.Body)
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("the state of %s: %w", url, err)
	}
	if len(into.Records) == 0 {
		return fmt.Errorf("%s shows no records at all: is it a sandbox?", url)
	}
	return nil
}

func readFile(path string, into any) error {
	data, err := os.ReadFile(path) //nolint:gosec // the files are named on the command line
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (c *court) index() {
	c.crmByID, c.booksByID, c.shown = map[string]map[string]object{}, map[string]map[string]object{}, map[string]map[string][]object{}
	for _, p := range pairings {
		c.crmByID[p.module], c.shown[p.module] = map[string]object{}, map[string][]object{}
		for _, o := range c.zoho.Records[p.module] {
			c.crmByID[p.module][at(o, "id")] = o
			if id := at(o, idField); id != "" {
				c.shown[p.module][id] = append(c.shown[p.module][id], o)
			}
		}
		if c.booksByID[p.entity] == nil {
			c.booksByID[p.entity] = map[string]object{}
		}
		for _, o := range c.books.Records[p.entity] {
			c.booksByID[p.entity][at(o, "Id")] = o
		}
	}
}

func (c *court) count(v *verdict) {
	for _, w := range c.zoho.Writes {
		if w.program() && w.Op == "create" {
			v.CreatedZoho++
		}
	}
	for _, w := range c.books.Writes {
		if w.program() && w.Op == "create" {
			v.CreatedQuickBooks++
		}
	}
	for _, p := range pairings {
		v.Linked += len(c.shown[p.module])
	}
}

// at follows a dotted path and returns what stands there as text; nothing is "".
func at(o object, path string) string {
	var cur any = o
	for key := range strings.SplitSeq(path, ".") {
		m, ok := cur.(object)
		if !ok {
			return ""
		}
		cur = m[key]
	}
	switch x := cur.(type) {
	case nil:
		return ""
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		return fmt.Sprint(x)
	case object:
		if inner, ok := x["value"]; ok {
			return at(object{"v": inner}, "v")
		}
		return at(x, "id")
	default:
		return fmt.Sprint(x)
	}
}

// same compares two values as people do: numbers by what they are worth.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, okX := number(a)
	y, okY := number(b)
	return okX && okY && x.Cmp(y) == 0
}

// number reads a decimal; nothing is no number.
func number(s string) (*big.Rat, bool) {
	if s == "" || strings.ContainsAny(s, "/eExXpP_") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
