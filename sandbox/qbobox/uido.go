package qbobox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"crossbook/sandbox/ui"
)

// Do hands what was filled in to the box's own Do, whose rules hold here too.
func (s screens) Do(ctx context.Context, ask ui.Ask, given ui.Given) (ui.Done, error) {
	a := Action{User: ask.User, Action: ask.Action, Type: ask.Kind, ID: ask.ID}
	var err error
	if a.Data, err = s.data(ask, given); err != nil {
		return ui.Done{}, err
	}
	if ask.Action == "merge" {
		if a.Into, err = s.target(ask.Kind, given.All["into"]); err != nil {
			return ui.Done{}, &ui.Refusal{Message: sentence(err), Field: "into"}
		}
		a.Data = nil
	}
	was := s.titleOf(ask.Kind, ask.ID)
	res, err := s.b.Do(ctx, a)
	if err != nil {
		return ui.Done{}, s.refusal(err)
	}
	return s.done(ask, res, was), nil
}

// data is the Data of the action.
func (s screens) data(ask ui.Ask, given ui.Given) (object, error) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	switch ask.Action {
	case "create", "update":
		return s.b.typedRecord(ask, given)
	case "close_books":
		return object{"BookCloseDate": given.All["BookCloseDate"]}, nil
	}
	data := object{}
	for k, v := range given.All {
		v = strings.TrimSpace(v)
		if v == "" {
			continue
		}
		data[k] = v
		switch k {
		case "Percent", "TotalAmt", "QtyOnHand", "Count":
			d, isNumber := toDecimal(v)
			if !isNumber {
				return nil, &ui.Refusal{Message: "“" + v + "” is no number.", Field: k}
			}
			data[k] = number(d)
		}
	}
	return data, nil
}

// typedRecord turns inputs into the properties they stand for; only what was
// changed is sent.
func (b *Box) typedRecord(ask ui.Ask, given ui.Given) (object, error) {
	e := b.entityNamed(ask.Kind)
	var before object
	if ask.ID != "" {
		_, _, o, err := b.shown(ask.Kind, ask.ID)
		if err != nil {
			return nil, err
		}
		before = o
	}
	data := object{}
	for k, v := range given.Changed {
		if err := b.typeField(e, data, before, k, v); err != nil {
			return nil, &ui.Refusal{Message: sentence(err), Field: k}
		}
	}
	if spec := lineSpecs[e.name]; spec != nil && (given.RowsNew || ask.ID == "" && len(given.Rows) > 0) {
		lines, err := b.lines(spec, cloneObject(before), given.Rows)
		if err != nil {
			return nil, &ui.Refusal{Message: sentence(err)}
		}
		data["Line"] = lines
	}
	if ask.ID == "" && e.fields["Active"].kind == kBool && given.All["Active"] == "true" {
		delete(data, "Active")
	}
	return data, nil
}

func (b *Box) typeField(e *entity, data, before object, k, v string) error {
	if e.shape == singleton {
		typeSingle(data, before, k, v)
		return nil
	}
	name, part, nested := strings.Cut(k, ".")
	f := e.fields[name]
	wrap := func(key string) { data[name] = object{key: v} }
	switch f.kind {
	case kAddress:
		if !nested {
			return nil
		}
		addr, started := data[name].(object)
		if !started {
			addr = object{}
			if old, had := before[name].(object); had {
				addr = cloneObject(old)
			}
			data[name] = addr
		}
		addr[part] = v
	case kBool:
		data[name] = v == "true"
	case kNumber, kFactor, kWhole:
		data[name] = strings.TrimSpace(v)
	case kRef:
		id := strings.TrimSpace(v)
		if id != "" && f.to != "CompanyCurrency" {
			var err error
			if id, err = b.resolve(f.to, id); err != nil {
				return err
			}
		}
		data[name] = object{"value": id}
	case kPhone:
		wrap("FreeFormNumber")
	case kEmail:
		wrap("Address")
	case kWeb:
		wrap("URI")
	case kMemo:
		wrap("value")
	case kNest:
		if name == "TxnTaxDetail" {
			id, err := b.resolve("TaxCode", strings.TrimSpace(v))
			data[name] = object{"TxnTaxCodeRef": object{"value": id}}
			return err
		}
		if strings.TrimSpace(v) == "" {
			return nil
		}
		o, err := decode([]byte(`{"v":` + v + `}`))
		if err != nil {
			return errors.New("this is no JSON: " + err.Error())
		}
		data[name] = o["v"]
	default:
		data[name] = v
	}
	return nil
}

