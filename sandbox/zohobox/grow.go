package zohobox

import "slices"

// grow gives an organisation that was stored before a module or a field of the
// vendor's was known what a new one has: databases outlive versions.
func (b *Box) grow(stored map[string]bool, founded map[string][]*field) {
	for _, m := range b.modules {
		if !stored[m.name] {
			m.ID = b.ids.meta()
			m.fields, m.byName = nil, map[string]*field{}
		}
		missing := 0
		for _, f := range founded[m.name] {
			if m.byName[f.Name] != nil {
				continue
			}
			n := *f
			n.ID = b.ids.meta()
			n.Picks = slices.Clone(f.Picks)
			for i := range n.Picks {
				n.Picks[i].ID = b.ids.meta()
			}
			m.addField(&n)
			missing++
		}
		if missing > 0 {
			b.saveModule(m)
		}
		if len(m.layouts) == 0 && !m.isLine() {
			l := b.standardLayout(m)
			m.layouts = []*layout{l}
			b.save("layout", l.ID, l)
		}
		if !stored[m.name] && !m.isLine() {
			for _, v := range b.viewsOf(m) {
				b.views = append(b.views, v)
				b.save("view", v.ID, v)
			}
		}
	}
}
