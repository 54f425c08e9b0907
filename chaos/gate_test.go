package chaos

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// point is where in a call a trap springs.
type point string

const (
	lost     point = "before the call reached the vendor"
	answered point = "after the call took effect, before its answer arrived"
	late     point = "while the call was on its way; it took effect after the restart"
	after    point = "a while after an answer"
)

// trap springs at one call.
type trap struct {
	point point
	skip  int                  // calls of its kind that pass first
	want  func(call) bool      // the calls it waits for; nil is all
	delay time.Duration        // late: until it takes effect; after: until it springs
	catch func(call) time.Time // what happens to the caller; returns when
	hold  bool                 // let the answer through to the caller all the same
	once  sync.Once
	done  chan caught
}

// caught is what a trap caught.
type caught struct {
	call call
	at   time.Time
}

func (t *trap) spring(c call) {
	t.once.Do(func() { t.done <- caught{c, t.catch(c)} })
}

// call is one call of the program to a vendor.
type call struct {
	side   string // zoho or quickbooks
	method string
	path   string
	from   string    // the caller's address
	opened time.Time // when its connection was
	at     time.Time
}

func (c call) token() bool { return strings.Contains(c.path, "/oauth") && c.method == http.MethodPost }

// upkeep tells whether a call is about notifications, which a server sees to
// when it starts, whatever else there is to do.
func (c call) upkeep() bool { return strings.HasSuffix(c.path, "/actions/watch") }

func (c call) write() bool {
	switch c.side {
	case "zoho":
		return !c.token() && !strings.Contains(c.path, "/coql") && !strings.Contains(c.path, "/settings/") && c.method != http.MethodGet
	default:
		return !c.token() && c.method == http.MethodPost && !strings.HasSuffix(c.path, "/query")
	}
}

func (c call) String() string { return c.side + " " + c.method + " " + c.path }

// wire is both gates.
type wire struct {
	mu      sync.Mutex
	trap    *trap
	first   func(call) // told of the first call after since that is by somebody
	by      func(call) bool
	since   time.Time
	watch   func(call) // told of every call
	calls   int
	servers []*httptest.Server
	pending sync.WaitGroup // late calls
}

// set puts up a trap; nil takes it down.
func (w *wire) set(t *trap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trap = t
}

// alsoWatch lets somebody else be told of every call, too.
func (w *wire) alsoWatch(fn func(call)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.watch
	w.watch = func(c call) {
		if before != nil {
			before(c)
		}
		fn(c)
	}
}

// next returns the time of the first call of a process started after now.
func (w *wire) next() <-chan time.Time {
	ch := make(chan time.Time, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = time.Now()
	w.by = func(c call) bool { return c.opened.After(w.since) }
	w.first = func(c call) { ch <- c.at }
	return ch
}

// after returns the time of the first call from a time on that is by somebody.
func (w *wire) after(at time.Time, by func(call) bool) <-chan time.Time {
	ch := make(chan time.Time, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = at
	w.by = by
	w.first = func(c call) { ch <- c.at }
	return ch
}

// arrive counts a call in and returns the trap that it sprang.
func (w *wire) arrive(c call) *trap {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if w.watch != nil {
		w.watch(c)
	}
	if w.first != nil && c.at.After(w.since) && !c.upkeep() && w.by(c) {
		w.first(c)
		w.first = nil
	}
	t := w.trap
	if t == nil || t.want != nil && !t.want(c) {
		return nil
	}
	if t.skip > 0 {
		t.skip--
		return nil
	}
	w.trap = nil
	return t
}

type openedKey struct{}

// gate opens one in front of a sandbox and returns its address.
func (w *wire) gate(side, target string) string {
	s := httptest.NewUnstartedServer(&gate{wire: w, side: side, target: target, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}})
	s.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, openedKey{}, time.Now())
	}
	s.Start()
	w.servers = append(w.servers, s)
	return s.URL
}

func (w *wire) close() {
	w.set(nil)
	w.pending.Wait()
	for _, s := range w.servers {
		s.CloseClientConnections()
		s.Close()
	}
}

type gate struct {
	wire   *wire
	side   string
	target string
	client *http.Client
}

// answer is what a sandbox said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (g *gate) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the caller is gone before it had sent all
	}
	opened, _ := r.Context().Value(openedKey{}).(time.Time)
	c := call{side: g.side, method: r.Method, path: r.URL.Path, from: r.RemoteAddr, opened: opened, at: time.Now()}
	var t *trap
	if !strings.HasPrefix(c.path, "/_sandbox/") {
		t = g.wire.arrive(c)
	}
	if t == nil {
		g.deliver(rw, g.send(r, body))
		return
	}
	switch t.point {
	case lost:
		t.spring(c)
	case late:
		g.wire.pending.Add(1)
		t.spring(c)
		time.AfterFunc(t.delay, func() {
			defer g.wire.pending.Done()
			g.send(r, body)
		})
	case answered:
		a := g.send(r, body)
		t.spring(c)
		if t.hold {
			g.deliver(rw, a)
			return
		}
	case after:
		g.deliver(rw, g.send(r, body))
		time.AfterFunc(t.delay, func() { t.spring(c) })
		return
	}
	panic(http.ErrAbortHandler)
}

// send passes a call on; what was sent arrives even when its sender has died.
func (g *gate) send(r *http.Request, body []byte) *answer {
	req, err := http.NewRequestWithContext(context.Background(), r.Method, g.target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil
	}
	req.Header = r.Header.Clone()
	res, err := g.client.Do(req)
	if err != nil {
		return nil
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil
	}
	return &answer{res.StatusCode, res.Header, data}
}

func (g *gate) deliver(rw http.ResponseWriter, a *answer) {
	if a == nil {
		panic(http.ErrAbortHandler)
	}
	for k, v := range a.header {
		rw.Header()[k] = v
	}
	rw.WriteHeader(a.status)
	_, _ = rw.Write(a.body)
}
