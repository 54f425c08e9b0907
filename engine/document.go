package engine

// document decides a QuickBooks estimate, invoice or purchase order.
func (d *decider) document(u *unit) {}
