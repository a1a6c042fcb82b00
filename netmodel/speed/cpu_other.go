//go:build !unix

package speed

import "time"

var start = time.Now()

// CPU is wall time where the system does not tell more.
func CPU() time.Duration { return time.Since(start) }
