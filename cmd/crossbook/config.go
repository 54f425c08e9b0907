package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// configFile is the YAML file of --config. Unlike other flags it is read before
// the rest, and a key in it that no flag has is refused: a misspelt setting
// must not be ignored.
type configFile string

// BeforeResolve reads the file while the command line is parsed.
func (c configFile) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	value, ok := ctx.FlagValue(trace.Flag).(configFile)
	if !ok || value == "" {
		return nil
	}
	path := string(value)
	data, err := os.ReadFile(kong.ExpandPath(path))
	if err != nil {
		return usage("the settings file cannot be read: "+err.Error(), "Check the path given with --config.")
	}
	var keys map[string]any
	if err := yaml.Unmarshal(data, &keys); err != nil {
		return usage(fmt.Sprintf("the settings file %s is no YAML: %v", path, err), "Each line is the name of a flag, a colon and its value, such as\n  db: sqlite:/var/lib/crossbook/crossbook.db")
	}
	r := &yamlFlags{path: path, keys: keys}
	if err := r.check(k.Model); err != nil {
		return err
	}
	ctx.AddResolver(r)
	return nil
}

// yamlFlags resolves flags from a file.
type yamlFlags struct {
	path string
	keys map[string]any
}

func (r *yamlFlags) Validate(*kong.Application) error { return nil }

// Resolve looks below the command's name first, then at the top.
func (r *yamlFlags) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	if n := parent.Node(); n != nil && n.Type != kong.ApplicationNode {
		if section, ok := r.keys[n.Name].(map[string]any); ok {
			if v, ok := section[flag.Name]; ok {
				return v, nil
			}
		}
	}
	if v, ok := r.keys[flag.Name]; ok {
		if _, section := v.(map[string]any); !section {
			return v, nil
		}
	}
	return nil, nil
}

// check refuses keys that name neither a flag nor a command.
func (r *yamlFlags) check(m *kong.Application) error {
	known := flagNames(m.Node)
	sections := map[string][]string{}
	for _, n := range m.Children {
		sections[n.Name] = flagNames(n)
		known = append(known, sections[n.Name]...)
	}
	for key, v := range r.keys {
		if inner, ok := v.(map[string]any); ok {
			flags, ok := sections[key]
			if !ok {
				return r.unknown(key, slices.Collect(keysOf(sections)))
			}
			for k := range inner {
				if !slices.Contains(flags, k) && !slices.Contains(flagNames(m.Node), k) {
					return r.unknown(key+": "+k, flags)
				}
			}
			continue
		}
		if !slices.Contains(known, key) {
			return r.unknown(key, known)
		}
	}
	return nil
}

func (r *yamlFlags) unknown(key string, known []string) error {
	slices.Sort(known)
	return usage(fmt.Sprintf("the settings file %s names %q, which is no setting", filepath.Base(r.path), key),
		"Known are: "+strings.Join(slices.Compact(known), ", ")+".")
}

func flagNames(n *kong.Node) []string {
	var out []string
	for _, f := range n.Flags {
		if f.Name != "help" && f.Name != "config" && f.Name != "version" {
			out = append(out, f.Name)
		}
	}
	return out
}
