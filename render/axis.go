package render

import (
	"math"
	"slices"
	"sort"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Distances on the ladder's folded axis, in pixels.
const (
	silence     = 2 * time.Second // longer ones are folded
	stripHeight = 30
	stripAbove  = 8
	rowHeight   = 14 // of a line of text
	pxPerMS     = 0.9
	linearPerMS = 0.8
)

// axis maps time to height on the ladder. Both maps increase; the folded one gives a burst room to
// be read and a silence no more than a strip, and says so.
//
// Between two instants at which something happens the folded axis is linear. Up to 12 ms a gap has
// pxPerMS; longer ones grow with their logarithm, so that the doubling of a retransmission timer is
// still seen as growing. At an instant itself there is room for what is written there: notes of
// programs first, then a line for each named segment that leaves.
type axis struct {
	at     []netmodel.Time // instants, ascending; the first is 0, the last the run's end
	in     []float64       // height at which an instant is reached
	out    []float64       // and left: in plus what is written there
	aloft  []bool          // something flies in the gap behind it
	strips []strip
	folded time.Duration // length of all strips

	members []bool    // flights that have an arrow on this ladder
	start   []float64 // height of each flight's sending, by index
	stop    []float64 // of its end, on the folded axis
	notes   []note
}

// strip is a folded silence.
type strip struct {
	begin, end netmodel.Time
	y0, y1     float64
}

// note is something an application did, or a fault, as a line of text on the ladder.
type note struct {
	event trace.ID
	at    netmodel.Time
	host  netmodel.HostID // 0: of the path
	y     float64         // baseline on the folded axis
}

// newAxis builds the axis of the flights and events that show admits.
func newAxis(ix *Index, show func(*flight) bool, tell func(*trace.Event) bool) *axis {
	a := &axis{members: make([]bool, len(ix.flights)), start: make([]float64, len(ix.flights)),
		stop: make([]float64, len(ix.flights))}
	a.at = append(a.at, 0, max(ix.tr.Length, 1))
	var air []edge
	for i := range ix.flights {
		f := &ix.flights[i]
		if a.members[i] = show(f); a.members[i] {
			a.at = append(a.at, f.t0, min(f.t1, ix.tr.Length))
			air = append(air, edge{f.t0, 1}, edge{min(f.t1, ix.tr.Length), -1})
		}
	}
	a.findNotes(ix, tell)
	for i := range a.notes {
		a.at = append(a.at, a.notes[i].at)
	}
	a.at = instants(a.at)
	slices.SortStableFunc(air, func(p, q edge) int { return int(sign(p.at - q.at)) })
	a.measure(ix, air)
	return a
}

// edge is the begin or the end of a flight.
type edge struct {
	at netmodel.Time
	up int
}

// measure assigns heights from top to bottom.
func (a *axis) measure(ix *Index, air []edge) {
	a.in, a.out = make([]float64, len(a.at)), make([]float64, len(a.at))
	y, flying, n := 6.0, 0, 0
	sent, noted := 0, 0
	for i, t := range a.at {
		a.in[i] = y
		for ; n < len(air) && air[n].at <= t; n++ {
			flying += air[n].up
		}
		for ; noted < len(a.notes) && a.notes[noted].at <= t; noted++ {
			y += rowHeight
			a.notes[noted].y = y - 3
		}
		for ; sent < len(ix.flights) && ix.flights[sent].t0 <= t; sent++ {
			if a.members[sent] {
				if named(&ix.flights[sent]) {
					y += rowHeight
				}
				a.start[sent] = y
			}
		}
		a.out[i] = y
		a.aloft = append(a.aloft, flying > 0)
		if i+1 < len(a.at) {
			y = a.gap(t, a.at[i+1], y, flying > 0)
		}
	}
	for i := range ix.flights {
		if a.members[i] {
			a.stop[i] = a.in[a.index(min(ix.flights[i].t1, a.end()))]
			a.stop[i] = max(a.stop[i], a.start[i])
		}
	}
}

// gap is the height at the end of a time in which nothing begins or ends.
func (a *axis) gap(from, to netmodel.Time, y float64, flying bool) float64 {
	d := to.Sub(from)
	if d > silence && !flying {
		a.strips = append(a.strips, strip{from, to, y + stripAbove, y + stripAbove + stripHeight})
		a.folded += d
	}
	return growth(d, y, flying)
}

// growth is the height after a gap that began at y.
func growth(d time.Duration, y float64, flying bool) float64 {
	if d > silence && !flying {
		return y + stripAbove + stripHeight + 2
	}
	ms := d.Seconds() * 1000
	if ms <= 12 {
		return y + ms*pxPerMS
	}
	return y + 12*pxPerMS + 6*math.Log2(ms/12)
}

// named reports whether a segment has a line of text on the ladder: bare acknowledgements and what
// stays inside a host have none.
func named(f *flight) bool { return (f.text != "" || f.shape == shapeProbe) && f.link != 0 }

func (a *axis) end() netmodel.Time { return a.at[len(a.at)-1] }

// height is how tall the whole ladder is.
func (a *axis) height() float64 { return a.out[len(a.out)-1] + rowHeight }

// index is the last instant at or before t.
func (a *axis) index(t netmodel.Time) int {
	return max(sort.Search(len(a.at), func(i int) bool { return a.at[i] > t })-1, 0)
}

// y is the height of the playhead at t: after everything that happened in that instant.
func (a *axis) y(t netmodel.Time) float64 {
	i := a.index(t)
	if i+1 >= len(a.at) || t <= a.at[i] {
		return a.out[i]
	}
	f := float64(t-a.at[i]) / float64(a.at[i+1]-a.at[i])
	return a.out[i] + f*(a.in[i+1]-a.out[i])
}

// time is the inverse of y.
func (a *axis) time(y float64) netmodel.Time {
	i := max(sort.Search(len(a.in), func(i int) bool { return a.in[i] > y })-1, 0)
	if i+1 >= len(a.at) || y <= a.out[i] {
		return a.at[i]
	}
	f := (y - a.out[i]) / (a.in[i+1] - a.out[i])
	return a.at[i] + netmodel.Time(f*float64(a.at[i+1]-a.at[i]))
}

// findNotes collects what programs did and what was done to the path.
func (a *axis) findNotes(ix *Index, tell func(*trace.Event) bool) {
	for id, ev := range ix.events {
		if noteKey(ev) == "" || ev.At > ix.tr.Length {
			continue
		}
		n := note{event: id, at: ev.At, host: ev.Host}
		if ev.Kind == netmodel.FaultBegan || ev.Kind == netmodel.FaultEnded {
			n.host = 0
			if f := ix.tr.Faults; ev.Fault > 0 && int(ev.Fault) <= len(f) {
				n.host = f[ev.Fault-1].Host
			}
		}
		if tell(ev) {
			a.notes = append(a.notes, n)
		}
	}
	slices.SortStableFunc(a.notes, func(p, q note) int { return int(sign(p.at - q.at)) })
}

// noteKey is the catalogue key of an event's line on the ladder, empty if it has none.
func noteKey(ev *trace.Event) string {
	switch ev.Kind {
	case netmodel.FaultBegan:
		return "note.fault-began"
	case netmodel.FaultEnded:
		return "note.fault-ended"
	case netmodel.MappingForgotten:
		return "note.forgotten"
	case trace.ClientConnecting:
		return "note.connecting"
	case trace.ClientConnected:
		return "note.connected"
	case trace.ClientRefused:
		return "note.refused"
	case trace.ClientLost:
		return "note.lost"
	case trace.ClientMessage:
		return "note.message"
	case trace.ClientDisconnect:
		return "note.disconnect"
	case trace.ClientStopped:
		return "note.stopped"
	case trace.BrokerSession:
		return "note.session"
	case trace.BrokerTakeover:
		return "note.takeover"
	case trace.BrokerDisconnect:
		return "note.broker-lost"
	case trace.BrokerStopped:
		return "note.broker-stopped"
	case trace.BrokerDropped:
		return "note.dropped"
	}
	return ""
}
