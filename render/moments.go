package render

import (
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// moment is something that can be said about an instant in a few words: a named segment that was
// sent, or something a program or a fault did.
type moment struct {
	at     netmodel.Time
	flight int32    // index, if event is 0
	event  trace.ID // with a note
}

// findMoments lists them in the order of time.
func (ix *Index) findMoments() {
	for i := range ix.flights {
		if f := &ix.flights[i]; named(f) {
			ix.moments = append(ix.moments, moment{at: f.t0, flight: int32(i)})
		}
	}
	for id, ev := range ix.events {
		if noteKey(ev) != "" && !ix.inside(ev) {
			ix.moments = append(ix.moments, moment{at: ev.At, event: id})
		}
	}
	slices.SortStableFunc(ix.moments, func(a, b moment) int { return int(sign(a.at - b.at)) })
}

// appendLatest adds to a label what happened last, so that a slider's value is a time and an event.
func (f *frame) appendLatest(b []byte) []byte {
	lo, hi := 0, len(f.ix.moments)
	for lo < hi {
		if mid := (lo + hi) / 2; f.ix.moments[mid].at <= f.t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return b
	}
	m := &f.ix.moments[lo-1]
	b = append(b, ", "...)
	if m.event == 0 {
		fl := &f.ix.flights[m.flight]
		b = append(append(b, fl.name...), ", "...)
		b = append(append(b, f.ix.tr.Hosts[fl.from-1].Name...), " → "...)
		return append(b, f.ix.tr.Hosts[fl.to-1].Name...)
	}
	ev := f.ix.tr.Event(m.event)
	if ev.App != nil {
		b = append(append(b, ev.App.Actor...), ": "...)
	}
	return f.appendNote(b, ev)
}
