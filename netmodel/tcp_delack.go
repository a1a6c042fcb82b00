package netmodel

import "time"

// This file decides when what was received is acknowledged (__tcp_ack_snd_check,
// tcp_send_delayed_ack, tcp_cleanup_rbuf; RFC 9293, 3.8.6.3).

// enterQuickAck: the sender needs to hear from us soon (tcp_enter_quickack_mode).
func (s *Socket) enterQuickAck() {
	s.addQuick()
	s.pingPong = 0
	s.ato = s.host.profile.DelayedAckMin
}

// addQuick fills the budget of immediate acknowledgements (tcp_incr_quickack).
func (s *Socket) addQuick() {
	n := int(s.rcvWnd) / (2 * s.rcvMSS)
	if n == 0 {
		n = 2
	}
	s.quick = max(s.quick, min(n, s.host.profile.QuickAcks))
}

// ackCheck decides whether what was received is acknowledged now, later, or compressed with other
// SACKs (__tcp_ack_snd_check).
func (s *Socket) ackCheck() {
	if s.ackPending&ackSched == 0 {
		return
	}
	why := SendAck
	if len(s.rcv.ooo) > 0 || s.hasDSACK {
		why = SendDuplicateAck
	}
	moreThanOne := int(s.rcvNxt-s.rcvWup) > s.rcvMSS &&
		(s.Buffered() < 1 || s.chooseWindow() >= s.rcvWnd)
	if moreThanOne || s.quick > 0 && s.pingPong < s.host.profile.PingPong ||
		s.ackPending&ackNow != 0 {
		s.sendAck(why)
		return
	}
	if len(s.rcv.ooo) == 0 {
		s.delayAck()
		return
	}
	if !s.sackOK || s.host.profile.CompressAcks == 0 {
		s.sendAck(why)
		return
	}
	if s.dupAckNxt != s.rcvNxt {
		s.dupAckNxt, s.dupAckCount = s.rcvNxt, 0
	}
	if s.dupAckCount < 3 {
		s.dupAckCount++
		s.sendAck(why)
		return
	}
	s.compressAck()
}

// compressAck delays a SACK by 5 % of the round trip, 1 ms at most. It is a high resolution timer:
// no ticks.
func (s *Socket) compressAck() {
	if s.compressed.armed() {
		return
	}
	rtt := s.space.rtt
	if s.srtt > 0 && s.srtt < rtt {
		rtt = s.srtt
	}
	d := time.Duration(rtt) * time.Microsecond / 8 / 20
	d = min(d, s.host.profile.CompressAcks)
	s.startTimerAt(&s.compressed, TimerDelayedAck, s.now().Add(d), d)
}

// delayAck arms the delayed acknowledgement (tcp_send_delayed_ack; RFC 9293, 3.8.6.3).
func (s *Socket) delayAck() {
	p := s.host.profile
	ato := s.ato
	if ato > p.DelayedAckMin {
		most := 500 * time.Millisecond
		if s.pingPong >= p.PingPong || s.ackPending&ackPushed != 0 {
			most = p.DelayedAckMax
		}
		if s.srtt > 0 {
			rtt := s.host.roundTicks(time.Duration(s.srtt>>3) * time.Microsecond)
			most = min(most, max(rtt, p.DelayedAckMin))
		}
		ato = min(ato, most)
	}
	ato = min(ato, p.DelayedAckMax)
	due := s.host.expiry(s.now(), ato)
	if s.ackPending&ackTimer != 0 && s.delack.armed() {
		if s.delack.due <= s.now().Add(ato>>2) {
			s.sendAck(SendAck)
			return
		}
		due = min(due, s.delack.due)
	}
	s.ackPending |= ackSched | ackTimer
	s.startTimerAt(&s.delack, TimerDelayedAck, due, ato)
}

// delackFired is tcp_delack_timer_handler.
func (s *Socket) delackFired() {
	if s.state == Closed || s.state == Listen || s.ackPending&ackTimer == 0 {
		return
	}
	s.ackPending &^= ackTimer
	if s.ackPending&ackSched == 0 {
		return
	}
	p := s.host.profile
	if s.pingPong < p.PingPong {
		s.ato = min(s.ato<<1, s.rto) // delayed ACK missed: inflate ATO
	} else {
		// The conversation has stopped: leave interactive mode.
		s.pingPong = 0
		s.ato = p.DelayedAckMin
	}
	s.sendAck(SendDelayedAck)
}

// cleanupRecv is called when the application has read n bytes: it may be time to acknowledge, or
// to announce the window that became free (tcp_cleanup_rbuf).
func (s *Socket) cleanupRecv(n int) {
	if s.state == Closed || s.state == TimeWait || s.state == Listen {
		return
	}
	if s.ackPending&ackSched != 0 {
		small := s.ackPending&ackPushed2 != 0 ||
			s.ackPending&ackPushed != 0 && s.pingPong < s.host.profile.PingPong
		if int(s.rcvNxt-s.rcvWup) > s.rcvMSS || n > 0 && small && s.rcv.mem == 0 {
			s.sendAck(SendAck)
			return
		}
	}
	if n > 0 && s.shut&shutRecv == 0 {
		now := s.receiveWindow()
		if 2*now <= s.clamp {
			if win := s.chooseWindow(); win > 0 && win >= 2*now {
				s.sendAck(SendWindow)
			}
		}
	}
}
