package netmodel

import "time"

// The timers of a connection (net/ipv4/tcp_timer.c).

// startTimer arms t for d from now, in whole ticks and slots of the timer wheel.
func (s *Socket) startTimer(t *tcpTimer, kind Timer, d time.Duration) {
	s.startTimerAt(t, kind, s.host.expiry(s.now(), d), d)
}

// startTimerAt arms t for an instant, and records it if that changes anything.
func (s *Socket) startTimerAt(t *tcpTimer, kind Timer, due Time, period time.Duration) {
	n := s.net()
	if n.sink != nil {
		if t.armed() && t.pending == kind && t.due == due {
			return
		}
		s.recordStop(t)
		r := Record{Kind: TimerArmed, Host: s.host.id, Socket: s.id, Timer: kind, Due: due,
			Period: period}
		r.Attempt, r.Limit = s.attempt(kind)
		t.armedBy = n.record(&r)
	}
	t.pending = kind
	t.kind = kind
	n.arm(&t.timer, due)
}

// stopTimer disarms t if it is armed.
func (s *Socket) stopTimer(t *tcpTimer) {
	if !t.armed() {
		t.pending = 0
		return
	}
	s.recordStop(t)
	t.pending = 0
	s.net().disarm(&t.timer)
}

func (s *Socket) recordStop(t *tcpTimer) {
	if n := s.net(); n.sink != nil && t.armed() {
		n.record(&Record{Kind: TimerStopped, Host: s.host.id, Socket: s.id, Timer: t.pending,
			Of: t.armedBy, Due: t.due})
	}
}

func (s *Socket) stopTimers() {
	for _, t := range [...]*tcpTimer{&s.xmit, &s.delack, &s.keepTimer, &s.timeWait, &s.compressed,
		&s.synAckTimer} {
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
	tt.pending = 0
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
		s.reorderTimeout()
	case TimerTLP:
		s.sendLossProbe()
	case TimerPersist:
		s.probeTimer()
	default:
		s.retransmitTimer()
	}
}

// tickNow is the present time as the kernel's jiffies show it.
func (s *Socket) tickNow() Time { return s.host.tickOf(s.host.jiffies(s.now())) }
