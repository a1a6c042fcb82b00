//go:build js

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"halfopen/render"
	"halfopen/render/desk"
	"halfopen/render/words"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// badges say of each host what is real code in it; the trace has it from the build's own record.
func badges(tr *trace.Trace, lang words.Lang) []string {
	out := []string{}
	real, model := words.Get(lang, "badge.real"), words.Get(lang, "badge.model")
	for _, h := range tr.Hosts {
		kernel := fmt.Sprintf("%s %s %s", words.Get(lang, "floor.kernel"), model, h.Profile)
		switch {
		case h.Router:
			out = append(out, h.Name+": "+model)
		case h.Real == "":
			out = append(out, h.Name+": "+kernel)
		default:
			out = append(out, fmt.Sprintf("%s: %s %s, %s", h.Name, real,
				strings.TrimPrefix(h.Real, "github.com/"), kernel))
		}
	}
	return out
}

// badges are those of the run on the desk: the language may have changed since it was loaded.
func (p *picture) badges(json.RawMessage) (any, error) {
	if p.desk.Index == nil {
		return []string{}, nil
	}
	return badges(p.desk.Index.Trace(), p.desk.View.Lang), nil
}

// open puts a scenario of the reader's own on the desk.
func (p *picture) open(arg json.RawMessage) (any, error) {
	a, err := take[struct{ Text, Name string }](arg)
	if err != nil {
		return nil, err
	}
	s, err := scenario.Parse(a.Name, a.Text)
	if err != nil {
		return nil, err
	}
	p.desk.Open(s)
	p.lesson = lesson{}
	p.asked++
	return p.state(), nil
}

// wish is the scenario that the page shall run, or null.
func (p *picture) wish(json.RawMessage) (any, error) {
	s, ok := p.desk.Wish()
	if !ok {
		return nil, nil
	}
	p.asked++
	return map[string]string{"text": s.String(), "name": s.Name}, nil
}

func (p *picture) tool(arg json.RawMessage) (any, error) {
	name, err := take[string](arg)
	if err == nil && !p.desk.Tool(name) {
		err = fmt.Errorf("no tool %q for this scenario", name)
	}
	return nil, err
}

// set changes a setting of the scenario, if its schema allows the value.
func (p *picture) set(arg json.RawMessage) (any, error) {
	a, err := take[struct{ Verb, Subject, Key, Value string }](arg)
	if err != nil {
		return nil, err
	}
	e := render.Set(a.Verb, a.Subject, a.Key, a.Value)
	changed := e.Apply(p.desk.History.Now())
	if _, err := scenario.Parse("", changed.String()); err != nil {
		return nil, messageOf(err)
	}
	p.desk.Do(e)
	return nil, nil
}

// messageOf is an error of a scenario without its place: the form shows it beside the field.
func messageOf(err error) error {
	var list scenario.Errors
	if errors.As(err, &list) && len(list) > 0 {
		return errors.New(list[0].Msg)
	}
	return err
}

func (p *picture) source(json.RawMessage) (any, error) { return p.desk.History.Now().String(), nil }

// finding is one thing that is wrong with a text.
type finding struct {
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Text string `json:"text"`
}

// check says what is wrong with a scenario's text.
func (p *picture) check(arg json.RawMessage) (any, error) {
	text, err := take[string](arg)
	if err != nil {
		return nil, err
	}
	out := []finding{}
	_, err = scenario.Parse("", text)
	var list scenario.Errors
	var one *scenario.Error
	switch {
	case err == nil:
	case errors.As(err, &list):
		for _, e := range list {
			out = append(out, finding{e.Line, e.Col, fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg)})
		}
	case errors.As(err, &one):
		out = append(out, finding{one.Line, one.Col, one.Error()})
	default:
		out = append(out, finding{1, 1, err.Error()})
	}
	return out, nil
}

// acts are what can be done to the segment of an event.
func (p *picture) acts(arg json.RawMessage) (any, error) {
	id, err := take[trace.ID](arg)
	return append([]desk.Act{}, p.desk.Acts(id)...), err
}

// act does one of them.
func (p *picture) act(arg json.RawMessage) (any, error) {
	a, err := take[struct {
		Name  string
		Event trace.ID
	}](arg)
	if err == nil && !p.desk.Act(a.Name, a.Event) {
		err = fmt.Errorf("%s cannot be done to event %d", a.Name, a.Event)
	}
	return nil, err
}
