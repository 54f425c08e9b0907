package main

import (
	"cmp"
	"context"
	"log/slog"
	"strings"

	"crossbook"
	"crossbook/quickbooks"
	"crossbook/store"
	"crossbook/verify"
	"crossbook/zohocrm"
)

// verifyCmd proves that both sides agree.
type verifyCmd struct {
	Name string `arg:"" optional:"" help:"The connection; not needed when there is only one."`
	All  bool   `help:"Print every finding, explained ones too."`

	most int // findings printed; 0 is the usual number
}

// Run reads both sides completely; the exit code is 1 when something is
// unexplained.
func (c *verifyCmd) Run(ctx context.Context, a *app) error {
	h, conn, err := a.at(ctx, c.Name, slog.LevelError)
	if err != nil {
		return err
	}
	defer h.close()
	report, err := h.prove(ctx, conn)
	if err != nil {
		return err
	}
	if report.Findings == nil {
		report.Findings = []verify.Finding{}
	}
	if err := a.show(report, func(p *page) { c.text(p, report) }); err != nil {
		return err
	}
	if !report.Proven() {
		return problemsRemain()
	}
	return nil
}

// prove makes the proof of one connection.
func (h *house) prove(ctx context.Context, conn crossbook.Connection) (verify.Report, error) {
	e, err := h.endsOf(ctx, conn)
	if err != nil {
		return verify.Report{}, err
	}
	var fields map[crossbook.Module][]string
	err = h.store.View(ctx, func(tx *store.Tx) (err error) {
		fields, err = verify.ReadFields(ctx, tx, conn)
		return err
	})
	if err != nil {
		return verify.Report{}, err
	}
	report, err := verify.Run(ctx, verify.Deps{
		Store: h.store, CRM: zohocrm.New(e.crm, fields), Books: quickbooks.New(e.books), Progress: h.progress,
	}, conn.ID)
	if ferr := e.meter.flush(context.WithoutCancel(ctx)); ferr != nil {
		h.log.Warn("keep the count of calls", "error", ferr)
	}
	return report, err
}

// shownFindings is how many findings are printed unless all are wanted.
const shownFindings = 50

func (c *verifyCmd) text(p *page, r verify.Report) {
	p.line("%s.", strings.TrimSuffix(r.Sentence, "."))
	rows := make([][]any, len(r.Modules))
	for i, m := range r.Modules {
		rows[i] = []any{m.Module.Label(), m.InCRM, m.InBooks, m.Linked, m.Agree, m.LeftOut, m.Explained, m.Unexplained}
	}
	p.table([]string{"Module", "Zoho CRM", "QuickBooks", "Linked", "Agree", "Left out", "Explained", "Unexplained"}, rows)
	if len(r.Totals) > 0 {
		rows = rows[:0:0]
		for _, t := range r.Totals {
			agree := "equal"
			if !t.Agrees() {
				agree = "DIFFERENT"
			}
			rows = append(rows, []any{t.Module.Label(), t.Currency, t.Documents, t.CRM, t.Books, t.CRMBalance, t.BooksBalance, agree})
		}
		p.table([]string{"Totals of", "Currency", "Documents", "Zoho CRM", "QuickBooks", "Open, Zoho CRM", "Open, QuickBooks", ""}, rows)
	}
	for _, b := range r.Bridge {
		p.line("%s: open invoices %s - credits not applied %s - unapplied payments %s = receivables %s; customer balances %s.",
			b.Currency, b.OpenInvoices, b.CreditsNotApplied, b.PaymentsNotApplied, b.Receivables, b.CustomerBalances)
		if !b.Other.IsZero() {
			p.line("     %s is not explained by these: journal entries or opening balances.", b.Other)
		}
	}
	printed, hidden := 0, 0
	most := cmp.Or(c.most, shownFindings)
	for _, f := range r.Findings {
		if !c.All && (f.Explained || printed >= most) {
			hidden++
			continue
		}
		printed++
		mark := "!"
		if f.Explained {
			mark = "."
		}
		p.line("%s %s", mark, f.Sentence)
		if f.Why != "" {
			p.line("    %s", f.Why)
		}
	}
	if hidden > 0 {
		p.line("%s not printed; --all prints them.", several(int64(hidden), "finding is", "findings are"))
	}
}
