package problem

import "crossbook"

// Sentences used by several codes.
const (
	cureCRMAdmin   = "Ask the Zoho CRM administrator to give the connecting user this right."
	cureCRMMapping = "Correct the mapping of the field, or the settings of the field in Zoho CRM."
	cureCRMSpace   = "Make room or raise the limit in Zoho CRM, then resume."
)

// crmCodes are the codes of reference/zoho-crm.md sections 4.6 and 15 that a
// record can meet.
var crmCodes = map[string]fault{
	"INVALID_DATA":             {crossbook.NeedsData, Person, "Zoho CRM did not take a value of {record}.", "Correct the value in QuickBooks; it is sent again by itself."},
	"NOT_APPROVED":             {crossbook.Transient, WaitOn, "{record} waits for an approval in Zoho CRM and cannot be changed until then.", "Nothing: it is tried again once it has been approved."},
	"NOT_REVIEWED":             {crossbook.Transient, WaitOn, "{record} is in review in Zoho CRM and cannot be changed until then.", "Nothing: it is tried again once the review has ended."},
	"RECORD_IN_BLUEPRINT":      {crossbook.NeedsPerson, Person, "A Blueprint in Zoho CRM owns a field of {record}.", "Finish the Blueprint's step, or leave the field out of it or of the mapping."},
	"NO_PERMISSION":            {crossbook.NeedsPerson, Person, "The connecting user may not do this in Zoho CRM.", cureCRMAdmin},
	"AUTHORIZATION_FAILED":     {crossbook.NeedsPerson, Person, "The connecting user may not do this in Zoho CRM.", cureCRMAdmin},
	"FORBIDDEN":                {crossbook.NeedsPerson, Person, "The connecting user may not do this in Zoho CRM.", cureCRMAdmin},
	"STORAGE_SPACE_EXCEEDED":   {crossbook.NeedsPerson, StopAll, "Zoho CRM has no storage left.", cureCRMSpace},
	"LICENSE_LIMIT_EXCEEDED":   {crossbook.NeedsPerson, StopAll, "The limit of the Zoho CRM edition has been reached.", cureCRMSpace},
	"LIMIT_EXCEEDED":           {crossbook.NeedsPerson, Person, "{record} holds more than Zoho CRM takes at once.", "Leave the record out, or shorten it in QuickBooks."},
	"LIMIT_REACHED":            {crossbook.NeedsPerson, Person, "A limit of Zoho CRM has been reached.", cureCRMSpace},
	"NOT_ALLOWED":              {crossbook.NeedsPerson, Person, "Zoho CRM does not allow this change of {record}.", cureCRMMapping},
	"DEPENDENT_FIELD_MISSING":  {crossbook.NeedsData, Person, "A field needs another one that is empty.", cureCRMMapping},
	"DEPENDENT_MISMATCH":       {crossbook.NeedsData, Person, "The values of two fields that depend on one another do not fit.", cureCRMMapping},
	"MAPPING_MISMATCH":         {crossbook.NeedsData, Person, "The values of two fields that depend on one another do not fit.", cureCRMMapping},
	"EXPECTED_FIELD_MISSING":   {crossbook.NeedsData, Person, "Zoho CRM expects a field that was not sent.", cureCRMMapping},
	"PATTERN_NOT_MATCHED":      {crossbook.NeedsData, Person, "A value is not written as Zoho CRM expects it.", "Correct the value in QuickBooks; it is sent again by itself."},
	"MULTIPLE_OR_MULTI_ERRORS": {crossbook.NeedsPerson, Person, "Several values of {record} were refused.", "Correct the values; it is sent again by itself."},
	"AMBIGUITY_DURING_PROCESSING": {
		crossbook.NeedsPerson, Person, "Zoho CRM found several records that {record} could be.", "Choose the right one and link it.",
	},
	"CONVERTED_RECORD":        {crossbook.NeedsPerson, Person, "{record} has been converted in Zoho CRM.", "Link the record it became."},
	"ID_ALREADY_CONVERTED":    {crossbook.NeedsPerson, Person, "{record} has been converted in Zoho CRM.", "Link the record it became."},
	"CURRENCIES_NOT_ENABLED":  {crossbook.NeedsPerson, Person, "Several currencies are not switched on in Zoho CRM.", "Switch on several currencies in Zoho CRM, or leave the record out."},
	"FEATURE_NOT_SUPPORTED":   {crossbook.NeedsPerson, StopModule, "This edition of Zoho CRM does not have the feature.", "Change the edition, then turn the module on again."},
	"FEATURE_NOT_ENABLED":     {crossbook.NeedsPerson, StopModule, "The feature is switched off in Zoho CRM.", "Switch it on in Zoho CRM, then turn the module on again."},
	"NOT_SUPPORTED":           {crossbook.NeedsPerson, StopModule, "Zoho CRM does not offer this operation.", "The module is stopped; turn it on again when Zoho CRM offers it."},
	"INVALID_MODULE":          {crossbook.NeedsPerson, StopModule, "The module is hidden, or not open to the connecting user.", "Make the module visible to the connecting user, then turn it on again."},
	"API_NOT_SUPPORTED":       {crossbook.NeedsPerson, StopModule, "Zoho CRM does not offer this module to programs.", "The module is stopped."},
	"ALREADY_MODIFIED":        {crossbook.Transient, ReadAgain, "The record was changed in Zoho CRM at the same moment.", cureRetry},
	"CANNOT_PROCESS":          {crossbook.Transient, Retry, "Zoho CRM could not process the record just now.", cureRetry},
	"DEPENDENT_SERVICE_ERROR": {crossbook.Transient, Retry, "A service behind Zoho CRM failed.", cureRetry},
	"TOO_MANY_REQUESTS":       {crossbook.Transient, Retry, "Zoho CRM asks for a pause.", cureRetry},
	"RATE_LIMIT_EXCEEDED":     {crossbook.Transient, Retry, "Zoho CRM asks for a pause.", cureRetry},
	"INTERNAL_ERROR":          {crossbook.Transient, Retry, "Zoho CRM had a fault of its own.", cureRetry},
	"INTERNAL_SERVER_ERROR":   {crossbook.Transient, Retry, "Zoho CRM had a fault of its own.", cureRetry},
	"INVALID_TOKEN":           {crossbook.NeedsPerson, SignInAgain, "Zoho CRM did not accept the sign-in.", "Connect again with a user who may use this organisation."},
	"AUTHENTICATION_FAILURE":  {crossbook.NeedsPerson, SignInAgain, "Zoho CRM did not accept the sign-in.", "Connect again with a user who may use this organisation."},
	"OAUTH_SCOPE_MISMATCH":    {crossbook.NeedsPerson, SignInAgain, "The permission given to Crossbook does not cover this.", "Connect again and grant all the rights that are asked for."},
	"INVALID_HOST":            {crossbook.NeedsPerson, SignInAgain, "The organisation does not live at the address that was called.", "Check the Zoho CRM address in the connection, then connect again."},
}

// crmCode looks a code up; an unknown one goes to a person, untouched.
func crmCode(code string) fault {
	if f, ok := crmCodes[code]; ok {
		return f
	}
	return fault{
		crossbook.NeedsPerson, Person, "Zoho CRM refused {record} for a reason Crossbook does not know; its own words stand above.",
		"Follow what Zoho CRM says, then retry.",
	}
}
