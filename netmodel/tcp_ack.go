package netmodel

import "time"

// What an acknowledgement was found to mean (FLAG_* of tcp_input.c).
type ackFlags uint16

const (
	ackData         ackFlags = 1 << iota // the segment carries data
	ackWinUpdate                         // it updates the window
	ackDataAcked                         // it acknowledges new data
	ackSynAcked                          // it acknowledges our SYN
	ackRetransAcked                      // ... some of which was retransmitted
	ackDataSacked                        // a new SACK
	ackDSACK                             // a DSACK
	ackDSACKProbe                        // a DSACK of the tail loss probe
	ackUnaAdvanced                       // SND.UNA advanced
	ackOrigSacked                        // never retransmitted data was (s)acked
	ackLostRetrans                       // a retransmission was found lost
	ackSetTimer                          // RTO or TLP is to be set anew
	ackReneging                          // the first unacknowledged segment was SACKed before

	ackAcked   = ackDataAcked | ackSynAcked
	ackNotDup  = ackData | ackWinUpdate | ackAcked
	ackAlert   = ackDataSacked | ackDSACK
	ackForward = ackAcked | ackDataSacked
)

// ackState collects what one acknowledgement brings.
type ackState struct {
	flags     ackFlags
	ack       uint32
	priorUna  uint32
	delivered uint32 // s.delivered before
	lost      int    // s.lost before
	firstSent Time
	lastSent  Time // of what was acknowledged in order
	hasAcked  bool
	firstSack Time
	lastSack  Time
	hasSack   bool
	reord     uint32 // lowest sequence that was delivered out of order
	sawTS     bool
	echo      uint32
	ackRTT    int64 // of the newest data, microseconds; -1: none (for congestion control)
}

// What to send when an acknowledgement is processed.
type rexmit uint8

const (
	rexmitNone rexmit = iota
	rexmitLost
	rexmitNew // F-RTO: new data first
)

// receiveAck processes the acknowledgement in seg (tcp_ack; RFC 9293, 3.10.7.4, fifth check). It
// returns 1 if it is fine, 0 if it is old, -1 if the segment must be discarded.
func (s *Socket) receiveAck(seg *Segment) int {
	a := ackState{ack: seg.Ack, priorUna: s.sndUna, delivered: s.delivered, lost: s.lostTotal,
		ackRTT: -1, reord: s.sndNxt,
		sawTS: s.tsOK && seg.Options.HasTimestamps, echo: seg.Options.TSEcr}
	if before(seg.Ack, s.sndUna) {
		return s.receiveOldAck(seg, &a)
	}
	if after(seg.Ack, s.sndNxt) {
		if s.state == Established {
			s.challengeAck() // RFC 5961, 5.2; in other states whoever asked does it
		}
		return -1 // it acknowledges what was never sent
	}
	priorSent := s.queue.sent
	priorHigh := s.highestSack()
	if after(seg.Ack, s.sndUna) {
		a.flags |= ackUnaAdvanced
		s.retransmits = 0
	}
	s.updateTimestamp(seg)
	if seg.SeqLen() > 0 {
		a.flags |= ackData
	}
	s.updateWindow(seg, &a)
	if seg.Options.NSACK > 0 && s.sackOK {
		s.receiveSACK(seg, &a)
	}
	s.softErr = OK
	s.keep.probes = 0
	s.keep.rcvStamp = s.tickNow()
	if priorSent == 0 {
		if a.flags&ackDSACK != 0 {
			s.react(&a, 0)
		}
		s.ackProbe()
		if s.tlpHigh != 0 {
			s.probeAcked(&a)
		}
		return 1
	}
	s.clean(&a, priorHigh)
	s.updateReorderWindow()
	if s.tlpHigh != 0 {
		s.probeAcked(&a)
	}
	r := rexmitNone
	if a.flags&ackNotDup == 0 || a.flags&ackAlert != 0 || s.caState != caOpen {
		dup := 0
		if a.flags&(ackUnaAdvanced|ackNotDup|ackDSACK) == 0 {
			dup = 1
		}
		r = s.react(&a, dup)
	}
	if a.flags&ackSetTimer != 0 && !s.scheduleProbe(true) {
		s.rearmRTO()
	}
	s.congestionControl(&a)
	s.recover(r)
	return 1
}

