package render

import (
	"halfopen/netmodel"
	"halfopen/render/words"
	"halfopen/sim/trace"
)

// Panels is a set of parts of the picture.
type Panels uint8

// The parts. A View without any shows all.
const (
	Stage Panels = 1 << iota
	Ladder
	Lanes
	Scrubber
	AllPanels = Stage | Ladder | Lanes | Scrubber
)

// Reserve is room that the picture leaves to others: HTML in the page, widgets in the window.
type Reserve struct {
	Top    float32 // the header
	Left   float32 // the story, beside stage and ladder; not in a narrow view
	Bottom float32 // the transport controls
}

// View is what the user chose to see. The zero value with W and H set is a good one: dark, English,
// everything shown. A View is plain data; At never changes it.
type View struct {
	W, H    float32 // CSS pixels
	Scale   float32 // device pixels per CSS pixel: edges are put on device pixels; 0: nowhere
	Lang    words.Lang
	Theme   Theme
	Font    Metrics // nil: DefaultMetrics
	Panels  Panels  // 0: AllPanels
	Reserve Reserve

	Client    string   // whose belief lanes are shown; empty: the first client's
	Selected  trace.ID // an event: lit up everywhere
	Hover     trace.ID
	Chain     []trace.ID    // what led to the selected event (package explain says): lit up faintly
	Linear    bool          // the ladder's axis: no folding of silence
	From, To  netmodel.Time // the part of the run on the lanes' axis; To 0: all of it
	Bookmarks []netmodel.Time

	// HideAfter, if not 0, is where the learner's prediction is asked for: nothing later is drawn,
	// in any panel, and countdowns know only what the settings say.
	HideAfter  netmodel.Time
	Prediction netmodel.Time // the learner's marker; 0: none

	// Speed is the player's. What stays for a watcher's time (a lost segment for 3 seconds, the glow
	// of a short flight) depends on it, so that a picture is still a function of its arguments.
	Speed         Speed
	Title         string // shown beside the clock: what run this is
	SpeedLabel    string // shown beside the clock: "1 s = 10 s"
	ReducedMotion bool   // segments jump from end to end instead of gliding
	Loopback      bool   // the ladder shows what stays inside a host, too
}

// shows reports whether a panel is to be drawn.
func (v *View) shows(p Panels) bool { return v.Panels == 0 || v.Panels&p != 0 }

// hides reports whether t must not be shown yet.
func (v *View) hides(t netmodel.Time) bool { return v.HideAfter > 0 && t > v.HideAfter }

func (v *View) metrics() Metrics {
	if v.Font == nil {
		return DefaultMetrics
	}
	return v.Font
}
