package e2e

import (
	"errors"
	"os/exec"
	"sync"
)

// mu guards running: scripts run beside each other.
var mu sync.Mutex

func asExit(err error, into **exec.ExitError) bool { return errors.As(err, into) }
