package sweep

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Runner runs a scenario. A failed expectation is no error here: a sweep measures.
type Runner func(*scenario.Scenario) (*trace.Trace, error)

// Worker serves a Pool: it reads the plan as one line of JSON, then the number of a run a line, and
// answers each with its row. It returns when its input ends.
func Worker(in io.Reader, out io.Writer, run Runner) error {
	r := bufio.NewReader(in)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("sweep worker: no plan: %w", err)
	}
	var p Plan
	if err := json.Unmarshal(line, &p); err != nil {
		return fmt.Errorf("sweep worker: %w", err)
	}
	if err := p.check(); err != nil {
		return err
	}
	for {
		line, err := r.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		i, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil || i < 0 || i >= p.Runs() {
			return fmt.Errorf("sweep worker: %q is not a run", line)
		}
		row := p.Run(i, run)
		if _, err := out.Write(p.AppendJSON(nil, &row)); err != nil {
			return err
		}
	}
}

// Run runs one run of the plan here and now.
func (p *Plan) Run(i int, run Runner) Row {
	pt := p.Point(i)
	s, err := p.Scenario(pt)
	if err != nil {
		return Row{Point: pt, Plan: p.Hash(), Error: err.Error()}
	}
	tr, err := run(s)
	if err != nil {
		return Row{Point: pt, Plan: p.Hash(), Error: firstLine(err.Error())}
	}
	return p.Measure(pt, s, tr)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
