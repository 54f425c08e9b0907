package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"

	"crossbook"
	"crossbook/engine"
	"crossbook/oauth"
	"crossbook/setup"
	"crossbook/store"
	"crossbook/transport"
)

// failure is what a person reads when a command could not do its work: what is
// wrong, and what to do about it.
type failure struct {
	code   int
	what   string
	hint   string
	silent bool // everything was said already
	err    error
}

func (f *failure) Error() string { return f.what }
func (f *failure) Unwrap() error { return f.err }

func usage(what, hint string) error { return &failure{code: exitUsage, what: what, hint: hint} }

func couldNot(hint, format string, args ...any) error {
	return &failure{code: exitCouldNot, what: fmt.Sprintf(format, args...), hint: hint}
}

// problemsRemain ends a command that did its work and showed what is left.
func problemsRemain() error { return &failure{code: exitProblems, silent: true} }

// failureOf finds the words for any error.
func failureOf(err error) *failure {
	var (
		known   *failure
		refused *setup.RefusedError
		db      *store.Error
		sign    *oauth.Error
		held    *engine.HeldError
		path    *fs.PathError
	)
	f := &failure{code: exitCouldNot, what: err.Error(), err: err}
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		f.what, f.hint = refused.What+".", refused.Hint
	case errors.As(err, &db):
		f.what, f.hint = oneLine(f.what), db.Hint()
	case errors.As(err, &sign) && sign.Kind == transport.FaultAuth:
		f.what, f.hint = signInWords(sign)
	case errors.As(err, &held):
		f.hint = "Wait until it is done, or end it, and try again."
	case errors.Is(err, context.Canceled):
		f.what, f.hint = "interrupted", "Nothing is lost: the next run goes on where this one stopped."
	case errors.Is(err, transport.ErrForeignHost):
		f.code, f.hint = exitUsage, "Sign-ins and books are sent to the vendors' own addresses and to sandboxes on this machine only."
	case errors.Is(err, syscall.ENOSPC):
		f.what, f.hint = "the disk is full: "+err.Error(), "Make room and try again; nothing was half-written."
	case transport.FaultOf(err) == transport.FaultAuth:
		f.what, f.hint = noAccess(err)
	case isUnreachable(err):
		f.what, f.hint = unreachable(err)
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		f.hint = "Give this user the right to use it, or choose another place with --dir or --db."
	default:
		f.hint = hintOf(err)
	}
	return f
}

// oneLine shortens what PostgreSQL's driver says on a line for each address.
func oneLine(what string) string {
	head, rest, more := strings.Cut(what, "\n")
	if !more {
		return what
	}
	first, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	return head + " " + first
}

// signInWords explains a refused sign-in.
func signInWords(e *oauth.Error) (what, hint string) {
	said := e.Code
	if e.Description != "" {
		said += " (" + e.Description + ")"
	}
	if said == "" {
		said = fmt.Sprintf("HTTP status %d", e.Status)
	}
	what = fmt.Sprintf("%s refuses the sign-in: %s", e.Vendor, said)
	names := "ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN"
	if e.Vendor == transport.QuickBooks {
		names = "QBO_CLIENT_ID, QBO_CLIENT_SECRET and QBO_REFRESH_TOKEN"
	}
	if errors.Is(e, oauth.ErrNoCredential) {
		return fmt.Sprintf("there is no stored sign-in for %s", e.Vendor), "Run crossbook connect NAME --from-env."
	}
	if e.Reauthorise {
		return what, fmt.Sprintf("The permission was withdrawn or has expired. Sign in to %s again, and connect again with the new %s.", e.Vendor, names)
	}
	return what, fmt.Sprintf("Check %s: they belong together and to the address that was called.", names)
}

// isUnreachable tells whether a vendor gave no answer, or none worth the name.
func isUnreachable(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	if errors.As(err, &op) || errors.As(err, &dns) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	return transport.FaultOf(err) == transport.FaultRetry
}

func unreachable(err error) (what, hint string) {
	who := "a vendor"
	var u *url.Error
	var sign *oauth.Error
	switch {
	case errors.As(err, &sign):
		who = string(sign.Vendor)
	case strings.Contains(err.Error(), "QuickBooks"):
		who = crossbook.Books.String()
	case strings.Contains(err.Error(), "CRM"):
		who = crossbook.CRM.String()
	}
	at := ""
	if errors.As(err, &u) {
		if parsed, perr := url.Parse(u.URL); perr == nil {
			at = " at " + parsed.Host
		}
	}
	why := err.Error()
	var op *net.OpError
	if errors.As(err, &op) {
		why = innermost(op.Err).Error()
		if at == "" && op.Addr != nil {
			at = " at " + op.Addr.String()
		}
	}
	return fmt.Sprintf("%s%s cannot be reached: %s", who, at, why),
		"Check the network and the address; the vendor's status page says whether it is down. Try again later: nothing is lost."
}

// noAccess explains a vendor that knows the sign-in and refuses the call.
func noAccess(err error) (what, hint string) {
	if strings.Contains(err.Error(), "QuickBooks") {
		return "QuickBooks refuses access to this company: " + err.Error(),
			"The sign-in belongs to another company, or the person who gave it lost the right. Check QBO_REALM_ID and QBO_REFRESH_TOKEN: they come from the same consent."
	}
	return "Zoho CRM refuses access: " + err.Error(),
		"The person who signed in lacks a right, or the permission is too small. Sign in as the Super Admin and connect again."
}

// innermost is the last error of a chain, which says it shortest.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// hintOf asks an error that carries a hint of its own.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

func keysOf[K comparable, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }

// cut splits a command from its arguments.
func cut(command string) (name, rest string, ok bool) { return strings.Cut(command, " ") }

// isCommand tells whether a word is a command of ours.
func isCommand(word string) bool {
	t := reflect.TypeFor[cli]()
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup("cmd"); ok && strings.EqualFold(t.Field(i).Name, word) {
			return true
		}
	}
	return false
}

// shortHome writes a path below the home folder with a tilde, for help texts.
func shortHome(path string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(home, path); err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.Join("~", rel)
	}
	return path
}
