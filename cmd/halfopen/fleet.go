package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"halfopen/sim"
	"halfopen/sim/fleet"
	"halfopen/sim/scenario"
	"halfopen/sim/sweep"
)

// fleetOptions are the flags of fleet.
type fleetOptions struct {
	clients int
	jitter  time.Duration
	set     []string
	seed    uint64
	plot    string
	yes     bool
	plain   bool
	restart time.Duration
}

func fleetCommand() *cobra.Command {
	var o fleetOptions
	c := &cobra.Command{
		Use:   "fleet [SCENARIO]",
		Short: "Let many clients come back after an outage at once",
		Long: `Makes a scenario's device into many real paho clients on one broker, and shows how they
come back after its outage, or the broker's restart: connects and attempts a second, the peak,
the time until the last one is back. It runs twice: without jitter of the back-off, as paho has
it, and with a random wait of up to --jitter before each attempt, as a program adds it in paho's
OnReconnecting handler.

Time and memory are estimated first, from a small fleet. Outages must be between what all
devices share: a link behind the core, or the broker, which --restart stops.`,
		Example: `  halfopen fleet --clients 1000
  halfopen fleet --clients 1000 --restart 2m
  halfopen fleet --clients 10000 --jitter 1m --plot fleet.svg
  halfopen fleet mine.sim --clients 500 --set client.max-reconnect-interval=10m`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return runFleet(c, &o, args) },
	}
	f := c.Flags()
	f.IntVar(&o.clients, "clients", 100, "how many")
	f.DurationVar(&o.jitter, "jitter", 30*time.Second, "of the second run; 0: no second run")
	f.DurationVar(&o.restart, "restart", 0,
		"the broker stops for so long and starts again, in place of the outage")
	f.StringArrayVar(&o.set, "set", nil, "setting of the scenario: client.keepalive=5m (repeat)")
	f.Uint64Var(&o.seed, "seed", 1, "of the run")
	f.StringVar(&o.plot, "plot", "", "write connects over time to a .svg or .png file")
	f.BoolVar(&o.plain, "no-estimate", false, "run at once")
	f.BoolVar(&o.yes, "yes", false, "run even if the estimate is more than this machine's memory")
	completeSettings(c)
	return c
}

