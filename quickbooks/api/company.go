package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"crossbook/transport"
)

// CompanyInfo says whose books these are.
type CompanyInfo struct {
	Name      string
	LegalName string
	// Country is ISO alpha-2 whatever form the vendor used ("USA" since 2025 in
	// addresses). It decides whether US tax rules hold.
	Country string
	// Zone is the company's time zone, an IANA name; empty when not told.
	Zone string
	// FiscalYearStart is the first month's English name.
	FiscalYearStart string
	Email           string
	// Offering, Subscription and Industry come from the name-value list.
	Offering     string
	Subscription string
	Industry     string
	// Raw is the whole entity.
	Raw Record
	// At is the vendor's time of the answer.
	At time.Time
}

// CompanyInfo reads the company.
func (c *Client) CompanyInfo(ctx context.Context) (CompanyInfo, error) {
	rec, reply, err := c.Read(ctx, "CompanyInfo", c.realm, transport.Metadata)
	if err != nil {
		return CompanyInfo{}, err
	}
	nv := rec.nameValues("NameValue")
	return CompanyInfo{
		Name: rec.Text("CompanyName"), LegalName: rec.Text("LegalName"),
		Country: countryCode(firstOf(rec.Text("Country"), rec.Text("LegalAddr", "Country"), rec.Text("CompanyAddr", "Country"))),
		Zone:    rec.Text("DefaultTimeZone"), FiscalYearStart: rec.Text("FiscalYearStartMonth"),
		Email: rec.Text("Email", "Address"), Offering: nv["OfferingSku"], Subscription: nv["SubscriptionStatus"],
		Industry: nv["IndustryType"], Raw: rec, At: reply.At,
	}, nil
}

// Preferences are the company's settings that bear on what may be written.
type Preferences struct {
	HomeCurrency  string
	MultiCurrency bool
	// CustomTxnNumbers false means that QuickBooks numbers documents itself.
	CustomTxnNumbers  bool
	AllowDiscount     bool
	AllowShipping     bool
	AutoApplyCredit   bool
	AutoApplyPayments bool
	DefaultTermsID    string
	DefaultItemID     string
	UsingSalesTax     bool
	// PartnerTax is automated sales tax: tax is computed from addresses.
	PartnerTax     bool
	QuantityOnHand bool
	// BooksClosed is the last closed day, YYYY-MM-DD; empty when open.
	BooksClosed string
	// SalesFields are the enabled custom fields of sales forms by definition id,
	// PurchaseFields those of purchase orders.
	SalesFields    map[string]string
	PurchaseFields map[string]string
	// Other is the vendor's name-value list.
	Other map[string]string
	Raw   Record
	At    time.Time
}

// Preferences reads the company's settings.
func (c *Client) Preferences(ctx context.Context) (Preferences, error) {
	call := Call{Method: http.MethodGet, Path: "/preferences", Kind: transport.Metadata}
	rec, reply, err := c.one(ctx, call, "Preferences")
	if err != nil {
		return Preferences{}, err
	}
	const sales, purchases = "SalesFormsPrefs", "VendorAndPurchasesPrefs"
	other := map[string]string{}
	if prefs, ok := rec["OtherPrefs"].(map[string]any); ok {
		other = Record(prefs).nameValues("NameValue")
	}
	return Preferences{
		HomeCurrency:     rec.Text("CurrencyPrefs", "HomeCurrency", "value"),
		MultiCurrency:    rec.Bool("CurrencyPrefs", "MultiCurrencyEnabled"),
		CustomTxnNumbers: rec.Bool(sales, "CustomTxnNumbers"),
		AllowDiscount:    rec.Bool(sales, "AllowDiscount"), AllowShipping: rec.Bool(sales, "AllowShipping"),
		AutoApplyCredit: rec.Bool(sales, "AutoApplyCredit"), AutoApplyPayments: rec.Bool(sales, "AutoApplyPayments"),
		DefaultTermsID: rec.Text(sales, "DefaultTerms", "value"), DefaultItemID: other["SalesFormsPrefs.DefaultItem"],
		UsingSalesTax: rec.Bool("TaxPrefs", "UsingSalesTax"), PartnerTax: rec.Bool("TaxPrefs", "PartnerTaxEnabled"),
		QuantityOnHand: rec.Bool("ProductAndServicesPrefs", "QuantityOnHand"),
		BooksClosed:    rec.Text("AccountingInfoPrefs", "BookCloseDate"),
		SalesFields:    customFields(rec.List(sales, "CustomField"), "UseSalesCustom", "SalesCustomName"),
		PurchaseFields: customFields(rec.List(purchases, "POCustomField"), "UsePurchaseCustom", "PurchaseCustomName"),
		Other:          other, Raw: rec, At: reply.At,
	}, nil
}

// customFields collects the names of enabled fields: booleans "...UseSalesCustomN"
// and strings "...SalesCustomNameN" stand in nested lists
// (reference/quickbooks-online.md section 4.9).
func customFields(groups []Record, use, name string) map[string]string {
	enabled, names := map[string]bool{}, map[string]string{}
	for _, g := range groups {
		for _, f := range g.List("CustomField") {
			full := f.Text("Name")
			if _, id, ok := strings.Cut(full, use); ok {
				enabled[id] = f.Bool("BooleanValue")
			}
			if _, id, ok := strings.Cut(full, name); ok {
				names[id] = f.Text("StringValue")
			}
		}
	}
	out := map[string]string{}
	for id, on := range enabled {
		if on {
			out[id] = names[id]
		}
	}
	return out
}

// nameValues reads a list of {"Name","Value"}.
func (r Record) nameValues(key string) map[string]string {
	out := map[string]string{}
	for _, nv := range r.List(key) {
		out[nv.Text("Name")] = nv.Text("Value")
	}
	return out
}

// countryCode brings "US" and "USA" to "US"; what is no ISO code stays as it is.
func countryCode(text string) string {
	region, err := language.ParseRegion(text)
	if err != nil || !region.IsCountry() {
		return text
	}
	return region.String()
}
