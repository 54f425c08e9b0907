package qbobox

import (
	"crypto/md5" //nolint:gosec // a pseudonym's shape, not a secret
	"encoding/hex"
	"strings"

	"github.com/shopspring/decimal"
)

const deletedSuffix = " (deleted)"

// inactiveSuffix is what the name of an inactive record ends with: recorded
// with a small letter for customers and accounts, with a capital one for
// classes, departments, payment methods and, once, a vendor.
func (b *Box) inactiveSuffix(e *entity) string {
	switch e.name {
	case "Class", "Department", "PaymentMethod", "Term":
		return " (Deleted)"
	case "Vendor":
		if !b.opt.Dials.VendorSuffixIsSmall {
			return " (Deleted)"
		}
	}
	return deletedSuffix
}

// completePerson does what customers, vendors and employees share
// (reference sections 4.3, 4.5 and 4.11).
func (b *Box) completePerson(w *write) *fault {
	if flt := b.composeName(w); flt != nil {
		return flt
	}
	if flt := b.settleCurrency(w); flt != nil {
		return flt
	}
	w.preset("Active", true)
	if flt := b.renameInactive(w, "DisplayName"); flt != nil {
		return flt
	}
	if flt := b.uniqueName(w, str(w.next, "DisplayName")); flt != nil {
		return flt
	}
	b.defaultCheckName(w)
	b.settleAddresses(w)
	return b.openingBalance(w)
}

// composeName builds a missing DisplayName from the name parts.
func (b *Box) composeName(w *write) *fault {
	if b.opt.Dials.TrimNames && !w.by.trusted {
		if n := str(w.next, "DisplayName"); n != strings.TrimSpace(n) {
			w.next["DisplayName"] = strings.TrimSpace(n)
		}
	}
	if str(w.next, "DisplayName") != "" {
		return nil
	}
	if w.sparse && !w.creating() {
		w.next["DisplayName"] = w.before["DisplayName"]
		return nil
	}
	var parts []string
	for _, k := range []string{"Title", "GivenName", "MiddleName", "FamilyName", "Suffix"} {
		if s := str(w.next, k); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return coded("6080", "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName or Suffix is required")
	}
	w.next["DisplayName"] = strings.Join(parts, " ")
	return nil
}

// defaultCheckName follows recordings: CompanyName, else given and family
// name, else DisplayName; later sparse changes leave it alone.
func (b *Box) defaultCheckName(w *write) {
	if str(w.next, "PrintOnCheckName") != "" {
		return
	}
	n := str(w.next, "CompanyName")
	if n == "" {
		n = strings.TrimSpace(str(w.next, "GivenName") + " " + str(w.next, "FamilyName"))
	}
	if n == "" {
		n = str(w.next, "DisplayName")
	}
	w.next["PrintOnCheckName"] = n
}

// renameInactive adds the suffix when a record is made inactive, and takes it
// away on the way back only where the dial says so.
func (b *Box) renameInactive(w *write, key string) *fault {
	suffix := b.inactiveSuffix(w.ent)
	if w.creating() {
		return nil
	}
	was, is := flag(w.before, "Active"), flag(w.next, "Active")
	n := str(w.next, key)
	switch {
	case was && !is:
		if flt := b.mayInactivate(w); flt != nil {
			return flt
		}
		if !strings.HasSuffix(n, suffix) {
			n += suffix
		}
		for b.holder(w, n) != nil { // the same name was made inactive before
			n = strings.TrimSuffix(n, ")") + "-1)"
		}
		w.next[key] = n
	case !was && is && b.opt.Dials.ReactivateStripsSuffix && !w.has(key):
		w.next[key] = strings.TrimSuffix(n, suffix)
	}
	return nil
}

