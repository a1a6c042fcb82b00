package explain

import (
	"halfopen/netmodel"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// Terminal reports whether chains of causes may end at an event of this kind: the start, a setting,
// or a fault that somebody injected.
func Terminal(k netmodel.Kind) bool {
	switch k {
	case trace.Start, trace.Setting, netmodel.FaultBegan, netmodel.FaultEnded:
		return true
	}
	return false
}

// Because returns the event that made an event happen, or 0 for one that needs no cause. The trace
// says it; where it names only what an event is about, that is the cause: an arrival is due to the
// sending, a firing to the arming, a loss to its fault.
func (x *Explainer) Because(id trace.ID) trace.ID {
	ev := x.tr.Event(id)
	if ev == nil {
		return 0
	}
	switch ev.Kind {
	case trace.Start, trace.Setting:
		return 0
	case netmodel.SegmentArrived:
		return first(ev.Of, ev.Cause)
	case netmodel.SegmentDropped:
		return first(x.faults[ev.Fault], ev.Cause, ev.Of)
	case netmodel.TimerFired, netmodel.TimerStopped:
		return first(ev.Of, ev.Cause)
	case netmodel.FaultEnded:
		return first(ev.Cause, x.faults[ev.Fault])
	}
	return first(ev.Cause, ev.Of)
}

func first(ids ...trace.ID) trace.ID {
	for _, id := range ids {
		if id > 0 {
			return id
		}
	}
	return 0
}

// Chain returns the causes of an event, nearest first, the event itself not included. It ends at an
// event without a cause; if that is not a Terminal one, the trace is wrong. It never loops: causes
// are older than what they cause, and a chain that would go forward is cut there.
func (x *Explainer) Chain(id trace.ID) []trace.ID {
	var out []trace.ID
	for {
		next := x.Because(id)
		if next == 0 || next >= id {
			return out
		}
		out = append(out, next)
		id = next
	}
}

// Beside returns what else an event rests on, beside its chain: for a conclusion from silence, the
// loss of what should have been heard.
func (x *Explainer) Beside(id trace.ID) []trace.ID {
	ev := x.tr.Event(id)
	if ev == nil || (ev.Kind != trace.ClientLost && ev.Kind != trace.BrokerDisconnect) {
		return nil
	}
	if ev.Kind == trace.BrokerDisconnect {
		return x.lastLost(x.peer(ev.Socket), ev.At)
	}
	p := x.unanswered(id)
	if p == nil {
		return nil
	}
	if lost := x.loss(p, ev.At); lost != nil {
		return lost
	}
	return x.answerLost(p.Socket, p.Arrived, ev.At)
}

// loss is the last loss up to t of a packet that had not arrived by then, and its cause; nil if
// there is none.
func (x *Explainer) loss(p *flow.Packet, t netmodel.Time) []trace.ID {
	if a := x.tr.Event(p.Arrived); a != nil && a.At <= t {
		return nil
	}
	id := x.flows.LostBy(p, t)
	if id == 0 {
		return nil
	}
	return []trace.ID{id, x.Because(id)}
}

// answerLost finds the loss by t of the PINGRESP that answered what arrived by event id.
func (x *Explainer) answerLost(sock netmodel.SocketID, arrived trace.ID, t netmodel.Time,
) []trace.ID {
	ps := x.flows.Packets(x.peer(sock))
	for i := range ps {
		if p := &ps[i]; p.Type == pingresp && p.Event > arrived {
			if lost := x.loss(p, t); lost != nil {
				return lost
			}
		}
	}
	return nil
}

// lastLost finds the last loss of something that a socket sent before t.
func (x *Explainer) lastLost(sock netmodel.SocketID, t netmodel.Time) []trace.ID {
	ps := x.flows.Packets(sock)
	for i := len(ps) - 1; i >= 0; i-- {
		if lost := x.loss(&ps[i], t); lost != nil {
			return lost
		}
	}
	return nil
}
