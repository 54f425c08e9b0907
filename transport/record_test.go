package transport

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRecord_WritesTheExchangeWithoutSecrets(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "calls")
	rec, err := NewRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"hush-1", "hush-2", "hush-3", "hush-4", "hush-5", "hush-6", "hush-7"}
	s := &script{replies: []reply{{
		status: 200, header: http.Header{"Set-Cookie": {"hush-1"}},
		body: `{"access_token":"hush-2","refresh_token" : "hush-3","expires_in":3600,"code":"SUCCESS","name":"Acme"}`,
	}}}
	form := "grant_type=refresh_token&refresh_token=hush-4&client_secret=hush-5"
	r, _ := http.NewRequest("POST", "http://127.0.0.1/oauth/v2/token?code=hush-6&page_token=kept", strings.NewReader(form))
	r.Header.Set("Authorization", "Basic hush-7")
	res, err := Record{Recorder: rec, Next: s}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), "hush-2") {
		t.Error("the caller's answer was changed")
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	path := filepath.Join(dir, files[0].Name())
	data, _ := os.ReadFile(path)
	for _, secret := range secrets {
		if strings.Contains(string(data), secret) {
			t.Errorf("%s reached the disk:\n%s", secret, data)
		}
	}
	for _, want := range []string{"Acme", "grant_type=refresh_token", "SUCCESS", "page_token=kept"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is missing:\n%s", want, data)
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestRecord_AFullDiskDoesNotFailTheCall(t *testing.T) {
	dir := t.TempDir()
	rec, _ := NewRecorder(dir)
	rec.dir = filepath.Join(dir, "gone")
	s := &script{replies: []reply{{status: 200, body: "{}"}}}
	if _, err := (Record{Recorder: rec, Next: s}).RoundTrip(writeRequest(t.Context(), t)); err != nil {
		t.Error(err)
	}
}

func TestChain_EveryAttemptIsSignedPacedAndCounted(t *testing.T) {
	var counts Counts
	s := &script{replies: []reply{{status: 401, body: "expired"}, {status: 200, body: "{}"}}}
	rt := Chain{
		Vendor: QuickBooks, Base: s, Scheme: "Bearer", Source: &tokens{}, Expired: expired,
		Pacer: NewPacer(QuickBooksRates()), Meter: &counts,
	}.RoundTripper()
	res, err := rt.RoundTrip(readRequest(t.Context(), t))
	if err != nil || res.StatusCode != 200 || counts.ByKind()[RecordRead] != 2 || s.headers[1].Get("Authorization") != "Bearer t2" {
		t.Errorf("%v, %v, counted %v", res, err, counts.ByKind())
	}
}
