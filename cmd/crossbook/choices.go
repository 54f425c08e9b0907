package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"crossbook"
	"crossbook/engine"
	"crossbook/mapping"
	"crossbook/store"
)

// choices are what a person wants otherwise than by default, from files. They
// are read and checked before anything is stored.
type choices struct {
	settings map[string]any    // laid over the settings
	mapping  *mapping.Document // instead of the preset
}

// readChoices reads and checks both files; an empty path is no choice.
func readChoices(settingsPath, mappingPath string) (choices, error) {
	var ch choices
	if settingsPath != "" {
		raw, err := readDocument(settingsPath, "settings")
		if err != nil {
			return ch, err
		}
		ch.settings = raw
		if _, err := overlay(crossbook.DefaultSettings(), raw); err != nil {
			return ch, badFile("settings", settingsPath, err, "Its keys are those under settings in what crossbook connect --json prints; only what differs need be there.")
		}
	}
	if mappingPath != "" {
		raw, err := readDocument(mappingPath, "mapping")
		if err != nil {
			return ch, err
		}
		doc, err := mappingOf(raw)
		if err != nil {
			return ch, badFile("mapping", mappingPath, err, "It holds version and modules; each module is a list of pairs of field and quickbooks.")
		}
		ch.mapping = &doc
	}
	return ch, nil
}

func badFile(what, path string, err error, hint string) error {
	return &failure{code: exitUsage, what: fmt.Sprintf("the %s file %s is wrong: %v", what, filepath.Base(path), err), hint: hint + " Nothing was stored.", err: err}
}

// readDocument reads a YAML file (JSON is YAML too) into a plain map.
func readDocument(path, what string) (map[string]any, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the person who runs us names the file
	if err != nil {
		return nil, usage(fmt.Sprintf("the %s file cannot be read: %v", what, err), "Check the path. Nothing was stored.")
	}
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, badFile(what, path, err, "It is neither YAML nor JSON.")
	}
	return raw, nil
}

// overlay lays a person's choices over settings and checks every word of them.
func overlay(s crossbook.Settings, over map[string]any) (crossbook.Settings, error) {
	base, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	var whole map[string]any
	if err := json.Unmarshal(base, &whole); err != nil {
		return s, err
	}
	merged, err := json.Marshal(layOver(whole, over))
	if err != nil {
		return s, err
	}
	var out crossbook.Settings
	if err := strictly(merged, &out); err != nil {
		return s, err
	}
	return out, checkSettings(out)
}

func layOver(base, over map[string]any) map[string]any {
	for k, v := range over {
		inner, isMap := v.(map[string]any)
		if b, ok := base[k].(map[string]any); ok && isMap {
			base[k] = layOver(b, inner)
			continue
		}
		base[k] = v
	}
	return base
}

