package sim_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// A program that dials a closed port again and again.
func TestMisbehavingDialer(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		a, b := w.Host("a"), w.Host("b")
		w.Link(a, b, netmodel.Conditions{Latency: 10 * time.Millisecond})
		refused := 0
		for range 1000 {
			if _, err := a.DialContext(t.Context(), "tcp", "b:1"); errors.Is(err, syscall.ECONNREFUSED) {
				refused++
			}
			time.Sleep(time.Millisecond)
		}
		t.Logf("the world lasted: %v", refused < 500)
	}, sim.WithLimits(sim.Limits{Events: 2000}))
}

// The world of a test that outgrows its limits ends then and there, not when the test does.
func TestLimitsEndATestsWorld(t *testing.T) {
	out, failed := misbehave(t, "TestMisbehavingDialer", "-test.v")
	if !failed {
		t.Error("the test passes")
	}
	wantAll(t, out, "more than 2000 events", "look for a loop", "the world lasted: true")
}
