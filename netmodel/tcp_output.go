package netmodel

// This file turns the send queue into segments (net/ipv4/tcp_output.c).

// segment fills the segment of the next flight with what every one of this connection carries.
func (s *Socket) segment(flags Flags, seq uint32) *Segment {
	g := &s.net().flights.next().seg
	*g = Segment{
		Src: Endpoint{s.flow.local, s.flow.localPort}, Dst: Endpoint{s.flow.remote, s.flow.remotePort},
		Seq: seq, Flags: flags, TTL: s.host.profile.TTL, IPID: s.nextIPID(),
	}
	if flags&ACK != 0 {
		g.Ack = s.rcvNxt
	}
	if s.tsOK {
		g.Options.HasTimestamps = true
		g.Options.TSVal = s.tsNow()
		g.Options.TSEcr = s.tsRecent
	}
	return g
}

// nextIPID counts a connection's datagrams (inet_sk's inet_id).
func (s *Socket) nextIPID() uint16 {
	s.ipID++
	return s.ipID
}

// tsNow is the timestamp clock: milliseconds, with an offset of the flow's own (RFC 7323, 5.4).
func (s *Socket) tsNow() uint32 { return tsClock(s.now()) + s.tsOffset }

func tsClock(now Time) uint32 { return uint32(now / 1e6) }

// sendSegment completes g with the window and sends it (__tcp_transmit_skb).
func (s *Socket) sendSegment(g *Segment, why Reason, of EventID, copies uint8) (EventID, txResult) {
	if g.Flags&SYN != 0 {
		g.Window = uint16(min(s.rcvWnd, 65535))
	} else {
		g.Window = s.selectWindow()
	}
	s.addSACK(&g.Options)
	s.segsOut++
	s.lastXmit = s.now()
	if g.Flags&ACK != 0 {
		s.ackSent(g.Ack)
	}
	id, result := s.net().transmit(s.host, g, why, 0, of, copies, s.id)
	if result == txCongested {
		s.enterCWR()
	}
	return id, result
}

// addSACK puts the DSACK and the most recent SACK blocks in, as many as fit: three beside
// timestamps (RFC 2018, 3).
func (s *Socket) addSACK(o *Options) {
	if !s.sackOK || s.state < Established || !s.hasDSACK && s.nsacks == 0 {
		return
	}
	limit := 4
	if o.HasTimestamps {
		limit = 3
	}
	n := 0
	if s.hasDSACK {
		o.SACK[0] = s.dsack
		s.hasDSACK = false
		n++
	}
	for i := 0; i < s.nsacks && n < limit; i++ {
		o.SACK[n] = s.sacks[i]
		n++
	}
	o.NSACK = uint8(n)
}

// ackSent is tcp_event_ack_sent: whatever acknowledgement was due has gone.
func (s *Socket) ackSent(ack uint32) {
	s.stopTimer(&s.compressed)
	if s.quick > 0 {
		s.quick--
		if s.quick == 0 {
			s.ato = s.host.profile.DelayedAckMin // leaving quick ACK mode deflates ATO
		}
	}
	s.ackPending = 0
	s.lastAckSent = ack
	s.stopTimer(&s.delack)
}

// sendAck sends an acknowledgement without data.
func (s *Socket) sendAck(why Reason) {
	if s.state == Closed {
		return
	}
	s.sendSegment(s.segment(ACK, s.sndNxt), why, 0, 0)
}

// sendPiece transmits the piece, for the first time or again.
func (s *Socket) sendPiece(p *piece, why Reason) txResult { return s.sendPieceWith(p, why, 0) }

// sendPieceWith adds flags that belong to this transmission only. A piece that did not leave the
// host stays as it was.
func (s *Socket) sendPieceWith(p *piece, why Reason, extra Flags) txResult {
	flags := p.flags | extra
	if s.state != SynSent {
		flags |= ACK
	}
	g := s.segment(flags, p.seq)
	if p.flags&SYN != 0 {
		s.fillSYN(&g.Options)
	}
	g.Payload = p.data[:len(p.data):len(p.data)]
	id, result := s.sendSegment(g, why, p.first, p.copies)
	if len(p.data) > 0 {
		s.dataSent()
	}
	if result != txSent {
		return result
	}
	p.sent = s.now()
	p.delivered = s.delivered
	if p.copies == 0 {
		p.first = id
	}
	if p.copies < 255 {
		p.copies++
	}
	return txSent
}

// dataSent is tcp_event_data_sent: an answer within ATO makes the connection interactive.
func (s *Socket) dataSent() {
	now := s.host.tickOf(s.host.jiffies(s.now()))
	s.lastSent = now
	if now.Sub(s.lastRecv) < s.ato && s.pingPong < 255 {
		s.pingPong++
	}
}

// pushPending sends what may be sent (__tcp_push_pending_frames).
func (s *Socket) pushPending() {
	if s.state == Closed || s.queue.unsent() == nil {
		return
	}
	if s.writeXmit(s.nagleMode(), 0) {
		s.checkProbeTimer()
	}
}

// nagle says how eager to be with a partial segment.
type nagle uint8

const (
	nagleOn  nagle = iota
	nagleOff       // TCP_NODELAY
	naglePush
	nagleCork
)

func (s *Socket) nagleMode() nagle {
	switch {
	case s.pushNow:
		return naglePush
	case s.opt.cork:
		return nagleCork
	case s.opt.noDelay:
		return nagleOff
	}
	return nagleOn
}

// mustWait reports whether a partial segment must wait (tcp_nagle_check): only for another small
// segment that is not acknowledged yet (Minshall's variant).
func (s *Socket) mustWait(mode nagle) bool {
	return mode == nagleCork || mode == nagleOn && s.queue.sent > 0 &&
		after(s.sndSml, s.sndUna) && !after(s.sndSml, s.sndNxt)
}
