//go:build gui

package main

import (
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"halfopen/render"
	"halfopen/render/desk"
)

// input is what the pointer did in the frame before.
type input struct {
	x, y  float32
	inUse int // index of the widget that is held, plus 1
}

// named are the keys that type no character, by the names that the desk knows.
var named = map[ebiten.Key]string{
	ebiten.KeyHome:       "Home",
	ebiten.KeyEnd:        "End",
	ebiten.KeyArrowLeft:  "ArrowLeft",
	ebiten.KeyArrowRight: "ArrowRight",
}

// keys hands the keyboard to the desk, and reports whether the window shall close. Characters are
// read as typed, so that keyboards of other countries find their full stops.
func (w *window) keys() bool {
	shift := ebiten.IsKeyPressed(ebiten.KeyShift)
	for _, k := range inpututil.AppendJustPressedKeys(nil) {
		switch name, ok := named[k]; {
		case ok:
			w.desk.Key(name, shift)
		case k == ebiten.KeyEscape:
			return true
		case k == ebiten.KeyTab && shift:
			w.moveFocus(-1)
		case k == ebiten.KeyTab:
			w.moveFocus(1)
		case k == ebiten.KeyEnter && w.focus >= 0:
			w.act(w.focus)
		}
	}
	for _, r := range ebiten.AppendInputChars(nil) {
		w.typed(string(r), shift)
	}
	return false
}

func (w *window) typed(key string, shift bool) {
	switch key {
	case "l", "L":
		w.desk.View.Lang ^= 1
	default:
		w.desk.Key(key, shift)
	}
}

// pointer hands mouse and wheel to the widgets first, then to the picture.
func (w *window) pointer() {
	mx, my := ebiten.CursorPosition()
	s := deviceScale()
	x, y := float32(mx)/s, float32(my)/s
	moved := x != w.input.x || y != w.input.y
	w.input.x, w.input.y = x, y
	_, wheel := ebiten.Wheel()
	if wheel != 0 {
		w.wheel(x, y, float32(wheel))
	}
	left := ebiten.MouseButtonLeft
	switch {
	case inpututil.IsMouseButtonJustPressed(left):
		if i := w.at(x, y); i >= 0 {
			w.input.inUse = i + 1
			w.press(i, x)
			return
		}
		w.desk.Pointer(desk.Down, x, y, false, w.game.List())
	case inpututil.IsMouseButtonJustReleased(left):
		w.input.inUse = 0
		w.desk.Pointer(desk.Up, x, y, false, w.game.List())
	case w.input.inUse > 0 && moved:
		w.drag(w.input.inUse-1, x)
	case moved:
		w.desk.Pointer(desk.Move, x, y, false, w.game.List())
	}
}

// wheel scrolls the list of events, and elsewhere steps through them.
func (w *window) wheel(x, y, by float32) {
	if w.listBox().Contains(x, y, 0) {
		w.scroll(by)
		return
	}
	if p := w.game.List().Panel(x, y); p != nil && p.Role != render.RoleStage {
		w.desk.Step(by < 0, false)
	}
}
