package zohobox

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// pick is a value of a picklist.
type pick struct {
	ID      string `json:"id"`
	Value   string `json:"value"`
	Display string `json:"display,omitempty"` // what people see, where it differs
	Colour  string `json:"colour,omitempty"`  // "" or "#rrggbb"
}

// field is a column of a module with what the vendor's metadata says about it
// (section 9.2).
type field struct {
	ID        string            `json:"id"`
	Name      string            `json:"api_name"`
	Label     string            `json:"label"`
	Type      string            `json:"data_type"`
	Length    int               `json:"length"`
	Decimals  int               `json:"decimals"`
	Mandatory bool              `json:"mandatory"`
	ReadOnly  bool              `json:"read_only"`
	Custom    bool              `json:"custom"`
	Unique    bool              `json:"unique"`
	CaseSens  bool              `json:"case_sensitive"`
	External  string            `json:"external"` // "", "org" or "user"
	ExtShow   bool              `json:"external_show"`
	ExtLookup bool              `json:"external_lookup"`
	Lookup    string            `json:"lookup"`
	LookupTo  string            `json:"lookup_label"`
	Picks     []pick            `json:"picks"`
	Default   any               `json:"default"`
	Currency  bool              `json:"currency"`        // exists only while multi-currency is on
	Needs     string            `json:"needs,omitempty"` // territories or privacy: exists only while that is on
	Profiles  map[string]string `json:"profiles"`        // profile id -> read_only or hidden
	Tooltip   string            `json:"tooltip"`
	Auto      *autoNumber       `json:"auto,omitempty"`  // of an automatic number
	Links     *linkage          `json:"links,omitempty"` // of a multi-select look-up
	Rollup    *rollup           `json:"rollup,omitempty"`
}

// unique reports whether values of the field must differ between records.
func (f *field) isUnique() bool { return f.Unique || f.External != "" }

func (f *field) numeric() bool {
	switch f.Type {
	case "integer", "currency", "double", "percent", "formula", rollupType:
		return true
	}
	return false
}

func (f *field) isLookup() bool {
	return f.Type == "lookup" || f.Type == "ownerlookup" || f.Type == "userlookup"
}

// module is a table of records with its columns and layouts.
type module struct {
	moduleSpec
	ID      string
	fields  []*field
	byName  map[string]*field
	layouts []*layout
	table   *table
	bin     map[int64]*record // deleted, still restorable
	graves  []*grave          // the deleted list, oldest first
	numbers int64             // last automatic number
	autos   int64             // last number of an added automatic field

	original [2]string // singular and plural before anybody renamed it
	ended    bool      // scheduled for deletion
	madeBy   string    // whose it is, of a module that people made
	madeAt   time.Time

	timeline map[int64][]event // by record
}

func (m *module) field(name string) *field { return m.byName[name] }

func (m *module) addField(f *field) {
	m.fields = append(m.fields, f)
	m.byName[f.Name] = f
}

// isLine reports whether records of the module are rows of a document.
func (m *module) isLine() bool { return m.parent != "" }

var defaultLengths = map[string]int{
	"text": 255, "textarea": 2000, "email": 100, "phone": 30, "website": 255, "picklist": 120,
	"multiselectpicklist": 1000, "lookup": 120, "ownerlookup": 120, "userlookup": 120, "datetime": 120,
	"date": 20, "boolean": 5, oneTerritory: 120, consentLookup: 120, "currency": 16, "double": 16, "formula": 16, "percent": 5, "integer": 9,
	"bigint": 18, "autonumber": 255, "profileimage": 255, "tag": 2000, "layout": 50,
}

// buildModules parses the tables into modules with fresh ids.
func (b *Box) buildModules() {
	for _, spec := range moduleSpecs {
		b.newModule(spec)
	}
}

// newModule makes an empty module of a row of the table.
func (b *Box) newModule(spec moduleSpec) *module {
	if spec.internal == "" {
		spec.internal = spec.name
	}
	m := &module{moduleSpec: spec, ID: b.ids.meta(), byName: map[string]*field{}, table: newTable(), bin: map[int64]*record{}, timeline: map[int64][]event{}}
	m.original = [2]string{m.singular, m.plural}
	def := spec.fields
	switch {
	case spec.parent != "":
		def += "Parent_Id lookup ro >" + spec.parent + "\n"
	case spec.lines != "":
		def = systemFields + def + documentFields
		if b.opt.Dials.AddressCoordinates.is(false) {
			def += coordinates
		}
	case spec.unlockable:
		def = strings.Replace(systemFields, "Locked__s boolean ro\n", "", 1) + def
	default:
		def = systemFields + def
	}
	if spec.currency || spec.parent != "" {
		def += currencyFields
	}
	for _, line := range strings.Split(expandAddresses(def), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			m.addField(b.parseField(line))
		}
	}
	b.modules = append(b.modules, m)
	b.module[spec.name] = m
	return m
}

