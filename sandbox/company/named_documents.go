package company

import (
	"fmt"
	"strings"
)

// longText is a description of exactly 4,000 characters, more than the CRM
// keeps on a line (32).
func longText() string {
	const sentence = "Remove the old liner, level the floor, lay felt, set the new liner and fill to the skimmer. "
	return strings.Repeat(sentence, 4000/len(sentence)+1)[:4000]
}

// one is a single line of an item.
func (b *books) one(name, qty string) []line { return []line{{of: b.itemNamed(name), qty: qty}} }

// namedSales queues the documents of practice section 8 in the order of its table.
func (b *books) namedSales() {
	b.jobSales()
	b.partySales()
	b.itemSales()
	b.invoice1033()
	b.textLines()
	b.invoice1040()
	b.numbersTwice()
	b.euroInvoice()
	b.estimates9000()
	b.dealSales()
	b.storySales()
}

func (b *books) jobSales() {
	for i, site := range []string{alderSite, "22 Birch Ln", "9 Cedar Ct"} { // 5
		b.write(form{number: fmt.Sprintf("EV-%d", 1+i), party: b.customerNamed(site), date: b.cal.open(20 + 10*i), lines: b.one(labor, fmt.Sprint(3+i))})
	}
	for i := range 4 { // 6
		f := form{number: fmt.Sprintf("SB-%d", 1+i), party: b.customerNamed(smithProject), date: b.cal.open(10 + 20*i), lines: []line{
			{of: b.itemNamed("Stone:River rock yard"), qty: fmt.Sprint(2 + i)}, {of: b.itemNamed(labor), qty: "6.5"},
		}}
		s := b.write(f)
		if i < 2 {
			b.receive(payment{party: s.party, date: plusDays(s.date, 1), over: []paid{{of: s}}})
		}
	}
}

func (b *books) partySales() {
	b.write(form{number: "CB-1", party: b.customerNamed(coolBreeze), date: b.cal.day(-3), due: b.cal.day(27), lines: b.one(labor, "8")})           // 1
	b.write(form{number: "MD-1", party: b.customerNamed(mikeDunn), date: b.cal.day(-20), due: b.cal.day(10), lines: b.one(gardenTools, "1")})      // 2
	b.write(form{number: "DP-1", party: b.customerNamed(dunnPool), date: b.cal.day(-45), due: b.cal.day(-15), lines: b.one(labor, "16")})          // 3
	b.write(form{number: "AC-1", party: b.customerNamed(alderCourt), date: b.cal.day(-12), due: b.cal.day(18), lines: b.one(labor, "4")})          // 4
	b.write(form{number: "PS-1", party: b.customerNamed(pena), date: b.cal.day(-8), due: b.cal.day(22), rate: "1.0911", lines: b.one(labor, "5")}) // 9
	b.write(form{number: "PS-2", party: b.customerNamed(penaUSD), date: b.cal.day(-9), due: b.cal.day(21), lines: b.one(labor, "7")})              // 9
	b.write(form{                                                                                                                                  // 10
		number: "YM-1", party: b.customerNamed(yamada), date: b.cal.day(-5), due: b.cal.day(25),
		lines: []line{{of: b.itemNamed(gardenTools), qty: "12", text: "園芸用品セット 🌱"}},
		more:  object{"CustomerMemo": object{"value": "ありがとうございます 🎋🌊"}},
	})
	b.write(form{number: "NG-1", party: b.customerNamed(northgate), date: b.cal.day(-6), due: b.cal.day(24), lines: b.one(labor, "10")}) // 11
	b.oldMill()                                                                                                                          // 13
	grill := b.customerNamed(bayside)                                                                                                    // 15
	b.write(form{number: "BG-1", party: grill, date: b.cal.day(-25), due: b.cal.day(5), lines: []line{{of: b.itemNamed(labor), qty: "1", price: "85"}}})
	b.write(form{entity: "CreditMemo", number: "BG-C1", party: grill, date: b.cal.day(-10), lines: []line{{of: b.itemNamed(labor), qty: "1", price: "100"}}})
	b.write(form{number: "AB-1", party: b.customerNamed(amys), date: b.cal.day(-30), due: b.cal.day(-1), lines: b.one(gardenTools, "2")})   // 16
	b.write(form{number: "SM-1", party: b.customerNamed(stMary), date: b.cal.day(-14), due: b.cal.day(16), lines: b.one(gardenTools, "3")}) // 17
	for i := range 14 {                                                                                                                     // 20: three in the closed year
		date := b.cal.closed(10 + 30*i)
		if i >= 3 {
			date = b.cal.open((i - 3) * 9)
		}
		s := b.write(form{number: fmt.Sprintf("HL-%02d", i+1), party: b.customerNamed(harborLights), date: date, lines: b.one(labor, fmt.Sprint(2+i%4))})
		if i < 11 {
			b.receive(payment{party: s.party, date: plusDays(date, 1), over: []paid{{of: s}}})
		}
	}
}

