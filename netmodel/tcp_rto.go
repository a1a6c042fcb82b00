package netmodel

import "time"

// The retransmission timer (RFC 6298) and the tail loss probe (RFC 8985, 7).

// armRTO starts the retransmission timer, whatever shared its slot before.
func (s *Socket) armRTO(d time.Duration) {
	kind := TimerRTO
	switch s.state {
	case SynSent:
		kind = TimerSyn
		d = s.clampConnect(d)
	case SynReceived:
		kind = TimerSynAck
	}
	s.startTimer(&s.xmit, kind, min(d, s.host.profile.RTOMax))
}

// rearmRTO restarts the retransmission timer after new data or an acknowledgement (tcp_rearm_rto;
// RFC 6298, 5.1 to 5.3).
func (s *Socket) rearmRTO() {
	if s.queue.sent == 0 {
		s.stopTimer(&s.xmit)
		return
	}
	rto := s.rto
	if s.xmit.pending == TimerReorder || s.xmit.pending == TimerTLP {
		rto = s.host.roundTicks(max(s.rtoDelta(), time.Microsecond))
	}
	s.armRTO(rto)
}

// rtoDelta is how long until the first unacknowledged segment has been out for an RTO.
func (s *Socket) rtoDelta() time.Duration {
	d := s.rto
	if s.queue.sent > 0 {
		d = s.queue.at(0).sent.Add(s.rto).Sub(s.now())
	}
	return d
}

// scheduleProbe arms the tail loss probe in place of the RTO (tcp_schedule_loss_probe; RFC 8985,
// 7.2). It reports whether it did.
func (s *Socket) scheduleProbe(advancing bool) bool {
	p := s.host.profile
	if s.queue.sent == 0 || !s.mayProbe() {
		return false
	}
	timeout := p.InitialRTO
	if s.srtt > 0 {
		timeout = time.Duration(s.srtt>>2) * time.Microsecond
		if s.queue.sent == 1 {
			timeout += p.RTOMin
		} else {
			timeout += 2 * time.Millisecond // TCP_TIMEOUT_MIN_US
		}
		timeout = s.host.roundTicks(timeout)
	}
	rto := s.rto
	if !advancing {
		rto = s.rtoDelta()
	}
	if rto > 0 {
		timeout = min(timeout, s.host.roundTicks(rto))
	}
	s.startTimer(&s.xmit, TimerTLP, min(timeout, p.RTOMax))
	return true
}

// mayProbe reports whether tail loss probes are used at present.
func (s *Socket) mayProbe() bool {
	return s.host.profile.TLP && s.sackOK && (s.caState == caOpen || s.caState == caCWR)
}

// sendLossProbe sends new data if there is any and the window has room, else the last segment
// again (tcp_send_loss_probe).
func (s *Socket) sendLossProbe() {
	if s.tlpHigh != 0 {
		s.rearmRTO() // one probe an episode
		return
	}
	q := &s.queue
	sent := false
	if p := q.unsent(); p != nil && !after(min32(p.end, p.seq+uint32(s.mss)), s.sndUna+s.sndWnd) {
		before := q.sent
		s.writeXmit(nagleOff, xmitProbe)
		sent = q.sent > before
	} else if q.sent > 0 {
		if s.resend(q.sent-1, 1, SendTLP) > 0 {
			sent, s.tlpRetrans = true, true
		}
	}
	if sent {
		s.tlpHigh = s.sndNxt
		s.stopTimer(&s.xmit) // so that the RTO counts from now
	}
	s.rearmRTO()
}

func min32(a, b uint32) uint32 {
	if before(a, b) {
		return a
	}
	return b
}

// retransmitTimer is RFC 6298, 5.4 to 5.6 (tcp_retransmit_timer).
func (s *Socket) retransmitTimer() {
	q := &s.queue
	if q.sent == 0 {
		return
	}
	if s.sndWnd == 0 && !s.orphan && s.state != SynSent && s.state != SynReceived {
		if s.windowTimedOut() {
			s.giveUp()
			return
		}
		s.enterLoss()
		s.retransmitMarked(0, 1, SendRTO)
		s.armRTO(s.clampRTO())
		s.backOff()
		return
	}
	if s.outOfTime() {
		s.giveUp()
		return
	}
	s.enterLoss()
	if s.retransmits == 0 {
		s.rtoStamp = s.now()
	}
	s.retransmits++
	s.totalRTO++
	if s.retransmitMarked(0, 1, SendRTO) == 0 && s.host.congested {
		s.armRTO(resourceProbe)
		return
	}
	s.backOff()
	s.armRTO(s.clampRTO())
}

