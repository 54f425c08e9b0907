// Package company is the sample company of Crossbook and the story of one of
// its working days.
//
// [Larkfield] is Larkfield Garden & Pool Supply, a company in the United
// States with several hundred ordinary records and forty named ones, each with
// a detail that has spoilt a synchronisation somewhere (practice section 8).
// [AU] is a small Australian one whose prices hold the tax. [Scale] is nothing
// but many plain customers. All of it follows from a seed and a moment: the
// same two give the same bytes, and what is overdue, expired or open is so on
// whatever day the sandbox is opened.
//
// [Story] is a list of steps that people take on both sides, each with what
// must be true when the day is over; [Check] reads both sandboxes and says what
// is not.
//
// The package knows the vendors' shapes and the sandboxes, and nothing of the
// program that is tried on them: neither its client packages nor its rules. The
// names of the fields that the program adds to the CRM are known here as a
// person would know them who reads the CRM's own screens.
package company
