package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"crossbook"
	"crossbook/mapping"
	"crossbook/oauth"
	"crossbook/setup"
	"crossbook/transport"
)

// said runs the command line in this process.
func said(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestFailures_AreSaidOnceAndAsAnObject(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.db")
	code, out, errs := said(t, "--json", "--db", "sqlite:"+missing, "status")
	if code != exitCouldNot || !strings.Contains(errs, "no Crossbook database at "+missing) {
		t.Errorf("%d %s", code, errs)
	}
	var o struct {
		Error, Hint string
		Exit        int
	}
	if err := json.Unmarshal([]byte(out), &o); err != nil || o.Exit != exitCouldNot || o.Error == "" || o.Hint == "" {
		t.Errorf("%v %s", err, out)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a mistyped path became an empty database")
	}
}

func TestFailureOf_SaysWhatToDo(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, tc := range []struct {
		name       string
		err        error
		code       int
		what, hint string
	}{
		{"refused set-up", &setup.RefusedError{What: "the home currency is USD in Zoho CRM and AUD in QuickBooks", Hint: "Neither lets it be changed."}, exitCouldNot, "home currency", "Neither"},
		{"wrong secret", &oauth.Error{Vendor: transport.Zoho, Code: "invalid_client_secret", Kind: transport.FaultAuth}, exitCouldNot, "Zoho CRM refuses the sign-in: invalid_client_secret", "ZOHO_CLIENT_SECRET"},
		{"withdrawn", &oauth.Error{Vendor: transport.QuickBooks, Code: "invalid_grant", Kind: transport.FaultAuth, Reauthorise: true}, exitCouldNot, "QuickBooks refuses", "Sign in to QuickBooks again"},
		{"nobody there", fmt.Errorf("read the QuickBooks company: %w", &transport.NotSent{Err: refused, Kind: transport.FaultRetry}), exitCouldNot, "QuickBooks at 127.0.0.1:9 cannot be reached: connection refused", "Check the network"},
		{"foreign host", fmt.Errorf("x: %w", transport.ErrForeignHost), exitUsage, "not a host of the vendor", "vendors' own addresses"},
		{"full disk", &os.PathError{Op: "write", Path: "/data/keyset.json", Err: syscall.ENOSPC}, exitCouldNot, "the disk is full", "Make room"},
		{"not ours", &os.PathError{Op: "open", Path: "/data/keyset.json", Err: os.ErrPermission}, exitCouldNot, "permission", "Give this user the right"},
		{"interrupted", context.Canceled, exitCouldNot, "interrupted", "Nothing is lost"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := failureOf(tc.err)
			if f.code != tc.code || !strings.Contains(f.what, tc.what) || !strings.Contains(f.hint, tc.hint) {
				t.Errorf("%d\n%s\n%s", f.code, f.what, f.hint)
			}
		})
	}
}

func TestEnvironmentOf(t *testing.T) {
	env := map[string]string{
		"ZOHO_ACCOUNTS_URL": "http://127.0.0.1:1", "ZOHO_API_URL": "http://127.0.0.1:1", "ZOHO_CLIENT_ID": "a", "ZOHO_CLIENT_SECRET": "b", "ZOHO_REFRESH_TOKEN": "c",
		"QBO_API_URL": "http://127.0.0.1:2", "QBO_TOKEN_URL": "http://127.0.0.1:2/t", "QBO_AUTHORIZE_URL": "http://127.0.0.1:2/a",
		"QBO_CLIENT_ID": "d", "QBO_CLIENT_SECRET": "e", "QBO_REFRESH_TOKEN": "f", "QBO_REALM_ID": "9",
	}
	get := func(name string) string { return env[name] }
	g, err := environmentOf(get)
	if err != nil || g.realm != "9" || g.registration.QBOClientSecret != "e" || g.zohoToken != "c" {
		t.Fatalf("%v %+v", err, g.endpoints)
	}
	env["QBO_API_URL"] = "https://books.example"
	if _, err := environmentOf(get); err == nil || failureOf(err).code != exitUsage {
		t.Errorf("a foreign host was accepted: %v", err)
	}
	env["QBO_API_URL"], env["QBO_REALM_ID"], env["ZOHO_CLIENT_ID"] = "http://127.0.0.1:2", " ", ""
	if _, err := environmentOf(get); err == nil || !strings.Contains(err.Error(), "QBO_REALM_ID, ZOHO_CLIENT_ID") {
		t.Errorf("not all that is missing was named: %v", err)
	}
}

