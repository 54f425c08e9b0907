// Package web answers over HTTP: at present only the notifications of both
// vendors and the question whether this process is well.
//
// A notification is a hint that something changed, and never believed further:
// it is proven to come from the vendor, remembered so that a repetition does
// nothing, and makes the feed that brings the change due now. What changed is
// read from the vendor by the turn that follows. Losing, doubling or
// reordering notifications costs time and nothing else.
//
// The package must not call a vendor, nor run a turn.
package web
