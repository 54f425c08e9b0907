package zohobox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// delivery is a callback on its way out.
type delivery struct {
	url     string
	body    []byte
	due     time.Time
	settled bool     // the fault dial has already spoken
	hook    *hookRun // set on the call of a webhook
}

// watchService holds the channels and what must be delivered to them.
type watchService struct {
	channels map[string]*channel
	open     []happening // of the call that runs
	queue    []*delivery
	held     []*delivery // reordered: they go after the next one
	base     string
	signal   chan struct{}
	done     chan struct{}
	once     sync.Once
	running  bool
	manual   bool
	pump     sync.Mutex
}

func (s *watchService) init() {
	s.channels = map[string]*channel{}
	s.signal = make(chan struct{}, 1)
	s.done = make(chan struct{})
}

func (s *watchService) wake() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

func (s *watchService) stop() { s.once.Do(func() { close(s.done) }) }

// startDelivery resumes deliveries to channels that a database remembered.
func (b *Box) startDelivery() {
	b.watch.manual = b.opt.ManualDelivery
	if len(b.watch.channels) > 0 {
		b.watch.start(b)
	}
}

// start begins the delivering goroutine with the first channel, so that a box
// that nobody subscribes to needs no closing.
func (s *watchService) start(b *Box) {
	if s.manual || s.running {
		return
	}
	s.running = true
	go b.deliverLoop()
}

func (b *Box) deliverLoop() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-b.watch.done
		cancel()
	}()
	for {
		b.DeliverNotifications(ctx)
		var timer <-chan time.Time
		if wait := b.nextDelivery(); wait > 0 {
			timer = time.After(wait)
		}
		select {
		case <-b.watch.done:
			return
		case <-b.watch.signal:
		case <-timer:
		}
	}
}

// nextDelivery is how long until a delayed callback is due, or 0.
func (b *Box) nextDelivery() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var wait time.Duration
	for _, j := range b.jobs.pending {
		if w := max(j.Due.Sub(b.opt.Now()), time.Millisecond); j.Callback != "" && (wait == 0 || w < wait) {
			wait = w
		}
	}
	for _, d := range b.watch.queue {
		if w := max(d.due.Sub(b.opt.Now()), time.Millisecond); wait == 0 || w < wait {
			wait = w
		}
	}
	return wait
}

// DeliverNotifications sends the callbacks that are due and says how many went
// out. A callback that fails is not repeated: the vendor promises no retry
// (section 11).
func (b *Box) DeliverNotifications(ctx context.Context) int {
	b.watch.pump.Lock()
	defer b.watch.pump.Unlock()
	n := 0
	for _, d := range b.takeDue() {
		if ctx.Err() != nil {
			return n
		}
		b.post(ctx, d)
		n++
	}
	return n
}

// takeDue asks the fault dial about each due callback and returns them in the
// order in which they go out.
func (b *Box) takeDue() []*delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runJobs()
	s, now := &b.watch, b.opt.Now()
	var later, out []*delivery
	waiting := s.held
	s.held = nil
	for _, d := range s.queue {
		if d.due.After(now) {
			later = append(later, d)
			continue
		}
		if !d.settled {
			d.settled = true
			verdict := b.dial.Notification(d.url, d.body)
			switch {
			case verdict.Drop:
				continue
			case verdict.Delay > 0:
				d.due = now.Add(verdict.Delay)
				later = append(later, d)
				continue
			case verdict.Reorder:
				s.held = append(s.held, d)
				continue
			case verdict.Double:
				out = append(out, d)
			}
		}
		out = append(out, d)
		out = append(out, s.held...)
		s.held = nil
	}
	s.queue = later
	return append(out, waiting...)
}

func (b *Box) post(ctx context.Context, d *delivery) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	how, kind := http.MethodPost, "application/json"
	if d.hook != nil {
		how, kind = d.hook.method, d.hook.kind
	}
	req, err := http.NewRequestWithContext(ctx, how, d.url, bytes.NewReader(d.body))
	if err != nil {
		b.untaken(d, err.Error())
		return
	}
	req.Header.Set("Content-Type", kind)
	if d.hook != nil {
		for _, h := range d.hook.headers {
			req.Header.Set(h[0], h[1])
		}
	}
	rt := b.opt.Deliver
	if rt == nil {
		rt = http.DefaultTransport
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		b.log.Info("a notification was not taken", "error", err)
		b.untaken(d, err.Error())
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		b.untaken(d, "HTTP "+strconv.Itoa(resp.StatusCode))
	}
}

// untaken reports the call of a webhook that failed; of channels nobody hears.
func (b *Box) untaken(d *delivery, reason string) {
	if d.hook != nil {
		b.noteHookFailure(d.hook, reason)
	}
}
