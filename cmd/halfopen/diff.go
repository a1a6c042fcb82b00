package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

func diffCommand() *cobra.Command {
	var seed, client string
	var set []string
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two runs: where they part, and what that changed",
		Long: `Compares two runs. A and B are scenarios, which are run, or traces of earlier runs, as
--format json writes them; --seed and --set change B only. It shows the first event that differs,
with what came before it, and what the client noticed, lost and sent in each of the two.

Exit codes: 0 the same; 1 they differ; 2 and 3 as everywhere.`,
		Example: `  halfopen diff seed seed --set client.keepalive=20s
  halfopen diff seed seed --seed 8
  halfopen run mine.sim --format json -o before.json && halfopen diff before.json mine.sim`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("expected two scenarios or traces, not %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			a, err := traceOf(c, args[0], "", nil)
			if err != nil {
				return err
			}
			b, err := traceOf(c, args[1], seed, set)
			if err != nil {
				return err
			}
			return showDiff(c, a, b, client)
		},
	}
	c.Flags().StringVar(&seed, "seed", "", "another seed for B")
	c.Flags().StringArrayVar(&set, "set", nil, "change a value of B: client.keepalive=30s (repeat)")
	c.Flags().StringVar(&client, "client", "", "the client to compare (default: the first)")
	completeSettings(c)
	return c
}

// traceOf runs a scenario, or reads the trace of an earlier run.
func traceOf(c *cobra.Command, name, seed string, set []string) (*trace.Trace, error) {
	if t, err := readTrace(name); t != nil || err != nil {
		if err == nil && (seed != "" || len(set) > 0) {
			err = fmt.Errorf("%s is a trace: --seed and --set cannot change what has happened", name)
		}
		return t, badInput(err)
	}
	s, err := parseScenario(c, name)
	if err != nil {
		return nil, err
	}
	if err := applySettings(s, seed, set); err != nil {
		return nil, err
	}
	tr, err := runScenario(s)
	if tr == nil || err != nil && exitCode(err) != exitFailed {
		return nil, err
	}
	return tr, nil
}

// readTrace reads a file of --format json; nil if it is none.
func readTrace(name string) (*trace.Trace, error) {
	const begins = `{"version":`
	f, err := os.Open(name)
	if err != nil {
		return nil, nil // a built-in scenario, or an error that is reported for it
	}
	defer f.Close()
	r := bufio.NewReader(f)
	if head, _ := r.Peek(len(begins)); string(head) != begins {
		return nil, nil
	}
	t, err := trace.DecodeJSON(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

func showDiff(c *cobra.Command, a, b *trace.Trace, client string) error {
	d := trace.Diff(a, b)
	if d == nil {
		_, err := fmt.Fprintf(c.OutOrStdout(), "the same: %s\n", portable(a))
		return internal(err)
	}
	if client != "" {
		if err := knownClient(b, client); err != nil {
			return badInput(err)
		}
	}
	ra, rb := metrics.Of(a, client, metrics.Options{}), metrics.Of(b, client, metrics.Options{})
	err := flushed(c.OutOrStdout(), func(w io.Writer) error {
		if !showParting(w, a, b) {
			fmt.Fprintf(w, "Their transcripts are the same, but %v", d)
		}
		fmt.Fprintf(w, "%-26s %14s %14s\n", "\n"+ra.Client, "A", "B")
		for _, m := range measures {
			x, y, by := m.of(a, &ra), m.of(b, &rb), ""
			if x != y && m.by != nil {
				by = m.by(&ra, &rb)
			}
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-26s %14s %14s  %s", m.name, x, y, by), " "))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return &exitError{exitFailed, errDiffer}
}

// knownClient refuses the name of a client that took no part in a run.
func knownClient(t *trace.Trace, name string) error {
	all := belief.Clients(t)
	if slices.Contains(all, name) {
		return nil
	}
	return fmt.Errorf("no client %q%s; there are %s", name, scenario.Suggest(name, all),
		strings.Join(all, ", "))
}

// aroundParting is how many lines of a transcript are shown before, and from, the first difference.
const aroundParting = 4

// showParting prints where two transcripts part, and reports whether they do.
func showParting(w io.Writer, a, b *trace.Trace) bool {
	x, y := transcript(a), transcript(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	if n == len(x) && n == len(y) {
		return false
	}
	show := func(title string, lines []string) {
		fmt.Fprintln(w, title)
		for _, l := range lines {
			fmt.Fprintf(w, "  %s\n", l)
		}
	}
	if n > 0 {
		show(fmt.Sprintf("The same for %d lines:", n), x[max(0, n-aroundParting):n])
	}
	show("then A:", x[n:min(len(x), n+aroundParting)])
	show("and B:", y[n:min(len(y), n+aroundParting)])
	return true
}

func transcript(t *trace.Trace) []string {
	var b strings.Builder
	_ = t.Transcript(&b) // a Builder takes everything
	return append(strings.Split(strings.TrimRight(b.String(), "\n"), "\n"), "the run is over")
}

// errDiffer says nothing: the difference has been shown.
var errDiffer = quiet("")

type quiet string

func (q quiet) Error() string { return string(q) }
