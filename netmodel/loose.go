package netmodel

// loose is a segment that travels outside the orderly queue of its direction: it overtakes others,
// or it was taken by a fault that answers from the middle of the link, or it is that answer.
type loose struct {
	flight flight
	d      *direction
	timer  timer
	middle bool // on its way to the middle, not to the end
}

func (n *Network) newLoose(d *direction) *loose {
	n.looseOut++
	var l *loose
	if k := len(n.loose) - 1; k >= 0 {
		l, n.loose = n.loose[k], n.loose[:k]
	} else {
		l = &loose{}
		l.timer.owner = l
	}
	l.d, l.middle = d, false
	l.flight = flight{}
	return l
}

// overtake sends a segment that arrives before some that entered the link earlier.
func (d *direction) overtake(seg *Segment, s sending, due Time) *flight {
	l := d.net.newLoose(d)
	l.flight.seg, l.flight.due = *seg, due
	d.net.arm(&l.timer, due)
	l.flight.sent = d.recordSent(&l.flight.seg, s, due)
	return &l.flight
}

func (l *loose) fire(Time, *timer) {
	if l.middle {
		l.d.answerFromMiddle(&l.flight)
	} else {
		l.d.deliver(&l.flight)
	}
	l.flight.seg.Payload = nil // let the collector have it
	l.d.net.loose = append(l.d.net.loose, l)
	l.d.net.looseOut--
}

// answerFromMiddle lets a segment die in the middle of the link and sends the RST or the ICMP
// message of the fault that took it back to its sender. The record of the answer has no Host:
// nobody at either end sent it. Other faults do not touch it, as iptables' FORWARD rules do not
// touch what their own machine sends, and it takes no draw from the dice of its direction.
func (d *direction) answerFromMiddle(f *flight) {
	n, fault := d.net, d.net.faults[f.fault-1]
	dropped := n.record(&Record{Kind: SegmentDropped, Reason: DropFiltered, Host: d.from.id,
		Peer: d.to.id, Link: d.id(), Cause: fault.began, Of: f.sent, Fault: f.fault, Seg: &f.seg})
	answer, why, ok := fault.answer(&f.seg, f.seg.Dst.Addr, &d.icmp)
	if !ok {
		return
	}
	back := d.back
	l := n.newLoose(back)
	l.flight.seg = answer
	d.answered = max(d.answered, back.halfway())
	n.arm(&l.timer, d.answered)
	if n.sink != nil {
		l.flight.sent = n.record(&Record{Kind: SegmentSent, Reason: why, Peer: d.from.id,
			Link: d.id(), Cause: dropped, Fault: f.fault, Seg: &l.flight.seg, Due: d.answered})
	}
}

// halfway is when a segment that sets out now has gone half the link's own latency.
func (d *direction) halfway() Time {
	return d.net.now.Add(d.conditions.Latency/2) + subMicrosecond(d.answers.throw().shift)
}
