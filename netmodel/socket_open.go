package netmodel

// Bind gives the socket a local port, on every address; 0 lets the host choose one.
func (s *Socket) Bind(port uint16) Errno { return s.BindAddr(Endpoint{Port: port}) }

// BindAddr gives the socket a local endpoint. As with SO_REUSEADDR, which servers set, what is left
// of older connections does not keep a port from being used; another listener does.
func (s *Socket) BindAddr(e Endpoint) Errno {
	h := s.host
	if s.state != Closed || s.userBound {
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
	s.userBound = true
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
	to := flow{local: f.local, remote: f.remote, remotePort: f.remotePort}
	offset := int(h.flowHash(to, 11) >> 33)
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
	case s.state != Closed || s.gone || s.layer != layerFree:
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
	c.layer = layerConnected
	return c, OK
}

// Connect begins to open a connection. OK means that it is under way: the socket becomes Writable,
// or fails. Calling it again tells how it goes, as connect(2) does for a non-blocking socket:
// EALREADY, OK once it is open, the error if it failed, and EISCONN from then on.
func (s *Socket) Connect(now Time, to Endpoint) Errno {
	h := s.host
	switch {
	case s.layer == layerConnected:
		return EISCONN
	case s.layer == layerConnecting:
		return s.connectResult()
	case s.layer == layerDisconnecting:
		return EINVAL
	case s.state != Closed:
		return EISCONN
	case s.gone:
		return ECONNABORTED
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
	old := h.conns[f]
	if old != nil && !s.mayReplace(old) {
		return EADDRNOTAVAIL
	}
	s.flow = f
	if !s.reuseBind {
		s.holdPort()
	}
	h.insert(s)
	s.layer = layerConnecting
	s.connectSYN(old)
	s.settle()
	return OK
}

// connectResult is the second call of connect(2) (__inet_stream_connect).
func (s *Socket) connectResult() Errno {
	switch s.state {
	case SynSent, SynReceived:
		return EALREADY
	case Closed, TimeWait:
		e := s.TakeError()
		if e == OK {
			e = ECONNABORTED
		}
		s.layer = layerFree
		s.shut = 0
		if !s.userBound {
			s.flow = flow{}
		}
		return e
	}
	s.layer = layerConnected
	return OK
}

// mayReplace ends a connection in TIME_WAIT whose ports a new one is to take. Timestamps must keep
// the two apart; a port that was bound is then free for it at once, one that the host chooses with
// tcp_tw_reuse (tcp_twsk_unique; RFC 6191).
func (s *Socket) mayReplace(old *Socket) bool {
	if old.state != TimeWait && !old.finWaitTail || !old.tsOK ||
		!s.userBound && !s.host.profile.TimeWaitNew {
		return false
	}
	old.done(OK)
	return true
}
