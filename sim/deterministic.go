package sim

import (
	"testing"

	"halfopen/sim/trace"
)

// Deterministic runs f's world n times with one seed and fails if two runs differ. It shows the
// first divergence with the events around it, and names the likely reason where there is one: two
// timers of one host that were due at one instant, for which the runtime chose the order.
//
// What your own code contributes to differences: map iteration, math/rand, select with several
// ready cases, client ids that a library makes up.
func Deterministic(t *testing.T, n int, f func(t *testing.T, w *World), opts ...TestOption) {
	t.Helper()
	c := newTestConfig(opts)
	seeds, err := c.seeds()
	if err != nil {
		t.Fatal(err)
	}
	var first *trace.Trace
	for i := range n {
		w := runTest(t, c, seeds[0], f)
		if t.Failed() {
			t.FailNow()
		}
		if first == nil {
			first = w.Trace()
			continue
		}
		d := trace.Diff(first, w.Trace())
		if d == nil {
			continue
		}
		t.Fatalf("run %d of %d with seed %d differs from the first:\n%s\n%s", i+1, n, seeds[0], d, advice)
	}
}

const advice = `Such a difference comes from your code: look for map iteration, math/rand, client
ids that a library makes up, and select. The runtime chooses, too, the order of
timers that are due together: give one of them a delay of its own.`