// oldMill is the inactive customer with 22 invoices, of which one is not quite paid (13).
func (b *books) oldMill() {
	party := b.customerNamed(oldMill)
	for i := range 22 {
		s := b.write(form{number: fmt.Sprintf("OM-%02d", i+1), party: party, date: b.cal.closed(30 + 25*i), lines: b.one(labor, fmt.Sprint(2+i%5))})
		sum := s.open
		if i == 0 {
			sum = sum.Sub(dec("40"))
		}
		b.receive(payment{party: party, date: plusDays(s.date, 21), over: []paid{{of: s, sum: sum.String()}}})
	}
}

func (b *books) itemSales() {
	lodge := b.customerNamed(ninthStreet)
	b.write(form{number: "PU-1", party: lodge, date: b.cal.day(-4), due: b.cal.day(26), lines: b.one(pumpHalf, fmt.Sprint(pumpHalfSold))})                 // 25
	b.write(form{number: "SK-1", party: lodge, date: b.cal.day(-40), due: b.cal.day(-10), lines: b.one(springKit, "1")})                                   // 27
	b.write(form{number: "SK-2", party: lodge, date: b.cal.day(-2), due: b.cal.day(28), lines: append(b.one(springKit, "3"), b.one(glovesSmall, "2")...)}) // 27
	for i, date := range []string{b.cal.closed(200), b.cal.closed(180)} {                                                                                  // 28: old, and still open
		b.write(form{number: fmt.Sprintf("OS-%d", i+1), party: lodge, date: date, lines: append(b.one(oldSkimmer, "2"), b.one(labor, "1")...)})
	}
	b.write(form{number: "WH-1", party: lodge, date: b.cal.day(-7), due: b.cal.day(23), lines: append(b.one(waterHaul, "18432"), b.one(hatsSmall, "1")...)}) // 30
}

// invoice1033 has all that makes a total hard: taxed and untaxed lines, a
// discount, shipping, two agencies (31).
func (b *books) invoice1033() {
	b.write(form{
		number: "1033", party: b.customerNamed(ninthStreet), date: b.cal.day(-11), due: b.cal.day(19), percentOff: "10", shipping: "12.95",
		lines: []line{
			{of: b.itemNamed(gardenTools), qty: "3"},
			{of: b.itemNamed(labor), qty: "2.25"},
			{of: b.itemNamed(glovesSmall), qty: "7"},
			{of: b.itemNamed("Pool chemicals:Algaecide 1 qt"), qty: "5"},
		},
	})
	b.write(form{ // the same with the tax before the discount
		number: "1034", party: b.customerNamed(ninthStreet), date: b.cal.day(-11), due: b.cal.day(19), percentOff: "12.5", shipping: "9.95", taxFirst: true,
		lines: []line{{of: b.itemNamed(gardenTools), qty: "1"}, {of: b.itemNamed(labor), qty: "3.75"}, {of: b.itemNamed(hatsSmall), qty: "3"}},
	})
}

func (b *books) textLines() { // 32
	b.write(form{number: "1035", party: b.customerNamed(ninthStreet), date: b.cal.day(-16), due: b.cal.day(14), lines: []line{
		{text: "Work at the north pool"},
		{of: b.itemNamed(labor), qty: "5"},
		{text: "Parts used"},
		{of: b.itemNamed(glovesSmall), qty: "1"},
		{of: b.itemNamed(labor), qty: "1", text: longText()},
		{text: "Thank you"},
	}})
}

// invoice1040 has a deposit, two part payments, and its share of a payment over
// three invoices that the story deletes (33).
func (b *books) invoice1040() {
	party := b.customerNamed(lakeview)
	s := b.write(form{number: "1040", party: party, date: b.cal.day(-35), due: b.cal.day(-5), deposit: "500", lines: b.one(labor, "32")})
	b.receive(payment{party: party, date: b.cal.day(-28), over: []paid{{of: s, sum: "400"}}, ref: "2201"})
	b.receive(payment{party: party, date: b.cal.day(-21), over: []paid{{of: s, sum: "350.50"}}, ref: "2202"})
	second := b.write(form{number: "LV-2", party: party, date: b.cal.day(-26), due: b.cal.day(4), lines: b.one(labor, "3")})
	third := b.write(form{number: "LV-3", party: party, date: b.cal.day(-24), due: b.cal.day(6), lines: b.one(labor, "2")})
	b.receive(payment{party: party, date: b.cal.day(-14), over: []paid{{of: s}, {of: second}, {of: third}}, ref: threeInvoices})
}

// threeInvoices is the check number of the payment over three invoices.
const threeInvoices = "2203"

