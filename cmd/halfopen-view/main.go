//go:build gui

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"halfopen/render/paint"
	"halfopen/render/words"
)

func main() {
	var o options
	flag.StringVar(&o.lang, "lang", os.Getenv("LANG"), "language of the picture: en or ja")
	flag.DurationVar(&o.at, "at", 0, "where the playhead stands at the start")
	flag.IntVar(&o.width, "width", 1280, "width of the window")
	flag.IntVar(&o.height, "height", 800, "height of the window")
	flag.BoolVar(&o.play, "play", false, "play from the start")
	flag.Parse()
	if flag.NArg() > 1 {
		fmt.Fprintln(os.Stderr, "halfopen-view: one scenario at a time")
		os.Exit(2)
	}
	if o.scenario = "seed"; flag.NArg() == 1 {
		o.scenario = flag.Arg(0)
	}
	if err := show(o); err != nil {
		fmt.Fprintln(os.Stderr, "halfopen-view:", err)
		os.Exit(1)
	}
}

// options are the command line.
type options struct {
	scenario      string
	lang          string
	at            time.Duration
	width, height int
	play          bool
}

// show opens the window and returns when it is closed.
func show(o options) error {
	src, err := openSource(o.scenario)
	if err != nil {
		return err
	}
	w := newWindow(src)
	w.desk.View.Lang = words.ParseLang(o.lang)
	w.start, w.desk.Player.Playing = o.at, o.play
	ebiten.SetWindowSize(o.width, o.height)
	ebiten.SetWindowTitle("halfopen: " + o.scenario)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	w.game = paint.Game{Update: w.update, Frame: w.frame, Scale: deviceScale}
	err = w.game.Run(nil)
	if errors.Is(err, ebiten.Termination) {
		err = nil
	}
	return err
}

// deviceScale is how many device pixels make one of the picture's.
func deviceScale() float32 {
	w, h := ebiten.WindowSize()
	zoom := zoomFor(float32(w), float32(h))
	if m := ebiten.Monitor(); m != nil {
		zoom *= float32(m.DeviceScaleFactor())
	}
	return zoom
}

// zoomFor enlarges a picture in a window that is larger than a laptop's, which people see from
// further away, and makes it smaller where the controls would not find room.
func zoomFor(w, h float32) float32 {
	const least, most = 0.6, 2.5
	if large := min(w/1440, h/860); large > 1 {
		return min(large, most)
	}
	return min(max(min(w/leastWidth, h/leastHeight), least), 1)
}
