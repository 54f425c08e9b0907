package mapping

import (
	"strings"

	"crossbook"
)

// unlinked starts the canonical form of a reference to a CRM record that has
// no QuickBooks record.
const unlinked = "crm:"

// Refs resolves references and names; the engine answers from links and mirror.
type Refs interface {
	// BooksID is the QuickBooks id of the home link of a CRM record.
	BooksID(crmModule crossbook.Module, crmID string) (booksID string, ok bool)
	// CRMID is the CRM record of a module that a QuickBooks id is linked with.
	CRMID(mod crossbook.Module, booksID string) (crmID string, ok bool)
	// NameShared tells whether two or more QuickBooks records of the entity bear
	// the name (P15).
	NameShared(e crossbook.Entity, name string) bool
}

// AccountNames is what Refs may offer besides: the one CRM Account of a name,
// for the mode Contacts only (spec section 2). Without it, or without exactly
// one, the look-up is left as it is.
type AccountNames interface {
	AccountNamed(name string) (crmID string, ok bool)
	// AccountName is the name of an Account whose look-up came without one.
	AccountName(crmID string) string
}

// Missing is a reference that leads to no linked record.
type Missing struct {
	Field string
	// Ref is the record referred to, on the side it was read from.
	Ref crossbook.Ref
}

// LeftOut is a field that is not written, with the reason (R54).
type LeftOut struct {
	Field, Value, Why string
}

// Projection is a record in canonical fields.
type Projection struct {
	Fields  crossbook.Fields
	Missing []Missing
	// DependsOn are the records the projection read besides its own: a change
	// there makes this record dirty.
	DependsOn []crossbook.Ref
	// LeftOut are values the CRM's picklists do not hold (R54): they are listed
	// for the person, CRMBody does not write them.
	LeftOut []LeftOut
}

// FromCRM projects a raw CRM record.
func (m *Mapping) FromCRM(mod crossbook.Module, part crossbook.Part, data map[string]any, refs Refs) Projection {
	out := Projection{Fields: crossbook.Fields{}}
	inventory := text(data[FieldType]) == Inventory
	for _, p := range m.Pairs(mod, part) {
		if p.InventoryOnly && !inventory {
			out.Fields[p.Field] = ""
			continue
		}
		out.Fields[p.Field] = m.fromCRM(p, data[p.Field], refs, &out)
	}
	return out
}

func (m *Mapping) fromCRM(p Pair, raw any, refs Refs, out *Projection) string {
	switch p.Kind {
	case Reference:
		return referenceFromCRM(p, raw, refs, out)
	case Company:
		name := lookupName(raw)
		if names, ok := refs.(AccountNames); ok && name == "" {
			name = names.AccountName(lookupID(raw))
		}
		return name
	case Email:
		return firstAddress(text(raw))
	default:
		return plain(p, raw)
	}
}

// plain is the canonical form of values that mean the same on both sides.
func plain(p Pair, raw any) string {
	switch p.Kind {
	case Lines:
		return lines(text(raw))
	case Decimal, Money:
		n := number(raw)
		if p.Zero && n == "0" {
			n = ""
		}
		return n
	case Bool:
		return boolean(raw)
	case Date:
		return day(raw)
	case Code:
		return strings.ToUpper(text(raw))
	default:
		return text(raw)
	}
}

func referenceFromCRM(p Pair, raw any, refs Refs, out *Projection) string {
	id := lookupID(raw)
	if id == "" {
		return ""
	}
	ref := crossbook.CRMRef(p.Target, id)
	out.DependsOn = append(out.DependsOn, ref)
	if booksID, ok := refs.BooksID(p.Target, id); ok {
		return booksID
	}
	out.Missing = append(out.Missing, Missing{Field: p.Field, Ref: ref})
	return unlinked + id
}

// FromBooks projects a raw QuickBooks record, with numbers as json.Number.
func (m *Mapping) FromBooks(mod crossbook.Module, part crossbook.Part, data map[string]any, refs Refs) Projection {
	out := Projection{Fields: crossbook.Fields{}}
	inventory := text(data["Type"]) == Inventory
	for _, p := range m.Pairs(mod, part) {
		if p.Books == "" {
			continue
		}
		if p.InventoryOnly && !inventory {
			out.Fields[p.Field] = ""
			continue
		}
		v := m.fromBooks(mod, p, data, refs, &out)
		out.Fields[p.Field] = v
		if why := m.pickListMiss(mod, p, v); why != "" {
			out.LeftOut = append(out.LeftOut, LeftOut{Field: p.Field, Value: v, Why: why})
		}
	}
	return out
}

func (m *Mapping) fromBooks(mod crossbook.Module, p Pair, data map[string]any, refs Refs, out *Projection) string {
	switch p.Kind {
	case Reference:
		return referenceFromBooks(p, data, refs, out)
	case Code:
		return strings.ToUpper(text(at(data, p.Books+".value")))
	case Name:
		return StripDeleted(text(at(data, p.Books)))
	case ItemName:
		return ItemNameInCRM(data, refs)
	case Lines:
		return bookLines(object(data, strings.TrimSuffix(p.Books, ".Lines")))
	case Status:
		return status(data["Active"])
	case Link:
		return Address(mod.Entity(), text(data["Id"]))
	case Email:
		list := text(at(data, p.Books))
		if isList(list) {
			// MaySend asks for it even where the CRM has no field for it.
			out.Fields[FieldInvoiceEmail] = list
		}
		return firstAddress(list)
	default:
		return plain(p, at(data, p.Books))
	}
}

func referenceFromBooks(p Pair, data map[string]any, refs Refs, out *Projection) string {
	if p.Books == parentRef {
		return parentFromBooks(p, data, refs, out)
	}
	id := text(at(data, p.Books+".value"))
	if p.Books == "Id" {
		id = text(data["Id"])
	}
	if id == "" {
		return ""
	}
	ref := crossbook.BooksRef(p.Target.Entity(), id)
	if p.Books != "Id" {
		out.DependsOn = append(out.DependsOn, ref)
	}
	if _, ok := refs.CRMID(p.Target, id); !ok {
		out.Missing = append(out.Missing, Missing{Field: p.Field, Ref: ref})
	}
	return id
}

// bookLines joins Line1 to Line5 of a QuickBooks address.
func bookLines(address map[string]any) string {
	var out []string
	for _, key := range lineKeys {
		if l := text(address[key]); l != "" {
			out = append(out, l)
		}
	}
	return lines(strings.Join(out, "\n"))
}

var lineKeys = [maxLines]string{"Line1", "Line2", "Line3", "Line4", "Line5"}

// The two states of a name list record, as shown in the CRM (R90).
const (
	StatusActive   = "Active"
	StatusInactive = "Inactive"
)

func status(active any) string {
	if boolean(active) == "false" {
		return StatusInactive
	}
	return StatusActive
}

// lookupID is the id of a CRM look-up, which reads {"id","name"} and may be
// written as the bare id.
func lookupID(raw any) string {
	if m, ok := raw.(map[string]any); ok {
		return text(m["id"])
	}
	return text(raw)
}

func lookupName(raw any) string {
	if m, ok := raw.(map[string]any); ok {
		return text(m["name"])
	}
	return ""
}
