package chaos

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// tried counts the ports that were asked for, so that each is given out once.
var tried atomic.Int64

// freeAddress finds a port for a server that dies and comes back. It lies below
// those that a system lends to outgoing connections: one of these would have
// taken it while the server was dead.
func freeAddress(t testing.TB) string {
	t.Helper()
	const first, count = 10_240, 20_000
	for range count {
		at := (int64(os.Getpid())*16 + tried.Add(1)) % count
		addr := fmt.Sprint("127.0.0.1:", first+at)
		l, err := net.Listen("tcp", addr)
		if err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no port is free below 30240")
	return ""
}
