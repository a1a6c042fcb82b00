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

// Summary answers the experiment's questions about a run as text.
func Summary(tr *trace.Trace, l Lang) string {
	var b strings.Builder
	for i, s := range Summarize(tr, "", l) {
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
	lost   trace.ID // the first ClientLost, 0: none
	back   trace.ID // the ClientConnected after it
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
		case ev.Kind == trace.ClientLost && s.lost == 0:
			s.lost = id
		case ev.Kind == trace.ClientConnected && s.lost > 0 && s.back == 0:
			s.back = id
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

// who answers: what decided that the line was dead, on each side?
func (s *summary) who() []string {
	var out []string
	told := 0
	for side := range metrics.NumSides {
		n, ok := s.firstNotice(side)
		g := gaps{"side": s.line("sum.side."+side.String(), nil)}
		if !ok {
			if s.believedDead(side) {
				told++
				out = append(out, s.silent(side, g))
			}
			continue
		}
		told++
		g["t"], g["after"] = n.At.Clock(), lasting(n.After)
		g["sentence"] = s.Sentence(n.Event, s.l)
		if n.Dead {
			out = append(out, s.line("sum.dead-side", g))
		} else {
			out = append(out, s.line("sum.dead-told", g))
		}
	}
	if told == 0 {
		out = append(out, s.line("sum.dead-never", nil))
	}
	lie := s.run.Lie
	if lie.Total > 0 {
		d := func(l belief.Lane) string { return lasting(lie.Lanes[l].Total()) }
		out = append(out, s.line("sum.believed", gaps{"app": d(belief.ClientApp),
			"tcp": d(belief.ClientTCP), "btcp": d(belief.BrokerTCP),
			"session": d(belief.BrokerSession), "total": lasting(lie.Total)}))
	}
	return out
}

// firstNotice is the first time that a side found out, of a dead line if there was one.
func (s *summary) firstNotice(side metrics.Side) (metrics.Notice, bool) {
	if n, ok := s.run.Noticed(side); ok {
		return n, true
	}
	for _, n := range s.run.Notices {
		if n.Who == side && n.Rule != metrics.OwnDecision && s.lost > 0 {
			return n, true
		}
	}
	return metrics.Notice{}, false
}

// believedDead reports whether a side that never noticed had a dead line to notice that it, too,
// was rid of in the end: a kernel whose program closed the connection has nothing more to find out.
func (s *summary) believedDead(side metrics.Side) bool {
	lane := [...]belief.Lane{belief.ClientApp, belief.ClientTCP, belief.BrokerTCP,
		belief.BrokerSession}[side]
	return s.lost > 0 && s.run.Lie.Lanes[lane].Total() > 0
}

// silent says of a side that never found out by itself why that is so.
func (s *summary) silent(side metrics.Side, g gaps) string {
	sock := s.lostSocket(s.lost)
	if side == metrics.BrokerKernel {
		sock = s.peer(sock)
	}
	closed := s.closedAt(sock)
	if side != metrics.ClientKernel && side != metrics.BrokerKernel || closed < 0 {
		return s.line("sum.dead-silent", g)
	}
	g["t"] = closed.Clock()
	return s.line("sum.dead-closed", g)
}

// again answers: was subscribing again necessary?
func (s *summary) again() []string {
	switch {
	case s.lost == 0 && s.saidGoodbye():
		return []string{s.line("sum.again-goodbye", nil)}
	case s.lost == 0:
		return []string{s.line("sum.again-none", nil)}
	case s.back == 0:
		return []string{s.line("sum.again-noreturn", nil)}
	case !s.subscribedBefore():
		return []string{s.line("sum.again-nosubs", nil)}
	}
	present, at, clean, again := s.afterReturn()
	g := gaps{"t": at.Clock(), "why": ""}
	if clean {
		g["why"] = s.line("sum.again-clean", nil)
	}
	switch {
	case present && again > 0:
		return []string{s.line("sum.again-no", g), s.line("sum.again-no-did", nil)}
	case present:
		return []string{s.line("sum.again-no", g)}
	case again > 0:
		return []string{s.line("sum.again-yes", g),
			s.line("sum.again-did", gaps{"t": again.Clock()})}
	}
	return []string{s.line("sum.again-yes", g),
		s.line("sum.again-deaf", gaps{"deaf": lasting(s.run.Deafness)})}
}

// saidGoodbye reports whether the client ended its session itself.
func (s *summary) saidGoodbye() bool {
	return slices.ContainsFunc(s.tr.Events, func(ev trace.Event) bool {
		return ev.Kind == trace.ClientDisconnect && ev.App.Actor == s.run.Client
	})
}

// subscribedBefore reports whether the client had a subscription when it lost its connection.
func (s *summary) subscribedBefore() bool {
	for _, sp := range s.run.Lanes.Lane[belief.BrokerSession] {
		if sp.State == belief.Session && sp.Begin < s.at(s.lost) {
			return true
		}
	}
	return false
}

// afterReturn reads from the trace what the broker said to the client's return, and what the client
// then asked for.
func (s *summary) afterReturn() (present bool, at netmodel.Time, clean bool, again netmodel.Time) {
	back := s.tr.Event(s.back)
	present, at = back.App.SessionPresent, back.At
	broker := s.peer(back.Socket)
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		switch {
		case ev.Kind == trace.BrokerConnect && ev.Socket == broker:
			clean = strings.HasPrefix(ev.App.Text, "clean=1")
		case ev.Kind == trace.BrokerSubscribed && ev.Socket == broker && again == 0:
			again = ev.At
		}
	}
	return present, at, clean, again
}
