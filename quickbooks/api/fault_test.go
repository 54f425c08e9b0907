package api

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"crossbook/transport"
)

// reference is the folder of vendor facts beside the repository.
const reference = "../../../shared/reference/quickbooks"

var writeClass = transport.Class{Kind: transport.RecordWrite}

func classified(status int, body []byte) *Error {
	r := Reply{Status: status, Body: body}
	return classify(Call{Method: "POST", Path: "/customer"}, writeClass, r, readEnvelope(body))
}

func TestClassify_EveryShapeOfFault(t *testing.T) {
	for _, tc := range []struct {
		name   string
		status int
		body   string
		kind   transport.Fault
		code   string
		detail string
	}{
		{"standard", 400, `{"Fault":{"Error":[{"Message":"Stale Object Error","Detail":"d","code":"5010","element":""}],"type":"ValidationFault"},"time":"2026-05-05T02:08:54.543-07:00"}`, transport.FaultStale, "5010", "d"},
		{"no element key", 400, `{"Fault":{"Error":[{"Message":"m","Detail":"q","code":"4000"}],"type":"ValidationFault"}}`, transport.FaultBug, "4000", "q"},
		{"gateway", 401, `{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired","code":"3200","element":null}],"type":"AUTHENTICATION"},"time":1633520295688,"cdcresponse":[]}`, transport.FaultAuth, "3200", "Token expired"},
		{"gateway without detail", 403, `{"fault":{"error":[{"message":"x","detail":null,"code":"3100","element":null}],"type":"SERVICE"}}`, transport.FaultAuth, "3100", ""},
		{"XML", 401, `<?xml version="1.0" encoding="UTF-8"?><IntuitResponse time="2016-10-27T15:07:56.120-07:00" xmlns="http://schema.intuit.com/finance/v3"><Fault type="AUTHENTICATION"><Error code="100"><Message>General Authentication Error</Message><Detail>gone</Detail></Error></Fault></IntuitResponse>`, transport.FaultAuth, "100", "gone"},
		{"throttled at 403", 403, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"3001"}],"type":"SERVICE"}}`, transport.FaultRetry, "3001", "d"},
		{"number as code", 400, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":6240}],"type":"ValidationFault"}}`, transport.FaultDuplicate, "6240", "d"},
		{"HTTP 200", 200, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"6000","element":""}],"type":"ValidationFault"}}`, transport.FaultInvalid, "6000", "d"},
		{"used requestid", 400, `{"Fault":{"Error":[{"Message":"Duplicate Request ID","code":"600"}],"type":"ValidationFault"}}`, transport.FaultUnknown, "600", ""},
		{"books closed", 400, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"6210"}],"type":"ValidationFault"}}`, transport.FaultLocked, "6210", "d"},
		{"unnamed 2xxx", 400, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"2099"}],"type":"ValidationFault"}}`, transport.FaultInvalid, "2099", "d"},
		{"misspelt class", 403, `{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"77"}],"type":"AuthorizatonFault"}}`, transport.FaultAuth, "77", "d"},
		{"plain 401", 401, `unauthorised`, transport.FaultAuth, "", ""},
		{"plain 404", 404, `<html>not found</html>`, transport.FaultBug, "", ""},
		{"plain 413", 413, `too large`, transport.FaultLimit, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := classified(tc.status, []byte(tc.body))
			if e == nil {
				t.Fatal("taken for a success")
			}
			if e.Kind != tc.kind || e.Code != tc.code || e.Detail != tc.detail || e.Status != tc.status {
				t.Errorf("got %s code %q detail %q: %v", e.Kind, e.Code, e.Detail, e)
			}
		})
	}
}

func TestClassify_DuplicateNumberNamesItsHolder(t *testing.T) {
	e := classified(400, []byte(`{"Fault":{"Error":[{"Message":"Duplicate Document Number Error","Detail":"Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=O0010714 is assigned to TxnType=Credit Memo with TxnId=45823","code":"6140","element":""}],"type":"ValidationFault"}}`))
	if e.Kind != transport.FaultDuplicate || e.Holder != (Holder{Type: "Credit Memo", ID: "45823"}) {
		t.Errorf("kind %s, holder %+v", e.Kind, e.Holder)
	}
}

func TestClassify_KeepsAllErrorsOfAFault(t *testing.T) {
	e := classified(400, []byte(`{"Fault":{"Error":[{"Message":"a","Detail":"1","code":"2050","element":"CompanyName"},{"Message":"b","Detail":"2","code":"2050","element":"PrimaryPhone"}],"type":"ValidationFault"}}`))
	if e.Element != "CompanyName" || len(e.More) != 1 || e.More[0].Element != "PrimaryPhone" {
		t.Errorf("got %+v", e)
	}
}

func TestTokenExpired(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   bool
	}{
		{401, `{"fault":{"error":[{"message":"x","code":"3200"}],"type":"AUTHENTICATION"}}`, true},
		{401, `{"Fault":{"Error":[{"Message":"x","code":"100"}],"type":"AuthenticationFault"}}`, true},
		{401, ``, true},
		{401, `{"Fault":{"Error":[{"Message":"Accessing Wrong Cluster","code":"130"}],"type":"AuthenticationFault"}}`, false},
		{401, `{"Fault":{"Error":[{"Message":"x","code":"120"}],"type":"AuthorizationFault"}}`, false},
		{403, `{"fault":{"error":[{"message":"x","code":"3100"}],"type":"SERVICE"}}`, false},
		{200, `{}`, false},
	} {
		if got := TokenExpired(tc.status, []byte(tc.body)); got != tc.want {
			t.Errorf("TokenExpired(%d, %s) = %v", tc.status, tc.body, got)
		}
	}
}

// TestClassify_ObservedFaults reads the collected texts and checks that each code
// is found and none is taken for something that would do harm: a refusal must
// not be retried for ever, and only what may have been done is unknown.
func TestClassify_ObservedFaults(t *testing.T) {
	var all struct {
		Standard []struct {
			Status  int     `json:"http_status"`
			Type    string  `json:"fault_type"`
			Code    string  `json:"code"`
			Message string  `json:"Message"`
			Detail  *string `json:"Detail"`
			Element *string `json:"element"`
		} `json:"standard_faults"`
		Gateway []struct {
			Status int             `json:"http_status"`
			Body   json.RawMessage `json:"body"`
		} `json:"gateway_faults"`
	}
	readReference(t, "faults/observed-faults.json", &all)
	if len(all.Standard) < 20 {
		t.Fatalf("only %d faults found", len(all.Standard))
	}
	for _, f := range all.Standard {
		body, _ := json.Marshal(map[string]any{"Fault": map[string]any{
			"type":  f.Type,
			"Error": []any{map[string]any{"Message": f.Message, "Detail": f.Detail, "code": f.Code, "element": f.Element}},
		}})
		e := classified(f.Status, body)
		if e == nil || e.Code != f.Code || e.Message != f.Message || e.Detail != text(f.Detail) || e.Element != text(f.Element) {
			t.Errorf("code %s became %+v", f.Code, e)
			continue
		}
		if want, ok := codes[f.Code]; ok && e.Kind != want && e.Kind != transport.FaultUnknown {
			t.Errorf("code %s at HTTP %d is %s, want %s", f.Code, f.Status, e.Kind, want)
		}
	}
	for _, f := range all.Gateway {
		if f.Body == nil {
			continue
		}
		if e := classified(f.Status, f.Body); e == nil || e.Kind != transport.FaultAuth || e.Code == "" {
			t.Errorf("gateway fault %s became %v", f.Body, e)
		}
	}
}

func TestClassify_RecordedXMLAndJSONFaults(t *testing.T) {
	for name, want := range map[string]struct {
		status int
		code   string
		kind   transport.Fault
	}{
		"ruby-customer_duplicate_error.xml":    {400, "6240", transport.FaultDuplicate},
		"ruby-generic_error.xml":               {500, "10000", transport.FaultUnknown},
		"ruby-query_validation_error.xml":      {400, "4001", transport.FaultBug},
		"ruby-throttle_exceeded_error.xml":     {403, "3001", transport.FaultRetry},
		"ruby-too_many_requests_error.xml":     {429, "3001", transport.FaultRetry},
		"ruby-tax_service_error_dup.json":      {400, "6240", transport.FaultDuplicate},
		"exqb-query_error.json":                {400, "4000", transport.FaultBug},
		"exqb-create_item_error.json":          {400, "2020", transport.FaultInvalid},
		"exqb-read_item_error.json":            {400, "610", transport.FaultNotFound},
		"exqb-update_item_error.json":          {400, "5010", transport.FaultStale},
		"exqb-create_sales_receipt_error.json": {400, "2020", transport.FaultInvalid},
	} {
		body := readFile(t, "faults/"+name)
		if e := classified(want.status, body); e == nil || e.Code != want.code || e.Kind != want.kind {
			t.Errorf("%s became %v, want %s code %s", name, e, want.kind, want.code)
		}
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(reference, name))
	if os.IsNotExist(err) {
		t.Skipf("SKIPPED: the recorded vendor answers are not beside the repository (%s)", filepath.Join(reference, name))
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readReference(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, name), into); err != nil {
		t.Fatal(err)
	}
}
