package netmodel

import "time"

// routerReceive takes a segment that arrived at a router: for itself, or to be passed on.
func (h *Host) routerReceive(from *direction, f *flight, arrived EventID) {
	p := passing{h: h, from: from, seg: f.seg, src: f.seg.Src, dst: f.seg.Dst, sent: f.sent,
		arrived: arrived}
	if h.nat != nil && !h.nat.arrive(&p) {
		return
	}
	if h.local(p.seg.Dst.Addr) {
		h.receive(h.net.now, &p.seg, arrived)
		return
	}
	p.forward()
}

// passing is a segment on its way through a router.
type passing struct {
	h       *Host
	from    *direction // over which it came
	seg     Segment    // as a NAT rewrote it so far
	sent    EventID    // by the neighbour
	arrived EventID

	src, dst  Endpoint // as it came
	flow      *mapping // of a NAT, if it belongs to a known one
	returns   bool     // ... and is a reply
	untracked bool     // a NAT lets it pass as it is
}

// asItCame is the segment as its sender knows it, which is what an answer must quote.
func (p *passing) asItCame() *Segment {
	s := p.seg
	if s.ICMP == NotICMP {
		s.Src, s.Dst = p.src, p.dst
	}
	return &s
}

// drop ends the segment at the router.
func (p *passing) drop(why Reason, fault FaultID) EventID {
	n := p.h.net
	if n.sink == nil {
		return 0
	}
	return n.record(&Record{Kind: SegmentDropped, Reason: why, Host: p.h.id,
		Cause: n.causeOf(fault, p.arrived), Of: p.sent, Fault: fault, Seg: clone(&p.seg)})
}

// forward passes the segment on, in Linux's order: the rules of the FORWARD chain, the hop count,
// the route, the neighbour.
func (p *passing) forward() {
	h := p.h
	for _, k := range [...]FaultKind{FaultCut, FaultMatch, FaultReset, FaultUnreachable} {
		if f := p.firstRule(k); f != nil {
			p.takenBy(f)
			return
		}
	}
	if p.seg.TTL <= 1 {
		// A real router sends ICMP time exceeded; no TCP reacts to it.
		p.drop(DropTTL, 0)
		return
	}
	p.seg.TTL--
	out := h.route(p.seg.Dst.Addr)
	if out == nil {
		p.refuse(DropNoRoute, 0, NetUnreachable)
		return
	}
	if out.down() {
		p.refuse(DropInterface, h.loweredLast, NetUnreachable)
		return
	}
	if h.nat != nil && !h.nat.leave(p, out) {
		return
	}
	if out.neighbourSilent() {
		out.ask(p)
		return
	}
	out.enter(&p.seg, sending{why: SendForward, cause: p.arrived})
}

func (p *passing) firstRule(k FaultKind) *activeFault {
	for _, f := range p.h.forwardFaults {
		if f.Kind == k && (f.From == nil || f.From == p.from.from) && f.takes(&p.seg) {
			return f
		}
	}
	return nil
}

// takenBy drops the segment for a rule, and answers if the rule is one that does.
func (p *passing) takenBy(f *activeFault) {
	n := p.h.net
	switch f.Kind {
	case FaultCut:
		p.drop(DropCut, f.id)
	case FaultMatch:
		p.drop(DropMatch, f.id)
	default:
		dropped := p.drop(DropFiltered, f.id)
		if m, why, ok := f.answer(p.asItCame(), p.h.addr, &p.h.icmp); ok {
			n.transmit(p.h, &m, why, dropped, 0, 0, 0)
		}
	}
	if f.spent() {
		f.endBecause(p.arrived)
	}
}

// refuse drops the segment and tells its sender why, within the limit.
func (p *passing) refuse(why Reason, fault FaultID, code Unreachable) {
	n := p.h.net
	dropped := p.drop(why, fault)
	m, ok := unreachable(p.asItCame(), code, p.h.addr)
	if ok && p.h.icmp.allow(n.now, m.Dst.Addr) {
		n.transmit(p.h, &m, SendUnreachable, dropped, 0, 0, 0)
	}
}

// arp is the state of a neighbour that does not answer: while a router asks for it, packets wait.
//
// Linux asks three times, a second apart (mcast_solicit, retrans_time_ms in net/ipv4/arp.c), and
// then reports each waiting packet as unreachable; the next packet starts it all again. As with a
// cable that is pulled at the far end, the router knows at once that its old entry is worthless;
// the 5 s and more that it goes on trusting it when only the far host is gone are not modelled.
type arp struct {
	tries   int
	waiting []passing
	dice    dice
	timer   timer
}

const (
	arpTries   = 3
	arpRetry   = time.Second
	arpWaiting = 101 // packets: unres_qlen_bytes (212992) filled with full-size ones
)

// neighbourSilent reports whether the host at the end of the link would not answer ARP.
func (d *direction) neighbourSilent() bool {
	return d.link != nil && (d.to.down || d.deaf > 0)
}

// ask lets the segment wait for the neighbour's answer.
func (d *direction) ask(p *passing) {
	if d.arp == nil {
		d.arp = &arp{}
		d.arp.timer.owner = (*arpTimer)(d)
		d.arp.dice.seed(d.net.seed, "arp", d.from.name, d.to.name)
	}
	a := d.arp
	if !a.timer.armed() {
		a.tries = 1
		d.net.arm(&a.timer, a.nextTry(d.net.now))
	}
	if len(a.waiting) == arpWaiting {
		a.waiting[0].drop(DropNoHost, 0)
		a.waiting = append(a.waiting[:0], a.waiting[1:]...)
	}
	a.waiting = append(a.waiting, *p)
}

// nextTry is a second later by the coarse timers of Linux: at HZ 250, timeouts of 1 s round up to
// 32 ms (kernel/time/timer.c). Three of them took 3.08 to 3.10 s on a real router.
func (a *arp) nextTry(now Time) Time {
	late := time.Duration(scale(a.dice.throw().shift, uint64(16*time.Millisecond)))
	return now.Add(arpRetry + 20*time.Millisecond + late)
}

// arpTimer is a direction as the owner of its ARP timer.
type arpTimer direction

func (t *arpTimer) fire(now Time, _ *timer) {
	d := (*direction)(t)
	a := d.arp
	if a.tries < arpTries {
		a.tries++
		if !d.neighbourSilent() {
			d.releaseWaiting() // it answers this request
			return
		}
		d.net.arm(&a.timer, a.nextTry(now))
		return
	}
	waiting := a.waiting
	a.waiting = nil
	for i := range waiting {
		waiting[i].refuse(DropNoHost, 0, HostUnreachable)
	}
}

func (d *direction) releaseWaiting() {
	waiting := d.arp.waiting
	d.arp.waiting = nil
	for i := range waiting {
		p := &waiting[i]
		d.enter(&p.seg, sending{why: SendForward, cause: p.arrived})
	}
}

// forgetNeighbour drops what waits, when the router itself loses power.
func (d *direction) forgetNeighbour() {
	if d.arp == nil {
		return
	}
	d.net.disarm(&d.arp.timer)
	for i := range d.arp.waiting {
		d.arp.waiting[i].drop(DropHostDown, d.from.downBy)
	}
	d.arp.waiting = nil
}
