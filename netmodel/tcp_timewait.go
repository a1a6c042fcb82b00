package netmodel

import "time"

// TIME_WAIT (RFC 9293, 3.6.1), and the second half of an orphan's FIN_WAIT_2, which Linux spends
// in the same kind of small socket (tcp_timewait_state_process).

// enterTimeWait begins one of the two.
func (s *Socket) enterTimeWait(sub State, d time.Duration) {
	buffered := s.Buffered() > 0
	s.stopTimers()
	s.purge()
	rto := s.rto*4 - s.rto/2
	d = max(d, rto)
	if sub == TimeWait {
		d = s.host.profile.TimeWaitLen
		s.setState(TimeWait)
	} else {
		s.finWaitTail = true
	}
	kind := TimerTimeWait
	if sub == FinWait2 {
		kind = TimerFinWait2
	}
	s.startTimer(&s.timeWait, kind, d)
	if !buffered || !s.orphan {
		s.wake()
	}
}

func (s *Socket) restartTimeWait() {
	s.startTimer(&s.timeWait, TimerTimeWait, s.host.profile.TimeWaitLen)
}

func (s *Socket) timeWaitEnds() { s.done(OK) }

func (s *Socket) timeWaitReceive(seg *Segment) {
	paws := s.tsOK && seg.Options.HasTimestamps && s.pawsReject(seg)
	if s.finWaitTail {
		s.finWaitReceive(seg, paws)
		return
	}
	end := seg.Seq + seg.SeqLen()
	rst := seg.Flags&RST != 0
	if !paws && seg.Seq == s.rcvNxt && (seg.Seq == end || rst) {
		if rst {
			if !s.host.profile.RFC1337 {
				s.done(OK) // TIME_WAIT assassination (RFC 1337)
			}
			return
		}
		s.restartTimeWait()
		s.noteTimestamp(seg)
		return
	}
	newer := seg.Options.HasTimestamps && s.tsOK && int32(s.tsRecent-seg.Options.TSVal) < 0
	if seg.Flags&(SYN|RST|ACK) == SYN && !paws && (after(seg.Seq, s.rcvNxt) || newer) {
		s.reopen(seg)
		return
	}
	if rst {
		return
	}
	if paws || seg.Flags&ACK != 0 {
		s.restartTimeWait()
	}
	if !s.oowLimited(seg) {
		s.timeWaitAck()
	}
}

// reopen: a new SYN for the same ports takes the place of the old connection (RFC 1122,
// 4.2.2.13). Its sequence numbers begin behind the old ones.
func (s *Socket) reopen(seg *Segment) {
	h := s.host
	iss := s.sndNxt + 65535 + 2
	if iss == 0 {
		iss++
	}
	l := h.listener(seg.Dst)
	if l == nil {
		if !s.oowLimited(seg) {
			s.timeWaitAck()
		}
		return
	}
	s.done(OK)
	l.acceptSYN(seg, iss, true)
}

// finWaitReceive is the part for FIN_WAIT_2.
func (s *Socket) finWaitReceive(seg *Segment, paws bool) {
	end := seg.Seq + seg.SeqLen()
	if paws || !inWindow(seg.Seq, end, s.rcvNxt, s.rcvNxt+s.rcvWnd) {
		if !s.oowLimited(seg) {
			s.timeWaitAck()
		}
		return
	}
	if seg.Flags&RST != 0 {
		s.done(OK)
		return
	}
	if seg.Flags&SYN != 0 && !before(seg.Seq, s.rcvNxt) {
		s.resetTail(seg)
		return
	}
	if seg.Flags&ACK == 0 || !after(end, s.rcvNxt) || end == seg.Seq {
		return
	}
	if seg.Flags&FIN == 0 || end != s.rcvNxt+1 {
		s.resetTail(seg)
		return
	}
	s.rcvNxt = end
	s.noteTimestamp(seg)
	s.finWaitTail = false
	s.finSeen = true
	s.setState(TimeWait)
	s.restartTimeWait()
	s.timeWaitAck()
}

// resetTail: new data for a connection that is half gone.
func (s *Socket) resetTail(seg *Segment) {
	s.host.sendReset(seg, s, SendResetNoSocket)
	s.done(OK)
}

func (s *Socket) noteTimestamp(seg *Segment) {
	if s.tsOK && seg.Options.HasTimestamps {
		s.tsRecent, s.tsStamp = seg.Options.TSVal, s.now()
	}
}

// timeWaitAck answers with the last acknowledgement (tcp_v4_timewait_ack).
func (s *Socket) timeWaitAck() {
	g := s.segment(ACK, s.sndNxt)
	g.Window = uint16(min(s.rcvWnd>>s.rcvScale, 65535))
	s.segsOut++
	s.net().transmit(s.host, g, SendAck, 0, 0, 0, s.id)
}
