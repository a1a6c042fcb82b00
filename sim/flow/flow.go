package flow

import (
	"slices"
	"sort"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Packet is what became of one MQTT packet.
type Packet struct {
	*trace.Packet
	Socket  netmodel.SocketID // its sender
	Sent    trace.ID          // the first segment with its first byte: SegmentSent; 0: never sent
	Last    trace.ID          // the last one
	Copies  int               // how many there were
	Dropped trace.ID          // the last loss of one of them: SegmentDropped
	Arrived trace.ID          // the arrival after which the receiver had it whole; 0: never
	Refused trace.ID          // an arrival at a host whose socket was gone
	Acked   trace.ID          // the arrival of the acknowledgement of its last byte
}

// Flows is the fate of all packets of a run.
type Flows struct {
	tr     *trace.Trace
	origin []trace.ID // by event ID: for each SegmentSent, its sender's own SegmentSent
	bySock [][]Packet // by socket ID
	ends   []end      // by socket ID
}

// end is one end of a connection during the walk over the events.
type end struct {
	state    netmodel.State
	closed   bool   // by its program
	next     uint64 // what its peer has sent up to here has arrived in order
	ahead    []span // what arrived beyond next, ascending
	acked    uint64 // of what it sent itself
	whole    int    // packets of its peer that have arrived
	ackedTo  int    // own packets that are acknowledged
	lastSent uint64 // the highest offset sent, for telling sequence numbers' turns apart
}

type span struct{ from, to uint64 }

// Of follows the packets of a trace.
func Of(tr *trace.Trace) *Flows {
	f := &Flows{tr: tr, origin: make([]trace.ID, len(tr.Events)+1),
		bySock: make([][]Packet, len(tr.Sockets)+1), ends: make([]end, len(tr.Sockets)+1)}
	for i := range tr.Sockets {
		ps := tr.Sockets[i].Packets
		f.bySock[i+1] = make([]Packet, len(ps))
		for j := range ps {
			f.bySock[i+1][j] = Packet{Packet: &ps[j], Socket: netmodel.SocketID(i + 1)}
		}
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		id := trace.ID(i + 1)
		switch ev.Kind {
		case netmodel.SegmentSent:
			f.sent(ev, id)
		case netmodel.SegmentArrived:
			f.arrived(ev, id)
		case netmodel.SegmentDropped:
			for _, p := range f.Carried(f.Origin(ev.Of)) {
				p.Dropped = id
			}
		case netmodel.StateChanged:
			if e := f.end(ev.Socket); e != nil {
				e.state = ev.To
			}
		case trace.ClosedByApp:
			if e := f.end(ev.Socket); e != nil {
				e.closed = true
			}
		}
	}
	return f
}

func (f *Flows) end(id netmodel.SocketID) *end {
	if id <= 0 || int(id) >= len(f.ends) {
		return nil
	}
	return &f.ends[id]
}

// Packets returns the packets that a socket wrote, in order.
func (f *Flows) Packets(id netmodel.SocketID) []Packet {
	if id <= 0 || int(id) >= len(f.bySock) {
		return nil
	}
	return f.bySock[id]
}

// Origin returns the SegmentSent by which the segment of a SegmentSent, SegmentArrived or
// SegmentDropped first left its sender, before any router passed it on; 0 if it came from nowhere.
func (f *Flows) Origin(id trace.ID) trace.ID {
	ev := f.tr.Event(id)
	if ev == nil {
		return 0
	}
	switch ev.Kind {
	case netmodel.SegmentArrived, netmodel.SegmentDropped:
		id = ev.Of
	}
	if id <= 0 || int(id) >= len(f.origin) {
		return 0
	}
	return f.origin[id]
}

// LostBy returns the last loss of a packet up to an instant, or 0: what was known by then.
func (f *Flows) LostBy(p *Packet, t netmodel.Time) trace.ID {
	for id := p.Dropped; id > p.Event; id-- {
		ev := f.tr.Event(id)
		if ev.Kind == netmodel.SegmentDropped && ev.At <= t &&
			slices.Contains(f.Carried(f.Origin(id)), p) {
			return id
		}
	}
	return 0
}

// Sender returns the socket that sent the segment of event id first, or 0: a router, or a kernel
// without a socket for it.
func (f *Flows) Sender(id trace.ID) netmodel.SocketID {
	if ev := f.tr.Event(f.Origin(id)); ev != nil {
		return ev.Socket
	}
	return 0
}

// Carried returns the packets of which the first byte is in the segment of a SegmentSent.
func (f *Flows) Carried(sent trace.ID) []*Packet {
	ev := f.tr.Event(sent)
	if ev == nil || ev.Seg == nil || len(ev.Seg.Payload) == 0 || f.end(ev.Socket) == nil {
		return nil
	}
	from := f.offset(ev.Socket, ev.Seg.Seq)
	return f.within(ev.Socket, from, from+uint64(len(ev.Seg.Payload)))
}

// within returns the packets of a socket that begin in [from, to).
func (f *Flows) within(id netmodel.SocketID, from, to uint64) []*Packet {
	ps := f.bySock[id]
	i := sort.Search(len(ps), func(i int) bool { return ps[i].Offset >= from })
	var out []*Packet
	for ; i < len(ps) && ps[i].Offset < to; i++ {
		out = append(out, &ps[i])
	}
	return out
}

// Overlapping returns the packets of which any byte is in the segment of a SegmentSent.
func (f *Flows) Overlapping(sent trace.ID) []*Packet {
	ev := f.tr.Event(sent)
	if ev == nil || ev.Seg == nil || len(ev.Seg.Payload) == 0 || f.end(ev.Socket) == nil {
		return nil
	}
	from := f.offset(ev.Socket, ev.Seg.Seq)
	out := f.within(ev.Socket, from, from+uint64(len(ev.Seg.Payload)))
	ps := f.bySock[ev.Socket]
	i := sort.Search(len(ps), func(i int) bool { return ps[i].Offset >= from }) - 1
	if i >= 0 && ps[i].Offset+uint64(ps[i].Len) > from {
		out = append([]*Packet{&ps[i]}, out...)
	}
	return out
}

// offset turns a sequence number of a socket's stream into an offset. Streams may be longer than
// 4 GiB: the turn is the one nearest to what was sent last.
func (f *Flows) offset(id netmodel.SocketID, seq uint32) uint64 {
	e := &f.ends[id]
	rel := seq - f.tr.Sockets[id-1].ISS - 1
	return e.lastSent + uint64(int64(int32(rel-uint32(e.lastSent))))
}

func (f *Flows) sent(ev *trace.Event, id trace.ID) {
	if ev.Socket == 0 {
		if hop := f.tr.Event(ev.Cause); ev.Reason == netmodel.SendForward && hop != nil &&
			hop.Kind == netmodel.SegmentArrived {
			f.origin[id] = f.Origin(hop.Of)
		}
		return
	}
	f.origin[id] = id
	e := f.end(ev.Socket)
	if e == nil || ev.Seg == nil || ev.Seg.Flags.Has(netmodel.SYN) {
		return
	}
	from := f.offset(ev.Socket, ev.Seg.Seq)
	e.lastSent = max(e.lastSent, from+uint64(len(ev.Seg.Payload)))
	for _, p := range f.within(ev.Socket, from, from+uint64(len(ev.Seg.Payload))) {
		if p.Sent == 0 {
			p.Sent = id
		}
		p.Last = id
		p.Copies++
	}
}

func (f *Flows) arrived(ev *trace.Event, id trace.ID) {
	sender := f.Sender(id)
	from := f.end(sender)
	if from == nil || ev.Seg == nil || ev.Seg.ICMP != netmodel.NotICMP {
		return
	}
	peer := f.tr.Sockets[sender-1].Peer
	to := f.end(peer)
	if to == nil || f.tr.Sockets[peer-1].Host != ev.Host {
		return
	}
	if ev.Seg.Flags.Has(netmodel.ACK) && !ev.Seg.Flags.Has(netmodel.SYN) {
		f.ack(peer, to, ev.Seg.Ack, id)
	}
	// A NAT keeps sequence numbers, so the segment's own tell its place in the sender's stream.
	at := f.offset(sender, ev.Seg.Seq)
	n := uint64(len(ev.Seg.Payload))
	if n == 0 || ev.Seg.Flags.Has(netmodel.SYN) {
		return
	}
	if to.closed || !receives(to.state) {
		for _, p := range f.within(sender, at, at+n) {
			if p.Arrived == 0 {
				p.Refused = id
			}
		}
		return
	}
	to.add(at, at+n)
	ps := f.bySock[sender]
	for to.whole < len(ps) && ps[to.whole].Offset+uint64(ps[to.whole].Len) <= to.next {
		ps[to.whole].Arrived = id
		to.whole++
	}
}

func receives(s netmodel.State) bool {
	switch s {
	case netmodel.SynReceived, netmodel.Established, netmodel.FinWait1, netmodel.FinWait2:
		return true
	}
	return false
}

func (f *Flows) ack(id netmodel.SocketID, e *end, ack uint32, by trace.ID) {
	to := f.offset(id, ack)
	if to > e.lastSent+1 || to <= e.acked { // +1: a FIN
		return
	}
	e.acked = to
	ps := f.bySock[id]
	for e.ackedTo < len(ps) && ps[e.ackedTo].Offset+uint64(ps[e.ackedTo].Len) <= to {
		ps[e.ackedTo].Acked = by
		e.ackedTo++
	}
}

// add notes that [from, to) has arrived, and moves next on as far as there is no gap.
func (e *end) add(from, to uint64) {
	if to <= e.next {
		return
	}
	e.ahead = append(e.ahead, span{from, to})
	sort.Slice(e.ahead, func(i, j int) bool { return e.ahead[i].from < e.ahead[j].from })
	n := 0
	for n < len(e.ahead) && e.ahead[n].from <= e.next {
		e.next = max(e.next, e.ahead[n].to)
		n++
	}
	e.ahead = append(e.ahead[:0], e.ahead[n:]...)
}
