package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// promise is a bound on a metric that a benchmark reports.
type promise struct {
	pkg, bench, metric string  // without a package: the command's own time
	least, most        float64 // 0: no bound
	// bare is the same bound in the yardstick's units, bare events of a loop for a segment, for
	// machines that are slower than the figure means, or have neighbours. 0: none.
	bare float64
	what string
}

func (p promise) key() string { return p.pkg + " " + p.bench }

// promises are what was promised of the simulator's speed, in processor time of one core. The
// ratios hold on any machine; the absolute figures on one of some 3 GHz that is free: a bare event
// takes 15 to 18 ns on it.
var promises = []promise{
	{pkg: "./netmodel", bench: "MQTT", metric: "Msegments/cpu-s", least: 2, bare: 33,
		what: "one MQTT connection, segments a second"},
	{pkg: "./netmodel", bench: "Bulk", metric: "Msegments/cpu-s", least: 1.5, bare: 40,
		what: "a bulk transfer, segments a second"},
	{pkg: "./netmodel", bench: "Many", metric: "cpu-ms/op", most: 400,
		what: "200 MQTT connections, an hour"},
	{pkg: "./netmodel", bench: "Idle", metric: "cpu-ms/op", most: 2000,
		what: "10,000 idle connections, an hour"},
	{pkg: "./sim/trace", bench: "Recording/MQTT", metric: "ratio", most: 2,
		what: "the full trace of one connection"},
	{pkg: "./sim/trace", bench: "Recording/Bulk", metric: "ratio", most: 2,
		what: "the full trace of a bulk transfer"},
	{pkg: "./sim/trace", bench: "Recording/Many", metric: "ratio", most: 2,
		what: "the full trace of 200 connections"},
	{pkg: "./sim", bench: "VirtualHour", metric: "ratio", most: 1.5,
		what: "real programs over TCP, against a pipe"},
	{metric: "ms", most: 60, what: "start-up of halfopen run seed"},
}

// measured are the values of a benchmark's metrics, one a run.
type measured map[string][]float64

// value is what several runs say of a metric: the best, since what disturbs only adds; of a ratio,
// whose two sides are disturbed alike, the median.
func (m measured) value(metric string) (float64, bool) {
	v := slices.Sorted(slices.Values(m[metric]))
	switch {
	case len(v) == 0:
		return 0, false
	case metric == "Msegments/cpu-s":
		return v[len(v)-1], true
	case metric == "cpu-ms/op":
		return v[0], true
	}
	return v[len(v)/2], true
}

// runSpeed runs the benchmarks that the promises are about, prints what they report beside the
// promises, and fails if one is not kept.
func runSpeed(ctx context.Context, _ []string) error {
	out, err := speed(ctx, 1)
	fmt.Print(out)
	return err
}

// patience is how many times the check measures before it believes that a promise is broken. A
// neighbour's load costs a third at times, but it only adds: what was kept once can be kept.
const patience = 3

// stepSpeed is runSpeed as a step of the check.
func stepSpeed(c *checker) (string, error) { return speed(c.ctx, patience) }

// speed measures, and measures again what is not kept, at most so many times.
func speed(ctx context.Context, times int) (string, error) {
	lines := make([]string, len(promises))
	broken := make([]int, len(promises))
	for i := range broken {
		broken[i] = i
	}
	for n := 1; len(broken) > 0 && n <= times; n++ {
		results, err := benchmarks(ctx, broken)
		if err != nil {
			return "", err
		}
		var still []int
		for _, i := range broken {
			got, err := measure(ctx, promises[i], results)
			if err != nil {
				return "", err
			}
			bare, _ := results[promises[i].key()].value("events/segment")
			text, kept := promises[i].line(got, bare)
			if n > 1 {
				text += fmt.Sprintf(" (measured %d times)", n)
			}
			if lines[i] = text; !kept {
				still = append(still, i)
			}
		}
		broken = still
	}
	out := strings.Join(lines, "\n") + "\n"
	if len(broken) > 0 {
		return out, fmt.Errorf("%d promises are not kept; load %s", len(broken), load())
	}
	return out, nil
}

