package netmodel

import "time"

// The timers of a connection (net/ipv4/tcp_timer.c).

// startTimer arms t for d from now, in whole ticks and slots of the timer wheel.
func (s *Socket) startTimer(t *tcpTimer, kind Timer, d time.Duration) {
	s.startTimerAt(t, kind, s.host.expiry(s.now(), d), d)
}

// startTimerAt arms t for an instant.
func (s *Socket) startTimerAt(t *tcpTimer, kind Timer, due Time, period time.Duration) {
	t.pending, t.kind, t.period = kind, kind, period
	s.unsettled = true
	s.net().arm(&t.timer, due)
}

// stopTimer disarms t if it is armed.
func (s *Socket) stopTimer(t *tcpTimer) {
	t.pending = 0
	if t.armed() {
		s.unsettled = true
		s.net().disarm(&t.timer)
	}
}

// settle records what a segment, a timer or a call has done to the timers, when it is over: what
// runs and was stopped within the instant is no event. A timer that was put off a little, as each
// acknowledgement does to the RTO, is not recorded again either.
func (s *Socket) settle() {
	if !s.unsettled || s.net().sink == nil {
		return
	}
	s.unsettled = false
	for _, t := range s.timers() {
		if t.shown != 0 && (!t.armed() || t.pending != t.shown) {
			s.net().record(&Record{Kind: TimerStopped, Host: s.host.id, Socket: s.id,
				Timer: t.shown, Of: t.armedBy, Due: t.shownDue})
			t.shown = 0
		}
		const little = Time(time.Second)
		if !t.armed() || t.shown != 0 && t.due >= t.shownDue && t.due-t.shownDue <= little {
			continue
		}
		t.shown, t.shownDue = t.pending, t.due
		r := Record{Kind: TimerArmed, Host: s.host.id, Socket: s.id, Timer: t.shown, Due: t.due,
			Period: t.period}
		r.Attempt, r.Limit = s.attempt(t.shown)
		t.armedBy = s.net().record(&r)
	}
}

func (s *Socket) timers() [6]*tcpTimer {
	return [...]*tcpTimer{&s.xmit, &s.delack, &s.keepTimer, &s.timeWait, &s.compressed,
		&s.synAckTimer}
}

func (s *Socket) stopTimers() {
	for _, t := range s.timers() {
		s.stopTimer(t)
	}
}

// attempt says which of how many attempts a timer announces.
func (s *Socket) attempt(kind Timer) (int16, int16) {
	p := s.host.profile
	switch kind {
	case TimerRTO:
		limit := p.Retries2
		if s.orphan {
			limit = s.orphanRetries(s.rto < p.RTOMax)
		}
		return int16(s.retransmits + 1), int16(limit)
	case TimerSyn:
		return int16(s.retransmits + 1), int16(s.synRetries())
	case TimerSynAck:
		return int16(s.request.timeouts + 1), int16(p.SynAckRetries)
	case TimerKeepalive:
		return int16(s.keep.probes + 1), int16(s.opt.keepCount)
	case TimerPersist:
		return int16(s.keep.probes + 1), int16(p.Retries2)
	}
	return 0, 0
}

// fire serves a timer that is due.
func (s *Socket) fire(now Time, t *timer) {
	n := s.net()
	tt := s.timerOf(t)
	kind := tt.pending
	tt.pending, tt.shown = 0, 0
	if n.sink != nil {
		n.cause = n.record(&Record{Kind: TimerFired, Host: s.host.id, Socket: s.id, Timer: kind,
			Of: tt.armedBy, Cause: tt.armedBy, Due: now})
	}
	s.host.ticking = true
	switch tt {
	case &s.xmit:
		s.xmitTimer(kind)
	case &s.delack:
		s.delackFired()
	case &s.keepTimer:
		s.keepaliveFired()
	case &s.timeWait:
		s.timeWaitEnds()
	case &s.compressed:
		s.sendAck(SendDuplicateAck)
	case &s.synAckTimer:
		s.synAckFired()
	}
	s.host.ticking = false
	s.settle()
}

func (s *Socket) timerOf(t *timer) *tcpTimer {
	for _, c := range [...]*tcpTimer{&s.xmit, &s.delack, &s.keepTimer, &s.timeWait, &s.compressed} {
		if &c.timer == t {
			return c
		}
	}
	return &s.synAckTimer
}

func (s *Socket) xmitTimer(kind Timer) {
	if s.state == Closed || s.state == Listen {
		return
	}
	switch kind {
	case TimerReorder:
		s.xmit.pending = kind // an RTO that follows counts from the first segment: see rearmRTO
		s.reorderTimeout()
	case TimerTLP:
		s.xmit.pending = kind
		s.sendLossProbe()
	case TimerPersist:
		s.probeTimer()
	default:
		s.retransmitTimer()
	}
}

// tickNow is the present time as the kernel's jiffies show it.
func (s *Socket) tickNow() Time { return s.host.tickOf(s.host.jiffies(s.now())) }
