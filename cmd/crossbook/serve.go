package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/jobs"
	"crossbook/store"
	"crossbook/web"
)

// serveCmd keeps all connections in step.
type serveCmd struct {
	Addr      string   `help:"Where to listen for notifications." default:"127.0.0.1:8780"`
	PublicURL string   `help:"The https address under which the vendors reach this server; without it, polling serves." placeholder:"URL"`
	Role      []string `help:"What this process does: web takes notifications, worker runs turns." enum:"web,worker" default:"web,worker"`
}

// stopWithin is how long turns may go on after the server was told to end; a
// turn that is cut off is taken up by the next process.
const stopWithin = 20 * time.Second

// Run serves until it is told to end.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	base, err := publicURL(c.PublicURL)
	if err != nil {
		return err
	}
	if _, err := hostOf(c.Addr); err != nil {
		return err
	}
	a.terminal = false // a server logs; it shows no progress
	h, err := a.open(ctx, houseRules{create: true, quiet: slog.LevelInfo})
	if err != nil {
		return err
	}
	defer h.close()
	var turn func(context.Context, string) jobs.Outcome
	if c.has("worker") {
		turn = h.pumped
	}
	q, err := h.queue(ctx, turn)
	if err != nil {
		return err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if err := q.Stop(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			h.log.Warn("stop the job queue", "error", err)
		}
	}()
	if !c.has("web") {
		return h.work(ctx, q)
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return couldNot("Another program may use the port; choose another with --addr.", "cannot listen on %s: %v", c.Addr, innermost(err))
	}
	defer func() { _ = l.Close() }()
	own := "http://" + l.Addr().String()
	// The turns must not be cut off by the signal: Stop lets them end.
	if err := q.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	h.log.Info("listening", "address", own, "public", base)
	if err := a.ready(own); err != nil {
		return err
	}
	chores := &upkeep{house: h, public: base, own: own}
	go chores.run(ctx)
	return serveAll(ctx, served{l, h.handler(q)})
}

// work runs turns without taking notifications.
func (h *house) work(ctx context.Context, q *jobs.Queue) error {
	if err := q.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	h.log.Info("working", "pid", h.owner.PID)
	if err := h.app.ready(""); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// ready tells whoever started the server that it serves.
func (a *app) ready(address string) error {
	if a.cli.JSON {
		return a.object(map[string]any{"ready": true, "url": address})
	}
	_, err := fmt.Fprintln(a.out, strings.TrimSpace("READY "+address))
	return err
}

func (c *serveCmd) has(role string) bool { return slices.Contains(c.Role, role) }

// publicURL checks the address that vendors are told: secrets travel to it.
func publicURL(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && !isLoopback(raw) {
		return "", usage(fmt.Sprintf("--public-url %s is no https address", raw), "The vendors deliver notifications to https addresses only, such as https://crossbook.example.com.")
	}
	return strings.TrimRight(raw, "/"), nil
}

// handler is everything the server answers.
func (h *house) handler(q *jobs.Queue) http.Handler {
	hooks := &web.Webhooks{
		Store: h.store, Wake: q.Wake, Subscribers: h.subscribers, Logger: h.log,
		ZohoToken: func(ctx context.Context, connectionID string) (string, error) {
			s, err := h.secrets(connectionID)
			if err != nil {
				return "", err
			}
			var secret channelSecret
			_, err = s.read(ctx, zohoChannel, &secret)
			return secret.Token, err
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/webhooks/", hooks.Handler())
	mux.Handle("GET /healthz", web.Health(h.store))
	return mux
}

// subscribers are all connections with the secrets of their notifications.
func (h *house) subscribers(ctx context.Context) ([]web.Subscriber, error) {
	var all []crossbook.Connection
	err := h.store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Connections(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []web.Subscriber
	for _, c := range all {
		s, err := h.secrets(c.ID)
		if err != nil {
			return nil, err
		}
		var reg registration
		_, err = s.read(ctx, registrations, &reg)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, web.Subscriber{ConnectionID: c.ID, RealmID: c.RealmID, Verifier: reg.WebhookVerifier})
	}
	return out, nil
}
