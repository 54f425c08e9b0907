package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"crossbook"
	"crossbook/engine"
	"crossbook/store"
	"crossbook/transport"
)

// statusCmd shows how a connection stands.
type statusCmd struct {
	Name string `arg:"" optional:"" help:"The connection; not needed when there is only one."`
}

// statusView is the answer of status.
type statusView struct {
	Connection  string            `json:"connection"`
	ID          string            `json:"id"`
	State       string            `json:"state"`
	Company     string            `json:"company"`
	RealmID     string            `json:"realm_id"`
	OrgID       string            `json:"org_id"`
	Currency    string            `json:"home_currency"`
	FirstSync   string            `json:"first_sync"` // "not yet", "under way" or "done"
	Customers   string            `json:"customers"`  // how customers meet Accounts and Contacts
	Modules     []moduleView      `json:"modules"`
	Problems    int               `json:"problems"`
	Differences int               `json:"differences"`
	Conflicts   int               `json:"conflicts"`
	Left        leftover          `json:"left"`
	Brakes      []brakeView       `json:"brakes"`
	Working     *workerView       `json:"working,omitempty"`
	Unanswered  int               `json:"unanswered_calls"`
	Channels    []channelView     `json:"channels"`
	CallsToday  calls             `json:"calls_today"`
	LastWrite   *historyView      `json:"last_write,omitempty"`
	SignIns     map[string]signIn `json:"sign_ins"`
	// Next is the one thing a person should do; empty when there is nothing.
	Next string `json:"next,omitempty"`
}

// moduleView is one module in numbers.
type moduleView struct {
	Module      string    `json:"module"`
	On          bool      `json:"on"`
	Direction   string    `json:"direction"`
	PausedSince time.Time `json:"paused_since,omitzero"`
	Linked      int       `json:"linked"`
	Aliases     int       `json:"aliases"`
	LeftOut     int       `json:"left_out"`
	OnPurpose   int       `json:"left_out_on_purpose"`
	// LeftOutFor counts what is left out by the code of its reason.
	LeftOutFor map[string]int `json:"left_out_for,omitempty"`
	Problems   int            `json:"problems"`
	Waiting    int            `json:"waiting"`
	// LastSuccess is when the work on the module last came to its end without a
	// failure (R101).
	LastSuccess time.Time `json:"last_success,omitzero"`
}

// workerView is the process that has the connection's lease.
type workerView struct {
	Host string `json:"host"`
	PID  int    `json:"pid"`
}

// channelView says how one side's changes come.
type channelView struct {
	Side     string    `json:"side"`
	Mode     string    `json:"mode"` // "notifications" or "polling"
	Why      string    `json:"why"`
	Last     time.Time `json:"last_notification,omitzero"`
	NextPoll time.Time `json:"next_poll,omitzero"`
	Expires  time.Time `json:"expires,omitzero"`
}

// signIn says how long a sign-in lasts, without its secret.
type signIn struct {
	Lapses    time.Time `json:"lapses_unless_used,omitzero"`
	HardEnd   time.Time `json:"ends,omitzero"`
	RenewedAt time.Time `json:"renewed,omitzero"`
}

