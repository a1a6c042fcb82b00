//go:build js

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"halfopen/render"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// loaded is what the page tells about a run.
type loaded struct {
	Hash   string   `json:"hash"`
	Ties   int      `json:"ties"`
	Seed   uint64   `json:"seed"`
	Events int      `json:"events"`
	Badges []string `json:"badges"`
}

// load takes a trace from the simulation.
func (p *picture) load(data []byte) (any, error) {
	tr, err := trace.Decode(data)
	if err != nil {
		return nil, err
	}
	p.desk.Load(tr)
	return loaded{Hash: tr.Hash(), Ties: tr.Ties, Seed: tr.Seed, Events: len(tr.Events),
		Badges: badges(tr)}, nil
}

// badges say of each host what is real code in it; the trace has it from the build's own record.
func badges(tr *trace.Trace) []string {
	var out []string
	for _, h := range tr.Hosts {
		if h.Real != "" {
			out = append(out, fmt.Sprintf("%s: REAL %s", h.Name, strings.TrimPrefix(h.Real, "github.com/")))
		} else {
			out = append(out, h.Name+": MODEL")
		}
	}
	return out
}

// open puts a scenario on the desk.
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
	return p.state(), nil
}

// wish is the scenario that the page shall run, or null.
func (p *picture) wish(json.RawMessage) (any, error) {
	s, ok := p.desk.Wish()
	if !ok {
		return nil, nil
	}
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
	if err := scenario.Check(e.Apply(p.desk.History.Now())); err != nil {
		return nil, err
	}
	p.desk.Do(e)
	return nil, nil
}

func (p *picture) source(json.RawMessage) (any, error) { return p.desk.History.Now().String(), nil }

// builtin is the text of a lesson's scenario.
func (p *picture) builtin(arg json.RawMessage) (any, error) {
	n, err := take[int](arg)
	if err != nil {
		return nil, err
	}
	_ = n
	s, _ := scenarios.Get("seed")
	return s.String(), nil
}
