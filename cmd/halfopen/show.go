package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/sim/scenario"
)

func showCommand() *cobra.Command {
	var seed string
	var set []string
	var asJSON, settings, transcript, link bool
	c := &cobra.Command{
		Use:   "show SCENARIO|FILE|-",
		Short: "Print a scenario in its canonical form",
		Example: `  halfopen show seed
  halfopen show seed --settings
  halfopen show seed --set client.keepalive=20s > mine.sim`,
		Args:              exactlyOne(aScenario),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf(c, "settings", "json", "transcript", "link"); err != nil {
				return err
			}
			s, err := parseScenario(c, args[0])
			if err != nil {
				return err
			}
			if err := applySettings(s, seed, set); err != nil {
				return err
			}
			return flushed(c.OutOrStdout(), func(w io.Writer) error {
				switch {
				case settings:
					return showSettings(w, s)
				case asJSON:
					return showJSON(w, s)
				case link:
					f, err := scenario.Encode(s)
					if err != nil {
						return badInput(err)
					}
					_, err = fmt.Fprintln(w, "#s="+f)
					return err
				case transcript:
					_, err := io.WriteString(w, s.Document())
					return err
				}
				_, err := io.WriteString(w, s.String())
				return err
			})
		},
	}
	c.Flags().StringVar(&seed, "seed", "", "another seed than the scenario's")
	c.Flags().StringArrayVar(&set, "set", nil, "change a value: client.keepalive=30s (repeat)")
	c.Flags().BoolVar(&settings, "settings", false, "list what --set can change")
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	c.Flags().BoolVar(&transcript, "transcript", false, "with the recorded transcript")
	c.Flags().BoolVar(&link, "link", false, "print the fragment of a share link")
	completeSettings(c)
	return c
}

// oneOf refuses flags that exclude each other.
func oneOf(c *cobra.Command, names ...string) error {
	var given []string
	for _, n := range names {
		if c.Flags().Changed(n) {
			given = append(given, "--"+n)
		}
	}
	if len(given) > 1 {
		return badInput(fmt.Errorf("%s exclude each other", strings.Join(given, " and ")))
	}
	return nil
}

func showSettings(w io.Writer, s *scenario.Scenario) error {
	for _, p := range s.Settings() {
		mark := " "
		if p.Written {
			mark = "*"
		}
		if _, err := fmt.Fprintf(w, "%s %-32s %-24s %s\n", mark, p.Path, p.Value, p.Doc); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "* written in the scenario; the others hold by default")
	return err
}

func showJSON(w io.Writer, s *scenario.Scenario) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(s)
}
