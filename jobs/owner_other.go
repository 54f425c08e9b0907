//go:build !linux

package jobs

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// exists tells whether there is a process with this number. Windows finds a
// process only if it exists; elsewhere signal 0 asks.
func exists(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return runtime.GOOS == "windows" || p.Signal(syscall.Signal(0)) == nil
}

// startOf is not known here.
func startOf(int) (time.Time, bool) { return time.Time{}, false }
