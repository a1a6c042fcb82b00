package render

import (
	"strconv"
	"time"

	"halfopen/netmodel"
)

// What stays on the stage for a watcher's time after its end.
const (
	lostStays = 3 * time.Second        // a lost segment, hollow, with a cross
	glow      = 350 * time.Millisecond // the trail of one that arrived
	maxLabels = 100                    // more nobody can read
	maxTrails = 400                    // at ten minutes a second there may be thousands
	pileUp    = 5                      // lost segments shown beside each other at one place
)

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// segments draws what is on the wires: trails of what has just arrived, the lost, what is flying.
func (f *frame) segments() {
	labels := labelRoom{boxes: f.l.spare.labels[:0]}
	since := f.ago(glow)
	ids := f.ix.air.touching(f.l.spare.ids[:0], since, f.t)
	for _, i := range ids[max(len(ids)-maxTrails, 0):] {
		if fl := &f.ix.flights[i]; f.onStage(fl) && !fl.lost && fl.t1 <= f.t && fl.t0 <= f.t {
			f.trail(fl)
		}
	}
	f.deaths(&labels)
	for _, i := range ids {
		if fl := &f.ix.flights[i]; f.onStage(fl) && fl.t0 <= f.t && f.t < fl.t1 {
			f.flying(fl, &labels)
		}
	}
	f.l.spare.ids, f.l.spare.labels = ids, labels.boxes
}

// onStage reports whether a flight is over a link that is drawn.
func (f *frame) onStage(fl *flight) bool {
	return fl.link > 0 && int(fl.link) <= len(f.ix.tr.Links) && !f.v.hides(fl.t0)
}

// place is where a part of a flight's way lies.
func (f *frame) place(fl *flight, at float32) (Point, bool) {
	w := f.wireOf(fl.link)
	rightward := fl.from == w.leftHost
	p, q := w.track(rightward)
	const edge = 0.04 // clear of the boxes
	if fl.middle {
		at = 0.5 + at/2
	}
	return between(p, q, edge+(1-2*edge)*at), rightward
}

// progress is how much of its way a flight has behind it, as far as it gets.
func (f *frame) progress(fl *flight) float32 {
	if fl.t1 <= fl.t0 {
		return 1
	}
	at := float32(float64(f.t-fl.t0) / float64(fl.t1-fl.t0))
	if fl.lost && !f.v.hides(fl.t1) {
		at *= fl.died
	}
	return min(max(at, 0), 1)
}

// flying draws a segment on its way.
func (f *frame) flying(fl *flight, labels *labelRoom) {
	at := f.progress(fl)
	if f.v.ReducedMotion {
		at = 0.5
		if fl.lost && !f.v.hides(fl.t1) {
			at = fl.died
		}
	}
	p, up := f.place(fl, at)
	f.packetRef(fl, p, "")
	f.outline(fl, p)
	f.shape(fl, p, false)
	f.label(fl, p, up, "", labels)
	f.l.end()
}

// packetRef begins the Ref of a segment.
func (f *frame) packetRef(fl *flight, p Point, fate string) {
	f.l.begin(Ref{Role: RolePacket, Event: fl.sent, Link: fl.link, Time: fl.t0,
		Box: Rect{p.X - 11, p.Y - 11, 22, 22}})
	f.l.say(fl.name, ", ", f.ix.tr.Hosts[fl.from-1].Name, " → ", f.ix.tr.Hosts[fl.to-1].Name)
	if fate != "" {
		f.l.say(", ", fate)
	}
	if fl.stale() {
		f.l.say(", ", f.word("packet.old"))
	}
}

// outline marks the selected and the hovered segment.
func (f *frame) outline(fl *flight, p Point) {
	if f.v.Selected != 0 && (fl.sent == f.v.Selected || fl.end == f.v.Selected) {
		f.l.circle(p.X, p.Y, 16, 2, Accent)
	} else if f.v.Hover != 0 && (fl.sent == f.v.Hover || fl.end == f.v.Hover) {
		f.l.circle(p.X, p.Y, 16, 1, Accent)
	}
}

// trail is the fading track of a segment that has just arrived: at higher speeds a flight is
// shorter than a frame, and this is all that is seen of it.
func (f *frame) trail(fl *flight) {
	age := f.age(fl.t1)
	if age >= glow {
		return
	}
	p, _ := f.place(fl, 0)
	q, _ := f.place(fl, 1)
	f.l.alpha = uint8(170 * (glow - age) / glow)
	f.l.line(p.X, p.Y, q.X, q.Y, 3, fl.color)
	f.l.alpha = 255
}

