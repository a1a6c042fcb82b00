package desk

import (
	"time"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/sim/explain"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Desk is the state. Make one with New.
type Desk struct {
	History render.History
	Index   *render.Index // nil until a trace is loaded
	Player  render.Player
	View    render.View

	words   *explain.Explainer
	kept    *render.Index   // the run that a fork compares with, nil: none
	compare *render.Compare // of kept and Index
	link    netmodel.LinkID // that the cut key is about
	wish    bool            // the scenario has changed since it was last asked for
	watch   netmodel.Time   // where Watch ends, 0: nobody watches
	drag    render.Role     // the panel that a pressed pointer moves in
}

// New returns a desk with nothing on it but a scenario, which it wishes to have run.
func New(s *scenario.Scenario) *Desk {
	return &Desk{History: render.NewHistory(s), wish: true,
		Player: render.Player{Speed: render.Auto}}
}

// Open puts another scenario on the desk and forgets everything about the one before.
func (d *Desk) Open(s *scenario.Scenario) {
	v := d.View
	v.Client, v.Selected, v.Hover = "", 0, 0
	v.From, v.To, v.Bookmarks = 0, 0, nil
	v.HideAfter, v.Prediction = 0, 0
	*d = *New(s)
	d.View = v
}

// Run is a trace, ready to be put on a desk.
type Run struct {
	tr    *trace.Trace
	index *render.Index
	words *explain.Explainer
}

// Prepare readies a trace for the view of now. That takes a while; it calls rest between pieces of
// the work, and the desk may be used meanwhile.
func (d *Desk) Prepare(tr *trace.Trace, rest func()) *Run {
	r := &Run{tr: tr, words: explain.New(tr)}
	r.index = render.Prepare(tr, d.View, rest)
	return r
}

// Load brings the trace of the scenario: Prepare and Put at once.
func (d *Desk) Load(tr *trace.Trace) { d.Put(d.Prepare(tr, func() {})) }

// Put puts a run of the scenario on the desk. The playhead stays where it is: by the prefix rule
// the past before an edit is the same in the new run.
func (d *Desk) Put(r *Run) {
	tr := r.tr
	d.Index, d.words = r.index, r.words
	if d.kept != nil {
		d.compare = render.NewCompare(d.kept, d.Index)
	}
	if int(d.View.Selected) > len(tr.Events) {
		d.View.Selected = 0
	}
	d.View.Hover = 0
	if d.link == 0 || int(d.link) > len(tr.Links) {
		d.link = d.usualLink()
	}
	d.Player.At = min(d.Player.At, d.Index.Length())
}

// usualLink is the one that a lesson is about: the first that is not between routers.
func (d *Desk) usualLink() netmodel.LinkID {
	tr := d.Index.Trace()
	for i, l := range tr.Links {
		if !tr.Host(l.A).Router || !tr.Host(l.B).Router {
			return netmodel.LinkID(i + 1)
		}
	}
	return 0
}

// Do applies an edit to the scenario, and wishes a run of it.
func (d *Desk) Do(e render.Edit) { d.History, d.wish = d.History.Do(e), true }

// now does an edit at the playhead. Edits begin at whole milliseconds; the playhead moves on to the
// next one, so that what has been done shows, and the opposite edit comes later than this one.
func (d *Desk) now(e render.Edit) {
	const grain = netmodel.Time(time.Millisecond)
	d.Do(e)
	d.Player.At = d.Player.At - d.Player.At%grain + grain
}

// Undo takes the last edit back.
func (d *Desk) Undo() { d.History, d.wish = d.History.Undo(), true }

// Redo does it again.
func (d *Desk) Redo() { d.History, d.wish = d.History.Redo(), true }

// Wish returns the scenario to run, once for each change.
func (d *Desk) Wish() (*scenario.Scenario, bool) {
	w := d.wish
	d.wish = false
	return d.History.Now(), w
}

// Advance moves the playhead after the watcher's time has passed.
func (d *Desk) Advance(real time.Duration) {
	if d.Index != nil {
		d.Player = d.Player.Advance(d.Index, real)
		d.veil()
	}
}

// Frame draws the picture of now.
func (d *Desk) Frame(w, h, scale float32, dst *render.List) {
	v := &d.View
	v.W, v.H, v.Scale = w, h, scale
	if d.Index == nil {
		dst.Reset(v)
		return
	}
	v.Speed = d.Player.Speed
	if d.compare != nil {
		d.compare.At(d.Player.At, v, dst)
		return
	}
	d.Index.At(d.Player.At, v, dst)
}

// Seek puts the playhead to an instant.
func (d *Desk) Seek(at netmodel.Time) {
	if d.Index != nil {
		d.Player = d.Player.Seek(d.Index, at)
		d.veil()
	}
}

// Select lights an event up everywhere; 0 selects nothing. See Show for going there.
func (d *Desk) Select(id trace.ID) { d.View.Selected = id }

// Show selects an event and puts the playhead to its instant, unless that is still hidden.
func (d *Desk) Show(id trace.ID) {
	if d.Index == nil {
		return
	}
	ev := d.Index.Trace().Event(id)
	if ev == nil || d.View.HideAfter > 0 && ev.At > d.View.HideAfter {
		return
	}
	d.Seek(ev.At)
	d.Select(id)
}
