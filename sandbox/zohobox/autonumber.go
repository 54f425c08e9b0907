package zohobox

import (
	"encoding/json"
	"strconv"
)

// autoNumber says how an automatic number is written.
type autoNumber struct {
	Prefix string `json:"prefix"`
	Suffix string `json:"suffix"`
	Start  int64  `json:"start"`
}

func (a *autoNumber) at(n int64) string {
	return a.Prefix + strconv.FormatInt(a.Start+n-1, 10) + a.Suffix
}

func (f *field) renderAuto() object {
	if f.Auto == nil {
		return object{}
	}
	return object{"prefix": f.Auto.Prefix, "suffix": f.Auto.Suffix, "start_number": f.Auto.Start, "starting_number_length": len(strconv.FormatInt(f.Auto.Start, 10))}
}

// readAuto reads how the numbers of an automatic field look.
func readAuto(v any, path string) (*autoNumber, *failure) {
	a := &autoNumber{Start: 1}
	o, isObject := v.(object)
	if v != nil && !isObject {
		return nil, invalidAt("auto_number", path+".auto_number", object{"expected_data_type": "jsonobject"})
	}
	a.Prefix, a.Suffix = text(o["prefix"]), text(o["suffix"])
	start := text(o["start_number"])
	if n, isNumber := o["start_number"].(json.Number); isNumber {
		start = n.String()
	}
	if start == "" {
		return a, nil
	}
	n, err := strconv.ParseInt(start, 10, 64)
	if err != nil || n < 0 || len(start) > 16 {
		return nil, invalidAt("start_number", path+".auto_number.start_number", nil)
	}
	a.Start = n
	return a, nil
}

// countOn gives a record the next number of the module's added automatic field.
func (b *Box) countOn(m *module, r *record) {
	for _, f := range m.fields {
		if f.Auto != nil && r.vals[f.Name] == nil {
			m.autos++
			r.vals[f.Name] = f.Auto.at(m.autos)
			b.save("autonumber", m.name, m.autos)
		}
	}
}
