// Package ui draws the sandboxes' pages for people: what is in a box, record
// by record, and forms to do there by hand what the vendor's own screens do.
//
// It knows neither vendor. A sandbox describes itself through the interface
// Box, in lists, records, forms and things one can do; this package draws them,
// keeps what was typed when the box refuses, and turns every change into a
// POST that ends in a redirect. Pages work without script, by keyboard alone,
// in light and dark, and trust nothing that stands in a record.
//
// Frame is for pages of a sandbox that are none of these lists, such as the
// consent page of its sign-in: they look the same.
package ui
