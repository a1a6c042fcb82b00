package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"halfopen/sim/scenario"
)

// Schema is the version of rows and plans. A change of a column's meaning is a new version.
const Schema = "halfopen.sweep/2"

// Plan is what a sweep will do. It is plain data, written beside the results.
type Plan struct {
	Schema string   `json:"schema"`
	Name   string   `json:"name"`     // of the base scenario
	Base   string   `json:"scenario"` // its text
	Client string   `json:"client"`   // whose measures are taken; empty: the first
	Axes   []Axis   `json:"axes"`
	Seeds  []uint64 `json:"seeds"`
	Phase  bool     `json:"phase"` // outages begin at another moment for each seed: see shift
	// Tail and Late are the limits of measures: see metrics.Options.
	Tail    time.Duration `json:"tail_ns"`
	Late    time.Duration `json:"late_ns"`
	Build   string        `json:"build"`   // the version of the program and of the libraries in it
	Command string        `json:"command"` // that makes the same sweep again

	base   *scenario.Scenario
	hashed sync.Once
	hash   string
}

// MaxRuns bounds a plan.
const MaxRuns = 10_000_000

// NewPlan makes a plan. It tries every value of every axis on the scenario, so that a bad one is
// refused before anything runs. A plan with a nat axis and no tcp-keepalive axis gets one, with
// both values: Go's own keepalive of 15 s hides every NAT timeout, and devices mostly have none.
func NewPlan(base *scenario.Scenario, axes []Axis, seeds []uint64) (*Plan, error) {
	p := &Plan{Schema: Schema, Name: base.Name, Base: base.String(), Axes: axes, Seeds: seeds,
		Phase: true, Tail: 10 * time.Second, Late: time.Second}
	has := func(name string) bool {
		return slices.ContainsFunc(p.Axes, func(a Axis) bool { return a.Name == name })
	}
	if has("nat") && !has("tcp-keepalive") && !has("client.tcp-keepalive") {
		p.Axes = append(slices.Clone(p.Axes),
			Axis{Name: "tcp-keepalive", Values: []Value{{Text: "off"}, {Text: "15s"}}})
	}
	return p, p.check()
}

// check makes a plan ready: one that is new, or that was read from a file.
func (p *Plan) check() error {
	if p.Schema != Schema {
		return fmt.Errorf("a plan of schema %q; this program knows %q", p.Schema, Schema)
	}
	base, err := scenario.Parse(p.Name, p.Base)
	if err != nil {
		return err
	}
	base.Statements = slices.DeleteFunc(base.Statements, func(st scenario.Statement) bool {
		return st.Verb == "expect" // it was about the base's own settings; a sweep measures
	})
	p.base = base
	if err := p.checkMeasures(); err != nil {
		return err
	}
	if len(p.Seeds) == 0 {
		return fmt.Errorf("no seeds")
	}
	seen := make(map[string]bool)
	for _, a := range p.Axes {
		if seen[a.Name] || a.Name == "seed" {
			return fmt.Errorf("%s is swept twice", a.Name)
		}
		seen[a.Name] = true
		if len(a.Values) == 0 {
			return fmt.Errorf("%s has no values", a.Name)
		}
	}
	runs := len(p.Seeds)
	for _, a := range p.Axes {
		n := 0
		for _, v := range a.Values {
			n += v.parts()
		}
		if runs *= n; runs > MaxRuns {
			return fmt.Errorf("more than %d runs: sweep less, or in several sweeps", MaxRuns)
		}
	}
	return p.tryAll()
}

// MeasureClient says whose measures are to be taken: a client of the scenario.
func (p *Plan) MeasureClient(name string) error {
	p.Client = name
	return p.checkMeasures()
}

func (p *Plan) checkMeasures() error {
	if p.Tail <= 0 || p.Late <= 0 {
		return fmt.Errorf("a radio tail of %v, late after %v: want positive durations", p.Tail, p.Late)
	}
	var clients []string
	for i := range p.base.Statements {
		if st := &p.base.Statements[i]; st.Verb == "client" {
			clients = append(clients, st.Args[0])
		}
	}
	if p.Client != "" && !slices.Contains(clients, p.Client) {
		return fmt.Errorf("the scenario has no client %q%s; it has %s", p.Client,
			scenario.Suggest(p.Client, clients), strings.Join(clients, ", "))
	}
	return nil
}

// tryAll applies each value once.
func (p *Plan) tryAll() error {
	for _, a := range p.Axes {
		for _, v := range a.Values {
			for k := range v.parts() {
				text, _ := v.part(k)
				if err := p.try(a.Name, text); err != nil {
					return fmt.Errorf("%s=%s: %w", a.Name, text, err)
				}
			}
		}
	}
	return nil
}

// mostKeepalive is the longest that CONNECT can say (MQTT 3.1.1, 3.1.2.10: 16 bits of seconds).
const mostKeepalive = 65535 * time.Second

