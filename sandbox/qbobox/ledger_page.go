package qbobox

import (
	"cmp"
	"net/http"
	"slices"
)

// JournalLine is one line of the books, in home currency. Debits are positive.
type JournalLine struct {
	Date    string `json:"date"`
	Type    string `json:"type"` // the entity it comes from; "Opening" for what a loaded company brought along
	ID      string `json:"id"`
	Account string `json:"account"`
	Amount  string `json:"amount"`
	Party   string `json:"party,omitempty"` // "Customer:5"
	Item    string `json:"item,omitempty"`
}

// Journal returns the books: every posting of every transaction, by date. The
// lines of one transaction add up to nothing.
func (b *Box) Journal() []JournalLine {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := []JournalLine{}
	for _, e := range b.entriesByDate() {
		typ, id := splitHandle(e.source())
		for _, p := range e.all() {
			out = append(out, JournalLine{Date: e.Date, Type: typ, ID: id, Account: p.Account, Amount: p.Amount.String(), Party: p.Party, Item: p.Item})
		}
	}
	return out
}

func (b *Box) entriesByDate() []*entry {
	out := make([]*entry, 0, len(b.ledger.entries))
	for _, e := range b.ledger.entries {
		out = append(out, e)
	}
	slices.SortFunc(out, func(x, y *entry) int { return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Seq, y.Seq)) })
	return out
}

func (b *Box) journalPage(w http.ResponseWriter, _ *http.Request) {
	b.plainJSON(w, http.StatusOK, b.Journal())
}
