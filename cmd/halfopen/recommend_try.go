package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"halfopen/sim/recommend"
	"halfopen/sim/scenario"
	"halfopen/sim/sweep"
)

// trySeeds is how many runs each variant of a trial has: fewer for keepalives of hours, whose runs
// last for days.
func trySeeds(keepalive time.Duration) int {
	if keepalive > time.Hour {
		return 2
	}
	return 10
}

// trial is a sweep of a recommended keepalive: both TCP keepalives, some seeds.
type trial struct {
	plan    *sweep.Plan
	command string
	rows    []sweep.Row
}

// try runs the recommended keepalive, with TCP keepalive off and with Go's: in peace, where the NAT
// must not forget it, and with the line cut for good.
func try(out io.Writer, w *recommend.Wishes, a *recommend.Answer) error {
	nat := "none"
	shortest := time.Duration(0)
	for _, n := range w.AllNATs() {
		if shortest == 0 || n.Timeout < shortest {
			shortest, nat = n.Timeout, scenario.FormatDuration(n.Timeout)
		}
	}
	keepalive := time.Duration(a.Keepalive) * time.Second
	n := trySeeds(keepalive)
	if w.Client != nil && w.Client.ID != "paho-go" {
		_, err := fmt.Fprintf(out, "Not tried: of the clients only paho.mqtt.golang is run here, and %s "+
			"has a rule of its own.\n", w.Client.Title)
		return err
	}
	fmt.Fprintf(out, "Tried with paho and mochi, %d seeds, NAT %s:\n", n, nat)
	quiet := scenario.FormatDuration(4*keepalive + 10*time.Minute)
	half := scenario.FormatDuration(2*keepalive + 5*time.Minute)
	k := "keepalive=" + scenario.FormatDuration(keepalive)
	peace, err := newTrial(nat, n, k, "run="+quiet, "outage=0s", "period="+quiet)
	if err != nil {
		return err
	}
	for _, g := range peace.plan.Groups(peace.rows) {
		lost, wakes := sweep.Spread(g.Rows, "nat_forgotten"), sweep.Spread(g.Rows, "wakes_per_day")
		kept := "the NAT kept the idle connection in every run"
		if lost.Most.Value > 0 {
			kept = fmt.Sprintf("the NAT FORGOT the connection, in run %d", lost.Most.Run)
		}
		fmt.Fprintf(out, "  TCP keepalive %-4s %s; %.0f radio wake-ups a day, connecting "+
			"included\n", g.Values[1]+",", kept,
			wakes.P50.Value)
	}
	fmt.Fprintf(out, "    %s\n", peace.command)
	cut, err := newTrial(nat, n, k, "run="+quiet, "cut.at="+half, "outage="+half, "period="+quiet)
	if err != nil {
		return err
	}
	for _, g := range cut.plan.Groups(cut.rows) {
		b := sweep.Spread(g.Rows, "detect_s")
		fmt.Fprintf(out, "  TCP keepalive %-4s the line cut for good is noticed after %.1f to %.1f s, "+
			"%d times of %d\n", g.Values[1]+",", b.P5.Value, b.Most.Value, b.N, b.Of)
	}
	_, err = fmt.Fprintf(out, "    %s\n", cut.command)
	return err
}

// newTrial runs a plan here, and says which command does the same.
func newTrial(nat string, seeds int, set ...string) (*trial, error) {
	s := sweep.Explore()
	t := &trial{command: "halfopen sweep"}
	for _, kv := range set {
		if err := applySet(s, kv); err != nil {
			return nil, err
		}
		t.command += " --set " + shellWord(kv)
	}
	t.command += fmt.Sprintf(" -v nat=%s --seeds 1-%d", nat, seeds)
	axis, err := sweep.ParseAxis("nat=" + nat)
	if err != nil {
		return nil, err
	}
	list, err := sweep.ParseSeeds(fmt.Sprintf("1-%d", seeds))
	if err != nil {
		return nil, err
	}
	if t.plan, err = sweep.NewPlan(s, []sweep.Axis{axis}, list); err != nil {
		return nil, err
	}
	for i := range t.plan.Runs() {
		row := t.plan.Run(i, sweepRun)
		if row.Error != "" {
			return nil, fmt.Errorf("%s --only %d: %s", t.command, i, row.Error)
		}
		t.rows = append(t.rows, row)
	}
	return t, nil
}

// applySet applies NAME=VALUE, as --set has it, to a scenario.
func applySet(s *scenario.Scenario, kv string) error {
	name, value, ok := strings.Cut(kv, "=")
	if !ok {
		return badInput(fmt.Errorf("--set %s: want NAME=VALUE", kv))
	}
	if err := sweep.Apply(s, name, value); err != nil {
		return badInput(fmt.Errorf("--set %s: %w", kv, err))
	}
	return nil
}
