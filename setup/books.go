package setup

import (
	"context"
	"fmt"

	"crossbook"
	books "crossbook/quickbooks/api"
	"crossbook/transport"
	crm "crossbook/zohocrm/api"
)

// accounts fills the default row of the table of item accounts (P12) from the
// company's chart: the account types QuickBooks demands of items (spec section
// 3.4). Without a default row new items wait.
func (s *run) accounts(ctx context.Context) error {
	if _, ok := s.settings.ItemAccounts[""]; ok {
		return nil
	}
	row := crossbook.ItemAccounts{}
	err := s.Books.Walk(ctx, books.Query{Entity: string(crossbook.LedgerAccount)}, transport.Metadata, func(p books.Page) error {
		for _, a := range p.Records {
			s.account(&row, a)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the chart of accounts: %w", err)
	}
	if row.Income == "" {
		s.note("No account of the kind Sales of Product Income was found: new products wait until the table of item accounts is filled.")
		return nil
	}
	if s.settings.ItemAccounts == nil {
		s.settings.ItemAccounts = map[string]crossbook.ItemAccounts{}
	}
	s.settings.ItemAccounts[""] = row
	return nil
}

func (s *run) account(row *crossbook.ItemAccounts, a books.Record) {
	if !a.Active() {
		return
	}
	set := func(p *string) {
		if *p == "" {
			*p = a.ID()
		}
	}
	switch sub := a.Text("AccountSubType"); {
	case a.Text("AccountType") == "Income" && sub == "SalesOfProductIncome":
		set(&row.Income)
	case a.Text("AccountType") == "Cost of Goods Sold" && sub == "SuppliesMaterialsCogs":
		set(&row.Expense)
	case a.Text("AccountType") == "Other Current Asset" && sub == "Inventory":
		set(&row.Asset)
	}
}

// placeholderName is the product of lines that have an amount but no item
// (P19): never sent, never counted.
const placeholderName = "QuickBooks line without product"

// placeholder finds or makes that product.
func (s *run) placeholder(ctx context.Context) error {
	if !s.settings.Modules[crossbook.Products].On {
		return nil
	}
	find := "Product_Name = " + crm.COQLText(placeholderName)
	err := s.CRM.WalkCOQL(ctx, string(crossbook.Products), []string{"Product_Name"}, find, func(p crm.COQLPage) error {
		for _, r := range p.Records {
			s.product = r.ID()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for the product %q: %w", placeholderName, err)
	}
	if s.product != "" {
		return nil
	}
	call, err := crm.InsertCall(string(crossbook.Products), []map[string]any{{"Product_Name": placeholderName}}, crm.NoTrigger)
	if err != nil {
		return err
	}
	results, _, err := s.CRM.Write(ctx, call, 1)
	if err == nil && results[0].Err != nil {
		err = results[0].Err
	}
	if err != nil {
		return fmt.Errorf("make the product %q: %w", placeholderName, err)
	}
	s.product = results[0].ID
	return nil
}
