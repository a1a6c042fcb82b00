package netmodel

import "time"

// This file takes segments that arrive for a connection (tcp_rcv_established,
// tcp_rcv_state_process, tcp_validate_incoming).

// receive takes a segment of this connection.
func (s *Socket) receive(now Time, seg *Segment) {
	s.segsIn++
	switch s.state {
	case Closed:
		s.host.refuse(seg)
	case TimeWait:
		s.timeWaitReceive(seg)
	case SynSent:
		s.synSentReceive(seg)
	case SynReceived:
		if s.request.on {
			s.requestReceive(seg)
			return
		}
		s.process(seg)
	default:
		if s.finWaitTail {
			s.timeWaitReceive(seg)
			return
		}
		s.process(seg)
	}
}

// process is RFC 9293, 3.10.7.4, for synchronized states.
func (s *Socket) process(seg *Segment) {
	if seg.Flags&(ACK|RST|SYN) == 0 || !s.acceptable(seg) || seg.Flags&ACK == 0 {
		return
	}
	verdict := s.receiveAck(seg)
	if s.state == Established {
		if verdict < 0 {
			return
		}
	} else if !s.processAckByState(seg, verdict) {
		return
	}
	s.measureRTT(seg)
	switch s.state {
	case CloseWait, Closing, LastAck, FinWait1, FinWait2:
		if s.state != FinWait1 && s.state != FinWait2 && !before(seg.Seq, s.rcvNxt) {
			break // nothing can follow the peer's FIN
		}
		if s.shut&shutRecv != 0 && s.newDataIn(seg) {
			s.abortOnData(seg)
			return
		}
		s.takeData(seg)
	case Established:
		s.takeData(seg)
	default:
		return
	}
	if s.state == Closed || s.state == TimeWait || s.finWaitTail {
		return
	}
	s.pushPending()
	s.noteWriteSpace()
	s.ackCheck()
}

// newDataIn reports whether seg carries, or implies, data that the application has not got.
func (s *Socket) newDataIn(seg *Segment) bool {
	return seg.SeqLen() > 0 && after(seg.Seq+uint32(len(seg.Payload)), s.rcvNxt)
}

// abortOnData: data for an application that closed its ears meets RST (RFC 1122, 4.2.2.13).
func (s *Socket) abortOnData(seg *Segment) {
	s.host.sendReset(seg, s, SendResetNoSocket)
	s.purge()
	s.done(ECONNRESET)
}

// processAckByState does what an acknowledgement does in states other than ESTABLISHED. It reports
// whether to go on with the segment.
func (s *Socket) processAckByState(seg *Segment, verdict int) bool {
	if verdict <= 0 && s.state == SynReceived {
		s.host.sendReset(seg, s, SendResetNoSocket)
		return false
	}
	if verdict < 0 {
		s.challengeAck()
		return false
	}
	allAcked := s.sndUna == s.writeSeq
	switch s.state {
	case SynReceived:
		s.becomeEstablished(seg)
	case FinWait1:
		if allAcked {
			return s.enterFinWait2(seg)
		}
	case Closing:
		if allAcked {
			s.enterTimeWait(TimeWait, 0)
			return false
		}
	case LastAck:
		if allAcked {
			s.done(OK)
			return false
		}
	}
	return true
}

// enterFinWait2: our FIN is acknowledged. An orphan does not wait for ever (tcp_fin_timeout).
func (s *Socket) enterFinWait2(seg *Segment) bool {
	s.setState(FinWait2)
	s.shut |= shutSend
	if !s.orphan {
		s.wake()
		return true
	}
	if s.newDataIn(seg) {
		s.abortOnData(seg)
		return false
	}
	p := s.host.profile
	s.keep.finWait2End = p.FinTimeout
	switch {
	case p.FinTimeout > p.TimeWaitLen:
		s.armKeepalive(p.FinTimeout - p.TimeWaitLen)
	case seg.Flags&FIN != 0:
		s.armKeepalive(p.FinTimeout)
	default:
		s.enterTimeWait(FinWait2, p.FinTimeout)
		return false
	}
	return true
}

