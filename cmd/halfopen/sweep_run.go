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
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"halfopen/sim/sweep"
)

// sweepDir opens or makes the directory of the result: a temporary one if nobody wants to keep it.
// Without a shard a new result is whole, and one that is gone on with is what it was.
func sweepDir(p *sweep.Plan, o *sweepOptions, shard *sweep.Shard) (*sweep.Dir, error) {
	path := o.out
	if path == "" {
		tmp, err := os.MkdirTemp("", "halfopen-sweep-")
		if err != nil {
			return nil, err
		}
		path = filepath.Join(tmp, "result")
	}
	if !o.resume {
		if shard == nil {
			shard = &sweep.Whole
		}
		d, err := sweep.Create(path, p, *shard)
		if errors.Is(err, sweep.ErrExists) {
			return nil, badInput(fmt.Errorf("%w: add --resume to go on with it", err))
		}
		return d, uncoded(err)
	}
	d, err := sweep.Open(path)
	if err != nil {
		return nil, badInput(err)
	}
	if shard == nil {
		shard = &d.Shard
	}
	if d.Plan.Hash() != p.Hash() || d.Shard != *shard {
		return nil, badInput(fmt.Errorf("%s holds another sweep (plan %s, shard %v): this one is plan "+
			"%s, shard %v", path, d.Plan.Hash(), d.Shard, p.Hash(), *shard))
	}
	return d, nil
}

// sweepAll runs what is missing, and returns all rows.
func sweepAll(c *cobra.Command, d *sweep.Dir, o *sweepOptions) ([]sweep.Row, error) {
	if o.out == "" {
		defer os.RemoveAll(filepath.Dir(d.Path)) // nobody wants to keep it
	}
	stderr := c.ErrOrStderr()
	missing := d.Missing()
	fmt.Fprint(stderr, d.Plan)
	if d.Shard != sweep.Whole {
		fmt.Fprintf(stderr, "shard %v: %d of them\n", d.Shard, d.Runs())
	}
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	runErr := sweepRest(ctx, stderr, d, missing, o.workers)
	if err := errors.Join(runErr, d.Close()); err != nil {
		return nil, err
	}
	rows, err := d.Rows()
	if err != nil {
		return nil, err
	}
	if left := len(d.Missing()); left > 0 {
		return nil, &exitError{code: exitInterrupted, err: fmt.Errorf(
			"interrupted with %d of %d runs to do%s", left, d.Runs(), resumeHint(o))}
	}
	return rows, nil
}

func resumeHint(o *sweepOptions) string {
	if o.out == "" {
		return "; with -o DIR the result would be kept, and --resume would go on with it"
	}
	return fmt.Sprintf(": go on with halfopen sweep -o %s --resume", o.out)
}

// sweepRest runs the missing runs. The first ones are taken from all over the plan, for the
// estimate.
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
	e := newEstimate(missing, n)
	var bar *progressbar.ProgressBar
	defer func() {
		if bar != nil {
			_ = bar.Finish() // it is only a bar
		}
	}()
	return pool.Run(ctx, d.Plan, missing, func(r sweep.Row) error {
		if left, ok := e.row(); ok {
			fmt.Fprintf(stderr, "estimate  %v for %d more runs on %d workers\n", left,
				len(missing)-e.rows, n)
			bar = progress(stderr, len(missing)-e.rows)
		} else if bar != nil {
			_ = bar.Add(1)
		}
		return d.Add(r)
	})
}

// estimate says how long a sweep will take, once every worker has had three runs: the first of each
// is slow, because its process starts.
type estimate struct {
	runs, rows, workers int
	began               time.Time
}

// newEstimate moves a sample of the runs, from all over the plan, to the front.
func newEstimate(runs []int, workers int) *estimate {
	e := &estimate{runs: len(runs), workers: workers}
	step := len(runs) / (3 * workers)
	for i := 0; step > 0 && i < 3*workers; i++ {
		runs[i], runs[i*step] = runs[i*step], runs[i]
	}
	return e
}

// row counts one, and returns the estimate when there is enough to go by.
func (e *estimate) row() (time.Duration, bool) {
	switch e.rows++; {
	case e.rows == e.workers:
		e.began = time.Now()
	case e.rows == 3*e.workers && e.runs > e.rows:
		each := time.Since(e.began) / time.Duration(2*e.workers)
		return (each * time.Duration(e.runs-e.rows)).Round(time.Second / 10), true
	}
	return 0, false
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
