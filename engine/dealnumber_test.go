package engine_test

import (
	"testing"

	"crossbook"
)

// numbered has Deals found by what sales people enter into a custom field.
func (w *terrace) numbered() {
	w.t.Helper()
	w.settings(func(s *crossbook.Settings) {
		s.DealNumber = crossbook.DealNumber{CustomField: "Deal", DealField: "Deal_Name"}
	})
}

func (w *terrace) quote(no, deal string) string {
	return w.newBooks("Estimate", m{
		"CustomerRef": m{"value": w.customer}, "DocNumber": no, "TxnDate": "2026-05-01", "Line": []any{soldLine(w.item, 1, 90, 90)},
		"CustomField": []any{m{"DefinitionId": "1", "Name": "Deal", "Type": "StringType", "StringValue": deal}},
	})
}

func dealShown(rec map[string]any, field string) string {
	deal, _ := rec[field].(map[string]any)
	id, _ := deal["id"].(string)
	return id
}

// P32: the Deal of a document is set once, from the number it holds; a number
// that no Deal or several Deals have says nothing, and nobody is overruled.
func TestDeal_ByANumberInACustomField(t *testing.T) {
	w := newTerrace(t)
	w.numbered()
	twin := w.newCRM("Deals", m{"Deal_Name": "Twin", "Stage": "Qualification", "Closing_Date": "2026-06-01"})
	w.newCRM("Deals", m{"Deal_Name": "Twin", "Stage": "Qualification", "Closing_Date": "2026-06-01"})
	w.quote("Q-1", "terrace AND pool")
	w.quote("Q-2", "Twin")
	w.quote("Q-3", "no such Deal")
	w.sync()
	of := func(no string) string {
		return dealShown(w.crmState().find(t, "Quotes", "QuickBooks_Number", no), "Deal_Name")
	}
	if got := of("Q-1"); got != w.deal {
		t.Errorf("Q-1 is on Deal %q, want %s", got, w.deal)
	}
	for _, no := range []string{"Q-2", "Q-3"} {
		if got := of(no); got != "" {
			t.Errorf("%s is on Deal %q, want none", no, got)
		}
	}
	// A person moves it, and it stays there whatever QuickBooks says later.
	id := w.crmID("Quotes", "QuickBooks_Number", "Q-1")
	w.editCRM("Quotes", id, m{"Deal_Name": m{"id": twin}})
	w.editBooks("Estimate", w.booksID("Estimate", "DocNumber", "Q-1"), m{"PrivateNote": "n", "Line": []any{soldLine(w.item, 2, 90, 180)}})
	w.sync()
	if got := of("Q-1"); got != twin {
		t.Errorf("Q-1 is on Deal %q after a person moved it, want %s", got, twin)
	}
	w.nothingMore()
}

// The Deal of the source quote goes before a number (P32).
func TestDeal_OfTheQuoteGoesBeforeANumber(t *testing.T) {
	w := newTerrace(t)
	w.numbered()
	other := w.newCRM("Deals", m{"Deal_Name": "Other", "Stage": "Qualification", "Closing_Date": "2026-06-01"})
	w.editCRM("Quotes", w.crmID("Quotes", "QuickBooks_Number", "E-1"), m{"Deal_Name": m{"id": other}})
	field := []any{m{"DefinitionId": "1", "Name": "Deal", "Type": "StringType", "StringValue": "Terrace and pool"}}
	for no, estimate := range map[string]string{"I-1": w.first, "I-2": ""} {
		data := m{"CustomerRef": m{"value": w.customer}, "DocNumber": no, "TxnDate": "2026-05-02", "CustomField": field, "Line": []any{soldLine(w.item, 1, 90, 90)}}
		if estimate != "" {
			data["LinkedTxn"] = []any{m{"TxnId": estimate, "TxnType": "Estimate"}}
		}
		w.newBooks("Invoice", data)
	}
	w.sync()
	for no, want := range map[string]string{"I-1": other, "I-2": w.deal} {
		if got := dealShown(w.shown(no), "Deal_Name__s"); got != want {
			t.Errorf("%s is on Deal %q, want %s", no, got, want)
		}
	}
}

// Without the setting, or with a field that Deals do not have, documents come in
// without a Deal.
func TestDeal_NumberWithoutItsField(t *testing.T) {
	w := newTerrace(t)
	w.quote("Q-1", "Terrace and pool")
	w.sync()
	w.settings(func(s *crossbook.Settings) {
		s.DealNumber = crossbook.DealNumber{CustomField: "Deal", DealField: "Deal_Number"}
	})
	w.quote("Q-2", "Terrace and pool")
	w.sync()
	for _, no := range []string{"Q-1", "Q-2"} {
		if got := dealShown(w.crmState().find(t, "Quotes", "QuickBooks_Number", no), "Deal_Name"); got != "" {
			t.Errorf("%s is on Deal %q", no, got)
		}
	}
}
