//go:build gui

package main

import (
	"strings"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/render/desk"
	"halfopen/render/paint"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// window is the desk with what a window adds: a source of scenarios, runs in the background, and
// widgets. Everything happens on ebiten's goroutine but the runs, which answer through a channel.
type window struct {
	desk    *desk.Desk
	game    paint.Game
	source  *source
	start   time.Duration
	last    time.Time
	results chan result
	waiting int // runs that have not answered; only the latest counts
	problem string
	controls
	input input
}

// result is the end of a run.
type result struct {
	tr  *trace.Trace
	err error
	of  int // number of the run
}

func newWindow(s *source) *window {
	w := &window{source: s, desk: desk.New(s.scenario), results: make(chan result, 8)}
	w.focus = -1
	w.desk.View.Reserve = render.Reserve{Left: storyWidth, Bottom: barHeight}
	return w
}

// longest is how much of the watcher's time one frame may bring.
const longest = 250 * time.Millisecond

func (w *window) update() error {
	now := time.Now()
	if w.last.IsZero() {
		w.last = now
	}
	w.reload(now)
	w.runs()
	if w.keys() {
		return ebiten.Termination
	}
	w.pointer()
	w.desk.Advance(min(now.Sub(w.last), longest))
	w.last = now
	return nil
}

// reload opens the file again when it was saved.
func (w *window) reload(now time.Time) {
	changed, err := w.source.changed(now)
	switch {
	case err != nil:
		w.problem = err.Error()
	case changed:
		at, playing := w.desk.Player.At, w.desk.Player.Playing
		w.desk.Open(w.source.scenario)
		w.desk.Player.At, w.desk.Player.Playing = at, playing
		w.problem = ""
	}
}

// runs starts the run that the desk wishes, and takes what has come to an end.
func (w *window) runs() {
	if s, ok := w.desk.Wish(); ok {
		w.waiting++
		go w.run(s, w.waiting)
	}
	for {
		select {
		case r := <-w.results:
			w.take(r)
		default:
			return
		}
	}
}

func (w *window) run(s *scenario.Scenario, of int) {
	tr, err := sim.RunScenario(s, sim.Options{})
	w.results <- result{tr, err, of}
}

func (w *window) take(r result) {
	if r.of != w.waiting {
		return // a later edit has made it out of date
	}
	w.problem = ""
	if r.err != nil {
		w.problem, _, _ = strings.Cut(r.err.Error(), "\n")
	}
	if r.tr == nil {
		return
	}
	w.desk.Load(r.tr)
	w.listEvents(r.tr)
	if w.start > 0 {
		playing := w.desk.Player.Playing
		w.desk.Seek(netmodel.Time(w.start))
		w.desk.Player.Playing = playing
		w.start = 0
	}
}
