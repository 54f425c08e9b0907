// Package crossbook holds the nouns of Crossbook: the words every other
// package speaks. A [Connection] joins one Zoho CRM organisation with one
// QuickBooks Online company; a [Link] pairs a record of one [Side] with a
// record of the other and remembers in its bases what each side held when the
// two last agreed; a [Change] says what one field was and becomes; an [Op] is
// one thing the plan of a turn wants done, with the reason in words.
//
// It promises to do no input or output and to know no vendor's wire format.
// It must not import any package of this module but money.
package crossbook
