package sdk_test

import (
	"context"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"crossbook/internal/testkit"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
)

const (
	exampleTime = 2 * time.Minute
	repository  = "../.."
)

// language is how an example of the documentation is run. The probe fails where
// the language, or the library the example uses, is not installed.
type language struct {
	name, file string
	probe, run []string
}

var languages = map[string]language{
	"js":     {"node", "example.mjs", []string{"node", "--version"}, []string{"node"}},
	"python": {"python3", "example.py", []string{"python3", "-c", "import requests"}, []string{"python3"}},
	"go":     {"go", "example.go", []string{"go", "version"}, []string{"go", "run"}},
	"java":   {"java", "Example.java", []string{"javac", "-version"}, []string{"java"}},
}

var example = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```\n\n```text\n(.*?)```\n")

// What docs/sandbox.md shows as code is run against sandboxes and prints what
// the page says it prints.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("starting four languages takes a while; not in short mode")
	}
	page, err := os.ReadFile(filepath.Join(repository, "docs", "sandbox.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Four languages\n")
	section, _, _ = strings.Cut(section, "\n## ")
	examples := example.FindAllStringSubmatch(section, -1)
	if len(examples) != strings.Count(section, "\n### ") || len(examples) != len(languages) {
		t.Fatalf("%d examples with their output, %d headings, %d languages", len(examples), strings.Count(section, "\n### "), len(languages))
	}
	for _, e := range examples {
		l, known := languages[e[1]]
		if !known {
			t.Errorf("nobody knows how to run %s", e[1])
			continue
		}
		t.Run(e[1], func(t *testing.T) {
			t.Parallel()
			l.play(t, e[2], e[3])
		})
	}
}

func (l language) play(t *testing.T, code, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), exampleTime)
	defer cancel()
	if out, err := exec.CommandContext(ctx, l.probe[0], l.probe[1:]...).CombinedOutput(); err != nil {
		testkit.Missing(t, l.name, strings.Join(l.probe, " ")+": "+err.Error()+" "+string(out))
	}
	folder := t.TempDir()
	if l.name == "node" {
		if err := os.Symlink(filepath.Join(testkit.NPM(t, "vendor-clients"), "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(folder, l.file)
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, l.run[0], append(l.run[1:len(l.run):len(l.run)], file)...)
	cmd.Env = append(os.Environ(), printed(t)...)
	cmd.Env = append(cmd.Env, "TMPDIR="+folder, "NODE_OPTIONS=", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	cmd.Dir = folder
	if l.name == "go" {
		cmd.Dir = repository // the module that has the library
	}
	var diagnostics strings.Builder
	cmd.Stderr = &diagnostics
	got, err := cmd.Output()
	if err != nil || string(got) != want {
		t.Errorf("%v, printed\n%s\nwant\n%s\n%s", err, got, want, diagnostics.String())
	}
}

// printed opens both sandboxes and gives what `crossbook sandbox` prints of them.
func printed(t *testing.T) []string {
	t.Helper()
	zohoServer, quickServer := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	url := func(l net.Listener) string { return "http://" + l.Addr().String() }
	zohoURL, quickURL := url(zohoServer.Listener), url(quickServer.Listener)
	z, err := zohobox.New(zohobox.Options{Seed: 1, BaseURL: zohoURL, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	q, err := qbobox.New(qbobox.Options{Seed: 1, BaseURL: quickURL, ManualDelivery: true})
	if err != nil {
		t.Fatal(err)
	}
	zohoServer.Config.Handler, quickServer.Config.Handler = z, q
	zohoServer.Start()
	quickServer.Start()
	t.Cleanup(func() { zohoServer.Close(); quickServer.Close(); z.Close(); q.Close() })
	zc, qc := z.Credentials(), q.Credentials()
	return []string{
		"ZOHO_ACCOUNTS_URL=" + zohoURL, "ZOHO_API_URL=" + zohoURL, "ZOHO_CLIENT_ID=" + zc.ClientID, "ZOHO_CLIENT_SECRET=" + zc.ClientSecret,
		"ZOHO_REFRESH_TOKEN=" + zc.RefreshToken, "QBO_API_URL=" + quickURL, "QBO_TOKEN_URL=" + quickURL + "/oauth2/v1/tokens/bearer",
		"QBO_AUTHORIZE_URL=" + quickURL + "/connect/oauth2", "QBO_CLIENT_ID=" + qc.ClientID, "QBO_CLIENT_SECRET=" + qc.ClientSecret,
		"QBO_REFRESH_TOKEN=" + qc.RefreshToken, "QBO_REALM_ID=" + qc.RealmID, "QBO_WEBHOOK_VERIFIER=" + qc.WebhookVerifier,
	}
}