func TestOverlay_ChangesOnlyWhatIsNamed(t *testing.T) {
	s, err := overlay(crossbook.DefaultSettings(), map[string]any{
		"customer_source": "contacts-only",
		"modules":         map[string]any{"Vendors": map[string]any{"everything": true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	v := s.Modules[crossbook.Vendors]
	if s.CustomerSource != crossbook.ContactsOnly || !v.Everything || !v.On || v.Direction != crossbook.Both {
		t.Errorf("%+v", s)
	}
	for _, over := range []map[string]any{
		{"customer_source": "contacts-only", "contacts_as_sub_customers": true},
		{"customer_source": "accounts-only", "sub_customers_as_accounts": true},
		{"customer_source": "accounts-only", "only_contacts_of_accounts": true},
		{"sub_customers_as_accounts": true, "modules": map[string]any{"Accounts": map[string]any{"on": false}}},
		{"customer_source": "everybody"},
		{"modules": map[string]any{"Leads": map[string]any{"on": true}}},
		{"modules": map[string]any{"Invoices": map[string]any{"direction": "both"}}},
		{"modules": map[string]any{"Vendors": map[string]any{"direction": "sideways"}}},
		{"handling": map[string]any{"name": "sometimes"}},
		{"colour": "green"},
		{"send_quantity": "perhaps"},
		{"modules": map[string]any{"Vendors": map[string]any{"check_field": "Website"}}},
		{"modules": map[string]any{"Invoices": map[string]any{"check_field": "Subject"}}},
		{"modules": map[string]any{"Vendors": map[string]any{"only_changes": true, "everything": true}}},
		{"create_existing": true, "modules": map[string]any{"Accounts": map[string]any{"only_changes": true}}},
		{"deal_number": map[string]any{"deal_field": "Deal_Number"}},
	} {
		if _, err := overlay(crossbook.DefaultSettings(), over); err == nil {
			t.Errorf("accepted: %v", over)
		}
	}
}

func TestMappingOf_TheOwnPresetIsGood(t *testing.T) {
	raw, err := json.Marshal(mapping.Default(crossbook.DefaultSettings()))
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if _, err := mappingOf(doc); err != nil {
		t.Fatal(err)
	}
	pairs := doc["modules"].(map[string]any)["Vendors"].([]any)
	pairs[0].(map[string]any)["quickbooks"] = "DisplayNam"
	if _, err := mappingOf(doc); err == nil || !strings.Contains(err.Error(), "DisplayNam") {
		t.Errorf("a field QuickBooks does not have was accepted: %v", err)
	}
}

func TestCrasher_ReadsItsPoint(t *testing.T) {
	for _, spec := range []string{"intent stored:0", "intent stored:x", ":"} {
		if _, err := crasher(spec); err == nil {
			t.Errorf("%q was accepted", spec)
		}
	}
	step, err := crasher("intent stored:2")
	if err != nil {
		t.Fatal(err)
	}
	step("answer received")
	step("intent stored") // the first of two: nothing happens yet
}

func TestWriteDeadline(t *testing.T) {
	t.Setenv(envWriteDeadline, "2s")
	if d, err := writeDeadline(); err != nil || d.Seconds() != 2 {
		t.Errorf("%v %v", d, err)
	}
	t.Setenv(envWriteDeadline, "-2s")
	var f *failure
	if _, err := writeDeadline(); !errors.As(err, &f) || f.code != exitUsage {
		t.Errorf("%v", err)
	}
}

func TestModuleNamed(t *testing.T) {
	for _, name := range []string{"Purchase_Orders", "purchase orders", "PurchaseOrders", "purchase-orders"} {
		if m, err := moduleNamed(name, false); err != nil || m != crossbook.PurchaseOrders {
			t.Errorf("%s: %v %v", name, m, err)
		}
	}
	if _, err := moduleNamed("", false); err == nil {
		t.Error("no module was accepted")
	}
}

func TestPublicURL(t *testing.T) {
	for raw, ok := range map[string]bool{
		"": true, "https://crossbook.example.com/": true, "http://127.0.0.1:8780": true,
		"http://crossbook.example.com": false, "crossbook.example.com": false, "https://": false,
		"http://127.example.com": false, // looks like this machine and is not
	} {
		if got, err := publicURL(raw); (err == nil) != ok || strings.HasSuffix(got, "/") {
			t.Errorf("%s: %q %v", raw, got, err)
		}
	}
}

func TestListen_StaysOnThisMachine(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "example.com:0"} {
		if l, err := listen(addr, false); err == nil {
			_ = l.Close()
			t.Errorf("%s was accepted", addr)
		}
	}
	l, err := listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if _, err := listen(l.Addr().String(), false); err == nil || !strings.Contains(failureOf(err).hint, "port") {
		t.Errorf("a port in use: %v", err)
	}
}

func TestSandbox_ADamagedFileIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sandbox-zoho.db"), []byte(strings.Repeat("rubbish ", 512)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, err := said(t, "sandbox", "--zoho-addr=127.0.0.1:0", "--quickbooks-addr=127.0.0.1:0", "--dir="+dir)
	if code != exitCouldNot || !strings.Contains(err, "sandbox-zoho.db does not hold") || !strings.Contains(err, "Delete it") {
		t.Errorf("%d: %s", code, err)
	}
}

func TestSandbox_WantsAWholeWebhookAddress(t *testing.T) {
	for _, address := range []string{"nonsense", "ftp://127.0.0.1/x", "http://", "127.0.0.1:8780/hooks"} {
		if code, _, err := said(t, "sandbox", "--zoho-addr=127.0.0.1:0", "--quickbooks-addr=127.0.0.1:0", "--webhook="+address); code != exitUsage || !strings.Contains(err, "--webhook") {
			t.Errorf("%s: %d %s", address, code, err)
		}
	}
}

func TestSandbox_AnnouncesOneObjectWithJSON(t *testing.T) {
	s, err := openSandbox(t.Context(), sandboxOptions{zohoAddr: "127.0.0.1:0", quickAddr: "127.0.0.1:0", company: "empty", limits: "off", edition: "enterprise", dataCenter: "us", scale: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var out bytes.Buffer
	if err := s.announce(&app{cli: &cli{JSON: true}, out: &out}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Ready       bool
		Environment map[string]string
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || !got.Ready {
		t.Fatalf("%v in %s", err, &out)
	}
	for _, nv := range s.environment() {
		if nv[1] == "" || got.Environment[nv[0]] != nv[1] {
			t.Errorf("%s is %q, want %q", nv[0], got.Environment[nv[0]], nv[1])
		}
	}
}

func TestTable_PutsNumbersToTheRight(t *testing.T) {
	p := &page{}
	p.table([]string{"Module", "Linked"}, [][]any{{"Vendors", 7}, {"Peña & Söhne", 1234}})
	want := "Module        Linked\nVendors            7\nPeña & Söhne    1234\n"
	if got := p.buf.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
