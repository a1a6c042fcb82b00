package render

import (
	"slices"
	"sort"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// notes writes what programs did, and faults, between the arrows.
func (f *frame) notes(r *rungs, xs []float32) {
	from, to := r.visibleTimes()
	ns := r.a.notes
	labels := labelRoom{boxes: f.l.spare.labels}
	i := sort.Search(len(ns), func(i int) bool { return ns[i].at >= from })
	for ; i < len(ns) && ns[i].at <= to; i++ {
		n := &ns[i]
		if f.v.hides(n.at) {
			return
		}
		y := r.body.Y + float32(n.y-r.top)
		if r.lin {
			y = r.y(n.at) - 3
		}
		f.note(n, xs, y)
		f.rowTime(r, n.at, y-3.5, &labels)
	}
	f.l.spare.labels = labels.boxes
}

// note writes one line: beside its lifeline, or in the middle if it is about the path.
func (f *frame) note(n *note, xs []float32, y float32) {
	const size = textSmall
	l := f.l
	ev := f.ix.tr.Event(n.event)
	x0, x1 := f.edges(xs)
	l.begin(Ref{Role: RoleNote, Event: n.event, Host: n.host, Time: n.at})
	from := len(l.text)
	l.text = f.appendNote(l.text, ev)
	w := l.measureBytes(l.text[from:], size, true)
	if room := x1 - x0 - 24; w > room {
		l.fit(from, room, size, true)
		w = l.measureBytes(l.text[from:], size, true)
	}
	l.label = append(n.at.AppendClock(l.label), ' ')
	l.label = append(l.label, l.text[from:]...)
	x := x0 + (x1-x0-w)/2
	switch {
	case n.host == 0:
	case xs[n.host-1] >= (x0+x1)/2:
		x = xs[n.host-1] - 10 - w
	default:
		x = xs[n.host-1] + 10
	}
	box := Rect{x - 4, y - 9.5, w + 8, 13}
	l.Refs[len(l.Refs)-1].Box = box
	if n.at > f.t {
		l.alpha = dimmed + 40
	}
	color := f.noteColor(ev)
	l.rect(box, 3, Raised)
	if n.host != 0 {
		l.disc(xs[n.host-1], y-3, 3.5, color)
	}
	if n.event == f.v.Selected || n.event == f.v.Hover && n.event != 0 {
		l.frame(box, 3, 1.5, Accent)
	} else if slices.Contains(f.v.Chain, n.event) {
		l.frame(box, 3, 1, Soft)
	}
	if color != Danger {
		color = Ink
	}
	l.written(x, y, from, size, color, left, true)
	l.alpha = 255
	l.end()
}

// edges are the first and the last lifeline.
func (f *frame) edges(xs []float32) (x0, x1 float32) {
	x0 = f.lo.Ladder.X + f.lo.Ladder.W
	for _, x := range xs {
		if x > 0 {
			x0, x1 = min(x0, x), max(x1, x)
		}
	}
	return x0, x1
}

// appendNote prints an event's line.
func (f *frame) appendNote(b []byte, ev *trace.Event) []byte {
	if ev.App == nil {
		verb, detail := "", ""
		if ev.Fault > 0 && int(ev.Fault) <= len(f.ix.tr.Faults) {
			verb, detail = faultWords(f.ix.tr.Faults[ev.Fault-1].Text)
		}
		switch {
		case ev.Kind == netmodel.FaultEnded && verb == "cut":
			return append(b, f.word("note.healed")...)
		case ev.Kind == netmodel.FaultEnded:
			b = append(append(b, f.word("note.fault-ended")...), ": "...)
		case ev.Kind == netmodel.MappingForgotten:
			return append(b, f.word("note.forgotten")...)
		}
		b = append(b, f.word("fault."+verb)...)
		if detail != "" {
			b = append(append(b, ' '), detail...)
		}
		return b
	}
	b = append(b, f.word(noteKey(ev))...)
	switch ev.Kind {
	case trace.ClientConnecting:
		if ev.App.Attempt > 1 {
			b = appendInt(append(b, " #"...), int64(ev.App.Attempt))
		}
	case trace.ClientMessage, trace.BrokerDropped:
		b = append(append(b, ": "...), ev.App.Topic...)
		if ev.App.Message > 0 {
			b = appendInt(append(b, " #"...), int64(ev.App.Message))
		}
	}
	return b
}

// noteColor is vermillion for what breaks, green for what comes about.
func (f *frame) noteColor(ev *trace.Event) Color {
	switch ev.Kind {
	case netmodel.FaultBegan, netmodel.MappingForgotten, trace.ClientLost, trace.ClientRefused,
		trace.BrokerDisconnect, trace.BrokerStopped, trace.BrokerDropped:
		return Danger
	case trace.ClientMessage:
		return Publish
	}
	return MQTT
}

// ladderFaults shades the path while a fault is on.
func (f *frame) ladderFaults(r *rungs, xs []float32) {
	x0, x1 := f.edges(xs)
	from, to := r.visibleTimes()
	for i := range f.ix.world.faults {
		b := &f.ix.world.faults[i]
		if b.begin > to || b.end < from || f.v.hides(b.begin) {
			continue
		}
		end := f.seen(min(b.end, f.ix.Length()))
		a, z := x0, x1
		if b.host > 0 && int(b.host) <= len(xs) && b.link == 0 {
			if xs[b.host-1] == 0 {
				continue
			}
			a, z = xs[b.host-1]-12, xs[b.host-1]+12
		}
		if b.link > 0 && int(b.link) <= len(f.ix.tr.Links) {
			l := f.ix.tr.Links[b.link-1]
			p, q := xs[l.A-1], xs[l.B-1]
			if p == 0 || q == 0 {
				continue
			}
			a, z = min(p, q), max(p, q)
		}
		y0 := max(r.y(b.begin), r.body.Y-4)
		y1 := min(r.y(end), r.body.Y+r.body.H+4)
		f.l.alpha = 26
		if f.v.Theme == Light {
			f.l.alpha = 14
		}
		f.l.rect(Rect{a, y0, z - a, max(y1-y0, 1)}, 0, Danger)
		f.l.alpha = 255
	}
}