func strictly(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// checkSettings refuses words that no decision knows.
func checkSettings(s crossbook.Settings) error {
	if err := oneOf("customer_source", s.CustomerSource, crossbook.AccountsWithBillingContact, crossbook.AccountsOnly, crossbook.ContactsOnly); err != nil {
		return err
	}
	if err := s.CheckCustomers(); err != nil {
		return err
	}
	if err := errors.Join(s.CheckExtent(), s.CheckMatching()); err != nil {
		return err
	}
	if err := oneOf("send_rule", s.SendRule, crossbook.SendAll, crossbook.SendTicked); err != nil {
		return err
	}
	if err := oneOf("default_item_type", s.DefaultItemType, "Service", "NonInventory"); err != nil {
		return err
	}
	if n := s.DealNumber; n.DealField != "" && n.CustomField == "" {
		return fmt.Errorf("deal_number: deal_field is %q, but custom_field names no custom field of QuickBooks", n.DealField)
	}
	for g, h := range s.Handling {
		if err := oneOf("handling."+string(g), h, crossbook.StraightThrough, crossbook.Propose); err != nil {
			return err
		}
	}
	for m, ms := range s.Modules {
		at := "modules." + string(m)
		if err := oneOf("modules", m, crossbook.Modules()...); err != nil {
			return err
		}
		if err := oneOf(at+".direction", ms.Direction, crossbook.Both, crossbook.InToCRM, crossbook.ToQB, crossbook.NoWay); err != nil {
			return err
		}
		if m.Document() && (ms.Direction == crossbook.Both || ms.Direction == crossbook.ToQB) {
			return fmt.Errorf("%s.direction is %q, but %s only come from QuickBooks", at, ms.Direction, m.Label())
		}
		if err := oneOf(at+".duplicates", ms.Duplicates, crossbook.LinkAndFill, crossbook.Overwrite, crossbook.SkipDuplicate, crossbook.Clone); err != nil {
			return err
		}
		if err := oneOf(at+".preference", ms.Preference, crossbook.OwnerWins, crossbook.BooksWins, crossbook.CRMWins, crossbook.Ask); err != nil {
			return err
		}
	}
	return nil
}

func oneOf[T ~string](where string, got T, known ...T) error {
	if slices.Contains(known, got) {
		return nil
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	return fmt.Errorf("%s: %q is none of %s", where, got, strings.Join(words, ", "))
}

// mappingOf reads a mapping and compiles it against what needs no live system.
func mappingOf(raw map[string]any) (mapping.Document, error) {
	data, err := json.Marshal(raw)
	if err != nil {
		return mapping.Document{}, err
	}
	var doc mapping.Document
	if err := strictly(data, &doc); err != nil {
		return doc, err
	}
	if len(doc.Modules) == 0 {
		return doc, fmt.Errorf("it names no module")
	}
	for m := range doc.Modules {
		if err := oneOf("modules", m, crossbook.Modules()...); err != nil {
			return doc, err
		}
	}
	_, issues := mapping.Compile(doc, crossbook.DefaultSettings(), mapping.Metadata{})
	var wrong []string
	for _, i := range issues {
		if _, mapped := doc.Modules[i.Module]; mapped {
			wrong = append(wrong, fmt.Sprintf("%s %s: %s %s", i.Module, i.Field, i.Text, i.Hint))
		}
	}
	if len(wrong) > 0 {
		return doc, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return doc, nil
}

// keep stores the choices of a connection that was just made. Modules that the
// live systems cannot offer stay off. The preset mapping follows the settings.
func (ch choices) keep(ctx context.Context, tx *store.Tx, connectionID string) error {
	settings, _, err := tx.Settings(ctx, connectionID)
	if err != nil {
		return err
	}
	doc := ch.mapping
	if ch.settings != nil {
		wanted, err := overlay(settings, ch.settings)
		if err != nil {
			return err
		}
		if err := engine.CheckDealNumber(ctx, tx, connectionID, wanted); err != nil {
			return err
		}
		for m, was := range settings.Modules {
			if !was.On {
				ms := wanted.Modules[m]
				ms.On = false
				wanted.Modules[m] = ms
			}
		}
		if _, err := tx.SaveSettings(ctx, connectionID, wanted, "connect"); err != nil {
			return err
		}
		if doc == nil {
			preset := mapping.Default(wanted)
			doc = &preset
		}
		settings = wanted
		// What other choices left out these may take in (R42).
		if err := engine.Reconsider(ctx, tx, connectionID, time.Now()); err != nil {
			return err
		}
	}
	if doc == nil {
		return nil
	}
	if ch.mapping != nil {
		if err := engine.CheckMapping(ctx, tx, connectionID, settings, *ch.mapping); err != nil {
			return fmt.Errorf("the mapping does not fit this CRM: %w", err)
		}
	}
	preset := mapping.Default(settings)
	for m, pairs := range preset.Modules {
		if _, given := doc.Modules[m]; !given {
			doc.Modules[m] = pairs
		}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = tx.SaveMapping(ctx, connectionID, raw, "connect")
	return err
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
