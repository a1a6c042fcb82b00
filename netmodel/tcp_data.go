package netmodel

// This file receives data and decides when to acknowledge it (tcp_data_queue,
// __tcp_ack_snd_check, tcp_send_delayed_ack).

// takeData is tcp_data_queue.
func (s *Socket) takeData(seg *Segment) {
	end := seg.Seq + seg.SeqLen()
	if end == seg.Seq {
		return
	}
	window := s.receiveWindow()
	switch {
	case seg.Seq == s.rcvNxt:
		if window == 0 && len(seg.Payload) > 0 {
			s.outOfWindow()
			return
		}
		s.takeInOrder(seg)
	case !after(end, s.rcvNxt): // a retransmission of what we have
		s.setDSACK(seg.Seq, end)
		s.outOfWindow()
	case !before(seg.Seq, s.rcvNxt+window):
		s.outOfWindow()
	case before(seg.Seq, s.rcvNxt):
		s.setDSACK(seg.Seq, s.rcvNxt)
		if window == 0 {
			s.outOfWindow()
			return
		}
		s.takeInOrder(seg)
	default:
		s.takeOutOfOrder(seg)
	}
}

func (s *Socket) outOfWindow() {
	s.enterQuickAck()
	s.ackPending |= ackSched
}

// takeInOrder takes a segment that begins at, or before, rcvNxt and ends behind it.
func (s *Socket) takeInOrder(seg *Segment) {
	data := seg.Payload[min(int(s.rcvNxt-seg.Seq), len(seg.Payload)):]
	if len(data) > 0 {
		if !s.roomFor(len(seg.Payload)) {
			s.ackPending |= ackNow | ackSched | ackNoMemory
			s.wake()
			if s.Buffered() > 0 {
				return
			}
		}
		cost := s.rxCost(seg)
		s.rcv.fit(s.copied, s.rcvNxt+uint32(len(data)))
		s.rcv.put(s.rcvNxt, data)
		s.rcvNxt += uint32(len(data))
		s.bytesRecv += uint64(len(data))
		s.rcv.charge(s.rcvNxt, len(seg.Payload), cost)
		s.dataReceived(seg, cost)
	}
	if seg.Flags&FIN != 0 {
		if len(data) == 0 && s.receiveWindow() == 0 {
			s.ackPending |= ackNow // there was no memory for it, but it is taken (ICSK_ACK_NOMEM)
		}
		s.receiveFIN()
	}
	if len(s.rcv.ooo) > 0 {
		s.joinOutOfOrder()
	}
	if s.state != Closed {
		s.wake()
	}
}

// roomFor reports whether the socket's memory limit allows for n more bytes (tcp_can_ingest). If
// not, an unlocked limit follows what is held (tcp_clamp_window), and Linux copies many small
// buffers into few (tcp_prune_queue), which leaves the payload to count.
func (s *Socket) roomFor(n int) bool {
	if s.rcv.mem+n <= s.rcvBuf {
		return true
	}
	s.quick = 0
	if !s.opt.rcvBufLocked {
		s.rcvBuf = max(s.rcvBuf, min(s.rcv.mem, s.host.profile.RcvBuf[2]))
	}
	if s.rcv.mem > s.rcvBuf {
		s.ssthresh = min(s.ssthresh, s.clamp, uint32(2*s.advMSS))
	}
	s.rcv.compact(s.copied, s.host.profile.SkbOverhead)
	return s.rcv.mem+n <= s.rcvBuf
}

// compact counts what is buffered as if it lay in buffers of 16 KiB.
func (q *recvQueue) compact(read uint32, overhead int) {
	if len(q.skbs) == 0 {
		return
	}
	end := q.skbs[len(q.skbs)-1].end
	before := 0
	for _, b := range q.skbs {
		before += b.mem
	}
	length := int(end - read)
	after := length + overhead*(1+length/16384)
	if after < before {
		q.mem += after - before
		q.skbs = append(q.skbs[:0], rxBuffer{end: end, mem: after, parts: maxFragments})
	}
}

// dataReceived keeps the acknowledgement machine up to date (tcp_event_data_recv).
func (s *Socket) dataReceived(seg *Segment, cost rxCost) {
	s.ackPending |= ackSched
	s.measureRcvMSS(seg, cost)
	s.measureRTTByWindow()
	p := s.host.profile
	now := s.tickNow()
	if s.ato == 0 {
		s.addQuick()
		s.ato = p.DelayedAckMin
	} else {
		switch m := now.Sub(s.lastRecv); {
		case m <= p.DelayedAckMin/2:
			s.ato = s.ato>>1 + p.DelayedAckMin/2
		case m < s.ato:
			s.ato = min(s.ato>>1+m, s.rto)
		case m > s.rto:
			s.addQuick() // the peer was idle, and may have a small window now
		}
	}
	s.lastRecv = now
	if len(seg.Payload) >= 128 {
		s.growWindow(len(seg.Payload), cost.truesize)
	}
}

