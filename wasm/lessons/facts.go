package lessons

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// Fact is a number from a run: to compare with, and as it is written.
type Fact struct {
	Value float64 // seconds, or a count
	Text  string
}

// Facts are the numbers of a lesson by name.
type Facts map[string]Fact

// instant adds a time of the run, written as the clock shows it to a tenth of a second.
func (f Facts) instant(name string, t netmodel.Time) {
	s := float64(t) / 1e9
	f[name] = Fact{s, Clock(s)}
}

// Clock writes seconds as the lessons do, to a tenth: 2:20.0.
func Clock(seconds float64) string {
	tenths := int64(seconds*10 + 0.5)
	return fmt.Sprintf("%d:%02d.%d", tenths/600, tenths/10%60, tenths%10)
}

// length adds a duration.
func (f Facts) length(name string, d time.Duration) {
	s := d.Seconds()
	text := fmt.Sprintf("%.1f s", s)
	if s >= 100 {
		text = fmt.Sprintf("%.0f s", s)
	}
	f[name] = Fact{s, text}
}

// milliseconds adds a short duration.
func (f Facts) milliseconds(name string, d time.Duration) {
	f[name] = Fact{d.Seconds(), fmt.Sprintf("%d ms", d.Milliseconds())}
}

// count adds a number of things.
func (f Facts) count(name string, n int) { f[name] = Fact{float64(n), fmt.Sprint(n)} }

// event names an event to look at.
func (f Facts) event(name string, id trace.ID) { f.count(name, int(id)) }

// measure is metrics.Of with its defaults.
func measure(tr *trace.Trace, client string) metrics.Run {
	return metrics.Of(tr, client, metrics.Options{})
}

// first is the first event from an instant on that is wanted, and 0 if there is none.
func first(tr *trace.Trace, from netmodel.Time, want func(*trace.Event) bool) trace.ID {
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.At >= from && want(ev) {
			return trace.ID(i + 1)
		}
	}
	return 0
}

// at is the instant of an event, and the end of the run for none: a missing event then breaks a
// claim instead of the page.
func at(tr *trace.Trace, id trace.ID) netmodel.Time {
	if ev := tr.Event(id); ev != nil {
		return ev.At
	}
	return tr.Length
}

// by makes a condition on an application event of an actor.
func by(kind netmodel.Kind, actor string) func(*trace.Event) bool {
	return func(ev *trace.Event) bool { return ev.Kind == kind && ev.App.Actor == actor }
}

// lastPing is when a client's last PINGREQ before an instant was written.
func lastPing(tr *trace.Trace, client string, before netmodel.Time) netmodel.Time {
	var last netmodel.Time
	for i := range tr.Sockets {
		s := &tr.Sockets[i]
		if s.Actor != client {
			continue
		}
		for j := range s.Packets {
			p := &s.Packets[j]
			if t := at(tr, p.Event); p.Name() == "PINGREQ" && t < before {
				last = max(last, t)
			}
		}
	}
	return last
}

// cutOf is when the first cut begins and ends.
func cutOf(tr *trace.Trace) (begin, end netmodel.Time) {
	if len(tr.Faults) == 0 {
		return 0, 0
	}
	return tr.Faults[0].Begin, min(tr.Faults[0].End, tr.Length)
}

// received counts the messages that a client's program got from an instant on.
func received(tr *trace.Trace, client string, from netmodel.Time) int {
	n := 0
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.At >= from && by(trace.ClientMessage, client)(ev) {
			n++
		}
	}
	return n
}

// noticed is how long after the line had died a side found out, and 0 if it never did.
func noticed(tr *trace.Trace, client string, side metrics.Side) (time.Duration, trace.ID) {
	m := measure(tr, client)
	n, ok := m.Noticed(side)
	if !ok {
		return 0, 0
	}
	return n.After, n.Event
}
