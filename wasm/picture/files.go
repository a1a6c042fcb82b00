//go:build js

package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"halfopen/render"
)

// files are the forms in which a run leaves the page.
var files = map[string]func(*picture) ([]byte, error){
	"scenario": func(p *picture) ([]byte, error) { return []byte(p.desk.History.Now().String()), nil },
	"svg":      (*picture).svg,
}

// file makes a file to save.
func (p *picture) file(name string, _ json.RawMessage) ([]byte, error) {
	make, ok := files[name]
	if !ok {
		return nil, fmt.Errorf("no file of kind %q", name)
	}
	if p.desk.Index == nil {
		return nil, errors.New("nothing has been run yet")
	}
	return make(p)
}

// svg is the picture of now for paper: the light theme, at a size of its own.
func (p *picture) svg() ([]byte, error) {
	v := p.desk.View
	v.W, v.H, v.Theme, v.Reserve, v.Panels = 1200, 760, render.Light, render.Reserve{}, 0
	var l render.List
	p.desk.Index.At(p.desk.Player.At, &v, &l)
	return l.SVG(), nil
}
