// Package verify proves that two systems agree. It reads both sides completely,
// not the mirror, and compares every linked pair field by field, every document
// line by line and cent by cent; it finds what is missing, what is there twice
// and what has no counterpart. What differs for a reason that stands recorded
// is told apart from what nothing explains (practice P44, P50).
//
// What a record should look like in the CRM it asks the engine's projector, on
// records it read itself into a database of its own, which is thrown away
// afterwards: so a company of any size is compared in bounded memory. It
// writes to no vendor, changes nothing that is remembered, and must not know
// a vendor's wire format or a screen.
package verify
