package metrics

import (
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// Side is one of the four that can find out that a connection is over.
type Side uint8

// The sides.
const (
	ClientProgram Side = iota
	ClientKernel
	BrokerKernel
	BrokerProgram
	NumSides
)

var sideNames = [NumSides]string{"client", "client-tcp", "broker-tcp", "broker"}

// String is the side's name in column names.
func (s Side) String() string { return sideNames[s] }

// Rule is how a side found out.
type Rule uint8

// The rules.
const (
	UnknownRule    Rule = iota
	PingTimeout         // a PINGREQ was not answered in time (MQTT 3.1.1, 3.1.2.10)
	OneAndAHalf         // no packet for 1.5 times the keepalive [MQTT-3.1.2-24]
	Takeover            // the same client id connected again [MQTT-3.1.4-2]
	EndOfStream         // the other side's FIN
	Reset               // the other side's RST
	RetriesOver         // data retransmitted in vain until the kernel's limit (RFC 9293, 3.8.3, R2)
	ProbesOver          // TCP keepalive probes in vain (RFC 9293, 3.8.4)
	UserTimeout         // TCP_USER_TIMEOUT (RFC 9293, 3.8.3)
	SynRetriesOver      // a SYN retransmitted in vain
	Unreachable         // ICMP destination unreachable
	OwnDecision         // its own program ended the connection
	NumRules
)

var ruleNames = [NumRules]string{"unknown", "ping-timeout", "1.5-keepalive", "takeover", "fin",
	"rst", "tcp-retries", "tcp-keepalive", "tcp-user-timeout", "syn-retries", "icmp-unreachable",
	"own-decision"}

func (r Rule) String() string { return ruleNames[r] }

// Notice is one side's finding out.
type Notice struct {
	Who    Side              // who found out
	At     netmodel.Time     // since the start of the run
	Dead   bool              // the line had died before: After says how long
	After  time.Duration     // since it was no longer whole
	Rule   Rule              // by which it found out
	Event  trace.ID          // that it found out
	Socket netmodel.SocketID // its end of the connection
}

// notices lists, in order, how the ends of the client's connections were noticed.
func notices(tr *trace.Trace, f *flow.Flows, l *belief.Lanes) []Notice {
	var out []Notice
	ours := make(map[netmodel.SocketID]Side) // kernels, by socket
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == trace.DialStarted && ev.App.Actor == l.Client && ev.Socket > 0 {
			ours[ev.Socket] = ClientKernel
			if p := tr.Socket(ev.Socket).Peer; p > 0 {
				ours[p] = BrokerKernel
			}
		}
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		n := Notice{At: ev.At, Event: trace.ID(i + 1), Socket: ev.Socket}
		side, mine := ours[ev.Socket]
		switch {
		case ev.Kind == trace.ClientLost && ev.App.Actor == l.Client:
			n.Who = ClientProgram
			n.Socket = l.Believed(ev.At)
		case (ev.Kind == trace.BrokerDisconnect || ev.Kind == trace.BrokerTakeover) && mine:
			n.Who = BrokerProgram
		case ev.Kind == netmodel.SocketError && mine:
			n.Who = side
		case ev.Kind == netmodel.StateChanged && ev.To == netmodel.CloseWait && mine:
			n.Who = side
		default:
			continue
		}
		n.Rule = RuleOf(tr, n.Event)
		// What the other side did a moment ago is news, not a line that had died.
		if since, dead := l.DeadSince(n.Socket, ev.At); dead && ev.At.Sub(since) > belief.Blink {
			n.Dead, n.After = true, ev.At.Sub(since)
		}
		out = append(out, n)
	}
	return out
}

// RuleOf says by which rule an event ended a connection, from its cause, and from its words where
// the cause does not decide.
func RuleOf(tr *trace.Trace, id trace.ID) Rule {
	ev := tr.Event(id)
	switch ev.Kind {
	case netmodel.SocketError:
		return errorRule(tr, ev)
	case netmodel.StateChanged:
		return EndOfStream
	case trace.BrokerTakeover:
		return Takeover
	}
	if cause := tr.Event(ev.Cause); cause != nil {
		switch cause.Kind {
		case trace.Wrote:
			if ev.Kind == trace.ClientLost {
				return PingTimeout // the PINGREQ that nobody answered
			}
		case netmodel.SocketError:
			return errorRule(tr, cause)
		case trace.Setting:
			if said := textRule(ev); said != UnknownRule {
				return said // a broker that is stopped closes connections, too
			}
			return OneAndAHalf
		case netmodel.SegmentArrived:
			if cause.Seg.Flags.Has(netmodel.RST) {
				return Reset
			}
			if cause.Seg.Flags.Has(netmodel.FIN) {
				return EndOfStream
			}
		}
	}
	if ev.App == nil {
		return UnknownRule
	}
	return textRule(ev)
}

func textRule(ev *trace.Event) Rule {
	has := func(s string) bool { return strings.Contains(ev.App.Text, s) }
	switch {
	case has("pingresp"):
		return PingTimeout
	case has("EOF"):
		return EndOfStream
	case has("connection reset"), has("broken pipe"):
		return Reset
	case has("no route"), has("unreachable"):
		return Unreachable
	case has("connection timed out"):
		return RetriesOver
	case ev.Kind == trace.BrokerDisconnect && (has("i/o timeout") || has("deadline")):
		return OneAndAHalf
	case has("closed"):
		return OwnDecision
	}
	return UnknownRule
}

func errorRule(tr *trace.Trace, ev *trace.Event) Rule {
	switch ev.Errno {
	case netmodel.ECONNRESET, netmodel.EPIPE, netmodel.ECONNREFUSED:
		return Reset
	case netmodel.EHOSTUNREACH, netmodel.ENETUNREACH:
		return Unreachable
	case netmodel.ETIMEDOUT:
		if t := tr.Event(ev.Cause); t != nil && t.Kind == netmodel.TimerFired {
			switch t.Timer {
			case netmodel.TimerKeepalive:
				return ProbesOver
			case netmodel.TimerUser:
				return UserTimeout
			case netmodel.TimerSyn, netmodel.TimerSynAck:
				return SynRetriesOver
			}
		}
		return RetriesOver
	}
	return UnknownRule
}
