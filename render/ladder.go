package render

import (
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Sizes of the ladder.
const (
	ladderHead = 26
	ladderFoot = 18
	timeColumn = 62 // the clock, left of the first lifeline
	loopColumn = 64 // what stays inside a host, right of the last one
	crowd      = 5  // more hosts do not fit beside each other: see Index.axisFor
	playheadAt = 0.74
)

// rungs is the ladder of one picture: its axis and where on the screen it lies.
type rungs struct {
	a    *axis
	body Rect
	top  float64 // height of the axis at the body's upper edge
	lin  bool
	hide netmodel.Time // nothing later may show, not even in how far apart things are; 0: no limit
}

// y is where an instant lies on the screen.
func (r *rungs) y(t netmodel.Time) float32 {
	if r.lin {
		return r.body.Y + float32(t.Seconds()*1000*linearPerMS-r.top)
	}
	return r.body.Y + float32(r.height(t)-r.top)
}

// height is how far down the folded axis an instant lies. The gap in which the future begins must
// not show how long it will last: there the axis only knows how long it has lasted.
func (r *rungs) height(t netmodel.Time) float64 {
	i := r.a.index(t)
	if r.hide == 0 || i+1 >= len(r.a.at) || r.a.at[i+1] <= r.hide {
		return r.a.y(t)
	}
	return growth(t.Sub(r.a.at[i]), r.a.out[i], r.a.aloft[i])
}

// ends are where on the screen a flight begins and ends.
func (r *rungs) ends(i int32, fl *flight) (y0, y1 float32) {
	if r.lin {
		return r.y(fl.t0), r.y(fl.t1)
	}
	if r.hide > 0 && fl.t1 > r.hide {
		y0 = r.body.Y + float32(r.a.start[i]-r.top)
		return y0, max(r.y(r.hide), y0)
	}
	return r.body.Y + float32(r.a.start[i]-r.top), r.body.Y + float32(r.a.stop[i]-r.top)
}

// time is the instant that lies at a height of the screen.
func (r *rungs) time(y float32) netmodel.Time {
	h := float64(y-r.body.Y) + r.top
	if r.lin {
		return netmodel.Time(max(h, 0) / linearPerMS * 1e6)
	}
	return r.a.time(max(h, 0))
}

// rungsAt places the ladder so that the playhead stands in its lower part.
func (f *frame) rungsAt() rungs {
	p := f.lo.Ladder
	r := rungs{a: f.ix.axisFor(f.v), lin: f.v.Linear, hide: f.v.HideAfter,
		body: Rect{p.X, p.Y + ladderHead, p.W, p.H - ladderHead - ladderFoot}}
	last := f.seen(f.ix.Length())
	head, height := float64(0), float64(0)
	if r.lin {
		head = f.t.Seconds() * 1000 * linearPerMS
		height = last.Seconds()*1000*linearPerMS + rowHeight
	} else {
		head, height = r.height(f.t), r.height(last)+rowHeight
	}
	h := float64(r.body.H)
	r.top = max(min(head-h*playheadAt, height-h), 0)
	return r
}

// TimeAtY is the instant that lies at y on the ladder when the playhead is at t: for clicks.
func (ix *Index) TimeAtY(v *View, t netmodel.Time, y float32) netmodel.Time {
	f := frame{ix: ix, t: t, v: v, lo: v.Layout()}
	r := f.rungsAt()
	return min(max(r.time(y), 0), ix.Length())
}

// axisFor is the axis of a view's ladder. Where there are too many hosts, the ladder shows the view's
// client, the routers and the brokers only. Axes are built when they are first asked for.
func (ix *Index) axisFor(v *View) *axis {
	key := axisKey{loopback: v.Loopback}
	var only netmodel.HostID
	if len(ix.world.nodes) > crowd {
		if b := ix.believer(v.Client); b != nil {
			key.client, only = b.lanes.Client, b.host
		}
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if a := ix.axes[key]; a != nil {
		return a
	}
	host := func(h netmodel.HostID) bool { return ix.onLadder(h, only) }
	a := newAxis(ix, func(fl *flight) bool {
		return (fl.link != 0 || key.loopback) && host(fl.from) && host(fl.to)
	}, func(ev *trace.Event) bool {
		return host(ev.Host) && (key.loopback || !ix.beside(ev))
	})
	if ix.axes == nil {
		ix.axes = map[axisKey]*axis{}
	}
	ix.axes[key] = a
	return a
}

// beside reports whether an event is of a client that runs on a broker's own host, such as the feed
// of a scenario: it is no part of the story on the wire.
func (ix *Index) beside(ev *trace.Event) bool {
	if ev.App == nil || ev.Host <= 0 || int(ev.Host) > len(ix.world.nodes) {
		return false
	}
	n := &ix.world.nodes[ev.Host-1]
	return n.broker && (slices.Contains(n.clients, ev.App.Actor) ||
		slices.Contains(n.clients, ev.App.Client))
}

// axisKey tells the axes of an Index apart.
type axisKey struct {
	client   string
	loopback bool
}

// onLadder reports whether a host has a lifeline.
func (ix *Index) onLadder(h, only netmodel.HostID) bool {
	if h <= 0 || int(h) > len(ix.world.nodes) {
		return false
	}
	n := &ix.world.nodes[h-1]
	return only == 0 || h == only || n.router || n.broker
}

// lifelines are the x of each host, by ID - 1; hosts without a lifeline have 0.
func (f *frame) lifelines() []float32 {
	xs := f.l.spare.xs[:0]
	var only netmodel.HostID
	if len(f.ix.world.nodes) > crowd {
		if b := f.ix.believer(f.v.Client); b != nil {
			only = b.host
		}
	}
	n := 0
	for i := range f.ix.world.nodes {
		if f.ix.onLadder(netmodel.HostID(i+1), only) {
			n++
		}
		xs = append(xs, 0)
	}
	p := f.lo.Ladder
	x0, x1 := p.X+timeColumn+26, p.X+p.W-loopColumn
	if !f.v.Loopback {
		x1 = p.X + p.W - 36
	}
	at := 0
	for column := range f.ix.world.columns {
		for i := range f.ix.world.nodes {
			node := &f.ix.world.nodes[i]
			if node.column != column || !f.ix.onLadder(node.id, only) {
				continue
			}
			xs[i] = x0 + (x1-x0)*float32(at)/float32(max(n-1, 1))
			at++
		}
	}
	f.l.spare.xs = xs
	return xs
}

// ladder draws the sequence diagram: lifelines, slanted arrows, notes, folded silence.
func (f *frame) ladder() {
	p := f.lo.Ladder
	if p.Empty() {
		return
	}
	f.panel(RoleLadder, p, "panel.ladder")
	f.l.rect(p, 0, Background)
	xs := f.lifelines()
	r := f.rungsAt()
	f.l.clip(r.body)
	f.ladderFaults(&r, xs)
	f.lines(&r, xs)
	f.strips(&r)
	f.arrows(&r, xs)
	f.notes(&r, xs)
	f.playhead(&r)
	f.l.unclip()
	f.ladderHead(xs)
	f.ladderSum(&r)
	f.l.line(p.X+0.5, p.Y, p.X+0.5, p.Y+p.H, 1, Rule)
}

// visibleTimes are the instants at the body's edges.
func (r *rungs) visibleTimes() (from, to netmodel.Time) {
	return r.time(r.body.Y - 20), r.time(r.body.Y + r.body.H + 20)
}

// lines draws the lifelines, as far as the future may be seen.
func (f *frame) lines(r *rungs, xs []float32) {
	last := f.seen(f.ix.Length())
	y1 := min(r.y(last), r.body.Y+r.body.H)
	for _, x := range xs {
		if x > 0 {
			f.l.line(x, r.body.Y, x, y1, 1.5, Rule)
		}
	}
}

// ladderHead names the lifelines.
func (f *frame) ladderHead(xs []float32) {
	p := f.lo.Ladder
	n := 0
	for _, x := range xs {
		if x > 0 {
			n++
		}
	}
	room := (p.W - timeColumn) / float32(max(n, 1))
	for i, x := range xs {
		if x == 0 {
			continue
		}
		from := len(f.l.text)
		f.l.text = append(f.l.text, f.ix.tr.Hosts[i].Name...)
		f.l.fit(from, room-6, 11.5, true)
		f.l.written(x, p.Y+17, from, 11.5, Ink, center, true)
	}
	f.l.line(p.X, p.Y+ladderHead-0.5, p.X+p.W, p.Y+ladderHead-0.5, 1, Rule)
}

// ladderSum says that nothing is left out: folded and drawn time make the run.
func (f *frame) ladderSum(r *rungs) {
	p := f.lo.Ladder
	folded := netmodel.Time(r.a.folded)
	if r.lin || f.v.HideAfter > 0 {
		return
	}
	from := len(f.l.text)
	b := append(f.l.text, f.word("ladder.folded")...)
	b = appendLength(append(b, ' '), folded)
	b = append(append(b, " + "...), f.word("ladder.drawn")...)
	b = appendLength(append(b, ' '), f.ix.Length()-folded)
	b = appendLength(append(b, " = "...), f.ix.Length())
	f.l.text = b
	f.l.fit(from, p.W-16, 10, false)
	f.l.written(p.X+p.W-8, p.Y+p.H-6, from, 10, Soft, right, false)
}

// playhead is the present on the ladder.
func (f *frame) playhead(r *rungs) {
	y := r.y(f.t)
	p := f.lo.Ladder
	f.l.line(p.X, y+2, p.X+p.W, y+2, 1.5, Accent)
	from := f.l.points()
	f.l.pts = append(f.l.pts, Point{p.X, y - 3}, Point{p.X + 6, y + 2}, Point{p.X, y + 7})
	f.l.poly(from, 0, Accent)
}

// strips draws folded silence as torn strips with their length.
func (f *frame) strips(r *rungs) {
	if r.lin {
		return
	}
	from, to := r.visibleTimes()
	for i := range r.a.strips {
		s := &r.a.strips[i]
		end := f.seen(s.end)
		if s.end < from || s.begin > to || end.Sub(s.begin) <= silence {
			continue
		}
		y0 := r.body.Y + float32(s.y0-r.top)
		f.strip(s, Rect{r.body.X + timeColumn, y0, r.body.W - timeColumn - 8, stripHeight})
	}
}

func (f *frame) strip(s *strip, r Rect) {
	end := f.seen(s.end)
	f.l.begin(Ref{Role: RoleFold, Time: s.begin, Box: r})
	f.l.rect(r, 0, Panel)
	f.tear(r.X, r.X+r.W, r.Y)
	f.tear(r.X, r.X+r.W, r.Y+r.H)
	from := len(f.l.text)
	f.l.text = appendLength(f.l.text, end-s.begin)
	f.l.text = append(f.l.text, f.word("ladder.nothing")...)
	f.l.label = append(f.l.label, f.l.text[from:]...)
	color := Soft
	f.l.written(r.X+r.W/2, r.Y+r.H/2+4, from, 11, color, center, false)
	f.l.end()
}

// tear draws a torn edge.
func (f *frame) tear(x0, x1, y float32) {
	from := f.l.points()
	const tooth = 7
	up := float32(2)
	for x := x0; x < x1; x += tooth {
		f.l.pts = append(f.l.pts, Point{x, y + up})
		up = -up
	}
	f.l.pts = append(f.l.pts, Point{x1, y})
	f.l.path(from, 1, Rule)
}
