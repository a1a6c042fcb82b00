package netmodel

import "time"

// What a retransmission timeout does to the scoreboard, and how losses are found.

// identifyLoss finds new losses: by RACK with SACK, else by duplicate ACKs (RFC 6582).
func (s *Socket) identifyLoss(a *ackState) {
	if s.queue.sent == 0 {
		return
	}
	if !s.sackOK || !s.host.profile.RACK {
		advanced := a.flags&ackUnaAdvanced != 0
		if s.caState < caRecovery && s.sackedOut >= s.reordering ||
			s.caState == caRecovery && advanced {
			if p := s.queue.at(0); p.marks&markLost == 0 {
				s.markAsLost(p)
			}
		}
		return
	}
	retrans := s.retransOut
	if s.rack.advanced {
		s.rack.advanced = false
		if wait := s.detectLoss(); wait > 0 {
			s.armReorder(wait)
			a.flags &^= ackSetTimer
		}
	}
	if retrans > s.retransOut {
		a.flags |= ackLostRetrans
	}
}

func (s *Socket) armReorder(us int64) {
	d := time.Duration(us)*time.Microsecond + 2*time.Millisecond
	s.startTimer(&s.xmit, TimerReorder, s.host.roundTicks(d))
}

// reorderTimeout: what was only late by then is lost (tcp_rack_reo_timeout).
func (s *Socket) reorderTimeout() {
	before := s.inFlight()
	s.detectLoss()
	if before != s.inFlight() {
		if s.caState != caRecovery {
			s.enterRecovery()
			s.reduce(1, 1, 0)
		}
		s.retransmitLost()
	}
	if s.xmit.pending == 0 || s.xmit.pending == TimerReorder || s.xmit.pending == TimerTLP {
		s.rearmRTO()
	}
}

// enterLoss is what a retransmission timeout does to the congestion state (tcp_enter_loss).
func (s *Socket) enterLoss() {
	fresh := s.caState < caRecovery
	s.markTimeout()
	if s.caState <= caDisorder || !after(s.highSeq, s.sndUna) ||
		s.caState == caLoss && s.retransmits == 0 {
		s.priorSsthresh = s.currentSsthresh()
		s.priorCwnd = s.cwnd
		s.ssthr = s.newSsthresh()
		s.congestionLost()
		s.initUndo()
	}
	s.cwnd = s.inFlight() + 1
	s.cwndCnt = 0
	s.cwndStamp = s.tickNow()
	p := s.host.profile
	if s.caState <= caDisorder && s.sackedOut >= p.Reordering {
		s.reordering = min(s.reordering, p.Reordering)
	}
	s.caState = caLoss
	s.highSeq = s.sndNxt
	s.tlpHigh = 0
	s.frto = p.FRTO && (fresh || s.retransmits > 0)
}

// markTimeout marks what is out as lost, except what was sent a moment ago.
func (s *Socket) markTimeout() {
	q := &s.queue
	if q.sent == 0 {
		return
	}
	reneged := q.at(0).marks&markSacked != 0
	if reneged || !s.sackOK {
		s.sackedOut = 0
	}
	for i := 0; i < q.sent; i++ {
		p := q.at(i)
		if reneged {
			p.marks &^= markSacked
		} else if i > 0 && s.sackOK && s.host.profile.RACK && s.rackTimeout(p, 0) > 0 {
			continue
		}
		s.markAsLost(p)
	}
}

// reneged: the peer has dropped data that it had SACKed. It is given a moment to acknowledge it
// after all, then everything is sent again (tcp_check_sack_reneging).
func (s *Socket) reneged() {
	d := max(time.Duration(s.srtt>>4)*time.Microsecond, 10*time.Millisecond)
	s.armRTO(s.host.roundTicks(d))
}

func (s *Socket) initUndo() {
	s.undoMarker, s.undoMarkerSet = s.sndUna, true
	s.undoRetrans = s.retransOut
	if s.tlpHigh != 0 && s.tlpRetrans {
		s.undoRetrans++
	}
	if s.undoRetrans == 0 {
		s.undoRetrans = -1 // 0 means: may be undone
	}
}

// anyRetransDone is tcp_any_retrans_done.
func (s *Socket) anyRetransDone() bool {
	return s.retransOut > 0 || s.queue.sent > 0 && s.queue.at(0).marks&markEverRetrans != 0
}
