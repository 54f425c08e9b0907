// Package quickbooks is the Books side of the engine: it speaks the engine's
// words (records, writes, outcomes) to the raw client in package api. It knows
// which entities are name lists, what one call can carry, and that a request id
// makes a call replayable.
//
// It must not know Zoho CRM, the store, or what a change means: it reads what
// it is asked for and sends what it is given.
package quickbooks
