package zohobox

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"

	"crossbook/sandbox/fault"
)

// errorStatus is the catalogue of the vendor's error codes with the status each
// goes with where it goes with several (section 15). Situations of the box give
// most of them; a fault rule can give any.
var errorStatus = statusOf(map[int]string{
	400: `INVALID_DATA MANDATORY_NOT_FOUND DUPLICATE_DATA DUPLICATE_LINKING_DATA MULTIPLE_OR_MULTI_ERRORS LIMIT_EXCEEDED LIMIT_REACHED
		DEPENDENT_FIELD_MISSING EXPECTED_FIELD_MISSING EXPECTED_DEPENDENT_FIELD_MISSING DEPENDENT_MISMATCH DEPENDENT_SERVICE_ERROR MAPPING_MISMATCH
		REQUIRED_PARAM_MISSING EXPECTED_PARAM_MISSING REQUIRED_DATA_NOT_FOUND AMBIGUITY_DURING_PROCESSING PATTERN_NOT_MATCHED
		UNABLE_TO_PARSE_DATA_TYPE INVALID_MODULE INVALID_QUERY SYNTAX_ERROR CRITERIA_LIMIT_EXCEEDED TOKEN_BOUND_DATA_MISMATCH EXPIRED_VALUE
		DISCRETE_PAGINATION_LIMIT_EXCEEDED PAGINATION_LIMIT_EXCEEDED RECORD_LOCKED RECORD_IN_BLUEPRINT NOT_APPROVED NOT_REVIEWED NOT_ALLOWED
		NOT_SUPPORTED ALREADY_USED ALREADY_ENABLED ALREADY_ACTIVATED ACTIVE_STATE_LIMIT_EXCEEDED RESERVED_KEYWORD_NOT_ALLOWED
		FEATURE_NOT_ENABLED API_NOT_SUPPORTED INVALID_HOST NOT_SUBSCRIBED INVALID_FILE_FORMAT LICENSE_LIMIT_EXCEEDED STORAGE_SPACE_EXCEEDED
		CANNOT_PROCESS CANNOT_RESTORE_WITHOUT_PARENT ID_ALREADY_CONVERTED CONVERTED_RECORD INVALID_REQUEST_METHOD AUTHORIZATION_FAILED
		INVALID_ALIAS DUPLICATE_ALIAS`,
	401: "INVALID_TOKEN AUTHENTICATION_FAILURE OAUTH_SCOPE_MISMATCH",
	403: "NO_PERMISSION FORBIDDEN CURRENCIES_NOT_ENABLED FEATURE_NOT_SUPPORTED",
	404: "INVALID_URL_PATTERN RESOURCE_NOT_FOUND",
	412: "ALREADY_MODIFIED",
	413: "FILE_TOO_LARGE",
	415: "MEDIA_TYPE_NOT_SUPPORTED",
	429: "TOO_MANY_REQUESTS RATE_LIMIT_EXCEEDED",
	500: "INTERNAL_ERROR",
})

func statusOf(byStatus map[int]string) map[string]int {
	out := map[string]int{}
	for status, codes := range byStatus {
		for _, code := range strings.Fields(codes) {
			out[code] = status
		}
	}
	return out
}

// errorWords are the messages that the reference prints; the others are the
// code in plain words.
var errorWords = map[string]string{ //nolint:gosec // messages of refusals, no credentials
	"INVALID_DATA": "invalid data", "MANDATORY_NOT_FOUND": "required field not found", "DUPLICATE_DATA": "duplicate data",
	"INVALID_TOKEN": "invalid oauth token", "AUTHENTICATION_FAILURE": "Authentication failed", "OAUTH_SCOPE_MISMATCH": "invalid oauth scope to access this URL",
	"NO_PERMISSION": "permission denied", "INTERNAL_ERROR": "Internal Server Error", "TOO_MANY_REQUESTS": tooMany().message,
	"INVALID_URL_PATTERN": "Please check if the URL trying to access is a correct one", "RECORD_LOCKED": "Sorry, you cannot perform this operation as the record is locked.",
	"ALREADY_MODIFIED": "record updated time has already passed if-unmodified-since time", "INVALID_REQUEST_METHOD": "The http request method type is not a valid one",
	"NOT_APPROVED": "cannot update record that is not approved yet",
}

// perRecord are the codes that a write gives record by record (section 4.6).
var perRecord = strings.Fields(`INVALID_DATA MANDATORY_NOT_FOUND DEPENDENT_FIELD_MISSING DEPENDENT_MISMATCH MAPPING_MISMATCH MULTIPLE_OR_MULTI_ERRORS
	DUPLICATE_DATA DUPLICATE_LINKING_DATA RECORD_LOCKED NOT_APPROVED NOT_REVIEWED RECORD_IN_BLUEPRINT NOT_ALLOWED AUTHORIZATION_FAILED
	ALREADY_MODIFIED CONVERTED_RECORD ID_ALREADY_CONVERTED DEPENDENT_SERVICE_ERROR STORAGE_SPACE_EXCEEDED`)

// refusalUnder is what a fault rule with a code answers: the generic envelope,
// flat, or one in data for each record of a write (section 3).
func refusalUnder(code string, status int, r *http.Request) (fault.Refusal, bool) {
	usual, known := errorStatus[code]
	if !known {
		return fault.Refusal{}, false
	}
	if status == 0 {
		status = usual
	}
	words := errorWords[code]
	if words == "" {
		words = strings.ToLower(strings.ReplaceAll(code, "_", " "))
	}
	item := (&failure{code: code, message: words}).item()
	var body any = item
	if n := recordsWritten(r); n > 0 && slices.Contains(perRecord, code) {
		body = object{"data": slices.Repeat([]any{item}, n)}
	}
	return fault.Refusal{Status: status, ContentType: "application/json;charset=UTF-8", Body: string(appendJSON(nil, body))}, true
}

// recordsWritten counts the records that a call would write.
func recordsWritten(r *http.Request) int {
	if r == nil || r.Body == nil || r.Method == http.MethodGet {
		return 0
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return 0
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if o, err := decodeObject(raw); err == nil {
		return len(list(o["data"]))
	}
	return 0
}
