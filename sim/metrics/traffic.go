package metrics

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// Traffic is the packets at the network interface of a client's host, sent and received, by kind.
type Traffic struct {
	Length  time.Duration // of the run
	Tail    time.Duration // Options.Tail
	Packets [NumKinds]int // of IP
	Bytes   [NumKinds]int // of IP, headers included
	// Wakes counts how often the radio had to wake, by the kind of the packet that woke it. Packets
	// that are at most Tail apart wake it once.
	Wakes [NumKinds]int
	// Awake is how long the radio was awake, each time until Tail after its last packet, or until the
	// run's end.
	Awake time.Duration
}

// TrafficKind sorts packets by what they are for.
type TrafficKind uint8

// The kinds.
const (
	Connecting   TrafficKind = iota // SYN, CONNECT, SUBSCRIBE, DISCONNECT, FIN, RST and their answers
	Ping                            // PINGREQ, PINGRESP
	TCPKeepalive                    // probes of TCP keepalive, and answers
	PureAck                         // acknowledgements without anything else
	Data                            // PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, and what is not MQTT
	Again                           // retransmissions of any of these
	Control                         // ICMP
	NumKinds
)

var kindNames = [NumKinds]string{"connect", "ping", "tcp_keepalive", "ack", "data",
	"retransmission", "icmp"}

// String is the kind's name in column names.
func (k TrafficKind) String() string { return kindNames[k] }

// Day is the length to which PerDay scales.
const Day = 24 * time.Hour

// PerDay scales a count of this run to a day.
func (t *Traffic) PerDay(n int) float64 {
	if t.Length <= 0 {
		return 0
	}
	return float64(n) * float64(Day) / float64(t.Length)
}

// Sum adds up a count over all kinds.
func Sum(counts [NumKinds]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func traffic(tr *trace.Trace, f *flow.Flows, client string, o Options) Traffic {
	t := Traffic{Length: tr.Length.Duration(), Tail: o.Tail}
	host := hostOf(tr, client)
	var asleep netmodel.Time // when the radio falls asleep again
	woken := false
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Host != host || host == 0 || ev.Seg == nil {
			continue
		}
		own := ev.Kind == netmodel.SegmentSent && ev.Link > 0
		if !own && (ev.Kind != netmodel.SegmentArrived || tr.Event(ev.Of) == nil ||
			tr.Event(ev.Of).Link == 0) {
			continue
		}
		k := kindOf(tr, f, trace.ID(i+1))
		t.Packets[k]++
		t.Bytes[k] += Size(ev.Seg)
		if !woken || ev.At > asleep {
			t.Wakes[k]++
			t.Awake += o.Tail
		} else {
			t.Awake += ev.At.Add(o.Tail).Sub(asleep)
		}
		woken, asleep = true, ev.At.Add(o.Tail)
	}
	if woken && asleep > tr.Length {
		t.Awake -= asleep.Sub(tr.Length)
	}
	return t
}

// hostOf is the host from which a client dials.
func hostOf(tr *trace.Trace, client string) netmodel.HostID {
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == trace.DialStarted && ev.App.Actor == client {
			return ev.Host
		}
	}
	return 0
}

// kindOf sorts the segment of an event.
func kindOf(tr *trace.Trace, f *flow.Flows, id trace.ID) TrafficKind {
	seg := tr.Event(id).Seg
	if seg.ICMP != netmodel.NotICMP {
		return Control
	}
	origin := f.Origin(id)
	if sent := tr.Event(origin); sent != nil {
		switch sent.Reason {
		case netmodel.SendRTO, netmodel.SendTLP, netmodel.SendFast, netmodel.SendRecovery:
			return Again
		case netmodel.SendKeepalive, netmodel.SendKeepaliveAck:
			return TCPKeepalive
		}
		if sent.Copies > 0 {
			return Again
		}
	}
	if seg.Flags&(netmodel.SYN|netmodel.FIN|netmodel.RST) != 0 {
		return Connecting
	}
	if len(seg.Payload) == 0 {
		return PureAck
	}
	return kindOfPackets(f.Overlapping(origin))
}

// kindOfPackets takes the weightiest of a segment's MQTT packets: data, then connecting, then
// pings.
func kindOfPackets(ps []*flow.Packet) TrafficKind {
	kind := Data
	for i, p := range ps {
		k := Connecting
		switch {
		case p.Type >= publish && p.Type <= 7: // PUBLISH to PUBCOMP; MQTT 3.1.1, 2.2.1
			return Data
		case p.Type == 12 || p.Type == 13: // PINGREQ, PINGRESP
			k = Ping
		}
		if i == 0 || k == Connecting {
			kind = k
		}
	}
	return kind
}

// Size is the length of a segment's IP packet: 20 bytes of IP header (RFC 791, 3.1, without
// options), 20 of TCP and its options padded to four (RFC 9293, 3.1), payload. An ICMP message
// carries the header of the packet it is about and 8 bytes more (RFC 792).
func Size(s *netmodel.Segment) int {
	if s.ICMP != netmodel.NotICMP {
		return 20 + 8 + 20 + 8
	}
	o := 0
	if s.Options.MSS > 0 {
		o += 4
	}
	if s.Options.HasScale {
		o += 3
	}
	if s.Options.SACKPermitted {
		o += 2
	}
	if s.Options.HasTimestamps {
		o += 10
	}
	if n := int(s.Options.NSACK); n > 0 {
		o += 2 + 8*n
	}
	return 40 + (o+3)/4*4 + len(s.Payload)
}
