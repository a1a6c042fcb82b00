package render

import "halfopen/sim/trace"

// Prepare computes the index of a trace and what the first picture of a view asks for, in pieces of
// a millisecond or so. It calls rest between them: whoever has one thread for this and for drawing,
// as a page has, draws the old run meanwhile and drops no frame.
func Prepare(tr *trace.Trace, v View, rest func()) *Index {
	ix := newIndex(tr, rest)
	ix.believer(v.Client)
	for i := range ix.world.nodes {
		if n := &ix.world.nodes[i]; n.client >= 0 && len(ix.clients) <= manyClients {
			rest()
			ix.belief(n.client)
		}
	}
	rest()
	ix.axisFor(&v)
	ix.rest = func() {}
	return ix
}

// piece is after how many events others get a turn.
const piece = 256

// events are those of the trace, by ID.
func (ix *Index) events(yield func(trace.ID, *trace.Event) bool) {
	for i := range ix.tr.Events {
		if i%piece == 0 {
			ix.rest()
		}
		if !yield(trace.ID(i+1), &ix.tr.Events[i]) {
			return
		}
	}
}
