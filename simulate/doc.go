// Package simulate plays Crossbook from a seed: both vendors in process on one
// virtual clock, people who work on both sides at once, calls that fail,
// answers that are lost, processes that die at any step or stand still while
// another takes over. When people have stopped and everything is quiet, package
// invariant judges what is left.
//
// The same seed plays the same run, call by call: the engine sends one call at
// a time, and ids, chance and time come from the seed. A hash of the trace
// proves it.
//
// The package wires the whole as a command would, and must not decide what is
// right: that is the affair of package invariant, which knows nothing of the
// engine.
package simulate
