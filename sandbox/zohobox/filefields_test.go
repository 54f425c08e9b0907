package zohobox_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"crossbook/sandbox/zohobox"
)

// uploadFiles sends files and returns their ids.
func (a *app) uploadFiles(files ...string) (ids []string) {
	a.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i, content := range files {
		part, err := w.CreateFormFile("file", fmt.Sprintf("%d.txt", i+1))
		if err != nil {
			a.t.Fatal(err)
		}
		_, _ = io.WriteString(part, content)
	}
	_ = w.Close()
	r := a.call(http.MethodPost, "/files", buf.String(), "Content-Type", w.FormDataContentType()).want(200)
	for i := range files {
		r.want(200, fmt.Sprintf("data.%d.details.name", i), fmt.Sprintf("%d.txt", i+1))
		ids = append(ids, r.str(fmt.Sprintf("data.%d.details.id", i)))
	}
	return ids
}

// zoho-crm.md sections 4.3, 4.7 and 6: fields of files and images are lists of
// uploaded files; an update adds to them, _delete null takes one away, a clone
// leaves them out.
func TestFiles_InFields(t *testing.T) {
	a := open(t, zohobox.Options{})
	papers := a.field("Vendors", obj{"field_label": "Papers", "data_type": "fileupload"})
	photos := a.field("Vendors", obj{"field_label": "Photos", "data_type": "imageupload"})
	meta := a.get("/settings/fields?module=Vendors")
	for name, code := range map[string]string{papers: "fileupload jsonarray 555", photos: "imageupload jsonarray 556"} {
		f := find(meta, "fields", "api_name", name)
		if got := fmt.Sprint(f["data_type"], " ", f["json_type"], " ", f["ui_type"]); got != code {
			t.Errorf("%s is %s, want %s", name, got, code)
		}
	}
	ids := a.uploadFiles("one", "two", "three")
	if got := a.get("/files?id=" + ids[1]).want(200); got.raw != "two" || !strings.Contains(got.header.Get("Content-Disposition"), "2.txt") {
		t.Errorf("the file came back as %q, %v", got.raw, got.header)
	}
	a.get("/files?id=nothing").want(204)
	a.get("/files").want(400, "code", "REQUIRED_PARAM_MISSING", "details.param_name", "id")
	row := func(id string) obj { return obj{"File_Id__s": id} }
	v := a.make("Vendors", obj{"Vendor_Name": "V", papers: []any{row(ids[0])}, photos: []any{row(ids[2])}})
	at := "data.0." + papers + "."
	r := a.get("/Vendors/"+v).want(200, at+"0.File_Name__s", "1.txt", at+"0.Size__s", "3", at+"0.File_Id__s", ids[0], "data.0."+photos+".0.Sequence_Number__s", "1")
	a.put("Vendors", v, obj{papers: []any{row(ids[1])}}).want(200)
	a.get("/Vendors/"+v).want(200, at+"0.File_Name__s", "1.txt", at+"1.File_Name__s", "2.txt")
	a.put("Vendors", v, obj{papers: []any{obj{"id": r.str(at + "0.id"), "_delete": nil}}}).want(200)
	image := r.str("data.0." + photos + ".0.id")
	a.put("Vendors", v, obj{photos: []any{obj{"id": image, "_delete": nil}}}).want(200)
	got := a.get("/Vendors/"+v).want(200, at+"0.File_Name__s", "2.txt")
	if got.len("data.0."+papers) != 1 || got.len("data.0."+photos) != 0 || got.at("data.0."+photos) == nil {
		t.Errorf("left are %v and %v", got.at("data.0."+papers), got.at("data.0."+photos))
	}
	a.get("/Vendors?fields="+papers).want(200, "data.0."+papers+".0.File_Id__s", ids[1])
	clone := a.call(http.MethodPost, "/Vendors/"+v+"/actions/clone", nil).want(201).str("data.0.details.id")
	if n := a.get("/Vendors/" + clone).len("data.0." + papers); n != 0 {
		t.Errorf("the clone has %d files", n)
	}
	for name, wrong := range map[string]any{
		"no list":         "x",
		"no object":       []any{"x"},
		"no file":         []any{obj{"name": "x"}},
		"an unknown file": []any{row("nothing")},
		"an unknown row":  []any{obj{"id": "5", "_delete": nil}},
	} {
		if r := a.put("Vendors", v, obj{papers: wrong}); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
	a.put("Vendors", v, obj{papers: nil}).want(200)
	if n := a.get("/Vendors/" + v).len("data.0." + papers); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// zoho-crm.md section 4.7: what an upload takes; section 15: the organisation's
// space ends some time.
func TestFiles_UploadsAreBounded(t *testing.T) {
	a := open(t, zohobox.Options{FileStorage: 21 << 20})
	body, kind := form(t, "a.bin", bytes.Repeat([]byte("x"), 20<<20+1))
	a.call(http.MethodPost, "/files", body, "Content-Type", kind).want(415, "code", "FILE_SIZE_MORE_THAN_ALLOWED_SIZE")
	a.call(http.MethodPost, "/files", nil).want(400, "code", "failure_in_attachment_handling")
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for range 11 {
		part, _ := w.CreateFormFile("file", "x")
		_, _ = io.WriteString(part, "x")
	}
	_ = w.Close()
	a.call(http.MethodPost, "/files", buf.String(), "Content-Type", w.FormDataContentType()).want(400, "code", "INVALID_REQUEST")
	v := a.make("Vendors", obj{"Vendor_Name": "V"})
	large, kind := form(t, "a.bin", bytes.Repeat([]byte("x"), 20<<20))
	at := "/Vendors/" + v + "/Attachments"
	id := a.call(http.MethodPost, at, large, "Content-Type", kind).want(200).str("data.0.details.id")
	second, kind := form(t, "b.bin", bytes.Repeat([]byte("x"), 2<<20))
	a.call(http.MethodPost, at, second, "Content-Type", kind).want(400, "code", "STORAGE_SPACE_EXCEEDED")
	a.call(http.MethodPost, "/files", second, "Content-Type", kind).want(400, "code", "STORAGE_SPACE_EXCEEDED")
	a.call(http.MethodDelete, at+"/"+id, nil).want(200)
	a.call(http.MethodPost, "/files", second, "Content-Type", kind).want(200)
	narrow := *a
	narrow.token = a.login(a.box.Grant("Super Admin", "ZohoCRM.modules.ALL"))
	narrow.call(http.MethodPost, "/files", second, "Content-Type", kind).want(401, "code", "OAUTH_SCOPE_MISMATCH")
}

// Files in fields are there after a restart; zoho-crm.md section 4.7.
func TestStore_KeepsFilesOfFields(t *testing.T) {
	a, again, _ := kept(t, zohobox.Options{FileStorage: 10})
	papers := a.field("Vendors", obj{"field_label": "Papers", "data_type": "fileupload"})
	ids := a.uploadFiles("12345678")
	v := a.make("Vendors", obj{"Vendor_Name": "V", papers: []any{obj{"File_Id__s": ids[0]}}})
	b := again()
	b.get("/Vendors/"+v).want(200, "data.0."+papers+".0.File_Name__s", "1.txt")
	if got := b.get("/files?id=" + ids[0]); got.raw != "12345678" {
		t.Errorf("the file became %q", got.raw)
	}
	body, kind := form(t, "a.bin", []byte("345"))
	b.call(http.MethodPost, "/files", body, "Content-Type", kind).want(400, "code", "STORAGE_SPACE_EXCEEDED")
}
