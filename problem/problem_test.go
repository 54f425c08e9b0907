package problem

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"crossbook"
)

// The texts below are the contract of spec section 6, written out by hand: this
// table must never be built from the package's own constants.
func TestTexts_AreTheContractLetterForLetter(t *testing.T) {
	melbourne := time.FixedZone("", 10*3600)
	paused := time.Date(2026, 5, 3, 23, 30, 5, 0, time.UTC)
	titles := Context{Entity: crossbook.Customer, Labels: map[string]string{"Title": "Title"}}
	for _, tc := range []struct {
		number int
		class  crossbook.ProblemClass
		got    crossbook.Problem
		want   string
	}{
		{1, crossbook.ToCRM, Duplicate(nil, Context{}), "Duplicate records exist in system."},
		{1, crossbook.ToCRM, FromCRM("DUPLICATE_DATA", "duplicate data", map[string]any{"api_name": "Email"}, Context{}), "Duplicate records exist in system."},
		{2, crossbook.ToCRM, MandatoryEmpty([]string{"Last Name"}, Context{}), "The following mandatory field(s) was left empty: Last Name"},
		{2, crossbook.ToCRM, MandatoryEmpty([]string{"Last Name", "Email"}, Context{}), "The following mandatory field(s) was left empty: Last Name, Email"},
		{3, crossbook.ToCRM, MandatoryMissing(nil, Context{}), "Mandatory not found."},
		{3, crossbook.ToCRM, FromCRM("MANDATORY_NOT_FOUND", "required field not found", map[string]any{"api_name": "Last_Name"}, Context{}), "Mandatory not found."},
		{4, crossbook.ToCRM, ProductMissing(nil, Context{}), "The product found in list is not present in CRM."},
		{5, crossbook.ToCRM, PartyMissing(crossbook.Contacts, crossbook.Invoice, Candidate{}, Context{}), "The associated Contact in the Invoice is not present in CRM."},
		{5, crossbook.ToCRM, PartyMissing(crossbook.Accounts, crossbook.Estimate, Candidate{}, Context{}), "The associated Account in the Estimate is not present in CRM."},
		{5, crossbook.ToCRM, PartyMissing(crossbook.Vendors, crossbook.PurchaseOrder, Candidate{}, Context{}), "The associated Vendor in the PurchaseOrder is not present in CRM."},
		{6, crossbook.ToCRM, Locked(Context{}), "Sorry, you cannot perform this operation as the record is locked."},
		{6, crossbook.ToCRM, FromCRM("RECORD_LOCKED", "you cannot perform this operation as the record is locked", nil, Context{}), "Sorry, you cannot perform this operation as the record is locked."},
		{7, crossbook.ToBooks, FromBooks("6240", "Duplicate Name Exists Error", "The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.", "", Context{}), "The name supplied already exists.: Another customer, vendor or employee is already using this name. Please use a different name."},
		{8, crossbook.ToBooks, FromBooks("2050", "String length is either shorter or longer than supported by specification", "String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:27", "Title", titles), "String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:27: Title"},
		{8, crossbook.ToBooks, TooLong("Title", 16, 27), "String length specified does not match the supported length. Min:0 Max:16 supported. Supplied length:27: Title"},
		{8, crossbook.ToBooks, TooLong("Description", 4000, 14006), "String length specified does not match the supported length. Min:0 Max:4,000 supported. Supplied length:14,006: Description"},
		{9, crossbook.ToBooks, AsOfDateMissing(Context{}), "Missing Mandatory: As of Date"},
		{10, crossbook.ToBooks, VendorMissing(Candidate{}, Context{}), "The associated Vendor is not present in QuickBooks."},
		{11, crossbook.ToBooks, FromBooks("2200", "Malformed Web Site Address format", "Web Site URL does not have correct format. Supplied value:www.vendor41.com", "WebAddr", Context{}), "Web Site URL does not have correct format. Supplied value: www.vendor41.com:WebAddr"},
		{12, crossbook.ToBooks, FromBooks("2070", "Invalid Date", "Value should be a valid date value : Supplied value:Select an as of date to track your quantity on hand.", "", Context{}), "Value should be a valid date value: Supplied value: Select an as of date to track your quantity on hand."},
		{12, crossbook.ToBooks, FromBooks("2070", "Invalid Date", "Value should be a valid date value:Supplied value:Select an as of date to track your quantity on hand.", "InvStartDate", Context{}), "Value should be a valid date value: Supplied value: Select an as of date to track your quantity on hand."},
		{12, crossbook.ToBooks, FromBooks("2070", "Invalid Date", "Value should be a valid date value. Supplied value: Select an as of date to track your quantity on hand.", "", Context{}), "Value should be a valid date value: Supplied value: Select an as of date to track your quantity on hand."},
		{13, crossbook.ToBooks, FromBooks("6270", "Transaction date is prior to start date for inventory item", "Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product", "", Context{}), "Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product."},
		{14, crossbook.Common, Paused(paused, melbourne), "Sync is paused for this module as of date 2026-05-04 09:30:05."},
		{14, crossbook.Common, Paused(paused, nil), "Sync is paused for this module as of date 2026-05-03 23:30:05."},
		{15, crossbook.Common, Currency(NotInCRM, "", "CAD", Context{}), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks."},
		{15, crossbook.Common, Currency(PartyInOther, "EUR", "USD", Context{}), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks."},
		{15, crossbook.Common, Currency(ProductForeign, "EUR", "USD", Context{}), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks."},
		{15, crossbook.Common, Currency(HomesDiffer, "EUR", "USD", Context{}), "Record is not synced because of currency mismatch between Zoho CRM and QuickBooks."},
	} {
		if tc.got.Text != tc.want {
			t.Errorf("entry %d:\n got  %s\n want %s", tc.number, tc.got.Text, tc.want)
		}
		if tc.got.Number != tc.number || tc.got.Class != tc.class {
			t.Errorf("%q: number %d class %q, want %d %q", tc.want, tc.got.Number, tc.got.Class, tc.number, tc.class)
		}
		checkForPeople(t, tc.got)
	}
}

// Every problem tells a person why and what to do, without words that do not
// belong on a screen (P50).
func checkForPeople(t *testing.T, p crossbook.Problem) {
	t.Helper()
	if p.Cause == "" || p.Cure == "" || p.Kind == "" || p.Class == "" || p.Text == "" {
		t.Errorf("incomplete problem: %+v", p)
	}
	said := strings.ToLower(p.Cause + " " + p.Cure)
	for _, word := range []string{"quarantine", "poison", "dirty", "fence", "entity", "upsert", "{record}", "%!"} {
		if strings.Contains(said, word) {
			t.Errorf("%q stands in %q", word, said)
		}
	}
	for _, s := range []string{p.Cause, p.Cure} {
		if !strings.HasSuffix(s, ".") || unicode.IsLower([]rune(s)[0]) {
			t.Errorf("not a sentence: %q", s)
		}
	}
}

func TestCatalogue_EveryCodeSpeaksToPeople(t *testing.T) {
	ctx := Context{Module: crossbook.PurchaseOrders, Name: "1005 Mahoney Mugs"}
	for code := range booksCodes {
		p := FromBooks(code, "M", "D", "", ctx)
		checkForPeople(t, p)
		if TreatmentOf(p) != booksCodes[code].treatment {
			t.Errorf("QuickBooks %s is treated as %s", code, TreatmentOf(p))
		}
	}
	for code := range crmCodes {
		p := FromCRM(code, "m", nil, ctx)
		checkForPeople(t, p)
		if TreatmentOf(p) != crmCodes[code].treatment {
			t.Errorf("Zoho %s is treated as %s", code, TreatmentOf(p))
		}
	}
	for _, p := range []crossbook.Problem{
		NameRefused("Vendor Name", ctx), FieldGone([]string{"QuickBooks Id"}, ctx), PingPong("Phone", ctx),
		TotalsDiffer("10.00", "10.01", ctx), IDTaken("Acme", ctx), Bug("a line without an amount", ctx),
		WaitingFor(crossbook.ToCRM, []Candidate{{Name: "Cool Cars"}}, ctx), WaitingForCurrency("EUR", ctx),
		WaitingForAccounts("", ctx), WaitingForAccounts("Pumps", ctx), WaitingForAccounting([]string{"Account Name"}, ctx), HeldInactive(ctx),
	} {
		checkForPeople(t, p)
	}
}

func TestWaits_AreNoErrors(t *testing.T) {
	ctx := Context{Module: crossbook.Accounts, Name: "Cool Cars"}
	for _, p := range []crossbook.Problem{
		Locked(ctx), Paused(time.Unix(0, 0), nil), WaitingFor(crossbook.ToCRM, nil, ctx), WaitingForCurrency("EUR", ctx),
		FromCRM("RECORD_LOCKED", "", nil, ctx), FromCRM("NOT_APPROVED", "not approved yet", nil, ctx), HeldInactive(ctx),
	} {
		if !p.Waiting || TreatmentOf(p) != WaitOn {
			t.Errorf("%q counts as an error", p.Text)
		}
	}
	if p := FromCRM("RECORD_IN_BLUEPRINT", "", nil, ctx); p.Waiting || TreatmentOf(p) != Person {
		t.Errorf("a Blueprint needs a person: %+v", p)
	}
}

func TestTreatment_FollowsTheCode(t *testing.T) {
	for code, want := range map[string]Treatment{
		"3200": SignInAgain, "003200": SignInAgain, "5030": StopModule, "600": TakeAsDone, "610": Person, "5010": ReadAgain,
		"6190": StopAll, "6210": Person, "6430": FixSettings, "10000": Retry, "3001": Retry, "4711": Person,
	} {
		if got := TreatmentOf(FromBooks(code, "", "x", "", Context{})); got != want {
			t.Errorf("QuickBooks %s is treated as %s, want %s", code, got, want)
		}
	}
	for code, want := range map[string]Treatment{
		"ALREADY_MODIFIED": ReadAgain, "DUPLICATE_DATA": Person, "STORAGE_SPACE_EXCEEDED": StopAll, "NO_PERMISSION": Person,
		"TOO_MANY_REQUESTS": Retry, "OAUTH_SCOPE_MISMATCH": SignInAgain, "SOMETHING_NEW": Person,
	} {
		if got := TreatmentOf(FromCRM(code, "x", nil, Context{})); got != want {
			t.Errorf("Zoho %s is treated as %s, want %s", code, got, want)
		}
	}
	if got := TreatmentOf(Bug("x", Context{})); got != LookInto {
		t.Errorf("a bug is treated as %s", got)
	}
}

func TestFromBooks_SpeaksOfTheRightList(t *testing.T) {
	p := FromBooks("6240", "", "The name supplied already exists. : Another customer is already using this name.  Please use a different name.", "",
		Context{Module: crossbook.Accounts, Name: "Acme"})
	if p.Number != 7 || p.Text != "The name supplied already exists.: Another customer is already using this name.  Please use a different name." {
		t.Errorf("plain variant: %+v", p)
	}
	if !strings.Contains(p.Cause, "another customer.") || !strings.Contains(p.Cure, "(C)") {
		t.Errorf("cause %q cure %q", p.Cause, p.Cure)
	}
	p = FromBooks("6240", "", "The name supplied already exists. : Another product or service is already using this name. Please use a different name.", "",
		Context{Module: crossbook.Products, Name: "Pump"})
	if !strings.Contains(p.Cause, "another product or service") || strings.Contains(p.Cure, "(C)") {
		t.Errorf("item: cause %q cure %q", p.Cause, p.Cure)
	}
}

func TestFromBooks_TooLongNamesLengthsAndLabel(t *testing.T) {
	p := FromBooks("2050", "", "String length specified does not match the supported length. Min:0 Max:4,000 supported. Supplied length: 4,006", "Line.Description",
		Context{Labels: map[string]string{"Description": "Item text"}})
	if want := "String length specified does not match the supported length. Min:0 Max:4,000 supported. Supplied length: 4,006: Item text"; p.Text != want {
		t.Errorf("got %q", p.Text)
	}
	if want := "The value of “Item text” has 4,006 characters; QuickBooks takes 4,000."; p.Cause != want {
		t.Errorf("cause %q", p.Cause)
	}
	if diff := cmp.Diff([]string{"Item text"}, p.Fields); diff != "" {
		t.Error(diff)
	}
}

func TestFromBooks_UnknownTextIsShownNotGuessed(t *testing.T) {
	detail := "Business Validation Error: Something entirely new. (-30000)"
	p := FromBooks("6000", "A business validation error has occurred while processing your request", detail, "", Context{})
	if p.Text != detail || p.Number != 0 || p.Detail != detail || p.Code != "6000" || p.Vendor != "QuickBooks" {
		t.Errorf("%+v", p)
	}
	p = FromBooks("2070", "Invalid Date", "Value should be a valid date value", "TxnDate", Context{})
	if p.Number != 0 || p.Text != "Value should be a valid date value:TxnDate" {
		t.Errorf("a plain bad date is not entry 12: %+v", p)
	}
	if p = FromBooks("600", "Duplicate Request ID", "", "", Context{}); p.Text != "Duplicate Request ID" {
		t.Errorf("without Detail the Message speaks: %q", p.Text)
	}
}

func TestFromCRM_SeveralErrorsAtOnce(t *testing.T) {
	details := map[string]any{"errors": []any{
		map[string]any{"code": "INVALID_DATA", "message": "invalid data", "details": map[string]any{"api_name": "Phone", "maximum_length": json.Number("30")}},
		map[string]any{"code": "MANDATORY_NOT_FOUND", "message": "required field not found", "details": map[string]any{"api_name": "Last_Name", "layout_rule": map[string]any{"name": "People"}}},
	}}
	p := FromCRM("MULTIPLE_OR_MULTI_ERRORS", "multiple errors", details, Context{Module: crossbook.Contacts, Labels: map[string]string{"Last_Name": "Last Name"}})
	if p.Number != 3 || p.Text != "Mandatory not found." {
		t.Errorf("the entry of the catalogue leads: %+v", p)
	}
	for _, want := range []string{"Last Name", "layout rule “People”", "longer than the 30 characters"} {
		if !strings.Contains(p.Cause, want) {
			t.Errorf("cause lacks %q: %s", want, p.Cause)
		}
	}
	if diff := cmp.Diff([]string{"Last Name", "Phone"}, p.Fields); diff != "" {
		t.Error(diff)
	}
}

func TestFromCRM_InvalidDataSaysWhatIsWrong(t *testing.T) {
	ctx := Context{Labels: map[string]string{"First_Name": "First Name"}}
	for _, tc := range []struct {
		details map[string]any
		want    string
	}{
		{map[string]any{"api_name": "First_Name", "maximum_length": json.Number("40")}, "“First Name” is longer than the 40 characters"},
		{map[string]any{"api_name": "Carrier", "supported_values": []any{"UPS"}}, "“Carrier” is not in the field's list"},
		{map[string]any{"api_name": "Amount", "expected_data_type": "double"}, "another kind than the field (double)"},
		{map[string]any{"api_name": "id"}, "recycle bin"},
		{map[string]any{"api_name": "Website"}, "did not take a value"},
	} {
		p := FromCRM("INVALID_DATA", "invalid data", tc.details, ctx)
		if !strings.Contains(p.Cause, tc.want) || p.Number != 0 {
			t.Errorf("%v: %q", tc.details, p.Cause)
		}
		checkForPeople(t, p)
	}
}

func TestFromCRM_DuplicateNamesTheWinner(t *testing.T) {
	p := FromCRM("DUPLICATE_DATA", "duplicate data", map[string]any{
		"api_name": "Email", "id": "9", "duplicate_record": map[string]any{"id": "4876000000101001"},
	}, Context{})
	if !strings.Contains(p.Cause, "4876000000101001") || !strings.Contains(p.Cause, "Email") {
		t.Errorf("cause %q", p.Cause)
	}
}

// Every fault seen in public recordings must come out as entry or as its own
// words, tightened, never empty.
func TestFromBooks_ObservedFaults(t *testing.T) {
	file := filepath.Join("..", "..", "shared", "reference", "quickbooks", "faults", "observed-faults.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("SKIPPED: the observed faults are not here (%v)", err)
	}
	var observed struct {
		Faults []struct {
			Code, Message, Detail, Element string
		} `json:"standard_faults"`
	}
	if err := json.Unmarshal(data, &observed); err != nil {
		t.Fatal(err)
	}
	if len(observed.Faults) < 20 {
		t.Fatalf("only %d faults read", len(observed.Faults))
	}
	numbers := map[string]int{"6240": 7, "2050": 8, "2200": 11, "6270": 13}
	for _, f := range observed.Faults {
		p := FromBooks(f.Code, f.Message, f.Detail, f.Element, Context{Module: crossbook.Accounts, Name: "Acme"})
		checkForPeople(t, p)
		if p.Number != numbers[f.Code] {
			t.Errorf("%s %q came out as entry %d, want %d", f.Code, f.Detail, p.Number, numbers[f.Code])
		}
		if strings.Contains(p.Text, " :") {
			t.Errorf("not tightened: %q", p.Text)
		}
		if f.Element != "" && !strings.HasSuffix(p.Text, f.Element) {
			t.Errorf("%q lacks the element %s", p.Text, f.Element)
		}
	}
}
