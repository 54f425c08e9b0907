// Package planted proves that the simulation can find bugs: its test builds
// Crossbook anew with one mistake put in by a build overlay, and demands that
// the seeds of package simulate find it. The product's own source stays clean;
// a mistake whose place has moved fails the test, so that the list cannot rot
// in silence.
package planted
