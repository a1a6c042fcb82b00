//go:build js

package main

import (
	"errors"
	"syscall/js"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/render/desk"
	"halfopen/render/paint"
	"halfopen/sim/scenario"
)

// picture joins desk, loop and page.
type picture struct {
	host   js.Value // what the page gave us: functions to call
	desk   *desk.Desk
	game   paint.Game
	lesson lesson
	asked  int         // counts scenarios: a run of an earlier one is out of date
	zoom   float32     // CSS pixels per pixel of the picture
	list   render.List // the frame that the page sees, where ebiten does not draw
	last   time.Time
	quiet  int // frames without a change
	shot   func(pixels []byte, width, height int)
	told   struct {
		at      netmodel.Time
		playing bool
	}
}

func main() {
	p := &picture{host: js.Global().Get("halfopenHost"), desk: desk.New(&scenario.Scenario{}), zoom: 1}
	p.desk.Wish() // the empty scenario is not worth a run
	p.host.Call("ready", p.api())
	if !p.host.Get("webgl").Bool() {
		select {} // the page asks for frames
	}
	ebiten.SetTPS(ebiten.SyncWithFPS)
	p.game = paint.Game{Update: p.update, Frame: p.frame, Scale: p.scale, Shown: p.shown}
	err := p.game.Run(&ebiten.RunGameOptions{DisableHiDPI: true, InitUnfocused: true})
	if err != nil && !errors.Is(err, ebiten.Termination) {
		p.host.Call("failed", err.Error())
	}
}

// frame draws the desk; the desk itself changes when the page opens another scenario.
func (p *picture) frame(w, h, scale float32, dst *render.List) { p.desk.Frame(w, h, scale, dst) }

// scale is how many device pixels make one of the picture's: the page draws larger where there is
// room, for the last row of a classroom.
func (p *picture) scale() float32 {
	return p.zoom * float32(js.Global().Get("devicePixelRatio").Float())
}

// longest is how much of the watcher's time one frame may bring: a tab that slept does not leap.
const longest = 250 * time.Millisecond

// update moves the playhead, and lets the loop sleep when nothing moves any more.
func (p *picture) update() error {
	now := time.Now()
	real := min(now.Sub(p.last), longest)
	p.last = now
	p.desk.Advance(real)
	p.tell()
	if p.desk.Player.Playing || p.shot != nil {
		p.quiet = 0
		return nil
	}
	// Two frames more: one that paints what has changed, one that finds nothing to paint.
	if p.quiet++; p.quiet > 2 {
		p.quiet = 0
		p.host.Call("sleep")
	}
	return nil
}

// tell lets the page know where the playhead is. Numbers only: this happens in every frame.
func (p *picture) tell() {
	at, playing := p.desk.Player.At, p.desk.Player.Playing
	if at == p.told.at && playing == p.told.playing {
		return
	}
	p.told.at, p.told.playing = at, playing
	p.host.Call("moved", float64(at)/1e9, playing)
}

// shown takes the picture of a frame that somebody waits for.
func (p *picture) shown(screen *ebiten.Image) {
	if p.shot == nil {
		return
	}
	take := p.shot
	p.shot = nil
	size := screen.Bounds().Size()
	pixels := make([]byte, 4*size.X*size.Y)
	screen.ReadPixels(pixels)
	take(pixels, size.X, size.Y)
}

// current is the list that pointers refer to.
func (p *picture) current() *render.List {
	if p.host.Get("webgl").Bool() {
		return p.game.List()
	}
	return &p.list
}
