//go:build unix

package speed

import (
	"syscall"
	"time"
)

// CPU is what the process has used of its processors: on a busy machine the only fair measure.
func CPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
