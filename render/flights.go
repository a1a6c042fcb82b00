package render

import (
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
	at := make([]int32, len(ix.tr.Events)+1) // SegmentSent's ID -> index of its flight plus 1
	ix.conns = map[flow]*conn{}
	newest := map[clientKey]*conn{}
	for id, ev := range ix.events {
		if ev.Seg == nil || ev.Of >= id {
			continue
		}
		switch ev.Kind {
		case netmodel.SegmentSent:
			ix.flights = append(ix.flights, ix.newFlight(id, ev, at, newest))
			at[id] = int32(len(ix.flights))
		case netmodel.SegmentArrived, netmodel.SegmentDropped:
			if n := at[ev.Of]; n > 0 {
				ix.land(&ix.flights[n-1], id, ev)
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

// findEnds completes what a record leaves open: what stays inside a host has no peer, and what a
// fault answers from the middle of a link, or a script injects, has no sender.
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
