package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
)

// The mapping creates the fields that documents fill: a name spelt differently
// in the two would be dropped by the CRM without a word.
func TestAddedFields_AreThoseTheMappingCreates(t *testing.T) {
	for _, m := range []crossbook.Module{crossbook.Quotes, crossbook.Invoices, crossbook.PurchaseOrders} {
		var created []document.Added
		for _, f := range mapping.AddedFields(m) {
			created = append(created, document.Added{Label: f.Label, APIName: f.APIName, DataType: f.DataType, Length: f.Length, Unique: f.Unique})
		}
		if diff := cmp.Diff(created, document.AddedFields(m)); diff != "" {
			t.Errorf("%s: mapping -, document +\n%s", m, diff)
		}
	}
	names := map[string]bool{}
	for _, m := range []crossbook.Module{crossbook.Accounts, crossbook.Deals} {
		for _, f := range mapping.AddedFields(m) {
			names[f.APIName] = true
		}
	}
	for _, f := range []string{
		document.FieldBalance, document.FieldBalances, document.FieldOverdue, document.FieldOldestDays, document.FieldCredits, document.FieldLastPayment,
		document.FieldTerms, document.FieldQuoted, document.FieldDealBilled, document.FieldDealPaid, document.FieldDealOpen, document.FieldLastInvoice,
	} {
		if !names[f] {
			t.Errorf("nobody creates %s", f)
		}
	}
}
