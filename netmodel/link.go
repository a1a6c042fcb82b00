package netmodel

import "time"

// loopbackLatency is the time a segment takes inside a host: softirq work, no wire.
const loopbackLatency = 20 * time.Microsecond

// Link joins two hosts. Each direction has its own conditions, queue and dice.
type Link struct {
	net *Network
	id  LinkID
	dir [2]direction
}

// AddLink joins a and b by a new link with the same conditions in both directions.
func (n *Network) AddLink(a, b *Host, c Conditions) *Link {
	l := &Link{net: n, id: LinkID(len(n.links) + 1)}
	n.links = append(n.links, l)
	mark := parallel(a, b)
	for i, ends := range [2][2]*Host{{a, b}, {b, a}} {
		d := &l.dir[i]
		*d = direction{net: n, link: l, from: ends[0], to: ends[1], back: &l.dir[1-i]}
		d.timer.owner = d
		d.dice.seed(n.seed, "link", d.from.name, d.to.name, mark)
		d.answers.seed(n.seed, "middle", d.from.name, d.to.name, mark)
		d.setConditions(c)
		d.from.ifaces = append(d.from.ifaces, d)
	}
	n.topology++
	return l
}

// parallel tells the links between the same two hosts apart, for the dice. It looks at the host
// with fewer links: a server may have ten thousand.
func parallel(a, b *Host) string {
	ifaces, other := b.ifaces, a
	if len(a.ifaces) < len(b.ifaces) {
		ifaces, other = a.ifaces, b
	}
	var s []byte
	for _, d := range ifaces {
		if d.to == other {
			s = append(s, '+')
		}
	}
	return string(s)
}

// ID returns the link's number.
func (l *Link) ID() LinkID { return l.id }

// Ends returns the two hosts in the order in which they were given to AddLink.
func (l *Link) Ends() (a, b *Host) { return l.dir[0].from, l.dir[1].from }

// Conditions returns the conditions of the direction from the given end.
func (l *Link) Conditions(from *Host) Conditions { return l.from(from).conditions }

// SetConditions changes the conditions of the direction from the given end, or of both if from is
// nil. What is under way already is not affected.
func (l *Link) SetConditions(now Time, from *Host, c Conditions) {
	l.net.check(now)
	for i := range l.dir {
		if d := &l.dir[i]; from == nil || d.from == from {
			d.setConditions(c)
		}
	}
}

func (l *Link) from(h *Host) *direction {
	for i := range l.dir {
		if l.dir[i].from == h {
			return &l.dir[i]
		}
	}
	panic("netmodel: " + h.name + " is not an end of the link")
}

// direction is one direction of a link, or the inside of one host. What every segment needs stands
// together: with thousands of links, each line of memory that is touched has to be fetched.
type direction struct {
	net      *Network
	from, to *Host
	link     *Link // nil: loopback
	lowered  int32 // faults that hold the interface at from down
	deaf     int32 // the same at to
	plain    bool  // conditions are nothing but latency and rate
	faults   []*activeFault
	dice     dice
	latest   Time // due time of the last flight in order
	fifo     fifo
	timer    timer // armed while fifo is not empty
	busy     Time  // when the sender of a link with a rate will be free

	conditions Conditions
	back       *direction
	bad        bool // state of the burst model
	arp        *arp // at routers: the neighbour that does not answer

	// For faults that answer from the middle of the link: dice and limit of what is made there, and
	// the latest due times of what goes there and of what comes back, which keep their order.
	answers          dice
	icmp             icmpLimit
	middle, answered Time
}

func newLoopback(h *Host) *direction {
	d := &direction{net: h.net, from: h, to: h}
	d.back = d
	d.timer.owner = d
	d.dice.seed(h.net.seed, "loopback", h.name)
	d.setConditions(Conditions{Latency: loopbackLatency})
	return d
}

func (d *direction) setConditions(c Conditions) {
	c.mustMakeSense()
	d.conditions = c
	d.plain = c.Jitter == 0 && c.Loss == 0 && c.Duplicate == 0 && c.Corrupt == 0 && c.Burst == nil
}

// down reports whether the interface of the sending end is down.
func (d *direction) down() bool { return d.lowered > 0 }

// closed reports whether an interface at either end is down.
func (d *direction) closed() bool { return d.down() || d.deaf > 0 }

func (d *direction) id() LinkID {
	if d.link == nil {
		return 0
	}
	return d.link.id
}

// sending is what is known of a segment beside itself.
type sending struct {
	why    Reason
	cause  EventID
	of     EventID
	copies uint8
	socket SocketID
}

// txResult is what the lower layers say of a segment that TCP hands to them, with the sign of
// Linux' return values (ip_queue_xmit).
type txResult int8

const (
	txUnreachable txResult = -1 // EHOSTUNREACH: no route, or the interface is down
	txSent        txResult = 0
	txCongested   txResult = 1 // NET_XMIT_DROP: the host's own queue has no room
)

