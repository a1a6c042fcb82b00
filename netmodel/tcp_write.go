package netmodel

// appendData puts written bytes into the send queue as far as the send buffer allows, and pushes
// them as tcp_sendmsg does.
func (s *Socket) appendData(p []byte, flags SendFlags) int {
	q := &s.queue
	more := flags&SendMore != 0
	total := 0
	goal := s.sizeGoal()
	run := s.runLength()
	if t := q.tail(); t != nil && len(p) > 0 && run < goal && !t.record {
		t.flags &^= PSH // the write goes on in this buffer
	}
	for len(p) > 0 {
		room := goal - run
		if t := q.tail(); room <= 0 || t == nil || t.record {
			if !s.memoryFree() {
				s.noSpace = true
				break
			}
			room, run = goal, 0
		}
		n := s.appendRun(p[:min(len(p), room)], run == 0)
		p, total, run = p[n:], total+n, run+n
		if len(p) == 0 {
			q.tail().record = flags&SendRecord != 0
		} else if run >= goal {
			s.pushFull()
			run = s.runLength() // a burst may have left of it: there is room again
		}
	}
	if total > 0 && (len(p) > 0 || !more || s.forcedPush()) {
		s.markPush()
	}
	if total > 0 {
		s.pushWritten(more && len(p) == 0)
	}
	return total
}

// pushWritten is tcp_push.
func (s *Socket) pushWritten(more bool) {
	mode := s.nagleMode()
	if more {
		mode = nagleCork
	}
	if s.queue.unsent() != nil && s.writeXmit(mode, xmitAll) {
		s.checkProbeTimer()
	}
}

// pushFull is what tcp_sendmsg does when a buffer is full and more follows.
func (s *Socket) pushFull() {
	switch {
	case s.forcedPush():
		s.markPush()
		if s.writeXmit(naglePush, xmitAll) {
			s.checkProbeTimer()
		}
	case s.queue.unsent() != nil && s.onlyOneRun():
		s.writeXmit(naglePush, xmitOne)
	}
}

// onlyOneRun reports whether the buffer being filled is the first unsent one.
func (s *Socket) onlyOneRun() bool {
	for i := s.queue.sent + 1; i < s.queue.n; i++ {
		if s.queue.at(i).starts {
			return false
		}
	}
	return true
}

// appendRun adds p to the buffer at the tail, in pieces of one MSS.
func (s *Socket) appendRun(p []byte, starts bool) int {
	q := &s.queue
	done := 0
	for done < len(p) {
		t := q.tail()
		if !starts && t != nil && len(t.data) < s.mss && t.flags&(FIN|SYN) == 0 {
			n := min(len(p)-done, s.mss-len(t.data))
			s.extendPiece(t, p[done:done+n])
			done += n
			continue
		}
		n := min(len(p)-done, s.mss)
		if starts {
			s.beginBuffer()
		}
		push := Flags(0)
		if t != nil && !starts {
			push = t.flags & PSH // of the buffer, so at its end
			t.flags &^= PSH
		}
		t = q.push()
		t.seq, t.end, t.flags = s.writeSeq, s.writeSeq, push
		t.starts = starts
		starts = false
		s.extendPiece(t, p[done:done+n])
		done += n
	}
	return done
}

// beginBuffer charges a new kernel buffer (tcp_skb_entail).
func (s *Socket) beginBuffer() {
	s.wmem += s.host.profile.SkbOverhead
	s.pushNow = false
	s.restartAfterIdle()
}

func (s *Socket) extendPiece(t *piece, add []byte) {
	if data, ok := s.arena.extend(t.data, add); ok {
		t.data = data
	} else {
		t.data = s.arena.place(t.data, add)
	}
	t.end += uint32(len(add))
	s.writeSeq = t.end
	s.arena.ends(t.end)
	s.wmem += len(add)
}

// runLength is how many bytes the kernel buffer at the tail holds.
func (s *Socket) runLength() int {
	n := 0
	for i := s.queue.n - 1; i >= s.queue.sent; i-- {
		p := s.queue.at(i)
		n += len(p.data)
		if p.starts {
			break
		}
	}
	return n
}

// sizeGoal is how large kernel buffers grow: whole segments, at most half the largest window that
// the peer has offered, at most 64 KiB (tcp_xmit_size_goal, tcp_bound_to_half_wnd).
func (s *Socket) sizeGoal() int {
	goal := 65536 - 1 - 320 // GSO_LEGACY_MAX_SIZE less MAX_TCP_HEADER
	cutoff := int(s.maxWnd)
	if s.maxWnd > 512 {
		cutoff = int(s.maxWnd >> 1)
	}
	if cutoff > 0 && goal > cutoff {
		goal = max(cutoff, 68-s.headerLen)
	}
	return max(goal/s.mss, 1) * s.mss
}

