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
	pkg, bench, metric string
	least, most        float64 // 0: no bound
	what               string
}

// promises are what was promised of the simulator's speed, in processor time of one core. The
// ratios hold on any machine; the absolute figures on one of some 3 GHz.
var promises = []promise{
	{pkg: "./netmodel", bench: "MQTT", metric: "Msegments/cpu-s", least: 2,
		what: "one MQTT connection, segments a second"},
	{pkg: "./netmodel", bench: "Bulk", metric: "Msegments/cpu-s", least: 1.5,
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

// weather is how far the check lets a figure miss its promise: a neighbour's load costs a third at
// times, and a step backwards in the code that is worth a red light costs more.
const weather = 1.5

// stepSpeed is runSpeed as a step of the check.
func stepSpeed(c *checker) (string, error) { return speed(c.ctx, weather) }

// speed fails if a figure misses its promise by more than slack times.
func speed(ctx context.Context, slack float64) (string, error) {
	var b strings.Builder
	broken := 0
	results := make(map[string]measured)
	for _, p := range promises {
		if results[p.pkg] == nil {
			if err := benchmark(ctx, p.pkg, results); err != nil {
				return "", err
			}
		}
		m := results[p.pkg+" "+p.bench]
		got, ok := m.value(p.metric)
		if !ok {
			return "", fmt.Errorf("speed: %s: Benchmark%s reports no %s", p.pkg, p.bench, p.metric)
		}
		bound, missed := fmt.Sprintf(">= %g", p.least), p.least/got
		if p.most > 0 {
			bound, missed = fmt.Sprintf("<= %g", p.most), got/p.most
		}
		broken += line(&b, p.what, got, p.metric, bound, missed, slack)
		if r, ok := m.value("events/segment"); ok {
			fmt.Fprintf(&b, ", %.0f bare events a segment", r)
		}
		fmt.Fprintln(&b)
	}
	startUp, err := startUpTime(ctx)
	if err != nil {
		return "", err
	}
	broken += line(&b, "start-up of halfopen run seed", startUp, "ms", "<= 60", startUp/60, slack)
	fmt.Fprintln(&b)
	if broken > 0 {
		return b.String(), fmt.Errorf("%d promises are not kept; load %s", broken, load())
	}
	return b.String(), nil
}

// line writes one promise. missed above 1 is by what it is missed.
func line(b *strings.Builder, what string, got float64, unit, bound string,
	missed, slack float64) (broken int) {
	verdict := "ok"
	switch {
	case missed > slack:
		verdict, broken = "FAIL", 1
	case missed > 1:
		verdict = "miss"
	}
	fmt.Fprintf(b, "%-4s  %-42s %8.2f %-15s %s", verdict, what, got, unit, bound)
	return broken
}

// benchmark runs a package's promised benchmarks three times on one processor.
func benchmark(ctx context.Context, pkg string, results map[string]measured) error {
	var names []string
	for _, p := range promises {
		if name, _, _ := strings.Cut(p.bench, "/"); p.pkg == pkg && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	x := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-count", "3", "-benchtime", "2s",
		"-cpu", "1", "-bench", "^Benchmark("+strings.Join(names, "|")+")$", pkg)
	x.Stderr = os.Stderr
	out, err := x.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	results[pkg] = measured{}
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
