package plan

import (
	"cmp"
	"slices"

	"crossbook"
)

// stage is the place of a module in the order of work (R70); Deals, which only
// receive figures, come last.
func stage(m crossbook.Module) int {
	if m == crossbook.Deals {
		return len(crossbook.Modules())
	}
	return slices.Index(crossbook.Modules(), m)
}

// Wave is a set of operations that do not depend on one another and may be
// sent at the same time.
type Wave []crossbook.Op

// Order sorts operations into waves: vendors, accounts, contacts, products,
// then documents; within a module parents before children, and operations of
// one kind together, so that batches are as large as they can be.
func Order(ops []crossbook.Op) []Wave {
	sorted := slices.Clone(ops)
	slices.SortStableFunc(sorted, func(a, b crossbook.Op) int {
		return cmp.Or(
			cmp.Compare(stage(a.Module), stage(b.Module)),
			cmp.Compare(a.Depth, b.Depth),
		)
	})
	var waves []Wave
	for _, op := range sorted {
		last := len(waves) - 1
		if last < 0 || waves[last][0].Module != op.Module || waves[last][0].Depth != op.Depth {
			waves = append(waves, Wave{op})
			continue
		}
		waves[last] = append(waves[last], op)
	}
	return waves
}
