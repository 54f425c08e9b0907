// Package sdk holds the sandboxes to the vendors' own clients: the Zoho CRM
// SDK 8.0 in both editions, node-quickbooks, intuit-oauth and
// quickbooks-node-promise, unmodified but for the addresses they call.
//
// The cases are written for node's own test runner, below zoho and quickbooks;
// the Go test of this package installs the clients as package-lock.json pins
// them, opens a sandbox for each file of cases and counts each case. There is
// no Go code to import. The clients are outside software that agrees with the
// vendors by trade, so what they cannot read is a mistake of a sandbox.
package sdk
