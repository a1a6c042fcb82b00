package netmodel

import "time"

// This file is a listener's side of the handshake (tcp_conn_request, tcp_check_req,
// reqsk_timer_handler).

// listenReceive is RFC 9293, 3.10.7.2.
func (l *Socket) listenReceive(now Time, seg *Segment) {
	switch {
	case seg.Flags&RST != 0:
		return
	case seg.Flags&ACK != 0:
		l.host.sendReset(seg, l, SendResetNoSocket)
		return
	case seg.Flags&SYN == 0 || seg.Flags&FIN != 0:
		return
	}
	l.acceptSYN(seg, 0, false)
}

// acceptSYN makes a connection request of a SYN, unless the accept queue is full. Linux limits the
// requests too, but then answers with SYN cookies, which an observer can hardly tell.
func (l *Socket) acceptSYN(seg *Segment, iss uint32, fixed bool) {
	h := l.host
	if l.acceptQueueFull() {
		h.net.record(&Record{Kind: SegmentDropped, Reason: DropBacklog, Host: h.id, Socket: l.id,
			Seg: seg, Of: h.net.cause})
		return
	}
	s := h.newSocket()
	s.init()
	s.opt = l.opt
	s.parent = l
	if l.opt.rcvBufLocked {
		s.rcvBuf = l.rcvBuf
	}
	if l.opt.sndBufLocked {
		s.sndBuf = l.sndBuf
	}
	l.children = append(l.children, s)
	s.flow = flow{seg.Dst.Addr, seg.Src.Addr, seg.Dst.Port, seg.Src.Port}
	h.insert(s)
	s.setState(SynReceived)
	s.advMSS = s.mssOffer()
	s.peerOptions(seg)
	s.iss = s.chooseISS()
	if fixed {
		s.iss = iss
	}
	s.irs = seg.Seq
	s.rcvNxt, s.rcvWup, s.copied = seg.Seq+1, seg.Seq+1, seg.Seq+1
	s.peeked = s.copied
	s.sndUna, s.sndNxt = s.iss+1, s.iss+1
	s.writeSeq, s.pushedSeq, s.sndSml = s.iss+1, s.iss+1, s.iss
	s.initialWindow(s.advMSS, s.scaleOK)
	s.sndWnd = uint32(seg.Window)
	s.maxWnd = s.sndWnd
	s.request = requestState{on: true, synSeq: seg.Seq, sent: s.now()}
	s.sendSynAck(SendHandshake)
	s.startTimer(&s.synAckTimer, TimerSynAck, h.profile.InitialRTO)
	s.settle()
}

func (l *Socket) acceptQueueFull() bool { return len(l.acceptQ) > l.backlog }

// sendSynAck sends the SYN,ACK of a request, for the first time or again.
func (s *Socket) sendSynAck(why Reason) {
	g := s.segment(SYN|ACK, s.iss)
	s.fillSYN(&g.Options)
	copies := uint8(min(s.request.retrans, 255))
	id, _ := s.sendSegment(g, why, s.request.first, copies)
	if copies == 0 {
		s.request.first = id
	}
}

// synAckFired is reqsk_timer_handler.
func (s *Socket) synAckFired() {
	r := &s.request
	if !r.on {
		return
	}
	limit := s.host.profile.SynAckRetries
	if n := s.parent.opt.synCount; n > 0 {
		limit = n
	}
	if r.timeouts >= limit {
		s.dropRequest()
		return
	}
	r.retrans++
	s.sendSynAck(SendRTO)
	r.timeouts++
	s.startTimer(&s.synAckTimer, TimerSynAck, s.requestTimeout())
}

func (s *Socket) requestTimeout() time.Duration {
	p := s.host.profile
	return min(p.InitialRTO<<min(s.request.timeouts, 16), p.RTOMax)
}

// dropRequest forgets a connection request without a word.
func (s *Socket) dropRequest() {
	s.parent.removeChild(s)
	s.request.on = false
	s.stopTimers()
	s.settle()
	s.setState(Closed)
	s.forget()
}

func (l *Socket) removeChild(s *Socket) {
	for i, c := range l.children {
		if c == s {
			l.children = append(l.children[:i], l.children[i+1:]...)
			return
		}
	}
}

// requestReceive is tcp_check_req.
func (s *Socket) requestReceive(seg *Segment) {
	r := &s.request
	o := &seg.Options
	paws := s.tsOK && o.HasTimestamps && int32(s.tsRecent-o.TSVal) > 0 && seg.Flags&RST == 0
	kind := seg.Flags & (SYN | ACK | RST)
	if seg.Seq == r.synSeq && kind == SYN && !paws {
		if !s.oowAgain() {
			r.retrans++
			s.sendSynAck(SendHandshake)
			s.startTimer(&s.synAckTimer, TimerSynAck, s.requestTimeout())
		}
		return
	}
	if kind&ACK != 0 && seg.Ack != s.iss+1 {
		s.parent.listenReceive(s.now(), seg)
		return
	}
	end := seg.Seq + seg.SeqLen()
	if paws || !inWindow(seg.Seq, end, s.rcvNxt, s.rcvNxt+s.rcvWnd) {
		if seg.Flags&RST == 0 && !s.oowLimited(seg) {
			s.sendAck(SendDuplicateAck)
		}
		return
	}
	if kind&RST != 0 || kind&SYN != 0 && seg.Seq != r.synSeq {
		if kind&RST == 0 {
			s.host.sendReset(seg, s, SendResetNoSocket)
		}
		s.dropRequest()
		return
	}
	if kind&ACK == 0 {
		return
	}
	s.promote(seg)
}

// inWindow is tcp_in_window.
func inWindow(seq, end, left, right uint32) bool {
	if seq == left || after(end, left) && before(seq, right) {
		return true
	}
	return seq == right && seq == end
}

// promote makes a connection of a request, if the accept queue has room; else the ACK is dropped,
// and the client, which believes to be connected, meets silence (tcp_abort_on_overflow: RST).
func (s *Socket) promote(seg *Segment) {
	l := s.parent
	if l.acceptQueueFull() {
		h := s.host
		if h.profile.AbortOnOverflow {
			h.sendReset(seg, s, SendResetNoSocket)
			s.dropRequest()
			return
		}
		s.request.acked = true
		h.net.record(&Record{Kind: SegmentDropped, Reason: DropBacklog, Host: h.id, Socket: s.id,
			Seg: seg, Of: h.net.cause})
		return
	}
	s.request.on = false
	s.stopTimer(&s.synAckTimer)
	s.totalRetrans = s.request.retrans
	s.lastRecv = s.tickNow()
	s.lastSent = s.tickNow()
	s.sndWnd = uint32(seg.Window) << s.sndScale
	s.maxWnd = s.sndWnd
	s.guessRcvMSS()
	if s.request.retrans == 0 {
		us := max(micros(s.now().Sub(s.request.sent)), 1)
		s.updateMinRTT(us)
		s.estimate(us)
		s.setRTO()
	} else if o := &seg.Options; s.tsOK && o.HasTimestamps && o.TSEcr != 0 {
		us := max(int64(int32(s.tsNow()-o.TSEcr)), 1) * 1000
		s.updateMinRTT(us)
		s.estimate(us)
		s.setRTO()
	}
	s.process(seg)
	if s.state != Closed && s.state != SynReceived {
		l.acceptQ = append(l.acceptQ, s)
		l.wake()
	}
}
