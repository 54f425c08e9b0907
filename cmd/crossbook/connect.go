package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/oauth"
	"crossbook/setup"
	"crossbook/store"
	"crossbook/transport"
)

// connectCmd joins a CRM organisation with a QuickBooks company.
type connectCmd struct {
	Name     string `arg:"" help:"What to call the connection."`
	FromEnv  bool   `help:"Take addresses and sign-ins from the environment: the variables crossbook sandbox prints."`
	Settings string `help:"YAML or JSON file with choices that differ from the defaults." placeholder:"FILE"`
	Mapping  string `help:"YAML or JSON file with a field mapping to use instead of the preset." placeholder:"FILE"`
}

// Run checks both systems and stores the connection; nothing is stored when
// they refuse.
func (c *connectCmd) Run(ctx context.Context, a *app) error {
	if !c.FromEnv {
		return usage("only --from-env is available yet: consent in the browser comes with the console", "Set the variables that crossbook sandbox prints, and run crossbook connect "+c.Name+" --from-env.")
	}
	if strings.TrimSpace(c.Name) == "" {
		return usage("a connection needs a name", "Name it after the company, such as crossbook connect larkfield --from-env.")
	}
	env, err := environmentOf(os.Getenv)
	if err != nil {
		return err
	}
	choices, err := readChoices(c.Settings, c.Mapping)
	if err != nil {
		return err
	}
	h, err := a.open(ctx, houseRules{create: true, quiet: slog.LevelWarn})
	if err != nil {
		return err
	}
	defer h.close()
	result, err := h.join(ctx, c.Name, env, choices)
	if err != nil {
		return err
	}
	view := connected{Result: result}
	err = h.store.View(ctx, func(tx *store.Tx) (err error) {
		view.Settings, _, err = tx.Settings(ctx, result.Connection.ID)
		return err
	})
	if err != nil {
		return err
	}
	return a.show(view, func(p *page) {
		conn := result.Connection
		p.line("Connected %s: %s (QuickBooks %s) with Zoho CRM organisation %s.", conn.Name, conn.CompanyName, conn.RealmID, conn.OrgID)
		if n := len(result.Created); n > 0 {
			p.line("%s were added to the CRM.", several(int64(n), "field", "fields"))
		}
		if len(result.Dropped) > 0 {
			p.line("No room was left for: %s.", strings.Join(result.Dropped, ", "))
		}
		for _, n := range result.Notes {
			p.line("Note: %s", n)
		}
		p.line("Next: crossbook plan shows what a first sync would do, crossbook sync --wait does it.")
	})
}

// connected is the answer of connect: what stands now, and the choices made.
type connected struct {
	setup.Result
	Settings crossbook.Settings `json:"settings"`
}

// given are the variables of design section 8.
type given struct {
	endpoints               crossbook.Endpoints
	realm                   string
	registration            registration
	zohoToken, quickRefresh string
}

// environmentOf reads them and names every one that is missing at once.
func environmentOf(getenv func(string) string) (given, error) {
	var g given
	var missing []string
	for name, into := range map[string]*string{
		"ZOHO_ACCOUNTS_URL":  &g.endpoints.ZohoAccountsURL,
		"ZOHO_API_URL":       &g.endpoints.ZohoAPIURL,
		"ZOHO_CLIENT_ID":     &g.endpoints.ZohoClientID,
		"ZOHO_CLIENT_SECRET": &g.registration.ZohoClientSecret,
		"ZOHO_REFRESH_TOKEN": &g.zohoToken,
		"QBO_API_URL":        &g.endpoints.QBOAPIURL,
		"QBO_TOKEN_URL":      &g.endpoints.QBOTokenURL,
		"QBO_AUTHORIZE_URL":  &g.endpoints.QBOAuthorizeURL,
		"QBO_CLIENT_ID":      &g.endpoints.QBOClientID,
		"QBO_CLIENT_SECRET":  &g.registration.QBOClientSecret,
		"QBO_REFRESH_TOKEN":  &g.quickRefresh,
		"QBO_REALM_ID":       &g.realm,
	} {
		if *into = strings.TrimSpace(getenv(name)); *into == "" {
			missing = append(missing, name)
		}
	}
	g.registration.WebhookVerifier = strings.TrimSpace(getenv("QBO_WEBHOOK_VERIFIER")) // without it polling serves
	if len(missing) > 0 {
		return g, usage("these variables are not set: "+strings.Join(sorted(missing), ", "),
			"crossbook sandbox prints all of them for the sandboxes; export them in this shell.")
	}
	for _, u := range []struct {
		vendor    transport.Vendor
		name, url string
	}{
		{transport.Zoho, "ZOHO_ACCOUNTS_URL", g.endpoints.ZohoAccountsURL},
		{transport.Zoho, "ZOHO_API_URL", g.endpoints.ZohoAPIURL},
		{transport.QuickBooks, "QBO_API_URL", g.endpoints.QBOAPIURL},
		{transport.QuickBooks, "QBO_TOKEN_URL", g.endpoints.QBOTokenURL},
		{transport.QuickBooks, "QBO_AUTHORIZE_URL", g.endpoints.QBOAuthorizeURL},
	} {
		if _, err := transport.CheckBase(u.vendor, u.url); err != nil {
			return g, usage(fmt.Sprintf("%s=%s: %v", u.name, u.url, err),
				"Sign-ins and books are sent to the vendors' own addresses and to sandboxes on this machine only.")
		}
	}
	return g, nil
}

