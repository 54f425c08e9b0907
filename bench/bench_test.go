package bench_test

import (
	"fmt"
	"testing"
)

// bound is the least number of record calls that bring n customers, two firms
// for each person, into an empty CRM (design section 10): pages of 1,000 of
// customers and a page of each of the seven other kinds of records in
// QuickBooks, a look at each of the four modules that travel both ways, and
// batches of 100 of Accounts and of Contacts, which need them.
func bound(n int) int {
	pages := func(k, size int) int { return (k + size - 1) / size }
	firms := n - n/3
	return pages(n, 1000) + 7 + 4 + pages(firms, 100) + pages(n, 100)
}

// Calls of a first sync over their bound; at most 1.1.
func BenchmarkFirstSync_CallsOverBound(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				out, _ := connected(b, n).sync()
				ratio := float64(out.RecordCalls) / float64(bound(n))
				b.ReportMetric(float64(out.RecordCalls), "calls")
				b.ReportMetric(ratio, "calls/bound")
				if n >= 10_000 && ratio > 1.1 {
					b.Errorf("%d record calls, more than 1.1 x %d", out.RecordCalls, bound(n))
				}
			}
		})
	}
}

// A record of a large company costs what one of a small company costs, and the
// memory does not grow with the company.
func BenchmarkFirstSync_TenTimesAsMany(b *testing.B) {
	const small, large = 2_000, 20_000
	for range b.N {
		_, few := connected(b, small).sync()
		_, many := connected(b, large).sync()
		perRecord := (many.cpu.Seconds() / large) / (few.cpu.Seconds() / small)
		b.ReportMetric(perRecord, "cpu/record-ratio")
		b.ReportMetric(many.cpu.Seconds()*1e6/large, "cpu-µs/customer")
		b.ReportMetric(few.resident, "MB-small")
		b.ReportMetric(many.resident, "MB-large")
		b.ReportMetric((many.resident-few.resident)/(large-small)*10_000, "MB/10000customers")
		if perRecord > 1.5 {
			b.Errorf("a record of %d costs %.2f times one of %d", large, perRecord, small)
		}
		if many.resident > 1.6*few.resident {
			b.Errorf("%.0f MB for %d customers, %.0f MB for %d", many.resident, large, few.resident, small)
		}
	}
}

// Syncs with nothing changed: 9 record calls, no write, also after every
// LastUpdatedTime was raised.
func BenchmarkNothingChanged(b *testing.B) {
	for range b.N {
		c := connected(b, 150) // what the first sync wrote comes back on one page
		c.sync()
		calm, _ := c.sync()
		c.bump()
		bumped, _ := c.sync()
		b.ReportMetric(float64(calm.RecordCalls), "calls")
		b.ReportMetric(float64(bumped.RecordCalls), "calls-after-bump")
		b.ReportMetric(float64(calm.Written+bumped.Written), "writes")
		if calm.RecordCalls != 9 || bumped.RecordCalls != 9 || calm.Written+bumped.Written != 0 {
			b.Errorf("calm %+v, after a bump %+v: want 9 record calls and no write", calm, bumped)
		}
	}
}
