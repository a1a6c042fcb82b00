package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"halfopen/sim/export"
)

func exportCommand() *cobra.Command {
	var o outputFlags
	var seed string
	var set []string
	var goTest bool
	c := &cobra.Command{
		Use:   "export --go SCENARIO|FILE|-",
		Short: "Write a scenario as a Go test",
		Long: `Writes a test file that plays the scenario and checks its expect lines. It compiles in any
module that knows halfopen; the file says how to make it so. Programs of your own can take part.`,
		Example: `  halfopen export --go seed -o tunnel_test.go
  halfopen export --go seed --set client.keepalive=20s`,
		Args:              exactlyOne(aScenario),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			if !goTest {
				return badInput(errors.New("export to what? --go is the only form; " +
					"captures and tables come from `halfopen run --format`"))
			}
			if err := o.check(); err != nil {
				return err
			}
			s, err := parseScenario(c, args[0])
			if err != nil {
				return err
			}
			if err := applySettings(s, seed, set); err != nil {
				return err
			}
			src, err := export.GoTest(s)
			if err != nil {
				return internal(err)
			}
			return o.write(c, func(w io.Writer) error {
				_, err := w.Write(src)
				return err
			})
		},
	}
	o.add(c)
	c.Flags().BoolVar(&goTest, "go", false, "as a Go test")
	c.Flags().StringVar(&seed, "seed", "", "another seed than the scenario's")
	c.Flags().StringArrayVar(&set, "set", nil, "change a value: client.keepalive=30s (repeat)")
	completeSettings(c)
	return c
}
