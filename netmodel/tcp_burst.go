package netmodel

import "time"

// This file decides how much of the send queue leaves at once (tcp_write_xmit and around it).

// limits of one call of writeXmit (push_one of tcp_write_xmit).
const (
	xmitAll   = 0
	xmitOne   = 1 // one burst
	xmitProbe = 2 // a tail loss probe: one burst, or a segment that the window has no room for
)

// writeXmit sends new data as far as the windows, Nagle and what there is allow. It reports whether
// data waits while nothing is under way, so that a zero-window probe is due (tcp_write_xmit).
func (s *Socket) writeXmit(mode nagle, one int) bool {
	q := &s.queue
	sent := 0
	for q.sent < q.n {
		quota := s.cwndQuota()
		if quota == 0 {
			if one != xmitProbe {
				break
			}
			quota = 1
		}
		most := s.burstLimit()
		n := s.burst(mode, min(quota, most))
		if n == 0 || one == xmitAll && s.shouldDefer(min(quota, most), most) {
			break
		}
		s.shapeBuffer(n)
		left := s.sendBurst(n, one == xmitProbe)
		sent += left
		if left < n || one != 0 {
			break
		}
	}
	if s.caState == caCWR || s.caState == caRecovery {
		s.prrOut += sent
	}
	if limited := s.inFlight() >= s.cwnd; sent > 0 || limited {
		s.cwndValidate(limited)
	}
	if sent > 0 {
		if one != xmitProbe {
			s.scheduleProbe(false)
		}
		return false
	}
	return q.sent == 0 && q.n > 0
}

// cwndQuota is how many segments the congestion window has room for, at most half of it at once.
func (s *Socket) cwndQuota() int {
	free := s.cwnd - s.inFlight()
	if free <= 0 {
		return 0
	}
	return min(free, max(s.cwnd/2, 1))
}

// burst decides how many pieces from the first unsent one may leave together: full ones, except
// perhaps the last, and in the peer's window. A piece that the window cuts is split, but only
// behind a full one: alone it would be a silly window (RFC 9293, 3.8.6.2.1).
func (s *Socket) burst(mode nagle, quota int) int {
	q := &s.queue
	wndEnd := s.sndUna + s.sndWnd
	n := 0
	for i := q.sent; i < q.n && n < quota; i++ {
		s.sizePiece(i)
		p := q.at(i)
		if after(p.end, wndEnd) {
			if n > 0 {
				s.splitAtWindow(i, int(wndEnd-p.seq), mode, &n)
			}
			break
		}
		if len(p.data) < s.mss && p.flags&FIN == 0 {
			m := mode
			if i < q.n-1 {
				m = naglePush // more waits already: this one will not grow
			}
			if s.mustWait(m) {
				break
			}
		}
		n++
		if p.record {
			break
		}
	}
	return n
}

// shapeBuffer makes one kernel buffer of the first n unsent pieces, as which they leave: buffers
// are joined to the first one (tcp_grow_skb), and the last one is cut (tso_fragment).
func (s *Socket) shapeBuffer(n int) {
	q := &s.queue
	for i := q.sent + 1; i < q.sent+n; i++ {
		if p := q.at(i); p.starts {
			p.starts = false
			s.wmem -= s.host.profile.SkbOverhead
		}
	}
	if q.sent+n == q.n {
		return
	}
	if p := q.at(q.sent + n); !p.starts {
		p.starts = true
		s.wmem += s.host.profile.SkbOverhead
	}
}

// sizePiece makes an unsent piece one MSS long if there is enough behind it: windows cut pieces,
// and the MSS may have changed since they were made (tso_fragment, tcp_grow_skb).
func (s *Socket) sizePiece(i int) {
	q := &s.queue
	p := q.at(i)
	if len(p.data) > s.mss {
		q.split(i, s.mss)
		return
	}
	for len(p.data) < s.mss && i < q.n-1 && p.flags&(SYN|FIN) == 0 && !p.record {
		next := q.at(i + 1)
		n := min(s.mss-len(p.data), len(next.data))
		if n > 0 {
			p.data = s.arena.place(p.data, next.data[:n])
			p.end += uint32(n)
			s.arena.ends(s.writeSeq)
			next.data = next.data[n:]
			next.seq += uint32(n)
		}
		if len(next.data) > 0 {
			return
		}
		p.flags |= next.flags
		p.record = next.record
		p.end = next.end
		if next.starts {
			s.wmem -= s.host.profile.SkbOverhead
		}
		q.remove(i + 1)
		p = q.at(i)
	}
}

