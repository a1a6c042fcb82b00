package explain

import (
	"slices"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
)

// again answers: was subscribing again necessary?
func (s *summary) again() []string {
	switch {
	case !s.was:
		return []string{s.line("sum.again-never", nil)}
	case s.lost == 0 && s.ended:
		return []string{s.line("sum.again-ended", nil)}
	case s.lost == 0 && s.saidGoodbye():
		return []string{s.line("sum.again-goodbye", nil)}
	case s.lost == 0 && !s.subscribedBefore(s.run.Lanes.End):
		return []string{s.line("sum.again-nosubs", nil)}
	case s.lost == 0:
		return []string{s.line("sum.again-none", nil)}
	case s.back == 0:
		return []string{s.line("sum.again-noreturn", nil)}
	case !s.subscribedBefore(s.at(s.lost)):
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

// subscribedBefore reports whether the client had a subscription before an instant.
func (s *summary) subscribedBefore(t netmodel.Time) bool {
	for _, sp := range s.run.Lanes.Lane[belief.BrokerSession] {
		if sp.State == belief.Session && sp.Begin < t {
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
