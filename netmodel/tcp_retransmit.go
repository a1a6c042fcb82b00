package netmodel

// resend sends the kernel buffer at place i of the queue again, or as many segments of it as are
// asked for (__tcp_retransmit_skb). It returns how many pieces left: none where the peer has no
// window for them (the first may go all the same), or the host could not send.
func (s *Socket) resend(i, segs int, why Reason) int {
	q := &s.queue
	if p := q.at(i); before(p.seq, s.sndUna) {
		s.trimFront(p)
	}
	p := q.at(i)
	room := int(int32(s.sndUna + s.sndWnd - p.seq))
	if room <= 0 {
		if p.seq != s.sndUna {
			return 0
		}
		room = s.mss
	}
	limit := s.mss * segs
	if limit > room {
		if limit = room - room%s.mss; limit == 0 {
			limit = room
		}
	}
	n := s.cutBuffer(i, limit)
	if n == 1 && len(q.at(i).data) < min(room, s.mss) && s.host.profile.Collapse &&
		p.flags&SYN == 0 {
		s.collapse(i, min(room, s.mss))
	}
	return s.resendPieces(i, n, why)
}

// resendPieces sends n pieces that form one kernel buffer.
func (s *Socket) resendPieces(i, n int, why Reason) int {
	for k := range n {
		p := s.queue.at(i + k)
		extra := Flags(0)
		if k == n-1 && n > 1 && s.host.profile.PushBursts {
			extra = PSH // as for a burst
		}
		result := s.sendPieceWith(p, why, extra)
		if result != txUnreachable { // without a route it does not even count as tried
			s.totalRetrans++
			p.marks |= markEverRetrans
		}
		if result != txSent {
			return k
		}
	}
	return n
}

// cutBuffer makes a kernel buffer of its own of what begins with piece i and has at most limit
// bytes. It returns its number of pieces.
func (s *Socket) cutBuffer(i, limit int) int {
	q := &s.queue
	if len(q.at(i).data) > limit {
		s.fragmentSent(i, limit)
	}
	n, length := 1, len(q.at(i).data)
	for i+n < q.sent && !q.at(i+n).starts && length+len(q.at(i+n).data) <= limit {
		length += len(q.at(i + n).data)
		n++
	}
	for _, j := range [...]int{i, i + n} {
		if j < q.sent && !q.at(j).starts {
			q.at(j).starts = true
			s.wmem += s.host.profile.SkbOverhead
		}
	}
	return n
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
		if next.marks&markSacked != 0 || p.flags&FIN != 0 || next.flags&SYN != 0 || p.record ||
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
	p.record = next.record
	p.marks |= next.marks & markEverRetrans
	s.countMarks(next.marks, -1)
	q.remove(i + 1)
}

// contiguous reports whether b lies right behind a in the arena, so that joining needs no copy.
func contiguous(a, b []byte) bool {
	return len(a) > 0 && cap(a) > len(a) && &a[:len(a)+1][len(a)] == &b[0]
}

// retransmitMarked is tcp_retransmit_skb: resend and count it as a retransmission.
func (s *Socket) retransmitMarked(i, segs int, why Reason) int {
	before := s.queue.at(i).sent
	n := s.resend(i, segs, why)
	for k := range n {
		if p := s.queue.at(i + k); p.marks&markRetrans == 0 {
			p.marks |= markRetrans
			s.retransOut++
		}
	}
	if !s.retransStampSet {
		s.retransStampSet = true
		s.retransStamp = s.now()
		if n == 0 {
			s.retransStamp = before // the first attempt counts, even one that failed
		}
	}
	if s.undoRetrans < 0 {
		s.undoRetrans = 0
	}
	s.undoRetrans += max(n, 1)
	return n
}

// retransmitLost sends what is marked lost again, as far as the congestion window allows
// (tcp_xmit_retransmit_queue).
func (s *Socket) retransmitLost() {
	q := &s.queue
	rearm := false
	for i := 0; i < q.sent; i++ {
		quota := s.cwnd - s.inFlight()
		if quota <= 0 || s.retransOut >= s.lostOut {
			break
		}
		n := s.lostRun(i, quota)
		if n == 0 {
			continue
		}
		why := SendRecovery
		if !s.recoverySent && s.caState == caRecovery {
			why = SendFast
		}
		if n = s.retransmitMarked(i, n, why); n == 0 {
			return
		}
		s.recoverySent = s.recoverySent || why == SendFast
		if s.caState == caCWR || s.caState == caRecovery {
			s.prrOut += n
		}
		if i == 0 && s.xmit.pending != TimerReorder {
			rearm = true
		}
		i += n - 1
	}
	if rearm {
		s.armRTO(s.rto)
	}
}

// lostRun is how many pieces from place i on, of one kernel buffer and at most limit, are lost and
// not on their way again.
func (s *Socket) lostRun(i, limit int) int {
	n := 0
	for i+n < s.queue.sent && n < limit {
		p := s.queue.at(i + n)
		if p.marks&(markLost|markSacked|markRetrans) != markLost || n > 0 && p.starts {
			break
		}
		n++
	}
	return n
}
