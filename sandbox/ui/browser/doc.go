// Package browser walks through the sandboxes' pages in a real browser, with
// the keyboard alone, and lets axe-core judge each page in light and dark. The
// walks are below walks; there is no Go code to import.
package browser
