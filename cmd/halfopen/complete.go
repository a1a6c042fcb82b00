package main

import (
	"github.com/spf13/cobra"

	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
)

// This file is what the shell completes.

// completeScenarios completes the names of built-in scenarios, and files.
func completeScenarios(_ *cobra.Command, args []string, _ string) ([]string,
	cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	for _, n := range scenarios.Names() {
		list = append(list, n+"\t"+scenarios.Title(n))
	}
	return list, cobra.ShellCompDirectiveDefault
}

// completeWords completes a flag by fixed words.
func completeWords(c *cobra.Command, flag string, words []string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words,
		cobra.ShellCompDirectiveNoFileComp))
}

// completeSettings completes --set by the names of what the scenario on the command line lets be
// changed, --client by its clients, and --at by its hosts.
func completeSettings(c *cobra.Command) {
	complete(c, "set", func(s *scenario.Scenario) (list []string) {
		for _, p := range s.Settings() {
			list = append(list, p.Path+"=\t"+p.Doc)
		}
		return list
	}, cobra.ShellCompDirectiveNoSpace)
	complete(c, "client", func(s *scenario.Scenario) (list []string) {
		for i := range s.Statements {
			if st := &s.Statements[i]; st.Verb == "client" {
				list = append(list, st.Args[0])
			}
		}
		return list
	}, cobra.ShellCompDirectiveDefault)
	complete(c, "at", func(s *scenario.Scenario) (list []string) {
		for i := range s.Statements {
			switch st := &s.Statements[i]; st.Verb {
			case "host", "router", "nat", "broker", "client":
				if _, guest := st.Lookup("host"); !guest && !st.IsStep() {
					list = append(list, st.Args[0])
				}
			}
		}
		return list
	}, cobra.ShellCompDirectiveDefault)
}

// complete completes a flag, if the command has it, by something of its scenario.
func complete(c *cobra.Command, flag string, of func(*scenario.Scenario) []string,
	then cobra.ShellCompDirective) {
	if c.Flags().Lookup(flag) == nil {
		return
	}
	_ = c.RegisterFlagCompletionFunc(flag, func(c *cobra.Command, args []string, _ string) ([]string,
		cobra.ShellCompDirective) {
		if len(args) == 0 || args[len(args)-1] == "-" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		s, err := parseScenario(c, args[len(args)-1])
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return of(s), then | cobra.ShellCompDirectiveNoFileComp
	})
}
