package netmodel

import "time"

// Answers to segments that are not acceptable, and their limits (RFC 5961).

// oowLimited limits how often segments without data and outside the window are answered: two
// stacks could answer each other for ever (tcp_oow_rate_limited).
func (s *Socket) oowLimited(seg *Segment) bool {
	if seg.SeqLen() > 0 && seg.Flags&SYN == 0 {
		return false
	}
	return s.oowAgain()
}

func (s *Socket) oowAgain() bool {
	now := s.tickNow()
	limit := s.host.profile.InvalidInterval
	if s.oowSet && now.Sub(s.ackedAt) < limit {
		return true
	}
	s.ackedAt, s.oowSet = now, true
	return false
}

// challengeAck answers what may be an attack with the true state of things (RFC 5961, 3 to 5).
func (s *Socket) challengeAck() {
	if s.oowAgain() || !s.host.challengeAllowed(s.now()) {
		return
	}
	s.sendAck(SendChallenge)
}

// challengeAllowed is the host-wide limit (RFC 5961, 7; tcp_challenge_ack_limit), off by default.
func (h *Host) challengeAllowed(now Time) bool {
	if h.profile.ChallengeLimit == 0 {
		return true
	}
	if second := now / Time(time.Second); second != h.challengeTick || h.challenge == 0 && now == 0 {
		h.challengeTick, h.challenge = second, h.profile.ChallengeLimit
	}
	if h.challenge <= 0 {
		return false
	}
	h.challenge--
	return true
}

// sendDupAck answers a segment that is not acceptable, with a DSACK if it repeats data
// (tcp_send_dupack).
func (s *Socket) sendDupAck(seg *Segment) {
	why := SendDuplicateAck
	if end := seg.Seq + seg.SeqLen(); end != seg.Seq && before(seg.Seq, s.rcvNxt) {
		s.enterQuickAck()
		s.setDSACK(seg.Seq, min32(end, s.rcvNxt))
	} else if len(seg.Payload) == 0 && seg.Seq == s.rcvNxt-1 {
		why = SendKeepaliveAck
	}
	s.sendAck(why)
}
