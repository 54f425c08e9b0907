// Package sandboxdocs writes what docs/ says about the sandboxes from the
// sandboxes themselves: the list of what they leave out, and the tables of the
// sections and facts of the two reference pages with the tests that hold the
// sandboxes to them. Its tests fail when a page is stale;
//
//	go test ./internal/sandboxdocs -update
//
// writes it anew. Of the reference it takes numbers and headings, never a
// sentence: the registers in facts/ say what it states in words of their own.
// It must know nothing of the program that uses the sandboxes.
package sandboxdocs
