package zohobox

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"
)

// store writes the state through to a database, one row an object. Everything a
// call changed is written in one transaction before its answer leaves, so a box
// that dies has neither more nor less than it said.
type store struct {
	db    *sql.DB
	dirty map[[2]string]any // kind and id -> value, or gone
}

type gone struct{}

const schemaSQL = `CREATE TABLE IF NOT EXISTS zohobox_state (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))`

func (b *Box) openStore() error {
	if b.opt.DB == nil {
		return nil
	}
	if _, err := b.opt.DB.Exec(schemaSQL); err != nil {
		return fmt.Errorf("prepare the database of the sandbox: %w", err)
	}
	b.store = &store{db: b.opt.DB, dirty: map[[2]string]any{}}
	known, err := b.reload()
	if err != nil {
		return err
	}
	if known {
		return b.flush() // what a newer version added
	}
	b.saveAll()
	return b.flush()
}

func (b *Box) save(kind, id string, v any) {
	if b.store != nil {
		b.store.dirty[[2]string{kind, id}] = v
	}
}

func (b *Box) drop(kind, id string) { b.save(kind, id, gone{}) }

// flush writes what changed since the last one.
func (b *Box) flush() error {
	s := b.store
	if s == nil || len(s.dirty) == 0 {
		return nil
	}
	s.dirty[[2]string{"ids", "ids"}] = storedIDs{b.opt.Seed, b.ids.Meta, b.ids.Record, b.ids.Secrets}
	keys := make([][2]string, 0, len(s.dirty))
	for k := range s.dirty {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i][0] < keys[j][0] || keys[i][0] == keys[j][0] && keys[i][1] < keys[j][1]
	})
	if err := s.write(keys); err != nil {
		b.log.Error("the sandbox could not store its state", "error", err)
		return fmt.Errorf("store the state of the sandbox: %w", err)
	}
	clear(s.dirty)
	return nil
}

