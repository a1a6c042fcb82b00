package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "check SCENARIO|FILE|-...",
		Short:   "Check scenarios without running them",
		Example: "  halfopen check mine.sim\n  halfopen show seed | halfopen check -",
		Args:    atLeastOne(aScenario),
		Long: `Checks scenarios as run does before it runs them. It warns of what is correct and probably
not meant: steps after the end of the run, clients that no links join with their broker.`,
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range args {
				s, err := loadScenario(c, name)
				if err != nil {
					return err
				}
				warn(c, s)
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%s: ok, %d statements, %v\n", name,
					len(s.Statements), s.Length()); err != nil {
					return internal(err)
				}
			}
			return nil
		},
	}
}
