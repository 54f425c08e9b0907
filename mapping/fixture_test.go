package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crossbook"
)

// links is a Refs of a table: the CRM id is the QuickBooks id with a letter.
type links struct {
	known  map[string]bool // QuickBooks ids that are linked
	shared map[string]bool // item names borne twice
	named  map[string]string
}

func (l links) BooksID(_ crossbook.Module, crmID string) (string, bool) {
	id := strings.TrimPrefix(crmID, "z")
	return id, l.known[id]
}

func (l links) CRMID(_ crossbook.Module, booksID string) (string, bool) {
	return "z" + booksID, l.known[booksID]
}

func (l links) NameShared(_ crossbook.Entity, name string) bool { return l.shared[Fold(name)] }

func (l links) AccountName(string) string { return "" }

func (l links) AccountNamed(name string) (string, bool) {
	id, ok := l.named[Fold(name)]
	return id, ok
}

var noLinks = links{}

// compiled is the preset mapping without live metadata.
func compiled(t testing.TB, s crossbook.Settings, meta Metadata) *Mapping {
	t.Helper()
	m, issues := Compile(Default(s), s, meta)
	if len(issues) > 0 {
		t.Fatalf("the preset has issues: %+v", issues)
	}
	return m
}

func preset(t testing.TB) *Mapping {
	t.Helper()
	return compiled(t, crossbook.DefaultSettings(), Metadata{Country: "US", HomeCurrency: "USD", MultiCurrency: true})
}

// raw reads JSON the way the clients do: numbers stay json.Number.
func raw(t testing.TB, doc string) map[string]any {
	t.Helper()
	return decode(t, []byte(doc))
}

func decode(t testing.TB, doc []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return out
}

// wire sends a body through JSON, as a vendor would receive it.
func wire(t testing.TB, body map[string]any) map[string]any {
	t.Helper()
	doc, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, doc)
}

// patched is a record after a sparse update: keys are replaced as a unit, null
// counts as not sent (reference/quickbooks-online.md section 4.2).
func patched(record, patch map[string]any) map[string]any {
	out := maps.Clone(record)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range patch {
		if v != nil {
			out[k] = v
		}
	}
	return out
}

// recorded reads one list of the recorded company, or skips.
func recorded(t *testing.T, file, entity string) []map[string]any {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "quickbooks", "recorded-json", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: ../shared/reference with the recorded company is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	out := list(at(decode(t, doc), "response.QueryResponse."+entity))
	if len(out) == 0 {
		t.Fatalf("%s holds no %s", file, entity)
	}
	return out
}
