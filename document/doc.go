// Package document turns a QuickBooks estimate, invoice or purchase order into
// the CRM record that shows it, exact to the cent (spec sections 3.5 to 3.7,
// practice section 3).
//
// The CRM reckons a document's totals itself and ignores those it is sent
// (reference/zoho-crm.md section 7.3). So [Project] chooses rows, line taxes,
// discount and adjustment such that the CRM's own arithmetic, repeated here by
// [Reckon], ends at QuickBooks' TotalAmt:
//
//	Adjustment = shipping + rounding of at most a cent a row
//
// Three marks allow anything else: the tax that could not be put on rows
// (P18), prices with more decimals than the CRM keeps (P22), and documents that
// are gone from QuickBooks, whose Grand Total is brought to 0 (P21). A fourth,
// [MarkUnexplained], says that QuickBooks' own figures do not add up.
//
// The package also reckons the figures on Accounts and Deals (P33). It does no
// input or output, knows no clock (today is an argument) and must not know how
// records are linked: look-ups of products and names are passed in.
package document