// backOff doubles the timeout, up to the limit; SYNs keep it for tcp_syn_linear_timeouts.
func (s *Socket) backOff() {
	p := s.host.profile
	thin := p.ThinLinear && s.queue.sent < 4 && !s.inInitialSlowstart()
	if s.state == Established && thin && s.retransmits <= 6 {
		s.backoff = 0
		s.setRTO()
		return
	}
	if s.state != SynSent || s.totalRTO > p.SynLinear {
		s.backoff++
		s.rto = min(2*s.rto, p.RTOMax)
	}
}

func (s *Socket) inInitialSlowstart() bool { return s.ssthr >= infiniteSsthresh }

// windowTimedOut: a peer that shrank its window to nothing, and then is silent, is given twice the
// longest RTO, or the user timeout (tcp_rtx_probe0_timed_out).
func (s *Socket) windowTimedOut() bool {
	limit := 2 * s.host.profile.RTOMax
	since := s.queue.at(0).sent
	if s.retransStampSet {
		since = s.retransStamp
	}
	trying := s.now().Sub(since)
	if u := s.opt.userTimeout; u > 0 {
		if trying > u {
			return true
		}
		limit = min(limit, u)
	}
	return s.now().Sub(s.keep.rcvStamp) > limit && trying > limit
}

func (s *Socket) synRetries() int {
	n := s.host.profile.SynRetries
	if s.opt.synCount > 0 {
		n = s.opt.synCount
	}
	if s.state == SynSent {
		n += s.host.profile.SynLinear
	}
	return n
}

// outOfTime decides whether to give up instead of retransmitting once more (tcp_write_timeout).
func (s *Socket) outOfTime() bool {
	p := s.host.profile
	if over, decided := s.ownOutOfTime(); decided {
		return over
	}
	until := p.Retries2
	switch {
	case s.state == SynSent || s.state == SynReceived:
		if s.retransmits >= s.synRetries() {
			return true
		}
		until = s.synRetries()
		if s.state == SynSent {
			until -= p.SynLinear
		}
	case s.orphan:
		until = s.orphanRetries(s.rto < p.RTOMax)
	}
	return s.retransmitsTimedOut(until, s.opt.userTimeout)
}

// orphanRetries: a socket without an application is given eight retries, and none if an ICMP error
// said that there is no hope (tcp_orphan_retries).
func (s *Socket) orphanRetries(alive bool) int {
	n := s.host.profile.OrphanRetries
	if s.softErr != OK && !alive {
		n = 0
	}
	if n == 0 && alive {
		n = 8
	}
	return n
}

// retransmitsTimedOut compares the time since the first retransmission with what the given number
// of doublings of the smallest RTO would take, not with a count (retransmits_timed_out).
func (s *Socket) retransmitsTimedOut(boundary int, timeout time.Duration) bool {
	if s.retransmits == 0 {
		return false
	}
	p := s.host.profile
	if timeout == 0 {
		base := p.RTOMin
		if s.state == SynSent || s.state == SynReceived {
			base = p.InitialRTO
		}
		timeout = modelTimeout(boundary, base, p.RTOMax)
	}
	elapsed := s.now()/1e6 - s.retransStamp/1e6 // the kernel compares milliseconds
	return elapsed >= Time(timeout/time.Millisecond)
}

// modelTimeout is tcp_model_timeout: base doubled boundary times, each at most limit, summed.
func modelTimeout(boundary int, base, limit time.Duration) time.Duration {
	doublings := 0
	for base<<(doublings+1) <= limit {
		doublings++
	}
	if boundary <= doublings {
		return (2<<boundary - 1) * base
	}
	return (2<<doublings-1)*base + time.Duration(boundary-doublings)*limit
}

// clampRTO makes the retransmission timer fire in time for the user timeout
// (tcp_clamp_rto_to_user_timeout).
func (s *Socket) clampRTO() time.Duration {
	u := s.opt.userTimeout
	if u == 0 || !s.retransStampSet {
		return s.rto
	}
	left := u - s.now().Sub(s.retransStamp)
	return min(s.rto, max(left, s.host.profile.Tick))
}

// giveUp ends the connection without a word to the peer (tcp_write_err).
func (s *Socket) giveUp() {
	e := ETIMEDOUT
	if s.softErr != OK {
		e = s.softErr
	}
	s.purge()
	s.done(e)
}
