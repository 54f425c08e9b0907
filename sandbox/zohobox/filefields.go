package zohobox

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"
)

// Limits of POST /files: so many at once, so large each.
const (
	filesAtOnce = 10
	fileMax     = 20 << 20
)

// storedFile is an uploaded file; fields of records name it by its id (section
// 4.7).
type storedFile struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Kind string    `json:"kind"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Data []byte    `json:"data"`
}

// holdsFiles reports whether a field's value is a list of files.
func (f *field) holdsFiles() bool { return f.Type == "fileupload" || f.Type == "imageupload" }

func (b *Box) findFiles(c *call) (route, answer) {
	if len(c.path) > 1 {
		return none(c)
	}
	return methods(c, "/files", map[string]route{
		http.MethodGet:  {run: b.getFile, kind: kindRead, scopes: []string{"ZohoCRM.files.READ"}},
		http.MethodPost: {run: b.postFiles, kind: kindWrite, scopes: []string{"ZohoCRM.files.CREATE"}},
	})
}

// multipartFiles reads every file of a multipart form that is named file.
func (c *call) multipartFiles() (out []*file) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	mr := multipart.NewReader(bytes.NewReader(c.raw), params["boundary"])
	for {
		p, err := mr.NextPart()
		if err != nil {
			return out
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return out
		}
		if p.FileName() != "" && p.FormName() == "file" && len(data) > 0 {
			out = append(out, &file{name: path.Base(p.FileName()), kind: p.Header.Get("Content-Type"), data: data})
		}
	}
}

// postFiles takes files for fields of records; one that is too large refuses all.
func (b *Box) postFiles(c *call) answer {
	files := c.multipartFiles()
	size := 0
	for _, f := range files {
		if len(f.data) > fileMax {
			return refuse(http.StatusUnsupportedMediaType, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE", "Please check if the size of the file is in the correct range", nil)
		}
		size += len(f.data)
	}
	switch {
	case len(files) == 0:
		return refuse(400, "failure_in_attachment_handling", "Problem in uploading attachment. kindly upload the file properly", nil)
	case len(files) > filesAtOnce:
		return refuse(400, "INVALID_REQUEST", "unable to process your request. please verify whether you have entered proper method name, parameter and parameter values.", nil)
	}
	if f := b.roomFor(size); f != nil {
		return f.answer()
	}
	var out []any
	for _, f := range files {
		n := &storedFile{ID: b.ids.fixed("stored file " + formatID(b.ids.record())), Name: f.name, Kind: f.kind, By: c.user.ID, At: b.now(), Data: f.data}
		b.keepFile(n)
		b.save("file", n.ID, n)
		out = append(out, success(object{"name": n.Name, "id": n.ID}, "the file was uploaded"))
	}
	return ok(object{"data": out})
}

func (b *Box) keepFile(n *storedFile) {
	if b.files == nil {
		b.files = map[string]*storedFile{}
	}
	b.files[n.ID] = n
	b.filled += int64(len(n.Data))
}

// roomFor refuses files for which the organisation has no space left.
func (b *Box) roomFor(size int) *failure {
	if b.opt.FileStorage == 0 || b.filled+int64(size) <= b.opt.FileStorage {
		return nil
	}
	return &failure{status: 400, code: "STORAGE_SPACE_EXCEEDED", message: "the storage space of the organisation is exceeded"}
}

// getFile answers GET /files?id=.
func (b *Box) getFile(c *call) answer {
	if !c.query.Has("id") {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "id"})
	}
	n := b.files[c.param("id")]
	if n == nil {
		return noContent()
	}
	kind := n.Kind
	if kind == "" {
		kind = "application/octet-stream"
	}
	return answer{status: http.StatusOK, file: &file{name: n.Name, kind: kind, data: n.Data}}
}

// setFiles takes over the rows of a file or image field: those with File_Id__s
// are added, those with an id kept.
func (b *Box) setFiles(d *draft, f *field, v any) {
	d.setRows(f, v, func(rows []any, o object, row int, at string) []any {
		stored := b.files[text(o["File_Id__s"])]
		switch {
		case row >= 0:
		case o["File_Id__s"] == nil:
			d.fail(missing("File_Id__s", at))
		case stored == nil:
			d.fail(invalidAt("File_Id__s", at+".File_Id__s", nil))
		default:
			rows = append(rows, object{"id": formatID(b.ids.record()), "file": stored.ID, "by": d.c.user.ID, "at": b.now().Format(time.RFC3339), "text": orNil(text(o["Description__s"]))})
		}
		return rows
	})
	if d.rec.vals[f.Name] == nil && b.mandatory(d.m, f) {
		d.fail(missing(f.Name, d.path))
	}
}

// wireFiles shows the files that a field holds.
func (b *Box) wireFiles(f *field, r *record, c *call) []any {
	out := []any{}
	for i, v := range list(r.vals[f.Name]) {
		h := asObject(v)
		stored := b.files[text(h["file"])]
		if stored == nil {
			continue
		}
		at, _ := time.Parse(time.RFC3339, text(h["at"]))
		by, when := b.personRef(text(h["by"])), stamp(at, c.zone())
		o := object{
			"id": h["id"], "File_Id__s": stored.ID, "File_Name__s": stored.Name, "Size__s": fmt.Sprint(len(stored.Data)), "Owner__s": by, "Created_By__s": by, "Modified_By__s": by,
			"Created_Time__s": when, "Modified_Time__s": when,
		}
		if f.Type == "imageupload" {
			o["Preview_Id__s"], o["Sequence_Number__s"], o["State__s"], o["Description__s"], o["Attachment_Source__s"] = stored.ID, i+1, "active", h["text"], nil
		}
		out = append(out, o)
	}
	return out
}
