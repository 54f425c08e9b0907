package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
)

// doctorCmd checks everything a connection needs.
type doctorCmd struct {
	Name string `arg:"" optional:"" help:"The connection; not needed when there is only one."`
}

// Results of a check.
const (
	healthy = "ok"
	notice  = "notice"
	broken  = "broken"
)

// check is one thing that was looked at.
type check struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, notice or broken
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"`
}

// diagnosis is the answer of doctor.
type diagnosis struct {
	Connection string  `json:"connection,omitempty"`
	Healthy    bool    `json:"healthy"`
	Checks     []check `json:"checks"`
}

func (d *diagnosis) add(state, what, do, format string, args ...any) {
	d.Checks = append(d.Checks, check{Check: what, State: state, Says: fmt.Sprintf(format, args...), Do: do})
}

// failed adds a check that ended with an error, in the words errors have
// everywhere.
func (d *diagnosis) failed(what string, err error) {
	f := failureOf(err)
	d.add(broken, what, f.hint, "%s", f.what)
}

// Run looks at everything, goes on after what is broken, and ends with 1 when
// something is.
func (c *doctorCmd) Run(ctx context.Context, a *app) error {
	h, err := a.open(ctx, houseRules{quiet: slog.LevelError})
	if err != nil {
		return err
	}
	defer h.close()
	d := &diagnosis{Healthy: true}
	h.checkStore(ctx, d)
	conn, err := h.only(ctx, c.Name)
	if err != nil {
		return err
	}
	d.Connection = conn.Name
	if e := h.checkSignIns(ctx, d, conn); e != nil {
		h.checkIdentity(ctx, d, conn, e)
		h.checkFields(ctx, d, conn)
	}
	h.checkState(ctx, d, conn)
	for _, one := range d.Checks {
		d.Healthy = d.Healthy && one.State != broken
	}
	if err := a.show(d, d.text); err != nil {
		return err
	}
	if !d.Healthy {
		return problemsRemain()
	}
	return nil
}

func (h *house) checkStore(ctx context.Context, d *diagnosis) {
	h.app.progress("reading the database")
	if err := h.store.Check(ctx); err != nil {
		d.failed("database", err)
		return
	}
	version, err := h.store.SchemaVersion(ctx)
	if err != nil {
		d.failed("database", err)
		return
	}
	d.add(healthy, "database", "", "sound (%s, tables of version %d)", h.store.Dialect(), version)
}

// checkSignIns renews nothing that still lasts; it proves that tokens can be
// had.
func (h *house) checkSignIns(ctx context.Context, d *diagnosis, conn crossbook.Connection) *ends {
	e, err := h.endsOf(ctx, conn)
	if err != nil {
		d.failed("keys", err)
		return nil
	}
	d.add(healthy, "keys", "", "the stored sign-ins can be opened")
	ok := true
	for _, side := range []crossbook.Side{crossbook.CRM, crossbook.Books} {
		what, source := "sign-in to "+side.String(), e.zoho
		if side == crossbook.Books {
			source = e.quick
		}
		h.app.progress("%s", what)
		cred, err := source.Credential(ctx)
		switch {
		case err != nil:
			d.failed(what, err)
			ok = false
		case !cred.HardExpiry.IsZero() && time.Until(cred.HardExpiry) < 60*24*time.Hour:
			d.add(notice, what, "Sign in again and connect anew before then.", "accepted, but it ends for good on %s", clock(cred.HardExpiry))
		default:
			d.add(healthy, what, "", "accepted")
		}
	}
	if !ok {
		return nil
	}
	return e
}

// most is how far this machine's clock may be from the vendors'.
const clockMost = time.Minute

func (h *house) checkIdentity(ctx context.Context, d *diagnosis, conn crossbook.Connection, e *ends) {
	h.app.progress("asking both who they are")
	org, err := e.crm.Org(ctx)
	switch {
	case err != nil:
		d.failed("organisation", err)
	case org.ID != conn.OrgID:
		d.add(broken, "organisation", "Connect with the sign-in of the organisation that was connected.", "the sign-in reaches CRM organisation %s, but %s was connected", org.ID, conn.OrgID)
	default:
		d.add(healthy, "organisation", "", "%s, edition %s", org.Company, org.Edition)
	}
	info, err := e.books.CompanyInfo(ctx)
	if err != nil {
		d.failed("company", err)
		return
	}
	d.add(healthy, "company", "", "%s", info.Name)
	prefs, err := e.books.Preferences(ctx)
	switch {
	case err != nil:
		d.failed("currency", err)
	case org.HomeCurrency != "" && org.HomeCurrency != prefs.HomeCurrency:
		d.add(broken, "currency", "Neither system lets its home currency be changed; these two cannot be kept in step.", "home currency %s in Zoho CRM and %s in QuickBooks", org.HomeCurrency, prefs.HomeCurrency)
	default:
		d.add(healthy, "currency", "", "%s on both sides", prefs.HomeCurrency)
	}
	if skew := time.Since(info.At); !info.At.IsZero() && skew.Abs() > clockMost {
		d.add(notice, "clock", "Set this machine's clock, by NTP best.", "this machine's clock differs from QuickBooks' by %s", skew.Round(time.Second))
	} else {
		d.add(healthy, "clock", "", "agrees with QuickBooks' within a minute")
	}
}

