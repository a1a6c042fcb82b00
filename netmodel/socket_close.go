package netmodel

// This file ends connections: shutdown(2), close(2), SO_LINGER, and what the kernel does then.

// Shutdown ends our direction: FIN after all that was written (shutdown(2) with SHUT_WR).
func (s *Socket) Shutdown(now Time) Errno {
	s.shutLayer()
	switch s.state {
	case Closed, TimeWait: // what is in TIME_WAIT is no socket of the application's any more
		s.shut |= shutSend
		return ENOTCONN
	case Listen:
		return OK // only SHUT_RD ends listening
	case SynSent:
		// tcp_disconnect, as inet_shutdown has it
		s.layer = layerFree
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
	s.settle()
	return OK
}

// ShutdownRead ends the other direction locally (SHUT_RD): reads give 0 from now on.
func (s *Socket) ShutdownRead(now Time) Errno {
	s.shutLayer()
	switch s.state {
	case Closed, TimeWait:
		s.shut |= shutRecv
		return ENOTCONN
	case Listen:
		s.stopListening()
		s.setState(Closed)
		return OK
	case SynSent:
		return s.Shutdown(now)
	}
	s.shut |= shutRecv
	s.wake()
	return OK
}

// shutLayer is what inet_shutdown does to a socket whose connect(2) was not asked for its result.
func (s *Socket) shutLayer() {
	if s.layer != layerConnecting {
		return
	}
	s.layer = layerConnected
	if s.state == Closed || s.state == TimeWait || s.state == SynSent {
		s.layer = layerDisconnecting
	}
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
	s.settle()
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
			c.settle()
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
	s.settle()
	if s.parent != nil && s.orphan {
		s.parent.removeChild(s)
	}
	if s.orphan {
		s.forget()
		return
	}
	s.wake()
}
