package netmodel

import "time"

// This file opens connections: from SYN_SENT (tcp_rcv_synsent_state_process) and from LISTEN
// (tcp_conn_request, tcp_check_req).

// connectSYN sends our SYN (tcp_connect). One that takes the place of an old connection begins
// above its sequence numbers, and echoes its last timestamp (tcp_twsk_unique).
func (s *Socket) connectSYN(old *Socket) {
	h := s.host
	s.advMSS = h.profile.MTU - headersIPv4
	if m := s.opt.maxSegment; m > 0 {
		s.advMSS = min(s.advMSS, m)
	}
	s.mssClamp = h.profile.MTU - headersIPv4
	if m := s.opt.maxSegment; m > 0 {
		s.mssClamp = min(s.mssClamp, m)
	}
	s.mss = s.mssClamp
	s.headerLen = 20
	s.guessRcvMSS()
	mss := s.advMSS
	s.iss = s.chooseISS()
	if old != nil {
		s.iss = old.sndNxt + 65535 + 2
		s.tsRecent, s.tsStamp = old.tsRecent, old.tsStamp
		mss -= tsOptionLen
	}
	s.initialWindow(mss, h.profile.WindowScaling)
	s.sndUna, s.sndNxt, s.writeSeq, s.pushedSeq = s.iss, s.iss, s.iss, s.iss
	s.sndSml = s.iss
	s.rto = h.roundTicks(h.profile.InitialRTO)
	s.retransmits = 0
	s.setState(SynSent)

	p := s.queue.push()
	p.seq, p.end, p.flags = s.iss, s.iss+1, SYN
	s.writeSeq = p.end
	s.pushedSeq = p.end
	s.sendPiece(p, SendHandshake)
	s.retransStamp, s.retransStampSet = s.now(), true
	s.sndNxt = p.end
	s.queue.sent++
	s.armRTO(s.rto)
}

// chooseISS is RFC 6528: a clock of 64 ns, plus a hash of the flow.
func (s *Socket) chooseISS() uint32 {
	h := s.host
	s.tsOffset = uint32(h.flowHash(s.flow, 7))
	return uint32(h.flowHash(s.flow, 3)) + uint32(s.now()>>6)
}

// fillSYN adds a SYN's options. A listener's SYN,ACK offers only what the SYN did; that of a
// simultaneous open is our SYN again, with an ACK (tcp_send_synack).
func (s *Socket) fillSYN(o *Options) {
	p := s.host.profile
	answer := s.request.on
	*o = Options{MSS: uint16(s.mssOffer())}
	if answer && s.tsOK || !answer && p.Timestamps {
		o.HasTimestamps = true
		o.TSVal = s.tsNow()
		o.TSEcr = s.tsRecent
	}
	o.SACKPermitted = answer && s.sackOK || !answer && p.SACK
	if answer && s.scaleOK || !answer && p.WindowScaling {
		o.HasScale = true
		o.WindowScale = int8(s.rcvScale)
	}
}

func (s *Socket) mssOffer() int {
	m := s.host.profile.MTU - headersIPv4
	if u := s.opt.maxSegment; u > 0 {
		m = min(m, u)
	}
	return m
}

// synSentReceive is RFC 9293, 3.10.7.3.
func (s *Socket) synSentReceive(seg *Segment) {
	if seg.Flags&ACK == 0 {
		if seg.Flags&RST == 0 && seg.Flags&SYN != 0 {
			s.simultaneousOpen(seg)
		}
		return
	}
	o := &seg.Options
	if !after(seg.Ack, s.sndUna) || after(seg.Ack, s.sndNxt) ||
		o.HasTimestamps && o.TSEcr != 0 && s.host.profile.Timestamps &&
			(before(o.TSEcr, tsClock(s.retransStamp)+s.tsOffset) || after(o.TSEcr, s.tsNow())) {
		if s.retransmits == 0 && !(after(seg.Ack, s.sndUna) && !after(seg.Ack, s.sndNxt)) {
			// What an old connection answered may have cost us the SYN: try again at once.
			s.armRTO(2 * s.host.profile.Tick) // TCP_TIMEOUT_MIN
		}
		s.host.sendReset(seg, s, SendResetNoSocket)
		return
	}
	if seg.Flags&RST != 0 {
		s.handleReset()
		return
	}
	if seg.Flags&SYN == 0 {
		return
	}
	s.sndWl1 = seg.Seq
	s.peerOptions(seg)
	s.undoSpuriousSYN(o)
	s.tsStamp = s.now()
	s.irs = seg.Seq
	s.rcvNxt, s.rcvWup = seg.Seq+1, seg.Seq+1
	s.receiveAck(seg)
	s.sndWnd = uint32(seg.Window)
	s.maxWnd = max(s.maxWnd, s.sndWnd)
	s.guessRcvMSS()
	s.copied = s.rcvNxt
	s.peeked = s.copied
	s.lastRecv = s.tickNow()
	s.retransStampSet = false
	s.initTransfer()
	s.setState(Established)
	s.wake()
	s.sendAck(SendHandshake)
}

