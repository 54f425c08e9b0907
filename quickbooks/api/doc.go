// Package api is a thin client of the QuickBooks Online v3 accounting API. It
// mirrors the vendor's wire and nothing else: one call is one HTTP exchange,
// described by a [Call] whose exact bytes can be stored before they are sent and
// replayed after a crash, and answered by a [Reply] or an [Error] that says in
// one word what the failure means.
//
// The odd shapes stop here: offset times become time.Time, the three fault
// shapes and a Fault inside an HTTP 200 become one Error, numbers stay
// json.Number, a page is a page whatever counts the vendor leaves out. Every
// write carries a requestid, so that the vendor can answer a repeated call with
// the original answer (reference/quickbooks-online.md section 9).
//
// The package knows nothing of sync, mapping or storage, and retries nothing:
// rates, tokens and repeated reads belong to package transport.
package api
