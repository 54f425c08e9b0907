package document

import (
	"slices"
	"strings"

	"crossbook"
	"crossbook/money"
)

// header writes everything but rows and figures.
func (p *projection) header() {
	d := p.data
	p.set(FieldID, d.text("Id"))
	p.set(FieldNumber, d.text("DocNumber"))
	p.set(FieldStatus, p.status())
	p.set(FieldLink, p.in.Link)
	p.set("Subject", p.subject())
	p.set("Currency", p.currency())
	if rate, ok := d.number("ExchangeRate"); ok {
		p.setAmount("Exchange_Rate", rate)
	}
	if p.in.OwnerID != "" {
		p.out.Fields["Owner"] = p.in.OwnerID
	}
	if deal := DealField(p.module); deal != "" && p.in.Before == nil && p.in.DealID != "" {
		p.out.Fields[deal] = p.in.DealID
	}
	switch p.module {
	case crossbook.Quotes:
		p.quote()
	case crossbook.Invoices:
		p.invoice()
	case crossbook.PurchaseOrders:
		p.order()
	}
	p.features()
}

// features writes what only companies have that use the feature (P31). A field
// that neither has a value nor had one is not spoken of.
func (p *projection) features() {
	d := p.data
	p.setUsed(FieldClass, strings.Join(classes(d), ", "))
	p.setUsed(FieldLocation, d.text("DepartmentRef.name"))
	p.setUsed(FieldCustom, strings.Join(customFields(d), "; "))
	if p.module != crossbook.Invoices {
		p.setUsed(FieldTerms, p.terms())
	}
	if p.module != crossbook.PurchaseOrders {
		p.setUsed(FieldShipDate, d.text("ShipDate"))
		p.setUsed(FieldTracking, strings.TrimSpace(d.text("TrackingNum")))
	}
}

func (p *projection) setUsed(field, value string) {
	if _, had := p.in.Before[field]; value != "" || had {
		p.set(field, value)
	}
}