// shouldDefer holds a burst back when the windows have room for a part of it only, and soon will
// have room for more (tcp_tso_should_defer).
func (s *Socket) shouldDefer(quota, most int) bool {
	if s.caState >= caRecovery || s.now().Sub(s.lastXmit) >= time.Millisecond {
		return false
	}
	q := &s.queue
	window := int(s.sndUna + s.sndWnd - q.unsent().seq)
	congestion := (s.cwnd - s.inFlight()) * s.mss
	limit := min(window, congestion)
	if limit >= most*s.mss {
		return false
	}
	length, last := s.headLength(quota*s.mss, max(limit, s.mss)+1)
	if length <= s.mss {
		return false
	}
	if !last && limit >= length {
		return false
	}
	const divisor = 3 // tcp_tso_win_divisor: a third of a window is enough
	if limit >= min(int(s.sndWnd), s.cwnd*s.mss)/divisor || q.sent == 0 {
		return false
	}
	if age := micros(s.now().Sub(q.at(0).sent)); age < s.srtt>>4 {
		return false // the next acknowledgement is far away
	}
	if limit <= length {
		return true
	}
	return q.at(q.n-1).flags&FIN == 0
}

// headLength is how long the first unsent kernel buffer is, up to about enough bytes, and whether
// it is the last one. A short one is grown from the next, to what a burst may have (tcp_grow_skb).
func (s *Socket) headLength(grown, enough int) (n int, last bool) {
	q := &s.queue
	for i := q.sent; i < q.n; i++ {
		p := q.at(i)
		if i > q.sent && p.starts && n >= grown || n >= enough {
			return n, false
		}
		n += len(p.data)
	}
	return n, true
}

// splitAtWindow cuts piece i where the window ends, if something is left of it.
func (s *Socket) splitAtWindow(i, room int, mode nagle, n *int) {
	if room <= 0 || room >= len(s.queue.at(i).data) || s.mustWait(mode) {
		return
	}
	s.queue.split(i, room)
	*n++
}

// sendBurst sends the first n unsent pieces. It returns how many of them left the host.
func (s *Socket) sendBurst(n int, probe bool) int {
	q := &s.queue
	for k := 0; k < n; k++ {
		p := q.unsent()
		extra := Flags(0)
		if k == n-1 && n > 1 && s.host.profile.PushBursts {
			extra = PSH // __tcp_transmit_skb: it expedites the receiver's GRO
		}
		why := SendData
		switch {
		case probe:
			why = SendTLP
		case len(p.data) == 0 && p.flags&FIN != 0:
			why = SendFin
		}
		if s.inFlight() == 0 {
			s.transmitStart()
		}
		if s.sendPieceWith(p, why, extra) != txSent {
			return k
		}
		if k == n-1 && len(p.data) < s.mss {
			s.sndSml = p.end // tcp_minshall_update
		}
		s.newDataSent(p, !probe && s.mayProbe())
	}
	s.noteWriteSpace()
	return n
}

// newDataSent moves a piece to the part of the queue that waits for acknowledgement. Unless a loss
// probe will be scheduled in its place anyway, the retransmission timer is armed.
func (s *Socket) newDataSent(p *piece, probeFollows bool) {
	q := &s.queue
	prior := q.sent
	s.sndNxt = p.end
	q.sent++
	if !probeFollows && (prior == 0 || s.xmit.pending == TimerTLP) {
		s.rearmRTO()
	}
}

// burstLimit is tcp_tso_autosize: a buffer is cut into bursts of about a millisecond at the pacing
// rate, of two segments at least (tcp_min_tso_segs). The rate itself has no effect: without the fq
// scheduler nothing paces CUBIC or Reno.
func (s *Socket) burstLimit() int {
	if s.srtt == 0 {
		return max(s.host.profile.MinBurst, s.cwnd)
	}
	factor := 120
	if s.cwnd < s.ssthr/2 {
		factor = 200
	}
	rate := uint64(s.mss) * (1e6 << 3) / 100 * uint64(factor) * uint64(max(s.cwnd, s.queue.sent)) /
		uint64(s.srtt)
	bytes := rate >> 10
	if r := s.minRTT >> 9; r < 32 {
		bytes += 65536 >> uint(r)
	}
	least := max(s.host.profile.MinBurst, 1)
	return max(int(min(bytes, 65536))/s.mss, least)
}
