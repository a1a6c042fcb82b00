package sweep

import (
	"fmt"
	"strings"
	"testing"
)

func mustPlan(t *testing.T, axes ...string) *Plan {
	t.Helper()
	var list []Axis
	for _, s := range axes {
		a, err := ParseAxis(s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	p, err := NewPlan(Explore(), list, []uint64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// invented makes a row for each run, with some cells; nil for what did not happen.
func invented(p *Plan, cells func(Point) map[string]any) []Row {
	var rows []Row
	for i := range p.Runs() {
		r := Row{Point: p.Point(i), Plan: p.Hash(), Cells: make([]any, len(Columns))}
		for name, v := range cells(r.Point) {
			r.Cells[columnIndex[name]-1] = v
		}
		rows = append(rows, r)
	}
	return rows
}

// A map fits a terminal of 80 columns, whatever is swept: long names go down, and what is still too
// wide is folded. Both TCP keepalives have maps of their own, however many other axes there are.
func TestTextHeatsFitTheTerminal(t *testing.T) {
	for _, axes := range [][]string{
		{"keepalive=5..1200:lin40", "nat=presets"},
		{"keepalive=5..1200", "nat=4m:30%,28m:70%,azure-lb", "outage=1s,10s,60s,10m", "qos=0,1,2"},
		{"keepalive=5..1200:60", "outage=1s..2h:40"}, {"ping-timeout=5s,10s"}} {
		p := mustPlan(t, axes...)
		rows := invented(p, func(pt Point) map[string]any {
			return map[string]any{"lie_s": 1234.5 * float64(pt.Run%7), "nat_forgotten": 1.0}
		})
		maps := p.Heats(rows, "lie_s")
		text := TextHeats(maps, "lie_s")
		for _, l := range strings.Split(text, "\n") {
			if len(l) > 80 {
				t.Errorf("%v: a line of %d columns: %s", axes, len(l), l)
			}
		}
		if strings.Contains(axes[len(axes)-1], "qos") && (!strings.Contains(text, "off (most devices)") ||
			!strings.Contains(text, "15s (Go's default)") || !strings.Contains(text, "any qos")) {
			t.Errorf("both TCP keepalives, and what was merged, are to be told:\n%s", text)
		}
		if f := heatFigure(maps, "lie_s", "lie_s"); f.w > 2*pageWidth && len(maps[0].Xs) < 20 {
			t.Errorf("%v: a figure of %v pixels", axes, f.w)
		}
	}
}

// The table fits a terminal of 80 columns: what is too wide is folded, with its rows' names again.
// In a file it has one part for each TCP keepalive.
func TestTableFolds(t *testing.T) {
	p := mustPlan(t, "keepalive=20,1200", "nat=azure-lb,linux-conntrack")
	rows := invented(p, func(pt Point) map[string]any {
		return map[string]any{"detect_s": 1234.5, "broker_detect_s": 1.0, "lie_s": float64(pt.Run),
			"wakes_per_day": 5760.0}
	})
	for columns, parts := range map[int]int{0: 2, 80: 6, 300: 2} {
		var b strings.Builder
		if err := WriteTable(&b, p, rows, columns); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(b.String(), "\n") {
			if columns > 0 && len(l) > columns {
				t.Errorf("a line of %d columns: %s", len(l), l)
			}
		}
		for text, n := range map[string]int{"keepalive  nat": parts, "client notices, s": 2,
			"broker notices, s": 2, "radio, a day": 2, "tcp-keepalive off (most devices)": 1,
			"tcp-keepalive 15s (Go's default)": 1} {
			if got := strings.Count(b.String(), text); got != n {
				t.Errorf("%d columns: %q %d times, want %d:\n%s", columns, text, got, n, b.String())
			}
		}
	}
}

// A run that is too short for its keepalives says so before it runs: what notices within a quarter
// of the run is not what would notice in life.
func TestPlanTellsNarrowBands(t *testing.T) {
	if p := mustPlan(t, "keepalive=5,300"); strings.Contains(p.String(), "note") {
		t.Errorf("30 minutes are enough for a keepalive of 5 minutes:\n%s", p)
	}
	p := mustPlan(t, "keepalive=5,729,1200", "outage=60s")
	for _, want := range []string{"at most 450s", "with 729s, 20m", "--set run=80m"} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("the plan does not say %q:\n%s", want, p)
		}
	}
	if p.Phase = false; strings.Contains(p.String(), "note") {
		t.Errorf("outages that do not move have no band:\n%s", p)
	}
}

// Numbers that nobody checked are marked wherever they are used.
func TestUnverifiedIsMarked(t *testing.T) {
	p := mustPlan(t, "keepalive=20", "nat=azure-lb,home-gateway-min-2010")
	rows := invented(p, func(Point) map[string]any { return map[string]any{"lie_s": 1.0} })
	var table strings.Builder
	if err := WriteTable(&table, p, rows, 0); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{TextHeats(p.Heats(rows, "lie_s"), "lie_s"), table.String(),
		Report(p, rows)} {
		if !strings.Contains(text, "home-gateway-min-2010 (unverified)") ||
			strings.Contains(text, "azure-lb (unverified)") {
			t.Errorf("the mark is missing, or misplaced:\n%s", text)
		}
	}
}

// Quick by chance is not quick: where most runs did not notice because the outage was over, the
// cell says so, and the choice is not compared by it.
func TestWhoNoticedByChance(t *testing.T) {
	p := mustPlan(t, "keepalive=20,300", "outage=60s,10m")
	rows := invented(p, func(pt Point) map[string]any {
		m := map[string]any{"detect_s": 35.0, "awake_h_per_day": 9.0}
		switch {
		case pt.Values[0] == "300s" && pt.Values[1] == "60s":
			m["detect_s"] = 5.0
			if pt.Seed > 1 {
				m["detect_s"] = nil
			}
		case pt.Values[0] == "300s":
			m["detect_s"] = 310.0
		}
		if pt.Values[0] == "300s" {
			m["awake_h_per_day"] = 1.0
		}
		return m
	})
	maps := p.Heats(rows, "detect_s")
	if c := maps[0].Cells[1][0]; c.label() != "5?" {
		t.Errorf("a cell in which one of three runs noticed says %q", c.label())
	}
	axes, groups := p.Choices(rows)
	if len(axes) != 1 || len(groups) != 2 {
		t.Fatalf("axes %v, %d groups: a keepalive is chosen, an outage is not", axes, len(groups))
	}
	points := Tradeoffs(groups, costColumn, gainColumn)
	if len(points) != 2 || points[0].Y.Value != 310 || points[0].Dominated || points[1].Dominated {
		t.Errorf("300 s notices within 310 s and costs less, 20 s within 35 s: %+v", points)
	}
}

// What one chooses, and what the world does.
func TestChoices(t *testing.T) {
	p := mustPlan(t, "keepalive=5,6")
	for name, world := range map[string]bool{"keepalive": false, "tcp-keepalive": false, "qos": false,
		"session": false, "client.ping-timeout": false, "device.keepalive": false, "outage": true,
		"nat": true, "latency": true, "link.loss": true, "gw.timeout": true, "period": true} {
		if p.worldly(name) != world {
			t.Errorf("%s: of the world %v, want %v", name, !world, world)
		}
	}
}

// Shades are even, or on a log scale when values differ by orders of magnitude; nothing is the
// lowest, and what is not nothing can be told from it.
func TestScale(t *testing.T) {
	one := func(values ...float64) scale {
		h := Heat{Cells: make([][]HeatCell, 1)}
		for _, v := range values {
			h.Cells[0] = append(h.Cells[0], HeatCell{Band: Band{N: 1, P95: Quantile{Value: v}}})
		}
		return scaleOf([]Heat{h})
	}
	for _, c := range []struct {
		s    scale
		v    float64
		want string
	}{{one(0, 10, 20), 10, "0.50"}, {one(0, 10, 20), 0, "0.00"}, {one(1, 10, 10000), 100, "0.55"},
		{one(1, 10, 10000), 1, "0.10"}, {one(0, 1, 10000), 0, "0.00"}, {one(0), 0, "0.00"}} {
		if got := fmt.Sprintf("%.2f", c.s.at(c.v)); got != c.want {
			t.Errorf("%+v: %v is shaded %s, want %s", c.s, c.v, got, c.want)
		}
	}
}

// Text on a shade can be read, on each of them (WCAG 2.2, 1.4.3 asks 4.5 to 1 of small text;
// between the two ends nothing reaches that everywhere, so 3.9 is the floor here).
func TestTextOnShades(t *testing.T) {
	for i := range 101 {
		c := blend(pale, strong, float64(i)/100)
		if r := contrast(readable(c), c); r < 3.9 {
			t.Errorf("shade %d %%: contrast %.2f", i, r)
		}
	}
}
