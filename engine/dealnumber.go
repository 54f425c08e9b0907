package engine

import (
	"context"
	"fmt"
	"slices"

	"crossbook"
	"crossbook/document"
	"crossbook/mapping"
	"crossbook/store"
)

// People who sell write the number of the Deal into a custom field of the
// estimate or invoice; a setting says which field, and which field of Deals holds
// the same. A new document gets the Deal of its number, once, if its quote gave
// it none (P32). The CRM is asked exactly; a number that several Deals have
// says nothing.

// fromNumber finds the Deal of the number that a new document holds.
func (d *decider) fromNumber(u *unit, rec *crossbook.Record, l *crossbook.Link, in *document.Input) {
	pair := d.t.settings.DealNumber
	if l != nil || in.DealID != "" || pair.CustomField == "" || d.t.pretend != nil || !d.t.dealNumbers() {
		return
	}
	number := document.CustomField(rec.Data, pair.CustomField)
	if number == "" {
		return
	}
	found, asked := d.t.dealsBy[mapping.Fold(number)]
	switch {
	case !asked:
		u.deals = append(u.deals, number)
	case len(found) == 1:
		in.DealID = found[0]
	}
}

// CheckDealNumber refuses a field of Deals that this CRM does not have.
func CheckDealNumber(ctx context.Context, tx *store.Tx, connectionID string, s crossbook.Settings) error {
	if s.DealNumber.CustomField == "" {
		return nil
	}
	var meta mapping.Metadata
	if err := readFact(ctx, tx, connectionID, factMetadata, &meta); err != nil {
		return err
	}
	deals := meta.CRMFields[crossbook.Deals]
	if _, has := deals[s.DealNumber.Field()]; !has && len(deals) > 0 {
		return fmt.Errorf("deal_number: Deals have no field %s; name it by its API name", s.DealNumber.Field())
	}
	return nil
}

// dealNumbers tells whether Deals have the field that holds their number.
func (t *turn) dealNumbers() bool {
	_, has := t.facts.metadata.CRMFields[crossbook.Deals][t.settings.DealNumber.Field()]
	return has
}

// askDeals looks for the Deals of the numbers that units need, all at once. It
// tells whether anything is known that was not.
func (t *turn) askDeals(ctx context.Context, units []*unit) (bool, error) {
	var numbers []string
	for _, u := range units {
		numbers = append(numbers, u.deals...)
	}
	if _, blocked := t.isBlocked(crossbook.CRM); blocked || len(numbers) == 0 {
		return false, nil
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	found, err := t.sides.CRM.FindBy(ctx, crossbook.Deals, t.settings.DealNumber.Field(), numbers)
	if err != nil {
		return false, err
	}
	for _, n := range numbers {
		t.dealsBy[mapping.Fold(n)] = found[mapping.Fold(n)]
	}
	return true, nil
}
