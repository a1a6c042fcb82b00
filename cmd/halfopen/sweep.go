package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/sweep"
	"halfopen/sim/trace"
)

// sweepOptions are the flags of sweep.
type sweepOptions struct {
	vary, set           []string
	seeds, client, out  string
	resume, print, text bool
	samePhase           bool
	shard, format       string
	measure, html       string
	tail, late          time.Duration
	only, workers       int
	args                []string // as typed, for the command line in reports
}

func sweepCommand() *cobra.Command {
	var o sweepOptions
	c := &cobra.Command{
		Use:   "sweep [SCENARIO]",
		Short: "Run a scenario over many settings and seeds, and compare",
		Long: `Runs a scenario (default: explore, a device behind a NAT) once for each combination of
settings and seeds, in one worker process for each core, and prints for each combination when
client and broker noticed a dead line, as a band beside the analytic bound, and what it cost.

Settings: any key of client, broker, link and nat, any name that show --settings lists, and
outage, nat, tcp-keepalive (at both ends), qos, period, run.
Values: 30s,60s a list; 5..1200 twelve values on a log scale; 5..1200:20, 5..1200:lin20;
10s..60s/10s, 0%..20%/5% steps; presets (nat, stack, link.preset); nat=240s a timeout;
nat=4m:30%,28m:70% a mix of NATs.
A sweep over nat runs each point with TCP keepalive off, as most devices have it, and with Go's.

With -o the result is a directory that survives Ctrl-C and being killed: --resume goes on.
--shard 3/8 runs a part; array jobs of Kubernetes, Slurm and AWS Batch are recognised by their
environment. "halfopen merge" puts the parts together.`,
		Example: `  halfopen sweep -v keepalive=5..1200 -v outage=1s,10s,60s,10m --seeds 1-10
  halfopen sweep -v keepalive -v nat=aws-nlb-tcp,4m:30%,28m:70% -o result --html report.html
  halfopen sweep seed -v ping-timeout=5s,10s,20s --seeds 1-100 --format heat --measure down_s`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.args = os.Args[1:]
			return runSweep(c, &o, args)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.vary, "vary", "v", nil, "setting and values: keepalive=5..1200 (repeat)")
	f.StringArrayVar(&o.set, "set", nil, "fixed setting: outage=60s (repeat)")
	f.StringVar(&o.seeds, "seeds", "1", "seeds: 1-10, or 1,7,42")
	f.BoolVar(&o.samePhase, "same-phase", false,
		"let outages begin at the scenario's own times; else each seed moves them within a keepalive")
	f.StringVar(&o.client, "client", "", "the client to measure (default: the first)")
	f.DurationVar(&o.tail, "tail", 10*time.Second, "how long a radio stays awake after a packet")
	f.DurationVar(&o.late, "late", time.Second, "the delay from which a message is late")
	f.StringVarP(&o.out, "output", "o", "", "directory for the result: rows.jsonl, rows.csv, figures")
	f.BoolVar(&o.resume, "resume", false, "go on with the result in the directory of -o")
	f.StringVar(&o.shard, "shard", "", "run one part: 3/8")
	f.IntVar(&o.workers, "workers", runtime.NumCPU(), "worker processes")
	o.addOutput(f)
	f.BoolVar(&o.print, "plan", false, "print the plan and stop")
	f.IntVar(&o.only, "only", -1, "run only the run with this number, and print its row")
	f.BoolVar(&o.text, "scenario", false, "with --only: print that run's scenario instead")
	c.AddCommand(sweepWorkerCommand())
	return c
}

// addOutput adds the flags that say what becomes of the rows: those of merge, too.
func (o *sweepOptions) addOutput(f *pflag.FlagSet) {
	f.StringVar(&o.format, "format", "table", "what to print: "+strings.Join(sweepFormats, ", "))
	f.StringVar(&o.measure, "measure", "lie_s", "the column of heat maps")
	f.StringVar(&o.html, "html", "", "write a self-contained report")
}

// sweepWorkerCommand is what sweep starts once for each core.
func sweepWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use: "worker", Hidden: true, Args: cobra.NoArgs,
		Short: "Serve a sweep on standard input and output",
		RunE: func(c *cobra.Command, _ []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGTERM) // the sweep lets what runs be finished
			debug.SetGCPercent(400)                      // runs are short; their garbage goes at once
			return sweep.Worker(c.InOrStdin(), c.OutOrStdout(), sweepRun)
		},
	}
}

func sweepRun(s *scenario.Scenario) (*trace.Trace, error) {
	return sim.RunScenario(s, sim.Options{})
}

func runSweep(c *cobra.Command, o *sweepOptions, args []string) error {
	if err := o.check(); err != nil {
		return badInput(err)
	}
	p, err := sweepPlan(c, o, args)
	if err != nil {
		return err
	}
	switch {
	case o.only >= 0:
		return sweepOnly(c.OutOrStdout(), p, o)
	case o.print:
		_, err := fmt.Fprint(c.OutOrStdout(), p)
		return err
	}
	shard, err := sweepShard(c.ErrOrStderr(), o)
	if err != nil {
		return badInput(err)
	}
	d, err := sweepDir(p, o, shard)
	if err != nil {
		return err
	}
	rows, err := sweepAll(c, d, o)
	if err != nil {
		return uncoded(err)
	}
	return uncoded(sweepPrint(c, d, rows, o))
}

