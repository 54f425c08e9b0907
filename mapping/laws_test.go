package mapping

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crossbook"
)

// canonical draws a canonical value of a pair, empty included.
func canonical(t *rapid.T, p Pair) string {
	word := rapid.StringMatching(`[A-Za-zÀ-ž0-9株山"'&#(),./-]{1,12}`)
	draw := func(g *rapid.Generator[string]) string { return g.Draw(t, p.Field) }
	if !p.Required && rapid.IntRange(0, 4).Draw(t, "empty") == 0 && p.Kind != Status && p.Kind != Link && p.Books != "Id" {
		return ""
	}
	switch p.Kind {
	case Lines:
		return strings.Join(rapid.SliceOfN(word, 1, maxLines).Draw(t, p.Field), "\n")
	case Decimal, Money:
		return draw(rapid.StringMatching(`-?[1-9][0-9]{0,9}(\.[0-9]{0,4}[1-9])?`))
	case Bool:
		return draw(rapid.SampledFrom([]string{"true", "false"}))
	case Date:
		return draw(rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`))
	case Reference:
		return draw(rapid.SampledFrom([]string{"7", "8", "1150040002"}))
	case Code:
		return draw(rapid.SampledFrom([]string{"USD", "EUR", "CAD"}))
	case Email:
		return draw(rapid.StringMatching(`[a-z]{1,8}@[a-z]{1,8}\.example`))
	case Status:
		return draw(rapid.SampledFrom([]string{StatusActive, StatusInactive}))
	case Name, ItemName:
		return strings.Trim(draw(rapid.StringMatching(`[A-Za-zÀ-ž][A-Za-z0-9 &'"-]{0,10}[A-Za-z0-9]`)), " ")
	default:
		if p.Field == FieldType {
			return draw(rapid.SampledFrom([]string{Service, NonInventory, Inventory}))
		}
		return draw(word)
	}
}

// drawn draws the canonical fields of a record.
func drawn(t *rapid.T, m *Mapping, mod crossbook.Module, part crossbook.Part) crossbook.Fields {
	out := crossbook.Fields{}
	for _, p := range m.Pairs(mod, part) {
		out[p.Field] = canonical(t, p)
	}
	if _, ok := out[FieldType]; ok && out[FieldType] != Inventory {
		for _, p := range m.Pairs(mod, part) {
			if p.InventoryOnly {
				out[p.Field] = ""
			}
		}
	}
	return out
}

var everyPart = []struct {
	mod  crossbook.Module
	part crossbook.Part
}{
	{crossbook.Vendors, crossbook.Whole},
	{crossbook.Accounts, crossbook.Company},
	{crossbook.Accounts, crossbook.Whole},
	{crossbook.Contacts, crossbook.Person},
	{crossbook.Contacts, crossbook.Whole},
	{crossbook.Products, crossbook.Whole},
}

var linked = links{known: map[string]bool{"7": true, "8": true, "1150040002": true}}

// What is written to the CRM is read back the same, for every pair that goes
// there; a further write of it changes nothing.
func TestLaw_CRM_PutGet(t *testing.T) {
	m := preset(t)
	rapid.Check(t, func(rt *rapid.T) {
		which := rapid.SampledFrom(everyPart).Draw(rt, "part")
		want := drawn(rt, m, which.mod, which.part)
		body, err := m.CRMBody(which.mod, which.part, want, nil, rapid.Bool().Draw(rt, "creating"), linked)
		if err != nil {
			rt.Fatal(err)
		}
		got := m.FromCRM(which.mod, which.part, patched(nil, wire(t, body)), linked)
		for _, p := range m.Pairs(which.mod, which.part) {
			if _, written := body[p.Field]; written && got.Fields[p.Field] != want[p.Field] {
				rt.Fatalf("%s: put %q, got %q", p.Field, want[p.Field], got.Fields[p.Field])
			}
		}
		if len(got.Missing) > 0 {
			rt.Fatalf("missing: %v", got.Missing)
		}
	})
}

// What is written to QuickBooks is read back the same, for every pair that goes
// there, over any former state; everything else stays as it was.
func TestLaw_Books_PutGet(t *testing.T) {
	s := crossbook.DefaultSettings()
	s.ItemAccounts[""] = crossbook.ItemAccounts{Income: "1", Expense: "2", Asset: "3"}
	m := preset(t)
	rapid.Check(t, func(rt *rapid.T) {
		which := rapid.SampledFrom(everyPart).Draw(rt, "part")
		before, want := drawn(rt, m, which.mod, which.part), drawn(rt, m, which.mod, which.part)
		before[FieldAsOf], want[FieldAsOf] = "2026-01-02", "2026-01-02"
		if _, ok := want[FieldType]; ok {
			if before[FieldType] == "" {
				before[FieldType] = crossbook.DefaultSettings().DefaultItemType
			}
			want[FieldType] = before[FieldType] // tracked items stay tracked; tested apart
			for _, p := range m.Pairs(which.mod, which.part) {
				if p.InventoryOnly {
					want[p.Field] = before[p.Field]
				}
			}
		}
		first, err := m.BooksBody(which.mod, which.part, before, nil, nil, true, linked, s)
		if err != nil {
			rt.Fatal(err)
		}
		record := patched(nil, wire(t, first))
		record["Id"], record["Balance"], record["Active"] = "77", "12.5", true
		old := m.FromBooks(which.mod, which.part, record, linked)
		second, err := m.BooksBody(which.mod, which.part, want, nil, record, false, linked, s)
		if err != nil {
			rt.Fatal(err)
		}
		now := m.FromBooks(which.mod, which.part, patched(record, wire(t, second)), linked)
		for _, p := range m.Pairs(which.mod, which.part) {
			if p.Field == FieldInvoiceEmail {
				continue // the same attribute as Email, which was written
			}
			expect := want[p.Field]
			if !p.ToBooks() || p.Policy == CreateOnly || p.Books == "" {
				expect = old.Fields[p.Field]
			}
			if now.Fields[p.Field] != expect {
				rt.Fatalf("%s: want %q, got %q\nbody %v", p.Field, expect, now.Fields[p.Field], second)
			}
		}
	})
}

// Reading, writing back what was read and reading again changes nothing, and an
// update that names no field is empty.
func TestLaw_Books_GetPut(t *testing.T) {
	m := preset(t)
	rapid.Check(t, func(rt *rapid.T) {
		which := rapid.SampledFrom(everyPart).Draw(rt, "part")
		record := messy(rt)
		got := m.FromBooks(which.mod, which.part, record, linked)
		body, err := m.BooksBody(which.mod, which.part, got.Fields, nil, record, false, linked, crossbook.DefaultSettings())
		if err != nil {
			return // a name QuickBooks would not take: it is refused, not changed
		}
		again := m.FromBooks(which.mod, which.part, patched(record, wire(t, body)), linked)
		if !again.Fields.Equal(got.Fields) {
			rt.Fatalf("read %v\nthen %v", got.Fields, again.Fields)
		}
		none, err := m.BooksBody(which.mod, which.part, got.Fields, []string{}, record, false, linked, crossbook.DefaultSettings())
		if err != nil || len(none) > 0 {
			rt.Fatalf("naming no field gave %v, %v", none, err)
		}
	})
}

// messy draws a QuickBooks record as people leave them.
func messy(t *rapid.T) map[string]any {
	s := rapid.SampledFrom([]string{"", " Acme ", "Café Ünal", "a\r\nb", "Old Mill (deleted)", "x, y", "山田"})
	address := func(label string) map[string]any {
		out := map[string]any{"Id": "30", "Lat": "1", "Long": "INVALID"}
		for _, k := range append(lineKeys[:], "City", "PostalCode") {
			if v := s.Draw(t, label+k); v != "" {
				out[k] = v
			}
		}
		return out
	}
	return map[string]any{
		"Id": "9", "DisplayName": s.Draw(t, "display"), "CompanyName": s.Draw(t, "company"), "Name": s.Draw(t, "item"),
		"FullyQualifiedName": "Tools:" + s.Draw(t, "full"), "GivenName": s.Draw(t, "given"), "FamilyName": s.Draw(t, "family"),
		"BillAddr": address("bill"), "ShipAddr": address("ship"), "PrimaryPhone": map[string]any{"FreeFormNumber": s.Draw(t, "phone")},
		"Active": rapid.Bool().Draw(t, "active"), "UnitPrice": rapid.Float64Range(0, 1000).Draw(t, "price"), "Type": Inventory,
		"QtyOnHand": "3", "PrefVendorRef": map[string]any{"value": "7"}, "Balance": -1.5,
	}
}

func TestLaw_Fold_IsIdempotentAndIgnoresCaseAndBlanks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.String().Draw(rt, "s")
		if Fold(Fold(s)) != Fold(s) {
			rt.Fatalf("%q folds to %q, then to %q", s, Fold(s), Fold(Fold(s)))
		}
		if FoldName(s+" (Deleted)") != FoldName(s) && strings.TrimSpace(s) != "" {
			rt.Fatalf("%q with the suffix folds to %q", s, FoldName(s+" (Deleted)"))
		}
		if Skeleton(Skeleton(s)) != Skeleton(s) {
			rt.Fatalf("%q: skeleton %q, then %q", s, Skeleton(s), Skeleton(Skeleton(s)))
		}
	})
}
