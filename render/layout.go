package render

import "halfopen/netmodel"

// Sizes of the parts in CSS pixels.
const (
	narrowBelow  = 700 // views less wide than this get one column
	lowBelow     = 400 // views less high than this have the tabs beside the stage
	laneHeight   = 22
	laneRows     = 6 // five lanes and the lie
	laneHead     = 6
	scrubHeight  = 40
	scrubNarrow  = 44 // a finger's width
	chipsHeight  = 48
	tabsHeight   = 44
	stageNarrow  = 190
	ladderWidth  = 420
	ladderWidest = 560
	stageLeast   = 360
	laneLabels   = 142 // the lanes' names, left of the axis
	axisMargin   = 14
)

// Layout says where things lie. Rectangles are empty for what is not shown. Story and Tabs are left
// to others.
type Layout struct {
	Narrow   bool // a phone's: little room for words
	Story    Rect
	Stage    Rect
	Chips    Rect // narrow only: both beliefs and the lie, in words
	Tabs     Rect // narrow only
	Ladder   Rect
	Lanes    Rect
	Scrubber Rect
	X0, X1   float32 // the time axis that lanes and scrubber share
}

// Layout computes the places of a view.
func (v *View) Layout() Layout {
	switch {
	case v.W < narrowBelow:
		return v.narrow()
	case v.H-v.Reserve.Top-v.Reserve.Bottom < lowBelow && v.shows(Stage) &&
		(v.shows(Ladder) || v.shows(Lanes)):
		return v.low()
	}
	lo := Layout{X0: laneLabels, X1: v.W - axisMargin}
	y, bottom := v.Reserve.Top, v.H-v.Reserve.Bottom
	if v.shows(Scrubber) {
		lo.Scrubber = Rect{0, bottom - scrubHeight, v.W, scrubHeight}
		bottom -= scrubHeight
	}
	if v.shows(Lanes) {
		h := float32(laneHead + laneRows*laneHeight)
		if !v.shows(Stage) && !v.shows(Ladder) {
			h = bottom - y
		}
		lo.Lanes = Rect{0, bottom - h, v.W, h}
		bottom -= h
	}
	lo.Story = Rect{0, y, v.Reserve.Left, bottom - y}
	row := Rect{v.Reserve.Left, y, v.W - v.Reserve.Left, bottom - y}
	switch {
	case v.shows(Stage) && v.shows(Ladder):
		w := ladderShare(v.W, row.W)
		lo.Stage = Rect{row.X, row.Y, row.W - w, row.H}
		lo.Ladder = Rect{row.X + row.W - w, row.Y, w, row.H}
	case v.shows(Stage):
		lo.Stage = row
	case v.shows(Ladder):
		lo.Ladder = row
	}
	return lo
}

// ladderShare is the width of a ladder beside a stage: it grows in very wide views, and gives way
// in small ones.
func ladderShare(view, row float32) float32 {
	w := float32(ladderWidth)
	if view > 1600 {
		w = min(ladderWidest, w+(view-1600)/2)
	}
	return max(min(w, row-stageLeast), row*0.4)
}

// narrow is the one column of a phone: stage, beliefs, tabs, the tab's content, scrubber.
func (v *View) narrow() Layout {
	lo := Layout{Narrow: true, X0: axisMargin, X1: v.W - axisMargin}
	y, bottom := v.Reserve.Top, v.H-v.Reserve.Bottom
	if v.shows(Scrubber) {
		lo.Scrubber = Rect{0, bottom - scrubNarrow, v.W, scrubNarrow}
		bottom -= scrubNarrow
	}
	content := v.shows(Ladder) || v.shows(Lanes) || v.Reserve.Left > 0
	if v.shows(Stage) {
		h := min(bottom-y, max(stageNarrow, (bottom-y)*0.36))
		if !content {
			h = bottom - y - chipsHeight
		}
		lo.Stage = Rect{0, y, v.W, h}
		lo.Chips = Rect{0, y + h, v.W, chipsHeight}
		y += h + chipsHeight
		if v.Reserve.Left > 0 {
			lo.Tabs = Rect{0, y, v.W, tabsHeight}
			y += tabsHeight
		}
	}
	rest := Rect{0, y, v.W, bottom - y}
	switch {
	case v.shows(Ladder):
		lo.Ladder = rest
	case v.shows(Lanes):
		lo.Lanes = rest
	default:
		lo.Story = rest
	}
	return lo
}

// low is a phone on its side: the stage left, the tabs and their content right of it.
func (v *View) low() Layout {
	lo := Layout{Narrow: true}
	y, bottom := v.Reserve.Top, v.H-v.Reserve.Bottom
	half := v.W * 0.52
	lo.X0, lo.X1 = axisMargin, v.W-axisMargin
	if v.shows(Scrubber) {
		lo.Scrubber = Rect{0, bottom - scrubNarrow, v.W, scrubNarrow}
		bottom -= scrubNarrow
	}
	lo.Stage = Rect{0, y, half, bottom - y - chipsHeight}
	lo.Chips = Rect{0, bottom - chipsHeight, half, chipsHeight}
	rest := Rect{half, y, v.W - half, bottom - y}
	if v.Reserve.Left > 0 {
		lo.Tabs = Rect{rest.X, rest.Y, rest.W, tabsHeight}
		rest.Y, rest.H = rest.Y+tabsHeight, rest.H-tabsHeight
	}
	if v.shows(Ladder) {
		lo.Ladder = rest
	} else {
		lo.Lanes = rest
	}
	return lo
}

// lanesAxis is the scrubber's axis, but where the lanes stand beside the stage.
func (lo *Layout) lanesAxis() (x0, x1 float32) {
	if lo.Lanes.X > 0 {
		return lo.Lanes.X + axisMargin, lo.Lanes.X + lo.Lanes.W - axisMargin
	}
	return lo.X0, lo.X1
}

// span is the part of the run that the lanes' axis shows.
func (v *View) span(length netmodel.Time) (from, to netmodel.Time) {
	from, to = v.From, v.To
	if to <= from {
		from, to = 0, length
	}
	return from, max(to, from+1)
}

// x is where an instant lies on the lanes' axis, clamped to it.
func (lo *Layout) x(t, from, to netmodel.Time) float32 {
	f := float32(float64(t-from) / float64(to-from))
	return lo.X0 + (lo.X1-lo.X0)*min(max(f, 0), 1)
}

// time is the inverse of x.
func (lo *Layout) time(x float32, from, to netmodel.Time) netmodel.Time {
	f := float64((x - lo.X0) / (lo.X1 - lo.X0))
	return from + netmodel.Time(min(max(f, 0), 1)*float64(to-from))
}
