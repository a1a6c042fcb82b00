package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"halfopen/netmodel"
	"halfopen/sim/recommend"
	"halfopen/sim/scenario"
	"halfopen/sim/sweep"
)

// recommendOptions are the flags of recommend.
type recommendOptions struct {
	nat, places       []string
	client, priority  string
	silence           time.Duration
	perHour           int
	mayLose, unproved bool
}

func recommendCommand() *cobra.Command {
	var o recommendOptions
	c := &cobra.Command{
		Use:   "recommend",
		Short: "Choose a keepalive, with reasons and sources",
		Long: `Chooses an MQTT keepalive from what is on the way and what the application can bear, and
says why: each clause with its source, the runner-up, what would change the answer. If no setting
satisfies every wish it says so, and what giving up each wish would buy.

The answer is then tried: the simulator runs it behind the shortest NAT, for devices without TCP
keepalive and with Go's.`,
		Example: `  halfopen recommend --nat aws-nlb-tcp --at aws-iot-core --silence 5m
  halfopen recommend --nat 4m:30%,28m:70% --priority latency
  halfopen recommend --at verizon-policy --nat 350s --at aws-iot-core --silence 5m`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runRecommend(c.OutOrStdout(), &o) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.nat, "nat", nil,
		"NAT preset, timeout (240s), or mix (4m:30%,28m:70%) (repeat)")
	f.StringArrayVar(&o.places, "at", nil, "broker, cloud or carrier preset with limits (repeat)")
	f.StringVar(&o.client, "client", "paho-go", "preset of the client library")
	f.DurationVar(&o.silence, "silence", 0, "the longest silence that the application can bear")
	f.IntVar(&o.perHour, "accesses-per-hour", 0, "at most so many radio accesses by pings")
	f.StringVar(&o.priority, "priority", "battery", "what matters then: battery, data, latency")
	f.BoolVar(&o.mayLose, "may-lose", false, "messages during an outage may be lost")
	f.BoolVar(&o.unproved, "no-run", false, "do not try the answer in the simulator")
	for flag, words := range map[string][]string{"nat": presetIDs(netmodel.PresetNAT),
		"client": presetIDs(netmodel.PresetClient), "priority": {"battery", "data", "latency"},
		"at": append(presetIDs(netmodel.PresetBroker), presetIDs(netmodel.PresetCarrier)...)} {
		completeWords(c, flag, words)
	}
	return c
}

func runRecommend(out io.Writer, o *recommendOptions) error {
	w, err := o.wishes()
	if err != nil {
		return badInput(err)
	}
	a, err := w.Answer()
	if err != nil {
		return badInput(err)
	}
	if _, err := fmt.Fprint(out, a); err != nil {
		return err
	}
	if a.Keepalive == 0 || o.unproved {
		return nil
	}
	return uncoded(prove(out, &w, a))
}

// wishes looks presets up.
func (o *recommendOptions) wishes() (recommend.Wishes, error) {
	w := recommend.Wishes{Silence: o.silence, PerHour: o.perHour, MayLose: o.mayLose,
		Priority: recommend.Priority(o.priority)}
	if w.Silence < 0 || w.PerHour < 0 {
		return w, fmt.Errorf("--silence and --accesses-per-hour cannot be negative")
	}
	for _, id := range o.places {
		p, err := presetOf(id, netmodel.PresetBroker, netmodel.PresetCarrier)
		if err != nil {
			return w, err
		}
		w.Places = append(w.Places, p)
	}
	var err error
	if w.Client, err = presetOf(o.client, netmodel.PresetClient); err != nil {
		return w, err
	}
	for _, n := range o.nat {
		axis, err := sweep.ParseAxis("nat=" + n)
		if err != nil {
			return w, err
		}
		for _, v := range axis.Values {
			parts := v.Parts
			if len(parts) == 0 {
				parts = []sweep.Part{{Text: v.Text}}
			}
			for _, part := range parts {
				nat, err := natOf(part.Text)
				if err != nil {
					return w, err
				}
				w.NATs = append(w.NATs, nat)
			}
		}
	}
	if len(w.NATs)+len(w.Places) == 0 && o.silence == 0 && o.perHour == 0 {
		return w, fmt.Errorf("nothing to go by: add --nat, --at, --silence or --accesses-per-hour")
	}
	return w, nil
}

