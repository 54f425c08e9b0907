package engine

import (
	"time"

	"crossbook"
	"crossbook/store"
)

// The order of work (R70). Customers make Accounts and Contacts and are one
// stage; chores (feeds and daily passes) come before all of it.
const (
	orderChores    = 0
	orderVendors   = 10
	orderCustomers = 20
	orderProducts  = 30
	orderQuotes    = 40
	orderInvoices  = 50
	orderPOs       = 60
	orderStock     = 65 // products are read again: documents move stock
	orderDeals     = 70 // figures alone: after the documents they follow from
	orderNotes     = 80 // what records say about themselves: after all of it
)

// orderOf is the stage a record belongs to; false when the engine does not
// work on records of its type.
func orderOf(r crossbook.Ref) (int, bool) {
	if IsChore(r) {
		return orderChores, true
	}
	if IsNote(r) {
		return orderNotes, true
	}
	switch r.Type {
	case string(crossbook.Vendors), string(crossbook.Vendor):
		return orderVendors, true
	case string(crossbook.Accounts), string(crossbook.Contacts), string(crossbook.Customer):
		return orderCustomers, true
	case string(crossbook.Products), string(crossbook.Item):
		return orderProducts, true
	case string(crossbook.Quotes), string(crossbook.Estimate):
		return orderQuotes, true
	case string(crossbook.Invoices): // the CRM module and the entity differ by a letter only
		return orderInvoices, true
	case string(crossbook.Invoice):
		return orderInvoices, true
	case string(crossbook.PurchaseOrders), string(crossbook.PurchaseOrder):
		return orderPOs, true
	case string(crossbook.Deals):
		return orderDeals, true
	}
	return 0, false
}

// stageModules are the CRM modules a stage writes to, in order.
func stageModules(order int) []crossbook.Module {
	switch order {
	case orderVendors:
		return []crossbook.Module{crossbook.Vendors}
	case orderCustomers:
		return []crossbook.Module{crossbook.Accounts, crossbook.Contacts}
	case orderProducts:
		return []crossbook.Module{crossbook.Products}
	case orderQuotes:
		return []crossbook.Module{crossbook.Quotes}
	case orderInvoices:
		return []crossbook.Module{crossbook.Invoices}
	case orderPOs:
		return []crossbook.Module{crossbook.PurchaseOrders}
	}
	return nil
}

// The reasons a record is dirty. They decide whether automation runs (P25).
const (
	reasonInitial = "first sync"
	reasonFeed    = "changed"
	reasonResume  = "catch-up after a pause"
	reasonResync  = "re-sync"
	reasonDaily   = "daily pass"
	reasonNeeded  = "needed by another record"
)

// live tells whether a dirty row stems from a change people just made, so that
// CRM automation may run for it (R127), even where it had to wait.
func live(d store.Dirty) bool { return origin(d.Reason) == reasonFeed }

// markDirty makes rows of refs; refs the engine does not work on are left out.
func dirtyRows(refs []crossbook.Ref, reason string, t *turn) []store.Dirty {
	return dirtyRowsAt(refs, reason, t.now())
}

func dirtyRowsAt(refs []crossbook.Ref, reason string, now time.Time) []store.Dirty {
	rows := make([]store.Dirty, 0, len(refs))
	for _, r := range refs {
		order, ok := orderOf(r)
		if !ok {
			continue
		}
		rows = append(rows, store.Dirty{Ref: r, Reason: reason, DueAt: now, Order: order})
	}
	return rows
}
