package mapping

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"crossbook"
)

// RefusedError is a value that must not be sent as it stands.
type RefusedError struct {
	Field, Label, Text, Hint string
}

func (e *RefusedError) Error() string { return e.Text }

// BooksBody writes wanted canonical fields as a sparse QuickBooks patch,
// without Id, SyncToken and the sparse flag: all fields of the part, or those
// named. Nested objects are whole, since QuickBooks replaces them as a unit
// (reference/quickbooks-online.md section 4.2); what current holds in them
// beside the mapped parts is kept. On creation the record's name is composed,
// once and for ever (P4), and items get type, accounts and tax codes (P12).
//
// The errors are *MissingRefError, *RefusedError, [ErrNoAccounts] and
// [ErrAsOfDate]. An empty body means that there is nothing to write.
func (m *Mapping) BooksBody(
	mod crossbook.Module, part crossbook.Part, want crossbook.Fields, only []string,
	current map[string]any, creating bool, refs Refs, s crossbook.Settings,
) (map[string]any, error) {
	w := booksWriter{body: map[string]any{}, current: current, creating: creating, refs: refs, meta: m.meta}
	for _, p := range m.Pairs(mod, part) {
		v, ok := want[p.Field]
		if !ok || p.Books == "" || !p.ToBooks() || !chosen(p, only, creating) {
			continue
		}
		if creating && v == "" {
			continue
		}
		if err := w.put(p, v); err != nil {
			return nil, err
		}
	}
	if err := w.finish(mod, part, want, s); err != nil {
		return nil, err
	}
	if p, ok := m.TreePair(mod, part); ok {
		w.place(p, want, mod)
	}
	return w.body, nil
}

// booksWriter collects one patch.
type booksWriter struct {
	body, current map[string]any
	creating      bool
	refs          Refs
	meta          Metadata
}

// put writes one value.
func (w *booksWriter) put(p Pair, v string) error {
	switch p.Kind {
	case Name, ItemName:
		return w.name(p, v)
	case Lines:
		w.street(strings.TrimSuffix(p.Books, ".Lines"), v)
	case Reference:
		return w.reference(p, v)
	case Code:
		// Nothing but home currency is known to a company without multi-currency,
		// and naming another would add it (P9).
		if w.meta.MultiCurrency {
			w.body[p.Books] = map[string]any{"value": v}
		}
	case Decimal, Money:
		w.number(p, v)
	case Bool:
		w.body[p.Books] = v == "true"
	case Email:
		if !isList(text(at(w.current, p.Books))) { // a list is never written (P5)
			w.text(p.Books, v)
		}
	default:
		w.text(p.Books, v)
	}
	return nil
}

// text sets a text, which may lie in a nested object; the empty text clears
// what is there.
func (w *booksWriter) text(path, v string) {
	if v == "" && text(at(w.current, path)) == "" {
		return
	}
	key, inner, nested := strings.Cut(path, ".")
	if !nested {
		w.body[key] = v
		return
	}
	w.nested(key)[inner] = v
}

// number sets a number; an empty text clears it, except where QuickBooks knows
// no empty number. Null would count as not sent.
func (w *booksWriter) number(p Pair, v string) {
	switch {
	case v != "":
		w.body[p.Books] = json.Number(v)
	case number(w.current[p.Books]) == "":
	case p.Zero:
		w.body[p.Books] = json.Number("0")
	default:
		w.body[p.Books] = ""
	}
}

// nested is the patch's copy of a nested object, begun from the current one.
func (w *booksWriter) nested(key string) map[string]any {
	if got := object(w.body, key); got != nil {
		return got
	}
	got := maps.Clone(object(w.current, key))
	if got == nil {
		got = map[string]any{}
	}
	if key == "BillAddr" || key == "ShipAddr" {
		w.readdress(key, got)
	}
	w.body[key] = got
	return got
}

