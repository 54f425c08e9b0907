package qbobox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// event is one change on its way to the webhook: ids only (reference section 10).
type event struct {
	Realm, Name, ID, Operation, DeletedID string
	Transaction                           bool
	Time                                  time.Time
}

// delivery is one POST, made once and tried until it is taken.
type delivery struct {
	body  []byte
	id    string
	at    time.Time
	asked bool // the fault dial has spoken
	hold  bool // to go after the next one
	made  time.Time
}

// outbox gathers events and delivers them in the background. What follows a
// refused delivery waits with it until the endpoint takes one.
type outbox struct {
	mu      sync.Mutex
	tries   int       // refusals since the endpoint took one
	first   time.Time // of these
	until   time.Time // nothing goes before
	events  []event
	queue   []*delivery
	running bool
	stop    chan struct{}
	kick    chan struct{}
	sent    int
	serial  int
}

// holdAtMost bounds how long a reordered delivery waits for one to follow.
const holdAtMost = 5 * time.Second

// ladder is when a refused delivery is tried again, the last step for ever;
// oldLadder stood in the vendor's older text, with the end after a day
// (reference section 10.1).
var (
	ladder = []time.Duration{
		10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour,
	}
	oldLadder = []time.Duration{20 * time.Minute, 30 * time.Minute, 50 * time.Minute}
)

const endpointLife = 24 * time.Hour // under the old ladder

// notified lists which operations of which entities make notifications (reference section 10.4).
var notified = func() map[string]string {
	out := map[string]string{}
	for ops, entities := range map[string]string{
		"Create Update Delete Merge":        "Account Class Customer Employee Item Vendor",
		"Create Update Delete Void Emailed": "Invoice CreditMemo Payment SalesReceipt RefundReceipt",
		"Create Update Delete Emailed":      "Estimate PurchaseOrder",
		"Create Update Delete":              "Bill Deposit JournalEntry TimeActivity VendorCredit",
		"Create Update Delete Void":         "BillPayment Purchase Transfer",
		"Create Update Merge Delete":        "Department PaymentMethod",
		"Create Update":                     "CompanyCurrency JournalCode TaxAgency Term",
		"Update":                            "Preferences",
	} {
		for e := range strings.FieldsSeq(entities) {
			out[e] = ops
		}
	}
	return out
}()

// announce queues the notification of a write, whoever wrote: an app hears of
// its own writes too.
func (b *Box) announce(by *actor, rec *record, operation, deletedID string) {
	if by.trusted || !strings.Contains(notified[rec.ent.name], operation) || !b.ticked(rec.ent.name, operation) {
		return
	}
	b.outbox.add(b, event{
		Name: rec.ent.name, ID: rec.id, Operation: operation, DeletedID: deletedID, Transaction: rec.ent.shape == document, Time: b.now(),
	})
}

// ticked tells whether the app wants to hear of this; entities and operations
// are ticked in the vendor's portal (reference section 10.1).
func (b *Box) ticked(entity, operation string) bool {
	t := b.opt.WebhookEntities
	if m := b.messenger; m != nil {
		m.mu.Lock()
		t = m.opt.WebhookEntities
		m.mu.Unlock()
	}
	return len(t) == 0 || slices.Contains(t, entity) || slices.Contains(t, entity+"/"+operation)
}

func (o *outbox) add(b *Box, e event) {
	if e.Realm == "" {
		e.Realm = b.opt.RealmID
	}
	if m := b.messenger; m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.outbox.add(m, e)
		return
	}
	if b.opt.WebhookURL == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, e)
}

// gather turns waiting events into one delivery; a record that changed twice appears once.
func (o *outbox) gather(b *Box, cloudEvents bool) {
	if len(o.events) == 0 {
		return
	}
	var merged []event
	at := map[string]int{}
	for _, e := range o.events {
		k := strings.Join([]string{e.Realm, e.Name, e.ID, e.Operation}, ":")
		if i, ok := at[k]; ok && e.Operation == "Update" {
			merged[i].Time = e.Time
			continue
		}
		at[k] = len(merged)
		merged = append(merged, e)
	}
	o.events = nil
	o.serial++
	now := b.now()
	d := &delivery{id: derive(b.opt.Seed, fmt.Sprintf("delivery %d", o.serial), 32), at: now, made: now}
	if cloudEvents {
		d.body = b.cloudEvents(merged, o.serial)
	} else {
		d.body = b.oldEvents(merged)
	}
	o.queue = append(o.queue, d)
}

