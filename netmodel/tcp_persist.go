package netmodel

import "time"

// The persist timer (RFC 9293, 3.8.6.1; tcp_probe_timer).

// checkProbeTimer starts the persist timer when data waits for a window and nothing is under way
// (tcp_check_probe_timer; RFC 9293, 3.8.6.1).
func (s *Socket) checkProbeTimer() {
	if s.queue.sent == 0 && s.xmit.pending == 0 {
		s.startTimer(&s.xmit, TimerPersist, s.probeBase())
	}
}

func (s *Socket) probeBase() time.Duration { return max(s.rto, s.host.profile.RTOMin) }

// probeWhen is the wait for the next zero-window probe (tcp_probe0_when).
func (s *Socket) probeWhen() time.Duration {
	p := s.host.profile
	most := 1
	for p.RTOMin<<most <= p.RTOMax {
		most++
	}
	return min(s.probeBase()<<min(most, s.backoff), p.RTOMax)
}

// clampProbe makes the persist timer fire in time for the user timeout
// (tcp_clamp_probe0_to_user_timeout).
func (s *Socket) clampProbe(when time.Duration) time.Duration {
	u := s.opt.userTimeout
	if u == 0 || s.keep.probeStamp == 0 {
		return when
	}
	left := max(u-s.now().Sub(s.keep.probeStamp), s.host.profile.Tick)
	return min(when, left)
}

// probeTimer is tcp_probe_timer. As long as probes are answered they go on for ever (RFC 9293,
// 3.8.6.1).
func (s *Socket) probeTimer() {
	if s.queue.sent > 0 || s.queue.unsent() == nil {
		s.keep.probes, s.keep.probeStamp = 0, 0
		return
	}
	p := s.host.profile
	now := s.tickNow()
	u := s.opt.userTimeout
	if s.keep.probeStamp == 0 {
		s.keep.probeStamp = now
	} else if u > 0 && now.Sub(s.keep.probeStamp) >= u {
		s.giveUp()
		return
	}
	most := p.Retries2
	if s.orphan {
		alive := s.rto<<min(s.backoff, 20) < p.RTOMax
		most = s.orphanRetries(alive)
		if !alive && s.backoff >= most {
			s.giveUp()
			return
		}
	}
	if s.keep.probes >= most {
		s.giveUp()
		return
	}
	s.sendProbe0()
}

// sendProbe0 is tcp_send_probe0.
func (s *Socket) sendProbe0() {
	result := s.writeWakeup(SendWindowProbe)
	if s.queue.sent > 0 || s.queue.unsent() == nil {
		s.keep.probes, s.keep.probeStamp, s.backoff = 0, 0, 0
		return
	}
	s.keep.probes++
	if result == txCongested {
		s.startTimer(&s.xmit, TimerPersist, s.clampProbe(resourceProbe))
		return
	}
	if s.backoff < s.host.profile.Retries2 {
		s.backoff++
	}
	s.startTimer(&s.xmit, TimerPersist, s.clampProbe(s.probeWhen()))
}

// resourceProbe is the wait after the host itself could not send: senders fight for local resources
// conservatively (TCP_RESOURCE_PROBE_INTERVAL).
const resourceProbe = time.Second / 2
