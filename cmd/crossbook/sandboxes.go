package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"crossbook/sandbox/company"
	"crossbook/sandbox/qbobox"
	"crossbook/sandbox/zohobox"
	"crossbook/store"
)

// sandboxOptions say which sandboxes are wanted.
type sandboxOptions struct {
	zohoAddr, quickAddr string
	dir                 string // empty keeps the state in memory
	company             string // "sample" or "empty"
	scale               int
	customers           int
	limits              string
	dataCenter          string
	edition             string // of Zoho CRM
	plan                string // of QuickBooks
	recorded            string
	webhook             string
	seed                int64
	remote              bool
}

// sandboxes are both imitations on their sockets.
type sandboxes struct {
	zoho      *zohobox.Box
	quick     *qbobox.Box
	zohoURL   string
	quickURL  string
	listeners [2]net.Listener
	databases []*sql.DB
}

// openSandbox listens, then opens both boxes, so that each knows its own
// address.
func openSandbox(ctx context.Context, o sandboxOptions) (*sandboxes, error) {
	s := &sandboxes{}
	if err := s.open(ctx, o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *sandboxes) open(ctx context.Context, o sandboxOptions) (err error) {
	for i, addr := range []string{o.zohoAddr, o.quickAddr} {
		if s.listeners[i], err = listen(addr, o.remote); err != nil {
			return err
		}
	}
	s.zohoURL, s.quickURL = "http://"+s.listeners[0].Addr().String(), "http://"+s.listeners[1].Addr().String()
	zoho := zohobox.Options{Limits: o.limits, Edition: o.edition, BaseURL: s.zohoURL, Seed: o.seed, DataCenter: o.dataCenter}
	quick := qbobox.Options{
		Limits: o.limits, BaseURL: s.quickURL, Seed: o.seed, WebhookURL: o.webhook, Plan: o.plan,
		RealmID: fmt.Sprint(9341450000000000 + o.seed), // another seed is another company
	}
	if o.dir != "" {
		if zoho.DB, err = s.database(ctx, o.dir, "sandbox-zoho.db"); err != nil {
			return err
		}
		if quick.DB, err = s.database(ctx, o.dir, "sandbox-quickbooks.db"); err != nil {
			return err
		}
	}
	return s.fill(o, zoho, quick)
}

// fill opens the boxes with what is wanted in them. Boxes that reloaded a
// company from their databases keep it.
func (s *sandboxes) fill(o sandboxOptions, zoho zohobox.Options, quick qbobox.Options) error {
	if o.company == "sample" {
		if err := s.sample(o, zoho, quick); err != nil {
			return err
		}
	} else {
		var err error
		if s.zoho, err = zohobox.New(zoho); err != nil {
			return err
		}
		if s.quick, err = qbobox.New(quick); err != nil {
			return err
		}
	}
	if o.customers > 0 && len(s.quick.All("Customer")) < o.customers {
		if err := company.Scale(s.quick, o.customers); err != nil {
			return fmt.Errorf("add plain customers: %w", err)
		}
	}
	if o.recorded == "" {
		return nil
	}
	if err := s.quick.LoadRecorded(o.recorded); err != nil {
		return couldNot("--load-quickbooks wants a folder of JSON files, each an object with request, status and response.", "the recorded exchanges cannot be loaded: %v", err)
	}
	return nil
}

// listen opens a socket on this machine's own addresses only: the sandboxes
// have no locks on their doors.
func listen(addr string, remote bool) (net.Listener, error) {
	host, err := hostOf(addr)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(host)
	if !remote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usage(fmt.Sprintf("the address %s can be reached from other machines, where anybody could read and change everything", addr),
			"Use 127.0.0.1, or say --allow-remote if that is what you want.")
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, couldNot("Another program may use the port; port 0 takes any free one.", "cannot listen on %s: %v", addr, innermost(err))
	}
	return l, nil
}

// hostOf is the host of an address to listen on.
func hostOf(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return "", usage(fmt.Sprintf("%q is no address to listen on", addr), "Write host and port, such as 127.0.0.1:8791; port 0 takes any free one.")
	}
	return host, nil
}

func (s *sandboxes) database(ctx context.Context, dir, name string) (*sql.DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, couldNot("Choose a folder this user may write to.", "there is no place for the sandboxes: %v", err)
	}
	file := filepath.Join(dir, name)
	db, err := store.OpenFile(ctx, file)
	if errors.Is(err, store.ErrDamaged) { // a sandbox has no backups
		return nil, couldNot("Delete it to begin with a new company, or choose another folder by --dir.", "%s does not hold the state of a sandbox: %v", file, innermost(err))
	}
	if err != nil {
		return nil, err
	}
	s.databases = append(s.databases, db)
	return db, nil
}

// environment is what connect --from-env reads (design section 8).
func (s *sandboxes) environment() [][2]string {
	z, q := s.zoho.Credentials(), s.quick.Credentials()
	return [][2]string{
		{"ZOHO_ACCOUNTS_URL", s.zohoURL},
		{"ZOHO_API_URL", s.zohoURL},
		{"ZOHO_CLIENT_ID", z.ClientID},
		{"ZOHO_CLIENT_SECRET", z.ClientSecret},
		{"ZOHO_REFRESH_TOKEN", z.RefreshToken},
		{"QBO_API_URL", s.quickURL},
		{"QBO_TOKEN_URL", s.quickURL + "/oauth2/v1/tokens/bearer"},
		{"QBO_AUTHORIZE_URL", s.quickURL + "/connect/oauth2"},
		{"QBO_CLIENT_ID", q.ClientID},
		{"QBO_CLIENT_SECRET", q.ClientSecret},
		{"QBO_REFRESH_TOKEN", q.RefreshToken},
		{"QBO_REALM_ID", q.RealmID},
		{"QBO_WEBHOOK_VERIFIER", q.WebhookVerifier},
	}
}

// graceful is how long a server lets calls under way come to their end.
const graceful = 5 * time.Second

// serve answers until ctx ends, then lets calls under way finish.
func (s *sandboxes) serve(ctx context.Context) error {
	defer s.close()
	return serveAll(ctx,
		served{s.listeners[0], s.zoho},
		served{s.listeners[1], s.quick},
	)
}

// served is one handler on one socket.
type served struct {
	listener net.Listener
	handler  http.Handler
}

// serveAll serves all until ctx ends or one of them breaks.
func serveAll(ctx context.Context, all ...served) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(all))
	for _, one := range all {
		srv := &http.Server{Handler: one.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
		broke := make(chan error, 1)
		go func() { broke <- srv.Serve(one.listener) }()
		go func() {
			var err error
			select {
			case err = <-broke:
				cancel() // the others end too
			case <-ctx.Done():
				stop, done := context.WithTimeout(context.WithoutCancel(ctx), graceful)
				if srv.Shutdown(stop) != nil {
					_ = srv.Close() // calls that hang are cut off
				}
				done()
			}
			ended <- err
		}()
	}
	var errs []error
	for range all {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}

func (s *sandboxes) close() {
	if s.zoho != nil {
		s.zoho.Close()
	}
	if s.quick != nil {
		s.quick.Close()
	}
	for _, l := range s.listeners {
		if l != nil {
			_ = l.Close()
		}
	}
	for _, db := range s.databases {
		_ = db.Close()
	}
}
