package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// runFlags are the flags of run.
type runFlags struct {
	seed, format, at, lang string
	client                 string
	set                    []string
	time                   string
	runs, width            int
	hash, all              bool
	out                    outputFlags
	args                   []string // as typed, to be repeated
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run SCENARIO|FILE|-",
		Short: "Run a scenario, and show what happened",
		Example: `  halfopen run seed
  halfopen run seed --seed 8 --set client.keepalive=20s --set cut.for=30s
  halfopen run seed-go --format capture --at client | diff - real.jsonl
  halfopen run seed --format pcapng --at client -o seed.pcapng
  halfopen run mine.sim --runs 100
  halfopen run seed --format svg --time 185s -o seed.svg`,
		Long: `Runs a scenario to its end in virtual time: five minutes take milliseconds.

Formats:` + formatHelp() + `

--set changes any value of the scenario; halfopen show SCENARIO --settings lists their names.
` + exitHelp,
		Args:              exactlyOne(aScenario),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			f.args = os.Args[1:]
			return f.run(c, args[0])
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.seed, "seed", "", "another seed than the scenario's")
	fl.StringArrayVar(&f.set, "set", nil, "change a value: client.keepalive=30s (repeat)")
	fl.StringVarP(&f.format, "format", "f", "story", formatNames())
	fl.StringVar(&f.at, "at", "", "the host whose packets capture and pcapng have")
	fl.StringVar(&f.client, "client", "",
		"the client that the summary is about (default: the first that lost its line)")
	fl.StringVar(&f.time, "time", "", "the instant that svg shows (default: the end)")
	fl.StringVar(&f.lang, "lang", "", "language of the summary: en or ja (default: as LANG says)")
	fl.IntVar(&f.width, "width", 0, "columns of the ladder, 80 to 120 (default: as the terminal has)")
	fl.IntVar(&f.runs, "runs", 1, "run so often and compare the traces")
	fl.BoolVar(&f.hash, "hash", false, "print the trace's hash only")
	fl.BoolVar(&f.all, "all", false, "ladder: with pure ACKs, TCP keepalive and loopback")
	f.out.add(c)
	completeWords(c, "format", allFormatNames())
	completeWords(c, "lang", []string{"en", "ja"})
	completeSettings(c)
	return c
}

func (f *runFlags) run(c *cobra.Command, name string) error {
	if f.hash {
		f.format = "hash"
	}
	form, err := f.check(c)
	if err != nil {
		return err
	}
	s, err := parseScenario(c, name)
	if err != nil {
		return err
	}
	if scenario.Check(s) == nil {
		warn(c, s) // of what is written, not of what --set makes of it
	}
	if err := applySettings(s, f.seed, f.set); err != nil {
		return err
	}
	stop := context.AfterFunc(c.Context(), func() { os.Exit(exitInterrupted) })
	defer stop()
	tr, failed := runScenario(s)
	if tr == nil || failed != nil && exitCode(failed) != exitFailed {
		return failed
	}
	if err := f.repeat(c, s, tr); err != nil {
		return err
	}
	stop()
	if err := f.out.write(c, form.writer(c, f, tr)); err != nil {
		return err
	}
	return failed
}

// check refuses what cannot work before anything runs.
func (f *runFlags) check(c *cobra.Command) (*format, error) {
	form, err := findFormat(f.format)
	if err != nil {
		return nil, badInput(err)
	}
	if form.binary && (f.out.name == "" || f.out.name == "-") && isTerminal(c.OutOrStdout()) {
		return nil, badInput(fmt.Errorf("%s is nothing for a terminal: add -o FILE", form.name))
	}
	if form.needsHost && f.at == "" {
		return nil, badInput(fmt.Errorf("--format %s needs --at HOST: whose packets?", form.name))
	}
	if err := form.useless(c); err != nil {
		return nil, badInput(err)
	}
	if f.runs < 1 {
		return nil, badInput(fmt.Errorf("--runs %d: at least one", f.runs))
	}
	if f.width != 0 && (f.width < narrowest || f.width > widest) {
		return nil, badInput(fmt.Errorf("--width %d: from %d to %d", f.width, narrowest, widest))
	}
	if _, err := f.instant(0); err != nil {
		return nil, badInput(err)
	}
	if _, err := f.language(); err != nil {
		return nil, badInput(err)
	}
	return form, f.out.check()
}

// instant is what --time says.
func (f *runFlags) instant(otherwise netmodel.Time) (netmodel.Time, error) {
	if f.time == "" {
		return otherwise, nil
	}
	d, err := scenario.ParseDuration(f.time)
	if err != nil {
		return 0, fmt.Errorf("--time: %w", err)
	}
	return netmodel.Time(d), nil
}

// runScenario runs a scenario. A failed expectation is an error with a trace.
func runScenario(s *scenario.Scenario) (*trace.Trace, error) {
	tr, err := sim.RunScenario(s, sim.Options{})
	if err != nil && !errors.As(err, new(*sim.ExpectationError)) {
		return tr, internal(err)
	}
	return tr, err
}

// repeat runs the scenario again, and reports the first difference between two runs.
func (f *runFlags) repeat(c *cobra.Command, s *scenario.Scenario, first *trace.Trace) error {
	for i := 2; i <= f.runs; i++ {
		again, err := runScenario(s)
		if again == nil {
			return err
		}
		if d := trace.Diff(first, again); d != nil {
			return &exitError{exitNotDeterministic, fmt.Errorf("run %d of %d differs from the first: %v",
				i, f.runs, d)}
		}
	}
	if f.runs > 1 {
		fmt.Fprintf(c.ErrOrStderr(), "%d runs, one trace: %s\n", f.runs, portable(first))
	}
	return nil
}

// portable is a trace's hash, with what it is worth.
func portable(tr *trace.Trace) string {
	if tr.Ties > 0 {
		return fmt.Sprintf("%s (not portable: %d ties)", tr.Hash(), tr.Ties)
	}
	return tr.Hash()
}
