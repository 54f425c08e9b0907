package zohobox

// Converting a lead makes an account of its company, a contact of the person and,
// if one is described, a deal; the lead stays as a converted record that nobody
// edits any more (sections 4.6 and 14).

// leadCredits is what the conversion of a lead costs (section 14).
const leadCredits = 5

// renamedByConversion are the fields whose value goes on under another name.
var renamedByConversion = map[string]map[string]string{
	"Accounts": {
		"Company": "Account_Name", "No_of_Employees": "Employees", "Street": "Billing_Street", "City": "Billing_City", "State": "Billing_State",
		"Zip_Code": "Billing_Code", "Country": "Billing_Country",
	},
	"Contacts": {
		"Designation": "Title", "Street": "Mailing_Street", "City": "Mailing_City", "State": "Mailing_State", "Zip_Code": "Mailing_Zip",
		"Country": "Mailing_Country",
	},
}

// leadConversion is a conversion being checked.
type leadConversion struct {
	b      *Box
	c      *call
	lead   *record
	asked  object
	owner  string
	drafts map[string]*draft
	found  map[string]*record // records that were named instead of made
}

// convertLead answers POST /Leads/{id}/actions/convert.
func (b *Box) convertLead(c *call, lead *record) answer {
	rows := list(c.body["data"])
	if len(rows) != 1 {
		return answer{status: 400, body: object{"data": []any{missing("data", "$").item()}}}
	}
	asked, isObject := rows[0].(object)
	if !isObject {
		return answer{status: 400, body: object{"data": []any{invalidAt("data", "$.data[0]", object{"expected_data_type": "jsonobject"}).item()}}}
	}
	c.batch.readTrigger(c.body)
	details, f := b.makeOfLead(c, lead, asked)
	if f != nil {
		return answer{status: 400, body: object{"data": []any{f.item()}}}
	}
	b.watch.close(b)
	return ok(object{"data": []any{success(details, "The record has been converted successfully")}})
}

// makeOfLead checks all that the conversion makes before it stores any of it.
func (b *Box) makeOfLead(c *call, lead *record, asked object) (object, *failure) {
	v := &leadConversion{b: b, c: c, lead: lead, asked: asked, drafts: map[string]*draft{}, found: map[string]*record{}}
	for _, step := range []func() *failure{v.readOwner, v.readAccount, v.readContact, v.readDeal} {
		if f := step(); f != nil {
			return nil, f
		}
	}
	details := v.commit()
	n := lead.clone()
	n.vals[convertedKey] = true
	n.modified, n.modifiedBy = b.now(), c.user.ID
	b.put(c.mod, n)
	b.history(c, c.mod, lead, n, "convert", nil)
	b.logWrite(c, "convert", c.mod.name, n.sid(), asked)
	b.note(c, c.mod, n, "update", nil)
	return details, nil
}

// mayMake refuses a record to who lacks the right for it; in the screens no
// scope of an app stands in the way.
func (v *leadConversion) mayMake(m *module, right, op string) *failure {
	right += m.name
	if v.b.profileByID(v.c.user.Profile).Denied[right] || v.c.token != nil && !v.c.token.allows("ZohoCRM.modules."+m.scope+"."+op) {
		return noPermission(right)
	}
	return nil
}

func (v *leadConversion) readOwner() *failure {
	v.owner = v.lead.owner
	o, given := v.asked["assign_to"]
	if !given || o == nil {
		return nil
	}
	u := v.b.userByID(text(asObject(o)["id"]))
	if u == nil || !u.Active {
		return invalidAt("id", "$.data[0].assign_to.id", nil)
	}
	v.owner = u.ID
	return nil
}

// carried are the values of the lead that a record of a module takes over:
// fields of one name and type, and those that change their name.
func (v *leadConversion) carried(to *module) object {
	from, o := v.c.mod, object{}
	for name, value := range v.b.copyOf(from, v.lead) {
		target := name
		if other := renamedByConversion[to.name][name]; other != "" {
			target = other
		}
		f, own := to.field(target), from.field(name)
		if f != nil && own != nil && !f.Custom && !own.Custom && f.Type == own.Type && f.Lookup == own.Lookup && !f.ReadOnly {
			o[target] = value
		}
	}
	o["Owner"] = object{"id": v.owner}
	return o
}

