package netmodel

import (
	"math"
	"time"
)

// Time is an instant of the simulated world: nanoseconds since the world's start.
// It is an integer because floating point rounds differently between processors.
type Time int64

// Never is later than every instant that a run can reach.
const Never Time = math.MaxInt64

// Add returns the instant d later, and Never if that would overflow.
func (t Time) Add(d time.Duration) Time {
	if d > 0 && t > Never-Time(d) {
		return Never
	}
	return t + Time(d)
}

// Sub returns the time that passed from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Duration returns the time that passed since the world's start.
func (t Time) Duration() time.Duration { return time.Duration(t) }

// Seconds returns t in seconds, for printing only: the model never computes with it.
func (t Time) Seconds() float64 { return float64(t) / 1e9 }
