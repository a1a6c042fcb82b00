package desk

import (
	"time"

	"halfopen/netmodel"
	"halfopen/render"
)

// Key handles a key by the name that browsers give it ("." or "ArrowLeft"), and reports whether it
// means anything here: if not, it is the browser's.
func (d *Desk) Key(key string, shift bool) bool {
	if d.Index == nil {
		return false
	}
	if act, ok := keys[key]; ok {
		act(d, shift)
		return true
	}
	return false
}

// keys is the keyboard. With shift some keyboards name the full stop and the comma differently.
var keys = map[string]func(d *Desk, shift bool){
	" ":          func(d *Desk, _ bool) { d.Toggle() },
	".":          func(d *Desk, shift bool) { d.Step(true, shift) },
	">":          func(d *Desk, _ bool) { d.Step(true, true) },
	",":          func(d *Desk, shift bool) { d.Step(false, shift) },
	"<":          func(d *Desk, _ bool) { d.Step(false, true) },
	"Home":       func(d *Desk, _ bool) { d.Seek(0) },
	"End":        func(d *Desk, _ bool) { d.Seek(d.Index.Length()) },
	"ArrowLeft":  func(d *Desk, shift bool) { d.nudge(-1, shift) },
	"ArrowRight": func(d *Desk, shift bool) { d.nudge(1, shift) },
	"1":          func(d *Desk, _ bool) { d.Player.Speed = render.Auto },
	"2":          func(d *Desk, _ bool) { d.Player.Speed = render.OneSecond },
	"3":          func(d *Desk, _ bool) { d.Player.Speed = render.TenSeconds },
	"4":          func(d *Desk, _ bool) { d.Player.Speed = render.OneMinute },
	"5":          func(d *Desk, _ bool) { d.Player.Speed = render.TenMinutes },
	"c":          func(d *Desk, _ bool) { d.CutOrHeal() },
	"C":          func(d *Desk, _ bool) { d.CutOrHeal() },
	"b":          func(d *Desk, _ bool) { d.Bookmark() },
	"B":          func(d *Desk, _ bool) { d.Bookmark() },
	"z":          func(d *Desk, _ bool) { d.Undo() },
	"Z":          func(d *Desk, _ bool) { d.Redo() },
}

// Toggle plays or pauses.
func (d *Desk) Toggle() {
	if d.Index != nil {
		d.Player = d.Player.Toggle(d.Index)
	}
}

// Step goes to the next or previous event, or decision, and selects it.
func (d *Desk) Step(forward, decision bool) {
	if d.Index == nil {
		return
	}
	p := d.Player
	switch {
	case forward && decision:
		p = p.NextDecision(d.Index)
	case forward:
		p = p.NextEvent(d.Index)
	case decision:
		p = p.PreviousDecision(d.Index)
	default:
		p = p.PreviousEvent(d.Index)
	}
	d.Player = p
	d.veil()
}

func (d *Desk) nudge(sign netmodel.Time, far bool) {
	by := netmodel.Time(time.Second)
	if far {
		by *= 10
	}
	d.Seek(d.Player.At + sign*by)
}

// Bookmark marks the playhead's instant, or takes the mark there away.
func (d *Desk) Bookmark() {
	for i, at := range d.View.Bookmarks {
		if at == d.Player.At {
			d.View.Bookmarks = append(d.View.Bookmarks[:i:i], d.View.Bookmarks[i+1:]...)
			return
		}
	}
	d.View.Bookmarks = append(d.View.Bookmarks[:len(d.View.Bookmarks):len(d.View.Bookmarks)],
		d.Player.At)
}
