package netmodel

// Bind gives the socket a local port, on every address; 0 lets the host choose one.
func (s *Socket) Bind(port uint16) Errno { return s.BindAddr(Endpoint{Port: port}) }

// BindAddr gives the socket a local endpoint. As with SO_REUSEADDR, which servers set, what is left
// of older connections does not keep a port from being used; another listener does.
func (s *Socket) BindAddr(e Endpoint) Errno {
	h := s.host
	if s.state != Closed || s.flow.localPort != 0 {
		return EINVAL
	}
	if e.Addr != 0 && !h.local(e.Addr) {
		return EADDRNOTAVAIL
	}
	if e.Port == 0 {
		e.Port = h.freePort(flow{local: e.Addr})
		if e.Port == 0 {
			return EADDRINUSE
		}
	}
	for _, l := range h.listeners {
		if l.flow.localPort == e.Port &&
			(l.flow.local == 0 || e.Addr == 0 || l.flow.local == e.Addr) {
			return EADDRINUSE
		}
	}
	s.flow.local, s.flow.localPort = e.Addr, e.Port
	s.holdPort()
	return OK
}

func (s *Socket) holdPort() {
	s.reuseBind = true
	s.host.bound[s.flow.localPort]++
}

// freePort chooses an ephemeral port (RFC 6056, algorithm 3, as in __inet_hash_connect: a hash of
// the destination plus a counter, in steps of two).
func (h *Host) freePort(f flow) uint16 {
	low, high := int(h.profile.Ephemeral[0]), int(h.profile.Ephemeral[1])
	count := high - low + 1
	offset := int(h.flowHash(flow{local: f.local, remote: f.remote, remotePort: f.remotePort}, 11) >> 33)
	offset = (offset + 2*int(h.dials)) % count &^ 1
	h.dials++
	for odd := range 2 {
		for i := 0; i < count; i += 2 {
			p := uint16(low + (offset+i+odd)%count)
			f.localPort = p
			if h.bound[p] == 0 && h.conns[f] == nil {
				return p
			}
		}
	}
	return 0
}

// Listen makes the socket accept connections. The queue of those not yet accepted holds one more
// than backlog, as in Linux.
func (s *Socket) Listen(now Time, backlog int) Errno {
	switch {
	case s.state == Listen:
		s.backlog = max(backlog, 0)
		return OK
	case s.state != Closed || s.gone:
		return EINVAL
	}
	if s.flow.localPort == 0 {
		if e := s.Bind(0); e != OK {
			return e
		}
	}
	for _, l := range s.host.listeners {
		if l.flow.localPort == s.flow.localPort &&
			(l.flow.local == 0 || s.flow.local == 0 || l.flow.local == s.flow.local) {
			return EADDRINUSE
		}
	}
	const somaxconn = 4096 // net.core.somaxconn
	s.backlog = min(max(backlog, 0), somaxconn)
	s.host.listeners = append(s.host.listeners, s)
	s.setState(Listen)
	return OK
}

// Accept takes the oldest connection that waits.
func (s *Socket) Accept(now Time) (*Socket, Errno) {
	if s.state != Listen {
		return nil, EINVAL
	}
	if len(s.acceptQ) == 0 {
		return nil, EAGAIN
	}
	c := s.acceptQ[0]
	s.acceptQ = append(s.acceptQ[:0], s.acceptQ[1:]...)
	s.removeChild(c)
	c.parent = nil
	return c, OK
}

// Connect begins to open a connection. OK means that it is under way: the socket becomes Writable,
// or fails.
func (s *Socket) Connect(now Time, to Endpoint) Errno {
	h := s.host
	switch s.state {
	case SynSent, SynReceived:
		return EALREADY
	case Closed:
		if s.gone {
			return ECONNABORTED
		}
	case Listen:
		return EISCONN
	default:
		return EISCONN
	}
	if e := s.TakeError(); e != OK {
		return e
	}
	if to.Addr == 0 {
		to.Addr = Loopback
	}
	if e := h.reach(to.Addr); e != OK {
		return e
	}
	f := s.flow
	f.remote, f.remotePort = to.Addr, to.Port
	if f.local == 0 {
		f.local = h.addr
		if to.Addr.IsLoopback() {
			f.local = to.Addr
		}
	}
	if f.localPort == 0 {
		if f.localPort = h.freePort(f); f.localPort == 0 {
			return EADDRNOTAVAIL
		}
	}
	if old := h.conns[f]; old != nil && !h.replaceTimeWait(old) {
		return EADDRNOTAVAIL
	}
	if f.local == f.remote && f.localPort == f.remotePort {
		return ECONNREFUSED // a socket that connects to itself is not modelled
	}
	s.flow = f
	if !s.reuseBind {
		s.holdPort()
	}
	h.insert(s)
	s.shut, s.reset = 0, false
	s.connectSYN()
	return OK
}

// replaceTimeWait lets a new connection take the ports of one in TIME_WAIT (tcp_tw_reuse).
func (h *Host) replaceTimeWait(old *Socket) bool {
	if old.state != TimeWait || !h.profile.TimeWaitNew {
		return false
	}
	old.done(OK)
	return true
}

// Write puts p into the send buffer as far as there is room, and sends what may be sent.
func (s *Socket) Write(now Time, p []byte) (int, Errno) { return s.write(p, false) }

// WriteMore is Write with MSG_MORE: a partial segment waits for more.
func (s *Socket) WriteMore(now Time, p []byte) (int, Errno) { return s.write(p, true) }

