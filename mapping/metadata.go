package mapping

import (
	"cmp"
	"slices"

	"crossbook"
)

// Metadata is what the live systems say about themselves. A module missing
// from CRMFields is not checked: its pairs are taken as they stand.
type Metadata struct {
	CRMFields map[crossbook.Module]map[string]CRMField `json:"crm_fields"`
	// MultiCurrency tells whether the QuickBooks company has it on.
	MultiCurrency bool   `json:"multi_currency"`
	HomeCurrency  string `json:"home_currency"`
	// Country is the QuickBooks company's, ISO alpha-2.
	Country string `json:"country"`
}

// CRMField is one field of a CRM module as the metadata describes it
// (reference/zoho-crm.md section 9.2).
type CRMField struct {
	// ID tells a field from another that was made later under the same name.
	ID       string `json:"id,omitempty"`
	Label    string `json:"label,omitempty"`
	DataType string `json:"data_type"`
	Length   int    `json:"length,omitempty"`
	// Places are the decimals the CRM keeps of a number; it rounds half up to
	// them without a word.
	Places   int  `json:"places,omitempty"`
	ReadOnly bool `json:"read_only,omitempty"`
	// Mandatory by the system or by the layout in use.
	Mandatory bool `json:"mandatory,omitempty"`
	// OnLayout tells whether the layout in use holds the field: Zoho drops
	// values of others without a word.
	OnLayout bool     `json:"on_layout,omitempty"`
	PickList []string `json:"pick_list,omitempty"`
	// Lookup is the module a look-up points at.
	Lookup crossbook.Module `json:"lookup,omitempty"`
	// Unique tells that no two records may hold the same value.
	Unique bool `json:"unique,omitempty"`
}

// Schema is one CRM module as it is now.
type Schema struct {
	Fields map[string]CRMField
	// Layout is the name of the layout in use; empty when the one that was
	// chosen is gone, and another one was described instead.
	Layout string
}

// Issue is one thing wrong with the mapping. A fatal one stops the module, any
// other the pair alone.
type Issue struct {
	Module crossbook.Module `json:"module"`
	Field  string           `json:"field"`
	Text   string           `json:"text"`
	Hint   string           `json:"hint"`
	Fatal  bool             `json:"fatal"`
	// Absent marks an added field the CRM does not have, which the field budget
	// of P29 makes ordinary.
	Absent bool `json:"absent,omitempty"`
}

func sortIssues(issues []Issue) {
	slices.SortStableFunc(issues, func(a, b Issue) int {
		return cmp.Or(
			cmp.Compare(slices.Index(crossbook.Modules(), a.Module), slices.Index(crossbook.Modules(), b.Module)),
			cmp.Compare(a.Field, b.Field),
		)
	})
}

// crmTypes are the CRM data types a kind may be kept in (R53). Multi-select
// picklists are in none: they cannot be mapped.
var crmTypes = map[Kind][]string{
	Text:      {"text", "textarea", "website", "email", "phone", "picklist"},
	Lines:     {"text", "textarea"},
	Phone:     {"phone", "text"},
	Email:     {"email", "text"},
	URL:       {"website", "text"},
	Decimal:   {"double", "currency", "integer", "percent", "decimal"},
	Money:     {"currency", "double", "decimal"},
	Bool:      {"boolean"},
	Date:      {"date"},
	Reference: {"lookup"},
	PickList:  {"picklist", "text"},
	Code:      {"picklist", "text"},
	Name:      {"text"},
	ItemName:  {"text"},
	Company:   {"lookup"},
	Status:    {"text", "picklist"},
	Link:      {"website", "text"},
}
