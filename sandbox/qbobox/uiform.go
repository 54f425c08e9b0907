package qbobox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"crossbook/sandbox/ui"
)

// mainFields stand open on a form and on a record, in this order; the others
// are folded.
var mainFields = []string{
	"DisplayName", "Name", "CompanyName", "Code", "GivenName", "FamilyName", "CustomerRef", "VendorRef", "EntityRef", "DocNumber", "TxnDate", "DueDate",
	"ExpirationDate", "Type", "Sku", "Description", "UnitPrice", "PurchaseCost", "TrackQtyOnHand", "QtyOnHand", "InvStartDate", "IncomeAccountRef",
	"ExpenseAccountRef", "AssetAccountRef", "AccountType", "AccountSubType", "AcctNum", "AccountRef", "APAccountRef", "DepositToAccountRef", "FromAccountRef", "ToAccountRef",
	"AdjustAccountRef", "PaymentType", "PayType", "PaymentMethodRef", "PaymentRefNum", "Amount", "TotalAmt", "Balance", "BalanceWithJobs", "UnappliedAmt",
	"CurrentBalance", "TxnStatus", "POStatus", "SalesTermRef", "TermRef", "DueDays", "PrimaryEmailAddr", "PrimaryPhone", "Mobile", "WebAddr", "BillEmail",
	"BillAddr", "ShipAddr", "CurrencyRef", "ExchangeRate", "ParentRef", "Taxable", "TxnTaxDetail", "CustomerMemo", "Memo", "Notes", "PrivateNote",
	"FileName", "Note", "Active", "LegalName", "Country", "CompanyAddr", "Email", "PrefVendorRef", "DueNextMonthDays", "DayOfMonthDue",
}

// requiredFields are those without which the box refuses a new record.
var requiredFields = map[string][]string{
	"Customer": {"DisplayName"}, "Vendor": {"DisplayName"}, "Item": {"Name"}, "Account": {"Name", "AccountType"}, "Term": {"Name"}, "PaymentMethod": {"Name"},
	"Class": {"Name"}, "Department": {"Name"}, "CompanyCurrency": {"Code"}, "TaxAgency": {"DisplayName"}, "Estimate": {"CustomerRef"}, "Invoice": {"CustomerRef"},
	"SalesReceipt": {"CustomerRef"}, "CreditMemo": {"CustomerRef"}, "RefundReceipt": {"CustomerRef", "DepositToAccountRef"}, "Payment": {"CustomerRef", "TotalAmt"},
	"PurchaseOrder": {"VendorRef"}, "Bill": {"VendorRef"}, "VendorCredit": {"VendorRef"}, "BillPayment": {"VendorRef", "PayType", "TotalAmt"},
	"Purchase": {"AccountRef", "PaymentType"}, "Deposit": {"DepositToAccountRef"}, "Transfer": {"FromAccountRef", "ToAccountRef", "Amount"},
	"InventoryAdjustment": {"AdjustAccountRef"},
}

const suggested = 40 // names offered below a reference

// Form is what has to be filled in for an action.
func (s screens) Form(ask ui.Ask) (ui.Form, error) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if f, is := b.companyForm(ask.Action); is {
		return f, nil
	}
	e := b.entityNamed(ask.Kind)
	if e == nil {
		return ui.Form{}, fmt.Errorf("there is no list %q: %w", ask.Kind, ui.ErrNotFound)
	}
	many, one := kindTitle(e)
	if ask.ID == "" {
		back := ui.Link{Text: many, Href: ui.ListURL(e.name)}
		switch {
		case ask.Action == "create" && (e.shape == nameList || e.shape == document):
			f := b.editForm(e, nil)
			f.Title, f.Submit, f.Back = "Add "+article(one), "Add the "+one, back
			return f, nil
		case ask.Action == "bump_all" && e.shape != singleton:
			return ui.Form{
				Title: "Touch " + many, Submit: "Touch them", Back: back, Lead: "Moves the time of the last change without changing anything, as the vendor's housekeeping does now and then.",
				Groups: []ui.Inputs{{Inputs: []ui.Input{{Name: "Count", Label: "How many", Type: "number", Hint: "Empty: all"}}}},
			}, nil
		}
		return ui.Form{}, ui.ErrNotFound
	}
	_, _, o, err := b.shown(ask.Kind, ask.ID)
	if err != nil {
		return ui.Form{}, err
	}
	f, err := b.recordForm(ask, e, o)
	f.Seen = str(o, "SyncToken")
	f.Back = ui.Link{Text: headOf(e, ask.ID, o), Href: ui.RecordURL(e.name, ask.ID)}
	return f, err
}

