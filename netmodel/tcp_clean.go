package netmodel

// clean takes what is acknowledged off the queue, and measures round trips
// (tcp_clean_rtx_queue).
func (s *Socket) clean(a *ackState, priorHigh uint32) {
	q := &s.queue
	reord := a.reord
	acked := 0
	for q.sent > 0 {
		p := q.at(0)
		if after(p.end, s.sndUna) {
			break
		}
		s.cleanPiece(p, a, &reord)
		s.uncharge()
		q.popFront()
		acked++
	}
	s.arena.release(s.sndUna)
	if q.sent > 0 && q.at(0).marks&markSacked != 0 {
		a.flags |= ackReneging
	}
	updated := s.ackRTTs(a)
	if a.flags&ackAcked != 0 {
		a.flags |= ackSetTimer
		if !s.sackOK {
			s.removeRenoSACKs(acked, a)
		} else if before(reord, priorHigh) {
			s.checkReordering(reord)
		}
	} else if q.sent > 0 && updated && a.hasSack && a.firstSack < q.at(0).sent {
		// Not if the RTT was measured from data sent after the first piece's last transmission: its
		// timeout would be put off again and again.
		a.flags |= ackSetTimer
	}
}

// uncharge takes the first piece off the send buffer's account. What its kernel buffer costs beside
// the payload stays charged until the last of its pieces goes (tcp_tso_acked, tcp_trim_head).
func (s *Socket) uncharge() {
	q := &s.queue
	p := q.at(0)
	s.wmem -= len(p.data)
	switch {
	case !p.starts:
	case q.n > 1 && !q.at(1).starts:
		q.at(1).starts = true
	default:
		s.wmem -= s.host.profile.SkbOverhead
	}
}

func (s *Socket) cleanPiece(p *piece, a *ackState, reord *uint32) {
	switch {
	case p.marks&(markRetrans|markEverRetrans) != 0:
		if p.marks&markRetrans != 0 {
			s.retransOut--
		}
		a.flags |= ackRetransAcked
	case p.marks&markSacked == 0:
		a.lastSent = p.sent
		if !a.hasAcked {
			a.hasAcked, a.firstSent = true, p.sent
		}
		*reord = min32(*reord, p.seq)
		if !after(p.end, s.highSeq) {
			a.flags |= ackOrigSacked
		}
	}
	if p.marks&markSacked != 0 {
		s.sackedOut--
	} else if s.sackOK {
		s.delivered++
		if !s.spuriousRetrans(p, a) {
			s.rackAdvance(p)
		}
	}
	if p.marks&markLost != 0 {
		s.lostOut--
	}
	if p.flags&SYN != 0 {
		a.flags |= ackSynAcked
		s.retransStampSet = false
	} else {
		a.flags |= ackDataAcked
	}
}

// spuriousRetrans: the timestamp echoed is older than the retransmission: the original arrived.
func (s *Socket) spuriousRetrans(p *piece, a *ackState) bool {
	return p.marks&(markRetrans|markEverRetrans) != 0 && s.echoBefore(a, p.sent)
}

// echoBefore reports whether the echoed timestamp was taken before t.
func (s *Socket) echoBefore(a *ackState, t Time) bool {
	return a.sawTS && a.echo != 0 && before(a.echo, tsClock(t)+s.tsOffset)
}

// probeAcked is what an acknowledgement says about a tail loss probe (tcp_process_tlp_ack;
// RFC 8985, 7.4).
func (s *Socket) probeAcked(a *ackState) {
	if before(a.ack, s.tlpHigh) {
		return
	}
	switch {
	case !s.tlpRetrans || a.flags&ackDSACKProbe != 0:
		s.tlpHigh = 0 // new data, or both copies arrived: no loss
	case after(a.ack, s.tlpHigh):
		// The probe repaired a loss: reduce the window once.
		s.beginReduction()
		s.caState = caCWR
		s.endReduction()
		s.keepOpen()
	case a.flags&(ackUnaAdvanced|ackNotDup|ackDataSacked) == 0:
		s.tlpHigh = 0
	}
}
