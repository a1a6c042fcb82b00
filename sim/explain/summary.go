package explain

import (
	"fmt"
	"slices"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// Section is one heading of a summary and the lines under it.
type Section struct {
	Heading string
	Lines   []string
}

// Summary answers the experiment's questions about one client of a run as text; for the choice of
// the client see Summarize.
func Summary(tr *trace.Trace, client string, l Lang) string {
	var b strings.Builder
	for i, s := range Summarize(tr, client, l) {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", s.Heading)
		for _, line := range s.Lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	return b.String()
}

// Summarize answers the experiment's questions about one client of a run, or about the client with
// the most to tell if the name is empty: the first that lost a connection, else the first
// subscriber.
func Summarize(tr *trace.Trace, client string, l Lang) []Section {
	s := newSummary(tr, client, l)
	sections := []Section{
		{say(l, "sum.why", nil), s.why()},
		{say(l, "sum.who", nil), s.who()},
		{say(l, "sum.again", nil), s.again()},
		{say(l, "sum.messages", nil), s.messages()},
		{say(l, "sum.ghost", nil), s.ghost()},
	}
	return sections
}

// summary is what the five answers share.
type summary struct {
	*Explainer
	l      Lang
	run    metrics.Run
	lost   trace.ID // the first ClientLost, 0: none; what the answers are about
	losses int      // how many there were
	back   trace.ID // the ClientConnected after the first
	was    bool     // it was connected at some time
	ended  bool     // its program ended: killed, stopped, or without power
	heal   netmodel.Time
	healed bool // the path was whole again between the two, from heal on
	broker string
}

func newSummary(tr *trace.Trace, client string, l Lang) *summary {
	x := New(tr)
	if client == "" {
		client = interesting(tr)
	}
	s := &summary{Explainer: x, l: l, run: metrics.Of(tr, client, metrics.Options{})}
	s.broker = "broker"
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.App == nil {
			continue
		}
		switch id := trace.ID(i + 1); {
		case ev.Kind == trace.BrokerStarted:
			s.broker = ev.App.Actor
		case ev.App.Actor != s.run.Client:
		case ev.Kind == trace.ClientLost:
			s.losses++
			if s.lost == 0 {
				s.lost = id
			}
		case ev.Kind == trace.ClientConnected:
			s.was = true
			if s.lost > 0 && s.back == 0 {
				s.back = id
			}
		case ev.Kind == trace.ClientStopped:
			s.ended = true
		}
	}
	s.findHeal()
	return s
}

// interesting is the client that a summary is about when nobody says.
func interesting(tr *trace.Trace) string {
	far := belief.Far(tr)
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.ClientLost && slices.Contains(far, ev.App.Actor) {
			return ev.App.Actor
		}
	}
	return belief.Main(tr)
}

// findHeal finds the last time before the client's return at which the path became whole.
func (s *summary) findHeal() {
	limit := s.run.Lanes.End
	if s.back > 0 {
		limit = s.tr.Event(s.back).At
	}
	var was belief.Span
	for _, sp := range s.run.Lanes.Lane[belief.Path] {
		if sp.Up && !was.Up && was.End > 0 && sp.Begin <= limit &&
			was.State != belief.Forgotten && was.State != belief.Moved {
			s.heal, s.healed = sp.Begin, true
		}
		was = sp
	}
}

func (s *summary) line(key string, g gaps) string { return say(s.l, key, g) }

func (s *summary) at(id trace.ID) netmodel.Time { return s.tr.Event(id).At }
