package render

import "halfopen/netmodel"

// wire is a link's line on the stage: from a left end to a right one.
type wire struct {
	p, q       Point
	nx, ny     float32 // to the side of the rightward track: up
	leftHost   netmodel.HostID
	separation float32
}

// placeWires computes the lines of all links, once a frame.
func (f *frame) placeWires() {
	f.l.spare.wires = f.l.spare.wires[:0]
	for i := range f.ix.tr.Links {
		f.l.spare.wires = append(f.l.spare.wires, f.newWire(netmodel.LinkID(i+1)))
	}
}

// wireOf is a link's line.
func (f *frame) wireOf(id netmodel.LinkID) *wire { return &f.l.spare.wires[id-1] }

func (f *frame) newWire(id netmodel.LinkID) wire {
	l := f.ix.tr.Links[id-1]
	ports := f.ix.world.ports[id-1]
	w := wire{leftHost: l.A, separation: trackOffset}
	w.p, w.q = f.portAt(l.A, ports[0]), f.portAt(l.B, ports[1])
	if w.p.X > w.q.X || w.p.X == w.q.X && w.p.Y > w.q.Y {
		w.leftHost, w.p, w.q = l.B, w.q, w.p
	}
	dx, dy := w.q.X-w.p.X, w.q.Y-w.p.Y
	// The tracks lie above each other, so that both end at the boxes' sides; beside each other where
	// the link is steep.
	w.ny = -1
	if max(dy, -dy) > 3*max(dx, -dx) {
		w.nx, w.ny = 1, 0
	}
	if f.lo.Narrow {
		w.separation = 16
	}
	if len(f.ix.tr.Links) > 3 {
		w.separation = 9
	}
	if len(f.ix.tr.Links) > 12 {
		w.separation = 3
	}
	return w
}

// track is the line of one direction.
func (w *wire) track(rightward bool) (p, q Point) {
	s := w.separation
	if !rightward {
		return Point{w.q.X - s*w.nx, w.q.Y - s*w.ny}, Point{w.p.X - s*w.nx, w.p.Y - s*w.ny}
	}
	return Point{w.p.X + s*w.nx, w.p.Y + s*w.ny}, Point{w.q.X + s*w.nx, w.q.Y + s*w.ny}
}

func between(p, q Point, at float32) Point {
	return Point{p.X + (q.X-p.X)*at, p.Y + (q.Y-p.Y)*at}
}

// cutGap is how far from the middle of a cut link its ends stay, in parts of its length.
const cutGap = 0.09

// link draws both tracks, and the faults on them.
func (f *frame) link(id netmodel.LinkID) {
	w := f.wireOf(id)
	l := &f.ix.tr.Links[id-1]
	m := between(w.p, w.q, 0.5)
	half := max((w.q.X-w.p.X)/2, 12)
	f.l.begin(Ref{Role: RoleLink, Link: id, Time: f.t,
		Box: Rect{m.X - half, m.Y - w.separation - 8, 2 * half, 2*w.separation + 16}})
	f.l.say(f.ix.tr.Host(l.A).Name, " – ", f.ix.tr.Host(l.B).Name)
	right, left, other := f.faultsOf(id, w.leftHost)
	f.track(w, true, right)
	f.track(w, false, left)
	switch {
	case right && left:
		f.cutSign(m)
	case right:
		p, q := w.track(true)
		f.cutSign(between(p, q, 0.5))
	case left:
		p, q := w.track(false)
		f.cutSign(between(p, q, 0.5))
	}
	f.linkText(w, m, l.Latency.Nanoseconds(), other, right || left)
	f.l.end()
}

// faultsOf says which directions are cut, and which other fault is on a link.
func (f *frame) faultsOf(id netmodel.LinkID, leftHost netmodel.HostID) (right, left bool,
	other *faultBand) {
	for i := range f.ix.world.faults {
		b := &f.ix.world.faults[i]
		if b.link != id || !b.active(f.t) {
			continue
		}
		if b.verb != "cut" {
			other = b
			continue
		}
		right = right || b.from == 0 || b.from == leftHost
		left = left || b.from == 0 || b.from != leftHost
	}
	return right, left, other
}

// track draws one direction's line, whole or cut in the middle.
func (f *frame) track(w *wire, rightward, cut bool) {
	p, q := w.track(rightward)
	if !cut {
		f.l.line(p.X, p.Y, q.X, q.Y, 2, Rule)
		return
	}
	a, b := between(p, q, 0.5-cutGap), between(p, q, 0.5+cutGap)
	f.l.line(p.X, p.Y, a.X, a.Y, 2, Danger).Dash = Dashed
	f.l.line(b.X, b.Y, q.X, q.Y, 2, Danger).Dash = Dashed
	const s = 5
	f.l.line(a.X-s/2, a.Y+s, a.X+s/2, a.Y-s, 2, Danger)
	f.l.line(b.X-s/2, b.Y+s, b.X+s/2, b.Y-s, 2, Danger)
}

// cutSign is the word at the place of a cut.
func (f *frame) cutSign(m Point) {
	s := f.word("fault.cut.sign")
	w := f.l.measure(s, textLabel, true)
	f.l.rect(Rect{m.X - w/2 - 6, m.Y - 8, w + 12, 16}, 8, Danger)
	f.l.writeBold(m.X, m.Y+4, s, textLabel, Paper, center)
	f.l.say(": ", s)
}

// linkText says how long the link takes, or what is wrong with it, between its tracks.
func (f *frame) linkText(w *wire, m Point, latency int64, other *faultBand, cut bool) {
	if w.separation < 12 && other == nil || cut && other == nil {
		return
	}
	from := len(f.l.text)
	color := Soft
	if other != nil {
		color = Danger
		f.l.text = append(f.l.text, f.word("fault."+other.verb)...)
		if other.detail != "" {
			f.l.text = append(append(f.l.text, ' '), other.detail...)
		}
		f.l.say(": ")
		f.l.label = append(f.l.label, f.l.text[from:]...)
	} else {
		f.l.text = appendLatency(f.l.text, latency)
	}
	room := w.q.X - w.p.X - 8
	f.l.fit(from, room, textSmall, other != nil)
	y := m.Y + 4
	if cut {
		y += w.separation + 18
	}
	f.l.written(m.X, y, from, textSmall, color, center, other != nil)
}

// appendLatency prints a link's one-way delay.
func appendLatency(b []byte, ns int64) []byte {
	us := (ns + 500) / 1000
	switch {
	case us >= 1000 && us%1000 == 0:
		return append(appendInt(b, us/1000), " ms"...)
	case us >= 1000:
		b = appendInt(b, us/1000)
		return append(append(b, '.', byte('0'+us%1000/100)), " ms"...)
	}
	return append(appendInt(b, us), " us"...)
}
