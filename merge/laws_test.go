package merge

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crossbook"
)

// checkLaws asserts what must hold of any merge.
func checkLaws(t interface {
	Helper()
	Fatalf(string, ...any)
}, in Input,
) {
	t.Helper()
	r := Merge(in)
	if again := Merge(in); !cmp.Equal(r, again) {
		t.Fatalf("the same input gives another result: %+v\n%s", in, cmp.Diff(r, again))
	}
	rules := map[string]Rule{}
	for _, rule := range in.Rules {
		rules[rule.Field] = rule
	}
	for _, c := range r.ToCRM {
		checkChange(t, in, rules[c.Field], c, crossbook.CRM)
	}
	for _, c := range append(append([]crossbook.Change(nil), r.ToBooks...), r.Held...) {
		checkChange(t, in, rules[c.Field], c, crossbook.Books)
	}
	for _, c := range r.ToBooks {
		if rules[c.Field].Handling == crossbook.Propose {
			t.Fatalf("%+v: %v went without an OK", in, c)
		}
	}
	for _, d := range r.Differences {
		alone := rules[d.Field].Unit == ""
		if d.CRM == d.Books || alone && (d.CRM == "" || d.Books == "") {
			t.Fatalf("%+v: %+v is no difference to review", in, d)
		}
	}

	// Once the writes are done a second merge writes nothing, and decides nothing anew.
	next := applied(in, r)
	second := Merge(next)
	if !second.Empty() || len(second.PutBack) > 0 {
		t.Fatalf("%+v: not quiet after the writes: %+v", in, second)
	}
	if !cmp.Equal(second.BaseCRM, r.BaseCRM) || !cmp.Equal(second.BaseBooks, r.BaseBooks) {
		t.Fatalf("%+v: the bases move by themselves: %v %v then %v %v", in, r.BaseCRM, r.BaseBooks, second.BaseCRM, second.BaseBooks)
	}
	if !cmp.Equal(bare(second.Held), bare(r.Held)) {
		t.Fatalf("%+v: held changes are forgotten or change: %+v then %+v", in, r.Held, second.Held)
	}
	if in.Preference != crossbook.Ask && len(second.Conflicts) > 0 {
		t.Fatalf("%+v: the conflict comes back: %+v", in, second.Conflicts)
	}
	for _, d := range second.Differences {
		if d.New && r.BaseCRM[d.Field] != "" && r.BaseBooks[d.Field] != "" {
			t.Fatalf("%+v: an old difference counts as new: %+v", in, d)
		}
	}
}

// checkChange asserts what must hold of one write.
func checkChange(t interface {
	Helper()
	Fatalf(string, ...any)
}, in Input, rule Rule, c crossbook.Change, to crossbook.Side,
) {
	t.Helper()
	f := c.Field
	present, source, base := in.CRM[f], in.Books[f], in.BaseBooks
	if to == crossbook.Books {
		present, source, base = in.Books[f], in.CRM[f], in.BaseCRM
	}
	if c.Old != present || c.New == present || c.Why == "" {
		t.Fatalf("%+v: %+v does not start from what is there, changes nothing or has no reason", in, c)
	}
	if c.New != source && (c.New != in.BaseCRM[f] || rule.Policy != ReadOnly) {
		t.Fatalf("%+v: %+v is a value nobody had", in, c)
	}
	_, metCRM := in.BaseCRM[f]
	_, metBooks := in.BaseBooks[f]
	if c.New == "" && (!metCRM || !metBooks) {
		t.Fatalf("%+v: %+v clears at first contact", in, c)
	}
	if c.New == "" && rule.Unit == "" && base[f] == "" && rule.Policy != ReadOnly {
		t.Fatalf("%+v: %+v clears with a value its side never held", in, c)
	}
	switch {
	case rule.Direction == crossbook.NoWay, rule.Policy == CreateOnly, rule.Policy == Never,
		to == crossbook.CRM && rule.Direction == crossbook.ToQB,
		to == crossbook.Books && (rule.Direction == crossbook.InToCRM || rule.Policy == ReadOnly):
		t.Fatalf("%+v: %+v goes where it may not", in, c)
	}
}

// applied is the next input once the writes have been made and the bases stored.
func applied(in Input, r Result) Input {
	next := in
	next.CRM, next.Books = in.CRM.Clone(), in.Books.Clone()
	next.BaseCRM, next.BaseBooks = r.BaseCRM, r.BaseBooks
	for _, c := range r.ToCRM {
		next.CRM[c.Field] = c.New
	}
	for _, c := range r.ToBooks {
		next.Books[c.Field] = c.New
	}
	return next
}

