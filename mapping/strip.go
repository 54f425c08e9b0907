package mapping

import (
	"maps"

	"crossbook"
)

// secrets are what Crossbook takes out of QuickBooks records before anything is
// stored: a sales system has no use for them, and what is not kept cannot leak
// (P13).
var secrets = map[crossbook.Entity][]string{
	crossbook.Vendor: {
		"TaxIdentifier", "Vendor1099", "AcctNum", "VendorPaymentBankDetail", "BankAccount", "GSTIN",
		"T4AEligible", "T5018Eligible", "HasTPAR", "TaxReportingBasis", "PrimaryTaxIdentifier", "SecondaryTaxIdentifier",
	},
	crossbook.Customer: {
		"PrimaryTaxIdentifier", "SecondaryTaxIdentifier", "GSTIN", "BusinessNumber", "CreditChargeInfo", "CreditCardPayment", "BankAccount",
	},
	crossbook.Payment:       {"CreditCardPayment", "CheckPayment"},
	crossbook.LedgerAccount: {"BankNum"},
}

// Strip gives a record without the values P13 forbids to keep. The record
// given is not changed.
func Strip(e crossbook.Entity, data map[string]any) map[string]any {
	keys := secrets[e]
	if len(keys) == 0 || data == nil {
		return data
	}
	out := maps.Clone(data)
	for _, k := range keys {
		delete(out, k)
	}
	return out
}
