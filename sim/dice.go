package sim

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"time"
)

// dice is a stream of chance of its own: what one program draws never changes another's.
type dice struct{ r *rand.Rand }

// newDice makes the stream for a name and a number under it.
func (w *World) newDice(name string, n uint64) *dice {
	return &dice{rand.New(rand.NewPCG(w.seed, hashName(name)+n))}
}

func hashName(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// With code that takes no time paho's comparisons of clocks come out equal at each of its looks,
// every 5 s or keepalive/4: it pings when exactly the keepalive has passed since the last write,
// and gives up when exactly the ping timeout has passed since the PINGREQ, always. On real machines
// the lateness of Go's timers, up to some milliseconds, decides. Measured (reality, G's rule):
//
//   - a write that a timer began and the look some ticks later are both late: 10.0 s after a
//     PINGREQ the look came in time in 5 of 25 losses and in 4 of 20 pings that followed a ping,
//     and one look later in the others;
//   - a write that an arrival began is not late (SUBSCRIBE follows CONNACK at once), the look is:
//     the first ping after it came at the first look in 25 of 29 cases.
//
// So a write costs nothing in about that many cases of a hundred, a quarter and four fifths, and in
// the others some microseconds, which make the look miss it.
const (
	freeAfterTimer   = 25
	freeAfterArrival = 80
)

// writeCosts are those of one client's writes. Whether a write is free is decided by one number u
// between 0 and 1 per client, used up as an arithmetic decoder does: u falls into the part of the
// interval that stands for the case, and that part is stretched to the whole interval again. Each
// write has its probability and is independent of the others, as with a draw for each; but over
// consecutive seeds the u of a client are spread evenly (van der Corput's sequence: the seed's bits
// in reverse order), so that n seeds show each course of events whose probability is above 1/n,
// instead of the likely ones again and again.
type writeCosts struct {
	u      uint64 // in units of 2^-64
	r      *rand.Rand
	course []Cost
}

// Cost says whether a write takes any time.
type Cost int8

// The costs of a write.
const (
	CostBySeed Cost = iota
	CostNothing
	CostSomething
)

// newWriteCosts makes those of the world's n-th client, from 0. Clients of one world differ by
// multiples of the golden ratio's fractional part, 0x9e37....
func (w *World) newWriteCosts(name string, n int) *writeCosts {
	d := w.newDice("write "+name, 0)
	c := &writeCosts{u: bits.Reverse64(w.seed) + uint64(n)*0x9e3779b97f4a7c15, r: d.r}
	if n == 0 {
		c.course = w.course
	}
	return c
}

// next is how long a write takes: nothing, or 2 to 30 us, about what write(2) costs. Of a write
// whose time nothing depends on, CONNECT's, no case is decided.
func (c *writeCosts) next(afterArrival, matters bool) time.Duration {
	ns := c.r.Int64N(28_000)
	free := uint64(freeAfterTimer)
	if afterArrival {
		free = freeAfterArrival
	}
	cost := CostBySeed
	if matters && len(c.course) > 0 {
		cost, c.course = c.course[0], c.course[1:]
	}
	if cost == CostNothing || cost == CostBySeed && matters && c.decide(free*(1<<63/50)) {
		return 0
	}
	return 2*time.Microsecond + time.Duration(ns)
}

// decide is true with probability t, in units of 2^-64. Bits that are used up are replaced at the
// low end.
func (c *writeCosts) decide(t uint64) bool {
	fill := c.r.Uint64()
	if c.u < t {
		c.u, _ = bits.Div64(c.u, fill, t)
		return true
	}
	c.u, _ = bits.Div64(c.u-t, fill, -t)
	return false
}

// phase is a delay below limit by which a program of ours starts late, so that its timers meet
// nobody else's.
func (d *dice) phase(limit time.Duration) time.Duration {
	return time.Duration(d.r.Int64N(int64(limit)))
}
