package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"halfopen/sim/sweep"
)

// sweepDir opens or makes the directory of the result: a temporary one if nobody wants to keep it.
func sweepDir(p *sweep.Plan, o *sweepOptions, shard sweep.Shard) (*sweep.Dir, error) {
	path := o.out
	if path == "" {
		tmp, err := os.MkdirTemp("", "halfopen-sweep-")
		if err != nil {
			return nil, err
		}
		path = filepath.Join(tmp, "result")
	}
	if !o.resume {
		d, err := sweep.Create(path, p, shard)
		if errors.Is(err, sweep.ErrExists) {
			return nil, badInput(err)
		}
		return d, uncoded(err)
	}
	d, err := sweep.Open(path)
	if err != nil {
		return nil, badInput(err)
	}
	if d.Plan.Hash() != p.Hash() || d.Shard != shard {
		return nil, badInput(fmt.Errorf("%s holds another sweep (plan %s, shard %v): this one is plan "+
			"%s, shard %v", path, d.Plan.Hash(), d.Shard, p.Hash(), shard))
	}
	return d, nil
}

// sweepAll runs what is missing, and returns all rows.
func sweepAll(c *cobra.Command, d *sweep.Dir, o *sweepOptions) ([]sweep.Row, error) {
	stderr := c.ErrOrStderr()
	missing := d.Missing()
	fmt.Fprint(stderr, d.Plan)
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
	defer stop()
	runErr := sweepRest(ctx, stderr, d, missing, o.workers)
	if err := errors.Join(runErr, d.Close()); err != nil {
		return nil, err
	}
	rows, err := d.Rows()
	if err != nil {
		return nil, err
	}
	if o.out == "" {
		if err := os.RemoveAll(filepath.Dir(d.Path)); err != nil {
			return nil, err
		}
	}
	if left := len(d.Missing()); left > 0 {
		return nil, &exitError{code: exitInterrupted, err: fmt.Errorf(
			"interrupted with %d of %d runs to do%s", left, d.Plan.Runs(), resumeHint(o))}
	}
	return rows, nil
}

func resumeHint(o *sweepOptions) string {
	if o.out == "" {
		return "; with -o DIR the result would be kept, and --resume would go on with it"
	}
	return fmt.Sprintf(": go on with halfopen sweep -o %s --resume", o.out)
}

// sweepRest runs the missing runs. The first one is timed alone, for the estimate.
func sweepRest(ctx context.Context, stderr io.Writer, d *sweep.Dir, missing []int, n int) error {
	if len(missing) == 0 {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	pool := &sweep.Pool{Workers: n, Command: func() *exec.Cmd {
		return exec.Command(self, "sweep", "worker")
	}}
	middle := len(missing) / 2
	missing[0], missing[middle] = missing[middle], missing[0]
	began := time.Now()
	if err := pool.Run(ctx, d.Plan, missing[:1], d.Add); err != nil {
		return err
	}
	rest := missing[1:]
	each := time.Since(began)
	fmt.Fprintf(stderr, "estimate  %v for %d runs on %d workers\n",
		(each * time.Duration(len(rest)) / time.Duration(max(n, 1))).Round(time.Second/10), len(rest), n)
	bar := progress(stderr, len(rest))
	defer func() { _ = bar.Finish() }() // it is only a bar
	return pool.Run(ctx, d.Plan, rest, func(r sweep.Row) error {
		_ = bar.Add(1)
		return d.Add(r)
	})
}

// progress is a bar on a terminal, and nothing elsewhere.
func progress(w io.Writer, n int) *progressbar.ProgressBar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return progressbar.DefaultSilent(int64(n))
	}
	return progressbar.NewOptions(n, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("runs"),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
}
