package api

import (
	"testing"

	"crossbook/transport"
)

// result classifies one element of a results array.
func result(t *testing.T, element string) *Error {
	t.Helper()
	res, err := DecodeResults(Reply{Status: 400, Body: []byte(`{"data":[` + element + `]}`)}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if res[0].Err == nil {
		t.Fatalf("taken for a success: %s", element)
	}
	return res[0].Err
}

// The shapes are those of reference/zoho-crm.md section 4.6.
func TestResult_EveryKindOfRefusal(t *testing.T) {
	for _, tc := range []struct {
		name, element string
		kind          transport.Fault
		field         string
	}{
		{"wrong type", `{"code":"INVALID_DATA","details":{"expected_data_type":"double","api_name":"Amount","json_path":"$.data[0].Amount"},"message":"invalid data","status":"error"}`, transport.FaultInvalid, "Amount"},
		{"unknown own id", `{"code":"INVALID_DATA","details":{"api_name":"id","json_path":"$.data[0].id"},"message":"the id given seems to be invalid","status":"error"}`, transport.FaultNotFound, "id"},
		{"unknown id in the path", `{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"m","status":"error"}`, transport.FaultNotFound, ""},
		{"unknown id on delete", `{"code":"INVALID_DATA","details":{"id":"77"},"message":"record not deleted","status":"error"}`, transport.FaultNotFound, ""},
		{"unknown look-up target", `{"code":"INVALID_DATA","details":{"api_name":"id","json_path":"$.data[0].Account_Name.id"},"message":"invalid data","status":"error"}`, transport.FaultInvalid, "id"},
		{"mandatory", `{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Last_Name","json_path":"$.data[0].Last_Name"},"message":"required field not found","status":"error"}`, transport.FaultInvalid, "Last_Name"},
		{"locked", `{"code":"RECORD_LOCKED","details":{"api_name":"id","json_path":"$.data[0].id","action":"record_locking"},"message":"Sorry, you cannot perform this operation as the record is locked.","status":"error"}`, transport.FaultLocked, "id"},
		{"in approval", `{"code":"NOT_APPROVED","details":{"resource_path_index":1},"message":"m","status":"error"}`, transport.FaultLocked, ""},
		{"modified", `{"code":"ALREADY_MODIFIED","details":{"id":"1"},"message":"m","status":"error"}`, transport.FaultStale, ""},
		{"several, one a twin", `{"code":"MULTIPLE_OR_MULTI_ERRORS","details":{"errors":[{"code":"DUPLICATE_DATA","details":{"api_name":"Email","id":"5"},"message":"duplicate data"},{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Last_Name"},"message":"required field not found"}]},"message":"m","status":"error"}`, transport.FaultInvalid, ""},
		{"several, all twins", `{"code":"MULTIPLE_OR_MULTI_ERRORS","details":{"errors":[{"code":"DUPLICATE_DATA","details":{"api_name":"Email","id":"5"},"message":"duplicate data"}]},"message":"m","status":"error"}`, transport.FaultDuplicate, ""},
		{"unheard-of", `{"code":"SOMETHING_NEW","details":{},"message":"m","status":"error"}`, transport.FaultInvalid, ""},
		{"nonsense", `{"details":{}}`, transport.FaultUnknown, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if e := result(t, tc.element); e.Kind != tc.kind || e.APIName != tc.field {
				t.Errorf("%s on %q, want %s on %q", e.Kind, e.APIName, tc.kind, tc.field)
			}
		})
	}
}

func TestResult_KeepsEachOfSeveralErrors(t *testing.T) {
	e := result(t, `{"code":"MULTIPLE_OR_MULTI_ERRORS","details":{"errors":[
		{"code":"DUPLICATE_DATA","details":{"api_name":"Email","duplicate_record":{"id":"5","module":{"api_name":"Contacts"}}},"message":"duplicate data"},
		{"code":"INVALID_DATA","details":{"api_name":"Stage","json_path":"$.data[0].Stage","supported_values":["A","B"]},"message":"invalid data"}]},"message":"m","status":"error"}`)
	if len(e.Errors) != 2 || e.Errors[0].Duplicate.ID != "5" || len(e.Errors[1].Supported) != 2 {
		t.Errorf("got %+v", e)
	}
}

func TestResult_UpsertSaysWhatItDid(t *testing.T) {
	res, err := DecodeResults(Reply{Status: 200, Body: []byte(`{"data":[
		{"code":"SUCCESS","duplicate_field":null,"action":"insert","details":{"id":"1"},"message":"record added","status":"success"},
		{"code":"SUCCESS","duplicate_field":"Email","action":"update","details":{"id":"2"},"message":"record updated","status":"success"}]}`)}, 2)
	if err != nil || !res[0].Inserted || res[1].Inserted || res[1].DuplicateField != "Email" || res[0].DuplicateField != "" {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestTokenExpired(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   bool
	}{
		{401, `{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}`, true},
		{401, ``, true},
		{401, `{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"Unauthorized","status":"error"}`, false},
		{401, `{"code":"AUTHENTICATION_FAILURE","details":{},"message":"Authentication failed","status":"error"}`, false},
		{400, `{"code":"INVALID_TOKEN","status":"error"}`, false},
	} {
		if got := TokenExpired(tc.status, []byte(tc.body)); got != tc.want {
			t.Errorf("TokenExpired(%d, %s) = %v", tc.status, tc.body, got)
		}
	}
}