// join connects: both systems are asked first, with the sign-ins only in
// memory; what they answered is stored when all is well.
func (h *house) join(ctx context.Context, name string, env given, ch choices) (setup.Result, error) {
	zoho := &inHand{c: oauth.Credential{RefreshToken: env.zohoToken}}
	quick := &inHand{c: oauth.Credential{RefreshToken: env.quickRefresh, RealmID: env.realm}}
	wish := setup.Wish{Name: name, Endpoints: env.endpoints, ID: newID()}
	e, err := h.makeEnds(crossbook.Connection{ID: wish.ID, Name: name, RealmID: env.realm, Endpoints: env.endpoints}, env.registration,
		endStores{zoho: zoho, quick: quick})
	if err != nil {
		return setup.Result{}, err
	}
	// Both sign-ins first: who is refused is told before anything else happens.
	h.app.progress("signing in to Zoho CRM")
	if _, err := e.zoho.Credential(ctx); err != nil {
		return setup.Result{}, err
	}
	h.app.progress("signing in to QuickBooks")
	if _, err := e.quick.Credential(ctx); err != nil {
		return setup.Result{}, err
	}
	org, err := e.crm.Org(ctx)
	if err != nil {
		return setup.Result{}, fmt.Errorf("read the CRM organisation: %w", err)
	}
	sealer, err := h.keys(true)
	if err != nil {
		return setup.Result{}, err
	}
	result, err := setup.Connect(ctx, setup.Deps{
		Store: h.store, CRM: e.crm, Books: e.books, NewID: newID,
		Tell: func(step string) { h.app.progress("%s", step) },
		Also: func(ctx context.Context, tx *store.Tx, c crossbook.Connection) error {
			s := secrets{store: h.store, sealer: sealer, connection: c.ID}
			return h.keepSignIns(ctx, tx, c, s, map[string]any{
				registrations: env.registration, zohoTokens: zoho.c, quickTokens: quick.c,
			}, org.Edition, ch)
		},
	}, wish)
	if err != nil {
		return setup.Result{}, err
	}
	h.step("connection stored")
	e.meter.connection = result.Connection.ID
	if err := e.meter.flush(ctx); err != nil {
		return setup.Result{}, err
	}
	return result, h.wake(ctx, result.Connection.ID)
}

// keepSignIns stores what belongs to a connection that is being stored: its
// sealed sign-ins, the edition and a person's choices.
func (h *house) keepSignIns(ctx context.Context, tx *store.Tx, c crossbook.Connection, s secrets, sealed map[string]any, edition string, ch choices) error {
	for name, value := range sealed {
		if err := s.writeIn(ctx, tx, name, value); err != nil {
			return fmt.Errorf("store the sign-ins: %w", err)
		}
	}
	if err := putFact(ctx, tx, c.ID, factEdition, edition); err != nil {
		return err
	}
	if c.State == crossbook.Reauthorise || c.State == crossbook.ReauthoriseCRM {
		if err := h.wentBack(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if err := ch.keep(ctx, tx, c.ID); err != nil {
		return err
	}
	h.step("connection written") // and not committed: killed here, nothing stands
	return nil
}

// wentBack gives a connection the state it had before its sign-in ended.
func (h *house) wentBack(ctx context.Context, tx *store.Tx, connectionID string) error {
	state := crossbook.Connected
	if _, _, err := tx.Fact(ctx, connectionID, factFirst); err == nil {
		state = crossbook.Active
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := tx.SetConnectionState(ctx, connectionID, state); err != nil {
		return err
	}
	return tx.MarkDirty(ctx, connectionID, engine.Feeds(time.Now()))
}
