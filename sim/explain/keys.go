package explain

import (
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

var sentKeys = map[netmodel.Reason]string{
	netmodel.SendData: "data", netmodel.SendFin: "fin", netmodel.SendAck: "ack",
	netmodel.SendDelayedAck: "delayed-ack", netmodel.SendWindow: "window",
	netmodel.SendDuplicateAck: "duplicate-ack", netmodel.SendRTO: "rto", netmodel.SendTLP: "tlp",
	netmodel.SendFast: "fast", netmodel.SendRecovery: "recovery", netmodel.SendKeepalive: "keepalive",
	netmodel.SendKeepaliveAck: "keepalive-ack", netmodel.SendWindowProbe: "window-probe",
	netmodel.SendChallenge: "challenge", netmodel.SendReset: "reset",
	netmodel.SendResetNoSocket: "reset-no-socket", netmodel.SendResetGiveUp: "reset-give-up",
	netmodel.SendForward: "forward", netmodel.SendRouterReset: "router-reset",
	netmodel.SendUnreachable: "unreachable", netmodel.SendInjected: "injected",
}

var dropKeys = map[netmodel.Reason]string{
	netmodel.DropCut: "cut", netmodel.DropLoss: "loss", netmodel.DropQueue: "queue",
	netmodel.DropMatch: "match", netmodel.DropInterface: "interface",
	netmodel.DropHostDown: "host-down", netmodel.DropNoRoute: "no-route",
	netmodel.DropFiltered: "filtered", netmodel.DropNAT: "nat", netmodel.DropNoHost: "no-host",
	netmodel.DropChecksum: "checksum", netmodel.DropBacklog: "backlog", netmodel.DropTTL: "ttl",
}

var kindKeys = map[netmodel.Kind]string{
	netmodel.SegmentArrived: "arrived", netmodel.StateChanged: "state",
	netmodel.TimerStopped: "timer.stopped", netmodel.FaultBegan: "fault.began",
	netmodel.FaultEnded: "fault.ended", netmodel.WouldBlock: "wouldblock",
	netmodel.MappingMade: "mapping.made", netmodel.MappingForgotten: "mapping.forgotten",
	trace.Start: "start", trace.Setting: "setting", trace.Action: "action", trace.Note: "note",
	trace.DialStarted: "dial.started", trace.DialDone: "dial.done", trace.DialFailed: "dial.failed",
	trace.Accepted: "accepted", trace.ReadFailed: "read-failed", trace.WriteFailed: "write-failed",
	trace.ClosedByApp: "closed", trace.HalfClosed: "half-closed",
	trace.ClientConnecting: "client.connecting", trace.ClientConnected: "client.connected",
	trace.ClientRefused: "client.refused", trace.ClientReconnecting: "client.reconnecting",
	trace.ClientSubscribed: "client.subscribed", trace.ClientMessage: "client.message",
	trace.ClientPublish: "client.publish", trace.ClientDisconnect: "client.disconnect",
	trace.BrokerStarted: "broker.started", trace.BrokerConnect: "broker.connect",
	trace.BrokerSession: "broker.session", trace.BrokerTakeover: "broker.takeover",
	trace.BrokerSubscribed: "broker.subscribed", trace.BrokerUnsubscribed: "broker.unsubscribed",
	trace.BrokerQueued: "broker.queued", trace.BrokerDropped: "broker.dropped",
	trace.BrokerExpired: "broker.expired", trace.ExpectationMet: "expect.met",
	trace.ExpectationFailed: "expect.failed", trace.Tie: "tie", trace.End: "end",
}

// key chooses the sentence for an event.
func (x *Explainer) key(ev *trace.Event, id trace.ID) string {
	switch ev.Kind {
	case netmodel.SegmentSent:
		return x.sentKey(ev)
	case netmodel.SegmentDropped:
		return "dropped." + dropKeys[ev.Reason]
	case netmodel.TimerArmed:
		return counted("timer.armed", ev)
	case netmodel.TimerFired:
		if armed := x.tr.Event(ev.Of); armed != nil {
			return counted("timer.fired", armed)
		}
		return counted("timer.fired", ev)
	case netmodel.SocketError:
		return x.known("error.", id)
	case trace.ClientLost:
		return x.known("lost.", id)
	case trace.BrokerDisconnect:
		return x.known("gone.", id)
	case trace.Wrote:
		return x.wroteKey(ev, id)
	case trace.ClientPublished:
		if ev.App.Text != "" {
			return "client.published-error"
		}
		return "client.published"
	case trace.ClientStopped, trace.BrokerStopped:
		return stoppedKey(ev)
	case trace.BrokerReceived:
		if ev.App.Text == "will" {
			return "broker.will"
		}
		return "broker.received"
	}
	return kindKeys[ev.Kind]
}

// known is a key for the rule of an event, or the one for rules that are not known.
func (x *Explainer) known(prefix string, id trace.ID) string {
	key := prefix + x.rule(id)
	if _, ok := catalogues()[EN][key]; ok {
		return key
	}
	return prefix + "unknown"
}

func counted(key string, armed *trace.Event) string {
	if armed.Limit > 0 {
		return key + "-of"
	}
	return key
}

func stoppedKey(ev *trace.Event) string {
	key := "client.stopped"
	if ev.Kind == trace.BrokerStopped {
		key = "broker.stopped"
	}
	if ev.App.Text == "kill" {
		key += "-kill"
	}
	return key
}

func (x *Explainer) sentKey(ev *trace.Event) string {
	if ev.Reason != netmodel.SendHandshake {
		return "sent." + sentKeys[ev.Reason]
	}
	if ev.Seg != nil && ev.Seg.Flags.Has(netmodel.ACK) {
		return "sent.synack"
	}
	return "sent.syn"
}

func (x *Explainer) wroteKey(ev *trace.Event, id trace.ID) string {
	if p := x.packet(ev.Socket, id); p != nil {
		switch p.Type {
		case pingreq:
			return "wrote.ping"
		case pingresp:
			return "wrote.pong"
		}
	}
	return "wrote"
}

// what names the content of the segment of an event: its MQTT packets, else its flags, else its
// bytes.
func (x *Explainer) what(id trace.ID, l Lang) string {
	seg := x.tr.Event(id).Seg
	origin := x.flows.Origin(id)
	if seg.ICMP != netmodel.NotICMP {
		return say(l, "what.icmp", nil)
	}
	var parts []string
	if len(seg.Payload) > 0 {
		parts = append(parts, x.payload(origin, seg, l))
	}
	for _, f := range []struct {
		bit  netmodel.Flags
		name string
	}{{netmodel.SYN, "SYN"}, {netmodel.FIN, "FIN"}, {netmodel.RST, "RST"}} {
		if seg.Flags.Has(f.bit) {
			parts = append(parts, f.name)
		}
	}
	if len(parts) == 0 {
		if sent := x.tr.Event(origin); sent != nil && sent.Reason == netmodel.SendKeepalive {
			return say(l, "what.probe", nil)
		}
		return say(l, "what.ack", nil)
	}
	if seg.Flags.Has(netmodel.SYN | netmodel.ACK) {
		return "SYN,ACK"
	}
	return strings.Join(parts, " + ")
}

func (x *Explainer) payload(origin trace.ID, seg *netmodel.Segment, l Lang) string {
	starting := x.flows.Carried(origin)
	if len(starting) > 0 {
		return names(starting)
	}
	if over := x.flows.Overlapping(origin); len(over) > 0 {
		return say(l, "what.part", gaps{"what": over[0].Name()})
	}
	return say(l, "what.bytes", gaps{"n": itoa(len(seg.Payload))})
}

func (x *Explainer) whatWrote(ev *trace.Event, id trace.ID, l Lang) string {
	var ps []*flow.Packet
	all := x.flows.Packets(ev.Socket)
	for i := range all {
		if all[i].Event == id {
			ps = append(ps, &all[i])
		}
	}
	if len(ps) == 0 {
		return say(l, "what.bytes", gaps{"n": itoa(ev.App.N)})
	}
	return names(ps)
}

// names lists packets by name, runs of the same one counted: PUBLISH x3.
func names(ps []*flow.Packet) string {
	var out []string
	for i := 0; i < len(ps); {
		n := 1
		for i+n < len(ps) && ps[i+n].Type == ps[i].Type {
			n++
		}
		s := ps[i].Name()
		if n > 1 {
			s += " x" + itoa(n)
		}
		out = append(out, s)
		i += n
	}
	return strings.Join(out, " + ")
}