// forcedPush reports whether more than half a window was written since the last PSH.
func (s *Socket) forcedPush() bool { return after(s.writeSeq, s.pushedSeq+(s.maxWnd>>1)) }

func (s *Socket) markPush() {
	if t := s.queue.tail(); t != nil {
		t.flags |= PSH
		s.pushedSeq = s.writeSeq
	}
}

// memoryFree is sk_stream_memory_free: one more buffer is allowed while the charge is below the
// limit, however large the buffer then gets.
func (s *Socket) memoryFree() bool {
	if low := s.opt.notSentLowat; low > 0 && s.Unsent() >= low {
		return false
	}
	return s.wmem < s.sndBuf
}

// writeSpace reports whether a third of the send buffer is free, and so little waits to be sent
// that a writer is to be woken (__sk_stream_is_writeable).
func (s *Socket) writeSpace() bool {
	if low := s.opt.notSentLowat; low > 0 && 2*s.Unsent() >= low {
		return false
	}
	return s.wmem < s.sndBuf && s.sndBuf-s.wmem >= s.wmem>>1
}

// noteWriteSpace is called when something was acknowledged or sent: it wakes a writer once there is
// space again (tcp_check_space, sk_stream_write_space).
func (s *Socket) noteWriteSpace() {
	if !s.noSpace {
		return
	}
	if !s.opt.sndBufLocked && s.inFlight() < s.cwnd { // else more to send would not help
		s.expandSendBuffer()
		s.cwndStamp = s.tickNow()
	}
	if s.writeSpace() {
		s.noSpace = false
		s.wake()
	}
}

// expandSendBuffer is tcp_sndbuf_expand: room for two windows' worth of segments.
func (s *Socket) expandSendBuffer() {
	if s.opt.sndBufLocked {
		return
	}
	p := s.host.profile
	perMSS := nextPow2(max(s.mssClamp, s.mss)+256+320) + 256
	segs := max(p.InitialWindow, s.cwnd, s.reordering+1)
	s.sndBuf = max(s.sndBuf, min(2*segs*perMSS, p.SndBuf[2]))
}

func nextPow2(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// queueFIN puts FIN behind all data: on the last piece that waits, or on one of its own
// (tcp_send_fin).
func (s *Socket) queueFIN() {
	s.finQueued = true
	if t := s.queue.tail(); t != nil {
		t.flags |= FIN
		t.end++
		s.writeSeq++
	} else {
		t := s.queue.push()
		t.seq, t.end = s.writeSeq, s.writeSeq+1
		t.flags = FIN
		t.starts = true
		s.writeSeq++
		s.wmem += s.host.profile.SkbOverhead
	}
	if s.writeXmit(nagleOff, xmitAll) {
		s.checkProbeTimer()
	}
}

// sendActiveReset sends the RST of our own will (tcp_send_active_reset).
func (s *Socket) sendActiveReset(why Reason) {
	s.sendSegment(s.segment(RST|ACK, s.acceptableSeq()), why, 0, 0)
}

// acceptableSeq is SND.NXT, kept within the peer's window (tcp_acceptable_seq).
func (s *Socket) acceptableSeq() uint32 {
	end := s.sndUna + s.sndWnd
	if !before(end, s.sndNxt) || s.scaleOK && s.sndNxt-end < 1<<s.rcvScale {
		return s.sndNxt
	}
	return end
}

// sendProbe sends an empty segment with an old sequence number, which the peer must answer:
// keepalive and zero-window probe (tcp_xmit_probe_skb).
func (s *Socket) sendProbe(why Reason) txResult {
	_, result := s.sendSegment(s.segment(ACK, s.sndUna-1), why, 0, 0)
	return result
}

// writeWakeup sends a probe: a piece of data if the window has room for any, else an empty one
// (tcp_write_wakeup).
func (s *Socket) writeWakeup(why Reason) txResult {
	p := s.queue.unsent()
	if p == nil || !before(p.seq, s.sndUna+s.sndWnd) {
		return s.sendProbe(why)
	}
	room := min(int(s.sndUna+s.sndWnd-p.seq), s.mss)
	if before(s.pushedSeq, p.end) {
		s.pushedSeq = p.end
	}
	if room < len(p.data) {
		s.queue.split(s.queue.sent, room)
		p = s.queue.unsent()
	}
	p.flags |= PSH
	s.shapeBuffer(1)
	result := s.sendPiece(p, SendData)
	if result == txSent {
		s.newDataSent(p, false)
		s.noteWriteSpace()
	}
	return result
}
