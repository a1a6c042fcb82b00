package netmodel

import (
	"math"
	"strconv"
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

// Clock returns t as people read it, rounded to the millisecond: 2:05.042, from an hour on
// 1:02:05.042. It stands in the ladder, in explanations and in the picture.
func (t Time) Clock() string { return string(t.AppendClock(nil)) }

// AppendClock appends what [Time.Clock] returns to b.
func (t Time) AppendClock(b []byte) []byte {
	ms := (int64(t) + int64(time.Millisecond)/2) / int64(time.Millisecond)
	h, m, s := ms/3_600_000, ms/60_000%60, ms/1000%60
	if h > 0 {
		b = strconv.AppendInt(b, h, 10)
		b = append(b, ':', '0'+byte(m/10), '0'+byte(m%10))
	} else {
		b = strconv.AppendInt(b, m, 10)
	}
	ms %= 1000
	return append(b, ':', '0'+byte(s/10), '0'+byte(s%10), '.',
		'0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10))
}

// Seconds returns t in seconds, for printing only: the model never computes with it.
func (t Time) Seconds() float64 { return float64(t) / 1e9 }
