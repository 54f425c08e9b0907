package zohobox

// lockModule is where clients read which fields a lock has: the vendor's SDK
// asks for them before each call on locks (section 10). Nothing is listed under
// it, so it is none of the organisation's modules.
const lockModule = "Locking_Information__s"

func (b *Box) lockFields() *module {
	m := &module{moduleSpec: moduleSpec{name: lockModule}, byName: map[string]*field{}}
	for i, f := range []field{
		{Name: "Locked_Reason__s", Label: "Reason", Type: "textarea", Mandatory: true},
		{Name: "Lock_Source__s", Label: "Lock Source", Type: "picklist", ReadOnly: true, Picks: []pick{{Value: "Manual"}, {Value: "Automatic"}}},
		{Name: "Locked_By__s", Label: "Locked By", Type: "ownerlookup", ReadOnly: true},
		{Name: "Locked_For__s", Label: "Locked For", Type: "lookup", ReadOnly: true},
		{Name: "Locked_Time__s", Label: "Locked Time", Type: "datetime", ReadOnly: true},
	} {
		f.ID, f.Length = formatID(b.ids.base+int64(950+i)), defaultLengths[f.Type]
		m.addField(&f)
	}
	return m
}
