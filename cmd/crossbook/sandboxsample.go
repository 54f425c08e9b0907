package main

import (
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// sample opens the sample company.
func (s *sandboxes) sample(o sandboxOptions, zoho zohobox.Options, quick qbobox.Options) error {
	return couldNot("Use --company empty.", "the sample company is not part of this build")
}
