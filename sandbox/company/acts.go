package company

import (
	"context"
	"fmt"
	"net/http"
)

// doing is the Do of a step.
type doing = func(context.Context, World) error

// inTurn carries several acts out, one right after the other.
func inTurn(acts ...doing) doing {
	return func(ctx context.Context, w World) error {
		for _, a := range acts {
			if err := a(ctx, w); err != nil {
				return err
			}
		}
		return nil
	}
}

// creates lets a person enter a record.
func creates(side Side, who, typ string, data object) doing {
	return func(ctx context.Context, w World) error {
		_, err := act(ctx, w, side, action{User: who, Action: "create", Type: typ, Data: data})
		return err
	}
}

// does lets a person do something to the only record that holds some values.
func does(side Side, who, what, typ string, where map[string]string, data object) doing {
	return func(ctx context.Context, w World) error {
		rec, err := one(ctx, w, side, typ, where)
		if err != nil {
			return err
		}
		_, err = act(ctx, w, side, action{User: who, Action: what, Type: typ, ID: idOf(rec), Data: data})
		return err
	}
}

// edits changes a record.
func edits(side Side, who, typ string, where map[string]string, data object) doing {
	return does(side, who, "update", typ, where, data)
}

// merges folds one record into another of the same list.
func merges(side Side, who, typ, path, loser, winner string) doing {
	return func(ctx context.Context, w World) error {
		from, err := one(ctx, w, side, typ, is(path, loser))
		if err != nil {
			return err
		}
		into, err := one(ctx, w, side, typ, is(path, winner))
		if err != nil {
			return err
		}
		_, err = act(ctx, w, side, action{User: who, Action: "merge", Type: typ, ID: idOf(from), Into: idOf(into)})
		return err
	}
}

// createsUnder enters a CRM record that looks up to another one.
func createsUnder(who, typ, field, module string, parent map[string]string, data object) doing {
	return func(ctx context.Context, w World) error {
		up, err := one(ctx, w, CRM, module, parent)
		if err != nil {
			return err
		}
		_, err = act(ctx, w, CRM, action{User: who, Action: "create", Type: typ, Data: with(object{field: object{"id": idOf(up)}}, data)})
		return err
	}
}

// putsOnDeal lets a person put documents that came from QuickBooks on a Deal. A
// CRM that no program has brought any document into has nothing to put there.
func putsOnDeal(who, deal string, quotes []string, invoices []string) doing {
	return func(ctx context.Context, w World) error {
		on, err := one(ctx, w, CRM, "Deals", is("Deal_Name", deal))
		if err != nil {
			return err
		}
		put := func(module, field, number string) error {
			all, err := records(ctx, w, CRM, module)
			if err != nil {
				return err
			}
			for _, rec := range all {
				if !holds(rec, is("QuickBooks_Number", number)) {
					continue
				}
				_, err = act(ctx, w, CRM, action{User: who, Action: "update", Type: module, ID: idOf(rec), Data: object{field: object{"id": idOf(on)}}})
				if err != nil {
					return err
				}
			}
			return nil
		}
		for _, number := range quotes {
			if err := put("Quotes", "Deal_Name", number); err != nil {
				return err
			}
		}
		for _, number := range invoices {
			if err := put("Invoices", "Deal_Name__s", number); err != nil {
				return err
			}
		}
		return nil
	}
}

// restores brings back the CRM record that was deleted last.
func restores(who, module, name string) doing {
	return func(ctx context.Context, w World) error {
		var got struct {
			Deleted map[string][]object `json:"deleted"`
			Writes  []object            `json:"writes"`
		}
		if err := exchange(ctx, w, CRM, http.MethodGet, "/_sandbox/state?type="+module, nil, &got); err != nil {
			return err
		}
		gone := got.Deleted[module]
		if len(gone) == 0 {
			return fmt.Errorf("restore %s: nothing of %s was deleted", name, module)
		}
		_, err := act(ctx, w, CRM, action{User: who, Action: "restore", Type: module, ID: textAt(gone[len(gone)-1], "id")})
		return err
	}
}

// saleLine is one line of a sales form that a person types.
type saleLine struct{ item, qty, price string }

