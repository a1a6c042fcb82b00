package sweep

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func texts(a Axis) string {
	var out []string
	for _, v := range a.Values {
		out = append(out, v.Text)
	}
	return strings.Join(out, " ")
}

// What people write, and what it means.
func TestParseAxis(t *testing.T) {
	for in, want := range map[string]string{
		"keepalive=30,60s,2m":        "30s 60s 2m",
		"keepalive=5..1200:3":        "5s 77s 1200s",
		"keepalive=10..40:lin4":      "10s 20s 30s 40s",
		"outage=10s..1m/10s":         "10s 20s 30s 40s 50s 60s",
		"keepalive=1..3:12":          "1s 2s 3s", // whole seconds: no value twice
		"qos=0,1,2":                  "0 1 2",
		"nat=240s,4m:30%,28m:70%,1h": "240s 4m:30%,28m:70% 1h",
		"session":                    "clean kept",
		"loss=1%,5%":                 "1% 5%",
		"loss=0%..20%/5%":            "0% 5% 10% 15% 20%",
		"loss=0.5%..8%:5":            "0.5% 1% 2% 4% 8%",
	} {
		a, err := ParseAxis(in)
		if err != nil || texts(a) != want {
			t.Errorf("%s: %q %v, want %q", in, texts(a), err, want)
		}
	}
	if a, _ := ParseAxis("keepalive=5..1200"); len(a.Values) != 12 {
		t.Errorf("keepalive=5..1200 has %d values, want 12: %s", len(a.Values), texts(a))
	}
	for axis, some := range map[string]string{"nat": "azure-lb", "stack": "lwip",
		"client.stack": "lwip", "device.stack": "lwip", "link.preset": "gprs"} {
		a, err := ParseAxis(axis + "=presets")
		if err != nil || len(a.Values) < 8 || !strings.Contains(texts(a), some) {
			t.Errorf("the presets for %s are %s (%v)", axis, texts(a), err)
		}
	}
	a, _ := ParseAxis("keepalive")
	for _, edge := range []string{"0s", "1s", "43690s", "43691s", "65535s"} {
		if !strings.Contains(" "+texts(a)+" ", " "+edge+" ") {
			t.Errorf("the default keepalives lack %s: %s", edge, texts(a))
		}
	}
}

// One clear error for what cannot be meant.
func TestParseAxisRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "want NAME=VALUES",
		"unheard-of":                "want NAME=VALUES",
		"keepalive=":                "want NAME=VALUES",
		"keepalive=60..5":           "does not go up",
		"keepalive=5..60s":          "mixes",
		"keepalive=5..60/0":         "not a step",
		"keepalive=0..60":           "log scale",
		"keepalive=1..9:1":          "not a count",
		"keepalive=1..1000000000/1": "more than",
		"keepalive=5,,7":            "empty",
		"keepalive=x..y":            "neither a number",
		"keepalive=NaN..5":          "neither a number",
		"nat=4m:30%,28m:60%":        "90%",
		"nat=4m:30%,28m:80%":        "110%",
		"nat=4m:0%,28m:100%":        "not a share",
		"qos=presets":               "no presets",
	} {
		if _, err := ParseAxis(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want something about %q", in, err, want)
		}
	}
	for _, bad := range []string{"", "a", "3-1", "1-99999999999", "-1"} {
		if _, err := ParseSeeds(bad); err == nil {
			t.Errorf("seeds %q were taken", bad)
		}
	}
}

// A shard is named on the command line from 1, and by schedulers in their own ways.
func TestShards(t *testing.T) {
	for env, want := range map[string]Shard{
		"JOB_COMPLETION_INDEX=2 HALFOPEN_SHARDS=8":                              {2, 8},
		"SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1": {0, 4},
		"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0": {3, 4},
		"SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 " +
			"SLURM_ARRAY_TASK_STEP=2": {2, 4},
		"AWS_BATCH_JOB_ARRAY_INDEX=5 AWS_BATCH_JOB_ARRAY_SIZE=6": {5, 6},
		"AWS_BATCH_JOB_ARRAY_INDEX=5 HALFOPEN_SHARDS=6":          {5, 6},
		"HALFOPEN_SHARD=3 HALFOPEN_SHARDS=3":                     {2, 3},
		"PATH=/bin":                                              Whole,
	} {
		got, _, err := EnvShard(environ(env))
		if err != nil || got != want {
			t.Errorf("%s: %v %v, want %v", env, got, err, want)
		}
	}
	for _, env := range []string{"JOB_COMPLETION_INDEX=2", "JOB_COMPLETION_INDEX=8 HALFOPEN_SHARDS=8",
		"SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4", "HALFOPEN_SHARD=0 HALFOPEN_SHARDS=3"} {
		if s, _, err := EnvShard(environ(env)); err == nil {
			t.Errorf("%s was taken as %v", env, s)
		}
	}
	for _, bad := range []string{"", "3", "0/3", "4/3", "a/b", "1/0", "-1/3"} {
		if _, err := ParseShard(bad); err == nil {
			t.Errorf("shard %q was taken", bad)
		}
	}
}