// classes are the class of the document, or, in a company that classes each
// line, those of its lines (reference/quickbooks-online.md sections 4.3 and 4.6).
func classes(d raw) []string {
	if name := d.text("ClassRef.name"); name != "" {
		return []string{name}
	}
	var out []string
	var look func(lines []raw)
	look = func(lines []raw) {
		for _, l := range lines {
			for _, detail := range []string{"SalesItemLineDetail", "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"} {
				if name := l.text(detail + ".ClassRef.name"); name != "" && !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
			look(l.list("GroupLineDetail.Line"))
		}
	}
	look(d.list("Line"))
	return out
}

// CustomField is the value of a sales-form custom field by its name; "" if the
// document does not hold one.
func CustomField(data map[string]any, name string) string {
	for _, f := range raw(data).list("CustomField") {
		if strings.EqualFold(strings.TrimSpace(f.text("Name")), strings.TrimSpace(name)) {
			return strings.TrimSpace(f.text("StringValue"))
		}
	}
	return ""
}

// customFields are the sales-form custom fields that hold something, by name
// (reference/quickbooks-online.md section 4.9).
func customFields(d raw) []string {
	var out []string
	for _, f := range d.list("CustomField") {
		name, value := strings.TrimSpace(f.text("Name")), strings.TrimSpace(f.text("StringValue"))
		if value == "" {
			continue
		}
		if name == "" {
			name = "Custom field " + f.text("DefinitionId")
		}
		out = append(out, name+": "+value)
	}
	return out
}

func (p *projection) quote() {
	d := p.data
	p.customer()
	p.set(FieldQuoteDate, d.text("TxnDate"))
	p.set("Valid_Till", d.text("ExpirationDate"))
	p.set(FieldAcceptedBy, strings.TrimSpace(d.text("AcceptedBy")))
	p.set(FieldAcceptedOn, d.text("AcceptedDate"))
}

func (p *projection) invoice() {
	d := p.data
	p.customer()
	p.set("Invoice_Date", d.text("TxnDate"))
	p.set("Due_Date", d.text("DueDate"))
	p.set(FieldTerms, p.terms())
	p.set(FieldSourceQuote, p.in.SourceQuote)
}

func (p *projection) order() {
	d := p.data
	p.set("Vendor_Name", p.in.Party.VendorID)
	p.set("PO_Date", d.text("TxnDate"))
	p.set("Due_Date", d.text("DueDate"))
	p.set("Carrier", strings.TrimSpace(d.text("ShipMethodRef.name")))
	p.set("Terms_and_Conditions", strings.TrimSpace(d.text("Memo")))
	p.set(FieldVendorEmail, strings.TrimSpace(d.text("POEmail.Address")))
	p.set(FieldBills, bills(d))
	p.address("Billing", "VendorAddr")
	p.address("Shipping", "ShipAddr")
}

// customer writes what quotes and invoices share.
func (p *projection) customer() {
	d := p.data
	p.set("Account_Name", p.in.Party.AccountID)
	p.set("Contact_Name", p.in.Party.ContactID)
	p.set(FieldJob, p.in.Party.Job)
	p.set("Terms_and_Conditions", strings.TrimSpace(d.text("CustomerMemo.value")))
	p.set(FieldSentOn, sentOn(d))
	p.address("Billing", "BillAddr")
	p.address("Shipping", "ShipAddr")
}

// subject is '1042 Cool Cars', or 'Invoice of 2026-05-04 Cool Cars' (P23).
func (p *projection) subject() string {
	name := p.in.Party.Name
	if name == "" {
		name = p.data.text("CustomerRef.name") + p.data.text("VendorRef.name")
	}
	start := p.data.text("DocNumber")
	if start == "" {
		start = p.module.Singular() + " of " + p.data.text("TxnDate")
	}
	return strings.TrimSpace(start + " " + name)
}

func (p *projection) currency() string {
	if code := p.data.text("CurrencyRef.value"); code != "" {
		return code
	}
	return p.in.HomeCurrency
}

func (p *projection) terms() string {
	if name := p.data.text("SalesTermRef.name"); name != "" {
		return name
	}
	if id := p.data.text("SalesTermRef.value"); id != "" && p.in.TermName != nil {
		return p.in.TermName(id)
	}
	return ""
}

// sentOn is the day the document was mailed; a document only marked as sent has
// no day.
func sentOn(d raw) string {
	if d.text("EmailStatus") != "EmailSent" {
		return ""
	}
	return day(d.text("DeliveryInfo.DeliveryTime"))
}

// bills names what a purchase order was billed with.
func bills(d raw) string {
	var out []string
	for _, link := range d.list("LinkedTxn") {
		out = append(out, link.text("TxnType")+" "+link.text("TxnId"))
	}
	return strings.Join(out, ", ")
}

// address writes the five address fields of a prefix. Each line stands on a line
// of the street; after an edit QuickBooks may keep free lines only, city and all
// (spec section 7, 15), and those are shown as they are.
func (p *projection) address(prefix, key string) {
	d := p.data
	var street []string
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		if line := strings.TrimSpace(d.text(key + ".Line" + n)); line != "" {
			street = append(street, line)
		}
	}
	p.set(prefix+"_Street", strings.Join(street, "\n"))
	p.set(prefix+"_City", strings.TrimSpace(d.text(key+".City")))
	p.set(prefix+"_State", strings.TrimSpace(d.text(key+".CountrySubDivisionCode")))
	p.set(prefix+"_Code", strings.TrimSpace(d.text(key+".PostalCode")))
	p.set(prefix+"_Country", strings.TrimSpace(d.text(key+".Country")))
}

// figures writes QuickBooks' own figures, the only ones our reports use (P18).
func (p *projection) figures() {
	d := p.data
	total, tax := d.amount("TotalAmt"), d.amount("TxnTaxDetail.TotalTax")
	p.setAmount(FieldTotal, total)
	p.setAmount(FieldTax, tax)
	p.setAmount(FieldShipping, p.shipping)
	p.setAmount(FieldNet, total.Sub(tax).Sub(p.shipping))
	p.out.Fields[FieldAmountBefore] = ""
	switch p.module {
	case crossbook.Invoices:
		p.invoiceFigures(total)
	case crossbook.Quotes:
		p.setAmount(FieldInvoiced, Invoiced(p.in.Data, p.in.LinkedInvoices))
		p.setAmount(FieldRemaining, Remaining(p.in.Data, p.in.LinkedInvoices))
	}
}

func (p *projection) invoiceFigures(total money.Decimal) {
	balance := p.data.amount("Balance")
	p.setAmount(FieldBalanceDue, balance)
	s := paid(p.data, p.in.Payments, p.in.CreditMemos)
	p.set(FieldLastPayment, s.last)
	p.set(FieldPaidBy, strings.Join(s.by, ", "))
	p.set(FieldPaidOn, "")
	if !total.IsZero() && !balance.IsPositive() {
		p.set(FieldPaidOn, s.last)
	}
}
