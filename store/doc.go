// Package store keeps everything Crossbook must remember, in SQLite or
// PostgreSQL, with the same behaviour on both: connections and their sealed
// credentials, settings, cursors and leases; the mirror of each side's records;
// links with their bases; what is dirty, what was sent and must be answered
// for, what went wrong; and the journal of everything written (design section
// 6).
//
// Work happens in [Store.View] and [Store.Update]. One file holds one noun;
// its methods hang on [Tx] and take the connection's id first. The store knows
// the nouns of the root package and SQL; it must not know a vendor, the
// engine, or any policy: what a problem means, when a row is due and who wins
// a conflict is decided by its callers.
package store