func expandAddresses(def string) string {
	var out strings.Builder
	for _, line := range strings.Split(def, "\n") {
		rest, isAddress := strings.CutPrefix(line, "@address ")
		if !isAddress {
			out.WriteString(line + "\n")
			continue
		}
		prefix, code, _ := strings.Cut(rest, " ")
		fmt.Fprintf(&out, "%[1]s_Street text:250\n%[1]s_City text:100\n%[1]s_State text:100\n%[1]s_%[2]s text:30\n%[1]s_Country text:100\n", prefix, code)
	}
	return out.String()
}

func (b *Box) parseField(line string) *field {
	line, picks, _ := strings.Cut(line, "=")
	words := strings.Fields(line)
	kind, length, _ := strings.Cut(words[1], ":")
	f := &field{ID: b.ids.meta(), Name: words[0], Label: labelOf(words[0]), Type: kind, Length: defaultLengths[kind]}
	if length != "" {
		f.Length, _ = strconv.Atoi(length)
	}
	for _, w := range words[2:] {
		switch w[0] {
		case '*':
			f.Mandatory = true
		case 'r':
			f.ReadOnly = true
		case 'm':
			f.Currency = true
		case '?':
			f.Needs = w[1:]
		case '>':
			f.Lookup, f.LookupTo = w[1:], labelOf(w[1:])
		case '+':
			f.Default = w[1:]
			if kind == "boolean" {
				f.Default = w == "+true"
			}
		}
	}
	switch kind {
	case "currency", "formula":
		f.Decimals = b.opt.Dials.CurrencyDecimals
	case "double":
		f.Decimals = 9
	}
	if picks != "" {
		for _, v := range strings.Split(strings.TrimSpace(picks), "|") {
			f.Picks = append(f.Picks, pick{ID: b.ids.meta(), Value: v})
		}
	}
	return f
}

func labelOf(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(name, "__s"), "_", " ")
}

var jsonTypes = map[string]string{
	"boolean": "boolean", "integer": "integer", "currency": "double", "double": "double", "percent": "double",
	"formula": "double", rollupType: "double", "lookup": "jsonobject", "ownerlookup": "jsonobject", "userlookup": "jsonobject",
	"layout": "jsonobject", "subform": "jsonarray", "multiselectpicklist": "jsonarray", "linetax": "jsonarray",
	"tag": "jsonarray", multiLookup: "jsonarray", multiUsers: "jsonarray", manyTerritories: "jsonarray", oneTerritory: "jsonobject", consentLookup: "jsonobject", "fileupload": "jsonarray", "imageupload": "jsonarray",
}

func (f *field) jsonType() string {
	if t := jsonTypes[f.Type]; t != "" {
		return t
	}
	return "string"
}

// dataType is the type as the vendor prints it; tags are shown as text, and what
// looks up to something that is no module as a look-up.
func (f *field) dataType() string {
	switch f.Type {
	case "tag":
		return "text"
	case oneTerritory, consentLookup:
		return "lookup"
	}
	return f.Type
}

var uiTypes = map[string]int{
	"text": 1, "picklist": 2, "textarea": 3, "ownerlookup": 8, "website": 21, "email": 25, "integer": 32, "phone": 33,
	"percent": 34, "currency": 36, "double": 38, "bigint": 52, "profileimage": 66, "multiselectpicklist": 100, "formula": 116,
	"lookup": 133, "layout": 208, "tag": 209, "boolean": 301, "datetime": 333, "date": 24, "subform": 224, "linetax": 224,
	"userlookup": 8, "autonumber": 111, "rollup_summary": 118, "multiselectlookup": 444, "multiuserlookup": 444, "fileupload": 555, "imageupload": 556,
	manyTerritories: 999, oneTerritory: 133, consentLookup: 133,
}

func (f *field) uiType() int {
	switch f.Name {
	case "First_Name":
		return 27
	case "Last_Name":
		return 127
	case "Created_By", "Modified_By":
		return 20
	case "Created_Time", "Modified_Time":
		return 200
	case "Fax":
		return 35
	case "Twitter":
		return 22
	case "Skype_ID":
		return 37
	case "Last_Activity_Time":
		return 786
	}
	switch f.textKind() {
	case "small":
		return 110
	case "rich_text":
		return 250
	}
	return uiTypes[f.Type]
}

// textKind is small, large or rich_text for the three sizes of a textarea
// (section 9.2), and empty for other fields.
func (f *field) textKind() string {
	switch {
	case f.Type != "textarea":
		return ""
	case f.Length <= textKinds["small"]:
		return "small"
	case f.Length <= textKinds["large"]:
		return "large"
	}
	return "rich_text"
}

var textKinds = map[string]int{"small": 2000, "large": 32_000, "rich_text": 50_000}