// measure is what a promise's benchmark has reported, or how long the command takes.
func measure(ctx context.Context, p promise, results map[string]measured) (float64, error) {
	if p.pkg == "" {
		return startUpTime(ctx)
	}
	got, ok := results[p.key()].value(p.metric)
	if !ok {
		return 0, fmt.Errorf("speed: %s: Benchmark%s reports no %s", p.pkg, p.bench, p.metric)
	}
	return got, nil
}

// line is a promise with what was measured, also in bare events if that is not 0, and whether it is
// kept.
func (p promise) line(got, bare float64) (text string, kept bool) {
	bound, kept := fmt.Sprintf(">= %g", p.least), got >= p.least
	if p.most > 0 {
		bound, kept = fmt.Sprintf("<= %g", p.most), got <= p.most
	}
	if bare > 0 {
		bound += fmt.Sprintf(", %.0f bare events a segment", bare)
	}
	if !kept && p.bare > 0 {
		bound += fmt.Sprintf(" (slow machine: <= %g)", p.bare)
		kept = 0 < bare && bare <= p.bare
	}
	verdict := "ok"
	if !kept {
		verdict = "FAIL"
	}
	return fmt.Sprintf("%-4s  %-42s %8.2f %-15s %s", verdict, p.what, got, p.metric, bound), kept
}

// benchmarks runs those that some promises are about, three times each; those of one package
// together.
func benchmarks(ctx context.Context, of []int) (map[string]measured, error) {
	var pkgs []string
	names := make(map[string][]string) // by package
	for _, i := range of {
		p := promises[i]
		name, _, _ := strings.Cut(p.bench, "/")
		if p.pkg == "" || slices.Contains(names[p.pkg], name) {
			continue
		}
		if names[p.pkg] == nil {
			pkgs = append(pkgs, p.pkg)
		}
		names[p.pkg] = append(names[p.pkg], name)
	}
	results := make(map[string]measured)
	for _, pkg := range pkgs {
		err := runBenchmark(ctx, results, pkg, strings.Join(names[pkg], "|"), "-count", "3",
			"-benchtime", "2s")
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// runBenchmark adds to results what the benchmarks of that name report on one processor.
func runBenchmark(ctx context.Context, results map[string]measured, pkg, name string,
	flags ...string) error {
	args := append([]string{"test", "-run", "^$", "-cpu", "1", "-bench", "^Benchmark(" + name + ")$"},
		flags...)
	x := exec.CommandContext(ctx, "go", append(args, pkg)...)
	x.Stderr = os.Stderr
	out, err := x.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	s := bufio.NewScanner(strings.NewReader(string(out)))
	for s.Scan() {
		name, ok := strings.CutPrefix(s.Text(), "Benchmark")
		f := strings.Fields(name)
		if !ok || len(f) < 4 {
			continue
		}
		key := pkg + " " + f[0]
		if results[key] == nil {
			results[key] = measured{}
		}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return fmt.Errorf("speed: %s: %w", s.Text(), err)
			}
			results[key][f[i+1]] = append(results[key][f[i+1]], v)
		}
	}
	return nil
}

// startUpTime is how long the built command takes for the experiment, in milliseconds: the median.
func startUpTime(ctx context.Context) (float64, error) {
	dir, err := os.MkdirTemp("", "halfopen-speed-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "halfopen")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", bin,
		"./cmd/halfopen").CombinedOutput(); err != nil {
		return 0, errors.New(string(out))
	}
	var took []time.Duration
	for range 11 {
		began := time.Now()
		if out, err := exec.CommandContext(ctx, bin, "run", "seed").CombinedOutput(); err != nil {
			return 0, fmt.Errorf("run seed: %w\n%s", err, out)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2].Seconds() * 1e3, nil
}