// receiveOldAck: an overtaken acknowledgement may still bring SACKs. One that is older than any
// window is suspicious (RFC 5961, 5.2).
func (s *Socket) receiveOldAck(seg *Segment, a *ackState) int {
	oldest := uint32(min(uint64(s.maxWnd), s.bytesAck))
	if before(seg.Ack, s.sndUna-oldest) {
		if s.state == Established {
			s.challengeAck()
		}
		return -1
	}
	if seg.Options.NSACK > 0 && s.sackOK {
		s.receiveSACK(seg, a)
		r := s.react(a, 0)
		s.recover(r)
	}
	return 0
}

// recover sends what the processing of an acknowledgement found lost (tcp_xmit_recovery).
func (s *Socket) recover(r rexmit) {
	if r == rexmitNone || s.state == SynSent {
		return
	}
	if r == rexmitNew {
		if s.queue.unsent() != nil && s.writeXmit(nagleOff, xmitAll) {
			s.checkProbeTimer()
		}
		if after(s.sndNxt, s.highSeq) {
			return
		}
		s.frto = false
	}
	s.retransmitLost()
}

// updateTimestamp is tcp_replace_ts_recent (RFC 7323, 4.3).
func (s *Socket) updateTimestamp(seg *Segment) {
	if !s.tsOK || !seg.Options.HasTimestamps || after(seg.Seq, s.rcvWup) {
		return
	}
	// An old timestamp passes PAWS only in a pure acknowledgement that was overtaken.
	if int32(seg.Options.TSVal-s.tsRecent) >= 0 || s.tsRecent == 0 ||
		s.now().Sub(s.tsStamp) > 24*24*time.Hour {
		s.tsRecent = seg.Options.TSVal
		s.tsStamp = s.now()
	}
}

// mayUpdateWindow is RFC 9293's rule with SND.WL1, except that a larger window, or none at all, is
// believed from a segment with the same sequence number (tcp_may_update_window).
func (s *Socket) mayUpdateWindow(ack, seq, window uint32) bool {
	return after(ack, s.sndUna) || after(seq, s.sndWl1) ||
		seq == s.sndWl1 && (window > s.sndWnd || window == 0)
}

func (s *Socket) updateWindow(seg *Segment, a *ackState) {
	window := uint32(seg.Window)
	if seg.Flags&SYN == 0 {
		window <<= s.sndScale
	}
	if s.mayUpdateWindow(seg.Ack, seg.Seq, window) {
		a.flags |= ackWinUpdate
		s.sndWl1 = seg.Seq
		if window != s.sndWnd {
			s.sndWnd = window
			if s.queue.unsent() != nil {
				s.restartAfterIdle()
			}
			s.maxWnd = max(s.maxWnd, window)
		}
	}
	if n := seg.Ack - s.sndUna; n > 0 {
		s.bytesAck += uint64(n)
		s.sndUna = seg.Ack
	}
}

// ackProbe: an answer to a zero-window probe either opens the window, or the wait goes on
// (tcp_ack_probe).
func (s *Socket) ackProbe() {
	p := s.queue.unsent()
	if p == nil {
		return
	}
	if !after(p.end, s.sndUna+s.sndWnd) {
		s.backoff = 0
		s.keep.probeStamp = 0
		if s.xmit.pending == TimerPersist {
			s.stopTimer(&s.xmit)
		}
		return
	}
	s.startTimer(&s.xmit, TimerPersist, s.clampProbe(s.probeWhen()))
}
