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
	type bundle struct {
		title string
		ops   []crossbook.Op
	}
	var groups []*bundle
	for _, op := range preview.Ops {
		title := titleOf(op)
		i := slices.IndexFunc(groups, func(g *bundle) bool { return g.title == title })
		if i < 0 {
			groups = append(groups, &bundle{title: title})
			i = len(groups) - 1
		}
		groups[i].ops = append(groups[i].ops, op)
	}
	for _, g := range groups {
		p.line("")
		why, shared := sharedWhy(g.ops)
		if shared {
			p.line("%s: %s (%s)", g.title, group(int64(len(g.ops))), why)
		} else {
			p.line("%s: %s", g.title, group(int64(len(g.ops))))
		}
		for i, op := range g.ops {
			if i == shownOfEach && !c.All {
				p.line("  and %s more; --all prints them", group(int64(len(g.ops)-i)))
				break
			}
			c.operation(p, op, shared)
		}
	}
	if len(preview.LeftOut) > 0 {
		p.line("")
		p.line("Left out:")
		for _, k := range sorted(slices.Collect(keysOf(preview.LeftOut))) {
			module, code, _ := strings.Cut(k, " ")
			p.line("  %s, %s: %s", crossbook.Module(module).Label(), leftOutWords(code), group(int64(preview.LeftOut[k])))
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

// sharedWhy is the reason all operations of a group have in common.
func sharedWhy(ops []crossbook.Op) (why string, shared bool) {
	for _, op := range ops {
		if op.Why != ops[0].Why || op.Kind == crossbook.Update {
			return "", false
		}
	}
	return ops[0].Why, len(ops) > 1
}

// operation prints one operation; of an update the first values it changes.
func (c *planCmd) operation(p *page, op crossbook.Op, shared bool) {
	switch {
	case op.Kind == crossbook.Update:
		var fields []string
		for i, ch := range op.Changes {
			if i == shownOfEach && !c.All {
				fields = append(fields, fmt.Sprintf("and %d more", len(op.Changes)-i))
				break
			}
			fields = append(fields, changeText(ch))
		}
		p.line("  %s: %s", nameOf(op), strings.Join(fields, ", "))
	case shared:
		p.line("  %s", nameOf(op))
	default:
		p.line("  %s: %s", nameOf(op), op.Why)
	}
	if op.Problem != nil && op.Problem.Text != op.Why {
		p.line("    %s", op.Problem.Text)
	}
}