// numbersTwice: a voided invoice whose number is used again (34), one without a
// number, one that the story deletes, and a credit memo numbered like an
// invoice (35).
func (b *books) numbersTwice() {
	party := b.customerNamed(ninthStreet)
	b.voided(form{number: "1041", key: "1041 voided", party: party, date: b.cal.day(-33), due: b.cal.day(-3), lines: b.one(labor, "9")})
	b.write(form{number: "1041", party: party, date: b.cal.day(-32), due: b.cal.day(-2), lines: b.one(labor, "9")})
	b.write(form{number: "1042", party: party, date: b.cal.day(-31), due: b.cal.day(-1), lines: b.one(labor, "2")})
	b.write(form{entity: "CreditMemo", number: "1042", party: party, date: b.cal.day(-17), lines: b.one(labor, "1")})
	b.write(form{number: "1043", party: party, date: b.cal.day(-30), due: b.cal.day(1), lines: b.one(labor, "6")})
	b.write(form{key: "no number", party: party, date: b.cal.day(-15), due: b.cal.day(15), lines: b.one(labor, "1.5")})
}

// euroInvoice comes to 1,137.54 EUR, which at 1.0853 is 1,234.57 at home (36).
func (b *books) euroInvoice() {
	b.write(form{
		number: "1036", party: b.customerNamed(blumenhof), date: b.cal.day(-18), due: b.cal.day(12), rate: "1.0853",
		lines: []line{{of: b.itemNamed(gardenTools), qty: "9", price: "88.06"}, {of: b.itemNamed(labor), qty: "4", price: "86.25"}},
	})
}

// estimates9000: one billed in three parts, one that expired yesterday, one
// whose invoice was deleted (37).
func (b *books) estimates9000() {
	party := b.customerNamed(ninthStreet)
	est := func(number string, hours string, days int, more object) *sold {
		return b.write(form{
			entity: "Estimate", number: number, party: party, date: b.cal.day(-60), lines: []line{{of: b.itemNamed(labor), qty: hours, price: "90"}},
			more: with(object{"ExpirationDate": b.cal.day(days)}, more),
		})
	}
	big := est("E-9000", "100", 30, object{"TxnStatus": "Accepted", "AcceptedBy": "G. Ninth", "AcceptedDate": b.cal.day(-50)})
	for i, hours := range []string{"30", "20", "15"} {
		b.write(form{
			number: fmt.Sprintf("E-9000-%d", i+1), party: party, date: b.cal.day(-45 + 10*i), due: b.cal.day(-15 + 10*i), from: big,
			lines: []line{{of: b.itemNamed(labor), qty: hours, price: "90"}},
		})
	}
	est("E-9001", "12", -1, nil)
	est("E-9002", "25", 45, object{"TxnStatus": "Accepted", "AcceptedBy": "G. Ninth", "AcceptedDate": b.cal.day(-20)})
}

// dealSales are the two estimates and the invoice of a won deal (39).
func (b *books) dealSales() {
	party := b.customerNamed(copperBeech)
	first := b.write(form{
		entity: "Estimate", number: "E-TP-1", party: party, date: b.cal.day(-22), lines: b.one(labor, "40"),
		more: object{"ExpirationDate": b.cal.day(20), "TxnStatus": "Closed"},
	})
	b.write(form{entity: "Estimate", number: "E-TP-2", party: party, date: b.cal.day(-21), lines: b.one(gardenTools, "6"), more: object{"ExpirationDate": b.cal.day(21)}})
	b.write(form{number: "TP-1", party: party, date: b.cal.day(-13), due: b.cal.day(17), from: first, lines: b.one(labor, "40")})
}

// storySales are the open documents that the story pays, voids and moves.
func (b *books) storySales() {
	b.write(form{number: "FH-1", party: b.customerNamed(fernHollow), date: b.cal.day(-10), due: b.cal.day(20), lines: append(b.one(labor, "4"), b.one(gardenTools, "1")...)})
	b.write(form{number: "BW-1", party: b.customerNamed(birchwood), date: b.cal.day(-9), due: b.cal.day(21), lines: b.one(labor, "12")})
	b.write(form{number: "BW-2", party: b.customerNamed(birchwood), date: b.cal.day(-6), due: b.cal.day(24), lines: append(b.one(labor, "2"), b.one(gardenTools, "2")...)})
	b.write(form{number: "TPA-1", party: b.customerNamed(twinPeaks2), date: b.cal.day(-7), due: b.cal.day(23), lines: b.one(labor, "3")})
	b.write(form{number: "RBH-1", party: b.customerNamed(redBarn2), date: b.cal.day(-8), due: b.cal.day(22), lines: b.one(labor, "2")})
	b.write(form{number: "GG-1", party: b.customerNamed(gardenGate), date: b.cal.day(-4), due: b.cal.day(26), lines: b.one(labor, "1")})
	s := b.write(form{number: "OH-1", party: b.customerNamed(omarHaddad), date: b.cal.day(-50), lines: b.one(labor, "5")})
	b.receive(payment{party: s.party, date: b.cal.day(-20), over: []paid{{of: s}}})
	b.write(form{number: "E-9002-1", party: b.customerNamed(ninthStreet), date: b.cal.day(-19), due: b.cal.day(11), from: b.estimates["E-9002"], // deleted at once, see tidyUp
		lines: []line{{of: b.itemNamed(labor), qty: "25", price: "90"}}})
}
