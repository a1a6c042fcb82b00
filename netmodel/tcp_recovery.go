package netmodel

// The states of congestion control (tcp_ca_state).
type caState uint8

const (
	caOpen caState = iota
	caDisorder
	caCWR
	caRecovery
	caLoss
)

// recovery is what the sender knows of losses.
type recovery struct {
	caState         caState
	sackedOut       int
	lostOut         int
	retransOut      int
	lostTotal       int
	totalRetrans    int
	delivered       uint32
	highSeq         uint32 // SND.NXT when the present state began
	sackHigh        uint32
	reordering      int
	reordSeen       int
	dsackDups       int
	rack            rack
	tlpHigh         uint32 // SND.NXT at the tail loss probe; 0: none is out
	tlpRetrans      bool
	frto            bool
	undoMarker      uint32
	undoMarkerSet   bool
	undoRetrans     int
	retransStamp    Time // of the first retransmission
	retransStampSet bool
	recoverySent    bool // the first retransmission of this recovery went out
	priorSsthresh   int
	priorCwnd       int
	prrDelivered    int
	prrOut          int
}

// inFlight is RFC 6675's pipe.
func (s *Socket) inFlight() int { return s.queue.sent - s.sackedOut - s.lostOut + s.retransOut }

// react is the state machine of tcp_fastretrans_alert.
func (s *Socket) react(a *ackState, dups int) rexmit {
	if s.queue.sent == 0 {
		s.sackedOut = 0
	}
	if a.flags&ackReneging != 0 {
		s.reneged()
		a.flags &^= ackSetTimer
		return rexmitNone
	}
	if s.caState == caOpen {
		s.retransStampSet = false
	} else if !before(s.sndUna, s.highSeq) {
		switch s.caState {
		case caCWR:
			if s.sndUna != s.highSeq {
				s.endReduction()
				s.caState = caOpen
			}
		case caRecovery:
			if !s.sackOK {
				s.sackedOut = 0
			}
			if s.undoRecovery(a) {
				return rexmitNone
			}
			s.endReduction()
		}
	}
	switch s.caState {
	case caRecovery:
		return s.inRecovery(a, dups)
	case caLoss:
		r := s.inLoss(a, dups)
		s.identifyLoss(a)
		if s.caState != caOpen && a.flags&ackLostRetrans == 0 {
			return r
		}
	}
	if !s.sackOK {
		if a.flags&ackUnaAdvanced != 0 {
			s.sackedOut = 0
		}
		s.addRenoSACK(dups)
	}
	if s.caState <= caDisorder {
		s.undoByDSACK()
	}
	s.identifyLoss(a)
	if s.lostOut == 0 {
		s.tryToOpen()
		return rexmitNone
	}
	s.enterRecovery()
	return rexmitLost
}

func (s *Socket) inRecovery(a *ackState, dups int) rexmit {
	if a.flags&ackUnaAdvanced == 0 {
		if !s.sackOK {
			s.addRenoSACK(dups)
		}
	} else if s.undoPartial(a) {
		return rexmitNone
	}
	if s.undoByDSACK() {
		s.tryToOpen()
	}
	s.identifyLoss(a)
	if s.caState != caRecovery {
		if s.lostOut == 0 {
			return rexmitNone
		}
		s.enterRecovery()
	}
	return rexmitLost
}

// inLoss is tcp_process_loss, with F-RTO (RFC 5682, 3.1): after a timeout new data is sent first if
// the first acknowledgement advances, since the timeout may have been spurious.
func (s *Socket) inLoss(a *ackState, dups int) rexmit {
	recovered := !before(s.sndUna, s.highSeq)
	if a.flags&ackUnaAdvanced != 0 && s.undoLoss(a, false) {
		return rexmitNone
	}
	if s.frto {
		if a.flags&ackOrigSacked != 0 && s.undoLoss(a, true) {
			return rexmitNone
		}
		if after(s.sndNxt, s.highSeq) {
			if a.flags&ackDataSacked != 0 || dups > 0 {
				s.frto = false // the loss was real
			}
		} else if a.flags&ackUnaAdvanced != 0 && !recovered {
			s.highSeq = s.sndNxt
			if s.queue.unsent() != nil && after(s.sndUna+s.sndWnd, s.sndNxt) {
				return rexmitNew
			}
			s.frto = false
		}
	}
	if recovered {
		s.undoRecovery(a)
		return rexmitNone
	}
	if !s.sackOK {
		if after(s.sndNxt, s.highSeq) && dups > 0 {
			s.addRenoSACK(dups)
		} else if a.flags&ackUnaAdvanced != 0 {
			s.sackedOut = 0
		}
	}
	return rexmitLost
}

// addRenoSACK counts a duplicate ACK as one delivered segment, for peers without SACK
// (tcp_add_reno_sack).
func (s *Socket) addRenoSACK(dups int) {
	if dups == 0 {
		return
	}
	before := s.sackedOut
	s.sackedOut += dups
	s.limitRenoSACKs(0)
	if n := s.sackedOut - before; n > 0 {
		s.delivered += uint32(n)
	}
}

// limitRenoSACKs: more duplicate ACKs than segments can have caused mean reordering.
func (s *Socket) limitRenoSACKs(acked int) {
	holes := min(max(s.lostOut, 1), s.queue.sent)
	if s.sackedOut+holes > s.queue.sent {
		s.sackedOut = s.queue.sent - holes
		s.reordering = min(s.queue.sent+acked, maxReordering)
		s.reordSeen++
	}
}

// removeRenoSACKs: of what an acknowledgement covers, one piece filled the hole, and the others
// were the cause of duplicate ACKs (tcp_remove_reno_sacks).
func (s *Socket) removeRenoSACKs(acked int, a *ackState) {
	if acked > 0 {
		s.delivered += uint32(max(acked-s.sackedOut, 1))
		s.sackedOut = max(0, s.sackedOut-(acked-1))
	}
	s.limitRenoSACKs(acked)
	if a.flags&ackRetransAcked != 0 {
		a.flags &^= ackOrigSacked
	}
}

// enterRecovery begins fast recovery (tcp_enter_recovery; RFC 6675, RFC 6937).
func (s *Socket) enterRecovery() {
	if !s.anyRetransDone() {
		s.retransStampSet = false
	}
	s.priorSsthresh = 0
	s.initUndo()
	if s.caState != caCWR && s.caState != caRecovery {
		s.priorSsthresh = s.currentSsthresh()
		s.beginReduction()
	}
	s.caState = caRecovery
	s.recoverySent = false
}
