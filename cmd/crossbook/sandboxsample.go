package main

import (
	"fmt"

	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// sample opens the sample company in both boxes.
func (s *sandboxes) sample(o sandboxOptions, zoho zohobox.Options, quick qbobox.Options) error {
	c, err := company.Larkfield(company.Options{Seed: uint64(max(o.seed, 1)), Scale: o.scale, Zoho: zoho, QuickBooks: quick})
	if err != nil {
		return fmt.Errorf("open the sample company: %w", err)
	}
	s.zoho, s.quick = c.Zoho, c.QuickBooks
	return nil
}
