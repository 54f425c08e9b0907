package zohobox

// points reports whether a look-up may hold records of a module; activities
// have one that takes any.
func (f *field) points(m *module) bool {
	return f.Type == "lookup" && f.Name != "Parent_Id" && (f.Lookup == m.name || f.Lookup == anyModule && !m.isLine())
}

// holder is the module of a look-up's target. Where any may be meant, ids tell,
// as no two modules share one.
func (b *Box) holder(f *field, id string) *module {
	if f.Lookup != anyModule {
		return b.module[f.Lookup]
	}
	n, _ := parseID(id)
	for _, m := range b.modules {
		if m.table.get(n) != nil {
			return m
		}
	}
	return nil
}

// named is the module whose record a sent look-up means. For a look-up to any
// module, the record must say which.
func (rd reader) named(f *field, path string) (*module, *failure) {
	if f.Lookup != anyModule {
		return rd.b.module[f.Lookup], nil
	}
	at := path[:len(path)-len(f.Name)] + anyModule
	name, _ := rd.obj[anyModule].(string)
	if name == "" {
		return nil, &failure{code: "DEPENDENT_FIELD_MISSING", message: "dependent field missing", details: object{
			"api_name": anyModule, "json_path": at, "dependee": object{"api_name": f.Name, "json_path": path},
		}}
	}
	m := rd.b.module[name]
	if m == nil || m.isLine() {
		return nil, invalidAt(anyModule, at, nil)
	}
	return m, nil
}

// aboutModule is $se_module of an activity: what kind of record it is about.
func (b *Box) aboutModule(m *module, r *record) (name any, has bool) {
	f := m.field("What_Id")
	if f == nil || f.Lookup != anyModule {
		return nil, false
	}
	if target := b.holder(f, text(r.vals[f.Name])); target != nil {
		return target.name, true
	}
	return nil, true
}

// computeTask notes when a task was closed.
func (b *Box) computeTask(d *draft) {
	closed := d.rec.vals["Status"] == "Completed"
	switch {
	case !closed:
		delete(d.rec.vals, "Closed_Time")
	case d.rec.vals["Closed_Time"] == nil:
		d.rec.vals["Closed_Time"] = stamp(b.now(), d.c.zone())
	}
}
