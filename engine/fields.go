package engine

import (
	"context"
	"slices"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/store"
)

// ReadFields are the fields of each CRM module the engine reads, the most
// important first: mapped ones, those that steer it, and of documents only
// what is read back after a write. Fields the live metadata does not show are
// left out, because asking for one fails the whole call.
func ReadFields(ctx context.Context, tx *store.Tx, c crossbook.Connection) (map[crossbook.Module][]string, error) {
	var f facts
	if err := f.load(ctx, tx, c); err != nil {
		return nil, err
	}
	settings, _, err := tx.Settings(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	doc, err := ReadMapping(ctx, tx, c, settings)
	if err != nil {
		return nil, err
	}
	m, _ := mapping.Compile(doc, settings, f.metadata)
	out := map[crossbook.Module][]string{}
	for _, mod := range crossbook.Modules() {
		out[mod] = f.readable(mod, wanted(m, mod))
	}
	out[crossbook.Deals] = f.readable(crossbook.Deals, append([]string{"Deal_Name", "Currency"}, f.dealFields()...))
	return out, nil
}

// wanted are the fields the engine would like to read of a module.
func wanted(m *mapping.Mapping, mod crossbook.Module) []string {
	if mod.Document() {
		return []string{
			mapping.FieldID, "Subject", "Grand_Total", "Owner", mapping.FieldNumber, "Account_Name", "Contact_Name", "Vendor_Name",
			"Invoice_Number", "Quote_Number", "PO_Number", document.DealField(mod), mapping.FieldSync,
		}
	}
	names := []string{mapping.FieldID, mapping.FieldSync}
	for _, part := range []crossbook.Part{crossbook.Whole, crossbook.Company, crossbook.Person} {
		for _, p := range m.Pairs(mod, part) {
			names = append(names, p.Field)
		}
	}
	switch mod {
	case crossbook.Accounts:
		names = append(names, "Account_Name", "Parent_Account", mapping.FieldSend, "Currency", "Owner", mapping.FieldBalance, mapping.FieldBalances,
			mapping.FieldOverdue, mapping.FieldOldestDays, mapping.FieldCredits, mapping.FieldLastPayment, mapping.FieldTerms)
	case crossbook.Contacts:
		names = append(names, "First_Name", "Last_Name", "Account_Name", mapping.FieldBillTo, mapping.FieldSend, "Currency", "Owner")
	case crossbook.Vendors:
		names = append(names, "Owner")
	case crossbook.Products:
		names = append(names, "Product_Category", "Currency", "Qty_in_Stock")
	}
	return names
}

// readable keeps the fields that exist, each once.
func (f *facts) readable(mod crossbook.Module, names []string) []string {
	var out []string
	for _, n := range names {
		_, known := f.metadata.CRMFields[mod][n]
		if known && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
