package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/trace"
)

// stopped is a world whose test is stopped in the middle. It fails if the test goes on to its end.
func stopped(t *testing.T, w *sim.World) {
	hub := w.Broker("hub")
	phone := w.Client("phone", hub, sim.DefaultClient())
	radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
	if err := phone.Connect(); err != nil {
		t.Fatal(err)
	}
	phone.Subscribe("home/#", 0)
	time.Sleep(time.Minute)
	radio.Cut().For(2 * time.Minute)
	time.Sleep(10 * time.Minute)
}

func TestMisbehavingUntil(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		stopped(t, w)
		fmt.Println("the test went on to its end")
	})
}

// -sim.until stops at a step: what it prints is the run's ladder up to there, row by row, and why
// that step happened; the test does not go on.
func TestUntilStep(t *testing.T) {
	ownSeeds(t)
	var tr *trace.Trace
	sim.Test(t, func(t *testing.T, w *sim.World) {
		stopped(t, w)
		tr = w.Snapshot()
	})
	lost := trace.ID(0)
	for i := range tr.Events {
		if tr.Events[i].Kind == trace.ClientLost {
			lost = trace.ID(i + 1)
			break
		}
	}
	for _, n := range []trace.ID{1, 40, lost - 1, lost, lost + 1, trace.ID(len(tr.Events))} {
		out, failed := misbehave(t, "TestMisbehavingUntil", fmt.Sprintf("-sim.until=%d", n))
		want := sim.Steps(sim.TraceUntil(tr, n))
		if !strings.HasPrefix(out, want) || !failed || strings.Contains(out, "went on to its end") {
			t.Errorf("-sim.until=%d printed\n%s\nand not\n%s", n, out, want)
		}
		wantAll(t, out, fmt.Sprintf("TestMisbehavingUntil stops at step %d of seed 1.", n))
	}
	out, _ := misbehave(t, "TestMisbehavingUntil", fmt.Sprintf("-sim.until=%d", lost))
	wantAll(t, out, "\n  <- ", "passed without PINGRESP", "phone: at 1:", "client app: gave-up")
}

// It stops at an instant, too, and says so when the run is over before, or the value is no place.
func TestUntilInstant(t *testing.T) {
	ownSeeds(t)
	out, failed := misbehave(t, "TestMisbehavingUntil", "-sim.until=1m1s")
	if !failed || strings.Contains(out, "over: cut") {
		t.Errorf("it did not stop at 1m1s:\n%s", out)
	}
	wantAll(t, out, "cut phone hub", "TestMisbehavingUntil stops at step ")
	for value, want := range map[string]string{
		"2h":      "-sim.until=2h: the run ended before, at 11:00.",
		"1000000": "-sim.until=1000000: the run ended before; it has ",
		"soon":    "-sim.until=soon: neither the number of a step",
	} {
		out, failed := misbehave(t, "TestMisbehavingUntil", "-sim.until="+value)
		if !failed {
			t.Errorf("-sim.until=%s passes", value)
		}
		wantAll(t, out, want)
	}
}
