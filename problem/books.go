package problem

import (
	"fmt"
	"regexp"
	"strings"

	"crossbook"
)

// FromBooks makes the problem of one error of a QuickBooks fault
// (reference/quickbooks-online.md section 12.1: Message, Detail, code, element).
func FromBooks(code, message, detail, element string, ctx Context) crossbook.Problem {
	code = strings.TrimLeft(strings.TrimSpace(code), "0")
	words := detail
	if words == "" {
		words = message
	}
	var p crossbook.Problem
	switch {
	case code == "6240":
		p = nameTaken(words, element, ctx)
	case code == "2050":
		p = tooLong(words, element, ctx)
	case code == "2200":
		p = badURL(words, element, ctx)
	case code == "2070" && strings.Contains(strings.ToLower(words), "as of date"):
		p = asOfDateEmptyOnUpdate(words)
	case code == "6270":
		p = asOfDateTooEarly(words)
	default:
		p = otherFault(code, words, element, ctx)
	}
	p.Vendor, p.Code, p.Detail = crossbook.Books.String(), code, detail
	if detail == "" {
		p.Detail = message
	}
	if element != "" {
		p.Fields = []string{ctx.label(element)}
	}
	return p
}

// build is the building rule of spec section 6: Detail with " :" tightened to
// ":", then the separator and the element where there is one.
func build(detail, separator, element string) string {
	text := strings.ReplaceAll(detail, " :", ":")
	if element != "" {
		text += separator + element
	}
	return text
}

// nameTaken is entry 7, and its relatives in other lists, which use the same
// code with their own wording.
func nameTaken(detail, element string, ctx Context) crossbook.Problem {
	who := "another customer, vendor or employee"
	if m := takenBy.FindStringSubmatch(detail); m != nil {
		who = "a" + m[1]
	}
	people := strings.Contains(who, "customer") || strings.Contains(who, "vendor") || strings.Contains(who, "employee")
	cause := fmt.Sprintf("QuickBooks already uses the name of %s for %s.", ctx.record(), who)
	cure := "Give one of the two another name."
	if people {
		cause += " QuickBooks allows a name only once among customers, vendors and employees, and an inactive one may still hold it."
		cure = "Link to the existing record if it is the same firm or person, make it active again and link, or add “ (C)” to the QuickBooks name only."
	}
	return entry(7, build(detail, ":", element), cause, cure)
}

var takenBy = regexp.MustCompile(`: *A(nother [^.]*?) is already using this\s+name`)

// tooLong is entry 8: a blank stands between the colon and the field's name.
func tooLong(detail, element string, ctx Context) crossbook.Problem {
	field := ctx.label(element)
	named := "a field"
	if field != "" {
		named = "“" + field + "”"
	}
	cause := fmt.Sprintf("The value of %s is longer than QuickBooks takes.", named)
	if m := lengths.FindStringSubmatch(detail); m != nil {
		cause = fmt.Sprintf("The value of %s has %s characters; QuickBooks takes %s.", named, m[2], m[1])
	}
	return entry(8, build(detail, ": ", field), cause,
		"Shorten the value in Zoho CRM, or stop sending this field. Nothing is cut without you.")
}

var lengths = regexp.MustCompile(`Max: ?([\d,]+) supported\. Supplied length: ?([\d,]+)`)

// badURL is entry 11: a blank after "Supplied value:" that QuickBooks does not
// write, and the element without one.
func badURL(detail, element string, ctx Context) crossbook.Problem {
	text := build(suppliedValue.ReplaceAllString(detail, "Supplied value: "), ":", element)
	return entry(11, text,
		fmt.Sprintf("The website of %s does not begin with http:// or https://, or is no web address.", ctx.record()),
		"Add https:// to the website in Zoho CRM, or leave it empty where it is no address.")
}

var suppliedValue = regexp.MustCompile(`Supplied value: *`)

// asOfDateEmptyOnUpdate is entry 12. QuickBooks puts its own hint where the
// supplied value should stand, and the contract text ends with it: no element.
func asOfDateEmptyOnUpdate(detail string) crossbook.Problem {
	text := suppliedValue.ReplaceAllString(detail, "Supplied value: ")
	text = dateValue.ReplaceAllString(text, "valid date value: Supplied")
	return entry(12, build(text, "", ""),
		"The quantity of a stock item was changed and no As of Date was given.",
		"Enter an As of Date together with the quantity, or keep the QuickBooks quantity and type.")
}

var dateValue = regexp.MustCompile(`valid date value *[:.]? *Supplied`)

// asOfDateTooEarly is entry 13. The contract text ends with a full stop the
// recorded fault lacks.
func asOfDateTooEarly(detail string) crossbook.Problem {
	text := build(detail, "", "")
	if text != "" && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return entry(13, text,
		"The As of Date lies before the day on which QuickBooks began to count this item.",
		"Leave the quantity to QuickBooks, or use an As of Date on or after the item's start date. To date it earlier, change the starting value in QuickBooks first.")
}

// otherFault is a code outside the 15 entries: the vendor's words under the
// building rule, with what we know about the code.
func otherFault(code, detail, element string, ctx Context) crossbook.Problem {
	known := booksCode(code)
	return crossbook.Problem{
		Class: crossbook.ToBooks, Kind: known.kind, Text: build(detail, ":", element),
		Cause: known.about(ctx), Cure: known.cure,
	}
}
