package engine

import (
	"testing"
	"time"

	"crossbook"
)

func TestPingPong_ThirdAlternatingWriteWithinAQuarterOfAnHour(t *testing.T) {
	base := crossbook.Fields{}
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	write := func(value string) []crossbook.Change { return []crossbook.Change{{Field: "Phone", New: value}} }
	for _, v := range []string{"1", "2"} {
		if _, yes := pingPong(base, crossbook.CRM, write(v), now); yes {
			t.Fatalf("writing %s counts as a loop already", v)
		}
		rememberWrites(base, crossbook.Op{Kind: crossbook.Update, Side: crossbook.CRM, Changes: write(v)}, now)
		now = now.Add(time.Minute)
	}
	if f, yes := pingPong(base, crossbook.CRM, write("1"), now); !yes || f != "Phone" {
		t.Error("the third, alternating write is not noticed")
	}
	if _, yes := pingPong(base, crossbook.CRM, write("3"), now); yes {
		t.Error("a new value counts as a loop")
	}
	if _, yes := pingPong(base, crossbook.Books, write("1"), now); yes {
		t.Error("writes to the other side are counted together")
	}
	toAndFro := crossbook.Fields{}
	rememberWrites(toAndFro, crossbook.Op{Kind: crossbook.Update, Side: crossbook.CRM, Changes: write("1")}, now)
	rememberWrites(toAndFro, crossbook.Op{Kind: crossbook.Update, Side: crossbook.Books, Changes: write("2")}, now)
	if _, yes := pingPong(toAndFro, crossbook.CRM, write("1"), now); !yes {
		t.Error("values that go to and fro between the sides are not noticed")
	}
	if _, yes := pingPong(base, crossbook.CRM, write("1"), now.Add(time.Hour)); yes {
		t.Error("writes of long ago are counted")
	}
}
