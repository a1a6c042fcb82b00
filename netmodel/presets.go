package netmodel

import (
	"slices"
	"strconv"
	"time"
)

// PresetKind says what a preset is about.
type PresetKind string

// The kinds of preset.
const (
	PresetStandard PresetKind = "standard" // what a standard asks for
	PresetStack    PresetKind = "stack"    // a TCP stack: gives a Profile
	PresetNAT      PresetKind = "nat"      // a NAT, firewall or load balancer: gives a NATConfig
	PresetCarrier  PresetKind = "carrier"  // what mobile networks do and ask for
	PresetClient   PresetKind = "client"   // when an MQTT client notices a silent line
	PresetBroker   PresetKind = "broker"   // when an MQTT broker does, and what it accepts
	PresetLink     PresetKind = "link"     // an access network: gives Conditions
	PresetEnergy   PresetKind = "energy"   // what a radio event costs
)

// PresetKinds returns the kinds in the order in which they are listed.
func PresetKinds() []PresetKind {
	return []PresetKind{PresetStandard, PresetStack, PresetNAT, PresetCarrier, PresetClient,
		PresetBroker, PresetLink, PresetEnergy}
}

// Confidence says how well founded a number is.
type Confidence byte

// The degrees of confidence.
const (
	High       Confidence = 'H' // a primary source or its code was read, or it was measured
	Medium     Confidence = 'M' // second-hand, or one thread
	Low        Confidence = 'L' // old, or inferred
	Unverified Confidence = 'U' // recalled: shown with a mark, never silently used
)

func (c Confidence) String() string {
	switch c {
	case High:
		return "high"
	case Medium:
		return "medium"
	case Low:
		return "low"
	case Unverified:
		return "unverified"
	}
	return ""
}

// Source says where a number is from.
type Source struct {
	Name       string
	URL        string // "" if the source has none
	Seen       string // when it was read: 2026-11, or 2026-11-23
	Confidence Confidence
}

// Value is one number or word of a preset. Where sources contradict each other, a preset has
// several values of one name: the first is used, all are shown.
type Value struct {
	Name  string
	Value string
	Unit  string  // s, ms, x (times the keepalive), bit/s, ppm, ...; "" for counts and words
	From  *Source // if it is not the preset's own
}

// Duration returns a value in s or ms.
func (v Value) Duration() (time.Duration, bool) {
	unit := map[string]time.Duration{"s": time.Second, "ms": time.Millisecond}[v.Unit]
	n, err := strconv.ParseInt(v.Value, 10, 64)
	return time.Duration(n) * unit, err == nil && unit > 0
}

// Int returns a value that is a whole number.
func (v Value) Int() (int, bool) {
	n, err := strconv.Atoi(v.Value)
	return n, err == nil
}

// Preset is a set of values that belong together, with where they are from. A preset without a
// source does not exist.
type Preset struct {
	ID     string
	Kind   PresetKind
	Title  string
	Values []Value
	Source
	Notes string
}

// SourceOf returns where a value is from: its own source, or the preset's.
func (p *Preset) SourceOf(v Value) Source {
	if v.From != nil {
		return *v.From
	}
	return p.Source
}

// Get returns the value of a name that is used, the first.
func (p *Preset) Get(name string) (Value, bool) {
	for _, v := range p.Values {
		if v.Name == name {
			return v, true
		}
	}
	return Value{}, false
}

// Conflicts returns the names of values about which sources contradict each other.
func (p *Preset) Conflicts() []string {
	var names []string
	for i, v := range p.Values {
		again := slices.ContainsFunc(p.Values[:i], func(o Value) bool { return o.Name == v.Name })
		if again && !slices.Contains(names, v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}

var allPresets = slices.Concat(presetsStandard, presetsStack, presetsNAT, presetsCarrier,
	presetsClient, presetsBroker, presetsLink, presetsEnergy)

// Presets returns the presets of a kind in their order; of all kinds if it is "".
func Presets(kind PresetKind) []*Preset {
	var found []*Preset
	for i := range allPresets {
		if p := &allPresets[i]; kind == "" || p.Kind == kind {
			found = append(found, p)
		}
	}
	return found
}

// FindPreset returns the preset with the identifier, or nil.
func FindPreset(id string) *Preset {
	for i := range allPresets {
		if allPresets[i].ID == id {
			return &allPresets[i]
		}
	}
	return nil
}
