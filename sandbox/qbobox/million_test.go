package qbobox_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// A million customers load and are read by pages of queries, each once.
func TestMillion_LoadedAndReadByPages(t *testing.T) {
	if os.Getenv("CROSSBOOK_SANDBOX") != "full" {
		t.Skip("takes minutes; CROSSBOOK_SANDBOX=full runs it")
	}
	const n, page = 1_000_000, 1000
	start := time.Now()
	c := crowd(t, n)
	loaded := time.Since(start)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	seen := make(map[string]bool, n)
	for at := 1; at <= n; at += page {
		rows, _ := c.query(fmt.Sprintf("select Id from Customer orderby Id startposition %d maxresults %d", at, page))["Customer"].([]any)
		if len(rows) != page {
			t.Fatalf("%d customers at %d", len(rows), at)
		}
		for _, r := range rows {
			seen[s(r, "Id")] = true
		}
	}
	if len(seen) != n {
		t.Errorf("%d customers were seen", len(seen))
	}
	t.Logf("loaded in %s, %d MB, everything in %s", loaded, mem.HeapAlloc>>20, time.Since(start))
}
