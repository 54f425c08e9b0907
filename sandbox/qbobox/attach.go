package qbobox

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"strings"
)

// completeAttachable checks notes and files and what they hang on (reference
// section 5.9).
func (b *Box) completeAttachable(w *write) *fault {
	if str(w.next, "FileName") == "" && str(w.next, "Note") == "" {
		return business("You must have at least a note string or file attachment")
	}
	if !w.creating() {
		for _, k := range []string{"FileAccessUri", "Size"} {
			if v, ok := w.before[k]; ok {
				w.next[k] = v
			}
		}
	}
	for _, r := range list(w.next, "AttachableRef") {
		typ, id := str(r, "EntityRef.type"), str(r, "EntityRef.value")
		if id == "" {
			continue
		}
		if b.find(typ, id) == nil && !w.by.trusted {
			return notFound()
		}
		if flt := b.checkAttached(w, typ, id); flt != nil && !w.by.trusted {
			return flt
		}
		if r["IncludeOnSend"] == nil {
			r["IncludeOnSend"] = false
		}
	}
	return nil
}

// answerUpload takes files: parts named file_metadata_NN and file_content_NN.
// The boundary is read off the body itself.
func (b *Box) answerUpload(rq *request) answer {
	first, _, _ := strings.Cut(string(rq.body[:min(len(rq.body), 300)]), "\r\n")
	form := multipart.NewReader(bytes.NewReader(rq.body), strings.TrimPrefix(first, "--"))
	meta, files, names := map[string]object{}, map[string][]byte{}, map[string][2]string{}
	var order []string
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return rq.fault(badProperty())
		}
		raw, err := io.ReadAll(io.LimitReader(part, largestFile+1))
		if err != nil {
			return rq.fault(badProperty())
		}
		kind, n, _ := strings.Cut(strings.TrimPrefix(part.FormName(), "file_"), "_")
		switch kind {
		case "metadata":
			if isXML(part.Header.Get("Content-Type"), raw) {
				raw = b.metadataOf(raw)
			}
			if meta[n], err = decode(raw); err != nil {
				return rq.fault(badProperty())
			}
		case "content":
			files[n], names[n] = raw, [2]string{part.FileName(), part.Header.Get("Content-Type")}
			order = append(order, n)
		}
	}
	if len(order) == 0 {
		return rq.fault(missing("file_content_0"))
	}
	out := []any{}
	for _, n := range order {
		out = append(out, b.uploaded(rq, meta[n], files[n], names[n]))
	}
	return rq.envelope("AttachableResponse", encode(out))
}

func (b *Box) uploaded(rq *request, body object, content []byte, file [2]string) object {
	if len(content) > largestFile {
		return business("The file is larger than 100 MB").inner()
	}
	if body == nil {
		body = object{}
	}
	if str(body, "FileName") == "" {
		body["FileName"] = file[0]
	}
	if str(body, "ContentType") == "" && file[1] != "" {
		body["ContentType"] = file[1]
	}
	delete(body, "Id")
	rec, flt := b.save(rq.by, b.entities["attachable"], body)
	if flt != nil {
		return flt.inner()
	}
	b.keepFile(rec.id, content)
	b.patch(rec, false, func(o object) {
		o["FileAccessUri"] = "/v3/company/" + b.opt.RealmID + "/download/" + rec.id
		o["Size"] = jsonInt(len(content))
	})
	return object{"Attachable": b.single(rec, "")}
}
