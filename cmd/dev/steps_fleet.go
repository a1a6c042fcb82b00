package main

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The budget of a fleet of 10,000 clients for one virtual hour with an outage, and what it may cost
// where the machine is too slow for that: most of it is what paho and mochi do by themselves, which
// is measured beside it.
const (
	fleetTime   = 2 * time.Minute
	fleetMemory = 6    // GB
	fleetCurve  = 2    // what a client may cost at 10,000, times its cost at 100
	overPipes   = 1.25 // what a client may cost, times its cost over pipes
	pipesCurve  = 1.2  // how much steeper the curve may be than that over pipes
)

// stepFleet measures fleets of 100, 1,000 and 10,000 clients: time, memory, and that the cost of a
// client stays flat.
func stepFleet(c *checker) (string, error) {
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	var lines []string
	for n := 1; ; n++ {
		text, err := measureFleets(c, bin)
		lines = append(lines, text)
		if err == nil || n == patience || c.ctx.Err() != nil {
			return strings.Join(lines, "\nagain:\n"), err
		}
	}
}

// fleetCost is what a fleet of n clients took: seconds, GB, and milliseconds of processor time a
// client, also of the same programs over pipes.
type fleetCost struct {
	n                             int
	seconds, memory, client, pipe float64
}

func (f *fleetCost) String() string {
	return fmt.Sprintf("%5d clients: %5.1f s, %.1f GB, %5.2f ms of processor time a client; "+
		"over bare pipes %5.2f ms", f.n, f.seconds, f.memory, f.client, f.pipe)
}

// judge says what is wrong with the costs of a small and of a large fleet, and what is right only
// because the machine is slow.
func judge(small, large *fleetCost) (note string, err error) {
	if large.memory > fleetMemory {
		return "", fmt.Errorf("%.1f GB, budget %d", large.memory, fleetMemory)
	}
	tcp, pipe := large.client/small.client, large.pipe/small.pipe
	if tcp > max(fleetCurve, pipesCurve*pipe) {
		return "", fmt.Errorf("a client costs %.1f times as much in the large fleet: not flat", tcp)
	}
	if large.seconds <= fleetTime.Seconds() {
		return "", nil
	}
	bare := large.pipe * float64(large.n) / 1e3
	if large.client > overPipes*large.pipe {
		return "", fmt.Errorf("%.0f s, budget %v; the same programs over bare pipes take %.0f s; load %s",
			large.seconds, fleetTime, bare, load())
	}
	return fmt.Sprintf("slow machine: over %v, of which programs over bare pipes take %.0f s",
		fleetTime, bare), nil
}

// measureFleets measures the curve once.
func measureFleets(c *checker, bin string) (string, error) {
	pipes := make(map[string]measured)
	err := runBenchmark(c.ctx, pipes, "./sim", "FleetOverPipes", "-benchtime", "1x")
	if err != nil {
		return "", err
	}
	var lines []string
	var costs []*fleetCost
	for _, n := range []int{100, 1000, 10000} {
		f, err := measureFleet(c, bin, n)
		if err != nil {
			return "", err
		}
		var ok bool
		f.pipe, ok = pipes[fmt.Sprintf("./sim FleetOverPipes/%d", n)].value("cpu-ms/client-hour")
		if !ok {
			return "", fmt.Errorf("the benchmark says nothing about %d clients", n)
		}
		costs, lines = append(costs, f), append(lines, f.String())
	}
	note, err := judge(costs[0], costs[len(costs)-1])
	if note != "" {
		lines = append(lines, note)
	}
	return strings.Join(lines, "\n"), err
}

var fleetTook = regexp.MustCompile(`took ([0-9.]+) s, ([0-9.]+) GB`)

func measureFleet(c *checker, bin string, n int) (*fleetCost, error) {
	x := exec.CommandContext(c.ctx, bin, "fleet", "--clients", strconv.Itoa(n), "--jitter", "0",
		"--no-estimate")
	out, err := x.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, tail(string(out)))
	}
	took := fleetTook.FindSubmatch(out)
	if took == nil {
		return nil, fmt.Errorf("the fleet does not say how long it took:\n%s", tail(string(out)))
	}
	s, errS := strconv.ParseFloat(string(took[1]), 64)
	memory, errM := strconv.ParseFloat(string(took[2]), 64)
	cpu := x.ProcessState.UserTime() + x.ProcessState.SystemTime()
	return &fleetCost{n: n, seconds: s, memory: memory, client: cpu.Seconds() * 1e3 / float64(n)},
		errors.Join(errS, errM)
}
