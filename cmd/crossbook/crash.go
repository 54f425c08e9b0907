package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The environment of tests. CROSSBOOK_CRASH_AT="intent stored:3" kills this
// process, as kill -9 would, at the third step of that name in the engine or in
// a token's renewal. CROSSBOOK_WRITE_DEADLINE shortens the time for which a
// write without an answer may still take effect.
const (
	envCrashAt       = "CROSSBOOK_CRASH_AT"
	envWriteDeadline = "CROSSBOOK_WRITE_DEADLINE"
)

// crasher returns what is called at each step.
func crasher(spec string) (func(step string), error) {
	if spec == "" {
		return func(string) {}, nil
	}
	name, nth := spec, 1
	if before, after, ok := strings.Cut(spec, ":"); ok {
		n, err := strconv.Atoi(after)
		if err != nil || n < 1 {
			return nil, usage(fmt.Sprintf("%s=%q: %q is no count", envCrashAt, spec, after), `It reads "name of the step" or "name of the step:n".`)
		}
		name, nth = before, n
	}
	var mu sync.Mutex
	seen := 0
	return func(step string) {
		if step != name {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if seen++; seen == nth {
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Kill()
			}
			select {} // nothing more happens here
		}
	}, nil
}

// writeDeadline is how long a write may take, and take effect after its answer
// was lost; 0 is the usual time.
func writeDeadline() (time.Duration, error) {
	text := os.Getenv(envWriteDeadline)
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, usage(fmt.Sprintf("%s=%q is no length of time", envWriteDeadline, text), "Write it as 5s or 2m.")
	}
	return d, nil
}
