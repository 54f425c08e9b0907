package simulate

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// fixedDials are not drawn, and why.
var fixedDials = map[string]string{
	"TokensPerWindow":           "tokens are fetched by the simulation itself, and a clock that jumps wears out many",
	"AccountRequired":           "it would refuse what people enter, not what Crossbook does",
	"ClosingDateRequired":       "it would refuse what people enter, not what Crossbook does",
	"CurrencyDecimals":          "other decimals have tests of their own, which know the rounding",
	"AddressCoordinates":        "Crossbook neither reads nor writes where an address lies",
	"RateDivides":               "Crossbook calls no bulk job",
	"RestoreNeedsParent":        "Crossbook restores nothing by itself, and people do it in the screens",
	"BinModuleObject":           "Crossbook restores by id and never reads the bin",
	"BulkEcho":                  "Crossbook calls no bulk job",
	"CustomModules":             "Crossbook makes no modules",
	"BulkTime":                  "Crossbook calls no bulk job",
	"CompositeRollback":         "Crossbook makes no composite request",
	"Latency":                   "there is one call at a time",
	"OldRefreshTokenGrace":      "tokens are fetched by the simulation itself",
	"DuplicateNumbersAllowed":   "people number documents as they like",
	"InactivateWithBalance":     "people inactivate whom they like",
	"FileAddressLife":           "Crossbook fetches no file",
	"PermissionDeniedIs400":     "nobody's role is changed in a simulated company",
	"ThrottleEndsWithItsWindow": "the simulated company has no limits",
	"SubscriptionEndIs400":      "nobody's subscription ends in a simulated company",
}

// What the vendors' documents leave open must not be what Crossbook rests on: a
// dial that nobody turns would let it.
func TestProfiles_TurnEveryDial(t *testing.T) {
	seen := map[string]map[string]bool{}
	note := func(dials any) {
		v := reflect.ValueOf(dials)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if seen[name] == nil {
				seen[name] = map[string]bool{}
			}
			seen[name][fmt.Sprint(v.Field(i).Interface())] = true
		}
	}
	for seed := int64(1); seed <= 50; seed++ {
		p := draw(rand.New(rand.NewPCG(uint64(seed), 0x5eed)), Options{})
		p.moreDials(seed)
		note(p.crm.Dials)
		note(p.books.Dials)
	}
	for name, values := range seen {
		if _, fixed := fixedDials[name]; !fixed && len(values) < 2 {
			t.Errorf("dial %s is never turned", name)
		}
	}
	for name := range fixedDials {
		if len(seen[name]) != 1 {
			t.Errorf("dial %s is said to be fixed: %d values", name, len(seen[name]))
		}
	}
	if !slices.ContainsFunc([]string{"EchoSilent", "TrimNames"}, func(n string) bool { return len(seen[n]) > 1 }) {
		t.Error("no dial was found")
	}
}
