package explain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

const pingreq, pingresp = 12, 13 // MQTT 3.1.1, 2.2.1

// Explainer explains one trace. It is made once and asked often; it never changes the trace.
type Explainer struct {
	tr       *trace.Trace
	flows    *flow.Flows
	faults   map[netmodel.FaultID]trace.ID // where each fault began
	settings map[string]trace.ID           // by name: "client.keepalive"
	dials    map[netmodel.SocketID]string  // who dialled, once asked for
}

// New prepares to explain a trace.
func New(tr *trace.Trace) *Explainer {
	x := &Explainer{tr: tr, flows: flow.Of(tr), faults: make(map[netmodel.FaultID]trace.ID),
		settings: make(map[string]trace.ID)}
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch ev.Kind {
		case netmodel.FaultBegan:
			if x.faults[ev.Fault] == 0 {
				x.faults[ev.Fault] = trace.ID(i + 1)
			}
		case trace.Setting:
			x.settings[ev.App.Name] = trace.ID(i + 1)
		}
	}
	return x
}

// Explanation is what there is to say about one event.
type Explanation struct {
	Sentence string
	Source   Source     // of the rule; empty if the event follows no rule
	Chain    []trace.ID // the causes, nearest first
	Beside   []trace.ID // what else it rests on
}

// Explain explains an event.
func (x *Explainer) Explain(id trace.ID, l Lang) Explanation {
	return Explanation{Sentence: x.Sentence(id, l), Source: x.Source(id), Chain: x.Chain(id),
		Beside: x.Beside(id)}
}

// Sentence says in one sentence, without its full stop, what happened and by which rule.
func (x *Explainer) Sentence(id trace.ID, l Lang) string {
	ev := x.tr.Event(id)
	if ev == nil {
		return ""
	}
	return say(l, x.key(ev, id), x.gaps(ev, id, l))
}

// Text is the whole explanation as lines: the sentence with its source, then each cause.
func (x *Explainer) Text(id trace.ID, l Lang) string {
	e := x.Explain(id, l)
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s", x.tr.Event(id).At.Clock(), e.Sentence)
	if e.Source.Name != "" {
		fmt.Fprintf(&b, " (%s)", e.Source.Name)
	}
	for _, list := range [][]trace.ID{e.Chain, e.Beside} {
		for _, c := range list {
			if c > 0 {
				fmt.Fprintf(&b, "\n  <- %s  %s", x.tr.Event(c).At.Clock(), x.Sentence(c, l))
			}
		}
	}
	return b.String()
}

// gaps computes every value that a sentence about an event can ask for.
func (x *Explainer) gaps(ev *trace.Event, id trace.ID, l Lang) gaps {
	g := gaps{"who": x.who(ev, l), "peer": x.peerName(ev), "t": ev.At.Clock(),
		"from": ev.From.String(), "to": ev.To.String(), "timer": ev.Timer.String(),
		"due": ev.Due.Clock(), "period": lasting(x.period(ev)), "errno": ev.Errno.Error(),
		"attempt": strconv.Itoa(int(ev.Attempt)), "limit": strconv.Itoa(int(ev.Limit)),
		"copy": strconv.Itoa(int(ev.Copies) + 1), "fault": x.faultText(ev.Fault), "since": ""}
	if ev.Seg != nil {
		g["what"] = x.what(id, l)
		g["window"] = strconv.Itoa(int(ev.Seg.Window))
		g["flow"] = ev.Seg.Src.String() + " > " + ev.Seg.Dst.String()
		if sent := x.tr.Event(ev.Of); sent != nil {
			g["delay"] = lasting(ev.At.Sub(sent.At))
		}
		if c := x.tr.Event(ev.Cause); c != nil && c.Seg != nil {
			g["what2"] = x.what(ev.Cause, l)
		} else {
			g["what2"] = say(l, "what.segment", nil)
		}
	}
	if began := x.tr.Event(x.faults[ev.Fault]); began != nil {
		g["since"] = began.At.Clock()
	}
	if t := x.tr.Event(ev.Of); ev.Kind == netmodel.TimerFired && t != nil {
		g["attempt"], g["limit"] = strconv.Itoa(int(t.Attempt)), strconv.Itoa(int(t.Limit))
	}
	g["attempts"] = g["limit"]
	if c := x.timerOf(ev); c != nil {
		g["attempts"] = strconv.Itoa(int(c.Limit))
	}
	x.appGaps(g, ev, id, l)
	return g
}