// oldEvents has a part for each company, in the order in which they were heard of.
func (b *Box) oldEvents(events []event) []byte {
	var realms []string
	entities := map[string][]any{}
	for _, e := range events {
		o := object{"name": e.Name, "id": e.ID, "operation": e.Operation, "lastUpdated": e.Time.UTC().Format("2006-01-02T15:04:05.000Z")}
		if e.DeletedID != "" {
			o["deletedId"] = e.DeletedID
		}
		if entities[e.Realm] == nil {
			realms = append(realms, e.Realm)
		}
		entities[e.Realm] = append(entities[e.Realm], o)
	}
	parts := make([]any, len(realms))
	for i, r := range realms {
		parts[i] = object{"realmId": r, "dataChangeEvent": object{"entities": entities[r]}}
	}
	return encode(object{"eventNotifications": parts})
}

var cloudVerbs = map[string]string{
	"Create": "created", "Update": "updated", "Delete": "deleted", "Merge": "merged", "Void": "voided", "Emailed": "emailed",
}

func (b *Box) cloudEvents(events []event, serial int) []byte {
	out := make([]any, len(events))
	source := "intuit." + base64.StdEncoding.EncodeToString([]byte(derive(b.opt.Seed, "source", 32)))
	for i, e := range events {
		verb := cloudVerbs[e.Operation]
		if verb == "voided" && b.opt.Dials.VoidEventIsVoid {
			verb = "void"
		}
		data := object{}
		if e.DeletedID != "" {
			data["deletedid"] = e.DeletedID
		}
		if more := b.alternatives(e); more != nil {
			data["alternative_ids"] = more
		}
		out[i] = object{
			"specversion": "1.0", "id": b.eventID(serial, i, e), "source": source,
			"type": "qbo." + strings.ToLower(e.Name) + "." + verb + ".v1", "datacontenttype": "application/json",
			"time": e.Time.UTC().Format("2006-01-02T15:04:05.000000000Z"), "intuitentityid": e.ID, "intuitaccountid": e.Realm, "data": data,
		}
	}
	return encode(out)
}

// wake starts the deliverer when there is something for it.
func (o *outbox) wake(b *Box) {
	if m := b.messenger; m != nil {
		m.outbox.wake(m)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if b.opt.ManualDelivery || len(o.events) == 0 {
		return
	}
	if !o.running {
		o.running = true
		o.stop, o.kick = make(chan struct{}), make(chan struct{}, 1)
		go o.run(b, o.stop, o.kick)
		return
	}
	select {
	case o.kick <- struct{}{}:
	default:
	}
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.running {
		close(o.stop)
		o.running = false
	}
}

// run delivers until nothing is left, then ends; the next event starts it anew.
func (o *outbox) run(b *Box, stop, kick chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		if !pause(ctx, kick, b.opt.WebhookDelay) {
			return
		}
		b.deliverDue(ctx, true)
		wait, more := o.nextWait(b)
		if !more {
			return
		}
		if wait > 0 && !pauseUntilKick(ctx, kick, wait) {
			return
		}
	}
}

func pause(ctx context.Context, _ chan struct{}, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func pauseUntilKick(ctx context.Context, kick chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-kick:
	case <-timer.C:
	}
	return true
}

// nextWait says when the deliverer has work again, and ends it when there is none.
func (o *outbox) nextWait(b *Box) (time.Duration, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 && len(o.events) == 0 {
		o.running = false
		return 0, false
	}
	if wait := o.until.Sub(b.now()); wait > 0 {
		return wait, true
	}
	if len(o.events) > 0 {
		return 0, true
	}
	first := o.queue[0].at
	for _, d := range o.queue {
		if d.at.Before(first) {
			first = d.at
		}
	}
	return max(first.Sub(b.now()), time.Millisecond), true
}

