package zohobox

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"time"
)

// attachmentMax is the largest file on a record; the reference names the error
// and not the size (section 6), the size is that of the vendor's other uploads.
const attachmentMax = 20 << 20

// attachment is a file or a link on a record (section 6).
type attachment struct {
	ID     int64     `json:"id"`
	Module string    `json:"module"`
	Parent int64     `json:"parent"`
	Name   string    `json:"name"`
	Kind   string    `json:"kind"`
	Link   string    `json:"link"`
	Data   []byte    `json:"data"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func (b *Box) findAttachments(c *call, pattern string) (route, answer) {
	scope := func(op string) []string { return []string{"ZohoCRM.modules.attachments." + op} }
	pattern += "/{id}/Attachments"
	if len(c.path) == 4 {
		return methods(c, pattern+"/{id}", map[string]route{
			http.MethodGet:    {run: b.downloadAttachment, kind: kindRead, scopes: scope("READ")},
			http.MethodDelete: {run: b.deleteAttachment, kind: kindWrite, scopes: scope("DELETE")},
		})
	}
	return methods(c, pattern, map[string]route{
		http.MethodGet:  {run: b.getAttachments, kind: kindRead, scopes: scope("READ")},
		http.MethodPost: {run: b.postAttachment, kind: kindWrite, scopes: scope("CREATE")},
	})
}

// postAttachment takes a file, or the address of one.
func (b *Box) postAttachment(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	up, values := c.multipartFile()
	a := &attachment{Module: c.mod.name, Parent: r.id, By: c.user.ID, At: b.now()}
	link := values["attachmentUrl"]
	if link == "" {
		link = c.param("attachmentUrl")
	}
	switch {
	case up != nil && link != "":
		return ambiguous("file", "attachmentUrl").answer()
	case up != nil && len(up.data) > attachmentMax:
		return refuse(http.StatusRequestEntityTooLarge, "FILE_TOO_LARGE", "The given file is too large", object{})
	case up != nil:
		a.Name, a.Kind, a.Data = up.name, up.kind, up.data
	case link != "":
		u, err := url.Parse(link)
		if err != nil || u.Host == "" {
			return badParam("attachmentUrl").answer()
		}
		a.Link, a.Name = link, values["title"]
		if a.Name == "" {
			a.Name = path.Base(u.Path)
		}
	default:
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "file"})
	}
	if f := b.roomFor(len(a.Data)); f != nil {
		return f.answer()
	}
	a.ID = b.ids.record()
	b.notes.attach(a)
	b.filled += int64(len(a.Data))
	b.save("attachment", formatID(a.ID), a)
	by, at := b.personRef(a.By), stamp(a.At, c.zone())
	return ok(object{"data": []any{success(object{"id": formatID(a.ID), "Created_Time": at, "Modified_Time": at, "Created_By": by, "Modified_By": by}, "attachment uploaded successfully")}})
}

// getAttachments lists those of a record; fields is mandatory.
func (b *Box) getAttachments(c *call) answer {
	r, f := b.addressed(c)
	if f != nil {
		return f.answer()
	}
	if c.param("fields") == "" {
		return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "fields"})
	}
	l := &listing{by: "id", desc: true, page: c.intParam("page", 1), per: c.intParam("per_page", pageMax)}
	if l.page < 1 || l.per < 1 || l.per > pageMax {
		return badParam("per_page").answer()
	}
	all := slices.Clone(b.notes.filesO[r.id])
	slices.Reverse(all)
	var out []any
	for _, a := range all {
		by, at := b.personRef(a.By), stamp(a.At, c.zone())
		kind := "Attachment"
		if a.Link != "" {
			kind = "Link URL"
		}
		out = append(out, object{
			"id": formatID(a.ID), "File_Name": a.Name, "Size": fmt.Sprint(len(a.Data)), "Created_Time": at, "Modified_Time": at, "Created_By": by, "Modified_By": by, "Owner": by,
			"Parent_Id": object{"id": r.sid(), "name": displayName(c.mod, r)}, "$field_states": nil, "$editable": true, "$file_id": b.ids.fixed("file " + formatID(a.ID)),
			"$type": kind, "$se_module": c.mod.name, "$state": "save", "$link_url": orNil(a.Link), "$sharing_permission": "full_access",
		})
	}
	return c.pageOfRecords(l, out, "call", "email", "sort_by", "sort_order")
}

func (b *Box) attachmentAt(c *call) *attachment {
	id, _ := parseID(c.path[3])
	a := b.notes.files[id]
	if a == nil || formatID(a.Parent) != c.path[1] || a.Module != c.mod.name {
		return nil
	}
	return a
}

func (b *Box) downloadAttachment(c *call) answer {
	a := b.attachmentAt(c)
	switch {
	case a == nil:
		return noContent()
	case a.Link != "":
		return refuse(400, "INVALID_DATA", "a link has no content", object{"resource_path_index": 3})
	}
	kind := a.Kind
	if kind == "" {
		kind = "application/octet-stream"
	}
	return answer{status: http.StatusOK, file: &file{name: a.Name, kind: kind, data: a.Data}}
}

func (b *Box) deleteAttachment(c *call) answer {
	a := b.attachmentAt(c)
	if a == nil {
		return answer{status: 400, body: object{"data": []any{(&failure{code: "INVALID_DATA", message: "record not deleted", details: object{"id": c.path[3]}}).item()}}}
	}
	delete(b.notes.files, a.ID)
	b.filled -= int64(len(a.Data))
	b.notes.filesO[a.Parent] = slices.DeleteFunc(b.notes.filesO[a.Parent], func(x *attachment) bool { return x == a })
	b.drop("attachment", formatID(a.ID))
	return ok(object{"data": []any{success(object{"id": formatID(a.ID)}, "record deleted")}})
}
