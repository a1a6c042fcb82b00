package fleet_test

import (
	"fmt"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/fleet"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

func play(tb testing.TB, base *scenario.Scenario, n int, jitter time.Duration,
	lean bool) *trace.Trace {
	tb.Helper()
	s, err := fleet.Scenario(base, n, jitter)
	if err != nil {
		tb.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{NoTrace: lean})
	if err != nil {
		tb.Fatal(err)
	}
	return tr
}

func parse(tb testing.TB, text string) *scenario.Scenario {
	tb.Helper()
	s, err := scenario.Parse("test", text)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

const restart = `seed %d
run 20m
broker hub  tcp-keepalive=off
client device  keepalive=60s max-reconnect-interval=1m
router core
link device core  latency=30ms
link core hub  latency=10ms
at 5m  hub stop for 2m
`

// Everybody comes back, and the broker's log agrees with the clients: as many sessions after the
// repair as clients that were lost.
func TestEverybodyIsBack(t *testing.T) {
	r := fleet.Measure(play(t, fleet.Base(), 20, 0, true))
	sum := 0
	for _, n := range r.Connects {
		sum += n
	}
	if r.Clients != 20 || r.Lost != 20 || r.NotBack != 0 || sum != 20 {
		t.Errorf("%d of %d lost, %d not back, %d sessions after the repair, want all 20", r.Lost,
			r.Clients, r.NotBack, sum)
	}
	if r.P50 > r.P95 || r.P95 > r.LastBack || r.LastBack > 3*time.Minute || r.Peak == 0 {
		t.Errorf("back after %v, %v, %v: the back-off is at most 2 minutes", r.P50, r.P95, r.LastBack)
	}
}

// A broker that restarts is called by all its clients in the same second. With a random wait before
// each attempt the peak is lower, whatever the seed.
func TestJitterLowersThePeak(t *testing.T) {
	for seed := 1; seed <= 5; seed++ {
		base := parse(t, fmt.Sprintf(restart, seed))
		plain := fleet.Measure(play(t, base, 40, 0, true))
		spread := fleet.Measure(play(t, base, 40, 30*time.Second, true))
		if plain.Peak < 20 || spread.Peak >= plain.Peak/2 {
			t.Errorf("seed %d: peak of %d sessions a second without jitter, %d with", seed, plain.Peak,
				spread.Peak)
		}
	}
}

// The broker's restart in place of the built-in outage: everybody is lost at once, and comes back.
func TestRestart(t *testing.T) {
	base, err := fleet.Restart(fleet.Base(), 2*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	r := fleet.Measure(play(t, base, 20, 0, true))
	if r.Lost != 20 || r.NotBack != 0 || r.Heal.Sub(r.Outage) != 2*time.Minute {
		t.Errorf("%d lost, %d not back, the broker away for %v", r.Lost, r.NotBack,
			r.Heal.Sub(r.Outage))
	}
	if _, err := fleet.Restart(parse(t, "client device\n"), time.Minute); err == nil {
		t.Error("a broker that is not there was restarted")
	}
}

// A run without segments tells the same story as one with them: what is recorded changes nothing.
func TestLeanTraceIsTheSameRun(t *testing.T) {
	tr := play(t, fleet.Base(), 10, 10*time.Second, true)
	for i := range tr.Events {
		if k := tr.Events[i].Kind; k == trace.Wrote || k == netmodel.SegmentSent {
			t.Fatalf("event %d is %v: no fleet has room for that", i+1, k)
		}
	}
	lean := fleet.Measure(tr)
	full := fleet.Measure(play(t, fleet.Base(), 10, 10*time.Second, false))
	if fmt.Sprint(lean) != fmt.Sprint(full) {
		t.Errorf("lean %+v\nfull %+v", lean, full)
	}
}

// The largest fleet is a scenario that can be run.
func TestMost(t *testing.T) {
	s, err := fleet.Scenario(fleet.Base(), fleet.Most, time.Minute)
	if err != nil || len(s.Statements) < 3*fleet.Most {
		t.Errorf("%v", err)
	}
}

// What cannot be a fleet is refused with a reason.
func TestBadFleets(t *testing.T) {
	own := parse(t, "broker hub\nclient device\nlink device hub\nat 10s cut device hub for 5s\n")
	for _, bad := range []struct {
		what string
		base *scenario.Scenario
		n    int
	}{{"none", fleet.Base(), 0}, {"too many", fleet.Base(), fleet.Most + 1}, {"own outage", own, 10}} {
		if _, err := fleet.Scenario(bad.base, bad.n, 0); err == nil {
			t.Errorf("%s: taken", bad.what)
		}
	}
}

// The cost of a client in a fleet, for an hour with an outage: it stays flat as the fleet grows.
// The curve up to 10,000 is measured by `cmd/dev check fleet`.
func BenchmarkClientHour(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				play(b, fleet.Base(), n, 0, true)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*n), "ms/client")
		})
	}
}