// checkFields compares the live fields and layouts with those that are read and
// written, and says how creates are made safe in each module.
func (h *house) checkFields(ctx context.Context, d *diagnosis, conn crossbook.Connection) {
	h.app.progress("reading fields and layouts")
	reports, err := h.engine.Layouts(ctx, conn.ID)
	if err != nil {
		d.failed("fields", err)
		return
	}
	var settings crossbook.Settings
	err = h.store.View(ctx, func(tx *store.Tx) error {
		var err error
		settings, _, err = tx.Settings(ctx, conn.ID)
		return err
	})
	if err != nil {
		d.failed("settings", err)
		return
	}
	for _, m := range crossbook.Modules() {
		i := slices.IndexFunc(reports, func(r engine.LayoutReport) bool { return r.Module == m })
		if i < 0 {
			d.add(notice, m.Label(), "", "switched off")
			continue
		}
		for _, p := range reports[i].Problems {
			d.add(broken, m.Label(), p.Cure, "%s %s", p.Text, p.Cause)
		}
		if len(reports[i].Problems) > 0 {
			continue
		}
		mode := "plain text, because both unique fields are taken: each create is looked for first and goes out alone"
		if reports[i].Unique {
			mode = "unique, so that no create can double"
		}
		d.add(healthy, m.Label(), "", "%d fields, the QuickBooks Id is %s%s", reports[i].Fields, mode, taken(settings, m))
	}
	h.checkDealNumber(ctx, d, conn)
}

// taken says which records of a module are taken, and how two are known to be the
// same, where people chose otherwise (R33 to R35).
func taken(s crossbook.Settings, m crossbook.Module) string {
	out := ""
	if s.Modules[m].Everything {
		out += "; everything is taken"
	}
	if s.Modules[m].OnlyChanges {
		out += "; only what is created or changed from the first sync on is taken"
	}
	if by := s.CheckBy(m); by != "" {
		out += "; records are the same that have the same " + plainField(by)
	}
	return out
}

// checkDealNumber says whether Deals have the field that a document's number is
// looked for in (P32).
func (h *house) checkDealNumber(ctx context.Context, d *diagnosis, conn crossbook.Connection) {
	var pair crossbook.DealNumber
	err := h.store.View(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings(ctx, conn.ID)
		if err != nil {
			return err
		}
		pair = s.DealNumber
		return engine.CheckDealNumber(ctx, tx, conn.ID, s)
	})
	switch {
	case err != nil:
		d.add(broken, "deal number", "Name another deal_field in the choices and connect with them again.", "%v", err)
	case pair.CustomField != "":
		d.add(healthy, "deal number", "", "the custom field %q of a new quote or invoice names the Deal by its field %s", pair.CustomField, pair.Field())
	}
}

// checkState repeats what stands against the connection.
func (h *house) checkState(ctx context.Context, d *diagnosis, conn crossbook.Connection) {
	v, err := h.status(ctx, conn)
	if err != nil {
		d.failed("state", err)
		return
	}
	switch {
	case conn.State == crossbook.Reauthorise || conn.State == crossbook.ReauthoriseCRM:
		d.add(broken, "state", "Sign in again and run crossbook connect "+conn.Name+" --from-env.", "a vendor refused the sign-in; nothing is synced")
	case v.FirstSync == "not yet":
		d.add(notice, "state", "crossbook plan shows what a first sync would do, crossbook sync --wait does it.", "connected, but not synced yet")
	default:
		d.add(healthy, "state", "", "%s, first sync %s", v.State, v.FirstSync)
	}
	for _, b := range v.Brakes {
		d.add(broken, "brake", "Look at crossbook plan, then crossbook resume.", "%s", b.Reason)
	}
	for _, m := range v.Modules {
		if !m.PausedSince.IsZero() {
			d.add(notice, "pause", "crossbook resume starts it again.", "%s are paused since %s", m.Module, clock(m.PausedSince))
		}
	}
	for _, c := range v.Channels {
		state, do := healthy, ""
		if c.Mode == "polling" {
			state, do = notice, "Changes travel within five minutes. For seconds, run crossbook serve where the vendors reach it (--public-url)."
		}
		d.add(state, "changes of "+c.Side, do, "%s: %s", c.Mode, c.Why)
	}
	if v.Unanswered > 0 {
		d.add(notice, "calls", "Nothing: the next turn finds out what became of them.", "%d calls have no answer yet", v.Unanswered)
	}
	if v.Problems > 0 {
		d.add(notice, "problems", "crossbook problems lists them.", "%s", several(int64(v.Problems), "record could not be synced", "records could not be synced"))
	}
}

func (d *diagnosis) text(p *page) {
	for _, c := range d.Checks {
		p.line("%-7s %s: %s", c.State, c.Check, c.Says)
		if c.Do != "" {
			p.line("        %s", c.Do)
		}
	}
	if d.Healthy {
		p.line("Everything that is needed works.")
	}
}
