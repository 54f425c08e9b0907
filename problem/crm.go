package problem

import (
	"fmt"
	"slices"

	"crossbook"
)

// FromCRM makes the problem of one record's error in an answer of Zoho CRM
// (reference/zoho-crm.md section 4.6: code, message, details).
func FromCRM(code, message string, details map[string]any, ctx Context) crossbook.Problem {
	if code == "MULTIPLE_OR_MULTI_ERRORS" {
		if ps := several(details, ctx); len(ps) > 0 {
			return Join(ps...)
		}
	}
	field := apiName(details)
	var p crossbook.Problem
	switch code {
	case "DUPLICATE_DATA", "DUPLICATE_LINKING_DATA":
		p = duplicateInCRM(details, ctx)
	case "MANDATORY_NOT_FOUND":
		p = mandatoryNotFound(details, ctx)
	case "RECORD_LOCKED":
		p = Locked(ctx)
	case "INVALID_DATA":
		p = invalidData(message, details, ctx)
	default:
		p = otherCRM(code, message, field, ctx)
	}
	p.Vendor, p.Code, p.Detail = crossbook.CRM.String(), code, message
	if field != "" && field != "id" {
		p.Fields = []string{ctx.label(field)}
	}
	return p
}

// refusesAll are the codes by which Zoho CRM takes no write to a record at all,
// whatever it holds (reference/zoho-crm.md section 4.6).
var refusesAll = []string{
	"RECORD_LOCKED", "NOT_APPROVED", "NOT_REVIEWED", "NO_PERMISSION", "AUTHORIZATION_FAILED", "FORBIDDEN", "CONVERTED_RECORD", "ID_ALREADY_CONVERTED",
}

// RefusesAll tells whether a problem is Zoho CRM's refusal of every write to the
// record.
func RefusesAll(p crossbook.Problem) bool {
	return p.Vendor == crossbook.CRM.String() && slices.Contains(refusesAll, p.Code)
}

// several reads the errors inside MULTIPLE_OR_MULTI_ERRORS.
func several(details map[string]any, ctx Context) []crossbook.Problem {
	list, _ := details["errors"].([]any)
	var out []crossbook.Problem
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			continue
		}
		inner, _ := m["details"].(map[string]any)
		out = append(out, FromCRM(text(m["code"]), text(m["message"]), inner, ctx))
	}
	return out
}

// duplicateInCRM is entry 1; Zoho names the record that holds the value.
func duplicateInCRM(details map[string]any, ctx Context) crossbook.Problem {
	id := text(details["id"])
	if winner, ok := details["duplicate_record"].(map[string]any); ok {
		id = text(winner["id"])
	}
	cause := "Zoho CRM already has a record with the same value in a field that must be unique."
	if field := apiName(details); field != "" {
		cause = fmt.Sprintf("Zoho CRM already has a record with the same “%s”, which must be unique.", ctx.label(field))
	}
	if id != "" {
		cause += " It is record " + id + "."
	}
	return entry(1, textDuplicate, cause, cureDuplicate)
}

const cureDuplicate = "Link to the record that is already there. If it is linked to another one, show both under it, or create this one separately and leave the unique field empty."

// mandatoryNotFound is entry 3.
func mandatoryNotFound(details map[string]any, ctx Context) crossbook.Problem {
	p := MandatoryMissing(nil, ctx)
	field := apiName(details)
	if field == "" {
		return p
	}
	p = MandatoryMissing([]string{ctx.label(field)}, ctx)
	if rule, ok := details["layout_rule"].(map[string]any); ok {
		p.Cause += fmt.Sprintf(" The layout rule “%s” asks for it.", text(rule["name"]))
	}
	return p
}

// invalidData tells the sorts of INVALID_DATA apart by their details.
func invalidData(message string, details map[string]any, ctx Context) crossbook.Problem {
	field := apiName(details)
	p := otherCRM("INVALID_DATA", message, field, ctx)
	p.Kind = crossbook.NeedsData
	named := "“" + ctx.label(field) + "”"
	switch {
	case details["maximum_length"] != nil:
		p.Cause = fmt.Sprintf("The value of %s is longer than the %s characters Zoho CRM keeps in it.", named, text(details["maximum_length"]))
		p.Cure = "Shorten the value in QuickBooks, or make the field in Zoho CRM longer. Nothing is cut without you."
	case details["supported_values"] != nil:
		p.Cause = fmt.Sprintf("The value of %s is not in the field's list of values.", named)
		p.Cure = "Add the value to the list in Zoho CRM, or correct it in QuickBooks."
	case details["expected_data_type"] != nil:
		p.Cause = fmt.Sprintf("The value of %s is of another kind than the field (%s).", named, text(details["expected_data_type"]))
		p.Cure = "Correct the mapping of the field, or the value in QuickBooks."
	case field == "id":
		p.Kind = crossbook.NeedsPerson
		p.Cause = "A record it refers to is no longer in Zoho CRM; it may lie in the recycle bin."
		p.Cure = "Restore the record in Zoho CRM, or bring it in again."
	}
	return p
}

// otherCRM is a code outside the 15 entries: Zoho's own words, with the field.
func otherCRM(code, message, field string, ctx Context) crossbook.Problem {
	known := crmCode(code)
	words := message
	if words == "" {
		words = code
	}
	if field != "" && field != "id" {
		words += ": " + ctx.label(field)
	}
	return crossbook.Problem{
		Class: crossbook.ToCRM, Kind: known.kind, Text: words, Waiting: known.treatment == WaitOn,
		Cause: known.about(ctx), Cure: known.cure,
	}
}

// apiName is the field an error is about.
func apiName(details map[string]any) string { return text(details["api_name"]) }

// text reads a JSON string or number as text; anything else is "".
func text(v any) string {
	switch v := v.(type) {
	case nil, map[string]any, []any, bool:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}
