//go:build gui

package main

import "halfopen/render"

// at is the index of the widget at a place, or -1.
func (w *window) at(x, y float32) int {
	for i := range w.widgets {
		if w.widgets[i].Box.Contains(x, y, 0) {
			return i
		}
	}
	return -1
}

// press is the mouse button going down on a widget.
func (w *window) press(i int, x float32) {
	w.focus = i
	w.act(i)
	w.drag(i, x)
}

func (w *window) act(i int) {
	if i < len(w.widgets) && w.widgets[i].act != nil {
		w.widgets[i].act()
	}
}

// drag moves a slider.
func (w *window) drag(i int, x float32) {
	if i < len(w.widgets) && w.widgets[i].drag != nil {
		w.widgets[i].drag(render.SliderValue(w.widgets[i].Box, x))
	}
}

// moveFocus goes through the widgets, and through no widget once around.
func (w *window) moveFocus(by int) {
	n := len(w.widgets) + 1
	w.focus = (w.focus+1+by+n)%n - 1
}

// scroll moves the list of events; a notch of the wheel is three rows.
func (w *window) scroll(by float32) {
	w.top = min(max(w.top-int(by*3), 0), max(0, len(w.rows)-3))
}
