package qbobox

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// completeSale derives and checks invoices, estimates and credit memos
// (reference sections 4.7 to 4.11 and 5.5).
func (b *Box) completeSale(w *write) *fault {
	customer, flt := b.party(w, "CustomerRef", "Customer")
	if flt != nil {
		return flt
	}
	if flt := b.dateAndNumber(w); flt != nil {
		return flt
	}
	if flt := b.settleRate(w, customer); flt != nil {
		return flt
	}
	b.presetSale(w, customer)
	if str(w.next, "EmailStatus") == "NeedToSend" && str(w.next, "BillEmail.Address") == "" {
		return coded("6420", "An email address is required when the document is to be sent by email")
	}
	if flt := b.settleLinks(w); flt != nil {
		return flt
	}
	if b.mustRecalculate(w) {
		if flt := b.recalculateSale(w, customer); flt != nil {
			return flt
		}
	}
	if flt := depositedStays(w); flt != nil {
		return flt
	}
	b.settleAddresses(w)
	b.finishSale(w)
	return nil
}

// party checks the customer or vendor of a document and returns its object.
func (b *Box) party(w *write, key, entity string) (object, *fault) {
	id := str(w.next, key+".value")
	if w.ent.name == "Bill" && w.by.isAPI() && !w.has(key) {
		return nil, missing(key) // also in a sparse update (reference section 4.2)
	}
	if id == "" {
		if w.creating() || !w.sparse {
			return nil, missing(key)
		}
		w.next[key] = clone(w.before[key])
		id = str(w.next, key+".value")
	}
	rec := b.find(entity, id)
	if rec == nil {
		return nil, badRef("Names", id)
	}
	if !rec.active && w.by.isAPI() && numberedSale[w.ent.name] && b.opt.Dials.SalesCustomerIs6250 {
		return nil, noSalesCustomer()
	}
	if !rec.active && w.by.isAPI() {
		return nil, validation("2500", "Invalid Reference Id", "Invalid Reference Id : "+entity+
			" assigned to this transaction has been deleted. Before you can modify this transaction, you must restore "+rec.title+".", "")
	}
	w.next[key] = ref(id, rec.title)
	return rec.object(), nil
}

// dateAndNumber settles TxnDate and DocNumber and refuses closed periods.
func (b *Box) dateAndNumber(w *write) *fault {
	w.preset("TxnDate", b.today())
	dates := []string{str(w.next, "TxnDate")}
	if !w.creating() {
		dates = append(dates, str(w.before, "TxnDate"))
	}
	if w.ent.name != "Estimate" && w.ent.name != "PurchaseOrder" { // those two do not post
		if flt := b.checkClosed(w.by, dates...); flt != nil {
			return flt
		}
	}
	if flt := b.warnedNumber(w); flt != nil {
		return flt
	}
	n := str(w.next, "DocNumber")
	if n == "" || n == autoNumber || numberSeries[w.ent.name] == "" || w.by.trusted || w.by.allowDuplicates || w.by.screens || b.opt.Dials.DuplicateNumbersAllowed {
		return nil
	}
	if !w.creating() && n == str(w.before, "DocNumber") {
		return nil
	}
	for _, r := range b.names[numberSeries[w.ent.name]+"\x00"+fold(n)] {
		if r.ent != w.ent || r.id != w.id() {
			return duplicateNumber(n, spoken(r.ent.name), r.id)
		}
	}
	return nil
}

// warnedNumber refuses a bill's or an entry's number that is in use, where the
// company wants to be warned (reference section 5.9, Preferences).
func (b *Box) warnedNumber(w *write) *fault {
	pref := map[string]string{"Bill": "WarnDuplicateBillNumber", "JournalEntry": "WarnDuplicateJournalNumber"}[w.ent.name]
	n := str(w.next, "DocNumber")
	if pref == "" || n == "" || !w.by.isAPI() || w.by.allowDuplicates || b.otherPreference(pref) != "true" {
		return nil
	}
	vendor := str(w.next, "VendorRef.value")
	for _, r := range b.tables[w.ent.path()].ids.all() {
		if o := r.object(); r.id != w.id() && str(o, "DocNumber") == n && str(o, "VendorRef.value") == vendor {
			return duplicateNumber(n, spoken(r.ent.name), r.id)
		}
	}
	return nil
}

const autoNumber = "AUTO_GENERATE"

func spoken(entity string) string {
	switch entity {
	case "CreditMemo":
		return "Credit Memo"
	case "PurchaseOrder":
		return "Purchase Order"
	case "SalesReceipt":
		return "Sales Receipt"
	case "RefundReceipt":
		return "Refund Receipt"
	default:
		return entity
	}
}