// recordActs are what a person can do to a record.
func (b *Box) recordActs(e *entity, o object) []ui.Act {
	id := str(o, "Id")
	edit := ui.Act{Action: "update", Text: "Edit"}
	switch {
	case e.shape == fixed, b.merged[handle(e.name, id)] != "":
		return nil
	case e.name == "Preferences":
		return []ui.Act{edit}
	case e.shape == singleton:
		return []ui.Act{edit}
	}
	acts := []ui.Act{edit}
	add := func(when bool, action, text string) {
		if when {
			acts = append(acts, ui.Act{Action: action, Text: text, Danger: slices.Contains([]string{"delete", "void", "merge", "inactivate"}, action)})
		}
	}
	add(e.name == "Customer", "receive_payment", "Receive payment")
	add(e.name == "Estimate", "invoice_estimate", "Invoice it")
	add(e.name == "PurchaseOrder", "bill_order", "Bill it")
	add(e.name == "Item" && str(o, "Type") == "Inventory", "adjust_quantity", "Adjust quantity")
	if e.shape == nameList {
		active := !has(o, "Active") || flag(o, "Active")
		add(e.fields["Active"].kind == kBool && active, "inactivate", "Make inactive")
		add(e.fields["Active"].kind == kBool && !active, "reactivate", "Make active")
		add(e.fields["Active"].kind == kBool, "merge", "Merge into another")
		return acts
	}
	add(e.fields["EmailStatus"].kind == kEnum, "send", "Mark as sent")
	mark := b.marks[handle(e.name, id)]
	add(slices.Contains(byCard, e.name) && mark == "", "settle", "Settle")
	add(slices.Contains(atTheBank, e.name) && mark == "", "match", "Match to the bank")
	add(mark == markMatched, "unmatch", "Unmatch")
	add(mayVoid(&actor{screens: true}, e, "void") == nil, "void", "Void")
	add(true, "delete", "Delete")
	return acts
}

// recordForm is the form of an action on a record; an action that the record
// does not offer has none.
func (b *Box) recordForm(ask ui.Ask, e *entity, o object) (ui.Form, error) {
	offered := slices.ContainsFunc(b.recordActs(e, o), func(a ui.Act) bool { return a.Action == ask.Action })
	_, one := kindTitle(e)
	name := headOf(e, ask.ID, o)
	if !offered {
		return ui.Form{}, fmt.Errorf("nobody can do %q to this %s: %w", ask.Action, one, ui.ErrNotFound)
	}
	inputs := func(in ...ui.Input) []ui.Inputs { return []ui.Inputs{{Inputs: in}} }
	percent := inputs(ui.Input{Name: "Percent", Label: "Percent", Type: "number", Hint: "Empty: all that is left"})
	switch ask.Action {
	case "update":
		f := b.editForm(e, o)
		f.Title, f.Submit = "Edit "+name, "Save"
		return f, nil
	case "inactivate":
		return ui.Form{Title: "Make " + name + " inactive", Submit: "Make inactive", Danger: true, Lead: "It stays in old documents and its name gets the suffix (deleted). It can be made active again."}, nil
	case "reactivate":
		return ui.Form{Title: "Make " + name + " active", Submit: "Make active", Lead: "It can be used again."}, nil
	case "delete":
		return ui.Form{Title: "Delete " + name, Submit: "Delete it", Danger: true, Lead: "It goes for good, with what it means in the books. Nothing brings it back."}, nil
	case "void":
		return ui.Form{Title: "Void " + name, Submit: "Void it", Danger: true, Lead: "It stays, with all amounts at zero, and lets go of the documents it is linked with."}, nil
	case "settle":
		return ui.Form{Title: "Settle " + name, Submit: "Settle it", Lead: "Its bank has settled the card payment: programs can no longer void or delete it."}, nil
	case "match":
		return ui.Form{Title: "Match " + name + " to the bank", Submit: "Match it", Lead: "It stands on the bank's statement: programs can no longer delete or void it."}, nil
	case "unmatch":
		return ui.Form{Title: "Unmatch " + name, Submit: "Unmatch it", Lead: "It no longer belongs to a line of the bank's statement."}, nil
	case "merge":
		return ui.Form{
			Title: "Merge " + name + " into another", Submit: "Merge", Danger: true, Lead: "Everything that names it names the other one afterwards. It becomes inactive and can never be changed again.",
			Groups: inputs(ui.Input{Name: "into", Label: "Into which " + one, Type: "text", Hint: "Name or id", Required: true, Options: b.suggest(e.name)}),
		}, nil
	case "send":
		return ui.Form{Title: "Mark " + name + " as sent", Submit: "Mark as sent", Lead: "Nothing is sent; the document is marked as the vendor marks it.", Groups: inputs(ui.Input{Name: "to", Label: "To", Type: "email", Hint: "Empty: the address on the document"})}, nil
	case "receive_payment":
		return ui.Form{
			Title: "Receive a payment of " + name, Submit: "Receive it", Lead: "It pays the oldest open invoices first; what is left stays as a credit.",
			Groups: inputs(
				ui.Input{Name: "TotalAmt", Label: "Amount", Type: "number", Required: true, Value: positive(o, "Balance")}, ui.Input{Name: "TxnDate", Label: "Date", Type: "date", Hint: "Empty: today"},
				ui.Input{Name: "PaymentRefNum", Label: "Reference number", Type: "text"}, ui.Input{Name: "PrivateNote", Label: "Note to ourselves", Type: "area"}),
		}, nil
	case "invoice_estimate":
		return ui.Form{Title: "Make an invoice of " + name, Submit: "Make the invoice", Groups: percent}, nil
	case "bill_order":
		return ui.Form{Title: "Make a bill of " + name, Submit: "Make the bill", Groups: percent}, nil
	case "adjust_quantity":
		return ui.Form{
			Title: "Adjust the quantity of " + name, Submit: "Adjust it", Lead: "The difference is entered as inventory shrinkage.",
			Groups: inputs(ui.Input{Name: "QtyOnHand", Label: "Quantity on hand", Type: "number", Required: true, Value: str(o, "QtyOnHand")}, ui.Input{Name: "InvStartDate", Label: "Stock counted since", Type: "date", Value: str(o, "InvStartDate")}),
		}, nil
	}
	return ui.Form{}, ui.ErrNotFound
}

