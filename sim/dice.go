package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// dice is a stream of chance of its own: what one program draws never changes another's.
type dice struct{ r *rand.Rand }

// newDice makes the stream for a name and a number under it.
func (w *World) newDice(name string, n uint64) *dice {
	h := fnv.New64a()
	h.Write([]byte(name))
	return &dice{rand.New(rand.NewPCG(w.seed, h.Sum64()+n))}
}

// With code that takes no time paho's comparisons of clocks come out equal at each of its looks,
// every 5 s or keepalive/4: it pings when exactly the keepalive has passed since the last write, and
// gives up when exactly the ping timeout has passed since the PINGREQ, always. On real machines the
// lateness of Go's timers, up to some milliseconds, decides. Measured (reality, G's rule):
//
//   - a write that a timer began and the look some ticks later are both late: 10.0 s after a PINGREQ
//     the look came in time in 5 of 25 losses and in 4 of 20 pings that followed a ping, and one look
//     later in the others;
//   - a write that an arrival began is not late (SUBSCRIBE follows CONNACK at once), the look is: the
//     first ping after it came at the first look in 25 of 29 cases.
//
// So a write costs nothing in that many cases of a hundred, and in the others some microseconds, which
// make the look miss it.
const (
	freeAfterTimer   = 20
	freeAfterArrival = 85
)

// writeCost is how long the next write takes: nothing, or 2 to 30 us, about what write(2) costs.
func (d *dice) writeCost(afterArrival bool) time.Duration {
	chance, ns := d.r.IntN(100), d.r.Int64N(28_000)
	free := freeAfterTimer
	if afterArrival {
		free = freeAfterArrival
	}
	if chance < free {
		return 0
	}
	return 2*time.Microsecond + time.Duration(ns)
}

// phase is a delay below limit by which a program of ours starts late, so that its timers meet
// nobody else's.
func (d *dice) phase(limit time.Duration) time.Duration {
	return time.Duration(d.r.Int64N(int64(limit)))
}
