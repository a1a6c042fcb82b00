package netmodel

import "time"

// This file is what stacks other than Linux do in their own way, where it cannot be said by other
// numbers for Linux' mechanisms. Which stack does what is data: see the presets.

// ownRTO turns the estimate into a timeout. Linux bounds the variance term from below, so that the
// timeout is the round trip and RTOMin; others bound the whole (RFC 6298, (2.4)). XNU adds a slop
// for the peer's delayed acknowledgements (TCPTV_REXMTSLOP).
func (s *Socket) ownRTO(rto time.Duration) time.Duration {
	p := s.host.profile
	rto += p.RTOSlop
	if p.RTOBound {
		rto = max(rto, p.RTOMin)
	}
	return rto
}

// ownOutOfTime decides whether to give up where the stack does not ask Linux' question, how much
// time has passed, but counts retransmissions (XNU, Windows, lwIP, Zephyr), or has a timer over a
// connect. A user timeout goes before both.
func (s *Socket) ownOutOfTime() (over, decided bool) {
	p := s.host.profile
	switch {
	case s.opt.userTimeout > 0:
	case s.state == SynSent:
		if p.ConnectTimeout > 0 && s.now().Sub(s.retransStamp) >= p.ConnectTimeout {
			return true, true
		}
	case s.state != SynReceived && p.CountRetries:
		return s.retransmits >= p.Retries2, true
	}
	return false, false
}

// clampConnect makes the SYN timer fire in time for the end of a connect.
func (s *Socket) clampConnect(d time.Duration) time.Duration {
	limit := s.host.profile.ConnectTimeout
	if limit == 0 {
		return d
	}
	left := limit - s.now().Sub(s.retransStamp)
	return min(d, max(left, s.host.profile.Tick))
}

// interfaceChanged is told when the host's last interface goes down, or its first comes up. Linux'
// sockets do not look at interfaces. Zephyr's end with an error, and no segment says so.
func (h *Host) interfaceChanged(_ Time, up bool) {
	if up || !h.profile.CloseOnInterfaceDown {
		return
	}
	for _, s := range h.connections() {
		s.purge()
		s.done(ECONNABORTED)
	}
}

// addressChanged is told when the host has another address. On Linux connections keep the one that
// they were made with, and go nowhere. lwIP aborts them (tcp_netif_ip_addr_changed): the RST leaves
// in the name of the old address.
func (h *Host) addressChanged(_ Time, old Addr) {
	if !h.profile.CloseOnAddressChange {
		return
	}
	for _, s := range h.connections() {
		if s.flow.local != old {
			continue
		}
		if s.state != SynSent {
			s.sendActiveReset(SendReset)
		}
		s.purge()
		s.done(ECONNABORTED)
	}
}

// connections returns the sockets that are more than listeners, in a list of its own.
func (h *Host) connections() []*Socket {
	var all []*Socket
	for _, s := range h.all {
		if s.state != Listen && s.state != Closed {
			all = append(all, s)
		}
	}
	return all
}