func positive(o object, key string) string {
	if n := num(o, key); n.IsPositive() {
		return n.String()
	}
	return ""
}

// editForm asks for everything an entity takes; o is nil for a new one.
func (b *Box) editForm(e *entity, o object) ui.Form {
	if e.shape == singleton {
		return b.singleForm(o)
	}
	main, more := ui.Inputs{}, ui.Inputs{Title: "Everything else", Folded: true}
	var addresses []ui.Inputs
	seen := map[string]bool{"Line": true, "LinkedTxn": true, "Active": o != nil}
	add := func(to *ui.Inputs, k string) {
		f, known := e.fields[k]
		if !known || seen[k] || f.kind == kIgnore || numericStock[k] && o != nil {
			return
		}
		seen[k] = true
		if k == "TxnTaxDetail" {
			code, _ := dig(o, "TxnTaxDetail.TxnTaxCodeRef").(object)
			to.Inputs = append(to.Inputs, ui.Input{Name: k, Label: "Tax code of the whole document", Type: "text", Hint: "Name or id", Value: b.refInput("TaxCode", code), Options: b.suggest("TaxCode")})
			return
		}
		if f.kind == kAddress {
			addresses = append(addresses, addressInputs(k, o))
			return
		}
		in := b.input(k, f, o)
		in.Required = slices.Contains(requiredFields[e.name], k)
		to.Inputs = append(to.Inputs, in)
	}
	for _, k := range mainFields {
		add(&main, k)
	}
	for _, k := range sortedFieldNames(e) {
		add(&more, k)
	}
	f := ui.Form{Groups: append([]ui.Inputs{main}, addresses...)}
	if len(more.Inputs) > 0 {
		f.Groups = append(f.Groups, more)
	}
	if spec := lineSpecs[e.name]; spec != nil {
		f.Lines = &ui.Lines{Title: "Lines", Rows: spec.rows(o)}
		for _, c := range spec.columns {
			in := ui.Input{Name: c.name, Label: c.label, Type: c.kind}
			if refTarget[c.kind] {
				in.Type, in.Options = "text", b.suggest(c.kind)
			}
			for _, v := range c.options {
				in.Options = append(in.Options, ui.Option{Value: v, Text: cmp.Or(v, "–")})
			}
			if len(c.options) > 0 {
				in.Value = c.options[0]
			}
			f.Lines.Columns = append(f.Lines.Columns, in)
		}
		f.Lines.Hint = "Rows without anything in them are left out. Totals, discounts and groups that a program wrote stay as they are."
	}
	return f
}

// numericStock has a form of its own once the item is there.
var numericStock = map[string]bool{"QtyOnHand": true, "InvStartDate": true}

