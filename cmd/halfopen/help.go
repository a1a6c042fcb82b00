package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/sim/scenario"
)

// This file is how help looks, and how errors of the command line read.

// printHelp writes a command's help: examples first, then what it does, then its flags. (Templates
// would do it, too, but package text/template keeps the linker from leaving out what nobody calls.)
func printHelp(c *cobra.Command, w io.Writer) {
	if c.HasExample() {
		fmt.Fprintf(w, "Examples:\n%s\n\n", c.Example)
	}
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	fmt.Fprintf(w, "%s\n\nUsage:\n", strings.TrimSpace(text))
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND\n", c.CommandPath())
	} else {
		fmt.Fprintf(w, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(w, "\nCommands:")
		for _, v := range c.Commands() {
			if v.IsAvailableCommand() || v.Name() == "help" {
				fmt.Fprintf(w, "  %-11s %s\n", v.Name(), v.Short)
			}
		}
	}
	const columns = 100
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", c.LocalFlags().FlagUsagesWrapped(columns))
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(w, "\nGlobal flags:\n%s", c.InheritedFlags().FlagUsagesWrapped(columns))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n%s COMMAND --help says more about a command.\n", c.CommandPath())
	}
}

// helpCommand is "halfopen help COMMAND".
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Say more about a command",
		Example: "  halfopen help run",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return commandNames(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownVerb(root, args[len(args)-max(1, len(rest))])
			}
			return c.Help()
		},
	}
}

// addCompletion adds cobra's completion command, and has it refuse shells that it does not know.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	c, _, err := root.Find([]string{"completion"})
	if err != nil || c == root {
		return
	}
	c.Short = "Print the completion script of a shell"
	c.Long = "Prints a script that completes commands, flags, scenarios, hosts and settings."
	c.Example = `  source <(halfopen completion bash)
  halfopen completion zsh > "${fpath[1]}/_halfopen"
  halfopen completion fish > ~/.config/fish/completions/halfopen.fish`
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		names := commandNames(c)
		return badInput(fmt.Errorf("unknown shell %q%s; there are %s", args[0],
			scenario.Suggest(args[0], names), strings.Join(names, ", ")))
	}
}

// noArgs refuses arguments, where cobra would call them unknown commands.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, but got %q", c.Name(), strings.Join(args, " "))
	}
	return nil
}

// exactlyOne says what is missing instead of counting arguments.
func exactlyOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("expected one argument, not %d: %s", len(args), strings.Join(args, " "))
		}
		return atLeastOne(what)(nil, args)
	}
}

func atLeastOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("expected %s", what)
		}
		return nil
	}
}

// aScenario is what most commands are about.
const aScenario = "a scenario: a built-in one (halfopen list), a file, or -"

// flagName finds the flag in pflag's messages, whose types are not ours to import.
var flagName = regexp.MustCompile(`"(?:-., )?(--[a-z-]+)" flag`)

// flagError says what was expected of a flag, in words of the command line and not of Go.
func flagError(c *cobra.Command, err error) error {
	var unknown interface{ GetSpecifiedName() string }
	var value interface{ GetValue() string }
	switch {
	case errors.As(err, &value):
		name := flagName.FindStringSubmatch(err.Error())
		if name == nil {
			return badInput(err)
		}
		return badInput(fmt.Errorf("%s %s: %s", name[1], value.GetValue(), wanted(err)))
	case errors.As(err, &unknown) && strings.HasPrefix(err.Error(), "unknown flag"):
		return badInput(fmt.Errorf("%w%s", err,
			scenario.Suggest("--"+unknown.GetSpecifiedName(), flagNames(c))))
	}
	return badInput(err)
}

// wanted is what a flag with a bad value expected.
func wanted(err error) string {
	cause := errors.Unwrap(err)
	switch {
	case errors.As(err, new(*strconv.NumError)):
		return "expected a whole number"
	case cause == nil:
		return "what does that mean?"
	case strings.HasPrefix(cause.Error(), "time: "):
		return "expected a duration such as 1m30s"
	}
	return "expected " + cause.Error()
}

// flagNames are the flags that a command takes, read from its help.
func flagNames(c *cobra.Command) []string {
	var names []string
	for _, w := range strings.Fields(c.LocalFlags().FlagUsages() + c.InheritedFlags().FlagUsages()) {
		if strings.HasPrefix(w, "--") {
			names = append(names, strings.TrimRight(w, ":,."))
		}
	}
	return names
}

func commandNames(c *cobra.Command) []string {
	var names []string
	for _, v := range c.Commands() {
		if v.IsAvailableCommand() {
			names = append(names, v.Name())
		}
	}
	return names
}
