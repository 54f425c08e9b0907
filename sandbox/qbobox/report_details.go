package qbobox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// detail is one row of a list of transactions, before its columns are chosen.
type detail struct {
	rec             *record // nil where an entry has no document
	o               object
	date, due       string
	kind, id        string // of the transaction
	party           string // handle
	memo            string
	account, split  string // ids; "" several
	several         bool
	class, location string
	item            string
	posting         bool
	amount          decimal.Decimal // natural to the account
	debit           decimal.Decimal // negative for a credit
	balance         decimal.Decimal
	open            decimal.Decimal
}

// detailColumn is a column that lists of transactions can have. Keys, titles
// and types are those recorded of TransactionList, and for the others those of
// the vendor's pages.
type detailColumn struct {
	key, title, typ string
	cell            func(*Box, *detail) object
}

var detailColumns = []detailColumn{
	{"tx_date", "Date", "Date", func(_ *Box, d *detail) object { return cell(d.date, "") }},
	{"txn_type", "Transaction Type", "String", func(_ *Box, d *detail) object { return cell(d.typeName(), d.id) }},
	{"doc_num", "#", "String", func(_ *Box, d *detail) object {
		return cell(cmp.Or(str(d.o, "DocNumber"), str(d.o, "PaymentRefNum")), "")
	}},
	{"is_no_post", "Posting", "Boolean", func(_ *Box, d *detail) object { return cell(map[bool]string{true: "Yes", false: "No"}[d.posting], "") }},
	{"name", "Name", "String", func(b *Box, d *detail) object { return b.named(d.party) }},
	{"cust_name", "Customer", "String", func(b *Box, d *detail) object { return b.named(d.partyOf("Customer")) }},
	{"vend_name", "Vendor", "String", func(b *Box, d *detail) object { return b.named(d.partyOf("Vendor")) }},
	{"memo", "Memo/Description", "String", func(_ *Box, d *detail) object { return cell(d.memo, "") }},
	{"account_name", "Account", "String", func(b *Box, d *detail) object { return b.named(handle("Account", d.account)) }},
	{"other_account", "Split", "String", func(b *Box, d *detail) object { return b.splitCell(d) }},
	{"split_acc", "Split", "String", func(b *Box, d *detail) object { return b.splitCell(d) }},
	{"due_date", "Due Date", "Date", func(_ *Box, d *detail) object { return cell(d.due, "") }},
	{"klass_name", "Class", "String", func(b *Box, d *detail) object { return b.named(handle("Class", d.class)) }},
	{"dept_name", "Department", "String", func(b *Box, d *detail) object { return b.named(handle("Department", d.location)) }},
	{"item_name", "Product/Service", "String", func(b *Box, d *detail) object { return b.named(handle("Item", d.item)) }},
	{"debt_amt", "Debit", "Money", func(_ *Box, d *detail) object { return oneSided(d.debit) }},
	{"credit_amt", "Credit", "Money", func(_ *Box, d *detail) object { return oneSided(d.debit.Neg()) }},
	{"subt_nat_amount", "Amount", "Money", func(_ *Box, d *detail) object { return cell(money(d.amount), "") }},
	{"subt_amount", "Amount", "Money", func(_ *Box, d *detail) object { return cell(money(d.amount), "") }},
	{"subt_open_bal", "Open Balance", "Money", func(_ *Box, d *detail) object { return cell(money(d.open), "") }},
	{"rbal_nat_amount", "Balance", "Money", func(_ *Box, d *detail) object { return cell(money(d.balance), "") }},
}

func oneSided(d decimal.Decimal) object {
	if !d.IsPositive() {
		return cell("", "")
	}
	return cell(money(d), "")
}

func (d *detail) partyOf(kind string) string {
	if k, _ := splitHandle(d.party); k != kind {
		return ""
	}
	return d.party
}

// named is a record by its full name and with its id; an empty cell for none.
func (b *Box) named(h string) object {
	kind, id := splitHandle(h)
	r := b.find(kind, id)
	if r == nil {
		return cell("", "")
	}
	return cell(cmp.Or(str(r.object(), "FullyQualifiedName"), r.title), id)
}

func (b *Box) splitCell(d *detail) object {
	if d.several {
		return object{"value": "-Split-", "id": ""}
	}
	return b.named(handle("Account", d.split))
}

var typeNames = map[string]string{
	"CreditMemo": "Credit Memo", "SalesReceipt": "Sales Receipt", "RefundReceipt": "Refund", "VendorCredit": "Vendor Credit",
	"JournalEntry": "Journal Entry", "InventoryAdjustment": "Inventory Qty Adjust", "PurchaseOrder": "Purchase Order",
	"Item": "Inventory Starting Value", "Customer": "Invoice", "Vendor": "Bill", "Account": "Journal Entry", "Opening": "Journal Entry",
}

// typeName is what people call a transaction.
func (d *detail) typeName() string {
	switch d.kind {
	case "BillPayment":
		return "Bill Payment (" + cmp.Or(map[string]string{"CreditCard": "Credit Card"}[str(d.o, "PayType")], "Check") + ")"
	case "Purchase":
		if flag(d.o, "Credit") {
			return "Credit Card Credit"
		}
		switch str(d.o, "PaymentType") {
		case "Check":
			return "Check"
		case "CreditCard":
			return "Credit Card Expense"
		}
		return "Expense"
	}
	return cmp.Or(typeNames[d.kind], d.kind)
}

