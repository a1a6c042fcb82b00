package sweep

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/metrics"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Bounds are what can be said about a client's and its broker's detection before anything runs:
// from the source of paho.mqtt.golang 1.5.1 (ping.go) and from the standard.
type Bounds struct {
	Keepalive   time.Duration
	PingTimeout time.Duration
	Check       time.Duration // how often the client looks
	// Client is the latest that the client gives up after the line died, if only its pings tell it;
	// 0: never.
	Client time.Duration
	// Broker is when the broker ends a silent connection, after the last packet; 0: never.
	Broker time.Duration
	frozen bool // a program is stopped for a while: its silence is its own
}

// slack is for timers that are late: the seeded cost of the client's writes, and the way to the
// broker.
const slack = time.Second

// BoundsOf computes the bounds for a client of a scenario.
func BoundsOf(s *scenario.Scenario, client string) Bounds {
	for _, st := range devices(s) {
		if st.Args[0] != client {
			continue
		}
		b := bounds(st.Duration("keepalive"), st.Duration("ping-timeout"))
		for i := range s.Statements {
			b.frozen = b.frozen || s.Statements[i].Verb == "freeze"
		}
		return b
	}
	return Bounds{}
}

// bounds follows ping.go: looks each 5 s if the keepalive is above 10 s, else each quarter of it; a
// PINGREQ on the first look at or after the keepalive, giving up on the first look at or after the
// ping timeout. A look that comes just too early costs one more.
func bounds(keepalive, timeout time.Duration) Bounds {
	b := Bounds{Keepalive: keepalive.Truncate(time.Second), PingTimeout: timeout}
	if b.Keepalive == 0 {
		return b
	}
	b.Check = 5 * time.Second
	if b.Keepalive <= 10*time.Second {
		b.Check = b.Keepalive / 4
	}
	b.Client = b.Keepalive + timeout + 2*b.Check + slack
	b.Broker = b.Keepalive + b.Keepalive/2 // [MQTT-3.1.2-24]
	return b
}

// outside looks for a run that breaks the rules it claims to follow: empty if there is none.
func outside(tr *trace.Trace, r *metrics.Run, b Bounds) string {
	if r.Attempts > 0 && len(r.Hearing) == 0 && len(r.Lanes.Whole()) > 0 && r.Length > time.Minute &&
		!everConnected(tr, r.Client) {
		return "a TCP connection stood, and the client never got its CONNACK"
	}
	flows := flow.Of(tr)
	for _, n := range r.Notices {
		ev := tr.Event(n.Event)
		switch {
		case n.Who == metrics.ClientProgram && n.Rule == metrics.PingTimeout:
			if why := b.pingRule(tr, ev); why != "" {
				return why
			}
			if n.Dead && !b.frozen && b.Client > 0 && n.After > b.Client {
				return fmt.Sprintf("the client gave up %v after the line had died, and the bound is %v",
					n.After, b.Client)
			}
		case n.Who == metrics.BrokerProgram && n.Rule == metrics.OneAndAHalf:
			if why := b.brokerRule(tr, flows, ev); why != "" {
				return why
			}
			sp := r.Lanes.At(belief.Path, ev.At)
			// Behind a repair, what the client sent in time may still wait for its retransmission.
			long := sp != nil && ev.At.Sub(sp.Begin) > b.Broker+slack
			if !n.Dead && !b.frozen && long && sp.State == belief.Open && !underWay(tr, flows, ev) {
				return "the broker ended a connection that was whole, for silence"
			}
		}
	}
	return ""
}

// slowPath is how long a packet is on a path that explains why it came too late.
const slowPath = 500 * time.Millisecond

// underWay reports whether the path had lost something, or was slow to deliver it, when the broker
// ended the connection: a ping, or the CONNACK without which there is none. Then neither library is
// to blame.
func underWay(tr *trace.Trace, f *flow.Flows, gone *trace.Event) bool {
	return late(tr, f.Packets(gone.Socket), gone) ||
		late(tr, f.Packets(tr.Socket(gone.Socket).Peer), gone)
}

func late(tr *trace.Trace, ps []flow.Packet, gone *trace.Event) bool {
	for i := range ps {
		p := &ps[i]
		sent := tr.Event(p.Sent)
		if sent == nil || sent.At >= gone.At {
			continue
		}
		if a := tr.Event(p.Arrived); a != nil && a.At <= gone.At {
			continue
		}
		if lost := tr.Event(p.Dropped); lost != nil || gone.At.Sub(sent.At) >= slowPath {
			return true
		}
	}
	return false
}

func everConnected(tr *trace.Trace, client string) bool {
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.ClientConnected && ev.App.Actor == client {
			return true
		}
	}
	return false
}

// pingRule: a client gives up from PingTimeout after its PINGREQ to two looks later.
func (b Bounds) pingRule(tr *trace.Trace, lost *trace.Event) string {
	ping := tr.Event(lost.Cause)
	if ping == nil || ping.Kind != trace.Wrote || b.Check == 0 {
		return ""
	}
	waited := lost.At.Sub(ping.At)
	if waited < b.PingTimeout-slack || waited > b.PingTimeout+2*b.Check+slack {
		return fmt.Sprintf("the client gave up %v after its PINGREQ, outside %v to %v", waited,
			b.PingTimeout, b.PingTimeout+2*b.Check+slack)
	}
	return ""
}

// brokerRule: a broker ends a connection 1.5 times the keepalive after the last packet it got.
// Whole seconds: the standard's keepalive is in seconds, and half of an odd one may be rounded
// down.
func (b Bounds) brokerRule(tr *trace.Trace, f *flow.Flows, gone *trace.Event) string {
	if gone.Socket == 0 || b.Broker == 0 {
		return ""
	}
	last := netmodel.Time(-1)
	ps := f.Packets(tr.Socket(gone.Socket).Peer)
	for i := range ps {
		if a := tr.Event(ps[i].Arrived); a != nil && a.At <= gone.At {
			last = max(last, a.At)
		}
	}
	if last < 0 {
		return ""
	}
	silent := gone.At.Sub(last)
	if silent < b.Broker-slack || silent > b.Broker+slack {
		return fmt.Sprintf("the broker ended the connection %v after the last packet, and 1.5 times the "+
			"keepalive is %v", silent, b.Broker)
	}
	return ""
}
