package engine_test

import (
	"fmt"
	"testing"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// scenario is a story that can be told again from any point: each act is done
// once, whatever crashed before, and a sync follows it.
type scenario struct {
	before func(*world)   // before the systems are connected
	acts   []func(*world) // what people do; a sync follows each
	check  func(t *testing.T, w *world)
}

// everyCrash plays the scenario once to count its steps, then once for each
// step with a kill there, a restart, and the rest of the story.
func (s scenario) everyCrash(t *testing.T) {
	t.Helper()
	build := func(t *testing.T) *world {
		w := newWorld(t)
		s.before(w)
		return w.connect().allVendors()
	}
	var done int // acts begun before the kill
	play := func(w *world, from int) {
		if from < 0 {
			w.firstSync()
			from = 0
		}
		for i := from; i < len(s.acts); i++ {
			s.acts[i](w)
			done = i + 1
			w.sync()
		}
	}
	whole := func(t *testing.T, w *world) {
		t.Helper()
		w.t = t
		s.check(t, w)
		w.nothingMore()
	}
	w := build(t)
	steps := 0
	w.step = func(string) { steps++ }
	play(w, -1)
	w.step = func(string) {}
	whole(t, w)
	for n := 1; n <= steps; n += stride(steps) {
		t.Run(fmt.Sprintf("step %d", n), func(t *testing.T) {
			w := build(t)
			done = 0
			w.killAt(n)
			at := w.survive(func() { play(w, -1) })
			t.Logf("killed at %q", at)
			if at == "" {
				t.Skip("the scenario took fewer steps this time")
			}
			w.reborn()
			w.settleDown()
			play(w, done)
			w.settleDown()
			whole(t, w)
		})
	}
}

// stride is from one kill to the next: each step, or, where tests are to be
// short, a handful spread over all of them.
func stride(steps int) int {
	if testing.Short() {
		return steps/4 + 1
	}
	return 1
}

// nothingMore makes sure that no problem stands and that a sync with nothing
// changed writes nothing.
func (w *world) nothingMore() {
	w.t.Helper()
	for _, p := range w.problems() {
		if p.Ref.Type != "merged" { // a task for a person, which stands for ever if it must
			w.t.Errorf("problem: %+v", p)
		}
	}
	before := w.crmState().apiWrites() + w.booksState().apiWrites()
	w.sync()
	if after := w.crmState().apiWrites() + w.booksState().apiWrites(); after != before {
		w.t.Errorf("a sync with nothing changed wrote %d times", after-before)
	}
}

func (w *world) crmID(typ, field, value string) string {
	w.t.Helper()
	return w.crmState().find(w.t, typ, field, value)["id"].(string)
}

func (w *world) booksID(typ, field, value string) string {
	w.t.Helper()
	return w.booksState().find(w.t, typ, field, value)["Id"].(string)
}

func (w *world) newCRM(typ string, data map[string]any) string {
	w.t.Helper()
	return w.personCRM(zohobox.Action{Action: "create", Type: typ, Data: data})
}

func (w *world) editCRM(typ, id string, data map[string]any) {
	w.t.Helper()
	w.personCRM(zohobox.Action{Action: "update", Type: typ, ID: id, Data: data})
}

func (w *world) newBooks(typ string, data map[string]any) string {
	w.t.Helper()
	return w.personBooks(qbobox.Action{Action: "create", Type: typ, Data: data})
}

func (w *world) editBooks(typ, id string, data map[string]any) {
	w.t.Helper()
	w.personBooks(qbobox.Action{Action: "update", Type: typ, ID: id, Data: data})
}

type m = map[string]any

func phone(s string) m { return m{"FreeFormNumber": s} }

func get(r map[string]any, path ...string) any {
	var v any = r
	for _, k := range path {
		mm, _ := v.(map[string]any)
		v = mm[k]
	}
	return v
}

func want(t *testing.T, what string, got any, want string) {
	t.Helper()
	if fmt.Sprint(got) != want {
		t.Errorf("%s = %v, want %s", what, got, want)
	}
}
