package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"halfopen/cmd/dev/fidelity"
)

// runFidelity compares the model with the captures in folders.
func runFidelity(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("fidelity", flag.ContinueOnError)
	only := flags.String("part", "", "replay or story: one part only")
	seeds := flags.Int("seeds", 64, "how many seeds the second part tries")
	verbose := flags.Bool("v", false, "show the first mismatch also where enough matches")
	diff := flags.Bool("diff", false, "show every segment of both lists side by side")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("fidelity: name a folder of runs")
	}
	failed := 0
	for _, dir := range flags.Args() {
		runs, err := fidelity.LoadAll(dir)
		if err != nil {
			return err
		}
		o := fidelity.Options{Verbose: *verbose, Diff: *diff, Seeds: *seeds, Out: os.Stdout,
			Replay: *only != "story", Story: *only != "replay"}
		n, err := fidelity.Report(ctx, runs, o)
		if err != nil {
			return err
		}
		failed += n
	}
	if failed > 0 {
		return fmt.Errorf("fidelity: %d comparisons failed", failed)
	}
	return nil
}