// Run prints it; the exit code is 0 whatever it says.
func (c *statusCmd) Run(ctx context.Context, a *app) error {
	h, conn, err := a.at(ctx, c.Name, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer h.close()
	v, err := h.status(ctx, conn)
	if err != nil {
		return err
	}
	return a.show(v, v.text)
}

// status gathers everything in one look at the database.
func (h *house) status(ctx context.Context, conn crossbook.Connection) (*statusView, error) {
	v := &statusView{
		Connection: conn.Name, ID: conn.ID, State: conn.State, Company: conn.CompanyName, RealmID: conn.RealmID, OrgID: conn.OrgID,
		Currency: conn.HomeCurrency, Brakes: []brakeView{}, CallsToday: calls{}, FirstSync: "not yet",
	}
	f, err := h.firstSync(ctx, conn.ID)
	if err != nil {
		return nil, err
	}
	if !f.Begun.IsZero() {
		v.FirstSync = "under way"
	}
	if !f.Ended.IsZero() {
		v.FirstSync = "done"
	}
	err = h.store.View(ctx, func(tx *store.Tx) error {
		for _, gather := range []func(context.Context, *store.Tx, crossbook.Connection) error{
			v.modules, v.counts, v.worker, v.callsOf, v.lastWrite, v.channels,
		} {
			if err := gather(ctx, tx, conn); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	v.SignIns = h.signIns(ctx, conn)
	v.Next = v.next()
	return v, nil
}

// next is the one thing a person should do, the most pressing first.
func (v *statusView) next() string {
	switch {
	case v.State == crossbook.Reauthorise || v.State == crossbook.ReauthoriseCRM:
		return "Sign in again and run crossbook connect " + v.Connection + " --from-env: a vendor refused the sign-in, nothing is synced."
	case v.FirstSync == "not yet":
		return "crossbook plan shows what a first sync would do, crossbook sync --wait does it."
	case v.FirstSync == "under way" && v.Working == nil:
		return "crossbook sync --wait goes on with the first sync."
	case len(v.Brakes) > 0:
		return "Look at crossbook plan; crossbook resume lets what was stopped pass."
	case v.Problems > 0:
		return "crossbook problems lists what could not be synced, with cause and cure."
	case v.Left.Due > 0 && v.Working == nil:
		return "crossbook sync carries it out now; crossbook serve does so all the time."
	default:
		return ""
	}
}

func (v *statusView) modules(ctx context.Context, tx *store.Tx, conn crossbook.Connection) error {
	settings, _, err := tx.Settings(ctx, conn.ID)
	if err != nil {
		return err
	}
	v.Customers = customersText(settings)
	links, err := tx.CountLinks(ctx, conn.ID)
	if err != nil {
		return err
	}
	out, err := tx.CountLeftOut(ctx, conn.ID)
	if err != nil {
		return err
	}
	problems, err := tx.Problems(ctx, conn.ID, store.ProblemFilter{Waiting: true, Limit: 1_000_000})
	if err != nil {
		return err
	}
	success, err := engine.Successes(ctx, tx, conn.ID)
	if err != nil {
		return err
	}
	for _, m := range crossbook.Modules() {
		ms := settings.Modules[m]
		mv := moduleView{Module: m.Label(), On: ms.On, Direction: string(ms.Direction), PausedSince: ms.PausedSince, LastSuccess: success[m]}
		for _, l := range links {
			switch {
			case l.Module != m:
			case l.State == crossbook.Tombstone:
				mv.OnPurpose += l.N
			case l.Kind == crossbook.Alias:
				mv.Aliases += l.N
			default:
				mv.Linked += l.N
			}
		}
		for _, o := range out {
			if o.Module == m {
				mv.LeftOut += o.N
				mv.leftOutFor(o.Code, o.N)
			}
		}
		for _, p := range problems {
			switch {
			case p.Module != m:
			case p.Problem.Waiting:
				mv.Waiting++
			default:
				mv.Problems++
			}
		}
		v.Modules = append(v.Modules, mv)
	}
	return nil
}

// customersText says in words how customers meet Accounts and Contacts.
func customersText(s crossbook.Settings) string {
	parts := []string{strings.ReplaceAll(string(s.CustomerSource), "-", " ")}
	if s.ContactsAsSubCustomers {
		parts = append(parts, "further contacts as sub-customers")
	}
	if s.SubCustomersAsAccounts {
		parts = append(parts, "sub-customers as child Accounts")
	}
	if s.OnlyContactsOfAccounts {
		parts = append(parts, "only contacts of Accounts")
	}
	return strings.Join(parts, ", ")
}

func (v *statusView) counts(ctx context.Context, tx *store.Tx, conn crossbook.Connection) (err error) {
	if v.Problems, err = tx.CountProblems(ctx, conn.ID); err != nil {
		return err
	}
	if v.Differences, err = tx.CountDifferences(ctx, conn.ID); err != nil {
		return err
	}
	if v.Conflicts, err = tx.CountConflicts(ctx, conn.ID); err != nil {
		return err
	}
	if v.Left, err = leftoverOf(ctx, tx, conn.ID); err != nil {
		return err
	}
	brakes, err := tx.Brakes(ctx, conn.ID)
	for _, b := range brakes {
		v.Brakes = append(v.Brakes, viewBrake(b))
	}
	if err != nil {
		return err
	}
	open, err := tx.OpenRequests(ctx, conn.ID)
	v.Unanswered = len(open)
	return err
}

func (v *statusView) worker(ctx context.Context, tx *store.Tx, conn crossbook.Connection) error {
	l, err := tx.Lease(ctx, conn.ID, store.TurnLease)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && !l.Free(time.Now()) {
		v.Working = &workerView{Host: l.Owner.Host, PID: l.Owner.PID}
	}
	return err
}

func (v *statusView) callsOf(ctx context.Context, tx *store.Tx, conn crossbook.Connection) error {
	rows, err := tx.Calls(ctx, conn.ID, time.Now().UTC().Format(time.DateOnly))
	for _, r := range rows {
		v.CallsToday.add(r.Vendor, transport.Kind(r.Kind), r.N)
	}
	return err
}

func (v *statusView) lastWrite(ctx context.Context, tx *store.Tx, conn crossbook.Connection) error {
	rows, err := tx.JournalByPeriod(ctx, conn.ID, store.JournalFilter{Newest: true, Limit: 1})
	for _, r := range rows {
		v.LastWrite = &historyView{At: r.At, Side: r.Side.String(), Type: r.Ref.Type, ID: r.Ref.ID, Name: r.Name, Op: r.Op, Why: r.Why}
	}
	return err
}

// channelProven is how long a notification proves that its channel works.
const channelProven = 24 * time.Hour

func (v *statusView) channels(ctx context.Context, tx *store.Tx, conn crossbook.Connection) error {
	for side, name := range map[crossbook.Side]string{crossbook.CRM: engine.ChannelCRM, crossbook.Books: engine.ChannelBooks} {
		cv := channelView{Side: side.String(), Mode: "polling"}
		last, ok, err := tx.LastReceipt(ctx, conn.ID, name)
		if err != nil {
			return err
		}
		cv.Last = last
		switch {
		case !ok:
			cv.Why = "as no notification has arrived yet; crossbook serve --public-url receives them"
		case time.Since(last) > channelProven:
			cv.Why = "as there was no notification for more than 24 hours"
		default:
			cv.Mode, cv.Why = "notifications", "proven by the last one"
		}
		if side == crossbook.CRM {
			var w watching
			if err := readFact(ctx, tx, conn.ID, factWatch, &w); err != nil {
				return err
			}
			cv.Expires = w.Expires
		}
		err = walkDirty(ctx, tx, conn.ID, func(d store.Dirty) {
			if d.Ref.ID == "feed" && d.Ref.Side == side && (cv.NextPoll.IsZero() || d.DueAt.Before(cv.NextPoll)) {
				cv.NextPoll = d.DueAt
			}
		})
		if err != nil {
			return err
		}
		v.Channels = append(v.Channels, cv)
	}
	if len(v.Channels) == 2 && v.Channels[0].Side != crossbook.CRM.String() {
		v.Channels[0], v.Channels[1] = v.Channels[1], v.Channels[0]
	}
	return nil
}

// signIns says how long the sign-ins last; without the keys file it is empty.
func (h *house) signIns(ctx context.Context, conn crossbook.Connection) map[string]signIn {
	out := map[string]signIn{}
	s, err := h.secrets(conn.ID)
	if err != nil {
		return out
	}
	for side, vendor := range map[crossbook.Side]string{crossbook.CRM: zohoTokens, crossbook.Books: quickTokens} {
		if c, _, err := (tokens{s, vendor}).Load(ctx); err == nil {
			out[side.String()] = signIn{Lapses: c.RefreshExpiry, HardEnd: c.HardExpiry, RenewedAt: c.ObtainedAt}
		}
	}
	return out
}

func (v *statusView) text(p *page) {
	p.line("%s: %s with Zoho CRM organisation %s, %s; first sync %s.", v.Connection, v.Company, v.OrgID, strings.ReplaceAll(v.State, "-", " "), v.FirstSync)
	p.line("Customers are %s.", v.Customers)
	rows := make([][]any, len(v.Modules))
	for i, m := range v.Modules {
		state := "on"
		switch {
		case !m.On:
			state = "off"
		case !m.PausedSince.IsZero():
			state = "paused since " + clock(m.PausedSince)
		}
		rows[i] = []any{m.Module, m.Linked, m.Aliases, m.LeftOut, m.OnPurpose, m.Waiting, m.Problems, state, clockOr(m.LastSuccess, "never")}
	}
	p.table([]string{"Module", "Linked", "Aliases", "Left out", "On purpose", "Waiting", "Problems", "State", "Last success"}, rows)
	for _, b := range v.Brakes {
		p.line("Stopped since %s: %s. crossbook resume releases it.", clock(b.Since), b.Reason)
	}
	if v.Working != nil {
		p.line("Process %d on %s is working on it.", v.Working.PID, v.Working.Host)
	}
	for _, m := range v.Modules {
		if len(m.LeftOutFor) == 0 {
			continue
		}
		var why []string
		for _, code := range slices.SortedFunc(maps.Keys(m.LeftOutFor), func(a, b string) int {
			return cmp.Or(m.LeftOutFor[b]-m.LeftOutFor[a], strings.Compare(a, b))
		}) {
			why = append(why, fmt.Sprintf("%s %s", group(int64(m.LeftOutFor[code])), leftOutWords(code)))
		}
		p.line("Left out of %s: %s.", m.Module, strings.Join(why, ", "))
	}
	v.Left.text(p)
	if v.Unanswered > 0 {
		p.line("%s no answer yet; the next turn finds out what became of it.", several(int64(v.Unanswered), "call has", "calls have"))
	}
	if v.Differences > 0 {
		p.line("%s to review: crossbook problems --differences.", several(int64(v.Differences), "difference of first contact is left", "differences of first contact are left"))
	}
	if v.Conflicts > 0 {
		p.line("%s decided by owner: crossbook problems --conflicts shows the values that lost.",
			several(int64(v.Conflicts), "edit of the same field on both sides was", "edits of the same field on both sides were"))
	}
	for _, c := range v.Channels {
		line := fmt.Sprintf("%s: %s, %s", c.Side, c.Mode, c.Why)
		if !c.NextPoll.IsZero() {
			line += ", next poll " + clock(c.NextPoll)
		}
		p.line("%s.", line)
	}
	for _, side := range []crossbook.Side{crossbook.CRM, crossbook.Books} {
		if s, ok := v.SignIns[side.String()]; ok && !s.HardEnd.IsZero() {
			p.line("The sign-in of %s ends %s.", side, clock(s.HardEnd))
		}
	}
	if v.LastWrite != nil {
		p.line("Last done: %s %s %s, %s.", v.LastWrite.Op, v.LastWrite.Type, nameOr(v.LastWrite.Name, v.LastWrite.ID), clock(v.LastWrite.At))
	}
	if v.Next != "" {
		p.line("Next: %s", v.Next)
	}
}

func (m *moduleView) leftOutFor(code string, n int) {
	if m.LeftOutFor == nil {
		m.LeftOutFor = map[string]int{}
	}
	m.LeftOutFor[code] += n
}
