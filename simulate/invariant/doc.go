// Package invariant judges what a run of Crossbook left behind: the truth of
// both vendors, what people did, and what the store says about the rest. It
// knows the rules a user was promised (the invariants of docs, the mapping
// tables of the specification) and nothing of how they are kept: it imports
// neither the engine nor anything the engine is made of, because a mistake
// shared by both would pass.
package invariant
