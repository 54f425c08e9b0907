package qbobox

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// savedMarks remembers what must still be written to the database.
type savedMarks struct {
	writes     []Write
	replays    []string
	replayGone []string
	files      []string
}

// The state of the box in a database: one row a record, one a write, one a
// remembered answer, one a file, and one for everything small.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS qbobox_record (entity TEXT NOT NULL, id TEXT NOT NULL, raw TEXT NOT NULL, writer TEXT NOT NULL, PRIMARY KEY (entity, id))`,
	`CREATE TABLE IF NOT EXISTS qbobox_write (seq INTEGER PRIMARY KEY, raw TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS qbobox_replay (request_id TEXT PRIMARY KEY, raw TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS qbobox_entry (key TEXT PRIMARY KEY, raw TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS qbobox_file (id TEXT PRIMARY KEY, content BLOB NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS qbobox_state (name TEXT PRIMARY KEY, raw TEXT NOT NULL)`,
}

// small is everything that is not a record, a write or an answer.
type small struct {
	Singles    map[string]object `json:"singles"`
	Deleted    map[string][]stub `json:"deleted"`
	Merged     map[string]string `json:"merged"`
	Marks      map[string]string `json:"marks,omitempty"`
	Seq        map[string]int64  `json:"seq"`
	LastNumber map[string]string `json:"last_number"`
	Exchange   map[string]object `json:"exchange"`
	Tokens     tokens            `json:"tokens"`
	Suspended  string            `json:"suspended,omitempty"`
	Role       string            `json:"role,omitempty"`
	Begun      time.Time         `json:"begun"`
}

// keep flushes and only logs a failure, for answers that cannot carry one.
func (b *Box) keep() {
	if err := b.flush(); err != nil {
		b.log.Error("the sandbox could not save its state", "error", err)
	}
}

