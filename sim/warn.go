package sim

import (
	"fmt"
	"slices"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// A Warning is something in a run that nobody asked for an expectation about and that is almost
// always a mistake. A test prints its run's warnings; with Strict they are failures.
type Warning struct {
	Rule   string   // "deaf", "vanished", "duel", "storm"
	Actor  string   // the client or program
	Text   string   // one sentence
	Around trace.ID // the event to look at
}

// The limits beyond which a Warning is due.
const (
	// deafAfter: subscribing takes a round trip or two after CONNACK; nobody needs ten seconds.
	deafAfter = 10 * time.Second
	// A duel is this many takeovers of one client id within a minute; a client that reconnects after
	// an outage takes its own old session over once.
	duelTakeovers, duelWithin = 3, time.Minute
	// A storm is more dials than these in ten seconds: paho's back-off makes four of them (after 1, 2
	// and 4 s), and Retry-at-once loops make hundreds.
	stormDials, stormWithin = 10, 10 * time.Second
)

// Warnings looks for clients that are connected without a subscription, messages that vanished
// although the library reported success, clients that share an id and push each other out, and
// programs that dial without pause.
func Warnings(tr *trace.Trace) []Warning {
	e := &evidence{tr: tr}
	var out []Warning
	for _, c := range belief.Clients(tr) {
		out = append(out, deafWarnings(e, c)...)
	}
	out = append(out, vanished(e)...)
	out = append(out, duels(tr)...)
	out = append(out, storms(tr)...)
	return out
}

func deafWarnings(e *evidence, client string) []Warning {
	r := e.run(client)
	worst := longest(r.Lanes.Deafness())
	if worst.Length() <= deafAfter {
		return nil
	}
	text := fmt.Sprintf("%s was deaf for %s from %s on: connected, without a subscription at the "+
		"broker. Subscribe in the OnConnect handler.", client, span(worst.Length()),
		worst.Begin.Clock())
	return []Warning{{"deaf", client, text, eventAt(e.tr, worst.Begin)}}
}

// vanished finds messages of which the publisher's library said that they are published, without an
// error, and which never reached the broker.
func vanished(e *evidence) []Warning {
	claimed := make(map[trace.MessageID]trace.ID)
	reached := make(map[trace.MessageID]bool)
	for i := range e.tr.Events {
		switch ev := &e.tr.Events[i]; ev.Kind {
		case trace.ClientPublished:
			if ev.App.Text == "" {
				claimed[ev.App.Message] = trace.ID(i + 1)
			}
		case trace.BrokerReceived:
			reached[ev.App.Message] = true
		}
	}
	var out []Warning
	counted := make(map[trace.MessageID]bool)
	for _, f := range e.run("").Balance.Fates {
		id := claimed[f.Message]
		if id == 0 || reached[f.Message] || counted[f.Message] || f.Place == metrics.UnderWay {
			continue
		}
		counted[f.Message] = true
		m := &e.tr.Messages[f.Message-1]
		if n := len(out); n > 0 && out[n-1].Actor == m.Publisher {
			continue // one sentence a publisher, see below
		}
		text := fmt.Sprintf("a message of %s to %s (QoS %d) vanished at %s: its token reported "+
			"no error, and it ended in the %s.", m.Publisher, m.Topic, m.QoS, e.tr.Event(id).At.Clock(),
			placeText[f.Place])
		out = append(out, Warning{"vanished", m.Publisher, text, id})
	}
	return out
}

// duels finds client ids that two connections take from each other.
func duels(tr *trace.Trace) []Warning {
	var out []Warning
	at := make(map[string][]netmodel.Time)
	warned := make(map[string]bool)
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.BrokerTakeover || warned[ev.App.Client] {
			continue
		}
		id := ev.App.Client
		at[id] = append(at[id], ev.At)
		if n := len(at[id]); n >= duelTakeovers && ev.At.Sub(at[id][n-duelTakeovers]) <= duelWithin {
			warned[id] = true
			text := fmt.Sprintf("connections with client id %q took the session from each other %d "+
				"times within %s: is the id used twice?%s", id, duelTakeovers,
				span(ev.At.Sub(at[id][n-duelTakeovers])), usersOf(tr, id))
			out = append(out, Warning{"duel", id, text, trace.ID(i + 1)})
		}
	}
	return out
}

// usersOf names the programs whose connections presented a client id.
func usersOf(tr *trace.Trace, id string) string {
	var names []string
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.BrokerConnect || ev.App.Client != id || ev.Socket == 0 {
			continue
		}
		if p := tr.Socket(tr.Socket(ev.Socket).Peer); p != nil && !slices.Contains(names, p.Actor) {
			names = append(names, p.Actor)
		}
	}
	if len(names) < 2 {
		return ""
	}
	return fmt.Sprintf(" %s and %s use it.", names[0], names[1])
}

// storms finds programs that dial and dial.
func storms(tr *trace.Trace) []Warning {
	var out []Warning
	at := make(map[string][]netmodel.Time)
	warned := make(map[string]bool)
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.DialStarted || warned[ev.App.Actor] {
			continue
		}
		who := ev.App.Actor
		at[who] = append(at[who], ev.At)
		if n := len(at[who]); n > stormDials && ev.At.Sub(at[who][n-stormDials-1]) <= stormWithin {
			warned[who] = true
			text := fmt.Sprintf("%s dialled %d times within %s, until %s: it reconnects without a "+
				"pause worth the name.", who, stormDials+1,
				span(ev.At.Sub(at[who][n-stormDials-1])), ev.At.Clock())
			out = append(out, Warning{"storm", who, text, trace.ID(i + 1)})
		}
	}
	return out
}
