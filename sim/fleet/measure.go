package fleet

import (
	"slices"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Return is how a fleet came back.
type Return struct {
	Clients  int
	Lost     int           // clients that lost their connection
	Outage   netmodel.Time // when it began
	Heal     netmodel.Time // when connecting was possible again
	LastBack time.Duration // after Heal, the last client to be back
	P50, P95 time.Duration // the same for half of them, and for 95 %
	NotBack  int           // when the run ended
	Connects []int         // sessions a second at the broker, from Heal on
	Attempts []int         // attempts a second, from Outage on
	Peak     int           // of Connects
	PeakTry  int           // of Attempts after Heal
}

// Measure reads a fleet's return from its trace: from the events of programs alone, so a run
// without segments will do.
func Measure(tr *trace.Trace) Return {
	r := Return{}
	r.Outage, r.Heal = outage(tr)
	seconds := int(tr.Length.Sub(r.Heal)/time.Second) + 1
	r.Connects = make([]int, max(seconds, 1))
	r.Attempts = make([]int, max(int(tr.Length.Sub(r.Outage)/time.Second)+1, 1))
	online := make(map[string]bool)
	lost := make(map[string]bool)
	var back []time.Duration
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch ev.Kind {
		case trace.ClientConnected:
			if lost[ev.App.Actor] && ev.At >= r.Heal {
				after := ev.At.Sub(r.Heal)
				r.Connects[int(after/time.Second)]++
				if !online[ev.App.Actor] {
					back = append(back, after)
				}
			}
			online[ev.App.Actor] = true
		case trace.ClientLost:
			online[ev.App.Actor], lost[ev.App.Actor] = false, true
		case trace.ClientConnecting:
			if ev.At >= r.Outage {
				r.Attempts[int(ev.At.Sub(r.Outage)/time.Second)]++
			}
		}
	}
	for _, up := range online { // a sum: the order does not matter
		r.Clients++
		if !up {
			r.NotBack++
		}
	}
	r.Lost = len(lost)
	slices.Sort(back)
	if n := len(back); n > 0 {
		r.P50, r.P95, r.LastBack = back[n/2], back[n*95/100], back[n-1]
	}
	r.Peak = slices.Max(r.Connects)
	healed := min(int(r.Heal.Sub(r.Outage)/time.Second), len(r.Attempts)-1)
	r.PeakTry = slices.Max(r.Attempts[healed:])
	return r
}

// outage finds the first fault with an end, or the broker's absence.
func outage(tr *trace.Trace) (begin, end netmodel.Time) {
	for _, f := range tr.Faults {
		if f.End > f.Begin && f.End < tr.Length {
			return f.Begin, f.End
		}
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch {
		case ev.Kind == trace.BrokerStopped && begin == 0:
			begin = ev.At
		case ev.Kind == trace.BrokerStarted && begin > 0:
			return begin, ev.At
		}
	}
	return begin, begin
}