// number draws the next document number unless the company numbers by hand;
// the counter follows the last used value, prefix included (reference section 4.10).
func (b *Box) number(w *write) {
	s := numberSeries[w.ent.name]
	if s == "" {
		return
	}
	asked := flag(w.next, "AutoDocNumber") || str(w.next, "DocNumber") == autoNumber // X: either asks for the next one
	delete(w.next, "AutoDocNumber")
	if asked {
		delete(w.next, "DocNumber")
		if n := str(w.before, "DocNumber"); n != "" {
			w.next["DocNumber"] = n
		}
	}
	if w.creating() && str(w.next, "DocNumber") == "" && !w.by.trusted && (asked || !flag(b.preferences(), "SalesFormsPrefs.CustomTxnNumbers")) {
		w.next["DocNumber"] = b.freeNumber(s)
	}
	if n := str(w.next, "DocNumber"); n != "" && (w.creating() || n != str(w.before, "DocNumber")) {
		b.lastNumber[s] = n
	}
}

func (b *Box) freeNumber(series string) string {
	last := b.lastNumber[series]
	if last == "" {
		last = "1000"
	}
	for {
		last = increment(last)
		if len(b.names[series+"\x00"+fold(last)]) == 0 {
			return last
		}
	}
}

func increment(s string) string {
	i := len(s)
	for i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
		i--
	}
	digits := s[i:]
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return s + "1"
	}
	next := strconv.FormatUint(n+1, 10)
	for len(next) < len(digits) {
		next = "0" + next
	}
	return s[:i] + next
}

// presetSale fills what a sales form takes from its customer and the company.
func (b *Box) presetSale(w *write, customer object) {
	if !has(w.next, "SalesTermRef") && w.creating() && customer["SalesTermRef"] != nil && (w.ent.name == "Invoice" || w.ent.name == "Estimate") {
		id := str(customer, "SalesTermRef.value")
		if r := b.find("Term", id); r != nil {
			w.next["SalesTermRef"] = ref(id, r.title)
		}
	}
	if id := str(b.preferences(), "SalesFormsPrefs.DefaultTerms.value"); id != "" && !has(w.next, "SalesTermRef") && w.creating() &&
		(w.ent.name == "Invoice" || w.ent.name == "Estimate") {
		if r := b.find("Term", id); r != nil && r.active {
			w.next["SalesTermRef"] = ref(id, r.title)
		}
	}
	if w.ent.name == "Invoice" {
		w.preset("DueDate", b.dueDate(str(w.next, "TxnDate"), str(w.next, "SalesTermRef.value"), 30))
		w.preset("AllowOnlineCreditCardPayment", !w.by.trusted)
		w.preset("AllowOnlineACHPayment", !w.by.trusted)
		w.next["AllowIPNPayment"], w.next["AllowOnlinePayment"] = false, false
		w.preset("LinkedTxn", []any{})
	}
	if w.ent.name == "Estimate" {
		w.preset("TxnStatus", "Pending")
	}
	if w.ent.name == "SalesReceipt" || w.ent.name == "RefundReceipt" {
		if id := b.accountBySubType("UndepositedFunds"); id != "" && str(w.next, "DepositToAccountRef.value") == "" {
			w.next["DepositToAccountRef"] = ref(id, "")
		}
		if r := b.find("Account", str(w.next, "DepositToAccountRef.value")); r != nil {
			w.next["DepositToAccountRef"] = ref(r.id, r.title) // named here, unlike on a payment (recorded)
		}
	}
	for _, k := range []string{"BillAddr", "ShipAddr"} {
		from := customer[k]
		if from == nil {
			from = customer["BillAddr"]
		}
		if from != nil && (w.creating() || !w.sparse) {
			w.preset(k, clone(from))
		}
	}
	w.preset("FreeFormAddress", true)
	if w.creating() && !w.by.trusted {
		b.shipFrom(w)
	}
	w.preset("CustomField", []any{})
	w.preset("ApplyTaxAfterDiscount", false)
	w.preset("PrintStatus", "NeedToPrint")
	w.preset("EmailStatus", "NotSet")
}

// shipFrom is the company's address in free form (recorded).
func (b *Box) shipFrom(w *write) {
	addr, ok := b.company()["CompanyAddr"].(object)
	if !ok || has(w.next, "ShipFromAddr") {
		return
	}
	w.next["ShipFromAddr"] = object{
		"Id": b.nextAddressID(), "Line1": str(addr, "Line1"),
		"Line2": str(addr, "City") + ", " + str(addr, "CountrySubDivisionCode") + "  " + str(addr, "PostalCode"),
	}
}

