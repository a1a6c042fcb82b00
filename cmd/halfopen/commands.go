package main

import (
	"github.com/spf13/cobra"
)

// verbs are the constructors of all commands, in the order of the help.
var verbs = []func() *cobra.Command{
	runCommand, listCommand, showCommand, checkCommand, diffCommand, exportCommand, presetsCommand,
	hashCommand, sweepCommand, mergeCommand, recommendCommand, fleetCommand, serveCommand, siteCommand,
	versionCommand,
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "halfopen",
		Short: "A deterministic simulator of MQTT clients that lose and regain their network",
		Example: `  halfopen run seed                      two minutes of silence, and who noticed when
  halfopen run seed --set client.keepalive=20s
  halfopen show seed > mine.sim && halfopen run mine.sim
  halfopen run seed --format pcapng -o seed.pcapng && tshark -r seed.pcapng
  halfopen serve                         the same in a browser, to be played with`,
		Long: `halfopen runs real MQTT client and broker code over a simulated TCP network with a virtual
clock, breaks the network, and shows what each side noticed, when, and by which rule.

` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownVerb(c, args[0])
			}
			return c.Help()
		},
	}
	root.PersistentFlags().Var(newColorFlag(), "color",
		"auto, always or never (NO_COLOR is respected)")
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { printHelp(c, c.OutOrStdout()) })
	root.SetFlagErrorFunc(flagError)
	for _, v := range verbs {
		root.AddCommand(v())
	}
	root.SetHelpCommand(helpCommand(root))
	addCompletion(root)
	return root
}
