package netmodel

import "time"

const cubicShift = 10 // BICTCP_HZ: CUBIC's clock has 1024 ticks a second

// cubic is the state of tcp_cubic.c; all windows are in segments.
type cubic struct {
	cnt         int
	lastMax     int
	lastCwnd    int
	lastTime    Time
	origin      int
	k           int64 // time to the plateau, in 1/1024 s
	delayMin    int64 // microseconds
	epoch       Time
	epochSet    bool
	ackCnt      int
	tcpCwnd     int
	roundStart  Time
	endSeq      uint32
	lastAck     Time
	currRTT     int64
	samples     int
	found       bool
	roundActive bool
}

const (
	cubicBeta      = 717 // of 1024: the window after a loss
	cubicScale     = 41
	cubicBetaScale = 8 * (1024 + cubicBeta) / 3 / (1024 - cubicBeta)
	cubicFactor    = (1 << (10 + 3*cubicShift)) / (cubicScale * 10)
	hystartLow     = 16 // segments: below, slow start is not left early
	hystartSamples = 8
)

func (c *cubic) loss(cwnd int) int {
	c.epochSet = false
	if cwnd < c.lastMax {
		c.lastMax = cwnd * (1024 + cubicBeta) / (2 * 1024) // fast convergence
	} else {
		c.lastMax = cwnd
	}
	return max(cwnd*cubicBeta/1024, 2)
}

// update returns how many acknowledged segments the next increase takes (bictcp_update).
func (c *cubic) update(s *Socket, acked int) int {
	now := s.tickNow()
	cwnd := s.cwnd
	c.ackCnt += acked
	if c.lastCwnd == cwnd && now.Sub(c.lastTime) <= time.Second/32 {
		return max(c.cnt, 2)
	}
	if c.epochSet && now == c.lastTime {
		return c.friendly(cwnd)
	}
	c.lastCwnd, c.lastTime = cwnd, now
	if !c.epochSet {
		c.epoch, c.epochSet = now, true
		c.ackCnt = acked
		c.tcpCwnd = cwnd
		if c.lastMax <= cwnd {
			c.k, c.origin = 0, cwnd
		} else {
			c.k = cubeRoot(cubicFactor * int64(c.lastMax-cwnd))
			c.origin = c.lastMax
		}
	}
	t := int64(now.Sub(c.epoch)) + c.delayMin*1000
	t = (t << cubicShift) / int64(time.Second)
	offs := t - c.k
	if offs < 0 {
		offs = -offs
	}
	delta := int((cubicScale * 10 * offs * offs * offs) >> (10 + 3*cubicShift))
	target := c.origin + delta
	if t < c.k {
		target = c.origin - delta
	}
	if target > cwnd {
		c.cnt = cwnd / (target - cwnd)
	} else {
		c.cnt = 100 * cwnd
	}
	if c.lastMax == 0 && c.cnt > 20 {
		c.cnt = 20
	}
	return c.friendly(cwnd)
}

// friendly makes CUBIC at least as fast as Reno would be (RFC 9438, 4.3).
func (c *cubic) friendly(cwnd int) int {
	delta := max((cwnd*cubicBetaScale)>>3, 1)
	for c.ackCnt > delta {
		c.ackCnt -= delta
		c.tcpCwnd++
	}
	if c.tcpCwnd > cwnd {
		c.cnt = min(c.cnt, cwnd/(c.tcpCwnd-cwnd))
	}
	c.cnt = max(c.cnt, 2)
	return c.cnt
}

// cubeRoot is the integer cube root.
func cubeRoot(n int64) int64 {
	lo, hi := int64(0), int64(1)<<21
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if mid*mid*mid <= n {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// sample is HyStart (RFC 9406's ancestor in tcp_cubic.c): slow start ends before there is a loss,
// when a train of acknowledgements spans half a round trip, or when the round trip grows.
func (c *cubic) sample(s *Socket, us int64) {
	if c.epochSet && s.now().Sub(c.epoch) < time.Second {
		return // discard the samples right after a loss
	}
	us = max(us, 1)
	if c.delayMin == 0 || c.delayMin > us {
		c.delayMin = us
	}
	if c.found || s.cwnd >= s.ssthr || s.cwnd < hystartLow {
		return
	}
	now := s.now()
	if !c.roundActive || after(s.sndUna, c.endSeq) {
		c.roundActive = true
		c.roundStart, c.lastAck = now, now
		c.endSeq = s.sndNxt
		c.currRTT, c.samples = 1<<62, 0
	}
	if now.Sub(c.lastAck) <= 2*time.Millisecond {
		c.lastAck = now
		threshold := c.delayMin + hystartAckDelay(s)
		threshold >>= 1 // nothing paces the segments
		if micros(now.Sub(c.roundStart)) > threshold {
			c.found = true
			s.ssthr = s.cwnd
			return
		}
	}
	c.currRTT = min(c.currRTT, us)
	if c.samples < hystartSamples {
		c.samples++
		return
	}
	if c.currRTT > c.delayMin+min(max(c.delayMin>>3, 4000), 16000) {
		c.found = true
		s.ssthr = s.cwnd
	}
}

// hystartAckDelay is how long a burst of 64 KiB, four times, would take at the pacing rate, at most
// one millisecond.
func hystartAckDelay(s *Socket) int64 {
	if s.srtt == 0 {
		return 0
	}
	rate := int64(s.mss) * int64(s.cwnd) * 2 * 8e6 / s.srtt // bytes a second
	if rate == 0 {
		return 0
	}
	return min(1000, 65536*4*1e6/rate)
}
