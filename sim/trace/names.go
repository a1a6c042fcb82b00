package trace

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
)

// The names of kinds and reasons in JSON, which never change once they were released. Numbers that
// have no name yet are written as "kind-200".

var kindNames = map[netmodel.Kind]string{
	netmodel.SegmentSent: "sent", netmodel.SegmentArrived: "arrived",
	netmodel.SegmentDropped: "dropped", netmodel.StateChanged: "state",
	netmodel.TimerArmed: "timer-armed", netmodel.TimerStopped: "timer-stopped",
	netmodel.TimerFired: "timer-fired", netmodel.FaultBegan: "fault-began",
	netmodel.FaultEnded: "fault-ended", netmodel.SocketError: "socket-error",
	netmodel.WouldBlock: "would-block", netmodel.MappingMade: "mapping-made",
	netmodel.MappingForgotten: "mapping-forgotten",

	Start: "start", Setting: "setting", Action: "action", Note: "note",
	DialStarted: "dial-started", DialDone: "dial-done", DialFailed: "dial-failed",
	Accepted: "accepted", Wrote: "wrote", ReadFailed: "read-failed", WriteFailed: "write-failed",
	ClosedByApp: "closed", HalfClosed: "half-closed",
	ClientConnecting: "client-connecting", ClientConnected: "client-connected",
	ClientRefused: "client-refused", ClientLost: "client-lost",
	ClientReconnecting: "client-reconnecting", ClientSubscribed: "client-subscribed",
	ClientMessage: "client-message", ClientPublish: "client-publish",
	ClientPublished: "client-published", ClientDisconnect: "client-disconnect",
	ClientStopped: "client-stopped",
	BrokerStarted: "broker-started", BrokerConnect: "broker-connect",
	BrokerSession: "broker-session", BrokerTakeover: "broker-takeover",
	BrokerSubscribed: "broker-subscribed", BrokerUnsubscribed: "broker-unsubscribed",
	BrokerReceived: "broker-received", BrokerQueued: "broker-queued",
	BrokerDropped: "broker-dropped", BrokerDisconnect: "broker-disconnect",
	BrokerExpired: "broker-expired", BrokerStopped: "broker-stopped",
	ExpectationMet: "expectation-met", ExpectationFailed: "expectation-failed",
	Tie: "tie", End: "end",
}

// KindName is the name of a kind of event in JSON.
func KindName(k netmodel.Kind) string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return "kind-" + strconv.Itoa(int(k))
}

// reason is how a reason is called: in JSON, and in a few words behind a segment.
type reason struct{ name, words string }

var reasons = map[netmodel.Reason]reason{
	netmodel.SendHandshake:     {"handshake", "opens the connection"},
	netmodel.SendData:          {"data", "new data"},
	netmodel.SendFin:           {"fin", "the program has closed"},
	netmodel.SendAck:           {"ack", "acknowledges at once"},
	netmodel.SendDelayedAck:    {"delayed-ack", "delayed acknowledgement"},
	netmodel.SendWindow:        {"window", "window update"},
	netmodel.SendDuplicateAck:  {"duplicate-ack", "something arrived out of order"},
	netmodel.SendRTO:           {"rto", "retransmission timeout"},
	netmodel.SendTLP:           {"tlp", "tail loss probe"},
	netmodel.SendFast:          {"fast", "fast retransmission"},
	netmodel.SendRecovery:      {"recovery", "recovery goes on"},
	netmodel.SendKeepalive:     {"keepalive", "TCP keepalive probe"},
	netmodel.SendKeepaliveAck:  {"keepalive-ack", "answers a TCP keepalive probe"},
	netmodel.SendWindowProbe:   {"window-probe", "zero-window probe"},
	netmodel.SendChallenge:     {"challenge", "challenge ACK"},
	netmodel.SendReset:         {"reset", "the program aborted, or closed with unread data"},
	netmodel.SendResetNoSocket: {"reset-no-socket", "no such connection here"},
	netmodel.SendResetGiveUp:   {"reset-give-up", "the kernel gave up"},
	netmodel.SendForward:       {"forward", "passed on"},
	netmodel.SendRouterReset:   {"router-reset", "rejected by a firewall"},
	netmodel.SendUnreachable:   {"unreachable", "no way to the destination"},
	netmodel.SendInjected:      {"injected", "injected"},
	netmodel.SendLinkCopy:      {"link-copy", "duplicated by the link"},

	netmodel.DropCut:       {"cut", "the link is cut"},
	netmodel.DropLoss:      {"loss", "random loss"},
	netmodel.DropQueue:     {"queue", "the queue is full"},
	netmodel.DropMatch:     {"match", "chosen by a fault"},
	netmodel.DropInterface: {"interface", "the interface is down"},
	netmodel.DropHostDown:  {"host-down", "the host has no power"},
	netmodel.DropNoRoute:   {"no-route", "no route"},
	netmodel.DropFiltered:  {"filtered", "rejected by a firewall"},
	netmodel.DropNAT:       {"nat", "the NAT has forgotten the flow"},
	netmodel.DropNoHost:    {"no-host", "nobody has this address"},
	netmodel.DropChecksum:  {"checksum", "damaged on the way"},
	netmodel.DropBacklog:   {"backlog", "the listener's queue is full"},
	netmodel.DropTTL:       {"ttl", "too many hops"},
}

