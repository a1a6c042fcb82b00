package netmodel

import "time"

// SetNoDelay turns Nagle's algorithm off (TCP_NODELAY), and sends what it held back.
func (s *Socket) SetNoDelay(on bool) {
	s.opt.noDelay = on
	if on {
		s.pushNow = true
		s.pushPending()
		s.settle()
	}
}

// SetCork holds partial segments back until it is cleared (TCP_CORK), or until the persist timer
// fires: that is the ceiling of 200 ms in the manual page.
func (s *Socket) SetCork(now Time, on bool) {
	s.opt.cork = on
	if !on {
		if s.opt.noDelay {
			s.pushNow = true
		}
		s.pushPending()
		s.settle()
	}
}

// SetKeepAlive sets SO_KEEPALIVE, TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT. Zeros leave a value
// as it is.
func (s *Socket) SetKeepAlive(on bool, idle, interval time.Duration, count int) {
	if idle > 0 {
		s.opt.keepIdle = idle
	}
	if interval > 0 {
		s.opt.keepInterval = interval
	}
	if count > 0 {
		s.opt.keepCount = count
	}
	was := s.opt.keepAlive
	s.opt.keepAlive = on
	switch s.state {
	case Closed, Listen:
		return
	}
	if on {
		s.armKeepalive(s.remainingIdle())
	} else if was {
		s.stopTimer(&s.keepTimer)
	}
	s.settle()
}

// remainingIdle is how long the connection must still be idle until the first probe: setting
// TCP_KEEPIDLE counts the time that has passed (tcp_sock_set_keepidle_locked).
func (s *Socket) remainingIdle() time.Duration {
	return max(0, s.opt.keepIdle-s.idle())
}

// SetUserTimeout sets TCP_USER_TIMEOUT (RFC 5482): how long data may stay unacknowledged. 0: the
// stack's default.
func (s *Socket) SetUserTimeout(d time.Duration) { s.opt.userTimeout = d }

// SetLinger sets SO_LINGER: 0 makes Close abort; negative turns it off. Waiting in close(2) is up
// to the caller, who can watch the state.
func (s *Socket) SetLinger(d time.Duration) { s.opt.linger = d }

// SetSendBuffer sets SO_SNDBUF: the kernel doubles it, for its overhead, and stops tuning it.
func (s *Socket) SetSendBuffer(n int) {
	s.sndBuf = max(2*n, minSndBuf)
	s.opt.sndBufLocked = true
	s.noteWriteSpace()
}

// SetRecvBuffer sets SO_RCVBUF: the kernel doubles it, for its overhead, and stops tuning it.
func (s *Socket) SetRecvBuffer(n int) {
	s.rcvBuf = max(2*n, minRcvBuf)
	s.opt.rcvBufLocked = true
}

// SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF: two, or one, smallest kernel buffers of 2048 bytes.
const (
	minSndBuf = 2 * (2048 + 256)
	minRcvBuf = 2048 + 256
)

// SetQuickAck sets TCP_QUICKACK: acknowledge at once, until the connection turns interactive.
func (s *Socket) SetQuickAck(now Time, on bool) {
	if !on {
		s.pingPong = s.host.profile.PingPong
		return
	}
	s.pingPong = 0
	switch s.state {
	case Established, CloseWait:
		if s.ackPending&ackSched != 0 {
			s.ackPending |= ackPushed
			s.cleanupRecv(1)
			s.settle()
		}
	}
}

// SetMaxSegment sets TCP_MAXSEG: an upper limit for the MSS in both directions. Sockets that a
// listener accepts inherit it.
func (s *Socket) SetMaxSegment(n int) { s.opt.maxSegment = n }

// SetNotSentLowat sets TCP_NOTSENT_LOWAT: Writable while fewer bytes than this wait to be sent.
func (s *Socket) SetNotSentLowat(n int) { s.opt.notSentLowat = n }

// SetSynCount sets TCP_SYNCNT: the number of SYN retransmissions.
func (s *Socket) SetSynCount(n int) { s.opt.synCount = n }
