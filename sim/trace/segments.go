package trace

import (
	"sort"

	"halfopen/netmodel"
)

// This file follows segments: from an arrival back to the socket that sent it, over routers; and
// from a sending to what became of it.

// Origin is the SegmentSent with which the segment of a SegmentSent, SegmentArrived or
// SegmentDropped left its maker, before any router or link copied it; nil for other events.
func (t *Trace) Origin(ev *Event) *Event {
	for n := 0; ev != nil && n < 64; n++ { // a TTL's worth of hops
		switch {
		case ev.Kind == netmodel.SegmentArrived || ev.Kind == netmodel.SegmentDropped:
			ev = t.Event(ev.Of)
		case ev.Kind != netmodel.SegmentSent:
			return nil
		case ev.Reason == netmodel.SendForward:
			ev = t.Event(ev.Cause)
		case ev.Reason == netmodel.SendLinkCopy:
			ev = t.Event(ev.Of)
		default:
			return ev
		}
	}
	return nil
}

// PacketsIn returns the MQTT packets that begin in the segment of an event: the first byte of the
// segment is byte Seq - ISS - 1 of its sender's stream (RFC 9293, 3.4).
func (t *Trace) PacketsIn(ev *Event) []*Packet {
	from, to, sock := t.stream(ev)
	if sock == nil {
		return nil
	}
	ps := sock.Packets
	i := sort.Search(len(ps), func(i int) bool { return ps[i].Offset >= from })
	var in []*Packet
	for ; i < len(ps) && ps[i].Offset < to; i++ {
		in = append(in, &ps[i])
	}
	return in
}

// packetAround is the packet whose middle or end is the beginning of the segment, or nil.
func (t *Trace) packetAround(ev *Event) *Packet {
	from, _, sock := t.stream(ev)
	if sock == nil {
		return nil
	}
	ps := sock.Packets
	i := sort.Search(len(ps), func(i int) bool { return ps[i].Offset >= from }) - 1
	if i < 0 || ps[i].Offset+uint64(ps[i].Len) <= from {
		return nil
	}
	return &ps[i]
}

// stream says which bytes of which socket's stream the segment of an event carries. Streams of 4
// GiB and more are not told apart from their beginnings.
func (t *Trace) stream(ev *Event) (from, to uint64, sock *Socket) {
	origin := t.Origin(ev)
	if origin == nil || origin.Socket == 0 || origin.Seg == nil || len(origin.Seg.Payload) == 0 ||
		int(origin.Socket) > len(t.Sockets) {
		return 0, 0, nil
	}
	sock = t.Socket(origin.Socket)
	if len(sock.Packets) == 0 {
		return 0, 0, nil
	}
	from = uint64(origin.Seg.Seq - sock.ISS - 1)
	if origin.Seg.Flags.Has(netmodel.SYN) {
		from++
	}
	return from, from + uint64(len(origin.Seg.Payload)), sock
}

// Fates says what became of each segment that was sent. Index it with the SegmentSent's ID: the
// first SegmentArrived or SegmentDropped of that hop, 0 if the run ended before.
func (t *Trace) Fates() []ID {
	fates := make([]ID, len(t.Events)+1)
	for i := range t.Events {
		ev := &t.Events[i]
		arrived := ev.Kind == netmodel.SegmentArrived
		if !arrived && ev.Kind != netmodel.SegmentDropped || ev.Of <= 0 || int(ev.Of) >= len(fates) {
			continue
		}
		if first := t.Event(fates[ev.Of]); first == nil || arrived && first.Kind != ev.Kind {
			fates[ev.Of] = ID(i + 1)
		}
	}
	return fates
}

// isPureAck reports whether a segment says nothing but how far its sender has received.
func isPureAck(s *netmodel.Segment) bool {
	return s.ICMP == netmodel.NotICMP && len(s.Payload) == 0 &&
		s.Flags&(netmodel.SYN|netmodel.FIN|netmodel.RST) == 0
}
