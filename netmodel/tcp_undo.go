package netmodel

// Undoing what was done about a loss that was none (RFC 3522 by timestamps, RFC 3708 by DSACK).

// mayUndo: every retransmission was in vain, or the acknowledgement echoes a time before the first
// of them (tcp_may_undo).
func (s *Socket) mayUndo(a *ackState) bool {
	return s.undoMarkerSet && (s.undoRetrans == 0 || s.packetDelayed(a))
}

// packetDelayed: what was believed lost was only late. An acknowledgement that comes before
// anything was sent again says so, too (tcp_packet_delayed).
func (s *Socket) packetDelayed(a *ackState) bool {
	if s.retransStampSet {
		return s.echoBefore(a, s.retransStamp)
	}
	return s.state != SynSent && (s.sackOK || before(s.sndUna, s.highSeq))
}

// undo restores the congestion window (tcp_undo_cwnd_reduction).
func (s *Socket) undo(unmark bool) {
	if unmark {
		for i := 0; i < s.queue.sent; i++ {
			s.queue.at(i).marks &^= markLost
		}
		s.lostOut = 0
	}
	if s.priorSsthresh > 0 {
		s.cwnd = max(s.cwnd, s.priorCwnd)
		s.ssthr = max(s.ssthr, s.priorSsthresh)
	}
	s.cwndStamp = s.tickNow()
	s.undoMarkerSet = false
	s.rack.advanced = true // look for losses again
}

// undoRecovery ends a recovery whose data is all acknowledged (tcp_try_undo_recovery). It reports
// whether the state must be held on to: without SACK, until something more is acknowledged, since
// old duplicates could begin another one (RFC 6582, 5).
func (s *Socket) undoRecovery(a *ackState) bool {
	if s.mayUndo(a) {
		s.undo(false)
	} else if s.rack.persist > 0 {
		s.rack.persist--
	}
	if s.holdReopen() {
		return true
	}
	s.caState = caOpen
	return false
}

func (s *Socket) holdReopen() bool {
	if s.sndUna != s.highSeq || s.sackOK {
		return false
	}
	if !s.anyRetransDone() {
		s.retransStampSet = false
	}
	return true
}

func (s *Socket) undoByDSACK() bool {
	if !s.undoMarkerSet || s.undoRetrans != 0 {
		return false
	}
	s.rack.persist = min(16, s.rack.persist+1)
	s.undo(false)
	return true
}

func (s *Socket) undoLoss(a *ackState, frto bool) bool {
	if !frto && !s.mayUndo(a) {
		return false
	}
	s.undo(true)
	s.retransmits = 0
	if s.holdReopen() {
		return true
	}
	if frto || s.sackOK {
		s.caState = caOpen
	}
	return true
}

// undoPartial: the hole was filled by the original, not by our retransmission.
func (s *Socket) undoPartial(a *ackState) bool {
	if !s.undoMarkerSet || !s.packetDelayed(a) {
		return false
	}
	s.checkReordering(a.priorUna)
	if s.retransOut > 0 {
		return true
	}
	if !s.anyRetransDone() {
		s.retransStampSet = false
	}
	s.undo(true)
	s.keepOpen()
	return false
}

// tryToOpen is tcp_try_to_open.
func (s *Socket) tryToOpen() {
	if !s.anyRetransDone() {
		s.retransStampSet = false
	}
	if s.caState != caCWR {
		s.keepOpen()
	}
}

// keepOpen is tcp_try_keep_open.
func (s *Socket) keepOpen() {
	state := caOpen
	if s.sackedOut+s.lostOut > 0 || s.anyRetransDone() {
		state = caDisorder
	}
	if s.caState != state {
		s.caState = state
		s.highSeq = s.sndNxt
	}
}
