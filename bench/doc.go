// Package bench holds what Crossbook promises of speed, calls and memory, as
// ratios that are taken in one run and so mean the same on a slow machine: calls
// over the bound of design section 10, processor time and memory of a large
// company over those of a small one. It drives the real program against the
// sandboxes, in processes of their own, so that what is measured is Crossbook
// alone; it is one of the few places that may see the whole.
//
//	go test ./bench -bench . -benchtime 1x
//
// runs everything in about three minutes on two cores; `make bench` runs it six
// times. A figure that no longer holds fails its benchmark. The figures once
// measured, and on what, stand in docs/operations.md.
package bench
