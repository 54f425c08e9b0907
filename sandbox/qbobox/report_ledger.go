package qbobox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// accountBook is what the general ledger shows of one account.
type accountBook struct {
	begin decimal.Decimal
	rows  []*detail
}

// generalLedger has a section for each account: what it held before, every
// posting with what it held then, and the sum. Those of the profit begin with
// nothing; what they brought in earlier years stands in retained earnings.
func (b *Box) generalLedger(q *reportQuery) ([]any, []any) {
	books := map[string]*accountBook{}
	of := func(id string) *accountBook {
		if books[id] == nil {
			books[id] = &accountBook{}
		}
		return books[id]
	}
	year, retained := b.fiscalStart(q.start), b.accountBySubType("RetainedEarnings")
	var entries []*entry
	for e := range b.booked(q) {
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(x, y *entry) int { return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Seq, y.Seq)) })
	for _, e := range entries {
		if e.Date > q.end {
			continue
		}
		all := e.all()
		for i, p := range all {
			switch {
			case !q.wants(e, p):
			case e.Date >= q.start:
				k := of(p.Account)
				k.rows = append(k.rows, b.detailOf(e, all, i))
			case !profitTypes[b.accountType(p.Account)]:
				k := of(p.Account)
				k.begin = k.begin.Add(p.Amount.Mul(b.natural(p.Account)))
			case e.Date < year:
				k := of(retained)
				k.begin = k.begin.Sub(p.Amount)
			}
		}
	}
	var rows []any
	chart := b.chartOrder()
	for _, r := range chart {
		if b.parent(r) == nil {
			if o, _ := b.accountSection(q, r, chart, books); o != nil {
				rows = append(rows, o)
			}
		}
	}
	return detailTable(), rows
}

// chartOrder are all accounts in the order of their types, then by name.
func (b *Box) chartOrder() []*record {
	all := slices.Clone(b.tables["account"].ids.all())
	slices.SortStableFunc(all, func(x, y *record) int {
		return cmp.Or(cmp.Compare(slices.Index(accountTypes, x.typ), slices.Index(accountTypes, y.typ)), cmp.Compare(x.title, y.title))
	})
	return all
}

// accountSection is an account with those below it, whose own rows then stand
// in a section without a heading.
func (b *Box) accountSection(q *reportQuery, r *record, chart []*record, books map[string]*accountBook) (object, decimal.Decimal) {
	var kids []any
	sum := decimal.Zero
	for _, k := range chart {
		if b.parent(k) == r {
			if o, amt := b.accountSection(q, k, chart, books); o != nil {
				kids, sum = append(kids, o), sum.Add(amt)
			}
		}
	}
	name := ownName(r.object())
	own, moved := b.accountRows(q, books[r.id])
	if len(q.account) > 0 && !slices.Contains(q.account, r.id) {
		own, moved = nil, decimal.Zero
	}
	if len(own)+len(kids) == 0 {
		return nil, decimal.Zero
	}
	total := map[string]decimal.Decimal{"subt_nat_amount": moved}
	if len(kids) == 0 {
		return detailSection(name, r.id, "Total for "+name, own, total), moved
	}
	if len(own) > 0 {
		inner := object{"Rows": object{"Row": own}, "Summary": object{"ColData": labelled("Total for "+name, "", total)}, "type": "Section"}
		kids = append([]any{inner}, kids...)
	}
	sum = sum.Add(moved)
	return detailSection(name, r.id, "Total for "+name+" with sub-accounts", kids, map[string]decimal.Decimal{"subt_nat_amount": sum}), sum
}

func (b *Box) accountRows(q *reportQuery, k *accountBook) (rows []any, moved decimal.Decimal) {
	if k == nil {
		return nil, decimal.Zero
	}
	b.inOrder(q, k.rows)
	balance := k.begin
	if !k.begin.IsZero() {
		rows = append(rows, object{"ColData": labelled("Beginning Balance", "", map[string]decimal.Decimal{"rbal_nat_amount": k.begin}), "type": "Data"})
	}
	for _, d := range k.rows {
		moved, balance = moved.Add(d.amount), balance.Add(d.amount)
		d.balance = balance
		rows = append(rows, b.detailRow(d))
	}
	return rows, moved
}

// typesNamed are the account types of a parameter, which writes them without blanks.
func typesNamed(param string) (out []string) {
	asked := strings.Split(strings.ToLower(param), ",")
	for _, t := range accountTypes {
		if slices.Contains(asked, strings.ToLower(strings.ReplaceAll(t, " ", ""))) {
			out = append(out, t)
		}
	}
	return out
}

// accountList is the chart of accounts.
func (b *Box) accountList(q *reportQuery) ([]any, []any) {
	columns := []any{
		column("Account", "String", "account_name"), column("Type", "String", "account_type"), column("Detail type", "String", "detail_acc_type"),
		column("Create Date", "Date", "create_date"), column("Created By", "String", "create_by"), column("Last Modified", "Date", "last_mod_date"),
		column("Last Modified By", "String", "last_mod_by"), column("Description", "String", "account_desc"), column("Balance", "Money", "account_bal"),
	}
	var rows []any
	types := typesNamed(q.types)
	for _, r := range b.chartOrder() {
		o := r.object()
		if q.types != "" && !slices.Contains(types, r.typ) || r.active == (q.status == "Deleted") {
			continue
		}
		day := func(key string) object {
			t, _, _ := strings.Cut(str(o, "MetaData."+key), "T")
			return cell(t, "")
		}
		balance := num(o, "CurrentBalance").Mul(b.natural(r.id))
		writer := cell(b.lastWriter(r), "")
		rows = append(rows, object{"ColData": []any{
			cell(str(o, "FullyQualifiedName"), r.id), cell(r.typ, ""), cell(str(o, "AccountSubType"), ""), day("CreateTime"), writer,
			day("LastUpdatedTime"), writer, cell(str(o, "Description"), ""), cell(money(balance), ""),
		}, "type": "Data"})
	}
	if q.sortBy != "" || q.sortOrder != "" {
		at := max(0, slices.IndexFunc(columns, func(c any) bool { return columnKey(c) == q.sortBy }))
		sortRows(rows, at, q.sortOrder == "descend")
	}
	return columns, rows
}
