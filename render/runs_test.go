package render

import (
	"math/rand/v2"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// stories are small scenarios, each with another trouble; what must hold for pictures must hold for
// all of them.
var stories = map[string]string{
	"the tunnel": `
at 67s cut client broker for 116s`,
	"five seconds": `
at 65.999s cut client broker for 5s`,
	"one direction": `
at 67s cut client > broker for 60s`,
	"other direction": `
at 67s cut broker > client for 60s`,
	"a firewall resets": `
at 67s reset client broker for 20s`,
	"unreachable": `
at 67s unreachable client broker for 20s`,
	"interface down": `
at 67s interface-down client for 40s`,
	"power off": `
at 67s power-off broker for 40s`,
	"the broker is killed": `
at 67s broker kill for 30s`,
	"the client freezes": `
at 67s client freeze for 3m`,
	"loss and jitter": `
at 10s loss client broker for 1m rate=30%
at 90s jitter client broker 200ms for 1m reorder=on
at 160s duplicate client broker for 30s rate=50%`,
	"a lost PINGRESP": `
at 30s drop broker > client match=PINGRESP count=1`,
	"a slow link": `
at 30s rate client broker 2kbit/s for 2m queue=4KiB`,
}

const preamble = `
seed 7
run 5m
broker broker
client client keepalive=60s
client feed host=broker keepalive=1h
link client broker latency=10ms
at 1s client subscribe home/# qos=1
every 60s from 66s feed publish home/temp "{unix}" qos=1
`

// overNAT has a path of two links with a NAT between them that forgets.
const overNAT = `
seed 3
run 10m
broker broker
client client keepalive=10m tcp-keepalive=off
client feed host=broker keepalive=1h
nat home timeout=2m on-forgotten=reset
link client home latency=5ms
link home broker latency=20ms
at 1s client subscribe home/#
at 5m feed publish home/temp "hot"
`

// eachRun calls f with the trace of every story and of every built-in scenario.
func eachRun(t *testing.T, f func(t *testing.T, tr *trace.Trace)) {
	for name, text := range stories {
		t.Run(name, func(t *testing.T) { f(t, runText(t, preamble+text+"\n")) })
	}
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Text(name)
		t.Run(name, func(t *testing.T) { f(t, runText(t, text)) })
	}
	t.Run("over a NAT", func(t *testing.T) { f(t, runText(t, overNAT)) })
}

func runText(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, err := scenario.Parse("story", text)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{Seed: s.Seed()})
	if tr == nil { // expectations that are not met are no concern of pictures
		t.Fatal(err)
	}
	return tr
}

// Arrows, strips, rings, the lie and Auto, on real runs.
func TestPicturesOfRealRuns(t *testing.T) {
	eachRun(t, func(t *testing.T, tr *trace.Trace) {
		ix := NewIndex(tr)
		checkArrows(t, tr, false)
		checkRings(t, ix)
		checkStrips(t, ix)
		checkAuto(t, ix)
		for _, client := range ix.Clients() {
			checkLie(t, ix, client)
		}
		checkWalk(t, ix)
	})
}

// checkWalk draws a random walk over a run: whatever is drawn twice is the same, and sound.
func checkWalk(t *testing.T, ix *Index) {
	t.Helper()
	dice := rand.New(rand.NewPCG(uint64(ix.Length()), 4))
	seen := map[netmodel.Time]string{}
	v := phone()
	var p Player
	var l List
	for range 300 {
		switch dice.IntN(3) {
		case 0:
			p = p.NextEvent(ix)
		case 1:
			p = p.NextDecision(ix)
		case 2:
			p = p.PreviousEvent(ix)
		}
		ix.At(p.At, &v, &l)
		got := l.String()
		if want, ok := seen[p.At]; ok && want != got {
			t.Fatalf("at %s:\n%s", p.At.Duration(), firstLine(want, got))
		}
		seen[p.At] = got
		if strings.Contains(got, "NaN") || strings.Contains(got, "Inf") || strings.Contains(got, `"[`) {
			t.Fatalf("at %s the picture is unsound:\n%s", p.At.Duration(), got)
		}
	}
}

