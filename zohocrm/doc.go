// Package zohocrm is the CRM side of the engine: it speaks the engine's words
// (records, writes, outcomes) to the raw client in package api. It knows how a
// module is read completely, by change and by id, how writes are cut into legal
// calls, and where optimistic locking is possible.
//
// It must not know QuickBooks, the store, or what a change means.
package zohocrm