// receiveFIN is tcp_fin.
func (s *Socket) receiveFIN() {
	s.ackPending |= ackSched
	s.shut |= shutRecv
	s.finSeen = true
	s.rcvNxt++
	s.rcv.ooo = s.rcv.ooo[:0]
	s.rcv.mem -= s.rcv.oooMem
	s.rcv.oooMem = 0
	s.nsacks, s.hasDSACK = 0, false
	switch s.state {
	case SynReceived, Established:
		s.setState(CloseWait)
		s.pingPong = s.host.profile.PingPong
	case FinWait1:
		s.sendAck(SendAck)
		s.setState(Closing)
	case FinWait2:
		s.sendAck(SendAck)
		s.enterTimeWait(TimeWait, 0)
	}
	s.wake()
}

// takeOutOfOrder keeps data that came ahead of a hole, and reports it by SACK
// (tcp_data_queue_ofo).
func (s *Socket) takeOutOfOrder(seg *Segment) {
	s.ackPending |= ackSched
	if !s.roomFor(len(seg.Payload)) {
		s.wake()
		return
	}
	cost := s.rxCost(seg)
	s.measureRcvMSS(seg, cost)
	if seg.Flags&FIN != 0 {
		s.finAhead, s.finSeq = true, seg.Seq+uint32(len(seg.Payload))
	}
	b := Block{seg.Seq, seg.Seq + seg.SeqLen()}
	if len(seg.Payload) > 0 {
		end := seg.Seq + uint32(len(seg.Payload))
		s.rcv.fit(s.copied, end)
		s.rcv.put(seg.Seq, seg.Payload)
	}
	if o, ok := s.rcv.overlaps(b); ok {
		s.setDSACK(o.Left, o.Right)
	}
	blocks := len(s.rcv.ooo)
	whole, duplicate := s.rcv.addOutOfOrder(b)
	if !duplicate {
		mem := len(seg.Payload)
		if cost.linear || len(s.rcv.ooo) > blocks {
			mem = cost.truesize
		}
		s.rcv.mem += mem
		s.rcv.oooMem += mem
		if s.sackOK {
			s.growWindow(len(seg.Payload), cost.truesize)
		}
		if s.parent == nil && !s.orphan {
			s.growRecvBuffer(s.space.space)
		}
	}
	if s.sackOK {
		s.newSACK(whole)
	}
}

// newSACK puts the block that the last segment belongs to first (RFC 2018, 4).
func (s *Socket) newSACK(b Block) {
	var list [4]Block
	list[0] = b
	n := 1
	for i := 0; i < s.nsacks && n < len(s.sacks); i++ {
		o := s.sacks[i]
		if !before(o.Left, b.Left) && !after(o.Right, b.Right) {
			continue // it is part of b
		}
		list[n] = o
		n++
	}
	s.sacks, s.nsacks = list, n
}

// joinOutOfOrder moves what the hole that was just filled had kept back (tcp_ofo_queue).
func (s *Socket) joinOutOfOrder() {
	q := &s.rcv
	for len(q.ooo) > 0 && !after(q.ooo[0].Left, s.rcvNxt) {
		b, mem := q.takeBlock()
		if before(b.Left, s.rcvNxt) { // part of it came again with the data that filled the hole
			s.extendDSACK(b.Left, min32(b.Right, s.rcvNxt))
		}
		if !after(b.Right, s.rcvNxt) {
			continue
		}
		end := b.Right
		fin := s.finAhead && end == s.finSeq+1
		if fin {
			end--
		}
		n := int(end - s.rcvNxt)
		s.bytesRecv += uint64(n)
		s.rcvNxt = end
		if !s.host.profile.RxLinear {
			mem = n + s.host.profile.SkbOverhead
		}
		q.charge(end, n, rxCost{truesize: mem, linear: s.host.profile.RxLinear})
		if fin {
			s.receiveFIN()
			break
		}
	}
	if len(q.ooo) == 0 {
		s.ackPending |= ackNow // RFC 5681, 4.2
	}
	s.trimSACKs()
}

// trimSACKs forgets blocks that are now in order (tcp_sack_remove).
func (s *Socket) trimSACKs() {
	n := 0
	for i := 0; i < s.nsacks; i++ {
		if len(s.rcv.ooo) > 0 && after(s.sacks[i].Right, s.rcvNxt) {
			s.sacks[n] = s.sacks[i]
			n++
		}
	}
	s.nsacks = n
}

// setDSACK notes a duplicate to be reported (RFC 2883).
func (s *Socket) setDSACK(left, right uint32) {
	if !s.sackOK || !s.host.profile.DSACK {
		return
	}
	s.dsack, s.hasDSACK = Block{left, right}, true
}

// extendDSACK adds to the duplicate that is noted, if they touch; else the first one stays
// (tcp_dsack_extend).
func (s *Socket) extendDSACK(left, right uint32) {
	switch {
	case !s.hasDSACK:
		s.setDSACK(left, right)
	case !after(left, s.dsack.Right) && !after(s.dsack.Left, right):
		s.setDSACK(min32(left, s.dsack.Left), max32(right, s.dsack.Right))
	}
}

func max32(a, b uint32) uint32 {
	if after(a, b) {
		return a
	}
	return b
}
