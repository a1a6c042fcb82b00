package netmodel

// This file is write(2) and read(2).

// SendFlags are flags of send(2).
type SendFlags uint8

const (
	// SendMore is MSG_MORE: a partial segment waits for more.
	SendMore SendFlags = 1 << iota
	// SendRecord is MSG_EOR: what is written later never shares a kernel buffer, and so no segment,
	// with the last byte of this.
	SendRecord
)

// Write puts p into the send buffer as far as there is room, and sends what may be sent.
func (s *Socket) Write(now Time, p []byte) (int, Errno) { return s.Send(now, p, 0) }

// Send is Write with flags.
func (s *Socket) Send(now Time, p []byte, flags SendFlags) (int, Errno) {
	switch s.state {
	case SynSent, SynReceived:
		if s.request.on || s.err == OK {
			return 0, EAGAIN
		}
	}
	if s.err != OK {
		return 0, s.TakeError()
	}
	if s.shut&shutSend != 0 || s.state == Closed || s.state == Listen || s.state == TimeWait {
		return 0, EPIPE
	}
	n := s.appendData(p, flags)
	s.settle()
	if n == 0 && len(p) > 0 {
		s.recordWouldBlock()
		return 0, EAGAIN
	}
	if n < len(p) {
		s.recordWouldBlock()
	}
	return n, OK
}

func (s *Socket) recordWouldBlock() {
	if n := s.net(); n.sink != nil {
		n.record(&Record{Kind: WouldBlock, Host: s.host.id, Socket: s.id})
	}
}

// SendSpace is about how many bytes Write would take now, in one kernel buffer after another: what
// leaves meanwhile cuts buffers, which costs some of the space.
func (s *Socket) SendSpace() int {
	if !s.Writable() || s.err != OK || s.shut&shutSend != 0 || s.state == Closed {
		return 0
	}
	goal := s.sizeGoal()
	free := max(goal-s.runLength(), 0)
	if t := s.queue.tail(); t == nil || t.record {
		free = 0
	}
	per := goal + s.host.profile.SkbOverhead
	if left := s.sndBuf - s.wmem; left > 0 {
		free += (left + per - 1) / per * goal
	}
	return free
}

// Read takes received bytes. 0 and OK is the end of the stream.
func (s *Socket) Read(now Time, p []byte) (int, Errno) {
	n := min(len(p), s.Buffered())
	if n == 0 {
		return 0, s.readNothing(len(p))
	}
	s.rcv.get(s.copied, p[:n])
	s.Consume(now, n)
	return n, OK
}

func (s *Socket) readNothing(room int) Errno {
	switch {
	case room == 0 && s.Buffered() > 0:
		return OK
	case s.state == Listen:
		return ENOTCONN
	case s.finSeen:
		return OK // even if an error is pending (SOCK_DONE)
	case s.err != OK:
		return s.TakeError()
	case s.shut&shutRecv != 0:
		return OK
	case s.state == Closed && !s.hadConnection():
		return ENOTCONN
	case s.state == Closed:
		return OK
	}
	return EAGAIN
}

func (s *Socket) hadConnection() bool { return s.irs != 0 || s.rcvNxt != 0 }

// Receive appends the bytes that have arrived since the last call of Receive to dst. They stay in
// the receive buffer, and in the window's way, until Consume.
func (s *Socket) Receive(dst []byte) []byte {
	if before(s.peeked, s.copied) {
		s.peeked = s.copied
	}
	end := s.copied + uint32(s.Buffered())
	n := int(int32(end - s.peeked))
	if n <= 0 {
		return dst
	}
	at := len(dst)
	for range n {
		dst = append(dst, 0)
	}
	s.rcv.get(s.peeked, dst[at:])
	s.peeked = end
	return dst
}

// Consume frees the first n received bytes: the application has read them.
func (s *Socket) Consume(now Time, n int) {
	n = min(n, s.Buffered())
	s.copied += uint32(n)
	s.rcv.discharge(s.copied)
	if n > 0 {
		s.adjustSpace()
	}
	s.cleanupRecv(n)
	s.settle()
}

// AtEOF reports whether the peer's FIN has come: after what is Buffered there is nothing more.
func (s *Socket) AtEOF() bool { return s.finSeen }

// TakeError returns the pending error and clears it, like SO_ERROR.
func (s *Socket) TakeError() Errno {
	e := s.err
	s.err = OK
	return e
}
