package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// theSweep is 1,440 settings of half an hour, each with TCP keepalive off, as devices have it, and
// with Go's.
var theSweep = []string{"sweep", "-v", "keepalive=5..1200", "-v", "outage=1s,10s,60s,10m",
	"-v", "nat=aws-nlb-tcp,azure-lb,linux-conntrack", "--seeds", "1-10", "--format", "none"}

// sweepBudget is for 1,440 runs on two cores.
const sweepBudget = 45 * time.Second

// stepSweep measures the sweep, with one TCP keepalive only: that is 1,440 runs.
func stepSweep(c *checker) (string, error) {
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	began := time.Now()
	args := append(theSweep, "-v", "tcp-keepalive=off", "--workers", "2", "-o",
		filepath.Join(c.dir, "timed"))
	if _, err := c.cmd(nil, bin, args...); err != nil {
		return "", err
	}
	took := time.Since(began)
	said := fmt.Sprintf("1,440 runs of 30 virtual minutes on 2 workers: %v (budget %v)",
		took.Round(100*time.Millisecond), sweepBudget)
	if took > sweepBudget {
		return "", fmt.Errorf("%s, load %s", said, load())
	}
	return said, nil
}

// stepResume kills a sweep at random moments, resumes it until it is done, and compares; then it
// does the same work in eight shards and merges them.
func stepResume(c *checker) (string, error) {
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	args := []string{"sweep", "-v", "keepalive=5..300:8", "-v", "outage=1s,60s", "--set", "run=10m",
		"--set", "cut.at=2m", "--seeds", "1-10", "--format", "none", "-o"}
	whole := filepath.Join(c.dir, "whole")
	began := time.Now()
	if _, err := c.cmd(nil, bin, append(args, whole)...); err != nil {
		return "", err
	}
	took := time.Since(began)
	killed := filepath.Join(c.dir, "killed")
	seed := uint64(began.UnixNano())
	chance := rand.New(rand.NewPCG(seed, 0)) // said below: a failure can be repeated
	kills := 0
	for {
		var resume []string
		if _, err := os.Stat(filepath.Join(killed, "plan.json")); err == nil {
			resume = []string{"--resume"}
		}
		after := time.Duration(chance.Int64N(int64(took/2) + 1))
		if kills >= 20 {
			after = time.Hour
		}
		done, err := runAndKill(bin, append(append(args, killed), resume...), after)
		if err != nil {
			return "", err
		}
		if done {
			break
		}
		kills++
	}
	if err := sameRows(whole, killed); err != nil {
		return "", fmt.Errorf("killed %d times (seed %d) and resumed: %w", kills, seed, err)
	}
	merge := []string{"merge", "-o", filepath.Join(c.dir, "merged"), "--format", "none"}
	for i := range 8 {
		part := filepath.Join(c.dir, fmt.Sprintf("part-%d", i))
		shard := fmt.Sprintf("%d/8", i+1)
		if _, err := c.cmd(nil, bin, append(append(args, part), "--shard", shard)...); err != nil {
			return "", err
		}
		merge = append(merge, part)
	}
	if _, err := c.cmd(nil, bin, merge...); err != nil {
		return "", err
	}
	return fmt.Sprintf("killed %d times and resumed, and in eight shards: the same file", kills),
		sameRows(whole, filepath.Join(c.dir, "merged"))
}

// runAndKill runs a program, and kills it with its children if it takes longer than it may.
func runAndKill(bin string, args []string, after time.Duration) (done bool, err error) {
	x := exec.Command(bin, args...)
	var out bytes.Buffer
	x.Stdout, x.Stderr = &out, &out
	if err := x.Start(); err != nil {
		return false, err
	}
	timer := time.AfterFunc(after, func() { _ = x.Process.Kill() })
	err = x.Wait()
	killed := !timer.Stop()
	if err != nil && !killed {
		return false, fmt.Errorf("%w\n%s", err, tail(out.String()))
	}
	return err == nil, nil
}

func sameRows(a, b string) error {
	x, errA := os.ReadFile(filepath.Join(a, "rows.jsonl"))
	y, errB := os.ReadFile(filepath.Join(b, "rows.jsonl"))
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	if !bytes.Equal(x, y) {
		return fmt.Errorf("%s and %s differ", a, b)
	}
	return nil
}

// The budget of a fleet of 10,000 clients for one virtual hour with an outage.
const (
	fleetTime   = 2 * time.Minute
	fleetMemory = 6 // GB
	fleetCurve  = 2 // what a client may cost at 10,000, times its cost at 100
)

// stepFleet measures fleets of 100, 1,000 and 10,000 clients: time, memory, and that the cost of a
// client stays flat: what a step of the fleet's programs touches falls out of the processor's
// caches as the fleet grows, but nothing is looked through that grows with it.
func stepFleet(c *checker) (string, error) {
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	var lines []string
	for n := 1; ; n++ {
		text, err := fleetCurveOf(c, bin)
		lines = append(lines, text)
		if err == nil || n == patience || c.ctx.Err() != nil {
			return strings.Join(lines, "\nagain:\n"), err
		}
	}
}

// fleetCurveOf measures the curve once.
func fleetCurveOf(c *checker, bin string) (string, error) {
	var lines []string
	each := make(map[int]time.Duration)
	for _, n := range []int{100, 1000, 10000} {
		x := exec.CommandContext(c.ctx, bin, "fleet", "--clients", strconv.Itoa(n), "--jitter", "0",
			"--no-estimate")
		out, err := x.CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%w\n%s", err, tail(string(out)))
		}
		took := regexp.MustCompile(`took ([0-9.]+) s, ([0-9.]+) GB`).FindSubmatch(out)
		if took == nil {
			return "", fmt.Errorf("the fleet does not say how long it took:\n%s", tail(string(out)))
		}
		s, errS := strconv.ParseFloat(string(took[1]), 64)
		memory, errM := strconv.ParseFloat(string(took[2]), 64)
		if err := errors.Join(errS, errM); err != nil {
			return "", err
		}
		// Of the processor, which does not depend on what else the machine does.
		each[n] = (x.ProcessState.UserTime() + x.ProcessState.SystemTime()) / time.Duration(n)
		lines = append(lines, fmt.Sprintf("%5d clients: %6.1f s, %v of processor time a client, %.1f GB",
			n, s, each[n].Round(10*time.Microsecond), memory))
		if n == 10000 && (s > fleetTime.Seconds() || memory > fleetMemory) {
			return strings.Join(lines, "\n"), fmt.Errorf("%s: more than %v, or than %d GB; load %s",
				lines[len(lines)-1], fleetTime, fleetMemory, load())
		}
	}
	text := strings.Join(lines, "\n")
	if each[10000] > fleetCurve*each[100] {
		return text, fmt.Errorf("the cost of a client is not flat:\n%s", text)
	}
	return text, nil
}

// load is the machine's load, for the excuse of a missed budget.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(b))
}