func runFleet(c *cobra.Command, o *fleetOptions, args []string) error {
	base := fleet.Base()
	if len(args) > 0 {
		var err error
		if base, err = loadScenario(c, args[0]); err != nil {
			return err
		}
	}
	for _, s := range append([]string{fmt.Sprintf("seed=%d", o.seed)}, o.set...) {
		if err := applySet(base, s); err != nil {
			return err
		}
	}
	if o.jitter < 0 || o.restart < 0 {
		return badInput(fmt.Errorf("--jitter %v, --restart %v: not negative", o.jitter, o.restart))
	}
	if o.restart > 0 {
		var err error
		if base, err = fleet.Restart(base, o.restart); err != nil {
			return badInput(err)
		}
	}
	if kind := filepath.Ext(o.plot); o.plot != "" && kind != ".svg" && kind != ".png" {
		return badInput(fmt.Errorf("--plot %s: want a name ending in .svg or .png", o.plot))
	}
	if _, err := fleet.Scenario(base, o.clients, 0); err != nil {
		return badInput(err)
	}
	each, err := fleetEstimate(c.ErrOrStderr(), base, o)
	if err != nil {
		return err
	}
	defer collectSeldom(each * int64(o.clients))()
	jitters := []time.Duration{0}
	if o.jitter > 0 {
		jitters = append(jitters, o.jitter)
	}
	var lines []sweep.Series
	for _, j := range jitters {
		began := time.Now()
		r, err := fleetRun(base, o.clients, j)
		if err != nil {
			return internal(err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Fprintf(c.ErrOrStderr(), "%s: took %.1f s, %.1f GB\n", jitterText(j),
			time.Since(began).Seconds(), float64(m.Sys)/(1<<30))
		fleetPrint(c.OutOrStdout(), r, j)
		lines = append(lines, sweep.Series{Name: jitterText(j), Values: r.Connects})
	}
	return fleetPlot(o, lines)
}

// perClient is the memory for a client in bytes, from which the collector takes its leave to run
// seldom. A third of it is in use: paho, mochi, and both kernels, twice while the old session waits
// for its end.
const perClient = 400 << 10

// collectSeldom has the collector run as seldom as so much memory allows: what a fleet has is
// mostly stacks and buffers that stay, and to look through them costs seconds. The function it
// returns undoes it.
func collectSeldom(bytes int64) (undo func()) {
	percent := debug.SetGCPercent(400)
	limit := debug.SetMemoryLimit(max(bytes, 1<<30))
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// sample is the size of the fleet that estimates are made from.
const sample = 100

// memory is what an estimate may ask for without --yes: about what small machines have.
const memory = 6 << 30

// fleetEstimate prints what a run will take, and returns how many bytes of it are for a client.
// Fleets up to the sample's size are not worth an estimate.
func fleetEstimate(w io.Writer, base *scenario.Scenario, o *fleetOptions) (int64, error) {
	if o.clients <= sample || o.plain {
		return perClient, nil
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	if _, err := fleetRun(base, sample, 0); err != nil {
		return 0, internal(err)
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	// How much memory a small fleet takes depends on when the collector happens to run.
	each := max(int64(after.Sys-before.Sys)/sample, perClient)
	bytes := each * int64(o.clients)
	runs := 1
	if o.jitter > 0 {
		runs = 2
	}
	fmt.Fprintf(w, "%d clients, %d runs: about %v and %.1f GB, extrapolated from %d clients\n",
		o.clients, runs, (took * time.Duration(o.clients*runs) / sample).Round(time.Second/10),
		float64(bytes)/(1<<30), sample)
	if bytes > memory && !o.yes {
		return 0, badInput(errors.New("that is more than 6 GB: add --yes if the machine has it"))
	}
	return each, nil
}

func fleetRun(base *scenario.Scenario, n int, jitter time.Duration) (fleet.Return, error) {
	s, err := fleet.Scenario(base, n, jitter)
	if err != nil {
		return fleet.Return{}, err
	}
	tr, err := sim.RunScenario(s, sim.Options{NoTrace: true})
	if err != nil {
		return fleet.Return{}, err
	}
	return fleet.Measure(tr), nil
}

func jitterText(j time.Duration) string {
	if j == 0 {
		return "no jitter"
	}
	return "jitter up to " + j.String()
}

// barStep is how many seconds a line of the histogram stands for.
const barStep = 10

func fleetPrint(w io.Writer, r fleet.Return, j time.Duration) {
	if r.Lost == 0 {
		fmt.Fprintf(w, "%s: none of %d clients lost its connection\n", jitterText(j), r.Clients)
		return
	}
	fmt.Fprintf(w, "%s: %d of %d clients lost their connection; half were back %.1f s after the "+
		"repair, 95 %% in %.1f s, the last in %.1f s", jitterText(j), r.Lost, r.Clients, r.P50.Seconds(),
		r.P95.Seconds(), r.LastBack.Seconds())
	if r.NotBack > 0 {
		fmt.Fprintf(w, " (%d were not back when the run ended)", r.NotBack)
	}
	fmt.Fprintf(w, "\n  peak: %d sessions a second, %d attempts a second\n", r.Peak, r.PeakTry)
	last := int(r.LastBack/time.Second) + 1
	for i, bar := range sweep.Bars(r.Connects[:min(last, len(r.Connects))], barStep, 60) {
		n := 0
		for _, v := range r.Connects[i*barStep : min((i+1)*barStep, len(r.Connects))] {
			n += v
		}
		fmt.Fprintf(w, "  %5d s %6d %s\n", i*barStep, n, bar)
	}
}

func fleetPlot(o *fleetOptions, lines []sweep.Series) error {
	if o.plot == "" {
		return nil
	}
	title := fmt.Sprintf("%d clients come back: sessions a second since the repair", o.clients)
	longest := 0
	for _, l := range lines {
		for i, v := range l.Values {
			if v > 0 {
				longest = max(longest, i+1)
			}
		}
	}
	for i := range lines {
		lines[i].Values = lines[i].Values[:min(longest, len(lines[i].Values))]
	}
	if filepath.Ext(o.plot) == ".png" {
		b, err := sweep.SeriesPNG(title, "sessions a second", lines)
		if err != nil {
			return internal(err)
		}
		return internal(sweep.WriteFile(o.plot, b))
	}
	svg := sweep.SeriesSVG(title, "sessions a second", lines)
	return internal(sweep.WriteFile(o.plot, []byte(svg)))
}