// undoSpuriousSYN: the SYN,ACK answers the first SYN, so that sending it again was not a sign of
// loss (tcp_try_undo_spurious_syn).
func (s *Socket) undoSpuriousSYN(o *Options) {
	if s.retransStampSet && s.undoMarkerSet && o.HasTimestamps &&
		o.TSEcr == tsClock(s.retransStamp)+s.tsOffset {
		s.undoMarkerSet = false
	}
}

// peerOptions takes what a SYN or SYN,ACK offers, as far as we want it too.
func (s *Socket) peerOptions(seg *Segment) {
	p := s.host.profile
	o := &seg.Options
	s.sackOK = o.SACKPermitted && p.SACK
	s.scaleOK = o.HasScale && p.WindowScaling
	if s.scaleOK {
		s.sndScale = uint8(min(max(o.WindowScale, 0), maxScale))
	} else {
		s.sndScale, s.rcvScale = 0, 0
		s.clamp = min(s.clamp, 65535)
	}
	if o.HasTimestamps && p.Timestamps {
		s.tsOK = true
		s.tsRecent, s.tsStamp = o.TSVal, s.now()
		s.headerLen = 20 + tsOptionLen
		s.advMSS -= tsOptionLen
	} else {
		s.tsOK = false
		s.headerLen = 20
	}
	clamp := defaultMSS
	if o.MSS > 0 {
		clamp = int(o.MSS)
	}
	if u := s.opt.maxSegment; u > 0 {
		clamp = min(clamp, u)
	}
	s.mssClamp = clamp
	s.syncMSS()
}

// syncMSS is tcp_sync_mss: the peer's MSS or the interface's, less the options; half of the
// largest window at most.
func (s *Socket) syncMSS() {
	m := min(s.host.profile.MTU-headersIPv4, s.mssClamp)
	m = max(m, 48) // tcp_min_snd_mss
	s.mss = max(m-(s.headerLen-20), 8)
}

const fallbackRTO = 3 * time.Second // TCP_TIMEOUT_FALLBACK

// initTransfer is tcp_init_transfer and what belongs to it: the window begins with ten segments,
// or with one if the SYN was lost more than once (RFC 5681, 3.1).
func (s *Socket) initTransfer() {
	p := s.host.profile
	s.cwnd = p.InitialWindow
	if s.totalRetrans > 1 && s.undoMarkerSet {
		s.cwnd = 1
	}
	s.cwndStamp = s.tickNow()
	s.lastSent = s.tickNow()
	if s.srtt == 0 {
		// No sample from the handshake: RFC 6298, 5.7 (tcp_init_metrics). What Linux remembers of
		// earlier connections to the same host (tcp_metrics) is not modelled.
		us := micros(fallbackRTO)
		s.rttvar, s.mdev, s.mdevMax = us, us, us
		s.rto = s.host.roundTicks(fallbackRTO)
	}
	s.initBufferSpace()
	if s.opt.keepAlive {
		s.armKeepalive(s.opt.keepIdle)
	}
}

// simultaneousOpen: our SYN and the peer's crossed (RFC 9293, figure 8).
func (s *Socket) simultaneousOpen(seg *Segment) {
	s.setState(SynReceived)
	scale, clamp := s.rcvScale, s.clamp
	s.peerOptions(seg)
	// Linux scales what it offers even if the peer does not know scaling: only the answer to a
	// SYN,ACK takes that back (tcp_rcv_synsent_state_process).
	s.rcvScale, s.clamp = scale, clamp
	s.irs = seg.Seq
	s.rcvNxt, s.rcvWup, s.copied = seg.Seq+1, seg.Seq+1, seg.Seq+1
	s.peeked = s.copied
	s.sndWnd = uint32(seg.Window)
	s.sndWl1 = seg.Seq
	s.maxWnd = s.sndWnd
	s.guessRcvMSS()
	if s.queue.sent > 0 {
		p := s.queue.at(0)
		p.marks |= markEverRetrans
		s.sendPiece(p, SendHandshake)
		s.armRTO(s.rto)
	}
}

// becomeEstablished: the ACK of our SYN,ACK came.
func (s *Socket) becomeEstablished(seg *Segment) {
	s.delivered++
	s.retransStampSet = false
	s.initTransfer()
	s.setState(Established)
	s.sndUna = seg.Ack
	s.sndWnd = uint32(seg.Window) << s.sndScale
	s.maxWnd = max(s.maxWnd, s.sndWnd)
	s.sndWl1 = seg.Seq
	s.guessRcvMSS()
	s.wake()
	if s.shut&shutSend != 0 {
		s.setState(FinWait1)
		s.queueFIN()
	}
}