// An edit is a scenario that can be run, and until its instant nothing changes: dropping the first
// PINGREQ of a healthy run makes that segment the first difference.
func TestDroppingASegmentChangesNothingBeforeIt(t *testing.T) {
	s, err := scenario.Parse("healthy", preamble)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	ix := NewIndex(tr)
	for i := range ix.flights {
		fl := &ix.flights[i]
		if fl.name != "PINGREQ" {
			continue
		}
		e, ok := ix.DropSegment(fl.sent)
		if !ok {
			t.Fatal("the PINGREQ cannot be dropped")
		}
		b, err := sim.RunScenario(e.Apply(s), sim.Options{Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		d := FirstDifference(tr, b)
		if !d.Found || d.At < before1ms(fl.t0) || d.At > fl.t0 {
			t.Errorf("the runs part at %s, want it within the millisecond before %s",
				d.At.Duration(), fl.t0.Duration())
		}
		other := NewIndex(b)
		if got := other.flightAt(fl.t0); got == nil || !got.lost || got.name != "PINGREQ" {
			t.Errorf("in the edited run the segment is %+v, want a lost PINGREQ", got)
		}
		return
	}
	t.Fatal("the run has no PINGREQ")
}

// flightAt is the segment that was sent at an instant.
func (ix *Index) flightAt(t netmodel.Time) *flight {
	for i := range ix.flights {
		if ix.flights[i].t0 == t && ix.flights[i].link != 0 {
			return &ix.flights[i]
		}
	}
	return nil
}

// A program that is frozen, killed or without power says so while it lasts, and not longer.
func TestProgramsThatDoNotRunAreVeiled(t *testing.T) {
	for story, c := range map[string]struct {
		word     string
		from, to float64 // seconds
	}{
		"the client freezes":   {"frozen", 67.1, 246.9},
		"the broker is killed": {"stopped", 67.1, 96.9},
		"power off":            {"power off", 67.1, 106.9},
	} {
		ix := NewIndex(runText(t, preamble+stories[story]+"\n"))
		for at, want := range map[float64]bool{66: false, c.from: true, c.to: true, c.to + 1: false} {
			v := View{W: 700, H: 500, Panels: Stage}
			var l List
			ix.At(ms(at*1000), &v, &l)
			if got := strings.Contains(l.String(), `"`+c.word+`"`); got != want {
				t.Errorf("%s, at %g s: %q shown: %v, want %v", story, at, c.word, got, want)
			}
		}
	}
}

// Two real runs that part at 200 s, because somebody edits the scenario there: while a question is
// open at 150 s, no picture of the one differs from the other's.
func TestNothingOfARealFutureShows(t *testing.T) {
	s, err := scenario.Parse("story", preamble+stories["the tunnel"]+"\n")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := sim.RunScenario(s, sim.Options{Seed: 7})
	b, _ := sim.RunScenario(Cut("client", "broker", false, ms(200_000)).Apply(s), sim.Options{Seed: 7})
	if a == nil || b == nil {
		t.Fatal("a story does not run")
	}
	if d := FirstDifference(a, b); !d.Found || d.At != ms(200_000) {
		t.Fatalf("the runs part at %s, want 200 s", d.At.Duration())
	}
	x, y := NewIndex(a), NewIndex(b)
	for _, base := range []View{screen(), phone()} {
		for at := ms(60_000); at <= ms(150_000); at += ms(7_003) {
			v := base
			v.HideAfter, v.Speed = ms(150_000), TenSeconds
			var l, m List
			x.At(at, &v, &l)
			y.At(at, &v, &m)
			if !l.Equal(&m) || l.Aloud() != m.Aloud() {
				t.Fatalf("at %s the future shows:\n%s", at.Duration(), firstLine(l.String(), m.String()))
			}
		}
	}
}
