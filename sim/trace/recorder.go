package trace

import (
	"slices"

	"halfopen/netmodel"
)

// Recorder builds a Trace. It is the netmodel.Sink of a run, and sim adds the applications' events.
// It is not safe for concurrent use: the driver owns it.
//
// Fresh memory is what recording costs: 0.4 kB a segment, each page of which the system zeroes, and
// the collector reads again and again while the trace grows. So what runs many worlds keeps a
// recorder for them, and resets it when a trace is done with.
type Recorder struct {
	Trace Trace
	// Lean leaves out what the network does, but for faults, and what programs write: for fleets,
	// whose segments nobody reads. Causes then end at programs' events.
	Lean bool
	memory
}

// memory is where the segments of a trace live: in chunks, so that they never move.
type memory struct {
	chunks [][]netmodel.Segment
	used   int                // of chunks
	segs   []netmodel.Segment // the present chunk
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
		r.segs = r.chunk()
	}
	n := len(r.segs)
	r.segs = r.segs[:n+1]
	r.segs[n] = *rec.Seg
	return &r.segs[n]
}

// chunk is room for more segments.
func (m *memory) chunk() []netmodel.Segment {
	if m.used == len(m.chunks) {
		m.chunks = append(m.chunks, make([]netmodel.Segment, 0, segChunk))
	}
	m.used++
	return m.chunks[m.used-1]
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

// next is a new, empty event at the end of the trace. The room for events doubles when it is full,
// and is fourfold at first: append grows large slices by a quarter only, which would copy a long
// trace a dozen times, and leave as many pages to be cleared and collected.
func (r *Recorder) next() *Event {
	n := len(r.Trace.Events)
	if n == cap(r.Trace.Events) {
		more := max(n, 1024)
		if n <= 4096 {
			more = max(3*n, 1024)
		}
		r.Trace.Events = slices.Grow(r.Trace.Events, more)
	}
	r.Trace.Events = r.Trace.Events[:n+1]
	return &r.Trace.Events[n]
}

// Reset empties the recorder and keeps its memory for the next trace. The caller promises that
// nothing looks at the old trace again, at an event, or at a segment in it.
func (r *Recorder) Reset() {
	clear(r.Trace.Events)
	for _, c := range r.chunks[:r.used] {
		clear(c[:cap(c)])
	}
	m := memory{chunks: r.chunks}
	*r = Recorder{Lean: r.Lean, memory: m, Trace: Trace{Events: r.Trace.Events[:0]}}
}