// mayInactivate refuses customers and vendors that owe or are owed, unless a
// person does it in the screens (reference section 4.5).
func (b *Box) mayInactivate(w *write) *fault {
	if !w.by.isAPI() || !w.ent.people || b.opt.Dials.InactivateWithBalance {
		return nil
	}
	bal := num(w.before, "Balance")
	if has(w.before, "BalanceWithJobs") {
		bal = num(w.before, "BalanceWithJobs")
	}
	if bal.IsZero() && w.ent.name == "Customer" && b.unbilled(w.id()) {
		return validation("6280", "Delete Customer Has Unbilled Expenses Error", "This customer cannot be made inactive because it has unbilled charges", "")
	}
	if bal.IsZero() {
		return nil
	}
	return validation("6220", "Delete Object With Balance Error", "The entity you are trying to delete has an open balance. : This "+
		strings.ToLower(w.ent.name)+" cannot be deleted because it has a non-zero balance", "")
}

// holder is another record that has this name, or nil.
func (b *Box) holder(w *write, n string) *record {
	for _, r := range b.names[nameSpace(w.ent, fold(n))] {
		if r.ent != w.ent || r.id != w.id() {
			return r
		}
	}
	return nil
}

// uniqueName refuses a taken name. By default a name also stays taken while
// its former owner is inactive under "name (deleted)".
func (b *Box) uniqueName(w *write, n string) *fault {
	if w.by.trusted || !w.creating() && fold(n) == b.find(w.ent.name, w.id()).key {
		return nil
	}
	other := b.holder(w, n)
	if other == nil && !b.opt.Dials.InactiveNameIsFree {
		other = b.holder(w, n+deletedSuffix)
		if other != nil && other.active {
			other = nil
		}
	}
	if other == nil {
		return nil
	}
	switch {
	case w.ent.people && !w.creating() && other.ent == w.ent:
		return duplicateName("Another " + b.spokenList(w.ent.name) + " is already using this name.  Please use a different name.")
	case w.ent.people:
		return duplicateName("Another " + b.spokenList("Customer") + ", vendor or employee is already using this name. Please use a different name.")
	default:
		return duplicateName("Another " + listWord(w.ent.name) + " is already using this name. Please use a different name.")
	}
}

func listWord(entity string) string {
	switch entity {
	case "Item":
		return "product or service"
	case "PaymentMethod":
		return "payment method"
	case "CompanyCurrency":
		return "currency"
	default:
		return strings.ToLower(entity)
	}
}

// settleCurrency fixes the currency at creation. Naming an unknown one adds it
// to the company's list when several are on, and is refused when not.
func (b *Box) settleCurrency(w *write) *fault {
	code := str(w.next, "CurrencyRef.value")
	if !w.creating() {
		was := str(w.before, "CurrencyRef.value")
		if was == "" {
			was = b.home
		}
		if code != "" && code != was {
			return business("You can't change the currency of an existing " + strings.ToLower(w.ent.name) + ".")
		}
		w.next["CurrencyRef"] = ref(was, b.currencyName(was))
		return nil
	}
	if code == "" {
		code = b.home
	}
	if flt := b.useCurrency(w.by, code); flt != nil {
		return flt
	}
	w.next["CurrencyRef"] = ref(code, b.currencyName(code))
	return nil
}

func (b *Box) useCurrency(by *actor, code string) *fault {
	if code == b.home {
		return nil
	}
	if !b.multiCurrency() && !by.trusted {
		return business("Multi currency should be enabled to perform this operation")
	}
	if known := b.names["CompanyCurrency\x00"+fold(code)]; len(known) > 0 {
		if !known[0].active {
			b.patch(known[0], true, func(o object) { o["Active"] = true })
		}
		return nil
	}
	if currencyNames[code] == "" {
		return validation("2220", "Invalid Currency", "Invalid currency code: "+code, "CurrencyRef")
	}
	_, flt := b.save(by, b.entities["companycurrency"], object{"Code": code})
	return flt
}

