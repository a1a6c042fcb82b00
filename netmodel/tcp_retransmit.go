package netmodel

// retransmit sends the piece at place i of the queue again (__tcp_retransmit_skb). It reports
// whether it could: a piece beyond the peer's window may not go, except the first.
func (s *Socket) resend(i int, why Reason) bool {
	q := &s.queue
	p := q.at(i)
	if before(p.seq, s.sndUna) {
		s.trimFront(p)
	}
	room := int(int32(s.sndUna + s.sndWnd - p.seq))
	if room <= 0 {
		if p.seq != s.sndUna {
			return false
		}
		room = s.mss
	}
	if limit := min(s.mss, room); len(p.data) > limit {
		s.fragmentSent(i, limit)
	} else if len(p.data) < min(room, s.mss) && s.host.profile.Collapse && p.flags&SYN == 0 {
		s.collapse(i, min(room, s.mss))
	}
	p = q.at(i)
	s.totalRetrans++
	p.marks |= markEverRetrans
	s.sendPiece(p, why)
	return true
}

// trimFront drops what is acknowledged of a piece (tcp_trim_head).
func (s *Socket) trimFront(p *piece) {
	n := int(s.sndUna - p.seq)
	if p.flags&SYN != 0 && n > 0 {
		p.flags &^= SYN
		p.seq++
		n--
	}
	n = min(n, len(p.data))
	p.data = p.data[n:]
	p.seq += uint32(n)
	s.wmem -= n
}

// fragmentSent splits a sent piece and keeps the counts right: both halves are as the whole was.
func (s *Socket) fragmentSent(i, length int) {
	m := s.queue.at(i).marks
	s.queue.split(i, length)
	s.countMarks(m, 1)
	s.queue.at(i + 1).copies = s.queue.at(i).copies
}

// countMarks adds n pieces with the given marks to the counts of the scoreboard.
func (s *Socket) countMarks(m uint8, n int) {
	if m&markSacked != 0 {
		s.sackedOut += n
	}
	if m&markRetrans != 0 {
		s.retransOut += n
	}
	if m&markLost != 0 {
		s.lostOut += n
	}
}

// collapse joins the sent pieces behind piece i to it, as long as the result fits into space bytes
// and the peer's window (tcp_retrans_try_collapse): after an outage a retransmission carries
// several small writes at once.
func (s *Socket) collapse(i, space int) {
	q := &s.queue
	if q.at(i).marks&markSacked != 0 {
		return
	}
	for i+1 < q.sent {
		p, next := q.at(i), q.at(i+1)
		if next.marks&markSacked != 0 || p.flags&FIN != 0 || next.flags&SYN != 0 ||
			len(p.data)+len(next.data) > space || after(next.end, s.sndUna+s.sndWnd) {
			return
		}
		s.join(i)
	}
}

// join appends piece i+1 to piece i.
func (s *Socket) join(i int) {
	q := &s.queue
	p, next := q.at(i), q.at(i+1)
	if len(next.data) > 0 {
		if n := len(p.data); contiguous(p.data, next.data) {
			p.data = p.data[:n+len(next.data)]
		} else {
			p.data = s.arena.place(p.data, next.data)
			s.arena.ends(s.sndNxt)
		}
	}
	if next.starts {
		s.wmem -= s.host.profile.SkbOverhead
	}
	p.end = next.end
	p.flags |= next.flags
	p.marks |= next.marks & markEverRetrans
	s.countMarks(next.marks, -1)
	q.remove(i + 1)
}

// contiguous reports whether b lies right behind a in the arena, so that joining needs no copy.
func contiguous(a, b []byte) bool {
	return len(a) > 0 && cap(a) > len(a) && &a[:len(a)+1][len(a)] == &b[0]
}

// retransmitMarked is tcp_retransmit_skb: resend and count it as a retransmission.
func (s *Socket) retransmitMarked(i int, why Reason) bool {
	if !s.resend(i, why) {
		return false
	}
	p := s.queue.at(i)
	if p.marks&markRetrans == 0 {
		p.marks |= markRetrans
		s.retransOut++
	}
	if !s.retransStampSet {
		s.retransStampSet = true
		s.retransStamp = s.now()
	}
	if s.undoRetrans < 0 {
		s.undoRetrans = 0
	}
	s.undoRetrans++
	return true
}

// retransmitLost sends what is marked lost again, as far as the congestion window allows
// (tcp_xmit_retransmit_queue).
func (s *Socket) retransmitLost() {
	q := &s.queue
	rearm := false
	for i := 0; i < q.sent; i++ {
		p := q.at(i)
		if s.cwnd-s.inFlight() <= 0 || s.retransOut >= s.lostOut {
			break
		}
		if p.marks&markLost == 0 || p.marks&(markSacked|markRetrans) != 0 {
			continue
		}
		why := SendRecovery
		if !s.recoverySent && s.caState == caRecovery {
			why = SendFast
			s.recoverySent = true
		}
		if !s.retransmitMarked(i, why) {
			break
		}
		if s.caState == caCWR || s.caState == caRecovery {
			s.prrOut++
		}
		if i == 0 && s.xmit.pending != TimerReorder {
			rearm = true
		}
	}
	if rearm {
		s.armRTO(s.rto)
	}
}
