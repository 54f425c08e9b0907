package qbobox_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// recordings is where exchanges with a real company lie, beside the repository.
const recordings = "../../../shared/reference/quickbooks/recorded-json"

// recorded opens a box that holds the recorded company, or skips.
func recorded(t *testing.T) *client {
	t.Helper()
	if _, err := os.Stat(recordings); errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: the recorded exchanges (../shared/reference) are not here; nothing is compared with a real company")
	}
	c := open(t)
	if err := c.box.LoadRecorded(recordings); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadRecorded_BringsEveryRecordOnce(t *testing.T) {
	c := recorded(t)
	for entity, want := range map[string]int{
		"Customer": 33, "Vendor": 35, "Item": 23, "Account": 92, "Estimate": 8, "Invoice": 37, "PurchaseOrder": 9, "Payment": 20, "CreditMemo": 9,
		"Bill": 16, "BillPayment": 10, "Purchase": 35, "Deposit": 13, "JournalEntry": 13, "Transfer": 0,
	} {
		if got := len(c.box.All(entity)); got != want {
			t.Errorf("%s: %d records, want %d", entity, got, want)
		}
	}
}

func TestLoadRecorded_NewestStateWins(t *testing.T) {
	c := recorded(t)
	check(t, c.get("customer/1"), map[string]string{"DisplayName": "Test Customer Final", "SyncToken": "5", "Balance": "-261"})
	check(t, c.get("invoice/130"), map[string]string{"SyncToken": "3"})
	check(t, c.get("payment/128"), map[string]string{"SyncToken": "3", "PrivateNote": "Updated via Nango - third update"})
	check(t, c.get("account/1"), map[string]string{"Name": "Test Account Updated"})
	// references show today's names, as a live read does
	check(t, c.get("invoice/155"), map[string]string{"CustomerRef.name": "Test Customer Final"})
}

func total(rows []map[string]any, prop string) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range rows {
		if d, err := decimal.NewFromString(s(r, prop)); err == nil {
			sum = sum.Add(d)
		}
	}
	return sum
}

// The recordings hold two states; the newest gives 5,881.52 - 800 - 400 = 4,681.52.
func TestLoadRecorded_BalancesAgree(t *testing.T) {
	c := recorded(t)
	for what, k := range map[string]struct{ entity, prop, want string }{
		"open invoices":     {"Invoice", "Balance", "5881.52"},
		"credits":           {"CreditMemo", "Balance", "800"},
		"unapplied":         {"Payment", "UnappliedAmt", "400"},
		"customer balances": {"Customer", "Balance", "4681.52"},
	} {
		if got := total(c.box.All(k.entity), k.prop).String(); got != k.want {
			t.Errorf("%s: %s, want %s", what, got, k.want)
		}
	}
	checkBalances(t, c)
	check(t, c.get("account/84"), map[string]string{"CurrentBalance": "4681.52"})
}

// checkBalances holds customers against their documents, and documents
// against their payments.
func checkBalances(t *testing.T, c *client) {
	t.Helper()
	own, kids, paid := map[string]decimal.Decimal{}, map[string][]string{}, map[string]decimal.Decimal{}
	addTo := func(entity, prop string, sign int64) {
		for _, o := range c.box.All(entity) {
			d, _ := decimal.NewFromString(s(o, prop))
			id := s(o, "CustomerRef.value")
			own[id] = own[id].Add(d.Mul(decimal.NewFromInt(sign)))
		}
	}
	addTo("Invoice", "Balance", 1)
	addTo("CreditMemo", "Balance", -1)
	addTo("Payment", "UnappliedAmt", -1)
	customers := c.box.All("Customer")
	for _, o := range customers {
		kids[s(o, "ParentRef.value")] = append(kids[s(o, "ParentRef.value")], s(o, "Id"))
	}
	var withJobs func(id string) decimal.Decimal
	withJobs = func(id string) decimal.Decimal {
		sum := own[id]
		for _, k := range kids[id] {
			sum = sum.Add(withJobs(k))
		}
		return sum
	}
	for _, o := range customers {
		id := s(o, "Id")
		if got := s(o, "Balance"); got != own[id].String() {
			t.Errorf("customer %s owes %s, its documents %s", id, got, own[id])
		}
		if got, want := s(o, "BalanceWithJobs"), withJobs(id); got != want.String() {
			t.Errorf("customer %s with jobs owes %s, its documents %s", id, got, want)
		}
	}
	for _, p := range c.box.All("Payment") {
		lines, _ := p["Line"].([]any)
		for _, l := range lines {
			key := s(l, "LinkedTxn.0.TxnType") + s(l, "LinkedTxn.0.TxnId")
			d, _ := decimal.NewFromString(s(l, "Amount"))
			paid[key] = paid[key].Add(d)
		}
	}
	for _, o := range c.box.All("Invoice") {
		tot, _ := decimal.NewFromString(s(o, "TotalAmt"))
		bal, _ := decimal.NewFromString(s(o, "Balance"))
		if want := tot.Sub(paid["Invoice"+s(o, "Id")]); !bal.Equal(want) {
			t.Errorf("invoice %s: balance %s, want %s", s(o, "Id"), bal, want)
		}
	}
}

// vendorOnly are properties that depend on things outside the API.
func vendorOnly(path string) bool {
	for _, p := range []string{".Lat", ".Long", "InvoiceLink", "LastModifiedByRef", "V4IDPseudonym"} {
		if strings.Contains(path, p) {
			return true
		}
	}
	return false
}

func TestLoadRecorded_CompanyLivesOn(t *testing.T) {
	c := recorded(t)
	inv := c.invoice("24", 100)
	check(t, inv, map[string]string{"DocNumber": "1052", "CustomerRef.name": "Sonnenschein Family Store"})
	check(t, c.get("customer/24"), map[string]string{"Balance": "462.07"})
	c.pay("24", 462.07, s(inv, "Id"), 100)
	c.customer("Newcomer")
	checkBalances(t, c)
	if got := s(c.post("account", m{"Name": "Fresh", "AccountType": "Bank"}), "Id"); got != "1150040003" {
		t.Errorf("a new account has id %s", got)
	}
	po := c.post("purchaseorder", m{"VendorRef": v("56"), "Line": []any{accountLine("69", 5)}})
	check(t, po, map[string]string{"DocNumber": "1011", "APAccountRef.value": "33"})
	// an estimate closed by a recorded invoice reopens when that is deleted
	c.post("invoice?operation=delete", m{"Id": "103", "SyncToken": s(c.get("invoice/103"), "SyncToken")})
	check(t, c.get("estimate/41"), map[string]string{"TxnStatus": "Pending", "SyncToken": "0"})
	check(t, c.get("customer/10"), map[string]string{"Balance": "0"})
}

func TestLoadRecorded_UnknownEntitiesAreReadOnly(t *testing.T) {
	c := recorded(t)
	check(t, c.query("select * from BillPayment"), map[string]string{"totalCount": "10"})
	check(t, c.get("purchase/"+s(c.box.All("Purchase")[0], "Id")), map[string]string{"domain": "QBO"})
	if _, code, _, _ := c.fault("POST", "journalcode", m{"Name": "Sales"}); code != "500" {
		t.Errorf("writing gave %s", code)
	}
}

func TestLoadRecorded_EmptyFolderIsAnError(t *testing.T) {
	c := open(t)
	if err := c.box.LoadRecorded(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