// detailTable are all columns there are.
func detailTable() []any {
	out := make([]any, len(detailColumns))
	for i, c := range detailColumns {
		out[i] = column(c.title, c.typ, c.key)
	}
	return out
}

func (b *Box) detailRow(d *detail) object {
	data := make([]any, len(detailColumns))
	for i, c := range detailColumns {
		data[i] = c.cell(b, d)
	}
	return object{"ColData": data, "type": "Data"}
}

// labelled are cells of a heading or a sum: its name and some amounts by key.
func labelled(name, id string, amounts map[string]decimal.Decimal) []any {
	out := make([]any, len(detailColumns))
	for i, c := range detailColumns {
		out[i] = cell("", "")
		if a, is := amounts[c.key]; is {
			out[i] = cell(money(a), "")
		}
	}
	out[0] = cell(name, id)
	return out
}

func detailSection(head, id, sum string, rows []any, amounts map[string]decimal.Decimal) object {
	return object{
		"Header": object{"ColData": labelled(head, id, nil)}, "Rows": object{"Row": rows},
		"Summary": object{"ColData": labelled(sum, "", amounts)}, "type": "Section",
	}
}

// detailOf describes an entry as seen from one of its postings.
func (b *Box) detailOf(e *entry, all []posting, at int) *detail {
	p := all[at]
	kind, id := splitHandle(e.source())
	d := &detail{
		date: e.Date, due: e.Due, kind: kind, id: id, party: cmp.Or(e.Who, p.Party), account: p.Account, class: p.Class, location: p.Department,
		item: p.Item, posting: true, debit: p.Amount, amount: p.Amount.Mul(b.natural(p.Account)),
	}
	if d.rec = b.find(kind, id); d.rec != nil && posts[kind] {
		d.o = d.rec.object()
		d.memo = cmp.Or(str(d.o, "PrivateNote"), str(d.o, "Memo"))
	} else {
		d.id = "" // an opening, which has no document
	}
	for i, other := range all {
		switch {
		case i == at || other.Account == p.Account || other.Account == d.split:
		case d.split == "":
			d.split = other.Account
		default:
			d.several = true
		}
	}
	return d
}

// natural is the sign under which an account's amounts are shown.
func (b *Box) natural(account string) decimal.Decimal {
	switch b.accountType(account) {
	case "Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability", "Equity", "Income", "Other Income":
		return decimal.NewFromInt(-1)
	}
	return decimal.NewFromInt(1)
}

// inOrder sorts rows of a list as asked, by date otherwise.
func (b *Box) inOrder(q *reportQuery, all []*detail) {
	key := cmp.Or(q.sortBy, "tx_date")
	at := slices.IndexFunc(detailColumns, func(c detailColumn) bool { return c.key == key })
	slices.SortStableFunc(all, func(x, y *detail) int {
		n := 0
		if at >= 0 {
			n = compareCells(str(detailColumns[at].cell(b, x), "value"), str(detailColumns[at].cell(b, y), "value"))
		}
		if q.sortOrder == "descend" {
			n = -n
		}
		return n
	})
}

// source is the posting a transaction is listed under: the debt, or the money.
func (b *Box) sourceOf(e *entry, all []posting) int {
	kind, _ := splitHandle(e.source())
	if kind == "Transfer" && len(all) > 1 {
		return 1
	}
	if kind == "BillPayment" {
		for i, p := range all {
			if t := b.accountType(p.Account); t == "Bank" || t == "Credit Card" {
				return i
			}
		}
	}
	return 0
}

// transactionList has one row for each transaction, also for those that do not
// post.
func (b *Box) transactionList(q *reportQuery) ([]any, []any) {
	var all []*detail
	in := func(date string) bool { return q.start <= date && date <= q.end }
	for _, e := range b.entriesByDate() {
		lines := e.all()
		if len(lines) == 0 || !in(e.Date) || e.Key == opening {
			continue
		}
		if at := b.sourceOf(e, lines); q.wants(e, lines[at]) {
			all = append(all, b.detailOf(e, lines, at))
		}
	}
	for _, kind := range []string{"Estimate", "PurchaseOrder"} {
		for _, r := range b.tables[strings.ToLower(kind)].ids.all() {
			o := r.object()
			who := ""
			if p := parties(o); len(p) > 0 {
				who = p[0]
			}
			e, p := &entry{Who: who}, posting{Class: str(o, "ClassRef.value"), Department: str(o, "DepartmentRef.value")}
			if date := str(o, "TxnDate"); in(date) && q.wants(e, p) {
				all = append(all, &detail{
					rec: r, o: o, date: date, due: str(o, "DueDate"), kind: kind, id: r.id, party: who, class: p.Class, location: p.Department,
					memo: cmp.Or(str(o, "PrivateNote"), str(o, "Memo")), amount: num(o, "TotalAmt"), account: str(o, "APAccountRef.value"),
				})
			}
		}
	}
	b.inOrder(q, all)
	rows := make([]any, len(all))
	for i, d := range all {
		rows[i] = b.detailRow(d)
	}
	return detailTable(), rows
}
