package qbobox

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	faultdial "crossbook/sandbox/fault"
)

const (
	largestFile = 100 << 20           // reference section 5.9
	largestPart = largestFile + 1<<20 // an upload with what is said of the file
	largestBody = 32 << 20            // every other call
)

// readBody takes a call's body whole. What is too long is refused, for a part
// of it would be another call.
func readBody(r *http.Request) (raw []byte, tooLong bool, err error) {
	most := int64(largestBody)
	if strings.EqualFold(strings.Trim(r.PathValue("rest"), "/"), "upload") {
		most = largestPart
	}
	return faultdial.Body(r, most)
}

// keepFile stores what an attachable holds; the database has it with the next flush.
func (b *Box) keepFile(id string, content []byte) {
	b.files[id] = content
	b.saved.files = append(b.saved.files, id)
}

// dropFile forgets the content of an attachable that was deleted.
func (b *Box) dropFile(rec *record) {
	if _, had := b.files[rec.id]; had && rec.ent.name == "Attachable" {
		delete(b.files, rec.id)
		b.saved.files = append(b.saved.files, rec.id)
	}
}

// fileAddress is where a file can be fetched without a token for a short
// while; the address says until when, and cannot be made by anybody else.
func (b *Box) fileAddress(id string) string {
	until := strconv.FormatInt(b.now().Add(b.opt.Dials.FileAddressLife).Unix(), 10)
	return b.opt.BaseURL + "/_files/" + until + "-" + b.fileKey(id, until) + "/" + id
}

func (b *Box) fileKey(id, until string) string {
	return derive(b.opt.Seed, "file "+id+" until "+until, 24)
}

// addressFile gives an attachable that is read a fresh address.
func (b *Box) addressFile(o object) {
	if id := str(o, "Id"); b.files[id] != nil {
		o["TempDownloadUri"] = b.fileAddress(id)
	}
}

// row is a record as a list shows it now.
func (b *Box) row(r *record) []byte {
	if r.ent.name != "Attachable" || b.files[r.id] == nil {
		return r.raw
	}
	o := r.object()
	b.addressFile(o)
	return encode(o)
}

// answerDownload gives the address of a file as plain text.
func (b *Box) answerDownload(rq *request) answer {
	id := rq.parts[len(rq.parts)-1]
	if _, ok := b.files[id]; !ok || b.find("Attachable", id) == nil {
		return rq.fault(notFound())
	}
	return answer{Status: http.StatusOK, Body: []byte(b.fileAddress(id)), plain: true}
}

// filePage is the store behind the temporary addresses.
func (b *Box) filePage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	until, key, _ := strings.Cut(r.PathValue("key"), "-")
	b.mu.Lock()
	raw, ok := b.files[id]
	rec := b.find("Attachable", id)
	kind := ""
	if rec != nil {
		kind = str(rec.object(), "ContentType")
	}
	b.mu.Unlock()
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil || key != b.fileKey(id, until) || !b.now().Before(time.Unix(end, 0)) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
		return
	}
	if !ok || rec == nil {
		http.NotFound(w, r)
		return
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment") // nobody's page is to run here
	_, _ = w.Write(raw)
}

// flushFiles writes contents that came or went.
func (b *Box) flushFiles(tx *sql.Tx) error {
	for _, id := range b.saved.files {
		if content, is := b.files[id]; is {
			if _, err := tx.Exec(`INSERT INTO qbobox_file (id, content) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content`, id, content); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(`DELETE FROM qbobox_file WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) reloadFiles() error {
	return each(b.opt.DB, `SELECT id, content FROM qbobox_file`, func(scan func(...any) error) error {
		var id string
		var content []byte
		if err := scan(&id, &content); err != nil {
			return fmt.Errorf("a file that was uploaded: %w", err)
		}
		if content == nil {
			content = []byte{}
		}
		b.files[id] = content
		return nil
	})
}
