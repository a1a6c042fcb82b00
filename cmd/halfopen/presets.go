package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
)

func presetsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "presets",
		Short:   "List the presets of stacks, NATs, links, clients and brokers",
		Long:    "Lists what is known about real devices, services and libraries, with its sources.",
		Example: "  halfopen presets\n  halfopen presets nat\n  halfopen presets show aws-nlb-tcp",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			kind := netmodel.PresetKind("")
			if len(args) == 1 {
				kind = netmodel.PresetKind(args[0])
				if len(netmodel.Presets(kind)) == 0 {
					return badInput(fmt.Errorf("no presets of kind %q%s", args[0],
						scenario.Suggest(args[0], presetKinds())))
				}
			}
			return flushed(c.OutOrStdout(), func(w io.Writer) error { return listPresets(w, kind) })
		},
	}
	c.AddCommand(&cobra.Command{
		Use:     "show ID",
		Short:   "Show a preset with value, unit, source, date and confidence",
		Example: "  halfopen presets show linux-conntrack",
		Args:    exactlyOne("the name of a preset: halfopen presets lists them"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return presetIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			p := netmodel.FindPreset(args[0])
			if p == nil {
				return badInput(fmt.Errorf("unknown preset %q%s", args[0],
					scenario.Suggest(args[0], presetIDs())))
			}
			return flushed(c.OutOrStdout(), func(w io.Writer) error { return showPreset(w, p) })
		},
	})
	return c
}

func presetKinds() []string {
	var names []string
	for _, k := range netmodel.PresetKinds() {
		names = append(names, string(k))
	}
	return names
}

// presetIDs are the names of the presets of some kinds; of all if none is named.
func presetIDs(kinds ...netmodel.PresetKind) []string {
	if len(kinds) == 0 {
		kinds = netmodel.PresetKinds()
	}
	var ids []string
	for _, k := range kinds {
		for _, p := range netmodel.Presets(k) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// headlines are the values by which presets of a kind are told apart in the list: the first that a
// preset has, or the first few where more belong together.
var headlines = map[netmodel.PresetKind]struct {
	names []string
	most  int
}{
	netmodel.PresetStandard: {[]string{"server-drops-after", "established", "give-up-data",
		"rto-initial"}, 1},
	netmodel.PresetStack: {[]string{"initial-rto", "syn-retries", "retries", "keep-idle"}, 2},
	netmodel.PresetNAT:   {[]string{"established"}, 1},
	netmodel.PresetCarrier: {[]string{"established", "established-min", "accesses-per-hour", "poll",
		"heartbeat-mobile", "alarm"}, 1},
	netmodel.PresetClient: {[]string{"notice-x", "notice-plus", "keepalive", "backoff-max"}, 2},
	netmodel.PresetBroker: {[]string{"keepalive-min", "keepalive-max", "drop-x"}, 2},
	netmodel.PresetLink:   {[]string{"latency", "loss"}, 2},
	netmodel.PresetEnergy: {[]string{"charge-per-event", "rrc-inactivity", "tail", "light-sleep",
		"quiescent", "power-ratio"}, 1},
}

// headline returns a preset's values for the list, and the least confidence among them.
func headline(p *netmodel.Preset) (string, netmodel.Confidence) {
	const order = "HMLU"
	var out []string
	least := netmodel.High
	h := headlines[p.Kind]
	for _, name := range h.names {
		if v, ok := p.Get(name); ok && len(out) < h.most {
			out = append(out, strings.TrimSpace(name+" "+v.Value+" "+v.Unit))
			c := p.SourceOf(v).Confidence
			if strings.IndexByte(order, byte(c)) > strings.IndexByte(order, byte(least)) {
				least = c
			}
		}
	}
	if len(out) == 0 {
		v := p.Values[0]
		return strings.TrimSpace(v.Name + " " + v.Value + " " + v.Unit), p.SourceOf(v).Confidence
	}
	return strings.Join(out, ", "), least
}

func listPresets(w io.Writer, kind netmodel.PresetKind) error {
	last := netmodel.PresetKind("")
	for _, p := range netmodel.Presets(kind) {
		if p.Kind != last {
			if last != "" {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%s\n", p.Kind)
			last = p.Kind
		}
		values, confidence := headline(p)
		if _, err := fmt.Fprintf(w, "  %-21s  %-40s  %-10s  %s\n", p.ID, values, confidence,
			p.Title); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "\nhalfopen presets show ID: all values, with their sources and dates.")
	return err
}

// showPreset prints each value with its confidence and the number of its source.
func showPreset(w io.Writer, p *netmodel.Preset) error {
	fmt.Fprintf(w, "%s: %s (%s)\n", p.ID, p.Title, p.Kind)
	sources := []netmodel.Source{p.Source}
	conflicts := p.Conflicts()
	nameWidth, valueWidth := 0, 0
	for _, v := range p.Values {
		nameWidth = max(nameWidth, len(v.Name))
		valueWidth = max(valueWidth, len(v.Value)+1+len(v.Unit))
	}
	for _, v := range p.Values {
		s := p.SourceOf(v)
		n := slices.Index(sources, s)
		if n < 0 {
			n = len(sources)
			sources = append(sources, s)
		}
		mark := ""
		if first, _ := p.Get(v.Name); slices.Contains(conflicts, v.Name) {
			if mark = "  CONFLICT: used"; v != first {
				mark = "  CONFLICT: not used"
			}
		}
		fmt.Fprintf(w, "  %-*s  %-*s  %-10s  [%d]%s\n", nameWidth, v.Name, valueWidth,
			strings.TrimSpace(v.Value+" "+v.Unit), s.Confidence, n+1, mark)
	}
	for i, s := range sources {
		fmt.Fprintf(w, "  [%d] %s\n", i+1, sourceText(s))
	}
	if p.Notes != "" {
		fmt.Fprintf(w, "  %s\n", p.Notes)
	}
	return nil
}

func sourceText(s netmodel.Source) string {
	text := s.Name
	if s.URL != "" {
		text += ", " + s.URL
	}
	return text + " (seen " + s.Seen + ")"
}
