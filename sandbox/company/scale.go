package company

import (
	"fmt"
	"time"

	"crossbook/sandbox/qbobox"
)

// Scale loads n plain customers into a QuickBooks sandbox and nothing else,
// for the figures of large imports. It makes a thousand at a time, so that any
// number fits into memory beside the sandbox itself. Two calls on one box need
// different ranges and are refused by the sandbox's unique names otherwise.
func Scale(q *qbobox.Box, n int) error {
	cal, err := newCalendar(time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC), zoneName)
	if err != nil {
		return err
	}
	return newBooks(cal, 1, q.Load).plainMany(0, n)
}

// plainMany loads n plain customers, numbered from the given one on, straight
// into the box: two firms for each person.
func (b *books) plainMany(from, n int) error {
	for done := 0; done < n; done += chunk {
		rows := make([]map[string]any, 0, chunk)
		for i := from + done; i < from+min(done+chunk, n); i++ {
			rows = append(rows, b.plain(i))
		}
		if err := b.load("Customer", rows); err != nil {
			return fmt.Errorf("load plain customers: %w", err)
		}
	}
	return nil
}

// plain is the i-th plain customer; its fields follow from its number alone.
func (b *books) plain(i int) object {
	at := b.cal.stamp(b.cal.closed(i%900), i)
	given, family := givenNames[i%len(givenNames)], familyNames[i/7%len(familyNames)]
	o := object{
		"Id": b.nameID(), "GivenName": given, "FamilyName": family,
		"PrimaryPhone": object{"FreeFormNumber": fmt.Sprintf("(509) 555-%04d", i%10000)},
		"BillAddr":     object{"Line1": fmt.Sprintf("%d %s St", 1+i%9900, streetNames[i%len(streetNames)]), "City": towns[i%len(towns)], "CountrySubDivisionCode": "WA", "PostalCode": fmt.Sprintf("98%03d", i%1000)},
		"MetaData":     object{"CreateTime": at, "LastUpdatedTime": at},
	}
	if i%3 == 2 {
		o["DisplayName"] = fmt.Sprintf("%s %s (%d)", given, family, i)
		o["PrimaryEmailAddr"] = object{"Address": fmt.Sprintf("%s.%s%d@mail.example", slug(given), slug(family), i)}
		return o
	}
	name := firmName(i)
	o["DisplayName"], o["CompanyName"] = name, name
	o["PrimaryEmailAddr"] = object{"Address": fmt.Sprintf("%s.%s@%s.example", slug(given), slug(family), slug(name))}
	return o
}

var (
	givenNames = []string{
		"Ada", "Ben", "Cara", "Dev", "Elif", "Finn", "Gita", "Hugo", "Iris", "Jon", "Kaya", "Leo", "Mina", "Noel", "Opal", "Pia", "Quin", "Remy", "Sana", "Theo", "Una", "Vik", "Wren", "Yara", "Zane",
	}
	familyNames = []string{
		"Abbott", "Barros", "Castell", "Dimitrov", "Eriksen", "Fontaine", "Garber", "Holm", "Ibarra", "Jansen", "Kowal", "Lund", "Moreau", "Novak", "Okoro", "Petrov", "Quist", "Rossi", "Sato", "Tamm", "Ueda", "Varga", "Weiss", "Yilmaz", "Zeman",
	}
)
