package zohobox

import (
	"net/http"
	"slices"
)

// upsertRecords answers POST /{module}/upsert (section 4.4).
func (b *Box) upsertRecords(c *call) answer {
	rows, refused := b.readBatch(c)
	if refused != nil {
		return *refused
	}
	since, f := unmodifiedSince(c)
	if f != nil {
		return f.answer()
	}
	checks, f := b.duplicateOrder(c)
	if f != nil {
		return f.answer()
	}
	return b.writeRows(rows, http.StatusOK, func(path string, o object) (object, *failure) {
		old, by := b.match(c, checks, o)
		if old == nil {
			r, f := b.insert(c, c.mod, o, path)
			if f != nil {
				return nil, f
			}
			item := success(b.resultOf(c, r, o), "record added")
			item["action"], item["duplicate_field"] = "insert", nil
			return item, nil
		}
		if right := "Crm_Implied_Edit_" + c.mod.name; b.profileByID(c.user.Profile).Denied[right] {
			return nil, &failure{code: "AUTHORIZATION_FAILED", message: "User does not have sufficient privilege to perform this operation", details: object{"api_name": "id", "json_path": path + ".id", "permissions": []any{right}}}
		}
		r, f := b.update(c, c.mod, old, o, path, since)
		if f != nil {
			return nil, f
		}
		item := success(b.resultOf(c, r, o), "record updated")
		item["action"], item["duplicate_field"] = "update", by
		return item, nil
	})
}

// duplicateOrder lists the fields an upsert checks, in their order:
//
//	given     checked
//	nothing   system, u1, u2
//	u1        u1, u2   (the system field is not checked)
//	u2        u2, u1
//	system    system, u1, u2
func (b *Box) duplicateOrder(c *call) ([]*field, *failure) {
	system := c.mod.field(c.mod.duplicate) // none for activities and cases
	var unique []*field
	for _, f := range c.mod.fields {
		if f.isUnique() {
			unique = append(unique, f)
		}
	}
	given := list(c.body["duplicate_check_fields"])
	if len(given) == 0 {
		if system == nil {
			return unique, nil
		}
		return append([]*field{system}, unique...), nil
	}
	var out []*field
	for i, v := range given {
		f := c.mod.field(text(v))
		if f == nil || f != system && !f.isUnique() {
			return nil, &failure{status: 400, code: "INVALID_DATA", message: "invalid data", details: object{"api_name": "duplicate_check_fields", "json_path": "$.duplicate_check_fields[" + formatID(int64(i)) + "]"}}
		}
		out = append(out, f)
	}
	for _, f := range unique {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out, nil
}

// match finds the record an upsert would change.
func (b *Box) match(c *call, checks []*field, o object) (*record, any) {
	for _, f := range checks {
		v, isText := o[f.Name].(string)
		if !isText || v == "" {
			continue
		}
		if f.isUnique() {
			if r := b.holderOf(c.mod, f, v, 0, c.user); r != nil {
				return r, f.Name
			}
			continue
		}
		if ids := c.mod.table.holding(f.Name, v); len(ids) > 0 {
			return c.mod.table.get(ids[0]), f.Name
		}
	}
	return nil, nil
}