// sells lets a person write a sales form in QuickBooks; its date and its due
// date are filled in there.
func sells(who, entity, number, customer string, lines []saleLine, more object) doing {
	return func(ctx context.Context, w World) error {
		to, err := one(ctx, w, Books, "Customer", is("DisplayName", customer))
		if err != nil {
			return err
		}
		var rows []any
		for _, l := range lines {
			it, err := one(ctx, w, Books, "Item", is("FullyQualifiedName", l.item))
			if err != nil {
				return err
			}
			rows = append(rows, object{
				"Amount": num(cents(dec(l.qty).Mul(dec(l.price)))), "DetailType": "SalesItemLineDetail",
				"SalesItemLineDetail": object{"ItemRef": ref(idOf(it)), "Qty": num(dec(l.qty)), "UnitPrice": num(dec(l.price))},
			})
		}
		data := object{"DocNumber": number, "CustomerRef": ref(idOf(to)), "Line": rows, "TxnTaxDetail": object{"TxnTaxCodeRef": ref(taxCode)}}
		_, err = act(ctx, w, Books, action{User: who, Action: "create", Type: entity, Data: with(data, more)})
		return err
	}
}

// paysInvoice lets a person take money for one invoice; no sum means all of it.
func paysInvoice(who, number, sum string) doing {
	return func(ctx context.Context, w World) error {
		inv, err := one(ctx, w, Books, "Invoice", is("DocNumber", number))
		if err != nil {
			return err
		}
		paid := textAt(inv, "Balance")
		if sum != "" {
			paid = sum
		}
		_, err = act(ctx, w, Books, action{
			User: who, Action: "receive_payment", ID: textAt(inv, "CustomerRef"),
			Data: object{"TotalAmt": num(dec(paid)), "Invoices": object{idOf(inv): num(dec(paid))}},
		})
		return err
	}
}

// counts lets a person set the quantity of an item, as of the date of a
// document made on the same day.
func counts(who, sku, qty, datedLike string) doing {
	return func(ctx context.Context, w World) error {
		doc, err := one(ctx, w, Books, "Invoice", is("DocNumber", datedLike))
		if err != nil {
			return err
		}
		it, err := one(ctx, w, Books, "Item", is("Sku", sku))
		if err != nil {
			return err
		}
		_, err = act(ctx, w, Books, action{
			User: who, Action: "adjust_quantity", Type: "Item", ID: idOf(it), Data: object{"QtyOnHand": num(dec(qty)), "InvStartDate": textAt(doc, "TxnDate")},
		})
		return err
	}
}

// bumps moves LastUpdatedTime of many records without any change of content.
func bumps(entity string, n int) doing {
	return func(ctx context.Context, w World) error {
		_, err := act(ctx, w, Books, action{User: bookkeeper, Action: "bump_all", Type: entity, Data: object{"Count": n}})
		return err
	}
}

// fails adds a rule to the fault dial of a side.
func fails(side Side, rule object) doing {
	return func(ctx context.Context, w World) error {
		return exchange(ctx, w, side, http.MethodPost, "/_sandbox/faults", rule, nil)
	}
}

// recovers removes all rules from the fault dial of a side.
func recovers(side Side) doing {
	return func(ctx context.Context, w World) error {
		return exchange(ctx, w, side, http.MethodDelete, "/_sandbox/faults", nil, nil)
	}
}

// orders lets a person write a purchase order over one item.
func orders(who, number, vendor, sku, qty, price string) doing {
	return func(ctx context.Context, w World) error {
		from, err := one(ctx, w, Books, "Vendor", is("DisplayName", vendor))
		if err != nil {
			return err
		}
		it, err := one(ctx, w, Books, "Item", is("Sku", sku))
		if err != nil {
			return err
		}
		_, err = act(ctx, w, Books, action{User: who, Action: "create", Type: "PurchaseOrder", Data: object{
			"DocNumber": number, "VendorRef": ref(idOf(from)), "Line": []any{object{
				"Amount": num(cents(dec(qty).Mul(dec(price)))), "DetailType": "ItemBasedExpenseLineDetail",
				"ItemBasedExpenseLineDetail": object{"ItemRef": ref(idOf(it)), "Qty": num(dec(qty)), "UnitPrice": num(dec(price))},
			}},
		}})
		return err
	}
}
