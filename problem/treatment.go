package problem

import "crossbook"

// Treatment says what the engine does about a problem besides listing it.
type Treatment string

// The treatments.
const (
	// Person: the record waits until somebody cures the cause; the rest go on.
	Person Treatment = "person"
	// WaitOn: no error; tried again when what it waits for has happened.
	WaitOn Treatment = "wait"
	// Retry: the same call again after a growing wait (R75).
	Retry Treatment = "retry"
	// ReadAgain: read the record, merge anew, send again (R74).
	ReadAgain Treatment = "read-again"
	// TakeAsDone: the vendor has it already; read to make sure.
	TakeAsDone Treatment = "take-as-done"
	// FixSettings: the module's settings are wrong, not the record.
	FixSettings Treatment = "fix-settings"
	// StopModule: turn the module off and say why.
	StopModule Treatment = "stop-module"
	// StopAll: pause the connection and tell its people.
	StopAll Treatment = "stop-all"
	// SignInAgain: the connection needs a new consent; no record is at fault.
	SignInAgain Treatment = "sign-in-again"
	// LookInto: a fault of our own, for whoever maintains Crossbook.
	LookInto Treatment = "look-into"
)

// ForGood tells of a refusal that no repetition changes and nothing may get
// round: the books are closed for the date. The write is tried again only after
// somebody changed the record or asked for it.
func ForGood(p crossbook.Problem) bool {
	return p.Vendor == crossbook.Books.String() && (p.Code == "6200" || p.Code == "6210")
}

// TreatmentOf says what to do about a problem this package made.
func TreatmentOf(p crossbook.Problem) Treatment {
	switch {
	case p.Waiting:
		return WaitOn
	case p.Kind == crossbook.Bug:
		return LookInto
	case p.Number != 0:
		return Person
	case p.Vendor == crossbook.Books.String():
		return booksCode(p.Code).treatment
	case p.Vendor == crossbook.CRM.String():
		return crmCode(p.Code).treatment
	case p.Kind == crossbook.Transient:
		return Retry
	default:
		return Person
	}
}