// openingBalance takes Balance on create together with its date (reference section 5.1).
func (b *Box) openingBalance(w *write) *fault {
	if !w.creating() {
		for _, k := range []string{"Balance", "BalanceWithJobs"} {
			if v, ok := w.before[k]; ok {
				w.next[k] = v
			}
		}
		delete(w.next, "OpenBalanceDate")
		return nil
	}
	bal, dated := num(w.next, "Balance"), has(w.next, "OpenBalanceDate")
	if !bal.IsZero() && !dated && !w.by.trusted {
		return coded("6060", "Opening balance date is required when an opening balance is given")
	}
	if w.ent.name != "Employee" {
		w.next["Balance"] = number(bal)
	}
	delete(w.next, "OpenBalanceDate")
	return nil
}

// settleAddresses gives new addresses an id and keeps the id of changed ones.
func (b *Box) settleAddresses(w *write) {
	for _, k := range []string{"BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr", "VendorAddr", "RemitToAddr", "Address"} {
		addr, ok := w.next[k].(object)
		if !ok {
			continue
		}
		var old object
		if w.before != nil {
			old, _ = w.before[k].(object)
		}
		switch {
		case old == nil:
			if str(addr, "Id") == "" {
				addr["Id"] = b.nextAddressID()
			}
			locate(w, k, addr)
		case equalBut(addr, old, "Id", "Lat", "Long"):
			w.next[k] = clone(old)
		default:
			addr["Id"] = old["Id"]
			locate(w, k, addr)
		}
	}
	b.shareAddress(w)
}

// locate: what people type is looked up on a map, and here never found; what a
// client sends comes back without a place (both recorded; reference section 2).
func locate(w *write, key string, addr object) {
	if !w.by.isAPI() && key != "ShipFromAddr" && key != "Address" && !has(addr, "Lat") {
		addr["Lat"], addr["Long"] = "INVALID", "INVALID"
	}
}

// shareAddress: people tick "same as the billing address", and both then are
// one under one id, until one of them changes (reference section 5.1).
func (b *Box) shareAddress(w *write) {
	if w.ent.name != "Customer" {
		return
	}
	bill, _ := w.next["BillAddr"].(object)
	ship, _ := w.next["ShipAddr"].(object)
	if bill == nil || ship == nil {
		return
	}
	same := equalBut(bill, ship, "Id", "Lat", "Long")
	switch {
	case same && !w.by.isAPI() && w.before["ShipAddr"] == nil:
		w.next["ShipAddr"] = clone(bill)
	case !same && str(bill, "Id") == str(ship, "Id"):
		ship["Id"] = b.nextAddressID()
	}
}

// pseudonym has the shape of V4IDPseudonym and is stable.
func (b *Box) pseudonym(entity, id string) string {
	h := md5.Sum([]byte(b.opt.RealmID + entity + id)) //nolint:gosec // see import
	return "002098" + hex.EncodeToString(h[:])
}

func (b *Box) completeCustomer(w *write) *fault {
	if flt := b.placeCustomer(w); flt != nil {
		return flt
	}
	if flt := b.completePerson(w); flt != nil {
		return flt
	}
	w.next["FullyQualifiedName"] = b.qualified(w, str(w.next, "DisplayName"))
	w.preset("Taxable", b.country() == "US" && b.taxGroup() != "")
	w.preset("PreferredDeliveryMethod", "Print")
	w.preset("IsProject", false)
	mask(w, "PrimaryTaxIdentifier")
	w.preset("BalanceWithJobs", number(num(w.next, "Balance")))
	w.next["ClientEntityId"] = "0"
	if !flag(w.next, "Taxable") {
		delete(w.next, "DefaultTaxCodeRef")
	}
	if w.creating() && w.id() == "" {
		w.next["Id"] = b.nextID(w.ent)
	}
	w.next["V4IDPseudonym"] = b.pseudonym("Customer", w.id())
	return nil
}

