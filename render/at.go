package render

import "halfopen/netmodel"

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
}

// TimeAt is the instant that lies at x on the axis of lanes and scrubber: for clicks and drags.
func (ix *Index) TimeAt(v *View, x float32) netmodel.Time {
	lo := v.Layout()
	from, to := v.span(ix.Length())
	return lo.time(x, from, to)
}

// frame is what the parts of one picture share.
type frame struct {
	ix       *Index
	t        netmodel.Time
	v        *View
	lo       Layout
	l        *List
	from, to netmodel.Time // of the lanes' axis
}
