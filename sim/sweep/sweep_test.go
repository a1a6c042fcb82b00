package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/sweep"
	"halfopen/sim/trace"
)

// The test's own binary is the worker program, as halfopen's is.
func TestMain(m *testing.M) {
	switch os.Getenv("HALFOPEN_SWEEP_TEST") {
	case "worker":
		if err := sweep.Worker(os.Stdin, os.Stdout, run); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(3)
		}
		os.Exit(0)
	case "dies":
		os.Stderr.WriteString("out of luck")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func run(s *scenario.Scenario) (*trace.Trace, error) { return sim.RunScenario(s, sim.Options{}) }

func pool(t *testing.T, kind string) *sweep.Pool {
	return &sweep.Pool{Workers: 2, Command: func() *exec.Cmd {
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), "HALFOPEN_SWEEP_TEST="+kind)
		return c
	}}
}

// small is a sweep of 12 runs of three virtual minutes.
func small(t *testing.T) *sweep.Plan {
	t.Helper()
	s := sweep.Explore()
	for _, set := range [][2]string{{"run", "3m"}, {"cut.at", "30s"}} {
		if err := s.Set(set[0], set[1]); err != nil {
			t.Fatal(err)
		}
	}
	return plan(t, s, "1-3", "keepalive=5,20", "outage=1s,60s")
}

