package render

import (
	"math"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// arrows draws every segment that is in sight: exactly one arrow each, from the instant and place
// of sending to those of arrival, or of death.
func (f *frame) arrows(r *rungs, xs []float32) {
	from, to := r.visibleTimes()
	ids := f.ix.air.touching(f.l.spare.ids[:0], from, to)
	f.l.spare.ids = ids
	labels := labelRoom{boxes: f.l.spare.labels[:0]}
	for _, i := range ids {
		fl := &f.ix.flights[i]
		if !r.a.members[i] || f.v.hides(fl.t0) {
			continue
		}
		y0, y1 := r.ends(i, fl)
		f.rowTime(r, fl.t0, y0, &labels)
		if fl.link == 0 {
			f.loop(fl, xs[fl.from-1], y0)
			continue
		}
		f.arrow(fl, xs[fl.from-1], xs[fl.to-1], y0, y1, &labels)
	}
	f.l.spare.labels = labels.boxes
}

// rowTime prints an instant in the column of the clock.
func (f *frame) rowTime(r *rungs, t netmodel.Time, y float32, labels *labelRoom) {
	if !labels.free(Rect{r.body.X, y - 5, timeColumn, 11}) {
		return
	}
	if t > f.t {
		f.l.alpha = dimmed + 40
	}
	from := len(f.l.text)
	f.l.text = t.AppendClock(f.l.text)
	f.l.written(r.body.X+timeColumn-4, y+3.5, from, textTiny, Soft, right, false)
	f.l.alpha = 255
}

// stroke is how an arrow's line looks, by the kind of its segment.
func (fl *flight) stroke() (width float32, d Dash) {
	width = 1.8
	switch fl.shape {
	case shapeAck, shapeProbe:
		width = 1
	case shapeRst:
		width = 3
	}
	if fl.again || fl.stale() {
		d = Dashed
	}
	return width, d
}

// arrow draws one segment over one link.
func (f *frame) arrow(fl *flight, xa, xb, y0, y1 float32, labels *labelRoom) {
	if xa == 0 || xb == 0 {
		return
	}
	l := f.l
	if fl.middle {
		xa = (xa + xb) / 2
	}
	end := Point{xb, y1}
	unknown := f.v.hides(fl.t1)
	if fl.lost && !unknown {
		end.X = xa + (xb-xa)*min(max(fl.died, 0.1), 0.9)
	}
	part := float32(1)
	future := fl.t0 > f.t
	if !future && f.t < fl.t1 {
		part = float32(float64(f.t-fl.t0) / float64(max(fl.t1-fl.t0, 1)))
		if f.v.ReducedMotion {
			part = 0.5
		}
	}
	tip := between(Point{xa, y0}, end, part)
	if unknown {
		tip.Y = y1
	}
	l.begin(Ref{Role: RoleArrow, Event: fl.sent, Link: fl.link, Time: fl.t0,
		Box: Rect{min(xa, end.X), y0 - 6, max(xa, end.X) - min(xa, end.X), max(y1-y0, 0) + 10}})
	f.arrowLabel(fl)
	if future {
		l.alpha = dimmed
	}
	color := fl.color
	width, dash := fl.stroke()
	if fl.lost && !unknown && dash == Solid {
		dash = Dotted
	}
	f.lit(fl, Point{xa, y0}, tip)
	if fl.shape == shapeFin {
		l.line(xa, y0-1.5, tip.X, tip.Y-1.5, 1, color).Dash = dash
		l.line(xa, y0+1.5, tip.X, tip.Y+1.5, 1, color).Dash = dash
	} else {
		l.line(xa, y0, tip.X, tip.Y, width, color).Dash = dash
	}
	switch {
	case part < 1:
		l.disc(tip.X, tip.Y, 3, color)
	case fl.lost:
		l.line(tip.X-5, tip.Y-5, tip.X+5, tip.Y+5, 2.2, Danger)
		l.line(tip.X-5, tip.Y+5, tip.X+5, tip.Y-5, 2.2, Danger)
	default:
		f.head(Point{xa, y0}, tip, color, width)
	}
	f.arrowText(fl, xa, xb, y0, tip, part == 1, labels)
	l.alpha = 255
	l.end()
}

// arrowLabel is what assistive technology says of an arrow.
func (f *frame) arrowLabel(fl *flight) {
	f.l.label = fl.t0.AppendClock(f.l.label)
	f.l.say(" ", fl.name, ", ", f.ix.tr.Hosts[fl.from-1].Name, " → ", f.ix.tr.Hosts[fl.to-1].Name)
	if fl.lost && !f.v.hides(fl.t1) {
		f.l.say(", ", f.word("packet.lost"))
	}
	if fl.stale() {
		f.l.say(", ", f.word("packet.old"))
	}
}

// lit underlays the selected arrow, the hovered one, and those that led to the selected event.
func (f *frame) lit(fl *flight, p, q Point) {
	for _, id := range [...]trace.ID{f.v.Selected, f.v.Hover} {
		if id != 0 && (fl.sent == id || fl.end == id) {
			alpha := f.l.alpha
			f.l.alpha = 90
			f.l.line(p.X, p.Y, q.X, q.Y, 8, Accent)
			f.l.alpha = alpha
			return
		}
	}
	for _, id := range f.v.Chain {
		if fl.sent == id || fl.end == id {
			alpha := f.l.alpha
			f.l.alpha = 50
			f.l.line(p.X, p.Y, q.X, q.Y, 5, Accent)
			f.l.alpha = alpha
			return
		}
	}
}

// head draws an arrow's head.
func (f *frame) head(p, q Point, c Color, width float32) {
	dx, dy := q.X-p.X, q.Y-p.Y
	n := float32(math.Sqrt(float64(dx*dx + dy*dy)))
	if n == 0 {
		return
	}
	dx, dy = dx/n, dy/n
	long, wide := float32(8), float32(3.6)
	if width <= 1 {
		long, wide = 6, 2.6
	}
	from := f.l.points()
	f.l.pts = append(f.l.pts, q,
		Point{q.X - long*dx - wide*dy, q.Y - long*dy + wide*dx},
		Point{q.X - long*dx + wide*dy, q.Y - long*dy - wide*dx})
	f.l.poly(from, 0, c)
}

// arrowText names a segment above the start of its arrow.
func (f *frame) arrowText(fl *flight, xa, xb, y0 float32, tip Point, landed bool,
	labels *labelRoom) {
	const size = textSmall
	l := f.l
	if named(fl) {
		room := max(xb, xa) - min(xb, xa) - 20
		from := len(l.text)
		probe, color := fl.text == "", Ink
		if probe {
			color = Soft
			l.text = append(l.text, f.word("packet.probe")...)
		} else if l.text = append(l.text, fl.name...); l.measureBytes(l.text[from:], size,
			true) > room {
			l.text = append(l.text[:from], fl.text...)
		}
		if fl.stale() {
			l.text = append(append(l.text, " · "...), f.word("packet.old")...)
		}
		w := l.fit(from, room, size, true)
		x := xa + 8
		if xb < xa {
			x = xa - 8 - w
		}
		if labels.free(Rect{x, y0 - 13, w, 12}) {
			l.plate(Rect{x - 2, y0 - 13, w + 4, 12})
			l.put(x, y0-3, w, from, size, color, !probe)
		} else {
			l.text = l.text[:from]
		}
	}
	if fl.lost && landed && fl.t0 <= f.t {
		s := f.word("packet.lost.sign")
		w := l.measure(s, textTiny, true)
		x := tip.X + 9
		if xb < xa {
			x = tip.X - 9 - w
		}
		if labels.free(Rect{x, tip.Y - 3, w, 9}) {
			l.writeBold(x, tip.Y+5, s, textTiny, Danger, left)
		}
	}
}

// loop draws a segment that never left its host: a small hook at the lifeline.
func (f *frame) loop(fl *flight, x, y float32) {
	if x == 0 {
		return
	}
	l := f.l
	l.begin(Ref{Role: RoleArrow, Event: fl.sent, Host: fl.from, Time: fl.t0,
		Box: Rect{x, y - 4, 14, 8}})
	f.arrowLabel(fl)
	if fl.t0 > f.t {
		l.alpha = dimmed
	}
	from := l.points()
	l.pts = append(l.pts, Point{x + 1, y}, Point{x + 9, y}, Point{x + 9, y + 3}, Point{x + 3, y + 3})
	l.path(from, 1, fl.color)
	if fl.lost && fl.t1 <= f.t {
		l.line(x+6, y-3, x+12, y+3, 2, Danger)
		l.line(x+6, y+3, x+12, y-3, 2, Danger)
	}
	l.alpha = 255
	l.end()
}