func (x *Explainer) appGaps(g gaps, ev *trace.Event, id trace.ID, l Lang) {
	a := ev.App
	if a == nil {
		return
	}
	g["text"], g["name"], g["topic"], g["client"] = a.Text, a.Name, a.Topic, a.Client
	g["payload"] = quote(a.Payload)
	if a.Payload == nil && a.Message > 0 && int(a.Message) <= len(x.tr.Messages) {
		g["payload"] = quote(x.tr.Messages[a.Message-1].Payload)
	}
	g["qos"], g["n"] = strconv.Itoa(int(a.QoS)), strconv.Itoa(a.Attempt)
	g["present"] = "0"
	if a.SessionPresent {
		g["present"] = "1"
	}
	g["setting"] = x.keepalive(ev, l)
	switch ev.Kind {
	case trace.Action:
		if a.Text == "" {
			g["text"] = strings.TrimSpace(a.Actor + " " + a.Name)
		}
	case trace.Wrote:
		g["what"] = x.whatWrote(ev, id, l)
	case trace.ClientLost:
		if p := x.unanswered(id); p != nil {
			at := x.tr.Event(p.Event).At
			g["ping"], g["waited"] = at.Clock(), lasting(ev.At.Sub(at))
		}
	case trace.BrokerDisconnect:
		g["waited"] = lasting(ev.At.Sub(x.lastHeard(ev)))
	}
}

// keepalive is the value of the keepalive setting that an event's causes lead to, in brackets.
func (x *Explainer) keepalive(ev *trace.Event, l Lang) string {
	if c := x.tr.Event(ev.Cause); c != nil && c.Kind == trace.Setting {
		return say(l, "setting.is", gaps{"value": c.App.Text})
	}
	return ""
}

// lastHeard is when the broker's kernel last got an MQTT packet on the connection of an event.
func (x *Explainer) lastHeard(ev *trace.Event) netmodel.Time {
	t := netmodel.Time(0)
	ps := x.flows.Packets(x.peer(ev.Socket))
	for i := range ps {
		if a := x.tr.Event(ps[i].Arrived); a != nil && a.At <= ev.At && a.At > t {
			t = a.At
		}
	}
	return t
}

// timerOf is the timer whose running out made an event, if that is its cause.
func (x *Explainer) timerOf(ev *trace.Event) *trace.Event {
	fired := x.tr.Event(ev.Cause)
	if fired == nil || fired.Kind != netmodel.TimerFired {
		return nil
	}
	if armed := x.tr.Event(fired.Of); armed != nil {
		return armed
	}
	return fired
}

// period is the length of the timer that an event is about, or that caused it.
func (x *Explainer) period(ev *trace.Event) time.Duration {
	t := ev
	if ev.Kind != netmodel.TimerArmed {
		if t = x.tr.Event(ev.Of); t == nil || t.Kind != netmodel.TimerArmed {
			t = x.timerOf(ev)
		}
	}
	if t == nil {
		return 0
	}
	if t.Period > 0 {
		return t.Period
	}
	return t.Due.Sub(t.At)
}

func (x *Explainer) peer(id netmodel.SocketID) netmodel.SocketID {
	if id <= 0 || int(id) > len(x.tr.Sockets) {
		return 0
	}
	return x.tr.Sockets[id-1].Peer
}

// packet is the first packet of a write.
func (x *Explainer) packet(sock netmodel.SocketID, wrote trace.ID) *flow.Packet {
	ps := x.flows.Packets(sock)
	for i := range ps {
		if ps[i].Event == wrote {
			return &ps[i]
		}
	}
	return nil
}

// lostSocket is the connection that a client lost: the one in which it believed.
func (x *Explainer) lostSocket(lost trace.ID) netmodel.SocketID {
	ev := x.tr.Event(lost)
	lanes := belief.Of(x.tr, ev.App.Actor)
	return lanes.Believed(ev.At)
}

// unanswered is the last PINGREQ that a client had written on the connection that it lost, if the
// loss is due to its not being answered.
func (x *Explainer) unanswered(lost trace.ID) *flow.Packet {
	if metrics.RuleOf(x.tr, lost) != metrics.PingTimeout {
		return nil
	}
	ps := x.flows.Packets(x.lostSocket(lost))
	for i := len(ps) - 1; i >= 0; i-- {
		if p := &ps[i]; p.Type == pingreq && x.tr.Event(p.Event).At <= x.tr.Event(lost).At {
			return p
		}
	}
	return nil
}

// rule is metrics' word for how an event ended a connection.
func (x *Explainer) rule(id trace.ID) string { return metrics.RuleOf(x.tr, id).String() }

// quote shortens a payload for a sentence; bytes that are not text are counted only.
func quote(p []byte) string {
	for _, c := range p {
		if c < ' ' || c == 0x7f {
			return fmt.Sprintf("(%d bytes)", len(p))
		}
	}
	if len(p) > 60 {
		return strings.ToValidUTF8(string(p[:57]), "") + "..."
	}
	return string(p)
}