// flush writes what changed through to the database. The caller holds the lock.
func (b *Box) flush() error {
	defer func() {
		clear(b.dirty)
		clear(b.gone)
		clear(b.ledger.dirty)
		b.dirtyMeta, b.dirtyDeleted, b.saved = false, nil, savedMarks{}
	}()
	if b.opt.DB == nil || !b.changed() {
		return nil
	}
	tx, err := b.opt.DB.Begin()
	if err != nil {
		return err
	}
	if err := b.flushTo(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (b *Box) changed() bool {
	return len(b.dirty)+len(b.gone)+len(b.saved.writes)+len(b.saved.replays)+len(b.saved.files)+len(b.dirtyDeleted)+len(b.ledger.dirty) > 0 || b.dirtyMeta
}

func (b *Box) flushTo(tx *sql.Tx) error {
	for _, r := range b.gone {
		if _, err := tx.Exec(`DELETE FROM qbobox_record WHERE entity = ? AND id = ?`, r.ent.name, r.id); err != nil {
			return err
		}
	}
	if len(b.dirty) > 0 {
		put, err := tx.Prepare(`INSERT INTO qbobox_record (entity, id, raw, writer) VALUES (?, ?, ?, ?)
			ON CONFLICT (entity, id) DO UPDATE SET raw = excluded.raw, writer = excluded.writer`)
		if err != nil {
			return err
		}
		defer func() { _ = put.Close() }()
		for h, r := range b.dirty {
			if _, err := put.Exec(r.ent.name, r.id, string(r.raw), b.writers[h]); err != nil {
				return err
			}
		}
	}
	if err := b.flushEntries(tx); err != nil {
		return err
	}
	if err := b.flushFiles(tx); err != nil {
		return err
	}
	for _, w := range b.saved.writes {
		if _, err := tx.Exec(`INSERT INTO qbobox_write (seq, raw) VALUES (?, ?)`, w.Seq, string(encode(w))); err != nil {
			return err
		}
	}
	for _, id := range b.saved.replayGone {
		if _, err := tx.Exec(`DELETE FROM qbobox_replay WHERE request_id = ?`, id); err != nil {
			return err
		}
	}
	for _, id := range b.saved.replays {
		if _, err := tx.Exec(`INSERT INTO qbobox_replay (request_id, raw) VALUES (?, ?)
			ON CONFLICT (request_id) DO UPDATE SET raw = excluded.raw`, id, string(encode(b.replays[id]))); err != nil {
			return err
		}
	}
	s := small{
		Singles: b.singles, Deleted: b.deleted, Merged: b.merged, Marks: b.marks, Seq: b.seq, LastNumber: b.lastNumber, Exchange: b.exchange, Tokens: b.tokens,
		Suspended: b.suspended, Role: b.role, Begun: b.begun,
	}
	_, err := tx.Exec(`INSERT INTO qbobox_state (name, raw) VALUES ('small', ?)
		ON CONFLICT (name) DO UPDATE SET raw = excluded.raw`, string(encode(s)))
	return err
}

// reload reads the state back; found is false in an empty database.
func (b *Box) reload() (found bool, err error) {
	for _, s := range schema {
		if _, err := b.opt.DB.Exec(s); err != nil {
			return false, err
		}
	}
	var raw string
	err = b.opt.DB.QueryRow(`SELECT raw FROM qbobox_state WHERE name = 'small'`).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := b.restoreSmall(raw); err != nil {
		return false, err
	}
	b.bulk(true)
	defer b.bulk(false)
	if err := b.reloadRecords(); err != nil {
		return false, err
	}
	if err := b.reloadEntries(); err != nil {
		return false, err
	}
	if err := b.reloadWrites(); err != nil {
		return false, err
	}
	if err := b.reloadFiles(); err != nil {
		return false, err
	}
	return true, b.reloadReplays()
}

func (b *Box) restoreSmall(raw string) error {
	s := small{Tokens: b.tokens}
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		return fmt.Errorf("the saved state is damaged: %w", err)
	}
	for k, o := range s.Singles {
		b.singles[k] = normal(o)
	}
	for k, o := range s.Exchange {
		b.exchange[k] = normal(o)
	}
	b.suspended, b.role, b.begun = s.Suspended, s.Role, s.Begun
	if s.Marks != nil {
		b.marks = s.Marks
	}
	b.deleted, b.merged, b.seq, b.lastNumber, b.tokens = s.Deleted, s.Merged, s.Seq, s.LastNumber, s.Tokens
	return nil
}

func (b *Box) reloadRecords() error {
	return each(b.opt.DB, `SELECT entity, raw, writer FROM qbobox_record`, func(scan func(...any) error) error {
		var entity, raw, writer string
		if err := scan(&entity, &raw, &writer); err != nil {
			return err
		}
		o, err := decode([]byte(raw))
		if err != nil {
			return err
		}
		rec := b.put(b.entityFor(entity), o)
		b.writers[rec.handle()] = writer
		clear(b.dirty)
		return nil
	})
}

func (b *Box) flushEntries(tx *sql.Tx) error {
	for key := range b.ledger.dirty {
		e := b.ledger.entries[key]
		if e == nil {
			if _, err := tx.Exec(`DELETE FROM qbobox_entry WHERE key = ?`, key); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(`INSERT INTO qbobox_entry (key, raw) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET raw = excluded.raw`,
			key, string(encode(e))); err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) reloadEntries() error {
	err := each(b.opt.DB, `SELECT raw FROM qbobox_entry`, func(scan func(...any) error) error {
		var raw string
		if err := scan(&raw); err != nil {
			return err
		}
		e := &entry{}
		if err := json.Unmarshal([]byte(raw), e); err != nil {
			return err
		}
		b.ledger.entries[e.Key] = e
		return nil
	})
	if err == nil && len(b.ledger.entries) == 0 {
		b.enterLoaded() // a state from before there was a ledger
		return nil
	}
	b.recount()
	return err
}

func (b *Box) reloadWrites() error {
	return each(b.opt.DB, `SELECT raw FROM qbobox_write ORDER BY seq`, func(scan func(...any) error) error {
		var raw string
		if err := scan(&raw); err != nil {
			return err
		}
		var w Write
		if err := json.Unmarshal([]byte(raw), &w); err != nil {
			return err
		}
		b.writes = append(b.writes, w)
		return nil
	})
}

func (b *Box) reloadReplays() error {
	return each(b.opt.DB, `SELECT request_id, raw FROM qbobox_replay`, func(scan func(...any) error) error {
		var id, raw string
		if err := scan(&id, &raw); err != nil {
			return err
		}
		var r replay
		if err := json.Unmarshal([]byte(raw), &r); err != nil {
			return err
		}
		b.replays[id] = r
		return nil
	})
}

func each(db *sql.DB, query string, row func(scan func(...any) error) error) (err error) {
	rows, err := db.Query(query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