// presetOf finds a preset of one of some kinds.
func presetOf(id string, kinds ...netmodel.PresetKind) (*netmodel.Preset, error) {
	if p := netmodel.FindPreset(id); p != nil && slices.Contains(kinds, p.Kind) {
		return p, nil
	}
	var words, known []string
	for _, k := range kinds {
		words = append(words, string(k))
		known = append(known, presetIDs(k)...)
	}
	return nil, fmt.Errorf("no preset of a %s is called %q%s; halfopen presets lists them",
		strings.Join(words, " or "), id, scenario.Suggest(id, known))
}

// natOf reads a NAT preset or a timeout.
func natOf(text string) (recommend.NAT, error) {
	if d, err := scenario.ParseDuration(text); err == nil && d > 0 {
		return recommend.NAT{Name: "the NAT", Timeout: d, Source: "your wish"}, nil
	}
	p := netmodel.FindPreset(text)
	if p == nil || p.Kind != netmodel.PresetNAT {
		return recommend.NAT{}, fmt.Errorf("%q is neither a NAT preset nor a timeout like 240s%s", text,
			scenario.Suggest(text, presetIDs(netmodel.PresetNAT)))
	}
	v, ok := p.Get("established")
	d, good := v.Duration()
	if !ok || !good {
		return recommend.NAT{}, fmt.Errorf("%s says no timeout for established connections", text)
	}
	s := p.SourceOf(v)
	source := s.Name
	if s.Confidence == netmodel.Unverified || s.Confidence == netmodel.Low {
		source += ", " + s.Confidence.String() + " confidence"
	}
	return recommend.NAT{Name: p.Title, Timeout: d, Source: source}, nil
}

// proofSeeds is how many runs each variant of the proof has.
const proofSeeds = 10

// prove runs the recommended keepalive with a cut, without TCP keepalive and with Go's.
func prove(out io.Writer, w *recommend.Wishes, a *recommend.Answer) error {
	nat := "none"
	shortest := time.Duration(0)
	for _, n := range w.NATs {
		if shortest == 0 || n.Timeout < shortest {
			shortest, nat = n.Timeout, scenario.FormatDuration(n.Timeout)
		}
	}
	keepalive := fmt.Sprintf("%ds", a.Keepalive)
	length := time.Duration(a.Keepalive)*5*time.Second + 10*time.Minute
	s := sweep.Explore()
	for _, set := range [][2]string{{"keepalive", keepalive}, {"run", scenario.FormatDuration(length)},
		{"cut.at", scenario.FormatDuration(length / 2)}, {"outage", scenario.FormatDuration(length / 2)},
		{"period", scenario.FormatDuration(length)}} {
		if err := sweep.Apply(s, set[0], set[1]); err != nil {
			return err
		}
	}
	axis, err := sweep.ParseAxis("nat=" + nat)
	if err != nil {
		return err
	}
	seeds, err := sweep.ParseSeeds(fmt.Sprintf("1-%d", proofSeeds))
	if err != nil {
		return err
	}
	p, err := sweep.NewPlan(s, []sweep.Axis{axis}, seeds)
	if err != nil {
		return err
	}
	var rows []sweep.Row
	for i := range p.Runs() {
		row := p.Run(i, sweepRun)
		if row.Error != "" {
			return fmt.Errorf("trying it: run %d: %s", i, row.Error)
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(out, "Tried with paho and mochi, %d seeds, NAT %s, the line cut for good:\n",
		proofSeeds, nat)
	for _, g := range p.Groups(rows) {
		b := sweep.Spread(g.Rows, "detect_s")
		wakes := sweep.Spread(g.Rows, "wakes_per_day")
		what := "TCP keepalive " + g.Values[1]
		fmt.Fprintf(out, "  %s %s noticed after %.1f to %.1f s; %.0f radio wake-ups a day\n", what,
			strings.Repeat(" ", max(0, 18-len(what))), b.P5.Value, b.Most.Value, wakes.P50.Value)
	}
	return nil
}
