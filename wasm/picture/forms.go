//go:build js

package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"halfopen/sim/scenario"
)

// group is a statement that declares something, with everything that can be set about it.
type group struct {
	Verb    string  `json:"verb"`
	Subject string  `json:"subject"`
	Keys    []field `json:"keys"`
}

// field is one setting as a form shows it.
type field struct {
	Key      string   `json:"key"`
	Value    string   `json:"value"` // empty: the default
	Fallback string   `json:"fallback"`
	Choices  []string `json:"choices,omitempty"`
	Help     string   `json:"help"`
}

// settings is the form, made from the schema of the language: what a scenario can say, the form can
// ask, and nothing else.
func (p *picture) settings(json.RawMessage) (any, error) {
	out := []group{}
	for _, st := range p.desk.History.Now().Statements {
		v := scenario.LookupVerb(st.Verb)
		if v == nil || v.Class != scenario.Declaration || len(v.Keys) == 0 || len(st.Args) == 0 {
			continue
		}
		g := group{Verb: st.Verb, Subject: st.Args[0]}
		for i := range v.Keys {
			if !strings.HasSuffix(v.Keys[i].Name, ".") { // sysctl.NAME: a family, for the text form
				g.Keys = append(g.Keys, fieldOf(&v.Keys[i], st.Keys))
			}
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b group) int { return rank(a.Verb) - rank(b.Verb) })
	return out, nil
}

// rank puts what people change most first.
func rank(verb string) int {
	order := []string{"client", "link", "nat", "broker"}
	if i := slices.Index(order, verb); i >= 0 {
		return i
	}
	return len(order)
}

func fieldOf(k *scenario.Key, set []scenario.KeyValue) field {
	f := field{Key: k.Name, Fallback: k.Default, Help: k.Doc}
	for _, kv := range set {
		if kv.Key == k.Name {
			f.Value = kv.Value
		}
	}
	switch k.Kind {
	case scenario.OnOff:
		f.Choices = []string{"", "on", "off"}
	case scenario.Enum:
		f.Choices = append([]string{""}, k.Words...)
	}
	return f
}

// share is the fragment of a link: the scenario, the playhead, the language.
func (p *picture) share(json.RawMessage) (any, error) {
	s, err := scenario.Encode(p.desk.History.Now())
	if err != nil {
		return nil, err
	}
	at := strconv.FormatFloat(seconds(p.desk.Player.At), 'f', -1, 64)
	return "s=" + s + "&t=" + at + "&lang=" + p.desk.View.Lang.String(), nil
}

// shared is what a link holds.
type shared struct {
	Text string  `json:"text"`
	At   float64 `json:"at"`
	Lang string  `json:"lang"`
}

// unshare reads a link's fragment. Links come from strangers: limits and checks are the scenario
// package's, and nothing of a bad link is used.
func (p *picture) unshare(arg json.RawMessage) (any, error) {
	fragment, err := take[string](arg)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(fragment)
	if err != nil {
		return nil, err
	}
	s, err := scenario.Decode(values.Get("s"))
	if err != nil {
		return nil, err
	}
	at, err := strconv.ParseFloat(values.Get("t"), 64)
	if err != nil || !(at >= 0 && at < 1e9) {
		at = 0
	}
	return shared{s.String(), at, values.Get("lang")}, nil
}
