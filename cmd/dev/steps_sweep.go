package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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

// load is the machine's load, for the excuse of a missed budget.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(b))
}
