package render

import (
	"time"

	"halfopen/netmodel"
	"halfopen/render/words"
)

// At draws the picture of an instant into dst, whose memory it reuses. The same index, instant and
// view give the same list, whatever was drawn before.
func (ix *Index) At(t netmodel.Time, v *View, dst *List) {
	dst.Reset(v)
	t = min(max(t, 0), ix.Length())
	if v.hides(t) {
		t = v.HideAfter
	}
	lo := v.Layout()
	dst.rect(Rect{0, 0, v.W, v.H}, 0, Background)
	f := frame{ix: ix, t: t, v: v, lo: lo, l: dst}
	f.from, f.to = v.span(ix.Length())
	f.stage()
	f.ladder()
	f.lanes()
	f.scrubber()
	dst.snap(v.Scale)
}

// TimeAt is the instant that lies at x on the axis of lanes and scrubber: for clicks and drags.
func (ix *Index) TimeAt(v *View, x float32) netmodel.Time {
	return ix.timeAt(v, v.Layout(), x)
}

// TimeAtPoint is TimeAt for the lanes' own axis if the point lies on them.
func (ix *Index) TimeAtPoint(v *View, x, y float32) netmodel.Time {
	lo := v.Layout()
	if lo.Lanes.Contains(x, y, 0) {
		lo.X0, lo.X1 = lo.lanesAxis()
	}
	return ix.timeAt(v, lo, x)
}

func (ix *Index) timeAt(v *View, lo Layout, x float32) netmodel.Time {
	from, to := v.span(ix.Length())
	return lo.time(x, from, to)
}

// ago is the instant that lay a time of the watcher's before t, at the view's speed.
func (f *frame) ago(d time.Duration) netmodel.Time {
	if f.v.Speed == Auto {
		return f.ix.pace.virtual(max(f.ix.pace.real(f.t)-d, 0))
	}
	return f.t - netmodel.Time(d.Seconds()*float64(rates[f.v.Speed]))
}

// age is the inverse of ago: the watcher's time since an instant.
func (f *frame) age(since netmodel.Time) time.Duration {
	if f.v.Speed == Auto {
		return f.ix.pace.real(f.t) - f.ix.pace.real(since)
	}
	return time.Duration(f.t.Sub(since).Seconds() / rates[f.v.Speed].Seconds() * 1e9)
}

// still is the instant whose places are shown: with reduced motion that of the last event, so that
// between two events nothing moves (WCAG 2.2, 2.3.3); clock and countdowns go on.
func (f *frame) still() netmodel.Time {
	if f.v.ReducedMotion {
		return before(f.ix.steps, f.t+1)
	}
	return f.t
}

// frame is what the parts of one picture share.
type frame struct {
	ix       *Index
	t        netmodel.Time
	v        *View
	lo       Layout
	l        *List
	from, to netmodel.Time // of the lanes' axis
	half     half          // of the lanes, when two runs are compared
}

func (f *frame) word(key string) string { return words.Get(f.v.Lang, key) }
