package render

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// neverLeft puts a segment that could not leave its host, because its interface is down or it knows
// no way, at the beginning of the host's first link: it has to be seen somewhere.
func (ix *Index) neverLeft(f *flight) {
	for i, l := range ix.tr.Links {
		if l.A == f.from || l.B == f.from {
			f.link, f.to = netmodel.LinkID(i+1), l.A
			if l.A == f.from {
				f.to = l.B
			}
			return
		}
	}
}

// Where on its link a segment is drawn as dying: close to an end, but not at it.
const (
	diesFirst = 0.14
	diesLast  = 0.88
)

// death is where on its link a segment died, from 0 to 1, and when. The network decides most losses
// as the segment enters the link: these are drawn as flying to the middle, where a cut is drawn.
func (ix *Index) death(f *flight, ev *trace.Event) (float32, netmodel.Time) {
	var latency netmodel.Time
	if f.link > 0 && int(f.link) <= len(ix.tr.Links) {
		latency = netmodel.Time(ix.tr.Links[f.link-1].Latency)
	}
	switch ev.Reason {
	case netmodel.DropQueue, netmodel.DropInterface, netmodel.DropNoRoute:
		if ev.At == f.t0 {
			return diesFirst, f.t0 // it never was on the wire
		}
	}
	if ev.At > f.t0 {
		where := float32(diesLast)
		if latency > 0 {
			where = min(max(float32(ev.At-f.t0)/float32(latency), diesFirst), diesLast)
		}
		return where, ev.At
	}
	return 0.5, f.t0 + latency/2
}

// sortLost lists the dead by the time of their death.
func (ix *Index) sortLost() {
	for i := range ix.flights {
		if ix.flights[i].lost {
			ix.lost = append(ix.lost, int32(i))
		}
	}
	sortBy(ix.lost, func(i int32) netmodel.Time { return ix.flights[i].t1 })
	for _, i := range ix.lost {
		ix.died = append(ix.died, ix.flights[i].t1)
	}
}
