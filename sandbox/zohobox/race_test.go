package zohobox_test

import (
	"fmt"
	"sync"
	"testing"

	"crossbook/sandbox/zohobox"
)

// Many clients, a person and the state page at once; nothing is lost or doubled.
func TestConcurrent_UseIsSafe(t *testing.T) {
	a, in := watching(t, obj{"events": []any{"Vendors.all"}}, zohobox.Options{})
	f := a.externalID("Vendors")
	const clients, each = 8, 25
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			for i := range each {
				a.insert("Vendors", obj{"Vendor_Name": "V", f: fmt.Sprint(i)}) // all clients race for the same ids
				a.get("/Vendors?fields=Vendor_Name," + f)
				a.coql("select Vendor_Name from Vendors where " + f + " = '" + fmt.Sprint(i) + "'")
				if n == 0 {
					a.do(zohobox.Action{User: "Eva", Action: "create", Type: "Vendors", Data: obj{"Vendor_Name": "by Eva"}})
					a.get("/_sandbox/state")
					a.pump()
				}
			}
		})
	}
	wg.Wait()
	a.pump()
	r := a.coql("select id from Vendors where " + f + " is not null")
	if got := r.len("data"); got != each {
		t.Errorf("%d vendors with an id, want %d", got, each)
	}
	n := 0
	for _, o := range in.got {
		n += len(o["ids"].([]any))
	}
	if n != 2*each {
		t.Errorf("%d creations were told, want %d", n, 2*each)
	}
}
