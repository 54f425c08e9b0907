package qbobox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/shopspring/decimal"
)

// fault is an error answer. The texts are the vendor's own, odd spacing and
// missing apostrophes included (reference section 12).
type fault struct {
	Status  int
	Type    string
	Errors  []faultError
	gateway bool // lower-case shape of the token gateway
	xml     bool // XML also for those who ask for JSON
}

type faultError struct {
	Message string
	Detail  string
	Code    string
	Element *string // nil: the key is absent
}

func (f *fault) Error() string {
	if len(f.Errors) == 0 {
		return f.Type
	}
	return f.Errors[0].Code + ": " + f.Errors[0].Detail
}

const (
	elementNone = "\x00" // marks a fault whose element key is absent
	inactive    = "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees."
)

func validation(code, message, detail, element string) *fault {
	e := faultError{Message: message, Detail: detail, Code: code}
	if element != elementNone {
		e.Element = &element
	}
	return &fault{Status: http.StatusBadRequest, Type: "ValidationFault", Errors: []faultError{e}}
}

// joined puts several faults into one answer, as the vendor does for field errors.
func joined(faults []*fault) *fault {
	if len(faults) == 0 {
		return nil
	}
	out := *faults[0]
	out.Errors = nil
	for _, f := range faults {
		out.Errors = append(out.Errors, f.Errors...)
	}
	return &out
}

func business(sentence string) *fault {
	return validation("6000", "A business validation error has occurred while processing your request",
		"Business Validation Error: "+sentence, "")
}

func unsupportedOperation(op string) *fault {
	return validation("500", "Unsupported Operation", "Operation "+op+" is not supported.", "Operation")
}

func notFound() *fault {
	return validation("610", "Object Not Found", "Object Not Found : "+inactive, "")
}

func badProperty() *fault {
	return validation("2010", "Request has invalid or unsupported property",
		"Property Name:failed to parse json object; a property specified is unsupported or invalid", elementNone)
}

func missing(field string) *fault {
	return validation("2020", "Required param missing, need to supply the required value for the API",
		"Required parameter "+field+" is missing in the request", field)
}

func badID(value string) *fault {
	return validation("2030", "Invalid ID", "Id should be a valid number. Supplied value:"+value, "Id")
}

func badCharacters(value string) *fault {
	return validation("2040", "Invalid String. The String may contain unsupported or illegal chars",
		"Element contains invalid characters. "+value, "")
}

func badLength(field string, most, got int) *fault {
	return validation("2050", "String length is either shorter or longer than supported by specification",
		fmt.Sprintf("String length specified does not match the supported length. Min:0 Max:%s supported. Supplied length:%s",
			thousands(strconv.Itoa(most)), thousands(strconv.Itoa(got))), field)
}

func badDate(field string) *fault {
	return validation("2070", "Invalid Date", "Value should be a valid date value", field)
}

func badNumber(field, value string) *fault {
	return validation("2090", "Invalid Number", "Value should be a valid number. Supplied value:"+value, field)
}

func badEnum(field, value string) *fault {
	return validation("2170", "Invalid Enumeration", "Invalid Enumeration : "+value, field)
}

func badWeb(field, value string) *fault {
	return validation("2200", "Malformed Web Site Address format",
		"Web Site URL does not have correct format. Supplied value:"+value, field)
}

func badEmail(value string) *fault {
	return validation("2210", "Invalid Email Address format",
		"Email Address does not conform to the syntax rules of RFC 822. Supplied value:"+value, "")
}

func badRef(words, id string) *fault {
	return validation("2500", "Invalid Reference Id",
		fmt.Sprintf("Invalid Reference Id : %s element id %s not found", words, id), "")
}

func inactiveRef() *fault {
	return validation("2500", "Invalid Reference Id", "Invalid Reference Id : "+inactive, "")
}

func badRequestID() *fault {
	return validation("2130", "Invalid request id format",
		"Request id should be unique and at most 50 characters long", "RequestId")
}

func stale(who string) *fault {
	return validation("5010", "Stale Object Error", fmt.Sprintf(
		"Stale Object Error : You and %s were working on this at the same time. %s finished before you did, so your work was not saved.",
		who, who), "")
}

func badAmount(value decimal.Decimal) *fault {
	return validation("6070", "Amount calculation incorrect in the request",
		"Amount is not equal to UnitPrice * Qty. Supplied value:"+thousands(value.String()), "")
}

