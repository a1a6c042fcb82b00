package sweep

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// Pool runs a plan's runs in worker processes: Command makes one, whose program calls Worker on its
// standard input and output.
type Pool struct {
	Workers int
	Command func() *exec.Cmd
}

// mostDeaths is how many workers in a row may die without a single row: something is wrong with the
// program then, and not with a run.
const mostDeaths = 3

// Run gives the runs to the workers, and calls done with each row, one at a time, in the order in
// which they finish. When ctx is cancelled no new run begins; those under way are finished. A run
// that kills its worker, or that its watchdog ends, becomes a row with an error. An error of done
// ends it.
func (p *Pool) Run(ctx context.Context, plan *Plan, runs []int, done func(Row) error) error {
	if len(runs) == 0 {
		return nil
	}
	head, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	queue := make(chan int)
	rows := make(chan Row)
	stop := make(chan struct{})
	var once sync.Once
	halt := func() { once.Do(func() { close(stop) }) }
	go func() {
		defer close(queue)
		for _, r := range runs {
			select {
			case queue <- r:
			case <-ctx.Done():
				return
			case <-stop:
				return
			}
		}
	}()
	var workers sync.WaitGroup
	failures := make(chan error, max(p.Workers, 1))
	for range min(max(p.Workers, 1), len(runs)) {
		workers.Go(func() {
			if err := p.work(plan, head, queue, rows); err != nil {
				failures <- err
				halt()
			}
		})
	}
	go func() { workers.Wait(); close(rows) }()
	var failed error
	for row := range rows {
		if failed == nil {
			if failed = done(row); failed != nil {
				halt()
			}
		}
	}
	select {
	case err := <-failures:
		return err
	default:
	}
	return failed
}

// work keeps one worker process alive until there is nothing more to do.
func (p *Pool) work(plan *Plan, head []byte, queue <-chan int, rows chan<- Row) error {
	var w *process
	defer func() { w.close() }()
	deaths := 0
	for i := range queue {
		var err error
		if w == nil {
			if w, err = start(p.Command(), head); err != nil {
				return fmt.Errorf("starting a worker: %w", err)
			}
		}
		row, err := w.run(plan, i)
		if err == nil {
			deaths = 0
			rows <- row
			continue
		}
		said := w.close()
		w = nil
		if deaths++; deaths >= mostDeaths {
			return fmt.Errorf("%d workers in a row ended without a row: %v %s", deaths, err, said)
		}
		rows <- Row{Point: plan.Point(i), Plan: plan.Hash(),
			Error: firstLine(fmt.Sprintf("the worker ended: %v %s", err, said))}
	}
	return nil
}

// process is a running worker.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
	err tail
}

func start(cmd *exec.Cmd, head []byte) (*process, error) {
	w := &process{cmd: cmd}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = &w.err
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w.in, w.out = in, bufio.NewReader(out)
	_, _ = fmt.Fprintf(in, "%s\n", head) // a worker that is gone already shows at the first row
	return w, nil
}

func (w *process) run(plan *Plan, i int) (Row, error) {
	if _, err := fmt.Fprintln(w.in, i); err != nil {
		return Row{}, err
	}
	line, err := w.out.ReadBytes('\n')
	if err != nil {
		return Row{}, err
	}
	return plan.ParseRow(line)
}

// close ends a worker, and returns the last thing that it said.
func (w *process) close() string {
	if w == nil {
		return ""
	}
	_ = w.in.Close()
	_ = w.cmd.Wait() // its death, if it died, is told by what it said
	return w.err.String()
}

// tail keeps the last bytes of what a worker says.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailSize = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if n := len(t.b) - tailSize; n > 0 {
		t.b = append(t.b[:0], t.b[n:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