// placeCustomer settles Job, ParentRef, Level and BillWithParent (reference section 4.4).
func (b *Box) placeCustomer(w *write) *fault {
	parent := str(w.next, "ParentRef.value")
	w.preset("Job", parent != "")
	if flag(w.next, "Job") && parent == "" {
		return coded("6150", "A parent is required: ParentRef must be given when Job is true")
	}
	if !flag(w.next, "Job") {
		delete(w.next, "ParentRef")
		delete(w.next, "Level")
		w.next["BillWithParent"] = false
		return nil
	}
	w.preset("BillWithParent", false)
	up := b.find("Customer", parent)
	if flt := b.checkParent(w, up, 4); flt != nil {
		return flt
	}
	w.next["Level"] = jsonInt(b.level(up) + 1)
	if !w.creating() && flag(w.before, "BillWithParent") != flag(w.next, "BillWithParent") && b.hasInvoices(w.id()) {
		return coded("6130", "Bill with parent cannot be changed for a customer that has invoices")
	}
	return nil
}

func (b *Box) hasInvoices(customer string) bool {
	for r := range b.usedBy[handle("Customer", customer)] {
		if r.ent.name == "Invoice" {
			return true
		}
	}
	return false
}

// checkParent refuses circles and trees that are too deep.
func (b *Box) checkParent(w *write, up *record, deepest int) *fault {
	for p := up; p != nil; p = b.parent(p) {
		if p.id == w.id() {
			return business("A record cannot be its own parent.")
		}
	}
	below := 0
	if !w.creating() {
		below = b.depth(b.find(w.ent.name, w.id()))
	}
	if b.level(up)+1+below > deepest {
		return coded("6180", "The number of levels exceeds the limit")
	}
	return nil
}

func (b *Box) parent(r *record) *record {
	return b.find(r.ent.name, str(r.object(), "ParentRef.value"))
}

func (b *Box) level(r *record) int {
	n := 0
	for p := b.parent(r); p != nil; p = b.parent(p) {
		n++
	}
	return n
}

func (b *Box) depth(r *record) int {
	deepest := 0
	for _, c := range b.children(r) {
		deepest = max(deepest, 1+b.depth(c))
	}
	return deepest
}

// qualified is Parent:Child from the candidate's parent.
func (b *Box) qualified(w *write, own string) string {
	if up := b.find(w.ent.name, str(w.next, "ParentRef.value")); up != nil {
		return str(up.object(), "FullyQualifiedName") + ":" + own
	}
	return own
}

// singleCustomer is what a read by id shows beyond a list row (recorded).
func (b *Box) singleCustomer(o object) {
	delete(o, "ClientEntityId")
	if code := b.taxGroup(); code != "" && b.country() == "US" && !has(o, "DefaultTaxCodeRef") {
		o["DefaultTaxCodeRef"] = ref(code, "")
	}
}

func (b *Box) completeVendor(w *write) *fault {
	if flt := b.completePerson(w); flt != nil {
		return flt
	}
	w.preset("Vendor1099", false)
	mask(w, "TaxIdentifier")
	if w.creating() && w.id() == "" {
		w.next["Id"] = b.nextID(w.ent)
	}
	w.next["V4IDPseudonym"] = b.pseudonym("Vendor", w.id())
	return nil
}

// mask hides all but the last four characters, as reads do.
func mask(w *write, key string) {
	s := str(w.next, key)
	if s == "" || strings.HasPrefix(s, "XXX") {
		return
	}
	keep := min(4, len(s))
	w.next[key] = strings.Repeat("X", len(s)-keep) + s[len(s)-keep:]
}

func (b *Box) singleVendor(o object) {
	for _, k := range []string{"BillRate", "CostRate"} {
		if !has(o, k) {
			o[k] = number(decimal.Zero)
		}
	}
}

func (b *Box) completeEmployee(w *write) *fault {
	if flt := b.completePerson(w); flt != nil {
		return flt
	}
	delete(w.next, "CurrencyRef")
	mask(w, "SSN")
	w.preset("BillableTime", false)
	return nil
}
