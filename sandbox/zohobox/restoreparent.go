package zohobox

// binnedParents are the records in the recycle bin that another one in it looks
// up to; such a pair was deleted one after the other, the child first.
func (b *Box) binnedParents(m *module, g *grave) []string {
	r := m.bin[g.ID]
	if r == nil {
		return nil
	}
	var out []string
	for _, f := range m.fields {
		id := text(r.vals[f.Name])
		if f.Type != "lookup" || id == "" || !b.mayLieInBin(f, id) {
			continue
		}
		if _, parent := b.inBin(id); parent != nil {
			out = append(out, id)
		}
	}
	return out
}

// mayLieInBin spares the walk through the bin for targets that are not there.
func (b *Box) mayLieInBin(f *field, id string) bool {
	n, _ := parseID(id)
	if f.Lookup != anyModule {
		target := b.module[f.Lookup]
		return target != nil && target.bin[n] != nil
	}
	for _, m := range b.modules {
		if m.bin[n] != nil {
			return true
		}
	}
	return false
}

// needsParent refuses to restore a record without the one it belongs to, when
// that one could be restored with it (section 13). What the vendor takes for a
// parent is not written down: a dial lets the child come alone.
func (b *Box) needsParent(m *module, g *grave, together map[string]bool) *failure {
	if !b.opt.Dials.RestoreNeedsParent.is(true) {
		return nil
	}
	for _, id := range b.binnedParents(m, g) {
		if !together[id] {
			return &failure{code: "CANNOT_RESTORE_WITHOUT_PARENT", message: "the record cannot be restored without its parent", details: object{"id": formatID(g.ID)}}
		}
	}
	return nil
}

// parentsFirst moves records behind those of the same call that they look up to,
// so that the look-ups find them.
func (b *Box) parentsFirst(ids []string) (order []string, together map[string]bool) {
	together, placed := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		together[id] = true
	}
	var place func(id string)
	place = func(id string) {
		if placed[id] {
			return
		}
		placed[id] = true
		if m, g := b.inBin(id); g != nil {
			for _, parent := range b.binnedParents(m, g) {
				if together[parent] {
					place(parent)
				}
			}
		}
		order = append(order, id)
	}
	for _, id := range ids {
		place(id)
	}
	return order, together
}
