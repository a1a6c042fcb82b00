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
		head = f.still().Seconds() * 1000 * linearPerMS
		height = last.Seconds()*1000*linearPerMS + rowHeight
	} else {
		head, height = r.height(f.still()), r.height(last)+rowHeight
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

// axisFor is the axis of a view's ladder. Where there are too many hosts, the ladder shows the
// view's client, the routers and the brokers only. Axes are built when they are first asked for.
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
		if ev.Kind == netmodel.FaultBegan || ev.Kind == netmodel.FaultEnded {
			return ix.faultConcerns(ev.Fault, host)
		}
		return host(ev.Host) && (key.loopback || !ix.beside(ev))
	})
	if ix.axes == nil {
		ix.axes = map[axisKey]*axis{}
	}
	ix.axes[key] = a
	return a
}

// faultConcerns reports whether a fault is of a host with a lifeline, or of a link between two.
func (ix *Index) faultConcerns(id netmodel.FaultID, host func(netmodel.HostID) bool) bool {
	if id <= 0 || int(id) > len(ix.tr.Faults) {
		return false
	}
	f := &ix.tr.Faults[id-1]
	if f.Link > 0 && int(f.Link) <= len(ix.tr.Links) {
		l := ix.tr.Links[f.Link-1]
		return host(l.A) && host(l.B)
	}
	return f.Host == 0 || host(f.Host)
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

// playhead is the present on the ladder.
func (f *frame) playhead(r *rungs) {
	y := r.y(f.still())
	p := f.lo.Ladder
	f.l.line(p.X, y+2, p.X+p.W, y+2, 1.5, Accent)
	from := f.l.points()
	f.l.pts = append(f.l.pts, Point{p.X, y - 3}, Point{p.X + 6, y + 2}, Point{p.X, y + 7})
	f.l.poly(from, 0, Accent)
}
