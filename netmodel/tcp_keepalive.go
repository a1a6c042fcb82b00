package netmodel

import "time"

// Keepalive and the limit on FIN_WAIT_2 share a timer (tcp_keepalive_timer).

func (s *Socket) armKeepalive(d time.Duration) {
	kind := TimerKeepalive
	if s.state == FinWait2 && s.orphan {
		kind = TimerFinWait2
	}
	s.startTimer(&s.keepTimer, kind, d)
}

// idle is how long nothing came from the peer (keepalive_time_elapsed).
func (s *Socket) idle() time.Duration {
	return s.tickNow().Sub(max(s.lastRecv, s.keep.rcvStamp))
}

func (s *Socket) keepaliveFired() {
	if s.state == FinWait2 && s.orphan {
		s.finWait2Ends()
		return
	}
	switch s.state {
	case Closed, Listen, SynSent:
		return
	}
	if !s.opt.keepAlive {
		return
	}
	wait := s.opt.keepIdle
	if s.queue.n == 0 { // else retransmission finds out whether the peer is alive
		idle := s.idle()
		if idle < s.opt.keepIdle {
			wait = s.opt.keepIdle - idle
		} else {
			if s.keepaliveFailed(idle) {
				s.sendActiveReset(SendResetGiveUp)
				s.giveUp()
				return
			}
			wait = resourceProbe
			if s.writeWakeup(SendKeepalive) != txCongested {
				s.keep.probes++
				wait = s.opt.keepInterval
			}
		}
	}
	s.armKeepalive(wait)
}

func (s *Socket) keepaliveFailed(idle time.Duration) bool {
	if u := s.opt.userTimeout; u > 0 {
		return idle >= u && s.keep.probes > 0
	}
	return s.keep.probes >= s.opt.keepCount
}

// finWait2Ends: an orphan's wait for the peer's FIN ends. What is beyond TIME_WAIT's length the
// full socket waits itself; the rest it spends in a TIME_WAIT-like state (tcp_fin_timeout).
func (s *Socket) finWait2Ends() {
	if rest := s.keep.finWait2End - s.host.profile.TimeWaitLen; rest > 0 {
		s.enterTimeWait(FinWait2, rest)
		return
	}
	s.sendActiveReset(SendReset)
	s.done(OK)
}
