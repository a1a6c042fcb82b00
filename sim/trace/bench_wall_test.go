//go:build !unix

package trace

import "time"

var wallStart = time.Now()

// cpuTime is wall time where the system does not tell.
func cpuTime() time.Duration { return time.Since(wallStart) }
