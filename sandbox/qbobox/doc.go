// Package qbobox is a stateful imitation of the QuickBooks Online v3
// Accounting API: OAuth, company data, queries, batches, change data capture,
// signed notifications, limits and the odd corners that clients stumble over.
//
// A Box is an http.Handler for all of the vendor's hosts at once. Serve it on
// a socket, or hand its Transport to a client and make no socket at all; the
// logic is the same. Beside the vendor's own routes it has pages below
// /_sandbox/ that let a test read the truth, act as a person in the vendor's
// screens, and make calls fail.
//
// What is imitated follows reference/quickbooks-online.md. What that page
// marks unsure is a field of Dials, whose zero value is the reading that is
// harder on a client. NotImitated lists what is left out.
//
// The package must not know any client of the API: a mistake shared by both
// would never be found.
package qbobox
