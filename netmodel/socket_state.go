package netmodel

// ID returns the socket's number.
func (s *Socket) ID() SocketID { return s.id }

// Host returns the machine that the socket belongs to.
func (s *Socket) Host() *Host { return s.host }

// State returns the connection's state.
func (s *Socket) State() State { return s.state }

// Local returns the socket's own endpoint.
func (s *Socket) Local() Endpoint { return Endpoint{s.flow.local, s.flow.localPort} }

// Remote returns the peer's endpoint.
func (s *Socket) Remote() Endpoint { return Endpoint{s.flow.remote, s.flow.remotePort} }

// ISS returns the initial send sequence number (RFC 9293, 3.4.1).
func (s *Socket) ISS() uint32 { return s.iss }

// IRS returns the peer's initial sequence number.
func (s *Socket) IRS() uint32 { return s.irs }

// Err returns the pending error without clearing it.
func (s *Socket) Err() Errno { return s.err }

// Buffered returns how many bytes Read can give now.
func (s *Socket) Buffered() int {
	n := s.rcvNxt - s.copied
	if s.finSeen && n > 0 {
		n--
	}
	return int(n)
}

// Unacked returns how many bytes were sent and are not acknowledged.
func (s *Socket) Unacked() int { return int(s.sndNxt - s.sndUna) }

// Unsent returns how many bytes wait to be sent.
func (s *Socket) Unsent() int { return int(s.writeSeq - s.sndNxt) }

// Readable reports whether Read, or Accept on a listener, would not give EAGAIN.
func (s *Socket) Readable() bool {
	switch s.state {
	case Listen:
		return len(s.acceptQ) > 0
	case SynSent, SynReceived:
		return s.err != OK
	}
	return s.err != OK || s.Buffered() > 0 || s.finSeen || s.shut&shutRecv != 0 ||
		s.state == Closed
}

// Writable reports whether Write would not give EAGAIN. After it did, this stays false until a
// third of the send buffer is free (sk_stream_write_space).
func (s *Socket) Writable() bool {
	switch s.state {
	case Listen, SynSent, SynReceived:
		return s.err != OK
	}
	return s.err != OK || s.shut&shutSend != 0 || s.state == Closed ||
		!s.noSpace && s.memoryFree()
}

// PollWritable reports what poll(2) would: Writable, and a third of the send buffer free. If not,
// the socket will wake its owner when it is (tcp_poll).
func (s *Socket) PollWritable() bool {
	switch s.state {
	case Listen, SynSent, SynReceived:
		return s.err != OK
	}
	if s.shut&shutSend != 0 || s.writeSpace() {
		return true
	}
	s.noSpace = true
	return false
}

func (s *Socket) net() *Network { return s.host.net }
func (s *Socket) now() Time     { return s.host.net.now }

// setState records and makes a transition (RFC 9293, figure 5).
func (s *Socket) setState(to State) {
	from := s.state
	if from == to {
		return
	}
	s.state = to
	n := s.net()
	if n.sink != nil {
		n.record(&Record{Kind: StateChanged, Host: s.host.id, Socket: s.id, From: from, To: to})
	}
}

// fail gives the application an error (sk_err), if there still is an application.
func (s *Socket) fail(e Errno) {
	if s.orphan {
		return
	}
	s.err = e
	if n := s.net(); n.sink != nil {
		n.record(&Record{Kind: SocketError, Host: s.host.id, Socket: s.id, Errno: e})
	}
	s.wake()
}

func (s *Socket) wake() {
	if !s.orphan {
		s.net().wake(s)
	}
}

// vanish ends the socket without a segment: power loss.
func (s *Socket) vanish() {
	s.stopTimers()
	s.settle()
	s.setState(Closed)
	s.err = ECONNABORTED
	s.wake()
	s.forget()
}

// forget takes the socket out of its host and network.
func (s *Socket) forget() {
	if s.gone {
		return
	}
	s.gone = true
	s.unhash()
	h := s.host
	for i, o := range h.all {
		if o == s {
			h.all = append(h.all[:i], h.all[i+1:]...)
			break
		}
	}
	h.net.dropSocket(s.id)
}

// unhash makes the socket unreachable for segments and frees its port.
func (s *Socket) unhash() {
	h := s.host
	h.remove(s)
	for i, l := range h.listeners {
		if l == s {
			h.listeners = append(h.listeners[:i], h.listeners[i+1:]...)
			break
		}
	}
	s.unbind()
}

func (s *Socket) unbind() {
	if !s.reuseBind {
		return
	}
	s.reuseBind = false
	h := s.host
	if h.bound[s.flow.localPort]--; h.bound[s.flow.localPort] <= 0 {
		delete(h.bound, s.flow.localPort)
	}
}
