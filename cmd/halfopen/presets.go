package main

import (
	"fmt"
	"io"
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
			return presetIDs(""), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			p := netmodel.FindPreset(args[0])
			if p == nil {
				return badInput(fmt.Errorf("unknown preset %q%s", args[0],
					scenario.Suggest(args[0], presetIDs(""))))
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
		mark := ""
		if p.Confidence == netmodel.Unverified {
			mark = "  (unverified)"
		}
		if _, err := fmt.Fprintf(w, "  %-22s %s%s\n", p.ID, p.Title, mark); err != nil {
			return err
		}
	}
	return nil
}

func showPreset(w io.Writer, p *netmodel.Preset) error {
	fmt.Fprintf(w, "%s: %s (%s)\n", p.ID, p.Title, p.Kind)
	for _, v := range p.Values {
		s := p.SourceOf(v)
		fmt.Fprintf(w, "  %-18s %-16s confidence %s", v.Name, strings.TrimSpace(v.Value+" "+v.Unit),
			s.Confidence)
		if v.From != nil {
			fmt.Fprintf(w, "; %s", sourceText(s))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "  source: %s\n", sourceText(p.Source))
	for _, name := range p.Conflicts() {
		fmt.Fprintf(w, "  sources contradict each other about %s: the first is used\n", name)
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
	if s.Seen != "" {
		text += " (seen " + s.Seen + ")"
	}
	return text
}
