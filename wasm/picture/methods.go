//go:build js

package main

import (
	"encoding/json"
	"time"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/render/words"
	"halfopen/sim/trace"
)

// methods is everything the page can ask.
var methods map[string]method

func init() {
	methods = map[string]method{
		"state":    func(p *picture, _ json.RawMessage) (any, error) { return p.state(), nil },
		"key":      (*picture).key,
		"press":    (*picture).press,
		"seek":     (*picture).seek,
		"watch":    (*picture).watch,
		"acts":     (*picture).acts,
		"act":      (*picture).act,
		"speed":    (*picture).speed,
		"view":     (*picture).setView,
		"pointer":  (*picture).pointer,
		"select":   (*picture).choose,
		"badges":   (*picture).badges,
		"frame":    (*picture).svgFrame,
		"advance":  (*picture).advance,
		"open":     (*picture).open,
		"wish":     (*picture).wish,
		"tool":     (*picture).tool,
		"tools":    func(p *picture, _ json.RawMessage) (any, error) { return p.desk.Tools(), nil },
		"set":      (*picture).set,
		"source":   (*picture).source,
		"check":    (*picture).check,
		"settings": (*picture).settings,
		"rows":     (*picture).rows,
		"describe": (*picture).describe,
		"explain":  (*picture).explain,
		"share":    (*picture).share,
		"unshare":  (*picture).unshare,
		"lessons":  (*picture).lessons,
		"begin":    (*picture).begin,
		"scene":    (*picture).scene,
		"fork":     (*picture).fork,
		"compared": (*picture).compared,
	}
}

// state is what the controls around the picture show.
type state struct {
	At       float64       `json:"at"` // seconds
	Length   float64       `json:"length"`
	Playing  bool          `json:"playing"`
	Speed    int           `json:"speed"`
	Cut      bool          `json:"cut"`
	Selected trace.ID      `json:"selected"`
	Link     []string      `json:"link"`
	Layout   render.Layout `json:"layout"`
	Edits    []string      `json:"edits"` // by hand, in words
	Loaded   bool          `json:"loaded"`
}

func (p *picture) state() state {
	d := p.desk
	s := state{At: seconds(d.Player.At), Playing: d.Player.Playing, Speed: int(d.Player.Speed),
		Cut: d.IsCut(), Selected: d.View.Selected, Layout: d.View.Layout(),
		Edits: d.Edits(), Loaded: d.Index != nil}
	if d.Index != nil {
		s.Length = seconds(d.Index.Length())
	}
	if a, b, ok := d.Ends(); ok {
		s.Link = []string{a, b}
	}
	return s
}

func seconds(t netmodel.Time) float64 { return float64(t) / 1e9 }

func instant(s float64) netmodel.Time { return netmodel.Time(s * 1e9) }

func (p *picture) key(arg json.RawMessage) (any, error) {
	k, err := take[struct {
		Key   string
		Shift bool
	}](arg)
	return p.desk.Key(k.Key, k.Shift), err
}

// press is a button of the transport.
func (p *picture) press(arg json.RawMessage) (any, error) {
	name, err := take[string](arg)
	switch d := p.desk; name {
	case "play":
		d.Toggle()
	case "pause":
		d.Player.Playing = false
	case "next":
		d.Step(true, false)
	case "previous":
		d.Step(false, false)
	case "next-decision":
		d.Step(true, true)
	case "previous-decision":
		d.Step(false, true)
	case "undo":
		d.Undo()
	case "redo":
		d.Redo()
	case "bookmark":
		d.Bookmark()
	}
	return p.state(), err
}

func (p *picture) seek(arg json.RawMessage) (any, error) {
	at, err := take[float64](arg)
	p.desk.Seek(instant(at))
	return p.state(), err
}

// watch plays to an instant for somebody who waits for an answer.
func (p *picture) watch(arg json.RawMessage) (any, error) {
	until, err := take[float64](arg)
	p.desk.Watch(instant(until))
	return p.state(), err
}

func (p *picture) speed(arg json.RawMessage) (any, error) {
	s, err := take[render.Speed](arg)
	p.desk.Player.Speed = min(s, render.NumSpeeds-1)
	return p.state(), err
}

// choose selects an event and goes there.
func (p *picture) choose(arg json.RawMessage) (any, error) {
	id, err := take[trace.ID](arg)
	if id == 0 {
		p.desk.Select(0)
	} else {
		p.desk.Show(id)
	}
	return p.state(), err
}

// setView changes what is named and leaves the rest.
func (p *picture) setView(arg json.RawMessage) (any, error) {
	c, err := take[struct {
		Lang       *string
		Light      *bool
		Panels     *render.Panels
		Left       *float32
		Linear     *bool
		Reduced    *bool
		SpeedLabel *string
		HideAfter  *float64
		Prediction *float64
		W, H       *float32
		Zoom       *float32
	}](arg)
	v := &p.desk.View
	put(&p.zoom, c.Zoom)
	put(&v.W, c.W)
	put(&v.H, c.H)
	put(&v.Linear, c.Linear)
	put(&v.ReducedMotion, c.Reduced)
	put(&v.Panels, c.Panels)
	put(&v.Reserve.Left, c.Left)
	put(&v.SpeedLabel, c.SpeedLabel)
	if c.Lang != nil {
		v.Lang = words.ParseLang(*c.Lang)
	}
	if c.Light != nil {
		v.Theme = render.Dark
		if *c.Light {
			v.Theme = render.Light
		}
	}
	if c.HideAfter != nil {
		p.desk.Hide(instant(*c.HideAfter))
	}
	if c.Prediction != nil {
		v.Prediction = instant(*c.Prediction)
	}
	return p.state(), err
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// pointed is what a pointer is over, or pressed.
type pointed struct {
	Label string   `json:"label,omitempty"`
	Event trace.ID `json:"event,omitempty"`
	Role  string   `json:"role,omitempty"`
	Link  int      `json:"link,omitempty"`
	Click bool     `json:"click,omitempty"`
	Time  float64  `json:"time,omitempty"` // on the axis of scrubber and lanes
}

func (p *picture) pointer(arg json.RawMessage) (any, error) {
	e, err := take[struct {
		Kind  string
		X, Y  float32
		Touch bool
	}](arg)
	t := p.desk.Pointer(e.Kind, e.X, e.Y, e.Touch, p.current())
	out := pointed{Label: t.Label, Click: t.Click, Time: seconds(t.Time)}
	if t.Ref != nil {
		out.Event, out.Role, out.Link = t.Ref.Event, t.Ref.Role.String(), int(t.Ref.Link)
	}
	return out, err
}

// advance plays, where ebiten's loop does not: the argument is the watcher's milliseconds.
func (p *picture) advance(arg json.RawMessage) (any, error) {
	ms, err := take[float64](arg)
	p.desk.Advance(min(time.Duration(ms*1e6), longest))
	p.tell()
	return p.desk.Player.Playing, err
}

// svgFrame is the picture of now for a size, as SVG.
func (p *picture) svgFrame(arg json.RawMessage) (any, error) {
	size, err := take[struct{ W, H float32 }](arg)
	p.desk.Frame(size.W, size.H, 1, &p.list)
	return string(p.list.SVG()), err
}
