// Package mapping turns the raw records of both vendors into canonical fields
// and back. A [Document] lists the field pairs of a module as a person may
// edit them; [Compile] checks it against the live metadata of the CRM and
// gives a [Mapping], which projects a record of either side to
// [crossbook.Fields] and writes wanted fields in either vendor's words.
//
// Equal values have equal canonical text, whichever side they come from, so
// that everything after this package compares strings:
//
//	text, phone, email, url   as typed, without blanks at the ends
//	multiline-address         one line each, at most five, no empty lines
//	decimal, money            digits without trailing zeros; never float64
//	bool                      true, false
//	date                      YYYY-MM-DD
//	ref                       the QuickBooks id of the record referred to;
//	                          "crm:<id>" for a CRM record without a link
//	picklist, code            the value
//
// The package serves the two-way modules (Vendors, Accounts, Contacts,
// Products). It promises to be pure: no input or output, no clock, no
// dependence on the order of maps, and it never changes a map it is given. It
// must not know links, bases, the store or how a vendor is called; references
// are resolved through [Refs], which its caller implements.
package mapping
