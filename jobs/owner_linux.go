package jobs

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// exists tells whether there is a process with this number.
func exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// startOf is when a process started, from /proc: ticks since boot, of which
// Linux has 100 a second for every program, on top of the time of boot.
func startOf(pid int) (time.Time, bool) {
	const ticksPerSecond = 100
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return time.Time{}, false
	}
	// The second field is the command in parentheses and may hold anything;
	// the start is the 22nd.
	i := bytes.LastIndexByte(stat, ')')
	if i < 0 {
		return time.Time{}, false
	}
	fields := strings.Fields(string(stat[i+1:]))
	const start = 22 - 3 // the fields here begin with the third
	if len(fields) <= start {
		return time.Time{}, false
	}
	if fields[0] == "Z" { // died, not yet buried
		return time.Time{}, true
	}
	ticks, err := strconv.ParseInt(fields[start], 10, 64)
	boot, ok := bootTime()
	if err != nil || !ok {
		return time.Time{}, false
	}
	return boot.Add(time.Duration(ticks) * time.Second / ticksPerSecond), true
}

func bootTime() (time.Time, bool) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return time.Time{}, false
	}
	for line := range strings.Lines(string(stat)) {
		if rest, ok := strings.CutPrefix(line, "btime "); ok {
			sec, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			return time.Unix(sec, 0), err == nil
		}
	}
	return time.Time{}, false
}
