package netmodel

// This file is the sender's scoreboard: SACK (RFC 2018), DSACK (RFC 2883) and RACK (RFC 8985),
// after tcp_sacktag_write_queue and tcp_recovery.c.

// receiveSACK marks what the receiver reports to have.
func (s *Socket) receiveSACK(seg *Segment, a *ackState) {
	o := &seg.Options
	first := 0
	if s.checkDSACK(seg, a) {
		first = 1
		s.markDSACK(o.SACK[0], a)
	}
	for i := first; i < int(o.NSACK); i++ {
		b := o.SACK[i]
		if !s.validSACK(b) {
			continue
		}
		for j := s.queue.search(b.Left); j < s.queue.sent; j++ {
			p := s.queue.at(j)
			if !before(p.seq, b.Right) {
				break
			}
			// A piece that is covered in part stays unmarked, as one segment in Linux does.
			if !before(p.seq, b.Left) && !after(p.end, b.Right) {
				s.markSACK(p, a)
			}
		}
	}
	if s.caState != caLoss || s.undoMarkerSet {
		s.checkReordering(a.reord)
	}
}

// validSACK refuses blocks that cannot be (tcp_is_sackblock_valid).
func (s *Socket) validSACK(b Block) bool {
	return before(b.Left, b.Right) && !after(b.Right, s.sndNxt) && before(b.Left, s.sndNxt) &&
		after(b.Left, s.sndUna)
}

// checkDSACK recognizes a first block that reports a duplicate (tcp_check_dsack).
func (s *Socket) checkDSACK(seg *Segment, a *ackState) bool {
	o := &seg.Options
	b := o.SACK[0]
	switch {
	case before(b.Left, seg.Ack):
	case o.NSACK > 1 && !after(b.Right, o.SACK[1].Right) && !before(b.Left, o.SACK[1].Left):
	default:
		return false
	}
	length := b.Right - b.Left
	if length > s.maxWnd {
		return false
	}
	dups := 1
	if int(length) > s.mss {
		dups = (int(length) + s.mss - 1) / s.mss
	} else if s.tlpHigh != 0 && s.tlpHigh == b.Right {
		a.flags |= ackDSACKProbe
	}
	s.dsackDups += dups
	if s.dsackDups > s.totalRetrans {
		return false // we did not send that many twice: a fault of the network, or of the peer
	}
	if s.reordSeen > 0 && a.flags&ackDSACKProbe == 0 {
		s.rack.dsackSeen = true
	}
	a.flags |= ackDSACK
	s.delivered += uint32(dups)
	if s.undoMarkerSet && s.undoRetrans > 0 && !after(b.Right, a.priorUna) &&
		after(b.Right, s.undoMarker) {
		s.undoRetrans = max(0, s.undoRetrans-dups)
	}
	return true
}

// markDSACK clears retransmissions that the receiver had in vain, if they are still in the queue.
func (s *Socket) markDSACK(b Block, a *ackState) {
	if !after(b.Right, s.sndUna) {
		return
	}
	for j := s.queue.search(b.Left); j < s.queue.sent; j++ {
		p := s.queue.at(j)
		if !before(p.seq, b.Right) {
			break
		}
		if before(p.seq, b.Left) || after(p.end, b.Right) {
			continue
		}
		if p.marks&(markRetrans|markEverRetrans) != 0 {
			if s.undoMarkerSet && s.undoRetrans > 0 && after(p.end, s.undoMarker) {
				s.undoRetrans--
			}
			if p.marks&markSacked != 0 {
				a.reord = min32(a.reord, p.seq)
			}
		}
		if after(p.end, s.sndUna) {
			s.markSACK(p, a)
		}
		if p.marks&markRetrans != 0 {
			p.marks &^= markRetrans
			s.retransOut--
		}
	}
}

// markSACK is tcp_sacktag_one.
func (s *Socket) markSACK(p *piece, a *ackState) {
	if p.marks&markSacked != 0 {
		return
	}
	s.rackAdvance(p)
	if p.marks&markRetrans != 0 {
		if p.marks&markLost != 0 {
			p.marks &^= markLost | markRetrans
			s.lostOut--
			s.retransOut--
		}
	} else {
		if p.marks&markEverRetrans == 0 {
			if before(p.seq, s.highestSack()) {
				a.reord = min32(a.reord, p.seq)
			}
			if !after(p.end, s.highSeq) {
				a.flags |= ackOrigSacked
			}
			if !a.hasSack {
				a.hasSack, a.firstSack = true, p.sent
			}
			a.lastSack = p.sent
		}
		if p.marks&markLost != 0 {
			p.marks &^= markLost
			s.lostOut--
		}
	}
	p.marks |= markSacked
	a.flags |= ackDataSacked
	s.delivered++
	if s.sackedOut == 0 || after(p.end, s.sackHigh) {
		s.sackHigh = p.end
	}
	s.sackedOut++
}

