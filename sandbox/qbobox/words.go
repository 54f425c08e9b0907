package qbobox

import "strings"

// spokenList is the word for a list of people in a sentence. A company calls
// its customers as its line of business does: tenants, donors (reference
// section 12.2, 6240).
func (b *Box) spokenList(entity string) string {
	if entity != "Customer" {
		return strings.ToLower(entity)
	}
	if b.opt.Dials.UnexpandedNames {
		return "$$customer$$"
	}
	if own := str(b.preferences(), "AccountingInfoPrefs.CustomerTerminology"); own != "" {
		return strings.ToLower(strings.TrimSuffix(own, "s"))
	}
	return "customer"
}

// otherWords gives a field's fault the code that another source reports for
// it, where the dials say so.
func (b *Box) otherWords(e *entity, key string, flt *fault) *fault {
	if flt == nil {
		return nil
	}
	switch code := flt.Errors[0].Code; {
	case key == "DocNumber" && code == "2050" && b.opt.Dials.LongNumberIs6000:
		return business("You cannot enter more than 21 characters in the doc_num field")
	case key == "CustomerRef" && code == "2500" && numberedSale[e.name] && b.opt.Dials.SalesCustomerIs6250:
		return noSalesCustomer()
	}
	return flt
}

func noSalesCustomer() *fault {
	return validation("6250", "Invalid Sales Customer", "The customer of the sales form does not exist, or is inactive.", "")
}
