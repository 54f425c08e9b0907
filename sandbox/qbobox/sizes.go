package qbobox

import "fmt"

// mostOfATransaction bounds its lines, its links and its attachments (reference section 2).
const mostOfATransaction = 10000

// checkSizes refuses a transaction with too many links.
func checkSizes(w *write) *fault {
	n := 0
	visitLinks(w.next, func(object) { n++ })
	if w.ent.shape != document || n <= mostOfATransaction {
		return nil
	}
	return tooMany("linked transactions", n)
}

// checkAttached refuses one more attachment where a transaction is full.
func (b *Box) checkAttached(w *write, typ, id string) *fault {
	h := handle(typ, id)
	users := b.usedBy[h]
	if len(users) < mostOfATransaction {
		return nil
	}
	n := 0
	for r := range users {
		if r.ent.name == "Attachable" && r.id != w.id() {
			n++
		}
	}
	if n < mostOfATransaction {
		return nil
	}
	return tooMany("attachments", n+1)
}

func tooMany(what string, n int) *fault {
	return coded("10100", fmt.Sprintf("A transaction has at most %d %s, not %d", mostOfATransaction, what, n))
}