// deaths draws the segments that were lost in the last seconds. What died at one place lies in a
// row, the newest in front.
func (f *frame) deaths(labels *labelRoom) {
	first := f.ago(lostStays)
	lo, hi := searchTime(f.ix.died, first), searchTime(f.ix.died, f.t)
	for n, drawn := hi-1, 0; n >= max(lo, hi-maxTrails) && drawn < maxLabels; n-- {
		fl := &f.ix.flights[f.ix.lost[n]]
		if !f.onStage(fl) {
			continue
		}
		drawn++
		before := 0
		for m := n + 1; m < hi && before < pileUp; m++ {
			if o := &f.ix.flights[f.ix.lost[m]]; o.link == fl.link && o.from == fl.from {
				before++
			}
		}
		if before < pileUp && (before == 0 || len(f.ix.tr.Links) <= 3) {
			f.dead(fl, before, labels)
		}
	}
}

// searchTime is the index of the first time later than t.
func searchTime(ts []netmodel.Time, t netmodel.Time) int {
	lo, hi := 0, len(ts)
	for lo < hi {
		if mid := (lo + hi) / 2; ts[mid] <= t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// dead draws a lost segment where it died: hollow, crossed out, with a dotted trail.
func (f *frame) dead(fl *flight, row int, labels *labelRoom) {
	start, _ := f.place(fl, 0)
	p, up := f.place(fl, fl.died)
	back := float32(26 * row)
	if start.X < p.X {
		back = -back
	}
	p.X += back
	fade := f.age(fl.t1)
	f.l.alpha = 255
	if fade > lostStays/2 || row > 0 {
		f.l.alpha = uint8(255 - 150*min(fade, lostStays)/lostStays)
	}
	f.packetRef(fl, p, f.word("packet.lost"))
	if row == 0 {
		f.l.line(start.X, start.Y, p.X, p.Y, 1.5, fl.color).Dash = Dotted
	}
	f.outline(fl, p)
	f.shape(fl, p, true)
	f.l.line(p.X-7, p.Y-7, p.X+7, p.Y+7, 2.5, Danger)
	f.l.line(p.X-7, p.Y+7, p.X+7, p.Y-7, 2.5, Danger)
	if row == 0 {
		f.label(fl, p, up, f.word("packet.lost.sign"), labels)
	}
	f.l.end()
	f.l.alpha = 255
}

// labelRoom keeps labels from covering each other.
type labelRoom struct{ boxes []Rect }

// free reports whether a box overlaps no label so far, and takes its place if so.
func (r *labelRoom) free(b Rect) bool {
	if len(r.boxes) >= maxLabels {
		return false
	}
	for i := range r.boxes {
		o := &r.boxes[i]
		if b.X < o.X+o.W+4 && o.X < b.X+b.W+4 && b.Y < o.Y+o.H && o.Y < b.Y+b.H {
			return false
		}
	}
	r.boxes = append(r.boxes, b)
	return true
}

// label names a segment, above the upper track and below the lower one, in the first of three rows
// that has room.
func (f *frame) label(fl *flight, p Point, up bool, sign string, labels *labelRoom) {
	if fl.text == "" && sign == "" || len(labels.boxes) >= maxLabels {
		return
	}
	const size = textLabel
	from := len(f.l.text)
	if sign != "" {
		f.l.text = append(f.l.text, sign...)
		if named(fl) {
			f.l.text = append(f.l.text, ' ')
		}
	}
	if fl.text == "" && named(fl) {
		f.l.text = append(f.l.text, f.word("packet.probe")...)
	}
	f.l.text = append(f.l.text, fl.text...)
	if fl.stale() {
		f.l.text = append(append(f.l.text, " · "...), f.word("packet.old")...)
	}
	wire := f.wireOf(fl.link)
	x0, x1 := min(wire.p.X, wire.q.X)+3, max(wire.p.X, wire.q.X)-3
	if x1-x0 < 24 { // steep, between boxes above each other
		x0, x1 = f.lo.Stage.X+4, f.lo.Stage.X+f.lo.Stage.W-4
	}
	w := f.l.fit(from, x1-x0, size, true)
	x := min(max(p.X-w/2, x0), x1-w)
	for row := range 3 {
		y := p.Y - 14 - float32(row)*14
		if !up {
			y = p.Y + 22 + float32(row)*14
		}
		if !labels.free(Rect{x, y - size, w, size + 3}) {
			continue
		}
		color := Ink
		if sign != "" {
			color = Danger
		}
		f.l.put(x, y, w, from, size, color, true)
		return
	}
	f.l.text = f.l.text[:from]
}
