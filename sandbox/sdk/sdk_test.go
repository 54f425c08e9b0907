package sdk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crossbook/internal/testkit"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

// What must be seen: this many cases for each vendor, and all of them for each
// edition of the Zoho SDK.
const (
	wantZoho       = 80
	wantQuickBooks = 80
	fileTime       = 3 * time.Minute
)

// result is one line of lib/report.mjs.
type result struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Skipped bool   `json:"skipped"`
	Error   string `json:"error"`
}

// suite runs files of cases and counts what ran.
type suite struct {
	folder string // where the cases are copied to, beside the clients
	ran    int
	files  int
}

func TestZohoSDK(t *testing.T) {
	for _, edition := range []string{"typescript", "nodejs"} {
		t.Run(edition, func(t *testing.T) {
			s := open(t)
			names := s.list(t, "zoho")
			for _, name := range names {
				t.Run(strings.TrimSuffix(filepath.Base(name), ".test.mjs"), func(t *testing.T) {
					s.run(t, name, "CROSSBOOK_ZOHO="+zoho(t, edition))
				})
			}
			s.enough(t, len(names), wantZoho)
		})
	}
}

func TestQuickBooksClients(t *testing.T) {
	s := open(t)
	names := s.list(t, "quickbooks")
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".test.mjs"), func(t *testing.T) {
			s.run(t, name, "CROSSBOOK_QUICKBOOKS="+quickBooks(t))
		})
	}
	s.enough(t, len(names), wantQuickBooks)
}

// open copies the cases beside the clients: node looks for packages in the
// folders above a file.
func open(t *testing.T) *suite {
	t.Helper()
	if testing.Short() {
		t.Skip("the vendors' clients take a while; not in short mode")
	}
	s := &suite{folder: t.TempDir()}
	if err := os.Symlink(filepath.Join(testkit.NPM(t, "vendor-clients"), "node_modules"), filepath.Join(s.folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"lib", "zoho", "quickbooks"} {
		if err := os.CopyFS(filepath.Join(s.folder, sub), os.DirFS(sub)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *suite) list(t *testing.T, sub string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(s.folder, sub, "*.test.mjs"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases below %s: %v", sub, err)
	}
	return names
}

// run gives a file of cases to node and makes each case a test of its own.
func (s *suite) run(t *testing.T, file string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fileTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node",
		"--test-reporter="+filepath.Join(s.folder, "lib", "report.mjs"), "--test-reporter-destination=stdout", file)
	cmd.Dir = t.TempDir() // some clients write logs where they stand
	cmd.Env = append(os.Environ(), append(env, "TMPDIR="+cmd.Dir, "NODE_OPTIONS=", "NO_PROXY=127.0.0.1")...)
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	cases := 0
	for line := range strings.Lines(out.String()) {
		var r result
		if json.Unmarshal([]byte(line), &r) != nil || r.Name == "" {
			diagnostics.WriteString(line) // a client that prints
			continue
		}
		cases++
		t.Run(r.Name, func(t *testing.T) {
			switch {
			case r.Skipped:
				t.Skip("skipped by the case itself")
			case !r.OK:
				t.Error(r.Error)
			default:
				s.ran++
			}
		})
	}
	s.files++
	var exit *exec.ExitError
	if cases == 0 || (err != nil && !errors.As(err, &exit)) || (err != nil && !t.Failed()) {
		t.Errorf("%d cases of %s: %v\n%s", cases, filepath.Base(file), err, diagnostics.String())
	}
}

// enough fails when fewer cases passed than the project promises; a run of
// chosen files only (go test -run) is not counted.
func (s *suite) enough(t *testing.T, files, want int) {
	t.Helper()
	if s.files < files {
		return
	}
	t.Logf("%d cases passed", s.ran)
	if s.ran < want {
		t.Errorf("%d cases passed, %d are promised", s.ran, want)
	}
}

// zoho opens an organisation and says how to reach it.
func zoho(t *testing.T, edition string) string {
	t.Helper()
	box, err := zohobox.New(zohobox.Options{Seed: 1, ManualDelivery: true, Dials: zohobox.Dials{SearchLag: -1}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(checked(box))
	t.Cleanup(func() { server.Close(); box.Close() })
	cred := box.Credentials()
	owner := ""
	for mail, token := range cred.ByUser {
		if token == cred.RefreshToken {
			owner = mail
		}
	}
	refresh := []string{cred.RefreshToken}
	for range 4 { // a token lives on ten access tokens in ten minutes
		refresh = append(refresh, box.Grant(owner, "ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL", "ZohoCRM.org.ALL", "ZohoCRM.coql.READ"))
	}
	return encode(t, map[string]any{
		"edition": edition, "url": server.URL, "client": cred.ClientID, "secret": cred.ClientSecret, "refresh": refresh,
		"owner": owner, "byUser": cred.ByUser,
		"readOnly": box.Grant(owner, "ZohoCRM.modules.accounts.READ", "ZohoCRM.settings.ALL"),
		"code":     box.SelfClientCode(owner, "ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL"),
	})
}

// quickBooks opens a company and says how to reach it.
func quickBooks(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	box, err := qbobox.New(qbobox.Options{Seed: 1, BaseURL: url, ManualDelivery: true, Currencies: []string{"EUR"}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = box
	server.Start()
	t.Cleanup(func() { server.Close(); box.Close() })
	cred := box.Credentials()
	return encode(t, map[string]any{
		"url": url, "client": cred.ClientID, "secret": cred.ClientSecret, "refresh": cred.RefreshToken, "realm": cred.RealmID,
		"verifier": cred.WebhookVerifier,
	})
}

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
