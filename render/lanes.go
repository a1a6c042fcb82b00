package render

import (
	"halfopen/netmodel"
	"halfopen/sim/belief"
)

// laneKeys are the catalogue keys of the lanes' names.
var laneKeys = [belief.NumLanes]string{"lane.client-app", "lane.client-tcp", "lane.path",
	"lane.broker-tcp", "lane.broker-session"}

// dimmed is the opacity of what lies in the playhead's future.
const dimmed = 95

// lanes draws what the five parts of a client's connection believe over time, and the lie.
func (f *frame) lanes() {
	r := f.lo.Lanes
	if r.Empty() {
		return
	}
	if f.half != lower { // which draws over what the upper half has drawn
		f.panel(RoleLanes, r, "panel.lanes")
		f.l.line(r.X, r.Y+0.5, r.X+r.W, r.Y+0.5, 1, Rule)
	}
	b := f.ix.believer(f.v.Client)
	if b == nil {
		f.l.write(r.X+r.W/2, r.Y+r.H/2, f.word("lanes.none"), 12, Soft, center)
		return
	}
	whole := f.lo
	f.lo.X0, f.lo.X1 = f.lo.lanesAxis()
	defer func() { f.lo = whole }()
	h := (r.H - laneHead) / laneRows
	if f.lo.Narrow {
		h = min(h, 40)
	}
	row := Rect{f.lo.X0, r.Y + laneHead, f.lo.X1 - f.lo.X0, h}
	for lane := range belief.NumLanes {
		f.lane(b, lane, row)
		row.Y += h
	}
	f.lie(b, row, h)
	f.moments(r.Y+laneHead-2, row.Y+h-4)
	f.cursor(r.Y+laneHead-2, row.Y+h-4)
}

// lane draws one lane: its name and its spans.
func (f *frame) lane(b *beliefs, lane belief.Lane, row Rect) {
	bar := Rect{row.X, row.Y + 2, row.W, row.H - 4}
	switch {
	case f.half == lower:
	case f.lo.Narrow:
		bar.Y, bar.H = row.Y+15, row.H-17
		f.laneName(b, lane, row.X, row.Y+11, textSmall, left)
	default:
		f.laneName(b, lane, row.X-8, row.Y+row.H/2+4, textLabel, right)
	}
	bar = f.part(bar)
	for i := range b.lanes.Lane[lane] {
		s := &b.lanes.Lane[lane][i]
		if s.Begin > f.to || s.End < f.from || f.v.hides(s.Begin) {
			continue
		}
		f.span(b, lane, s, bar)
	}
}

// laneName writes whose lane it is: where there are several clients, which one.
func (f *frame) laneName(b *beliefs, lane belief.Lane, x, y, size float32, a align) {
	suffix := [belief.NumLanes]string{belief.ClientApp: "lane.suffix.app",
		belief.ClientTCP: "lane.suffix.tcp"}[lane]
	if suffix == "" || len(f.ix.tr.Hosts) < 3 {
		f.l.write(x, y, f.word(laneKeys[lane]), size, Soft, a)
		return
	}
	from := len(f.l.text)
	f.l.text = append(f.l.text, b.lanes.Client...)
	f.l.fit(from, 72, size, false)
	f.l.text = append(f.l.text, f.word(suffix)...)
	f.l.written(x, y, from, size, Soft, a, false)
}

// part is a frame's share of a place that two runs divide.
func (f *frame) part(r Rect) Rect {
	switch f.half {
	case upper:
		r.H = r.H/2 - 0.5
	case lower:
		r.Y, r.H = r.Y+r.H/2+0.5, r.H/2-0.5
	}
	return r
}

// seen is an instant, or the last one that may be seen.
func (f *frame) seen(t netmodel.Time) netmodel.Time {
	if f.v.hides(t) {
		return f.v.HideAfter
	}
	return t
}

// spanBox is the part of a lane between two instants, cut off where the future is hidden.
func (f *frame) spanBox(bar Rect, begin, end netmodel.Time) Rect {
	end = f.seen(end)
	x0 := f.lo.x(begin, f.from, f.to)
	return Rect{x0, bar.Y, f.lo.x(end, f.from, f.to) - x0, bar.H}
}

// span draws one span. Its style says how sure its owner is; where it was wrong it is hatched.
func (f *frame) span(b *beliefs, lane belief.Lane, s *belief.Span, bar Rect) {
	r := f.spanBox(bar, s.Begin, s.End)
	l := f.l
	f.l.begin(Ref{Role: RoleSpan, Event: s.Cause, Time: s.Begin, Box: r})
	words := f.stateText(lane, b, s)
	l.say(f.word(laneKeys[lane]), ": ", words, ", ")
	l.label = s.Begin.AppendClock(l.label)
	l.say(" – ")
	l.label = f.seen(s.End).AppendClock(l.label)
	m := mannerOf(s)
	if f.forgotten(lane, b, s) {
		m = mannerKnows
	}
	f.paintSpan(m, spanColor(lane, s), r, s.Begin > f.t)
	for _, w := range b.lie.Lanes[lane] {
		begin, end := max(w.Begin, s.Begin), min(w.End, s.End)
		if begin >= end || f.v.hides(begin) {
			continue
		}
		l.alpha = 255
		if begin > f.t {
			l.alpha = dimmed
		}
		l.wrong(f.spanBox(bar, begin, end))
		l.alpha = 255
	}
	f.spanText(words, m, spanColor(lane, s), r, s.Begin > f.t)
	l.end()
	if s.Cause != 0 && s.Cause == f.v.Selected {
		l.frame(r, 2, 2, Accent)
	}
}

