package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// sink is the World as the network's netmodel.Sink: it keeps the trace, and notes in passing what
// programs will want to name as a cause.
type sink World

// Record implements netmodel.Sink. w.mu is held: only the driver steps the network.
func (k *sink) Record(r *netmodel.Record) netmodel.EventID {
	w := (*World)(k)
	id := w.rec.Record(r)
	if r.Socket > 0 {
		w.noteSocket(r, id)
	}
	switch r.Kind {
	case netmodel.SegmentArrived:
		w.lastArrived = id
		w.lastWoken[r.Host] = r.At
		w.watch(r)
	case netmodel.FaultEnded:
		if t := w.rec.Trace.Faults; int(r.Fault) <= len(t) {
			t[r.Fault-1].End = r.At
		}
	case netmodel.SocketError:
		w.lastError = id
	}
	return id
}

// noteSocket keeps the trace's table of sockets: both ends of a connection are known from the
// handshake's segments, through any translation of addresses on the way.
func (w *World) noteSocket(r *netmodel.Record, id netmodel.EventID) {
	t := &w.rec.Trace
	s := w.socketEntry(r.Socket, r.Host)
	if r.Kind != netmodel.SegmentSent || r.Seg.Flags&netmodel.SYN == 0 {
		return
	}
	s.Host, s.Local, s.Remote, s.ISS = r.Host, r.Seg.Src, r.Seg.Dst, r.Seg.Seq
	if s.Peer == 0 && r.Seg.Flags&netmodel.ACK != 0 {
		if p := originOf(t, r.Cause); p > 0 && p != r.Socket {
			s.Peer = p
			t.Sockets[p-1].Peer = r.Socket
		}
	}
}

// socketEntry is the trace's entry for a socket, made when it is first heard of.
func (w *World) socketEntry(id netmodel.SocketID, host netmodel.HostID) *trace.Socket {
	t := &w.rec.Trace
	for int(id) > len(t.Sockets) {
		t.Sockets = append(t.Sockets, trace.Socket{Host: host})
	}
	return &t.Sockets[id-1]
}

// originOf finds the socket that sent the segment whose arrival is event id, back over the routers.
func originOf(t *trace.Trace, id trace.ID) netmodel.SocketID {
	for ev := t.Event(id); ev != nil; ev = t.Event(id) {
		switch {
		case ev.Kind == netmodel.SegmentArrived:
			id = ev.Of
		case ev.Kind == netmodel.SegmentSent && ev.Socket > 0:
			return ev.Socket
		case ev.Kind == netmodel.SegmentSent:
			id = ev.Cause
		default:
			return 0
		}
	}
	return 0
}
