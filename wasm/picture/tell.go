//go:build js

package main

import (
	"encoding/json"

	"halfopen/render/desk"
	"halfopen/sim/trace"
)

func (p *picture) rows(arg json.RawMessage) (any, error) {
	q, err := take[desk.Query](arg)
	return p.desk.Rows(q), err
}

func (p *picture) describe(json.RawMessage) (any, error) { return p.desk.Describe(), nil }

// link is one cause of a chain.
type link struct {
	ID   trace.ID `json:"id"`
	At   float64  `json:"at"`
	Text string   `json:"text"`
}

// explanation is an event in words.
type explanation struct {
	Sentence string `json:"sentence"`
	Source   string `json:"source"`
	URL      string `json:"url"`
	Chain    []link `json:"chain"`
}

func (p *picture) explain(arg json.RawMessage) (any, error) {
	id, err := take[trace.ID](arg)
	why := p.desk.Why(id)
	out := explanation{Sentence: why.Sentence, Source: why.Source.Name, URL: why.Source.URL,
		Chain: []link{}}
	for _, ids := range [][]trace.ID{why.Chain, why.Beside} {
		for _, c := range ids {
			if ev := p.desk.Index.Trace().Event(c); ev != nil {
				out.Chain = append(out.Chain, link{c, seconds(ev.At), p.desk.Sentence(c)})
			}
		}
	}
	return out, err
}
