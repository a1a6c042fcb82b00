package sweep_test

import (
	"bytes"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"halfopen/sim/sweep"
)

// rowsOf runs a plan here.
func rowsOf(p *sweep.Plan) []sweep.Row {
	var rows []sweep.Row
	for i := range p.Runs() {
		rows = append(rows, p.Run(i, run))
	}
	return rows
}

// A report needs nothing else, loads nothing, and each number in it leads to the run that has it.
func TestReportIsSelfContained(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-3", "keepalive=10,60", "nat=120s,azure-lb")
	p.Command = "halfopen sweep -v keepalive=10,60"
	rows := rowsOf(p)
	r := sweep.Report(p, rows)
	for _, bad := range []string{"http:", "https:", "src=", "@import", "url(", "<script", "<link"} {
		if strings.Contains(strings.ReplaceAll(r, "http://www.w3.org/2000/svg", ""), bad) {
			t.Errorf("the report has %q: it loads something", bad)
		}
	}
	links := regexp.MustCompile(`href="#run-(\d+)"`).FindAllStringSubmatch(r, -1)
	if len(links) < 20 {
		t.Fatalf("only %d links to runs", len(links))
	}
	for _, l := range links {
		if !strings.Contains(r, `id="run-`+l[1]+`"`) {
			t.Errorf("nothing is at #run-%s", l[1])
		}
	}
	cell := regexp.MustCompile(`<td[^>]*><a href="#run-(\d+)">([0-9.]+)</a></td>`)
	for _, m := range cell.FindAllStringSubmatch(r, -1) {
		i, _ := strconv.Atoi(m[1])
		found := false
		for _, c := range sweep.Columns {
			if x, ok := rows[i].Get(c.Name); ok {
				want, _ := strconv.ParseFloat(m[2], 64)
				found = found || x == want || x > 0 && x/want > 0.99 && x/want < 1.01
			}
		}
		if !found {
			t.Errorf("run %d has no measure of %s", i, m[2])
		}
	}
	if !strings.Contains(r, "--only ") || !strings.Contains(r, p.Hash()) {
		t.Error("the report lacks the command that runs one run, or the plan's hash")
	}
}

// The same figure is the same bytes, and its PNG is one.
func TestFigures(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-2", "keepalive=10,60", "nat=120s,1h")
	rows := rowsOf(p)
	maps := p.Heats(rows, "lie_s")
	if len(maps) != 2 || !strings.Contains(maps[0].Title, "most devices") ||
		!strings.Contains(maps[1].Title, "Go's default") {
		t.Fatalf("want a map for each TCP keepalive, labelled: %+v", maps)
	}
	if sweep.HeatSVG(maps, "lie_s") != sweep.HeatSVG(p.Heats(rows, "lie_s"), "lie_s") {
		t.Error("two pictures of the same rows differ")
	}
	b, err := sweep.HeatPNG(maps, "lie_s")
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Dx() < 400 {
		t.Errorf("the PNG: %v", err)
	}
	if svg := sweep.CurveSVG(p, rows); !strings.Contains(svg, "<circle") {
		t.Error("the curve has no point")
	}
	text := sweep.TextHeats(maps, "lie_s")
	for _, l := range strings.Split(text, "\n") {
		if len(l) > 80 {
			t.Errorf("a line of %d columns: %s", len(l), l)
		}
	}
}

// A NAT that forgets after two minutes, a keepalive of five: without TCP keepalive the line dies
// again and again, with Go's it never does.
func TestTCPKeepaliveHidesTheNAT(t *testing.T) {
	p := plan(t, sweep.Explore(), "1", "keepalive=300", "nat=120s", "outage=0s")
	off, on := p.Run(0, run), p.Run(1, run)
	if x, _ := off.Get("lie_s"); x < 60 {
		t.Errorf("TCP keepalive off: somebody believed in a dead line for %v s only", x)
	}
	if x, _ := on.Get("lie_s"); x != 0 {
		t.Errorf("Go's TCP keepalive: a lie of %v s", x)
	}
	a, _ := off.Get("wakes_per_day")
	b, _ := on.Get("wakes_per_day")
	if b < 5000 || a > 1000 {
		t.Errorf("wake-ups a day: %v without, %v with Go's TCP keepalive, which speaks every 15 s", a, b)
	}
}