// readdress takes from a changed address what belongs to the former one: its
// place on the map, and its id where the other address has the same (QuickBooks
// lets the two share one, reference/quickbooks-online.md section 5.1; writing
// through the shared id would move both).
func (w *booksWriter) readdress(key string, address map[string]any) {
	delete(address, "Lat")
	delete(address, "Long")
	other := "ShipAddr"
	if key == "ShipAddr" {
		other = "BillAddr"
	}
	if id := text(address["Id"]); id != "" && id == text(object(w.current, other)["Id"]) {
		delete(address, "Id")
	}
}

// street spreads a multi-line street over Line1 to Line5.
func (w *booksWriter) street(key, v string) {
	if v == bookLines(object(w.current, key)) {
		return
	}
	address := w.nested(key)
	streets := splitLines(v)
	for i, line := range lineKeys {
		switch {
		case i < len(streets):
			address[line] = streets[i]
		case text(address[line]) != "":
			address[line] = ""
		default:
			delete(address, line)
		}
	}
}

func (w *booksWriter) reference(p Pair, v string) error {
	if id, ok := strings.CutPrefix(v, unlinked); ok {
		return &MissingRefError{Field: p.Field, Label: p.Label, Ref: crossbook.CRMRef(p.Target, id)}
	}
	switch {
	case v != "":
		w.body[p.Books] = map[string]any{"value": v}
	case w.current[p.Books] != nil:
		w.body[p.Books] = map[string]any{"value": ""}
	}
	return nil
}

// name sets a list name, refusing what QuickBooks' names cannot hold (R62).
func (w *booksWriter) name(p Pair, v string) error {
	if p.Kind == ItemName {
		v = itemNameInBooks(v, w.current, w.refs)
		if v == "" {
			return nil
		}
	}
	if v == "" {
		return nil // a name cannot be cleared (R60)
	}
	if err := CheckName(p, v); err != nil {
		return err
	}
	w.body[p.Books] = v
	return nil
}

// CheckName refuses a name with a colon, tab or newline (R62).
func CheckName(p Pair, v string) error {
	var bad string
	switch {
	case strings.Contains(v, ":"):
		bad = "a colon"
	case strings.Contains(v, "\t"):
		bad = "a tab"
	case strings.ContainsAny(v, "\r\n"):
		bad = "a line break"
	default:
		return nil
	}
	return &RefusedError{
		Field: p.Field, Label: p.Label,
		Text: fmt.Sprintf("%s holds %s, which QuickBooks does not take in names.", p.Label, bad),
		Hint: "Change the name in Zoho CRM.",
	}
}

// finish adds what no pair carries.
func (w *booksWriter) finish(mod crossbook.Module, part crossbook.Part, want crossbook.Fields, s crossbook.Settings) error {
	switch {
	case mod == crossbook.Products:
		return w.item(want, s)
	case mod == crossbook.Contacts && w.creating && part == crossbook.Whole:
		return w.personName(want)
	case mod == crossbook.Vendors || mod == crossbook.Accounts:
		w.companyName()
	}
	return nil
}

// companyName lets CompanyName follow DisplayName: always at creation, and with
// a rename where the two were the same name (spec section 2).
func (w *booksWriter) companyName() {
	name, ok := w.body["DisplayName"]
	if !ok {
		return
	}
	before := text(w.current["CompanyName"])
	if w.creating || (before != "" && Fold(before) == FoldName(text(w.current["DisplayName"]))) {
		w.body["CompanyName"] = name
	}
}

// personName composes the DisplayName of a person's customer (P4).
func (w *booksWriter) personName(want crossbook.Fields) error {
	name := PersonName(want)
	if name == "" {
		return nil
	}
	if err := CheckName(Pair{Field: "Last_Name", Label: "Last Name"}, name); err != nil {
		return err
	}
	w.body["DisplayName"] = name
	return nil
}

// PersonName is the DisplayName a Contact's customer gets: "First Last".
func PersonName(f crossbook.Fields) string {
	return strings.TrimSpace(f["First_Name"] + " " + f["Last_Name"])
}
