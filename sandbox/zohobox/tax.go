package zohobox

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

func (t *tax) render() object {
	return object{"id": t.ID, "name": t.Name, "display_label": t.Name, "value": json.Number(t.Value), "sequence_number": t.Sequence}
}

// getTaxes answers GET /org/taxes (section 9.6; no vendor specification exists).
func (b *Box) getTaxes(c *call) answer {
	rows := []any{}
	for _, t := range b.taxes {
		if len(c.path) < 3 || c.path[2] == t.ID {
			rows = append(rows, t.render())
		}
	}
	if len(c.path) > 2 && len(rows) == 0 {
		return noContent()
	}
	return ok(object{"org_taxes": object{
		"taxes":      rows,
		"preference": object{"auto_populate_tax": true, "modify_tax_rates": false},
	}})
}

// putTaxes creates, changes and deletes rates in one call.
func (b *Box) putTaxes(c *call) answer {
	if f := b.needAdmin(c.user); f != nil {
		return f.answer()
	}
	wrap, _ := c.body["org_taxes"].(object)
	rows := list(wrap["taxes"])
	if len(rows) == 0 {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "taxes", "json_path": "$.org_taxes.taxes"})
	}
	// One result for the whole call: the SDK reads no list here.
	var item object
	for i, row := range rows {
		o, _ := row.(object)
		var f *failure
		if item, f = b.putTax(o, fmt.Sprintf("$.org_taxes.taxes[%d]", i)); f != nil {
			return answer{status: 400, body: object{"org_taxes": f.item()}}
		}
	}
	return ok(object{"org_taxes": item})
}

func (b *Box) putTax(o object, path string) (object, *failure) {
	id := text(o["id"])
	if id == "" {
		return b.addTax(o, path)
	}
	t := b.taxByID(id)
	if t == nil {
		return nil, invalidAt("id", path+".id", nil)
	}
	if _, gone := o["_delete"]; gone {
		b.taxes = slices.DeleteFunc(b.taxes, func(x *tax) bool { return x == t })
		b.drop("tax", t.ID)
		return success(object{"id": t.ID}, "tax deleted"), nil
	}
	if name := text(o["name"]); name != "" {
		t.Name = name
	}
	if v, given := o["value"]; given {
		d, err := decimal.NewFromString(fmt.Sprint(v))
		if err != nil {
			return nil, invalidAt("value", path+".value", object{"expected_data_type": "double"})
		}
		t.Value = d.String()
	}
	b.save("tax", t.ID, t)
	return success(object{"id": t.ID}, "tax updated"), nil
}

func (b *Box) addTax(o object, path string) (object, *failure) {
	name := text(o["name"])
	if name == "" {
		name = text(o["display_label"])
	}
	if name == "" {
		return nil, &failure{code: "MANDATORY_NOT_FOUND", message: "required field not found", details: object{"api_name": "name", "json_path": path + ".name"}}
	}
	if b.taxNamed(name) != nil {
		return nil, &failure{code: "DUPLICATE_DATA", message: "duplicate data", details: object{"api_name": "name", "json_path": path + ".name"}}
	}
	d, err := decimal.NewFromString(fmt.Sprint(o["value"]))
	if err != nil {
		return nil, invalidAt("value", path+".value", object{"expected_data_type": "double"})
	}
	t := &tax{ID: b.ids.meta(), Name: name, Value: d.String(), Sequence: len(b.taxes) + 1}
	b.taxes = append(b.taxes, t)
	b.save("tax", t.ID, t)
	return success(object{"id": t.ID}, "tax added"), nil
}
