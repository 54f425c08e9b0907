package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// app is what every command gets: its settings and its two voices. Results go
// to out, everything said meanwhile to err.
type app struct {
	cli  *cli
	args []string
	out  io.Writer
	err  io.Writer

	mu       sync.Mutex
	terminal bool      // err is a terminal: progress may be shown on one line
	shown    bool      // a progress line stands there
	began    time.Time // when the work that progress is about began
	answered bool      // the one object of --json was printed
}

func newApp(c *cli, out, errw io.Writer) *app {
	a := &app{cli: c, out: out, err: errw, began: time.Now()}
	if f, ok := errw.(*os.File); ok {
		a.terminal = isatty.IsTerminal(f.Fd())
	}
	return a
}

// given tells whether a flag stands on the command line itself.
func (a *app) given(flag string) bool {
	return slices.ContainsFunc(a.args, func(arg string) bool { return arg == flag || strings.HasPrefix(arg, flag+"=") })
}

// logger logs to stderr; quiet is the level of a command that was not told
// otherwise.
func (a *app) logger(quiet slog.Level) *slog.Logger {
	level := quiet
	if a.cli.Log != "" {
		_ = level.UnmarshalText([]byte(a.cli.Log)) // the parser let only levels pass
	}
	return slog.New(slog.NewTextHandler(lineWriter{a}, &slog.HandlerOptions{Level: level}))
}

// lineWriter takes the progress line away before a log line is written.
type lineWriter struct{ a *app }

func (w lineWriter) Write(p []byte) (int, error) {
	w.a.mu.Lock()
	defer w.a.mu.Unlock()
	w.a.wipe()
	return w.a.err.Write(p)
}

// say prints a sentence for the person on stderr.
func (a *app) say(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wipe()
	fmt.Fprintf(a.err, format+"\n", args...)
}

// patience is how long work may take before progress is shown.
const patience = time.Second

// progress shows how far the work is, on a terminal, once it has taken a while.
func (a *app) progress(format string, args ...any) {
	if !a.terminal {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	spent := time.Since(a.began)
	if spent < patience {
		return
	}
	a.wipe()
	line := fmt.Sprintf("%s  %s", spent.Round(time.Second), fmt.Sprintf(format, args...))
	if len(line) > 100 {
		line = line[:100]
	}
	fmt.Fprint(a.err, line)
	a.shown = true
}

// wipe clears the progress line; the caller holds mu.
func (a *app) wipe() {
	if a.shown {
		fmt.Fprint(a.err, "\r\x1b[K")
		a.shown = false
	}
}

func (a *app) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wipe()
}

// show prints a result: the object under --json, else what text writes.
func (a *app) show(v any, text func(p *page)) error {
	a.clear()
	if a.cli.JSON {
		return a.object(v)
	}
	p := &page{}
	text(p)
	_, err := a.out.Write(p.buf.Bytes())
	return err
}

// object prints the one object of --json.
func (a *app) object(v any) error {
	a.answered = true
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// finish reports a command's end and gives its exit code.
func (a *app) finish(err error) int {
	a.clear()
	if err == nil {
		return exitDone
	}
	f := failureOf(err)
	if f.silent {
		return f.code
	}
	fmt.Fprintln(a.err, "crossbook: "+f.what)
	if f.hint != "" {
		fmt.Fprintln(a.err, f.hint)
	}
	if a.cli.JSON && !a.answered {
		_ = a.object(map[string]any{"error": f.what, "hint": f.hint, "exit": f.code})
	}
	return f.code
}

// page collects the text of a result.
type page struct{ buf bytes.Buffer }

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.buf, format+"\n", args...) }

// table prints rows under a head, columns aligned; numbers stand to the right.
func (p *page) table(head []string, rows [][]any) {
	cells := make([][]string, len(rows))
	width := make([]int, len(head))
	right := make([]bool, len(head))
	for i, h := range head {
		width[i] = len([]rune(h))
	}
	for r, row := range rows {
		cells[r] = make([]string, len(head))
		for i, v := range row {
			cells[r][i] = fmt.Sprint(v)
			width[i] = max(width[i], len([]rune(cells[r][i])))
			right[i] = right[i] || isNumber(v)
		}
	}
	write := func(row []string) {
		var b strings.Builder
		for i, c := range row {
			pad := strings.Repeat(" ", width[i]-len([]rune(c)))
			if right[i] {
				c = pad + c
			} else {
				c += pad
			}
			b.WriteString(c + "  ")
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
	write(head)
	for _, row := range cells {
		write(row)
	}
}

func isNumber(v any) bool {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint64:
		return true
	default:
		return false
	}
}

// clock writes a time as people read it, in this machine's zone.
func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// several writes a number with its noun.
// clockOr is a time for people, or what to say when there is none.
func clockOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return clock(t)
}

func several(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return group(n) + " " + many
}

// group writes a number with its thousands apart.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
