package belief

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// current is the connection that a kernel's lane shows: the newest that is not over.
func (b *builder) current(l Lane) netmodel.SocketID {
	for i := len(b.ends) - 1; i >= 0; i-- {
		e := b.ends[i]
		if e.broker == (l == BrokerTCP) && e.state != netmodel.Closed {
			return e.id
		}
	}
	return 0
}

// kernels brings both kernels' lanes up to date.
func (b *builder) kernels(t netmodel.Time, cause trace.ID) {
	for _, l := range [...]Lane{ClientTCP, BrokerTCP} {
		id := b.current(l)
		if id == 0 {
			b.lane[l].set(t, None, false, cause, 0)
			continue
		}
		e := b.mine[id]
		b.lane[l].set(t, e.shown(), e.state == netmodel.Established, cause, id)
	}
	s, up := b.path.now(b.current(ClientTCP))
	b.lane[Path].set(t, s, up, cause, 0)
}

var tcpStates = [...]State{netmodel.Closed: None, netmodel.Listen: None,
	netmodel.SynSent: SynSent, netmodel.SynReceived: SynReceived, netmodel.Established: Established,
	netmodel.FinWait1: FinWait1, netmodel.FinWait2: FinWait2, netmodel.CloseWait: CloseWait,
	netmodel.Closing: Closing, netmodel.LastAck: LastAck, netmodel.TimeWait: TimeWait}

func (e *end) shown() State {
	if e.state == netmodel.Established && e.retrying {
		return Retransmitting
	}
	return tcpStates[e.state]
}

func (e *end) isLive() bool {
	return e.state == netmodel.SynReceived || e.state == netmodel.Established
}

func (e *end) change(t netmodel.Time, to netmodel.State) {
	was := e.isLive()
	e.state = to
	switch is := e.isLive(); {
	case is && !was:
		e.liveSince = t
	case was && !is:
		e.retrying = false
		e.live = e.live.Union(Set{{e.liveSince, t}})
	}
}

// arrived looks at a segment that reached one of the client's ends: a new acknowledgement ends the
// retransmitting, a PINGRESP the waiting.
func (b *builder) arrived(ev *trace.Event, id trace.ID) {
	from := b.path.sender(ev)
	if from == 0 || b.mine[from] == nil || ev.Seg == nil {
		return
	}
	e := b.mine[b.mine[from].peer]
	if e == nil || b.tr.Socket(e.id).Host != ev.Host || ev.Seg.ICMP != netmodel.NotICMP {
		return
	}
	if ev.Seg.Flags.Has(netmodel.ACK) && int32(ev.Seg.Ack-e.acked) > 0 {
		e.acked = ev.Seg.Ack
		if e.retrying {
			e.retrying = false
			b.kernels(ev.At, id)
		}
	}
	app := &b.lane[ClientApp].now
	if app.State == Waiting && !e.broker && app.Socket == e.id && e.isLive() &&
		carries(b.tr.Socket(from), ev.Seg, pingresp) {
		b.app(ev.At, Connected, true, id)
	}
}

// carries reports whether the last byte of a packet of that type is in the segment.
func carries(s *trace.Socket, seg *netmodel.Segment, kind byte) bool {
	if len(seg.Payload) == 0 {
		return false
	}
	first := seg.Seq - s.ISS - 1
	for i := len(s.Packets) - 1; i >= 0; i-- {
		p := &s.Packets[i]
		last := uint32(p.Offset) + uint32(p.Len) - 1
		if int32(last-first) < 0 {
			return false
		}
		if p.Type == kind && last-first < uint32(len(seg.Payload)) {
			return true
		}
	}
	return false
}
