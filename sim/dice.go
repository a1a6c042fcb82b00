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

// freeWrites is how many writes in ten cost no time at all. With code that takes no time paho gives
// up 10.0 s after its PINGREQ, always. On real machines the timers' lateness decides between that
// and the next look, 2.5 or 5 s later: 10.0 s came in 1 of 8 cases with keepalive 60 and in 4 of 17
// with keepalive 10 (reality: G's rule), together a fifth.
const freeWrites = 2

// writeCost is how long the next write takes: nothing, or 2 to 30 us, about what write(2) costs.
func (d *dice) writeCost() time.Duration {
	free, us := d.r.IntN(10) < freeWrites, 2+d.r.Int64N(28_000)
	if free {
		return 0
	}
	return 2*time.Microsecond + time.Duration(us)
}

// phase is a delay below limit by which a program of ours starts late, so that its timers meet
// nobody else's.
func (d *dice) phase(limit time.Duration) time.Duration {
	return time.Duration(d.r.Int64N(int64(limit)))
}