// The default scenario does not hide the NATs of the clouds behind its own traffic: with a
// keepalive that is longer than theirs, the line dies.
func TestTheDefaultScenarioShowsTheNAT(t *testing.T) {
	p := plan(t, sweep.Explore(), "1", "keepalive=1200", "nat=aws-nlb-tcp,azure-lb,300s",
		"outage=0s", "tcp-keepalive=off")
	for i := range p.Runs() {
		row := p.Run(i, run)
		if n, _ := row.Get("nat_forgotten"); n == 0 {
			t.Errorf("%s keeps a connection that is silent for 420 s", row.Values[1])
		}
	}
}

// The default keepalives find what is wrong with mochi 2.7.9: 43691 s, whose 1.5 times leaves 16
// bits, never gets a CONNACK; 1 s is cut off while it still pings. Ordinary ones stay within their
// bounds.
func TestOverflowHunt(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-4", "keepalive=1,30,60,43690,43691")
	outside, failed := sweep.Outsiders(rowsOf(p))
	if len(failed) > 0 {
		t.Fatal(failed[0].Error)
	}
	found := make(map[string]bool)
	for _, r := range outside {
		found[r.Values[0]] = true
	}
	if !found["43691s"] || !found["1s"] || len(found) != 2 {
		t.Errorf("outside their bounds: %v, want keepalives 1 and 43691 only", found)
	}
}

// A short cut that ends just before the broker's patience does: what the client sent in the
// meantime waits for its retransmission, and the broker gives up over a path that is whole again.
// That is TCP, and no error of a library.
func TestLateRepairIsNoError(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-10", "keepalive=5,8", "outage=10s", "nat=azure-lb")
	outside, failed := sweep.Outsiders(rowsOf(p))
	for _, r := range append(outside, failed...) {
		t.Errorf("run %d: %s%s", r.Run, r.Outside, r.Error)
	}
}

// A path that loses a fifth of its packets, or takes two seconds, brings pings too late for a short
// keepalive: the broker is right to end the connection, and no library is wrong.
func TestBadPathIsNoError(t *testing.T) {
	for _, axes := range [][]string{{"keepalive=10", "loss=20%"}, {"keepalive=5", "latency=2s"}} {
		p := plan(t, sweep.Explore(), "1-4", axes...)
		rows := rowsOf(p)
		outside, failed := sweep.Outsiders(rows)
		for _, r := range append(outside, failed...) {
			t.Errorf("%v, run %d: %s%s", axes, r.Run, r.Outside, r.Error)
		}
		if x, _ := rows[0].Get("reconnects"); x < 3 {
			t.Errorf("%v: %v reconnects only: the path is not as bad as it should be", axes, x)
		}
	}
}

// A sweep of the run's length: its column does not hide the number of the run.
func TestSweepOfTheRunsLength(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-2", "run=11m,12m")
	row := p.Run(3, run)
	back, err := p.ParseRow(p.AppendJSON(nil, &row))
	if err != nil || back.Run != 3 || back.Values[0] != "12m" {
		t.Errorf("run 3 comes back as %+v (%v)", back.Point, err)
	}
}

// Detection stays within its analytic bound for each keepalive, and comes close to it.
func TestBandsFillTheirBounds(t *testing.T) {
	p := plan(t, sweep.Explore(), "1-20", "keepalive=10,60", "outage=4m")
	for _, g := range p.Groups(rowsOf(p)) {
		b := sweep.Spread(g.Rows, "detect_s")
		s, err := p.Scenario(g.Rows[0].Point)
		if err != nil {
			t.Fatal(err)
		}
		bound := sweep.BoundsOf(s, "device").Client.Seconds()
		if b.N != b.Of || b.Most.Value > bound || b.Most.Value < bound/2 || b.P5.Value > bound/2 {
			t.Errorf("keepalive %s: %+v against a bound of %v s", g.Values[0], b, bound)
		}
	}
}