// acceptable is RFC 9293's first to fourth check, with RFC 5961's challenges and PAWS.
func (s *Socket) acceptable(seg *Segment) bool {
	if s.tsOK && seg.Options.HasTimestamps && s.pawsReject(seg) && !s.disorderedAck(seg) {
		if seg.Flags&RST == 0 {
			if seg.Flags&SYN != 0 {
				s.challengeAck()
			} else if !s.oowLimited(seg) {
				s.sendDupAck(seg)
			}
			return false
		}
	}
	if !s.inSequence(seg) {
		switch {
		case seg.Flags&RST != 0:
			if s.resetBehindFIN(seg) {
				s.handleReset()
			}
		case seg.Flags&SYN != 0:
			s.challengeAck()
		case !s.oowLimited(seg):
			s.sendDupAck(seg)
		}
		return false
	}
	if seg.Flags&RST != 0 {
		if seg.Seq == s.rcvNxt || s.resetBehindFIN(seg) || s.resetBehindSACK(seg) {
			s.handleReset()
		} else {
			s.challengeAck()
		}
		return false
	}
	if seg.Flags&SYN != 0 {
		if s.state == SynReceived && seg.Flags&ACK != 0 && seg.Seq+1 == s.rcvNxt &&
			seg.Ack == s.sndNxt && len(seg.Payload) == 0 {
			return true // SYN,ACK of a simultaneous open
		}
		s.challengeAck()
		return false
	}
	return true
}

// inSequence is the acceptability test (tcp_sequence). What begins in the window and ends beyond
// is accepted only if nothing waits to be read.
func (s *Socket) inSequence(seg *Segment) bool {
	end := seg.Seq + seg.SeqLen()
	if before(end, s.rcvWup) {
		return false
	}
	edge := s.rcvNxt + s.receiveWindow()
	if seg.Flags&FIN != 0 {
		end-- // some stacks ignore the window with their FIN
	}
	if !after(end, edge) {
		return true
	}
	return !after(seg.Seq, edge) && s.Buffered() == 0
}

// pawsReject is RFC 7323, 5.3: a timestamp older than the last one, which itself is not older than
// 24 days.
func (s *Socket) pawsReject(seg *Segment) bool {
	if int32(s.tsRecent-seg.Options.TSVal) <= 0 || s.tsRecent == 0 {
		return false
	}
	const pawsWindow = 24 * 24 * time.Hour // TCP_PAWS_24DAYS
	return s.now().Sub(s.tsStamp) < pawsWindow
}

// disorderedAck recognizes a pure acknowledgement that was overtaken by data: it is not rejected
// (tcp_disordered_ack).
func (s *Socket) disorderedAck(seg *Segment) bool {
	win := uint32(seg.Window) << s.sndScale
	replay := int32(s.rto.Milliseconds() * 12 / 10)
	return seg.SeqLen() == 0 && seg.Seq == s.rcvNxt && seg.Flags&ACK != 0 && seg.Ack == s.sndUna &&
		!s.mayUpdateWindow(seg.Ack, seg.Seq, win) && int32(s.tsRecent-seg.Options.TSVal) <= replay
}

// resetBehindFIN accepts a RST that is one behind, from a peer that counts its FIN differently
// (tcp_reset_check).
func (s *Socket) resetBehindFIN(seg *Segment) bool {
	return seg.Seq == s.rcvNxt-1 &&
		(s.state == CloseWait || s.state == LastAck || s.state == Closing)
}

// resetBehindSACK accepts a RST at the right edge of what was received out of order.
func (s *Socket) resetBehindSACK(seg *Segment) bool {
	if n := len(s.rcv.ooo); s.sackOK && n > 0 {
		return seg.Seq == s.rcv.ooo[n-1].Right
	}
	return false
}

// handleReset ends the connection because the peer says so (tcp_reset).
func (s *Socket) handleReset() {
	e := ECONNRESET
	switch s.state {
	case SynSent:
		e = ECONNREFUSED
	case CloseWait:
		e = EPIPE
	}
	s.purge()
	s.done(e)
}