func sortedFieldNames(e *entity) []string {
	out := make([]string, 0, len(e.fields))
	for k := range e.fields {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func addressInputs(key string, o object) ui.Inputs {
	g := ui.Inputs{Title: label(key), Folded: o == nil || o[key] == nil}
	for _, part := range [][2]string{{"Line1", "Street"}, {"Line2", "Second line"}, {"City", "City"}, {"CountrySubDivisionCode", "State or county"}, {"PostalCode", "Postal code"}, {"Country", "Country"}} {
		g.Inputs = append(g.Inputs, ui.Input{Name: key + "." + part[0], Label: part[1], Type: "text", Value: str(o, key+"."+part[0])})
	}
	return g
}

func (b *Box) input(k string, f field, o object) ui.Input {
	in := ui.Input{Name: k, Label: label(k), Type: "text"}
	if f.max > 0 && f.kind != kEnum {
		in.Hint = fmt.Sprintf("At most %s letters", ui.Number(f.max))
	}
	switch f.kind {
	case kBool:
		in.Type, in.Value = "check", "false"
		if flag(o, k) || k == "Active" && o == nil {
			in.Value = "true"
		}
		return in
	case kNumber, kFactor, kWhole:
		in.Type = "number"
	case kDate:
		in.Type = "date"
	case kEnum:
		in.Type, in.Options = "choice", []ui.Option{{Value: "", Text: "–"}}
		for _, v := range f.enum {
			in.Options = append(in.Options, ui.Option{Value: v, Text: v})
		}
	case kRef:
		in.Hint, in.Options = "Name or id", b.suggest(f.to)
		r, _ := dig(o, k).(object)
		in.Value = b.refInput(f.to, r)
		return in
	case kPhone:
		in.Value = str(o, k+".FreeFormNumber")
		return in
	case kEmail:
		in.Type, in.Value = "email", str(o, k+".Address")
		return in
	case kWeb:
		in.Value, in.Hint = str(o, k+".URI"), "Begins with http:// or https://"
		return in
	case kMemo:
		in.Type, in.Value = "area", str(o, k+".value")
		return in
	case kNest:
		in.Type, in.Hint = "area", "As JSON"
		if o[k] != nil {
			in.Value = string(encode(o[k]))
		}
		return in
	}
	if f.max >= 1000 {
		in.Type = "area"
	}
	in.Value = str(o, k)
	return in
}

// singleForm edits the company's own records, property by property.
func (b *Box) singleForm(o object) ui.Form {
	g := ui.Inputs{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case object:
			for _, k := range sortedKeys(v) {
				if path == "" && (k == "Id" || k == "SyncToken" || k == "MetaData" || k == "domain" || k == "sparse") {
					continue
				}
				walk(strings.TrimPrefix(path+"."+k, "."), v[k])
			}
		case []any:
		case bool:
			g.Inputs = append(g.Inputs, ui.Input{Name: path, Label: singleLabel(path), Type: "check", Value: fmt.Sprint(v)})
		default:
			g.Inputs = append(g.Inputs, ui.Input{Name: path, Label: singleLabel(path), Type: "text", Value: str(o, path)})
		}
	}
	walk("", o)
	return ui.Form{Groups: []ui.Inputs{g}}
}

func singleLabel(path string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		parts[i] = label(p)
	}
	return strings.Join(parts, ": ")
}

// refText shows a reference so that it can be typed back: name and id.
func refText(r object) string {
	id, n := str(r, "value"), str(r, "name")
	if id == "" {
		return ""
	}
	if n == "" {
		return id
	}
	return n + " [" + id + "]"
}

func (b *Box) refInput(kind string, r object) string {
	id := str(r, "value")
	if kind == "CompanyCurrency" || id == "" {
		return id
	}
	if rec := b.find(kind, id); rec != nil && rec.title != "" {
		return rec.title + " [" + id + "]"
	}
	return id
}

// suggest offers the first names of a list below an input.
func (b *Box) suggest(kind string) []ui.Option {
	t := b.tables[strings.ToLower(kind)]
	if t == nil {
		return nil
	}
	var out []ui.Option
	for _, r := range t.normal.all() {
		if len(out) == suggested {
			break
		}
		if !r.active || r.title == "" {
			continue
		}
		v := r.title + " [" + r.id + "]"
		if kind == "CompanyCurrency" {
			v = strings.ToUpper(r.key)
		}
		out = append(out, ui.Option{Value: v, Text: r.title})
	}
	return out
}

// resolve finds what a person meant: a name with its id in brackets, an id, or
// a whole name.
func (b *Box) resolve(kind, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if i := strings.LastIndex(typed, " ["); i >= 0 && strings.HasSuffix(typed, "]") {
		if id := typed[i+2 : len(typed)-1]; b.find(kind, id) != nil {
			return id, nil
		}
	}
	e := b.entities[strings.ToLower(kind)]
	if e == nil || b.find(kind, typed) != nil {
		return typed, nil
	}
	var found []*record
	for _, space := range []string{nameSpace(e, fold(typed)), ownSpace(e, fold(typed))} {
		for _, r := range b.names[space] {
			if r.ent == e && !slices.Contains(found, r) {
				found = append(found, r)
			}
		}
	}
	_, one := kindTitle(e)
	switch len(found) {
	case 1:
		return found[0].id, nil
	case 0:
		return "", fmt.Errorf("there is no %s “%s”: write its whole name or its id", one, typed)
	}
	return "", fmt.Errorf("%d records are called “%s”: write the id of the one you mean", len(found), typed)
}
