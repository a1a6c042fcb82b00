package netmodel

const infiniteSsthresh = 0x7fffffff // TCP_INFINITE_SSTHRESH

// congestion is the congestion window and what moves it: slow start and congestion avoidance (RFC
// 5681) with CUBIC (RFC 9438, as in tcp_cubic.c) or Reno, proportional rate reduction (RFC 6937),
// and the validation of the window (RFC 7661).
type congestion struct {
	cwnd, ssthr  int
	cwndCnt      int
	cwndStamp    Time // tick
	cwndUsed     int
	cwndLimited  bool
	maxSent      int // max_packets_out
	cwndUsageSeq uint32
	cubic        cubic
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

// enterCWR reduces the window because the host itself could not send (tcp_enter_cwr).
func (s *Socket) enterCWR() {
	s.priorSsthresh = 0
	if s.caState < caCWR {
		s.undoMarkerSet = false
		s.beginReduction()
		s.caState = caCWR
	}
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