// highestSack is the end of the highest SACKed data, or SND.UNA (tcp_highest_sack_seq).
func (s *Socket) highestSack() uint32 {
	if !s.sackOK || s.sackedOut == 0 {
		return s.sndUna
	}
	return s.sackHigh
}

const maxReordering = 300 // tcp_max_reordering

// checkReordering learns the path's degree of reordering from a hole that was filled by an
// original (tcp_check_sack_reordering).
func (s *Socket) checkReordering(low uint32) {
	high := s.highestSack()
	if !before(low, high) {
		return
	}
	metric := int(high - low)
	if metric > s.reordering*s.mss {
		s.reordering = min((metric+s.mss-1)/s.mss, maxReordering)
	}
	s.reordSeen++
}

// rack is RACK's memory (RFC 8985, 5.2).
type rack struct {
	sent      Time // of the most recently sent segment that was delivered
	end       uint32
	rtt       int64
	advanced  bool
	dsackSeen bool
	steps     int
	persist   int
	round     uint32 // s.delivered when the window was adjusted last
}

// sentAfter orders transmissions (tcp_skb_sent_after).
func sentAfter(t1, t2 Time, end1, end2 uint32) bool {
	return t1 > t2 || t1 == t2 && after(end1, end2)
}

// rackAdvance notes a delivered piece (tcp_rack_advance).
func (s *Socket) rackAdvance(p *piece) {
	rtt := micros(s.now().Sub(p.sent))
	if rtt < s.minRTTOrInf() && s.minRTT != 0 && p.marks&(markRetrans|markEverRetrans) != 0 {
		return // ambiguous: it is probably the original that was delivered
	}
	s.rack.advanced = true
	s.rack.rtt = rtt
	if sentAfter(p.sent, s.rack.sent, p.end, s.rack.end) {
		s.rack.sent, s.rack.end = p.sent, p.end
	}
}

// reorderWindow is how long RACK waits for what may only be late (tcp_rack_reo_wnd).
func (s *Socket) reorderWindow() int64 {
	if s.reordSeen == 0 {
		if s.caState >= caRecovery || s.sackedOut >= s.reordering {
			return 0
		}
	}
	return min(s.minRTTOrInf()>>2*int64(max(s.rack.steps, 1)), s.srtt>>3)
}

// detectLoss marks lost what was sent long enough before something that was delivered. It returns
// the longest wait, in microseconds, until the rest is lost too (tcp_rack_detect_loss).
func (s *Socket) detectLoss() int64 {
	window := s.reorderWindow()
	wait := int64(0)
	for i := 0; i < s.queue.sent; i++ {
		p := s.queue.at(i)
		if p.marks&markSacked != 0 || p.marks&markLost != 0 && p.marks&markRetrans == 0 {
			continue
		}
		if !sentAfter(s.rack.sent, p.sent, s.rack.end, p.end) {
			continue
		}
		if rest := s.rackTimeout(p, window); rest <= 0 {
			s.markAsLost(p)
		} else {
			wait = max(wait, rest)
		}
	}
	return wait
}

func (s *Socket) rackTimeout(p *piece, window int64) int64 {
	return s.rack.rtt + window - micros(s.now().Sub(p.sent))
}

// markAsLost is tcp_mark_skb_lost.
func (s *Socket) markAsLost(p *piece) {
	if p.marks&markSacked != 0 {
		return
	}
	if p.marks&markLost == 0 {
		p.marks |= markLost
		s.lostOut++
	} else if p.marks&markRetrans != 0 {
		p.marks &^= markRetrans // the retransmission is lost as well
		s.retransOut--
	} else {
		return
	}
	s.lostTotal++
}

// updateReorderWindow widens the window when DSACKs show that it was too small, and narrows it
// after 16 recoveries without any (tcp_rack_update_reo_wnd).
func (s *Socket) updateReorderWindow() {
	r := &s.rack
	if r.dsackSeen {
		r.steps = min(255, max(r.steps, 1)+1)
		r.dsackSeen = false
		r.round = s.delivered
		r.persist = 16
	} else if r.persist == 0 {
		r.steps = 1
	}
}
