package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"halfopen/sim/scenarios"
)

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the built-in scenarios",
		Example: "  halfopen list",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, n := range scenarios.Names() {
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%-15s %s\n", n, scenarios.Title(n)); err != nil {
					return internal(err)
				}
			}
			return nil
		},
	}
}
