package company

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/brianvoe/gofakeit/v7"
)

// The pools from which companies are named. Their sizes are even on purpose:
// firmName walks all combinations before it repeats one.
var (
	firmPlaces = []string{
		"Riverbend", "Stonegate", "Maplewood", "Cedar Ridge", "Juniper", "Golden Oak", "Lakeshore", "Summit", "Meadowlark", "Blue Heron",
		"Silver Birch", "Fox Hollow", "Pine Crest", "Sunny Slope", "Harvest", "Orchard", "Whispering Pines", "Copper Canyon", "Prairie", "Windmill",
		"Granite", "Bluebird", "Wildflower", "Foxglove", "Marigold", "Clearwater", "Ironwood", "Thistle", "Hawthorn", "Briar",
		"Saddleback", "Timberline", "Eagle Rock", "Crescent", "North Fork", "Southgate", "Eastbrook", "Westhaven", "Hidden Valley", "Quail Run",
	}
	firmTrades = []string{
		"Landscaping", "Apartments", "Hotel", "Country Club", "Garden Center", "Nursery", "Pool Service", "Property Group", "Academy", "Swim Club",
		"Golf Course", "Senior Living", "Vineyards", "Lodge", "Fitness", "Builders", "Homeowners Association", "Kitchen", "Campground", "Dental",
	}
	firmForms = []string{"", " LLC", " Inc.", " & Sons", " Co."}

	towns = []string{
		"Alder Falls", "Birch Landing", "Carver", "Dunmore", "Elk Prairie", "Fairhaven", "Glen Ellen", "Hartline", "Iron Springs", "Jasper",
		"Kettle", "Lowden", "Marblemount", "Naches", "Orondo", "Palouse", "Quincy", "Rosalia", "Selah", "Tekoa", "Union Gap", "Vantage", "Wapato", "Yelm", "Zillah",
	}
)

// firmName is the i-th company name; no two numbers below four million share one.
func firmName(i int) string {
	combos := len(firmPlaces) * len(firmTrades) * len(firmForms)
	k, round := i%combos, i/combos
	k = k * 1861 % combos // 1861 is prime to 4000: neighbours look unlike each other
	place := firmPlaces[k%len(firmPlaces)]
	trade := firmTrades[k/len(firmPlaces)%len(firmTrades)]
	form := firmForms[k/(len(firmPlaces)*len(firmTrades))]
	name := place + " " + trade
	switch {
	case round == 0:
	case round <= len(towns):
		name += " of " + towns[round-1]
	default:
		name += fmt.Sprintf(" of %s %d", towns[round%len(towns)], round/len(towns)+1)
	}
	return name + form
}

// foreignNames are customers whose names need more than ASCII.
var foreignNames = []string{
	"Ærø Havecenter", "Łódzkie Ogrody", "Škoda Zahrady", "Ολύμπια Κήποι", "Сады Приморья", "Björk & Åse Trädgård",
	"दिल्ली बाग़वानी", "حدائق النخيل", "גני השרון", "서울정원", "上海园林", "ไทยการ์เดน", "Jardín del Ñandú", "Crème Brûlée Bistro",
}

// picker draws from the seed. It is never shared between goroutines.
type picker struct {
	*gofakeit.Faker
	rng  *rand.Rand
	used map[string]bool
}

// newPicker gives each topic its own stream, so that a further record of one
// kind does not change all records of the next.
func newPicker(seed uint64, topic string) *picker {
	h := uint64(14695981039346656037)
	for _, c := range []byte(topic) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return &picker{
		Faker: gofakeit.NewFaker(rand.NewPCG(seed, h), false),
		rng:   rand.New(rand.NewPCG(seed^0x9e3779b97f4a7c15, h)),
		used:  map[string]bool{},
	}
}

// below is a number from 0 up to, not including, n.
func (p *picker) below(n int) int { return p.rng.IntN(n) }

// between is a number from a to b, both included.
func (p *picker) between(a, b int) int { return a + p.rng.IntN(b-a+1) }

// oneIn is true once in n times.
func (p *picker) oneIn(n int) bool { return p.rng.IntN(n) == 0 }

func pickOf[T any](p *picker, from []T) T { return from[p.rng.IntN(len(from))] }

// person is a given and a family name that this picker has not given before.
func (p *picker) person() (given, family string) {
	for {
		given, family = p.FirstName(), p.LastName()
		if full := given + " " + family; !p.used[full] {
			p.used[full] = true
			return given, family
		}
	}
}

func (p *picker) phone() string {
	return fmt.Sprintf("(%d) 555-%04d", pickOf(p, []int{206, 253, 360, 425, 509}), p.between(100, 9999))
}

// address is one in the company's home state.
func (p *picker) address() object {
	return object{
		"Line1": fmt.Sprintf("%d %s %s", p.between(10, 9900), pickOf(p, streetNames), pickOf(p, []string{"St", "Ave", "Ln", "Rd", "Blvd"})),
		"City":  pickOf(p, towns), "CountrySubDivisionCode": "WA", "PostalCode": fmt.Sprintf("98%03d", p.between(1, 999)),
	}
}

var streetNames = []string{
	"Alder", "Birch", "Cherry", "Dogwood", "Elm", "Fir", "Garden", "Hill", "Iris", "Juniper", "King", "Lake", "Main", "North", "Orchard", "Park", "River", "Spring", "Tulip", "Union",
}

// slug makes the host part of an address out of a name.
func slug(name string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			out.WriteRune(r)
		}
	}
	if out.Len() == 0 {
		first, _ := utf8.DecodeRuneInString(name)
		return fmt.Sprintf("firm%x", first)
	}
	return out.String()
}

// mailOf is a personal address at a firm.
func mailOf(given, family, firm string) string {
	return strings.ToLower(slug(given)+"."+slug(family)) + "@" + slug(firm) + ".example"
}

// respell is a name as the other system's people typed it: the same after
// trimming and folding.
func respell(name string, how int) string {
	switch how % 4 {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return strings.ToLower(name)
	case 2:
		return strings.ReplaceAll(name, " ", "  ")
	default:
		return name + " "
	}
}
