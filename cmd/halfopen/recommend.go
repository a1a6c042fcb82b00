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

The answer is for devices without TCP keepalive, as most are; what it would be with Go's own is
told, too. It is then tried: the simulator runs it behind the shortest NAT, with both, and prints
the commands that do the same.`,
		Example: `  halfopen recommend --nat aws-nlb-tcp --at aws-iot-core --silence 5m
  halfopen recommend --nat 4m:30%,28m:70% --priority latency
  halfopen recommend --nat 350s --at aws-iot-core --silence 5m --accesses-per-hour 4`,
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
	return uncoded(try(out, &w, a))
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
		nats, err := natsOf(n)
		if err != nil {
			return w, fmt.Errorf("--nat %w", err)
		}
		w.NATs = append(w.NATs, nats...)
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

// natsOf reads a NAT preset, a timeout, or a mix.
func natsOf(text string) ([]recommend.NAT, error) {
	axis, err := sweep.ParseAxis("nat=" + text)
	if err != nil {
		return nil, err
	}
	var nats []recommend.NAT
	for _, v := range axis.Values {
		parts := v.Parts
		if len(parts) == 0 {
			parts = []sweep.Part{{Text: v.Text}}
		}
		for _, part := range parts {
			nat, err := natOf(part.Text)
			if err != nil {
				return nil, err
			}
			if part.Share > 0 {
				nat.Name += fmt.Sprintf(" (%g %% of the mix)", float64(part.Share)/1e4)
			}
			nats = append(nats, nat)
		}
	}
	return nats, nil
}

func natOf(text string) (recommend.NAT, error) {
	if d, err := scenario.ParseDuration(text); err == nil && d > 0 {
		return recommend.NAT{Name: "the NAT of " + text, Timeout: d, Source: "your wish"}, nil
	}
	p := netmodel.FindPreset(text)
	if p == nil || p.Kind != netmodel.PresetNAT {
		return recommend.NAT{}, fmt.Errorf("%q is neither a NAT preset nor a timeout like 240s%s", text,
			scenario.Suggest(text, presetIDs(netmodel.PresetNAT)))
	}
	nat, ok := recommend.NATOf(p)
	if !ok {
		return nat, fmt.Errorf("%s says no timeout for established connections", text)
	}
	return nat, nil
}