// check refuses what can be refused before anything runs.
func (o *sweepOptions) check() error {
	switch {
	case o.workers < 1:
		return fmt.Errorf("--workers %d: at least 1", o.workers)
	case o.resume && o.out == "":
		return errors.New("--resume goes on with the result in the directory of -o: add -o DIR")
	case o.text && o.only < 0:
		return errors.New("--scenario prints the scenario of one run: add --only RUN")
	}
	return o.checkOutput()
}

// checkOutput does so for the flags that merge has, too.
func (o *sweepOptions) checkOutput() error {
	if !slices.Contains(sweepFormats, o.format) {
		return fmt.Errorf("--format %s%s: want %s", o.format, scenario.Suggest(o.format, sweepFormats),
			strings.Join(sweepFormats, ", "))
	}
	if c := sweep.FindColumn(o.measure); c == nil || !c.Number() {
		var names []string
		for _, c := range sweep.Columns {
			if c.Number() {
				names = append(names, c.Name)
			}
		}
		return fmt.Errorf("--measure %s: no such column of numbers%s; the columns are those of "+
			"--format csv", o.measure, scenario.Suggest(o.measure, names))
	}
	if o.html != "" {
		if _, err := os.Stat(filepath.Dir(o.html)); err != nil {
			return fmt.Errorf("--html %s: %s: no such folder", o.html, filepath.Dir(o.html))
		}
	}
	return nil
}

// uncoded marks errors that have no exit code of their own as those of a run: a full disk, say.
func uncoded(err error) error {
	if err == nil || errors.As(err, new(*exitError)) {
		return err
	}
	return internal(err)
}

// sweepPlan makes the plan that the flags ask for.
func sweepPlan(c *cobra.Command, o *sweepOptions, args []string) (*sweep.Plan, error) {
	if o.resume && len(o.vary) == 0 {
		d, err := sweep.Open(o.out)
		if err != nil {
			return nil, badInput(err)
		}
		return d.Plan, nil
	}
	base := sweep.Explore()
	if len(args) > 0 && args[0] != "explore" {
		var err error
		if base, err = loadScenario(c, args[0]); err != nil {
			return nil, err
		}
	}
	for _, s := range o.set {
		if err := applySet(base, s); err != nil {
			return nil, err
		}
	}
	var axes []sweep.Axis
	for _, v := range o.vary {
		a, err := sweep.ParseAxis(v)
		if err != nil {
			return nil, badInput(fmt.Errorf("-v %w", err))
		}
		axes = append(axes, a)
	}
	seeds, err := sweep.ParseSeeds(o.seeds)
	if err != nil {
		return nil, badInput(err)
	}
	p, err := sweep.NewPlan(base, axes, seeds)
	if err != nil {
		return nil, badInput(err)
	}
	p.Phase, p.Tail, p.Late = !o.samePhase, o.tail, o.late
	p.Build, p.Command = buildText(), sweepCommandLine(o.args)
	return p, badInput(p.MeasureClient(o.client))
}

// buildText says what made the numbers: the program's own version and the libraries that ran.
func buildText() string {
	return fmt.Sprintf("halfopen %s, %s, %s, %s %s/%s", programVersion(),
		moduleText("github.com/eclipse/paho.mqtt.golang"), moduleText("github.com/mochi-mqtt/server/v2"),
		runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// sweepCommandLine is the command that makes this sweep again, without what says where and how
// much.
func sweepCommandLine(args []string) string {
	out := []string{"halfopen"}
	for i := 0; i < len(args); i++ {
		a := args[i]
		name, _, joined := strings.Cut(a, "=")
		switch name {
		case "-o", "--output", "--html", "--shard", "--workers", "--format", "--measure", "--only":
			if !joined {
				i++
			}
			continue
		case "--resume", "--scenario", "--plan":
			continue
		}
		out = append(out, shellWord(a))
	}
	return strings.Join(out, " ")
}

// sweepOnly runs one run here, and prints its row or its scenario.
func sweepOnly(w io.Writer, p *sweep.Plan, o *sweepOptions) error {
	if o.only >= p.Runs() {
		return badInput(fmt.Errorf("--only %d: the plan has runs 0 to %d", o.only, p.Runs()-1))
	}
	if o.text {
		s, err := p.Scenario(p.Point(o.only))
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, s.String())
		return err
	}
	row := p.Run(o.only, sweepRun)
	if _, err := w.Write(p.AppendJSON(nil, &row)); err != nil {
		return err
	}
	if row.Error != "" {
		return internal(fmt.Errorf("run %d: %s", o.only, row.Error))
	}
	return nil
}

// sweepShard is the part that the command line or an array job asks for; nil if neither does.
func sweepShard(stderr io.Writer, o *sweepOptions) (*sweep.Shard, error) {
	if o.shard != "" {
		s, err := sweep.ParseShard(o.shard)
		return &s, err
	}
	s, from, err := sweep.EnvShard(os.Getenv)
	if err != nil || from == "" {
		return nil, err
	}
	fmt.Fprintf(stderr, "shard %v, as %s says\n", s, from)
	return &s, nil
}