// transmit sends a copy of seg from h. It returns the event of its sending.
func (n *Network) transmit(h *Host, seg *Segment, why Reason, cause, of EventID, copies uint8,
	sock SocketID) (EventID, txResult) {
	s := sending{why, cause, of, copies, sock}
	d := h.route(seg.Dst.Addr)
	switch {
	case d == nil:
		return n.undeliverable(h, seg, s, DropNoRoute), txUnreachable
	case d.down():
		return n.undeliverable(h, seg, s, DropInterface), txUnreachable
	case h.congested:
		return n.undeliverable(h, seg, s, DropQueue), txCongested
	}
	return d.enter(seg, s), txSent
}

// undeliverable records a segment that never leaves its host.
func (n *Network) undeliverable(h *Host, seg *Segment, s sending, why Reason) EventID {
	if n.sink == nil {
		return 0
	}
	c := clone(seg)
	sent := n.record(&Record{Kind: SegmentSent, Reason: s.why, Host: h.id, Socket: s.socket,
		Cause: s.cause, Of: s.of, Seg: c, Copies: s.copies, Due: Never})
	n.record(&Record{Kind: SegmentDropped, Reason: why, Host: h.id, Socket: s.socket,
		Cause: n.causeOf(h.loweredBy(why), sent), Of: sent, Fault: h.loweredBy(why), Seg: c})
	return sent
}

// clone copies a segment for a record, so that the caller's own can live on its stack.
func clone(s *Segment) *Segment {
	c := *s
	return &c
}

// enter puts a copy of seg on the link. All decisions about it fall here, at the moment it enters:
// a fault that begins later does not touch what is under way, and arrival times are known at once.
func (d *direction) enter(seg *Segment, s sending) EventID {
	if !d.plain || len(d.faults) > 0 {
		return d.enterSlowly(seg, s, d.dice.throw())
	}
	shift := d.dice.shift()
	leaves := d.net.now
	if c := &d.conditions; c.Rate > 0 {
		var room bool
		if leaves, room = d.serialise(wireSize(seg), c.Rate, c.Queue); !room {
			return d.lose(seg, s, DropQueue, 0)
		}
	}
	return d.fly(seg, s, leaves+Time(d.conditions.Latency)+subMicrosecond(shift)).sent
}

func subMicrosecond(draw uint32) Time { return 1 + Time(scale(draw, 999)) }

// fly appends a segment to the queue of those under way, behind its predecessors.
func (d *direction) fly(seg *Segment, s sending, due Time) *flight {
	n := d.net
	due = max(due, d.latest)
	d.latest = due
	f := n.flights.take()
	if seg != &f.seg {
		f.seg = *seg
	}
	f.due, f.seq = due, n.queue.nextSeq()
	f.corrupt, f.fault = false, 0
	d.fifo.push(f)
	if d.fifo.n == 1 {
		n.queue.arm(&d.timer, due, f.seq)
	}
	f.sent = d.recordSent(&f.seg, s, due)
	return f
}

func (d *direction) recordSent(seg *Segment, s sending, due Time) EventID {
	if d.net.sink == nil {
		return 0
	}
	d.net.rec = Record{Kind: SegmentSent, Reason: s.why, Host: d.from.id, Peer: d.to.id,
		Socket: s.socket, Link: d.id(), Cause: s.cause, Of: s.of, Seg: seg, Copies: s.copies, Due: due}
	return d.net.emit()
}

// fire delivers the first segment of the queue.
func (d *direction) fire(Time, *timer) {
	f := d.fifo.pop()
	if d.fifo.n > 0 {
		d.net.queue.arm(&d.timer, d.fifo.head.due, d.fifo.head.seq)
	}
	d.deliver(f)
	d.net.flights.give(f)
}

// deliver hands a segment to the host at the end of the link.
func (d *direction) deliver(f *flight) {
	n, h := d.net, d.to
	if why, fault := d.arrivalProblem(f); why != 0 {
		n.record(&Record{Kind: SegmentDropped, Reason: why, Host: h.id, Link: d.id(),
			Cause: n.causeOf(fault, f.sent), Of: f.sent, Fault: fault, Seg: &f.seg})
		return
	}
	arrived := EventID(0)
	if n.sink != nil {
		n.rec = Record{Kind: SegmentArrived, Host: h.id, Link: d.id(), Cause: f.sent, Of: f.sent,
			Seg: &f.seg}
		arrived = n.emit()
	}
	n.cause = arrived
	switch {
	case h.router:
		h.routerReceive(d, f, arrived)
	default:
		h.receive(n.now, &f.seg, arrived)
	}
}

// arrivalProblem says why a segment that crossed the link is not received at its end.
//
// A corrupted segment always dies here. On a real path a router checks IP's header only, and the
// end host finds what was flipped behind it; nobody's behaviour depends on the difference.
func (d *direction) arrivalProblem(f *flight) (Reason, FaultID) {
	h := d.to
	switch {
	case f.corrupt:
		return DropChecksum, f.fault
	case h.down:
		return DropHostDown, h.loweredBy(DropHostDown)
	case d.deaf > 0:
		return DropInterface, h.loweredBy(DropInterface)
	case !h.router && !h.local(f.seg.Dst.Addr):
		return DropNoHost, 0
	}
	return 0, 0
}
