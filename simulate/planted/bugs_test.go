package planted

// bug is one mistake: a text of one file and what stands there instead.
type bug struct {
	name     string
	file     string // from the root of the module
	old, new string
	// first are seeds that found it before; they are tried first.
	first []int64
}

var bugs = []bug{
	{
		name: "skip the intent", file: "engine/apply.go", first: []int64{7},
		old: `	if err := t.keepIntents(ctx, c); err != nil {
		return err
	}
	t.e.o.Step("intent stored")
	if held := t.now().Sub(stored); held > leaseTTL/2 {
		// Somebody else may have the lease by now, and recovers this request.
		return fmt.Errorf("the process stood still for %s: %w", held, store.ErrFenced)
	}
	t.e.o.Logger.Debug("send", "connection", t.conn.ID, "side", c.request.Side, "type", c.request.Type, "method", c.request.Method, "writes", len(c.ops))
	outcomes, err := t.send(ctx, c.request)
	t.e.o.Step("answer received")
`,
		new: `	t.e.o.Step("intent stored")
	if held := t.now().Sub(stored); held > leaseTTL/2 {
		return fmt.Errorf("the process stood still for %s: %w", held, store.ErrFenced)
	}
	outcomes, err := t.send(ctx, c.request)
	t.e.o.Step("answer received")
	if err := t.keepIntents(ctx, c); err != nil {
		return err
	}
`,
	},
	{
		name: "cursor early", file: "engine/pull.go", first: []int64{1},
		old: `	take := func(records []crossbook.Record, gone []crossbook.Deletion) error {
		return t.absorb(ctx, records, gone, true)
	}
`,
		new: `	if err := t.moveCursor(ctx, cursorBooks, t.now()); err != nil {
		return err
	}
	take := func(records []crossbook.Record, gone []crossbook.Deletion) error {
		return t.absorb(ctx, records, gone, true)
	}
`,
	},
	{
		name: "no overlap", file: "engine/feed.go", first: []int64{13},
		old: `	overlap = 5 * time.Minute
`,
		new: `	overlap = 0 * time.Minute
`,
	},
	{
		name: "base forgotten", file: "engine/result.go", first: []int64{2},
		old: `		maps.Copy(l.BaseCRM, t.mapping.KeptAll(op.Module, op.BaseCRM))
`,
		new: `		maps.Copy(l.BaseCRM, crossbook.Fields{})
`,
	},
	{
		name: "base = sent instead of returned", file: "engine/result.go", first: []int64{7},
		old: `		if v, ok := back.Fields[f]; ok {
			l.BaseBooks[f] = v
		}
`,
		new: `		_ = back.Fields[f]
`,
	},
	{
		name: "SyncToken as filter", file: "engine/content.go", first: []int64{17},
		old: `	if seen && (!old.Record.Deleted && old.Hash == row.Hash || isEcho(old.Record, row.Record)) {
`,
		new: `	if seen && !old.Record.Deleted && (old.Hash == row.Hash || ref.Side == crossbook.Books && old.Record.Revision == row.Record.Revision) {
`,
	},
	{
		name: "upsert instead of insert", file: "zohocrm/api/write.go", first: []int64{2},
		old: `	return writeCall(http.MethodPost, "/"+module, records, trigger, nil)
}

// UpdateCall`,
		new: `	return writeCall(http.MethodPost, "/"+module+"/upsert", records, trigger, nil)
}

// UpdateCall`,
	},
	{
		name: "tombstone ignored", file: "engine/world.go", first: []int64{25},
		old: `		if l.Kind == crossbook.Home && l.Module == m {
`,
		new: `		if l.Kind == crossbook.Home && l.Module == m && l.State != crossbook.Tombstone {
`,
	},
	{
		name: "empty clears at first contact", file: "merge/decide.go", first: []int64{4},
		old: `	from, why := u.fuller(), "fills what was empty"
	if from == "" {
		from, why = precedence(u.rule, overwrite)
	}
	if from == "" || !u.travels(from) || u.wouldClear(from) {
		u.differ(res)
		u.settle(res)
		return
	}
	u.send(from, why, false, res)
}
`,
		new: `	_, why := precedence(u.rule, overwrite)
	u.settle(res)
	if !u.travels(crossbook.Books) {
		return
	}
	for _, f := range u.fields {
		if u.books[f] != u.crm[f] {
			res.ToCRM = append(res.ToCRM, crossbook.Change{Field: f, Old: u.crm[f], New: u.books[f], Why: why})
			res.BaseCRM[f] = u.books[f]
		}
	}
}
`,
	},
	{
		name: "look-up cleared by a delete", file: "engine/pair.go", first: []int64{26},
		old: `				out[pr.Field] = true
`,
		new: `				out[pr.Field] = false
`,
	},
	{
		name: "fence unchecked", file: "engine/turn.go", first: []int64{3},
		old: `		if err := tx.CheckFence(ctx, t.conn.ID, store.TurnLease, t.fence); err != nil {
			return err
		}
		return fn(tx)
`,
		new: `		return fn(tx)
`,
	},
	{
		name: "removed line kept", file: "document/body.go", first: []int64{20},
		old: `	for _, id := range gone {
		out = append(out, map[string]any{"id": id, "_delete": nil})
	}
`,
		new: `	_ = gone
`,
	},
	{
		name: "sub-customer at the top", file: "mapping/tree.go", first: []int64{4},
		old: `	w.body[parentRef] = map[string]any{"value": parent}
	w.body["Job"] = true
	if mod == crossbook.Contacts {
`,
		new: `	if mod == "" {
`,
	},
	{
		name: "move not asked", file: "engine/tree.go", first: []int64{77},
		old: `	if !met || !metBooks || now == was ||`,
		new: `	if met || !metBooks || now == was ||`,
	},
	{
		name: "move in QuickBooks not followed", file: "mapping/tree.go", first: []int64{4},
		old: `		Direction: crossbook.InToCRM, Group: crossbook.GroupName, Policy: Normal,
`,
		new: `		Direction: crossbook.NoWay, Group: crossbook.GroupName, Policy: Normal,
`,
	},
}
