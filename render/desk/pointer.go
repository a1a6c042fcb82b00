package desk

import (
	"halfopen/netmodel"
	"halfopen/render"
)

// Pointer kinds, by the names that browsers give them.
const (
	Down   = "down"
	Move   = "move"
	Up     = "up"
	Leave  = "leave"
	Cancel = "cancel"
)

// slop widens what can be hit: a finger is less exact than a mouse.
const (
	slopMouse = 4
	slopTouch = 16
)

// Touched is what a pointer did: the thing it pressed, nil for none.
type Touched struct {
	Ref   *render.Ref
	Label string
	Click bool          // pressed, as opposed to hovered over
	Time  netmodel.Time // on the axis of scrubber and lanes, pressed or dragged; else 0
}

// Pointer handles the pointer at a place of the picture that list shows. Pressing on scrubber or
// lanes moves the playhead, and so does dragging from there, wherever the pointer goes; pressing a
// thing selects its event, or its link.
func (d *Desk) Pointer(kind string, x, y float32, touch bool, list *render.List) Touched {
	if d.Index == nil {
		return Touched{}
	}
	switch kind {
	case Leave:
		d.View.Hover = 0
		return Touched{}
	case Up, Cancel:
		d.drag = 0
		return Touched{}
	}
	if kind == Move && d.drag != 0 {
		at := d.Index.TimeAt(&d.View, x)
		d.Seek(at)
		return Touched{Time: at}
	}
	slop := float32(slopMouse)
	if touch {
		slop = slopTouch
	}
	ref := list.Hit(x, y, slop)
	if ref == nil {
		d.View.Hover = 0
		return Touched{}
	}
	if kind == Move {
		d.View.Hover = ref.Event
		return Touched{Ref: ref, Label: list.Label(ref)}
	}
	return d.press(ref, x, y, list)
}

func (d *Desk) press(ref *render.Ref, x, y float32, list *render.List) Touched {
	t := Touched{Ref: ref, Label: list.Label(ref), Click: true}
	panel := list.Panel(x, y)
	if panel != nil && (panel.Role == render.RoleScrubber || panel.Role == render.RoleLanes) {
		d.drag = panel.Role
		t.Time = d.Index.TimeAt(&d.View, x)
		d.Seek(t.Time)
	}
	if ref.Role == render.RoleLink {
		d.UseLink(ref.Link)
	}
	if ref.Event != 0 {
		d.Select(ref.Event)
	}
	return t
}