func (s *store) write(keys [][2]string) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	put, err := tx.Prepare(`INSERT INTO zohobox_state (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`)
	if err != nil {
		return err
	}
	defer func() { _ = put.Close() }()
	for _, k := range keys {
		v := s.dirty[k]
		if _, dropped := v.(gone); dropped {
			if _, err := tx.Exec(`DELETE FROM zohobox_state WHERE kind = ? AND id = ?`, k[0], k[1]); err != nil {
				return err
			}
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := put.Exec(k[0], k[1], string(raw)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

type storedIDs struct {
	Seed                  int64
	Meta, Record, Secrets int64
}

type storedModule struct {
	ID     string      `json:"id"`
	Fields []*field    `json:"fields"`
	Labels [4]string   `json:"labels"` // singular and plural, as they are and as they were
	Made   *storedMade `json:"made,omitempty"`
}

type storedOAuth struct {
	Primary   string          `json:"primary"`
	Consented map[string]bool `json:"consented"`
}

// storedRecord is a record, live or in the recycle bin.
type storedRecord struct {
	Vals     map[string]any `json:"v"`
	Owner    string         `json:"o,omitempty"`
	Created  time.Time      `json:"c"`
	By       string         `json:"cb,omitempty"`
	Modified time.Time      `json:"m"`
	ModBy    string         `json:"mb,omitempty"`
	Layout   string         `json:"l,omitempty"`
	Lines    []int64        `json:"r,omitempty"`
	Parent   int64          `json:"p,omitempty"`
	Approval string         `json:"a,omitempty"`
	InMerge  bool           `json:"i,omitempty"`
	Lock     *lock          `json:"k,omitempty"`
	Review   bool           `json:"rv,omitempty"`
	Image    bool           `json:"im,omitempty"`
	Bin      bool           `json:"b,omitempty"`
}

func (b *Box) saveRecord(m *module, r *record) {
	if b.store == nil {
		return
	}
	b.save("record", m.name+"/"+r.sid(), storedRecord{
		r.vals, r.owner, r.created, r.createdBy, r.modified, r.modifiedBy, r.layout, r.lines, r.parent, r.approval, r.inMerge, r.lock, r.review, r.imageCheck, m.table.get(r.id) == nil,
	})
}

func (b *Box) dropRecord(m *module, id int64) { b.drop("record", m.name+"/"+formatID(id)) }

func (b *Box) saveGrave(m *module, g *grave) { b.save("grave", m.name+"/"+formatID(g.ID), g) }

func (b *Box) saveModule(m *module) {
	v := storedModule{ID: m.ID, Fields: m.fields, Labels: [4]string{m.singular, m.plural, m.original[0], m.original[1]}}
	if m.kind != "" {
		v.Made = &storedMade{m.kind, m.internal, m.nameField, m.duplicate, m.scope, m.parent, !m.unlockable, m.ended, m.madeBy, m.madeAt}
	}
	b.save("module", m.name, v)
}

// saveAll marks what found set up.
func (b *Box) saveAll() {
	b.save("org", "org", b.org)
	b.saveOAuth()
	for _, u := range b.users {
		b.save("user", u.ID, u)
	}
	for _, p := range b.profiles {
		b.save("profile", p.ID, p)
	}
	for _, r := range b.roles {
		b.save("role", r.ID, r)
	}
	for _, c := range b.currencies {
		b.save("currency", c.ID, c)
	}
	for _, m := range b.modules {
		b.saveModule(m)
		for _, l := range m.layouts {
			b.save("layout", l.ID, l)
		}
	}
	for _, v := range b.views {
		b.save("view", v.ID, v)
	}
	for _, p := range b.pipelines {
		b.save("pipeline", p.ID, p)
	}
	for _, t := range b.oauth.refresh {
		b.save("refresh", t.Token, t)
	}
}

func (b *Box) saveOAuth() {
	b.save("oauth", "oauth", storedOAuth{b.oauth.primary, b.oauth.consented})
}

// reload reads a stored state over the one that found set up.
func (b *Box) reload() (known bool, err error) {
	rows, err := b.store.db.Query(`SELECT kind, id, body FROM zohobox_state`)
	if err != nil {
		return false, fmt.Errorf("read the state of the sandbox: %w", err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string][][2]string{}
	for rows.Next() {
		var kind, id, body string
		if err := rows.Scan(&kind, &id, &body); err != nil {
			return false, fmt.Errorf("read the state of the sandbox: %w", err)
		}
		all[kind] = append(all[kind], [2]string{id, body})
	}
	if err := rows.Err(); err != nil || len(all["org"]) == 0 {
		return false, err
	}
	for _, list := range all {
		sort.Slice(list, func(i, j int) bool { return list[i][0] < list[j][0] })
	}
	return true, b.adopt(all)
}

func (b *Box) adopt(all map[string][][2]string) error {
	var ids storedIDs
	if err := each(all["ids"], func(_ string, v storedIDs) { ids = v }); err != nil {
		return err
	}
	b.opt.Seed = ids.Seed
	b.ids = newIDSource(ids.Seed)
	b.ids.Meta, b.ids.Record, b.ids.Secrets = ids.Meta, ids.Record, ids.Secrets
	b.users, b.profiles, b.roles, b.currencies, b.taxes, b.views, b.pipelines = nil, nil, nil, nil, nil, nil, nil
	s := &b.oauth
	s.clientID = "1000." + strings.ToUpper(b.ids.fixed("client")[:30])
	s.secret = b.ids.fixed("secret")[:42]
	s.refresh, s.order = map[string]*refreshToken{}, nil
	founded, stored := map[string][]*field{}, map[string]bool{}
	for _, m := range b.modules {
		m.layouts = nil
		founded[m.name] = m.fields
	}
	for _, row := range all["module"] {
		stored[row[0]] = true
	}
	steps := []error{
		each(all["org"], func(_ string, v org) { b.org = v }),
		each(all["user"], func(_ string, v user) { b.users = append(b.users, &v) }),
		each(all["profile"], func(_ string, v profile) { b.profiles = append(b.profiles, &v) }),
		each(all["role"], func(_ string, v role) { b.roles = append(b.roles, &v) }),
		each(all["currency"], func(_ string, v currency) { b.currencies = append(b.currencies, &v) }),
		each(all["tax"], func(_ string, v tax) { b.taxes = append(b.taxes, &v) }),
		each(all["oauth"], func(_ string, v storedOAuth) { s.primary, s.consented = v.Primary, v.Consented }),
		each(all["refresh"], func(_ string, v refreshToken) { s.refresh[v.Token] = &v; s.order = append(s.order, v.Token) }),
		each(all["access"], func(_ string, v accessToken) { s.access[v.Token] = &v }),
		each(all["module"], b.adoptModule),
		each(all["layout"], func(_ string, v layout) { m := b.module[v.Module]; m.layouts = append(m.layouts, &v) }),
		each(all["lockconfig"], func(id string, v lockConfig) { b.lockRules[id] = &v }),
		each(all["number"], func(id string, v int64) { b.module[id].numbers = v }),
		each(all["record"], b.adoptRecord),
		each(all["grave"], func(id string, v grave) { m := b.moduleOf(id); m.graves = append(m.graves, &v) }),
		each(all["channel"], func(id string, v channel) { b.watch.channels[id] = &v }),
		each(all["timeline"], func(key string, v []event) {
			_, sid, _ := strings.Cut(key, "/")
			id, _ := parseID(sid)
			b.moduleOf(key).timeline[id] = v
			for _, e := range v {
				b.events = max(b.events, e.ID-b.ids.base-eventIDs)
			}
		}),
		each(all["job"], func(id string, v job) { b.jobs.adopt(id, &v) }),
		each(all["upload"], func(id string, v upload) { b.jobs.uploads[id] = &v }),
		each(all["note"], func(_ string, v note) { b.notes.add(&v) }),
		each(all["attachment"], func(_ string, v attachment) { b.notes.attach(&v); b.filled += int64(len(v.Data)) }),
		each(all["tag"], func(_ string, v tag) { b.tags = append(b.tags, &v) }),
		each(all["variable"], func(_ string, v variable) { b.variables = append(b.variables, &v) }),
		each(all["variable_group"], func(_ string, v variableGroup) { b.groups = append(b.groups, &v) }),
		each(all["duplicates"], func(_ string, v duplicateCheck) { b.duplicates = &v }),
		each(all["autonumber"], func(id string, v int64) { b.module[id].autos = v }),
		each(all["territory"], func(_ string, v territory) { b.territories = append(b.territories, &v) }),
		each(all["webhook"], func(_ string, v webhook) { b.webhooks = append(b.webhooks, &v) }),
		each(all["flow"], func(_ string, v flow) { b.flows = append(b.flows, &v) }),
		each(all["webtab"], func(_ string, v webTab) { b.webTabs = append(b.webTabs, &v) }),
		each(all["pipeline"], func(_ string, v pipeline) { b.pipelines = append(b.pipelines, &v) }),
		each(all["file"], func(_ string, v storedFile) { b.keepFile(&v) }),
		each(all["rule"], func(_ string, v rule) { b.rules = append(b.rules, &v) }),
		each(all["review_process"], func(name string, on bool) { b.setReviewProcess(b.module[name], on) }),
		each(all["view"], func(_ string, v view) { b.views = append(b.views, &v) }),
		each(all["write"], func(_ string, v writeEntry) { b.writes = append(b.writes, v) }),
	}
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	b.inOrder()
	for i, w := range b.opt.Workflows { // their ids follow the stored seed
		b.flows[i].ID, b.flows[i].Name, b.flows[i].By = formatID(b.ids.base+800+int64(i)), w.Name, b.superAdmin().ID
	}
	b.grow(stored, founded)
	b.followRollups()
	b.foundPipelines()
	if s.consented == nil {
		s.consented = map[string]bool{}
	}
	sort.Slice(s.order, func(i, j int) bool { return s.refresh[s.order[i]].Seq < s.refresh[s.order[j]].Seq })
	for _, m := range b.modules {
		sort.SliceStable(m.graves, func(i, j int) bool { return m.graves[i].At.Before(m.graves[j].At) })
		for id, r := range m.table.rows {
			if m.lines != "" {
				r.stockRows = b.stockRowsOf(m, r)
			}
			if !m.isLine() {
				m.table.search.docs[id] = r
			}
		}
	}
	return nil
}

// each decodes stored rows of one kind.
func each[V any](rows [][2]string, use func(string, V)) error {
	for _, row := range rows {
		var v V
		dec := json.NewDecoder(bytes.NewReader([]byte(row[1])))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			return fmt.Errorf("read %s from the state of the sandbox: %w", row[0], err)
		}
		use(row[0], v)
	}
	return nil
}

func (b *Box) moduleOf(key string) *module {
	name, _, _ := strings.Cut(key, "/")
	return b.module[name]
}

func (b *Box) adoptModule(name string, v storedModule) {
	m := b.module[name]
	if m == nil && v.Made != nil {
		m = b.remade(name, v)
	}
	if m == nil {
		return
	}
	if v.Labels[0] != "" {
		m.singular, m.plural = v.Labels[0], v.Labels[1]
	}
	m.ID, m.fields, m.byName = v.ID, nil, map[string]*field{}
	for _, f := range v.Fields {
		m.addField(f)
	}
}

func (b *Box) adoptRecord(key string, v storedRecord) {
	m := b.moduleOf(key)
	_, sid, _ := strings.Cut(key, "/")
	id, _ := parseID(sid)
	r := &record{
		id: id, vals: v.Vals, owner: v.Owner, created: v.Created.UTC(), createdBy: v.By, modified: v.Modified.UTC(), modifiedBy: v.ModBy,
		layout: v.Layout, lines: v.Lines, parent: v.Parent, approval: v.Approval, inMerge: v.InMerge, lock: v.Lock, review: v.Review, imageCheck: v.Image,
	}
	if r.vals == nil {
		r.vals = map[string]any{}
	}
	if v.Bin {
		m.bin[id] = r
		return
	}
	m.table.put(r)
}
