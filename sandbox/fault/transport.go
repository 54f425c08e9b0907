package fault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// Transport is a RoundTripper that serves calls to any host from a handler in
// this process, without sockets. A handler that loses its answer gives the
// error that a client would meet on the wire, at once.
type Transport struct{ Handler http.Handler }

type inProcessKey struct{}

func inProcess(r *http.Request) bool { return r.Context().Value(inProcessKey{}) != nil }

// lost is panicked through the handler stack by a dial that loses an
// in-process answer.
type lost struct {
	timeout bool
	partial *answer
}

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	in := req.Clone(context.WithValue(req.Context(), inProcessKey{}, true))
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.ContentLength = int64(len(body))
	in.RequestURI = in.URL.RequestURI()
	if in.Host == "" {
		in.Host = in.URL.Host
	}
	in.RemoteAddr = "127.0.0.1:0"
	a, err := serve(t.Handler, in)
	if err != nil {
		return nil, err
	}
	return a.response(req), nil
}

func serve(h http.Handler, r *http.Request) (a *answer, err error) {
	a = newAnswer()
	defer func() {
		switch v := recover().(type) {
		case nil:
		case lost:
			a, err = v.outcome()
		case error:
			if !errors.Is(v, http.ErrAbortHandler) {
				panic(v)
			}
			a, err = nil, connReset()
		default:
			panic(v)
		}
	}()
	h.ServeHTTP(a, r)
	return a, nil
}

func (l lost) outcome() (*answer, error) {
	switch {
	case l.partial != nil:
		l.partial.broken = true
		return l.partial, nil
	case l.timeout:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
	default:
		return nil, connReset()
	}
}

func connReset() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

// answer is a response held in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	broken bool
}

func newAnswer() *answer { return &answer{header: http.Header{}} }

func capture(h http.Handler, r *http.Request) *answer {
	a := newAnswer()
	h.ServeHTTP(a, r)
	return a
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) Flush() {}

func (a *answer) copyHead(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.code())
}

func (a *answer) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

func (a *answer) response(req *http.Request) *http.Response {
	raw := a.body.Bytes()
	resp := &http.Response{
		Status: http.StatusText(a.code()), StatusCode: a.code(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, ContentLength: int64(len(raw)), Request: req,
		Body: io.NopCloser(bytes.NewReader(raw)),
	}
	if a.broken {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw[:len(raw)/2]), failing{}))
	}
	return resp
}

// failing is the end of a body whose connection broke.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
