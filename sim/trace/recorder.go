package trace

import (
	"slices"

	"halfopen/netmodel"
)

// Recorder builds a Trace. It is the netmodel.Sink of a run, and sim adds the applications' events.
// It is not safe for concurrent use: the driver owns it.
type Recorder struct {
	Trace Trace
	// Lean leaves out what the network does, but for faults: for fleets, whose segments nobody reads.
	// Causes then end at programs' events.
	Lean bool
	segs []netmodel.Segment // the current chunk: pointers into it stay valid
}

// segChunk is how many segments one allocation holds.
const segChunk = 512

// Record implements netmodel.Sink. Segments are copied once, when they are sent; arrivals and drops
// share the copy.
func (r *Recorder) Record(rec *netmodel.Record) netmodel.EventID {
	if r.Lean && rec.Kind != netmodel.FaultBegan && rec.Kind != netmodel.FaultEnded {
		return 0
	}
	ev := r.next()
	ev.Record = *rec
	if rec.Seg != nil {
		ev.Seg = r.segment(rec)
	}
	return ID(len(r.Trace.Events))
}

func (r *Recorder) segment(rec *netmodel.Record) *netmodel.Segment {
	if of := r.Trace.Event(rec.Of); of != nil && rec.Kind != netmodel.SegmentSent && of.Seg != nil {
		return of.Seg
	}
	if len(r.segs) == cap(r.segs) {
		r.segs = make([]netmodel.Segment, 0, segChunk)
	}
	r.segs = append(r.segs, *rec.Seg)
	return &r.segs[len(r.segs)-1]
}

// App adds an application event.
func (r *Recorder) App(ev Event) ID {
	if ev.App != nil {
		ev.App.Text = portableText(ev.App.Text)
	}
	*r.next() = ev
	return ID(len(r.Trace.Events))
}

// NextID is the ID that the next event will get.
func (r *Recorder) NextID() ID { return ID(len(r.Trace.Events) + 1) }

// next is a new, empty event at the end of the trace. The room for events doubles when it is full:
// append grows large slices by a quarter only, which would copy a long trace a dozen times.
func (r *Recorder) next() *Event {
	n := len(r.Trace.Events)
	if n == cap(r.Trace.Events) {
		r.Trace.Events = slices.Grow(r.Trace.Events, max(n, 1024))
	}
	r.Trace.Events = r.Trace.Events[:n+1]
	return &r.Trace.Events[n]
}
