// Package match decides first contact: which unlinked record of the one side is
// which of the other. [Decide] takes one record and those that might be the
// same, and answers with a link, a creation, a cluster for a person, a
// suggestion or nothing, always with the reason in words.
//
// A match is exact after trimming and case folding (R44), on the check field of
// its module (R45, R45a): accents, legal forms and signs make a near match,
// which is only ever suggested. Several matches are a cluster: the package
// never guesses (R47, P7), and nothing empty matches anything (R46).
//
// It promises to be pure: no input or output, no clock, no order of maps. It
// does not look for candidates (the keys of package mapping do), does not know
// links beyond the flag that a candidate is taken, and writes nothing.
package match