func (p *Plan) try(name, value string) error {
	s := clone(p.base)
	if err := Apply(s, name, value); err != nil {
		return err
	}
	for _, d := range devices(s) {
		if k := d.Duration("keepalive"); k > mostKeepalive {
			return fmt.Errorf("a keepalive is at most %v", mostKeepalive)
		}
	}
	s, err := scenario.Parse(p.Name, s.String())
	if err != nil {
		return err
	}
	return scenario.Check(s)
}

func (v *Value) parts() int { return max(len(v.Parts), 1) }

// part returns the text to apply for part k, and its share of the value: 1 if it is no mix.
func (v *Value) part(k int) (string, float64) {
	if len(v.Parts) == 0 {
		return v.Text, 1
	}
	return v.Parts[k].Text, float64(v.Parts[k].Share) / 1e6
}

// Runs is the number of runs.
func (p *Plan) Runs() int {
	n := len(p.Seeds)
	for _, a := range p.Axes {
		k := 0
		for _, v := range a.Values {
			k += v.parts()
		}
		n *= k
	}
	return n
}

// Point is one run of a plan: what each axis says, the seed, and the weight that it has among the
// runs of the same values (less than 1 for the part of a mix).
type Point struct {
	Run    int
	Values []string // by axis: as swept, so that the parts of a mix have the same
	Parts  []string // by axis: as applied
	Seed   uint64
	Weight float64
}

// Point returns run i, from 0. Seeds vary fastest, then the last axis.
func (p *Plan) Point(i int) Point {
	pt := Point{Run: i, Seed: p.Seeds[i%len(p.Seeds)], Weight: 1,
		Values: make([]string, len(p.Axes)), Parts: make([]string, len(p.Axes))}
	i /= len(p.Seeds)
	for a := len(p.Axes) - 1; a >= 0; a-- {
		n := 0
		for v := range p.Axes[a].Values {
			n += p.Axes[a].Values[v].parts()
		}
		k := i % n
		i /= n
		for v := range p.Axes[a].Values {
			value := &p.Axes[a].Values[v]
			if k < value.parts() {
				text, share := value.part(k)
				pt.Values[a], pt.Parts[a] = value.Text, text
				pt.Weight *= share
				break
			}
			k -= value.parts()
		}
	}
	return pt
}

// Scenario is the scenario of a run: complete, so that it can be run by itself.
func (p *Plan) Scenario(pt Point) (*scenario.Scenario, error) {
	s := clone(p.base)
	for i, a := range p.Axes {
		if err := Apply(s, a.Name, pt.Parts[i]); err != nil {
			return nil, fmt.Errorf("%s=%s: %w", a.Name, pt.Parts[i], err)
		}
	}
	if err := Apply(s, "seed", strconv.FormatUint(pt.Seed, 10)); err != nil {
		return nil, err
	}
	if p.Phase {
		shift(s, pt.Seed)
	}
	return scenario.Parse(p.Name, s.String())
}

// phasePart is the part of a run within which outages move.
const phasePart = 4

// shift moves all outages by a part of a keepalive, or of a quarter of the run if that is less.
// When a dead line is noticed depends first of all on how long before the next ping it died;
// without this all seeds would share that. The parts are multiples of the golden ratio: any few
// seeds in a row spread evenly.
func shift(s *scenario.Scenario, seed uint64) {
	span := s.Length() / phasePart
	for _, d := range devices(s) {
		if k := d.Duration("keepalive"); k > 0 {
			span = min(span, k)
		}
	}
	part, _ := bits.Mul64((seed-1)*0x9e3779b97f4a7c15, uint64(span))
	for i := range s.Statements {
		if st := &s.Statements[i]; outage(st) {
			st.At += time.Duration(part).Truncate(time.Millisecond)
		}
	}
}

func clone(s *scenario.Scenario) *scenario.Scenario {
	c := *s
	c.Transcript = ""
	c.Statements = slices.Clone(s.Statements)
	for i := range c.Statements {
		c.Statements[i].Keys = slices.Clone(c.Statements[i].Keys)
		c.Statements[i].Args = slices.Clone(c.Statements[i].Args)
	}
	return &c
}

// Hash names what a plan computes: two plans of one hash have the same runs. It is computed once,
// because each row has it: a plan is not changed any more when it is asked for.
func (p *Plan) Hash() string {
	p.hashed.Do(func() { p.hash = p.sum() })
	return p.hash
}

func (p *Plan) sum() string {
	b, err := json.Marshal(struct {
		Schema, Base, Client string
		Axes                 []Axis
		Seeds                []uint64
		Phase                bool
		Tail, Late           time.Duration
	}{p.Schema, p.Base, p.Client, p.Axes, p.Seeds, p.Phase, p.Tail, p.Late})
	if err != nil {
		panic(err) // plain data
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}
