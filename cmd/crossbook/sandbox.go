package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"crossbook/sandbox/ui"
)

// sandboxCmd runs both imitations, for trying things out and for tests.
type sandboxCmd struct {
	ZohoAddr       string `help:"Address of the Zoho CRM sandbox." default:"127.0.0.1:8791"`
	QuickbooksAddr string `help:"Address of the QuickBooks sandbox." default:"127.0.0.1:8792"`
	Memory         bool   `help:"Keep the state in memory only (what happens without --dir)."`
	Company        string `help:"What is in them: sample or empty." enum:"sample,empty" default:"empty"`
	Scale          int    `help:"Multiply the ordinary records of the sample company." default:"1"`
	Customers      int    `help:"Add this many plain customers to QuickBooks, for large imports." placeholder:"N"`
	Edition        string `help:"The edition of Zoho CRM: what it lacks it refuses, its numbers are its limits." enum:"free,standard,professional,enterprise,ultimate,crmplus,crmplusstarter,zohooneenterprise,zohoonestandard" default:"enterprise"`
	Plan           string `help:"What the QuickBooks company subscribes to: the small ones have neither stock nor purchase orders." enum:"simplestart,essentials,plus,advanced" default:"plus"`
	Limits         string `help:"The vendors' quotas: real, fast (60 times as quick) or off." enum:"real,fast,off" default:"off"`
	DataCenter     string `help:"The Zoho data centre the organisation lives in: us, eu, in, au, cn, jp, ca, sa, uk or ae." enum:"us,eu,in,au,cn,jp,ca,sa,uk,ae" default:"us"`
	LoadQuickbooks string `help:"Fill the QuickBooks side from recorded exchanges, a folder of JSON files." placeholder:"DIR"`
	Webhook        string `help:"Where the QuickBooks sandbox sends notifications; crossbook serve tells it by itself." placeholder:"URL"`
	Seed           int64  `help:"Ids and tokens follow from it." default:"1"`
	AllowRemote    bool   `help:"Listen on addresses other machines can reach; anybody there may read and change everything."`
}

// Run starts them, prints how to reach them and serves until it is told to end.
func (c *sandboxCmd) Run(ctx context.Context, a *app) error {
	// A folder from the environment is where commands keep their data: sandboxes
	// that should begin anew must not find an old company there by accident.
	dir := a.cli.Dir
	if !a.given("--dir") {
		dir = ""
	}
	if c.Memory && dir != "" {
		return usage("--memory and --dir exclude each other", "With --dir the sandboxes keep their state in files, with --memory they forget it.")
	}
	if c.Scale < 1 || c.Customers < 0 {
		return usage("--scale begins at 1, --customers at 0", "crossbook sandbox --help lists what it takes.")
	}
	if u, err := url.Parse(c.Webhook); c.Webhook != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return usage(fmt.Sprintf("--webhook %s is no address that a notification can be sent to", c.Webhook), "Write a whole one, such as http://127.0.0.1:8780/webhooks/quickbooks.")
	}
	if c.Company == "sample" && slices.Contains([]string{"free", "standard", "professional", "crmplusstarter", "zohoonestandard"}, c.Edition) {
		return usage("the sample company buys and sells in several currencies, which the edition "+c.Edition+" does not have", "Take --edition enterprise or ultimate, or --company empty.")
	}
	if c.Company == "sample" && slices.Contains([]string{"simplestart", "essentials"}, c.Plan) {
		return usage("the sample company counts its goods and orders more of them, which the plan "+c.Plan+" does not know", "Take --plan plus or advanced, or --company empty.")
	}
	s, err := openSandbox(ctx, sandboxOptions{
		zohoAddr: c.ZohoAddr, quickAddr: c.QuickbooksAddr, dir: dir, company: c.Company, scale: c.Scale, customers: c.Customers,
		limits: c.Limits, edition: c.Edition, plan: c.Plan, dataCenter: c.DataCenter, recorded: c.LoadQuickbooks, webhook: c.Webhook, seed: c.Seed, remote: c.AllowRemote,
	})
	if err != nil {
		return err
	}
	if err := s.announce(a); err != nil {
		s.close()
		return err
	}
	return s.serve(ctx)
}

// announce prints what a client needs, last of all that it may begin.
func (s *sandboxes) announce(a *app) error {
	if a.cli.JSON {
		environment := map[string]string{}
		for _, nv := range s.environment() {
			environment[nv[0]] = nv[1]
		}
		return a.object(map[string]any{
			"ready": true, "environment": environment,
			"pages": map[string]string{"zoho_crm": s.zohoURL + ui.Root, "quickbooks": s.quickURL + ui.Root},
		})
	}
	for _, nv := range s.environment() {
		if _, err := fmt.Fprintf(a.out, "%s=%s\n", nv[0], nv[1]); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(a.out, "READY"); err != nil {
		return err
	}
	a.say("To look in and act by hand: %s%s (Zoho CRM) and %s%s (QuickBooks).", s.zohoURL, ui.Root, s.quickURL, ui.Root)
	return nil
}