func (s *Socket) write(p []byte, more bool) (int, Errno) {
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
	n := s.appendData(p, more)
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

// SendSpace is how many bytes Write would take now, in one kernel buffer after another.
func (s *Socket) SendSpace() int {
	if !s.Writable() || s.err != OK || s.shut&shutSend != 0 || s.state == Closed {
		return 0
	}
	goal := s.sizeGoal()
	free := max(goal-s.runLength(), 0)
	if s.queue.tail() == nil {
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
	case s.finSeen && s.err == OK:
		return OK
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
}

// AtEOF reports whether the peer's FIN has come: after what is Buffered there is nothing more.
func (s *Socket) AtEOF() bool { return s.finSeen }

// TakeError returns the pending error and clears it, like SO_ERROR.
func (s *Socket) TakeError() Errno {
	e := s.err
	s.err = OK
	return e
}

// Shutdown ends our direction: FIN after all that was written (shutdown(2) with SHUT_WR).
func (s *Socket) Shutdown(now Time) Errno {
	switch s.state {
	case Closed:
		return ENOTCONN
	case Listen:
		s.stopListening()
		s.setState(Closed)
		return OK
	case SynSent:
		// tcp_disconnect, as inet_shutdown has it
		s.purge()
		s.done(OK)
		return OK
	}
	if s.shut&shutSend != 0 {
		return OK
	}
	s.shut |= shutSend
	switch s.state {
	case Established:
		s.setState(FinWait1)
		s.queueFIN()
	case CloseWait:
		s.setState(LastAck)
		s.queueFIN()
	}
	s.wake()
	return OK
}

// ShutdownRead ends the other direction locally (SHUT_RD): reads give 0 from now on.
func (s *Socket) ShutdownRead(now Time) Errno {
	if s.state == Closed {
		return ENOTCONN
	}
	s.shut |= shutRecv
	s.wake()
	return OK
}

// Close is close(2): FIN, or RST if received data was not read; the connection goes on alone until
// its end.
func (s *Socket) Close(now Time) {
	if s.orphan {
		return
	}
	if s.state == Listen {
		s.stopListening()
		s.setState(Closed)
		s.orphan = true
		s.forget()
		return
	}
	unread := s.Buffered() > 0
	s.shut = shutRecv | shutSend
	s.copied = s.rcvNxt
	s.rcv.discharge(s.copied)
	s.orphan = true
	switch {
	case s.state == Closed:
		s.forget()
		return
	case unread && s.state != TimeWait && !s.finWaitTail:
		s.resetNow()
		return
	case s.opt.linger == 0 && s.state != TimeWait && !s.finWaitTail:
		s.orphan = false
		s.Abort(now)
		return
	}
	switch s.state {
	case SynSent:
		s.purge()
		s.done(OK)
	case SynReceived, Established:
		s.setState(FinWait1)
		s.queueFIN()
	case CloseWait:
		s.setState(LastAck)
		s.queueFIN()
	case FinWait2:
		s.orphanInFinWait2()
	}
}

// orphanInFinWait2: the application shut its side down earlier, and now closes.
func (s *Socket) orphanInFinWait2() {
	if s.finWaitTail {
		return
	}
	p := s.host.profile
	s.keep.finWait2End = p.FinTimeout
	if rest := p.FinTimeout - p.TimeWaitLen; rest > 0 {
		s.armKeepalive(rest)
		return
	}
	s.enterTimeWait(FinWait2, p.FinTimeout)
}

// Abort ends the connection with a RST (SO_LINGER with 0, then close).
func (s *Socket) Abort(now Time) {
	if s.state == Listen {
		s.Close(now)
		return
	}
	s.orphan = true
	s.shut = shutRecv | shutSend
	switch s.state {
	case Closed:
		s.forget()
	case TimeWait:
	case FinWait2:
		if !s.finWaitTail {
			s.resetNow()
		}
	case SynReceived, Established, CloseWait, FinWait1:
		s.resetNow()
	default:
		if s.sndNxt != s.writeSeq && s.state != SynSent {
			s.resetNow()
			return
		}
		s.purge()
		s.done(OK)
	}
}

// resetNow tells the peer and forgets.
func (s *Socket) resetNow() {
	s.sendActiveReset(SendReset)
	s.purge()
	s.done(OK)
}

// stopListening resets what was not accepted (inet_csk_listen_stop).
func (s *Socket) stopListening() {
	s.unhash()
	children := s.children
	s.children, s.acceptQ = nil, nil
	for _, c := range children {
		c.orphan = true
		if c.request.on {
			c.request.on = false
			c.stopTimers()
			c.setState(Closed)
			c.forget()
			continue
		}
		if c.state != Closed {
			c.Abort(s.now())
		} else {
			c.forget()
		}
	}
}

// purge drops everything that was to be sent.
func (s *Socket) purge() {
	s.queue = sendQueue{ring: s.queue.ring[:0]}
	s.queue.ring = nil
	s.arena = arena{reuse: s.arena.reuse}
	s.wmem = 0
	s.sackedOut, s.lostOut, s.retransOut = 0, 0, 0
	s.tlpHigh = 0
	s.backoff = 0
}

// done ends the connection (tcp_done); e is what the application will be told.
func (s *Socket) done(e Errno) {
	s.stopTimers()
	s.request.on = false
	s.finWaitTail = false
	s.setState(Closed)
	s.shut = shutRecv | shutSend
	s.unhash()
	if e != OK {
		s.fail(e)
	}
	if s.parent != nil && s.orphan {
		s.parent.removeChild(s)
	}
	if s.orphan {
		s.forget()
		return
	}
	s.wake()
}
