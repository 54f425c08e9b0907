package mapping

import (
	"encoding/json"
	"errors"
	"strings"

	"crossbook"
)

// The item types Crossbook writes (reference/quickbooks-online.md section 5.3).
const (
	Inventory    = "Inventory"
	NonInventory = "NonInventory"
	Service      = "Service"
)

var (
	// ErrNoAccounts says that neither the category's row nor the default row of
	// the table of P12 names the accounts a new item needs: the item waits.
	ErrNoAccounts = errors.New("no accounts are chosen for items of this category")
	// ErrAsOfDate says that an item is to be tracked and As of Date is empty
	// (error 9).
	ErrAsOfDate = errors.New("the As of Date is empty")
)

// nameSeparator stands between category and name in the CRM; QuickBooks itself
// uses a colon, which no name may hold (P15).
const nameSeparator = " / "

// ItemNameInCRM is the name an item has in the CRM: its own, or with its
// categories before it where the name is not unique (P15).
func ItemNameInCRM(item map[string]any, refs Refs) string {
	name := StripDeleted(text(item["Name"]))
	if path := categories(item); path != "" && refs != nil && refs.NameShared(crossbook.Item, name) {
		return path + name
	}
	return name
}

// categories is the path of an item's categories as the CRM shows it, with the
// separator at its end; empty for an item of the top level.
func categories(item map[string]any) string {
	levels := strings.Split(text(item["FullyQualifiedName"]), ":")
	if len(levels) < 2 {
		return ""
	}
	for i := range levels {
		levels[i] = StripDeleted(levels[i])
	}
	return strings.Join(levels[:len(levels)-1], nameSeparator) + nameSeparator
}

// itemNameInBooks is the name to send for a CRM product name, or nothing: a
// name taken from us never travels back (P15), so the categories we put before
// it come off again.
func itemNameInBooks(name string, current map[string]any, refs Refs) string {
	if current == nil {
		return name
	}
	if name == ItemNameInCRM(current, refs) {
		return ""
	}
	name = strings.TrimPrefix(name, categories(current))
	if name == StripDeleted(text(current["Name"])) {
		return ""
	}
	return name
}

// item completes an item's patch: type, accounts, tax codes and stock.
func (w *booksWriter) item(want crossbook.Fields, s crossbook.Settings) error {
	if !w.creating {
		return w.itemUpdate(want, s)
	}
	kind := want[FieldType]
	if kind == "" {
		kind = s.DefaultItemType
	}
	if kind == "" {
		kind = Service
	}
	w.body["Type"] = kind
	if err := w.accounts(kind, want, s); err != nil {
		return err
	}
	if kind != Inventory {
		delete(w.body, "QtyOnHand")
		delete(w.body, "ReorderPoint")
		return nil
	}
	return w.track(want, s)
}

// itemUpdate keeps what QuickBooks does not take back: a tracked item stays
// tracked. Quantity goes alone, with its date, as the switch of P10 wants it.
func (w *booksWriter) itemUpdate(want crossbook.Fields, s crossbook.Settings) error {
	was, becomes := text(w.current["Type"]), text(w.body["Type"])
	if was == Inventory || becomes == "" {
		delete(w.body, "Type")
	}
	if was != Inventory && becomes == Inventory {
		if err := w.accounts(Inventory, want, s); err != nil {
			return err
		}
		return w.track(want, s)
	}
	if was != Inventory {
		delete(w.body, "QtyOnHand")
		delete(w.body, "ReorderPoint")
		return nil
	}
	if q, ok := w.body["QtyOnHand"]; ok {
		if q == "" {
			w.body["QtyOnHand"] = json.Number("0")
		}
		// An empty date is sent as it is: QuickBooks' own answer is error 12.
		w.body["InvStartDate"] = want[FieldAsOf]
	}
	return nil
}

// track starts tracking with quantity 0, or with the CRM's where the switch of
// P10 is on.
func (w *booksWriter) track(want crossbook.Fields, s crossbook.Settings) error {
	if want[FieldAsOf] == "" {
		return ErrAsOfDate
	}
	w.body["TrackQtyOnHand"] = true
	w.body["InvStartDate"] = want[FieldAsOf]
	quantity := want["Qty_in_Stock"]
	if !s.SendQuantity || quantity == "" {
		quantity = "0"
	}
	w.body["QtyOnHand"] = json.Number(quantity)
	return nil
}

// accounts fills accounts and tax codes from the table of P12.
func (w *booksWriter) accounts(kind string, want crossbook.Fields, s crossbook.Settings) error {
	row, ok := s.ItemAccounts[want["Product_Category"]]
	if !ok {
		row, ok = s.ItemAccounts[""]
	}
	purchased := kind == Inventory || text(w.body["PurchaseDesc"]) != "" || text(at(w.body, "PrefVendorRef.value")) != "" ||
		want[FieldCost] != ""
	switch {
	case !ok,
		row.Income == "" && kind != NonInventory,
		row.Expense == "" && kind == Inventory,
		row.Asset == "" && kind == Inventory,
		row.Income == "" && row.Expense == "",
		!domestic(w.meta.Country) && (row.SalesTaxCode == "" || row.PurchaseTaxCode == ""):
		return ErrNoAccounts
	}
	ref := func(key, id string) {
		if id != "" {
			w.body[key] = map[string]any{"value": id}
		}
	}
	ref("IncomeAccountRef", row.Income)
	if purchased || row.Income == "" {
		ref("ExpenseAccountRef", row.Expense)
	}
	if kind == Inventory {
		ref("AssetAccountRef", row.Asset)
	}
	ref("SalesTaxCodeRef", row.SalesTaxCode)
	ref("PurchaseTaxCodeRef", row.PurchaseTaxCode)
	if row.PriceIncludesTax {
		w.body["SalesTaxIncluded"] = true
	}
	return nil
}

// domestic tells whether sales tax works the US way, without a tax code on every
// item. An unknown country counts as the US.
func domestic(country string) bool { return country == "" || country == "US" || country == "USA" }
