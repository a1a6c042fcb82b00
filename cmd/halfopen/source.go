package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
)

// loadScenario reads a scenario: a built-in one by name, a file (text, or JSON), or - for standard
// input. What it returns has been parsed and checked.
func loadScenario(c *cobra.Command, name string) (*scenario.Scenario, error) {
	s, err := parseScenario(c, name)
	if err != nil {
		return nil, err
	}
	return s, scenario.Check(s)
}

// parseScenario is loadScenario without the check, for scenarios that settings will change.
func parseScenario(c *cobra.Command, name string) (*scenario.Scenario, error) {
	if s, ok := scenarios.Get(name); ok {
		return s, nil
	}
	text, err := readSource(c, name)
	if err != nil {
		return nil, badInput(err)
	}
	if strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "{") { // as show --json writes it
		s := new(scenario.Scenario)
		if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), s); err != nil {
			return nil, badInput(fmt.Errorf("%s: %w", name, err))
		}
		return s, nil
	}
	return scenario.Parse(name, text)
}

// warn prints what is probably not meant as it is written.
func warn(c *cobra.Command, s *scenario.Scenario) {
	for _, w := range scenario.Warnings(s) {
		fmt.Fprintln(c.ErrOrStderr(), "halfopen: warning:", w)
	}
}

// readSource reads a file, but not more of it than a scenario can be.
func readSource(c *cobra.Command, name string) (string, error) {
	r := c.InOrStdin()
	if name != "-" {
		f, err := os.Open(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", unknownScenario(name)
		case err != nil:
			return "", err
		}
		defer f.Close()
		if i, err := f.Stat(); err == nil && i.IsDir() {
			return "", fmt.Errorf("%s is a folder, not a scenario", name)
		}
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, scenario.MaxText+1))
	if err != nil {
		return "", err
	}
	if len(b) > scenario.MaxText {
		return "", fmt.Errorf("%s: more than %d MiB; a scenario is shorter", name, scenario.MaxText>>20)
	}
	return string(b), nil
}

func unknownScenario(name string) error {
	hint := scenario.Suggest(name, scenarios.Names())
	if hint == "" {
		hint = "; the built-in ones are " + strings.Join(scenarios.Names(), ", ")
	}
	return fmt.Errorf("%q is neither a file nor a built-in scenario%s", name, hint)
}

// unknownVerb is the error for a command that does not exist.
func unknownVerb(c *cobra.Command, name string) error {
	hint := scenario.Suggest(name, commandNames(c))
	if _, ok := scenarios.Get(name); ok {
		hint = fmt.Sprintf(", did you mean \"run %s\"?", name)
	}
	return fmt.Errorf("unknown command %q%s", name, hint)
}

// applySettings applies --seed and --set, and checks the result.
func applySettings(s *scenario.Scenario, seed string, sets []string) error {
	if seed != "" {
		sets = append([]string{"seed=" + seed}, sets...)
	}
	for _, set := range sets {
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			return badInput(fmt.Errorf("--set %s: expected NAME=VALUE, such as client.keepalive=30s", set))
		}
		if err := s.Set(name, value); err != nil {
			return badInput(err)
		}
	}
	return scenario.Check(s)
}
