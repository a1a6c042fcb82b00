package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"halfopen/sim/sweep"
)

// sweepPrint prints the rows, and writes what else was asked for. What is to be said about them
// goes to standard error: rows may be read by a program.
func sweepPrint(c *cobra.Command, d *sweep.Dir, rows []sweep.Row, o *sweepOptions) error {
	err := sweepFormat(c.OutOrStdout(), d.Plan, rows, o)
	if err == nil && o.html != "" {
		err = sweep.WriteFile(o.html, []byte(sweep.Report(d.Plan, rows)))
	}
	if err == nil && o.out != "" {
		err = sweepFigures(d, rows, o.measure)
	}
	if err != nil {
		return err
	}
	w := c.ErrOrStderr()
	if n := sweep.Tied(rows); n > 0 {
		fmt.Fprintf(w, "%d runs had coincidences that the Go runtime decides (column ties): run again, "+
			"they may differ in details\n", n)
	}
	outside, failed := sweep.Outsiders(rows)
	for i, r := range append(outside, failed...) {
		if i == 5 {
			fmt.Fprintf(w, "... and %d more\n", len(outside)+len(failed)-i)
			break
		}
		fmt.Fprintf(w, "run %d: %s%s\n", r.Run, r.Outside, r.Error)
	}
	if n := len(outside) + len(failed); n > 0 {
		return &exitError{code: exitFailed, err: fmt.Errorf(
			"%d runs broke an analytic bound, %d failed: an error of the model or of a library; "+
				"look at one with --only RUN", len(outside), len(failed))}
	}
	return nil
}

// sweepFormats are the values of --format.
var sweepFormats = []string{"table", "heat", "csv", "jsonl", "none"}

func sweepFormat(w io.Writer, p *sweep.Plan, rows []sweep.Row, o *sweepOptions) error {
	switch o.format {
	case "table":
		return sweep.WriteTable(w, p, rows, terminalColumns(w))
	case "heat":
		_, err := io.WriteString(w, sweep.TextHeats(p.Heats(rows, o.measure), o.measure))
		return err
	case "csv":
		_, err := w.Write(p.CSV(rows))
		return err
	case "jsonl":
		for i := range rows {
			if _, err := w.Write(p.AppendJSON(nil, &rows[i])); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// sweepFigures writes the pictures into the result's directory.
func sweepFigures(d *sweep.Dir, rows []sweep.Row, measure string) error {
	maps := d.Plan.Heats(rows, measure)
	for _, f := range []struct {
		name string
		draw func() ([]byte, error)
	}{
		{"heat.svg", func() ([]byte, error) { return []byte(sweep.HeatSVG(maps, measure)), nil }},
		{"heat.png", func() ([]byte, error) { return sweep.HeatPNG(maps, measure) }},
		{"curve.svg", func() ([]byte, error) { return []byte(sweep.CurveSVG(d.Plan, rows)), nil }},
		{"curve.png", func() ([]byte, error) { return sweep.CurvePNG(d.Plan, rows) }},
	} {
		b, err := f.draw()
		if err == nil {
			err = sweep.WriteFile(filepath.Join(d.Path, f.name), b)
		}
		if err != nil {
			return fmt.Errorf("the rows are in %s; a figure is not: %w", d.Path, err)
		}
	}
	return nil
}

func mergeCommand() *cobra.Command {
	o := sweepOptions{}
	c := &cobra.Command{
		Use:   "merge RESULT... -o DIR",
		Short: "Put the parts of a sharded sweep together",
		Long: "Puts the results of the shards of one sweep together, in any order. The rows are those " +
			"of the sweep\nin one piece, byte for byte.",
		Example: "  halfopen merge part-* -o result --html report.html",
		Args:    atLeastOne("the results of a sweep's shards: folders that -o wrote"),
		RunE: func(c *cobra.Command, args []string) error {
			if o.out == "" {
				return badInput(errors.New("where to? Add -o DIR"))
			}
			if err := o.checkOutput(); err != nil {
				return badInput(err)
			}
			d, err := sweep.Merge(o.out, args...)
			if errors.As(err, new(*fs.PathError)) && !errors.Is(err, fs.ErrNotExist) {
				return internal(err) // a full disk is not a wrong command line
			}
			if err != nil {
				return badInput(err)
			}
			rows, err := d.Rows()
			if err != nil {
				return err
			}
			return sweepPrint(c, d, rows, &o)
		},
	}
	c.Flags().StringVarP(&o.out, "output", "o", "", "directory for the result")
	o.addOutput(c.Flags())
	return c
}
