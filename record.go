package crossbook

import (
	"encoding/json"
	"time"
)

// Ref points at one record of one side. Type is a [Module] on the CRM side and
// an [Entity] on the Books side; ID is the vendor's id, a string of digits.
type Ref struct {
	Side Side   `json:"side"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

// CRMRef points at a CRM record.
func CRMRef(m Module, id string) Ref { return Ref{Side: CRM, Type: string(m), ID: id} }

// BooksRef points at a QuickBooks record.
func BooksRef(e Entity, id string) Ref { return Ref{Side: Books, Type: string(e), ID: id} }

// Module is the CRM module of a CRM ref.
func (r Ref) Module() Module { return Module(r.Type) }

// Entity is the QuickBooks entity of a Books ref.
func (r Ref) Entity() Entity { return Entity(r.Type) }

// IsZero tells whether the ref points nowhere.
func (r Ref) IsZero() bool { return r == Ref{} }

// String reads "QuickBooks Vendor 56".
func (r Ref) String() string { return r.Side.String() + " " + r.Type + " " + r.ID }

// Record is the state of one record as a vendor last told it.
type Record struct {
	Ref
	// Revision is the vendor's token for compare-and-set: Zoho's Modified_Time,
	// QuickBooks' SyncToken. An equal revision does not prove equal content.
	Revision string
	// Modified is the vendor's time of the last change.
	Modified time.Time
	// Deleted is set only on positive evidence (R86).
	Deleted bool
	// Data is the raw record with numbers kept as json.Number; nil when Deleted.
	Data map[string]any
}

// Raw is the record's JSON with keys in order: the same content gives the
// same bytes.
func (r Record) Raw() ([]byte, error) { return json.Marshal(r.Data) }

// Fields are canonical values by field name (the CRM field's API name). The
// empty string is an empty field; equal strings are equal values, whichever
// side they come from.
type Fields map[string]string

// Clone copies the fields.
func (f Fields) Clone() Fields {
	if f == nil {
		return nil
	}
	out := make(Fields, len(f))
	for k, v := range f {
		out[k] = v
	}
	return out
}

// Equal compares two sets; a missing field equals an empty one.
func (f Fields) Equal(g Fields) bool {
	for k, v := range f {
		if g[k] != v {
			return false
		}
	}
	for k, v := range g {
		if f[k] != v {
			return false
		}
	}
	return true
}

// Change says what one field was and becomes on one side.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
	// Why is the sentence plan, journal and screens print.
	Why string `json:"why,omitempty"`
}

// Deletion is positive evidence that a record is gone: an entry of Zoho's
// deleted list or a Deleted stub of QuickBooks' change feed (R86).
type Deletion struct {
	Ref
	At time.Time
	By string
}
