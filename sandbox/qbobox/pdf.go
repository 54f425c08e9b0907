package qbobox

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/encoding/charmap"
)

// printed are the documents that the vendor makes a PDF of (reference section
// 2), with the word that stands on top.
var printed = map[string]string{
	"Invoice": "Invoice", "Estimate": "Estimate", "SalesReceipt": "Sales Receipt", "CreditMemo": "Credit Memo", "RefundReceipt": "Refund Receipt",
	"PurchaseOrder": "Purchase Order", "Payment": "Payment Receipt",
}

// answerPDF is a document on paper, for those who ask for one by name.
func (b *Box) answerPDF(rq *request, e *entity) answer {
	if printed[e.name] == "" || !rq.pdf {
		return rq.fault(unsupportedOperation("pdf"))
	}
	rec := b.find(e.name, rq.parts[1])
	if rec == nil {
		return rq.fault(notFound())
	}
	return answer{Status: http.StatusOK, Body: paper(b.sheetOf(e.name, rec.object())), kind: "application/pdf"}
}

// sheetOf is what a document says, line by line.
func (b *Box) sheetOf(kind string, o object) (out []string) {
	say := func(format string, values ...any) {
		out = append(out, strings.TrimRight(fmt.Sprintf(format, values...), " "))
	}
	say("%s", str(b.company(), "CompanyName"))
	say("")
	say("%s %s", strings.ToUpper(printed[kind]), str(o, "DocNumber"))
	say("Date: %s", str(o, "TxnDate"))
	if due := str(o, "DueDate"); due != "" {
		say("Due: %s", due)
	}
	say("")
	who := str(o, "CustomerRef.name")
	if kind == "PurchaseOrder" {
		who = str(o, "VendorRef.name")
	}
	say("%s", who)
	for _, k := range []string{"BillAddr", "VendorAddr"} {
		for i := 1; i <= 5; i++ {
			if l := str(o, fmt.Sprintf("%s.Line%d", k, i)); l != "" && l != who {
				say("%s", l)
			}
		}
		place := strings.Fields(strings.Join([]string{str(o, k+".City"), str(o, k+".CountrySubDivisionCode"), str(o, k+".PostalCode")}, " "))
		if len(place) > 0 {
			say("%s", strings.Join(place, " "))
		}
	}
	say("")
	say(row4, "Description", "Qty", "Rate", "Amount")
	for _, l := range list(o, "Line") {
		b.sayLine(say, l)
	}
	say("")
	if t := num(o, "TxnTaxDetail.TotalTax"); !t.IsZero() {
		say(row4, "Tax", "", "", paperMoney(t))
	}
	say(row4, "Total", "", str(o, "CurrencyRef.value"), paperMoney(num(o, "TotalAmt")))
	if has(o, "Balance") {
		say(row4, "Balance due", "", str(o, "CurrencyRef.value"), paperMoney(num(o, "Balance")))
	}
	if memo := str(o, "CustomerMemo.value"); memo != "" {
		say("")
		say("%s", memo)
	}
	return out
}

// row4 are the columns of a sheet; the letters are all of one width.
const row4 = "%-44s%10s%14s%16s"

func (b *Box) sayLine(say func(string, ...any), l object) {
	d, _ := l[str(l, "DetailType")].(object)
	name := str(d, "ItemRef.name")
	if name == "" {
		name = str(d, "AccountRef.name")
	}
	switch str(l, "DetailType") {
	case "SubTotalLineDetail":
		name = "Subtotal"
	case "DiscountLineDetail":
		name = "Discount"
	case "DescriptionLineDetail":
		name = ""
	}
	if text := str(l, "Description"); text != "" {
		name = strings.TrimPrefix(name+": "+text, ": ")
	}
	for _, t := range list(l, "LinkedTxn") {
		if name == "" {
			name = str(t, "TxnType") + " " + str(t, "TxnId")
		}
	}
	parts := wrapped(name, 43)
	amount := ""
	if hasNum(l, "Amount") {
		amount = paperMoney(num(l, "Amount"))
	}
	say(row4, parts[0], str(d, "Qty"), str(d, "UnitPrice"), amount)
	for _, p := range parts[1:] {
		say("%s", p)
	}
	for _, inner := range list(d, "Line") {
		b.sayLine(say, inner)
	}
}

func paperMoney(d decimal.Decimal) string {
	return thousands(d.StringFixed(2))
}

// wrapped breaks a text into lines of at most some letters.
func wrapped(s string, most int) []string {
	var out []string
	line := []rune{}
	for word := range strings.FieldsSeq(s) {
		w := []rune(word)
		if len(line) > 0 && len(line)+1+len(w) > most {
			out, line = append(out, string(line)), nil
		}
		if len(line) > 0 {
			line = append(line, ' ')
		}
		for line = append(line, w...); len(line) > most; line = line[most:] {
			out = append(out, string(line[:most]))
		}
	}
	return append(out, string(line))
}

const linesOnPaper = 60

// paper writes lines of text as a PDF, in one of the types every reader has.
func paper(lines []string) []byte {
	pages := slices.Collect(slices.Chunk(lines, linesOnPaper))
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"}
	var kids []string
	for _, page := range pages {
		var text strings.Builder
		text.WriteString("BT /F1 10 Tf 12 TL 50 780 Td\n")
		for _, l := range page {
			fmt.Fprintf(&text, "(%s) Tj T*\n", winAnsi(l))
		}
		text.WriteString("ET")
		n := len(objects) + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", n+1),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	var buf bytes.Buffer
	buf.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = buf.Len()
		fmt.Fprintf(&buf, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := buf.Len()
	fmt.Fprintf(&buf, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, p := range at {
		fmt.Fprintf(&buf, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&buf, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return buf.Bytes()
}

// winAnsi writes a text in the letters of the type; others become question marks.
func winAnsi(s string) string {
	var out strings.Builder
	for _, r := range s {
		c, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case !ok || c < ' ':
			out.WriteByte('?')
		case c == '(' || c == ')' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
