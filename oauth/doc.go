// Package oauth signs connections in to the two vendors and keeps them signed in.
//
// An [App] knows a vendor's endpoints and makes the exchanges: a consent's code
// for a first credential, a refresh token for the next access token. A [Source]
// hands out access tokens of one connection to package transport: from memory
// while they last, else from the stored row, which another process may have
// renewed, and only then from the vendor, under the connection's lease. What the
// vendor answers is stored before it is used, since QuickBooks may have rotated
// the refresh token in that very answer and a lost one ends the connection. A
// [Sealer] encrypts what is stored.
//
// golang.org/x/oauth2 makes the exchanges. Its caching token source is never used:
// it neither saves rotated tokens nor locks.
//
// The package knows no database: a [Store] and a [Lease] are given to it.
package oauth
