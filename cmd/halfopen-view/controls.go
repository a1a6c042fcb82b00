//go:build gui

package main

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/render/words"
	"halfopen/sim/trace"
)

// Sizes of what surrounds the picture.
const (
	storyWidth = 280
	barHeight  = 64
	rowHeight  = 22
	whyHeight  = 190

	leastWidth  = 990 // all controls beside each other
	leastHeight = 600
)

// controls are the widgets: made anew for each frame from the desk, so they have no state but the
// focus, the list's position and its rows.
type controls struct {
	widgets []widget
	focus   int // index of the widget with the keyboard, -1: none
	top     int // first row shown of the list
	rows    []trace.ID
	size    render.Rect
}

// widget is a control and what it does.
type widget struct {
	render.Widget
	act  func()
	drag func(value float32)
}

// frame draws picture and widgets.
func (w *window) frame(width, height, scale float32, dst *render.List) {
	w.desk.Frame(width, height, scale, dst)
	w.size = render.Rect{W: width, H: height}
	w.lay()
	for i, c := range w.widgets {
		c.Focus = i == w.focus
		dst.Widget(c.Widget)
	}
	w.why(dst)
}

// lay makes the widgets of this frame.
func (w *window) lay() {
	d := w.desk
	w.widgets = w.widgets[:0]
	x, y := float32(8), w.size.H-barHeight+10
	add := func(width float32, text string, on bool, act func()) {
		w.widgets = append(w.widgets, widget{Widget: render.Widget{Kind: render.Button, Text: text,
			On: on, Box: render.Rect{X: x, Y: y, W: width, H: 44}}, act: act})
		x += width + 6
	}
	add(44, "|<", false, func() { d.Key("Home", false) })
	add(44, "<<", false, func() { d.Step(false, true) })
	add(44, "<", false, func() { d.Step(false, false) })
	add(92, w.word("view.play", "view.pause", d.Player.Playing), d.Player.Playing, d.Toggle)
	add(44, ">", false, func() { d.Step(true, false) })
	add(44, ">>", false, func() { d.Step(true, true) })
	add(44, ">|", false, func() { d.Key("End", false) })
	add(120, w.word("speed."+speeds[d.Player.Speed], "", false), false, func() {
		d.Player.Speed = (d.Player.Speed + 1) % render.NumSpeeds
	})
	add(72, w.word("view.cut", "view.heal", d.IsCut()), d.IsCut(), d.CutOrHeal)
	add(86, w.word("view.undo", "", false), false, d.Undo)
	add(124, w.word("view.linear", "", false), d.View.Linear,
		func() { d.View.Linear = !d.View.Linear })
	w.keepaliveSlider(render.Rect{X: x + 6, Y: y, W: min(300, w.size.W-x-20), H: 44})
	w.layRows()
	w.layActs()
}

// word is what a widget says in the view's language: one thing, or another while it is on.
func (w *window) word(off, on string, isOn bool) string {
	if isOn {
		return words.Get(w.desk.View.Lang, on)
	}
	return words.Get(w.desk.View.Lang, off)
}

// speeds are the names of render.Speed in the catalogue.
var speeds = [render.NumSpeeds]string{"auto", "1s", "10s", "1min", "10min"}

// keepalives are the stops of the slider: round figures from a test's to a cloud's longest.
var keepalives = []time.Duration{5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute,
	2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute}

// keepaliveSlider is the one setting that everybody asks about.
func (w *window) keepaliveSlider(box render.Rect) {
	client, now := w.desk.Setting("client", "keepalive", "30s")
	if client == "" || box.W < 120 {
		return
	}
	stop := 0
	for i, k := range keepalives {
		if d, err := time.ParseDuration(now); err == nil && k <= d {
			stop = i
		}
	}
	last := float32(len(keepalives) - 1)
	w.widgets = append(w.widgets, widget{
		Widget: render.Widget{Kind: render.Slider, Box: box, Value: float32(stop) / last,
			Text: words.Format(w.desk.View.Lang, "view.keepalive", client, now)},
		drag: func(value float32) {
			if i := int(value*last + 0.5); i != stop {
				w.desk.Do(render.Set("client", client, "keepalive", short(keepalives[i])))
			}
		}})
}

// short writes whole minutes and seconds without their zeros.
func short(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// listBox is where the list of events stands.
func (w *window) listBox() render.Rect {
	s := w.desk.View.Layout().Story
	return render.Rect{X: s.X + 8, Y: s.Y + 8, W: s.W - 16, H: s.H - whyHeight - 16}
}

// listEvents collects what the list shows: what programs did, faults and decisions.
func (w *window) listEvents(tr *trace.Trace) {
	w.rows = w.rows[:0]
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind > trace.Setting && ev.Kind != trace.Wrote || ev.Kind == netmodel.FaultBegan ||
			ev.Kind == netmodel.FaultEnded {
			w.rows = append(w.rows, trace.ID(i+1))
		}
	}
	w.top = min(w.top, max(0, len(w.rows)-1))
}

func (w *window) layRows() {
	if w.desk.Index == nil {
		return
	}
	box := w.listBox()
	for i := w.top; i < len(w.rows); i++ {
		y := box.Y + float32(i-w.top)*rowHeight
		if y+rowHeight > box.Y+box.H {
			return
		}
		id := w.rows[i]
		w.widgets = append(w.widgets, widget{Widget: render.Widget{Kind: render.Row,
			Box: render.Rect{X: box.X, Y: y, W: box.W, H: rowHeight},
			On:  id == w.desk.View.Selected, Text: w.desk.RowText(id)},
			act: func() { w.desk.Show(id) }})
	}
}

// layActs offers what can be done to the selected segment, below its explanation. The page has two
// acts more, which need more room.
func (w *window) layActs() {
	s, id := w.desk.View.Layout().Story, w.desk.View.Selected
	const room = 3
	for i, a := range w.desk.Acts(id)[:min(room, len(w.desk.Acts(id)))] {
		y := s.Y + s.H - float32(room-i)*(rowHeight+4)
		w.widgets = append(w.widgets, widget{Widget: render.Widget{Kind: render.Button,
			Box: render.Rect{X: s.X + 14, Y: y, W: s.W - 28, H: rowHeight}, Text: a.Text},
			act: func() { w.desk.Act(a.Name, id) }})
	}
}

// why writes the explanation of the selected event, or what went wrong.
func (w *window) why(dst *render.List) {
	s := w.desk.View.Layout().Story
	box := render.Rect{X: s.X + 14, Y: s.Y + s.H - whyHeight, W: s.W - 28, H: whyHeight}
	if w.problem != "" {
		dst.Paragraph(box, w.problem, 13, render.Danger)
		return
	}
	if id := w.desk.View.Selected; id != 0 && w.desk.Index != nil {
		y := dst.Paragraph(box, w.desk.Sentence(id), 14, render.Ink)
		if name := w.desk.Why(id).Source.Name; name != "" {
			box.Y = y - 10
			dst.Paragraph(box, name, 12, render.Soft)
		}
	}
}
