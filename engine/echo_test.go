package engine_test

import (
	"testing"
	"time"

	"crossbook/engine"
	"crossbook/sandbox/zohobox"
)

// What a first sync wrote comes back through the feeds of the CRM. Looking at
// each of these records again would take as long as the sync itself.
func TestEcho_OfWhatWasCreated_IsNotLookedAt(t *testing.T) {
	w := newWorld(t)
	w.people(60)
	w.tune = func(o *engine.Options) { o.Batch = 1 } // every record looked at is a pass with a transaction of its own
	w.connect()
	w.firstSync()
	w.clock.Advance(time.Hour)
	commits := 0
	w.step = func(name string) {
		if name == "committed" {
			commits++
		}
	}
	w.restart()
	w.sync()
	if commits > 30 {
		t.Errorf("%d transactions to take in the echo of 80 records, want those of the feeds alone", commits)
	}

	// An edit in the very second of our write has its revision: the values tell.
	var id string
	for _, r := range w.crmState().Records["Contacts"] {
		id = r["id"].(string)
	}
	w.personCRM(zohobox.Action{Action: "update", Type: "Contacts", ID: id, Data: m{"Phone": "555-9999"}})
	w.clock.Advance(time.Hour)
	w.sync()
	found := false
	for _, c := range w.booksState().Records["Customer"] {
		phone, _ := c["PrimaryPhone"].(map[string]any)
		found = found || phone["FreeFormNumber"] == "555-9999"
	}
	if !found {
		t.Error("an edit after the echo did not travel")
	}
}