// typeSingle writes a property of the company, however deep it lies.
func typeSingle(data, before object, path, v string) {
	into, key := data, path
	for {
		head, rest, deeper := strings.Cut(key, ".")
		if !deeper {
			break
		}
		into, key = inner(into, head), rest
	}
	if _, isBool := dig(before, path).(bool); isBool {
		into[key] = v == "true"
		return
	}
	into[key] = v
}

func (s screens) target(kind, typed string) (string, error) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	return s.b.resolve(kind, typed)
}

func (s screens) titleOf(kind, id string) string {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	e, _, o, err := s.b.shown(kind, id)
	if err != nil {
		return id
	}
	return headOf(e, id, o)
}

// refusal turns a fault into a message at the input it is about.
func (s screens) refusal(err error) error {
	var f *fault
	if !errors.As(err, &f) || len(f.Errors) == 0 {
		if plain := errors.Unwrap(err); plain != nil { // without the name of the action
			err = plain
		}
		return &ui.Refusal{Message: sentence(err)}
	}
	r := &ui.Refusal{Code: f.Errors[0].Code, At: map[string]string{}}
	var said []string
	for _, e := range f.Errors {
		said = append(said, e.Detail)
		if e.Element != nil && *e.Element != "" {
			name, _, _ := strings.Cut(*e.Element, ".")
			r.At[name] = e.Detail
		}
	}
	r.Message = strings.Join(said, " ")
	return r
}

// sentence begins with a capital and ends with a stop.
func sentence(err error) string {
	s := err.Error()
	if s == "" {
		return s
	}
	return strings.TrimSuffix(strings.ToUpper(s[:1])+s[1:], ".") + "."
}

func (s screens) done(ask ui.Ask, res Result, was string) ui.Done {
	d := ui.Done{Href: ui.RecordURL(ask.Kind, ask.ID)}
	made := s.titleOf(res.Type, res.ID)
	switch ask.Action {
	case "create":
		d.Text, d.Href = made+" was added.", ui.RecordURL(res.Type, res.ID)
	case "update":
		d.Text = made + " was saved."
	case "delete":
		d.Text, d.Href = was+" was deleted.", ui.ListURL(ask.Kind)
	case "void":
		d.Text = was + " was voided."
	case "inactivate":
		d.Text = was + " is inactive now."
	case "reactivate":
		d.Text = made + " is active again."
	case "merge":
		d.Text, d.Href = was+" was merged into "+made+".", ui.RecordURL(res.Type, res.ID)
	case "settle":
		d.Text = was + " is settled."
	case "match":
		d.Text = was + " is matched to the bank."
	case "unmatch":
		d.Text = was + " is no longer matched."
	case "send":
		d.Text = was + " is marked as sent."
	case "receive_payment", "invoice_estimate", "bill_order":
		d.Text, d.Href = made+" was made.", ui.RecordURL(res.Type, res.ID)
	case "adjust_quantity":
		d.Text = "The quantity of " + made + " was adjusted."
	case "close_books":
		d.Text, d.Href = "The closing date was saved.", ui.RecordURL("Preferences", "1")
	case "restrict":
		d.Text, d.Href = "The role was saved.", ui.Root
	case "start_over":
		d.Text, d.Href = "The company was started over.", ui.Root
	case "bump_all":
		d.Text, d.Href = fmt.Sprintf("%s records were touched.", ui.Number(res.Count)), ui.ListURL(ask.Kind)
	default:
		d.Text = "Done."
	}
	return d
}
