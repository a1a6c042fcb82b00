package render

import (
	"sort"

	"halfopen/netmodel"
)

// scrubBar is how many pixels wide a bar of the density is.
const scrubBar = 4

// scrubber draws the run as a whole: how much happens when, when faults were on, where the beliefs
// parted, and the playhead.
func (f *frame) scrubber() {
	r := f.lo.Scrubber
	if r.Empty() {
		return
	}
	f.l.begin(Ref{Role: RoleScrubber, Box: r, Time: f.t})
	f.l.say(f.word("panel.scrubber"), ": ")
	f.l.label = f.appendLatest(f.t.AppendClock(f.l.label))
	f.l.rect(r, 0, Background)
	f.l.line(r.X, r.Y+0.5, r.X+r.W, r.Y+0.5, 1, Rule)
	f.l.end()
	if !f.lo.Narrow {
		from := len(f.l.text)
		f.l.text = f.t.AppendClock(f.l.text)
		f.l.written(f.lo.X0-8, r.Y+r.H/2+4, from, textLabel, Soft, right, false)
	}
	base := r.Y + r.H - 12
	f.faultBands(r)
	f.density(r, base)
	f.ticks(r, base)
	f.gap(base)
	f.marks(r, base)
	f.cursor(r.Y+1, r.Y+r.H)
	if f.t >= f.from && f.t <= f.to {
		f.l.disc(f.lo.x(f.still(), f.from, f.to), base+1, 6, Accent)
	}
}

// faultBands shades the times of faults.
func (f *frame) faultBands(r Rect) {
	for i := range f.ix.world.faults {
		b := &f.ix.world.faults[i]
		if b.begin > f.to || b.end < f.from || f.v.hides(b.begin) {
			continue
		}
		box := f.spanBox(Rect{0, r.Y + 2, 0, r.H - 14}, b.begin, min(b.end, f.to))
		box.W = max(box.W, 2)
		f.l.begin(Ref{Role: RoleFault, Event: b.event, Link: b.link, Host: b.host, Time: b.begin,
			Box: box})
		f.l.say(b.text, ", ")
		f.l.label = b.begin.AppendClock(f.l.label)
		f.l.alpha = 46
		f.l.rect(box, 0, Danger)
		f.l.alpha = 255
		f.l.line(box.X, box.Y, box.X, box.Y+box.H, 1, Danger)
		if !f.v.hides(b.end) {
			f.l.line(box.X+box.W, box.Y, box.X+box.W, box.Y+box.H, 1, Danger)
		}
		s := f.word("fault." + b.verb)
		if f.l.measure(s, textTiny, true)+8 < box.W {
			f.l.writeBold(box.X+4, box.Y+10, s, textTiny, Danger, left)
		}
		f.l.end()
	}
}

// density draws how many segments there are in each piece of the axis, on a logarithmic scale:
// three must be seen beside three hundred.
func (f *frame) density(r Rect, base float32) {
	end := f.seen(f.to)
	room := base - r.Y - 6
	before := f.ix.sentBefore(f.lo.time(f.lo.X0, f.from, f.to))
	for x := f.lo.X0; x < f.lo.X1; x += scrubBar {
		t0, t1 := f.lo.time(x, f.from, f.to), f.lo.time(x+scrubBar, f.from, f.to)
		if t0 > end {
			return
		}
		until := f.ix.sentBefore(min(t1, end+1))
		n := until - before
		before = until
		if n == 0 {
			continue
		}
		bits := float32(1)
		for n > 1 {
			n /= 2
			bits++
		}
		h := min(bits*3.2, room)
		if t0 > f.t {
			f.l.alpha = 150
		}
		f.l.rect(Rect{x, base - h, scrubBar - 1, h}, 0, Soft)
		f.l.alpha = 255
	}
}

// sentBefore counts the segments sent on links before an instant.
func (ix *Index) sentBefore(t netmodel.Time) int {
	return sort.Search(len(ix.sentAt), func(i int) bool { return ix.sentAt[i] >= t })
}

// tickLengths are the distances between marks of the axis, in seconds.
var tickLengths = [...]netmodel.Time{1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600,
	86400}

// ticks marks and names round times under the density.
func (f *frame) ticks(r Rect, base float32) {
	f.l.line(f.lo.X0, base+0.5, f.lo.X1, base+0.5, 1, Rule)
	perPixel := float64(f.to-f.from) / float64(f.lo.X1-f.lo.X0)
	step := tickLengths[len(tickLengths)-1] * 1e9
	for _, s := range tickLengths {
		if float64(s*1e9) >= perPixel*64 {
			step = s * 1e9
			break
		}
	}
	for t := (f.from + step - 1) / step * step; t <= f.to; t += step {
		x := f.lo.x(t, f.from, f.to)
		f.l.line(x, base, x, base+3, 1, Rule)
		from := len(f.l.text)
		f.l.text = t.AppendClock(f.l.text)
		f.l.text = f.l.text[:len(f.l.text)-4] // without milliseconds
		w := f.l.measureBytes(f.l.text[from:], textTiny, false)
		tx := min(max(x-w/2, r.X+2), r.X+r.W-w-2)
		f.l.written(tx, base+11, from, textTiny, Soft, left, false)
	}
}

// gap underlines where the parts of the connection believed what was not so.
func (f *frame) gap(base float32) {
	b := f.ix.believer(f.v.Client)
	if b == nil {
		return
	}
	for _, s := range b.lie.Spans {
		if s.Begin > f.to || s.End < f.from || f.v.hides(s.Begin) {
			continue
		}
		f.l.hatch(f.spanBox(Rect{0, base - 4, 0, 4}, s.Begin, s.End), 5, 1.5, Danger)
	}
}

// marks draws bookmarks and the learner's prediction.
func (f *frame) marks(r Rect, base float32) {
	for _, t := range f.v.Bookmarks {
		if t < f.from || t > f.to || f.v.hides(t) {
			continue
		}
		x := f.lo.x(t, f.from, f.to)
		f.mark(x, r.Y+3, base, TCP, "mark.bookmark", t)
	}
	if t := f.v.Prediction; t > 0 {
		f.mark(f.lo.x(t, f.from, f.to), r.Y+3, base, Ping, "mark.prediction", t)
	}
}

func (f *frame) mark(x, top, base float32, c Color, key string, t netmodel.Time) {
	f.l.begin(Ref{Role: RoleMark, Time: t, Box: Rect{x - 8, top, 16, base - top}})
	f.l.say(f.word(key), ": ")
	f.l.label = t.AppendClock(f.l.label)
	from := f.l.points()
	f.l.pts = append(f.l.pts, Point{x - 5, top}, Point{x + 5, top}, Point{x, top + 7})
	f.l.poly(from, 0, c)
	f.l.line(x, top, x, base, 1.5, c)
	f.l.end()
}
