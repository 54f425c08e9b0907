package qbobox

import (
	"cmp"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	faultdial "crossbook/sandbox/fault"
)

// callTime is how long the vendor works on a call before its gateway gives up
// (reference section 11).
const callTime = 120 * time.Second

// known are the faults of the reference's list (section 12.2) for the fault
// dial: in the recorded words where there are any, else under their name alone.
// What a caller would have supplied is made up.
var known = map[string]func() *fault{
	"100":  func() *fault { return refusals["token"](nil) },
	"120":  func() *fault { return refusals["access"](nil) },
	"130":  func() *fault { return refusals["environment"](nil) },
	"500":  func() *fault { return unsupportedOperation("void") },
	"600":  func() *fault { return coded("600", "Duplicate Request ID") },
	"610":  notFound,
	"1040": tooManyItems,
	"2010": badProperty,
	"2020": func() *fault { return missing("Name") },
	"2030": func() *fault { return badID("") },
	"2040": func() *fault { return badCharacters("Rob:Barnett:Company") },
	"2050": func() *fault { return badLength("Description", 4000, 4006) },
	"2070": func() *fault { return badDate("TxnDate") },
	"2080": func() *fault {
		return valued("2080", "Invalid Number Format", "Value should be a valid number. Supplied value:1,00")
	},
	"2090": func() *fault { return badNumber("Line.Amount", "x") },
	"2100": func() *fault {
		return valued("2100", "Invalid Decimal Format", "Value should be a valid decimal. Supplied value:0x1")
	},
	"2110": func() *fault {
		return valued("2110", "Invalid Decimal", "Value should be a valid decimal. Supplied value:1.12345678")
	},
	"2130": badRequestID,
	"2170": func() *fault { return badEnum("PrintStatus", "Maybe") },
	"2200": func() *fault { return badWeb("WebAddr", "example.com") },
	"2210": func() *fault { return badEmail("Kim Carpenter") },
	"2230": func() *fault {
		return validation("2230", "Invalid Boolean", "Value should be a valid boolean. Supplied value:maybe", "")
	},
	"2240": func() *fault {
		return valued("2240", "Invalid Number Range", "Value should be within the valid range. Supplied value:1E20")
	},
	"2500": func() *fault { return badRef("Accounts", "7") },
	"3000": func() *fault {
		return validation("3000", "Invalid Custom Field", "Invalid custom field: DefinitionId 9", "CustomField")
	},
	"3001": throttled,
	"3100": forbidden,
	"3200": func() *fault { return unauthorized("Token expired") },
	"4000": func() *fault {
		return parserError("Encountered \" \"null\" \"NULL \"\" at line 1, column 15.\nWas expecting:\n    <IDENTIFIER> ...\n    ")
	},
	"4001": func() *fault { return queryError("Property EmailAddress not found for Entity Customer") },
	"4002": badMail,
	"5010": func() *fault { return stale("John Doe") },
	"5020": func() *fault { return coded("5020", "Permission Denied") },
	"5030": func() *fault { return coded("5030", "Feature Not Supported") },
	"6000": func() *fault { return business("Unexpected Internal Error. (-30000)") },
	"6060": func() *fault {
		return coded("6060", "Opening balance date is required when an opening balance is given")
	},
	"6070": func() *fault { return badAmount(decimal.RequireFromString("1861.07")) },
	"6080": func() *fault {
		return coded("6080", "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName or Suffix is required")
	},
	"6090": func() *fault { return coded("6090", "A discount line must have an amount or a percent") },
	"6100": func() *fault { return coded("6100", "The tax code of a line must be TAX or NON") },
	"6130": func() *fault {
		return coded("6130", "Bill with parent cannot be changed for a customer that has invoices")
	},
	"6140": func() *fault { return duplicateNumber("O0010714", "Invoice", "45823") },
	"6150": func() *fault { return coded("6150", "A parent is required: ParentRef must be given when Job is true") },
	"6160": func() *fault { return coded("6160", "Custom tax id") },
	"6170": func() *fault {
		return coded("6170", "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable")
	},
	"6180": func() *fault { return coded("6180", "The number of levels exceeds the limit") },
	"6190": func() *fault {
		return coded("6190", "Subscription period has ended or canceled or there was a billing problem")
	},
	"6200": func() *fault { return coded("6200", "Account period closed") },
	"6210": func() *fault { return coded("6210", "Account period closed, cannot update through API") },
	"6220": func() *fault { return coded("6220", "The balance is not zero") },
	"6240": func() *fault {
		return duplicateName("Another customer, vendor or employee is already using this name. Please use a different name.")
	},
	"6250": func() *fault { return coded("6250", "The customer is missing or inactive") },
	"6270": beforeInventory,
	"6280": func() *fault { return coded("6280", "There are unbilled charges") },
	"6420": func() *fault {
		return coded("6420", "An email address is required when the document is to be sent by email")
	},
	"6430": func() *fault {
		return validation("6430", "Invalid account type used", "Invalid account type: Income", "")
	},
	"6440": func() *fault { return coded("6440", "A line must have an item or an account") },
	"6450": func() *fault { return coded("6450", "A settled payment cannot be voided") },
	"6480": func() *fault { return coded("6480", "A line is matched to a bank transaction") },
	"6520": func() *fault {
		return validation("6520", "Missing Inventory Item Quantity", "Quantity required for inventory item", "")
	},
	"6530":  func() *fault { return coded("6530", "A card number stands in a text") },
	"6540":  deposited,
	"10000": func() *fault { return systemFailure(http.StatusInternalServerError, "java.lang.NullPointerException") },
	"10100": tooManyObjects,
	"10200": companyReset,
}

// valued is a fault of a number.
func valued(code, message, detail string) *fault {
	return validation(code, message, detail, "Line.Amount")
}

func tooManyItems() *fault {
	return validation("1040", "Batch size exceeded", "The maximum number of items in a batch request is 30", elementNone)
}

func tooManyObjects() *fault {
	return validation("10100", "Result too big", "A batch answers at most 1000 objects", elementNone)
}

func badMail() *fault {
	return validation("4002", "Error processing query", "QueryProcessingError: To email address entered is invalid", elementNone)
}

func companyReset() *fault {
	return validation("10200", "Company Reset", "The company data has been reset. What changed before cannot be told; read everything again", elementNone)
}

// codedFault is the answer to a fault rule that names a code.
func (b *Box) codedFault(code string, status int, r *http.Request) (faultdial.Refusal, bool) {
	make1, ok := known[code]
	if !ok {
		return faultdial.Refusal{}, false
	}
	f := make1()
	out := faultdial.Refusal{Status: cmp.Or(status, f.Status), ContentType: "application/json;charset=UTF-8"}
	raw := encode(f.body(b.now()))
	if out.Body = string(raw); f.xml || r == nil || !wantsJSON(r) {
		out.ContentType, out.Body = "application/xml;charset=UTF-8", string(toXML(raw))
	}
	return out, true
}
