package netmodel

import "math/bits"

// dice is the chance of one direction of one link. Each direction has a stream of its own, seeded
// from the network's seed and the names of the two hosts, and takes the same number of draws for
// every segment, whatever its conditions and faults are. So a fault on one link never changes
// another link's chances, and a fault that ends leaves no trace in its own link's later ones.
type dice struct {
	hi, lo uint64 // the state of the generator
}

// throw is what one segment takes from the dice: always the same four words.
type throw struct {
	shift     uint32 // the sub-microsecond part of the latency
	loss      uint32
	burst     uint32 // the step of the burst model between its two states
	burstLoss uint32 // loss within the state
	jitter    uint32
	duplicate uint32
	corrupt   uint32
	copyShift uint32 // of the duplicate
}

func (d *dice) seed(seed uint64, names ...string) {
	a, b := seed, seed^0x9e3779b97f4a7c15
	for _, s := range names {
		a, b = hashString(a, s), hashString(b+1, s)
	}
	d.hi, d.lo = a, b
}

func (d *dice) throw() throw {
	a, b, c, e := d.next(), d.next(), d.next(), d.next()
	return throw{
		shift: uint32(a), loss: uint32(a >> 32), burst: uint32(b), burstLoss: uint32(b >> 32),
		jitter: uint32(c), duplicate: uint32(c >> 32), corrupt: uint32(e), copyShift: uint32(e >> 32),
	}
}

// shift is what a throw is to a segment on a link that has a latency and nothing else: it takes the
// first of the four words, and passes over the others in one step. The constants are next's
// multiplier to the third power, and the increment that goes with it, modulo 2^128.
func (d *dice) shift() uint32 {
	const multLow, multHigh = 0xbdfbbe1277f2430d, 0xdb76c43996e558d0
	const incLow, incHigh = 0xe4284de90cc39d01, 0x52d0dcb2d7f494c7
	first := uint32(d.next())
	hi, lo := bits.Mul64(d.lo, multLow)
	hi += d.hi*multLow + d.lo*multHigh
	lo, carry := bits.Add64(lo, incLow, 0)
	d.hi, d.lo = hi+incHigh+carry, lo
	return first
}

// next is one step of PCG (O'Neill 2014): a linear congruence modulo 2^128, here with a multiplier
// of 64 bits, and of its state the output function "double xorshift multiply", which is written
// before the step so that the processor can do both at once.
func (d *dice) next() uint64 {
	const multiplier = 0xda942042e4dd58b5 // Steele and Vigna 2021, table of 64-bit multipliers
	const incLow, incHigh = 0x14057b7ef767814f, 0x5851f42d4c957f2d
	out := d.hi ^ d.hi>>32
	out *= multiplier
	out ^= out >> 48
	out *= d.lo | 1
	carryHi, lo := bits.Mul64(d.lo, multiplier)
	hi := d.hi*multiplier + carryHi
	lo, carry := bits.Add64(lo, incLow, 0)
	d.hi, d.lo = hi+incHigh+carry, lo
	return out
}

// scale maps a draw to 0 ... n-1.
func scale(draw uint32, n uint64) uint64 {
	hi, _ := bits.Mul64(uint64(draw)<<32, n)
	return hi
}

// hit reports whether a draw falls within p.
func hit(draw uint32, p PPM) bool { return PPM(scale(draw, million)) < p }

// hashString is FNV-1a over s, with a terminator, then a finalizer that spreads similar names over
// all 64 bits (the constants are those of splitmix64).
func hashString(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h = (h ^ 0xff) * 1099511628211
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
