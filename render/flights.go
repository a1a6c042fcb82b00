package render

import (
	"strconv"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// flow is a pair of endpoints in one direction.
type flow struct{ src, dst netmodel.Endpoint }

// conn is one TCP connection as the wire shows it, under all the names that NATs gave it.
type conn struct {
	client  netmodel.HostID // sent the first SYN
	actor   string          // who opened it
	server  netmodel.Endpoint
	began   netmodel.Time
	end     netmodel.Time // of the time in which it is its client's newest
	sockets [2]netmodel.SocketID
}

// flight is one segment on its way over one link (or, with link 0, within its host).
type flight struct {
	sent, end trace.ID // SegmentSent; SegmentArrived or SegmentDropped, 0 if the run ended first
	t0, t1    netmodel.Time
	link      netmodel.LinkID
	from, to  netmodel.HostID
	conn      *conn
	socket    netmodel.SocketID // of the sending host; 0 for what a router passes on
	shape     shape
	color     Color
	lost      bool
	again     bool // sent before: a retransmission
	middle    bool // it began in the middle of its link: a fault's answer
	died      float32
	text      string // on the stage: short
	name      string // on the ladder, and for assistive technology: in full
	reason    netmodel.Reason
	why       netmodel.Reason // of the drop
}

// stale reports whether the client had a newer connection when the segment was sent.
func (f *flight) stale() bool { return f.conn != nil && f.t0 >= f.conn.end }

// findFlights pairs each SegmentSent with its end.
func (ix *Index) findFlights() {
	evs := ix.tr.Events
	at := make([]int32, len(evs)+1) // SegmentSent's ID -> index of its flight plus 1
	ix.conns = map[flow]*conn{}
	newest := map[clientKey]*conn{}
	for i := range evs {
		ev := &evs[i]
		if ev.Seg == nil || int(ev.Of) > i {
			continue
		}
		switch ev.Kind {
		case netmodel.SegmentSent:
			ix.flights = append(ix.flights, ix.newFlight(trace.ID(i+1), ev, at, newest))
			at[i+1] = int32(len(ix.flights))
		case netmodel.SegmentArrived, netmodel.SegmentDropped:
			if n := at[ev.Of]; n > 0 {
				ix.land(&ix.flights[n-1], trace.ID(i+1), ev)
			}
		}
	}
	begin := make([]netmodel.Time, len(ix.flights))
	end := make([]netmodel.Time, len(ix.flights))
	for i := range ix.flights {
		begin[i], end[i] = ix.flights[i].t0, ix.flights[i].t1
		if ix.flights[i].link != 0 {
			ix.sentAt = append(ix.sentAt, begin[i])
		}
	}
	ix.air = newTree(begin, end)
	ix.sortLost()
}

// clientKey tells a client's connections to one server from all others.
type clientKey struct {
	host   netmodel.HostID
	actor  string
	server netmodel.Endpoint
}

func (ix *Index) newFlight(id trace.ID, ev *trace.Event, at []int32,
	newest map[clientKey]*conn) flight {
	f := flight{sent: id, t0: ev.At, t1: ix.tr.Length + 1, link: ev.Link, from: ev.Host,
		to: ev.Peer, socket: ev.Socket, again: ev.Copies > 0, reason: ev.Reason}
	ix.findEnds(&f)
	if ev.Due != netmodel.Never && ev.Due > ev.At {
		f.t1 = ev.Due
	}
	origin := ix.origin(ev, at)
	f.conn = ix.connOf(ev, origin, newest)
	if origin != nil {
		f.shape, f.color, f.text, f.name = origin.shape, origin.color, origin.text, origin.name
		f.again = origin.again
	} else {
		ix.describe(&f, ev)
	}
	return f
}

// findEnds completes what a record leaves open: what stays inside a host has no peer, and what a fault
// answers from the middle of a link, or a script injects, has no sender.
func (ix *Index) findEnds(f *flight) {
	switch {
	case f.from == 0 && f.link > 0 && int(f.link) <= len(ix.tr.Links):
		f.middle = true
		f.from = ix.tr.Links[f.link-1].A
		if f.from == f.to {
			f.from = ix.tr.Links[f.link-1].B
		}
	case f.from == 0:
		f.from = f.to
	case f.to == 0:
		f.to = f.from
	}
}

// origin is the flight that a router passes on with this one.
func (ix *Index) origin(ev *trace.Event, at []int32) *flight {
	if ev.Reason != netmodel.SendForward {
		return nil
	}
	from := ev.Of
	if c := ix.tr.Event(ev.Cause); c != nil && c.Kind == netmodel.SegmentArrived {
		from = c.Of
	}
	if n := at[from]; n > 0 {
		return &ix.flights[n-1]
	}
	return nil
}

// connOf finds the connection of a segment, and makes it at its first SYN.
func (ix *Index) connOf(ev *trace.Event, origin *flight, newest map[clientKey]*conn) *conn {
	key := flow{ev.Seg.Src, ev.Seg.Dst}
	if ev.Seg.ICMP != netmodel.NotICMP {
		key = flow{ev.Seg.InnerSrc, ev.Seg.InnerDst}
	}
	c := ix.conns[key]
	if c == nil && origin != nil {
		c = origin.conn // a NAT gave it a new name
	}
	if ev.Seg.Flags&(netmodel.SYN|netmodel.ACK) == netmodel.SYN && origin == nil && ev.Copies == 0 {
		c = ix.opened(ev, newest)
	}
	if c == nil {
		return nil
	}
	ix.conns[key] = c
	ix.conns[flow{key.dst, key.src}] = c
	return c
}

// opened makes the connection of a first SYN; the client's earlier one to that server is old now.
func (ix *Index) opened(ev *trace.Event, newest map[clientKey]*conn) *conn {
	c := &conn{client: ev.Host, server: ev.Seg.Dst, began: ev.At, end: netmodel.Never}
	c.sockets[0] = ev.Socket
	if s := ix.tr.Socket(ev.Socket); s != nil {
		c.actor, c.sockets[1] = s.Actor, s.Peer
	}
	key := clientKey{c.client, c.actor, c.server}
	if old := newest[key]; old != nil {
		old.end = ev.At
	}
	newest[key] = c
	return c
}

// land ends a flight. Only the first end counts: a duplicated segment arrives twice.
func (ix *Index) land(f *flight, id trace.ID, ev *trace.Event) {
	if f.end != 0 {
		return
	}
	f.end, f.t1 = id, ev.At
	if ev.Kind != netmodel.SegmentDropped {
		return
	}
	f.lost, f.why = true, ev.Reason
	if f.link == 0 && ev.Reason != netmodel.DropBacklog {
		ix.neverLeft(f)
	}
	f.died, f.t1 = ix.death(f, ev)
}

// neverLeft puts a segment that could not leave its host, because its interface is down or it knows
// no way, at the beginning of the host's first link: it has to be seen somewhere.
func (ix *Index) neverLeft(f *flight) {
	for i, l := range ix.tr.Links {
		if l.A == f.from || l.B == f.from {
			f.link, f.to = netmodel.LinkID(i+1), l.A
			if l.A == f.from {
				f.to = l.B
			}
			return
		}
	}
}

// Where on its link a segment is drawn as dying: close to an end, but not at it.
const (
	diesFirst = 0.14
	diesLast  = 0.88
)

// death is where on its link a segment died, from 0 to 1, and when. The network decides most losses
// as the segment enters the link: these are drawn as flying to the middle, where a cut is drawn.
func (ix *Index) death(f *flight, ev *trace.Event) (float32, netmodel.Time) {
	var latency netmodel.Time
	if f.link > 0 && int(f.link) <= len(ix.tr.Links) {
		latency = netmodel.Time(ix.tr.Links[f.link-1].Latency)
	}
	switch ev.Reason {
	case netmodel.DropQueue, netmodel.DropInterface, netmodel.DropNoRoute:
		if ev.At == f.t0 {
			return diesFirst, f.t0 // it never was on the wire
		}
	}
	if ev.At > f.t0 {
		where := float32(diesLast)
		if latency > 0 {
			where = min(max(float32(ev.At-f.t0)/float32(latency), diesFirst), diesLast)
		}
		return where, ev.At
	}
	return 0.5, f.t0 + latency/2
}

// sortLost lists the dead by the time of their death.
func (ix *Index) sortLost() {
	for i := range ix.flights {
		if ix.flights[i].lost {
			ix.lost = append(ix.lost, int32(i))
		}
	}
	sortBy(ix.lost, func(i int32) netmodel.Time { return ix.flights[i].t1 })
	for _, i := range ix.lost {
		ix.died = append(ix.died, ix.flights[i].t1)
	}
}

// describe gives a segment its shape, colour and names.
func (ix *Index) describe(f *flight, ev *trace.Event) {
	seg := ev.Seg
	f.shape, f.color = shapeOf(ev)
	switch {
	case seg.ICMP != netmodel.NotICMP:
		f.text, f.name = "ICMP", "ICMP unreachable"
	case seg.Flags.Has(netmodel.RST), seg.Flags.Has(netmodel.SYN):
		f.name = seg.Flags.String()
		f.text = f.name
	default:
		ix.describeData(f, ev)
	}
	if f.again && f.name != "" {
		n := " ×" + strconv.Itoa(int(ev.Copies)+1)
		f.text += n
		f.name += n
	}
}

// describeData names a segment by the MQTT packets that begin in it.
func (ix *Index) describeData(f *flight, ev *trace.Event) {
	seg := ev.Seg
	first, n := ix.packets(ev)
	if first != nil {
		f.shape, f.color = mqttShape(first.Type)
		f.text, f.name = ix.packetNames(first)
		if n > 1 {
			more := " +" + strconv.Itoa(n-1)
			f.text += more
			f.name += more
		}
	} else if len(seg.Payload) > 0 {
		f.name = strconv.Itoa(len(seg.Payload)) + " bytes"
		f.text = f.name
	}
	if seg.Flags.Has(netmodel.FIN) {
		if f.name == "" {
			f.text, f.name = "FIN", "FIN"
			f.shape, f.color = shapeFin, Fin
		} else {
			f.text += ",FIN"
			f.name += ", FIN"
		}
	}
	if f.name == "" {
		f.name = ackName(ev.Reason)
	}
}

// ackName is what a segment without data is called, in full: the stage shows no text for it.
func ackName(r netmodel.Reason) string {
	switch r {
	case netmodel.SendKeepalive:
		return "keepalive probe"
	case netmodel.SendKeepaliveAck:
		return "keepalive ACK"
	case netmodel.SendWindowProbe:
		return "window probe"
	case netmodel.SendWindow:
		return "window update"
	case netmodel.SendChallenge:
		return "challenge ACK"
	case netmodel.SendDuplicateAck:
		return "duplicate ACK"
	}
	return "ACK"
}

// packets finds the MQTT packets that begin in a segment: the first, and how many.
func (ix *Index) packets(ev *trace.Event) (first *trace.Packet, n int) {
	s := ix.tr.Socket(ev.Socket)
	if s == nil || len(ev.Seg.Payload) == 0 {
		return nil, 0
	}
	// Sequence numbers wrap, offsets do not; streams longer than 4 GiB are not named.
	from := uint64(ev.Seg.Seq - s.ISS - 1)
	to := from + uint64(len(ev.Seg.Payload))
	i := searchPackets(s.Packets, from)
	for ; i < len(s.Packets) && s.Packets[i].Offset < to; i++ {
		if first == nil {
			first = &s.Packets[i]
		}
		n++
	}
	return first, n
}

// packetNames are a packet's short and full name.
func (ix *Index) packetNames(p *trace.Packet) (text, name string) {
	name = p.Name()
	switch p.Type {
	case 3: // PUBLISH, MQTT 3.1.1, 2.2.1
		if p.Message > 0 && int(p.Message) <= len(ix.tr.Messages) {
			m := &ix.tr.Messages[p.Message-1]
			text = m.Topic + " #" + strconv.Itoa(int(p.Message))
			return text, name + " " + text
		}
	case 12:
		return "PING?", name
	case 13:
		return "PING!", name
	}
	return name, name
}
