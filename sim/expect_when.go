package sim

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// This file has the expectations about when something first happens from an instant on.

// LostWithin expects that who's library reported its connection as lost in the time from at to
// at+d.
func LostWithin(who Subject, d time.Duration, at time.Duration) Expectation {
	return within(who, "loses its connection", d, at, firstOf(trace.ClientLost))
}

// ConnectedWithin expects that who was connected anew in the time from at to at+d.
func ConnectedWithin(who Subject, d time.Duration, at time.Duration) Expectation {
	return within(who, "is connected", d, at, firstOf(trace.ClientConnected))
}

// DroppedWithin expects that who's broker ended a connection of who in the time from at to at+d:
// it gave who up, let a newer connection take the session over, or was told by a FIN or RST.
func DroppedWithin(who Subject, d time.Duration, at time.Duration) Expectation {
	return within(who, "is dropped by its broker", d, at,
		func(_ *evidence, r *metrics.Run, from netmodel.Time) trace.ID {
			for _, n := range r.Notices {
				if n.Who == metrics.BrokerProgram && n.At >= from {
					return n.Event
				}
			}
			return 0
		})
}

// HearsWithin expects that a message reached who's program in the time from at to at+d.
func HearsWithin(who Subject, d time.Duration, at time.Duration) Expectation {
	return within(who, "gets a message", d, at, firstOf(trace.ClientMessage))
}

// firstFrom finds an event from an instant on; 0: there is none.
type firstFrom func(e *evidence, r *metrics.Run, from netmodel.Time) trace.ID

// firstOf finds the client's first event of a kind.
func firstOf(kind netmodel.Kind) firstFrom {
	return func(e *evidence, r *metrics.Run, from netmodel.Time) trace.ID {
		for i := range e.tr.Events {
			ev := &e.tr.Events[i]
			if ev.Kind == kind && ev.App.Actor == r.Client && ev.At >= from {
				return trace.ID(i + 1)
			}
		}
		return 0
	}
}

func within(who Subject, verb string, d, at time.Duration, first firstFrom) Expectation {
	return about(who, fmt.Sprintf("%s within %s of %s", verb, durationText(d), durationText(at)),
		func(e *evidence, r *metrics.Run) Verdict {
			id := first(e, r, netmodel.Time(at))
			if ev := e.tr.Event(id); ev != nil {
				took := ev.At.Sub(netmodel.Time(at))
				return Verdict{Met: took <= d, Found: fmt.Sprintf("it took %s, until %s", span(took),
					ev.At.Clock()), Around: []trace.ID{id}}
			}
			v := Verdict{}
			v.miss(eventAt(e.tr, netmodel.Time(at)), "that has not happened until %s",
				e.tr.Length.Clock())
			return v
		})
}
