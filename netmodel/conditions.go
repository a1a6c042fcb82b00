package netmodel

import "time"

// PPM is a probability in parts per million.
type PPM uint32

const million = 1_000_000

// Percent makes a PPM of hundredths of a percent: Percent(2, 50) is 2.5 %.
func Percent(whole, hundredths uint32) PPM { return PPM(whole*10_000 + hundredths*100) }

// Conditions say how one direction of a link treats what is sent over it. The zero value is a
// perfect link without latency.
type Conditions struct {
	// Latency is the time from the end of sending to arrival. To it comes a seeded part of less
	// than a microsecond, so that arrivals do not coincide with timers that are due at round times.
	Latency time.Duration
	// Jitter adds between 0 and Jitter, evenly distributed. A segment never overtakes its
	// predecessor unless Reorder is set.
	Jitter  time.Duration
	Reorder bool

	Loss      PPM // lost at random
	Duplicate PPM // delivered twice
	Corrupt   PPM // bits flipped: the receiver's checksum finds it, so it is lost there
	Burst     *Burst

	// Rate is in bits a second of IP packets (link-layer headers are not counted); 0 is unlimited.
	// Queue is the room in bytes in front of such a link; what does not fit is dropped (tail drop).
	// 0 is unlimited: every packet waits its turn, for minutes if need be (bufferbloat).
	Rate  int64
	Queue int
}

// mustMakeSense panics on conditions that no link can have: whoever reads them from people checks
// them.
func (c *Conditions) mustMakeSense() {
	ok := c.Latency >= 0 && c.Jitter >= 0 && c.Rate >= 0 && c.Queue >= 0 &&
		max(c.Loss, c.Duplicate, c.Corrupt) <= million
	if b := c.Burst; b != nil {
		ok = ok && max(b.GoodToBad, b.BadToGood, b.LossGood, b.LossBad) <= million
	}
	if !ok {
		panic("netmodel: conditions with a negative value, or a probability above one")
	}
}

// Burst is the model of Gilbert and Elliott: a good and a bad state, each with its own loss, and
// a step between them before each segment. The mean length of a burst is million/BadToGood
// segments.
type Burst struct {
	GoodToBad, BadToGood PPM
	LossGood, LossBad    PPM
}