func environ(s string) func(string) string {
	return func(name string) string {
		for _, w := range strings.Fields(s) {
			if k, v, _ := strings.Cut(w, "="); k == name {
				return v
			}
		}
		return ""
	}
}

func rowsOf(values []float64, weights []float64) []Row {
	var rows []Row
	for i, v := range values {
		cells := make([]any, len(Columns))
		cells[columnIndex["lie_s"]-1] = v
		cells[columnIndex["wakes_per_day"]-1] = 1000 - v
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		rows = append(rows, Row{Point: Point{Run: i, Weight: w}, Cells: cells})
	}
	return rows
}

// A quantile is a value that a run had; shares of a mix weigh.
func TestSpread(t *testing.T) {
	rows := rowsOf([]float64{50, 10, 40, 20, 30}, nil)
	b := Spread(rows, "lie_s")
	if b.P5.Value != 10 || b.P50.Value != 30 || b.P50.Run != 4 || b.P95.Value != 50 ||
		b.Most.Run != 0 {
		t.Errorf("%+v", b)
	}
	mixed := Spread(rowsOf([]float64{100, 1}, []float64{0.3, 0.7}), "lie_s")
	if mixed.P50.Value != 1 || mixed.P95.Value != 100 {
		t.Errorf("30 %% have 100 and 70 %% have 1: %+v", mixed)
	}
	rows[0].Cells[columnIndex["lie_s"]-1] = nil
	if b := Spread(rows, "lie_s"); b.N != 4 || b.Of != 5 || b.Most.Value != 40 {
		t.Errorf("a run in which it did not happen counts: %+v", b)
	}
}

// The points that no other beats, by trying all pairs.
func TestTradeoffsAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		var groups []Group
		for i := range n {
			cells := make([]any, len(Columns))
			cells[columnIndex["wakes_per_day"]-1] = float64(rapid.IntRange(1, 6).Draw(t, "x"))
			cells[columnIndex["detect_s"]-1] = float64(rapid.IntRange(1, 6).Draw(t, "y"))
			groups = append(groups, Group{Rows: []Row{{Point: Point{Run: i, Weight: 1}, Cells: cells}}})
		}
		points := Tradeoffs(groups, "wakes_per_day", "detect_s")
		for _, p := range points {
			beaten := slices.ContainsFunc(points, func(o Tradeoff) bool {
				return o.X.Value <= p.X.Value && o.Y.Value <= p.Y.Value &&
					(o.X.Value < p.X.Value || o.Y.Value < p.Y.Value)
			})
			if beaten != p.Dominated {
				t.Fatalf("(%v, %v): dominated %v, brute force says %v", p.X.Value, p.Y.Value, p.Dominated,
					beaten)
			}
		}
	})
}

// Every run of a plan is another point; weights of a value's runs add up to one for each seed.
func TestPointsCoverThePlan(t *testing.T) {
	p := mustPlan(t, "keepalive=10,20", "nat=60s,4m:30%,28m:70%")
	// Keepalives, parts of NATs, both TCP keepalives, seeds.
	if want := 2 * 3 * 2 * 3; p.Runs() != want {
		t.Fatalf("%d runs, want %d: both TCP keepalives belong to a sweep over NATs", p.Runs(), want)
	}
	seen := make(map[string]bool)
	weights := make(map[string]float64)
	for i := range p.Runs() {
		pt := p.Point(i)
		s, err := p.Scenario(pt)
		if err != nil {
			t.Fatal(err)
		}
		if seen[s.String()] {
			t.Errorf("run %d repeats another", i)
		}
		seen[s.String()] = true
		weights[strings.Join(pt.Values, " ")] += pt.Weight
	}
	for v, w := range weights {
		if math.Abs(w-3) > 1e-9 {
			t.Errorf("%s: the weights of three seeds add up to %v", v, w)
		}
	}
}