// existing reads the record that is named instead of a new one.
func (v *leadConversion) existing(m *module) (*record, *failure) {
	o, given := v.asked[m.name]
	if !given || o == nil {
		return nil, nil
	}
	id, named := asObject(o)["id"]
	if !named {
		return nil, missing("id", "$.data[0]."+m.name)
	}
	n, _ := parseID(text(id))
	r := m.table.get(n)
	if r == nil {
		return nil, invalidAt("id", "$.data[0]."+m.name+".id", nil)
	}
	return r, nil
}

// prepare checks the record that a module gets: a new one, or one that exists,
// whose values are overwritten only if that was asked for.
func (v *leadConversion) prepare(m *module) *failure {
	r, f := v.existing(m)
	if f != nil {
		return f
	}
	values := v.carried(m)
	right, op := "Crm_Implied_Create_", "CREATE"
	if r != nil {
		v.found[m.name] = r
		if v.asked["overwrite"] != true {
			return nil
		}
		right, op = "Crm_Implied_Edit_", "UPDATE"
		delete(values, "Owner")
		if f := v.b.mayUpdate(v.c, m, r, values, "$.data[0]."+m.name); f != nil {
			return f
		}
	}
	if f := v.mayMake(m, right, op); f != nil {
		return f
	}
	d := v.b.check(v.c, m, r, values, "$.data[0]."+m.name)
	if f := d.fault(); f != nil {
		return f
	}
	v.drafts[m.name] = d
	return nil
}

// readAccount: without a company and without a named account there is none.
func (v *leadConversion) readAccount() *failure {
	if v.lead.vals["Company"] == nil && v.asked["Accounts"] == nil {
		return nil
	}
	return v.prepare(v.b.module["Accounts"])
}

func (v *leadConversion) readContact() *failure { return v.prepare(v.b.module["Contacts"]) }

func (v *leadConversion) readDeal() *failure {
	given, asked := v.asked["Deals"]
	if !asked || given == nil {
		return nil
	}
	m, path := v.b.module["Deals"], "$.data[0].Deals"
	o, isObject := given.(object)
	if !isObject {
		return invalidAt("Deals", path, object{"expected_data_type": "jsonobject"})
	}
	if f := v.mayMake(m, "Crm_Implied_Create_", "CREATE"); f != nil {
		return f
	}
	values := v.carried(m)
	delete(values, "Description")
	for k, e := range o {
		values[k] = e
	}
	d := v.b.check(v.c, m, nil, values, path)
	if f := d.fault(); f != nil {
		return f
	}
	v.drafts[m.name] = d
	return nil
}

// commit stores what was checked, each tied to the ones before it, and names
// the records.
func (v *leadConversion) commit() object {
	b, details, ids := v.b, object{}, map[string]string{}
	ties := map[string]map[string]string{"Contacts": {"Accounts": "Account_Name"}, "Deals": {"Accounts": "Account_Name", "Contacts": "Contact_Name"}}
	for _, name := range []string{"Accounts", "Contacts", "Deals"} {
		m, r := b.module[name], v.found[name]
		if d := v.drafts[name]; d != nil {
			for _, other := range sortedKeys(ties[name]) {
				if field := ties[name][other]; ids[other] != "" && (d.old == nil || d.rec.vals[field] == nil) {
					d.rec.vals[field] = ids[other]
				}
			}
			if v.asked["carry_over_tags"] == true {
				b.carryTags(v.c, v.lead, d)
			}
			op := "update"
			if d.old == nil {
				op = "create"
			}
			b.commit(d, op)
			r = d.rec
		}
		if r != nil {
			ids[name] = r.sid()
			details[name] = object{"id": r.sid(), "name": displayName(m, r)}
		}
	}
	return details
}
