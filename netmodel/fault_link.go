package netmodel

import "time"

// enterSlowly decides about a segment on a link that has more than a latency, or faults.
// The order of the decisions is that of Fault's description.
func (d *direction) enterSlowly(seg *Segment, s sending, t throw) EventID {
	for _, k := range [...]FaultKind{FaultCut, FaultMatch, FaultReset, FaultUnreachable} {
		if f := firstThatTakes(d.faults, k, seg); f != nil {
			sent := d.takenBy(f, seg, s)
			d.endSpent(sent)
			return sent
		}
	}
	for _, f := range d.faults {
		f.hits = f.Kind >= FaultConditions && f.takes(seg)
	}
	sent := d.impair(seg, s, t)
	d.endSpent(sent)
	return sent
}

func firstThatTakes(faults []*activeFault, k FaultKind, seg *Segment) *activeFault {
	for _, f := range faults {
		if f.Kind == k && f.takes(seg) {
			return f
		}
	}
	return nil
}

// endSpent ends the faults whose count the segment used up.
func (d *direction) endSpent(segment EventID) {
	for i := 0; i < len(d.faults); i++ {
		if f := d.faults[i]; f.spent() {
			f.endBecause(segment) // replaces d.faults
			i--
		}
	}
}

// takenBy drops a segment for a fault: at once, or in the middle of the link where an answer is
// made.
func (d *direction) takenBy(f *activeFault, seg *Segment, s sending) EventID {
	switch f.Kind {
	case FaultCut:
		return d.lose(seg, s, DropCut, f.id)
	case FaultMatch:
		return d.lose(seg, s, DropMatch, f.id)
	}
	l := d.net.newLoose(d)
	l.flight.seg = *seg
	l.flight.fault = f.id
	l.middle = true
	l.flight.sent = d.recordSent(&l.flight.seg, s, Never)
	d.middle = max(d.middle, d.halfway())
	d.net.arm(&l.timer, d.middle)
	return l.flight.sent
}

// lose records a segment that dies as it enters the link.
func (d *direction) lose(seg *Segment, s sending, why Reason, fault FaultID) EventID {
	n := d.net
	if n.sink == nil {
		return 0
	}
	c := clone(seg)
	sent := d.recordSent(c, s, Never)
	n.record(&Record{Kind: SegmentDropped, Reason: why, Host: d.from.id, Peer: d.to.id,
		Socket: s.socket, Link: d.id(), Cause: n.causeOf(fault, sent), Of: sent, Fault: fault, Seg: c})
	return sent
}

// impair applies loss, rate, duplication, corruption, latency and jitter.
func (d *direction) impair(seg *Segment, s sending, t throw) EventID {
	if lost, fault := d.chance(t.loss, func(c *Conditions) PPM { return c.Loss }); lost {
		return d.lose(seg, s, DropLoss, fault)
	}
	if lost, fault := d.burstLoss(t); lost {
		return d.lose(seg, s, DropLoss, fault)
	}
	leaves := d.net.now
	if rate, limit, fault := d.rate(); rate > 0 {
		var room bool
		if leaves, room = d.serialise(wireSize(seg), rate, limit); !room {
			return d.lose(seg, s, DropQueue, fault)
		}
	}
	twice, copier := d.chance(t.duplicate, func(c *Conditions) PPM { return c.Duplicate })
	corrupt, corrupter := d.chance(t.corrupt, func(c *Conditions) PPM { return c.Corrupt })

	jitter, reorder := d.jitter()
	due := leaves.Add(d.latency()) + subMicrosecond(t.shift)
	due += Time(scale(t.jitter, uint64(jitter)+1))
	var f *flight
	if reorder && due < d.latest {
		f = d.overtake(seg, s, due)
	} else {
		f = d.fly(seg, s, due)
	}
	sent := f.sent
	f.corrupt, f.fault = corrupt, corrupter
	if twice {
		s = sending{why: SendLinkCopy, cause: d.net.causeOf(copier, sent), of: sent, socket: s.socket}
		d.fly(seg, s, due+subMicrosecond(t.copyShift)).fault = copier
	}
	return sent
}

// chance combines the probabilities of the link and of its faults as those of independent events,
// on one draw, and says whose event it is.
func (d *direction) chance(draw uint32, of func(*Conditions) PPM) (bool, FaultID) {
	r := PPM(scale(draw, million))
	p := of(&d.conditions)
	if r < p {
		return true, 0
	}
	for _, f := range d.faults {
		if !f.hits {
			continue
		}
		p += PPM(uint64(million-p) * uint64(of(&f.Conditions)) / million)
		if r < p {
			return true, f.id
		}
	}
	return false, 0
}

func (d *direction) burstLoss(t throw) (bool, FaultID) {
	burst, bad, fault := d.conditions.Burst, &d.bad, FaultID(0)
	for _, f := range d.faults {
		if f.hits && f.Conditions.Burst != nil {
			burst, bad, fault = f.Conditions.Burst, &f.bad, f.id
		}
	}
	if burst == nil {
		return false, 0
	}
	step, loss := burst.GoodToBad, burst.LossGood
	if *bad {
		step = burst.BadToGood
	}
	if hit(t.burst, step) {
		*bad = !*bad
	}
	if *bad {
		loss = burst.LossBad
	}
	return hit(t.burstLoss, loss), fault
}

// rate is the lowest of the rates of the link and its faults, with the queue in front of it.
func (d *direction) rate() (rate int64, limit int, fault FaultID) {
	rate, limit = d.conditions.Rate, d.conditions.Queue
	for _, f := range d.faults {
		if c := &f.Conditions; f.hits && c.Rate > 0 && (rate == 0 || c.Rate < rate) {
			rate, limit, fault = c.Rate, c.Queue, f.id
		}
	}
	return rate, limit, fault
}

func (d *direction) latency() time.Duration {
	sum := d.conditions.Latency
	for _, f := range d.faults {
		if f.hits {
			sum += f.Conditions.Latency
		}
	}
	return sum
}

func (d *direction) jitter() (jitter time.Duration, reorder bool) {
	jitter, reorder = d.conditions.Jitter, d.conditions.Reorder
	for _, f := range d.faults {
		if f.hits {
			jitter += f.Conditions.Jitter
			reorder = reorder || f.Conditions.Reorder
		}
	}
	return jitter, reorder
}
