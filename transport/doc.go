// Package transport is the way a vendor call takes: a chain of RoundTrippers,
// one concern a file, each of which wraps another and can be tested alone.
//
//	client ─► Retry ─► Auth ─► Pace ─► Budget ─► Record ─► Deadline ─► Guard ─► network
//
// Retry repeats reads that may be repeated and turns a write whose answer was
// lost into [UnknownOutcome]. Auth signs each attempt and renews a token that
// the vendor calls expired, once. Pace keeps within the vendor's rates, Budget
// counts every call that is really sent, Record writes exchanges to a folder
// without their secrets, Deadline bounds one attempt, Guard refuses hosts that
// are neither the vendor's nor this machine.
//
// A caller says what a call is with [WithClass]; the decorators read it from the
// request's context. What went wrong is said in one vocabulary, [Fault], for
// both vendors.
//
// The package knows no endpoint, no record and no sync.
package transport