func plan(t *testing.T, s *scenario.Scenario, seeds string, axes ...string) *sweep.Plan {
	t.Helper()
	var list []sweep.Axis
	for _, a := range axes {
		axis, err := sweep.ParseAxis(a)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, axis)
	}
	n, err := sweep.ParseSeeds(seeds)
	if err != nil {
		t.Fatal(err)
	}
	p, err := sweep.NewPlan(s, list, n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// whole runs a plan, or what is missing of it, into a directory.
func whole(t *testing.T, d *sweep.Dir) {
	t.Helper()
	if err := pool(t, "worker").Run(t.Context(), d.Plan, d.Missing(), d.Add); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, p *sweep.Plan, s sweep.Shard) *sweep.Dir {
	t.Helper()
	d, err := sweep.Create(filepath.Join(t.TempDir(), "result"), p, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func file(t *testing.T, d *sweep.Dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(d.Path, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The same runs, whole, in three shards merged in any order, and killed at several moments and
// resumed in the middle of a line, give the same bytes.
func TestShardsAndResumesAgree(t *testing.T) {
	p := small(t)
	d := create(t, p, sweep.Whole)
	whole(t, d)
	want := file(t, d, "rows.jsonl")
	if n := bytes.Count(want, []byte("\n")); n != p.Runs() || p.Runs() != 12 {
		t.Fatalf("%d rows of %d runs, want 12", n, p.Runs())
	}
	var parts []string
	for i := range 3 {
		part := create(t, small(t), sweep.Shard{I: i, N: 3})
		whole(t, part)
		parts = append(parts, part.Path)
	}
	slices.Reverse(parts)
	merged, err := sweep.Merge(filepath.Join(t.TempDir(), "merged"), parts...)
	if err != nil {
		t.Fatal(err)
	}
	if got := file(t, merged, "rows.jsonl"); !bytes.Equal(got, want) {
		t.Error("three shards, merged, are not the whole")
	}
	if _, err := sweep.Merge(filepath.Join(t.TempDir(), "hole"), parts[:2]...); err == nil {
		t.Error("a merge without one shard is taken for the whole")
	}
	for _, cut := range []int{0, 1, len(want) / 3, len(want) - 1} {
		killed := create(t, small(t), sweep.Whole)
		if err := os.WriteFile(filepath.Join(killed.Path, "rows.jsonl"), want[:cut], 0o666); err != nil {
			t.Fatal(err)
		}
		again, err := sweep.Open(killed.Path)
		if err != nil {
			t.Fatal(err)
		}
		whole(t, again)
		if got := file(t, again, "rows.jsonl"); !bytes.Equal(got, want) {
			t.Errorf("killed after %d bytes and resumed, the result is another", cut)
		}
	}
}

// The shards of a plan share its runs, whatever their number.
func TestShardsHaveAllRuns(t *testing.T) {
	sum := 0
	for i := range 5 {
		d := create(t, small(t), sweep.Shard{I: i, N: 5})
		if d.Runs() != len(d.Missing()) {
			t.Errorf("shard %v has %d runs, and %d of them are missing", d.Shard, d.Runs(),
				len(d.Missing()))
		}
		sum += d.Runs()
	}
	if want := small(t).Runs(); sum != want {
		t.Errorf("five shards have %d runs, want %d", sum, want)
	}
}

// A merge that cannot be writes nothing: a shard that is missing, another sweep's, no result at
// all, two parts that tell one run differently. That a run failed on one machine is no
// contradiction.
func TestMergeRefuses(t *testing.T) {
	d := create(t, small(t), sweep.Whole)
	whole(t, d)
	rows := file(t, d, "rows.jsonl")
	part := func(rows []byte) string {
		p := create(t, small(t), sweep.Whole)
		if err := os.WriteFile(filepath.Join(p.Path, "rows.jsonl"), rows, 0o666); err != nil {
			t.Fatal(err)
		}
		return p.Path
	}
	altered := func(from, to string) []byte {
		return bytes.Replace(rows, []byte(from), []byte(to), 1)
	}
	lines := bytes.SplitAfter(rows, []byte("\n"))
	failed, err := d.Plan.ParseRow(lines[0])
	if err != nil {
		t.Fatal(err)
	}
	failed.Cells, failed.Error = nil, "the worker ended"
	other := create(t, plan(t, sweep.Explore(), "1", "keepalive=5"), sweep.Whole)
	out := filepath.Join(t.TempDir(), "out")
	for what, parts := range map[string][]string{
		"a hole":           {part(bytes.Join(lines[1:], nil))},
		"another sweep":    {d.Path, other.Path},
		"no result":        {d.Path, t.TempDir()},
		"a contradiction":  {d.Path, part(altered(`"lie_s":`, `"lie_s":9`))},
		"a foreign run":    {d.Path, part(altered(`"run":3,`, `"run":99,`))},
		"nothing to merge": nil,
	} {
		if _, err := sweep.Merge(out, parts...); err == nil {
			t.Errorf("%s: merged", what)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: the refused merge left something behind", what)
		}
	}
	for i, parts := range [][]string{{d.Path, part(d.Plan.AppendJSON(nil, &failed))},
		{part(d.Plan.AppendJSON(nil, &failed)), d.Path}} {
		m, err := sweep.Merge(filepath.Join(t.TempDir(), "out"), parts...)
		if err != nil || !bytes.Equal(file(t, m, "rows.jsonl"), rows) {
			t.Errorf("order %d: a part in which a run failed, and the whole: %v", i, err)
		}
	}
}

// Ctrl-C: what runs is finished and written, nothing new begins, and --resume does the rest.
func TestInterrupted(t *testing.T) {
	d := create(t, small(t), sweep.Whole)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := pool(t, "worker").Run(ctx, d.Plan, d.Missing(), func(r sweep.Row) error {
		if n++; n == 2 {
			cancel()
		}
		return d.Add(r)
	})
	if err != nil || n >= d.Plan.Runs() || n < 2 {
		t.Fatalf("%d rows after the interrupt at 2: %v", n, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := sweep.Open(d.Path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(again.Missing()); got != d.Plan.Runs()-n {
		t.Errorf("%d runs are missing, want %d", got, d.Plan.Runs()-n)
	}
}

// A full disk: one error, which says where the earlier results are and how to go on; they are
// intact.
func TestFullDisk(t *testing.T) {
	d := create(t, small(t), sweep.Whole)
	full := errors.New("no space left on device")
	n := 0
	err := pool(t, "worker").Run(t.Context(), d.Plan, d.Missing(), func(r sweep.Row) error {
		if n++; n == 3 {
			return full
		}
		return d.Add(r)
	})
	if !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
	if again, err := sweep.Open(d.Path); err != nil || len(again.Missing()) != d.Plan.Runs()-2 {
		t.Errorf("the two earlier rows are gone: %v", err)
	}
}

// A worker that dies at once is a broken program: one clear error with its last words.
func TestDyingWorkers(t *testing.T) {
	p := small(t)
	err := pool(t, "dies").Run(t.Context(), p, []int{0, 1, 2, 3, 4, 5, 6, 7},
		func(sweep.Row) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("the error is %v", err)
	}
}

// Each row's run gives that row again when it is run alone: every number can be traced.
func TestEveryRowIsItsRun(t *testing.T) {
	d := create(t, small(t), sweep.Whole)
	whole(t, d)
	lines := bytes.SplitAfter(file(t, d, "rows.jsonl"), []byte("\n"))
	for _, i := range []int{0, 7, 11} {
		row := d.Plan.Run(i, run)
		if got := d.Plan.AppendJSON(nil, &row); !bytes.Equal(got, lines[i]) {
			t.Errorf("run %d alone:\n%s\nin the sweep:\n%s", i, got, lines[i])
		}
	}
}