// spanColor is the lane's colour; a path that lets nothing through is vermillion.
func spanColor(lane belief.Lane, s *belief.Span) Color {
	if lane == belief.Path && !s.Up {
		return Danger
	}
	return laneColor(lane)
}

func (f *frame) paintSpan(m manner, c Color, r Rect, future bool) {
	l := f.l
	if future {
		l.alpha = dimmed
	}
	switch m {
	case mannerSure:
		l.rect(r, 2, c)
	case mannerWaiting:
		l.frame(r, 2, 1, c)
		if future {
			l.alpha = dimmed / 2
		} else {
			l.alpha = 120
		}
		l.hatch(r, 8, 2, c)
	case mannerKnows:
		l.frame(Rect{r.X + 0.5, r.Y + 0.5, max(r.W-1, 1), r.H - 1}, 2, 1.5, c)
	case mannerNone:
		l.line(r.X, r.Y+r.H/2, r.X+r.W, r.Y+r.H/2, 1, Rule)
	}
	l.alpha = 255
}

// spanText names a span inside its box, if that is wide enough.
func (f *frame) spanText(s string, m manner, c Color, r Rect, future bool) {
	const size = textSmall
	w := f.l.measure(s, size, true)
	if m == mannerNone || w+16 > r.W || r.H < 14 {
		return
	}
	ink, plate := Ink, Panel
	if m == mannerSure {
		ink, plate = Paper, c
	}
	x := r.X + 8
	if future {
		f.l.alpha = 170
		if m == mannerSure {
			ink, plate = Ink, Panel
		}
	}
	f.l.rect(Rect{x - 4, r.Y + 2, w + 8, r.H - 4}, 3, plate)
	f.l.writeBold(x, r.Y+r.H/2+4, s, size, ink, left)
	f.l.alpha = 255
}

// lie draws when at least one of the believers was wrong, and for how long all in all.
func (f *frame) lie(b *beliefs, row Rect, h float32) {
	if len(b.lie.Spans) == 0 {
		return
	}
	f.l.begin(Ref{Role: RoleLie, Box: row})
	if !f.lo.Narrow && f.half != lower {
		f.l.writeBold(row.X-8, row.Y+h/2+4, f.word("lie"), textLabel, Danger, right)
	}
	size := float32(12)
	name := ""
	if f.half != whole {
		share := f.part(Rect{row.X, row.Y, row.W, h})
		row.Y, h, size = share.Y, share.H, 9.5
		name = [...]string{upper: "A: ", lower: "B: "}[f.half]
	}
	y := row.Y + h/2
	end := row.X
	first := float32(-1)
	for _, s := range b.lie.Spans {
		if s.Begin > f.to || s.End < f.from || s.Begin >= f.seen(s.End) {
			continue
		}
		r := f.spanBox(row, s.Begin, s.End)
		if s.Begin > f.t {
			f.l.alpha = dimmed
		}
		f.l.line(r.X, y, r.X+r.W, y, 2, Danger)
		f.l.line(r.X, y-5, r.X, y+5, 2, Danger)
		f.l.line(r.X+r.W, y-5, r.X+r.W, y+5, 2, Danger)
		f.l.alpha = 255
		end = max(end, r.X+r.W)
		if first < 0 {
			first = r.X
		}
	}
	if first < 0 {
		f.l.end()
		return
	}
	from := len(f.l.text)
	f.l.text = append(f.l.text, name...)
	f.l.text = f.appendLie(f.l.text, b, f.seen(f.ix.Length()))
	f.l.label = append(f.l.label, f.l.text[from:]...)
	w := f.l.measureBytes(f.l.text[from:], size, true)
	x := end + 10
	if x+w > row.X+row.W {
		x = first - w - 10
	}
	if x < row.X {
		x = (first + end - w) / 2
		f.l.rect(Rect{x - 5, y - 8, w + 10, 16}, 3, Panel)
	}
	f.l.written(x, y+size*0.34, from, size, Ink, left, true)
	f.l.end()
}

// moments draws where on the lanes' axis the selected event and the learner's guess lie.
func (f *frame) moments(y0, y1 float32) {
	at := func(t netmodel.Time, c Color) {
		if t >= f.from && t <= f.to {
			x := f.lo.x(t, f.from, f.to)
			f.l.line(x, y0, x, y1, 1.5, c).Dash = Dotted
		}
	}
	if ev := f.ix.tr.Event(f.v.Selected); ev != nil && !f.v.hides(ev.At) {
		at(ev.At, Accent)
	}
	if f.v.Prediction > 0 {
		at(f.v.Prediction, Ping)
	}
}

// cursor draws the playhead over the lanes' axis.
func (f *frame) cursor(y0, y1 float32) {
	if f.t < f.from || f.t > f.to {
		return
	}
	x := f.lo.x(f.still(), f.from, f.to)
	f.l.line(x, y0, x, y1, 1.5, Accent)
}