// dueDate applies a term to a date (reference section 5.9).
func (b *Box) dueDate(txn, term string, without int) string {
	rec := b.find("Term", term)
	if rec == nil {
		return addDays(txn, without)
	}
	o := rec.object()
	if str(o, "Type") == "DATE_DRIVEN" {
		return dayOfMonth(txn, int(num(o, "DayOfMonthDue").IntPart()), int(num(o, "DueNextMonthDays").IntPart()))
	}
	return addDays(txn, int(num(o, "DueDays").IntPart()))
}

// settleRate fixes the document's currency to its customer's or vendor's.
func (b *Box) settleRate(w *write, party object) *fault {
	code := str(w.next, "CurrencyRef.value")
	own := str(party, "CurrencyRef.value")
	if own == "" {
		own = b.home
	}
	if code == "" && own != b.home && w.creating() && w.by.isAPI() {
		return missing("CurrencyRef") // reference section 4.11; the screens take it from the customer
	}
	if code == "" {
		code = own
	}
	if code != b.home && !b.multiCurrency() && !w.by.trusted {
		return business("Multi currency should be enabled to perform this operation")
	}
	if code != own && code != b.home {
		return business("The currency of the transaction is invalid for customer / vendor / account.")
	}
	if !w.creating() && code != str(w.before, "CurrencyRef.value") && w.before["CurrencyRef"] != nil {
		return business("You can't change the currency of an existing transaction.")
	}
	w.next["CurrencyRef"] = ref(code, b.currencyName(code))
	if !b.multiCurrency() {
		delete(w.next, "ExchangeRate")
		return nil
	}
	if code == b.home {
		w.next["ExchangeRate"] = number(decimal.NewFromInt(1))
	} else if !hasNum(w.next, "ExchangeRate") {
		w.next["ExchangeRate"] = number(b.rate(code, str(w.next, "TxnDate")))
	}
	return nil
}

// mustRecalculate tells whether anything that money depends on was sent. A
// sparse change of a note must leave old totals alone, also those that the
// present rules would not give.
func (b *Box) mustRecalculate(w *write) bool {
	return w.creating() || !w.sparse || w.has("Line") || w.has("TxnTaxDetail") || w.has("ApplyTaxAfterDiscount") ||
		w.has("GlobalTaxCalculation") || w.has("Deposit") || w.has("ExchangeRate") || w.has("TotalAmt")
}

// finishSale derives balances and foreign totals from the total.
func (b *Box) finishSale(w *write) {
	total := num(w.next, "TotalAmt")
	switch w.ent.name {
	case "Invoice":
		w.next["Balance"] = number(total.Sub(num(w.next, "Deposit")).Sub(b.appliedSoFar(w)))
	case "SalesReceipt", "RefundReceipt":
		w.next["Balance"] = number(decimal.Zero)
	case "CreditMemo":
		left := number(total.Sub(b.appliedSoFar(w)))
		w.next["Balance"], w.next["RemainingCredit"] = left, left
	}
	if b.multiCurrency() && hasNum(w.next, "ExchangeRate") {
		rate := num(w.next, "ExchangeRate")
		w.next["HomeTotalAmt"] = number(cents(total.Mul(rate)))
		if has(w.next, "Balance") {
			w.next["HomeBalance"] = number(cents(num(w.next, "Balance").Mul(rate)))
		}
	}
}

// appliedSoFar is what payments took off this document before this write.
func (b *Box) appliedSoFar(w *write) decimal.Decimal {
	if w.creating() {
		return decimal.Zero
	}
	return num(w.before, "TotalAmt").Sub(num(w.before, "Deposit")).Sub(num(w.before, "Balance"))
}

// depositedStays refuses to change the amount of what is in the bank (6540).
func depositedStays(w *write) *fault {
	if w.creating() || !w.by.isAPI() || w.ent.name != "Payment" && w.ent.name != "SalesReceipt" {
		return nil
	}
	for _, k := range list(w.before, "LinkedTxn") {
		if str(k, "TxnType") == "Deposit" && !num(w.before, "TotalAmt").Equal(num(w.next, "TotalAmt")) {
			return deposited()
		}
	}
	return nil
}

func deposited() *fault {
	return coded("6540", "The transaction you are trying to edit or delete has been deposited. Remove it from the deposit first.")
}
