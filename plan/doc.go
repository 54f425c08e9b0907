// Package plan turns the operations of a turn into an ordered plan and stops
// it where a brake applies. It is pure: operations in, operations out, no
// input or output, no clock, no dependence on map order. "Dry run" is simply
// not applying what it returns.
//
// It must not know vendors' wire formats, the store or the engine.
package plan
