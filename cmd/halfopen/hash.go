package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func hashCommand() *cobra.Command {
	var seed string
	var set []string
	c := &cobra.Command{
		Use:   "hash SCENARIO|FILE|-...",
		Short: "Run scenarios and print the hashes of their traces",
		Long: "Runs scenarios and prints the hashes of their traces. The page shows the same hash for " +
			"the same scenario.",
		Example:           "  halfopen hash seed\n  halfopen hash seed --seed 8",
		Args:              atLeastOne(aScenario),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range args {
				s, err := parseScenario(c, name)
				if err != nil {
					return err
				}
				if err := applySettings(s, seed, set); err != nil {
					return err
				}
				tr, err := runScenario(s)
				if tr == nil || err != nil && exitCode(err) != exitFailed {
					return err
				}
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%s  %s\n", portable(tr), name); err != nil {
					return internal(err)
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&seed, "seed", "", "another seed than the scenarios'")
	c.Flags().StringArrayVar(&set, "set", nil, "change a value: client.keepalive=30s (repeat)")
	completeSettings(c)
	return c
}
