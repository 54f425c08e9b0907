// Package problem is the error catalogue: it turns what a vendor said, or what
// our own checks found, into a [crossbook.Problem] with the contract text of
// spec section 6, the cause and the cure in sentences for a person.
//
// Only here stand those texts, letter for letter with their odd spellings
// (R103). A text that quotes QuickBooks is built from the fault's own Detail
// and element by the building rule of spec section 6; what nobody has
// catalogued is shown as the vendor wrote it and never guessed at.
//
// A wait is no error (practice section 6): locks, pauses, approvals and
// references on their way give a Problem with Waiting set, which is listed and
// not counted. [TreatmentOf] says what the engine does next.
//
// The package does no input or output and must not know how a request is sent:
// which transport failures are worth repeating is decided where calls are made.
package problem
