// Package jobs wakes connections: it is River behind two small types, [Queue],
// which everybody else uses, and the pump, which runs the turns of one
// connection.
//
// A job carries no work. It says that a connection should look at its own rows
// now, so that losing, doubling or delaying one costs time and nothing else.
// There is at most one job per connection that is not finished. What is due,
// what waits and for how long stands in package store; a tick over those rows
// finds what no job wakes for.
//
// The package must not know what a turn does, nor a vendor. No other package
// imports River.
package jobs
