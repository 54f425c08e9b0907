package engine

import "crossbook"

// figures are the fields of a CRM record that no single QuickBooks attribute
// holds: they are reckoned from the mirrored documents (P33).
func (d *decider) figures(l crossbook.Link, books *crossbook.Record) crossbook.Fields {
	return nil
}
