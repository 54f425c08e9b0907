// Package zohobox is a stateful imitation of the Zoho CRM v8 REST API: one
// organisation with its users, layouts, custom fields and records, the token
// service in front of it, and the notifications that come out of it.
//
// A [Box] is an [http.Handler]. It can be served on a socket or used in
// process through [Box.Transport]; both ways run the same code. People who work
// in the organisation's own screens are played by [Box.Do]; mass data is put in
// by [Box.Load]. What the vendor's documents leave open is a field of [Dials],
// whose default is the answer that is harsher for a client; what is left out is
// listed by [NotImitated].
//
// The package is written against reference/zoho-crm.md alone. It knows nothing
// of the program that calls it, and must stay that way: a shared mistake would
// be invisible. Comments cite that page by section, as in "section 4.3".
package zohobox
