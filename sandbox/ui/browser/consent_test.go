package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// The consent pages of both vendors, zoho-crm.md section 2.1 and
// quickbooks-online.md section 1.2, from the app's address to its callback.
func TestConsentPagesByKeyboard(t *testing.T) {
	t.Parallel()
	z, err := zohobox.New(zohobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	q, err := qbobox.New(qbobox.Options{Seed: 1, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, `<!doctype html><html lang="en"><title>App</title><h1>The app is back.</h1>`)
	}))
	crm, books := httptest.NewServer(z), httptest.NewServer(q)
	t.Cleanup(func() { app.Close(); crm.Close(); books.Close(); z.Close(); q.Close() })
	keys := q.Credentials()
	walk(t, "consent", crm.URL, "QUICKBOOKS="+books.URL, "ZOHO_CLIENT="+z.Credentials().ClientID, "QUICKBOOKS_CLIENT="+keys.ClientID,
		"REALM="+keys.RealmID, "APP="+strings.Replace(app.URL, "127.0.0.1", "localhost", 1)+"/back")
}
