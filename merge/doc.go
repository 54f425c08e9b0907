// Package merge joins what two people did to one pair of linked records. Each
// side is compared with its own base, what that side held when the two last
// agreed, field by field; fields that only make sense together (an address,
// the parts of a name, a price and its currency) form a unit and move as one.
//
//	changed in        the base is known                      first contact (no base)
//	neither           nothing; an old difference stays       equal: agree
//	CRM only          the other side follows                 one empty: it is filled
//	QuickBooks only   the other side follows                 both filled: the owner's value;
//	both, equal       agree                                    nobody owns it: both stay, listed
//	both, different   conflict: the owner, or as preferred   nothing is ever cleared
//
// An empty value clears the other side only if its own base once held one (R60,
// P2). A later edit on one side settles an old difference for that side.
//
// The package is pure: no input or output, no clock, no order of maps. It must
// not know what a field means; mapping says that in its rules.
package merge
