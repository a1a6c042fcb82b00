//go:build js || gui

package paint

import (
	"image"

	"github.com/hajimehoshi/ebiten/v2"

	"halfopen/render"
)

// Game is ebiten's loop around a function that says what to show.
type Game struct {
	// Update advances whatever is shown, once per tick. An error ends the loop;
	// ebiten.Termination ends it without being one.
	Update func() error
	// Frame draws the picture of now into dst, for a screen of w by h pixels of the list.
	Frame func(w, h, scale float32, dst *render.List)
	// Scale is how many device pixels make one of the list's.
	Scale func() float32
	// Shown, if set, is called after a frame was painted, and not for one that was skipped.
	Shown func(screen *ebiten.Image)

	painter Painter
	next    render.List
	last    render.List
	size    image.Point
	scale   float32
	Painted int // frames painted
	Skipped int // frames that equalled the one before
}

// Run opens the window, or takes over the page's canvas, and returns when the loop ends.
func (g *Game) Run(o *ebiten.RunGameOptions) error {
	// The last picture stays on the screen while nothing changes.
	ebiten.SetScreenClearedEveryFrame(false)
	return ebiten.RunGameWithOptions(loop{g}, o)
}

// Repaint makes the next frame be painted whatever it shows.
func (g *Game) Repaint() { g.last.W = -1 }

// loop keeps ebiten's method names off Game.
type loop struct{ *Game }

// Update implements ebiten.Game.
func (l loop) Update() error {
	if l.Game.Update == nil {
		return nil
	}
	return l.Game.Update()
}

// Draw implements ebiten.Game.
func (l loop) Draw(screen *ebiten.Image) {
	g := l.Game
	size, scale := screen.Bounds().Size(), g.Scale()
	g.Frame(float32(size.X)/scale, float32(size.Y)/scale, scale, &g.next)
	if size == g.size && scale == g.scale && g.next.Equal(&g.last) {
		g.Skipped++
		return
	}
	g.size, g.scale = size, scale
	g.painter.Paint(screen, &g.next, scale)
	g.next, g.last = g.last, g.next
	g.Painted++
	if g.Shown != nil {
		g.Shown(screen)
	}
}

// Layout implements ebiten.Game; LayoutF is asked first.
func (l loop) Layout(w, h int) (int, int) { return w, h }

// LayoutF implements ebiten.LayoutFer: the screen has one pixel per device pixel.
func (l loop) LayoutF(w, h float64) (float64, float64) {
	s := 1.0
	if m := ebiten.Monitor(); m != nil {
		s = m.DeviceScaleFactor()
	}
	return w * s, h * s
}

// List is the picture on the screen: for hit tests.
func (g *Game) List() *render.List { return &g.last }
