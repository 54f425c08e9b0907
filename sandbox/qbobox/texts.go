package qbobox

import (
	"regexp"
	"strings"
)

// cardText finds what may be the number of a credit card: 13 to 16 digits in a
// row, alone or in groups.
var cardText = regexp.MustCompile(`(?:^|[^0-9])([3-6][0-9](?:[ -]?[0-9]){11,14})(?:$|[^0-9])`)

// freeTexts are the properties people write notes in.
var freeTexts = []string{"PrivateNote", "CustomerMemo.value", "Memo", "Notes", "Note", "Description", "PurchaseDesc"}

// checkCards refuses card numbers in notes (reference section 12.2, 6530).
func checkCards(w *write) *fault {
	if !w.by.isAPI() {
		return nil
	}
	texts := []string{}
	for _, k := range freeTexts {
		texts = append(texts, str(w.sent, k))
	}
	for _, l := range list(w.sent, "Line") {
		texts = append(texts, str(l, "Description"))
	}
	for _, t := range texts {
		if len(t) >= 13 && holdsCard(t) {
			return validation("6530", "Found raw Credit Card Number in request", "Card numbers may not be written into texts. Use a token for the card.", "")
		}
	}
	return nil
}

func holdsCard(text string) bool {
	for _, hit := range cardText.FindAllStringSubmatch(text, -1) {
		n := strings.NewReplacer(" ", "", "-", "").Replace(hit[1])
		if cardLength(n) && checkDigit(n) {
			return true
		}
	}
	return false
}

// cardLength: each brand numbers its cards with as many digits.
func cardLength(n string) bool {
	switch n[0] {
	case '4':
		return len(n) == 13 || len(n) == 16
	case '3':
		return len(n) == 15 && (n[1] == '4' || n[1] == '7') || len(n) == 14 && (n[1] == '0' || n[1] == '6' || n[1] == '8')
	default:
		return len(n) == 16
	}
}

// checkDigit is the sum that all card numbers have in common.
func checkDigit(n string) bool {
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