// deliverDue sends every delivery whose time has come, in their order, until
// the endpoint refuses one. Events are gathered when the first of them has
// waited long enough, or when the caller has waited.
func (b *Box) deliverDue(ctx context.Context, waited bool) int {
	o := &b.outbox
	b.mu.Lock()
	url, cloudEvents := b.opt.WebhookURL, b.opt.WebhookCloudEvents
	b.mu.Unlock()
	o.mu.Lock()
	if o.until.After(b.now()) {
		o.mu.Unlock()
		return 0
	}
	if waited || len(o.events) > 0 && !b.now().Before(o.events[0].Time.Add(b.opt.WebhookDelay)) {
		o.gather(b, cloudEvents)
	}
	due := o.due(b, url)
	o.mu.Unlock()
	for i, d := range due {
		if ctx.Err() != nil {
			o.putBack(due[i:])
			return i
		}
		if b.post(ctx, url, d) {
			o.taken()
			continue
		}
		o.putBack(due[i:])
		b.refused()
		return i + 1
	}
	return len(due)
}

func (o *outbox) putBack(d []*delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append(slices.Clone(d), o.queue...)
}

// taken ends a row of refusals.
func (o *outbox) taken() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tries, o.until = 0, time.Time{}
}

// refused climbs the ladder.
func (b *Box) refused() {
	steps, now := ladder, b.now()
	if b.opt.Dials.OldWebhookLadder {
		steps = oldLadder
	}
	o := &b.outbox
	o.mu.Lock()
	if o.tries == 0 {
		o.first = now
	}
	o.until = now.Add(steps[min(o.tries, len(steps)-1)])
	o.tries++
	dropped := b.opt.Dials.OldWebhookLadder && !now.Before(o.first.Add(endpointLife))
	if dropped {
		o.queue, o.events = nil, nil
	}
	o.mu.Unlock()
	if dropped {
		b.log.Warn("the webhook endpoint refused everything for a day and is dropped")
		b.SetWebhook("")
	}
}

// anew forgets the refusals, for another endpoint or one that came back.
func (o *outbox) anew() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tries, o.until = 0, time.Time{}
	if o.running {
		select {
		case o.kick <- struct{}{}:
		default:
		}
	}
}

// due takes what may go now off the queue, letting the fault dial drop, delay,
// double and reorder.
func (o *outbox) due(b *Box, url string) []*delivery {
	now := b.now()
	var out, later, last []*delivery
	for _, d := range o.queue {
		if !d.asked {
			d.asked = true
			f := b.faults.Notification(url, d.body)
			switch {
			case f.Drop:
				continue
			case f.Delay > 0:
				d.at = now.Add(f.Delay)
			case f.Double:
				twin := *d
				out = append(out, &twin)
			}
			d.hold = f.Reorder
		}
		if d.hold && now.Sub(d.made) < holdAtMost {
			last = append(last, d)
			continue
		}
		if d.at.After(now) {
			later = append(later, d)
			continue
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		for _, d := range last { // nothing to let pass yet: it waits for the next one
			d.at = now.Add(250 * time.Millisecond)
			later = append(later, d)
		}
		last = nil
	}
	o.queue = later
	return append(out, last...)
}

// post makes one signed attempt; only 200 within three seconds counts as taken.
func (b *Box) post(ctx context.Context, url string, d *delivery) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.body))
	if err != nil {
		b.log.Warn("the webhook address cannot be used", "error", err)
		return true
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "intuit_notification_server/0.1")
	req.Header.Set("intuit-signature", Sign(b.opt.WebhookVerifier, d.body))
	req.Header.Set("intuit-created-time", d.made.UTC().Format(time.RFC3339))
	req.Header.Set("intuit-t-id", d.id)
	req.Header.Set("intuit-notification-schema-version", "0.1")
	resp, err := b.opt.Deliver.RoundTrip(req)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return false
	}
	b.outbox.mu.Lock()
	b.outbox.sent++
	b.outbox.mu.Unlock()
	return true
}

// Sign is the value of intuit-signature for a body: base64 of HMAC-SHA256
// under the verifier token.
func Sign(verifier string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(verifier))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