// ReasonName is the name of a reason in JSON.
func ReasonName(r netmodel.Reason) string {
	if n, ok := reasons[r]; ok {
		return n.name
	}
	return "reason-" + strconv.Itoa(int(r))
}

// ReasonText is a reason in a few words: "tail loss probe", "the link is cut".
func ReasonText(r netmodel.Reason) string {
	if n, ok := reasons[r]; ok {
		return n.words
	}
	return ReasonName(r)
}

// SegmentLabel says what a segment is, as short as it can be said: its MQTT packets by name and
// content, else its flags, else its size.
func (t *Trace) SegmentLabel(ev *Event) string {
	seg := ev.Seg
	if seg == nil {
		return ""
	}
	if seg.ICMP != netmodel.NotICMP {
		return "ICMP " + unreachableText(seg.ICMP)
	}
	var parts []string
	switch f := seg.Flags; {
	case f.Has(netmodel.SYN | netmodel.ACK):
		parts = append(parts, "SYN,ACK")
	case f.Has(netmodel.SYN):
		parts = append(parts, "SYN")
	}
	if len(seg.Payload) > 0 {
		parts = append(parts, t.payloadLabel(ev))
	}
	if seg.Flags.Has(netmodel.FIN) {
		parts = append(parts, "FIN")
	}
	if seg.Flags.Has(netmodel.RST) {
		parts = append(parts, "RST")
	}
	if parts == nil {
		return t.ackLabel(ev)
	}
	return strings.Join(parts, " + ")
}

// ackLabel names a segment without data and without control bits.
func (t *Trace) ackLabel(ev *Event) string {
	if origin := t.Origin(ev); origin != nil {
		switch origin.Reason {
		case netmodel.SendKeepalive:
			return "keepalive probe"
		case netmodel.SendWindowProbe:
			return "window probe"
		case netmodel.SendChallenge:
			return "challenge ACK"
		case netmodel.SendWindow:
			return "ACK, window update"
		}
	}
	if ev.Seg.Window == 0 && ev.Seg.Flags.Has(netmodel.ACK) {
		return "ACK, window 0"
	}
	return "ACK"
}

// restOf begins the label of a segment in which no packet begins.
const restOf = "rest of "

func (t *Trace) payloadLabel(ev *Event) string {
	in := t.PacketsIn(ev)
	if len(in) == 0 {
		if p := t.packetAround(ev); p != nil {
			return restOf + p.Name()
		}
		return strconv.Itoa(len(ev.Seg.Payload)) + " bytes"
	}
	if len(in) == 1 {
		return strings.TrimRight(in[0].Name()+" "+in[0].Info, " ")
	}
	var parts []string
	for i := 0; i < len(in); {
		n := 1
		for i+n < len(in) && in[i+n].Type == in[i].Type {
			n++
		}
		name := in[i].Name()
		if n > 1 {
			name += " x" + strconv.Itoa(n)
		}
		parts = append(parts, name)
		i += n
	}
	return strings.Join(parts, " + ")
}

// unreachableText names an ICMP destination unreachable message (RFC 792).
func unreachableText(u netmodel.Unreachable) string {
	switch u {
	case netmodel.NetUnreachable:
		return "net unreachable"
	case netmodel.HostUnreachable:
		return "host unreachable"
	case netmodel.PortUnreachable:
		return "port unreachable"
	case netmodel.AdminProhibited:
		return "prohibited"
	}
	return "unreachable"
}

// again says that a segment is sent again, and which time this is; empty for new ones.
func again(origin *Event) string {
	if origin == nil || origin.Copies == 0 {
		return ""
	}
	switch origin.Reason {
	case netmodel.SendTLP:
		return "again, TLP"
	case netmodel.SendFast, netmodel.SendRecovery:
		return "again, fast"
	case netmodel.SendKeepalive, netmodel.SendWindowProbe:
		return ""
	}
	return "again, " + ordinal(int(origin.Copies)+1) + " time"
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
