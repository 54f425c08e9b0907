package zohobox

import (
	"archive/zip"
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"
)

// uploadMax is the largest file of a bulk write; unpackedMax is what its parts
// may unpack to, so that a small bomb stays one (section 12).
const (
	uploadMax   = 25 << 20
	unpackedMax = 512 << 20
)

// upload is a file waiting for the bulk write that names it.
type upload struct {
	ID   string    `json:"id"`
	User string    `json:"user"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Data []byte    `json:"data"`
}

// multipartFile reads one file and the other values of a multipart form.
func (c *call) multipartFile() (f *file, values map[string]string) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil, nil
	}
	values = map[string]string{}
	mr := multipart.NewReader(bytes.NewReader(c.raw), params["boundary"])
	for {
		p, err := mr.NextPart()
		if err != nil {
			return f, values
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return f, values
		}
		if p.FileName() == "" {
			values[p.FormName()] = string(data)
			continue
		}
		if f == nil {
			f = &file{name: path.Base(p.FileName()), kind: p.Header.Get("Content-Type"), data: data}
		}
	}
}

// uploadFile answers POST /upload on the content host (section 12).
func (b *Box) uploadFile(c *call) answer {
	if c.r.Header.Get("X-CRM-ORG") != b.org.ZGID {
		return refuse(http.StatusBadRequest, "INVALID_DATA", "the organisation given seems to be invalid", object{"api_name": "X-CRM-ORG"})
	}
	if c.r.Header.Get("feature") != "bulk-write" {
		return refuse(http.StatusBadRequest, "NOT_SUPPORTED_FEATURE", "the feature given is not supported", object{"api_name": "feature"})
	}
	f, _ := c.multipartFile()
	if f == nil {
		return refuse(http.StatusBadRequest, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "file"})
	}
	if len(f.data) > uploadMax {
		return refuse(http.StatusRequestEntityTooLarge, "FILE_TOO_LARGE", "The given file is larger than 25 MB", object{})
	}
	if _, err := unpack(f.data); err != nil {
		return refuse(http.StatusBadRequest, "INVALID_FILE_FORMAT", "the file is not a zip with CSV files", object{})
	}
	u := &upload{ID: formatID(b.ids.record()), User: c.user.ID, Name: f.name, At: b.now(), Data: f.data}
	b.jobs.uploads[u.ID] = u
	b.save("upload", u.ID, u)
	return ok(object{"status": "success", "code": "FILE_UPLOAD_SUCCESS", "message": "file uploaded.", "details": object{"file_id": u.ID, "created_time": stamp(u.At, c.zone())}})
}

// sheet is one CSV of an uploaded zip.
type sheet struct {
	name string
	data []byte
}

func unpack(data []byte) ([]sheet, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var out []sheet
	left := int64(unpackedMax)
	for _, f := range z.File {
		if f.FileInfo().IsDir() || !strings.EqualFold(path.Ext(f.Name), ".csv") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		raw, err := io.ReadAll(io.LimitReader(r, left+1))
		_ = r.Close()
		if err != nil {
			return nil, err
		}
		if left -= int64(len(raw)); left < 0 {
			return nil, io.ErrShortBuffer
		}
		out = append(out, sheet{path.Base(f.Name), raw})
	}
	if len(out) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return out, nil
}
