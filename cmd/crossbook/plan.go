package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// planCmd shows what a sync would do.
type planCmd struct {
	Name string `arg:"" optional:"" help:"The connection; not needed when there is only one."`
	All  bool   `help:"Print every operation, not only the first of each kind."`
	// Settings answers what a choice would create before it is made.
	Settings string `help:"YAML or JSON file with choices to plan with, as for connect; nothing of it is stored." placeholder:"FILE"`
}

// planView is the plan as programs read it.
type planView struct {
	Connection string `json:"connection"`
	Header     string `json:"header"`
	engine.Preview
}

// Run reads both sides and writes nothing.
func (c *planCmd) Run(ctx context.Context, a *app) error {
	choices, err := readChoices(c.Settings, "")
	if err != nil {
		return err
	}
	h, conn, err := a.at(ctx, c.Name, slog.LevelError)
	if err != nil {
		return err
	}
	defer h.close()
	preview, err := h.preview(ctx, conn, choices.settings)
	if err != nil {
		return err
	}
	if preview.Ops == nil {
		preview.Ops = []crossbook.Op{}
	}
	return a.show(planView{Connection: conn.Name, Header: preview.Sentence(), Preview: preview}, func(p *page) {
		if choices.settings != nil {
			p.line("With the choices of %s, which are not stored:", c.Settings)
		}
		p.line("%s", preview.Sentence())
		c.text(p, preview)
	})
}

// preview waits for its turn when another process is at the connection. Choices
// that are given are planned with instead of those stored.
func (h *house) preview(ctx context.Context, conn crossbook.Connection, over map[string]any) (engine.Preview, error) {
	ask := engine.Ask{Feeds: true, By: "plan"}
	if over != nil {
		err := h.store.View(ctx, func(tx *store.Tx) error {
			s, _, err := tx.Settings(ctx, conn.ID)
			if err != nil {
				return err
			}
			s, err = overlay(s, over)
			ask.Settings = &s
			return err
		})
		if err != nil {
			return engine.Preview{}, err
		}
	}
	if err := h.freeDead(ctx); err != nil {
		return engine.Preview{}, err
	}
	var out engine.Preview
	err := h.whenFree(ctx, func() (err error) {
		out, err = h.engine.Plan(ctx, conn.ID, ask)
		return err
	})
	return out, err
}

// shownOfEach is how many operations of one kind plan prints unless told to
// print all.
const shownOfEach = 5

// text prints the plan: a line for each kind of operation, with the first ones.
func (c *planCmd) text(p *page, preview engine.Preview) {
	type group struct {
		title string
		ops   []crossbook.Op
	}
	var groups []*group
	for _, op := range preview.Ops {
		title := titleOf(op)
		i := slices.IndexFunc(groups, func(g *group) bool { return g.title == title })
		if i < 0 {
			groups = append(groups, &group{title: title})
			i = len(groups) - 1
		}
		groups[i].ops = append(groups[i].ops, op)
	}
	for _, g := range groups {
		p.line("")
		p.line("%s: %d", g.title, len(g.ops))
		for i, op := range g.ops {
			if i == shownOfEach && !c.All {
				p.line("  and %d more; --all prints them", len(g.ops)-i)
				break
			}
			p.line("  %s: %s%s", nameOf(op), op.Why, changesText(op))
		}
	}
	if len(preview.LeftOut) > 0 {
		p.line("")
		p.line("Left out:")
		for _, k := range sorted(slices.Collect(keysOf(preview.LeftOut))) {
			module, code, _ := strings.Cut(k, " ")
			p.line("  %s, %s: %d", crossbook.Module(module).Label(), strings.ReplaceAll(code, "-", " "), preview.LeftOut[k])
		}
	}
	if len(preview.Ops) == 0 {
		p.line("Nothing is to be done: both sides agree as of %s.", clock(time.Now()))
	}
}

// titleOf names a kind of operation for people.
func titleOf(op crossbook.Op) string {
	m := op.Module.Label()
	automation := ""
	if op.Side == crossbook.CRM && op.Kind.Remote() {
		automation = ", without CRM automation"
		if op.Trigger {
			automation = ", CRM automation runs"
		}
	}
	switch op.Kind {
	case crossbook.Create:
		return fmt.Sprintf("%s to create in %s%s", m, op.Side, automation)
	case crossbook.Update:
		return fmt.Sprintf("%s to change in %s%s", m, op.Side, automation)
	case crossbook.LinkUp:
		return m + " to link"
	case crossbook.Unlink:
		return m + " to leave out on purpose"
	case crossbook.Wait:
		return m + " that wait"
	case crossbook.Fail:
		return m + " that need you"
	default:
		return fmt.Sprintf("%s: %s", m, op.Kind)
	}
}

func nameOf(op crossbook.Op) string {
	if op.Name != "" {
		return op.Name
	}
	return op.Source.String()
}

// changesText lists the values an update changes.
func changesText(op crossbook.Op) string {
	if op.Kind != crossbook.Update {
		if op.Problem != nil {
			return " (" + op.Problem.Text + ")"
		}
		return ""
	}
	var parts []string
	for _, ch := range op.Changes {
		parts = append(parts, fmt.Sprintf("%s %q -> %q", ch.Field, ch.Old, ch.New))
	}
	return " [" + strings.Join(parts, ", ") + "]"
}