func duplicateNumber(number, typ, id string) *fault {
	return validation("6140", "Duplicate Document Number Error", fmt.Sprintf(
		"Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=%s is assigned to TxnType=%s with TxnId=%s",
		number, typ, id), "")
}

func duplicateName(detail string) *fault {
	return validation("6240", "Duplicate Name Exists Error", "The name supplied already exists. : "+detail, "")
}

func beforeInventory() *fault {
	return validation("6270", "Transaction date is prior to start date for inventory item",
		"Transactions with inventory (QOH) products cant be dated earlier than the Inventory Start Date for the product", "")
}

func coded(code, message string) *fault { return validation(code, message, message, "") }

func parserError(text string) *fault {
	return validation("4000", "Error parsing query", "QueryParserError: "+text, elementNone)
}

func queryError(text string) *fault {
	return validation("4001", "Invalid query", "QueryValidationError: "+text, elementNone)
}

// throttled is the 429 of the gateway (reference section 12.2, code 3001).
func throttled() *fault {
	return &fault{Status: http.StatusTooManyRequests, Type: "SERVICE", Errors: []faultError{{
		Message: "message=ThrottleExceeded; errorCode=003001; statusCode=429",
		Detail:  "The request limit was reached.  Try again later", Code: "3001",
	}}}
}

// systemFailure comes at HTTP 200 where the vendor has no such operation (reference section 2).
func systemFailure(status int, what string) *fault {
	element := "SystemFailureError"
	return &fault{Status: status, Type: "SystemFault", Errors: []faultError{{
		Message: "An application error has occurred while processing your request",
		Detail:  "System Failure Error: " + what, Code: "10000", Element: &element,
	}}}
}

func unauthorized(detail string) *fault {
	return &fault{Status: http.StatusUnauthorized, Type: "AUTHENTICATION", gateway: true, Errors: []faultError{{
		Message: "message=AuthenticationFailed; errorCode=003200; statusCode=401", Detail: detail, Code: "3200",
	}}}
}

func forbidden() *fault {
	return &fault{Status: http.StatusForbidden, Type: "SERVICE", gateway: true, Errors: []faultError{{
		Message: "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", Code: "3100",
	}}}
}

// narrowScope is the answer to a token that only signs a person in (reference section 12.2, code 3100).
func narrowScope() *fault {
	return &fault{Status: http.StatusForbidden, Type: "SERVICE", gateway: true, Errors: []faultError{{
		Message: "message=AuthorizationFailed; errorCode=003100; statusCode=403",
		Detail:  "The access token does not have sufficient scope", Code: "3100",
	}}}
}

// body is the JSON form of the whole answer.
func (f *fault) body(now time.Time) object {
	if f.gateway {
		return f.gatewayBody(now)
	}
	return object{"Fault": f.inner(), "time": envelopeTime(now)}
}

func (f *fault) inner() object {
	errs := make([]any, len(f.Errors))
	for i, e := range f.Errors {
		o := object{"Message": e.Message, "Detail": e.Detail, "code": e.Code}
		if e.Element != nil {
			o["element"] = *e.Element
		}
		errs[i] = o
	}
	return object{"Error": errs, "type": f.Type}
}

func (f *fault) gatewayBody(now time.Time) object {
	var detail any
	if d := f.Errors[0].Detail; d != "" {
		detail = d
	}
	return object{
		"warnings": nil, "intuitObject": nil, "report": nil, "queryResponse": nil, "syncErrorResponse": nil,
		"requestId": nil, "status": nil, "batchItemResponse": []any{}, "attachableResponse": []any{}, "cdcresponse": []any{},
		"time": json.Number(strconv.FormatInt(now.UnixMilli(), 10)),
		"fault": object{"type": f.Type, "error": []any{object{
			"message": f.Errors[0].Message, "detail": detail, "code": f.Errors[0].Code, "element": nil,
		}}},
	}
}

// thousands puts separators into a plain decimal: 4006 -> 4,006.
func thousands(s string) string {
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var parts []string
	for len(whole) > 3 {
		parts = append([]string{whole[len(whole)-3:]}, parts...)
		whole = whole[:len(whole)-3]
	}
	out := sign + strings.Join(append([]string{whole}, parts...), ",")
	if frac != "" {
		out += "." + frac
	}
	return out
}

// length counts as the vendor's Java does: UTF-16 units.
func length(s string) int { return len(utf16.Encode([]rune(s))) }
