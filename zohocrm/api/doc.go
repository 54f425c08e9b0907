// Package api is a thin client of the Zoho CRM REST API v8. It mirrors the
// vendor's wire and nothing else: one call is one HTTP exchange, described by a
// [Call] whose exact bytes can be stored before they are sent, and answered by a
// [Reply] or an [Error] that says in one word what the failure means.
//
// A write answers once per record, in input order, whatever its HTTP status:
// the array is read, not the status (reference/zoho-crm.md section 4.3), so a
// call with failed records is no error here; each [Result] carries its own.
//
// The odd shapes stop here: offset times become time.Time, empty 204 answers
// become empty lists, 304 becomes NotModified, numbers stay json.Number.
//
// The package knows nothing of sync, mapping or storage, and retries nothing:
// rates, tokens and repeated reads belong to package transport. Above all it
// never sends a write twice: Zoho has no request ids.
package api
