// Package setup connects a CRM organisation with a QuickBooks company: it
// checks the prerequisites and refuses with the reason (R6, R8, R11-R18), adds
// the fields Crossbook needs, learns what the engine must know of both systems
// (metadata, layouts, currencies, accounts), and stores the connection with
// safe default settings (U3).
//
// Everything it does may be done again: a second run adds what is missing and
// refreshes what it learned. It writes no record but one placeholder product
// (P19) and must not know the turn.
package setup
