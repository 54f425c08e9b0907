package zohobox

import "time"

// Switch is a dial that has a default of its own.
type Switch int

// The positions of a Switch.
const (
	Default Switch = iota
	On
	Off
)

func (s Switch) is(byDefault bool) bool {
	if s == Default {
		return byDefault
	}
	return s == On
}

// Dials are the behaviours that the vendor's documents leave open or mark as
// uncertain. The zero value of each is the answer that is harsher for a client.
type Dials struct {
	// StockArithmetic: saving documents moves quantities on products (practice P10). Default on.
	StockArithmetic Switch
	// TokenErrorStatus is the status of an error body of the token endpoint (section 2.3). Default 200.
	TokenErrorStatus int
	// ThrottleStatus is the status of the Access Denied body (section 2.3). Default 400.
	ThrottleStatus int
	// ScopeInToken: the token response names the scopes; not every data centre does (section 2.1). Default on, as in the vendor's own sample.
	ScopeInToken Switch
	// ActiveTokens is how many access tokens of one refresh token live at once (section 2.2). Default 15.
	ActiveTokens int
	// TokensPerWindow is how many access tokens a refresh token gives in 10 minutes. Default 10; negative: no limit.
	TokensPerWindow int
	// MixedStatus is the status of a write in which some records failed (section 4.3). Default 207.
	MixedStatus int
	// UnknownIDStatus is the status of a read by an id that is not there: 204 or 400 (section 4.2). Default 204.
	UnknownIDStatus int
	// SinceInclusive: If-Modified-Since also finds records of that very second. Default off.
	SinceInclusive Switch
	// CaseSensitive: COQL compares text with regard to letter case. Default off.
	CaseSensitive Switch
	// CurrencyDecimals are kept of an amount; further ones are rounded half up (section 9.2, precision). Default 2.
	CurrencyDecimals int
	// SearchLag is how far the search index is behind (section 5.1). Default 10 minutes; negative: none.
	SearchLag time.Duration
	// RowsReplaced: rows left out of a line update are dropped, as older versions may do (section 6). Default off.
	RowsReplaced Switch
	// BareLookups: a look-up may be sent as a plain id (section 3). Default off.
	BareLookups Switch
	// PercentDiscount: a line discount may be sent as "5%" (section 7.2). Default off.
	PercentDiscount Switch
	// RestoreRelinks: restoring a record fills the look-ups that its deletion emptied. Default off.
	RestoreRelinks Switch
	// MergedKept: the loser of a merge lies in the recycle bin; otherwise it is gone for good. Default off.
	MergedKept Switch
	// AccountRequired: the standard layouts of quotes, orders and invoices demand an account (section 7.4). Default on.
	AccountRequired Switch
	// ClosingDateRequired: the standard layout of deals demands a closing date (section 8). Default on.
	ClosingDateRequired Switch
	// EchoSilent: writes with an empty trigger list are notified too (section 11). Default on.
	EchoSilent Switch
	// EventWords: callbacks name operations create and edit instead of insert and update (section 11). Default off.
	EventWords Switch
	// CompositeRollback: a composite request that does not say otherwise is undone as a whole when a part fails (section 6). Default on.
	CompositeRollback Switch
	// BulkTime is how long a bulk job takes: it is added, a read is queued from a sixth of it on, then it is in progress from a third on (section 12). Default 6 seconds; negative: none.
	BulkTime time.Duration
	// BulkEcho: rows of a bulk write are notified like other writes (sections 11 and 12). Default on.
	BulkEcho Switch
	// SiblingCredits: a deleted list costs two credits and the list of a view three, as with a sibling product (section 14). Default on.
	SiblingCredits Switch
	// BinModuleObject: lists of the recycle bin show the module as {api_name, id}, as the vendor's clients expect, not by its name, as its description of 2026 says (section 13). Default off.
	BinModuleObject Switch
	// CustomModules is how many modules people may make, where the edition has any; the vendor's number differs by edition and year (section 9.1). Default 10.
	CustomModules int
	// RowsShown is how many rows of a subform come with a record read by its id; the rest is read from the line module (section 4.2). Default 200, as a page of a list.
	RowsShown int
	// AddressCoordinates: the addresses of documents have latitude and longitude, as in newer organisations (section 7.5). Default off.
	AddressCoordinates Switch
	// RateDivides: an exchange rate is what one unit of the home currency buys; otherwise it is what one unit of the currency costs (section 7.6). Default off.
	RateDivides Switch
	// RestoreNeedsParent: a record whose look-up leads to one that lies in the recycle bin too cannot be restored without it (section 13). Default on.
	RestoreNeedsParent Switch
	// RateLimitWord: notifications, search and attachments call one call too many RATE_LIMIT_EXCEEDED, others TOO_MANY_REQUESTS (section 14). Default on.
	RateLimitWord Switch
	// Latency is how long a call takes; it makes limits on calls at once bite. Default none.
	Latency time.Duration
}

func (d Dials) filled() Dials {
	def := func(v *int, n int) {
		if *v == 0 {
			*v = n
		}
	}
	def(&d.TokenErrorStatus, 200)
	def(&d.ThrottleStatus, 400)
	def(&d.ActiveTokens, 15)
	def(&d.TokensPerWindow, 10)
	def(&d.MixedStatus, 207)
	def(&d.UnknownIDStatus, 204)
	def(&d.CurrencyDecimals, 2)
	def(&d.CustomModules, 10)
	def(&d.RowsShown, 200)
	if d.BulkTime == 0 {
		d.BulkTime = 6 * time.Second
	}
	if d.SearchLag == 0 {
		d.SearchLag = 10 * time.Minute
	}
	return d
}
