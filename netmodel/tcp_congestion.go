package netmodel

import "time"

const infiniteSsthresh = 0x7fffffff // TCP_INFINITE_SSTHRESH

// congestion is the congestion window and what moves it: slow start and congestion avoidance (RFC
// 5681) with CUBIC (RFC 9438, as in tcp_cubic.c) or Reno, proportional rate reduction (RFC 6937),
// and the validation of the window (RFC 7661).
type congestion struct {
	cwnd, ssthr   int
	cwndCnt       int
	cwndStamp     Time // tick
	cwndUsed      int
	cwndLimited   bool
	maxSent       int // max_packets_out
	cwndUsageSeq  uint32
	cubic         cubic
	reorderedOnly bool
}

// currentSsthresh keeps a window that was in use (tcp_current_ssthresh).
func (s *Socket) currentSsthresh() int {
	if s.caState == caCWR || s.caState == caRecovery {
		return s.ssthr
	}
	return max(s.ssthr, s.cwnd>>1+s.cwnd>>2)
}

// newSsthresh is the threshold after a loss.
func (s *Socket) newSsthresh() int {
	if s.host.profile.Congestion == Reno {
		return max(s.cwnd>>1, 2)
	}
	return s.cubic.loss(s.cwnd)
}

func (s *Socket) congestionLost() {
	if s.host.profile.Congestion == Cubic {
		s.cubic = cubic{}
	}
}

// congestionControl is tcp_cong_control.
func (s *Socket) congestionControl(a *ackState) {
	switch {
	case s.caState == caCWR || s.caState == caRecovery:
		s.reduce(int(s.delivered-a.delivered), s.lostTotal-a.lost, a.flags)
	case s.mayRaise(a.flags):
		s.avoid(a)
	}
}

func (s *Socket) mayRaise(f ackFlags) bool {
	if s.reordering > s.host.profile.Reordering {
		return f&ackForward != 0
	}
	return f&ackDataAcked != 0
}

// avoid grows the window, if it was the limit (tcp_is_cwnd_limited).
func (s *Socket) avoid(a *ackState) {
	useCubic := s.host.profile.Congestion == Cubic
	if useCubic && a.ackRTT >= 0 {
		s.cubic.sample(s, a.ackRTT)
	}
	slow := s.cwnd < s.ssthr
	if !s.cwndLimited && !(slow && s.cwnd < 2*s.maxSent) {
		return
	}
	acked := int(s.delivered - a.delivered)
	if slow {
		before := s.cwnd
		s.cwnd = min(s.cwnd+acked, s.ssthr)
		acked -= s.cwnd - before
		if acked == 0 {
			return
		}
	}
	w := s.cwnd
	if useCubic {
		w = s.cubic.update(s, acked)
	}
	s.avoidBy(w, acked)
}

// avoidBy adds one segment for each w acknowledged (tcp_cong_avoid_ai).
func (s *Socket) avoidBy(w, acked int) {
	if s.cwndCnt >= w {
		s.cwndCnt = 0
		s.cwnd++
	}
	s.cwndCnt += acked
	if s.cwndCnt >= w {
		n := s.cwndCnt / w
		s.cwndCnt -= n * w
		s.cwnd += n
	}
}

// beginReduction is tcp_init_cwnd_reduction.
func (s *Socket) beginReduction() {
	s.highSeq = s.sndNxt
	s.tlpHigh = 0
	s.cwndCnt = 0
	s.priorCwnd = s.cwnd
	s.prrDelivered, s.prrOut = 0, 0
	s.ssthr = s.newSsthresh()
}

// reduce is proportional rate reduction (RFC 6937): during a recovery the window follows what is
// delivered.
func (s *Socket) reduce(delivered, lost int, f ackFlags) {
	if delivered <= 0 || s.priorCwnd == 0 {
		return
	}
	s.prrDelivered += delivered
	room := s.ssthr - s.inFlight()
	n := 0
	if room < 0 {
		n = int((int64(s.ssthr)*int64(s.prrDelivered)+int64(s.priorCwnd)-1)/int64(s.priorCwnd)) -
			s.prrOut
	} else {
		n = max(s.prrDelivered-s.prrOut, delivered)
		if f&ackUnaAdvanced != 0 && lost == 0 {
			n++
		}
		n = min(room, n)
	}
	if s.prrOut == 0 {
		n = max(n, 1) // force a fast retransmission at the beginning
	}
	s.cwnd = s.inFlight() + max(n, 0)
}

func (s *Socket) endReduction() {
	if s.ssthr < infiniteSsthresh && (s.caState == caCWR || s.undoMarkerSet) {
		s.cwnd = s.ssthr
		s.cwndStamp = s.tickNow()
	}
}

// cwndValidate keeps track of whether the window is the limit; one that is not used for an RTO
// shrinks (tcp_cwnd_validate; RFC 7661).
func (s *Socket) cwndValidate(limited bool) {
	if !before(s.sndUna, s.cwndUsageSeq) || limited ||
		!s.cwndLimited && s.queue.sent > s.maxSent {
		s.cwndLimited = limited
		s.maxSent = s.queue.sent
		s.cwndUsageSeq = s.sndNxt
	}
	now := s.tickNow()
	if s.cwndLimited || s.cwnd < s.ssthr && s.cwnd < 2*s.maxSent {
		s.cwndUsed = 0
		s.cwndStamp = now
		return
	}
	s.cwndUsed = max(s.cwndUsed, s.queue.sent)
	if s.host.profile.SlowStartAfterIdle && now.Sub(s.cwndStamp) >= s.rto {
		s.applicationLimited()
	}
}

func (s *Socket) applicationLimited() {
	if s.caState == caOpen && !s.orphan && !s.noSpace {
		used := max(s.cwndUsed, s.host.profile.InitialWindow)
		if used < s.cwnd {
			s.ssthr = s.currentSsthresh()
			s.cwnd = (s.cwnd + used) >> 1
		}
		s.cwndUsed = 0
	}
	s.cwndStamp = s.tickNow()
}

// restartAfterIdle halves the window for each RTO of silence, down to the initial one
// (tcp_slow_start_after_idle_check; RFC 2861).
func (s *Socket) restartAfterIdle() {
	p := s.host.profile
	if !p.SlowStartAfterIdle || s.queue.sent > 0 {
		return
	}
	idle := s.tickNow().Sub(s.lastSent)
	if idle <= s.rto {
		return
	}
	least := min(p.InitialWindow, s.cwnd)
	s.ssthr = s.currentSsthresh()
	for idle -= s.rto; idle > 0 && s.cwnd > least; idle -= s.rto {
		s.cwnd >>= 1
	}
	s.cwnd = max(s.cwnd, least)
	s.cwndStamp = s.tickNow()
	s.cwndUsed = 0
}

// transmitStart: CUBIC's clock stands still while nothing is sent.
func (s *Socket) transmitStart() {
	c := &s.cubic
	if idle := s.now().Sub(s.lastSent); c.epochSet && idle > 0 {
		c.epoch = min(c.epoch.Add(idle), s.now())
	}
}

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
