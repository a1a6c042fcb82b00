package netmodel

// receiveICMP takes an ICMP destination unreachable about a segment of one of our connections
// (tcp_v4_err). Established connections remember it as a soft error, and take it as a hint that
// the retransmission was answered by the network: RFC 6069 takes the last back-off back.
func (h *Host) receiveICMP(now Time, seg *Segment) {
	f := flow{seg.InnerSrc.Addr, seg.InnerDst.Addr, seg.InnerSrc.Port, seg.InnerDst.Port}
	s := h.find(f)
	if s == nil || s.state == TimeWait || s.state == Closed || s.finWaitTail {
		return
	}
	if s.state != SynSent && !s.request.on &&
		(before(seg.InnerSeq, s.sndUna) || after(seg.InnerSeq, s.sndNxt)) {
		return
	}
	e := icmpError(seg.ICMP)
	switch {
	case s.request.on:
		if seg.InnerSeq == s.iss && !s.request.acked {
			s.dropRequest()
		}
	case s.state == SynSent || s.state == SynReceived:
		s.purge()
		s.done(e)
	default:
		if seg.ICMP == HostUnreachable || seg.ICMP == NetUnreachable {
			s.revertBackoff(seg.InnerSeq)
		}
		s.softErr = e
	}
	s.settle()
}

// icmpError maps codes to errors (icmp_err_convert).
func icmpError(u Unreachable) Errno {
	switch u {
	case NetUnreachable:
		return ENETUNREACH
	case PortUnreachable:
		return ECONNREFUSED
	}
	return EHOSTUNREACH
}

// revertBackoff is tcp_ld_RTO_revert (RFC 6069): the timeout is halved to what it was before the
// last expiry, and what remains of it is waited for, or the retransmission happens now.
func (s *Socket) revertBackoff(seq uint32) {
	if s.queue.sent == 0 || s.backoff == 0 || s.retransmits == 0 || seq != s.sndUna {
		return
	}
	s.backoff--
	p := s.host.profile
	rto := s.roundRTO()
	if s.srtt == 0 {
		rto = s.host.roundTicks(p.InitialRTO)
	}
	s.rto = min(rto<<s.backoff, p.RTOMax)
	elapsed := s.host.roundTicks(s.now().Sub(s.queue.at(0).sent))
	if rest := s.rto - elapsed; rest > 0 {
		s.armRTO(rest)
	} else {
		s.retransmitTimer()
	}
}
