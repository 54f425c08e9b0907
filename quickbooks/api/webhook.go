package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// SignatureHeader carries a notification's signature.
const SignatureHeader = "intuit-signature"

// Verify checks a notification's signature in constant time: base64 of the
// HMAC-SHA256 of the raw body under the app's verifier token
// (reference/quickbooks-online.md section 10.1). It must be called before the
// body is parsed. An empty verifier token never verifies.
func Verify(body []byte, signature, verifier string) bool {
	got, err := base64.StdEncoding.DecodeString(strings.TrimSpace(signature))
	if err != nil || verifier == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(verifier))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}

// Operation is what a notification says happened.
type Operation string

// The operations of both payload kinds.
const (
	Created Operation = "Create"
	Updated Operation = "Update"
	Removed Operation = "Delete"
	Merged  Operation = "Merge"
	Voided  Operation = "Void"
	Emailed Operation = "Emailed"
)

// Event is one notification. It is a hint: at least once, in no order, perhaps
// never, and without content.
type Event struct {
	// ID serves to tell repetitions; the classic payload has none.
	ID     string
	Realm  string
	Entity string
	// RecordID is the record, the winner after a merge.
	RecordID string
	// MergedID is the record that lost a merge.
	MergedID  string
	Operation Operation
	Time      time.Time
}

// ParseWebhook reads a notification of either kind: the classic object and the
// CloudEvents array. One delivery may concern several companies.
func ParseWebhook(body []byte) ([]Event, error) {
	if strings.HasPrefix(strings.TrimSpace(string(body[:min(len(body), 64)])), "[") {
		return parseCloudEvents(body)
	}
	return parseClassic(body)
}

func parseClassic(body []byte) ([]Event, error) {
	var w struct {
		Notifications []struct {
			Realm string `json:"realmId"`
			Data  struct {
				Entities []struct {
					Name      string    `json:"name"`
					ID        string    `json:"id"`
					Operation string    `json:"operation"`
					Updated   time.Time `json:"lastUpdated"`
					Deleted   string    `json:"deletedId"`
				} `json:"entities"`
			} `json:"dataChangeEvent"`
		} `json:"eventNotifications"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, fmt.Errorf("QuickBooks notification: %w", err)
	}
	if w.Notifications == nil {
		return nil, errors.New("QuickBooks notification: neither eventNotifications nor an array of events")
	}
	var out []Event
	for _, n := range w.Notifications {
		for _, e := range n.Data.Entities {
			out = append(out, Event{
				Realm: n.Realm, Entity: entityName(e.Name), RecordID: e.ID, MergedID: e.Deleted,
				Operation: operation(e.Operation), Time: e.Updated.UTC(),
			})
		}
	}
	return out, nil
}

func parseCloudEvents(body []byte) ([]Event, error) {
	var w []struct {
		ID       string    `json:"id"`
		Type     string    `json:"type"`
		Time     time.Time `json:"time"`
		RecordID string    `json:"intuitentityid"`
		Realm    string    `json:"intuitaccountid"`
		Data     struct {
			Deleted string `json:"deletedid"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, fmt.Errorf("QuickBooks notification: %w", err)
	}
	var out []Event
	for _, e := range w {
		// "qbo.customer.updated.v1"
		parts := strings.Split(e.Type, ".")
		if len(parts) < 3 || !strings.EqualFold(parts[0], "qbo") {
			continue
		}
		out = append(out, Event{
			ID: e.ID, Realm: e.Realm, Entity: entityName(parts[1]), RecordID: e.RecordID, MergedID: e.Data.Deleted,
			Operation: operation(parts[2]), Time: e.Time.UTC(),
		})
	}
	return out, nil
}

// operation reads both vocabularies and both spellings of void; an unknown word
// is kept, since the record is read again anyway.
func operation(word string) Operation {
	switch strings.ToLower(word) {
	case "create", "created":
		return Created
	case "update", "updated":
		return Updated
	case "delete", "deleted":
		return Removed
	case "merge", "merged":
		return Merged
	case "void", "voided":
		return Voided
	case "emailed":
		return Emailed
	}
	return Operation(word)
}

// entities are the names notifications use (section 10.4); CloudEvents write them
// in lower case.
var entities = []string{
	"Account", "Bill", "BillPayment", "Budget", "Class", "CreditMemo", "CompanyCurrency", "Currency", "Customer",
	"Department", "Deposit", "Employee", "Estimate", "Invoice", "Item", "JournalCode", "JournalEntry", "Payment",
	"PaymentMethod", "Preferences", "Purchase", "PurchaseOrder", "RefundReceipt", "SalesReceipt", "TaxAgency",
	"Term", "TimeActivity", "Transfer", "Vendor", "VendorCredit",
}

func entityName(name string) string {
	for _, e := range entities {
		if strings.EqualFold(e, name) {
			return e
		}
	}
	return name
}