// drawInput makes a pair of records with addresses, single fields and all sorts of rules.
func drawInput(t *rapid.T) Input {
	value := rapid.SampledFrom([]string{"", "", "a", "b", "c", "a, b"})
	fields := []string{"Street", "City", "Code", "Country", "Price", "Currency", "Phone", "Email", "Terms"}
	units := map[string]string{"Street": "address", "City": "address", "Code": "address", "Country": "address", "Price": "price", "Currency": "price"}
	byUnit := map[string]Rule{}
	in := Input{
		CRM: crossbook.Fields{}, Books: crossbook.Fields{}, BaseCRM: crossbook.Fields{}, BaseBooks: crossbook.Fields{},
		Preference: rapid.SampledFrom([]crossbook.Preference{"", crossbook.OwnerWins, crossbook.CRMWins, crossbook.BooksWins, crossbook.Ask}).Draw(t, "preference"),
		Overwrite:  rapid.Bool().Draw(t, "overwrite"),
	}
	for _, f := range fields {
		rule := rapid.SampledFrom(allRules()).Draw(t, "rule")
		if rapid.Bool().Draw(t, "plain") {
			rule = Rule{Owner: rule.Owner}
		}
		if u := units[f]; u != "" {
			if shared, ok := byUnit[u]; ok {
				rule = shared
			}
			rule.Unit = u
			byUnit[u] = rule
			rule.Handling = rapid.SampledFrom([]crossbook.Handling{crossbook.StraightThrough, crossbook.Propose}).Draw(t, "handling")
			if rapid.IntRange(0, 3).Draw(t, "odd one") == 0 {
				rule.Policy = CreateOnly
			}
		}
		rule.Field = f
		in.Rules = append(in.Rules, rule)
		in.CRM[f], in.Books[f] = value.Draw(t, "crm"), value.Draw(t, "books")
		switch rapid.IntRange(0, 5).Draw(t, "base") {
		case 0:
		case 1:
			in.BaseCRM[f], in.BaseBooks[f] = in.CRM[f], in.Books[f]
		case 2:
			in.BaseCRM[f], in.BaseBooks[f] = value.Draw(t, "base crm"), value.Draw(t, "base books")
		default:
			v := value.Draw(t, "base both")
			in.BaseCRM[f], in.BaseBooks[f] = v, v
		}
	}
	return in
}

func TestMerge_LawsHoldForRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkLaws(t, drawInput(t)) })
}

// With an owner named for every field, and nothing that knows the books from
// the CRM, swapping the sides swaps the result.
func TestMerge_SwappingSidesMirrors(t *testing.T) {
	flipDirection := map[crossbook.Direction]crossbook.Direction{
		"": "", crossbook.Both: crossbook.Both, crossbook.NoWay: crossbook.NoWay,
		crossbook.InToCRM: crossbook.ToQB, crossbook.ToQB: crossbook.InToCRM,
	}
	flipPreference := map[crossbook.Preference]crossbook.Preference{
		"": "", crossbook.OwnerWins: crossbook.OwnerWins, crossbook.Ask: crossbook.Ask,
		crossbook.CRMWins: crossbook.BooksWins, crossbook.BooksWins: crossbook.CRMWins,
	}
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Overwrite = false
		for i := range in.Rules {
			r := &in.Rules[i]
			if r.Policy == ReadOnly || r.Policy == FillOnly {
				r.Policy = Normal
			}
			r.Handling = crossbook.StraightThrough
			if r.Owner == "" {
				r.Owner = crossbook.CRM
			}
		}
		mirror := Input{CRM: in.Books, Books: in.CRM, BaseCRM: in.BaseBooks, BaseBooks: in.BaseCRM, Preference: flipPreference[in.Preference]}
		for _, r := range in.Rules {
			r.Owner, r.Direction = r.Owner.Other(), flipDirection[r.Direction]
			mirror.Rules = append(mirror.Rules, r)
		}
		a, b := Merge(in), Merge(mirror)
		if diff := cmp.Diff(bare(a.ToCRM), bare(b.ToBooks)); diff != "" {
			t.Fatalf("towards the CRM: %s", diff)
		}
		if diff := cmp.Diff(bare(a.ToBooks), bare(b.ToCRM)); diff != "" {
			t.Fatalf("towards QuickBooks: %s", diff)
		}
		if !cmp.Equal(a.BaseCRM, b.BaseBooks) || !cmp.Equal(a.BaseBooks, b.BaseCRM) {
			t.Fatal("the bases do not mirror")
		}
		if len(a.Conflicts) != len(b.Conflicts) || len(a.Differences) != len(b.Differences) {
			t.Fatal("conflicts or differences do not mirror")
		}
	})
}

func bare(changes []crossbook.Change) []crossbook.Change {
	var out []crossbook.Change
	for _, c := range changes {
		c.Why = ""
		out = append(out, c)
	}
	return out
}
